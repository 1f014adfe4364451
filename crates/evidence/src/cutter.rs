//! Which SIP messages of a capture belong to some calls, and with which RTP headers their media began.

use std::collections::{HashMap, HashSet};

use call::{CallRecord, Exchange, Listener, RtpHeader, Sent, Side, Step};
use link::{Batch, LinkType};
use memchr::memmem;
use sip::Message;
use types::{Endpoint, Ip, Moment, Nanos};

/// Messages kept at most.
pub const PACKETS_MAX: usize = 1_000_000;
/// RTP headers kept at most beside them: no message goes for want of the room that they take.
pub const HEADERS_MAX: usize = 500_000;
/// Bytes of these, with the frames they lay in, where nobody says less.
pub const BYTES_MAX: usize = 512 << 20;

/// Hops of a call that are told from others that have its Call-ID: no request passes more (RFC 3261 §8.1.1.6).
const HOPS_MAX: usize = 70;

/// A call whose packets are wanted. A Call-ID alone does not tell it: whoever writes SIP chooses it, and another call may have it too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The Call-IDs of its legs, the first leg first.
    pub legs: Vec<Box<[u8]>>,
    /// When its first message was sent.
    pub from: Nanos,
    /// Until when others may have been.
    pub until: Nanos,
    /// From where its first message was sent, and to where.
    pub ends: [Ip; 2],
}

/// Which leg of which call, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfCall {
    /// Which of the calls that are wanted.
    pub call: usize,
    /// Which of its legs.
    pub leg: usize,
}

/// A SIP message of one of the calls, or the header of a packet of its media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// When the frame was captured that brought the end of it.
    pub at: Nanos,
    /// Who sent it.
    pub source: Endpoint,
    /// To whom.
    pub destination: Endpoint,
    /// Whose it is.
    pub of: OfCall,
    /// What was sent; of media what is kept of it.
    pub bytes: Box<[u8]>,
    /// Of media: which side of the call sent it, and how long the packet was.
    pub media: Option<(Side, usize)>,
    /// The frame it lay in, where it lay whole in one that holds nothing else.
    pub frame: Option<(LinkType, Box<[u8]>)>,
}

/// Listens to a worker and keeps the messages of some calls.
#[derive(Debug)]
pub struct Cutter {
    calls: Vec<Wanted>,
    legs: HashMap<Box<[u8]>, Vec<OfCall>>,
    packets: Vec<Packet>,
    /// For each: the number of its frame, where that may hold it whole.
    places: Vec<Option<u64>>,
    bytes: usize,
    bytes_max: usize,
    headers: usize,
    headers_max: usize,
    refused: u64,
    frame: u64,
    /// Packets whose frames were looked for.
    looked: usize,
}

impl Cutter {
    /// A cutter for these calls.
    #[must_use]
    pub fn new(calls: Vec<Wanted>) -> Self {
        let mut legs: HashMap<_, Vec<_>> = HashMap::new();
        for (call, wanted) in calls.iter().enumerate() {
            for (leg, call_id) in wanted.legs.iter().enumerate() {
                legs.entry(call_id.clone()).or_default().push(OfCall { call, leg });
            }
        }
        Self {
            calls,
            legs,
            packets: Vec::new(),
            places: Vec::new(),
            bytes: 0,
            bytes_max: BYTES_MAX,
            headers: 0,
            headers_max: HEADERS_MAX,
            refused: 0,
            frame: 0,
            looked: 0,
        }
    }

    /// The same, which keeps at most so many bytes.
    #[must_use]
    pub fn within(self, bytes_max: usize) -> Self {
        Self { bytes_max: bytes_max.min(BYTES_MAX), ..self }
    }

    /// Keeps the frames of the messages that were told of `batch`, whose first frame is the one after so many others.
    pub fn after(&mut self, batch: &Batch<'_>, others: u64) {
        let packets = self.packets.iter_mut().zip(&self.places).skip(self.looked);
        for (packet, place) in packets {
            let index = place.and_then(|frame| frame.checked_sub(others + 1)).and_then(|at| usize::try_from(at).ok());
            let Some(head) = index.and_then(|index| batch.heads().get(index)) else { continue };
            let frame = batch.frame(head);
            let whole =
                memmem::find(frame.bytes, &packet.bytes).is_some() && frame.length as usize == frame.bytes.len();
            if whole && self.bytes + frame.bytes.len() <= self.bytes_max {
                self.bytes += frame.bytes.len();
                packet.frame = Some((frame.link, frame.bytes.into()));
            }
        }
        self.looked = self.packets.len();
    }

    /// Keeps a packet, which may lie whole in the frame of this number.
    fn keep(&mut self, packet: Packet, place: Option<u64>) {
        let is_full = match packet.media {
            Some(_) => self.headers >= self.headers_max,
            None => self.packets.len() - self.headers >= PACKETS_MAX,
        };
        if is_full || self.bytes + packet.bytes.len() > self.bytes_max {
            self.refused += 1;
            return;
        }
        self.headers += usize::from(packet.media.is_some());
        self.bytes += packet.bytes.len();
        self.places.push(place);
        self.packets.push(packet);
    }

    /// Messages and headers that there was no room for.
    #[must_use]
    pub const fn refused(&self) -> u64 {
        self.refused
    }

    /// The call that a packet belongs to which was sent at `at` between two ends: of several that have its Call-ID one that began
    /// between them, and of these the one that began last.
    fn call_at(&self, call_id: &[u8], at: Nanos, ends: [Ip; 2]) -> Option<OfCall> {
        let calls = self.legs.get(call_id)?.iter().filter_map(|of| Some((self.calls.get(of.call)?, of)));
        let then = calls.filter(|(wanted, _)| (wanted.from..=wanted.until).contains(&at));
        let shared = |wanted: &Wanted| ends.iter().filter(|end| wanted.ends.contains(end)).count();
        then.max_by_key(|(wanted, _)| (shared(wanted), wanted.from)).map(|(_, of)| *of)
    }

    /// What was kept, in the order of time, without what others sent under the Call-ID of a call while that was up.
    #[must_use]
    pub fn into_packets(mut self) -> Vec<Packet> {
        self.packets.sort_by_key(|packet| packet.at);
        let foreign = foreign(&self.calls, &self.packets);
        let mut index = 0;
        self.packets.retain(|_| {
            index += 1;
            !foreign.contains(&(index - 1))
        });
        self.packets
    }
}

/// Of packets in the order of time, those on the first leg of a call that its messages do not lead to: from hop to hop they share an
/// address, or a box that has several the tag of one side. Where later legs lead nobody has written down.
fn foreign(calls: &[Wanted], packets: &[Packet]) -> HashSet<usize> {
    let mut by_call: HashMap<usize, Placed<'_>> = HashMap::new();
    for (index, packet) in packets.iter().enumerate().filter(|(_, packet)| packet.of.leg == 0) {
        by_call.entry(packet.of.call).or_default().push((index, packet));
    }
    let mut foreign = HashSet::new();
    for (call, packets) in by_call {
        let Some(wanted) = calls.get(call) else { continue };
        let (media, messages): (Vec<_>, Vec<_>) = packets.into_iter().partition(|(_, packet)| packet.media.is_some());
        let (own, others) = apart(&wanted.ends, messages);
        if others.is_empty() {
            continue;
        }
        foreign.extend(others.into_iter().map(|(index, _)| index));
        // Where media goes stands in the messages that announce it.
        let announced = |end: Endpoint| {
            let address = end.ip.to_string();
            own.iter().any(|(_, message)| memmem::find(&message.bytes, address.as_bytes()).is_some())
        };
        let is_foreign = |packet: &Packet| !announced(packet.source) && !announced(packet.destination);
        foreign.extend(media.into_iter().filter(|(_, packet)| is_foreign(packet)).map(|(index, _)| index));
    }
    foreign
}

/// Packets by their places among all.
type Placed<'p> = Vec<(usize, &'p Packet)>;

/// Messages of a call, and those of others that have its Call-ID.
fn apart<'p>(ends: &[Ip; 2], messages: Placed<'p>) -> (Placed<'p>, Placed<'p>) {
    let mut addresses: HashSet<Ip> = ends.iter().copied().collect();
    let mut tags: HashSet<&[u8]> = HashSet::new();
    let (mut own, mut others) = (Vec::new(), messages);
    for _ in 0..HOPS_MAX {
        let before = others.len();
        let mut rest = Vec::new();
        for (index, packet) in others {
            let of = tags_of(&packet.bytes);
            let ends = [packet.source.ip, packet.destination.ip];
            if ends.iter().any(|end| addresses.contains(end)) || of.iter().flatten().any(|tag| tags.contains(tag)) {
                addresses.extend(ends);
                tags.extend(of.into_iter().flatten());
                own.push((index, packet));
            } else {
                rest.push((index, packet));
            }
        }
        others = rest;
        if others.is_empty() || others.len() == before {
            break;
        }
    }
    (own, others)
}

/// The tags of both sides.
fn tags_of(message: &[u8]) -> [Option<&[u8]>; 2] {
    let Ok(message) = Message::parse(message) else { return [None; 2] };
    [message.from().and_then(|from| from.tag()), message.to().and_then(|to| to.tag())]
}

impl Listener for Cutter {
    fn moment(&mut self, moment: Moment) {
        self.frame = moment.frame;
    }

    fn hears_steps(&self) -> bool {
        false
    }

    fn keeps_messages(&self) -> bool {
        true
    }

    fn sent(&mut self, sent: &Sent<'_>) {
        let &Sent { at, source, destination, call_id, bytes, alone } = sent;
        let Some(of) = self.call_at(call_id, at, [source.ip, destination.ip]) else { return };
        let packet = Packet { at, source, destination, of, bytes: bytes.into(), media: None, frame: None };
        self.keep(packet, Some(self.frame).filter(|_| alone));
    }

    fn header(&mut self, header: &RtpHeader<'_>) {
        let &RtpHeader { at, source, destination, call_id, from, bytes, length } = header;
        let Some(of) = self.call_at(call_id, at, [source.ip, destination.ip]) else { return };
        let media = Some((from, length));
        // Of a frame of media nothing else may be kept.
        self.keep(Packet { at, source, destination, of, bytes: bytes.into(), media, frame: None }, None);
    }

    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}

    fn exchange(&mut self, _: &Exchange<'_>) {}

    fn record(&mut self, _: &CallRecord<'_>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL_ID: &[u8] = b"a";

    fn end(host: u8) -> Endpoint {
        Endpoint::new(Ip::v4([192, 0, 2, host]), 5_060)
    }

    fn at(secs: u64) -> Nanos {
        Nanos::from_parts(secs, 0)
    }

    /// A call from 192.0.2.1 to 192.0.2.2 that was up for some time.
    fn wanted(from: u64, until: u64) -> Wanted {
        Wanted { legs: vec![CALL_ID.into()], from: at(from), until: at(until), ends: [end(1).ip, end(2).ip] }
    }

    fn send(cutter: &mut Cutter, secs: u64, (source, destination): (u8, u8), tag: &str) {
        let bytes =
            format!("BYE sip:b SIP/2.0\r\nCall-ID: a\r\nFrom: <sip:a>;tag={tag}\r\n\r\nc=IN IP4 192.0.2.{source}\r\n");
        let (source, destination) = (end(source), end(destination));
        let (call_id, bytes) = (CALL_ID, bytes.as_bytes());
        cutter.sent(&Sent { at: at(secs), source, destination, call_id, bytes, alone: false });
    }

    fn talk(cutter: &mut Cutter, secs: u64, (source, destination): (u8, u8)) {
        let (source, destination) = (end(source), end(destination));
        let header = RtpHeader {
            at: at(secs),
            source,
            destination,
            call_id: CALL_ID,
            from: Side::Callee,
            bytes: &[0x80; 12],
            length: 172,
        };
        cutter.header(&header);
    }

    /// When each packet was sent that is kept, and of which call it is.
    fn kept(cutter: Cutter) -> Vec<(u64, usize)> {
        cutter.into_packets().iter().map(|packet| (packet.at.get() / 1_000_000_000, packet.of.call)).collect()
    }

    /// A bundle of many calls holds all of their messages, however much media there is.
    #[test]
    fn headers_take_no_message_its_room() {
        let mut cutter = Cutter { headers_max: 2, ..Cutter::new(vec![wanted(0, 9)]) };
        for _ in 0..3 {
            talk(&mut cutter, 0, (1, 2));
            send(&mut cutter, 0, (1, 2), "x");
        }
        assert_eq!(cutter.refused(), 1);
        let media: Vec<_> = cutter.into_packets().iter().map(|packet| packet.media.is_some()).collect();
        assert_eq!(media, [true, false, true, false, false]);
    }

    #[test]
    fn whoever_has_the_call_id_at_another_time_is_another() {
        let mut cutter = Cutter::new(vec![wanted(10, 20), wanted(15, 40)]);
        for secs in [9, 10, 14, 15, 20, 21, 40, 41] {
            send(&mut cutter, secs, (1, 2), "x");
            talk(&mut cutter, secs, (1, 2));
        }
        let twice = |(secs, call)| [(secs, call); 2];
        assert_eq!(kept(cutter), [(10, 0), (14, 0), (15, 1), (20, 1), (21, 1), (40, 1)].map(twice).concat());
    }

    #[test]
    fn of_two_that_have_the_call_id_at_once_it_is_whose_ends_they_are() {
        let other = Wanted { ends: [end(7).ip, end(8).ip], ..wanted(15, 40) };
        let mut cutter = Cutter::new(vec![wanted(10, 50), other]);
        for (secs, ends) in [(10, (1, 2)), (15, (7, 8)), (16, (1, 2)), (20, (8, 7)), (21, (2, 1)), (50, (1, 2))] {
            send(&mut cutter, secs, ends, "x");
        }
        assert_eq!(kept(cutter), [(10, 0), (15, 1), (16, 0), (20, 1), (21, 0), (50, 0)]);
    }

    #[test]
    fn whoever_has_the_call_id_elsewhere_is_another() {
        let mut cutter = Cutter::new(vec![wanted(10, 20)]);
        let sent = [
            // The next hop is heard of first; a box of two addresses keeps the tag of the caller; then another such hop.
            (10, (2, 3), "x"),
            (11, (1, 2), "x"),
            (12, (4, 5), "x"),
            (13, (5, 6), "y"),
            // Somebody else.
            (14, (7, 8), "z"),
        ];
        for (secs, ends, tag) in sent {
            send(&mut cutter, secs, ends, tag);
            talk(&mut cutter, secs, ends);
        }
        let twice = |secs| [(secs, 0); 2];
        assert_eq!(kept(cutter), [10, 11, 12, 13].map(twice).concat());
    }
}

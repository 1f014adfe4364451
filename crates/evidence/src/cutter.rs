//! Which SIP messages of a capture belong to some calls, and with which RTP headers their media began.

use std::collections::HashSet;

use call::{CallRecord, Exchange, Listener, RtpHeader, Sent, Side, Step};
use link::{Batch, LinkType};
use memchr::memmem;
use types::{Endpoint, Moment, Nanos};

/// Messages kept at most.
pub const PACKETS_MAX: usize = 1_000_000;
/// RTP headers kept at most beside them: no message goes for want of the room that they take.
pub const HEADERS_MAX: usize = 500_000;
/// Bytes of these, with the frames they lay in, where nobody says less.
pub const BYTES_MAX: usize = 512 << 20;

/// A SIP message of one of the calls, or the header of a packet of its media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// When the frame was captured that brought the end of it.
    pub at: Nanos,
    /// Who sent it.
    pub source: Endpoint,
    /// To whom.
    pub destination: Endpoint,
    /// The Call-ID of its leg.
    pub call_id: Box<[u8]>,
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
    wanted: HashSet<Box<[u8]>>,
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
    /// A cutter for calls of these Call-IDs.
    #[must_use]
    pub fn new(wanted: impl IntoIterator<Item = Box<[u8]>>) -> Self {
        Self {
            wanted: wanted.into_iter().collect(),
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

    /// What was kept, in the order of time.
    #[must_use]
    pub fn into_packets(mut self) -> Vec<Packet> {
        self.packets.sort_by_key(|packet| packet.at);
        self.packets
    }
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
        if !self.wanted.contains(call_id) {
            return;
        }
        let (call_id, bytes) = (call_id.into(), bytes.into());
        let packet = Packet { at, source, destination, call_id, bytes, media: None, frame: None };
        self.keep(packet, Some(self.frame).filter(|_| alone));
    }

    fn header(&mut self, header: &RtpHeader<'_>) {
        let &RtpHeader { at, source, destination, call_id, from, bytes, length } = header;
        if !self.wanted.contains(call_id) {
            return;
        }
        let (call_id, bytes) = (call_id.into(), bytes.into());
        // Of a frame of media nothing else may be kept.
        self.keep(Packet { at, source, destination, call_id, bytes, media: Some((from, length)), frame: None }, None);
    }

    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}

    fn exchange(&mut self, _: &Exchange<'_>) {}

    fn record(&mut self, _: &CallRecord<'_>) {}
}

#[cfg(test)]
mod tests {
    use types::Ip;

    use super::*;

    /// A bundle of many calls holds all of their messages, however much media there is.
    #[test]
    fn headers_take_no_message_its_room() {
        let mut cutter = Cutter { headers_max: 2, ..Cutter::new([Box::from(&b"a"[..])]) };
        let end = Endpoint::new(Ip::v4([192, 0, 2, 1]), 5_060);
        let (at, source, destination, call_id) = (Nanos::ZERO, end, end, &b"a"[..]);
        for _ in 0..3 {
            let bytes = &[0x80; 12];
            cutter.header(&RtpHeader { at, source, destination, call_id, from: Side::Callee, bytes, length: 172 });
            cutter.sent(&Sent { at, source, destination, call_id, bytes: b"BYE", alone: false });
        }
        assert_eq!(cutter.refused(), 1);
        let media: Vec<_> = cutter.into_packets().iter().map(|packet| packet.media.is_some()).collect();
        assert_eq!(media, [true, false, true, false, false]);
    }
}

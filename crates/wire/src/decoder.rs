//! The walk from a frame's link layer to what it carries, header by header, and the state that goes with it.
//!
//! Each header names the next, so the walk is a loop with a bound and not a recursion: only a packet put together from
//! fragments is walked into anew, with what is left of the bound. Every frame ends as exactly one [`Outcome`].

use etherparse::{TcpHeaderSlice, UdpHeaderSlice};
use link::Frame;
use types::{Endpoint, Losses, Nanos, Transport};

use crate::copies::{Copies, Signature, datagram_signature, pair_of, signature};
use crate::fragments::{Fragment, Fragments, Key as FragmentKey, Reassembly, Whole};
use crate::ip::{self, Packet, Piece, protocol};
use crate::layers::{Encapsulation, Head, Kind, Step, Undecoded, Worn};
use crate::quick::Quick;
use crate::sctp::{self, Direction, Message, Pieces};
use crate::tally::Tally;
use crate::tcp::{Flags, Segment, Streams};
use crate::traffic::{Datagram, Taker};
use crate::tunnel::{self, TunnelPorts};
use crate::wholes::Wholes;
use crate::{FragmentTally, StreamTally, WireConfig, esp, ethernet, framing, gre, wlan};

/// Reads frames and hands what they carry to a [`Taker`]. One worker has one, and what it remembers is bounded by
/// [`WireConfig`].
pub struct Decoder {
    ports: TunnelPorts,
    seed: u64,
    copies: Copies,
    fragments: Fragments,
    wholes: Wholes,
    pieces: Pieces,
    streams: Streams,
    tally: Tally,
}

/// What the walk into one frame carries along.
struct Trail {
    at: Nanos,
    /// Bytes of the frame that the snaplen cut off. A header that promises more than is there, beyond these, lies.
    snapped: u32,
    worn: Worn,
    /// Of the innermost IP packet so far.
    head: Head,
}

impl Trail {
    /// Of the bytes that a header promises and the capture does not hold, those that the capture cut off.
    fn believe(&self, head: Head) -> Head {
        Head { missing: head.missing.min(self.snapped), ..head }
    }
}

/// What came of a frame.
enum Outcome {
    Datagram,
    Messages,
    Segment,
    Fragment,
    Copy,
    Nothing(Undecoded),
}

/// One header read.
enum Walk<'a> {
    Inwards(Kind, &'a [u8]),
    Over(Outcome),
}

impl<'a> From<Step<'a>> for Walk<'a> {
    fn from(step: Step<'a>) -> Self {
        match step {
            Ok((kind, bytes)) => Self::Inwards(kind, bytes),
            Err(why) => Self::Over(Outcome::Nothing(why)),
        }
    }
}

impl Decoder {
    /// A decoder that has seen nothing.
    #[must_use]
    pub fn new(config: &WireConfig) -> Self {
        Self {
            ports: TunnelPorts::new(config),
            seed: config.seed,
            copies: Copies::new(config.duplicates.then_some(config.duplicate_window)),
            fragments: Fragments::new(config),
            wholes: Wholes::default(),
            pieces: Pieces::new(config.seed),
            streams: Streams::new(config),
            tally: Tally::default(),
        }
    }

    /// Finishes what [`FastPath::quick`](crate::FastPath::quick) read: tells whether it is a copy, and counts it.
    #[inline(always)]
    pub fn quick_copy(&mut self, at: Nanos, quick: &Quick<'_>) -> bool {
        let duplicate = self.copies.seen(quick.signature(self.seed), at);
        self.tally.frames += 1;
        self.tally.datagrams += 1;
        self.tally.duplicates += u64::from(duplicate);
        self.tally.worn_quickly(quick.worn());
        duplicate
    }

    /// Remembers media that is known to be no copy, so that its copies are; it is for [`Decoder::count_plain`] to count.
    #[inline(always)]
    pub fn remember(&mut self, at: Nanos, Signature(signature): Signature) {
        self.copies.remember(signature, at);
    }

    /// Counts what frames wore that were [`Plain`](crate::Plain) within wraps, as many as wore the same.
    pub fn count_wraps(&mut self, worn: Worn, frames: u64) {
        self.tally.worn(worn, frames);
    }

    /// Counts frames that were [`Plain`](crate::Plain) and went by [`Decoder::remember`], so many of them tagged and otherwise bare.
    pub fn count_plain(&mut self, frames: u64, tagged: u64) {
        self.tally.frames += frames;
        self.tally.datagrams += frames;
        self.tally.tagged(tagged);
    }

    /// Reads a frame of any kind.
    pub fn decode(&mut self, frame: &Frame<'_>, taker: &mut impl Taker) {
        let captured = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        let mut trail = Trail {
            at: frame.at,
            snapped: frame.length.saturating_sub(captured),
            worn: Worn::default(),
            head: Head::default(),
        };
        let outcome = self.walk(&mut trail, Kind::Link(frame.link.0), frame.bytes, taker);
        self.tally.frames += 1;
        match outcome {
            Outcome::Datagram => self.tally.datagrams += 1,
            Outcome::Messages => self.tally.packets_of_messages += 1,
            Outcome::Segment => self.tally.segments += 1,
            Outcome::Fragment => self.tally.fragments += 1,
            Outcome::Copy => {
                self.tally.copies += 1;
                self.tally.duplicates += 1;
            }
            Outcome::Nothing(why) => {
                self.tally.nothing(why);
                if why == Undecoded::LinkType {
                    self.tally.unread_link_type.get_or_insert(frame.link.0);
                }
            }
        }
        let (v4, v6) = trail.worn.pieces();
        self.tally.fragments_v4 += u64::from(v4);
        self.tally.fragments_v6 += u64::from(v6);
        if !trail.worn.is_plain() {
            self.tally.worn(trail.worn, 1);
        }
    }

    /// Lets time pass: forgets old fragments, and stops waiting for lost bytes of streams.
    pub fn on_time(&mut self, now: Nanos, taker: &mut impl Taker) {
        self.fragments.on_time(now);
        self.streams.on_time(now, taker);
    }

    /// Ends the capture: hands out what streams still hold back, and gives up datagrams that are still in pieces.
    pub fn drain(&mut self, now: Nanos, taker: &mut impl Taker) {
        self.fragments.drain();
        self.streams.drain(now, taker);
    }

    /// What became of the frames.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What became of the fragments.
    #[must_use]
    pub const fn fragment_tally(&self) -> &FragmentTally {
        self.fragments.tally()
    }

    /// What became of the TCP segments.
    #[must_use]
    pub const fn stream_tally(&self) -> &StreamTally {
        self.streams.tally()
    }

    /// Walks inwards until something comes of the frame.
    fn walk(&mut self, trail: &mut Trail, mut kind: Kind, mut bytes: &[u8], taker: &mut impl Taker) -> Outcome {
        while trail.worn.deeper() {
            let walk = match kind {
                Kind::Inside(number) => self.inside(trail, number, bytes, taker),
                Kind::Ipv4 => self.packet(trail, ip::v4(bytes), taker),
                Kind::Ipv6 => self.packet(trail, ip::v6(bytes), taker),
                Kind::Ip => self.packet(trail, ip::either(bytes), taker),
                Kind::Link(link) => framing::frame(link, bytes, &mut trail.worn).into(),
                Kind::Ethernet => ethernet::frame(bytes).into(),
                Kind::EtherType(ether_type) => ethernet::payload(ether_type, bytes, &mut trail.worn).into(),
                Kind::Llc => ethernet::llc(bytes).into(),
                Kind::Ppp => ethernet::ppp(bytes, &mut trail.worn).into(),
                Kind::Mpls => ethernet::mpls(bytes, &mut trail.worn).into(),
                Kind::Gre => gre::header(bytes, &mut trail.worn).into(),
                Kind::Nsh => tunnel::nsh(bytes, &mut trail.worn).into(),
                Kind::Pseudowire => tunnel::pseudowire(bytes).into(),
                Kind::Wlan => {
                    trail.worn.wear(Encapsulation::Wlan);
                    wlan::frame(bytes, false).into()
                }
            };
            match walk {
                Walk::Inwards(next, rest) => (kind, bytes) = (next, rest),
                Walk::Over(outcome) => return outcome,
            }
        }
        Outcome::Nothing(Undecoded::TooDeep)
    }

    /// Goes on with an IP packet, or holds it back as a piece of one.
    fn packet<'a>(
        &mut self,
        trail: &mut Trail,
        packet: Result<Packet<'a>, Undecoded>,
        taker: &mut impl Taker,
    ) -> Walk<'a> {
        match packet {
            Ok(Packet { head, protocol, piece: None, payload }) => {
                trail.head = trail.believe(head);
                Walk::Inwards(Kind::Inside(protocol), payload)
            }
            Ok(Packet { head, protocol, piece: Some(piece), payload }) => {
                if !head.v6 {
                    trail.worn.piece(false);
                }
                trail.head = trail.believe(head);
                Walk::Over(self.piece(trail, protocol, piece, payload, taker))
            }
            Err(why) => Walk::Over(Outcome::Nothing(why)),
        }
    }

    /// Takes in a fragment, and walks into what it completes.
    fn piece(
        &mut self,
        trail: &mut Trail,
        protocol: u8,
        piece: Piece,
        payload: &[u8],
        taker: &mut impl Taker,
    ) -> Outcome {
        let head = trail.head;
        let facts = [u64::from(piece.id) << 32 | u64::from(piece.offset) << 1 | u64::from(piece.more), 0];
        let length = (payload.len() as u64) << 8 | u64::from(protocol);
        let fragment = Fragment {
            at: trail.at,
            source: head.source,
            destination: head.destination,
            id: piece.id,
            protocol,
            offset: piece.offset,
            more: piece.more,
            payload,
            cut: head.missing > 0,
        };
        let key = FragmentKey::of(&fragment);
        if self.is_copy(trail, head, facts, length, payload) {
            let whole = if self.fragments.on_copy(&fragment) { None } else { self.wholes.on_copy(key) };
            return whole.map_or(Outcome::Copy, |whole| self.whole(trail, key, whole, taker));
        }
        let reassembly = self.fragments.on_fragment(&fragment);
        match reassembly {
            Reassembly::Held | Reassembly::Refused => Outcome::Fragment,
            Reassembly::Whole(whole) => self.whole(trail, key, whole, taker),
        }
    }

    /// Walks into a datagram put together, and remembers it for its copies.
    fn whole(&mut self, trail: &mut Trail, key: FragmentKey, whole: Whole, taker: &mut impl Taker) -> Outcome {
        // By how much only what is inside may say.
        (trail.head.missing, trail.head.lacking) = if whole.cut { (1, u32::MAX) } else { (0, 0) };
        let outcome = self.walk(trail, Kind::Inside(whole.protocol), &whole.bytes, taker);
        if let Some(gone) = self.wholes.add(key, whole) {
            self.fragments.reuse(gone.bytes);
        }
        outcome
    }

    /// Goes on with what follows an IP header.
    fn inside<'a>(&mut self, trail: &mut Trail, number: u8, bytes: &'a [u8], taker: &mut impl Taker) -> Walk<'a> {
        let head = trail.head;
        match number {
            protocol::UDP => self.udp(trail, head, bytes, taker),
            protocol::TCP => Walk::Over(self.tcp(trail, head, bytes, taker).unwrap_or_else(Outcome::Nothing)),
            protocol::SCTP => Walk::Over(self.sctp(trail, head, bytes, taker).unwrap_or_else(Outcome::Nothing)),
            protocol::FRAGMENT if head.v6 => {
                trail.worn.piece(true);
                self.packet(trail, ip::fragment(head, bytes), taker)
            }
            protocol::HOP_BY_HOP
            | protocol::ROUTING
            | protocol::DESTINATION
            | protocol::MOBILITY
            | protocol::HIP
            | protocol::SHIM6
                if head.v6 =>
            {
                ip::extension(bytes).into()
            }
            protocol::AH => ip::authentication(bytes, &mut trail.worn).into(),
            protocol::ESP => esp::header(head.missing, bytes, &mut trail.worn).into(),
            protocol::IPV4 => {
                trail.worn.wear(if head.v6 { Encapsulation::V4InV6 } else { Encapsulation::V4InV4 });
                Walk::Inwards(Kind::Ipv4, bytes)
            }
            protocol::IPV6 => {
                trail.worn.wear(if head.v6 { Encapsulation::V6InV6 } else { Encapsulation::V6InV4 });
                Walk::Inwards(Kind::Ipv6, bytes)
            }
            protocol::GRE => Walk::Inwards(Kind::Gre, bytes),
            protocol::MPLS => Walk::Inwards(Kind::Mpls, bytes),
            protocol::ETHERNET => Walk::Inwards(Kind::Ethernet, bytes),
            protocol::L2TP => tunnel::l2tp_over_ip(bytes, &mut trail.worn).into(),
            protocol::ICMP | protocol::ICMPV6 => Walk::Over(Outcome::Nothing(Undecoded::Icmp)),
            protocol::IGMP => Walk::Over(Outcome::Nothing(Undecoded::Igmp)),
            _ => Walk::Over(Outcome::Nothing(Undecoded::Transport)),
        }
    }

    /// A UDP datagram: delivered, unless it holds a tunnel.
    fn udp<'a>(&mut self, trail: &mut Trail, head: Head, bytes: &'a [u8], taker: &mut impl Taker) -> Walk<'a> {
        let Ok(header) = UdpHeaderSlice::from_slice(bytes) else {
            return Walk::Over(Outcome::Nothing(Undecoded::CutHeader));
        };
        let rest = bytes.get(header.slice().len()..).unwrap_or_default();
        // A length of zero is a jumbogram's (RFC 2675 §4), and what segmentation offload leaves.
        let wanted = match header.length() {
            0 => rest.len(),
            length => match usize::from(length).checked_sub(8) {
                Some(wanted) => wanted,
                None => return Walk::Over(Outcome::Nothing(Undecoded::Malformed)),
            },
        };
        let payload = rest.get(..wanted).unwrap_or(rest);
        let missing = u32::try_from(wanted - payload.len()).unwrap_or(u32::MAX);
        let ports = (header.source_port(), header.destination_port());
        if let Some(step) = self.ports.inside(missing.min(trail.snapped), ports, payload, &mut trail.worn) {
            return step.into();
        }
        let addresses = (head.source, head.destination);
        let Some(signed) = bytes.first_chunk() else { return Walk::Over(Outcome::Nothing(Undecoded::CutHeader)) };
        let signature = datagram_signature(
            self.seed,
            pair_of(addresses),
            u64::from_le_bytes(*signed),
            head.id.swap_bytes(),
            payload,
        );
        let duplicate = self.copies.seen(signature, trail.at);
        self.tally.duplicates += u64::from(duplicate);
        taker.datagram(&Datagram {
            at: trail.at,
            source: Endpoint::new(head.source, ports.0),
            destination: Endpoint::new(head.destination, ports.1),
            payload,
            transport: Transport::Udp,
            missing: u16::try_from(missing.min(head.lacking)).unwrap_or(u16::MAX),
            in_esp: trail.worn.has(Encapsulation::Esp),
            duplicate,
        });
        Walk::Over(Outcome::Datagram)
    }

    /// A TCP segment, which the streams take in.
    fn tcp(&mut self, trail: &Trail, head: Head, bytes: &[u8], taker: &mut impl Taker) -> Result<Outcome, Undecoded> {
        use etherparse::err::tcp::HeaderSliceError as Refused;
        let header = TcpHeaderSlice::from_slice(bytes).map_err(|refused| match refused {
            Refused::Len(_) => Undecoded::CutHeader,
            Refused::Content(_) => Undecoded::Malformed,
        })?;
        let payload = bytes.get(header.slice().len()..).unwrap_or_default();
        let flags = header.slice().get(13).copied().unwrap_or_default();
        let facts = [
            u64::from(header.sequence_number()) << 32 | u64::from(header.acknowledgment_number()),
            u64::from(header.source_port()) << 48
                | u64::from(header.destination_port()) << 32
                | u64::from(header.checksum()) << 16
                | u64::from(head.id),
        ];
        let length = u64::from(header.window_size()) << 48 | u64::from(flags) << 40 | payload.len() as u64;
        if self.is_copy(trail, head, facts, length, payload) {
            return Ok(Outcome::Copy);
        }
        self.streams.on_segment(
            &Segment {
                at: trail.at,
                source: Endpoint::new(head.source, header.source_port()),
                destination: Endpoint::new(head.destination, header.destination_port()),
                sequence: header.sequence_number(),
                acknowledgement: header.acknowledgment_number(),
                flags: Flags(flags),
                payload,
                missing: head.missing,
                in_esp: trail.worn.has(Encapsulation::Esp),
            },
            taker,
        );
        Ok(Outcome::Segment)
    }

    /// An SCTP packet: its user messages are delivered, those whose last piece it has among them.
    fn sctp(&mut self, trail: &Trail, head: Head, bytes: &[u8], taker: &mut impl Taker) -> Result<Outcome, Undecoded> {
        let (header, chunks) = sctp::header(bytes)?;
        let facts = [u64::from(header.source) << 48 | u64::from(header.destination) << 32 | u64::from(header.tag), 0];
        let length = u64::from(header.checksum) << 32 | u64::from(head.id) << 16 | chunks.len() as u64 & 0xffff;
        if self.is_copy(trail, head, facts, length, chunks) {
            return Ok(Outcome::Copy);
        }
        let (source, destination) =
            (Endpoint::new(head.source, header.source), Endpoint::new(head.destination, header.destination));
        let mut deliver = |payload: &[u8], missing| {
            taker.datagram(&Datagram {
                at: trail.at,
                source,
                destination,
                payload,
                transport: Transport::Sctp,
                missing,
                in_esp: trail.worn.has(Encapsulation::Esp),
                duplicate: false,
            });
        };
        let mut delivered = 0;
        for message in sctp::messages(chunks) {
            // Pieces are counted until they are a message.
            self.tally.message_pieces += u64::from(!matches!(message, Message::Whole(..)));
            match message {
                Message::Whole(payload, missing) => deliver(payload, missing),
                Message::Piece(piece) => {
                    let direction = Direction { source, destination, tag: header.tag };
                    let Some(whole) = self.pieces.on_piece(direction, &piece) else { continue };
                    self.tally.message_pieces -= u64::from(whole.pieces);
                    deliver(&whole.bytes, 0);
                }
                Message::CutPiece => continue,
            }
            delivered += 1;
        }
        self.tally.messages += delivered;
        if delivered == 0 { Err(Undecoded::SctpControl) } else { Ok(Outcome::Messages) }
    }

    /// Whether a mirror port repeated this packet, which then goes no further.
    fn is_copy(&mut self, trail: &Trail, head: Head, facts: [u64; 2], length: u64, payload: &[u8]) -> bool {
        let signature = signature(self.seed, (head.source, head.destination), facts, length, payload);
        self.copies.seen(signature, trail.at)
    }
}

/// Everything this room lost: of frames, of fragments, of streams.
impl Losses for Decoder {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        self.tally.losses(each);
        self.fragments.tally().losses(each);
        self.streams.tally().losses(each);
    }
}

#[cfg(test)]
mod tests;

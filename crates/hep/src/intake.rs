//! From packets to frames: who may send, whose clock is believed, and the headers that a payload had.

use std::borrow::Cow;
use std::io::Read;
use std::time::Duration;

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use link::{Frames, LinkType};
use types::{Endpoint, Ip, Nanos};

use crate::packet::{Kind, Packet};
use crate::report;
use crate::tally::Tally;

/// Most bytes a compressed payload may become.
pub const INFLATED_BYTES_MAX: usize = 65_535;

/// The protocol number of UDP.
const UDP: u8 = 17;
/// Bytes of the headers a payload is put under.
const UDP_HEADER: usize = 8;
const IPV4_HEADER: usize = 20;

/// How packets are taken in.
#[derive(Clone, Debug)]
pub struct IntakeConfig {
    /// The key that senders must show (chunk 14); without it anybody may send.
    pub key: Option<Vec<u8>>,
    /// How far a sender's clock may be from ours. A packet further away carries the time of its arrival.
    pub skew_max: Duration,
}

impl Default for IntakeConfig {
    fn default() -> Self {
        Self { key: None, skew_max: Duration::from_secs(60) }
    }
}

/// Takes in HEP packets and gives frames.
///
/// Whatever carried it, a payload is put under UDP: a sender hands over whole messages, so there is nothing to reassemble, and
/// the `Via` of a message says what it travelled over. Such frames carry an identification of their own each, or two messages
/// that a sender repeats would look like the copies of a mirror port.
#[derive(Debug, Default)]
pub struct Intake {
    config: IntakeConfig,
    /// The identification of the last frame.
    last: u16,
    tally: Tally,
}

impl Intake {
    /// An intake that has seen nothing.
    #[must_use]
    pub fn new(config: IntakeConfig) -> Self {
        Self { config, ..Self::default() }
    }

    /// Takes in what arrived at `received`, and adds a frame where it holds one.
    pub fn take(&mut self, bytes: &[u8], received: Nanos, frames: &mut Frames) {
        self.tally.packets += 1;
        let Ok(packet) = Packet::parse(bytes) else {
            self.tally.malformed += 1;
            return;
        };
        if self.config.key.as_deref().is_some_and(|key| !is_same(key, packet.key.unwrap_or_default())) {
            self.tally.key_refused += 1;
            return;
        }
        match seen(&packet) {
            Ok(payload) => self.wrap(&packet, &payload, received, frames),
            Err(Unread::Log) => self.tally.logs += 1,
            Err(Unread::Other) => self.tally.others += 1,
            Err(Unread::Compressed) => self.tally.inflate_failed += 1,
            Err(Unread::Report) => self.tally.report_malformed += 1,
        }
    }

    /// Counts a packet that never became whole, or a connection that carries something else.
    pub const fn refuse(&mut self) {
        self.tally.packets += 1;
        self.tally.malformed += 1;
    }

    /// What was counted.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    fn wrap(&mut self, packet: &Packet<'_>, payload: &[u8], received: Nanos, frames: &mut Frames) {
        let skew = |at: Nanos| at.since(received).max(received.since(at));
        let at = match packet.at {
            Some(at) if skew(at) <= self.config.skew_max => at,
            Some(_) => {
                self.tally.skewed += 1;
                received
            }
            None => received,
        };
        // Lengths count themselves and what follows in 16 bits.
        let room = usize::from(u16::MAX) - UDP_HEADER - if packet.source.ip.is_v4() { IPV4_HEADER } else { 0 };
        let kept = payload.get(..room).unwrap_or(payload);
        self.tally.cut += u64::from(kept.len() < payload.len());
        self.last = self.last.wrapping_add(1).max(1);
        let id = self.last;
        let (source, destination) = (packet.source, packet.destination);
        frames.push_with(at, LinkType::RAW, |into| write(source, destination, id, kept, into));
        self.tally.frames += 1;
    }
}

/// Why no frame is made of a packet.
enum Unread {
    Log,
    /// Another protocol, or nothing at all.
    Other,
    Compressed,
    Report,
}

/// The payload as it was on the wire.
fn seen<'a>(packet: &Packet<'a>) -> Result<Cow<'a, [u8]>, Unread> {
    match packet.kind {
        Kind::Log => return Err(Unread::Log),
        Kind::Other(_) => return Err(Unread::Other),
        Kind::Sip | Kind::Rtp | Kind::Rtcp | Kind::Gateway => {}
    }
    let payload = if packet.compressed {
        inflate(packet.payload).ok_or(Unread::Compressed)?.into()
    } else {
        Cow::from(packet.payload)
    };
    match payload.first() {
        None => Err(Unread::Other),
        Some(b'{') if packet.kind == Kind::Rtcp => report::rtcp_of(&payload).map(Cow::from).ok_or(Unread::Report),
        Some(_) => Ok(payload),
    }
}

/// Appends IP and UDP headers and the payload behind them. IPv6 has no identification: there the checksum, which nobody checks,
/// is one.
fn write(source: Endpoint, destination: Endpoint, id: u16, payload: &[u8], into: &mut Vec<u8>) {
    let datagram = (UDP_HEADER + payload.len()) as u16;
    let v6 = |ip: Ip| {
        let [high, low] = ip.words();
        (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
    };
    let v4 = |ip: Ip| (ip.words()[1] as u32).to_be_bytes();
    let checksum = if source.ip.is_v4() {
        into.extend_from_slice(&[0x45, 0]);
        into.extend_from_slice(&(datagram + IPV4_HEADER as u16).to_be_bytes());
        into.extend_from_slice(&id.to_be_bytes());
        into.extend_from_slice(&[0x40, 0, 64, UDP, 0, 0]);
        into.extend_from_slice(&v4(source.ip));
        into.extend_from_slice(&v4(destination.ip));
        0
    } else {
        into.extend_from_slice(&[0x60, 0, 0, 0]);
        into.extend_from_slice(&datagram.to_be_bytes());
        into.extend_from_slice(&[UDP, 64]);
        into.extend_from_slice(&v6(source.ip));
        into.extend_from_slice(&v6(destination.ip));
        id
    };
    for word in [source.port, destination.port, datagram, checksum] {
        into.extend_from_slice(&word.to_be_bytes());
    }
    into.extend_from_slice(payload);
}

/// Whether two keys are the same, in a time that tells nothing of where they differ.
fn is_same(key: &[u8], shown: &[u8]) -> bool {
    key.len() == shown.len() && key.iter().zip(shown).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// Decompresses zlib or gzip; `None` where that fails, or gives too much.
fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let (most, mut inflated) = (INFLATED_BYTES_MAX as u64 + 1, Vec::new());
    let read = if bytes.starts_with(&[0x1f, 0x8b]) {
        MultiGzDecoder::new(bytes).take(most).read_to_end(&mut inflated)
    } else {
        ZlibDecoder::new(bytes).take(most).read_to_end(&mut inflated)
    };
    read.ok().filter(|_| inflated.len() <= INFLATED_BYTES_MAX).map(|_| inflated)
}

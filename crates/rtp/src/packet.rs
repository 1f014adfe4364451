//! RTP packets (RFC 3550 §5): the whole view, which `rtp-rs` checks, and the fixed header alone for the packet path,
//! where the whole check would cost 118 instructions more (`examples/packet_cost.rs`). A property test holds them equal.

use rtp_rs::{RtpReader, RtpReaderError};
use types::{Layer, Malformed, Why};

use crate::demux::{Kind, demux};
use crate::key::Clue;

/// Bytes of the fixed header (RFC 3550 §5.1).
pub(crate) const FIXED: usize = 12;

/// The first byte of nearly every packet, where the first eight are one number: version 2, no padding, no extension, no CSRC list.
pub(crate) const FIRST: u64 = 0x80 << 56;

/// What a stream's figures are made of: the fixed header of one packet and the size of its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Synchronisation source.
    pub ssrc: u32,
    /// Sampling instant of the first payload octet, in ticks of the payload type's clock.
    pub timestamp: u32,
    /// Sequence number.
    pub sequence: u16,
    /// Octets of payload: without header, CSRC list, extension and padding (RFC 3550 §6.4.1).
    pub payload_octets: u16,
    /// 0 to 127.
    pub payload_type: u8,
    /// The marker; in speech, the first packet after silence (RFC 3551 §4.1).
    pub marker: bool,
}

impl Header {
    /// The header of a datagram that [`demux`](crate::demux) sorts as RTP, in one look at its first bytes; `None` for any
    /// other. The capture cut off its last `missing` bytes.
    #[inline(always)]
    #[must_use]
    pub fn recognise(payload: &[u8], missing: u16) -> Option<Self> {
        let &[_, marker_type, ..] = payload.first_chunk::<FIXED>()?;
        // RFC 5761 §4: of version 2 only what has these types may be RTCP.
        if matches!(marker_type, 192..=223) && demux(payload) != Kind::Rtp {
            return None;
        }
        Self::read(payload, missing)
    }

    /// Reads the fixed header; `None` for fewer than twelve bytes and for any version but 2.
    ///
    /// Lenient: a packet whose CSRC list, extension or padding does not fit still has its header read, since under SRTP
    /// the padding count is encrypted; its payload is then what follows the twelve bytes. The last `missing` bytes, which
    /// the capture cut off, are payload.
    #[inline(always)]
    #[must_use]
    pub fn read(payload: &[u8], missing: u16) -> Option<Self> {
        let (fixed, rest) = payload.split_first_chunk::<FIXED>()?;
        let [flags, marker_type, s0, s1, t0, t1, t2, t3, c0, c1, c2, c3] = *fixed;
        // Padding, extension and CSRC count all zero: what nearly every packet of telephony looks like.
        let octets = match flags {
            0x80 => rest.len() + usize::from(missing),
            0x81..=0xbf => behind_options(payload, missing),
            _ => return None,
        };
        Some(Self {
            ssrc: u32::from_be_bytes([c0, c1, c2, c3]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            sequence: u16::from_be_bytes([s0, s1]),
            payload_octets: u16::try_from(octets).unwrap_or(u16::MAX),
            payload_type: marker_type & 0x7f,
            marker: marker_type & 0x80 != 0,
        })
    }

    /// The first eight bytes as one number, as if there were neither padding, extension nor CSRC list.
    pub(crate) const fn word(&self) -> u64 {
        let kind = self.payload_type | (self.marker as u8) << 7;
        FIRST | (kind as u64) << 48 | (self.sequence as u64) << 32 | self.timestamp as u64
    }
}

/// As much of an RTP packet over IPv4 and UDP as tells whether it is the one that its stream foresees: words as they lie in
/// the frame, of which nothing is checked.
#[derive(Clone, Copy, Debug)]
pub struct Glance {
    /// The IPv4 addresses, source first, in the order of their bytes.
    pub(crate) addresses: u64,
    /// Ports and SSRC.
    pub clue: Clue,
    /// The fixed header up to the timestamp.
    pub(crate) word: u64,
    /// What follows the fixed header.
    pub(crate) payload_octets: u16,
}

impl Glance {
    /// A glance at a datagram's addresses, its ports and the fixed header of a payload of `length` bytes in all, word by word.
    #[inline(always)]
    #[must_use]
    pub const fn new(addresses: [u8; 8], ports: [u8; 4], fixed: [[u8; 4]; 3], length: u16) -> Self {
        let [[f0, f1, f2, f3], [t0, t1, t2, t3], ssrc] = fixed;
        Self {
            addresses: u64::from_le_bytes(addresses),
            clue: Clue::new(ports, ssrc),
            word: u64::from_be_bytes([f0, f1, f2, f3, t0, t1, t2, t3]),
            payload_octets: length.wrapping_sub(FIXED as u16),
        }
    }
}

/// The same of one over IPv6.
#[derive(Clone, Copy, Debug)]
pub struct GlanceV6 {
    /// What a stream keeps in the same places as of one over IPv4 (see [`Name`](crate::key::Name)), the first byte of the packet turned
    /// so that it is foreseen over IPv6 alone.
    pub(crate) near: Glance,
    /// The other halves of the addresses.
    pub(crate) rest: [u64; 3],
}

impl GlanceV6 {
    /// A glance at a datagram's addresses, source first, its ports and the fixed header of a payload of `length` bytes in all.
    #[inline(always)]
    #[must_use]
    pub const fn new(addresses: [[u8; 8]; 4], ports: [u8; 4], fixed: [[u8; 4]; 3], length: u16) -> Self {
        let [s0, s1, d0, d1] = addresses;
        let near = Glance::new([0; 8], ports, fixed, length);
        Self {
            near: Glance { addresses: u64::from_be_bytes(s1), word: near.word ^ FIRST, ..near },
            rest: [u64::from_be_bytes(s0), u64::from_be_bytes(d0), u64::from_be_bytes(d1)],
        }
    }

    /// Ports and SSRC.
    #[inline(always)]
    #[must_use]
    pub const fn clue(&self) -> Clue {
        self.near.clue
    }
}

/// The payload of a packet whose header was read: what follows header, CSRC list and extension, without padding; what follows the
/// fixed header where these do not fit.
#[must_use]
pub fn payload(packet: &[u8]) -> &[u8] {
    let rest = packet.get(FIXED..).unwrap_or_default();
    if packet.first() == Some(&0x80) { rest } else { RtpReader::new(packet).map_or(rest, |reader| reader.payload()) }
}

/// The header of a packet: the fixed one, and the CSRC list where there is one; without the extension, which may tell how loud it is
/// (RFC 6464), and without a list that does not fit, which may be anything.
#[must_use]
pub fn header(packet: &[u8]) -> &[u8] {
    let sources = packet.first().map_or(0, |first| usize::from(first & 0xf));
    packet.get(..FIXED + 4 * sources).or_else(|| packet.get(..FIXED)).unwrap_or_default()
}

#[cold]
fn behind_options(packet: &[u8], missing: u16) -> usize {
    // How much of it is padding, the last byte says.
    let says_padding = packet.first().is_some_and(|flags| flags & 0x20 != 0);
    let octets = match RtpReader::new(packet) {
        _ if says_padding && missing > 0 => packet.len() - header(packet).len(),
        Ok(reader) => reader.payload().len(),
        Err(_) => packet.len().saturating_sub(FIXED),
    };
    octets + usize::from(missing)
}

/// A whole RTP packet, checked: header, CSRC list, extension and padding all lie within its bytes.
pub struct Packet<'a> {
    reader: RtpReader<'a>,
}

impl<'a> Packet<'a> {
    /// Checks a datagram's payload.
    ///
    /// # Errors
    /// [`Why::Version`] for any version but 2, [`Why::Short`] where the bytes end within the headers, [`Why::Length`]
    /// for padding of no or too many bytes.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let malformed = |at: usize, why| Malformed { layer: Layer::Rtp, at: count(at), why };
        let short = |needed: usize| malformed(0, Why::Short { needed: count(needed), had: count(bytes.len()) });
        match RtpReader::new(bytes) {
            Ok(reader) => Ok(Self { reader }),
            Err(RtpReaderError::BufferTooShort(_)) => Err(short(FIXED)),
            Err(RtpReaderError::UnsupportedVersion(_)) => Err(malformed(0, Why::Version)),
            Err(RtpReaderError::HeadersTruncated { header_len, .. }) => Err(short(header_len)),
            Err(RtpReaderError::PaddingLengthInvalid(_)) => Err(malformed(bytes.len().saturating_sub(1), Why::Length)),
        }
    }

    /// The fixed header.
    #[must_use]
    pub fn header(&self) -> Header {
        Header {
            ssrc: self.reader.ssrc(),
            timestamp: self.reader.timestamp(),
            sequence: self.reader.sequence_number().into(),
            payload_octets: u16::try_from(self.reader.payload().len()).unwrap_or(u16::MAX),
            payload_type: self.reader.payload_type(),
            marker: self.reader.mark(),
        }
    }

    /// Contributing sources, at most 15: who a mixer heard.
    pub fn csrc(&self) -> impl Iterator<Item = u32> + '_ {
        self.reader.csrc()
    }

    /// The header extension: its profile and its bytes.
    #[must_use]
    pub fn extension(&self) -> Option<(u16, &'a [u8])> {
        self.reader.extension()
    }

    /// What the codec made.
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        self.reader.payload()
    }

    /// Bytes of padding behind the payload, the count included.
    #[must_use]
    pub fn padding(&self) -> u8 {
        self.reader.padding().unwrap_or(0)
    }
}

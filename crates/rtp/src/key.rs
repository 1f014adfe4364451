//! What names a stream: who sends it, to whom, under which SSRC.

use types::{Endpoint, Ip};

/// A stream's name: source, destination and SSRC (RFC 3550 §3, as every tool of the field tells streams apart).
///
/// Forty bytes, so that the table compares five words; the ports lie beside the SSRC in one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamKey {
    source: Ip,
    destination: Ip,
    /// Source port, destination port, SSRC, from the high bits down.
    ports_and_ssrc: u64,
}

impl StreamKey {
    /// The stream `ssrc` from `source` to `destination`.
    #[must_use]
    pub const fn new(source: Endpoint, destination: Endpoint, ssrc: u32) -> Self {
        let ports_and_ssrc = (source.port as u64) << 48 | (destination.port as u64) << 32 | ssrc as u64;
        Self { source: source.ip, destination: destination.ip, ports_and_ssrc }
    }

    /// Where it is sent from.
    #[must_use]
    pub const fn source(&self) -> Endpoint {
        Endpoint::new(self.source, (self.ports_and_ssrc >> 48) as u16)
    }

    /// Where it is sent to.
    #[must_use]
    pub const fn destination(&self) -> Endpoint {
        Endpoint::new(self.destination, (self.ports_and_ssrc >> 32) as u16)
    }

    /// The synchronisation source, chosen at random by the sender (RFC 3550 §8).
    #[must_use]
    pub const fn ssrc(&self) -> u32 {
        self.ports_and_ssrc as u32
    }

    /// What of it is all but sure to differ from one stream to the next.
    #[must_use]
    pub(crate) const fn clue(&self) -> Clue {
        Clue(self.ports_and_ssrc.swap_bytes())
    }

    /// The five words that tell it apart: what tables hash.
    #[must_use]
    pub(crate) const fn words(&self) -> [u64; 5] {
        let ([a, b], [c, d]) = (self.source.words(), self.destination.words());
        [a, b, c, d, self.ports_and_ssrc]
    }
}

/// A key as the table holds it: over IPv4 two words tell it apart, in the order of the packet's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// Over IPv4 both addresses as they lie in the header, over IPv6 the low half of the source.
    pub addresses: u64,
    pub clue: Clue,
    /// Over IPv6 the other halves of the addresses.
    pub rest: [u64; 3],
}

/// The `rest` of a name over IPv4. Its last word is the low half of no address but 0.0.0.0 (see [`Ip`]), which shares no
/// packet with one of IPv6.
const V4: [u64; 3] = [0, 0, 0xffff << 32];

impl Name {
    pub const fn of(key: &StreamKey) -> Self {
        let ([s0, s1], [d0, d1]) = (key.source.words(), key.destination.words());
        let clue = key.clue();
        if key.source.is_v4() && key.destination.is_v4() {
            return Self { addresses: (s1 << 32 | d1 & 0xffff_ffff).swap_bytes(), clue, rest: V4 };
        }
        Self { addresses: s1, clue, rest: [s0, d0, d1] }
    }

    pub const fn is_v4(&self) -> bool {
        matches!(self.rest, V4)
    }

    pub const fn key(&self) -> StreamKey {
        let (source, destination) = if self.is_v4() {
            let [s0, s1, s2, s3, d0, d1, d2, d3] = self.addresses.to_le_bytes();
            (Ip::v4([s0, s1, s2, s3]), Ip::v4([d0, d1, d2, d3]))
        } else {
            let [s0, d0, d1] = self.rest;
            (ip_of(s0, self.addresses), ip_of(d0, d1))
        };
        StreamKey { source, destination, ports_and_ssrc: self.clue.0.swap_bytes() }
    }
}

const fn ip_of(high: u64, low: u64) -> Ip {
    Ip::v6(((high as u128) << 64 | low as u128).to_be_bytes())
}

/// The ports and the SSRC of a packet as they lie in it, by which its stream can be guessed before anything is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clue(u64);

impl Clue {
    /// Both ports, source first, and the SSRC.
    #[inline(always)]
    #[must_use]
    pub const fn new(ports: [u8; 4], ssrc: [u8; 4]) -> Self {
        Self(u32::from_le_bytes(ports) as u64 | (u32::from_le_bytes(ssrc) as u64) << 32)
    }

    /// Spread over 64 bits.
    #[inline(always)]
    pub(crate) const fn spread(self) -> u64 {
        // An odd number near 2^64 divided by the golden ratio; each half of the product lacks what the other has.
        let product = self.0 as u128 * 0x9e37_79b9_7f4a_7c15;
        product as u64 ^ (product >> 64) as u64
    }
}

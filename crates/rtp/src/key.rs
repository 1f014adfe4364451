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
        Clue(self.ports_and_ssrc)
    }

    /// The five words that tell it apart: what tables hash.
    #[must_use]
    pub(crate) const fn words(&self) -> [u64; 5] {
        let ([a, b], [c, d]) = (self.source.words(), self.destination.words());
        [a, b, c, d, self.ports_and_ssrc]
    }
}

/// The ports and the SSRC of a packet, by which its stream can be guessed before anything is checked.
#[derive(Clone, Copy, Debug)]
pub struct Clue(u64);

impl Clue {
    /// The clue in a UDP header and the fixed header behind it.
    #[inline(always)]
    #[must_use]
    pub const fn of(headers: &[u8; 20]) -> Self {
        let &[s0, s1, d0, d1, .., c0, c1, c2, c3] = headers;
        Self(u64::from_be_bytes([s0, s1, d0, d1, c0, c1, c2, c3]))
    }

    /// A number of 64 - `shift` bits.
    #[inline(always)]
    pub(crate) const fn slot(self, shift: u32) -> usize {
        // Fibonacci hashing: an odd number near 2^64 divided by the golden ratio spreads neighbours.
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_shr(shift) as usize
    }
}

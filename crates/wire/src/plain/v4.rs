//! A plain datagram in IPv4.

use link::LinkType;

use super::{TAGGED, before, begins_as_media};
use crate::copies::media_signature;
use crate::ethernet::ETHERTYPE_IPV4;
use crate::ip::protocol;
use crate::layers::Worn;

/// Words of four bytes, as the RFCs draw them: the IPv4 header without options, the UDP header, and the first sixteen bytes
/// of the payload.
const WORDS: usize = 5 + 2 + 4;

/// A datagram in IPv4 whose lengths agree, with sixteen bytes of payload at least that begin as RTP does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainV4<'a> {
    words: &'a [[u8; 4]; WORDS],
    /// Bytes of payload that were sent.
    length: u16,
    /// What it wore.
    worn: Worn,
}

impl<'a> PlainV4<'a> {
    /// The datagram in a frame; `None` says nothing about the frame.
    #[inline(always)]
    #[must_use]
    pub fn of(link: LinkType, bytes: &'a [u8]) -> Option<Self> {
        let start = bytes.first_chunk::<{ TAGGED + size_of::<[[u8; 4]; WORDS]>() }>()?;
        let before = before(start.first_chunk()?, ETHERTYPE_IPV4.to_be())?;
        if link != LinkType::ETHERNET {
            return None;
        }
        Self::begins(start.get(before..)?, Worn::one_tag(before == TAGGED))
    }

    /// The datagram at whose IPv4 header these bytes begin.
    #[inline(always)]
    pub(super) fn begins(bytes: &'a [u8], worn: Worn) -> Option<Self> {
        let words = bytes.as_chunks().0.first_chunk::<WORDS>()?;
        let [[version, _, l0, l1], [_, _, f0, f1], [_, next, ..], _, _, _, [u0, u1, ..], [first, ..], ..] = *words;
        // Of the fragment field only "don't fragment" and the reserved bit may be set.
        let whole = u16::from_be_bytes([f0, f1]) & 0x3fff == 0;
        if version != 0x45 || next != protocol::UDP || !whole {
            return None;
        }
        if !begins_as_media(first) {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        if length != usize::from(u16::from_be_bytes([u0, u1])) + 20 || length < size_of_val(words) {
            return None;
        }
        Some(Self { words, length: (length - 28) as u16, worn })
    }

    /// Both addresses, source first.
    #[inline(always)]
    #[must_use]
    pub const fn addresses(&self) -> [u8; 8] {
        let [_, _, _, [a0, a1, a2, a3], [b0, b1, b2, b3], ..] = *self.words;
        [a0, a1, a2, a3, b0, b1, b2, b3]
    }

    /// Both ports, source first.
    #[inline(always)]
    #[must_use]
    pub const fn ports(&self) -> [u8; 4] {
        let [_, _, _, _, _, ports, ..] = *self.words;
        ports
    }

    /// What the payload begins with.
    #[inline(always)]
    #[must_use]
    pub const fn first(&self) -> [[u8; 4]; 4] {
        let [.., first, second, third, fourth] = *self.words;
        [first, second, third, fourth]
    }

    /// Bytes of payload that were sent, whether or not they were captured.
    #[inline(always)]
    #[must_use]
    pub const fn length(&self) -> u16 {
        self.length
    }

    /// What it wore.
    #[inline(always)]
    #[must_use]
    pub const fn worn(&self) -> Worn {
        self.worn
    }

    /// The [`datagram_signature`](crate::copies::datagram_signature) of a datagram with media.
    #[inline(always)]
    pub(crate) fn signature(&self, seed: u64) -> u64 {
        let [_, [i0, i1, ..], _, _, _, [s0, s1, d0, d1], [u0, u1, c0, c1], ..] = *self.words;
        let [[p0, p1, p2, p3], [p4, p5, p6, p7], [q0, q1, q2, q3], [q4, q5, q6, q7]] = self.first();
        let udp = u64::from_le_bytes([s0, s1, d0, d1, u0, u1, c0, c1]);
        let first = [
            u64::from_le_bytes([p0, p1, p2, p3, p4, p5, p6, p7]),
            u64::from_le_bytes([q0, q1, q2, q3, q4, q5, q6, q7]),
        ];
        media_signature(seed, u64::from_le_bytes(self.addresses()), udp, u16::from_le_bytes([i0, i1]), first)
    }
}

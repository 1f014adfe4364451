//! A plain datagram in IPv6.

use link::LinkType;
use types::Ip;

use super::{TAGGED, before, begins_as_media};
use crate::copies::{media_signature, pair_of};
use crate::ethernet::ETHERTYPE_IPV6;
use crate::ip::protocol;
use crate::layers::Worn;

/// The IPv6 header, the UDP header, and the first sixteen bytes of the payload, in words of eight bytes.
const WORDS: usize = 5 + 1 + 2;

/// A datagram that an IPv6 header announces at once, whose lengths agree, with sixteen bytes of payload at least that begin as RTP
/// does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainV6<'a> {
    words: &'a [[u8; 8]; WORDS],
    /// Bytes of payload that were sent.
    length: u16,
    /// What it wore.
    worn: Worn,
}

impl<'a> PlainV6<'a> {
    /// The datagram in a frame; `None` says nothing about the frame.
    #[inline(always)]
    #[must_use]
    pub fn of(link: LinkType, bytes: &'a [u8]) -> Option<Self> {
        let start = bytes.first_chunk::<{ TAGGED + size_of::<[[u8; 8]; WORDS]>() }>()?;
        let before = before(start.first_chunk()?, ETHERTYPE_IPV6.to_be())?;
        if link != LinkType::ETHERNET {
            return None;
        }
        Self::begins(start.get(before..)?, Worn::one_tag(before == TAGGED))
    }

    /// The datagram at whose IPv6 header these bytes begin.
    #[inline(always)]
    pub(super) fn begins(bytes: &'a [u8], worn: Worn) -> Option<Self> {
        let words = bytes.as_chunks().0.first_chunk::<WORDS>()?;
        let [[version, _, _, _, l0, l1, next, _], _, _, _, _, [_, _, _, _, u0, u1, ..], [first, ..], ..] = *words;
        if version >> 4 != 6 || next != protocol::UDP || !begins_as_media(first) {
            return None;
        }
        let length = u16::from_be_bytes([l0, l1]);
        if length != u16::from_be_bytes([u0, u1]) || usize::from(length) < 8 + 16 {
            return None;
        }
        Some(Self { words, length: length - 8, worn })
    }

    /// Both addresses, source first, in halves.
    #[inline(always)]
    #[must_use]
    pub const fn addresses(&self) -> [[u8; 8]; 4] {
        let [_, s0, s1, d0, d1, ..] = *self.words;
        [s0, s1, d0, d1]
    }

    /// Both ports, source first.
    #[inline(always)]
    #[must_use]
    pub const fn ports(&self) -> [u8; 4] {
        let [_, _, _, _, _, [s0, s1, d0, d1, ..], ..] = *self.words;
        [s0, s1, d0, d1]
    }

    /// What the payload begins with.
    #[inline(always)]
    #[must_use]
    pub const fn first(&self) -> [[u8; 4]; 4] {
        let [.., [p0, p1, p2, p3, p4, p5, p6, p7], [q0, q1, q2, q3, q4, q5, q6, q7]] = *self.words;
        [[p0, p1, p2, p3], [p4, p5, p6, p7], [q0, q1, q2, q3], [q4, q5, q6, q7]]
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
        let [_, s0, s1, d0, d1, udp, p, q] = *self.words;
        let address = |high, low| Ip::v6(*[high, low].as_flattened().first_chunk().unwrap_or(&[0; 16]));
        let pair = pair_of((address(s0, s1), address(d0, d1)));
        media_signature(seed, pair, u64::from_le_bytes(udp), 0, [u64::from_le_bytes(p), u64::from_le_bytes(q)])
    }
}

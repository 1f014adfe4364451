//! What nearly every frame of a voice link is, known by a handful of comparisons: a datagram in IPv4 without options, or in IPv6
//! without extension headers, in Ethernet with one tag or none. What is the same within a tunnel is one too, once it is unwrapped.
//!
//! Whoever knows the stream that such a datagram goes on needs no more of it than these few words. For everybody else there
//! is [`FastPath`](crate::FastPath), which also asks whether a tunnel runs on its ports; what is a [`Plain`] here, it reads
//! alike.

mod v4;
mod v6;

pub use v4::PlainV4;
pub use v6::PlainV6;

use link::LinkType;

use crate::ethernet::ETHERTYPE_VLAN;
use crate::layers::Worn;
use crate::wraps::Unwrapped;

/// Bytes of Ethernet before an IP header, and with one tag.
const UNTAGGED: usize = 14;
const TAGGED: usize = UNTAGGED + 4;

/// The tag's EtherType as it lies in the frame.
const VLAN: u16 = ETHERTYPE_VLAN.to_be();

/// A datagram whose lengths agree, with sixteen bytes of payload at least that begin as RTP does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain<'a> {
    /// In IPv4.
    V4(PlainV4<'a>),
    /// In IPv6.
    V6(PlainV6<'a>),
}

impl<'a> Plain<'a> {
    /// The datagram in a frame; `None` says nothing about the frame.
    #[inline(always)]
    #[must_use]
    pub fn of(link: LinkType, bytes: &'a [u8]) -> Option<Self> {
        PlainV4::of(link, bytes).map(Self::V4).or_else(|| PlainV6::of(link, bytes).map(Self::V6))
    }

    /// The datagram in a packet that was unwrapped.
    pub(crate) fn within(&Unwrapped { packet, v6, worn }: &Unwrapped<'a>) -> Option<Self> {
        if v6 { PlainV6::begins(packet, worn).map(Self::V6) } else { PlainV4::begins(packet, worn).map(Self::V4) }
    }

    /// What it wore.
    #[inline(always)]
    #[must_use]
    pub const fn worn(&self) -> Worn {
        match self {
            Self::V4(plain) => plain.worn(),
            Self::V6(plain) => plain.worn(),
        }
    }

    /// The [`datagram_signature`](crate::copies::datagram_signature) of a datagram with media.
    #[inline(always)]
    pub(crate) fn signature(&self, seed: u64) -> u64 {
        match self {
            Self::V4(plain) => plain.signature(seed),
            Self::V6(plain) => plain.signature(seed),
        }
    }
}

/// Whether a payload begins as RTP does (RFC 3550 §5.1: version 2). Text has no stream that could foresee it.
#[inline(always)]
const fn begins_as_media(first: u8) -> bool {
    first >> 6 == 2
}

/// Where the IP header of a frame begins that this EtherType announces, as it lies in the frame.
#[inline(always)]
fn before(start: &[u8; TAGGED], ether_type: u16) -> Option<usize> {
    let &[.., e0, e1, _, _, t0, t1] = start;
    match (u16::from_ne_bytes([e0, e1]), u16::from_ne_bytes([t0, t1])) {
        (announced, _) if announced == ether_type => Some(UNTAGGED),
        (VLAN, announced) if announced == ether_type => Some(TAGGED),
        _ => None,
    }
}

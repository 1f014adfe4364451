//! The fast path: a datagram in IPv4 or IPv6 in plain or tagged Ethernet, read by hand.
//!
//! Nearly every frame of a voice link is that, perhaps within a tunnel, and a general parser takes as long over it as all
//! the rest of the job. Whatever is not exactly that - options, extension headers, fragments, lengths that disagree - is
//! left to the [`Decoder`](crate::Decoder), which would read these frames to the same end; property tests hold the two,
//! and `etherparse`, equal.

use link::LinkType;
use types::{Endpoint, Ip, Nanos, Transport};

use crate::copies::{Signature, datagram_signature, pair_of};
use crate::ethernet::{ETHERTYPE_DOT1AD, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_QINQ, ETHERTYPE_VLAN};
use crate::ip::protocol;
use crate::layers::{Encapsulation, Worn};
use crate::plain::{Plain, PlainV4};
use crate::tunnel::TunnelPorts;
use crate::wraps::{Unwrapped, unwrapped};
use crate::{Datagram, WireConfig};

/// Most tags the fast path steps over.
const TAGS_MAX: usize = 2;

/// Reads plain datagrams. It keeps nothing between frames, so a batch can be read ahead of the frame-by-frame work, and on
/// another thread.
#[derive(Clone, Copy, Debug)]
pub struct FastPath {
    ports: TunnelPorts,
    seed: u64,
}

/// A datagram as the fast path found it: headers that it checked, where they lie in the frame, for
/// [`Decoder::quick_copy`](crate::Decoder::quick_copy) to finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quick<'a> {
    headers: Headers<'a>,
    payload: &'a [u8],
    worn: Worn,
}

/// The headers of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Headers<'a> {
    /// IPv4 without options, and UDP.
    V4(&'a [u8; 28]),
    /// What is wanted of IPv6, and UDP.
    V6 { source: &'a [u8; 16], destination: &'a [u8; 16], udp: &'a [u8; 8] },
}

impl<'a> Quick<'a> {
    /// Who sent it, and where it goes.
    #[inline(always)]
    #[must_use]
    pub fn endpoints(&self) -> (Endpoint, Endpoint) {
        let port = u16::from_be_bytes;
        match self.headers {
            Headers::V4(&[.., a0, a1, a2, a3, b0, b1, b2, b3, s0, s1, d0, d1, _, _, _, _]) => (
                Endpoint::new(Ip::v4([a0, a1, a2, a3]), port([s0, s1])),
                Endpoint::new(Ip::v4([b0, b1, b2, b3]), port([d0, d1])),
            ),
            Headers::V6 { source, destination, udp: &[s0, s1, d0, d1, ..] } => {
                (Endpoint::new(Ip::v6(*source), port([s0, s1])), Endpoint::new(Ip::v6(*destination), port([d0, d1])))
            }
        }
    }

    /// What it carries, as far as it was captured.
    #[inline(always)]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// By how many bytes the payload is shorter than its header says.
    #[inline(always)]
    #[must_use]
    pub const fn missing(&self) -> u16 {
        let (Headers::V4(&[.., high, low, _, _]) | Headers::V6 { udp: &[.., high, low, _, _], .. }) = self.headers;
        u16::from_be_bytes([high, low]) - 8 - self.payload.len() as u16
    }

    /// It as a datagram.
    #[inline]
    #[must_use]
    pub fn datagram(&self, at: Nanos, duplicate: bool) -> Datagram<'a> {
        let (source, destination) = self.endpoints();
        let (payload, missing) = (self.payload, self.missing());
        Datagram { at, source, destination, payload, transport: Transport::Udp, missing, in_esp: false, duplicate }
    }

    /// What it wore.
    #[inline(always)]
    #[must_use]
    pub const fn worn(&self) -> Worn {
        self.worn
    }

    /// Whether it is in IPv6.
    #[inline(always)]
    #[must_use]
    pub const fn is_v6(&self) -> bool {
        matches!(self.headers, Headers::V6 { .. })
    }

    /// What a copy of it would have in common with it, from the bytes as they lie.
    #[inline(always)]
    pub(crate) fn signature(&self, seed: u64) -> u64 {
        let (pair, udp, id) = match self.headers {
            Headers::V4(bytes) => {
                let &[_, _, _, _, i0, i1, ..] = bytes;
                // Taken as words: byte by byte they would be put together from sixteen.
                let (_, [.., pair, udp]) = bytes.as_rchunks() else { return 0 };
                (u64::from_le_bytes(*pair), u64::from_le_bytes(*udp), u16::from_le_bytes([i0, i1]))
            }
            Headers::V6 { source, destination, udp } => {
                (pair_of((Ip::v6(*source), Ip::v6(*destination))), u64::from_le_bytes(*udp), 0)
            }
        };
        datagram_signature(seed, pair, udp, id, self.payload)
    }
}

impl FastPath {
    /// The fast path for a tap.
    #[must_use]
    pub fn new(config: &WireConfig) -> Self {
        Self { ports: TunnelPorts::new(config), seed: config.seed }
    }

    /// What media in IPv4 will be remembered by ([`Decoder::remember`](crate::Decoder::remember)).
    #[inline(always)]
    #[must_use]
    pub fn sign_v4(&self, plain: &PlainV4<'_>) -> Signature {
        Signature(plain.signature(self.seed))
    }

    /// What media in either will be remembered by.
    #[inline(always)]
    #[must_use]
    pub fn sign(&self, plain: &Plain<'_>) -> Signature {
        Signature(plain.signature(self.seed))
    }

    /// What is [`Plain`] within the wraps of a frame that is not; `None` says nothing about the frame.
    #[inline(never)] // So that what has none has the registers to itself.
    #[must_use]
    pub fn plain_within<'a>(&self, link: LinkType, bytes: &'a [u8]) -> Option<Plain<'a>> {
        self.within(link, bytes).and_then(|unwrapped| Plain::within(&unwrapped))
    }

    /// What is [`quick`](Self::quick) within the wraps of a frame that is not; `None` leaves the frame to the decoder.
    #[inline(never)]
    #[must_use]
    pub fn quick_within<'a>(&self, link: LinkType, bytes: &'a [u8]) -> Option<Quick<'a>> {
        let Unwrapped { packet, v6, worn } = self.within(link, bytes)?;
        if v6 { self.v6(packet, worn) } else { self.v4(packet, worn) }
    }

    #[inline(always)]
    fn within<'a>(&self, link: LinkType, bytes: &'a [u8]) -> Option<Unwrapped<'a>> {
        if self.may_be_wrapped(link, bytes) { unwrapped(&self.ports, bytes) } else { None }
    }

    /// Whether a frame may wear a tunnel, as far as is seen at a look: not TCP, not a datagram on ports that hide none, and what is not
    /// Ethernet neither.
    #[inline(always)]
    fn may_be_wrapped(&self, link: LinkType, bytes: &[u8]) -> bool {
        let Some(&[.., e0, e1, p0, _, _, _, _, _, p6, _, _, p9]) = bytes.first_chunk::<24>() else { return false };
        let (next, ports) = match (u16::from_be_bytes([e0, e1]), p0) {
            (ETHERTYPE_IPV4, 0x45) => (p9, 34),
            (ETHERTYPE_IPV6, _) => (p6, 54),
            _ => return link == LinkType::ETHERNET,
        };
        let is_tunnel = match next {
            protocol::TCP => false,
            protocol::UDP => self.hides_tunnel(bytes, ports),
            _ => true,
        };
        is_tunnel && link == LinkType::ETHERNET
    }

    /// Whether a tunnel may run on the ports that lie at `at`.
    #[inline(always)]
    fn hides_tunnel(&self, bytes: &[u8], at: usize) -> bool {
        let ports = bytes.get(at..).and_then(|rest| rest.first_chunk());
        ports.is_some_and(|&[s0, s1, d0, d1]| {
            self.ports.suspect((u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1])))
        })
    }

    /// The datagram in a frame that wears two tags at most; `None` says nothing about the frame but that it is not as plain.
    #[inline(always)] // What it finds, its caller has in registers.
    #[must_use]
    pub fn quick<'a>(&self, link: LinkType, bytes: &'a [u8]) -> Option<Quick<'a>> {
        let (ether_type, packet, worn) = if link == LinkType::ETHERNET {
            ethernet(bytes)?
        } else {
            let (before, ether_type, length) = other(link, bytes)?;
            let mut worn = Worn::default();
            worn.wear(before);
            (ether_type, bytes.get(usize::from(length)..)?, worn)
        };
        match ether_type {
            ETHERTYPE_IPV4 => self.v4(packet, worn),
            ETHERTYPE_IPV6 => self.v6(packet, worn),
            _ => None,
        }
    }

    /// An IPv4 header without options, unfragmented, and UDP. Both headers are taken at once: one check of the length.
    #[inline(always)]
    fn v4<'a>(&self, bytes: &'a [u8], worn: Worn) -> Option<Quick<'a>> {
        let (headers, rest) = bytes.split_first_chunk::<28>()?;
        let &[version, _, t0, t1, _, _, f0, f1, _, next, _, _, _, _, _, _, _, _, _, _, udp @ ..] = headers;
        // Of the fragment field only "don't fragment" and the reserved bit may be set.
        if version != 0x45 || next != protocol::UDP || u16::from_be_bytes([f0, f1]) & 0x3fff != 0 {
            return None;
        }
        let payload = self.udp(usize::from(u16::from_be_bytes([t0, t1])), 20, &udp, rest)?;
        Some(Quick { headers: Headers::V4(headers), payload, worn })
    }

    /// An IPv6 header that UDP follows at once.
    #[inline(always)]
    fn v6<'a>(&self, bytes: &'a [u8], worn: Worn) -> Option<Quick<'a>> {
        let (&[version, _, _, _, l0, l1, next, _], rest) = bytes.split_first_chunk::<8>()?;
        if version >> 4 != 6 || next != protocol::UDP {
            return None;
        }
        let (source, rest) = rest.split_first_chunk::<16>()?;
        let (destination, rest) = rest.split_first_chunk::<16>()?;
        let (udp, rest) = rest.split_first_chunk::<8>()?;
        let payload = self.udp(usize::from(u16::from_be_bytes([l0, l1])), 0, udp, rest)?;
        Some(Quick { headers: Headers::V6 { source, destination, udp }, payload, worn })
    }

    /// The payload after a UDP header whose length fits the `promised` bytes, `before` of which are the IP header's.
    #[inline(always)]
    fn udp<'a>(&self, promised: usize, before: usize, header: &[u8; 8], rest: &'a [u8]) -> Option<&'a [u8]> {
        let &[s0, s1, d0, d1, l0, l1, _, _] = header;
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        let ports = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]));
        if length + before > promised || (self.ports.suspect(ports) && self.ports.named(ports)) {
            return None;
        }
        Some(rest.get(..length.checked_sub(8)?).unwrap_or(rest))
    }
}

/// The EtherType of an Ethernet frame, what follows it, and the tags stepped over.
#[inline(always)]
fn ethernet(bytes: &[u8]) -> Option<(u16, &[u8], Worn)> {
    let (&[.., high, low], rest) = bytes.split_first_chunk::<14>()?;
    match u16::from_be_bytes([high, low]) {
        ETHERTYPE_IPV4 => Some((ETHERTYPE_IPV4, rest, Worn::default())),
        ether_type => tagged(ether_type, rest),
    }
}

/// Steps over at most two tags.
#[inline(always)]
fn tagged(mut ether_type: u16, mut rest: &[u8]) -> Option<(u16, &[u8], Worn)> {
    let mut worn = Worn::default();
    for _ in 0..TAGS_MAX {
        match ether_type {
            ETHERTYPE_VLAN | ETHERTYPE_QINQ => worn.tag(),
            ETHERTYPE_DOT1AD => worn.wear(Encapsulation::Dot1ad),
            _ => break,
        }
        let (&[_, _, high, low], inner) = rest.split_first_chunk::<4>()?;
        (ether_type, rest) = (u16::from_be_bytes([high, low]), inner);
    }
    Some((ether_type, rest, worn))
}

/// The link layers that cost no more than a look, raw IP and Linux cooked captures of Ethernet and loopback: which it
/// is, the EtherType, and the bytes before the packet. So little, that it comes back in a register.
#[inline(never)]
fn other(link: LinkType, bytes: &[u8]) -> Option<(Encapsulation, u16, u8)> {
    const ARPHRD_ETHER: u16 = 1;
    const ARPHRD_LOOPBACK: u16 = 772;
    let (hardware, ether_type, length) = match link {
        LinkType::RAW => {
            let ether_type = if bytes.first()? >> 4 == 4 { ETHERTYPE_IPV4 } else { ETHERTYPE_IPV6 };
            return Some((Encapsulation::RawIp, ether_type, 0));
        }
        LinkType::LINUX_SLL => {
            let &[_, _, h0, h1, _, _, _, _, _, _, _, _, _, _, p0, p1] = bytes.first_chunk()?;
            (u16::from_be_bytes([h0, h1]), u16::from_be_bytes([p0, p1]), 16)
        }
        LinkType::LINUX_SLL2 => {
            let &[p0, p1, _, _, _, _, _, _, h0, h1, ..] = bytes.first_chunk::<20>()?;
            (u16::from_be_bytes([h0, h1]), u16::from_be_bytes([p0, p1]), 20)
        }
        _ => return None,
    };
    matches!(hardware, ARPHRD_ETHER | ARPHRD_LOOPBACK).then_some((Encapsulation::LinuxSll, ether_type, length))
}

#[cfg(test)]
mod tests;

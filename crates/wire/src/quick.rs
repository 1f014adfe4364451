//! The fast path: a datagram in IPv4 or IPv6 in plain or tagged Ethernet, read by hand.
//!
//! Nearly every frame of a voice link is that, and a general parser takes as long over it as all the rest of the job.
//! Whatever is not exactly that - options, extension headers, fragments, lengths that disagree, a port on which tunnels
//! run - is left to the [`Decoder`](crate::Decoder), which would read these frames to the same end; property tests hold
//! the two, and `etherparse`, equal.

use link::LinkType;
use types::{Endpoint, Ip};

use crate::WireConfig;
use crate::copies::signature;
use crate::ethernet::{ETHERTYPE_DOT1AD, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_QINQ, ETHERTYPE_VLAN};
use crate::ip::protocol;
use crate::layers::{Encapsulation, Worn};
use crate::tunnel::TunnelPorts;

/// Most tags the fast path steps over.
const TAGS_MAX: usize = 2;

/// Reads plain datagrams. It keeps nothing between frames, so a batch can be read ahead of the frame-by-frame work.
#[derive(Clone, Copy, Debug)]
pub struct FastPath {
    ports: TunnelPorts,
    seed: u64,
}

/// A datagram as the fast path read it, for [`Decoder::quick_datagram`](crate::Decoder::quick_datagram) to finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quick<'a> {
    /// Who sent it.
    pub source: Endpoint,
    /// Where it goes.
    pub destination: Endpoint,
    /// What it carries, as far as it was captured.
    pub payload: &'a [u8],
    /// The payload is shorter than its header says.
    pub cut: bool,
    /// What a copy of it would have in common with it.
    pub(crate) signature: u64,
    pub(crate) worn: Worn,
}

impl FastPath {
    /// The fast path for a tap.
    #[must_use]
    pub fn new(config: &WireConfig) -> Self {
        Self { ports: TunnelPorts::new(config), seed: config.seed }
    }

    /// The datagram in a frame; `None` says nothing about the frame but that the decoder should read it.
    #[inline]
    #[must_use]
    pub fn quick<'a>(&self, link: LinkType, bytes: &'a [u8]) -> Option<Quick<'a>> {
        if link == LinkType::ETHERNET {
            let (&[_, _, _, _, _, _, _, _, _, _, _, _, high, low], rest) = bytes.split_first_chunk::<14>()?;
            if [high, low] == ETHERTYPE_IPV4.to_be_bytes() {
                return self.v4(rest, Worn::default());
            }
            match u16::from_be_bytes([high, low]) {
                ETHERTYPE_IPV6 => self.v6(rest, Worn::default()),
                ETHERTYPE_VLAN | ETHERTYPE_QINQ | ETHERTYPE_DOT1AD => self.tagged(bytes),
                _ => None,
            }
        } else {
            self.other(link, bytes)
        }
    }

    /// Steps over one or two tags.
    #[inline(never)]
    fn tagged<'a>(&self, bytes: &'a [u8]) -> Option<Quick<'a>> {
        let mut worn = Worn::default();
        let mut rest = bytes.get(12..)?;
        for _ in 0..=TAGS_MAX {
            let (&[high, low], inner) = rest.split_first_chunk::<2>()?;
            match u16::from_be_bytes([high, low]) {
                ETHERTYPE_IPV4 => return self.v4(inner, worn),
                ETHERTYPE_IPV6 => return self.v6(inner, worn),
                ETHERTYPE_VLAN | ETHERTYPE_QINQ => worn.tag(),
                ETHERTYPE_DOT1AD => worn.wear(Encapsulation::Dot1ad),
                _ => return None,
            }
            rest = inner.get(2..)?;
        }
        None
    }

    /// The link layers that cost no more than a look: raw IP and Linux cooked captures of Ethernet and loopback.
    #[inline(never)]
    fn other<'a>(&self, link: LinkType, bytes: &'a [u8]) -> Option<Quick<'a>> {
        const ARPHRD_ETHER: u16 = 1;
        const ARPHRD_LOOPBACK: u16 = 772;
        let mut worn = Worn::default();
        let (hardware, protocol, rest) = match link {
            LinkType::RAW => {
                worn.wear(Encapsulation::RawIp);
                let protocol = if bytes.first()? >> 4 == 4 { ETHERTYPE_IPV4 } else { ETHERTYPE_IPV6 };
                (ARPHRD_ETHER, protocol, bytes)
            }
            LinkType::LINUX_SLL => {
                worn.wear(Encapsulation::LinuxSll);
                let (&[_, _, h0, h1, _, _, _, _, _, _, _, _, _, _, p0, p1], rest) = bytes.split_first_chunk::<16>()?;
                (u16::from_be_bytes([h0, h1]), u16::from_be_bytes([p0, p1]), rest)
            }
            LinkType::LINUX_SLL2 => {
                worn.wear(Encapsulation::LinuxSll);
                let (&[p0, p1, _, _, _, _, _, _, h0, h1, ..], rest) = bytes.split_first_chunk::<20>()?;
                (u16::from_be_bytes([h0, h1]), u16::from_be_bytes([p0, p1]), rest)
            }
            _ => return None,
        };
        match (hardware, protocol) {
            (ARPHRD_ETHER | ARPHRD_LOOPBACK, ETHERTYPE_IPV4) => self.v4(rest, worn),
            (ARPHRD_ETHER | ARPHRD_LOOPBACK, ETHERTYPE_IPV6) => self.v6(rest, worn),
            _ => None,
        }
    }

    /// An IPv4 header without options, unfragmented, and UDP. Both headers are taken at once: one check of the length.
    #[inline(always)]
    fn v4<'a>(&self, bytes: &'a [u8], worn: Worn) -> Option<Quick<'a>> {
        let (headers, rest) = bytes.split_first_chunk::<28>()?;
        let (header, udp) = headers.split_first_chunk::<20>()?;
        let &[version, _, t0, t1, i0, i1, f0, f1, _, next, _, _, a0, a1, a2, a3, b0, b1, b2, b3] = header;
        // Of the fragment field only "don't fragment" and the reserved bit may be set.
        if version != 0x45 || next != protocol::UDP || u16::from_be_bytes([f0, f1]) & 0x3fff != 0 {
            return None;
        }
        let promised = usize::from(u16::from_be_bytes([t0, t1]));
        let addresses = (Ip::v4([a0, a1, a2, a3]), Ip::v4([b0, b1, b2, b3]));
        self.udp(addresses, u16::from_be_bytes([i0, i1]), (promised, 20), udp.first_chunk()?, rest, worn)
    }

    /// An IPv6 header that UDP follows at once.
    #[inline(never)]
    fn v6<'a>(&self, bytes: &'a [u8], worn: Worn) -> Option<Quick<'a>> {
        let (headers, rest) = bytes.split_first_chunk::<48>()?;
        let (&[version, _, _, _, l0, l1, next, _], addresses) = headers.split_first_chunk::<8>()?;
        if version >> 4 != 6 || next != protocol::UDP {
            return None;
        }
        let (&from, addresses) = addresses.split_first_chunk::<16>()?;
        let (&to, udp) = addresses.split_first_chunk::<16>()?;
        let promised = usize::from(u16::from_be_bytes([l0, l1]));
        self.udp((Ip::v6(from), Ip::v6(to)), 0, (promised, 0), udp.first_chunk()?, rest, worn)
    }

    /// A UDP header whose length fits the `promised` bytes, `before` of which are the IP header's.
    #[inline(always)]
    fn udp<'a>(
        &self,
        addresses: (Ip, Ip),
        id: u16,
        (promised, before): (usize, usize),
        header: &[u8; 8],
        rest: &'a [u8],
        worn: Worn,
    ) -> Option<Quick<'a>> {
        let &[s0, s1, d0, d1, l0, l1, _, _] = header;
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        let ports = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]));
        if length + before > promised || (self.ports.suspect(ports) && self.ports.named(ports)) {
            return None;
        }
        let wanted = length.checked_sub(8)?;
        let payload = rest.get(..wanted).unwrap_or(rest);
        Some(Quick {
            source: Endpoint::new(addresses.0, ports.0),
            destination: Endpoint::new(addresses.1, ports.1),
            payload,
            cut: payload.len() < wanted,
            signature: datagram_signature(self.seed, addresses, header, id, payload),
            worn,
        })
    }
}

/// The signature of a datagram, the same on every path that leads to it: of its UDP header all is signed.
#[inline(always)]
pub(crate) fn datagram_signature(seed: u64, addresses: (Ip, Ip), header: &[u8; 8], id: u16, payload: &[u8]) -> u64 {
    signature(seed, addresses, [u64::from_le_bytes(*header), 0], u64::from(id), payload)
}

#[cfg(test)]
mod tests;

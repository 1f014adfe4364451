//! The walk through whatever is wrapped around a datagram, as far as nothing need be remembered for it.
//!
//! A mirrored link may wear a tunnel around every frame: what a remote port mirrors comes in ERSPAN, VXLAN or GRE, what a
//! radio network carries in GTP. So these headers are stepped over ahead of the work, by the same steps that the
//! [`Decoder`](crate::Decoder) takes, and the datagram inside goes the way of those that wore nothing. Fragments,
//! options, extension headers and what the capture cut off are left to the decoder, which reads whatever is found here
//! to the same end.

use crate::ip::protocol;
use crate::layers::{Encapsulation, Kind, LAYERS_MAX, Step, Worn};
use crate::tunnel::{self, TunnelPorts};
use crate::{ethernet, framing, gre, wlan};

/// An IP packet with a datagram, and what it wore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unwrapped<'a> {
    /// From the IP header on, with what may follow the packet as padding.
    pub packet: &'a [u8],
    pub v6: bool,
    pub worn: Worn,
}

/// The innermost packet of a frame, where it is a datagram; `None` says nothing about the frame.
pub(crate) fn unwrapped<'a>(ports: &TunnelPorts, link: u16, bytes: &'a [u8]) -> Option<Unwrapped<'a>> {
    let (mut kind, mut rest, mut worn) = (Kind::Link(link), bytes, Worn::default());
    let mut depth = 0;
    while depth < LAYERS_MAX {
        depth += 1;
        if let Some(step) = step(kind, rest, &mut worn) {
            (kind, rest) = step.ok()?;
            continue;
        }
        let v6 = match kind {
            Kind::Ipv4 => false,
            Kind::Ipv6 => true,
            Kind::Ip => rest.first()? >> 4 == 6,
            _ => return None,
        };
        let (next, payload) = if v6 { plain_v6(rest)? } else { plain_v4(rest)? };
        // What follows IP is a header of its own.
        depth += 1;
        let step = match next {
            protocol::UDP => match datagram(ports, payload, &mut worn) {
                Some(step) => step,
                // What came in ESP is told apart.
                None if depth > LAYERS_MAX => return None,
                None => return (!worn.has(Encapsulation::Esp)).then_some(Unwrapped { packet: rest, v6, worn }),
            },
            next => in_ip(next, v6, payload, &mut worn)?,
        };
        (kind, rest) = step.ok()?;
    }
    None
}

/// One header of those that say by themselves what follows them; `None` for IP, and for what follows IP.
pub(crate) fn step<'a>(kind: Kind, bytes: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    Some(match kind {
        Kind::Inside(_) | Kind::Ipv4 | Kind::Ipv6 | Kind::Ip => return None,
        Kind::Link(link) => framing::frame(link, bytes, worn),
        Kind::Ethernet => ethernet::frame(bytes),
        Kind::EtherType(ether_type) => ethernet::payload(ether_type, bytes, worn),
        Kind::Llc => ethernet::llc(bytes),
        Kind::Ppp => ethernet::ppp(bytes, worn),
        Kind::Mpls => ethernet::mpls(bytes, worn),
        Kind::Gre => gre::header(bytes, worn),
        Kind::Nsh => tunnel::nsh(bytes, worn),
        Kind::Pseudowire => tunnel::pseudowire(bytes),
        Kind::Wlan => {
            worn.wear(Encapsulation::Wlan);
            wlan::frame(bytes, false)
        }
    })
}

/// What follows an IP header, where that is a tunnel.
pub(crate) fn in_ip<'a>(number: u8, v6: bool, bytes: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    Some(match number {
        protocol::IPV4 => {
            worn.wear(if v6 { Encapsulation::V4InV6 } else { Encapsulation::V4InV4 });
            Ok((Kind::Ipv4, bytes))
        }
        protocol::IPV6 => {
            worn.wear(if v6 { Encapsulation::V6InV6 } else { Encapsulation::V6InV4 });
            Ok((Kind::Ipv6, bytes))
        }
        protocol::GRE => Ok((Kind::Gre, bytes)),
        protocol::MPLS => Ok((Kind::Mpls, bytes)),
        protocol::ETHERNET => Ok((Kind::Ethernet, bytes)),
        protocol::L2TP => tunnel::l2tp_over_ip(bytes, worn),
        _ => return None,
    })
}

/// Protocol and payload of an IPv4 packet that is whole and has no options.
fn plain_v4(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let &[version, _, t0, t1, _, _, f0, f1, _, next, ..] = bytes.first_chunk::<20>()?;
    // Of the fragment field only "don't fragment" and the reserved bit may be set.
    if version != 0x45 || u16::from_be_bytes([f0, f1]) & 0x3fff != 0 {
        return None;
    }
    Some((next, bytes.get(20..usize::from(u16::from_be_bytes([t0, t1])))?))
}

/// The same of an IPv6 packet: one without extension headers has a protocol that is asked for.
fn plain_v6(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (&[version, _, _, _, l0, l1, next, _], _) = bytes.split_first_chunk::<8>()?;
    let length = usize::from(u16::from_be_bytes([l0, l1]));
    // A jumbogram says how long it is elsewhere.
    if version >> 4 != 6 || length == 0 {
        return None;
    }
    Some((next, bytes.get(40..40 + length)?))
}

/// The tunnel in a UDP datagram, if it is one.
fn datagram<'a>(ports: &TunnelPorts, bytes: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    let (&[s0, s1, d0, d1, l0, l1, _, _], rest) = bytes.split_first_chunk::<8>()?;
    let pair = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]));
    if !ports.suspect(pair) {
        return None;
    }
    let length = usize::from(u16::from_be_bytes([l0, l1])).checked_sub(8)?;
    ports.inside(0, pair, rest.get(..length)?, worn)
}

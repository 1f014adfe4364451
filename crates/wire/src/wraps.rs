//! The way through what is wrapped around a datagram most often, by hand and as far as nothing need be remembered for it.
//!
//! A mirrored link may wear a tunnel around every frame: what a remote port mirrors comes in ERSPAN, VXLAN or GRE, what a
//! radio network carries in GTP, what a backbone does under labels and tags. So these are stepped over ahead of the work, in
//! a few dozen instructions each, and the datagram inside goes the way of those that wore nothing. Whatever is not exactly
//! that - fragments, options, extension headers, what the capture cut off, rarer wraps - is left to the
//! [`Decoder`](crate::Decoder), which reads what is found here to the same end; property tests hold the two equal.

use crate::ethernet::{
    ETHERTYPE_BRIDGED, ETHERTYPE_DOT1AD, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_QINQ, ETHERTYPE_VLAN,
    announces_known_type,
};
use crate::gre;
use crate::ip::{Packet, plain_v4, plain_v6, protocol};
use crate::layers::{Encapsulation, Kind, LAYERS_MAX, Step, Worn};
use crate::tunnel::TunnelPorts;

/// Most IP packets, one in another; most EtherTypes of a frame, and labels of a stack. An EtherType stands for three headers at
/// most, so that these are never more than the decoder follows ([`LAYERS_MAX`]).
const PACKETS_MAX: usize = 3;
const TYPES_MAX: usize = 6;
const LABELS_MAX: usize = 4;
const _: () = assert!(2 + 3 * TYPES_MAX + 2 * PACKETS_MAX + 3 * (PACKETS_MAX - 1) <= LAYERS_MAX as usize);

/// An IP packet with a datagram, and what it wore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unwrapped<'a> {
    /// From the IP header on, with what may follow the packet as padding.
    pub packet: &'a [u8],
    pub v6: bool,
    pub worn: Worn,
}

/// What lies in a tunnel.
enum Inside<'a> {
    /// After this EtherType.
    Typed(u16, &'a [u8]),
    /// An IP packet.
    Packet(&'a [u8]),
    /// Nothing: it is a datagram like others.
    Datagram,
}

/// The innermost packet of an Ethernet frame, where it is a datagram; `None` says nothing about the frame.
#[inline(always)]
pub(crate) fn unwrapped<'a>(ports: &TunnelPorts, frame: &'a [u8]) -> Option<Unwrapped<'a>> {
    let (mut worn, mut types) = (Worn::default(), TYPES_MAX);
    let (ether_type, rest) = typed(frame)?;
    let mut packet = packet_in(ether_type, rest, &mut worn, &mut types)?;
    for _ in 0..PACKETS_MAX {
        let v6 = packet.first()? >> 4 == 6;
        let Packet { head, protocol: next, payload, .. } = if v6 { plain_v6(packet)? } else { plain_v4(packet)? };
        if head.lacking > 0 {
            return None;
        }
        let inside = match next {
            protocol::UDP => in_datagram(ports, payload, &mut worn)?,
            protocol::GRE => in_tunnel(gre::header(payload, &mut worn))?,
            protocol::IPV4 => {
                worn.wear(if v6 { Encapsulation::V4InV6 } else { Encapsulation::V4InV4 });
                Inside::Typed(ETHERTYPE_IPV4, payload)
            }
            protocol::IPV6 => {
                worn.wear(if v6 { Encapsulation::V6InV6 } else { Encapsulation::V6InV4 });
                Inside::Typed(ETHERTYPE_IPV6, payload)
            }
            _ => return None,
        };
        packet = match inside {
            Inside::Typed(ether_type, rest) => packet_in(ether_type, rest, &mut worn, &mut types)?,
            Inside::Packet(packet) => packet,
            Inside::Datagram => return Some(Unwrapped { packet, v6, worn }),
        };
    }
    None
}

/// The EtherType of a frame, and what it announces.
#[inline(always)]
fn typed(frame: &[u8]) -> Option<(u16, &[u8])> {
    let (&[.., high, low], rest) = frame.split_first_chunk::<14>()?;
    Some((u16::from_be_bytes([high, low]), rest))
}

/// The IP packet that an EtherType announces, beneath tags, labels and sessions; so many `types` more may do so.
#[inline(always)]
fn packet_in<'a>(mut ether_type: u16, mut bytes: &'a [u8], worn: &mut Worn, types: &mut usize) -> Option<&'a [u8]> {
    let version = |packet: &'a [u8], version: u8| (packet.first()? >> 4 == version).then_some(packet);
    loop {
        *types = types.checked_sub(1)?;
        match ether_type {
            ETHERTYPE_IPV4 => return version(bytes, 4),
            ETHERTYPE_IPV6 => return version(bytes, 6),
            ETHERTYPE_VLAN | ETHERTYPE_QINQ => worn.tag(),
            ETHERTYPE_DOT1AD => worn.wear(Encapsulation::Dot1ad),
            0x8847 => {
                worn.wear(Encapsulation::Mpls);
                bytes = beneath_labels(bytes)?;
                // RFC 4928: a packet, or a pseudowire with a control word or without.
                let pseudowire = match bytes.first()? >> 4 {
                    4 | 6 => return Some(bytes),
                    0 => bytes.get(4..).filter(|frame| announces_known_type(frame))?,
                    1 => return None,
                    _ => bytes,
                };
                (ether_type, bytes) = typed(pseudowire)?;
                continue;
            }
            0x8864 => {
                let (&[0x11, 0, _, _, l0, l1, p0, p1], rest) = bytes.split_first_chunk::<8>()? else { return None };
                worn.wear(Encapsulation::Pppoe);
                worn.wear(Encapsulation::Ppp);
                let length = usize::from(u16::from_be_bytes([l0, l1])).checked_sub(2)?;
                let packet = rest.get(..length).unwrap_or(rest);
                return match u16::from_be_bytes([p0, p1]) {
                    0x0021 => version(packet, 4),
                    0x0057 => version(packet, 6),
                    _ => None,
                };
            }
            _ => return None,
        }
        // A tag's priority and identifier, then what is tagged.
        let (&[_, _, high, low], rest) = bytes.split_first_chunk::<4>()?;
        (ether_type, bytes) = (u16::from_be_bytes([high, low]), rest);
    }
}

/// What lies beneath a label stack (RFC 3032).
fn beneath_labels(mut bytes: &[u8]) -> Option<&[u8]> {
    const BOTTOM: u8 = 0x01;
    /// RFC 5586: an associated channel, no traffic.
    const GENERIC_ASSOCIATED_CHANNEL: u32 = 13;
    for _ in 0..LABELS_MAX {
        let (&[a, b, c, _], rest) = bytes.split_first_chunk::<4>()?;
        if u32::from_be_bytes([0, a, b, c]) >> 4 == GENERIC_ASSOCIATED_CHANNEL {
            return None;
        }
        bytes = rest;
        if c & BOTTOM != 0 {
            return Some(bytes);
        }
    }
    None
}

/// The tunnel in a UDP datagram, if it is one.
#[inline(always)]
fn in_datagram<'a>(ports: &TunnelPorts, bytes: &'a [u8], worn: &mut Worn) -> Option<Inside<'a>> {
    let (&[s0, s1, d0, d1, l0, l1, _, _], rest) = bytes.split_first_chunk::<8>()?;
    let pair = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]));
    if !ports.suspect(pair) {
        return Some(Inside::Datagram);
    }
    let length = usize::from(u16::from_be_bytes([l0, l1])).checked_sub(8)?;
    match ports.inside(0, pair, rest.get(..length)?, worn) {
        Some(step) => in_tunnel(step),
        None => Some(Inside::Datagram),
    }
}

/// What a tunnel's header says of what follows it.
#[inline(always)]
fn in_tunnel(step: Step<'_>) -> Option<Inside<'_>> {
    match step.ok()? {
        (Kind::Ethernet | Kind::EtherType(ETHERTYPE_BRIDGED), frame) => {
            typed(frame).map(|(ether_type, rest)| Inside::Typed(ether_type, rest))
        }
        (Kind::EtherType(ether_type), rest) => Some(Inside::Typed(ether_type, rest)),
        (Kind::Ip, packet) => Some(Inside::Packet(packet)),
        _ => None,
    }
}

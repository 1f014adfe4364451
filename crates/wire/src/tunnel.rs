//! Tunnels over UDP, told by port and then by content, and what is common to them and to tunnels over IP.
//!
//! A port alone proves nothing: a call may send its media from port 4789. So what does not hold together as the tunnel
//! of its port is a plain datagram.

use types::{Layer, Reader};

use crate::WireConfig;
use crate::ethernet::announces_known_type;
use crate::ip;
use crate::layers::{Encapsulation, Kind, Step, Undecoded, Worn};

const GTP_C: u16 = 2123;
const GTP_U: u16 = 2152;
const GTP_PRIME: u16 = 3386;
const L2TP: u16 = 1701;
const TEREDO: u16 = 3544;
const ESP: u16 = 4500;
const GRE: u16 = 4754;
const VXLAN: u16 = 4789;
const VXLAN_GPE: u16 = 4790;
const AYIYA: u16 = 5072;
const CAPWAP: u16 = 5247;
const GENEVE: u16 = 6081;
const MPLS: u16 = 6635;
/// What Linux used before VXLAN had a number.
const VXLAN_LINUX: u16 = 8472;

const WELL_KNOWN: [u16; 14] =
    [GTP_C, GTP_U, GTP_PRIME, L2TP, TEREDO, ESP, GRE, VXLAN, VXLAN_GPE, AYIYA, CAPWAP, GENEVE, MPLS, VXLAN_LINUX];

/// Most extension headers of one GTP-U packet; 3GPP defines five.
const GTP_EXTENSIONS_MAX: usize = 8;

/// Slots of the filter of ports: 1 KiB, so that one port in 64 of those that hide nothing is looked at twice.
const FILTER_SLOTS: usize = 1_024;

/// Which UDP ports may hide a tunnel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TunnelPorts {
    /// Not zero where a port whose low bits these are does.
    filter: [u8; FILTER_SLOTS],
    vxlan: [u16; WireConfig::VXLAN_PORTS_MAX],
}

impl TunnelPorts {
    /// The well-known ports and the configured ones.
    pub(crate) fn new(config: &WireConfig) -> Self {
        let mut ports = Self { filter: [0; FILTER_SLOTS], vxlan: [VXLAN; WireConfig::VXLAN_PORTS_MAX] };
        for (slot, &port) in ports.vxlan.iter_mut().zip(&config.vxlan_ports) {
            *slot = port;
        }
        for port in WELL_KNOWN.into_iter().chain(ports.vxlan) {
            if let Some(slot) = ports.filter.get_mut(usize::from(port) % FILTER_SLOTS) {
                *slot = 1;
            }
        }
        ports
    }

    /// Whether a datagram between these ports may be a tunnel: never a false `false`.
    #[inline(always)]
    pub(crate) fn suspect(&self, (source, destination): (u16, u16)) -> bool {
        let slot = |port| self.filter.get(usize::from(port) % FILTER_SLOTS).copied().unwrap_or_default();
        slot(source) | slot(destination) != 0
    }

    /// Whether one of these ports is a tunnel's.
    #[cold]
    pub(crate) fn named(&self, (source, destination): (u16, u16)) -> bool {
        [source, destination].iter().any(|port| WELL_KNOWN.contains(port) || self.vxlan.contains(port))
    }

    /// Reads the payload of a UDP datagram as the tunnel its ports suggest; `None` for a plain datagram.
    pub(crate) fn inside<'a>(
        &self,
        missing: u32,
        ports: (u16, u16),
        payload: &'a [u8],
        worn: &mut Worn,
    ) -> Option<Step<'a>> {
        if !self.suspect(ports) {
            return None;
        }
        let (source, destination) = ports;
        // RFC 7348 §5, RFC 8926 §3.3, RFC 7510 §3: only the destination names these; sources are hashes of the flow.
        match destination {
            VXLAN | VXLAN_LINUX => return vxlan(payload, worn),
            VXLAN_GPE => return vxlan_gpe(payload, worn),
            GENEVE => return geneve(payload, worn),
            MPLS => return mpls(payload),
            GRE => return Some(Ok((Kind::Gre, payload))),
            port if self.vxlan.contains(&port) => return vxlan(payload, worn),
            _ => {}
        }
        let either = |port| source == port || destination == port;
        if either(GTP_U) || either(GTP_C) {
            gtp(payload, missing > 0, worn)
        } else if either(GTP_PRIME) {
            gtp_prime(payload, worn)
        } else if either(TEREDO) {
            teredo(payload, worn)
        } else if either(L2TP) {
            l2tp(payload, worn)
        } else if either(AYIYA) {
            ayiya(payload, worn)
        } else if either(CAPWAP) {
            capwap(payload, worn)
        } else if either(ESP) {
            esp(missing, payload, worn)
        } else {
            None
        }
    }
}

/// RFC 7348 §5: flags, network, an Ethernet frame. Group policy and vendors use the reserved bits, so only the flag
/// that must be set is asked for.
fn vxlan<'a>(payload: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    const NETWORK_IS_VALID: u8 = 0x08;
    let (header, inner) = payload.split_first_chunk::<8>()?;
    if header[0] & NETWORK_IS_VALID == 0 || header[0] & 0x70 != 0 {
        return None;
    }
    worn.wear(Encapsulation::Vxlan);
    Some(Ok((Kind::Ethernet, inner)))
}

/// VXLAN with a protocol of its own (draft-ietf-nvo3-vxlan-gpe).
fn vxlan_gpe<'a>(payload: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    const PROTOCOL_IS_VALID: u8 = 0x04;
    let (&[flags, _, _, protocol, _, _, _, _], inner) = payload.split_first_chunk::<8>()?;
    if flags & PROTOCOL_IS_VALID == 0 {
        return vxlan(payload, worn);
    }
    let kind = next_protocol(protocol)?;
    worn.wear(Encapsulation::Vxlan);
    Some(Ok((kind, inner)))
}

/// The numbers that VXLAN-GPE and NSH (RFC 8300 §2.2) share.
pub(crate) const fn next_protocol(number: u8) -> Option<Kind> {
    match number {
        1 => Some(Kind::Ipv4),
        2 => Some(Kind::Ipv6),
        3 => Some(Kind::Ethernet),
        4 => Some(Kind::Nsh),
        5 => Some(Kind::Mpls),
        _ => None,
    }
}

/// RFC 8926 §3.4: version 0, options, an EtherType.
fn geneve<'a>(payload: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    let (&[version, _, high, low, _, _, _, _], rest) = payload.split_first_chunk::<8>()?;
    if version >> 6 != 0 {
        return None;
    }
    worn.wear(Encapsulation::Geneve);
    let options = usize::from(version & 0x3f) * 4;
    let inner = rest.get(options..).ok_or(Undecoded::CutHeader);
    Some(inner.map(|inner| (Kind::EtherType(u16::from_be_bytes([high, low])), inner)))
}

/// RFC 7510: a label stack, which must end within the payload.
fn mpls(payload: &[u8]) -> Option<Step<'_>> {
    let ends = payload.chunks_exact(4).take(8).any(|label| label.get(2).is_some_and(|bits| bits & 1 == 1));
    ends.then_some(Ok((Kind::Mpls, payload)))
}

/// GTP of the user plane (3GPP TS 29.281 §5) or of the control plane (TS 29.060, TS 29.274), told by version and type.
fn gtp<'a>(payload: &'a [u8], cut: bool, worn: &mut Worn) -> Option<Step<'a>> {
    const USER_PACKET: u8 = 255;
    const IS_GTP: u8 = 0x10;
    let &[flags, message, high, low, ..] = payload else { return None };
    let length = usize::from(u16::from_be_bytes([high, low]));
    match flags >> 5 {
        1 if flags & IS_GTP != 0 => {
            let (_, body) = payload.split_first_chunk::<8>()?;
            let body = match body.get(..length) {
                Some(body) => body,
                None if cut => body,
                None => return None,
            };
            worn.wear(Encapsulation::Gtp);
            Some(if message == USER_PACKET { gtp_user(flags, body) } else { Err(Undecoded::TunnelControl) })
        }
        // The length leaves out the first four bytes; a second message may follow.
        2 if length + 4 <= payload.len() && length >= 4 => {
            worn.wear(Encapsulation::Gtp);
            worn.wear(Encapsulation::GtpV2C);
            Some(Err(Undecoded::TunnelControl))
        }
        _ => None,
    }
}

/// Steps over the optional fields and the extension headers (TS 29.281 §5.1, §5.2) of a user packet.
fn gtp_user(flags: u8, body: &[u8]) -> Step<'_> {
    const OPTIONAL: u8 = 0x07;
    const EXTENSION: u8 = 0x04;
    let mut reader = Reader::new(Layer::Tunnel, body);
    if flags & OPTIONAL != 0 {
        let &[_, _, _, mut next] = reader.array()?;
        let mut left = GTP_EXTENSIONS_MAX;
        while flags & EXTENSION != 0 && next != 0 {
            let words = usize::from(reader.u8()?);
            let content = (words * 4).checked_sub(2).ok_or(Undecoded::Malformed)?;
            reader.take(content)?;
            next = reader.u8()?;
            left = left.checked_sub(1).ok_or(Undecoded::TooDeep)?;
        }
    }
    match reader.rest().first() {
        None => Err(Undecoded::TunnelControl),
        Some(first) if matches!(first >> 4, 4 | 6) => Ok((Kind::Ip, reader.rest())),
        // PPP and Ethernet sessions.
        Some(0xff) => Ok((Kind::Ppp, reader.rest())),
        Some(_) if announces_known_type(reader.rest()) => Ok((Kind::Ethernet, reader.rest())),
        Some(_) => Err(Undecoded::NotIp),
    }
}

/// GTP version 0 (3GPP TS 09.60), whose port GTP' (TS 32.295) took over: charging records, no traffic.
fn gtp_prime<'a>(payload: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    const USER_PACKET: u8 = 255;
    const IS_GTP: u8 = 0x10;
    const VERSION: u8 = 0xe0;
    let &[flags, message, high, low, ..] = payload else { return None };
    // The length leaves out the header, which has six bytes, or twenty as in GTP.
    let length = usize::from(u16::from_be_bytes([high, low]));
    if flags >> 5 > 2 || (payload.len() != length + 6 && payload.len() != length + 20) {
        return None;
    }
    worn.wear(Encapsulation::GtpPrime);
    match payload.get(20..) {
        Some(inner) if message == USER_PACKET && flags & (VERSION | IS_GTP) == IS_GTP => Some(Ok((Kind::Ip, inner))),
        _ => Some(Err(Undecoded::TunnelControl)),
    }
}

/// RFC 4380 §5.1.1: perhaps an authentication, perhaps an origin, then IPv6.
fn teredo<'a>(payload: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    let mut rest = payload;
    if let &[0, 1, client, authentication, ..] = rest {
        rest = rest.get(13 + usize::from(client) + usize::from(authentication)..)?;
    }
    if let [0, 0, ..] = rest {
        rest = rest.get(8..)?;
    }
    if rest.first()? >> 4 != 6 || !ip::plausible(rest) {
        return None;
    }
    worn.wear(Encapsulation::Teredo);
    Some(Ok((Kind::Ipv6, rest)))
}

/// L2TP over UDP: version 2 (RFC 2661 §3.1) carries PPP, version 3 (RFC 3931 §4.1.2) anything.
fn l2tp<'a>(payload: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    const CONTROL: u16 = 0x8000;
    const LENGTH: u16 = 0x4000;
    const SEQUENCE: u16 = 0x0800;
    const OFFSET: u16 = 0x0200;
    let mut reader = Reader::new(Layer::Tunnel, payload);
    let flags = reader.u16().ok()?;
    // The bits that must be zero, so that text and media on this port are not taken for a tunnel.
    if flags & 0x34f0 != 0 || !matches!(flags & 0x000f, 2 | 3) {
        return None;
    }
    let mut read = || -> Step<'a> {
        if flags & CONTROL != 0 {
            return Err(Undecoded::TunnelControl);
        }
        if flags & 0x000f == 3 {
            // Two reserved bytes and a session.
            reader.take(6)?;
            return Ok((Kind::Pseudowire, reader.rest()));
        }
        if flags & LENGTH != 0 {
            reader.take(2)?;
        }
        reader.take(4)?;
        if flags & SEQUENCE != 0 {
            reader.take(4)?;
        }
        if flags & OFFSET != 0 {
            let padding = reader.u16()?;
            reader.take(usize::from(padding))?;
        }
        Ok((Kind::Ppp, reader.rest()))
    };
    let step = read();
    worn.wear(Encapsulation::L2tp);
    Some(step)
}

/// L2TPv3 over IP (RFC 3931 §4.1.1): session 0 is the control connection.
pub(crate) fn l2tp_over_ip<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let mut reader = Reader::new(Layer::Tunnel, bytes);
    let session = reader.u32()?;
    worn.wear(Encapsulation::L2tp);
    if session == 0 { Err(Undecoded::TunnelControl) } else { Ok((Kind::Pseudowire, reader.rest())) }
}

/// What an L2TPv3 session carries was agreed on when it was set up: a cookie of 0, 4 or 8 bytes, a sublayer of 0 or 4,
/// then Ethernet mostly. The first reading that holds together is taken.
pub(crate) fn pseudowire(bytes: &[u8]) -> Step<'_> {
    for cookie in [0, 4, 8, 12] {
        let Some(inner) = bytes.get(cookie..) else { break };
        if announces_known_type(inner) {
            return Ok((Kind::Ethernet, inner));
        }
        if ip::plausible(inner) {
            return Ok((Kind::Ip, inner));
        }
    }
    Err(Undecoded::NotIp)
}

/// AYIYA (draft-massar-v6ops-ayiya-02 §3.1): eight bytes, an identity, a signature, then what the next header says.
fn ayiya<'a>(payload: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    const FORWARD: u8 = 1;
    let (&[identity, signature, operation, next, _, _, _, _], rest) = payload.split_first_chunk::<8>()?;
    let kind = match next {
        ip::protocol::IPV6 => Some(Kind::Ipv6),
        ip::protocol::IPV4 => Some(Kind::Ipv4),
        NO_NEXT_HEADER => None,
        _ => return None,
    };
    let length = (1_usize << (identity >> 4)) + usize::from(signature >> 4) * 4;
    let inner = rest.get(length..)?;
    worn.wear(Encapsulation::Ayiya);
    match kind {
        Some(kind) if operation & 0x0f == FORWARD => Some(Ok((kind, inner))),
        _ => Some(Err(Undecoded::TunnelControl)),
    }
}

/// CAPWAP's data channel (RFC 5415 §4.3): a preamble, the length of the header in words of four bytes, and flags.
fn capwap<'a>(payload: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    const CLEAR: u8 = 0x00;
    const DTLS: u8 = 0x01;
    const NATIVE: u8 = 0x01;
    const FRAGMENT: u8 = 0x80;
    const KEEP_ALIVE: u8 = 0x08;
    const RESERVED: u8 = 0x07;
    let &[preamble, words, binding, flags, ..] = payload else { return None };
    if flags & RESERVED != 0 || !matches!(preamble, CLEAR | DTLS) {
        return None;
    }
    let inner = payload.get(usize::from(words >> 3) * 4..)?;
    if words >> 3 < 2 && preamble == CLEAR {
        return None;
    }
    worn.wear(Encapsulation::Capwap);
    Some(if preamble == DTLS {
        Err(Undecoded::Encrypted)
    } else if flags & FRAGMENT != 0 {
        Err(Undecoded::TunnelPiece)
    } else if flags & KEEP_ALIVE != 0 {
        Err(Undecoded::TunnelControl)
    } else {
        Ok((if binding & NATIVE != 0 { Kind::Wlan } else { Kind::Ethernet }, inner))
    })
}

/// RFC 8200 §4.7.
const NO_NEXT_HEADER: u8 = 59;

/// UDP-encapsulated ESP (RFC 3948 §2), with IKE and keep-alives on the same port.
fn esp<'a>(missing: u32, payload: &'a [u8], worn: &mut Worn) -> Option<Step<'a>> {
    worn.wear(Encapsulation::UdpEncapEsp);
    match payload {
        [0, 0, 0, 0, ..] | [0xff] | [] => Some(Err(Undecoded::TunnelControl)),
        _ => Some(crate::esp::header(missing, payload, worn)),
    }
}

/// NSH (RFC 8300 §2.2): the base header tells the length of all of it in words of four bytes.
pub(crate) fn nsh<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let mut reader = Reader::new(Layer::Tunnel, bytes);
    let &[_, words, _, next] = reader.array()?;
    let rest = (usize::from(words & 0x3f) * 4).checked_sub(4).ok_or(Undecoded::Malformed)?;
    reader.take(rest)?;
    worn.wear(Encapsulation::Nsh);
    next_protocol(next).map(|kind| (kind, reader.rest())).ok_or(Undecoded::NotIp)
}

//! Ethernet and what its type field announces: tags, labels, sessions.

use etherparse::{LaxMacsecPayloadSlice, LaxMacsecSlice};
use types::{Layer, Reader};

use crate::ip;
use crate::layers::{Encapsulation, Kind, Step, Undecoded, Worn};

pub(crate) const ETHERTYPE_IPV4: u16 = 0x0800;
pub(crate) const ETHERTYPE_IPV6: u16 = 0x86dd;
pub(crate) const ETHERTYPE_VLAN: u16 = 0x8100;
pub(crate) const ETHERTYPE_DOT1AD: u16 = 0x88a8;
pub(crate) const ETHERTYPE_QINQ: u16 = 0x9100;
/// A whole Ethernet frame in a tunnel.
pub(crate) const ETHERTYPE_BRIDGED: u16 = 0x6558;

/// Below this the field after the addresses is a length (IEEE 802.3 §3.2.6).
const TYPE_MIN: u16 = 0x0600;

/// Most labels of one stack; carriers use three or four.
const LABELS_MAX: usize = 16;

/// Reads destination, source, and type or length.
pub(crate) fn frame(bytes: &[u8]) -> Step<'_> {
    let mut reader = Reader::new(Layer::Link, bytes);
    reader.take(12)?;
    Ok(type_or_length(reader.u16()?, reader.rest()))
}

/// A type, or the length of an LLC frame with padding behind it.
fn type_or_length(field: u16, rest: &[u8]) -> (Kind, &[u8]) {
    match field {
        TYPE_MIN.. => (Kind::EtherType(field), rest),
        length => (Kind::Llc, rest.get(..usize::from(length)).unwrap_or(rest)),
    }
}

/// Goes on with what an EtherType announces.
pub(crate) fn payload<'a>(ether_type: u16, bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let mut reader = Reader::new(Layer::Link, bytes);
    match ether_type {
        ETHERTYPE_IPV4 => Ok((Kind::Ipv4, bytes)),
        ETHERTYPE_IPV6 => Ok((Kind::Ipv6, bytes)),
        // 0x9100 and 0x9200 stood for outer tags before IEEE 802.1ad.
        ETHERTYPE_VLAN | ETHERTYPE_QINQ | 0x9200 => {
            worn.tag();
            tagged(reader)
        }
        ETHERTYPE_DOT1AD => {
            worn.wear(Encapsulation::Dot1ad);
            tagged(reader)
        }
        0x0806 | 0x8035 => Err(Undecoded::Arp),
        ETHERTYPE_BRIDGED => Ok((Kind::Ethernet, bytes)),
        0x8847 | 0x8848 => Ok((Kind::Mpls, bytes)),
        0x8863 => {
            worn.wear(Encapsulation::PppoeDiscovery);
            Err(Undecoded::TunnelControl)
        }
        0x8864 => pppoe(bytes, worn),
        0x880b => Ok((Kind::Ppp, bytes)),
        // Cisco's and Juniper's LLC with an EtherType of its own.
        0x8870 => Ok((Kind::Llc, bytes)),
        // The Centrino driver of Intel handed up whole 802.11 frames.
        0x2452 => Ok((Kind::Wlan, bytes)),
        0x88e5 => macsec(bytes, worn),
        0x88e7 => {
            worn.wear(Encapsulation::Pbb);
            // The service tag: priority, flags and a service of 24 bits.
            reader.take(4)?;
            Ok((Kind::Ethernet, reader.rest()))
        }
        0x8909 => cisco_metadata(reader, worn),
        0x8926 => {
            worn.wear(Encapsulation::VnTag);
            // Direction, pointer, two virtual interfaces.
            reader.take(4)?;
            Ok(type_or_length(reader.u16()?, reader.rest()))
        }
        0x894f => Ok((Kind::Nsh, bytes)),
        _ => Err(Undecoded::NotIp),
    }
}

/// A tag's priority and identifier, then what is tagged.
fn tagged(mut reader: Reader<'_>) -> Step<'_> {
    reader.take(2)?;
    Ok(type_or_length(reader.u16()?, reader.rest()))
}

/// Cisco metadata: version 1, length of the options in words of four bytes, options, and an EtherType, which in Ethernet
/// comes last and in GRE first.
fn cisco_metadata<'a>(mut reader: Reader<'a>, worn: &mut Worn) -> Step<'a> {
    const VERSION: u8 = 1;
    let &[first, second] = reader.array()?;
    worn.wear(Encapsulation::CiscoMetadata);
    if first == VERSION {
        reader.take(usize::from(second) * 4)?;
        return Ok(type_or_length(reader.u16()?, reader.rest()));
    }
    let &[_, words] = reader.array()?;
    reader.take(usize::from(words) * 4)?;
    Ok(type_or_length(u16::from_be_bytes([first, second]), reader.rest()))
}

/// IEEE 802.1AE: frames that are only signed show what they carry.
fn macsec<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let slice = LaxMacsecSlice::from_slice(bytes).map_err(|_| Undecoded::CutHeader)?;
    match slice.payload {
        LaxMacsecPayloadSlice::Unmodified(inner) => {
            worn.wear(Encapsulation::Macsec);
            Ok((Kind::EtherType(inner.ether_type.0), inner.payload))
        }
        LaxMacsecPayloadSlice::Modified { .. } => Err(Undecoded::Encrypted),
    }
}

/// IEEE 802.2 and its extension SNAP.
pub(crate) fn llc(bytes: &[u8]) -> Step<'_> {
    let mut reader = Reader::new(Layer::Link, bytes);
    match reader.array()? {
        [0xaa, 0xaa, 0x03] => snap(reader),
        // RFC 948: IP had a service access point of its own.
        [0x06, 0x06, 0x03] => Ok((Kind::Ip, reader.rest())),
        // RFC 2684 §5.2: a network layer protocol identifier of ISO/IEC TR 9577.
        [0xfe, 0xfe, 0x03] => match reader.u8()? {
            0xcc => Ok((Kind::Ipv4, reader.rest())),
            0x8e => Ok((Kind::Ipv6, reader.rest())),
            _ => Err(Undecoded::NotIp),
        },
        _ => Err(Undecoded::NotIp),
    }
}

/// SNAP: an organisation, and a protocol as it numbers them.
fn snap(mut reader: Reader<'_>) -> Step<'_> {
    let &[a, b, c] = reader.array()?;
    let protocol = reader.u16()?;
    match ([a, b, c], protocol) {
        // RFC 1042, and the bridge tunnel of IEEE 802.1H.
        ([0, 0, 0] | [0, 0, 0xf8], _) => Ok((Kind::EtherType(protocol), reader.rest())),
        // RFC 2684 §5.3: bridged Ethernet with or without its checksum, two bytes of padding before it.
        ([0, 0x80, 0xc2], 0x0001 | 0x0007) => {
            reader.take(2)?;
            Ok((Kind::Ethernet, reader.rest()))
        }
        _ => Err(Undecoded::NotIp),
    }
}

/// A PPPoE session packet (RFC 2516 §4); what follows its length is Ethernet's padding.
pub(crate) fn pppoe<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let mut reader = Reader::new(Layer::Tunnel, bytes);
    let &[version, code, _, _] = reader.array()?;
    let length = usize::from(reader.u16()?);
    if version != 0x11 {
        return Err(Undecoded::Malformed);
    }
    if code != 0 {
        worn.wear(Encapsulation::PppoeDiscovery);
        return Err(Undecoded::TunnelControl);
    }
    worn.wear(Encapsulation::Pppoe);
    Ok((Kind::Ppp, reader.rest().get(..length).unwrap_or(reader.rest())))
}

/// PPP from its protocol field on, or from address and control before it; the field may be compressed to one byte
/// (RFC 1661 §6.5, RFC 1662 §3.1).
pub(crate) fn ppp<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let mut reader = Reader::new(Layer::Tunnel, bytes.strip_prefix(&[0xff, 0x03]).unwrap_or(bytes));
    worn.wear(Encapsulation::Ppp);
    let protocol = match reader.u8()? {
        odd if odd & 1 == 1 => u16::from(odd),
        high => u16::from_be_bytes([high, reader.u8()?]),
    };
    match protocol {
        0x0021 => Ok((Kind::Ipv4, reader.rest())),
        0x0057 => Ok((Kind::Ipv6, reader.rest())),
        0x0281 | 0x0283 => Ok((Kind::Mpls, reader.rest())),
        // RFC 3518: flags and a MAC type before a bridged Ethernet frame.
        0x0031 => {
            let &[_, mac_type] = reader.array()?;
            if mac_type == 1 { Ok((Kind::Ethernet, reader.rest())) } else { Err(Undecoded::NotIp) }
        }
        // RFC 1990.
        0x003d => Err(Undecoded::TunnelPiece),
        0x0053 | 0x0055 => Err(Undecoded::Encrypted),
        0x8000.. => Err(Undecoded::TunnelControl),
        _ => Err(Undecoded::NotIp),
    }
}

/// Pops a label stack (RFC 3032), and tells what lies beneath it, which no label says.
pub(crate) fn mpls<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    const BOTTOM: u8 = 0x01;
    /// RFC 5586: an associated channel, no traffic.
    const GENERIC_ASSOCIATED_CHANNEL: u32 = 13;
    let mut reader = Reader::new(Layer::Tunnel, bytes);
    worn.wear(Encapsulation::Mpls);
    for _ in 0..LABELS_MAX {
        let &[a, b, c, _] = reader.array()?;
        let label = u32::from_be_bytes([0, a, b, c]) >> 4;
        if label == GENERIC_ASSOCIATED_CHANNEL {
            return Err(Undecoded::TunnelControl);
        }
        if c & BOTTOM != 0 {
            return beneath_labels(reader.rest());
        }
    }
    Err(Undecoded::TooDeep)
}

/// RFC 4928: the first four bits tell IP from a pseudowire, unless a pseudowire without control word begins with the
/// MAC address of a vendor whose number says 4 or 6 first. Whichever reading holds together is taken.
fn beneath_labels(rest: &[u8]) -> Step<'_> {
    let control_word = rest.get(4..).unwrap_or_default();
    match rest.first().ok_or(Undecoded::CutHeader)? >> 4 {
        4 if ip::plausible(rest) || !announces_known_type(rest) => Ok((Kind::Ipv4, rest)),
        6 if ip::plausible(rest) || !announces_known_type(rest) => Ok((Kind::Ipv6, rest)),
        0 if announces_known_type(control_word) => Ok((Kind::Ethernet, control_word)),
        0 if !announces_known_type(rest) && ip::plausible(control_word) => Ok((Kind::Ip, control_word)),
        0 if !announces_known_type(rest) => Ok((Kind::Ethernet, control_word)),
        // RFC 4385 §5: the associated channel of a pseudowire.
        1 if !announces_known_type(rest) => Err(Undecoded::TunnelControl),
        _ => Ok((Kind::Ethernet, rest)),
    }
}

/// Whether these bytes read as an Ethernet frame of a type that carries traffic, and what it carries agrees.
pub(crate) fn announces_known_type(bytes: &[u8]) -> bool {
    let Some((&[_, _, _, _, _, _, _, _, _, _, _, _, high, low], rest)) = bytes.split_first_chunk::<14>() else {
        return false;
    };
    match u16::from_be_bytes([high, low]) {
        ETHERTYPE_IPV4 => rest.first().is_some_and(|first| first >> 4 == 4),
        ETHERTYPE_IPV6 => rest.first().is_some_and(|first| first >> 4 == 6),
        ETHERTYPE_VLAN | ETHERTYPE_DOT1AD | ETHERTYPE_QINQ | 0x0806 | 0x8847 | 0x8848 | 0x8863 | 0x8864 | 0x88cc => {
            true
        }
        length if length < TYPE_MIN => {
            usize::from(length) <= rest.len() && matches!(rest, [0xaa, 0xaa, 0x03, ..] | [0x42, 0x42, 0x03, ..])
        }
        _ => false,
    }
}

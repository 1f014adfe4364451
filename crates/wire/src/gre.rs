//! GRE with everything that rides on it: IP, Ethernet, PPTP's PPP, and the three types of ERSPAN.

use types::{Layer, Reader};

use crate::layers::{Encapsulation, Kind, Step, Undecoded, Worn};

/// Most source route entries of RFC 1701 that are stepped over; nobody sends any.
const ROUTES_MAX: usize = 8;

const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
const ACKNOWLEDGEMENT: u16 = 0x0080;
const VERSION: u16 = 0x0007;

/// Reads a GRE header of version 0 (RFC 2784, RFC 2890, RFC 1701) or 1 (RFC 2637).
pub(crate) fn header<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let mut reader = Reader::new(Layer::Tunnel, bytes);
    let (flags, protocol) = (reader.u16()?, reader.u16()?);
    worn.wear(Encapsulation::Gre);
    match flags & VERSION {
        0 => {
            if flags & (CHECKSUM | ROUTING) != 0 {
                reader.take(4)?;
            }
            if flags & KEY != 0 {
                reader.take(4)?;
            }
            if flags & SEQUENCE != 0 {
                reader.take(4)?;
            }
            if flags & ROUTING != 0 {
                skip_routes(&mut reader)?;
            }
            payload(protocol, flags & SEQUENCE != 0, reader, worn)
        }
        1 => pptp(flags, reader),
        _ => Err(Undecoded::Malformed),
    }
}

/// Source route entries up to the empty one that ends them (RFC 1701).
fn skip_routes(reader: &mut Reader<'_>) -> Result<(), Undecoded> {
    for _ in 0..ROUTES_MAX {
        let &[family_high, family_low, _, length] = reader.array()?;
        if [family_high, family_low, length] == [0, 0, 0] {
            return Ok(());
        }
        reader.take(usize::from(length))?;
    }
    Err(Undecoded::Malformed)
}

/// PPTP: payload length and call, then sequence and acknowledgement as the flags say. It carries PPP only.
fn pptp(flags: u16, mut reader: Reader<'_>) -> Step<'_> {
    let length = usize::from(reader.u16()?);
    reader.take(2)?;
    if flags & SEQUENCE != 0 {
        reader.take(4)?;
    }
    if flags & ACKNOWLEDGEMENT != 0 {
        reader.take(4)?;
    }
    match reader.rest().get(..length).unwrap_or(reader.rest()) {
        // A mere acknowledgement.
        [] => Err(Undecoded::TunnelControl),
        payload => Ok((Kind::Ppp, payload)),
    }
}

/// What the protocol type announces: an EtherType, with additions of vendors.
fn payload<'a>(protocol: u16, numbered: bool, mut reader: Reader<'a>, worn: &mut Worn) -> Step<'a> {
    match protocol {
        // Type I is bare Ethernet; type II numbers its packets and adds a header of eight bytes.
        0x88be => {
            worn.wear(Encapsulation::Erspan);
            if numbered {
                reader.take(8)?;
            }
            Ok((Kind::Ethernet, reader.rest()))
        }
        0x22eb => erspan_3(reader, worn),
        // WCCP 2 puts a redirect header of four bytes before IP.
        0x883e => {
            if reader.rest().first().is_some_and(|first| first >> 4 != 4) {
                reader.take(4)?;
            }
            Ok((Kind::Ipv4, reader.rest()))
        }
        // A keep-alive carries nothing but the way back.
        0x0000 => Err(Undecoded::TunnelControl),
        // Access points of Aruba tunnel 802.11 frames.
        0x8200..=0x83ff => Ok((Kind::Wlan, reader.rest())),
        _ => Ok((Kind::EtherType(protocol), reader.rest())),
    }
}

/// ERSPAN type III: twelve bytes, and eight more where the last bit of them says so.
fn erspan_3<'a>(mut reader: Reader<'a>, worn: &mut Worn) -> Step<'a> {
    const SUBHEADER: u8 = 0x01;
    const FRAME_TYPE_IP: u8 = 2;
    worn.wear(Encapsulation::Erspan);
    let &[_, _, _, _, _, _, _, _, _, _, frame_type, options] = reader.array()?;
    if options & SUBHEADER != 0 {
        reader.take(8)?;
    }
    match frame_type >> 2 & 0x1f {
        FRAME_TYPE_IP => Ok((Kind::Ip, reader.rest())),
        _ => Ok((Kind::Ethernet, reader.rest())),
    }
}

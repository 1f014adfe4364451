//! Link layers: the LINKTYPE of a capture says which, and each says what lies in its frames.
//!
//! Layouts as tcpdump.org's list of LINKTYPE values describes them. Ethernet has a file of its own.

use types::{Layer, Reader};

use crate::layers::{Encapsulation, Kind, Step, Undecoded, Worn};

/// LINKTYPE values this room reads. `link` names the common ones; the numbers are what files hold.
pub(crate) mod linktype {
    pub(crate) const NULL: u16 = 0;
    pub(crate) const ETHERNET: u16 = 1;
    pub(crate) const PPP: u16 = 9;
    pub(crate) const DLT_RAW: u16 = 12;
    pub(crate) const DLT_RAW_OPENBSD: u16 = 14;
    pub(crate) const PPP_HDLC: u16 = 50;
    pub(crate) const PPP_ETHER: u16 = 51;
    pub(crate) const ATM_RFC1483: u16 = 100;
    pub(crate) const RAW: u16 = 101;
    pub(crate) const C_HDLC: u16 = 104;
    pub(crate) const IEEE802_11: u16 = 105;
    pub(crate) const LOOP: u16 = 108;
    pub(crate) const LINUX_SLL: u16 = 113;
    pub(crate) const IEEE802_11_RADIOTAP: u16 = 127;
    pub(crate) const USER2: u16 = 149;
    pub(crate) const PPP_PPPD: u16 = 166;
    pub(crate) const PPP_WITH_DIR: u16 = 204;
    pub(crate) const MPLS: u16 = 219;
    pub(crate) const IPV4: u16 = 228;
    pub(crate) const IPV6: u16 = 229;
    pub(crate) const NFLOG: u16 = 239;
    pub(crate) const PKTAP: u16 = 258;
    pub(crate) const LINUX_SLL2: u16 = 276;
}

/// Most attributes of a netfilter log that are stepped over; the kernel writes about a dozen.
const NFLOG_ATTRIBUTES_MAX: usize = 64;

/// Most words of radiotap's field bitmap; two are common, one for each antenna more.
const RADIOTAP_WORDS_MAX: usize = 16;

/// Reads the header of a frame of link type `link`.
pub(crate) fn frame<'a>(link: u16, bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    match link {
        linktype::ETHERNET => Ok((Kind::Ethernet, bytes)),
        linktype::NULL | linktype::LOOP => loopback(bytes, worn),
        linktype::RAW | linktype::DLT_RAW | linktype::DLT_RAW_OPENBSD => {
            worn.wear(Encapsulation::RawIp);
            Ok((Kind::Ip, bytes))
        }
        linktype::IPV4 => Ok((Kind::Ipv4, bytes)),
        linktype::IPV6 => Ok((Kind::Ipv6, bytes)),
        linktype::LINUX_SLL => linux_cooked(bytes, worn),
        linktype::LINUX_SLL2 => linux_cooked_2(bytes, worn),
        linktype::PPP | linktype::PPP_HDLC | linktype::PPP_PPPD => serial(bytes),
        linktype::PPP_WITH_DIR => serial(bytes.get(1..).unwrap_or_default()),
        linktype::PPP_ETHER => crate::ethernet::pppoe(bytes, worn),
        linktype::C_HDLC => cisco_hdlc(bytes),
        linktype::ATM_RFC1483 => Ok((Kind::Llc, bytes)),
        linktype::MPLS => Ok((Kind::Mpls, bytes)),
        linktype::NFLOG => netfilter_log(bytes, worn),
        linktype::PKTAP | linktype::USER2 => pktap(bytes, worn),
        linktype::IEEE802_11 => Ok((Kind::Wlan, bytes)),
        linktype::IEEE802_11_RADIOTAP => radiotap(bytes, worn),
        _ => Err(Undecoded::LinkType),
    }
}

/// BSD loopback: an address family as the capturing host orders bytes, so both orders are read. AF_INET6 differs
/// between systems: 10 Linux, 24 NetBSD and OpenBSD, 28 FreeBSD, 30 Darwin.
fn loopback<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let mut reader = Reader::new(Layer::Link, bytes);
    let family = reader.u32()?;
    worn.wear(Encapsulation::BsdNull);
    match family.min(family.swap_bytes()) {
        2 => Ok((Kind::Ipv4, reader.rest())),
        10 | 24 | 28 | 30 => Ok((Kind::Ipv6, reader.rest())),
        _ => Err(Undecoded::NotIp),
    }
}

/// What ARPHRD_ types of the cooked headers put before the protocol's payload.
fn cooked(hardware: u16, protocol: u16, rest: &[u8]) -> Step<'_> {
    match (hardware, protocol) {
        (778, _) => Ok((Kind::Gre, rest)),
        (801, _) => Ok((Kind::Wlan, rest)),
        (803, _) => Ok((Kind::Link(linktype::IEEE802_11_RADIOTAP), rest)),
        // AF_NETLINK and CAN carry no network packets.
        (824 | 280, _) => Err(Undecoded::NotIp),
        (_, 0x0004) => Ok((Kind::Llc, rest)),
        (_, 0x0000..=0x05ff) => Err(Undecoded::NotIp),
        _ => Ok((Kind::EtherType(protocol), rest)),
    }
}

/// Linux cooked capture, version 1.
fn linux_cooked<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let mut reader = Reader::new(Layer::Link, bytes);
    let &[_, _, hardware_high, hardware_low, _, _, _, _, _, _, _, _, _, _, high, low] = reader.array::<16>()?;
    worn.wear(Encapsulation::LinuxSll);
    cooked(u16::from_be_bytes([hardware_high, hardware_low]), u16::from_be_bytes([high, low]), reader.rest())
}

/// Linux cooked capture, version 2.
fn linux_cooked_2<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let mut reader = Reader::new(Layer::Link, bytes);
    let protocol = reader.u16()?;
    let &[_, _, _, _, _, _, high, low] = reader.array::<8>()?;
    reader.take(10)?;
    worn.wear(Encapsulation::LinuxSll);
    cooked(u16::from_be_bytes([high, low]), protocol, reader.rest())
}

/// PPP on a serial line: Cisco HDLC shares the line's link type and differs in its address byte (RFC 1547 §4.3.1).
fn serial(bytes: &[u8]) -> Step<'_> {
    match bytes {
        [0x0f | 0x8f, 0x00, ..] => cisco_hdlc(bytes),
        // pppd writes the direction, 0 or 1, over the address byte.
        [0x00 | 0x01, 0x03, rest @ ..] => Ok((Kind::Ppp, rest)),
        _ => Ok((Kind::Ppp, bytes)),
    }
}

/// Cisco HDLC: address, control, EtherType.
fn cisco_hdlc(bytes: &[u8]) -> Step<'_> {
    let mut reader = Reader::new(Layer::Link, bytes);
    reader.take(2)?;
    let protocol = reader.u16()?;
    Ok((Kind::EtherType(protocol), reader.rest()))
}

/// Linux netfilter log: attributes whose lengths and types the capturing host wrote in its own byte order, which shows
/// in the first of them; the one that holds the packet comes last.
fn netfilter_log<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    const PAYLOAD: u16 = 9;
    let mut reader = Reader::new(Layer::Link, bytes);
    reader.take(4)?;
    worn.wear(Encapsulation::Nflog);
    let little = reader.rest().first_chunk().is_some_and(|&first: &[u8; 2]| u16::from_le_bytes(first) < 0x0100);
    let word = |reader: &mut Reader<'a>| {
        reader.array().map(|&word| if little { u16::from_le_bytes(word) } else { u16::from_be_bytes(word) })
    };
    for _ in 0..NFLOG_ATTRIBUTES_MAX {
        let length = usize::from(word(&mut reader)?);
        let kind = word(&mut reader)?;
        let length = length.checked_sub(4).ok_or(Undecoded::Malformed)?;
        if kind == PAYLOAD {
            return Ok((Kind::Ip, reader.rest().get(..length).unwrap_or(reader.rest())));
        }
        reader.take(length.next_multiple_of(4))?;
    }
    Err(Undecoded::Malformed)
}

/// Darwin's packets with metadata, whose header names the link type of what follows. It also travels as LINKTYPE_USER2,
/// which is anybody's: there it must look the part.
fn pktap<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    const PACKET: u32 = 1;
    let mut reader = Reader::new(Layer::Link, bytes);
    let mut word = || reader.array().map(|&word| u32::from_le_bytes(word));
    let (length, record, link) = (word()?, word()?, word()?);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let (true, Ok(link), Some(rest)) = ((12..=1024).contains(&length), u16::try_from(link), bytes.get(length..)) else {
        return Err(Undecoded::LinkType);
    };
    if record != PACKET || link == linktype::PKTAP {
        return Err(Undecoded::LinkType);
    }
    worn.wear(Encapsulation::Pktap);
    Ok((Kind::Link(link), rest))
}

/// Radiotap: a header of little-endian fields, of which only the flags matter here: they tell whether the MAC header
/// of the frame is padded to four bytes.
fn radiotap<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    const TSFT: u32 = 1;
    const FLAGS: u32 = 1 << 1;
    const MORE_WORDS: u32 = 1 << 31;
    const PADDED: u8 = 0x20;
    let mut reader = Reader::new(Layer::Link, bytes);
    let &[version, _, low, high] = reader.array()?;
    if version != 0 {
        return Err(Undecoded::Malformed);
    }
    let frame = bytes.get(usize::from(u16::from_le_bytes([low, high]))..).ok_or(Undecoded::CutHeader)?;
    let present = u32::from_le_bytes(*reader.array()?);
    let mut last = present;
    for _ in 0..RADIOTAP_WORDS_MAX {
        if last & MORE_WORDS == 0 {
            break;
        }
        last = u32::from_le_bytes(*reader.array()?);
    }
    if present & TSFT != 0 {
        // The field is aligned to its own eight bytes, counted from the start of the header.
        reader.take(if reader.at().is_multiple_of(8) { 8 } else { 12 })?;
    }
    let padded = present & FLAGS != 0 && reader.u8()? & PADDED != 0;
    worn.wear(Encapsulation::Wlan);
    crate::wlan::frame(frame, padded)
}

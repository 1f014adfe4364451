//! Records of a pcap and the headers before a UDP payload, by hand.

use std::fmt;
use std::hint::black_box;

/// How far before a record is read its line is asked for. Where a record ends is known from its head alone, so without
/// this each head is waited for in turn.
const AHEAD: usize = 512;

/// The bytes are no classic pcap of this byte order with Ethernet frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACapture;

impl fmt::Display for NotACapture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a pcap of this byte order with Ethernet frames")
    }
}

impl std::error::Error for NotACapture {}

/// Walks the records: nanoseconds since the second of the first record, and the frame.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    rest: &'a [u8],
    since_secs: u32,
    /// Nanoseconds in a unit of the record's fraction.
    unit: u64,
}

impl<'a> Records<'a> {
    /// The records of a capture.
    pub fn of(capture: &'a [u8]) -> Result<Self, NotACapture> {
        let (head, rest) = capture.split_first_chunk::<24>().ok_or(NotACapture)?;
        let unit = match word(head, 0) {
            0xa1b2_c3d4 => 1_000,
            0xa1b2_3c4d => 1,
            _ => return Err(NotACapture),
        };
        if word(head, 20) != 1 {
            return Err(NotACapture);
        }
        let since_secs = rest.first_chunk::<16>().map_or(0, |head| word(head, 0));
        Ok(Self { rest, since_secs, unit })
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = (u64, &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if let Some(byte) = self.rest.get(AHEAD) {
            black_box(*byte);
        }
        let (head, rest) = self.rest.split_first_chunk::<16>()?;
        let (frame, rest) = rest.split_at_checked(word(head, 8) as usize)?;
        self.rest = rest;
        let secs = word(head, 0).wrapping_sub(self.since_secs);
        Some((u64::from(secs) * 1_000_000_000 + u64::from(word(head, 4)) * self.unit, frame))
    }
}

#[inline]
fn word<const N: usize>(bytes: &[u8; N], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk::<4>).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// A UDP payload and who sent it to whom.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'a> {
    /// Source address in the high half, destination in the low; IPv6 addresses folded into 32 bits.
    pub addresses: u64,
    /// Source port in the high half, destination in the low.
    pub ports: u32,
    /// The payload.
    pub payload: &'a [u8],
}

impl Datagram<'_> {
    /// The destination as a media table keys it.
    #[cfg(test)]
    fn destination(&self) -> u64 {
        (self.addresses & 0xffff_ffff) << 16 | u64::from(self.ports & 0xffff)
    }
}

/// The UDP datagram of an Ethernet frame with up to two tags, when it is one and whole.
#[inline]
pub fn datagram(frame: &[u8]) -> Option<Datagram<'_>> {
    let (ethernet, mut rest) = frame.split_first_chunk::<14>()?;
    let mut kind = u16::from_be_bytes([ethernet[12], ethernet[13]]);
    for _ in 0..2 {
        if kind != 0x8100 && kind != 0x88a8 {
            break;
        }
        let (tag, inner) = rest.split_first_chunk::<4>()?;
        kind = u16::from_be_bytes([tag[2], tag[3]]);
        rest = inner;
    }
    match kind {
        0x0800 => v4(rest),
        0x86dd => v6(rest),
        _ => None,
    }
}

#[inline]
fn v4(bytes: &[u8]) -> Option<Datagram<'_>> {
    let (ip, rest) = bytes.split_first_chunk::<20>()?;
    let fragment = u16::from_be_bytes([ip[6], ip[7]]) & 0x3fff;
    if ip[9] != 17 || fragment != 0 {
        return None;
    }
    let rest = if ip[0] == 0x45 { rest } else { rest.get(usize::from(ip[0] & 15).checked_sub(5)? * 4..)? };
    let [_, _, _, _, _, _, _, _, _, _, _, _, addresses @ ..] = *ip;
    udp(u64::from_be_bytes(addresses), rest)
}

fn v6(bytes: &[u8]) -> Option<Datagram<'_>> {
    let (ip, rest) = bytes.split_first_chunk::<40>()?;
    if ip[6] != 17 {
        return None;
    }
    let (_, addresses) = ip.split_last_chunk::<32>()?;
    let (source, destination) = addresses.split_first_chunk::<16>()?;
    let fold = |address: u128| (address ^ address >> 32 ^ address >> 64 ^ address >> 96) as u32;
    let destination = fold(u128::from_be_bytes(*destination.first_chunk::<16>()?));
    udp(u64::from(fold(u128::from_be_bytes(*source))) << 32 | u64::from(destination), rest)
}

#[inline]
fn udp(addresses: u64, bytes: &[u8]) -> Option<Datagram<'_>> {
    let (udp, rest) = bytes.split_first_chunk::<8>()?;
    let ports = u32::from_be_bytes([udp[0], udp[1], udp[2], udp[3]]);
    let length = usize::from(u16::from_be_bytes([udp[4], udp[5]])).checked_sub(8)?;
    Some(Datagram { addresses, ports, payload: rest.get(..length)? })
}

/// What a payload looks like from its first bytes.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// Version 2 and not one of RTCP's types (RFC 5761 §4): the fixed header.
    Rtp(&'a [u8; 12]),
    /// A letter: a method or `SIP/2.0`.
    Text,
    /// RTCP, STUN, keep-alives, the rest.
    Other,
}

/// Tells payloads apart.
#[inline]
pub fn kind(payload: &[u8]) -> Kind<'_> {
    match payload {
        [0x80..=0xbf, marked, ..] if !(192..224).contains(marked) => {
            payload.first_chunk().map_or(Kind::Other, Kind::Rtp)
        }
        [b'A'..=b'Z', ..] => Kind::Text,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_stepped_over() {
        let ethernet = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2];
        let ip = [0x45, 0, 0, 32, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
        let udp = [0x13, 0xc4, 0x40, 0, 0, 12, 0, 0, 0x80, 0, 0, 1];
        for tags in [&[][..], &[0x81, 0, 0, 7], &[0x88, 0xa8, 0, 7, 0x81, 0, 0, 8]] {
            let frame = [&ethernet[..], tags, &[8, 0], &ip, &udp, &[0; 14]].concat();
            let datagram = datagram(&frame).unwrap();
            assert_eq!(datagram.payload, [0x80, 0, 0, 1], "the frame's padding is not payload");
            assert_eq!((datagram.addresses, datagram.ports), (0xc000_0201_c000_0202, 0x13c4_4000));
            assert_eq!(datagram.destination(), 0xc000_0202_4000);
        }
    }
}

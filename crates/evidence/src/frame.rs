//! A message, or what is kept of a packet, under headers of UDP and IP: what stands for one whose frame is not kept.

use types::{Endpoint, Ip};

/// The protocol number of UDP.
const UDP: u8 = 17;

/// An IP packet (link type RAW).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What is kept of it.
    pub bytes: Vec<u8>,
    /// How long it was.
    pub length: usize,
}

/// An IP packet (link type RAW) that carries `payload` from one end to the other; nothing where the two are of different versions of IP or it
/// is too long for a datagram. Packets carry an identification each, so that two alike are not taken for copies of a mirror port.
#[must_use]
pub(crate) fn under_udp(source: Endpoint, destination: Endpoint, id: u16, payload: &[u8]) -> Option<Made> {
    cut_under_udp(source, destination, id, payload, payload.len())
}

/// The same where of a payload of `length` bytes only the first are kept: the headers say how long it was, and that nobody summed it up.
#[must_use]
pub fn cut_under_udp(source: Endpoint, destination: Endpoint, id: u16, payload: &[u8], length: usize) -> Option<Made> {
    let is_cut = payload.len() < length;
    let length = u16::try_from(length + 8).ok()?;
    let (from, to) = (address(source.ip), address(destination.ip));
    if from.len() != to.len() {
        return None;
    }
    let mut udp = Vec::with_capacity(payload.len() + 8);
    for word in [source.port, destination.port, length, 0] {
        udp.extend(word.to_be_bytes());
    }
    udp.extend_from_slice(payload);
    let pseudo: [&[u8]; 5] = [&from, &to, &[0, UDP], &length.to_be_bytes(), &udp];
    // RFC 768: a checksum of zero is sent as ones.
    let checksum = match sum(pseudo.into_iter().flatten().copied()) {
        _ if is_cut => 0,
        0 => 0xffff,
        checksum => checksum,
    };
    udp.splice(6..8, checksum.to_be_bytes());
    let mut packet = Vec::with_capacity(40 + udp.len());
    if from.len() == 4 {
        let total = length.checked_add(20)?;
        packet.extend([0x45, 0]);
        packet.extend(total.to_be_bytes());
        packet.extend(id.to_be_bytes());
        packet.extend([0, 0, 64, UDP, 0, 0]);
        packet.extend(from.iter().chain(&to));
        let checksum = sum(packet.iter().copied());
        packet.splice(10..12, checksum.to_be_bytes());
    } else {
        packet.extend([0x60, 0]);
        packet.extend(id.to_be_bytes());
        packet.extend(length.to_be_bytes());
        packet.extend([UDP, 64]);
        packet.extend(from.iter().chain(&to));
    }
    let length = packet.len() + usize::from(length);
    packet.extend(udp);
    Some(Made { bytes: packet, length })
}

/// The ends of a packet that was made here, and what it carries: the headers of IP without options and of UDP stand before that.
pub(crate) fn opened(frame: &[u8]) -> Option<(Endpoint, Endpoint, &[u8])> {
    let (source, destination, rest) = if frame.first()? >> 4 == 4 {
        let (header, rest) = frame.split_first_chunk::<20>()?;
        let [.., a, b, c, d, e, f, g, h] = *header;
        (Ip::v4([a, b, c, d]), Ip::v4([e, f, g, h]), rest)
    } else {
        let (header, rest) = frame.split_first_chunk::<40>()?;
        let (source, destination) = header.get(8..)?.split_first_chunk::<16>()?;
        (Ip::v6(*source), Ip::v6(*destination.first_chunk()?), rest)
    };
    let ([a, b, c, d, ..], payload) = rest.split_first_chunk::<8>()?;
    let port = |high: &u8, low: &u8| u16::from_be_bytes([*high, *low]);
    Some((Endpoint::new(source, port(a, b)), Endpoint::new(destination, port(c, d)), payload))
}

fn address(ip: Ip) -> Vec<u8> {
    match ip.into() {
        std::net::IpAddr::V4(ip) => ip.octets().to_vec(),
        std::net::IpAddr::V6(ip) => ip.octets().to_vec(),
    }
}

/// The checksum of RFC 1071.
fn sum(bytes: impl Iterator<Item = u8>) -> u16 {
    let (mut sum, mut high) = (0_u32, true);
    for byte in bytes {
        sum += u32::from(byte) << if high { 8 } else { 0 };
        sum = (sum & 0xffff) + (sum >> 16);
        high = !high;
    }
    !(sum as u16)
}

//! The same traffic over IPv6, every address the one that translators between both give it.

use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

/// RFC 6052 §2.1: the well-known prefix.
const PREFIX: [u16; 6] = [0x64, 0xff9b, 0, 0, 0, 0];

/// Bytes of an IPv4 header without options, and of UDP's.
const IPV4: usize = 20;
const UDP: usize = 8;

/// A datagram in IPv4 without options as one in IPv6, addresses in SDP with it; `None` for every other frame.
#[must_use]
pub fn over_ipv6(frame: &[u8]) -> Option<Vec<u8>> {
    let (macs, rest) = frame.split_at_checked(12)?;
    let tag = if rest.starts_with(&[0x81, 0]) { 4 } else { 0 };
    let (tag, rest) = rest.split_at_checked(tag)?;
    let packet = rest.strip_prefix(&[8, 0])?;
    let (header, datagram) = packet.split_at_checked(IPV4)?;
    let &[0x45, _, t0, t1, _, _, f0, f1, hops, 17, _, _, s0, s1, s2, s3, d0, d1, d2, d3] = header else { return None };
    // What follows the packet is padding.
    let datagram = datagram.get(..usize::from(u16::from_be_bytes([t0, t1])).checked_sub(IPV4)?)?;
    let (udp, payload) = datagram.split_at_checked(UDP)?;
    if u16::from_be_bytes([f0, f1]) & 0x3fff != 0 {
        return None;
    }
    let payload = match std::str::from_utf8(payload) {
        Ok(text) if text.contains("IN IP4 ") => in_text(text).into_bytes(),
        _ => payload.to_vec(),
    };
    let length = u16::try_from(UDP + payload.len()).ok()?.to_be_bytes();
    let address = |a, b, c, d| translated(Ipv4Addr::new(a, b, c, d)).octets();
    let header =
        [&[0x60, 0, 0, 0][..], &length, &[17, hops], &address(s0, s1, s2, s3), &address(d0, d1, d2, d3)].concat();
    Some([macs, tag, &[0x86, 0xdd], &header, udp.get(..4)?, &length, udp.get(6..)?, &payload].concat())
}

/// The address that stands for one of IPv4.
#[must_use]
pub fn translated(address: Ipv4Addr) -> Ipv6Addr {
    let [a, b, c, d] = address.octets();
    let [p0, p1, p2, p3, p4, p5] = PREFIX;
    Ipv6Addr::new(p0, p1, p2, p3, p4, p5, u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]))
}

/// A SIP message whose session description has other addresses, and another length for it.
fn in_text(text: &str) -> String {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return text.to_owned() };
    let mut other = String::with_capacity(body.len() * 2);
    for line in body.split_inclusive("\r\n") {
        let end = line.trim_end_matches("\r\n");
        let found = end.split_once("IN IP4 ").and_then(|(before, address)| Some((before, address.parse().ok()?)));
        let _ = match found {
            Some((before, address)) => write!(other, "{before}IN IP6 {}\r\n", translated(address)),
            None => other.write_str(line),
        };
    }
    let lines = head.split("\r\n").map(|line| match line.split_once(": ") {
        Some((name, _)) if name.eq_ignore_ascii_case("Content-Length") => format!("{name}: {}\r\n", other.len()),
        _ => format!("{line}\r\n"),
    });
    lines.collect::<String>() + "\r\n" + &other
}

//! The grammar that every line of SDP shares: lines, tokens, numbers, addresses. Meaning is left to the callers.

use std::net::Ipv6Addr;

use types::Ip;

use crate::scan::{Break, Breaks, find};
use crate::text::leading_number;

/// Lines read in one description; a session of 60 WebRTC participants has about 3,000.
pub(super) const LINES_MAX: u32 = 4_096;

/// The lines of a stretch of SDP, without their ends; empty ones are left out.
///
/// Lenient: CR LF, a bare LF and a bare CR all end a line (fixtures/sdp/bare-lf.sdp).
#[derive(Clone, Debug)]
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    breaks: Breaks<'a>,
    /// Where the line read last starts.
    start: usize,
    /// Where what follows it starts.
    after: usize,
    left: u32,
}

impl<'a> Lines<'a> {
    #[inline]
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, breaks: Breaks::new(bytes), start: 0, after: 0, left: LINES_MAX }
    }

    /// Where the line read last starts.
    pub(super) const fn start(&self) -> usize {
        self.start
    }

    /// Where what lies behind the line read last starts.
    pub(super) const fn after(&self) -> usize {
        self.after
    }

    /// Whether `bytes` more surely hold no more lines than are read.
    pub(super) const fn has_room(&self, bytes: usize) -> bool {
        self.left as usize > bytes
    }

    /// Passes over what is left.
    pub(super) const fn pass_all(&mut self) {
        self.after = self.bytes.len();
    }

    /// Whether lines were left unread because there are more than [`LINES_MAX`].
    pub(super) const fn cut(&self) -> bool {
        self.left == 0 && self.after < self.bytes.len()
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    #[inline(always)] // It is called for every line of every description, and as a call it costs as much again.
    fn next(&mut self) -> Option<&'a [u8]> {
        while self.after < self.bytes.len() && self.left > 0 {
            let start = self.after;
            let end = self.breaks.next().unwrap_or(Break { at: self.bytes.len(), after: self.bytes.len() });
            let line = self.bytes.get(start..end.at)?;
            self.after = end.after;
            if !line.is_empty() {
                self.start = start;
                self.left -= 1;
                return Some(line);
            }
        }
        None
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES << 7;

/// The type of a line, in lower case, and its value. Lenient: capitals, and blanks before the type.
#[inline]
pub(super) fn typed(line: &[u8]) -> Option<(u8, &[u8])> {
    match line {
        [letter, b'=', value @ ..] if letter.is_ascii_alphabetic() => Some((letter | 0x20, value)),
        _ => match line.trim_ascii_start() {
            [letter, b'=', value @ ..] if letter.is_ascii_alphabetic() => Some((letter | 0x20, value)),
            _ => None,
        },
    }
}

const LOWER: u64 = ONES * 0x20;

/// The name of an attribute as one number: up to 8 bytes in lower case as they are, so that a `match` is a few comparisons;
/// of longer names the first 8 and the last 8 folded together, and the length.
pub(super) const fn key(name: &[u8]) -> u64 {
    let (Some(head), Some(tail)) = (name.first_chunk::<8>(), name.last_chunk::<8>()) else {
        let (mut key, mut shift, mut rest) = (0, 0, name);
        while let [byte, tail @ ..] = rest {
            key |= ((*byte | 0x20) as u64) << shift;
            shift += 8;
            rest = tail;
        }
        return key;
    };
    let (head, tail) = (u64::from_le_bytes(*head) | LOWER, u64::from_le_bytes(*tail) | LOWER);
    if name.len() == 8 { head } else { head ^ tail.rotate_left(29) ^ name.len() as u64 }
}

pub(super) const RTPMAP: u64 = key(b"rtpmap");
pub(super) const FMTP: u64 = key(b"fmtp");

/// The key of an attribute's name, and its value: [`attribute`] for the first pass, in one step for short names.
#[inline]
pub(super) fn keyed(text: &[u8]) -> (u64, &[u8]) {
    if let Some((head, after)) = text.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*head);
        let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
        let end = zeros(word ^ (ONES * b':' as u64)) | zeros(word ^ (ONES * b' ' as u64));
        if end == 0 && after.is_empty() {
            return (word | LOWER, after);
        }
        if end != 0 {
            let bits = end.trailing_zeros() & !7;
            let value = text.get(bits as usize / 8..).unwrap_or_default();
            return ((word | LOWER) & ((1 << bits) - 1), trim(value.strip_prefix(b":").unwrap_or(value)));
        }
    }
    let (name, value) = attribute(text);
    (key(name), value)
}

/// Without white space at either end, for which there is nearly always nothing to do.
#[inline]
pub(super) const fn trim(text: &[u8]) -> &[u8] {
    match text {
        [first, .., last] if *first > b' ' && *last > b' ' => text,
        _ => text.trim_ascii(),
    }
}

/// The name and the value of an attribute (`a=name:value`); the value is empty for a flag.
#[inline]
pub(super) fn attribute(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| matches!(byte, b':' | b' ' | b'\t')).unwrap_or(text.len());
    let (name, value) = text.split_at_checked(end).unwrap_or((text, &[]));
    (name, trim(value.strip_prefix(b":").unwrap_or(value)))
}

/// The values of every attribute called `name` in `lines`, in order.
pub(super) fn attributes<'a>(lines: &'a [u8], name: &'static [u8]) -> impl Iterator<Item = &'a [u8]> + Clone {
    Lines::new(lines).filter_map(move |line| {
        let (b'a', text) = typed(line)? else { return None };
        let (found, value) = attribute(text);
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}

/// What stands between blanks.
pub(super) fn tokens(text: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    text.split(|byte| matches!(byte, b' ' | b'\t')).filter(|token| !token.is_empty())
}

/// The first token and what follows it.
#[inline]
pub(super) fn token(text: &[u8]) -> (&[u8], &[u8]) {
    let text = text.trim_ascii_start();
    let end = find([b' ', b'\t'], text).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, &[]))
}

/// A decimal number and nothing else; `None` above `u64::MAX` too.
pub(super) fn decimal(digits: &[u8]) -> Option<u64> {
    let mut value = None;
    for &digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = Some(value.unwrap_or(0_u64).checked_mul(10)?.checked_add(u64::from(digit))?);
    }
    value
}

/// A decimal number that fits `T`.
pub(super) fn number<T: TryFrom<u64>>(digits: &[u8]) -> Option<T> {
    decimal(digits).and_then(|value| T::try_from(value).ok())
}

/// The decimal number that `text` begins with; what follows it is left alone (`20 ms`, `101;x`, `2/1`).
pub(super) fn leading<T: TryFrom<u64>>(text: &[u8]) -> Option<T> {
    leading_number(text).and_then(|(value, _)| T::try_from(value).ok())
}

/// An address literal; `None` for a host name. A multicast TTL or a zone behind it is left alone, and so is what the
/// address type says, since senders write `IP4` before IPv6 literals.
pub(super) fn address(text: &[u8]) -> Option<Ip> {
    v4(text).or_else(|| {
        let text = text.strip_prefix(b"[").unwrap_or(text);
        let end = text.iter().position(|byte| matches!(byte, b'/' | b'%' | b']')).unwrap_or(text.len());
        let literal = text.get(..end).filter(|literal| literal.contains(&b':'))?;
        let v6: Ipv6Addr = std::str::from_utf8(literal).ok()?.parse().ok()?;
        Some(Ip::v6(v6.octets()))
    })
}

/// A dotted quad, perhaps with a `/ttl`. Lenient: leading zeros (`192.000.002.001`) are decimal.
fn v4(text: &[u8]) -> Option<Ip> {
    let (mut bits, mut rest) = (0_u32, text);
    for place in 0..4 {
        let (octet, after) = octet(rest)?;
        bits = bits << 8 | u32::from(octet);
        rest = match (place, after) {
            (3, [] | [b'/', ..]) => return Some(Ip::v4(bits.to_be_bytes())),
            (..3, [b'.', after @ ..]) => after,
            _ => return None,
        };
    }
    None
}

/// One to three digits of a dotted quad, and what follows them.
#[inline]
fn octet(text: &[u8]) -> Option<(u8, &[u8])> {
    let digit = |byte: u8| Some(u32::from(byte.wrapping_sub(b'0'))).filter(|&digit| digit < 10);
    let [first, rest @ ..] = text else { return None };
    let mut value = digit(*first)?;
    let mut rest = rest;
    for _ in 0..2 {
        let [byte, after @ ..] = rest else { break };
        let Some(digit) = digit(*byte) else { break };
        value = value * 10 + digit;
        rest = after;
    }
    Some((u8::try_from(value).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let check = |text: &str, shown: Option<&str>| {
            assert_eq!(address(text.as_bytes()).map(|ip| ip.to_string()).as_deref(), shown, "{text}");
        };
        check("192.0.2.1", Some("192.0.2.1"));
        check("192.000.002.001", Some("192.0.2.1"));
        check("233.252.0.1/127/3", Some("233.252.0.1"));
        check("2001:db8::1", Some("2001:db8::1"));
        check("[2001:db8::1]", Some("2001:db8::1"));
        check("fe80::1%eth0", Some("fe80::1"));
        for none in [
            "",
            "192.0.2",
            "192.0.2.256",
            "192.0.2.0001",
            "192.0.2.1.",
            "192.0.2.",
            "192.0.2.1x",
            "192..2.1",
            "1.2.3.4.5",
            "phone.example",
            "2001:db8",
            "::g",
        ] {
            check(none, None);
        }
    }

    #[test]
    fn lines_end_as_senders_end_them() {
        for text in ["v=0\r\ns=-\r\n", "v=0\ns=-", "v=0\r\rs=-\r", "\n\nv=0\r\n\r\ns=-\n\r"] {
            assert_eq!(Lines::new(text.as_bytes()).collect::<Vec<_>>(), [b"v=0", b"s=-"], "{text:?}");
        }
    }
}

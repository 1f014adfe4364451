//! The words that make a call unique, in the shape each maker gives them.

use std::io::Write;
use std::net::IpAddr;

use types::Endpoint;

use crate::random::mix;
use crate::stacks::vendor;

pub(crate) const HEX: &[u8; 16] = b"0123456789abcdef";
const LARGE_HEX: &[u8; 16] = b"0123456789ABCDEF";
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab";

/// Writes the Call-ID of a call whose sender stands at `gate`.
pub(crate) fn call_id(maker: u8, token: u64, gate: Endpoint, out: &mut Vec<u8>) {
    let more = mix(token, 0x6964);
    match maker {
        vendor::EXCHANGE => {
            hex(token, 16, HEX, out);
            hex(more, 16, HEX, out);
            host(gate, out);
        }
        vendor::SWITCH => {
            hex(token, 8, HEX, out);
            out.push(b'-');
            hex(token >> 32, 8, HEX, out);
            out.extend_from_slice(b"-13c4-");
            hex(more, 8, HEX, out);
            host(gate, out);
        }
        vendor::BORDER => {
            out.extend_from_slice(b"SDx");
            letters(token, 10, out);
            letters(more, 10, out);
            host(gate, out);
        }
        vendor::PHONE => {
            hex(token, 12, HEX, out);
            out.push(b'-');
            letters(more, 12, out);
        }
        vendor::DIALLER => uuid(token, more, HEX, out),
        vendor::CLOUD => {
            letters(token, 10, out);
            letters(more, 10, out);
            letters(mix(more, 1), 4, out);
            out.extend_from_slice(b"..");
        }
        vendor::GATEWAY => {
            decimal(token % 10_000_000_000, out);
            host(gate, out);
        }
        _ => {
            uuid(token, more, LARGE_HEX, out);
            host(gate, out);
        }
    }
}

/// Writes what follows the cookie of a branch.
pub(crate) fn branch(maker: u8, word: u64, out: &mut Vec<u8>) {
    match maker {
        vendor::EXCHANGE => lettered(word, 8, HEX, out),
        vendor::SWITCH => {
            out.push(b'-');
            lettered(word, 16, LARGE_HEX, out);
        }
        vendor::BORDER => {
            lettered(word, 10, HEX, out);
            out.extend_from_slice(b".1-");
            hex(word >> 40, 6, HEX, out);
        }
        vendor::PHONE => decimal(1_000_000_000 + word % 3_000_000_000, out),
        vendor::DIALLER => letters(word, 13, out),
        vendor::CLOUD => uuid(word, mix(word, 1), HEX, out),
        vendor::GATEWAY => decimal(100_000_000 + word % 800_000_000, out),
        _ => lettered(word, 7, LARGE_HEX, out),
    }
}

/// Writes a tag.
pub(crate) fn tag(maker: u8, word: u64, out: &mut Vec<u8>) {
    match maker {
        vendor::EXCHANGE => {
            out.extend_from_slice(b"as");
            lettered(word, 8, HEX, out);
        }
        vendor::SWITCH => {
            lettered(word, 8, HEX, out);
            out.push(b'-');
            decimal(10_000 + (word >> 32) % 80_000, out);
        }
        vendor::BORDER => {
            out.extend_from_slice(b"SDx");
            letters(word, 7, out);
            out.push(b'-');
        }
        vendor::PHONE | vendor::GATEWAY => decimal(100_000_000 + word % 3_000_000_000, out),
        vendor::DIALLER => letters(word, 13, out),
        vendor::CLOUD => uuid(word, mix(word, 2), HEX, out),
        _ => {
            lettered(word, 7, LARGE_HEX, out);
            out.push(b'-');
            hex(word >> 28, 3, LARGE_HEX, out);
        }
    }
}

/// Writes hexadecimal digits of which the first is a letter. Real makers leave it to chance, and one short token of thirty
/// then looks decimal; here a stack looks the same in every call.
fn lettered(word: u64, digits: u32, alphabet: &[u8; 16], out: &mut Vec<u8>) {
    let top = 4 * (digits - 1);
    let first = 10 + (word >> top & 15) % 6;
    hex(word & !(15 << top) | first << top, digits, alphabet, out);
}

/// Writes so many hexadecimal digits.
pub(crate) fn hex(word: u64, digits: u32, alphabet: &[u8; 16], out: &mut Vec<u8>) {
    let digit = |place: u32| alphabet.get((word >> (4 * place) & 15) as usize).copied().unwrap_or(b'0');
    out.extend((0..digits).rev().map(digit));
}

/// Writes so many letters and digits; the first three are one of each kind, so that no token looks like another maker's.
pub(crate) fn letters(word: u64, count: u32, out: &mut Vec<u8>) {
    let letter = |place: u32| {
        let index = word.rotate_right(6 * place) & 63;
        let index = match place {
            // Past F and f, which a hexadecimal number may hold too.
            0 => 6 + index % 20,
            1 => 32 + index % 20,
            2 => 52 + index % 10,
            _ => index,
        };
        LETTERS.get(index as usize).copied().unwrap_or(b'A')
    };
    out.extend((0..count).map(letter));
}

/// Writes a number.
pub(crate) fn decimal(number: u64, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let (mut left, mut count) = (number, 0);
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
        count += 1;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(20 - count..).unwrap_or_default());
}

fn uuid(one: u64, other: u64, alphabet: &[u8; 16], out: &mut Vec<u8>) {
    for (word, digits) in [(one, 8), (one >> 32, 4), (one >> 48, 4), (other, 4), (other >> 16, 12)] {
        if digits != 8 {
            out.push(b'-');
        }
        hex(word, digits, alphabet, out);
    }
}

fn host(gate: Endpoint, out: &mut Vec<u8>) {
    out.push(b'@');
    address(gate, out);
}

/// Writes an address, one of version 6 in brackets.
pub(crate) fn address(gate: Endpoint, out: &mut Vec<u8>) {
    match IpAddr::from(gate.ip) {
        IpAddr::V4(v4) => {
            for (place, byte) in v4.octets().into_iter().enumerate() {
                if place != 0 {
                    out.push(b'.');
                }
                decimal(u64::from(byte), out);
            }
        }
        // Writing to memory does not fail.
        IpAddr::V6(v6) => drop(write!(out, "[{v6}]")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Ip;

    fn check(maker: u8, expected: &str) {
        let mut out = Vec::new();
        call_id(maker, 0x0123_4567_89ab_cdef, Endpoint::new(Ip::v4([192, 0, 2, 1]), 5060), &mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with(expected), "{maker}: {text}");
    }

    #[test]
    fn every_maker_has_its_own_shape() {
        check(vendor::EXCHANGE, "0123456789abcdef");
        check(vendor::SWITCH, "89abcdef-01234567-13c4-");
        check(vendor::DIALLER, "89abcdef-4567-0123-");
        let mut out = Vec::new();
        address(Endpoint::new(Ip::v6([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), 1), &mut out);
        decimal(1_020, &mut out);
        assert_eq!(out, b"[2001:db8::1]1020");
    }
}

//! T.38 fax over UDPTL, which has neither magic nor version: only its framing speaks for it.

/// Secondary packets or parity entries that a datagram may repeat; T.38 gateways send up to three or so.
const RECOVERY_MAX: u8 = 16;

/// Whether a payload is framed as UDPTL (ITU-T T.38 §9.1): a sequence number, a primary packet of the stated length,
/// and error recovery that ends where the datagram does.
///
/// Much else can look like this once in a while; the caller asks where signalling announced `udptl`.
#[must_use]
pub fn is_udptl(payload: &[u8]) -> bool {
    let Some((_sequence, rest)) = payload.split_first_chunk::<2>() else { return false };
    match after_octets(rest).and_then(<[u8]>::split_first) {
        Some((0x00, [count, secondaries @ ..])) => strings_end(secondaries, *count),
        // Parity: a span, whose own length is one, then entries.
        Some((0x80, [1, _span, count, parity @ ..])) => strings_end(parity, *count),
        _ => false,
    }
}

/// What follows a string of octets with its length, which takes two bytes from 128 on (X.691 §10.9); `None` for a
/// string of none.
fn after_octets(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = match bytes {
        [short @ 1..=0x7f, rest @ ..] => (usize::from(*short), rest),
        [high @ 0x80..=0xbf, low, rest @ ..] => (usize::from(high & 0x3f) << 8 | usize::from(*low), rest),
        _ => return None,
    };
    rest.get(length..)
}

fn strings_end(mut rest: &[u8], count: u8) -> bool {
    if count > RECOVERY_MAX {
        return false;
    }
    for _ in 0..count {
        let Some(next) = after_octets(rest) else { return false };
        rest = next;
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn framing_must_add_up() {
        for (bytes, udptl) in [
            (&[0, 1, 1, 0x06, 0x00, 0x00][..], true), // no-signal indicator alone
            (&[0, 2, 1, 0x06, 0x00, 1, 1, 0x06], true),
            (&[0, 2, 1, 0x06, 0x80, 1, 3, 1, 1, 0x06], true),
            (&[[0, 3, 0x80, 0x80].as_slice(), &[7; 128], &[0x00, 0x00]].concat(), true),
            (&[0, 2, 1, 0x06, 0x00, 2, 1, 0x06], false),
            (&[0, 1, 0, 0x00, 0x00], false),
            (&[0, 1, 9, 0x06, 0x00, 0x00], false),
            (&[0, 1], false),
        ] {
            assert_eq!(is_udptl(bytes), udptl, "{bytes:?}");
        }
    }
}

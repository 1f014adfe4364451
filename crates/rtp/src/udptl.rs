//! T.38 fax over UDPTL, which has neither magic nor version: only its framing speaks for it.

/// Secondary packets or parity entries that a datagram may repeat; T.38 gateways send up to three or so.
const RECOVERY_MAX: usize = 16;

/// Whether a payload is framed as UDPTL (ITU-T T.38 §9.1): a sequence number, a primary packet of the stated length,
/// and error recovery that ends where the datagram does.
///
/// Much else can look like this once in a while; the caller asks where signalling announced `udptl`.
#[must_use]
pub fn is_udptl(payload: &[u8]) -> bool {
    let Some(([_, _, primary], rest)) = payload.split_first_chunk::<3>() else { return false };
    // Lengths over 127 take two bytes (X.691 §10.9); an internet fax packet is far shorter.
    let Some(rest) = (*primary > 0 && *primary < 128).then(|| rest.get(usize::from(*primary)..)).flatten() else {
        return false;
    };
    match rest.split_first() {
        Some((0x00, secondaries)) => secondaries.split_first().is_some_and(|(&count, rest)| packets_end(rest, count)),
        // Parity: a span, whose own length is one, then entries.
        Some((0x80, fec)) => matches!(fec, [1, _, count, entries @ ..] if packets_end(entries, *count)),
        _ => false,
    }
}

fn packets_end(mut rest: &[u8], count: u8) -> bool {
    if usize::from(count) > RECOVERY_MAX {
        return false;
    }
    for _ in 0..count {
        let Some((&length, behind)) = rest.split_first() else { return false };
        let Some(next) = behind.get(usize::from(length)..).filter(|_| length < 128) else { return false };
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
            (&[0, 2, 1, 0x06, 0x00, 2, 1, 0x06], false),
            (&[0, 1, 0, 0x00, 0x00], false),
            (&[0, 1, 9, 0x06, 0x00, 0x00], false),
            (&[0, 1], false),
        ] {
            assert_eq!(is_udptl(bytes), udptl, "{bytes:?}");
        }
    }
}

//! MGCP (RFC 3435): what a datagram of it looks like.

use crate::text::{Lines, words};

/// The verbs of RFC 3435 §2.3 and RFC 2705.
const VERBS: [&[u8; 4]; 10] =
    [b"EPCF", b"CRCX", b"MDCX", b"DLCX", b"RQNT", b"NTFY", b"AUEP", b"AUCX", b"RSIP", b"MESG"];

/// Digits of a transaction identifier at most (RFC 3435 §3.2.1.2: up to 999,999,999).
const TRANSACTION_DIGITS_MAX: usize = 9;

/// How many messages a datagram holds: one, or several between which stand lines with a dot (RFC 3435 §3.5.5).
/// 0 where the first is not MGCP.
pub(crate) fn messages(text: &[u8]) -> u32 {
    // Three digits or four letters, then a blank: what else comes here is told before its first line is searched for.
    if !matches!(text, [_, _, _, b' ' | b'\t', ..] | [_, _, _, _, b' ' | b'\t', ..]) {
        return 0;
    }
    let mut lines = Lines::new(text).peekable();
    let mut messages = 0;
    while let Some(first) = lines.next() {
        let mut answers = || is_response(first) && lines.peek().is_none_or(|line| may_follow(line));
        if !(is_command(first) || answers()) {
            break;
        }
        messages += 1;
        // What follows the dot is the next message; nothing else ends this one.
        if !lines.any(|line| line == b".") {
            break;
        }
    }
    messages
}

/// `CRCX 1204 aaln/1@gw.example.net MGCP 1.0`.
fn is_command(line: &[u8]) -> bool {
    let mut words = words(line);
    words.next().is_some_and(is_verb)
        && words.next().is_some_and(is_transaction)
        && words.next().is_some()
        && words.next().is_some_and(|word| word.eq_ignore_ascii_case(b"MGCP"))
        && words.next().is_some_and(|version| matches!(version, [b'0'..=b'9', b'.', b'0'..=b'9', ..]))
}

/// `200 1204 OK`: three digits and a transaction.
fn is_response(line: &[u8]) -> bool {
    let mut words = words(line);
    let Some(&[hundreds, tens, ones]) = words.next() else { return false };
    // RFC 3435 §2.4: acknowledged (000), provisional, success, transient, permanent, of a package, of the endpoint.
    matches!(hundreds, b'0' | b'1' | b'2' | b'4' | b'5' | b'8' | b'9')
        && tens.is_ascii_digit()
        && ones.is_ascii_digit()
        && words.next().is_some_and(is_transaction)
        && line.iter().all(|byte| !byte.is_ascii_control() || *byte == b'\t')
}

/// Whether a line may come second in a response: none, the end of the message, or a parameter such as `I: 7c`.
fn may_follow(line: &[u8]) -> bool {
    let name = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"-+_/.*".contains(byte)).count();
    line.trim_ascii().is_empty() || line == b"." || name > 0 && line.get(name) == Some(&b':')
}

fn is_verb(word: &[u8]) -> bool {
    let is_known = VERBS.iter().any(|verb| word.eq_ignore_ascii_case(*verb));
    // RFC 3435 §3.2.1.1: verbs of experiments begin with an X.
    is_known
        || matches!(word, [b'X' | b'x', rest @ ..] if rest.len() == 3 && rest.iter().all(u8::is_ascii_alphanumeric))
}

fn is_transaction(word: &[u8]) -> bool {
    word.len() <= TRANSACTION_DIGITS_MAX && word.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: u32) {
        assert_eq!(messages(text.as_bytes()), expected, "{text:?}");
    }

    #[test]
    fn commands_and_responses() {
        check("RQNT 1 *@gw.example.net MGCP 0.1\nR: l/hd(n)\nX: 1", 1);
        check("crcx 1 aaln/1@gw mgcp 1.0 NCS 1.0\r\n", 1);
        check("XNEW 1 gw MGCP 1.0\rX: 1\r", 1);
        check("200 1203 OK\r\nI: FDE234C8\r\n\r\nv=0\r\n", 1);
        check("200 81 \n", 1);
        check("510 1 Protocol Error", 1);
        check("200 1 OK\n.\nNTFY 2 aaln/1@gw MGCP 1.0\nX: 1\n", 2);
        check("200 1 OK\n.\nhello\n", 1);
    }

    #[test]
    fn what_only_looks_alike() {
        check("CRCX 1 aaln/1@gw SIP/2.0\r\n", 0);
        check("CRCX one aaln/1@gw MGCP 1.0\r\n", 0);
        check("CRCX 1234567890 aaln/1@gw MGCP 1.0\r\n", 0);
        check("GETX 1 aaln/1@gw MGCP 1.0\r\n", 0);
        check("200 OK\r\n", 0);
        check("302 17 moved\r\n", 0);
        check("220 20 items follow\nthe first of them\n", 0);
        check("192.0.2.1 200 45", 0);
        check("", 0);
    }
}

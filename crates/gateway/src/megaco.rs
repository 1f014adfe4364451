//! Megaco in its text encoding (RFC 3525 Annex B.2, kept by H.248.1 and RFC 5125): what a message of it looks like.

use crate::text::strip_name;

/// Bytes of a message identifier at most: a domain name, an address or a device name, and a port.
const IDENTIFIER_LEN_MAX: usize = 300;

/// Whether a text is a message: `MEGACO/1 [192.0.2.1]:2944 Transaction = 10003 {..}`, `!/1 <mgc.example.net> P=1{..}`.
pub(crate) fn is_message(text: &[u8]) -> bool {
    behind_start(text).and_then(body).is_some_and(is_body)
}

/// What follows the name and the version, an authentication header before them left out.
fn behind_start(text: &[u8]) -> Option<&[u8]> {
    let text = behind_authentication(text).unwrap_or(text);
    let rest = text.strip_prefix(b"!").or_else(|| strip_name(text, b"MEGACO"))?.strip_prefix(b"/")?;
    let digits = rest.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    rest.get(digits..).filter(|_| digits > 0)
}

/// `AU=0x00000001:0x00000002:0x0123…` and the separator behind it.
fn behind_authentication(text: &[u8]) -> Option<&[u8]> {
    let named = strip_name(text, b"AUTHENTICATION").or_else(|| strip_name(text, b"AU"))?;
    let header = blanks(named).strip_prefix(b"=")?;
    let header = blanks(header);
    let end = header.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b':')?;
    header.get(end..).map(blanks)
}

/// What follows the sender's identifier.
fn body(text: &[u8]) -> Option<&[u8]> {
    let identifier = blanks(text);
    if identifier.len() == text.len() || !matches!(identifier.first()?, b'[' | b'<' | b'a'..=b'z' | b'A'..=b'Z' | b'*')
    {
        return None;
    }
    let end = identifier.iter().take(IDENTIFIER_LEN_MAX).position(u8::is_ascii_whitespace)?;
    identifier.get(end..).map(blanks)
}

/// A transaction of any kind, or an error: a name, and what it equals or holds.
fn is_body(body: &[u8]) -> bool {
    let name = body.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    name > 0 && body.get(name..).is_some_and(|behind| matches!(blanks(behind).first(), Some(b'=' | b'{')))
}

/// Skips what separates words: blanks, line ends, and comments up to the end of their line.
fn blanks(text: &[u8]) -> &[u8] {
    let mut rest = text.trim_ascii_start();
    while let Some(comment) = rest.strip_prefix(b";") {
        let end = memchr::memchr2(b'\r', b'\n', comment).unwrap_or(comment.len());
        rest = comment.get(end..).unwrap_or_default().trim_ascii_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        assert_eq!(is_message(text.as_bytes()), expected, "{text:?}");
    }

    #[test]
    fn messages() {
        check("MEGACO/1 [192.0.2.1]:2944\nTransaction = 1 {\n", true);
        check("megaco/3 <mgc.example.net>:2944 reply=1{", true);
        check("!/1 <mgc>\nT=1{C=${", true);
        check("!/1 [192.0.2.1]:2944 P = 1{ C = 1 {", true);
        check("!/2 MTP{0011} K{1-2}", true);
        check("!/1 gw/1 ; a comment\n ;another\n ER=400{}", true);
        check("AU=0x00000001:0x00000002:0xab !/1 <mgc> T=1{", true);
        check("Authentication = 0x1:0x2:0x3\nMEGACO/1 <mgc> T=1{", true);
    }

    #[test]
    fn what_only_looks_alike() {
        check("MEGACO 1 [192.0.2.1] T=1{", false);
        check("MEGACO/1 [192.0.2.1] hello", false);
        check("MEGACO/1[192.0.2.1] T=1{", false);
        check("!/x <mgc> T=1{", false);
        check("!/1 ", false);
        check("AU= !", false);
        check("AUEP 1 gw MGCP 1.0", false);
        check("", false);
    }
}

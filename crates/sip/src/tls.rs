//! Encrypted SIP, told by the shape of TLS records (RFC 8446 §5.1) so that it can be counted. Nothing is decrypted.

use types::{Layer, Malformed, Reader, Why};

/// The port of SIP over TLS (RFC 3261 §19.1.2).
pub const PORT: u16 = 5061;

/// The longest fragment a record may carry, in bytes (RFC 5246 §6.2.3).
const FRAGMENT_LEN_MAX: u16 = (1 << 14) + 2048;
/// Most extensions of a ClientHello that are read.
const EXTENSIONS_MAX: usize = 64;
/// `server_name` (RFC 6066 §3).
const SERVER_NAME: u16 = 0;
/// `application_layer_protocol_negotiation` (RFC 7301 §3.1).
const ALPN: u16 = 16;

/// Whether `bytes` start with a TLS record: a type from 20 to 23, version 3.0 to 3.4, a possible length.
#[must_use]
pub fn is_tls(bytes: &[u8]) -> bool {
    match bytes {
        [20..=23, 3, 0..=4, high, low, ..] => {
            let length = u16::from_be_bytes([*high, *low]);
            0 < length && length <= FRAGMENT_LEN_MAX
        }
        _ => false,
    }
}

/// Whether the TLS connection that `bytes` come from, with `port` at its server, most likely carries SIP: by the port,
/// or because its ClientHello asks for `sip/2` or for a host called `sip` or `sips`.
#[must_use]
pub fn is_likely_sip(bytes: &[u8], port: u16) -> bool {
    is_tls(bytes) && (port == PORT || hello_asks_for_sip(bytes).unwrap_or(false))
}

/// Walks to the extensions of a ClientHello (RFC 8446 §4.1.2) and asks each.
fn hello_asks_for_sip(bytes: &[u8]) -> Result<bool, Malformed> {
    let mut hello = Reader::new(Layer::Tcp, bytes);
    let [kind, .., handshake] = *hello.array::<6>()?;
    if kind != 22 || handshake != 1 {
        return Err(hello.malformed(Why::Grammar));
    }
    let _length_version_random = hello.array::<{ 3 + 2 + 32 }>()?;
    let session = hello.u8()?;
    hello.take(usize::from(session))?;
    let ciphers = hello.u16()?;
    hello.take(usize::from(ciphers))?;
    let compressions = hello.u8()?;
    hello.take(usize::from(compressions))?;
    let _extensions_length = hello.u16()?;
    for _ in 0..EXTENSIONS_MAX {
        let (name, length) = (hello.u16()?, hello.u16()?);
        let body = hello.take(usize::from(length))?;
        let found = match name {
            SERVER_NAME => names_sip(body),
            ALPN => body.windows(6).any(|protocol| protocol == b"\x05sip/2"),
            _ => false,
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the first label of the host in a `server_name` extension is `sip` or `sips`.
fn names_sip(extension: &[u8]) -> bool {
    // List length (2), name type (1), name length (2), then the name.
    let name = extension.get(5..).unwrap_or_default();
    let label = name.split(|&byte| byte == b'.').next().unwrap_or_default();
    label.eq_ignore_ascii_case(b"sip") || label.eq_ignore_ascii_case(b"sips")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(extensions: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = vec![22, 3, 1, 1, 0, 1, 0, 0, 252, 3, 3];
        body.extend([7; 32]);
        body.extend([0, 0, 2, 0x13, 1, 1, 0, 0, 0]);
        for (name, bytes) in extensions {
            body.extend(name.to_be_bytes());
            body.extend((bytes.len() as u16).to_be_bytes());
            body.extend(*bytes);
        }
        body
    }

    #[test]
    fn records_and_hints() {
        let plain = hello(&[(10, b"\0\x02\0\x1d"), (SERVER_NAME, b"\0\x12\0\0\x0fwww.example.com")]);
        let alpn = hello(&[(10, b"\0\x02\0\x1d"), (ALPN, b"\0\x06\x05sip/2")]);
        let host = hello(&[(SERVER_NAME, b"\0\x12\0\0\x0fsip.example.com")]);
        for (bytes, port, tls, sip) in [
            (&plain[..], 443, true, false),
            (&plain, PORT, true, true),
            (&alpn, 443, true, true),
            (&host, 443, true, true),
            (&host[..60], 443, true, false),
            (b"\x17\x03\x03\x00\x20xxxx", PORT, true, true),
            (b"\x17\x03\x03\xff\xff", PORT, false, false),
            (b"SIP/2.0 200 OK\r\n", PORT, false, false),
            (b"\x16\x03", PORT, false, false),
        ] {
            assert_eq!((is_tls(bytes), is_likely_sip(bytes, port)), (tls, sip), "{bytes:x?}");
        }
    }
}

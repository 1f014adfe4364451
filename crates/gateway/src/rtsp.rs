//! RTSP (RFC 2326, RFC 7826): what its messages look like, and the ports that their Transport fields name.

use std::net::IpAddr;

use arrayvec::ArrayVec;
use memchr::memchr2;
use types::{Endpoint, Ip};

use crate::text::{Lines, cut, number, strip_name, words};

/// Endpoints read of the Transport fields of one message; those past it are not. An answer names two, a request may
/// offer several transports.
pub const TRANSPORTS_MAX: usize = 8;

/// The longest start line waited for.
pub(crate) const START_LINE_LEN_MAX: usize = 2_048;

/// The longest method; GET_PARAMETER has 13 letters.
const METHOD_LEN_MAX: usize = 16;

/// What the start of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// A message starts here.
    Whole,
    /// It may, with more bytes.
    More,
    /// None does.
    Other,
}

/// Whether a message starts here.
pub(crate) fn start(bytes: &[u8]) -> Start {
    let line = match memchr2(b'\r', b'\n', bytes) {
        Some(end) => bytes.get(..end).unwrap_or(bytes),
        None if bytes.len() < START_LINE_LEN_MAX && may_become_start(bytes) => return Start::More,
        None => bytes,
    };
    if is_request(line) || is_response(line) { Start::Whole } else { Start::Other }
}

/// `SETUP rtsp://192.0.2.1/trackID=0 RTSP/1.0`.
fn is_request(line: &[u8]) -> bool {
    let Some(url) = behind_method(line) else { return false };
    may_be_url(url) && words(url).nth(1).is_some_and(is_version)
}

/// What follows a method and the blank behind it.
fn behind_method(line: &[u8]) -> Option<&[u8]> {
    let length = method_length(line);
    line.get(length..)?.strip_prefix(b" ").filter(|_| (1..=METHOD_LEN_MAX).contains(&length))
}

fn method_length(line: &[u8]) -> usize {
    line.iter().take_while(|byte| byte.is_ascii_uppercase() || **byte == b'_').count()
}

/// Whether this is `*` or begins with a scheme of RTSP, as far as it goes.
fn may_be_url(url: &[u8]) -> bool {
    url.starts_with(b"*") || is_front(b"rtsp", url)
}

/// Whether one of the two begins with the other, upper case or lower.
fn is_front(known: &[u8], bytes: &[u8]) -> bool {
    known.iter().zip(bytes).all(|(known, byte)| known.eq_ignore_ascii_case(byte))
}

/// `RTSP/1.0 200 OK`, with nothing before it (fixtures/hostile/gateway/blank-before-a-response).
fn is_response(line: &[u8]) -> bool {
    let mut words = words(line);
    line.starts_with(b"RTSP/")
        && words.next().is_some_and(is_version)
        && words.next().is_some_and(|code| code.len() == 3 && number::<u16>(code).is_some())
}

fn is_version(word: &[u8]) -> bool {
    matches!(word.strip_prefix(b"RTSP/"), Some([b'0'..=b'9', b'.', b'0'..=b'9']))
}

/// Whether bytes without a line end may be the front of a start line: of a version, of a method, or of a URL behind it.
fn may_become_start(bytes: &[u8]) -> bool {
    let is_method = method_length(bytes) == bytes.len() && (1..=METHOD_LEN_MAX).contains(&bytes.len());
    is_method || behind_method(bytes).is_some_and(may_be_url) || is_front(b"RTSP/", bytes)
}

/// Where the head of a message ends, its empty line included. `searched` bytes from the front are known not to end it.
pub(crate) fn head_end(bytes: &[u8], searched: usize) -> Option<usize> {
    // The empty line may have begun in what was searched.
    let mut at = searched.saturating_sub(3);
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'\r', b'\n', rest)) {
        at += found;
        match bytes.get(at..) {
            Some([b'\r', b'\n', b'\r', b'\n', ..]) => return Some(at + 4),
            Some([b'\n', b'\n', ..] | [b'\r', b'\r', ..]) => return Some(at + 2),
            _ => at += 1,
        }
    }
    None
}

/// The values of a header field.
fn fields<'a>(head: &'a [u8], name: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
    Lines::new(head).skip(1).filter_map(|line| {
        let (field, value) = cut(line, b':')?;
        field.trim_ascii().eq_ignore_ascii_case(name).then(|| value.trim_ascii())
    })
}

/// How long the body is that follows a head; 0 without Content-Length.
pub(crate) fn body_length(head: &[u8]) -> usize {
    fields(head, b"Content-Length").find_map(number).unwrap_or(0)
}

/// The body of a message.
pub(crate) fn body(message: &[u8]) -> &[u8] {
    head_end(message, 0).and_then(|end| message.get(end..)).unwrap_or_default()
}

/// The endpoints that the Transport fields of a message name.
pub(crate) fn endpoints(message: &[u8], source: Ip, destination: Ip) -> ArrayVec<Endpoint, TRANSPORTS_MAX> {
    let head = head_end(message, 0).and_then(|end| message.get(..end)).unwrap_or(message);
    let (client, server) = if head.starts_with(b"RTSP/") { (destination, source) } else { (source, destination) };
    let transports = fields(head, b"Transport").flat_map(|value| value.split(|byte| *byte == b','));
    transports.flat_map(|transport| ends(transport.trim_ascii(), client, server)).take(TRANSPORTS_MAX).collect()
}

/// The endpoints of one transport: `RTP/AVP;unicast;client_port=4588-4589;server_port=6256-6257;source=192.0.2.1`
/// (RFC 2326 §12.39), `RTP/AVP;unicast;dest_addr=":4588"/":4589";src_addr="192.0.2.1:6256"` (RFC 7826 §18.54).
fn ends(transport: &[u8], client: Ip, server: Ip) -> ArrayVec<Endpoint, 4> {
    let mut ends = ArrayVec::new();
    let mut parameters = transport.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let is_rtp = |name: &[u8]| strip_name(name, b"RTP/").is_some() && !name.to_ascii_uppercase().ends_with(b"/TCP");
    if !parameters.next().is_some_and(is_rtp) {
        return ends;
    }
    let value = |name: &'static [u8]| {
        parameters
            .clone()
            .filter_map(|parameter| cut(parameter, b'='))
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let host = |name, other| value(name).and_then(|(_, text)| address(text)).unwrap_or(other);
    let (to, from) = (host(b"destination", client), host(b"source", server));
    let first = |text: &[u8]| number::<u16>(cut(text, b'-').map_or(text, |(first, _)| first));
    for (name, ip) in [(&b"client_port"[..], to), (b"server_port", from), (b"port", to)] {
        if let Some(port) = value(name).and_then(|(_, text)| first(text)) {
            let _ = ends.try_push(Endpoint::new(ip, port));
        }
    }
    for (name, ip) in [(&b"dest_addr"[..], client), (b"src_addr", server)] {
        if let Some(endpoint) = value(name).and_then(|(_, text)| quoted(text, ip)) {
            let _ = ends.try_push(endpoint);
        }
    }
    ends.retain(|end| end.port != 0 && !end.ip.is_unspecified());
    ends
}

/// The first of the addresses of RTSP 2.0: `"192.0.2.1:4588"/"192.0.2.1:4589"`, without a host `":4588"`.
fn quoted(text: &[u8], other: Ip) -> Option<Endpoint> {
    let (inside, _) = cut(text.strip_prefix(b"\"")?, b'"')?;
    let (host, port) = inside.split_at_checked(memchr::memrchr(b':', inside)?)?;
    let ip = if host.is_empty() { other } else { address(host)? };
    Some(Endpoint::new(ip, number(port.get(1..)?)?))
}

/// An address, that of IPv6 with or without brackets. Names are not resolved.
fn address(text: &[u8]) -> Option<Ip> {
    let text = text.strip_prefix(b"[").and_then(|text| text.strip_suffix(b"]")).unwrap_or(text);
    std::str::from_utf8(text).ok()?.parse::<IpAddr>().ok().map(Ip::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: Ip = Ip::v4([192, 0, 2, 7]);
    const SERVER: Ip = Ip::v4([198, 51, 100, 9]);

    /// The endpoints of a Transport value in an answer, from the server to the client.
    fn check(transport: &str, expected: &str) {
        let message = format!("RTSP/1.0 200 OK\r\nCSeq: 1\r\ntransport : {transport}\r\n\r\n");
        let found = endpoints(message.as_bytes(), SERVER, CLIENT);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), expected, "{transport}");
    }

    #[test]
    fn transports_name_both_ends() {
        check("RTP/AVP;unicast;client_port=4588-4589;server_port=6256-6257", "192.0.2.7:4588 198.51.100.9:6256");
        check(
            "RTP/AVP/UDP;unicast;client_port=4588;source=203.0.113.4;server_port=6256",
            "192.0.2.7:4588 203.0.113.4:6256",
        );
        check("RTP/AVP;multicast;destination=233.252.0.1;port=3456-3457;ttl=16", "233.252.0.1:3456");
        check("RTP/AVP/TCP;interleaved=0-1, RTP/SAVP;client_port=8000", "192.0.2.7:8000");
        check(
            "RTP/AVP;unicast;dest_addr=\":4588\"/\":4589\";src_addr=\"[2001:db8::1]:6256\"",
            "192.0.2.7:4588 [2001:db8::1]:6256",
        );
        check("RTP/AVP;unicast;client_port=0-0", "");
        check("RAW/RAW/UDP;client_port=4588", "");
        check("RTP/AVP;client_port=;server_port=x;dest_addr=\"", "");
    }

    #[test]
    fn a_request_names_its_sender() {
        let found = endpoints(b"SETUP * RTSP/1.0\r\nTransport: RTP/AVP;client_port=8000-8001\r\n\r\n", CLIENT, SERVER);
        assert_eq!(found.as_slice(), [Endpoint::new(CLIENT, 8000)]);
    }

    #[test]
    fn starts() {
        let check = |text: &str, expected| assert_eq!(start(text.as_bytes()), expected, "{text:?}");
        check("RTSP/1.0 200 OK\r\n", Start::Whole);
        check("GET_PARAMETER rtsp://192.0.2.1/ RTSP/2.0\r\nCSeq: 1", Start::Whole);
        check("OPTIONS * RTSP/1.0\n", Start::Whole);
        let whole = b"SETUP rtsp://192.0.2.1/ RTSP/1.0";
        assert!((1..whole.len()).all(|cut| start(&whole[..cut]) == Start::More));
        check("RTSP/1.", Start::More);
        check("OPTIONS sip:a SIP/2.0", Start::Other);
        check("GET / HTTP/1.1\r\n", Start::Other);
        check(" RTSP/1.0 200 OK\r\n", Start::Other);
        check("hello", Start::Other);
        check(&"A".repeat(START_LINE_LEN_MAX), Start::Other);
    }

    #[test]
    fn heads_end_with_an_empty_line() {
        let ends = ["a\r\n\r\nb", "a\n\nb", "a\r\rb", "a\r\nb"].map(|text| head_end(text.as_bytes(), 0));
        assert_eq!(ends, [Some(5), Some(3), Some(3), None]);
        assert_eq!((0..=5).map(|searched| head_end(b"a\r\n\r\n", searched)).max(), Some(Some(5)));
    }
}

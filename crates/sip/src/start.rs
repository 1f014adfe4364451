//! The first line of a message (RFC 3261 §7.1, §7.2), which is also how a payload is known to be SIP.

use crate::scan;
use crate::text::{is_space, is_token, is_token_byte, trim};
use crate::{Defect, Defects};

/// Empty lines passed over before a start line (RFC 3261 §7.5), in bytes.
pub const LEADING_LEN_MAX: usize = 64;

/// A method of a request. Those of the RFCs by name; anything else is [`Method::Other`], its token in the start line.
///
/// Methods are case-sensitive (RFC 3261 §7.1): `REGIStER` is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are those of the RFCs")]
pub enum Method {
    Ack,
    Bye,
    Cancel,
    Info,
    Invite,
    Message,
    Notify,
    Options,
    Prack,
    Publish,
    Refer,
    Register,
    Subscribe,
    Update,
    Other,
}

impl Method {
    /// Every method with a name, in the order of the enum.
    pub const ALL: [Self; 14] = [
        Self::Ack,
        Self::Bye,
        Self::Cancel,
        Self::Info,
        Self::Invite,
        Self::Message,
        Self::Notify,
        Self::Options,
        Self::Prack,
        Self::Publish,
        Self::Refer,
        Self::Register,
        Self::Subscribe,
        Self::Update,
    ];

    /// The method that `token` names.
    #[must_use]
    #[inline]
    pub fn of(token: &[u8]) -> Self {
        // What most transactions are.
        if token == b"INVITE" { Self::Invite } else { Self::of_any(token) }
    }

    fn of_any(token: &[u8]) -> Self {
        match token {
            b"ACK" => Self::Ack,
            b"BYE" => Self::Bye,
            b"CANCEL" => Self::Cancel,
            b"INFO" => Self::Info,
            b"INVITE" => Self::Invite,
            b"MESSAGE" => Self::Message,
            b"NOTIFY" => Self::Notify,
            b"OPTIONS" => Self::Options,
            b"PRACK" => Self::Prack,
            b"PUBLISH" => Self::Publish,
            b"REFER" => Self::Refer,
            b"REGISTER" => Self::Register,
            b"SUBSCRIBE" => Self::Subscribe,
            b"UPDATE" => Self::Update,
            _ => Self::Other,
        }
    }

    /// The token that names it; `OTHER` for [`Method::Other`].
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ack => "ACK",
            Self::Bye => "BYE",
            Self::Cancel => "CANCEL",
            Self::Info => "INFO",
            Self::Invite => "INVITE",
            Self::Message => "MESSAGE",
            Self::Notify => "NOTIFY",
            Self::Options => "OPTIONS",
            Self::Prack => "PRACK",
            Self::Publish => "PUBLISH",
            Self::Refer => "REFER",
            Self::Register => "REGISTER",
            Self::Subscribe => "SUBSCRIBE",
            Self::Update => "UPDATE",
            Self::Other => "OTHER",
        }
    }
}

/// What a message says first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartLine<'a> {
    /// A request (RFC 3261 §7.1).
    Request {
        /// The method.
        method: Method,
        /// The method as written.
        token: &'a [u8],
        /// The Request-URI as written.
        uri: &'a [u8],
    },
    /// A response (RFC 3261 §7.2).
    Response {
        /// The status code. Three digits are the rule; a larger number is a defect and held at 65535.
        code: u16,
        /// The reason phrase, possibly empty.
        reason: &'a [u8],
    },
}

/// What the first bytes of a payload are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A SIP message.
    Sip,
    /// What holds a binding in a NAT open: empty lines (RFC 5626 §3.5.1), zero bytes, `jaK`.
    KeepAlive,
    /// Neither.
    Other,
}

/// The longest keep-alive, in bytes.
const KEEP_ALIVE_LEN_MAX: usize = 8;

/// What `payload` is, by content alone: a few instructions for what is binary, one look at the first line otherwise.
#[must_use]
pub fn recognise(payload: &[u8]) -> Content {
    opening(payload).map_or_else(|content| content, |_| Content::Sip)
}

/// The start line of the message that `payload` is, or what else it is.
pub(crate) fn opening(payload: &[u8]) -> Result<Start<'_>, Content> {
    match payload {
        // Nearly every payload that is not SIP: RTP, DTLS and QUIC have bytes over 0x7f here, DNS and STUN control bytes.
        [_, _, _, _, ..] if is_printable_start(payload) && payload.first() != Some(&b'j') => {
            find(payload).ok_or(Content::Other)
        }
        [b'\r' | b'\n' | 0, ..] | b"jaK" | b"jaK\0" => {
            let is_empty = || payload.iter().all(|byte| matches!(byte, b'\r' | b'\n' | 0));
            if payload.len() <= KEEP_ALIVE_LEN_MAX && (payload.starts_with(b"jaK") || is_empty()) {
                return Err(Content::KeepAlive);
            }
            find(skip_leading(payload)).ok_or(Content::Other)
        }
        _ => Err(Content::Other),
    }
}

/// Whether the first four bytes, or as many as there are, are printable ASCII and the first no space.
pub(crate) fn is_printable_start(bytes: &[u8]) -> bool {
    match bytes.first_chunk::<4>() {
        Some(four) => {
            let four = u32::from_le_bytes(*four);
            (four | four.wrapping_sub(0x2020_2020)) & 0x8080_8080 == 0 && four.to_le_bytes()[0] != b' '
        }
        None => bytes.iter().all(|byte| (b' '..0x80).contains(byte)) && bytes.first() != Some(&b' '),
    }
}

/// `payload` without the empty lines it starts with.
#[inline]
pub(crate) fn skip_leading(payload: &[u8]) -> &[u8] {
    if payload.first().is_some_and(|&byte| byte > b'\r') {
        return payload;
    }
    let leading = payload.iter().take(LEADING_LEN_MAX).take_while(|&&byte| matches!(byte, b'\r' | b'\n')).count();
    payload.get(leading..).unwrap_or_default()
}

/// A start line where it was found.
pub(crate) struct Start<'a> {
    pub line: StartLine<'a>,
    /// What follows the line, its line end first.
    pub rest: &'a [u8],
    pub defects: Defects,
}

/// The start line that `payload` begins with, if it does.
pub(crate) fn find(payload: &[u8]) -> Option<Start<'_>> {
    let plain = match payload {
        [b'S', b'I', b'P', b'/', ..] => plain_response(payload),
        _ => plain_request(payload),
    };
    match plain {
        Some((line, rest)) => Some(Start { line, rest, defects: Defects::NONE }),
        None => any(payload),
    }
}

/// A response as nearly all are written: `SIP/2.0`, three digits, a reason, one space between them. And what follows the
/// line.
#[inline(always)] // As a call, it would hand all over in memory.
pub(crate) fn plain_response(payload: &[u8]) -> Option<(StartLine<'_>, &[u8])> {
    let (head, after) = payload.split_first_chunk::<12>()?;
    let (version, &[a @ b'1'..=b'6', b, c, b' ']) = head.split_first_chunk::<8>()? else { return None };
    if version != b"SIP/2.0 " {
        return None; // Compared at once.
    }
    let [a, b, c] = [a, b, c].map(|digit| u16::from(digit.wrapping_sub(b'0')));
    if b > 9 || c > 9 {
        return None;
    }
    let (reason, rest) = after.split_at_checked(scan::line_break(after, 0)?)?;
    Some((StartLine::Response { code: 100 * a + 10 * b + c, reason: trim(reason) }, rest))
}

/// A request as nearly all are written: a method with a name, a URI without white space, `SIP/2.0`, one space between
/// them. And what follows the line.
#[inline(always)] // As above.
pub(crate) fn plain_request(payload: &[u8]) -> Option<(StartLine<'_>, &[u8])> {
    let space = scan::blank(payload)?;
    let (token, after) = payload.split_at_checked(space)?;
    let method = Method::of(token);
    let after = after.strip_prefix(b" ")?;
    let (uri, after) = after.split_at_checked(scan::blank(after)?)?;
    let rest = after.strip_prefix(b" SIP/2.0")?;
    let is_plain = method != Method::Other && matches!(rest, [b'\r' | b'\n', ..]) && !matches!(uri, [] | [b'<', ..]);
    is_plain.then_some((StartLine::Request { method, token, uri }, rest))
}

/// A start line however it is written.
#[inline(never)]
fn any(payload: &[u8]) -> Option<Start<'_>> {
    let end = scan::find([b'\r', b'\n'], payload);
    let (line, rest) = payload.split_at_checked(end.unwrap_or(payload.len()))?;
    let mut defects = Defects::NONE;
    let line = match response(line, &mut defects) {
        Some(line) => line,
        None => request(line, end.is_none(), &mut defects)?,
    };
    Some(Start { line, rest, defects })
}

/// Whether these seven bytes are a version of SIP, in any case (RFC 3261 §7.1).
fn is_version(bytes: &[u8]) -> bool {
    match bytes {
        [s, i, p, b'/', major, b'.', minor] => {
            [s | 0x20, i | 0x20, p | 0x20] == *b"sip" && major.is_ascii_digit() && minor.is_ascii_digit()
        }
        _ => false,
    }
}

/// A response: version, code, reason. More white space than one space each is a defect.
fn response<'a>(line: &'a [u8], defects: &mut Defects) -> Option<StartLine<'a>> {
    let (version, rest) = line.split_at_checked(7)?;
    if !is_version(version) {
        return None;
    }
    let after = trim(rest);
    let length = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, reason) = after.split_at_checked(length)?;
    let spaced = rest.len() > after.len();
    if digits.is_empty() || !spaced || reason.first().is_some_and(|&byte| !is_space(byte)) {
        return None;
    }
    let code = digits.iter().fold(0_u16, |code, digit| code.saturating_mul(10).saturating_add(u16::from(digit - b'0')));
    defects.add_if(Defect::Version, !version.ends_with(b"2.0"));
    defects.add_if(Defect::StatusCode, digits.len() != 3 || !(100..700).contains(&code));
    defects.add_if(Defect::StartSpace, !rest.get(1..)?.starts_with(digits));
    Some(StartLine::Response { code, reason: trim(reason) })
}

/// A request: method, Request-URI, version. A line that was cut passes if what is there can be nothing else.
fn request<'a>(line: &'a [u8], cut: bool, defects: &mut Defects) -> Option<StartLine<'a>> {
    let whole = trim(line);
    let versioned = whole.split_last_chunk::<7>().filter(|(_, version)| is_version(*version));
    let (before, version): (&[u8], &[u8]) = match versioned {
        Some((before, version)) => (before, version),
        None if cut => (whole, b"2.0"),
        None => return None,
    };
    let space = scan::find([b' ', b'\t'], before)?;
    let (token, rest) = before.split_at_checked(space)?;
    let uri = trim(rest);
    let method = Method::of(token);
    if versioned.is_none() {
        let known = method != Method::Other && (uri.starts_with(b"sip") || uri.starts_with(b"tel:"));
        if !known {
            return None;
        }
        defects.add(Defect::HeadersOpen);
    } else if !before.last().is_some_and(|&byte| is_space(byte)) || uri.is_empty() || !may_be_method(token) {
        return None;
    }
    let single = rest.len() == uri.len() + 1 + usize::from(versioned.is_some()) && whole.len() == line.len();
    defects.add_if(Defect::StartSpace, !single);
    defects.add_if(Defect::Version, !version.ends_with(b"2.0"));
    defects.add_if(Defect::MethodToken, method == Method::Other && !is_token(token));
    defects.add_if(Defect::UriSpace, scan::find([b' ', b'\t'], uri).is_some());
    defects.add_if(Defect::UriBrackets, uri.first() == Some(&b'<'));
    Some(StartLine::Request { method, token, uri })
}

/// Whether these bytes may name a method: they are a token (RFC 3261 §25.1). Lenient: what is no ASCII may stand in it too. Anything else
/// is what another protocol wrote before a message that it carries.
fn may_be_method(token: &[u8]) -> bool {
    !token.is_empty() && token.iter().all(|&byte| is_token_byte(byte) || !byte.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(payload: &str, expected: Content) {
        assert_eq!(recognise(payload.as_bytes()), expected, "{payload:?}");
    }

    #[test]
    fn sip_is_known_by_its_first_line() {
        for payload in [
            "INVITE sip:+441632960001@192.0.2.1 SIP/2.0\r\n",
            "\r\n\r\nACK sip:a SIP/2.0\n",
            "SIP/2.0 200 OK\r\n",
            "SIP/2.0 100 \r\n",
            "SIP/2.0 200\r\n",
            "sip/2.0 200 OK\r\n",
            "REGIStER sip:a sip/2.0\r\n",
            "RE%47IST%45R sip:a SIP/2.0\r\n",
            "OPTIONS sip:a SIP/7.0\r\n",
            "INVITE  sip:a  SIP/2.0 \r\n",
            "INVITE sip:a; lr SIP/2.0\r\n",
            "INVITE sip:+441632960001@192.0.2.1;user=ph",
            "SIP/2.0 180 Ri",
            "A sip:a SIP/2.0\r\n",
            "INVI\u{ec}TE sip:a SIP/2.0\r\n",
        ] {
            check(payload, Content::Sip);
        }
        let long = format!("{} sip:a SIP/2.0\r\n", "a".repeat(4099));
        check(&long, Content::Sip);
    }

    #[test]
    fn other_text_protocols_are_not_sip() {
        for payload in [
            "",
            "GET / HTTP/1.1\r\nHost: a\r\n",
            "HTTP/1.1 200 OK\r\n",
            "NOTIFY * HTTP/1.1\r\n",
            "M-SEARCH * HTTP/1.1\r\n",
            "RTSP/1.0 200 OK\r\n",
            "OPTIONS rtsp://a RTSP/1.0\r\n",
            "MSRP a786hjs2 SEND\r\n",
            "220 mail.example.com ESMTP SIP/2.0x\r\n",
            "SIP/2.0",
            "SIP/2.0 \r\n",
            "SIP/2.0 OK\r\n",
            "SIP/2.0\r\n",
            "SIP/2.0200 OK\r\n",
            "INVITE SIP/2.0\r\n",
            "INVITE sip:aSIP/2.0\r\n",
            " INVITE sip:a SIP/2.0\r\n",
            "HELLO sip:a",
            "jaKe",
            "\r\n\r\n\r\n\r\n\r\n",
            "<134>1 INVITE sip:a SIP/2.0\r\n",
            "\0\x03\0\x01OPTIONS sip:a SIP/2.0\r\n",
            "\r\n\0\x04INVITE sip:a SIP/2.0\r\n",
            "E\0\x01[\x7f\0\0INVITE sip:a SIP/2.0\r\n",
        ] {
            check(payload, Content::Other);
        }
        assert_eq!(recognise(&[0x80, 0, 0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 2]), Content::Other);
    }

    #[test]
    fn the_short_way_reads_what_the_long_one_does() {
        let same = |payload: &str| {
            let bytes = payload.as_bytes();
            let (short, long) = (find(bytes), any(bytes));
            assert_eq!(short.is_some(), long.is_some(), "{payload:?}");
            if let (Some(short), Some(long)) = (short, long) {
                assert_eq!((short.line, short.rest), (long.line, long.rest), "{payload:?}");
                assert_eq!(short.defects.bits(), long.defects.bits(), "{payload:?}");
            }
        };
        for line in [
            "SIP/2.0 200 OK",
            "SIP/2.0 200 ",
            "SIP/2.0 200",
            "SIP/2.0 2000 OK",
            "SIP/2.0 20 OK",
            "SIP/2.0 099 A",
            "SIP/2.0 700 A",
            "SIP/2.0 480  Not \t here ",
            "SIP/2.0  200 OK",
            "SIP/2.1 200 OK",
            "sip/2.0 200 OK",
            "SIP/2.0 2x0 OK",
            "SIP/2.0 200\tOK",
            "INVITE sip:a SIP/2.0",
            "INVITE sip:a  SIP/2.0",
            "INVITE  sip:a SIP/2.0",
            "INVITE <sip:a> SIP/2.0",
            "INVITE SIP/2.0",
            "INVITE  SIP/2.0",
            "invite sip:a SIP/2.0",
            "INVITE sip:a SIP/2.0 ",
            "INVITE sip:a b SIP/2.0",
            "INVITE sip:a\tSIP/2.0",
            "INVITE sip:a SIP/2.00",
            "INVITE sip:a sip/2.0",
            "SUBSCRIBE sip:a-long-address@example.com SIP/2.0",
            "SIP/x sip:a SIP/2.0",
            "INVITE sip:\0a SIP/2.0",
            "INVITE sip:+441632960001@192.0.2.1;user=phone",
        ] {
            for end in ["", "\r", "\n", "\r\n", "\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n\r\n"] {
                same(&format!("{line}{end}"));
            }
        }
    }

    #[test]
    fn keep_alives_are_known() {
        for payload in ["\r\n\r\n", "\r\n", "\0", "\0\0\0\0", "jaK", "jaK\0"] {
            check(payload, Content::KeepAlive);
        }
    }

    #[test]
    fn methods_and_names_agree() {
        for method in Method::ALL {
            assert_eq!(Method::of(method.name().as_bytes()), method);
        }
        assert_eq!(Method::of(b"invite"), Method::Other);
    }
}

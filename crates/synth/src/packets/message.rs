//! The words of a message: header lines in the order and the spelling of whoever wrote it.

use std::io::Write;

use call::Side;
use sip::passport::Attest;
use types::Endpoint;

use super::base64;
use super::dialog::Part;
use crate::events::write_user;
use crate::random::mix;
use crate::script::{Fate, Script, User};
use crate::signing::{CERTIFICATE, origin_id};
use crate::stacks::{FirstCSeq, Header, Spelling, Stack, habits_of, vendor};
use crate::tokens;

/// One leg of a call, as its messages show it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leg<'a> {
    pub(crate) script: &'a Script,
    /// The number or name of the caller on this leg.
    pub(crate) caller: Option<User>,
    pub(crate) display: &'a [u8],
    /// What the call's own software is, and whether a border element wrote its requests anew.
    pub(crate) stack: Stack,
    pub(crate) hidden: bool,
    /// What answers.
    pub(crate) far: Stack,
    /// Makes the tags, branches and the Call-ID of this leg.
    pub(crate) token: u64,
    pub(crate) source: Endpoint,
    pub(crate) destination: Endpoint,
    /// Where each side wants its media.
    pub(crate) caller_media: Endpoint,
    pub(crate) callee_media: Endpoint,
    /// The host in URIs of who has a name.
    pub(crate) domain: &'a str,
    pub(crate) asserts: bool,
    /// What ties this leg to others (RFC 7989).
    pub(crate) session: Option<u64>,
}

/// What a message is.
struct Shape {
    method: &'static [u8],
    status: Option<u16>,
    /// The CSeq's method, its number counted from the first INVITE's, and whose count it is.
    cseq: (&'static [u8], u32),
    by_caller: bool,
    /// Who asked in the transaction it belongs to.
    asked_by: Side,
    describes: bool,
    /// Whether To has the callee's tag.
    tagged: bool,
    /// What sets its branch apart.
    transaction: u64,
}

impl Leg<'_> {
    /// Who writes the caller's messages on this link.
    fn writer(&self) -> u8 {
        if self.hidden { vendor::BORDER } else { self.stack.vendor }
    }

    /// Whether the caller sends a message, and the message.
    pub(crate) fn write(&self, part: Part, out: &mut Vec<u8>) -> bool {
        out.clear();
        let shape = self.shape(part);
        let writer = habits_of(if shape.by_caller { self.writer() } else { self.far.vendor });
        let mut body = Vec::new();
        if shape.describes {
            self.describe(shape.by_caller, &mut body);
        }
        match shape.status {
            None => {
                out.extend_from_slice(shape.method);
                out.extend_from_slice(b" sip:");
                let (user, host) = self.party(shape.asked_by != Side::Caller);
                address_of(user, host, None, out);
                if shape.cseq.0 != b"BYE" && writer.user_phone {
                    out.extend_from_slice(b";user=phone");
                }
                out.extend_from_slice(b" SIP/2.0\r\n");
            }
            Some(status) => print(out, format_args!("SIP/2.0 {status} {}\r\n", reason(status))),
        }
        for header in writer.order {
            self.header(*header, &shape, body.len(), out);
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&body);
        shape.by_caller
    }

    fn shape(&self, part: Part) -> Shape {
        let by = match self.script.fate {
            Fate::Answered { by, .. } => by,
            Fate::Cancelled { .. } | Fate::Refused { .. } => Side::Caller,
        };
        let request = |method: &'static [u8], cseq, transaction| Shape {
            method,
            status: None,
            cseq: (method, cseq),
            by_caller: true,
            asked_by: Side::Caller,
            describes: false,
            tagged: true,
            transaction,
        };
        let response = |status, method: &'static [u8], cseq, transaction| Shape {
            method: b"",
            status: Some(status),
            cseq: (method, cseq),
            by_caller: false,
            asked_by: Side::Caller,
            describes: false,
            tagged: status != 100,
            transaction,
        };
        let bye = |shape: Shape| Shape { by_caller: shape.by_caller == (by == Side::Caller), asked_by: by, ..shape };
        match part {
            Part::Invite => Shape { describes: true, tagged: false, ..request(b"INVITE", 0, 0) },
            Part::Trying => response(100, b"INVITE", 0, 0),
            Part::Ringing => response(180, b"INVITE", 0, 0),
            Part::Progress => Shape { describes: true, ..response(183, b"INVITE", 0, 0) },
            Part::Prack => request(b"PRACK", 1, 1),
            Part::PrackAccepted => response(200, b"PRACK", 1, 1),
            Part::Answer => Shape { describes: true, ..response(200, b"INVITE", 0, 0) },
            Part::Ack => Shape { cseq: (b"ACK", 0), ..request(b"ACK", 0, 2) },
            Part::Cancel => Shape { tagged: false, ..request(b"CANCEL", 0, 0) },
            Part::CancelAccepted => response(200, b"CANCEL", 0, 0),
            Part::Refusal(status) => response(status, b"INVITE", 0, 0),
            Part::RefusalAck => Shape { cseq: (b"ACK", 0), ..request(b"ACK", 0, 0) },
            Part::Bye => bye(request(b"BYE", 2, 3)),
            Part::ByeAccepted => bye(response(200, b"BYE", 2, 3)),
        }
    }

    /// User and host of the caller, or of the callee.
    fn party(&self, caller: bool) -> (Option<User>, Host<'_>) {
        if caller {
            let named = habits_of(self.writer()).named;
            (self.caller, if named { Host::Name(self.domain) } else { Host::At(self.source) })
        } else {
            (Some(self.script.callee), Host::At(self.destination))
        }
    }

    fn header(&self, header: Header, shape: &Shape, body: usize, out: &mut Vec<u8>) {
        let writer = habits_of(if shape.by_caller { self.writer() } else { self.far.vendor });
        let own = if shape.by_caller { self.stack } else { self.far };
        let request = shape.status.is_none();
        let invite = request && shape.method == b"INVITE";
        let answer = shape.cseq.0 == b"INVITE" && matches!(shape.status, Some(180..300));
        let shown = match header {
            Header::Via | Header::From | Header::To | Header::CallId | Header::CSeq | Header::ContentLength => true,
            Header::MaxForwards | Header::Extra => request,
            Header::Contact | Header::Allow | Header::Supported => invite || answer,
            Header::Agent => !own.agent().is_empty(),
            Header::Timer => invite && writer.timer,
            Header::Asserted => invite && self.asserts && self.caller.is_some(),
            Header::Privacy => invite && self.caller.is_none(),
            Header::Diversion => invite && self.script.diverted_by.is_some(),
            Header::Identity => invite && self.script.attest.is_some(),
            Header::SessionId => self.session.is_some(),
            Header::Date => invite,
            Header::ContentType => body != 0,
        };
        let empty = matches!(header, Header::Extra if writer.extra.is_empty())
            || matches!(header, Header::Supported if own.habits().supported.is_empty());
        if !shown || empty {
            return;
        }
        if header == Header::Extra {
            print(out, format_args!("{}\r\n", writer.extra));
            return;
        }
        let (usual, compact, loud) = name(header, request);
        out.extend_from_slice(match writer.spelling {
            Spelling::Usual => usual,
            Spelling::Compact => compact,
            Spelling::Loud => loud,
        });
        out.extend_from_slice(b": ");
        self.value(header, shape, body, own, out);
        out.extend_from_slice(b"\r\n");
    }

    fn value(&self, header: Header, shape: &Shape, body: usize, own: Stack, out: &mut Vec<u8>) {
        let habits = own.habits();
        let request = shape.status.is_none();
        let asked_by_caller = shape.asked_by == Side::Caller;
        match header {
            Header::Via => {
                let (asker, maker) =
                    if asked_by_caller { (self.source, self.writer()) } else { (self.destination, self.far.vendor) };
                out.extend_from_slice(b"SIP/2.0/UDP ");
                tokens::address(asker, out);
                print(out, format_args!(":{};branch=z9hG4bK", asker.port));
                tokens::branch(maker, mix(self.token, 10 + shape.transaction), out);
                if request {
                    out.extend_from_slice(b";rport");
                } else {
                    print(out, format_args!(";rport={}", asker.port));
                }
            }
            Header::MaxForwards => print(out, format_args!("{}", habits_of(self.writer()).max_forwards)),
            Header::From => self.name_address(asked_by_caller, true, out),
            Header::To => self.name_address(!asked_by_caller, shape.tagged, out),
            Header::CallId => tokens::call_id(self.writer(), self.token, self.source, out),
            Header::CSeq => {
                let first = match habits_of(if asked_by_caller { self.writer() } else { self.far.vendor }).cseq {
                    FirstCSeq::Fixed(first) => first,
                    FirstCSeq::Chance => 10_000_000 + (mix(self.token, 20) % 89_000_000) as u32,
                };
                print(out, format_args!("{} ", first + shape.cseq.1));
                out.extend_from_slice(shape.cseq.0);
            }
            Header::Contact => {
                out.extend_from_slice(b"<sip:");
                let (user, _) = self.party(shape.by_caller);
                let at = if shape.by_caller { self.source } else { self.destination };
                address_of(user, Host::At(at), Some(at.port), out);
                out.push(b'>');
            }
            Header::Agent => out.extend_from_slice(own.agent().as_bytes()),
            Header::Allow => out.extend_from_slice(own.allow().as_bytes()),
            Header::Supported => out.extend_from_slice(habits.supported.as_bytes()),
            Header::Timer => out.extend_from_slice(b"1800;refresher=uac"),
            Header::Asserted => {
                quoted(self.display, out);
                out.extend_from_slice(b"<sip:");
                let (user, host) = self.party(true);
                address_of(user, host, None, out);
                out.push(b'>');
            }
            Header::Privacy => out.extend_from_slice(b"id"),
            Header::Diversion => {
                out.extend_from_slice(b"<sip:");
                address_of(self.script.diverted_by.map(User::Number), Host::At(self.source), None, out);
                out.extend_from_slice(b">;reason=unconditional");
            }
            Header::Identity => self.identity(out),
            Header::SessionId => {
                let session = self.session.unwrap_or_default();
                tokens::hex(session, 16, tokens::HEX, out);
                tokens::hex(mix(session, 1), 16, tokens::HEX, out);
            }
            Header::Date => {
                let at = jiff::Timestamp::from_microsecond(self.script.at_us as i64).unwrap_or_default();
                print(out, format_args!("{}", at.strftime("%a, %d %b %Y %H:%M:%S GMT")));
            }
            Header::ContentType => out.extend_from_slice(b"application/sdp"),
            Header::ContentLength => tokens::decimal(body as u64, out),
            Header::Extra => {}
        }
    }

    /// A party as From and To have it.
    fn name_address(&self, caller: bool, tagged: bool, out: &mut Vec<u8>) {
        let (user, host) = self.party(caller);
        match user {
            None => out.extend_from_slice(b"\"Anonymous\" <sip:anonymous@anonymous.invalid>"),
            Some(_) => {
                quoted(if caller { self.display } else { b"" }, out);
                out.extend_from_slice(b"<sip:");
                address_of(user, host, None, out);
                if habits_of(self.writer()).user_phone {
                    out.extend_from_slice(b";user=phone");
                }
                out.push(b'>');
            }
        }
        if tagged {
            out.extend_from_slice(b";tag=");
            let maker = if caller { self.writer() } else { self.far.vendor };
            tokens::tag(maker, mix(self.token, if caller { 2 } else { 3 }), out);
        }
    }

    /// A PASSporT of SHAKEN (RFC 8588): claims as they would be, a signature that is only as long as one.
    fn identity(&self, out: &mut Vec<u8>) {
        let Some(attest) = self.script.attest else { return };
        let letter = match attest {
            Attest::Full => 'A',
            Attest::Partial => 'B',
            Attest::Gateway => 'C',
        };
        let number = |user: Option<User>| user.and_then(User::number).map_or(0, |number| number.reveal());
        let mut origin = Vec::new();
        origin_id(&self.stack, &mut origin);
        let head = format!(r#"{{"alg":"ES256","ppt":"shaken","typ":"passport","x5u":"{CERTIFICATE}"}}"#);
        let claims = format!(
            r#"{{"attest":"{letter}","dest":{{"tn":["{}"]}},"iat":{},"orig":{{"tn":"{}"}},"origid":"{}"}}"#,
            number(Some(self.script.callee)),
            self.script.at_us / 1_000_000,
            number(self.caller),
            String::from_utf8_lossy(&origin),
        );
        base64(head.as_bytes(), out);
        out.push(b'.');
        base64(claims.as_bytes(), out);
        out.push(b'.');
        let signature: Vec<u8> = (0..8).flat_map(|word| mix(self.token, 0x5160 + word).to_le_bytes()).collect();
        base64(&signature, out);
        out.extend_from_slice(format!(";info=<{CERTIFICATE}>;alg=ES256;ppt=shaken").as_bytes());
    }

    fn describe(&self, by_caller: bool, out: &mut Vec<u8>) {
        let (own, media) = if by_caller { (self.stack, self.caller_media) } else { (self.far, self.callee_media) };
        let habits = own.habits();
        let family = if media.ip.is_v4() { "IP4" } else { "IP6" };
        let session = 1_000_000_000 + mix(self.token, if by_caller { 30 } else { 31 }) % 1_000_000_000;
        print(out, format_args!("v=0\r\no={} {session} {session} IN {family} {}\r\n", habits.origin, media.ip));
        print(out, format_args!("s={}\r\nc=IN {family} {}\r\nt=0 0\r\n", habits.session, media.ip));
        print(out, format_args!("m=audio {} RTP/AVP", media.port));
        // Who answers picks what this media is.
        let offer: &[u8] = if by_caller { own.offer() } else { &[8, 101] };
        for payload in offer {
            print(out, format_args!(" {payload}"));
        }
        out.extend_from_slice(b"\r\n");
        for payload in offer {
            let encoding = match payload {
                0 => "PCMU/8000",
                3 => "GSM/8000",
                8 => "PCMA/8000",
                9 => "G722/8000",
                18 => "G729/8000",
                _ => "telephone-event/8000",
            };
            print(out, format_args!("a=rtpmap:{payload} {encoding}\r\n"));
        }
        out.extend_from_slice(b"a=fmtp:101 0-15\r\n");
        out.extend_from_slice(habits.attributes.as_bytes());
    }
}

/// What stands right of the `@`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Host<'a> {
    At(Endpoint),
    Name(&'a str),
}

/// Writes user and host of a URI.
pub(super) fn address_of(user: Option<User>, host: Host<'_>, port: Option<u16>, out: &mut Vec<u8>) {
    if let Some(user) = user {
        let mut written = Vec::with_capacity(20);
        write_user(user, &mut written);
        out.extend_from_slice(&written);
        out.push(b'@');
    }
    match host {
        Host::At(at) => tokens::address(at, out),
        Host::Name(name) => out.extend_from_slice(name.as_bytes()),
    }
    if let Some(port) = port {
        print(out, format_args!(":{port}"));
    }
}

fn quoted(display: &[u8], out: &mut Vec<u8>) {
    if !display.is_empty() {
        out.push(b'"');
        out.extend_from_slice(display);
        out.extend_from_slice(b"\" ");
    }
}

/// Writing to memory does not fail.
pub(super) fn print(out: &mut Vec<u8>, words: std::fmt::Arguments<'_>) {
    drop(out.write_fmt(words));
}

/// A header's name: usual, compact, loud.
fn name(header: Header, request: bool) -> (&'static [u8], &'static [u8], &'static [u8]) {
    match header {
        Header::Via => (b"Via", b"v", b"Via"),
        Header::MaxForwards => (b"Max-Forwards", b"Max-Forwards", b"Max-Forwards"),
        Header::From => (b"From", b"f", b"From"),
        Header::To => (b"To", b"t", b"To"),
        Header::CallId => (b"Call-ID", b"i", b"Call-Id"),
        Header::CSeq => (b"CSeq", b"CSeq", b"CSEQ"),
        Header::Contact => (b"Contact", b"m", b"Contact"),
        Header::Agent if request => (b"User-Agent", b"User-Agent", b"User-agent"),
        Header::Agent => (b"Server", b"Server", b"Server"),
        Header::Allow => (b"Allow", b"Allow", b"Allow"),
        Header::Supported => (b"Supported", b"k", b"Supported"),
        Header::Timer => (b"Session-Expires", b"x", b"Session-expires"),
        Header::Asserted => (b"P-Asserted-Identity", b"P-Asserted-Identity", b"P-Asserted-Identity"),
        Header::Privacy => (b"Privacy", b"Privacy", b"Privacy"),
        Header::Diversion => (b"Diversion", b"Diversion", b"Diversion"),
        Header::Identity => (b"Identity", b"y", b"Identity"),
        Header::SessionId => (b"Session-ID", b"Session-ID", b"Session-ID"),
        Header::Date => (b"Date", b"Date", b"Date"),
        Header::Extra => (b"", b"", b""),
        Header::ContentType => (b"Content-Type", b"c", b"Content-type"),
        Header::ContentLength => (b"Content-Length", b"l", b"Content-length"),
    }
}

/// The words after a status.
pub(super) fn reason(status: u16) -> &'static str {
    match status {
        100 => "Trying",
        180 => "Ringing",
        183 => "Session Progress",
        200 => "OK",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        480 => "Temporarily Unavailable",
        486 => "Busy Here",
        487 => "Request Terminated",
        503 => "Service Unavailable",
        603 => "Decline",
        604 => "Does Not Exist Anywhere",
        _ => "Failure",
    }
}

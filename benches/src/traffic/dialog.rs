//! One call's words: who is in it, and every message of it as text.

use std::fmt::{self, Write};

use super::frames::Address;
use super::media::Codec;
use super::script::Part;
use super::stacks::{Header, Stack};

/// One end of a call.
#[derive(Clone, Copy, Debug)]
pub struct Party {
    /// Its telephone number, digits.
    pub number: u64,
    /// What it runs.
    pub stack: &'static Stack,
    /// Where its signalling is.
    pub signalling: Address,
    /// Where it wants its media.
    pub media: Address,
    /// Its tag.
    pub tag: u64,
    /// Its SDP session.
    pub session: u64,
}

/// What the network adds to a call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extras {
    /// Each side's border hides a host behind it: a second Via, a Record-Route.
    pub inner: bool,
    /// The network vouches for the caller (RFC 3325).
    pub asserted: bool,
    /// The caller withholds the number (RFC 3323).
    pub private: bool,
    /// The number that diverted the call (RFC 5806).
    pub diverted: Option<u64>,
}

/// A call between two parties.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// Who calls.
    pub caller: Party,
    /// Who is called.
    pub callee: Party,
    /// What makes the Call-ID unique.
    pub call: u128,
    /// What they speak with.
    pub codec: Codec,
    /// What the network adds.
    pub extras: Extras,
    /// Seconds after midnight, for Date lines.
    pub second: u64,
    /// The CSeq of the caller's last INVITE.
    pub cseq: u32,
    /// Whether an INVITE was challenged and now carries credentials.
    pub challenged: bool,
    /// Whether it was answered, so that an INVITE is one inside the dialog.
    pub answered: bool,
}

/// What a message is, apart from whose it is.
struct Shape {
    method: &'static str,
    /// The method of the CSeq, its number counted from the last INVITE's.
    cseq: (&'static str, u32),
    status: Option<u16>,
    /// Whether the caller sends it.
    by_caller: bool,
    sdp: bool,
    /// Whether To carries the callee's tag.
    tagged: bool,
}

impl Part {
    /// Whether the caller sends it.
    pub fn by_caller(self) -> bool {
        match self {
            Self::Invite | Self::Ack | Self::Refused | Self::Cancel | Self::Refresh | Self::ByeByCaller => true,
            Self::Trying
            | Self::Ringing
            | Self::Progress
            | Self::Answer
            | Self::Challenge
            | Self::Failure(_)
            | Self::Cancelled
            | Self::ByeByCallee
            | Self::Over => false,
        }
    }
}

impl Dialog {
    /// Takes note of a message about to be sent.
    pub fn advance(&mut self, part: Part) {
        match part {
            Part::Challenge => self.challenged = true,
            Part::Invite if self.challenged => self.cseq += 1,
            Part::Refresh => self.cseq += 1,
            Part::Answer => self.answered = true,
            _ => {}
        }
    }

    /// Writes a message. `over_by_caller` is whether a 200 to a BYE comes from the caller.
    ///
    /// # Errors
    /// None but what writing to a `String` says.
    pub fn write(&self, part: Part, over_by_caller: bool, out: &mut String) -> fmt::Result {
        out.clear();
        let shape = self.shape(part, over_by_caller);
        let (from, to) = if shape.by_caller { (&self.caller, &self.callee) } else { (&self.callee, &self.caller) };
        // A request of the callee (its BYE) swaps From and To, and so does the answer to it.
        let by_callee = part == Part::ByeByCallee || part == Part::Over && over_by_caller;
        let (asker, asked) = if by_callee { (&self.callee, &self.caller) } else { (&self.caller, &self.callee) };
        match shape.status {
            None => {
                write!(out, "{} sip:+{}@{}", shape.method, to.number, Ip(to.signalling.ip))?;
                write!(
                    out,
                    ":{}{} SIP/2.0\r\n",
                    to.signalling.port,
                    if shape.cseq.0 == "BYE" { "" } else { ";user=phone" }
                )?;
            }
            Some(status) => write!(out, "SIP/2.0 {status} {}\r\n", reason(status))?,
        }
        let mut body = String::new();
        if shape.sdp {
            self.sdp(from, shape.status.is_some(), &mut body)?;
        }
        for header in from.stack.order {
            self.header(*header, &shape, from, (asker, asked), body.len(), out)?;
        }
        out.push_str("\r\n");
        out.push_str(&body);
        Ok(())
    }

    fn shape(&self, part: Part, over_by_caller: bool) -> Shape {
        let request = |method, cseq| Shape {
            method,
            cseq: (method, cseq),
            status: None,
            by_caller: true,
            sdp: false,
            tagged: true,
        };
        let response = |status, method| Shape {
            method: "",
            cseq: (method, 0),
            status: Some(status),
            by_caller: false,
            sdp: false,
            tagged: status != 100,
        };
        match part {
            Part::Invite => Shape { sdp: true, tagged: false, ..request("INVITE", 0) },
            Part::Refresh => Shape { sdp: true, ..request("INVITE", 0) },
            Part::Trying => response(100, "INVITE"),
            Part::Ringing => response(180, "INVITE"),
            Part::Progress => Shape { sdp: true, ..response(183, "INVITE") },
            Part::Answer => Shape { sdp: true, ..response(200, "INVITE") },
            Part::Challenge => response(407, "INVITE"),
            Part::Failure(status) => response(status, "INVITE"),
            Part::Ack | Part::Refused => request("ACK", 0),
            Part::Cancel => Shape { tagged: false, ..request("CANCEL", 0) },
            Part::Cancelled => response(200, "CANCEL"),
            Part::ByeByCaller => request("BYE", 1),
            Part::ByeByCallee => Shape { by_caller: false, ..request("BYE", 1) },
            Part::Over => Shape { cseq: ("BYE", 1), by_caller: over_by_caller, ..response(200, "BYE") },
        }
    }

    fn header(
        &self,
        header: Header,
        shape: &Shape,
        from: &Party,
        (asker, asked): (&Party, &Party),
        body: usize,
        out: &mut String,
    ) -> fmt::Result {
        let request = shape.status.is_none();
        let invite = request && shape.method == "INVITE";
        let answer = shape.cseq.0 == "INVITE" && matches!(shape.status, Some(180..300));
        match header {
            Header::Via => {
                let branch = self.call as u64 ^ u64::from(self.cseq + shape.cseq.1) << 48;
                let sender = asker.signalling;
                write!(out, "Via: SIP/2.0/UDP {}:{};branch=z9hG4bK-{branch:016x}", Ip(sender.ip), sender.port)?;
                if request {
                    out.push_str(";rport\r\n");
                } else {
                    write!(out, ";rport={};received={}\r\n", sender.port, Ip(sender.ip))?;
                }
                if self.extras.inner {
                    let inner = Ip(sender.ip | 0xff);
                    write!(
                        out,
                        "Via: SIP/2.0/UDP {inner}:5060;branch=z9hG4bK{:08x}.1;i={:x}\r\n",
                        branch >> 32,
                        branch as u16
                    )?;
                }
                Ok(())
            }
            Header::RecordRoute if self.extras.inner && (invite || answer) => {
                let Address { ip, port } = self.caller.signalling;
                write!(out, "Record-Route: <sip:{}:{port};lr;ftag={:x}>\r\n", Ip(ip), self.caller.tag)
            }
            Header::MaxForwards if request => out.write_str("Max-Forwards: 69\r\n"),
            Header::From => {
                self.address("From", asker, asker.tag, self.extras.private && asker.tag == self.caller.tag, out)
            }
            Header::To => self.address("To", asked, if shape.tagged { asked.tag } else { 0 }, false, out),
            Header::CallId => {
                write!(out, "Call-ID: {:032x}", self.call)?;
                if self.caller.stack.call_id_host {
                    write!(out, "@{}\r\n", Ip(self.caller.signalling.ip))
                } else {
                    out.write_str("\r\n")
                }
            }
            Header::CSeq => write!(out, "CSeq: {} {}\r\n", self.cseq + shape.cseq.1, shape.cseq.0),
            Header::Contact if invite || answer => {
                write!(
                    out,
                    "Contact: <sip:+{}@{}:{};transport=udp>\r\n",
                    from.number,
                    Ip(from.signalling.ip),
                    from.signalling.port
                )
            }
            Header::Agent if !from.stack.agent.is_empty() => {
                write!(out, "{}: {}\r\n", if request { "User-Agent" } else { "Server" }, from.stack.agent)
            }
            Header::Allow if invite || answer => write!(out, "Allow: {}\r\n", from.stack.allow),
            Header::Supported if invite || answer => write!(out, "Supported: {}\r\n", from.stack.supported),
            Header::SessionExpires if invite => out.write_str("Session-Expires: 1800;refresher=uac\r\nMin-SE: 90\r\n"),
            Header::SessionExpires if answer && shape.status == Some(200) => {
                out.write_str("Require: timer\r\nSession-Expires: 1800;refresher=uac\r\n")
            }
            Header::Asserted if invite && self.extras.asserted => {
                write!(
                    out,
                    "P-Asserted-Identity: <sip:+{}@{};user=phone>\r\n",
                    self.caller.number,
                    Ip(self.caller.signalling.ip)
                )
            }
            Header::Privacy if invite && self.extras.private => out.write_str("Privacy: id\r\n"),
            Header::Diversion => match self.extras.diverted {
                Some(number) if invite && !self.answered => write!(
                    out,
                    "Diversion: <sip:+{number}@{};user=phone>;reason=unconditional;privacy=off;counter=1\r\n",
                    Ip(self.caller.signalling.ip)
                ),
                _ => Ok(()),
            },
            Header::Authorization if shape.status == Some(407) => write!(
                out,
                "Proxy-Authenticate: Digest realm=\"link.example\",nonce=\"{:016x}\",algorithm=MD5,qop=\"auth\"\r\n",
                self.caller.session
            ),
            Header::Authorization if invite && self.challenged && !self.answered => write!(
                out,
                "Proxy-Authorization: Digest username=\"t{}\",realm=\"link.example\",nonce=\"{:016x}\",uri=\"sip:+{}@{}\",\
                 response=\"{:032x}\",algorithm=MD5,qop=auth,nc=00000001,cnonce=\"{:08x}\"\r\n",
                self.caller.number,
                self.caller.session,
                self.callee.number,
                Ip(self.callee.signalling.ip),
                self.call.rotate_left(40),
                self.caller.tag as u32
            ),
            Header::Date => {
                let (hour, minute, second) = (9 + self.second / 3600, self.second / 60 % 60, self.second % 60);
                write!(out, "Date: Mon, 02 Mar 2026 {hour:02}:{minute:02}:{second:02} GMT\r\n")
            }
            Header::Reason if matches!(shape.status, Some(400..)) || shape.cseq.0 == "BYE" && request => {
                let cause = match shape.status {
                    Some(486) => 17,
                    Some(404) => 1,
                    Some(503) => 34,
                    Some(480) => 18,
                    Some(603) => 21,
                    _ => 16,
                };
                write!(out, "Reason: Q.850;cause={cause}\r\n")
            }
            Header::Extra if request && !from.stack.extra.is_empty() => write!(out, "{}\r\n", from.stack.extra),
            Header::ContentType if body != 0 => out.write_str("Content-Type: application/sdp\r\n"),
            Header::ContentLength => write!(out, "Content-Length: {body}\r\n"),
            Header::RecordRoute
            | Header::MaxForwards
            | Header::Contact
            | Header::Agent
            | Header::Allow
            | Header::Supported
            | Header::SessionExpires
            | Header::Asserted
            | Header::Privacy
            | Header::Authorization
            | Header::Reason
            | Header::Extra
            | Header::ContentType => Ok(()),
        }
    }

    fn address(&self, name: &str, party: &Party, tag: u64, private: bool, out: &mut String) -> fmt::Result {
        if private {
            write!(out, "{name}: \"Anonymous\" <sip:anonymous@anonymous.invalid>")?;
        } else {
            let display = if party.stack.call_id_host { "" } else { "\"Line\" " };
            write!(out, "{name}: {display}<sip:+{}@{};user=phone>", party.number, Ip(party.signalling.ip))?;
        }
        if tag == 0 { out.write_str("\r\n") } else { write!(out, ";tag={tag:x}\r\n") }
    }

    fn sdp(&self, from: &Party, answer: bool, out: &mut String) -> fmt::Result {
        let (media, codec) = (from.media, self.codec);
        let ip = Ip(media.ip);
        write!(
            out,
            "v=0\r\no={} {} {} IN IP4 {ip}\r\n",
            from.stack.origin,
            from.session,
            from.session + u64::from(self.answered)
        )?;
        write!(out, "s=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {} RTP/AVP {}", media.port, codec.number())?;
        let others = [Codec::Pcma, Codec::Pcmu, Codec::G729].into_iter().filter(|other| *other != codec);
        let others = others.take(if from.stack.offers_all && !answer { 2 } else { 0 });
        others.clone().try_for_each(|other| write!(out, " {}", other.number()))?;
        out.push_str(" 101\r\n");
        for codec in std::iter::once(codec).chain(others) {
            write!(out, "a=rtpmap:{} {}/8000\r\n", codec.number(), codec.name())?;
        }
        if codec == Codec::G729 {
            out.push_str("a=fmtp:18 annexb=no\r\n");
        }
        out.push_str("a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n");
        out.push_str(from.stack.attributes);
        Ok(())
    }
}

/// An address in dotted form.
pub struct Ip(pub u32);

impl fmt::Display for Ip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0.to_be_bytes();
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        100 => "Trying",
        180 => "Ringing",
        183 => "Session Progress",
        200 => "OK",
        404 => "Not Found",
        407 => "Proxy Authentication Required",
        480 => "Temporarily Unavailable",
        486 => "Busy Here",
        487 => "Request Terminated",
        503 => "Service Unavailable",
        _ => "Decline",
    }
}

//! What ties messages to transactions, dialogs and calls: Call-ID, CSeq, Via, and the identifiers that outlive a
//! back-to-back user agent.

use crate::scan::find_within;
use crate::text::{
    Params, is_space, leading_number, list, number, split_from, split_where, token, trim, trim_start, unquoted,
};
use crate::uri::host_and_port;
use crate::{HeaderName, Message, Method};

/// The number and method of a transaction (RFC 3261 §20.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CSeq<'a> {
    /// The number; those over 32 bits are no CSeq.
    pub number: u32,
    /// The method.
    pub method: Method,
    /// The method as written.
    pub token: &'a [u8],
}

impl<'a> CSeq<'a> {
    fn parse(value: &'a [u8]) -> Option<Self> {
        let (number, rest) = leading_number(value)?;
        let number = u32::try_from(number).ok()?;
        if let [b' ', token @ ..] = rest {
            let method = Method::of(token);
            if method != Method::Other {
                return Some(Self { number, method, token }); // What nearly all are.
            }
        }
        let (token, _) = split_where(trim_start(rest), is_space);
        (!token.is_empty()).then(|| Self { number, method: Method::of(token), token })
    }
}

/// What an RAck acknowledges (RFC 3262 §7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RAck<'a> {
    /// The RSeq of the provisional response.
    pub rseq: u32,
    /// The CSeq of that response.
    pub cseq: CSeq<'a>,
}

/// One hop of a request (RFC 3261 §20.42).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via<'a> {
    /// The transport as written: `UDP`, `TCP`, `TLS`, `WSS`, …
    pub transport: &'a [u8],
    /// The host the hop gives for itself, with brackets around an IPv6 address.
    pub host: &'a [u8],
    /// The port it gives.
    pub port: Option<u16>,
    params: &'a [u8],
}

impl<'a> Via<'a> {
    /// Reads one value. White space may stand around the slashes, the colon and the semicolons.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let rest = match value.strip_prefix(b"SIP/2.0/") {
            Some(rest) => rest,
            None => {
                let (_protocol, rest) = token(trim(value));
                let (_version, rest) = token(trim_start(trim_start(rest).strip_prefix(b"/")?));
                trim_start(trim_start(rest).strip_prefix(b"/")?)
            }
        };
        let (transport, rest) = token(rest);
        let (sent_by, params) = split_from(rest, b';');
        let (host, port) = host_and_port(sent_by);
        if host.is_empty() {
            return None;
        }
        Some(Self { transport, host, port, params })
    }

    /// The parameters of the hop.
    #[must_use]
    pub fn params(&self) -> Params<'a> {
        Params::new(self.params)
    }

    /// The branch of the first hop of a value that lies in `block`, from here to there, and is written as nearly all are;
    /// `None` leaves the others to [`Via::parse`].
    #[inline]
    fn plain_branch(block: &'a [u8], from: usize, to: usize) -> Option<&'a [u8]> {
        const MARKS: [u8; 4] = [b';', b',', b'"', b'<'];
        const BRANCH: &[u8] = b";branch=";
        let rest = block.get(from..to)?.strip_prefix(b"SIP/2.0/")?;
        let sent_by = match rest.strip_prefix(b"UDP ") {
            Some(sent_by) => sent_by,
            None => token(rest).1.strip_prefix(b" ")?,
        };
        // There is a host.
        if matches!(sent_by.first()?, 0..=b'/' | b':'..=b'@') {
            return None;
        }
        let mut at = to - sent_by.len();
        loop {
            // Each turn passes a semicolon.
            at = find_within(MARKS, block, at, to)?;
            let param = block.get(at..to)?;
            if param.starts_with(BRANCH) {
                let start = at + BRANCH.len();
                let end = find_within(MARKS, block, start, to);
                if end.is_some_and(|end| !matches!(block.get(end), Some(b';' | b','))) {
                    return None;
                }
                return block.get(start..end.unwrap_or(to)).map(trim);
            }
            // It may be a branch written another way: the general reader knows.
            match param {
                [b';', b'b' | b'B' | b' ' | b'\t' | b'\r' | b'\n', ..] => return None,
                [b';', ..] => at += 1,
                _ => return None,
            }
        }
    }

    /// The transaction at this hop (RFC 3261 §8.1.1.7).
    #[must_use]
    pub fn branch(&self) -> Option<&'a [u8]> {
        self.params().get(b"branch")
    }

    /// The address the next hop saw it come from (RFC 3261 §18.2.1).
    #[must_use]
    pub fn received(&self) -> Option<&'a [u8]> {
        self.params().get(b"received")
    }

    /// The port the next hop saw it come from; `None` when absent or only asked for (RFC 3581 §4).
    #[must_use]
    pub fn rport(&self) -> Option<u16> {
        self.params().get(b"rport").and_then(number).and_then(|port| u16::try_from(port).ok())
    }
}

/// The end-to-end identifier of a session (RFC 7989 §5): two halves of 128 bits, 0 where a half is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId {
    /// The half of who sends.
    pub local: u128,
    /// The half of the other side; `None` in the form before RFC 7989 (RFC 7329), which has one identifier.
    pub remote: Option<u128>,
}

impl SessionId {
    fn parse(value: &[u8]) -> Option<Self> {
        let (local, params) = split_from(value, b';');
        let remote = Params::new(params).get(b"remote").and_then(identifier);
        Some(Self { local: identifier(trim(local))?, remote })
    }
}

/// The 128 bits that 32 hexadecimal digits write.
fn identifier(digits: &[u8]) -> Option<u128> {
    if digits.len() != 32 {
        return None;
    }
    digits.iter().try_fold(0_u128, |value, &digit| Some(value << 4 | u128::from(char::from(digit).to_digit(16)?)))
}

/// What the operators charge by (RFC 7315 §4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargingVector<'a> {
    /// The identifier of the dialog, the same on every leg inside the operators' networks.
    pub icid: &'a [u8],
    /// The operator the call comes from.
    pub originating: Option<&'a [u8]>,
    /// The operator it goes to.
    pub terminating: Option<&'a [u8]>,
}

impl<'a> ChargingVector<'a> {
    fn parse(value: &'a [u8]) -> Option<Self> {
        let params = Params::new(value);
        let (originating, terminating) = (params.get(b"orig-ioi"), params.get(b"term-ioi"));
        Some(Self { icid: params.get(b"icid-value")?, originating, terminating })
    }
}

/// The dialog that a call is to take the place of (RFC 3891 §6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaces<'a> {
    /// The Call-ID of that dialog.
    pub call_id: &'a [u8],
    /// The tag in its To.
    pub to_tag: Option<&'a [u8]>,
    /// The tag in its From.
    pub from_tag: Option<&'a [u8]>,
}

impl<'a> Replaces<'a> {
    fn parse(value: &'a [u8]) -> Option<Self> {
        let (call_id, params) = split_from(value, b';');
        let (call_id, params) = (trim(call_id), Params::new(params));
        if call_id.is_empty() {
            return None;
        }
        Some(Self { call_id, to_tag: params.get(b"to-tag"), from_tag: params.get(b"from-tag") })
    }
}

/// The first number of a header value, what follows it (a comment, parameters) left out.
fn leading_u32(value: &[u8]) -> Option<u32> {
    let (number, rest) = leading_number(value)?;
    let ends = rest.first().is_none_or(|&byte| is_space(byte) || matches!(byte, b';' | b'(' | b','));
    if ends { u32::try_from(number).ok() } else { None }
}

impl<'a> Message<'a> {
    /// What all messages of a dialog share (RFC 3261 §20.8).
    #[must_use]
    pub fn call_id(&self) -> Option<&'a [u8]> {
        self.headers().first(HeaderName::CallId).filter(|id| !id.is_empty())
    }

    /// The number of the transaction: that of [`Message::cseq`], for requests, whose own method says the other half.
    #[must_use]
    pub fn cseq_number(&self) -> Option<u32> {
        let (number, rest) = leading_number(self.headers().first(HeaderName::CSeq)?)?;
        u32::try_from(number).ok().filter(|_| matches!(rest, [b' ', b'!'..=u8::MAX, ..]) || !trim(rest).is_empty())
    }

    /// The number and method of the transaction.
    #[must_use]
    pub fn cseq(&self) -> Option<CSeq<'a>> {
        CSeq::parse(self.headers().first(HeaderName::CSeq)?)
    }

    /// The way the request came, the latest hop first.
    pub fn vias(&self) -> impl Iterator<Item = Via<'a>> + '_ {
        self.headers().list(HeaderName::Via).filter_map(Via::parse)
    }

    /// The branch of the latest hop: [`Via::branch`] of the first of [`Message::vias`] by a shorter way.
    #[must_use]
    pub fn branch(&self) -> Option<&'a [u8]> {
        let plain = self.headers().plain_first(HeaderName::Via);
        let branch = plain.and_then(|(block, from, to)| Via::plain_branch(block, from, to));
        branch.or_else(|| self.vias().next()?.branch())
    }

    /// How many hops are left (RFC 3261 §20.22).
    #[must_use]
    pub fn max_forwards(&self) -> Option<u32> {
        leading_u32(self.headers().first(HeaderName::MaxForwards)?)
    }

    /// Seconds until what the message asks for ends (RFC 3261 §20.19).
    #[must_use]
    pub fn expires(&self) -> Option<u32> {
        leading_u32(self.headers().first(HeaderName::Expires)?)
    }

    /// Seconds between refreshes of the session (RFC 4028 §4).
    #[must_use]
    pub fn session_expires(&self) -> Option<u32> {
        leading_u32(self.headers().first(HeaderName::SessionExpires)?)
    }

    /// The fewest seconds between refreshes that are accepted (RFC 4028 §5).
    #[must_use]
    pub fn min_se(&self) -> Option<u32> {
        leading_u32(self.headers().first(HeaderName::MinSe)?)
    }

    /// Seconds to wait before trying again (RFC 3261 §20.33).
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        leading_u32(self.headers().first(HeaderName::RetryAfter)?)
    }

    /// The number of a reliable provisional response (RFC 3262 §7.1).
    #[must_use]
    pub fn rseq(&self) -> Option<u32> {
        leading_u32(self.headers().first(HeaderName::RSeq)?)
    }

    /// What a PRACK acknowledges.
    #[must_use]
    pub fn rack(&self) -> Option<RAck<'a>> {
        let (rseq, rest) = leading_number(self.headers().first(HeaderName::RAck)?)?;
        Some(RAck { rseq: u32::try_from(rseq).ok()?, cseq: CSeq::parse(trim_start(rest))? })
    }

    /// The end-to-end identifier of the session.
    #[must_use]
    pub fn session_id(&self) -> Option<SessionId> {
        SessionId::parse(self.headers().first(HeaderName::SessionId)?)
    }

    /// What the operators charge by.
    #[must_use]
    pub fn charging(&self) -> Option<ChargingVector<'a>> {
        ChargingVector::parse(self.headers().first(HeaderName::PChargingVector)?)
    }

    /// The dialog this call is to take the place of.
    #[must_use]
    pub fn replaces(&self) -> Option<Replaces<'a>> {
        Replaces::parse(self.headers().first(HeaderName::Replaces)?)
    }

    /// The event package of a subscription, without its parameters (RFC 6665 §8.2.1).
    #[must_use]
    pub fn event(&self) -> Option<&'a [u8]> {
        let value = self.headers().first(HeaderName::Event)?;
        Some(trim(split_from(value, b';').0))
    }

    /// Why something happened (RFC 3326 §2), value by value.
    pub fn reasons(&self) -> impl Iterator<Item = Reason<'a>> + '_ {
        self.headers().list(HeaderName::Reason).map(Reason::parse)
    }

    /// The cause of ITU-T Q.850 among [`Message::reasons`], by a shorter way where it stands as nearly all write it.
    #[must_use]
    pub fn q850_cause(&self) -> Option<u8> {
        let first = self.headers().first(HeaderName::Reason)?;
        let plain = first.strip_prefix(b"Q.850;cause=").and_then(leading_number);
        if let Some((cause, [] | [b';', ..])) = plain {
            return u8::try_from(cause).ok();
        }
        let cause = self.reasons().find(|reason| reason.protocol == ReasonProtocol::Q850)?.cause?;
        u8::try_from(cause).ok()
    }

    /// What a response warns of (RFC 3261 §20.43), value by value.
    pub fn warnings(&self) -> impl Iterator<Item = Warning<'a>> + '_ {
        self.headers().all(HeaderName::Warning).flat_map(list).filter_map(Warning::parse)
    }
}

/// Whose cause a [`Reason`] gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonProtocol {
    /// A status code of SIP.
    Sip,
    /// A cause value of ITU-T Q.850, as the telephone network gives.
    Q850,
    /// Any other.
    Other,
}

/// One value of Reason (RFC 3326 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// Whose cause it is.
    pub protocol: ReasonProtocol,
    /// The cause.
    pub cause: Option<u16>,
    /// The cause in words.
    pub text: Option<&'a [u8]>,
}

impl<'a> Reason<'a> {
    pub(crate) fn parse(value: &'a [u8]) -> Self {
        let (name, params) = split_from(value, b';');
        let protocol = match trim(name) {
            name if name.eq_ignore_ascii_case(b"SIP") => ReasonProtocol::Sip,
            name if name.eq_ignore_ascii_case(b"Q.850") => ReasonProtocol::Q850,
            _ => ReasonProtocol::Other,
        };
        let params = Params::new(params);
        let cause = params.get(b"cause").and_then(number).and_then(|cause| u16::try_from(cause).ok());
        Self { protocol, cause, text: params.get(b"text") }
    }
}

/// One value of Warning (RFC 3261 §20.43).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning<'a> {
    /// Three digits.
    pub code: u16,
    /// Who warns.
    pub agent: &'a [u8],
    /// Of what.
    pub text: &'a [u8],
}

impl<'a> Warning<'a> {
    fn parse(value: &'a [u8]) -> Option<Self> {
        let (code, rest) = leading_number(value)?;
        let (agent, text) = split_where(trim_start(rest), is_space);
        Some(Self { code: u16::try_from(code).ok()?, agent, text: unquoted(trim_start(text)) })
    }
}

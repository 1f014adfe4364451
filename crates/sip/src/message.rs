//! One SIP message where it lies in a payload (RFC 3261 §7).

use types::{Layer, Malformed, Reader, Why};

use crate::body;
use crate::headers::{Headers, line_end};
use crate::start::{find, opening, plain_request, plain_response, skip_leading};
use crate::text::number;
use crate::{Content, Defect, Defects, HeaderName, Method, StartLine};

/// A SIP message: start line, header fields and body, all borrowed from the payload.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    start: StartLine<'a>,
    headers: Headers<'a>,
    body: &'a [u8],
    rest: &'a [u8],
    defects: Defects,
}

impl<'a> Message<'a> {
    /// Reads the message at the start of `payload`, after any empty lines, as far as it goes.
    ///
    /// The body is what Content-Length says; without one, or with one that is no number, it is all that is left, as in
    /// a datagram (RFC 3261 §18.3). A stream is cut into messages by [`framing`](crate::framing) first.
    ///
    /// # Errors
    /// [`Why::Grammar`] only when there is no start line. Whatever else is wrong is noted in [`Message::defects`].
    #[inline]
    pub fn parse(payload: &'a [u8]) -> Result<Self, Malformed> {
        let mut message = Self::unread();
        message.read_known(payload)?;
        Ok(message)
    }

    /// [`Message::parse`] in place, for what a stream was cut into.
    ///
    /// # Errors
    /// As there.
    pub fn read_known(&mut self, payload: &'a [u8]) -> Result<(), Malformed> {
        let Some(start) = find(skip_leading(payload)) else {
            return Err(Reader::new(Layer::Sip, payload).malformed(Why::Grammar));
        };
        self.start = start.line;
        self.fill(start.rest, start.defects);
        Ok(())
    }

    /// Reads the message at the front of a stream where it is whole and without defect, with the Content-Length that then says how long
    /// it is, and gives that back.
    pub(crate) fn read_faultless(&mut self, stream: &'a [u8]) -> Option<usize> {
        let rest = self.read_plain_start(stream)?;
        self.fill(rest, Defects::NONE);
        let is_faultless = self.defects.is_empty() && self.headers.has(HeaderName::ContentLength);
        is_faultless.then(|| stream.len() - self.rest.len())
    }

    /// A place for [`Message::read`] to fill.
    #[must_use]
    #[inline]
    pub fn unread() -> Self {
        let start = StartLine::Response { code: 0, reason: &[] };
        Self { start, headers: Headers::none(), body: &[], rest: &[], defects: Defects::NONE }
    }

    /// Reads a payload of which nothing is known: [`recognise`](crate::recognise) and [`Message::parse`] in one, and in
    /// place, since the index of header fields is large and every move would copy it.
    ///
    /// # Errors
    /// What the payload is, where it is no message.
    #[inline(never)]
    pub fn read(&mut self, payload: &'a [u8]) -> Result<(), Content> {
        let (rest, defects) = match self.read_plain_start(payload) {
            Some(rest) => (rest, Defects::NONE),
            None => {
                let start = opening(payload)?;
                self.start = start.line;
                (start.rest, start.defects)
            }
        };
        self.fill(rest, defects);
        Ok(())
    }

    /// Reads a start line as nearly all are written, and gives back what follows it.
    #[inline(always)]
    fn read_plain_start(&mut self, payload: &'a [u8]) -> Option<&'a [u8]> {
        if let Some((line, rest)) = plain_response(payload) {
            self.start = line;
            return Some(rest);
        }
        // Of what is no text, nothing more is looked at.
        payload.first().filter(|first| first.is_ascii_uppercase())?;
        let (line, rest) = plain_request(payload)?;
        self.start = line;
        Some(rest)
    }

    /// Reads what follows a start line.
    #[inline(always)]
    fn fill(&mut self, rest: &'a [u8], mut defects: Defects) {
        let after = match rest {
            [b'\r', b'\n', after @ ..] => after,
            rest => rest.get(line_end(rest, &mut defects)..).unwrap_or_default(),
        };
        let end = self.headers.index(after, &mut defects);
        defects.add_if(Defect::HeadersOpen, !end.closed);
        let left = after.get(end.length..).unwrap_or_default();
        let length = content_length(&self.headers, &mut defects).unwrap_or(left.len());
        defects.add_if(Defect::BodyShort, length > left.len());
        (self.body, self.rest) = left.split_at_checked(length).unwrap_or((left, &[]));
        note_absent(&self.headers, &mut defects);
        self.defects = defects;
    }

    /// The start line.
    #[must_use]
    pub const fn start(&self) -> &StartLine<'a> {
        &self.start
    }

    /// The method of a request.
    #[must_use]
    pub const fn method(&self) -> Option<Method> {
        match self.start {
            StartLine::Request { method, .. } => Some(method),
            StartLine::Response { .. } => None,
        }
    }

    /// The status code of a response.
    #[must_use]
    pub const fn code(&self) -> Option<u16> {
        match self.start {
            StartLine::Request { .. } => None,
            StartLine::Response { code, .. } => Some(code),
        }
    }

    /// The header fields.
    #[must_use]
    pub const fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// The body as far as it was captured; empty when there is none.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The session description in its body, wherever it stands there.
    #[must_use]
    #[inline]
    pub fn description(&self) -> Option<&'a [u8]> {
        if self.body.is_empty() {
            return None;
        }
        let content_type = self.headers.first(HeaderName::ContentType)?;
        body::description(content_type, self.headers.first(HeaderName::ContentEncoding), self.body)
    }

    /// The candidates in its body that were found after a description was sent (RFC 8840 §4.4): a fragment of one.
    #[must_use]
    pub fn trickled(&self) -> Option<&'a [u8]> {
        let content_type = self.headers.first(HeaderName::ContentType).filter(|_| !self.body.is_empty())?;
        body::first(body::Kind::Trickled, content_type, self.headers.first(HeaderName::ContentEncoding), self.body)
    }

    /// What the payload holds after the message: in a datagram it is to be ignored (RFC 3261 §18.3).
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// What is wrong with its form. What is wrong inside header values is found by [`Message::inspect`].
    #[must_use]
    pub const fn defects(&self) -> Defects {
        self.defects
    }
}

/// The value of Content-Length; of several, the first that is a number. `None` leaves the body to the transport.
#[inline(always)]
fn content_length(headers: &Headers<'_>, defects: &mut Defects) -> Option<usize> {
    let first = match headers.first(HeaderName::ContentLength)? {
        [digit @ b'0'..=b'9'] => Some(u64::from(digit - b'0')), // Most messages have no body.
        digits => number(digits),
    };
    let length = match first {
        Some(length) if !headers.repeats(HeaderName::ContentLength) => Some(length),
        first => odd_content_length(headers, first, defects),
    };
    length.map(|length| usize::try_from(length).unwrap_or(usize::MAX))
}

/// The same where the first is no number, or not alone.
#[cold]
fn odd_content_length(headers: &Headers<'_>, first: Option<u64>, defects: &mut Defects) -> Option<u64> {
    defects.add_if(Defect::LengthNumber, first.is_none());
    headers.all(HeaderName::ContentLength).skip(1).fold(first, |length, value| {
        let other = number(value);
        defects.add_if(Defect::LengthNumber, other.is_none());
        defects.add_if(Defect::LengthConflict, other.is_some() && length.is_some() && other != length);
        length.or(other)
    })
}

/// Notes which of the header fields every message has are absent, and which of those that stand once stand twice.
#[inline]
fn note_absent(headers: &Headers<'_>, defects: &mut Defects) {
    const REQUIRED: [(HeaderName, Defect); 5] = [
        (HeaderName::Via, Defect::NoVia),
        (HeaderName::From, Defect::NoFrom),
        (HeaderName::To, Defect::NoTo),
        (HeaderName::CallId, Defect::NoCallId),
        (HeaderName::CSeq, Defect::NoCSeq),
    ];
    if !REQUIRED.iter().all(|&(id, _)| headers.has(id)) {
        REQUIRED.iter().for_each(|&(id, defect)| defects.add_if(defect, !headers.has(id)));
    }
    defects.add_if(Defect::Repeated, headers.repeated() & ONCE != 0);
}

/// The header fields that may stand once and that a call is known by.
const ONCE: u128 = 1 << HeaderName::From as u32
    | 1 << HeaderName::To as u32
    | 1 << HeaderName::CallId as u32
    | 1 << HeaderName::CSeq as u32
    | 1 << HeaderName::MaxForwards as u32;

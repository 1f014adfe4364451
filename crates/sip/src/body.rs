//! Message bodies: which parts a body has and where each lies, SDP among them wherever it is nested (RFC 5621).
//!
//! A part whose content is encoded is handed out as it lies, with a note. What a part means is left to its own reader:
//! [`crate::sdp`], [`isup`].

pub mod isup;

use arrayvec::ArrayVec;
use memchr::memmem;

/// Multiparts inside multiparts that are opened; a deeper one is handed out closed.
pub const DEPTH_MAX: usize = 3;

/// Parts of one body, those of inner multiparts among them.
pub const PARTS_MAX: u32 = 32;

/// Header lines read of one part.
const LINES_MAX: usize = 32;

/// What a part holds, by its content type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `application/sdp`.
    Sdp,
    /// `application/ISUP`: the SS7 message that SIP-I and SIP-T carry (ITU-T Q.1912.5, RFC 3372).
    Isup,
    /// `application/QSIG` (RFC 4497).
    Qsig,
    /// `message/sip` and `message/sipfrag` (RFC 3420).
    Sipfrag,
    /// `application/pidf+xml`: presence and location (RFC 3863, RFC 4119).
    Pidf,
    /// `application/dtmf-relay` and `application/dtmf`: a digit in an INFO. Whoever counts them shall not keep them.
    Dtmf,
    /// `application/trickle-ice-sdpfrag`: candidates that come after a description (RFC 8840).
    Trickled,
    /// `text/plain` and other text.
    Text,
    /// A multipart that was not opened: nested deeper than [`DEPTH_MAX`], or without a boundary.
    Multipart,
    /// Anything else.
    Other,
}

/// One part of a body that is not itself opened further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// What it holds.
    pub kind: Kind,
    /// The content type as written, with its parameters; empty where none stands.
    pub content_type: &'a [u8],
    /// What was done to the content (`gzip`, `base64`), which is not undone here; `None` for `identity`, `binary`,
    /// `8bit` and `7bit`.
    pub encoding: Option<&'a [u8]>,
    /// What the sender wants done with it (`Content-Disposition`).
    pub disposition: Option<&'a [u8]>,
    /// The content.
    pub content: &'a [u8],
    /// Multiparts around it, 0 for the body of a message.
    pub depth: u8,
}

/// The parts of a body, depth first and in order.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    /// The body itself until it is looked at.
    whole: Option<Part<'a>>,
    open: ArrayVec<Multipart<'a>, DEPTH_MAX>,
    left: u32,
}

/// A multipart that is being read: what lies behind the delimiter read last.
#[derive(Clone, Debug)]
struct Multipart<'a> {
    boundary: &'a [u8],
    rest: &'a [u8],
}

/// The parts of `body` by the message's Content-Type and Content-Encoding. A body that is no multipart is its only part;
/// an empty one has none.
#[must_use]
pub fn parts<'a>(content_type: &'a [u8], content_encoding: Option<&'a [u8]>, body: &'a [u8]) -> Parts<'a> {
    let whole = Part {
        kind: Kind::of(content_type, body),
        content_type,
        encoding: content_encoding.filter(|coding| is_encoded(coding)),
        disposition: None,
        content: body,
        depth: 0,
    };
    Parts { whole: Some(whole).filter(|part| !part.content.is_empty()), open: ArrayVec::new(), left: PARTS_MAX }
}

/// The session description of a body, the first that is not encoded.
#[must_use]
pub fn description<'a>(content_type: &'a [u8], content_encoding: Option<&'a [u8]>, body: &'a [u8]) -> Option<&'a [u8]> {
    if content_type == b"application/sdp" && content_encoding.is_none() && !body.is_empty() {
        return Some(body); // What nearly all bodies are.
    }
    first(Kind::Sdp, content_type, content_encoding, body)
}

/// The first part of a kind that is not encoded.
pub(crate) fn first<'a>(
    kind: Kind,
    content_type: &'a [u8],
    content_encoding: Option<&'a [u8]>,
    body: &'a [u8],
) -> Option<&'a [u8]> {
    let mut parts = parts(content_type, content_encoding, body);
    parts.find(|part| part.kind == kind && part.encoding.is_none()).map(|part| part.content)
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let mut part = match self.whole.take() {
            Some(whole) => whole,
            None => self.inner()?,
        };
        // Each turn opens one multipart, so there are at most DEPTH_MAX.
        while part.kind == Kind::Multipart && part.encoding.is_none() && !self.open.is_full() {
            let Some(multipart) = Multipart::open(&part) else { break };
            self.open.push(multipart);
            part = self.inner()?;
        }
        Some(part)
    }
}

impl<'a> Parts<'a> {
    /// The next part of the innermost multipart that has one.
    fn inner(&mut self) -> Option<Part<'a>> {
        while let Some(multipart) = self.open.last_mut() {
            match multipart.next_part() {
                Some(part) if self.left > 0 => {
                    self.left -= 1;
                    let depth = u8::try_from(self.open.len()).unwrap_or(u8::MAX);
                    return Some(Part { depth, ..part });
                }
                _ => {
                    self.open.pop();
                }
            }
        }
        None
    }
}

impl<'a> Multipart<'a> {
    /// Opens a multipart at its first delimiter. Lenient: without a boundary parameter, or with one that is nowhere in the
    /// content, the first line that begins with two dashes is the delimiter.
    fn open(part: &Part<'a>) -> Option<Self> {
        let named = parameter(part.content_type, b"boundary").filter(|boundary| !boundary.is_empty());
        let boundary = match named.filter(|boundary| memmem::find(part.content, boundary).is_some()) {
            Some(boundary) => boundary,
            None => {
                let line = part.content.trim_ascii_start().strip_prefix(b"--")?;
                line.get(..memchr::memchr2(b'\r', b'\n', line)?).filter(|boundary| !boundary.is_empty())?
            }
        };
        let mut multipart = Self { boundary, rest: part.content };
        multipart.content()?;
        Some(multipart)
    }

    /// What lies before the next delimiter line, or before the end where that was lost; then stands behind it.
    fn content(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        for at in memmem::find_iter(self.rest, self.boundary) {
            let (before, after) = self.rest.split_at_checked(at)?;
            let after = after.get(self.boundary.len()..)?;
            let Some(before) = before.strip_suffix(b"--") else { continue };
            let starts_line = before.is_empty() || before.ends_with(b"\n") || before.ends_with(b"\r");
            let closes = after.starts_with(b"--");
            if starts_line && (closes || after.first().is_none_or(u8::is_ascii_whitespace)) {
                let line_end = memchr::memchr(b'\n', after).map_or(after.len(), |end| end + 1);
                self.rest = if closes { &[] } else { after.get(line_end..)? };
                let before = before.strip_suffix(b"\n").unwrap_or(before);
                return Some(before.strip_suffix(b"\r").unwrap_or(before));
            }
        }
        Some(std::mem::take(&mut self.rest))
    }

    fn next_part(&mut self) -> Option<Part<'a>> {
        let mut rest = self.content()?;
        let mut part =
            Part { kind: Kind::Other, content_type: &[], encoding: None, disposition: None, content: rest, depth: 0 };
        for _ in 0..LINES_MAX {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let (line, after) = rest.split_at_checked(end)?;
            let line = line.trim_ascii();
            let field = memchr::memchr(b':', line).and_then(|colon| line.split_at_checked(colon));
            // Lenient: a part without the empty line that ends its header block begins where no header field is.
            let Some((name, value)) = field.filter(|(name, _)| name.iter().all(|byte| is_token(*byte))) else {
                part.content = if line.is_empty() { after } else { rest };
                break;
            };
            part.field(name, value.get(1..).unwrap_or_default().trim_ascii());
            (rest, part.content) = (after, after);
        }
        part.kind = Kind::of(part.content_type, part.content);
        Some(part)
    }
}

impl<'a> Part<'a> {
    fn field(&mut self, name: &[u8], value: &'a [u8]) {
        let is = |long: &[u8]| name.eq_ignore_ascii_case(long);
        if is(b"content-type") || is(b"c") {
            self.content_type = value;
        } else if is(b"content-encoding") || is(b"e") || is(b"content-transfer-encoding") {
            self.encoding = self.encoding.or(Some(value).filter(|coding| is_encoded(coding)));
        } else if is(b"content-disposition") {
            self.disposition = Some(value);
        }
    }
}

impl Kind {
    /// What a content type names. Lenient: without one, content that begins like SDP is SDP.
    fn of(content_type: &[u8], content: &[u8]) -> Self {
        let end = content_type.iter().position(|byte| matches!(byte, b';' | b' ' | b'\t' | b'\r' | b'\n'));
        let media_type = content_type.get(..end.unwrap_or(content_type.len())).unwrap_or_default();
        if media_type.eq_ignore_ascii_case(b"application/sdp") {
            return Self::Sdp;
        }
        if media_type.is_empty() {
            return if content.trim_ascii_start().starts_with(b"v=0") { Self::Sdp } else { Self::Other };
        }
        let known: [(&[u8], Self); 9] = [
            (b"application/isup", Self::Isup),
            (b"application/qsig", Self::Qsig),
            (b"message/sipfrag", Self::Sipfrag),
            (b"message/sip", Self::Sipfrag),
            (b"application/pidf+xml", Self::Pidf),
            (b"application/dtmf-relay", Self::Dtmf),
            (b"application/dtmf", Self::Dtmf),
            (b"application/trickle-ice-sdpfrag", Self::Trickled),
            (b"text/plain", Self::Text),
        ];
        let group = |name: &[u8]| media_type.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
        match known.into_iter().find(|(name, _)| media_type.eq_ignore_ascii_case(name)) {
            Some((_, kind)) => kind,
            None if group(b"multipart/") => Self::Multipart,
            None if group(b"text/") => Self::Text,
            None => Self::Other,
        }
    }
}

/// The value of the parameter `name` of a media type, without its quotes.
pub(crate) fn parameter<'a>(media_type: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = media_type;
    while let Some(semicolon) = memchr::memchr(b';', rest) {
        rest = rest.get(semicolon + 1..)?.trim_ascii_start();
        let Some((found, after)) = rest.split_at_checked(name.len()) else { continue };
        let Some(value) = after.trim_ascii_start().strip_prefix(b"=") else { continue };
        if found.eq_ignore_ascii_case(name) {
            let value = value.trim_ascii_start();
            return match value.strip_prefix(b"\"") {
                Some(quoted) => quoted.get(..memchr::memchr(b'"', quoted).unwrap_or(quoted.len())),
                None => Some(value.get(..memchr::memchr(b';', value).unwrap_or(value.len()))?.trim_ascii_end()),
            };
        }
    }
    None
}

fn is_encoded(coding: &[u8]) -> bool {
    let plain: [&[u8]; 5] = [b"", b"identity", b"binary", b"8bit", b"7bit"];
    plain.into_iter().all(|name| !coding.eq_ignore_ascii_case(name))
}

/// Whether a byte may stand in the name of a header field (RFC 3261 §25.1, token).
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~')
}

#[cfg(test)]
mod tests;

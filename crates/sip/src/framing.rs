//! SIP over a stream (RFC 3261 §18.3): where one message ends and the next begins.
//!
//! The reader sees contiguous bytes, takes what it has finished with from their front, and is given the rest again
//! with more behind it. It remembers how far it has looked, so that however small the pieces in which a message
//! arrives, each byte is looked at once: the time is linear in the bytes.
//!
//! A stream may be joined in the middle of a message, and bytes of it may be lost. The reader then drops lines until
//! one is a start line.

use crate::scan::{Breaks, line_break};
use crate::start::{find, is_printable_start};
use crate::text::{is_space, number, split_from, split_where, trim_end, trim_start};
use crate::{HeaderName, Message};

/// The largest message, start line to end of body, in bytes. A body that would exceed it is passed over.
pub const MESSAGE_LEN_MAX: usize = 65_536;
/// The longest start line, in bytes.
pub const START_LINE_LEN_MAX: usize = 8_192;
/// The longest body that is passed over, in bytes: whoever announces a longer one hides nothing behind it.
pub const PASSED_OVER_LEN_MAX: usize = 16 << 20;
/// How many bytes without any message are searched before a stream is given up, in bytes.
pub const SEARCH_LEN_MAX: usize = 16_384;

/// What stands at the front of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A message of so many bytes; cut where the stream ends inside it, and before a body that is [too long](Framer::cut_body).
    Message {
        /// Bytes, at least 1.
        length: usize,
    },
    /// Empty lines, which keep the connection alive (RFC 5626 §3.5.1) or follow a body.
    KeepAlive {
        /// Bytes, at least 1.
        length: usize,
    },
    /// Bytes that belong to no message.
    Skip {
        /// Bytes, at least 1.
        length: usize,
    },
    /// The front of something: the same bytes are wanted again with more behind them.
    More,
    /// Not SIP: nothing was found in [`SEARCH_LEN_MAX`] bytes.
    NotSip,
}

/// What one direction of a connection remembers between looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Framer {
    /// Bytes from the front in which no further line end is to be found.
    scanned: usize,
    /// Where the line that is being looked at starts; 0 as long as the start line is not known.
    line_at: usize,
    /// Where the first Content-Length starts, once it was seen.
    length_at: Option<usize>,
    /// Bytes of the whole message, once the header block has ended.
    length: Option<usize>,
    /// Bytes still to come of a body that is passed over.
    body_left: usize,
    /// Whether the last message had a body that was too long.
    body_cut: bool,
    /// Bytes skipped since the last message.
    skipped: usize,
    /// Whether the last of them lies inside a line, the rest of which cannot be a start line.
    in_line: bool,
    /// Whether there was any message.
    found: bool,
}

impl Framer {
    /// Says that bytes were lost before those that come next.
    pub fn on_gap(&mut self) {
        self.forget_front();
        (self.body_left, self.in_line) = (0, false);
    }

    /// Whether the last message came without its body, which is too long to be kept and will be skipped (RFC 3261 §18.3).
    #[must_use]
    pub const fn cut_body(&self) -> bool {
        self.body_cut
    }

    fn forget_front(&mut self) {
        (self.scanned, self.line_at, self.length_at, self.length) = (0, 0, None, None);
    }

    /// Reads the message at the front of `bytes` and gives its length, where that is done in one: it begins there, it is there whole, and
    /// nothing is odd about it. `None` asks for [`Framer::next`], which would give the same length.
    pub fn read<'b>(&mut self, bytes: &'b [u8], message: &mut Message<'b>) -> Option<usize> {
        let begins = self.scanned | self.line_at | self.body_left == 0 && !self.in_line;
        let is_wanted = self.found || self.skipped <= SEARCH_LEN_MAX;
        if !begins || !is_wanted || !is_printable_start(bytes) {
            return None;
        }
        let length = message.read_faultless(bytes).filter(|&length| length <= MESSAGE_LEN_MAX)?;
        (self.skipped, self.found) = (0, true);
        Some(length)
    }

    /// What stands at the front of `bytes`; `closed` when no more will follow.
    ///
    /// After a length, the next call starts behind it; after [`Step::More`], with the same bytes and more.
    pub fn next(&mut self, bytes: &[u8], closed: bool) -> Step {
        if self.body_left > 0 && !bytes.is_empty() {
            let length = self.body_left.min(bytes.len());
            self.body_left -= length;
            return Step::Skip { length };
        }
        let step = self.look(bytes, closed);
        match step {
            Step::Message { .. } => {
                self.forget_front();
                (self.skipped, self.found) = (0, true);
            }
            Step::KeepAlive { .. } => self.forget_front(),
            Step::Skip { length } => {
                self.forget_front();
                self.skipped = self.skipped.saturating_add(length);
                let last = bytes.get(length.saturating_sub(1));
                self.in_line = !last.is_some_and(|last| matches!(last, b'\r' | b'\n'));
            }
            Step::More | Step::NotSip => {}
        }
        step
    }

    fn look(&mut self, bytes: &[u8], closed: bool) -> Step {
        if bytes.is_empty() {
            return Step::More;
        }
        if !self.found && self.skipped > SEARCH_LEN_MAX {
            return Step::NotSip;
        }
        if self.line_at == 0 {
            let blank = bytes.iter().take_while(|&&byte| matches!(byte, b'\r' | b'\n' | 0)).count();
            if blank > 0 && !self.in_line {
                return Step::KeepAlive { length: blank };
            }
            if let Some(step) = self.start_line(bytes, closed) {
                return step;
            }
        }
        if self.length.is_none() {
            self.length = self.header_block(bytes);
        }
        match self.length {
            Some(length) if length <= bytes.len() => Step::Message { length },
            _ if closed => Step::Message { length: bytes.len() },
            None if bytes.len() > MESSAGE_LEN_MAX => Step::Skip { length: bytes.len() },
            _ => Step::More,
        }
    }

    /// Looks for a start line at the front. `None` when it is there, and the header block is to be read.
    fn start_line(&mut self, bytes: &[u8], closed: bool) -> Option<Step> {
        let Some(end) = line_break(bytes, self.scanned) else {
            self.scanned = bytes.len();
            let could_be = !self.in_line && is_printable_start(bytes) && bytes.len() <= START_LINE_LEN_MAX;
            return Some(match (closed, could_be) {
                (true, _) if !self.in_line && is_start_line(bytes) => Step::Message { length: bytes.len() },
                (false, true) => Step::More,
                _ => Step::Skip { length: bytes.len() },
            });
        };
        if self.in_line || !is_start_line(bytes.get(..=end)?) {
            return Some(Step::Skip { length: next_start(bytes, end, closed) });
        }
        let Some(length) = line_end(bytes.get(end..)?, closed) else {
            self.scanned = end;
            return Some(Step::More);
        };
        (self.scanned, self.line_at, self.body_cut) = (end + length, end + length, false);
        None
    }

    /// Reads on in the header block. Its end gives the length of the message; `None` before that.
    fn header_block(&mut self, bytes: &[u8]) -> Option<usize> {
        let (before, mut line_at, mut length_at) = (self.scanned, self.line_at, self.length_at);
        let (mut scanned, mut ends_at) = (bytes.len(), None);
        for found in Breaks::new(bytes.get(before..)?) {
            let (end, after) = (before + found.at, before + found.after);
            // CR and LF may come in different segments; without the LF the CR is no line end yet.
            if after == bytes.len() && bytes.last() == Some(&b'\r') {
                scanned = end;
                break;
            }
            if end == line_at {
                ends_at = Some((end, after));
                break;
            }
            // Asked of every line: most are told apart by the first byte.
            if matches!(bytes.get(line_at), Some(b'C' | b'c' | b'L' | b'l'))
                && length_at.is_none()
                && names_length(bytes.get(line_at..end).unwrap_or_default())
            {
                length_at = Some(line_at);
            }
            line_at = after;
        }
        (self.scanned, self.line_at, self.length_at) = (scanned, line_at, length_at);
        let (end, after) = ends_at?;
        let body = self.body_length(bytes, end);
        self.body_cut = after.saturating_add(body) > MESSAGE_LEN_MAX;
        if !self.body_cut {
            return Some(after + body);
        }
        self.body_left = if body <= PASSED_OVER_LEN_MAX { body } else { 0 };
        Some(after)
    }

    /// What Content-Length says, once the header block, which ends at `end`, is there whole; 0 without one, since a
    /// message in a stream without it has no body (RFC 3261 §18.3).
    fn body_length(&self, bytes: &[u8], end: usize) -> usize {
        let field = self.length_at.and_then(|at| bytes.get(at..end)).unwrap_or_default();
        let value = trim_start(split_from(field, b':').1.get(1..).unwrap_or_default());
        let length = number(split_where(value, is_space).0).unwrap_or(0);
        usize::try_from(length).unwrap_or(usize::MAX)
    }
}

/// Whether a line is a start line. One whose first bytes are not printable is none here, since as long as its end has not
/// come it is not waited for: what a stream holds must not depend on its segments (`fixtures/hostile/framing`).
fn is_start_line(line: &[u8]) -> bool {
    is_printable_start(line) && find(line).is_some()
}

/// Whether a line is Content-Length, in its long or its compact form.
fn names_length(line: &[u8]) -> bool {
    let name = match line.first_chunk().and_then(HeaderName::quick) {
        Some(spelling) => spelling.name(),
        None => HeaderName::of(trim_end(split_from(line, b':').0)),
    };
    name == HeaderName::ContentLength
}

/// How long the line end at the start of `rest` is; `None` when that takes another byte to say, and more may come: CR and LF may be in
/// different segments.
fn line_end(rest: &[u8], closed: bool) -> Option<usize> {
    match rest {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r'] if !closed => None,
        _ => Some(1),
    }
}

/// How many bytes from the front are to be skipped: up to the next start line after the line end at `end`, or up to
/// the last line if that has no end yet, for it may become one. Each line is looked at once.
fn next_start(bytes: &[u8], end: usize, closed: bool) -> usize {
    let mut at = end + 1;
    // Zero bytes before a line are no part of it, as at the front.
    while let Some(rest) = bytes.get(at..).filter(|rest| !matches!(rest, [] | [0, ..])) {
        let Some(end) = line_break(rest, 0) else {
            let could_be = is_printable_start(rest) && rest.len() <= START_LINE_LEN_MAX && !closed;
            return if could_be || is_start_line(rest) { at } else { bytes.len() };
        };
        if rest.get(..=end).is_some_and(is_start_line) {
            return at;
        }
        at += end + 1;
    }
    at.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str = "INVITE sip:b@192.0.2.2 SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 4\r\n\r\nv=0\n";
    const OK: &str = "SIP/2.0 200 OK\r\nl : 0\r\nCall-ID: 1\r\n\r\n";

    /// What a stream in pieces of `piece` bytes is cut into: `M`, `K` or `S` with a length, one word a step.
    fn steps(stream: &[u8], piece: usize) -> String {
        let (mut framer, mut taken, mut had, mut words) = (Framer::default(), 0, 0, Vec::new());
        loop {
            let closed = had == stream.len();
            match framer.next(&stream[taken..had], closed) {
                Step::Message { length } => (taken, _) = (taken + length, words.push(format!("M{length}"))),
                Step::KeepAlive { length } => (taken, _) = (taken + length, words.push(format!("K{length}"))),
                Step::Skip { length } => (taken, _) = (taken + length, words.push(format!("S{length}"))),
                Step::More if closed => return words.join(" "),
                Step::More => had = (had + piece).min(stream.len()),
                Step::NotSip => return words.join(" ") + " -",
            }
        }
    }

    fn check(stream: &str, expected: &str) {
        assert_eq!(steps(stream.as_bytes(), usize::MAX / 2), expected, "{stream:?}");
    }

    #[test]
    fn messages_are_cut_where_content_length_says() {
        check(INVITE, "M69");
        check(&format!("{INVITE}{OK}\r\n\r\n{INVITE}"), "M69 M37 K4 M69");
        check("\r\n\r\n", "K4");
        check("OPTIONS sip:a SIP/2.0\n\nSIP/2.0 200 OK\r\nContent-Length:\r\n 3\r\n\r\nabc", "M23 M42");
        check("ACK sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n", "M41");
    }

    #[test]
    fn joined_in_the_middle_or_after_a_gap_it_finds_the_next_start_line() {
        check(&format!("xyz\r\nVia: a\r\n\r\nv=0\r\n{OK}"), "S20 M37");
        check(&format!("xyz{OK}{OK}"), "S40 M37");
        check("GET / HTTP/1.1\r\n\r\n", "S18");
    }

    #[test]
    fn the_end_of_the_stream_ends_the_message() {
        check("INVITE sip:a SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 40\r\n\r\nv=0", "M59");
        check("INVITE sip:a SIP/2.0\r\nCall-", "M27");
        check("INVITE sip:a", "M12");
        check("HELLO", "S5");
    }

    #[test]
    fn what_is_not_sip_is_given_up() {
        let page = "<p>nothing here</p>\n".repeat(2_000);
        assert!(steps(page.as_bytes(), 1_000).ends_with('-'));
        let noise = [0xff; 2 * SEARCH_LEN_MAX];
        assert!(steps(&noise, 1_000).ends_with('-'));
    }

    #[test]
    fn a_body_over_the_limit_is_not_waited_for() {
        check("INVITE sip:a SIP/2.0\r\nl: 99999999999999999999\r\n\r\nx", "M49 S1");
        check("INVITE sip:a SIP/2.0\r\nl: 65537\r\n\r\n", "M34");
    }

    #[test]
    fn a_body_over_the_limit_is_passed_over_whatever_it_holds() {
        let body = INVITE.repeat(MESSAGE_LEN_MAX / INVITE.len() + 1);
        let stream = format!("INVITE sip:a SIP/2.0\r\nl: {}\r\n\r\n{body}{OK}", body.len());
        for piece in [1, 700, 1_400, 65_536] {
            let found = steps(stream.as_bytes(), piece);
            let messages: Vec<_> = found.split(' ').filter(|step| step.starts_with('M')).collect();
            assert_eq!(messages, ["M34", "M37"], "pieces of {piece}");
        }
        // What nobody will ever send hides nothing.
        let stream = format!("INVITE sip:a SIP/2.0\r\nl: {}\r\n\r\n{OK}", PASSED_OVER_LEN_MAX + 1);
        assert_eq!(steps(stream.as_bytes(), usize::MAX / 2), "M37 M37");
    }

    #[test]
    fn the_pieces_a_stream_arrives_in_change_nothing() {
        let stream = format!("{INVITE}\r\n\r\n{OK}{INVITE}{OK}");
        let messages = |piece| steps(stream.as_bytes(), piece).split(' ').filter(|step| step.starts_with('M')).count();
        for piece in 1..80 {
            assert_eq!(messages(piece), 4, "pieces of {piece}");
        }
    }
}

//! SIP over WebSocket (RFC 7118): the HTTP upgrade that asks for it, and the frames that then carry one message each
//! (RFC 6455 §5).
//!
//! A frame is waited for whole, unmasked into a buffer of bounded size, and joined with its continuations. Each look
//! at an incomplete frame reads only its header, so the time is linear in the bytes. Messages that are compressed
//! (RFC 7692) or over the limit are not read: they are skipped and counted.

use memchr::memmem;

use crate::framing::MESSAGE_LEN_MAX;
use crate::start::find;
use crate::text::{list, pieces, split_at_mark};

/// The longest HTTP header block of an upgrade, in bytes.
pub const UPGRADE_LEN_MAX: usize = 8_192;

/// What the start of a stream says about an upgrade to WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upgrade {
    /// One side of an upgrade to `sip` (RFC 7118 §4), so many bytes long: frames follow.
    Sip {
        /// Bytes, at least 1.
        length: usize,
    },
    /// HTTP whose header block has not ended.
    More,
    /// Anything else.
    Other,
}

/// Whether `bytes` start with a request for, or the consent to, an upgrade to SIP over WebSocket.
///
/// To be asked again with more bytes after [`Upgrade::More`], which never comes past [`UPGRADE_LEN_MAX`].
#[must_use]
pub fn upgrade(bytes: &[u8]) -> Upgrade {
    if !bytes.starts_with(b"GET ") && !bytes.starts_with(b"HTTP/1.1 101") {
        return Upgrade::Other;
    }
    let head = bytes.get(..UPGRADE_LEN_MAX).unwrap_or(bytes);
    let Some(end) = memmem::find(head, b"\r\n\r\n") else {
        return if head.len() < UPGRADE_LEN_MAX { Upgrade::More } else { Upgrade::Other };
    };
    let fields = pieces(head.get(..end).unwrap_or_default()).filter_map(|line| split_at_mark(line, b':'));
    let mut protocols = fields.filter(|(name, _)| name.eq_ignore_ascii_case(b"sec-websocket-protocol"));
    let is_sip = protocols.any(|(_, value)| list(value).any(|protocol| protocol.eq_ignore_ascii_case(b"sip")));
    if is_sip { Upgrade::Sip { length: end + 4 } } else { Upgrade::Other }
}

/// What stands at the front of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The last frame of a message, so many bytes long: [`Frames::message`] holds the message until the next call.
    Message {
        /// Bytes, at least 1.
        length: usize,
    },
    /// A frame that belongs to no message yet or never will: a part of one, a control frame, one that is skipped.
    Skip {
        /// Bytes, at least 1.
        length: usize,
    },
    /// The front of a frame: the same bytes are wanted again with more behind them.
    More,
    /// Not a frame of SIP over WebSocket; after a gap, not at a frame's start.
    NotWebSocket,
}

/// The header of a frame (RFC 6455 §5.2).
struct Header {
    last: bool,
    compressed: bool,
    opcode: u8,
    mask: Option<[u8; 4]>,
    /// Bytes of the header.
    length: usize,
    /// Bytes of the payload.
    payload: u64,
}

const CONTINUATION: u8 = 0;
const BINARY: u8 = 2;

/// Why there is no header.
enum NoHeader {
    Short,
    Invalid,
}

impl Header {
    fn parse(bytes: &[u8]) -> Result<Self, NoHeader> {
        let (&[first, second], rest) = bytes.split_first_chunk::<2>().ok_or(NoHeader::Short)?;
        let opcode = first & 0x0f;
        // RSV2 and RSV3 have no meaning; of the opcodes, 0 to 2 are messages and 8 to 10 control frames.
        if first & 0x30 != 0 || !matches!(opcode, 0..=2 | 8..=10) {
            return Err(NoHeader::Invalid);
        }
        let (payload, rest) = match second & 0x7f {
            126 => {
                let (length, rest) = rest.split_first_chunk::<2>().ok_or(NoHeader::Short)?;
                (u64::from(u16::from_be_bytes(*length)), rest)
            }
            127 => {
                let (length, rest) = rest.split_first_chunk::<8>().ok_or(NoHeader::Short)?;
                (u64::from_be_bytes(*length), rest)
            }
            short => (u64::from(short), rest),
        };
        let is_control = opcode >= 8;
        if is_control && (payload > 125 || first & 0x80 == 0) || payload >> 63 == 1 {
            return Err(NoHeader::Invalid);
        }
        let (mask, rest) = match rest.split_first_chunk::<4>() {
            _ if second & 0x80 == 0 => (None, rest),
            Some((mask, rest)) => (Some(*mask), rest),
            None => return Err(NoHeader::Short),
        };
        let length = bytes.len() - rest.len();
        Ok(Self { last: first & 0x80 != 0, compressed: first & 0x40 != 0, opcode, mask, length, payload })
    }
}

/// What one direction of a WebSocket connection remembers between looks.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    /// The message as far as its frames have come, unmasked; at most [`MESSAGE_LEN_MAX`] bytes.
    buffer: Vec<u8>,
    /// Whether `buffer` holds the start of a message whose continuation is to come.
    open: bool,
    /// Whether the continuations to come belong to a message that is skipped.
    dropping: bool,
    /// Bytes of a frame over the limit that are still to be skipped.
    to_skip: u64,
    unread: Unread,
}

/// Messages that were not read, since they were asked for last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// Compressed (RFC 7692).
    pub compressed: u32,
    /// Of more than [`MESSAGE_LEN_MAX`] bytes.
    pub oversized: u32,
}

impl Frames {
    /// The message that the last [`Step::Message`] completed.
    #[must_use]
    pub fn message(&self) -> &[u8] {
        &self.buffer
    }

    /// The messages that were not read since this was asked last.
    pub fn take_unread(&mut self) -> Unread {
        std::mem::take(&mut self.unread)
    }

    /// Lets go of the memory of a message that is read, and says how many bytes one that is begun still takes: to be
    /// called when there is nothing more to read for now, since connections are many and mostly idle.
    pub fn rest(&mut self) -> usize {
        if !self.open {
            self.buffer = Vec::new();
        }
        self.buffer.capacity()
    }

    /// Forgets the message that is begun, whose continuations are then skipped, and its memory.
    pub fn forget(&mut self) {
        self.dropping |= self.open;
        (self.buffer, self.open) = (Vec::new(), false);
    }

    /// Says that bytes were lost before those that come next: what was begun is forgotten.
    pub fn on_gap(&mut self) {
        self.buffer.clear();
        (self.open, self.dropping, self.to_skip) = (false, false, 0);
    }

    /// Whether `bytes` look like the start of a frame with a SIP message: how a connection is known whose upgrade was
    /// not captured.
    #[must_use]
    pub fn recognise(bytes: &[u8]) -> bool {
        let Ok(header) = Header::parse(bytes) else { return false };
        let Some(payload) = bytes.get(header.length..) else { return false };
        if header.compressed || !matches!(header.opcode, 1..=BINARY) {
            return false;
        }
        let mut start = [0; 256];
        let unmasked = start.iter_mut().zip(unmask(payload, header.mask));
        let length = unmasked.map(|(to, from)| *to = from).count();
        let fits = payload.len().min(usize::try_from(header.payload).unwrap_or(usize::MAX));
        start.get(..length.min(fits)).is_some_and(|start| find(start).is_some())
    }

    /// What stands at the front of `bytes`. After a length, the next call starts behind it; after [`Step::More`],
    /// with the same bytes and more.
    pub fn next(&mut self, bytes: &[u8]) -> Step {
        if self.to_skip > 0 {
            return self.skip_on(bytes);
        }
        let header = match Header::parse(bytes) {
            Ok(header) => header,
            Err(NoHeader::Short) => return Step::More,
            Err(NoHeader::Invalid) => return Step::NotWebSocket,
        };
        let fits = usize::try_from(header.payload).ok().filter(|&payload| payload <= MESSAGE_LEN_MAX);
        let Some(payload) = fits else {
            self.drop_unread(&header);
            self.to_skip = header.payload;
            return Step::Skip { length: header.length };
        };
        let length = header.length + payload;
        match bytes.get(header.length..length) {
            Some(payload) => self.on_frame(&header, payload, length),
            None => Step::More,
        }
    }

    fn skip_on(&mut self, bytes: &[u8]) -> Step {
        let length = bytes.len().min(usize::try_from(self.to_skip).unwrap_or(usize::MAX));
        if length == 0 {
            return Step::More;
        }
        self.to_skip -= length as u64;
        Step::Skip { length }
    }

    /// Drops a message that cannot be read, as this frame shows first.
    fn drop_unread(&mut self, header: &Header) {
        if header.opcode != CONTINUATION || self.open {
            let Unread { compressed, oversized } = &mut self.unread;
            *if header.compressed { compressed } else { oversized } += 1;
        }
        self.drop_message(header);
    }

    fn drop_message(&mut self, header: &Header) {
        self.buffer.clear();
        (self.open, self.dropping) = (false, !header.last);
    }

    fn on_frame(&mut self, header: &Header, payload: &[u8], length: usize) -> Step {
        // A control frame may stand between the frames of a message and leaves it alone (RFC 6455 §5.4).
        if header.opcode > BINARY {
            return Step::Skip { length };
        }
        let continues = header.opcode == CONTINUATION;
        if !continues {
            self.buffer.clear();
            self.dropping = false;
        }
        let whole = self.buffer.len() + payload.len();
        if self.dropping || continues && !self.open {
            self.drop_message(header);
            return Step::Skip { length };
        }
        if header.compressed || whole > MESSAGE_LEN_MAX {
            self.drop_unread(header);
            return Step::Skip { length };
        }
        self.buffer.extend(unmask(payload, header.mask));
        self.open = !header.last;
        if header.last { Step::Message { length } } else { Step::Skip { length } }
    }
}

/// A payload with its mask taken off (RFC 6455 §5.3).
fn unmask(payload: &[u8], mask: Option<[u8; 4]>) -> impl Iterator<Item = u8> {
    payload.iter().zip(mask.unwrap_or_default().into_iter().cycle()).map(|(byte, mask)| byte ^ mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: &[u8] = b"OPTIONS sip:a@192.0.2.1 SIP/2.0\r\nCall-ID: 1\r\n\r\n";

    fn frame(first: u8, mask: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
        let bit = if mask.is_some() { 0x80 } else { 0 };
        let mut bytes = match payload.len() {
            length @ 0..=125 => vec![first, bit | length as u8],
            length @ 126..=0xffff => [&[first, bit | 126][..], &(length as u16).to_be_bytes()].concat(),
            length => [&[first, bit | 127][..], &(length as u64).to_be_bytes()].concat(),
        };
        bytes.extend(mask.unwrap_or_default().iter().take(if mask.is_some() { 4 } else { 0 }));
        bytes.extend(unmask(payload, mask));
        bytes
    }

    /// The steps over a stream in pieces of `piece` bytes, and the messages.
    fn steps(stream: &[u8], piece: usize) -> (String, Vec<Vec<u8>>) {
        let (mut frames, mut taken, mut had) = (Frames::default(), 0, 0);
        let (mut words, mut messages) = (Vec::new(), Vec::new());
        loop {
            match frames.next(&stream[taken..had]) {
                Step::Message { length } => {
                    taken += length;
                    words.push("M");
                    messages.push(frames.message().to_vec());
                }
                Step::Skip { length } => {
                    taken += length;
                    words.push("S");
                }
                Step::More if had == stream.len() => return (words.join(" "), messages),
                Step::More => had = (had + piece).min(stream.len()),
                Step::NotWebSocket => return (words.join(" ") + " -", messages),
            }
        }
    }

    #[test]
    fn upgrades_to_sip_are_known_in_both_directions() {
        let request = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: x, SIP\r\n\r\n";
        let answer = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: sip\r\n\r\n";
        let other = request.replace("SIP", "mqtt");
        let endless = format!("GET /{}", "a".repeat(UPGRADE_LEN_MAX));
        for (text, expected) in [
            (request, Upgrade::Sip { length: request.len() }),
            (answer, Upgrade::Sip { length: answer.len() }),
            (request.trim_end(), Upgrade::More),
            (&other, Upgrade::Other),
            (&endless, Upgrade::Other),
            ("HTTP/1.1 200 OK\r\n\r\n", Upgrade::Other),
            ("OPTIONS sip:a SIP/2.0\r\n\r\n", Upgrade::Other),
        ] {
            assert_eq!(upgrade(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn what_rests_takes_no_memory() {
        let mut frames = Frames::default();
        let (first, last) = OPTIONS.split_at(20);
        let part = |first: u8, payload: &[u8]| frame(first, None, payload);
        assert!(matches!(frames.next(&part(0x01, first)), Step::Skip { .. }));
        assert!(frames.rest() >= first.len(), "a message is begun");
        assert!(matches!(frames.next(&part(0x80, last)), Step::Message { .. }));
        assert_eq!(frames.message(), OPTIONS);
        assert_eq!(frames.rest(), 0);
        frames.next(&part(0x01, first));
        frames.forget();
        assert!(matches!(frames.next(&part(0x80, last)), Step::Skip { .. }), "its end is no message");
        assert_eq!(frames.rest(), 0);
        assert!(matches!(frames.next(&part(0x81, OPTIONS)), Step::Message { .. }));
    }

    #[test]
    fn frames_become_messages_however_they_arrive() {
        let mask = Some([1, 2, 0xff, 4]);
        let long = [OPTIONS, &[b'x'; 300]].concat();
        let stream = [
            frame(0x81, mask, OPTIONS),
            frame(0x82, None, &long),
            frame(0x01, mask, &OPTIONS[..10]),
            frame(0x89, mask, b"ping"),
            frame(0x80, mask, &OPTIONS[10..]),
            frame(0xc1, mask, b"deflated"),
            frame(0x80, None, b"continues nothing"),
            frame(0x81, None, OPTIONS),
        ]
        .concat();
        for piece in [1, 2, 7, 100, 10_000] {
            let (words, messages) = steps(&stream, piece);
            assert_eq!(words, "M M S S M S S M", "pieces of {piece}");
            assert_eq!(messages, [OPTIONS, &long, OPTIONS, OPTIONS]);
        }
    }

    #[test]
    fn what_is_too_long_is_skipped_and_not_kept() {
        let part = vec![b'x'; MESSAGE_LEN_MAX];
        let stream = [frame(1, None, &part), frame(0x80, None, b"x"), frame(0x81, None, OPTIONS)].concat();
        assert_eq!(steps(&stream, 5_000).0, "S S M");
        let whole = [frame(0x81, None, &[&part[..], b"x"].concat()), frame(0x81, None, OPTIONS)].concat();
        let (words, messages) = steps(&whole, 50_000);
        assert!(words.starts_with("S S") && words.ends_with('M') && messages == [OPTIONS], "{words}");
    }

    #[test]
    fn what_is_not_read_is_counted_by_messages() {
        let (large, half) = (vec![b'x'; MESSAGE_LEN_MAX + 1], vec![b'x'; MESSAGE_LEN_MAX / 2 + 1]);
        let stream = [
            frame(0x81, None, &large),
            frame(0x01, None, &half),
            frame(0x00, None, &half),
            frame(0x80, None, &half),
            frame(0x41, None, b"deflated"),
            frame(0x80, None, &large),
            frame(0x80, None, b"continues nothing"),
        ];
        let (mut frames, stream, mut taken) = (Frames::default(), stream.concat(), 0);
        while let Step::Skip { length } = frames.next(&stream[taken..]) {
            taken += length;
        }
        assert_eq!((taken, frames.take_unread()), (stream.len(), Unread { compressed: 1, oversized: 2 }));
        assert_eq!(frames.take_unread(), Unread::default());
    }

    #[test]
    fn frames_are_known_without_the_upgrade() {
        assert!(Frames::recognise(&frame(0x81, Some([9, 8, 7, 6]), OPTIONS)));
        assert!(Frames::recognise(&frame(0x82, None, OPTIONS)));
        assert!(!Frames::recognise(&frame(0x81, None, b"{\"json\": 1}")));
        assert!(!Frames::recognise(OPTIONS));
        assert!(!Frames::recognise(&[]));
        assert_eq!(steps(b"\xf0\x05hello", 100).0, " -");
    }
}

//! Control over TCP: where its messages begin and end in one direction of a connection.

use crate::control::{Control, Protocol};
use crate::megaco;
use crate::rtsp::{self, Start};
use crate::sccp::{self, Front};

/// Bytes of the head of an RTSP message at most; past it a stream is given up.
pub const HEAD_LEN_MAX: usize = 16_384;
/// Bytes of the body of an RTSP message that are waited for; a longer one is passed over. Those that matter are SDP.
pub const BODY_LEN_MAX: usize = 65_536;
/// Stretches in a row that may hold no message after bytes were lost, before a stream is given up.
pub const ASTRAY_MAX: u8 = 8;

/// The header of RFC 1006 in which Megaco travels over TCP (RFC 3525 Annex D.2): 3, 0, and the length, this included.
const TPKT_LEN: usize = 4;

/// What a direction of a connection turns out to be by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Control: read it with this.
    Control(Stream),
    /// More bytes will tell.
    More,
    /// Nothing of this room's.
    Other,
}

/// One direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    protocol: Protocol,
    /// Bytes to pass over: what remains of a body, or of media between the messages.
    skip: usize,
    /// Bytes from the front that have been searched for the end of a head.
    searched: usize,
    /// Stretches without a message since bytes were lost; `None` while all is in order.
    astray: Option<u8>,
}

/// What is at the front of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A message.
    Message {
        /// What it says.
        control: Control<'a>,
        /// Its bytes.
        length: usize,
    },
    /// Nothing to read.
    Skip {
        /// Bytes to pass over.
        length: usize,
    },
    /// More bytes are needed.
    More,
    /// The stream cannot be followed any more.
    Lost,
}

impl Stream {
    /// Decides what a direction speaks by the bytes that it begins with. The ports of the connection are but a hint.
    #[must_use]
    pub fn begin(bytes: &[u8], ports: [u16; 2]) -> Begin {
        let control = |protocol| Begin::Control(Self { protocol, skip: 0, searched: 0, astray: None });
        match (rtsp::start(bytes), sccp::begins(bytes, ports), tpkt(bytes)) {
            (Start::Whole, ..) => control(Protocol::Rtsp),
            (_, Front::Message { .. }, _) => control(Protocol::Sccp),
            (.., Front::Message { length }) if holds_megaco(bytes.get(..length).unwrap_or(bytes)) => {
                control(Protocol::Megaco)
            }
            (Start::More, ..) | (_, Front::More, _) | (.., Front::More) => Begin::More,
            _ => Begin::Other,
        }
    }

    /// Bytes were lost before those that come next.
    pub const fn on_gap(&mut self) {
        self.skip = 0;
        self.searched = 0;
        self.astray = Some(0);
    }

    /// Reads what is at the front of `bytes`, which are not empty. With `closed` no more will follow them.
    pub fn next<'a>(&mut self, bytes: &'a [u8], closed: bool) -> Step<'a> {
        if self.skip > 0 {
            let length = self.skip.min(bytes.len());
            self.skip -= length;
            return Step::Skip { length };
        }
        let step = match self.protocol {
            Protocol::Rtsp => self.next_rtsp(bytes, closed),
            Protocol::Sccp => framed(sccp::front(bytes), bytes, |message| Some(Control::one(Protocol::Sccp, message))),
            Protocol::Megaco | Protocol::Mgcp => framed(tpkt(bytes), bytes, |packet| {
                let text = packet.get(TPKT_LEN..)?.trim_ascii_start();
                megaco::is_message(text).then(|| Control::one(Protocol::Megaco, text))
            }),
        };
        match (step, self.astray) {
            (Step::Message { .. }, _) => self.astray = None,
            (Step::Lost, Some(stretches)) if stretches < ASTRAY_MAX => {
                self.astray = Some(stretches + 1);
                return Step::Skip { length: bytes.len() };
            }
            _ => {}
        }
        step
    }

    fn next_rtsp<'a>(&mut self, bytes: &'a [u8], closed: bool) -> Step<'a> {
        match bytes {
            // RFC 2326 §10.12: a dollar, the channel and the length, then media.
            [b'$', _, l0, l1, ..] => {
                self.skip = usize::from(u16::from_be_bytes([*l0, *l1]));
                return Step::Skip { length: 4 };
            }
            [b'$', ..] => return Step::More,
            [b'\r' | b'\n', ..] => return Step::Skip { length: 1 },
            _ => {}
        }
        let head = match (rtsp::start(bytes), rtsp::head_end(bytes, self.searched)) {
            (Start::Other, _) => return Step::Lost,
            (Start::Whole, Some(end)) if end <= HEAD_LEN_MAX => end,
            (Start::Whole, None) if closed => bytes.len(),
            _ if bytes.len() > HEAD_LEN_MAX => return Step::Lost,
            _ => {
                self.searched = bytes.len();
                return Step::More;
            }
        };
        let body = rtsp::body_length(bytes.get(..head).unwrap_or(bytes));
        if body > BODY_LEN_MAX {
            self.skip = body;
        } else if bytes.len() < head + body && !closed {
            self.searched = head - 1;
            return Step::More;
        }
        self.searched = 0;
        let length = if self.skip > 0 { head } else { bytes.len().min(head + body) };
        Step::Message { control: Control::one(Protocol::Rtsp, bytes.get(..length).unwrap_or(bytes)), length }
    }
}

/// Cuts a message whose length stands in front of it; what `read` does not know is passed over.
fn framed<'a>(front: Front, bytes: &'a [u8], read: impl Fn(&'a [u8]) -> Option<Control<'a>>) -> Step<'a> {
    match front {
        Front::Message { length } => match bytes.get(..length).and_then(read) {
            Some(control) => Step::Message { control, length },
            None => Step::Skip { length },
        },
        Front::More => Step::More,
        Front::Other => Step::Lost,
    }
}

/// The front of a stream of TPKTs.
fn tpkt(bytes: &[u8]) -> Front {
    let is_tpkt = bytes.iter().zip([3, 0]).all(|(byte, known)| *byte == known);
    match bytes {
        _ if !is_tpkt => Front::Other,
        [_, _, l0, l1, ..] => match usize::from(u16::from_be_bytes([*l0, *l1])) {
            length if length < TPKT_LEN => Front::Other,
            length if length <= bytes.len() => Front::Message { length },
            _ => Front::More,
        },
        _ => Front::More,
    }
}

fn holds_megaco(packet: &[u8]) -> bool {
    packet.get(TPKT_LEN..).is_some_and(|text| megaco::is_message(text.trim_ascii_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIBE: &str = "DESCRIBE rtsp://192.0.2.1/a RTSP/1.0\r\nCSeq: 1\r\n\r\n";
    const OK: &str = "RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 5\r\n\r\nv=0\r\n";
    const PACKET: &str = "\u{3}\0\0\u{19}!/1 <mgc> T=1{C=-{}}\n";

    /// What a stream in pieces of `piece` bytes is cut into: the name of a message with its length, `-` where it is lost.
    fn steps(stream: &[u8], piece: usize) -> String {
        let (mut control, mut taken, mut had, mut words) = (None::<Stream>, 0, 0, Vec::new());
        loop {
            let (closed, bytes) = (had == stream.len(), &stream[taken..had]);
            let step = match &mut control {
                _ if bytes.is_empty() => Step::More,
                Some(control) => control.next(bytes, closed),
                None => match Stream::begin(bytes, [4_000; 2]) {
                    Begin::Control(begun) => {
                        control = Some(begun);
                        continue;
                    }
                    Begin::More => Step::More,
                    Begin::Other => Step::Lost,
                },
            };
            match step {
                Step::Message { control, length } => {
                    words.push(format!("{}{length}", control.protocol().name()));
                    taken += length;
                }
                Step::Skip { length } => taken += length,
                Step::More if closed => return words.join(" "),
                Step::More => had = (had + piece).min(stream.len()),
                Step::Lost => return words.join(" ") + "-",
            }
        }
    }

    fn check(stream: impl AsRef<[u8]>, expected: &str) {
        for piece in [usize::MAX / 2, 1, 7, 60] {
            assert_eq!(steps(stream.as_ref(), piece), expected, "pieces of {piece}");
        }
    }

    #[test]
    fn rtsp_is_cut_where_content_length_says() {
        check(DESCRIBE, "rtsp49");
        check(format!("{DESCRIBE}\r\n{OK}{DESCRIBE}"), "rtsp49 rtsp52 rtsp49");
        check(format!("{OK}$\0\0\u{3}abc{OK}"), "rtsp52 rtsp52");
        check(format!("{OK}$\0"), "rtsp52");
        check(format!("{OK}hello\r\n"), "rtsp52-");
        check(
            "RTSP/1.0 200 OK\r\nContent-Length: 70000\r\n\r\n".to_owned() + &"x".repeat(70_000) + OK,
            "rtsp42 rtsp52",
        );
        check("RTSP/1.0 200 OK\r\nCSeq: 1\r\n", "rtsp26");
    }

    #[test]
    fn sccp_and_megaco_are_cut_where_their_headers_say() {
        let keep_alive = [4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        check([keep_alive; 3].concat(), "sccp12 sccp12 sccp12");
        check(PACKET.repeat(2), "megaco25 megaco25");
        check(format!("{PACKET}\u{3}\0\0\u{6}hi{PACKET}"), "megaco25 megaco25");
        check("\u{3}\0\0\u{6}hi", "-");
    }

    #[test]
    fn what_is_none_of_these_is_told_at_once() {
        for bytes in [&b"GET / HTTP/1.1\r\n"[..], b"SSH-2.0-x\r\n", &[0x16, 3, 1, 0], &[0; 16], b"\x03\0\0\x02"] {
            assert_eq!(Stream::begin(bytes, [4_000; 2]), Begin::Other, "{bytes:?}");
        }
    }

    #[test]
    fn after_a_gap_the_next_message_is_found_at_the_front_of_a_stretch() {
        let Begin::Control(mut stream) = Stream::begin(DESCRIBE.as_bytes(), [4_000; 2]) else { panic!("not RTSP") };
        stream.on_gap();
        assert_eq!(stream.next(b"half a line\r\n", false), Step::Skip { length: 13 });
        assert!(matches!(stream.next(OK.as_bytes(), false), Step::Message { length: 52, .. }));
        assert_eq!(stream.next(b"half a line\r\n", false), Step::Lost);
        stream.on_gap();
        for _ in 0..ASTRAY_MAX {
            assert_eq!(stream.next(b"x", false), Step::Skip { length: 1 });
        }
        assert_eq!(stream.next(b"x", false), Step::Lost);
    }

    #[test]
    fn a_head_without_an_end_is_given_up() {
        assert_eq!(steps(&[DESCRIBE.trim_end().as_bytes(), &[b'a'; 2 * HEAD_LEN_MAX]].concat(), 1_000), "-");
    }
}

//! TCP streams to SIP messages and to control of gateways: what each direction of a connection speaks, and how far it
//! is read.

use arrayvec::ArrayVec;
use gateway::{Begin, Control, Step};
use hashbrown::HashMap;
use sip::framing::{self, Framer};
use sip::websocket::{self, Frames, Unread, Upgrade};
use sip::{Content, Message, recognise, tls};
use types::Endpoint;
use wire::{ConnectionId, Stretch, Take};

use crate::traffic::Carrier;

/// Bytes at the start of a stream that must be text for it to be text.
const TEXT_BYTES: usize = 16;

/// Bytes that the WebSocket messages which have begun may take, over all directions; past it the one that has just grown
/// is forgotten and counted as `websocket_messages_forgotten`.
const BEGUN_BYTES_MAX: usize = 16 << 20;

/// What a direction of a connection has turned out to speak.
#[derive(Debug)]
enum Speech {
    Sip(Framer),
    WebSocket(Box<Frames>),
    Control(gateway::Stream),
}

/// A message of a stream.
pub(crate) enum Said<'a> {
    Sip(Carrier, &'a [u8]),
    /// One that was read when it was found.
    Read(Carrier, &'a Message<'a>, &'a [u8]),
    Control(Control<'a>),
}

/// What is known of the directions that carry SIP or control. Bounded by the connections that `wire` remembers: a
/// direction is forgotten with its connection, and one that speaks neither is never remembered.
#[derive(Debug, Default)]
pub(crate) struct Readers {
    connections: HashMap<ConnectionId, Directions, foldhash::quality::FixedState>,
    /// Bytes of WebSocket messages that have begun.
    begun: usize,
    /// WebSocket messages forgotten at [`BEGUN_BYTES_MAX`].
    pub(crate) forgotten: u64,
}

/// The directions of a connection that are read, by who sends.
type Directions = ArrayVec<(Endpoint, Speech), 2>;

/// What a stretch held besides messages.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    pub(crate) keep_alives: u64,
    /// The start of a TLS connection that carries SIP.
    pub(crate) encrypted: bool,
    /// Messages without their body, which is too long.
    pub(crate) bodies_cut: u64,
    /// WebSocket messages that were not read.
    pub(crate) unread: Unread,
}

impl Speech {
    /// Bytes that a message which has begun takes here; the rest of what is kept is let go.
    fn begun(&mut self) -> usize {
        match self {
            Self::WebSocket(frames) => frames.rest(),
            _ => 0,
        }
    }

    fn forget(&mut self) {
        if let Self::WebSocket(frames) = self {
            frames.forget();
        }
    }
}

impl Readers {
    /// Reads the messages at the front of a stretch.
    pub(crate) fn read(&mut self, stretch: &Stretch<'_>, found: &mut Found, each: &mut impl FnMut(Said<'_>)) -> Take {
        let directions = self.connections.get_mut(&stretch.connection);
        let known = directions.and_then(|all| all.iter_mut().find(|(source, _)| *source == stretch.source));
        let Some((_, speech)) = known else {
            return self.begin(stretch, found, each);
        };
        self.begun -= speech.begun();
        let (consumed, stays) = match speech {
            Speech::Sip(framer) => read_sip(framer, stretch, found, each),
            Speech::WebSocket(frames) => {
                let read = read_frames(frames, stretch, found, each);
                found.unread = frames.take_unread();
                read
            }
            Speech::Control(control) => read_control(control, stretch, each),
        };
        if stays {
            self.begun += speech.begun();
            if self.begun > BEGUN_BYTES_MAX {
                self.begun -= speech.begun();
                speech.forget();
                self.forgotten += 1;
            }
            return Take::Consumed(consumed);
        }
        if let Some(directions) = self.connections.get_mut(&stretch.connection) {
            directions.retain(|&mut (source, _)| source != stretch.source);
        }
        Take::Ignore
    }

    /// Decides what a direction speaks by what it begins with.
    fn begin(&mut self, stretch: &Stretch<'_>, found: &mut Found, each: &mut impl FnMut(Said<'_>)) -> Take {
        let bytes = stretch.bytes;
        if bytes.is_empty() {
            return Take::Consumed(0);
        }
        if tls::is_tls(bytes) {
            let ports = [stretch.source.port, stretch.destination.port];
            found.encrypted = ports.into_iter().any(|port| tls::is_likely_sip(bytes, port));
            return Take::Ignore;
        }
        let more_may_come = stretch.ending.is_none() && !stretch.cut;
        let control = gateway::Stream::begin(bytes, [stretch.source.port, stretch.destination.port]);
        let (speech, length) = match (control, websocket::upgrade(bytes)) {
            (Begin::Control(stream), _) => (Speech::Control(stream), 0),
            (_, Upgrade::Sip { length }) => (Speech::WebSocket(Box::default()), length),
            (Begin::More, _) | (_, Upgrade::More) if more_may_come => return Take::Consumed(0),
            (_, Upgrade::More | Upgrade::Other) if may_be_sip(stretch) => (Speech::Sip(Framer::default()), 0),
            // The upgrade went past before the capture began.
            _ if stretch.gap && Frames::recognise(bytes) => (Speech::WebSocket(Box::default()), 0),
            _ => return Take::Ignore,
        };
        let directions = self.connections.entry(stretch.connection).or_default();
        if directions.try_push((stretch.source, speech)).is_err() {
            return Take::Ignore;
        }
        let rest = Stretch { bytes: bytes.get(length..).unwrap_or_default(), gap: false, ..*stretch };
        match self.read(&rest, found, each) {
            Take::Consumed(consumed) => Take::Consumed(length + consumed),
            Take::Ignore => Take::Ignore,
        }
    }

    /// Forgets a connection.
    pub(crate) fn closed(&mut self, connection: ConnectionId) {
        let directions = self.connections.remove(&connection).unwrap_or_default();
        self.begun -= directions.into_iter().map(|(_, mut speech)| speech.begun()).sum::<usize>();
    }
}

/// Whether a direction that begins like this may speak SIP: it does, its first line is not whole yet, or it is joined
/// in the middle of text that may.
fn may_be_sip(stretch: &Stretch<'_>) -> bool {
    let bytes = stretch.bytes;
    let is_text = bytes.iter().take(TEXT_BYTES).all(|byte| matches!(byte, b'\r' | b'\n' | b'\t' | b' '..=b'~'));
    let unfinished = || bytes.len() < framing::START_LINE_LEN_MAX && !bytes.contains(&b'\n');
    recognise(bytes) != Content::Other || is_text && (stretch.gap || unfinished())
}

/// Reads SIP as it is framed by Content-Length. `false` when it is not SIP after all.
fn read_sip(
    framer: &mut Framer,
    stretch: &Stretch<'_>,
    found: &mut Found,
    each: &mut impl FnMut(Said<'_>),
) -> (usize, bool) {
    if stretch.gap {
        framer.on_gap();
    }
    let closed = stretch.ending.is_some() || stretch.cut;
    let mut consumed = 0;
    while let Some(bytes) = stretch.bytes.get(consumed..).filter(|bytes| !bytes.is_empty()) {
        let mut message = Message::unread();
        if let Some(length) = framer.read(bytes, &mut message) {
            each(Said::Read(Carrier::Tcp, &message, bytes.get(..length).unwrap_or(bytes)));
            consumed += length;
            continue;
        }
        consumed += match framer.next(bytes, closed) {
            framing::Step::Message { length } => {
                found.bodies_cut += u64::from(framer.cut_body());
                each(Said::Sip(Carrier::Tcp, bytes.get(..length).unwrap_or(bytes)));
                length
            }
            framing::Step::KeepAlive { length } => {
                found.keep_alives += 1;
                length
            }
            framing::Step::Skip { length } => length,
            framing::Step::More => break,
            framing::Step::NotSip => return (consumed, false),
        };
    }
    (consumed, true)
}

/// Reads SIP out of WebSocket frames. `false` when there are none.
fn read_frames(
    frames: &mut Frames,
    stretch: &Stretch<'_>,
    found: &mut Found,
    each: &mut impl FnMut(Said<'_>),
) -> (usize, bool) {
    if stretch.gap {
        frames.on_gap();
    }
    let mut consumed = 0;
    while let Some(bytes) = stretch.bytes.get(consumed..).filter(|bytes| !bytes.is_empty()) {
        consumed += match frames.next(bytes) {
            websocket::Step::Message { length } => {
                match recognise(frames.message()) {
                    Content::Sip => each(Said::Sip(Carrier::WebSocket, frames.message())),
                    Content::KeepAlive => found.keep_alives += 1,
                    Content::Other => {}
                }
                length
            }
            websocket::Step::Skip { length } => length,
            websocket::Step::More => break,
            websocket::Step::NotWebSocket => return (consumed, false),
        };
    }
    (consumed, true)
}

/// Reads control of gateways. `false` when it cannot be followed any more.
fn read_control(stream: &mut gateway::Stream, stretch: &Stretch<'_>, each: &mut impl FnMut(Said<'_>)) -> (usize, bool) {
    if stretch.gap {
        stream.on_gap();
    }
    let closed = stretch.ending.is_some() || stretch.cut;
    let mut consumed = 0;
    while let Some(bytes) = stretch.bytes.get(consumed..).filter(|bytes| !bytes.is_empty()) {
        consumed += match stream.next(bytes, closed) {
            Step::Message { control, length } => {
                each(Said::Control(control));
                length
            }
            Step::Skip { length } => length,
            Step::More => break,
            Step::Lost => return (consumed, false),
        };
    }
    (consumed, true)
}

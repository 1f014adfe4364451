//! What leaves this room: datagrams and stretches of TCP streams.

use types::{Endpoint, Nanos, Transport};

/// One message of a transport that keeps messages apart: UDP, or a user message of SCTP (RFC 4168).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagram<'a> {
    /// When the frame that completed it was seen.
    pub at: Nanos,
    /// Who sent it.
    pub source: Endpoint,
    /// Where it goes.
    pub destination: Endpoint,
    /// What it carries, as far as it was captured.
    pub payload: &'a [u8],
    /// [`Transport::Udp`] or [`Transport::Sctp`].
    pub transport: Transport,
    /// By how many bytes the payload is shorter than its headers agree on: the capture cut them off.
    pub missing: u16,
    /// It came in ESP with NULL encryption (RFC 2410).
    pub in_esp: bool,
    /// A copy, made by a mirror port, of a datagram already delivered.
    pub duplicate: bool,
}

/// The bytes of one direction of a TCP connection that its reader has not finished with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch<'a> {
    /// When the frame that brought the last of them was seen.
    pub at: Nanos,
    /// Who sent them.
    pub source: Endpoint,
    /// Where they go.
    pub destination: Endpoint,
    /// In order and without holes.
    pub bytes: &'a [u8],
    /// The last of them came in ESP with NULL encryption (RFC 2410).
    pub in_esp: bool,
    /// Bytes were lost before these: what was begun before cannot be finished.
    pub gap: bool,
    /// Bytes were lost after these, or cut off by the capture: what they leave unfinished will not be finished, and is
    /// not given again.
    pub cut: bool,
    /// The first stretch of its direction; with `gap`, the capture began in mid-stream.
    pub first: bool,
    /// No byte of this direction follows these, which may then be none.
    pub ending: Option<Ending>,
    /// Which connection, the same for both directions.
    pub connection: ConnectionId,
}

/// Why no more bytes of a direction follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its sender said so (FIN).
    Finished,
    /// One side broke the connection off (RST).
    Reset,
    /// The connection was dropped here: silent for too long, pushed out by others, its ports used anew, or the capture
    /// is over.
    Forgotten,
}

/// One TCP connection while it lives; never used again for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// What the reader of a stream answers to a [`Stretch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// So many bytes from the front are done with. The rest is kept, within the named limit, and given again with
    /// what follows.
    Consumed(usize),
    /// Nothing of this direction is wanted ever again.
    Ignore,
}

/// Whoever takes what the decoder finds.
pub trait Taker {
    /// A whole datagram.
    fn datagram(&mut self, datagram: &Datagram<'_>);

    /// Bytes of a TCP stream.
    fn stretch(&mut self, stretch: &Stretch<'_>) -> Take;

    /// A connection is over or forgotten: its identity will not come again.
    fn closed(&mut self, connection: ConnectionId) {
        let _ = connection;
    }
}

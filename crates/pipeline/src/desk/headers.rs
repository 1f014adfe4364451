//! RTP headers for whoever keeps them as evidence: those of the first packets of each stream of a call. Until so many were seen its packets
//! take the long way, so that whoever foresees packets need not know of it.

use arrayvec::ArrayVec;
use call::{HEADER_BYTES_MAX, Listener, RtpHeader};
use foldhash::quality::RandomState;
use hashbrown::HashMap;
use rtp::{Attendant, StreamId, StreamKey};
use types::{Moment, Nanos};

use super::Desk;

/// A header that is to be told of.
struct Seen {
    at: Nanos,
    stream: StreamId,
    key: StreamKey,
    bytes: ArrayVec<u8, HEADER_BYTES_MAX>,
    length: usize,
}

/// Of which streams headers are still wanted.
#[derive(Default)]
pub(crate) struct Headers {
    /// How many of each stream.
    wanted: u32,
    /// How many are left, by the stream's place: a stream that ended sooner leaves its number to the next in its place.
    left: HashMap<u32, u32, RandomState>,
    seen: Vec<Seen>,
    /// Bytes that the capture cut off the datagram in hand.
    pub(crate) missing: u16,
}

impl Headers {
    pub(crate) fn new(wanted: u32) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// Whether any are wanted.
    pub(crate) const fn are_wanted(&self) -> bool {
        self.wanted > 0
    }

    /// Whether there is any to tell of.
    pub(crate) const fn were_seen(&self) -> bool {
        !self.seen.is_empty()
    }
}

impl Desk {
    /// A stream begins, or is found to be a call's: its first headers are wanted.
    pub(super) fn want_headers(&mut self, id: StreamId) {
        self.headers.left.insert(id.index(), self.headers.wanted);
        self.media.streams.attend(id, Attendant::Keeper, true);
    }

    /// Keeps the header of a packet, if it is of a stream of which more are wanted.
    #[cold]
    #[inline(never)]
    pub(super) fn keep_header(&mut self, at: Nanos, id: StreamId, key: StreamKey, packet: &[u8]) {
        let Self { media, headers, .. } = self;
        if !media.streams.is_attended(id, Attendant::Keeper) {
            return;
        }
        let bytes = rtp::header(packet).iter().copied().take(HEADER_BYTES_MAX).collect();
        headers.seen.push(Seen { at, stream: id, key, bytes, length: packet.len() + usize::from(headers.missing) });
        let left = headers.left.get_mut(&id.index()).map_or(0, |left| {
            *left = left.saturating_sub(1);
            *left
        });
        if left == 0 {
            headers.left.remove(&id.index());
            media.streams.attend(id, Attendant::Keeper, false);
        }
    }

    /// Tells of the headers of the frame in hand.
    #[cold]
    #[inline(never)]
    pub(crate) fn tell_headers(&mut self, listener: &mut impl Listener) {
        let Self { calls, media, headers, traffic, .. } = self;
        for Seen { at, stream, key, bytes, length } in headers.seen.drain(..) {
            let named = media.streams.owner(stream).and_then(|owner| calls.voice_of(owner, stream));
            let Some((call_id, from)) = named else { continue };
            listener.moment(Moment { at, frame: traffic.frames });
            let (source, destination) = (key.source(), key.destination());
            listener.header(&RtpHeader { at, source, destination, call_id, from, bytes: &bytes, length });
        }
    }
}

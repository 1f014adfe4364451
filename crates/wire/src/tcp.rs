//! TCP streams put together (RFC 9293), for a listener who must never wait and never be made to remember too much.
//!
//! A connection is remembered from its first byte of payload on; a SYN leaves only its sequence number in a small table,
//! so that a flood of them costs nothing. Bytes in order are shown to the reader where they lie in the
//! frame; what it has not finished with, and what came early, waits in the direction's [`window`](direction). A hole is
//! given up when the other side acknowledges what lies behind it, when too much waits behind it, or when it is too old.
//! What the bytes mean, and ports, are not known here; checksums are not looked at, since network cards fill them in
//! after the capture.

use std::collections::VecDeque;
use std::time::Duration;

use types::{Endpoint, Nanos};

use crate::aged::{Aged, Place, passed};
use crate::pool::{Budget, Pool};
use crate::{ConnectionId, Ending, Taker, WireConfig};

mod direction;
mod tally;
#[cfg(test)]
mod tests;

use direction::{Direction, Flow, Span, Stage, length};
pub use tally::StreamTally;

/// Limits of the reassembly of TCP streams.
#[derive(Clone, Debug)]
pub struct StreamConfig {
    /// Connections remembered; past it the longest silent is dropped and counted in `tcp_evicted`. About 300 bytes each.
    pub connections_max: usize,
    /// Bytes of memory that wait in all connections together, not below 1 MiB in effect; past it the longest silent
    /// connection is dropped and counted in `tcp_evicted`.
    pub bytes_max: usize,
    /// How far ahead of the next byte a direction may hold others, bytes. Past it the hole is given up. Twice the largest
    /// window without scaling: a message is no longer than that, and a single byte can make a direction take so much.
    pub window_bytes_max: u32,
    /// Stretches with holes between them that a direction may hold. Past it the first hole is given up.
    pub spans_max: usize,
    /// Bytes in order that the reader of a direction may leave unfinished. Past it they are dropped, counted in
    /// `tcp_unread_bytes`, and the next stretch has a gap: a message that long is none.
    pub unread_bytes_max: u32,
    /// How long a hole may wait to be filled. A lost segment is sent again after about a second (RFC 6298 §2.4), and that
    /// may be lost once more.
    pub hole_age_max: Duration,
    /// How long a connection may be silent. Flows of SIP speak every two minutes or so (RFC 5626 §4.4.1).
    pub idle_max: Duration,
}

impl Default for StreamConfig {
    fn default() -> Self {
        Self {
            connections_max: 65_536,
            bytes_max: 64 << 20,
            window_bytes_max: 128 << 10,
            spans_max: 64,
            unread_bytes_max: 64 << 10,
            hole_age_max: Duration::from_secs(5),
            idle_max: Duration::from_secs(900),
        }
    }
}

/// The flags as they lie in the header's fourteenth byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flags(pub u8);

impl Flags {
    pub(crate) const FIN: u8 = 1;
    pub(crate) const SYN: u8 = 2;
    pub(crate) const RST: u8 = 4;
    pub(crate) const ACK: u8 = 16;

    const fn any(self, flags: u8) -> bool {
        self.0 & flags != 0
    }
}

/// One segment as its header describes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'a> {
    pub at: Nanos,
    pub source: Endpoint,
    pub destination: Endpoint,
    pub sequence: u32,
    pub acknowledgement: u32,
    pub flags: Flags,
    pub payload: &'a [u8],
    /// Bytes of the payload that the capture cut off.
    pub missing: u32,
    /// It came in ESP with NULL encryption.
    pub in_esp: bool,
}

impl Segment<'_> {
    fn is_from_low(&self) -> bool {
        self.source <= self.destination
    }

    /// Whether it brings payload, be it cut off. A reset may carry words of explanation (RFC 9293 §3.5.3): not payload.
    const fn carries(&self) -> bool {
        !self.flags.any(Flags::RST) && (!self.payload.is_empty() || self.missing > 0)
    }

    /// Bytes of payload captured.
    const fn carried(&self) -> u64 {
        if self.carries() { self.payload.len() as u64 } else { 0 }
    }

    /// The sequence number of its first byte of payload, or of its FIN.
    const fn first(&self) -> u32 {
        self.sequence.wrapping_add(self.flags.any(Flags::SYN) as u32)
    }

    /// The sequence number after its payload.
    fn end(&self) -> u32 {
        self.first().wrapping_add(length(self.payload)).wrapping_add(self.missing)
    }
}

/// Both ends of a connection, the lower first, so that both directions find the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    low: Endpoint,
    high: Endpoint,
}

impl Key {
    fn of(segment: &Segment<'_>) -> Self {
        let (one, other) = (segment.source, segment.destination);
        Self { low: one.min(other), high: one.max(other) }
    }
}

struct Connection {
    id: ConnectionId,
    /// When it was last refreshed in the table.
    touched: Nanos,
    /// Its reader knows that it is over.
    closed: bool,
    /// It stands in [`Streams::holes`].
    queued: bool,
    from_low: Direction,
    from_high: Direction,
}

impl Connection {
    /// What the sender says, and what the receiver does.
    fn directions(&mut self, from_low: bool) -> (&mut Direction, &mut Direction) {
        if from_low { (&mut self.from_low, &mut self.from_high) } else { (&mut self.from_high, &mut self.from_low) }
    }

    fn is_over(&self) -> bool {
        self.from_low.flow == Flow::Ended && self.from_high.flow == Flow::Ended
    }

    /// Since when the older of its holes waits to be filled.
    fn waits_since(&self) -> Option<Nanos> {
        let (low, high) = (self.from_low.waits_since(), self.from_high.waits_since());
        low.into_iter().chain(high).min()
    }
}

/// The memory that bytes wait in.
pub(crate) struct Store {
    budget: Budget,
    bytes: Pool<u8>,
    spans: Pool<Span>,
}

/// Where recent SYNs begin their direction, so that a stream whose first segments come in the wrong order, or not at all,
/// is seen to begin in the right place. One that a flood has pushed out begins in mid-stream, no more.
struct Syns(Aged<(Endpoint, Endpoint), u32>);

impl Syns {
    /// About 100 bytes each. Payload follows a SYN within a second or so, and no tap sees so many calls set up in one.
    const MAX: usize = 8192;

    fn remember(&mut self, segment: &Segment<'_>) {
        self.recall(segment);
        if self.0.len() >= Self::MAX
            && let Some(oldest) = self.0.oldest()
        {
            self.0.remove(oldest);
        }
        self.0.insert((segment.source, segment.destination), segment.first());
    }

    /// Where the segment's direction begins, if its SYN was among the latest; it is told once.
    fn recall(&mut self, segment: &Segment<'_>) -> Option<u32> {
        let place = self.0.find(&(segment.source, segment.destination))?;
        self.0.remove(place).map(|(_, first)| first)
    }
}

/// All connections.
pub(crate) struct Streams {
    limits: StreamConfig,
    connections: Aged<Key, Connection>,
    store: Store,
    syns: Syns,
    /// Connections that wait for a hole to be filled, by the time since when; some wait no longer. As many as there may
    /// be connections: past that the first is not waited for any more.
    holes: VecDeque<(Nanos, Place, ConnectionId)>,
    named: u64,
    tally: StreamTally,
}

/// How stale a connection's place in the table may be: refreshing it with every segment would cost three cache misses.
const TOUCH: Duration = Duration::from_secs(1);

impl Streams {
    pub(crate) fn new(config: &WireConfig) -> Self {
        let limits = config.streams.clone();
        // One direction with all it may hold must find room, and while its buffer grows, twice.
        let budget = Budget::new(limits.bytes_max.max(1 << 20));
        Self {
            connections: Aged::new(config.seed),
            store: Store { budget, bytes: Pool::new(), spans: Pool::new() },
            syns: Syns(Aged::new(config.seed)),
            holes: VecDeque::new(),
            named: 0,
            tally: StreamTally::default(),
            limits,
        }
    }

    pub(crate) const fn tally(&self) -> &StreamTally {
        &self.tally
    }

    pub(crate) fn on_segment(&mut self, segment: &Segment<'_>, taker: &mut impl Taker) {
        self.tally.segments += 1;
        self.on_time(segment.at, taker);
        let mut found = self.connections.find(&Key::of(segment));
        if segment.flags.any(Flags::SYN) {
            self.tally.syns += 1;
            found = self.on_syn(segment, found, taker);
        }
        self.tally.bytes += segment.carried();
        if segment.carries() {
            found = self.admit(segment, found, taker);
        } else if segment.flags.any(Flags::FIN) {
            self.await_first(segment, found);
        }
        if let Some(place) = found {
            self.take(segment, place, taker);
        }
    }

    /// Gives up holes and forgets connections that are too old at `now`.
    pub(crate) fn on_time(&mut self, now: Nanos, taker: &mut impl Taker) {
        while let Some((since, ..)) = self.holes.front()
            && passed(*since, now, self.limits.hole_age_max)
        {
            self.give_up_first(now, false, taker);
        }
        while let Some(place) = self.connections.oldest()
            && self
                .connections
                .get(place)
                .is_none_or(|connection| passed(connection.touched, now, self.limits.idle_max))
        {
            self.tally.expired += 1;
            self.forget(place, now, taker);
        }
    }

    /// At the end of the capture: shows what waits behind holes, and forgets every connection.
    pub(crate) fn drain(&mut self, now: Nanos, taker: &mut impl Taker) {
        while let Some(place) = self.connections.oldest() {
            self.forget(place, now, taker);
        }
        self.holes.clear();
    }

    /// A SYN begins a connection: one that used the same ports before is over. Gives back what is left of it.
    fn on_syn(&mut self, segment: &Segment<'_>, found: Option<Place>, taker: &mut impl Taker) -> Option<Place> {
        let directions = found.and_then(|place| self.connections.get_mut(place));
        let directions = directions.map(|connection| connection.directions(segment.is_from_low()));
        let anew = match directions {
            // Its peer has spoken: the SYN is later than that, though its sender had nothing to say before.
            Some((Direction { flow: Flow::Silent, .. }, back)) => {
                !segment.flags.any(Flags::ACK) && back.flow != Flow::Silent
            }
            // Otherwise the same SYN again.
            Some((sent, _)) if sent.start == segment.first() => return found,
            Some(_) => true,
            None => false,
        };
        self.syns.remember(segment);
        let Some(place) = found.filter(|_| anew) else { return found };
        self.tally.reused += 1;
        self.forget(place, segment.at, taker);
        None
    }

    /// The connection a segment with payload belongs to, with room for it; made if there is none.
    fn admit(&mut self, segment: &Segment<'_>, mut found: Option<Place>, taker: &mut impl Taker) -> Option<Place> {
        if let Some(place) = found
            && let Some(connection) = self.connections.get_mut(place)
            && connection.directions(segment.is_from_low()).0.is_strange_to(segment)
        {
            self.tally.reused += 1;
            self.forget(place, segment.at, taker);
            found = None;
        }
        let connection = found.and_then(|place| self.connections.get_mut(place));
        let flow = connection.map_or(Flow::Silent, |connection| connection.directions(segment.is_from_low()).0.flow);
        if flow == Flow::Silent {
            let began = self.syns.recall(segment);
            if began.is_none() && segment.payload.len() == 1 && segment.missing == 0 {
                // As good as always a keep-alive: no byte of the stream (RFC 9293 §3.8.4).
                if found.is_none() {
                    self.tally.keep_alive();
                }
                return found;
            }
            let place = found.or_else(|| self.open(segment, taker))?;
            let sent = self.connections.get_mut(place)?.directions(segment.is_from_low()).0;
            self.tally.in_midstream += u64::from(!sent.begin(segment, began, &self.limits));
            found = Some(place);
        }
        if let Some(place) = found.filter(|_| matches!(flow, Flow::Silent | Flow::Open)) {
            self.make_room(segment, place, taker);
        }
        found
    }

    /// A FIN may come before all bytes of a direction of which only the SYN was seen: they are still to come.
    fn await_first(&mut self, segment: &Segment<'_>, found: Option<Place>) {
        if let Some(connection) = found.and_then(|place| self.connections.get_mut(place))
            && let sent = connection.directions(segment.is_from_low()).0
            && sent.flow == Flow::Silent
            && let Some(began) = self.syns.recall(segment).filter(|began| *began != segment.end())
        {
            sent.begin(segment, Some(began), &self.limits);
        }
    }

    fn open(&mut self, segment: &Segment<'_>, taker: &mut impl Taker) -> Option<Place> {
        while self.connections.len() >= self.limits.connections_max.max(1)
            && let Some(oldest) = self.connections.oldest()
        {
            self.push_out(oldest, segment.at, taker);
        }
        self.named += 1;
        self.tally.connections += 1;
        let connection = Connection {
            id: ConnectionId(self.named),
            touched: segment.at,
            closed: false,
            queued: false,
            from_low: Direction::default(),
            from_high: Direction::default(),
        };
        self.connections.insert(Key::of(segment), connection)
    }

    /// Pushes the longest silent connections out until the segment could wait in its own.
    fn make_room(&mut self, segment: &Segment<'_>, place: Place, taker: &mut impl Taker) {
        let Some(connection) = self.connections.get_mut(place) else { return };
        let need = connection.directions(segment.is_from_low()).0.need(segment, &self.limits);
        if self.store.budget.allows(need) {
            return;
        }
        self.connections.refresh(place);
        while !self.store.budget.allows(need)
            && let Some(oldest) = self.connections.oldest().filter(|oldest| *oldest != place)
        {
            self.push_out(oldest, segment.at, taker);
        }
    }

    /// What a segment does to its connection.
    fn take(&mut self, segment: &Segment<'_>, place: Place, taker: &mut impl Taker) {
        let Self { connections, store, limits, tally, .. } = self;
        let Some(connection) = connections.get_mut(place) else { return };
        let (id, touched) = (connection.id, connection.touched);
        let (source, destination) = (segment.source, segment.destination);
        let mut stage =
            Stage { at: segment.at, source, destination, id, in_esp: segment.in_esp, store, limits, tally, taker };
        let (sent, back) = connection.directions(segment.is_from_low());
        if segment.flags.any(Flags::RST) {
            if sent.is_near(segment.sequence) {
                sent.finish(&mut stage, Ending::Reset);
                back.finish(&mut stage.turned(), Ending::Reset);
            }
        } else {
            if segment.flags.any(Flags::ACK) {
                back.on_ack(&mut stage.turned(), segment.acknowledgement);
            }
            if segment.flags.any(Flags::FIN) {
                sent.on_fin(segment.end());
            }
            if segment.carries() {
                sent.on_payload(&mut stage, segment);
            }
            sent.settle(&mut stage);
        }
        if connection.is_over() && !std::mem::replace(&mut connection.closed, true) {
            taker.closed(id);
        }
        let waits = !connection.queued && connection.waits_since().is_some();
        if passed(touched, segment.at, TOUCH) {
            connection.touched = segment.at;
            connections.refresh(place);
        }
        if waits {
            self.await_holes(place, segment.at, taker);
        }
    }

    /// Queues a connection in which a hole waits.
    fn await_holes(&mut self, place: Place, now: Nanos, taker: &mut impl Taker) {
        let Some(connection) = self.connections.get_mut(place) else { return };
        let Some(since) = connection.waits_since().filter(|_| !connection.queued) else { return };
        connection.queued = true;
        self.holes.push_back((since, place, connection.id));
        if self.holes.len() > self.limits.connections_max.max(1) {
            self.give_up_first(now, true, taker);
        }
    }

    /// Gives up the holes of the connection queued first, `all` of them or those that are too old.
    fn give_up_first(&mut self, now: Nanos, all: bool, taker: &mut impl Taker) {
        let Some((_, place, id)) = self.holes.pop_front() else { return };
        let Self { connections, store, limits, tally, .. } = self;
        let Some((key, connection)) = connections.entry_mut(place).filter(|(_, connection)| connection.id == id) else {
            return;
        };
        connection.queued = false;
        let age_max = if all { Duration::ZERO } else { limits.hole_age_max };
        let (source, destination) = (key.low, key.high);
        let mut stage = Stage { at: now, source, destination, id, in_esp: false, store, limits, tally, taker };
        connection.from_low.give_up(&mut stage, age_max);
        connection.from_high.give_up(&mut stage.turned(), age_max);
        if connection.is_over() && !std::mem::replace(&mut connection.closed, true) {
            taker.closed(id);
        }
        self.await_holes(place, now, taker);
    }

    /// Forgets a connection for want of room; what is over is no loss.
    fn push_out(&mut self, place: Place, now: Nanos, taker: &mut impl Taker) {
        self.tally.evicted += u64::from(self.connections.get(place).is_some_and(|connection| !connection.is_over()));
        self.forget(place, now, taker);
    }

    /// Takes a connection out of the table and shows what it still holds.
    fn forget(&mut self, place: Place, now: Nanos, taker: &mut impl Taker) {
        let Self { connections, store, limits, tally, .. } = self;
        let Some((key, mut connection)) = connections.remove(place) else { return };
        let (id, source, destination) = (connection.id, key.low, key.high);
        let mut stage = Stage { at: now, source, destination, id, in_esp: false, store, limits, tally, taker };
        connection.from_low.finish(&mut stage, Ending::Forgotten);
        connection.from_high.finish(&mut stage.turned(), Ending::Forgotten);
        if !connection.closed {
            taker.closed(id);
        }
    }
}

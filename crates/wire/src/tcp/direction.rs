//! One direction of a connection: which byte comes next, what the reader has left, and what came early.
//!
//! Both wait in one buffer, the window: first the bytes in order that the reader has not finished with, then, each at
//! its place, those that came early, with holes between them. A hole that is filled thus needs no further copy.

use std::ops::Range;
use std::time::Duration;

use types::{Endpoint, Nanos};

use super::{Segment, Store, StreamConfig, StreamTally};
use crate::aged::passed;
use crate::pool::Pool;
use crate::{ConnectionId, Ending, Stretch, Take, Taker};

/// How far behind the next byte a sequence number is still one of the same stream, bytes: more than any sender keeps to
/// send again.
const BEHIND_MAX: i32 = 16 << 20;
/// How far ahead of it, bytes: the largest window (RFC 7323 §2.3). Further ahead, the ports serve another connection.
const AHEAD_MAX: i32 = 1 << 30;

/// How far `sequence` lies after `other`, with the wrap (RFC 9293 §3.4).
const fn after(sequence: u32, other: u32) -> i32 {
    sequence.wrapping_sub(other).cast_signed()
}

/// Bytes of a segment's payload.
pub(super) fn length(payload: &[u8]) -> u32 {
    u32::try_from(payload.len()).unwrap_or(u32::MAX)
}

/// Where the bytes of a direction go, and what may be spent on them.
pub(super) struct Stage<'a, T> {
    pub at: Nanos,
    pub source: Endpoint,
    pub destination: Endpoint,
    pub id: ConnectionId,
    /// The segment at hand came in ESP with NULL encryption.
    pub in_esp: bool,
    pub store: &'a mut Store,
    pub limits: &'a StreamConfig,
    pub tally: &'a mut StreamTally,
    pub taker: &'a mut T,
}

impl<T> Stage<'_, T> {
    /// The same for the other direction.
    pub fn turned(&mut self) -> Stage<'_, T> {
        let Self { at, source, destination, id, in_esp, limits, .. } = *self;
        let Self { store, tally, taker, .. } = self;
        Stage { at, source: destination, destination: source, id, in_esp, store, limits, tally, taker }
    }
}

/// What a direction is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Flow {
    /// No byte of it was seen.
    #[default]
    Silent,
    Open,
    /// Its reader wants no more of it.
    Ignored,
    Ended,
}

/// Bytes that came early, by their sequence numbers.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    from: u32,
    to: u32,
}

#[derive(Default)]
pub(super) struct Direction {
    pub flow: Flow,
    /// Its reader has seen something of it.
    shown: bool,
    /// Bytes were lost before those that come next.
    gap: bool,
    /// The sequence number of its first byte.
    pub start: u32,
    /// That of the next byte in order.
    next: u32,
    /// That of its FIN.
    fin: Option<u32>,
    /// What the other side has received, by its own word.
    acknowledged: Option<u32>,
    /// The hole that waits to be filled, by its first byte, and since when.
    hole: Option<(u32, Nanos)>,
    /// Bytes of the window that are in order.
    ready: u32,
    window: Vec<u8>,
    /// In the order of the stream; none begins where another ends, nor at `next`.
    early: Vec<Span>,
}

impl Direction {
    /// Begins with its first segment, or before it where a SYN `began` it; false in mid-stream.
    pub fn begin(&mut self, segment: &Segment<'_>, began: Option<u32>, limits: &StreamConfig) -> bool {
        let first = segment.first();
        let began = began.filter(|began| first.wrapping_sub(*began) <= limits.window_bytes_max);
        self.flow = Flow::Open;
        self.start = began.unwrap_or(first);
        self.next = self.start;
        self.gap = began.is_none();
        began.is_some()
    }

    /// Whether the payload of a segment cannot be of this stream: its ports are used anew, and the SYN was not captured.
    pub fn is_strange_to(&self, segment: &Segment<'_>) -> bool {
        let ahead = after(segment.first(), self.next);
        match self.flow {
            Flow::Silent | Flow::Ignored => false,
            Flow::Open => !(-BEHIND_MAX..=AHEAD_MAX).contains(&ahead),
            Flow::Ended => ahead < -BEHIND_MAX || after(segment.end(), self.next) > 0,
        }
    }

    /// Whether a sequence number is near enough for a reset to be meant (RFC 5961 §3.2 is stricter, but knows more).
    pub fn is_near(&self, sequence: u32) -> bool {
        self.flow != Flow::Open || (-BEHIND_MAX..=BEHIND_MAX).contains(&after(sequence, self.next))
    }

    /// Since when it waits for a hole to be filled.
    pub fn waits_since(&self) -> Option<Nanos> {
        self.hole.map(|(_, since)| since)
    }

    /// Bytes of memory it may want more, to take a segment in.
    pub fn need(&self, segment: &Segment<'_>, limits: &StreamConfig) -> usize {
        let ahead = u32::try_from(after(segment.first(), self.next)).unwrap_or(0).min(limits.window_bytes_max);
        let bytes = (self.ready + ahead) as usize + segment.payload.len();
        Pool::growth(&self.window, bytes) + Pool::growth(&self.early, self.early.len() + 1)
    }

    /// What the other side has received is not sent again: holes before it stay.
    pub fn on_ack<T: Taker>(&mut self, stage: &mut Stage<'_, T>, sequence: u32) {
        if self.flow == Flow::Open && self.acknowledged.is_none_or(|known| after(sequence, known) > 0) {
            self.acknowledged = Some(sequence);
            self.settle(stage);
        }
    }

    /// No byte follows `sequence`.
    pub fn on_fin(&mut self, sequence: u32) {
        match self.flow {
            Flow::Silent => (self.start, self.next, self.flow) = (sequence, sequence, Flow::Ended),
            Flow::Open if (0..=BEHIND_MAX).contains(&after(sequence, self.next)) => self.fin = Some(sequence),
            Flow::Ignored => (self.next, self.flow) = (sequence, Flow::Ended),
            Flow::Open | Flow::Ended => {}
        }
    }

    pub fn on_payload<T: Taker>(&mut self, stage: &mut Stage<'_, T>, segment: &Segment<'_>) {
        let (mut sequence, mut payload, mut missing) = (segment.first(), segment.payload, segment.missing);
        if self.flow == Flow::Open && payload.len() == 1 && missing == 0 && sequence.wrapping_add(1) == self.next {
            return stage.tally.keep_alive();
        }
        // A FIN does not stand before bytes: one of the two lies, and bytes are worth more.
        self.fin = self.fin.filter(|fin| after(segment.end(), *fin) <= 0);
        // Every turn but the last gives up a hole or shortens the payload to begin where the stream goes on.
        loop {
            match self.flow {
                Flow::Open => {}
                Flow::Ignored => return stage.tally.ignored_bytes += payload.len() as u64,
                Flow::Ended => return stage.tally.repeat(payload.len()),
                // Only what is taken for a keep-alive does not begin a direction.
                Flow::Silent => return stage.tally.keep_alive(),
            }
            let behind = u32::try_from(after(self.next, sequence)).unwrap_or(0);
            if behind > 0 {
                let (old, new) = payload.split_at_checked(behind as usize).unwrap_or((payload, &[]));
                self.compare_unread(stage.tally, sequence, old);
                stage.tally.repeated_bytes += old.len() as u64;
                missing = missing.saturating_sub(behind - length(old));
                (sequence, payload) = (self.next, new);
                if new.is_empty() && missing == 0 {
                    stage.tally.retransmitted += 1;
                    return;
                }
            }
            if sequence == self.next {
                return self.in_order(stage, payload, missing);
            }
            if self.hold(stage, sequence, payload) {
                stage.tally.out_of_order += 1;
                return;
            }
            let to = self.early.first().map(|span| span.from).filter(|from| after(*from, sequence) < 0);
            self.skip(stage, to.unwrap_or(sequence));
        }
    }

    /// Gives up what the other side has acknowledged, notices the end, and since when the next hole waits.
    pub fn settle<T: Taker>(&mut self, stage: &mut Stage<'_, T>) {
        if self.early.is_empty() && self.fin.is_none() {
            self.hole = None;
            return;
        }
        while let Some(edge) = self.edge()
            && self.acknowledged.is_some_and(|acknowledged| after(acknowledged, edge) >= 0)
        {
            self.skip(stage, edge);
        }
        if self.flow == Flow::Open && self.fin == Some(self.next) {
            self.show_window(stage, false, Some(Ending::Finished));
        }
        let known = self.hole.filter(|(first, _)| *first == self.next);
        self.hole = self.edge().map(|_| known.unwrap_or((self.next, stage.at)));
    }

    /// Gives up all holes, if the first has waited for `age_max`.
    pub fn give_up<T: Taker>(&mut self, stage: &mut Stage<'_, T>, age_max: Duration) {
        if self.hole.is_some_and(|(_, since)| passed(since, stage.at, age_max)) {
            while let Some(edge) = self.edge() {
                self.skip(stage, edge);
            }
            self.settle(stage);
        }
    }

    /// Ends it, after showing what waits behind holes.
    pub fn finish<T: Taker>(&mut self, stage: &mut Stage<'_, T>, ending: Ending) {
        while let Some(edge) = self.edge() {
            self.skip(stage, edge);
        }
        if self.flow == Flow::Open {
            self.show_window(stage, false, Some(ending));
        }
        self.flow = Flow::Ended;
        self.hole = None;
    }

    /// Where the first hole ends.
    fn edge(&self) -> Option<u32> {
        if self.flow != Flow::Open {
            return None;
        }
        self.early.first().map(|span| span.from).or(self.fin.filter(|fin| *fin != self.next))
    }

    /// Takes in the bytes that come next; `missing` more were cut off by the capture.
    fn in_order<T: Taker>(&mut self, stage: &mut Stage<'_, T>, payload: &[u8], missing: u32) {
        let end = self.next.wrapping_add(length(payload));
        if !self.window.is_empty() && !self.hold(stage, self.next, payload) {
            self.abandon(stage);
        }
        if self.window.is_empty() {
            self.next = end;
            stage.tally.delivered_bytes += payload.len() as u64;
            if !payload.is_empty() {
                self.show_frame(stage, payload, missing > 0);
            }
        } else {
            self.join(stage);
            self.show_window(stage, missing > 0 && self.next == end, None);
        }
        if missing > 0 && self.next == end && self.flow == Flow::Open {
            let hole = self.early.first().map_or(missing, |span| span.from.wrapping_sub(end));
            self.skip(stage, end.wrapping_add(missing.min(hole)));
        }
    }

    /// Holds bytes from `sequence` on, which lies not before the next one, each at its place in the window. The first
    /// copy of a byte stands. False when they lie too far ahead, in too many pieces, or when memory is short.
    fn hold<T>(&mut self, stage: &mut Stage<'_, T>, sequence: u32, payload: &[u8]) -> bool {
        if payload.is_empty() {
            return true;
        }
        let from = sequence.wrapping_sub(self.next);
        let Some(to) = from.checked_add(length(payload)) else { return false };
        let (next, early) = (self.next, from > 0);
        let first = self.early.partition_point(|span| span.to.wrapping_sub(next) < from);
        let last = self.early.partition_point(|span| span.from.wrapping_sub(next) <= to);
        // Bytes that come next need no hole: they are refused for want of memory alone.
        let crowded = first == last && stage.limits.spans_max <= self.early.len();
        if early && (crowded || to > stage.limits.window_bytes_max) {
            return false;
        }
        let (bytes, spans) = ((self.ready + to) as usize, self.early.len() + 1);
        let Store { budget, bytes: pool, spans: lists } = &mut *stage.store;
        if !pool.reserve(budget, &mut self.window, bytes) || !lists.reserve(budget, &mut self.early, spans) {
            return false;
        }
        if self.window.len() < bytes {
            self.window.resize(bytes, 0);
        }
        let (mut low, mut high, mut at) = (from, to, from);
        for held in self.early.get(first..last).unwrap_or_default() {
            let (held_from, held_to) = (held.from.wrapping_sub(next), held.to.wrapping_sub(next));
            let (begin, end) = (held_from.clamp(at, to), held_to.min(to));
            fill(&mut self.window, self.ready, payload, from, at..begin);
            let again = bytes_at(payload, 0, begin.wrapping_sub(from), end.wrapping_sub(from));
            stage.tally.repeated_bytes += again.len() as u64;
            stage.tally.conflict(again, bytes_at(&self.window, self.ready, begin, end));
            at = at.max(end);
            (low, high) = (low.min(held_from), high.max(held_to));
        }
        fill(&mut self.window, self.ready, payload, from, at..to);
        let span = Span { from: next.wrapping_add(low), to: next.wrapping_add(high) };
        self.early.splice(first..last, [span]);
        true
    }

    /// Moves on over the bytes that came early and are now in order.
    fn join<T>(&mut self, stage: &mut Stage<'_, T>) {
        if let Some(span) = self.early.first().copied().filter(|span| span.from == self.next) {
            let length = span.to.wrapping_sub(span.from);
            self.early.remove(0);
            self.next = span.to;
            self.ready += length;
            stage.tally.delivered_bytes += u64::from(length);
        }
        if self.early.is_empty() {
            stage.store.spans.give(&mut stage.store.budget, std::mem::take(&mut self.early));
        }
    }

    /// Gives up the hole between the next byte and `to`, which is its end or lies in it: the reader sees what it has
    /// left a last time, and then what lies behind.
    fn skip<T: Taker>(&mut self, stage: &mut Stage<'_, T>, to: u32) {
        if self.ready > 0 {
            self.show_window(stage, true, None);
        }
        if self.flow != Flow::Open {
            return;
        }
        let lost = to.wrapping_sub(self.next);
        stage.tally.gaps += 1;
        stage.tally.gap_bytes += u64::from(lost);
        self.window.drain(..(lost as usize).min(self.window.len()));
        self.next = to;
        self.gap = true;
        self.join(stage);
        if self.ready > 0 {
            self.show_window(stage, false, None);
        }
    }

    /// Drops all that waits, for want of memory.
    fn abandon<T>(&mut self, stage: &mut Stage<'_, T>) {
        stage.tally.discarded_bytes += self.early_bytes();
        self.drop_unread(stage);
        self.gap = true;
        self.release(stage);
    }

    /// Shows the reader bytes where they lie in the frame, and keeps what it leaves.
    fn show_frame<T: Taker>(&mut self, stage: &mut Stage<'_, T>, bytes: &[u8], cut: bool) {
        let Some(consumed) = self.show(stage, bytes, cut, None) else { return self.release(stage) };
        let rest = bytes.get(consumed..).unwrap_or_default();
        if rest.is_empty() {
            return;
        }
        let fits = length(rest) <= stage.limits.unread_bytes_max;
        if cut || !fits || !stage.store.bytes.reserve(&mut stage.store.budget, &mut self.window, rest.len()) {
            stage.tally.unread_bytes += rest.len() as u64;
            self.gap = true;
        } else {
            self.window.extend_from_slice(rest);
            self.ready = length(rest);
        }
    }

    /// Shows the reader all bytes of the window that are in order, and keeps what it leaves.
    fn show_window<T: Taker>(&mut self, stage: &mut Stage<'_, T>, cut: bool, ending: Option<Ending>) {
        let window = std::mem::take(&mut self.window);
        let consumed = self.show(stage, bytes_at(&window, 0, 0, self.ready), cut, ending);
        self.window = window;
        let Some(consumed) = consumed else { return self.release(stage) };
        self.window.drain(..consumed.min(self.window.len()));
        self.ready -= u32::try_from(consumed).unwrap_or(u32::MAX).min(self.ready);
        if cut || self.ready > stage.limits.unread_bytes_max {
            self.gap |= self.ready > 0;
            self.drop_unread(stage);
        }
        self.release_if_empty(stage);
    }

    /// Asks the reader how many of `bytes` it has finished with; `None` when it gets no more of this direction.
    fn show<T: Taker>(
        &mut self,
        stage: &mut Stage<'_, T>,
        bytes: &[u8],
        cut: bool,
        ending: Option<Ending>,
    ) -> Option<usize> {
        let finished = self.fin == Some(self.next) && self.early.is_empty();
        let stretch = Stretch {
            at: stage.at,
            source: stage.source,
            destination: stage.destination,
            bytes,
            in_esp: stage.in_esp,
            gap: std::mem::take(&mut self.gap),
            cut,
            first: !std::mem::replace(&mut self.shown, true),
            ending: ending.or(finished.then_some(Ending::Finished)),
            connection: stage.id,
        };
        let take = stage.taker.stretch(&stretch);
        match (take, stretch.ending) {
            (_, Some(_)) => self.flow = Flow::Ended,
            (Take::Ignore, None) => self.flow = Flow::Ignored,
            (Take::Consumed(consumed), None) => return Some(consumed.min(bytes.len())),
        }
        None
    }

    fn drop_unread<T>(&mut self, stage: &mut Stage<'_, T>) {
        stage.tally.unread_bytes += u64::from(self.ready);
        self.window.drain(..(self.ready as usize).min(self.window.len()));
        self.ready = 0;
    }

    /// Gives all memory back; what still came early is not wanted.
    fn release<T>(&mut self, stage: &mut Stage<'_, T>) {
        if self.flow != Flow::Open {
            stage.tally.ignored_bytes += self.early_bytes();
        }
        let Store { budget, bytes, spans } = &mut *stage.store;
        bytes.give(budget, std::mem::take(&mut self.window));
        spans.give(budget, std::mem::take(&mut self.early));
        self.ready = 0;
    }

    fn release_if_empty<T>(&mut self, stage: &mut Stage<'_, T>) {
        if self.window.is_empty() {
            self.release(stage);
        }
    }

    fn early_bytes(&self) -> u64 {
        self.early.iter().map(|span| u64::from(span.to.wrapping_sub(span.from))).sum()
    }

    /// Compares old bytes from `sequence` on with those of them that still wait for the reader.
    fn compare_unread(&self, tally: &mut StreamTally, sequence: u32, old: &[u8]) {
        let behind = self.next.wrapping_sub(sequence);
        let known = behind.min(self.ready);
        let (old, held) = (bytes_at(old, 0, behind - known, length(old)), self.ready - known);
        tally.conflict(old, bytes_at(&self.window, 0, held, held.saturating_add(length(old))));
    }
}

/// `bytes[from..to]`, counted from `origin` on; none where that reaches outside.
fn bytes_at(bytes: &[u8], origin: u32, from: u32, to: u32) -> &[u8] {
    bytes.get((origin + from) as usize..origin.saturating_add(to) as usize).unwrap_or_default()
}

/// Copies the `part` of a payload that begins at `from` into the window, whose unread bytes come first.
fn fill(window: &mut [u8], ready: u32, payload: &[u8], from: u32, part: Range<u32>) {
    let bytes = bytes_at(payload, 0, part.start - from, part.end.saturating_sub(from));
    let place = (ready + part.start) as usize;
    if let Some(hole) = window.get_mut(place..place + bytes.len()) {
        hole.copy_from_slice(bytes);
    }
}

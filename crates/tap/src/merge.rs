//! The frames of several sources in the order of time, within a bound.
//!
//! A source alone is handed on as it comes. Of several, a frame waits until no other can come before it: until its stamp, or
//! the moment it was handed over if that was earlier, is [`Merge`]'s bound ago, and until every source that says how far it has
//! read has read so far. What comes later than that, from a sender whose network is slow or whose clock is behind, comes late, as in any
//! capture, and the rooms behind count it.

use std::collections::VecDeque;
use std::time::Duration;

use link::{Batch, Frames};
use types::Nanos;

use crate::parcel::SourceId;

/// Frames held back at once. Past it the earliest go on before their time.
pub const HELD_FRAMES_MAX: usize = 65_536;
/// Bytes of the parcels they lie in: a sender of HEP can make each frame 64 KiB long.
pub const HELD_BYTES_MAX: usize = 64 << 20;

/// How long a source is waited for that says how far it has read: a thread that the system keeps from running catches up before.
pub const PATIENCE: Duration = Duration::from_secs(1);

/// Parcels of one source that wait.
#[derive(Debug, Default)]
struct Queue {
    parcels: VecDeque<(Nanos, Frames)>,
    /// Frames of the first parcel that have gone on.
    gone: usize,
    /// How far it has read, where it says so.
    read_to: Option<Nanos>,
}

impl Queue {
    /// When the next frame may be said to have come.
    fn next_at(&self) -> Option<Nanos> {
        let (arrived, frames) = self.parcels.front()?;
        frames.batch().heads().get(self.gone).map(|head| head.at.min(*arrived))
    }

    /// Whether a frame from before `at` may still come.
    fn may_bring(&self, at: Nanos) -> bool {
        self.parcels.is_empty() && self.read_to.is_some_and(|read_to| read_to < at)
    }
}

/// Frames of several sources on their way into one order.
#[derive(Debug)]
pub struct Merge {
    bound: Duration,
    queues: Vec<Queue>,
    /// Frames held back, and bytes of the parcels in which some are.
    held: usize,
    held_bytes: usize,
    /// Frames put together, and parcels that have been read.
    merged: Frames,
    read: Vec<Frames>,
}

impl Merge {
    /// A merge of so many sources.
    #[must_use]
    pub fn new(sources: usize, bound: Duration) -> Self {
        let queues = (0..sources.max(1)).map(|_| Queue::default()).collect();
        Self { bound, queues, held: 0, held_bytes: 0, merged: Frames::default(), read: Vec::new() }
    }

    /// How long a frame waits for earlier ones.
    #[must_use]
    pub const fn bound(&self) -> Duration {
        self.bound
    }

    /// Takes in frames of a source.
    pub fn add(&mut self, source: SourceId, arrived: Nanos, frames: Frames) {
        if let Some(queue) = self.queues.get_mut(usize::from(source.0))
            && !frames.is_empty()
        {
            self.held += frames.len();
            self.held_bytes += frames.bytes();
            queue.parcels.push_back((arrived, frames));
        }
    }

    /// Takes in that a source has read all that came before `read_to`, or that it says so no longer.
    pub fn progress(&mut self, source: SourceId, read_to: Option<Nanos>) {
        if let Some(queue) = self.queues.get_mut(usize::from(source.0)) {
            queue.read_to = read_to;
        }
    }

    /// Whether nothing is held.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.held == 0
    }

    /// The next frames whose time has come; all that are held where `now` is [`Nanos::MAX`].
    pub fn next_batch(&mut self, now: Nanos) -> Option<Batch<'_>> {
        self.merged.clear();
        if let [queue] = self.queues.as_mut_slice() {
            let (_, frames) = queue.parcels.pop_front()?;
            self.held -= frames.len();
            self.held_bytes -= frames.bytes();
            let before = std::mem::replace(&mut self.merged, frames);
            self.read.push(before);
            return Some(self.merged.batch());
        }
        while !self.merged.is_full() {
            let Some((at, place)) = self.earliest() else { break };
            let has_room = self.held <= HELD_FRAMES_MAX && self.held_bytes <= HELD_BYTES_MAX;
            if now.since(at) < self.held_for(at) && has_room {
                break;
            }
            self.take(place);
        }
        (!self.merged.is_empty()).then(|| self.merged.batch())
    }

    /// How long until a frame's time comes; `None` where none is held.
    #[must_use]
    pub fn wait(&self, now: Nanos) -> Option<Duration> {
        self.earliest().map(|(at, _)| self.held_for(at).saturating_sub(now.since(at)))
    }

    /// How long a frame of this moment is held at most, as things stand.
    fn held_for(&self, at: Nanos) -> Duration {
        if self.queues.iter().any(|queue| queue.may_bring(at)) { PATIENCE.max(self.bound) } else { self.bound }
    }

    /// A parcel that has been read, whose room can be taken again.
    pub fn empty(&mut self) -> Option<Frames> {
        let mut frames = self.read.pop()?;
        frames.clear();
        Some(frames)
    }

    fn earliest(&self) -> Option<(Nanos, usize)> {
        self.queues.iter().enumerate().filter_map(|(place, queue)| queue.next_at().map(|at| (at, place))).min()
    }

    /// Copies the next frame of a queue.
    fn take(&mut self, place: usize) {
        let Some(queue) = self.queues.get_mut(place) else { return };
        let Some((_, frames)) = queue.parcels.front() else { return };
        let batch = frames.batch();
        if let Some(head) = batch.heads().get(queue.gone) {
            self.merged.push(&batch.frame(head));
            queue.gone += 1;
            self.held -= 1;
        }
        if queue.gone >= batch.len() {
            queue.gone = 0;
            if let Some((_, frames)) = queue.parcels.pop_front() {
                self.held_bytes -= frames.bytes();
                self.read.push(frames);
            }
        }
    }
}

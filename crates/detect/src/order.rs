//! Puts events in order. Frames may come a little late, and events of one microsecond in any order; they wait here until
//! nothing earlier can come any more. Nearly all come in order and queue up; only the others are sorted in.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::event::Event;

/// How long an event waits for earlier ones, unless somebody knows better. What comes later still is judged when it comes, and counted.
const WAIT: Duration = Duration::from_secs(1);

/// Events held at most; past it the earliest go on at once. About 96 bytes each.
const HELD_MAX: usize = 1 << 18;

/// Events that wait for earlier ones.
#[derive(Debug)]
pub struct Order {
    wait_nanos: u64,
    /// Those that came in order.
    queue: VecDeque<Event>,
    /// Those that came after later ones.
    behind: BinaryHeap<Reverse<Event>>,
    latest: Nanos,
    passed: Nanos,
    late: u64,
}

impl Default for Order {
    fn default() -> Self {
        let (queue, behind) = (VecDeque::new(), BinaryHeap::new());
        let wait_nanos = WAIT.as_nanos() as u64;
        Self { wait_nanos, queue, behind, latest: Nanos::ZERO, passed: Nanos::ZERO, late: 0 }
    }
}

/// What it has come to, as it is written down: what waits is not.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Passed {
    latest: Nanos,
    passed: Nanos,
}

impl Order {
    /// What it has come to.
    pub const fn passed(&self) -> Passed {
        Passed { latest: self.latest, passed: self.passed }
    }

    /// Goes on where another came to.
    pub const fn go_on(&mut self, from: Passed) {
        (self.latest, self.passed) = (from.latest, from.passed);
    }

    /// From now on an event waits so long for earlier ones.
    pub const fn wait(&mut self, wait: Duration) {
        self.wait_nanos = wait.as_nanos() as u64;
    }

    /// Whether an event waits.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        !(self.queue.is_empty() && self.behind.is_empty())
    }

    /// How far the capture has come.
    #[must_use]
    pub const fn latest(&self) -> Nanos {
        self.latest
    }

    /// Takes an event in.
    pub fn push(&mut self, mut event: Event) {
        if event.at < self.passed {
            self.late += 1;
            event.at = self.passed;
        }
        self.latest = self.latest.max(event.at);
        if self.queue.back().is_none_or(|last| *last <= event) {
            self.queue.push_back(event);
        } else {
            self.behind.push(Reverse(event));
        }
    }

    /// The capture has come to `at`.
    pub fn on_time(&mut self, at: Nanos) {
        self.latest = self.latest.max(at);
    }

    /// The next event that nothing can precede any more.
    pub fn pop(&mut self) -> Option<Event> {
        let first = match (self.queue.front(), self.behind.peek()) {
            (Some(first), Some(Reverse(behind))) => first.at.min(behind.at),
            (Some(first), None) | (None, Some(Reverse(first))) => first.at,
            (None, None) => return None,
        };
        let waited = self.latest.nanos_since(first) > self.wait_nanos;
        (waited || self.queue.len() + self.behind.len() > HELD_MAX).then(|| self.release()).flatten()
    }

    /// One of the events that will most likely come next: the one after so many others.
    pub fn ahead(&self, events: usize) -> Option<&Event> {
        self.queue.get(events)
    }

    /// The next event, when no more will come.
    pub fn release(&mut self) -> Option<Event> {
        let behind = match (self.queue.front(), self.behind.peek()) {
            (Some(first), Some(Reverse(behind))) => behind < first,
            (first, _) => first.is_none(),
        };
        let event = if behind { self.behind.pop()?.0 } else { self.queue.pop_front()? };
        self.passed = event.at;
        Some(event)
    }

    /// Events that came after later ones had gone on.
    #[must_use]
    pub const fn late(&self) -> u64 {
        self.late
    }
}

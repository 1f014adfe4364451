//! Tells calls step by step, each when its time has come.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use call::{CallRecord, Listener, Step};
use types::{Moment, Nanos};

use crate::faults::Tally;
use crate::record::Record;

/// A step that is due: when, in which order its call was read, where the call lies, and which step.
type Due = Reverse<(Nanos, u64, u32, u8)>;

/// Steps by the number that stands in [`Due`].
const STEPS: [Step; 4] = [Step::Invited, Step::Ringing, Step::Answered, Step::Ended];

/// Calls that are held back or under way, and what comes next for each.
pub(crate) struct Player {
    due: BinaryHeap<Due>,
    calls: Vec<Option<Record>>,
    free: Vec<u32>,
    calls_max: usize,
    /// What came before this has been told.
    told_until: Nanos,
    read: u64,
    steps: u64,
    /// Whether calls had to go on before their time, and until when.
    crowded_until: Option<Nanos>,
}

impl Player {
    pub(crate) fn new(calls_max: u32) -> Self {
        Self {
            due: BinaryHeap::new(),
            calls: Vec::new(),
            free: Vec::new(),
            calls_max: calls_max as usize,
            told_until: Nanos::ZERO,
            read: 0,
            steps: 0,
            crowded_until: None,
        }
    }

    /// Takes a call in; where there are too many, the earliest go on at once.
    pub(crate) fn add(&mut self, record: Record, tally: &mut Tally, listener: &mut impl Listener) {
        while self.calls.len() - self.free.len() >= self.calls_max {
            self.crowded_until = self.due.peek().map(|Reverse((at, ..))| *at);
            self.step(tally, listener);
        }
        if record.invite_at < self.told_until {
            tally.late += 1;
            tally.crowded += u64::from(self.crowded_until.is_some_and(|until| record.invite_at < until));
        }
        let invite_at = record.invite_at;
        let slot = self.free.pop().unwrap_or(self.calls.len() as u32);
        match self.calls.get_mut(slot as usize) {
            Some(place) => *place = Some(record),
            None => self.calls.push(Some(record)),
        }
        self.read += 1;
        self.due.push(Reverse((invite_at, self.read, slot, 0)));
    }

    /// Tells every step before `until`.
    pub(crate) fn until(&mut self, until: Nanos, tally: &mut Tally, listener: &mut impl Listener) {
        while self.due.peek().is_some_and(|Reverse((at, ..))| *at < until) {
            self.step(tally, listener);
        }
    }

    /// Tells everything that is left.
    pub(crate) fn drain(&mut self, tally: &mut Tally, listener: &mut impl Listener) {
        while !self.due.is_empty() {
            self.step(tally, listener);
        }
    }

    /// Tells the next step, and after the last one the record.
    fn step(&mut self, tally: &mut Tally, listener: &mut impl Listener) {
        let Some(Reverse((at, order, slot, step))) = self.due.pop() else { return };
        let Some(place) = self.calls.get_mut(slot as usize) else { return };
        let (Some(record), Some(&now)) = (&*place, STEPS.get(usize::from(step))) else { return };
        self.told_until = self.told_until.max(at);
        self.steps += 1;
        listener.moment(Moment { at: self.told_until, frame: self.steps });
        listener.step(now, at, &record.at(Some(now)));
        if let Some((at, next)) = record.after(now) {
            self.due.push(Reverse((at, order, slot, next as u8)));
        } else {
            listener.record(&CallRecord { media: &record.streams(), ..record.at(None) });
            tally.calls += 1;
            *place = None;
            self.free.push(slot);
        }
    }
}

//! From the thread that reads packets to the one that judges calls: words on tapes, over a bounded channel.
//!
//! One sends and one takes, in order, so who listens behind the relay hears what who listens before it would have heard. Where
//! the other end is slower the sender waits; where it has gone the sender learns of it and stops.

use call::{CallRecord, Exchange, Listener, Side, Step, Tape};
use crossbeam_channel::{Receiver, Sender, bounded};
use types::{Coverage, Moment, Nanos};

/// Tapes that wait to be heard, of about 1 MiB each at most.
const TAPES_MAX: usize = 8;

/// The end that is told.
#[derive(Debug)]
pub struct Relay {
    tape: Tape,
    full: Sender<Tape>,
    empty: Receiver<Tape>,
    is_heard: bool,
}

/// The end that tells.
#[derive(Debug)]
pub struct Told {
    full: Receiver<Tape>,
    empty: Sender<Tape>,
}

/// Both ends.
#[must_use]
pub fn relay() -> (Relay, Told) {
    let (full, heard) = bounded(TAPES_MAX);
    let (back, empty) = bounded(TAPES_MAX);
    (Relay { tape: Tape::default(), full, empty, is_heard: true }, Told { full: heard, empty: back })
}

impl Relay {
    /// Whether somebody still listens at the other end.
    #[must_use]
    pub const fn is_heard(&self) -> bool {
        self.is_heard
    }

    /// Hands on what was told so far.
    pub fn hand_on(&mut self) {
        if !self.tape.is_empty() {
            let next = self.empty.try_recv().unwrap_or_default();
            self.is_heard = self.full.send(std::mem::replace(&mut self.tape, next)).is_ok();
        }
    }

    fn hand_on_when_full(&mut self) {
        if self.tape.is_full() {
            self.hand_on();
        }
    }
}

impl Told {
    /// Tells what comes, until nothing more will or `goes_on` says that it is enough.
    pub fn tell<L: Listener>(self, listener: &mut L, mut goes_on: impl FnMut(&L) -> bool) {
        for mut tape in &self.full {
            tape.play(listener);
            tape.clear();
            // Where there is room enough already, this one is let go.
            let _ = self.empty.try_send(tape);
            if !goes_on(listener) {
                return;
            }
        }
    }
}

impl Listener for Relay {
    fn moment(&mut self, moment: Moment) {
        self.hand_on_when_full();
        self.tape.moment(moment);
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.hand_on_when_full();
        self.tape.step(step, at, call);
    }

    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &audio::Excerpt, whole: bool) {
        self.hand_on_when_full();
        self.tape.heard(at, call, side, excerpt, whole);
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.hand_on_when_full();
        self.tape.exchange(exchange);
    }

    fn coverage(&mut self, seen: &Coverage) {
        self.tape.coverage(seen);
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        self.hand_on_when_full();
        self.tape.record(record);
    }
}

/// The end that is told goes with the worker to its thread.
const _: () = {
    const fn sends<T: Send>() {}
    sends::<Relay>();
};

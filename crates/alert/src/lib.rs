//! What judgement found, in words: the alert a person reads and the record a machine reads.
//!
//! How evidence was found is not known here, nor is any packet. One operation is one alert: it is opened, told again when
//! more is known, and closed, always under the same id.

mod record;
mod severity;
mod words;

pub use record::{
    Alert, CallBacks, Callees, Calls, CountryCalls, Coverage, EntityName, EvidenceLine, HandOver, InnocentReading,
    RegionCalls, Seats, Signatures, Versions, Victim, decibels,
};
pub use severity::Severity;
pub use words::{clock, grouped};

use std::sync::Arc;

use config::Known;
use detect::{Hearer, Report};
use types::Nanos;

/// Hears of each call that an alert counts: the number that its id writes, when the call began, and its Call-ID.
pub type Counter = Box<dyn FnMut(u64, Nanos, &[u8])>;

/// Turns reports into alerts and hands each on.
pub struct Book<F> {
    known: Arc<Known>,
    versions: Versions,
    hand_on: F,
    count: Option<Counter>,
}

impl<F: FnMut(Alert)> Book<F> {
    /// A book whose alerts names what `known` names, carry `versions` and go to `hand_on`.
    pub const fn new(known: Arc<Known>, versions: Versions, hand_on: F) -> Self {
        Self { known, versions, hand_on, count: None }
    }

    /// From now on tells `counter` of each call that an alert counts.
    pub fn counts(&mut self, counter: Counter) {
        self.count = Some(counter);
    }

    /// What its alerts carry.
    pub const fn versions(&self) -> &Versions {
        &self.versions
    }

    /// From now on alerts name what `known` names, and carry its version.
    pub fn renew(&mut self, known: Arc<Known>) {
        known.version().clone_into(&mut self.versions.config);
        self.known = known;
    }
}

impl<F: FnMut(Alert)> Hearer for Book<F> {
    fn report(&mut self, report: &Report<'_>) {
        (self.hand_on)(Alert::of(&self.known, report, &self.versions));
    }

    fn counted(&mut self, operation: u64, at: Nanos, call_id: &[u8]) {
        if let Some(count) = &mut self.count {
            count(operation, at, call_id);
        }
    }
}

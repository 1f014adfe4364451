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

/// Turns reports into alerts and hands each on.
pub struct Book<F> {
    known: Arc<Known>,
    versions: Versions,
    hand_on: F,
}

impl<F: FnMut(Alert)> Book<F> {
    /// A book whose alerts names what `known` names, carry `versions` and go to `hand_on`.
    pub const fn new(known: Arc<Known>, versions: Versions, hand_on: F) -> Self {
        Self { known, versions, hand_on }
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
}

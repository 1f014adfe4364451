//! The governor: a day of far too many alerts raises the threshold, and says so.
//!
//! The threshold follows from the false alerts that are bearable, and holds if the null is right. Where it is not, a day brings
//! many times what was bearable; then twice the evidence is asked for (ln 2), day after day, and as much less again after each day
//! that kept within the budget (SCIENCE 6.4). It stops at sixteen times: whoever can provoke alerts shall not raise the threshold
//! beyond what an operation of any size passes. Operations in shadow are no alerts and do not count.

use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::rate::HOUR_NANOS;

/// Times what is bearable in a day, from which on the threshold rises.
const TOO_MANY: f64 = 3.0;
/// By how much: twice the evidence.
const STEP_NATS: f32 = std::f32::consts::LN_2;
/// Steps it may rise.
const STEPS_UP_MAX: f32 = 4.0;
/// Steps that are told; those past it are only counted.
const TOLD_MAX: usize = 366;
/// Nanoseconds of a day.
const DAY_NANOS: u64 = 24 * HOUR_NANOS;

/// A change of the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Nanos,
    /// Alerts of the day before.
    pub alerts: u64,
    /// What is asked for above the budget's threshold from then on, in nats.
    pub raised_nats: f32,
}

/// Watches over how many alerts a day brings.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Governor {
    bearable: f64,
    day: Option<u64>,
    alerts: u64,
    raised_nats: f32,
    steps: Vec<Step>,
}

impl Governor {
    /// A governor of `bearable` false alerts a day.
    #[must_use]
    pub const fn new(bearable: f64) -> Self {
        Self { bearable, day: None, alerts: 0, raised_nats: 0.0, steps: Vec::new() }
    }

    /// From now on so many false alerts a day are bearable.
    pub const fn bear(&mut self, bearable: f64) {
        self.bearable = bearable;
    }

    /// What is asked for above the budget's threshold, in nats.
    #[must_use]
    pub const fn raised_nats(&self) -> f32 {
        self.raised_nats
    }

    /// Every change so far.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// An alert was raised.
    pub const fn on_alert(&mut self) {
        self.alerts += 1;
    }

    /// Time has come to `at`: at the first moment of a day of UTC, whether the one before brought too many.
    pub fn on_time(&mut self, at: Nanos) {
        let today = at.get() / DAY_NANOS;
        let Some(day) = self.day.replace(today).filter(|&day| day < today) else { return };
        let alerts = std::mem::take(&mut self.alerts);
        let before = self.raised_nats;
        if alerts as f64 > TOO_MANY * self.bearable {
            self.raised_nats = (before + STEP_NATS).min(STEPS_UP_MAX * STEP_NATS);
        } else if alerts as f64 <= self.bearable {
            // Days of which nothing was heard kept within the budget too.
            self.raised_nats = (before - (today - day) as f32 * STEP_NATS).max(0.0);
        }
        if self.raised_nats != before && self.steps.len() < TOLD_MAX {
            self.steps.push(Step { at, alerts, raised_nats: self.raised_nats });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Alerts day by day, and what is added at the end of each, in steps.
    fn check(alerts: &[u64], expected: &[f32]) {
        let mut governor = Governor::new(5.0);
        let mut raised = Vec::new();
        for (day, &alerts) in (20_000_u64..).zip(alerts) {
            governor.on_time(Nanos::new(day * DAY_NANOS + 1));
            (0..alerts).for_each(|_| governor.on_alert());
            governor.on_time(Nanos::new((day + 1) * DAY_NANOS));
            raised.push((governor.raised_nats() / STEP_NATS).round());
        }
        assert_eq!(raised, expected, "{alerts:?}");
        let changes = std::iter::once(&0.0).chain(&raised).zip(&raised).filter(|(a, b)| a != b).count();
        assert_eq!(governor.steps().len(), changes, "{alerts:?}: each is told");
    }

    #[test]
    fn too_many_alerts_raise_the_threshold_and_quiet_days_lower_it() {
        check(&[0, 5, 15], &[0.0, 0.0, 0.0]);
        check(&[16, 16, 10, 5, 0, 0], &[1.0, 2.0, 2.0, 1.0, 0.0, 0.0]);
        check(&[100; 6], &[1.0, 2.0, 3.0, 4.0, 4.0, 4.0]);
    }
}

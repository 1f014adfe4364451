//! Landlines of one's own country on calls from abroad: lines do not roam, so that regulators have such calls blocked (Ofcom's CLI
//! guidance, ACMA C661, the German TKG section 120), and yet a platform in the cloud, a company's exchange abroad and a carrier that takes over for
//! another bring thousands of them. What tells these from calls that were given a number on the way is that people come again: from one
//! day to the next the numbers of a platform are known, and of those that are made up for each call never one.
//!
//! So a day's calls are held against the two days before. Who brings as many strangers today as on the lesser of these is weighed against
//! one of whom half as many are left, or fewer than are usual at a carrier; within a day shares differ as much as a beta distribution
//! of [`SPREAD`] prior calls allows. A day that brings more than that says nothing: whoever comes new is a stranger at first.

use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::judge::DAY_NANOS;

/// The share that is usual of calls from abroad at most: offices abroad, forwarding that is not told.
const USUAL: f64 = 0.08;
/// What is left of it from one day to the next: most people call more than once in two days.
const LEFT: f64 = 0.5;
/// How much more than on the days before is believed of an operation: what is above that may be somebody new.
const MORE: f64 = 1.5;
/// The share from which on something is said at all, as a multiple of what is expected.
const LEAST: f64 = 1.5;
/// Prior calls of a day's share.
const SPREAD: f64 = 100.0;
/// Calls from which on a day has a share.
const CALLS_MIN: u32 = 20;
/// Days after which the last two that had one say nothing any more.
const DAYS_MAX: u64 = 7;
/// Where what was gathered has fallen so low it begins anew, in nats.
const ANEW_NATS: f64 = -4.0;
/// What all of it brings at most, in nats.
const MOST_NATS: f64 = 24.0;
/// What it must come to to need no second family.
pub(crate) const LANDLINES_MIN: f32 = 12.0;

/// Calls from abroad, and those of them under landlines of one's own country that were never seen there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Calls {
    /// All.
    pub asked: u32,
    /// Strangers.
    pub strange: u32,
}

impl Calls {
    const fn add(&mut self, strange: bool) {
        self.asked = self.asked.saturating_add(1);
        self.strange = self.strange.saturating_add(strange as u32);
    }

    /// The share of strangers where there were as many before as `prior` says.
    fn share(self, prior: f64) -> f64 {
        (prior * SPREAD + f64::from(self.strange)) / (SPREAD + f64::from(self.asked))
    }
}

/// What the landlines come to that one place shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Landlines {
    /// When the day began of which calls are counted.
    began_at: Nanos,
    today: Calls,
    /// Shares of the last two days that had calls enough, the last first, and when that one began.
    before: [Option<f64>; 2],
    before_at: Nanos,
    /// Log of how much likelier the calls are from who makes numbers up.
    nats: f64,
    /// The calls of it, and when they began.
    calls: Calls,
    since: Nanos,
    /// The most it came to, and of which calls: until it begins anew that stands.
    most: (f64, Calls),
}

impl Landlines {
    /// A call from abroad at `at`; what was gathered fades by `half_life` nanoseconds.
    pub fn on_call(&mut self, at: Nanos, strange: bool, half_life: u64) {
        self.turn(at, half_life);
        if let Some((left, brought)) = self.expected() {
            if self.calls == Calls::default() {
                self.since = at;
            }
            let likely = |share: f64| if strange { share } else { 1.0 - share };
            let most = (MORE * brought).min(1.0 - USUAL);
            let scam = self.today.share(brought).clamp(brought.min(most), most);
            self.nats += (likely(scam) / likely(self.today.share(left))).ln();
            self.calls.add(strange);
            if self.nats > self.most.0 {
                self.most = (self.nats, self.calls);
            } else if self.nats <= ANEW_NATS {
                self.begin_anew();
            }
        }
        self.today.add(strange);
    }

    /// What it comes to, in nats.
    #[must_use]
    pub fn nats(&self) -> f32 {
        self.most.0.min(MOST_NATS) as f32
    }

    /// The calls that say it.
    #[must_use]
    pub const fn calls(&self) -> Calls {
        self.most.1
    }

    /// Since when it was gathered.
    #[must_use]
    pub const fn since(&self) -> Nanos {
        self.since
    }

    /// What was gathered is forgotten; what is usual there is not.
    pub fn begin_anew(&mut self) {
        (self.nats, self.calls, self.most) = (0.0, Calls::default(), (0.0, Calls::default()));
    }

    /// The shares of strangers today: of whoever was new two days ago, and of an operation; `None` where two days are not known, or
    /// there is nothing to tell.
    fn expected(&self) -> Option<(f64, f64)> {
        let [Some(last), Some(other)] = self.before else { return None };
        let brought = last.min(other);
        let left = (LEFT * brought).max(USUAL);
        (brought >= LEAST * left).then_some((left, brought))
    }

    /// Days of 24 hours from the first call on.
    fn turn(&mut self, at: Nanos, half_life: u64) {
        let day = DAY_NANOS as u64;
        if at.nanos_since(self.began_at) < day {
            return;
        }
        if self.today.asked >= CALLS_MIN {
            let share = f64::from(self.today.strange) / f64::from(self.today.asked);
            (self.before, self.before_at) = ([Some(share), self.before[0]], self.began_at);
        }
        if at.nanos_since(self.before_at) > DAYS_MAX * day {
            self.before = [None; 2];
        }
        let asleep = at.nanos_since(self.began_at) as f64;
        self.nats *= (-asleep / half_life as f64).exp2();
        (self.began_at, self.today) = (at, Calls::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000_000_000;

    /// What `days` of so many calls an hour come to, of which `share` says how many in a hundred are strangers on each day.
    fn after(days: u64, an_hour: u64, share: impl Fn(u64) -> u64) -> f32 {
        let mut landlines = Landlines::default();
        let mut state = 7_u64;
        let mut most = 0.0_f32;
        for hour in 0..24 * days {
            for call in 0..an_hour {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = Nanos::new(1_700_000_000_000_000_000 + hour * HOUR + call * HOUR / an_hour);
                landlines.on_call(at, state >> 33 & 0xffff < share(hour) * 0x1_0000 / 100, 24 * HOUR);
                most = most.max(landlines.nats());
            }
        }
        most
    }

    #[test]
    fn numbers_that_never_come_again_are_found_on_the_third_day() {
        for (share, found) in [(80, true), (50, true), (35, true), (15, false), (8, false)] {
            assert_eq!(after(2, 20, |_| share), 0.0, "{share} % before two days are known");
            let nats = after(6, 20, |_| share);
            assert_eq!(nats >= 15.4, found, "{share} %: {nats}");
        }
    }

    #[test]
    fn a_platform_is_known_from_one_day_to_the_next() {
        // Eight of ten of a trunk's calls are a platform's, whose users call five times a day, one in three of them once in three days.
        let platform = |from: u64| {
            move |hour: u64| {
                let days = hour.saturating_sub(from) as f64 / 24.0;
                let new = 0.67 * (-5.0 * days).exp() + 0.33 * (-days / 3.0).exp();
                if hour < from { 1 } else { (80.0 * new) as u64 }
            }
        };
        for from in [0, 1, 23, 47, 72, 95] {
            let nats = after(12, 40, platform(from));
            assert!(nats < 6.0, "from hour {from}: {nats}");
        }
    }

    #[test]
    fn more_than_on_the_days_before_says_nothing_yet() {
        // A stray landline now and then, and on the fifth day a carrier that takes over for a day and a half.
        let nats = after(10, 40, |hour| if (100..136).contains(&hour) { 80 } else { 5 });
        assert!(nats < 6.0, "{nats}");
    }

    #[test]
    fn an_office_is_unknown_again_after_no_weekend() {
        // It begins on a Friday, and is not heard of until Monday.
        let nats = after(8, 40, |hour| match hour {
            0..24 => 45,
            24..72 => 5,
            72..96 => 25,
            _ => 8,
        });
        assert!(nats < 6.0, "{nats}");
    }
}

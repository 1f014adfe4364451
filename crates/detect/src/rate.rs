//! Whether an entity calls more often than it usually does at this hour of the week.
//!
//! Usual is what the same hour of working days, or of days of rest, has shown before. How far a day may lie from the usual one is
//! part of the null: the rate of a stretch is the usual one times a gamma variable of mean 1, whose shape is learned from the
//! days seen. For `n` calls where `e` were to be expected, the ratio of a rate `r` times as high to the usual one
//! is then `r^n ((S + e) / (S + r e))^(S + n)`, in closed form and without ticks; the evidence is its mean over several
//! `r`. It begins anew when it falls to 1.

use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::saved::array;

/// How many times the usual rate a burst may be: a slow burn to a storm.
const FACTORS: [f32; 3] = [1.3, 3.0, 10.0];
/// Hours of a working day and of a day of rest.
pub(crate) const HOURS: usize = 48;
/// Nanoseconds of an hour.
pub(crate) const HOUR_NANOS: u64 = 3_600_000_000_000;
/// Days of an hour of the week that must have been seen before it is usual.
const DAYS_MIN: f32 = 3.0;
/// Weight of a new day once enough were seen.
const DAY_WEIGHT: f32 = 0.1;
/// Weight of a new hour in how far hours lie from the usual, once enough were seen.
const HOUR_WEIGHT: f32 = 0.01;
/// Calls of an hour that says half of what one of very many does of how far hours lie from the usual: the variance of what `n`
/// calls say goes by (1/n + 1/shape)², and shapes of ten are common.
const TELLING_CALLS: f32 = 10.0;
/// How much a day may raise what is usual, once it is known: a ramp cannot teach it more.
const RISE_MAX: f32 = 1.05;
/// Calls of everybody's hour below which it says little.
const CALM_CALLS: f32 = 100.0;
/// The most the rate is believed to keep to its habit: a standard deviation of 5 %.
const SHAPE_MAX: f32 = 400.0;
/// What is believed before anything is known: a standard deviation of 70 %.
const SHAPE_MIN: f32 = 2.0;
/// Weight of a new call in how many calls are usual between two: a dozen calls show a change.
const PACE_WEIGHT: f32 = 1.0 / 12.0;
/// Calls that are usual between two, at most: a pause says no more.
const PACE_MAX: f32 = 3.0;
/// 1970-01-01 was a Thursday.
const FIRST_WEEKDAY: u64 = 3;

/// The usual rate of an entity, and how far the present one is from it. About 400 bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rate {
    /// Usual calls of each hour.
    #[serde(with = "array")]
    usual: [f32; HOURS],
    /// Days each was seen.
    #[serde(with = "array")]
    days: [u8; HOURS],
    /// The hour that is being counted, since 1970.
    hour: u64,
    counted: f32,
    /// Calls of it that were to be expected so far.
    foreseen: f32,
    /// Mean of the squared distance from the usual, over that of a Poisson rate: 1 / shape.
    spread: f32,
    spread_hours: f32,
    run: Run,
    /// Calls that are usual between two calls of late: 1 over how many times the usual rate there is now.
    pace: f32,
    /// Calls that were usual since the last one.
    gap: f32,
    at: Nanos,
    /// What the run came to at the last call.
    nats: f32,
}

/// Calls since the evidence last began, and how many were to be expected.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Run {
    calls: f32,
    expected: f32,
    since: Nanos,
}

impl Run {
    const fn new(since: Nanos) -> Self {
        Self { calls: 0.0, expected: 0.0, since }
    }

    fn nats(&self, shape: f32) -> f32 {
        if self.calls == 0.0 {
            return 0.0;
        }
        let ratio = |factor: f32| {
            self.calls * factor.ln()
                - (shape + self.calls) * ((shape + factor * self.expected) / (shape + self.expected)).ln()
        };
        let ratios = FACTORS.map(ratio);
        let most = ratios.into_iter().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = ratios.into_iter().map(|ratio| (ratio - most).exp()).sum();
        most + (sum / FACTORS.len() as f32).ln()
    }

    /// Counts a call; what the evidence comes to.
    fn on_call(&mut self, shape: f32, at: Nanos) -> f32 {
        self.calls += 1.0;
        let nats = self.nats(shape);
        if nats <= 0.0 {
            *self = Self::new(at);
        }
        nats.max(0.0)
    }
}

impl Rate {
    /// A rate that is watched from `at`.
    #[must_use]
    pub const fn new(at: Nanos) -> Self {
        Self {
            usual: [0.0; HOURS],
            days: [0; HOURS],
            hour: at.get() / HOUR_NANOS,
            counted: 0.0,
            foreseen: 0.0,
            spread: 1.0 / SHAPE_MIN,
            spread_hours: 0.0,
            run: Run::new(at),
            pace: 1.0,
            gap: 0.0,
            at,
            nats: 0.0,
        }
    }

    /// A rate of which it is known what is usual: calls of each hour of the week, and on how many days they rest; how far a day lies
    /// from the usual one, and of how many hours that is known.
    #[must_use]
    pub const fn learned(at: Nanos, usual: [f32; HOURS], days: [u8; HOURS], spread: f32, spread_hours: f32) -> Self {
        Self { usual, days, spread, spread_hours, ..Self::new(at) }
    }

    /// Counts a call. `elsewhere` is how many times its usual rate everybody else shows now: on New Year's Eve nobody is a
    /// burst.
    pub fn observe(&mut self, at: Nanos, elsewhere: f32) {
        self.on_time(at, elsewhere);
        self.counted += 1.0;
        let gap = std::mem::take(&mut self.gap);
        let shape = self.shape();
        self.nats = if self.is_known() {
            self.pace += PACE_WEIGHT * (gap.min(PACE_MAX) - self.pace);
            self.run.on_call(shape, at)
        } else {
            self.run.nats(shape)
        };
    }

    /// How many times its usual rate everybody else shows in this hour, where this is everybody's rate.
    #[must_use]
    pub fn beside(&self, one: &Self) -> f32 {
        let (counted, foreseen) = match one.hour == self.hour {
            true => (self.counted - one.counted, self.foreseen - one.foreseen),
            false => (self.counted, self.foreseen),
        };
        (counted.max(0.0) + CALM_CALLS) / (foreseen.max(0.0) + CALM_CALLS)
    }

    /// Evidence that the rate is above what is usual at this hour, in nats.
    #[must_use]
    pub const fn nats(&self) -> f32 {
        self.nats
    }

    /// The share of calls that comes on top of the usual ones now, 0 to 1.
    #[must_use]
    pub fn extra(&self) -> f32 {
        (1.0 - self.pace).clamp(0.0, 1.0)
    }

    /// Calls since the evidence last began, the calls that were to be expected, and when that was.
    #[must_use]
    pub const fn run(&self) -> (f32, f32, Nanos) {
        (self.run.calls, self.run.expected, self.run.since)
    }

    fn shape(&self) -> f32 {
        // As many hours as were seen support a shape, no more.
        let supported = (self.spread_hours / 2.0).clamp(SHAPE_MIN, SHAPE_MAX);
        (1.0 / self.spread.max(1.0 / SHAPE_MAX)).clamp(SHAPE_MIN, supported)
    }

    fn is_known(&self) -> bool {
        self.days.get(bin(self.hour)).is_some_and(|&days| f32::from(days) >= DAYS_MIN)
    }

    /// A call goes by that does not count: time passes.
    pub fn pass(&mut self, at: Nanos, elsewhere: f32) {
        self.on_time(at, elsewhere);
        self.nats = self.run.nats(self.shape());
    }

    /// Brings what is expected up to `at`, hour by hour, and learns the hours that are over.
    fn on_time(&mut self, at: Nanos, elsewhere: f32) {
        let target = at.get() / HOUR_NANOS;
        // Whoever was silent for more than a week starts a new habit, not a hundred empty hours.
        if target.saturating_sub(self.hour) > 7 * 24 {
            *self = Self { at, ..Self::new(at) };
            return;
        }
        while self.hour < target {
            let end = Nanos::new((self.hour + 1) * HOUR_NANOS);
            self.expect(end, elsewhere);
            self.learn();
            self.hour += 1;
            self.counted = 0.0;
            self.foreseen = 0.0;
        }
        self.expect(at, elsewhere);
    }

    fn expect(&mut self, at: Nanos, elsewhere: f32) {
        if self.is_known() {
            let share = at.nanos_since(self.at) as f32 / HOUR_NANOS as f32;
            let usual = self.usual.get(bin(self.hour)).copied().unwrap_or(0.0).max(0.2);
            self.foreseen += share * usual;
            let expected = share * usual * elsewhere.max(1.0);
            self.run.expected += expected;
            self.gap += expected;
        }
        self.at = self.at.max(at);
    }

    fn learn(&mut self) {
        let index = bin(self.hour);
        let (Some(usual), Some(days)) = (self.usual.get_mut(index), self.days.get_mut(index)) else { return };
        let seen = f32::from(*days);
        if seen >= 1.0 && *usual > 1.0 {
            let away = self.counted - *usual;
            // What is usual is a mean of so many days itself, and errs as one does: by as much less as they are more.
            let alone = away * away / (1.0 + (1.0 / seen).max(DAY_WEIGHT / 2.0));
            let excess = ((alone - *usual) / (*usual * *usual)).clamp(-1.0, 1.0);
            // An hour of few calls lies far from the usual one by chance alone, and says as much less of how far others do.
            let says = (*usual / (*usual + TELLING_CALLS)).powi(2);
            self.spread_hours += says;
            let weight = says * (1.0 / self.spread_hours).clamp(HOUR_WEIGHT, 1.0 / says);
            self.spread += weight * (excess - self.spread);
        }
        let weight = (1.0 / (seen + 1.0)).max(DAY_WEIGHT);
        let next = *usual + weight * (self.counted - *usual);
        *usual = if seen >= DAYS_MIN { next.min((*usual).max(1.0) * RISE_MAX) } else { next };
        *days = days.saturating_add(1);
    }
}

/// The hour of the week an hour belongs to.
pub(crate) const fn bin(hour: u64) -> usize {
    let weekday = (hour / 24 + FIRST_WEEKDAY) % 7;
    (hour % 24) as usize + if weekday >= 5 { 24 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls a day at an even rate for two weeks, then `factor` times as many: calls until the evidence passes 13.8 nats.
    fn check(an_hour: u64, factor: f64) -> Option<u32> {
        let start = 1_793_577_600; // Monday 2 November 2026
        let mut rate = Rate::new(Nanos::from_parts(start, 0));
        let step = 3_600.0 / an_hour as f64;
        let mut at = start as f64;
        while at < (start + 14 * 86_400) as f64 {
            rate.observe(Nanos::from_parts(at as u64, 0), 1.0);
            at += step;
        }
        assert!(rate.nats() < 3.0, "{}", rate.nats());
        for calls in 1..5_000 {
            rate.observe(Nanos::new((at * 1e9) as u64), 1.0);
            if rate.nats() >= 13.8 {
                return Some(calls);
            }
            at += step / factor;
        }
        None
    }

    #[test]
    fn a_burst_is_found_in_a_few_dozen_calls() {
        assert!(check(60, 3.0).unwrap() <= 60, "{:?}", check(60, 3.0));
        assert!(check(60, 5.0).unwrap() <= 35, "{:?}", check(60, 5.0));
        assert!(check(60, 10.0).unwrap() <= 25, "{:?}", check(60, 10.0));
        assert_eq!(check(60, 1.0), None);
    }
}

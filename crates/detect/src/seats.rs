//! How many agents stand behind the calls. Agents alternate between talking and not, so the number of busy ones is nearly
//! binomial: with mean m and variance v of the calls that are up at once there are m² / (m − v) seats (SCIENCE 4.4).
//! Sampled every two minutes, about as long as a call lasts; what changes slower than half an hour is taken out.

use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::settings::SeatsTerms;

/// Samples on each side whose median is the slow part: half an hour in all.
const AROUND: usize = 7;
/// Standard deviations within which nine in ten lie, and all but one in a million on one side.
const NINE_IN_TEN: f32 = 1.64;
const ALL_BUT_ONE_IN_A_MILLION: f32 = 4.75;

/// Samples of how many calls are up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seats {
    terms: SeatsTerms,
    up: u32,
    sampled_at: Option<Nanos>,
    samples: Vec<u16>,
    next: usize,
}

/// Estimated agents.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The most likely number.
    pub seats: u32,
    /// Nine in ten chance it is at least this.
    pub low: u32,
    /// And at most this.
    pub high: u32,
    /// Variance over mean of the calls that are up.
    pub dispersion: f32,
}

impl Seats {
    /// No samples yet.
    #[must_use]
    pub const fn new(terms: SeatsTerms) -> Self {
        Self { terms, up: 0, sampled_at: None, samples: Vec::new(), next: 0 }
    }

    /// A call was answered.
    pub fn answered(&mut self, at: Nanos) {
        self.on_time(at);
        self.up += 1;
    }

    /// An answered call ended.
    pub fn ended(&mut self, at: Nanos) {
        self.on_time(at);
        self.up = self.up.saturating_sub(1);
    }

    /// Nothing more will be heard of the calls that are not over.
    pub const fn lose_calls(&mut self) {
        self.up = 0;
    }

    /// Takes the samples that are due.
    pub fn on_time(&mut self, at: Nanos) {
        let Some(last) = self.sampled_at else {
            self.sampled_at = Some(at);
            return;
        };
        let SeatsTerms { samples, sample_nanos, .. } = self.terms;
        let due = at.nanos_since(last) / sample_nanos.max(1);
        for _ in 0..due.min(samples as u64) {
            let sample = u16::try_from(self.up).unwrap_or(u16::MAX);
            match self.samples.get_mut(self.next) {
                Some(slot) => *slot = sample,
                None => self.samples.push(sample),
            }
            self.next = (self.next + 1) % samples.max(1);
        }
        self.sampled_at = Some(Nanos::new(last.get() + due * sample_nanos));
    }

    /// The most calls that were up at a sample.
    #[must_use]
    pub fn most_up(&self) -> u32 {
        u32::from(self.samples.iter().copied().max().unwrap_or(0)).max(self.up)
    }

    /// How many agents there are, when the calls look like agents'.
    #[must_use]
    pub fn estimate(&self) -> Option<Estimate> {
        self.within(NINE_IN_TEN)
    }

    /// So many agents at least as one estimate in a million is wrong about: who is accused of having more than he may is accused by
    /// this alone.
    #[must_use]
    pub fn surely(&self) -> Option<u32> {
        self.within(ALL_BUT_ONE_IN_A_MILLION).map(|estimate| estimate.low)
    }

    /// The estimate with bounds so many standard deviations away.
    fn within(&self, deviations: f32) -> Option<Estimate> {
        let count = self.samples.len();
        // Half of them say enough.
        if count < self.terms.samples / 2 {
            return None;
        }
        let (before, after) = self.samples.split_at_checked(self.next)?;
        let in_order: Vec<f32> = after.iter().chain(before).map(|&up| f32::from(up)).collect();
        let mean = in_order.iter().sum::<f32>() / count as f32;
        let residuals = in_order.iter().enumerate().map(|(place, up)| up - slow_part(&in_order, place));
        let squares: f32 = residuals.map(|residual| residual * residual).sum();
        // A sample takes part in its own median, which hides some of its variance.
        let variance = squares / count as f32 * (1.0 + 1.0 / (2 * AROUND + 1) as f32);
        let dispersion = variance / mean.max(1e-6);
        if mean < 3.0 || dispersion >= self.terms.dispersion_max {
            return None;
        }
        let seats = |dispersion: f32| (mean / (1.0 - dispersion.clamp(0.0, 0.95))).round() as u32;
        // The variance of n samples errs by a factor of 1 ± √(2/n), times the deviations.
        let error = deviations * (2.0 / count as f32).sqrt();
        let spread = deviations * (variance / count as f32).sqrt() / (1.0 - dispersion);
        Some(Estimate {
            seats: seats(dispersion),
            low: (seats(dispersion * (1.0 - error).max(0.0)) as f32 - spread).max(1.0) as u32,
            high: (seats(dispersion * (1.0 + error)) as f32 + spread).ceil() as u32,
            dispersion,
        })
    }
}

fn slow_part(samples: &[f32], place: usize) -> f32 {
    let low = place.saturating_sub(AROUND);
    let high = (place + AROUND + 1).min(samples.len());
    let mut around: Vec<f32> = samples.get(low..high).unwrap_or_default().to_vec();
    around.sort_by(f32::total_cmp);
    around.get(around.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    /// A small generator, so that the tests say the same everywhere.
    fn draws(mut state: u64) -> impl FnMut() -> f32 {
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1_u64 << 24) as f32
        }
    }

    /// Agents, the share of time they talk, and the estimate.
    fn check(agents: usize, occupancy: f32) -> Option<Estimate> {
        let mut draw = draws(agents as u64);
        let mut seats = Seats::new(Settings::default().seats);
        let mut busy = vec![false; agents];
        let mut second = 0;
        while second < 3 * 3_600 {
            let at = Nanos::from_parts(1_000_000 + second, 0);
            for agent in &mut busy {
                // Talk lasts 120 s in the mean.
                let leave = if *agent { 1.0 / 120.0 } else { occupancy / (1.0 - occupancy) / 120.0 };
                if draw() < leave {
                    if *agent {
                        seats.ended(at)
                    } else {
                        seats.answered(at)
                    }
                    *agent = !*agent;
                }
            }
            second += 1;
        }
        seats.estimate()
    }

    #[test]
    fn agents_are_counted_by_their_calls() {
        for agents in [20, 50, 150, 400] {
            let estimate = check(agents, 0.85).unwrap();
            let error = estimate.seats as f32 / agents as f32 - 1.0;
            assert!(error.abs() <= 0.1, "{agents}: {estimate:?}");
            assert!(estimate.low <= agents as u32 && agents as u32 <= estimate.high, "{agents}: {estimate:?}");
        }
    }
}

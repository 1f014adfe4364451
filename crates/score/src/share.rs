//! The few statistics a score needs.

use schemars::JsonSchema;
use serde::Serialize;

/// Median and 95th percentile of some values, by nearest rank: each is a value that occurred.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Delay {
    /// Half of them are at most this.
    pub median: f64,
    /// 95 of 100 are at most this.
    pub p95: f64,
}

impl Delay {
    /// Of `values`; `None` without any.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let rank = (share * values.len() as f64).ceil() as usize;
            values.get(rank.saturating_sub(1)).copied()
        };
        Some(Self { median: at(0.5)?, p95: at(0.95)? })
    }
}

/// A part of a whole; `None` of nothing.
pub(crate) fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The rate that `seen` events leave possible with a chance of 1 in 20: the upper limit of Poisson, one-sided at 95 %. For
/// none it is 3.0, the rule of three.
pub(crate) fn at_most(seen: u64) -> f64 {
    let count = seen as f64;
    let (mut low, mut high) = (count, count + 10.0 * count.sqrt() + 10.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if up_to(seen, middle) > 0.05 { low = middle } else { high = middle }
    }
    high
}

/// The chance of at most `seen` events where `mean` are expected.
fn up_to(seen: u64, mean: f64) -> f64 {
    // Past some ten thousand terms nothing is added that counts.
    let mut term = -mean;
    let mut sum = term.exp();
    for event in 1..=seen.min(1_000_000) {
        term += (mean / event as f64).ln();
        sum += term.exp();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_values() {
        let delay = |values: &[f64]| Delay::of(values.to_vec()).map(|delay| (delay.median, delay.p95));
        assert_eq!(delay(&[]), None);
        assert_eq!(delay(&[7.0]), Some((7.0, 7.0)));
        assert_eq!(delay(&[4.0, 1.0, 3.0, 2.0]), Some((2.0, 4.0)));
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(delay(&hundred), Some((50.0, 95.0)));
    }

    #[test]
    fn limits_are_those_of_the_tables() {
        for (seen, limit) in [(0, 2.996), (1, 4.744), (5, 10.513), (20, 29.062), (100, 118.08)] {
            assert!((at_most(seen) - limit).abs() < 0.01, "{seen}: {}", at_most(seen));
        }
    }
}

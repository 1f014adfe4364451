//! How many different numbers there were: exactly while they are few, and as HyperLogLog estimates when they are many.

use datasketches::hll::{HllSketch, HllType};
use foldhash::quality::RandomState;
use hashbrown::HashSet;
use serde::{Deserialize, Serialize};
use types::E164;

use crate::saved::sketch;

/// Numbers that are known one by one, in at most 74 KB.
pub const EXACT_MAX: usize = 4_096;
/// Registers of the estimate: 2^10, which errs by 3.3 %.
const LG_K: u8 = 10;

/// How many different numbers there were.
#[derive(Debug, Serialize, Deserialize)]
pub enum Headcount {
    /// These.
    Few(HashSet<u64, RandomState>),
    /// More than are known one by one.
    Many(#[serde(with = "sketch")] HllSketch),
}

impl Default for Headcount {
    fn default() -> Self {
        Self::Few(HashSet::default())
    }
}

impl Headcount {
    /// Takes in a number.
    pub fn add(&mut self, number: E164) {
        match self {
            Self::Few(numbers) => {
                numbers.insert(number.reveal());
                // A sketch of this size can be made.
                if numbers.len() > EXACT_MAX
                    && let Ok(mut sketch) = HllSketch::new(LG_K, HllType::Hll8)
                {
                    // What it estimates hangs on the order they come in.
                    let mut numbers: Vec<_> = numbers.drain().collect();
                    numbers.sort_unstable();
                    numbers.iter().for_each(|number| sketch.update(number));
                    *self = Self::Many(sketch);
                }
            }
            Self::Many(sketch) => sketch.update(number.reveal()),
        }
    }

    /// How many: within 3 % where it [is an estimate](Self::is_estimate).
    #[must_use]
    pub fn count(&self) -> u64 {
        match self {
            Self::Few(numbers) => numbers.len() as u64,
            Self::Many(sketch) => sketch.estimate().round() as u64,
        }
    }

    /// Whether they are too many to be counted one by one.
    #[must_use]
    pub const fn is_estimate(&self) -> bool {
        matches!(self, Self::Many(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_counted_and_many_estimated() {
        for (count, is_estimate) in [(0, false), (1, false), (4_096, false), (4_097, true), (20_000, true)] {
            let mut headcount = Headcount::default();
            for number in (0..count).chain(0..count) {
                headcount.add(E164::new(441_632_960_000 + number).unwrap());
            }
            assert_eq!(headcount.is_estimate(), is_estimate, "{count}");
            assert!(headcount.count().abs_diff(count) * 20 <= if is_estimate { count } else { 0 }, "{count}");
        }
    }
}

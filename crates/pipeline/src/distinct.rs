//! How many different values were seen: exactly up to a limit, and past it as HyperLogLog estimates.

use hashbrown::HashTable;

/// Values counted exactly; 8 MiB of hashes.
pub const DISTINCT_EXACT_MAX: usize = 1 << 20;

/// Registers of the estimate: 2^14, which errs by 0.8 % (1.04 / √m).
const REGISTER_BITS: u32 = 14;

/// Counts different values by their hashes, in bounded memory.
#[derive(Debug)]
pub struct Distinct(Counting);

#[derive(Debug)]
enum Counting {
    Exact(HashTable<u64>),
    Estimated(Box<[u8]>),
}

impl Default for Distinct {
    fn default() -> Self {
        Self(Counting::Exact(HashTable::new()))
    }
}

impl Distinct {
    /// Takes in a value by its hash, which is to be of all 64 bits and the same for the same value.
    pub fn add(&mut self, hash: u64) {
        match &mut self.0 {
            Counting::Exact(seen) => {
                seen.entry(hash, |&held| held == hash, |&held| held).or_insert(hash);
                if seen.len() > DISTINCT_EXACT_MAX {
                    let mut registers = vec![0; 1 << REGISTER_BITS].into_boxed_slice();
                    seen.iter().for_each(|&hash| register(&mut registers, hash));
                    self.0 = Counting::Estimated(registers);
                }
            }
            Counting::Estimated(registers) => register(registers, hash),
        }
    }

    /// How many were seen.
    #[must_use]
    pub fn count(&self) -> u64 {
        match &self.0 {
            Counting::Exact(seen) => seen.len() as u64,
            Counting::Estimated(registers) => estimate(registers),
        }
    }

    /// Whether the count is an estimate.
    #[must_use]
    pub const fn is_estimate(&self) -> bool {
        matches!(self.0, Counting::Estimated(_))
    }
}

/// Keeps the longest run of zeros seen behind each prefix.
fn register(registers: &mut [u8], hash: u64) {
    let run = (hash << REGISTER_BITS | 1 << (REGISTER_BITS - 1)).leading_zeros() + 1;
    if let Some(longest) = registers.get_mut((hash >> (64 - REGISTER_BITS)) as usize) {
        *longest = (*longest).max(run as u8);
    }
}

/// Flajolet et al., HyperLogLog (2007), figure 3; with 64-bit hashes and over a million values neither of its
/// corrections applies.
fn estimate(registers: &[u8]) -> u64 {
    let count = registers.len() as f64;
    let harmonic: f64 = registers.iter().map(|&run| f64::exp2(-f64::from(run))).sum();
    (0.7213 / (1.0 + 1.079 / count) * count * count / harmonic) as u64
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use foldhash::quality::FixedState;

    use super::*;

    #[test]
    fn counts_exactly_then_within_the_error_of_the_sketch() {
        let (mut distinct, hasher) = (Distinct::default(), FixedState::with_seed(1));
        for value in 0..3_000_000_u32 {
            distinct.add(hasher.hash_one(value));
            distinct.add(hasher.hash_one(value / 2));
            if value == 1_000_000 {
                assert_eq!((distinct.count(), distinct.is_estimate()), (1_000_001, false));
            }
        }
        assert!(distinct.is_estimate());
        let error = (distinct.count() as f64 / 3e6 - 1.0).abs();
        assert!(error < 0.025, "three standard errors are 2.4 %, this is {error}");
    }
}

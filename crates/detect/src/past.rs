//! Who has been seen before: two generations of a Bloom filter, each half of the memory's length, so that what was seen
//! within it is remembered and nothing for longer than twice as long. A false memory only makes a call look more
//! familiar than it is.

use datasketches::bloom::{BloomFilter, BloomFilterBuilder};
use datasketches::error::Error;
use types::Nanos;

/// Share of keys that are believed seen though they were not, when a generation is full.
const FALSE_SHARE: f64 = 0.01;

/// A memory of keys.
#[derive(Debug)]
pub struct Past {
    now: BloomFilter,
    before: BloomFilter,
    half_nanos: u64,
    turned_at: Option<Nanos>,
    entered: u64,
    keys_max: u64,
}

impl Past {
    /// A memory of `keys_max` keys (10 bits each, twice) over `days`.
    ///
    /// # Errors
    /// A size the filter does not take.
    pub fn new(keys_max: u64, days: u32, seed: u64) -> Result<Self, Error> {
        let filter = || BloomFilterBuilder::with_accuracy(keys_max, FALSE_SHARE).seed(seed).build();
        let half_nanos = u64::from(days) * 86_400_000_000_000 / 2;
        Ok(Self { now: filter()?, before: filter()?, half_nanos, turned_at: None, entered: 0, keys_max })
    }

    /// Whether `key` was seen before; it is from now on.
    pub fn meets(&mut self, key: u64, at: Nanos) -> bool {
        let turned_at = *self.turned_at.get_or_insert(at);
        if at.nanos_since(turned_at) > self.half_nanos || self.entered >= self.keys_max {
            std::mem::swap(&mut self.now, &mut self.before);
            self.now.reset();
            self.turned_at = Some(at);
            self.entered = 0;
        }
        if self.now.contains_and_insert(&key) {
            return true;
        }
        self.entered += 1;
        self.before.contains(&key)
    }

    /// Whether `key` was seen before.
    #[must_use]
    pub fn has_met(&self, key: u64) -> bool {
        self.now.contains(&key) || self.before.contains(&key)
    }
}

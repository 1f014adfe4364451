//! Chance, from a seed: the same seed gives the same traffic to the byte, on every machine.
//!
//! xoshiro256++ (Blackman and Vigna 2021) is small and fast, and both `rand_xoshiro` and `rand_distr` promise that a
//! seed keeps its values. Every group has a stream of its own, so that adding one changes no other. What must last for
//! ever without being remembered (who knows whom, who has which number) is not drawn but computed, by [`mix`].

use rand_distr::{Beta, Distribution, Exp1, Geometric, Poisson, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// How alike the entities of a class are: the pseudo-count of the Beta distribution that their rates are drawn from
/// (SCIENCE 4.0).
const ALIKE: f64 = 30.0;

/// A stream of chance.
#[derive(Clone, Debug)]
pub(crate) struct Random(Xoshiro256PlusPlus);

impl Random {
    /// The stream that belongs to `seed` and `stream`.
    pub(crate) fn of(seed: u64, stream: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(mix(seed, stream)))
    }

    /// A stream of its own.
    pub(crate) fn split(&mut self) -> Self {
        Self::of(self.bits(), 0)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`, 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        scaled(self.bits(), bound)
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// From 0 up to, not including, 1.
    pub(crate) fn unit(&mut self) -> f64 {
        unit(self.bits())
    }

    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// A number below `bound`, small ones much more often: the favourites of a list. A third of all draws falls on the
    /// first tenth with `skew` 2.
    pub(crate) fn favourite(&mut self, bound: u64, skew: f64) -> u64 {
        ((self.unit().powf(skew) * bound as f64) as u64).min(bound.saturating_sub(1))
    }

    pub(crate) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        let normal: f64 = StandardNormal.sample(&mut self.0);
        median * (sigma * normal).exp()
    }

    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        let one: f64 = Exp1.sample(&mut self.0);
        one * mean
    }

    pub(crate) fn poisson(&mut self, mean: f64) -> u64 {
        Poisson::new(mean).map_or(0, |poisson| poisson.sample(&mut self.0) as u64)
    }

    /// How often something of probability `share` fails before it happens.
    pub(crate) fn failures(&mut self, share: f64) -> u64 {
        Geometric::new(share).map_or(0, |geometric| geometric.sample(&mut self.0))
    }

    /// A share of an entity whose class has the mean `mean`.
    pub(crate) fn around(&mut self, mean: f64) -> f64 {
        Beta::new(mean * ALIKE, (1.0 - mean) * ALIKE).map_or(mean, |beta| beta.sample(&mut self.0))
    }

    /// One of `choices`, each as often as its weight says; `None` of none.
    pub(crate) fn weighted<T: Copy>(&mut self, choices: &[(T, f64)]) -> Option<T> {
        let total: f64 = choices.iter().map(|(_, weight)| weight).sum();
        let mut left = self.unit() * total;
        let chosen = choices.iter().find(|(_, weight)| {
            left -= weight;
            left < 0.0
        });
        chosen.or(choices.last()).map(|(choice, _)| *choice)
    }

    /// One of `choices`; `None` of none.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let index = self.below(choices.len() as u64) as usize;
        choices.get(index).copied()
    }
}

/// Two words to one that looks like chance and is always the same (the finaliser of SplitMix64, Steele et al. 2014).
pub(crate) const fn mix(one: u64, other: u64) -> u64 {
    let word = one.wrapping_add(other.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// `bits` brought below `bound`.
pub(crate) const fn scaled(bits: u64, bound: u64) -> u64 {
    ((bits as u128 * bound as u128) >> 64) as u64
}

/// `bits` as a share of 1.
pub(crate) const fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_keeps_its_values() {
        let mut random = Random::of(1, 2);
        let drawn = (random.bits(), random.below(1_000), random.poisson(9.0), random.failures(0.2));
        assert_eq!(drawn, (Random::of(1, 2).bits(), drawn.1, drawn.2, drawn.3));
        assert_eq!(mix(0, 0), 0xe220_a839_7b1d_cdaf); // The first word of SplitMix64 from 0.
    }

    #[test]
    fn draws_have_the_means_they_say() {
        let mut random = Random::of(7, 0);
        let mut mean = |mut draw: Box<dyn FnMut(&mut Random) -> f64>| {
            (0..100_000).map(|_| draw(&mut random)).sum::<f64>() / 100_000.0
        };
        for (found, expected) in [
            (mean(Box::new(|random| random.around(0.35))), 0.35),
            (mean(Box::new(|random| random.exponential(3.0))), 3.0),
            (mean(Box::new(|random| random.poisson(40.0) as f64)), 40.0),
            (mean(Box::new(|random| random.failures(0.25) as f64)), 3.0),
            (mean(Box::new(|random| random.log_normal(6.7, 0.72))), 8.68),
            (mean(Box::new(|random| f64::from(random.weighted(&[(1, 3.0), (0, 1.0)]).unwrap()))), 0.75),
        ] {
            assert!((found / expected - 1.0).abs() < 0.02, "{found} for {expected}");
        }
    }
}

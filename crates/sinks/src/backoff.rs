//! Pauses between attempts: each twice the one before, up to a limit, with chance in it so that many who wait for the same server do
//! not come back all at once.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

/// The first pause.
const FIRST: Duration = Duration::from_millis(500);

/// How long to pause next.
#[derive(Debug)]
pub(crate) struct Backoff {
    next: Duration,
    longest: Duration,
    chance: RandomState,
    drawn: u64,
}

impl Backoff {
    pub fn new(longest: Duration) -> Self {
        Self { next: FIRST.min(longest), longest, chance: RandomState::new(), drawn: 0 }
    }

    /// The next pause: half of it is certain, the other half chance.
    pub fn pause(&mut self) -> Duration {
        self.drawn += 1;
        let share = (self.chance.hash_one(self.drawn) >> 32) as f64 / f64::from(u32::MAX);
        let pause = self.next.mul_f64(0.5 + 0.5 * share);
        self.next = (2 * self.next).min(self.longest);
        pause
    }

    /// An attempt succeeded.
    pub fn reset(&mut self) {
        self.next = FIRST.min(self.longest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut backoff = Backoff::new(Duration::from_secs(3));
        for whole in [0.5, 1.0, 2.0, 3.0, 3.0] {
            let pause = backoff.pause().as_secs_f64();
            assert!((whole / 2.0..=whole).contains(&pause), "{pause} of {whole}");
        }
        backoff.reset();
        assert!(backoff.pause() <= FIRST);
    }

    #[test]
    fn two_do_not_pause_alike() {
        let pauses = || {
            let mut backoff = Backoff::new(Duration::from_secs(60));
            (0..8).map(|_| backoff.pause()).collect::<Vec<_>>()
        };
        assert_ne!(pauses(), pauses());
    }
}

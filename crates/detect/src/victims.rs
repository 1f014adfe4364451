//! Who was rung and calls back (SCIENCE 4.6): the second half of a wangiri, and the harm it does.

use serde::{Deserialize, Serialize};
use types::{E164, Nanos};

/// Victims named for one operation; further ones are counted.
const NAMED_MAX: usize = 32;

/// Calls of victims to the numbers that rang them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Victims {
    named: Vec<Victim>,
    calls: u64,
}

/// Somebody who called back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Victim {
    /// Who.
    pub number: E164,
    /// Which number was called.
    pub called: E164,
    /// When for the first time.
    pub at: Nanos,
}

impl Victims {
    /// A victim calls back; whether it is named for the first time.
    pub fn call(&mut self, victim: Victim) -> bool {
        self.calls += 1;
        let new = self.named.len() < NAMED_MAX && self.named.iter().all(|held| held.number != victim.number);
        if new {
            self.named.push(victim);
        }
        new
    }

    /// Calls of victims.
    #[must_use]
    pub const fn calls(&self) -> u64 {
        self.calls
    }

    /// The first of them, in the order of their calls.
    #[must_use]
    pub fn named(&self) -> &[Victim] {
        &self.named
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn victims_are_named_once_and_counted_always() {
        let victim = |number| Victim {
            number: E164::new(441_632_960_000 + number).unwrap(),
            called: E164::new(37_120_000_001).unwrap(),
            at: Nanos::from_parts(number, 0),
        };
        let mut victims = Victims::default();
        assert!(victims.call(victim(1)) && !victims.call(victim(1)) && victims.call(victim(2)));
        assert_eq!((victims.calls(), victims.named().len()), (3, 2));
        assert_eq!((3..100).filter(|&number| victims.call(victim(number))).count(), NAMED_MAX - 2);
        assert_eq!(victims.calls(), 100);
    }
}

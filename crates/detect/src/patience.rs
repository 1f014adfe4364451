//! Whoever is suspect and yet no operation, since one family alone speaks or too few calls do, could be asked about with each of
//! his calls, and what that takes is more than all else of a call. So the longer he has been refused, the less often it is asked:
//! an operation is found at most one part in thirty-two of the suspect's time later, and a scanner that asks a million times is
//! asked about less than four hundred.

use serde::{Deserialize, Serialize};

/// Of the times there was reason to ask, so many that the next is asked one later.
const PARTS: u32 = 32;

/// How long a suspect has been refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Patience {
    /// Times there was reason to ask.
    times: u32,
    /// Of these, the first at which it is asked again.
    next: u32,
    /// What rules had found by then, in nats: what they find more is heard at once.
    ruled: f32,
}

impl Patience {
    /// There is reason to ask, and rules have found so much: whether it is asked.
    pub fn is_due(&mut self, ruled: f32) -> bool {
        self.times = self.times.saturating_add(1);
        self.times >= self.next || ruled > self.ruled
    }

    /// It was asked, and is no operation.
    pub const fn refused(&mut self, ruled: f32) {
        (self.next, self.ruled) = (self.times.saturating_add(self.times / PARTS), ruled);
    }

    /// It was asked, and all is told: it is not asked again before there is more.
    pub const fn told(&mut self, ruled: f32) {
        (self.next, self.ruled) = (u32::MAX, ruled);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(patience: &mut Patience, times: u32, ruled: f32) -> u32 {
        let mut asked = 0;
        for _ in 0..times {
            if patience.is_due(ruled) {
                patience.refused(ruled);
                asked += 1;
            }
        }
        asked
    }

    #[test]
    fn at_first_it_is_always_asked_and_then_ever_less_often() {
        let mut patience = Patience::default();
        assert_eq!(asked(&mut patience, 63, 0.0), 63);
        // Every second time up to the 96th, every third then.
        assert_eq!(asked(&mut patience, 63, 0.0), 27);
        assert!((280..310).contains(&asked(&mut patience, 1_000_000, 0.0)));
    }

    #[test]
    fn what_rules_find_is_heard_at_once() {
        let mut patience = Patience::default();
        asked(&mut patience, 100_000, 5.0);
        patience.refused(5.0);
        assert!(!patience.is_due(5.0));
        assert!(patience.is_due(10.0));
        patience.told(10.0);
        assert_eq!(asked(&mut patience, 100_000, 10.0), 0);
        assert!(patience.is_due(15.0));
    }
}

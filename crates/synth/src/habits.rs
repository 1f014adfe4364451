//! How the calls of a class go: the shares of SCIENCE 4.0, and what follows a dial.

use call::Side;
use sip::passport::Attest;

use crate::random::Random;
use crate::script::{Fate, Manner};

/// Longest call, seconds: below the four hours after which silence would end it.
const TALK_MAX_SECS: f64 = 3.5 * 3_600.0;
/// Up to here an answered call is a short one, seconds (SCIENCE 4.0).
const SHORT_SECS: f64 = 15.0;
/// Longest time from the INVITE to an answer, seconds: voicemail takes over before.
pub(crate) const SETUP_MAX_SECS: f64 = 75.0;

/// Shares of the calls of a class or of an entity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Habits {
    /// To somebody never called before.
    pub(crate) first_contact: f64,
    /// Answered.
    pub(crate) answered: f64,
    /// Over within 15 s, of the answered.
    pub(crate) short: f64,
    /// Ended by the callee, of the answered.
    pub(crate) callee_ends: f64,
    /// From a number never seen on the trunk.
    pub(crate) new_number: f64,
    /// From a number of the callee's country, over an international trunk.
    pub(crate) mismatch: f64,
    /// Not signed with full attestation.
    pub(crate) not_full: f64,
    /// Median seconds of an answered call beyond the short ones.
    pub(crate) talk_secs: f64,
    /// Spread of the logarithm of that (SCIENCE 8: within a user 1.19; contact centres near 1.0).
    pub(crate) talk_sigma: f64,
    /// Silent, one-way or otherwise unheard, of the answered (SCIENCE 2: .03).
    pub(crate) unheard: f64,
}

impl Habits {
    /// The rates of one entity: each around the mean of its class.
    pub(crate) fn drawn(&self, random: &mut Random) -> Self {
        let mut around = |mean| random.around(mean);
        Self {
            first_contact: around(self.first_contact),
            answered: around(self.answered),
            short: around(self.short),
            callee_ends: around(self.callee_ends),
            new_number: around(self.new_number),
            mismatch: around(self.mismatch),
            not_full: around(self.not_full),
            unheard: around(self.unheard),
            talk_secs: self.talk_secs * random.log_normal(1.0, 0.15),
            talk_sigma: self.talk_sigma,
        }
    }

    /// Mean seconds of an answered call.
    pub(crate) fn talk_mean_secs(&self) -> f64 {
        let long = SHORT_SECS + self.talk_secs * (self.talk_sigma * self.talk_sigma / 2.0).exp();
        self.short * 6.5 + (1.0 - self.short) * long
    }

    /// Seconds an answered call lasts.
    pub(crate) fn talk(&self, random: &mut Random) -> f64 {
        if random.chance(self.short) {
            random.log_normal(6.0, 0.6).clamp(0.4, SHORT_SECS)
        } else {
            (SHORT_SECS + 0.01 + random.log_normal(self.talk_secs, self.talk_sigma)).min(TALK_MAX_SECS)
        }
    }

    /// How an answered call goes: seconds to the ringing, the fate, the manner.
    pub(crate) fn answered_call(&self, random: &mut Random, far: bool) -> (Option<u32>, Fate, Manner) {
        let found = found_secs(random, far);
        // SCIENCE 8: lognormal, median 6.7 s, sigma .72 (mean 8.7 s).
        let answered = (found + random.log_normal(6.7, 0.72).clamp(0.3, 58.0)).min(SETUP_MAX_SECS);
        let by = if random.chance(self.callee_ends) { Side::Callee } else { Side::Caller };
        let fate = Fate::Answered { after_us: micros(answered), talk_us: (self.talk(random) * 1e6) as u64, by };
        let manner = match random.unit() / self.unheard {
            share if share < 0.4 => Manner::OneWay,
            share if share < 0.8 => Manner::SilentCaller,
            share if share < 1.0 => Manner::SilentCallee,
            _ => Manner::Talk,
        };
        (Some(micros(found)), fate, manner)
    }

    /// How any call goes.
    pub(crate) fn call(&self, random: &mut Random, far: bool) -> (Option<u32>, Fate, Manner) {
        if random.chance(self.answered) {
            return self.answered_call(random, far);
        }
        let (ring, fate) = unanswered(random, far, RETAIL);
        (ring, fate, Manner::Talk)
    }

    /// How a call is signed. Of the others six in ten are unsigned (SCIENCE 8: 37 % signed at termination in 2024).
    pub(crate) fn signature(&self, random: &mut Random) -> Option<Attest> {
        if !random.chance(self.not_full) {
            return Some(Attest::Full);
        }
        match random.unit() {
            share if share < 0.6 => None,
            share if share < 0.85 => Some(Attest::Partial),
            _ => Some(Attest::Gateway),
        }
    }
}

/// Why calls are not answered, each as often as its weight says; 487 stands for callers who give up.
pub(crate) type Failures = &'static [(u16, f64)];

/// SCIENCE 8, retail mix.
pub(crate) const RETAIL: Failures =
    &[(487, 24.0), (486, 8.0), (480, 8.0), (408, 2.0), (404, 3.0), (603, 2.0), (503, 2.0)];
/// SCIENCE 8, a dialler on a cold list: it gives up by the clock, and many numbers do not exist.
pub(crate) const COLD_LIST: Failures =
    &[(487, 40.0), (404, 8.0), (604, 3.0), (486, 6.0), (480, 10.0), (503, 3.0), (603, 2.0)];

/// How a call that nobody answers goes.
pub(crate) fn unanswered(random: &mut Random, far: bool, failures: Failures) -> (Option<u32>, Fate) {
    let found = found_secs(random, far);
    match random.weighted(failures).unwrap_or(487) {
        // SCIENCE 8: people give up after a median of 18 s.
        487 => {
            let after = found + random.log_normal(18.0, 0.45).clamp(1.0, 58.0);
            (Some(micros(found)), Fate::Cancelled { after_us: micros(after) })
        }
        status @ (480 | 603) => {
            let after = found + random.log_normal(if status == 480 { 24.0 } else { 6.0 }, 0.3).clamp(0.5, 58.0);
            (Some(micros(found)), Fate::Refused { after_us: micros(after), status })
        }
        status => (None, Fate::Refused { after_us: micros(found), status }),
    }
}

/// Seconds until the callee is found (SCIENCE 8: post-dial delay, lognormal, median 2.2 s at home and 5 s abroad).
pub(crate) fn found_secs(random: &mut Random, far: bool) -> f64 {
    random.log_normal(if far { 5.0 } else { 2.2 }, 0.5).clamp(0.15, 15.0)
}

/// Seconds as microseconds.
pub(crate) fn micros(secs: f64) -> u32 {
    (secs * 1e6) as u32
}

//! The figures of RFC 6076 over all calls and registrations, as running sums: nothing is kept per call.

use types::Nanos;

/// A span's count, sum and extremes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    /// How many were measured.
    pub count: u64,
    /// Their sum, in nanoseconds.
    pub sum: u128,
    /// The shortest, in nanoseconds; 0 when there was none.
    pub min: u64,
    /// The longest, in nanoseconds.
    pub max: u64,
}

impl Spans {
    pub(crate) fn add(&mut self, from: Nanos, to: Nanos) {
        let span = to.nanos_since(from);
        self.min = if self.count == 0 { span } else { self.min.min(span) };
        self.max = self.max.max(span);
        self.count += 1;
        self.sum += u128::from(span);
    }

    /// The mean in milliseconds; `None` when nothing was measured.
    #[must_use]
    pub fn mean_ms(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64 / 1e6)
    }
}

/// The end-to-end SIP performance figures of RFC 6076. A *session* is a call as greyline counts it: legs that belong
/// together and tries with the same Call-ID are one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rfc6076 {
    /// Registration request delay (§4.1): REGISTER to its 2xx.
    pub rrd: Spans,
    /// Ineffective registration attempts (§4.2): registrations refused or not answered; a challenge is neither.
    pub registrations_ineffective: u64,
    /// Registrations that ended, accepted or not: what the figure above is a share of.
    pub registrations: u64,
    /// Session request delay of calls that were set up (§4.3.1): INVITE to the first 18x, or to the answer.
    pub srd: Spans,
    /// Session request delay of calls that were refused (§4.3.2): INVITE to the first 18x, or to the refusal; a
    /// challenge is none.
    pub srd_failed: Spans,
    /// Session disconnect delay (§4.4): BYE to its 2xx.
    pub sdd: Spans,
    /// Session duration time of completed calls (§4.5.1): answer to BYE.
    pub sdt: Spans,
    /// Sessions asked for whose end is known: the base of the ratios.
    pub sessions: u64,
    /// Of these, redirected by 3xx and not tried again, which §4.6 takes out of the base.
    pub redirected: u64,
    /// Answered (§4.6).
    pub answered: u64,
    /// Answered, or 480, 486, 600 or 603, which are the callee's choice (§4.7).
    pub effective: u64,
    /// Refused by 408, 500, 503 or 504, or never answered at all (§4.8).
    pub ineffective: u64,
    /// Answered and ended by a BYE (§4.9).
    pub completed: u64,
}

impl Rfc6076 {
    fn share(count: u64, base: u64) -> Option<f64> {
        (base > 0).then(|| 100.0 * count as f64 / base as f64)
    }

    /// Session establishment ratio (§4.6) in percent; `None` without sessions.
    #[must_use]
    pub fn ser(&self) -> Option<f64> {
        Self::share(self.answered, self.sessions - self.redirected)
    }

    /// Session establishment effectiveness ratio (§4.7) in percent.
    #[must_use]
    pub fn seer(&self) -> Option<f64> {
        Self::share(self.effective, self.sessions - self.redirected)
    }

    /// Ineffective session attempts (§4.8) in percent.
    #[must_use]
    pub fn isa(&self) -> Option<f64> {
        Self::share(self.ineffective, self.sessions)
    }

    /// Session completion ratio (§4.9) in percent.
    #[must_use]
    pub fn scr(&self) -> Option<f64> {
        Self::share(self.completed, self.sessions)
    }

    /// Ineffective registration attempts (§4.2) in percent.
    #[must_use]
    pub fn ira(&self) -> Option<f64> {
        Self::share(self.registrations_ineffective, self.registrations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_have_the_bases_of_the_rfc() {
        let figures = Rfc6076 {
            sessions: 10,
            redirected: 2,
            answered: 4,
            effective: 6,
            ineffective: 1,
            completed: 3,
            ..Rfc6076::default()
        };
        let shares = [figures.ser(), figures.seer(), figures.isa(), figures.scr(), figures.ira()];
        assert_eq!(shares, [Some(50.0), Some(75.0), Some(10.0), Some(30.0), None]);
    }

    #[test]
    fn spans_keep_their_extremes() {
        let mut spans = Spans::default();
        assert_eq!(spans.mean_ms(), None);
        for millis in [30, 10, 20] {
            spans.add(Nanos::ZERO, Nanos::new(millis * 1_000_000));
        }
        assert_eq!((spans.min, spans.max, spans.mean_ms()), (10_000_000, 30_000_000, Some(20.0)));
    }
}

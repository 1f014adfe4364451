//! What became of a call, in the words of a record.

use crate::phase::{Ending, Phase, Side};

/// What became of a call. The order is that of the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It was answered and it ended, though it may not be known when.
    Answered,
    /// 486 or 600.
    Busy,
    /// It rang out: 408, 480, or the setup limit after it rang.
    NoAnswer,
    /// The caller gave up before the answer.
    Cancelled,
    /// The callee or a proxy refused it as such: 401, 403, 407, 488, 603, 606, 607, 608 and the like.
    Rejected,
    /// It could not be set up: 404, 410, 484, 604, 5xx and the like, or nobody answered the INVITE at all.
    Failed,
    /// 3xx, and the caller did not try again with the same Call-ID.
    Redirected,
    /// The capture began after it or stopped before its end.
    Incomplete,
}

/// Who ended a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndedBy {
    /// One of the two people.
    Person(Side),
    /// Somebody between them, or silence.
    Network,
}

impl Outcome {
    /// All outcomes, in the order of the summary.
    pub const ALL: [Self; 8] = [
        Self::Answered,
        Self::Busy,
        Self::NoAnswer,
        Self::Cancelled,
        Self::Rejected,
        Self::Failed,
        Self::Redirected,
        Self::Incomplete,
    ];

    /// The word in records and in the summary.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Busy => "busy",
            Self::NoAnswer => "no_answer",
            Self::Cancelled => "cancelled",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Redirected => "redirected",
            Self::Incomplete => "incomplete",
        }
    }

    /// What became of a call whose INVITE was seen, from where it stands and whether it rang and was answered.
    pub(crate) const fn of(phase: Phase, rang: bool, answered: bool) -> Self {
        match phase {
            Phase::Over { .. } if answered => Self::Answered,
            Phase::Over { ending: Ending::Refused(code), .. } => Self::refused(code),
            Phase::Over { ending: Ending::Cancelled | Ending::HungUp(Side::Caller), .. } => Self::Cancelled,
            Phase::Over { ending: Ending::HungUp(Side::Callee) | Ending::Dropped, .. } => Self::Rejected,
            Phase::Over { ending: Ending::Lost | Ending::Unheard, .. } if rang => Self::NoAnswer,
            Phase::Over { ending: Ending::Lost | Ending::Unheard, .. } => Self::Failed,
            _ => Self::Incomplete,
        }
    }

    /// What became of a call that a final response of 300 or more ended.
    #[must_use]
    pub const fn refused(code: u16) -> Self {
        match code {
            300..=399 => Self::Redirected,
            408 | 480 => Self::NoAnswer,
            486 | 600 => Self::Busy,
            487 => Self::Cancelled,
            401..=403 | 405..=407 | 415 | 420..=439 | 488 | 489 | 493 | 494 | 603 | 606..=608 => Self::Rejected,
            _ => Self::Failed,
        }
    }
}

impl EndedBy {
    /// Who ended a call that stands in `phase`; `None` before its end, and where nothing tells.
    pub(crate) const fn of(phase: Phase) -> Option<Self> {
        let Phase::Over { ending, .. } = phase else { return None };
        Some(match ending {
            Ending::Unheard => return None,
            Ending::HungUp(side) => Self::Person(side),
            Ending::Cancelled | Ending::Refused(487) => Self::Person(Side::Caller),
            Ending::Refused(480 | 486 | 488 | 600 | 603 | 606..=608) => Self::Person(Side::Callee),
            Ending::Refused(_) | Ending::Dropped | Ending::Lost => Self::Network,
        })
    }

    /// The word in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person(Side::Caller) => "caller",
            Self::Person(Side::Callee) => "callee",
            Self::Network => "network",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Nanos;

    fn check(ending: Ending, rang: bool, answered: bool, outcome: Outcome, ended_by: &str) {
        let phase = Phase::Over { at: Nanos::ZERO, ending };
        assert_eq!(Outcome::of(phase, rang, answered), outcome, "{ending:?}");
        assert_eq!(EndedBy::of(phase).unwrap().name(), ended_by, "{ending:?}");
    }

    #[test]
    fn outcomes() {
        check(Ending::HungUp(Side::Caller), true, true, Outcome::Answered, "caller");
        check(Ending::HungUp(Side::Callee), false, true, Outcome::Answered, "callee");
        check(Ending::HungUp(Side::Caller), true, false, Outcome::Cancelled, "caller");
        check(Ending::Dropped, true, true, Outcome::Answered, "network");
        check(Ending::Lost, true, true, Outcome::Answered, "network");
        check(Ending::Lost, true, false, Outcome::NoAnswer, "network");
        check(Ending::Lost, false, false, Outcome::Failed, "network");
        check(Ending::Cancelled, true, false, Outcome::Cancelled, "caller");
        check(Ending::Refused(486), true, false, Outcome::Busy, "callee");
        check(Ending::Refused(480), true, false, Outcome::NoAnswer, "callee");
        check(Ending::Refused(404), false, false, Outcome::Failed, "network");
        check(Ending::Refused(503), false, false, Outcome::Failed, "network");
        check(Ending::Refused(407), false, false, Outcome::Rejected, "network");
        check(Ending::Refused(302), false, false, Outcome::Redirected, "network");
        check(Ending::Refused(603), true, false, Outcome::Rejected, "callee");
        assert_eq!(Outcome::of(Phase::Talking, true, true), Outcome::Incomplete);
        assert_eq!(EndedBy::of(Phase::Ringing), None);
    }
}

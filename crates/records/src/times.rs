//! When a call began, rang, was answered and ended: what its columns say, and what follows from that.

use std::time::Duration;

use types::Nanos;

use crate::stamp::Told;

/// What the columns of a line say; what is absent says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Written {
    pub ring_at: Option<Told>,
    pub answer_at: Option<Told>,
    pub end_at: Option<Told>,
    pub lasted: Option<Duration>,
    pub talked: Option<Duration>,
    pub rang: Option<Duration>,
    /// Whether a column says why it ended.
    pub ended: bool,
}

/// The times of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    pub invite_at: Nanos,
    pub ring_at: Option<Nanos>,
    pub answer_at: Option<Nanos>,
    pub end_at: Option<Nanos>,
    /// Whether the answer may have come later: it was put where it can have been at the earliest.
    pub set_up_unknown: bool,
}

impl Times {
    /// The times of a call that began at `invite_at`.
    pub(crate) fn of(invite_at: Nanos, written: &Written) -> Self {
        let Written { lasted, talked, rang, ended, .. } = *written;
        // A time that clocks showed twice is the one that does not lie before what went before.
        let mut latest = invite_at;
        let mut instant = |told: Option<Told>| {
            let at = told?.since(latest)?;
            latest = latest.max(at);
            Some(at)
        };
        let ring_at = instant(written.ring_at);
        // No talk is no answer, whatever else is written.
        let answer_at = instant(written.answer_at.filter(|_| talked != Some(Duration::ZERO)));
        let end_at = instant(written.end_at);

        let end_at = end_at.or(lasted.map(|lasted| invite_at.after(lasted)));
        let end_at = end_at.or(answer_at.zip(talked).map(|(answer_at, talked)| answer_at.after(talked)));
        let earliest = invite_at.after(rang.unwrap_or_default()).max(ring_at.unwrap_or_default());
        let (answer_at, end_at, set_up_unknown) = match (answer_at, end_at, talked) {
            (None, None, Some(Duration::ZERO)) => (None, Some(earliest).filter(|_| ended), false),
            // Whoever talked was answered: as soon as can be, where neither that nor the end is told.
            (None, None, Some(talked)) => (Some(earliest), Some(earliest.after(talked)), true),
            (None, Some(end_at), Some(talked)) if !talked.is_zero() => {
                (before(end_at, talked).map(|at| at.max(invite_at)), Some(end_at), false)
            }
            told => (told.0, told.1, false),
        };
        let ring_at = ring_at.or_else(|| before(answer_at.or(end_at)?, rang?).map(|at| at.max(invite_at)));
        Self { invite_at, ring_at, answer_at, end_at, set_up_unknown }
    }
}

/// The instant so long before another.
fn before(at: Nanos, by: Duration) -> Option<Nanos> {
    at.get().checked_sub(u64::try_from(by.as_nanos()).ok()?).map(Nanos::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times and spans in seconds after the begin; `twice-end 10` was shown an hour before too.
    #[track_caller]
    fn check(written: &str, expected: &str) {
        let begin = Nanos::from_parts(1_795_424_400, 0);
        let after = |secs: u64| begin.after(Duration::from_secs(secs));
        let mut it = Written::default();
        for word in written.split(", ").filter(|word| !word.is_empty()) {
            let (what, secs) = word.split_once(' ').unwrap();
            let secs: u64 = secs.parse().unwrap();
            let (at, span) = (Told::At(after(secs)), Some(Duration::from_secs(secs)));
            let hour = Duration::from_secs(3_600);
            let twice = Told::Twice(before(after(secs), hour).unwrap(), after(secs));
            match what {
                "ring-at" => it.ring_at = Some(at),
                "answer-at" => it.answer_at = Some(at),
                "end-at" => it.end_at = Some(at),
                "twice-answer" => it.answer_at = Some(twice),
                "twice-end" => it.end_at = Some(twice),
                "never-answered" => it.answer_at = Some(Told::Never),
                "never-ended" => it.end_at = Some(Told::Never),
                "lasted" => it.lasted = span,
                "talked" => it.talked = span,
                "rang" => it.rang = span,
                "cause" => it.ended = true,
                other => panic!("{other}"),
            }
        }
        let times = Times::of(begin, &it);
        let told = [("ring", times.ring_at), ("answer", times.answer_at), ("end", times.end_at)];
        let mut told: Vec<_> =
            told.iter().filter_map(|&(what, at)| Some(format!("{what} {}", at?.since(begin).as_secs()))).collect();
        told.extend(times.set_up_unknown.then(|| "set-up unknown".to_owned()));
        assert_eq!(told.join(", "), expected, "{written}");
    }

    #[test]
    fn what_is_not_written_follows() {
        check("", "");
        check("answer-at 5, end-at 25", "answer 5, end 25");
        check("answer-at 5, talked 20", "answer 5, end 25");
        check("lasted 25, talked 20", "answer 5, end 25");
        check("end-at 25, talked 20", "answer 5, end 25");
        check("end-at 25, talked 90", "answer 0, end 25");
        check("end-at 25, rang 15", "ring 10, end 25");
        check("lasted 25, talked 0", "end 25");
        check("answer-at 5, end-at 25, talked 0", "end 25");
        check("answer-at 5", "answer 5");
    }

    #[test]
    fn no_time_is_no_answer() {
        check("never-answered 0, end-at 25", "end 25");
        check("never-answered 0, never-ended 0, lasted 25", "end 25");
    }

    #[test]
    fn a_talk_alone_says_that_it_was_answered() {
        check("talked 20", "answer 0, end 20, set-up unknown");
        check("talked 20, cause 16", "answer 0, end 20, set-up unknown");
        check("talked 20, rang 15", "ring 0, answer 15, end 35, set-up unknown");
        check("ring-at 3, talked 20", "ring 3, answer 3, end 23, set-up unknown");
        check("talked 0, cause 17", "end 0");
        check("talked 0", "");
        check("cause 17", "");
    }

    #[test]
    fn a_time_shown_twice_does_not_lie_before_what_went_before() {
        check("twice-answer 15, twice-end 90", "answer 15, end 90");
        check("answer-at 15, twice-end 90", "answer 15, end 90");
        // The earlier reading lies after the begin, and before the answer.
        check("answer-at 3700, twice-end 3900", "answer 3700, end 3900");
        check("twice-answer 3700, twice-end 3800", "answer 100, end 200");
    }
}

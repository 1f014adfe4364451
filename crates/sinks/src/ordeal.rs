//! When the log is told that something fails: at first, when the cause is another, then every few minutes with how often; and when it
//! works again. What fails and works by turns is told of once a minute at most.

use std::time::Duration;

use tokio::time::Instant;

/// How often one that goes on failing is told of.
const EVERY: Duration = Duration::from_secs(300);
/// How soon after the last word another cause is told, or that it fails anew.
const ANEW: Duration = Duration::from_secs(60);

/// How something fares of which the log is told.
#[derive(Debug, Default)]
pub(crate) struct Ordeal {
    now: Option<Failing>,
    /// What was told last, and when.
    told: Option<(String, Instant)>,
}

/// It fails.
#[derive(Debug)]
struct Failing {
    since: Instant,
    attempts: u64,
    told: bool,
}

/// What the log is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Attempts that failed.
    pub attempts: u64,
    /// For how long it has failed.
    pub lasted: Duration,
}

impl Ordeal {
    /// An attempt failed.
    pub fn failed(&mut self, cause: &str, now: Instant) -> Option<Word> {
        let failing = self.now.get_or_insert(Failing { since: now, attempts: 0, told: false });
        failing.attempts += 1;
        let pause = |told: &str| if failing.told && told == cause { EVERY } else { ANEW };
        if self.told.as_ref().is_some_and(|(told, at)| now.duration_since(*at) < pause(told)) {
            return None;
        }
        self.told = Some((cause.to_owned(), now));
        failing.told = true;
        Some(failing.word(now))
    }

    /// An attempt succeeded.
    pub fn works(&mut self, now: Instant) -> Option<Word> {
        self.now.take().filter(|failing| failing.told).map(|failing| failing.word(now))
    }
}

impl Failing {
    fn word(&self, now: Instant) -> Word {
        Word { attempts: self.attempts, lasted: now.duration_since(self.since) }
    }
}

/// A cause as the log may tell it: the other end may repeat what it was sent, and no number of a person stands in a log.
pub(crate) fn without_numbers(cause: &str) -> String {
    /// More digits than a status, a port or a year has.
    const DIGITS_MAX: usize = 5;
    let mut told = String::with_capacity(cause.len());
    let mut digits = String::new();
    for letter in cause.chars().chain(['\0']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        told.push_str(if digits.len() > DIGITS_MAX { "…" } else { &digits });
        digits.clear();
        told.push(letter);
    }
    told.pop();
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says what is told at which second: `1` for the first attempt of which is told, and so on, `w` that it works again.
    #[track_caller]
    fn check(attempts: &[(u64, &str)], expected: &str) {
        let (begin, mut ordeal) = (Instant::now(), Ordeal::default());
        let mut told = Vec::new();
        for &(secs, cause) in attempts {
            let now = begin + Duration::from_secs(secs);
            told.push(match cause {
                "" => ordeal.works(now).map_or("-".to_owned(), |word| format!("w{}", word.attempts)),
                cause => ordeal.failed(cause, now).map_or("-".to_owned(), |word| word.attempts.to_string()),
            });
        }
        assert_eq!(told.join(" "), expected);
    }

    #[test]
    fn what_is_told() {
        check(&[(0, "a"), (1, "a"), (200, "a"), (300, "a"), (301, "a"), (302, "")], "1 - - 4 - w5");
        // Another cause.
        check(&[(0, "a"), (70, "b"), (80, "a"), (90, "b"), (140, "a")], "1 2 - - 5");
        // By turns: once a minute.
        check(&[(0, "a"), (1, ""), (2, "a"), (3, ""), (61, "a"), (62, "")], "1 w1 - - 1 w1");
        // It fails for good right after it has worked.
        check(&[(0, "a"), (1, ""), (2, "a"), (30, "a"), (60, "a"), (90, "a"), (360, "a")], "1 w1 - - 3 - 5");
        check(&[(0, ""), (1, "")], "- -");
    }

    #[test]
    fn numbers_stay_out_of_the_log() {
        for (cause, told) in [
            ("500 Internal Server Error: no", "500 Internal Server Error: no"),
            ("400 Bad Request: +441632960001 is bad", "400 Bad Request: +… is bad"),
            ("connect 127.0.0.1:65535", "connect 127.0.0.1:65535"),
            ("441632960001", "…"),
            ("", ""),
        ] {
            assert_eq!(without_numbers(cause), told);
        }
    }
}

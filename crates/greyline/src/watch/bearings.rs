//! Where calls go: how many of the last minutes went to each country.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use call::CallRecord;
use types::Nanos;

use crate::clerk::Scribe;
use crate::json::country;

/// Minutes that are looked back.
const MINUTES: u64 = 15;
const MINUTE_NANOS: u64 = 60_000_000_000;
/// The word for numbers that could not be read.
const NOWHERE: &str = "ZZ";

/// Calls of the last minutes by the country they went to. There are some 250 countries.
#[derive(Default)]
pub struct Bearings {
    minutes: VecDeque<(u64, BTreeMap<&'static str, u64>)>,
}

impl Bearings {
    fn count(&mut self, to: &'static str, now: Nanos) {
        let minute = now.get() / MINUTE_NANOS;
        // A clock that was set back counts on in the minute it came from.
        if self.minutes.back().is_none_or(|(last, _)| *last < minute) {
            self.minutes.push_back((minute, BTreeMap::new()));
        }
        self.let_go(minute);
        if let Some((_, counts)) = self.minutes.back_mut() {
            *counts.entry(to).or_default() += 1;
        }
    }

    fn let_go(&mut self, minute: u64) {
        while self.minutes.front().is_some_and(|(first, _)| first + MINUTES <= minute) {
            self.minutes.pop_front();
        }
    }

    /// Countries and calls, the most first.
    pub fn all(&mut self, now: Nanos) -> Vec<(&'static str, u64)> {
        self.let_go(now.get() / MINUTE_NANOS);
        let mut sums: BTreeMap<&'static str, u64> = BTreeMap::new();
        for (to, calls) in self.minutes.iter().flat_map(|(_, counts)| counts) {
            *sums.entry(to).or_default() += calls;
        }
        let mut all: Vec<_> = sums.into_iter().collect();
        all.sort_by_key(|&(to, calls)| (std::cmp::Reverse(calls), to));
        all
    }
}

/// Counts calls as they end.
pub struct Compass(pub Rc<RefCell<Bearings>>);

impl Scribe for Compass {
    fn take(&mut self, record: &CallRecord<'_>) {
        let to = record.callee.number.and_then(country).unwrap_or(NOWHERE);
        self.0.borrow_mut().count(to, tap::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_minutes_count() {
        let mut bearings = Bearings::default();
        let at = |minute: u64| Nanos::from_parts(60 * minute, 0);
        for (to, minute) in [("GB", 100), ("US", 101), ("US", 101), ("FR", 110), ("GB", 90)] {
            bearings.count(to, at(minute));
        }
        assert_eq!(bearings.all(at(110)), [("GB", 2), ("US", 2), ("FR", 1)]);
        assert_eq!(bearings.all(at(115)), [("US", 2), ("FR", 1), ("GB", 1)]);
        assert_eq!(bearings.all(at(200)), []);
    }
}

//! What was not seen, minute by minute, and how much evidence is worth in the face of it.
//!
//! Calls that were not seen might have spoken for the innocent as loudly as the seen ones speak against them. So the evidence of a
//! time in which a share `s` of what went past was seen counts `s` times: the log of an e-value times `s`. That keeps what is
//! guaranteed, for the mean of `E^s` is at most the `s`-th power of the mean of `E` (Jensen), hence at most 1; and it
//! takes nothing from a time that was seen whole. A call of which one direction of the media is missing was seen by half. Rules
//! are not lowered: a call that showed somebody else's number has shown it, whatever else was missed.
//!
//! Features that need the missing direction are not counted in the first place (`endings.rs`).

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use types::{Coverage, Nanos};

/// A minute.
const MINUTE_NANOS: u64 = 60_000_000_000;
/// Minutes that are remembered: two weeks, one megabyte. What is older counts as seen.
const MINUTES_MAX: usize = 14 * 1_440;
/// The record of a call comes up to so many minutes after its end, by packets later than by records: the last minutes say nothing of
/// directions, so that both say the same.
const RECORD_MINUTES: u64 = 5;
/// Share of answered calls whose media goes one way by their own fault (SCIENCE 2).
const ONE_WAY_ORDINARY: f32 = 0.05;
/// Calls with media below which nothing is said of directions.
const HEARD_MIN: u64 = 20;

/// Counts since the beginning, or of a stretch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Sums {
    frames: u64,
    undecoded: u64,
    dropped: u64,
    heard: u64,
    one_way: u64,
}

/// What was not seen of a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Unseen {
    /// Frames that the capturing host dropped.
    pub kernel_drops: u64,
    /// Share of the answered calls with media of which one direction only was seen; 0 where no more than is usual.
    pub one_way_share: f32,
    /// Share of the frames whose content was lost.
    pub undecoded_share: f32,
    /// Share of all frames that the host dropped.
    pub dropped_share: f32,
}

/// What was seen, minute by minute.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Minutes {
    /// Number of the minute, and the sums up to its end.
    held: VecDeque<(u64, Sums)>,
    /// Sums up to the first that is held.
    before: Sums,
    missed: bool,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.frames += other.frames;
        self.undecoded += other.undecoded;
        self.dropped += other.dropped;
        self.heard += other.heard;
        self.one_way += other.one_way;
    }
}

impl Unseen {
    /// Share of what went past that was seen.
    #[must_use]
    pub fn seen(&self) -> f32 {
        let mirror = (self.one_way_share - ONE_WAY_ORDINARY).max(0.0) / (1.0 - ONE_WAY_ORDINARY);
        (1.0 - self.undecoded_share) * (1.0 - self.dropped_share) * (1.0 - mirror / 2.0)
    }
}

impl Minutes {
    /// What a tap says of a stretch of time. Drops of a longer one are spread evenly over it.
    pub fn on_coverage(&mut self, seen: &Coverage) {
        let (first, last) = (minute(seen.from), minute(seen.until).max(minute(seen.from)));
        self.missed |= seen.undecoded + seen.dropped > 0;
        self.add(first, &Sums { frames: seen.frames, undecoded: seen.undecoded, ..Sums::default() });
        if seen.dropped == 0 {
            return;
        }
        let span = last - first + 1;
        let held = span.min(MINUTES_MAX as u64);
        for place in 0..held {
            // What is older than is held falls into the first minute that is.
            let so_far = |places: u64| {
                let gone = span - held + places;
                (u128::from(seen.dropped) * u128::from(gone) / u128::from(span)) as u64
            };
            let least = if place == 0 { 0 } else { so_far(place) };
            let dropped = so_far(place + 1) - least;
            self.add(first + span - held + place, &Sums { dropped, ..Sums::default() });
        }
    }

    /// An answered call whose media was seen is over; whether in one direction only.
    pub fn on_heard(&mut self, until: Nanos, one_way: bool) {
        self.missed |= one_way;
        self.add(minute(until), &Sums { heard: 1, one_way: u64::from(one_way), ..Sums::default() });
    }

    fn add(&mut self, minute: u64, sums: &Sums) {
        let place = self.held.partition_point(|&(held, _)| held < minute);
        let too_old = self.held.front().is_some_and(|&(first, _)| minute < first) && self.held.len() >= MINUTES_MAX;
        if too_old {
            return;
        }
        if self.held.get(place).is_none_or(|&(held, _)| held != minute) {
            let until =
                place.checked_sub(1).and_then(|before| self.held.get(before)).map_or(self.before, |&(_, sums)| sums);
            self.held.insert(place, (minute, until));
        }
        for (_, until) in self.held.range_mut(place..) {
            until.add(sums);
        }
        if self.held.len() > MINUTES_MAX
            && let Some((_, sums)) = self.held.pop_front()
        {
            self.before = sums;
        }
    }

    /// What was not seen from `since` until `now`, which everything known belongs to where it is [`Nanos::MAX`].
    #[must_use]
    pub fn unseen(&self, since: Nanos, now: Nanos) -> Unseen {
        if !self.missed {
            return Unseen::default();
        }
        let (since, now) = (minute(since), minute(now));
        let (frames, media) = (self.sums(since, now), self.sums(since, now.saturating_sub(RECORD_MINUTES)));
        let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f32 / whole as f32 };
        let one_way = share(media.one_way, media.heard);
        let is_mirror = media.heard >= HEARD_MIN && one_way > ONE_WAY_ORDINARY;
        Unseen {
            kernel_drops: frames.dropped,
            one_way_share: if is_mirror { one_way } else { 0.0 },
            undecoded_share: share(frames.undecoded, frames.frames).min(1.0),
            dropped_share: share(frames.dropped, frames.frames + frames.dropped),
        }
    }

    /// Whether the host dropped frames in the minute of `at` or the one before it.
    #[must_use]
    pub fn is_torn(&self, at: Nanos) -> bool {
        self.missed && self.sums(minute(at).saturating_sub(1), minute(at) + 1).dropped > 0
    }

    /// The sums of the minutes from `first` to the one before `end`.
    fn sums(&self, first: u64, end: u64) -> Sums {
        let until = |minute: u64| {
            let place = self.held.partition_point(|&(held, _)| held < minute);
            place.checked_sub(1).and_then(|place| self.held.get(place)).map_or(self.before, |&(_, sums)| sums)
        };
        let (before, after) = (until(first), until(end.max(first)));
        Sums {
            frames: after.frames - before.frames,
            undecoded: after.undecoded - before.undecoded,
            dropped: after.dropped - before.dropped,
            heard: after.heard - before.heard,
            one_way: after.one_way - before.one_way,
        }
    }
}

const fn minute(at: Nanos) -> u64 {
    at.get() / MINUTE_NANOS
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(minutes: u64) -> Nanos {
        Nanos::new(minutes * MINUTE_NANOS)
    }

    fn seen(minutes: u64, frames: u64, undecoded: u64) -> Coverage {
        Coverage { from: at(minutes), until: at(minutes + 1), frames, undecoded, dropped: 0 }
    }

    #[test]
    fn shares_are_those_of_the_time() {
        let mut minutes = Minutes::default();
        for minute in 10..20 {
            minutes.on_coverage(&seen(minute, 1_000, if minute < 15 { 100 } else { 0 }));
        }
        let share = |since, now| minutes.unseen(at(since), at(now)).undecoded_share;
        assert_eq!(
            [share(10, 15), share(15, 20), share(10, 20), share(0, 100), share(30, 40)],
            [0.1, 0.0, 0.05, 0.05, 0.0]
        );
        assert!((minutes.unseen(at(10), at(15)).seen() - 0.9).abs() < 1e-6);
    }

    #[test]
    fn drops_are_spread_over_their_stretch() {
        let mut minutes = Minutes::default();
        (0..10).for_each(|minute| minutes.on_coverage(&seen(minute, 100, 0)));
        minutes.on_coverage(&Coverage { from: at(2), until: at(5), frames: 0, undecoded: 0, dropped: 103 });
        let drops = |since, now| minutes.unseen(at(since), at(now)).kernel_drops;
        assert_eq!([drops(0, 2), drops(2, 6), drops(2, 3), drops(0, 10), drops(6, 10)], [0, 103, 25, 103, 0]);
        let unseen = minutes.unseen(at(0), at(10));
        assert!((unseen.seen() - 1_000.0 / 1_103.0).abs() < 1e-6, "{unseen:?}");
        assert!(minutes.is_torn(at(3)) && !minutes.is_torn(at(8)));
    }

    #[test]
    fn a_mirror_of_one_way_is_told_from_calls_that_go_one_way() {
        let check = |calls: u64, every: u64, expected: f32| {
            let mut minutes = Minutes::default();
            (0..calls).for_each(|call| minutes.on_heard(at(call / 10), call % every == 0));
            let seen = minutes.unseen(at(0), Nanos::MAX).seen();
            assert!((seen - expected).abs() < 1e-3, "{calls} {every}: {seen}");
        };
        check(1_000, 1, 0.5);
        check(1_000, 2, 1.0 - 0.45 / 0.95 / 2.0);
        check(1_000, 40, 1.0);
        check(10, 1, 1.0);
    }

    #[test]
    fn what_comes_late_or_is_old_changes_what_it_belongs_to() {
        let mut minutes = Minutes::default();
        for minute in 0..MINUTES_MAX as u64 + 100 {
            minutes.on_coverage(&seen(minute, 10, 0));
        }
        assert_eq!(minutes.held.len(), MINUTES_MAX);
        let latest = MINUTES_MAX as u64 + 99;
        minutes.on_coverage(&seen(latest - 50, 0, 5));
        minutes.on_coverage(&seen(3, 0, 5));
        let lost = |since, now| minutes.sums(since, now).undecoded;
        assert_eq!([lost(latest - 50, latest - 49), lost(latest - 49, latest + 1), lost(0, latest + 1)], [5, 0, 5]);
        minutes.on_coverage(&Coverage { from: at(0), until: at(latest), dropped: 1_000_000, ..Coverage::default() });
        assert_eq!(minutes.sums(0, latest + 1).dropped, 1_000_000);
    }
}

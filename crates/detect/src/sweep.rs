//! The parts of the world that an operation calls, one after the other as their working days begin (SCIENCE 4.2): which of them, at
//! which hours of theirs, and when the same people turn from one to the next.
//!
//! A licensed centre that works for several continents looks the same, so this names what was found for other reasons and finds
//! nothing by itself.

use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::hours::{Local, RegionName};
use crate::saved::region;

/// Parts of the world counted for one operation; there are no more in the tz database.
const REGIONS_MAX: usize = 16;
/// Calls of a part of the world from which on it counts.
const CALLS_MIN: u64 = 40;
/// Share of a region's calls that its hours hold.
const HOURS_SHARE: f32 = 0.9;
/// From the end of one region's hours to the beginning of the next one's: a change of shift, and the next day's is none.
const HAND_OVER_HOURS_MAX: u8 = 2;
/// Hours of a day.
const DAY: u8 = 24;
/// Nanoseconds of an hour.
const HOUR_NANOS: u64 = 3_600_000_000_000;

/// What an operation calls of the world, and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sweep {
    regions: Vec<Region>,
    calls: u64,
    /// Share a region must have of the calls since it was first called.
    share_min: f32,
    /// Share of its calls that must lie in its working hours.
    working_min: f32,
}

/// A part of the world that is called.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Region {
    /// Its name in the tz database: `Europe`.
    #[serde(with = "region")]
    pub name: RegionName,
    /// Calls to it.
    pub calls: u64,
    /// Of these, those in its working hours.
    pub working: u64,
    /// All calls before the first of these.
    before: u64,
    local: [u32; DAY as usize],
    universal: [u32; DAY as usize],
}

/// The least stretch of the day that holds nine of ten calls: whole hours, the first and the last that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// 0 to 23.
    pub first: u8,
    /// 0 to 23; before the first where it runs past midnight.
    pub last: u8,
}

/// The moment of the day at which the calls turn from one part of the world to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// From here.
    pub from: &'static str,
    /// To here.
    pub to: &'static str,
    /// The first hour, UTC, in which the second gets more calls than the first.
    pub hour: u8,
}

impl Sweep {
    /// Nothing yet. A region counts with `share_min` of the calls, `working_min` of them in its working hours.
    #[must_use]
    pub const fn new(share_min: f32, working_min: f32) -> Self {
        Self { regions: Vec::new(), calls: 0, share_min, working_min }
    }

    /// Counts a call.
    pub fn count(&mut self, local: Local, at: Nanos) {
        if self.regions.len() < REGIONS_MAX && self.regions.iter().all(|region| region.name != local.region) {
            self.regions.push(Region::new(local.region, self.calls));
        }
        self.calls += 1;
        let Some(region) = self.regions.iter_mut().find(|region| region.name == local.region) else { return };
        region.calls += 1;
        region.working += u64::from(local.working);
        let hour = (at.get() / HOUR_NANOS % u64::from(DAY)) as usize;
        for (hours, hour) in [(&mut region.local, usize::from(local.hour)), (&mut region.universal, hour)] {
            if let Some(calls) = hours.get_mut(hour) {
                *calls = calls.saturating_add(1);
            }
        }
    }

    /// The parts of the world that are called in their working hours and not by the way. Of the first one's calls, those
    /// before another was called do not make that one small.
    pub fn in_turn(&self) -> impl Iterator<Item = &Region> {
        self.regions.iter().filter(|region| {
            let since = (self.calls - region.before) as f32;
            region.calls >= CALLS_MIN
                && region.calls as f32 >= self.share_min * since
                && region.working as f32 >= self.working_min * region.calls as f32
        })
    }

    /// When the calls turn from one of these to the next.
    #[must_use]
    pub fn hand_overs(&self) -> Vec<HandOver> {
        let pairs = self.in_turn().flat_map(|from| self.in_turn().map(move |to| (from, to)));
        let mut found: Vec<_> = pairs.filter_map(|(from, to)| from.hands_over_to(to)).collect();
        found.sort_unstable_by_key(|it| it.hour);
        found
    }
}

impl Region {
    const fn new(name: &'static str, before: u64) -> Self {
        Self { name, calls: 0, working: 0, before, local: [0; DAY as usize], universal: [0; DAY as usize] }
    }

    /// Its hours by its own clocks.
    #[must_use]
    pub fn local_hours(&self) -> Hours {
        hours(&self.local)
    }

    /// Its hours in UTC.
    #[must_use]
    pub fn universal_hours(&self) -> Hours {
        hours(&self.universal)
    }

    /// The hour in which `to` takes over, if it begins as this one ends, or a little before or after.
    fn hands_over_to(&self, to: &Self) -> Option<HandOver> {
        let (own, next) = (self.universal_hours(), to.universal_hours());
        if self.name == to.name || own.length() + next.length() > DAY {
            return None;
        }
        // From the end of one to the beginning of the other, going forward; a little less than a day is a little overlap.
        let gap = after(own.last + 1, next.first);
        if gap > HAND_OVER_HOURS_MAX && gap < DAY - HAND_OVER_HOURS_MAX {
            return None;
        }
        let of = |region: &Self, hour: u8| region.universal.get(usize::from(hour)).copied().unwrap_or(0);
        let overtakes = (0..next.length()).map(|step| (next.first + step) % DAY);
        let hour = overtakes.into_iter().find(|&hour| of(to, hour) > of(self, hour))?;
        Some(HandOver { from: self.name, to: to.name, hour })
    }
}

impl Hours {
    /// How many they are.
    #[must_use]
    pub const fn length(&self) -> u8 {
        after(self.first, self.last) + 1
    }
}

/// Hours from one to another, going forward.
const fn after(from: u8, to: u8) -> u8 {
    (to + 2 * DAY - from) % DAY
}

/// The least stretch that holds enough of the calls; of several the one with most.
fn hours(calls: &[u32; DAY as usize]) -> Hours {
    let total: u32 = calls.iter().sum();
    let wanted = (HOURS_SHARE * total as f32).ceil() as u32;
    let held = |first: u8, length: u8| -> u32 {
        (0..length).filter_map(|step| calls.get(usize::from((first + step) % DAY))).sum()
    };
    let stretches = (1..=DAY).flat_map(|length| (0..DAY).map(move |first| (length, first)));
    let enough = stretches.filter(|&(length, first)| held(first, length) >= wanted);
    let least = enough.min_by_key(|&(length, first)| (length, std::cmp::Reverse(held(first, length))));
    let (length, first) = least.unwrap_or((DAY, 0));
    Hours { first, last: (first + length - 1) % DAY }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONDAY: u64 = 1_793_577_600;

    /// Calls to each of `regions` between two hours, UTC, ten an hour; the hour there is `ahead` of UTC.
    fn sweep(regions: &[(&'static str, u64, u64, u64)]) -> Sweep {
        count(Sweep::new(0.15, 0.75), regions)
    }

    fn count(mut sweep: Sweep, regions: &[(&'static str, u64, u64, u64)]) -> Sweep {
        for &(region, from, until, ahead) in regions {
            for hour in from..until {
                for call in 0..10 {
                    let at = Nanos::from_parts(MONDAY + hour * 3_600 + call * 300, 0);
                    let hour = ((hour + ahead) % 24) as u8;
                    sweep.count(Local { region, working: (9..18).contains(&hour), hour }, at);
                }
            }
        }
        sweep
    }

    #[test]
    fn three_regions_hand_over_to_each_other() {
        let sweep = sweep(&[("Australia", 0, 8, 10), ("Europe", 9, 17, 0), ("America", 17, 24, 18)]);
        assert_eq!(sweep.in_turn().map(|region| region.name).collect::<Vec<_>>(), ["Australia", "Europe", "America"]);
        let hours: Vec<_> = sweep.in_turn().map(Region::local_hours).collect();
        assert_eq!(hours[1], Hours { first: 9, last: 16 });
        let turns: Vec<_> = sweep.hand_overs().iter().map(|it| (it.from, it.to, it.hour)).collect();
        assert_eq!(turns, [("America", "Australia", 0), ("Australia", "Europe", 9), ("Europe", "America", 17)]);
    }

    #[test]
    fn a_region_counts_from_the_share_that_is_asked() {
        let days = [("Australia", 0, 8, 10), ("Europe", 9, 17, 0), ("America", 17, 24, 18)];
        // 80 of 230 calls, 80 of 150 since the first of them, and 70 of 70.
        let named =
            |share| count(Sweep::new(share, 0.75), &days).in_turn().map(|region| region.name).collect::<Vec<_>>();
        assert_eq!(named(0.5), ["Europe", "America"]);
        assert_eq!(named(0.6), ["America"]);
    }

    #[test]
    fn a_region_counts_with_as_many_calls_in_its_working_hours_as_are_asked() {
        // Eight of ten hours of the one are worked, and all of the other's.
        let days = [("Europe", 9, 19, 1), ("America", 20, 24, 18)];
        let named =
            |share| count(Sweep::new(0.15, share), &days).in_turn().map(|region| region.name).collect::<Vec<_>>();
        assert_eq!(named(0.75), ["Europe", "America"]);
        assert_eq!(named(0.9), ["America"]);
    }

    #[test]
    fn who_calls_two_regions_at_once_hands_nothing_over() {
        let sweep = sweep(&[("Europe", 9, 17, 0), ("Africa", 9, 17, 1)]);
        assert_eq!(sweep.in_turn().count(), 2);
        assert!(sweep.hand_overs().is_empty());
    }

    #[test]
    fn the_next_region_counts_as_soon_as_it_has_calls_of_its_own() {
        let days = [("Australia", 0, 8, 10); 20];
        let mut sweep = sweep(&days);
        assert_eq!(sweep.in_turn().count(), 1);
        for call in 0..CALLS_MIN {
            let at = Nanos::from_parts(MONDAY + 9 * 3_600 + call, 0);
            sweep.count(Local { region: "Europe", working: true, hour: 9 }, at);
        }
        assert!(sweep.in_turn().any(|region| region.name == "Europe"));
    }
}

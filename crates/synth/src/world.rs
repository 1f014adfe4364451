//! What all groups of a scenario share while they write: numbers, clocks and the season.

use numbers::{Country, Zone};
use types::E164;

use crate::calendar::{Calendar, DAY_US, Local, SECOND_US};
use crate::places::{Numbers, country};

/// A stretch of time that is drawn at once: local hours change their weight no faster, and offsets are multiples of it.
pub(crate) const WINDOW_US: u64 = 900 * SECOND_US;

/// Microseconds since the epoch, from the first up to, not including, the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from_us: u64,
    pub(crate) until_us: u64,
}

impl Window {
    pub(crate) const fn length_us(self) -> u64 {
        self.until_us - self.from_us
    }

    pub(crate) const fn days(self) -> f64 {
        self.length_us() as f64 / DAY_US as f64
    }

    pub(crate) const fn holds(self, at_us: u64) -> bool {
        self.from_us <= at_us && at_us < self.until_us
    }

    /// What it has in common with another.
    pub(crate) fn shared(self, other: Self) -> Option<Self> {
        let shared = Self { from_us: self.from_us.max(other.from_us), until_us: self.until_us.min(other.until_us) };
        (shared.from_us < shared.until_us).then_some(shared)
    }
}

/// What all groups share.
pub(crate) struct World {
    pub(crate) numbers: Numbers,
    pub(crate) calendar: Calendar,
    pub(crate) season: Season,
    /// The measured time, without what runs before it.
    pub(crate) measured: Window,
}

impl World {
    /// The moment for the holder of a number.
    pub(crate) fn local(&mut self, number: E164, at_us: u64) -> Local {
        self.calendar.local(number, at_us)
    }

    /// The moment in the largest zone of a country.
    pub(crate) fn local_of(&mut self, home: Country, at_us: u64) -> Local {
        let zone = |name: &str| Zone::all().find(|zone| zone.name() == name);
        let main = match home.as_str() {
            "US" => zone("America/New_York"),
            "AU" => zone("Australia/Sydney"),
            _ => None,
        };
        match main {
            Some(_) => self.calendar.local_in(main, home, at_us),
            None => self.calendar.local(self.numbers.of(home, 1), at_us),
        }
    }
}

/// Days on which everybody behaves differently.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Season {
    /// Local days since the epoch that begin with greetings: New Year.
    pub(crate) greetings: Option<i64>,
}

impl Season {
    /// The most that [`Season::factor`] says within a day.
    pub(crate) fn peak(self, window: Window) -> f64 {
        let Some(day) = self.greetings else { return 1.0 };
        // Local midnight may lie up to fourteen hours either side of it.
        let midnight = day as u64 * DAY_US;
        let around =
            Window { from_us: midnight.saturating_sub(16 * 3_600 * SECOND_US), until_us: midnight + 2 * DAY_US };
        if window.shared(around).is_some() { GREETINGS } else { 1.0 }
    }

    /// How many times as much as usual people telephone at this moment. At New Year most of it falls on the first hour
    /// after midnight, then on the day.
    pub(crate) fn factor(self, local: Local) -> f64 {
        match self.greetings {
            Some(day) if local.day == day && local.second < 3_600 => GREETINGS,
            Some(day) if local.day == day && local.second < 7_200 => GREETINGS / 2.0,
            Some(day) if local.day == day => 1.6,
            Some(day) if local.day == day - 1 && local.second > 84_600 => 3.0,
            _ => 1.0,
        }
    }
}

/// What an hour past midnight on New Year is to the same hour of another night: a busy evening hour and more.
const GREETINGS: f64 = 20.0;

/// The country whose operator owns the tap.
pub(crate) const HOME: Country = country(b"GB");

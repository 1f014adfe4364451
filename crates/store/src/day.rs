//! Days: what calls are put apart by. A day is one of UTC, and its calls lie in one file.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use types::Nanos;

use crate::error::StoreError;
use crate::file::{BESIDE, beside};

/// Nanoseconds of a day.
const DAY: u64 = 86_400_000_000_000;
/// Bits of an id behind the microsecond of the day.
pub(crate) const TAIL_BITS: u32 = 20;

/// A day: how many after 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub(crate) u32);

impl Day {
    /// The day of a moment.
    #[must_use]
    pub const fn of(at: Nanos) -> Self {
        Self((at.get() / DAY) as u32)
    }

    /// Its first moment.
    #[must_use]
    pub const fn begin(self) -> Nanos {
        Nanos::new(self.0 as u64 * DAY)
    }

    /// So many days earlier.
    pub(crate) const fn before(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days))
    }

    /// The first id of a moment of this day; of one before it the first of all, of one behind it one past the last.
    pub(crate) const fn id(self, at: Nanos) -> i64 {
        let into = at.nanos_since(self.begin());
        let into = if into > DAY { DAY } else { into };
        ((into / 1_000) << TAIL_BITS) as i64
    }

    /// The moment of an id, to the microsecond.
    pub(crate) const fn at(self, id: i64) -> Nanos {
        Nanos::new(self.begin().get() + (id as u64 >> TAIL_BITS) * 1_000)
    }

    /// Where its calls lie in a folder.
    pub(crate) fn path(self, folder: &Path) -> PathBuf {
        let date = Timestamp::from_second(i64::from(self.0) * 86_400).map(|at| at.to_zoned(TimeZone::UTC).date());
        folder.join(format!("calls-{}.db", date.unwrap_or(Date::MAX)))
    }

    /// The day whose file has this name.
    fn named(name: &str) -> Option<Self> {
        let date: Date = name.strip_prefix("calls-")?.strip_suffix(".db")?.parse().ok()?;
        let begin = date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
        u32::try_from(begin / 86_400).ok().map(Self)
    }
}

/// The last 20 bits of an id, by which two calls of one microsecond differ.
pub(crate) const fn tail(key: i64) -> i64 {
    key & ((1 << TAIL_BITS) - 1)
}

/// All days of which a folder has calls, the first one first.
pub(crate) fn days(folder: &Path) -> Result<Vec<Day>, StoreError> {
    let entries = fs::read_dir(folder).map_err(|error| StoreError::Io(folder.to_owned(), error))?;
    let named = entries.filter_map(|entry| Day::named(entry.ok()?.file_name().to_str()?));
    let mut days: Vec<_> = named.collect();
    days.sort_unstable();
    Ok(days)
}

/// Lets go of a file and of what lies beside it.
pub(crate) fn unlink(path: &Path) -> Result<(), StoreError> {
    for ending in BESIDE {
        // What is not there need not go.
        let _ = fs::remove_file(beside(path, ending));
    }
    fs::remove_file(path).map_err(|error| StoreError::Io(path.to_owned(), error))
}

/// Puts a damaged file out of the way, for whoever wants to look into it; where it lies now.
pub(crate) fn put_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let aside = (1..=999_u32).map(|count| beside(path, &format!(".damaged-{count}"))).find(|aside| !aside.exists());
    let aside = aside.unwrap_or_else(|| beside(path, ".damaged"));
    fs::rename(path, &aside).map_err(|error| StoreError::Io(path.to_owned(), error))?;
    for ending in BESIDE {
        let _ = fs::rename(beside(path, ending), beside(&aside, ending));
    }
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_their_files() {
        let at = Nanos::from_parts(1_795_860_000, 123_456_789);
        let day = Day::of(at);
        let path = day.path(Path::new("x"));
        let name = path.file_name().unwrap().to_str().unwrap();
        assert_eq!((name, Day::named(name)), ("calls-2026-11-28.db", Some(day)));
        assert_eq!(day.at(day.id(at) | 77).micros(), at.micros());
        assert_eq!((day.id(Nanos::ZERO), day.id(day.begin())), (0, 0));
        assert!(day.id(Nanos::MAX) > day.id(day.begin()) + (86_399_999_999 << TAIL_BITS));
        for other in ["calls-2026-11-28.db-wal", "greyline.db", "calls-.db", "calls-1969-12-31.db"] {
            assert_eq!(Day::named(other), None, "{other}");
        }
        assert_eq!(Day::of(Nanos::MAX).path(Path::new("")).to_str(), Some("calls-2554-07-21.db"));
    }
}

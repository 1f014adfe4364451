//! Capture time, the only time there is below `pipeline`.

use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::{Deserialize, Serialize};

/// Writes microseconds, all six digits of them.
static PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));

/// Capture time: nanoseconds since the Unix epoch, as the link stamped the frame. It reaches to the year 2554.
///
/// Held one higher than it is, so that `Option<Nanos>` is no larger: a call remembers several.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Nanos(NonZeroU64);

impl Nanos {
    /// The Unix epoch: what an unstamped frame carries.
    pub const ZERO: Self = Self::new(0);
    /// Later than every frame.
    pub const MAX: Self = Self(NonZeroU64::MAX);

    /// The instant so many nanoseconds after the Unix epoch, held at [`Nanos::MAX`].
    #[must_use]
    pub const fn new(nanos: u64) -> Self {
        match NonZeroU64::new(nanos.saturating_add(1)) {
            Some(held) => Self(held),
            None => Self::MAX,
        }
    }

    /// The instant `secs` seconds and `nanos` nanoseconds after the epoch, held at [`Nanos::MAX`] past the year 2554.
    #[must_use]
    pub const fn from_parts(secs: u64, nanos: u64) -> Self {
        Self::new(secs.saturating_mul(1_000_000_000).saturating_add(nanos))
    }

    /// Nanoseconds since the Unix epoch.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0.get() - 1
    }

    /// Whole microseconds since the Unix epoch, as records show them.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.get() / 1_000
    }

    /// How long after `earlier` this is; zero when it is not later, since a link may stamp frames out of order.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.nanos_since(earlier))
    }

    /// Nanoseconds from `earlier` to this, zero when it is not later: [`Nanos::since`] for the packet path.
    #[must_use]
    pub const fn nanos_since(self, earlier: Self) -> u64 {
        self.0.get().saturating_sub(earlier.0.get())
    }

    /// This instant moved `by` earlier, held at the epoch.
    #[must_use]
    pub const fn before(self, by: Duration) -> Self {
        Self::new(self.get().saturating_sub(by.as_nanos() as u64))
    }

    /// This instant moved `by` later, held at [`Nanos::MAX`].
    #[must_use]
    pub const fn after(self, by: Duration) -> Self {
        let by = by.as_secs().saturating_mul(1_000_000_000).saturating_add(by.subsec_nanos() as u64);
        Self::new(self.get().saturating_add(by))
    }

    /// As records show it: RFC 3339 in UTC with microseconds.
    #[must_use]
    pub fn rfc3339(self) -> String {
        PRINTER.timestamp_to_string(&Timestamp::from_nanosecond(self.get().into()).unwrap_or(Timestamp::MAX))
    }
}

impl Default for Nanos {
    fn default() -> Self {
        Self::ZERO
    }
}

/// Seconds since the epoch with nine decimals, for tests and panics: records are written by `greyline`.
impl fmt::Debug for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}s", self.get() / 1_000_000_000, self.get() % 1_000_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_running_backwards_is_no_time() {
        let (early, late) = (Nanos::from_parts(1, 0), Nanos::from_parts(2, 5));
        assert_eq!(late.since(early), Duration::from_nanos(1_000_000_005));
        assert_eq!(early.since(late), Duration::ZERO);
        assert_eq!(early.after(Duration::from_nanos(1_000_000_005)), late);
        assert_eq!(Nanos::from_parts(u64::MAX, 1), Nanos::MAX);
        assert_eq!((Nanos::new(7).get(), Nanos::ZERO.get(), size_of::<Option<Nanos>>()), (7, 0, 8));
    }

    #[test]
    fn records_show_all_six_digits() {
        assert_eq!(Nanos::from_parts(1_700_000_000, 1_234_567).rfc3339(), "2023-11-14T22:13:20.001234Z");
        assert_eq!(Nanos::ZERO.rfc3339(), "1970-01-01T00:00:00.000000Z");
        assert_eq!(Nanos::MAX.rfc3339(), "2554-07-21T23:34:33.709551Z");
    }
}

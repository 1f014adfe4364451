//! The time of day where a phone rings, by the tz database that is built in, never by the machine's.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use types::Nanos;

use crate::place::Zone;

const DAY_SECS: i64 = 86_400;

/// A moment on the clocks of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Seconds east of UTC in force then.
    pub offset_secs: i32,
    /// Days since Monday, 0 to 6.
    pub weekday: u8,
    /// Seconds since local midnight as the clock shows them, 0 to 86,399.
    pub second_of_day: u32,
}

impl LocalTime {
    /// Hour of the day, 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u8 {
        (self.second_of_day / 3_600) as u8
    }
}

/// A stretch of time over which a zone keeps one offset, in seconds since the Unix epoch.
#[derive(Clone, Copy, Default)]
struct Span {
    from: i64,
    until: i64,
    offset_secs: i32,
}

/// The clocks of all zones. It remembers between which two changes each of them last stood, 24 bytes a zone, so that
/// only the first question after a change reaches the tz database.
pub struct Clocks {
    spans: Box<[Span]>,
}

impl Default for Clocks {
    fn default() -> Self {
        Self { spans: vec![Span::default(); Zone::COUNT].into() }
    }
}

impl Clocks {
    /// What the clocks of `zone` show at `at`.
    pub fn local_time(&mut self, zone: Zone, at: Nanos) -> LocalTime {
        let now = (at.get() / 1_000_000_000) as i64;
        let offset_secs = match self.spans.get_mut(usize::from(zone.0)) {
            Some(span) if span.from <= now && now < span.until => span.offset_secs,
            Some(span) => {
                *span = span_around(zone, now);
                span.offset_secs
            }
            None => 0,
        };
        let local = now + i64::from(offset_secs);
        // 1970-01-01 was a Thursday.
        let weekday = (local.div_euclid(DAY_SECS) + 3).rem_euclid(7) as u8;
        LocalTime { offset_secs, weekday, second_of_day: local.rem_euclid(DAY_SECS) as u32 }
    }
}

/// The stretch of one offset that `now` lies in. A zone the tz database does not have keeps UTC, which a test rules out.
#[cold]
fn span_around(zone: Zone, now: i64) -> Span {
    let clock = TimeZoneDatabase::bundled().get(zone.name()).unwrap_or(TimeZone::UTC);
    let second = |secs: i64| Timestamp::from_second(secs).unwrap_or(Timestamp::MAX);
    Span {
        // `preceding` is strict, and a change at this very second already holds.
        from: clock.preceding(second(now + 1)).next().map_or(i64::MIN, |change| change.timestamp().as_second()),
        until: clock.following(second(now)).next().map_or(i64::MAX, |change| change.timestamp().as_second()),
        offset_secs: clock.to_offset(second(now)).seconds(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::all().find(|zone| zone.name() == name).unwrap()
    }

    fn check(clocks: &mut Clocks, name: &str, utc: &str, local: &str) {
        let at: Timestamp = utc.parse().unwrap();
        let time = clocks.local_time(zone(name), Nanos::new(at.as_nanosecond() as u64));
        let (hour, minute) = (time.hour(), time.second_of_day / 60 % 60);
        let day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][usize::from(time.weekday)];
        assert_eq!(format!("{day} {hour:02}:{minute:02}"), local, "{name} {utc}");
    }

    #[test]
    fn clocks_follow_the_sun_and_the_law() {
        let mut clocks = Clocks::default();
        check(&mut clocks, "Europe/London", "2026-01-15T12:00:00Z", "Thu 12:00");
        check(&mut clocks, "Europe/London", "2026-07-15T12:00:00Z", "Wed 13:00");
        check(&mut clocks, "Europe/London", "2026-01-15T12:00:00Z", "Thu 12:00"); // Back in time, as merged files may go.
        check(&mut clocks, "America/New_York", "2026-03-08T06:59:59Z", "Sun 01:59");
        check(&mut clocks, "America/New_York", "2026-03-08T07:00:00Z", "Sun 03:00");
        check(&mut clocks, "America/New_York", "2026-11-01T05:59:59Z", "Sun 01:59");
        check(&mut clocks, "America/New_York", "2026-11-01T06:00:00Z", "Sun 01:00");
        check(&mut clocks, "Asia/Calcutta", "2026-11-23T19:00:00Z", "Tue 00:30");
        // Zones of half and quarter hours that change their clocks too; one changes them by half an hour.
        check(&mut clocks, "Australia/Adelaide", "2026-10-03T16:29:59Z", "Sun 01:59");
        check(&mut clocks, "Australia/Adelaide", "2026-10-03T16:30:00Z", "Sun 03:00");
        check(&mut clocks, "America/St_Johns", "2026-03-08T05:29:59Z", "Sun 01:59");
        check(&mut clocks, "America/St_Johns", "2026-03-08T05:30:00Z", "Sun 03:00");
        check(&mut clocks, "Asia/Katmandu", "2026-11-23T18:15:00Z", "Tue 00:00");
        check(&mut clocks, "Australia/Sydney", "2026-01-01T00:00:00Z", "Thu 11:00");
        check(&mut clocks, "Asia/Karachi", "1970-01-01T00:00:00Z", "Thu 05:00");
    }

    #[test]
    fn every_zone_is_in_the_tz_database() {
        for zone in Zone::all() {
            assert!(TimeZoneDatabase::bundled().get(zone.name()).is_ok(), "{}", zone.name());
        }
    }

    #[test]
    fn the_memory_changes_no_answer() {
        let mut clocks = Clocks::default();
        for zone in Zone::all() {
            let clock = TimeZoneDatabase::bundled().get(zone.name()).unwrap();
            for hours in (0..24 * 365 * 70_i64).step_by(24 * 31 + 7) {
                let offset = clock.to_offset(Timestamp::from_second(hours * 3600).unwrap()).seconds();
                let time = clocks.local_time(zone, Nanos::from_parts(hours as u64 * 3600, 0));
                assert_eq!(time.offset_secs, offset, "{} at {hours} h", zone.name());
            }
        }
    }
}

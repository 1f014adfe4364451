//! What day and hour it is where a telephone rings: the tz database, and the weekend of the country.

use numbers::{Clocks, Country, Zone, look_up};
use types::{E164, Nanos};

use crate::random::{mix, unit};

/// Microseconds of a second, and of a day.
pub(crate) const SECOND_US: u64 = 1_000_000;
/// Microseconds of a day.
pub(crate) const DAY_US: u64 = 86_400 * SECOND_US;

/// A moment where somebody lives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Local {
    /// Seconds since local midnight.
    pub(crate) second: u32,
    /// Days since the epoch by the local calendar.
    pub(crate) day: i64,
    /// Whether that day is one of rest there.
    pub(crate) weekend: bool,
}

impl Local {
    /// Hour of the day with its fraction.
    pub(crate) fn hour(self) -> f64 {
        f64::from(self.second) / 3_600.0
    }
}

/// The clocks and weeks of all places.
#[derive(Default)]
pub(crate) struct Calendar {
    clocks: Clocks,
}

impl Calendar {
    /// The moment `at_us` (microseconds since the epoch) for whoever has this number.
    pub(crate) fn local(&mut self, number: E164, at_us: u64) -> Local {
        let place = look_up(number);
        let zone = home_zone(number, place.zones.iter().map(|zone| (zone.zone, zone.share)));
        self.local_in(zone, place.country, at_us)
    }

    /// The moment `at_us` in a zone of a country; UTC without a zone.
    pub(crate) fn local_in(&mut self, zone: Option<Zone>, country: Country, at_us: u64) -> Local {
        let at = Nanos::new(at_us * 1_000);
        let (second, weekday, offset) = match zone.map(|zone| self.clocks.local_time(zone, at)) {
            Some(time) => (time.second_of_day, time.weekday, i64::from(time.offset_secs)),
            // 1970-01-01 was a Thursday.
            None => ((at_us / SECOND_US % 86_400) as u32, ((at_us / DAY_US + 3) % 7) as u8, 0),
        };
        let day = ((at_us / SECOND_US) as i64 + offset).div_euclid(86_400);
        Local { second, day, weekend: rests(country, weekday) }
    }
}

/// The one zone in which the holder of a number lives: where the number leaves several, their shares decide, and always
/// alike.
fn home_zone(number: E164, zones: impl Iterator<Item = (Zone, f32)>) -> Option<Zone> {
    let mut left = unit(mix(number.reveal(), 0x20_0e)) as f32;
    let mut last = None;
    for (zone, share) in zones {
        last = Some(zone);
        left -= share;
        if left < 0.0 {
            break;
        }
    }
    last
}

/// Whether people rest on this weekday (0 is Monday): Friday and Saturday in much of the Arab world, in Israel and
/// Bangladesh, Friday in Iran, Saturday in Nepal.
fn rests(country: Country, weekday: u8) -> bool {
    match country.as_str() {
        "SA" | "EG" | "BD" | "IL" | "JO" | "KW" | "QA" | "OM" | "BH" | "IQ" | "LY" | "SD" | "SY" | "YE" | "DZ" => {
            matches!(weekday, 4 | 5)
        }
        "IR" | "AF" => matches!(weekday, 3 | 4),
        "NP" => weekday == 5,
        _ => matches!(weekday, 5 | 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `at` is RFC 3339; the number decides the place.
    fn check(number: u64, at: &str, hour: f64, weekend: bool) {
        let at: jiff::Timestamp = at.parse().unwrap();
        let local = Calendar::default().local(E164::new(number).unwrap(), at.as_microsecond() as u64);
        assert!((local.hour() - hour).abs() < 1e-9, "{number} {at}: {local:?}");
        assert_eq!(local.weekend, weekend, "{number} {at}");
    }

    #[test]
    fn days_and_hours_are_those_of_the_place() {
        check(442079460001, "2026-03-29T00:59:00Z", 59.0 / 60.0, true); // A minute before summer time,
        check(442079460001, "2026-03-29T01:00:00Z", 2.0, true); // and after.
        check(97714200000, "2026-03-28T06:15:00Z", 12.0, true); // Nepal, UTC+5:45, rests on Saturday,
        check(97714200000, "2026-03-29T06:15:00Z", 12.0, false); // and works on Sunday.
        check(966112000000, "2026-03-27T09:00:00Z", 12.0, true); // Riyadh on a Friday,
        check(966112000000, "2026-03-29T09:00:00Z", 12.0, false); // and on a Sunday.
        check(919812345678, "2026-03-30T00:00:00Z", 5.5, false); // India, UTC+5:30.
    }
}

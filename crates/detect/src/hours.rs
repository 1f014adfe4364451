//! Working hours where a phone rings: by the callee's own clocks and the week of the callee's country.

use numbers::{Clocks, LocalTime, Place};
use types::Nanos;

/// Working hours, in minutes of the local day.
const OPENS: u32 = 9 * 60;
const CLOSES: u32 = 18 * 60;

/// Share of a number's people who must agree before its hour says anything: a number that may ring in half a continent
/// says nothing at the edges of the day.
const AGREE_MIN: f32 = 0.9;

/// Days of rest, Monday = 0, of the countries that do not rest on Saturday and Sunday. Source: the weekends in Unicode
/// CLDR's supplemental week data, and official changes since (AE 2022).
const RESTING: [(&str, &[u8]); 21] = [
    ("AF", &[3, 4]),
    ("BD", &[4, 5]),
    ("BH", &[4, 5]),
    ("BN", &[4, 6]),
    ("DZ", &[4, 5]),
    ("EG", &[4, 5]),
    ("IL", &[4, 5]),
    ("IN", &[6]),
    ("IQ", &[4, 5]),
    ("IR", &[4]),
    ("JO", &[4, 5]),
    ("KW", &[4, 5]),
    ("LY", &[4, 5]),
    ("MV", &[4, 5]),
    ("NP", &[5]),
    ("OM", &[4, 5]),
    ("QA", &[4, 5]),
    ("SA", &[4, 5]),
    ("SD", &[4, 5]),
    ("SY", &[4, 5]),
    ("YE", &[4, 5]),
];

fn rests(country: &str, weekday: u8) -> bool {
    let own = RESTING.iter().find(|(code, _)| *code == country);
    own.map_or(weekday >= 5, |(_, days)| days.contains(&weekday))
}

fn at_work(country: &str, local: LocalTime) -> bool {
    let minute = local.second_of_day / 60;
    !rests(country, local.weekday) && (OPENS..CLOSES).contains(&minute)
}

/// Whether it is working time at `place`; `None` where its zones do not agree, or are not known.
#[must_use]
pub fn business_hours(clocks: &mut Clocks, place: &Place, at: Nanos) -> Option<bool> {
    let country = place.country.as_str();
    let mut working = 0.0;
    for zone in place.zones {
        if at_work(country, clocks.local_time(zone.zone, at)) {
            working += zone.share;
        }
    }
    match () {
        () if place.zones.is_empty() => None,
        () if working >= AGREE_MIN => Some(true),
        () if working <= 1.0 - AGREE_MIN => Some(false),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use numbers::look_up;
    use types::E164;

    use super::*;

    /// Seconds since the epoch, a number, and what its clock says.
    fn check(at: u64, digits: u64, expected: Option<bool>) {
        let place = look_up(E164::new(digits).unwrap());
        let told = business_hours(&mut Clocks::default(), place, Nanos::from_parts(at, 0));
        assert_eq!(told, expected, "+{digits} at {at}");
    }

    #[test]
    fn hours_are_those_of_the_callee() {
        // Monday 2 November 2026, 00:00 UTC.
        const MONDAY: u64 = 1_793_577_600;
        check(MONDAY + 10 * 3_600, 441_632_960_001, Some(true)); // 10:00 in London
        check(MONDAY + 10 * 3_600, 61_255_500_001, Some(false)); // 21:00 in Sydney
        check(MONDAY + 3 * 3_600, 61_255_500_001, Some(true)); // 14:00 in Sydney
        check(MONDAY + 15 * 3_600, 12_125_550_101, Some(true)); // 10:00 in New York
        check(MONDAY + 3 * 3_600 + 45 * 60, 97_714_123_456, Some(true)); // 09:30 in Kathmandu
        check(MONDAY + 3 * 3_600 + 10 * 60, 97_714_123_456, Some(false)); // 08:55 in Kathmandu
        check(MONDAY + 4 * 86_400 + 10 * 3_600, 966_112_345_678, Some(false)); // a Friday in Riyadh
        check(MONDAY + 6 * 86_400 + 10 * 3_600, 966_112_345_678, Some(true)); // a Sunday in Riyadh
    }
}

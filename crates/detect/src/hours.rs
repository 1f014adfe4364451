//! The hour where a phone rings, and whether it is a working one: by the callee's own clocks and the week of the callee's country.

use numbers::{Clocks, LocalTime, Place};
use types::Nanos;

use crate::settings::WorkHours;

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

fn at_work(country: &str, local: LocalTime, work: WorkHours) -> bool {
    let minute = local.second_of_day / 60;
    !rests(country, local.weekday) && (work.opens..work.closes).contains(&minute)
}

/// What a clock shows where a phone rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// The part of the world.
    pub region: &'static str,
    /// Whether it is working time there.
    pub working: bool,
    /// The hour there, 0 to 23, by the likeliest of its zones.
    pub hour: u8,
}

/// What the clocks show at `place`; `None` where they do not agree whether it is working time, or are not known.
#[must_use]
pub fn local(clocks: &mut Clocks, work: WorkHours, place: &Place, at: Nanos) -> Option<Local> {
    let working = business_hours(clocks, work, place, at)?;
    let likeliest = place.zones.iter().max_by(|a, b| a.share.total_cmp(&b.share))?;
    let hour = (clocks.local_time(likeliest.zone, at).second_of_day / 3_600) as u8;
    Some(Local { region: place.region(), working, hour })
}

/// Whether it is working time at `place`; `None` where its zones do not agree, or are not known.
#[must_use]
pub fn business_hours(clocks: &mut Clocks, work: WorkHours, place: &Place, at: Nanos) -> Option<bool> {
    let country = place.country.as_str();
    let mut working = 0.0;
    for zone in place.zones {
        if at_work(country, clocks.local_time(zone.zone, at), work) {
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
        let work = WorkHours { opens: 9 * 60, closes: 18 * 60 };
        let told = business_hours(&mut Clocks::default(), work, place, Nanos::from_parts(at, 0));
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

    /// The local minutes of a day that are working time, by steps of five minutes over the hours the day has there.
    fn working_minutes(digits: u64, midnight: u64, hours: u64) -> Vec<u64> {
        let place = look_up(E164::new(digits).unwrap());
        let mut clocks = Clocks::default();
        let mut minutes = Vec::new();
        for at in (midnight..midnight + hours * 3_600).step_by(300) {
            let at = Nanos::from_parts(at, 0);
            let told = business_hours(&mut clocks, WorkHours { opens: 9 * 60, closes: 18 * 60 }, place, at);
            let locals = place.zones.iter().map(|zone| clocks.local_time(zone.zone, at)).collect::<Vec<_>>();
            assert!(told.is_some(), "+{digits} lies in one zone");
            if told == Some(true) {
                minutes.push(u64::from(locals[0].second_of_day / 60));
            }
        }
        minutes
    }

    /// Whatever the clocks do in the night, the working day is the one of every other day, minute by minute: what a call says
    /// is the same.
    #[test]
    fn a_day_after_a_change_is_a_day() {
        let nine_to_six: Vec<u64> = (9 * 60..18 * 60).step_by(5).collect();
        let day = |utc: &str| utc.parse::<jiff::Timestamp>().unwrap().as_second() as u64;
        // Local midnight in UTC, and how many hours the day has.
        for (digits, midnight, hours) in [
            (442_079_460_001, "2026-03-27T00:00Z", 24), // London, the last Friday of winter time
            (442_079_460_001, "2026-03-29T23:00Z", 24), // the first Monday of summer time
            (442_079_460_001, "2026-10-26T00:00Z", 24), // the first Monday of winter time
            (12_125_550_101, "2026-03-06T05:00Z", 24),  // New York
            (12_125_550_101, "2026-03-09T04:00Z", 24),
            (12_125_550_101, "2026-11-02T05:00Z", 24),
            (61_255_500_001, "2026-04-05T14:00Z", 24), // Sydney, back to UTC+10
            (97_714_123_456, "2026-11-22T18:15Z", 24), // Kathmandu: UTC+5:45
            (911_123_456_789, "2026-11-22T18:30Z", 24), // Delhi: UTC+5:30
            (982_112_345_678, "2026-11-20T20:30Z", 24), // Tehran, a Saturday, which is worked: UTC+3:30
            (97_235_555_555, "2026-10-24T21:00Z", 25), // Tel Aviv, a Sunday, which is worked, of 25 hours
            (97_235_555_555, "2026-10-31T22:00Z", 24),
            (20_223_456_789, "2026-10-28T21:00Z", 25), // Cairo, a Thursday of 25 hours
            (20_223_456_789, "2026-11-04T22:00Z", 24),
        ] {
            assert_eq!(working_minutes(digits, day(midnight), hours), nine_to_six, "+{digits} from {midnight}");
        }
    }
}

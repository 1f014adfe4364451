//! The hour where a phone rings, and whether it is a working one: by the callee's own clocks and the week of the callee's country.

use std::collections::BTreeMap;

use config::{Flaw, Mistake, data};
use numbers::{Clocks, Country, LocalTime, Place};
use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::saved::region;
use crate::settings::WorkHours;

/// The weeks that come with the program.
pub(crate) const OURS: &str = include_str!("../data/hours.toml");

/// Share of a number's people who must agree before its hour says anything: a number that may ring in half a continent
/// says nothing at the edges of the day.
const AGREE_MIN: f32 = 0.9;
/// Saturday and Sunday, a bit a day from Monday on.
const WEEKEND: u8 = 0b110_0000;

/// When people work, country by country: a versioned file, ours unless the operator names another.
#[derive(Debug)]
pub struct Weeks {
    version: String,
    /// The countries that differ from the others, in order.
    weeks: Vec<(Country, Week)>,
}

/// A country's week.
#[derive(Clone, Copy, Debug)]
struct Week {
    /// Days of rest, a bit a day from Monday on.
    rests: u8,
    /// Working hours, where they are not those of the configuration.
    hours: Option<WorkHours>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    rests: BTreeMap<config::Country, Vec<Weekday>>,
    works: BTreeMap<config::Country, Works>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Works {
    from_hour: u8,
    to_hour: u8,
}

impl Weeks {
    /// Reads a file.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        let file: File = data(text, flaws)?;
        let mut weeks: BTreeMap<Country, Week> = BTreeMap::new();
        for (country, days) in &file.rests {
            let rests = days.iter().fold(0, |bits, day| bits | 1 << *day as u8);
            weeks.insert(country.get(), Week { rests, hours: None });
        }
        for (country, works) in &file.works {
            let hours = WorkHours { opens: u32::from(works.from_hour) * 60, closes: u32::from(works.to_hour) * 60 };
            weeks.entry(country.get()).or_insert(Week { rests: WEEKEND, hours: None }).hours = Some(hours);
        }
        Ok(Self { version: file.version, weeks: weeks.into_iter().collect() })
    }

    /// Version written in the file.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether it is working time in a country; `usual` are the hours of countries that have none of their own.
    fn at_work(&self, country: Country, local: LocalTime, usual: WorkHours) -> bool {
        let own = self.weeks.binary_search_by_key(&country, |(country, _)| *country).ok();
        let week = own.and_then(|place| self.weeks.get(place)).map(|(_, week)| week);
        let work = week.and_then(|week| week.hours).unwrap_or(usual);
        let rests = week.map_or(WEEKEND, |week| week.rests) >> local.weekday & 1 == 1;
        !rests && (work.opens..work.closes).contains(&(local.second_of_day / 60))
    }
}

fn flaws(file: &File) -> Vec<Flaw> {
    let wrong = file.works.iter().filter(|(_, works)| works.from_hour >= works.to_hour || works.to_hour > 24);
    let told = wrong.map(|(country, works)| {
        let what = format!(
            "{country} works from {} to {}: whole hours of a day are wanted, the first before the last, such as {{ \
             from_hour = 9, to_hour = 18 }}",
            works.from_hour, works.to_hour
        );
        Flaw::error(format!("works/{country}"), what)
    });
    told.collect()
}

/// A part of the world by its name in the tz database: `Europe`. (To `serde`, a reference that is written out would be to what is
/// read.)
pub type RegionName = &'static str;

/// What a clock shows where a phone rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Local {
    /// The part of the world.
    #[serde(with = "region")]
    pub region: RegionName,
    /// Whether it is working time there.
    pub working: bool,
    /// The hour there, 0 to 23, by the likeliest of its zones.
    pub hour: u8,
}

/// What the clocks show at `place`; `None` where they do not agree whether it is working time, or are not known.
#[must_use]
pub fn local(clocks: &mut Clocks, weeks: &Weeks, work: WorkHours, place: &Place, at: Nanos) -> Option<Local> {
    let working = business_hours(clocks, weeks, work, place, at)?;
    let likeliest = place.zones.iter().max_by(|a, b| a.share.total_cmp(&b.share))?;
    let hour = (clocks.local_time(likeliest.zone, at).second_of_day / 3_600) as u8;
    Some(Local { region: place.region(), working, hour })
}

/// Whether it is working time at `place`; `None` where its zones do not agree, or are not known.
#[must_use]
pub fn business_hours(clocks: &mut Clocks, weeks: &Weeks, work: WorkHours, place: &Place, at: Nanos) -> Option<bool> {
    let mut working = 0.0;
    for zone in place.zones {
        if weeks.at_work(place.country, clocks.local_time(zone.zone, at), work) {
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
        let told =
            business_hours(&mut Clocks::default(), &Weeks::read(OURS).unwrap(), work, place, Nanos::from_parts(at, 0));
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
        let (mut clocks, weeks) = (Clocks::default(), Weeks::read(OURS).unwrap());
        let mut minutes = Vec::new();
        for at in (midnight..midnight + hours * 3_600).step_by(300) {
            let at = Nanos::from_parts(at, 0);
            let work = WorkHours { opens: 9 * 60, closes: 18 * 60 };
            let told = business_hours(&mut clocks, &weeks, work, place, at);
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

    #[test]
    fn weeks_are_what_the_file_says() {
        // Monday 2 November 2026, 12:00 UTC, in London.
        let told = |file: &str| {
            let (weeks, work) = (Weeks::read(file).unwrap(), WorkHours { opens: 9 * 60, closes: 18 * 60 });
            let at = Nanos::from_parts(1_793_577_600 + 12 * 3_600, 0);
            let place = look_up(E164::new(441_632_960_001).unwrap());
            business_hours(&mut Clocks::default(), &weeks, work, place, at)
        };
        assert_eq!(told("version = \"1\"\n[rests]\n[works]\n"), Some(true));
        assert_eq!(told("version = \"1\"\n[rests]\nGB = [\"monday\"]\n[works]\n"), Some(false));
        assert_eq!(told("version = \"1\"\n[rests]\n[works]\nGB = { from_hour = 13, to_hour = 20 }\n"), Some(false));
        assert_eq!(told("version = \"1\"\n[rests]\n[works]\nIE = { from_hour = 13, to_hour = 20 }\n"), Some(true));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_at_its_place() {
        let check = |rests: &str, works: &str, expected: &str| {
            let said = Weeks::read(&format!("version = \"1\"\n[rests]\n{rests}\n[works]\n{works}\n")).unwrap_err();
            assert!(said[0].to_string().starts_with(expected), "{said:?}");
        };
        check("", "ES = { from_hour = 18, to_hour = 9 }", "5:1: error: ES works from 18 to 9: whole hours");
        check("ES = [\"mittwoch\"]", "", "3:7: error: unknown variant `mittwoch`, expected one of `monday`");
        check("UK = [\"sunday\"]", "", "3:1: error: \"UK\" is no code of ISO 3166: did you mean \"GB\"?");
    }
}

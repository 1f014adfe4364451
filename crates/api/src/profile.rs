//! What the calls of an alert are like together: when they came, at what hour where they rang, where to.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use numbers::{Clocks, Zone, look_up};
use serde::{Deserialize, Serialize};
use store::{Archive, Found, Query, StoreError};
use types::{E164, Nanos};
use utoipa::ToSchema;

use crate::Api;
use crate::alerts::{all_of, named};
use crate::live::CountryJson;
use crate::problem::{Problem, Refusals};
use crate::show::time;

/// Calls that are looked at: the latest of them.
const CALLS_MAX: usize = 20_000;
/// Calls that are read at once.
const PAGE: usize = 2_000;
/// Stretches of time into which calls are counted at most.
const STRETCHES_MAX: u64 = 240;
/// The least stretch.
const MINUTE: u64 = 60_000_000_000;
/// Time zones that are named at most.
const ZONES_MAX: usize = 8;
/// Hours of a week.
const WEEK_HOURS: usize = 168;

/// What the calls of an alert are like together.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Profile {
    /// By what they are found: `counted`, those that the alert counts; where the store was not told which these are, `entity`, all calls in its
    /// time of the entity that leads, or of one that belongs to it; `sample`, those that the alert names.
    basis: &'static str,
    /// Calls that were looked at.
    calls: u64,
    /// Whether there are more, which were not: these are the latest then.
    cut: bool,
    /// Length of a stretch of time, in seconds.
    stretch_s: u64,
    /// Calls by stretch of time, those without any left out: when it began, calls, and of these answered.
    stretches: Vec<Stretch>,
    /// Calls by hour of the week where they rang, from Monday 00:00: 168 counts.
    local_hours: Vec<u64>,
    /// Calls whose hour where they rang is not known.
    unplaced: u64,
    /// Calls by the likeliest time zone of the number that was called, the most first: at most eight.
    zones: Vec<ZoneJson>,
    /// Calls by country they went to, the most first.
    countries: Vec<CountryJson>,
    /// What became of them: words of `outcome`, and calls.
    outcomes: BTreeMap<String, u64>,
    /// Calls by seconds talked: below 5, 10, 30, 60, 120, 300, 600, and longer; unanswered ones left out.
    talked: Vec<u64>,
}

/// A time zone, and calls that went there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Zone)]
struct ZoneJson {
    /// Its IANA name, such as `Europe/London`.
    zone: &'static str,
    /// Calls.
    calls: u64,
}

/// A stretch of time.
#[derive(Debug, Serialize, ToSchema)]
struct Stretch {
    /// When it began.
    #[schema(format = DateTime)]
    time: String,
    /// Calls that began in it.
    calls: u64,
    /// Of these, answered.
    answered: u64,
}

/// What is read of a call.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    outcome: String,
    callee: Callee,
    talk_ms: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Callee {
    number: Option<String>,
    country: Option<String>,
}

/// Bounds of what is counted in `talked`, in milliseconds.
const TALKED: [f64; 7] = [5e3, 10e3, 30e3, 60e3, 120e3, 300e3, 600e3];

/// What the calls of an alert are like together.
#[utoipa::path(get, path = "/alerts/{id}/profile", tag = "alerts",
    params(("id" = String, Path, description = "Its `alert_id`.")),
    responses((status = 200, body = Profile), Refusals))]
pub(crate) async fn profile(State(api): State<Api>, Path(id): Path<String>) -> Result<Json<Profile>, Problem> {
    let profile = api.reads().ask(move |archive| {
        let alert = archive.alert(&id).map_err(Problem::from)?.ok_or(Problem::Absent("alert"))?;
        let (basis, calls, cut) = match all_of(archive, &alert).map_err(Problem::from)? {
            Some((basis, query)) => {
                let (calls, cut) = latest(archive, query).map_err(Problem::from)?;
                (basis, calls, cut)
            }
            None => ("sample", named(archive, &alert).map_err(Problem::from)?.0, false),
        };
        Ok::<_, Problem>(Profile { basis, cut, ..of(&calls) })
    });
    profile.await.map(Json)
}

/// The latest calls, and whether there are more.
fn latest(archive: &mut Archive, query: Query) -> Result<(Vec<Found>, bool), StoreError> {
    let (mut query, mut calls) = (Query { most: PAGE, ..query }, Vec::new());
    loop {
        let page = archive.calls(&query)?;
        calls.extend(page.calls);
        query.behind = page.next;
        if query.behind.is_none() || calls.len() >= CALLS_MAX {
            return Ok((calls, query.behind.is_some()));
        }
    }
}

fn of(calls: &[Found]) -> Profile {
    let times = || calls.iter().map(|found| found.at);
    let (first, last) = (times().min().unwrap_or_default(), times().max().unwrap_or_default());
    // Whole minutes, so few that a page shows them all.
    let stretch = (last.nanos_since(first) / STRETCHES_MAX / MINUTE + 1) * MINUTE;
    let mut stretches: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    let mut countries: BTreeMap<String, u64> = BTreeMap::new();
    let mut zones: BTreeMap<&str, u64> = BTreeMap::new();
    let mut profile = Profile {
        calls: calls.len() as u64,
        stretch_s: stretch / 1_000_000_000,
        local_hours: vec![0; WEEK_HOURS],
        talked: vec![0; TALKED.len() + 1],
        ..Profile::default()
    };
    let mut clocks = Clocks::default();
    for found in calls {
        let call: Told = serde_json::from_str(&found.record).unwrap_or_default();
        let answered = call.outcome == "answered";
        let counts = stretches.entry(found.at.get() / stretch).or_default();
        *counts = (counts.0 + 1, counts.1 + u64::from(answered));
        let zone = call.callee.number.as_deref().and_then(likeliest_zone);
        zone.into_iter().for_each(|zone| *zones.entry(zone.name()).or_default() += 1);
        let hour = zone.map(|zone| local_hour(&mut clocks, zone, found.at));
        match hour.and_then(|hour| profile.local_hours.get_mut(hour)) {
            Some(count) => *count += 1,
            None => profile.unplaced += 1,
        }
        *countries.entry(call.callee.country.unwrap_or_else(|| "ZZ".to_owned())).or_default() += 1;
        *profile.outcomes.entry(call.outcome).or_default() += 1;
        if let Some(talked) = call.talk_ms.filter(|_| answered) {
            let bucket = TALKED.iter().position(|&bound| talked < bound).unwrap_or(TALKED.len());
            profile.talked.get_mut(bucket).into_iter().for_each(|count| *count += 1);
        }
    }
    let stretches = stretches.into_iter();
    profile.stretches = stretches
        .map(|(at, (calls, answered))| Stretch { time: time(Nanos::new(at * stretch)), calls, answered })
        .collect();
    profile.countries = countries.into_iter().map(|(country, calls)| CountryJson { country, calls }).collect();
    profile.countries.sort_by(|a, b| b.calls.cmp(&a.calls).then_with(|| a.country.cmp(&b.country)));
    profile.zones = zones.into_iter().map(|(zone, calls)| ZoneJson { zone, calls }).collect();
    profile.zones.sort_by_key(|zone| std::cmp::Reverse(zone.calls));
    profile.zones.truncate(ZONES_MAX);
    profile
}

/// The time zone in which the phone of a number most likely rings.
pub(crate) fn likeliest_zone(number: &str) -> Option<Zone> {
    let number = E164::from_digits(number.strip_prefix('+')?.as_bytes())?;
    Some(look_up(number).zones.iter().max_by(|a, b| a.share.total_cmp(&b.share))?.zone)
}

/// The hour of the week on the clock of a zone.
fn local_hour(clocks: &mut Clocks, zone: Zone, at: Nanos) -> usize {
    let local = clocks.local_time(zone, at);
    usize::from(local.weekday) * 24 + usize::from(local.hour())
}

#[cfg(test)]
mod tests {
    use store::{Day, Place};

    use super::*;

    #[test]
    fn calls_are_counted_by_time_place_and_length() {
        // A Saturday, 10:00 UTC.
        let begun = 1_795_860_000_u64;
        let call = |minute: u64, number: &str, country: &str, talk: Option<u32>| {
            let at = Nanos::from_parts(begun + 60 * minute, 0);
            let (outcome, talk) = talk.map_or(("busy", String::new()), |ms| ("answered", format!(",\"talk_ms\":{ms}")));
            let record =
                format!(r#"{{"outcome":"{outcome}","callee":{{"number":"{number}","country":"{country}"}}{talk}}}"#);
            Found { place: Place { day: Day::of(at), id: 1 }, at, counted_by: None, record }
        };
        let calls = [
            call(0, "+441632960001", "GB", Some(4_000)),
            call(0, "+441632960002", "GB", None),
            call(479, "+12125550101", "US", Some(700_000)),
            Found { record: "{}".to_owned(), ..call(479, "", "", None) },
        ];
        let profile = of(&calls);
        assert_eq!((profile.calls, profile.stretch_s, profile.unplaced), (4, 120, 1));
        let stretches: Vec<_> = profile.stretches.iter().map(|it| (it.calls, it.answered)).collect();
        assert_eq!(stretches, [(2, 1), (2, 1)]);
        let hours: Vec<_> = (0..).zip(&profile.local_hours).filter(|(_, count)| **count > 0).collect();
        // 10:00 in London, and 17:59 UTC is 12:59 in New York.
        assert_eq!(hours, [(5 * 24 + 10, &2), (5 * 24 + 12, &1)]);
        let countries: Vec<_> = profile.countries.iter().map(|it| (it.country.as_str(), it.calls)).collect();
        assert_eq!(countries, [("GB", 2), ("US", 1), ("ZZ", 1)]);
        let zones: Vec<_> = profile.zones.iter().map(|it| (it.zone, it.calls)).collect();
        assert_eq!(zones, [("Europe/London", 2), ("America/New_York", 1)]);
        assert_eq!(profile.talked, [1, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(of(&[]).stretches.len(), 0);
    }
}

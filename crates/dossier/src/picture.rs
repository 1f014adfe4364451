//! Pictures as what they show: bars over time, squares of hours.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use numbers::{Clocks, look_up};
use types::Nanos;

use crate::facts::{Call, moment};
use crate::words::{Of, Words, grouped};

/// Bars of a timeline at most.
const BARS_MAX: u64 = 60;
/// Lengths of time that a bar may stand for, in seconds.
const BUCKETS: [u64; 14] = [10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800];
const NANOS: u64 = 1_000_000_000;

/// A moment as people read it, UTC.
pub(crate) fn clock(at: Nanos) -> String {
    stamp(at, "%Y-%m-%d %H:%M:%S")
}

fn stamp(at: Nanos, form: &str) -> String {
    let stamp = Timestamp::from_nanosecond(i128::from(at.get())).unwrap_or(Timestamp::MAX);
    stamp.strftime(form).to_string()
}

/// How long a bar stands for, in seconds, where calls came from one moment to another.
pub(crate) fn bucket(first: Nanos, last: Nanos) -> u64 {
    let secs = last.nanos_since(first) / NANOS;
    BUCKETS.into_iter().find(|bucket| secs / bucket < BARS_MAX).unwrap_or(604_800)
}

/// Calls over time.
#[derive(Debug)]
pub(crate) struct Timeline {
    /// What it is.
    pub title: String,
    /// How many bars there is room for.
    pub places: u64,
    /// Where a bar stands, how high it is of the highest, and how high the part of it that was answered.
    pub bars: Vec<(u64, f64, f64)>,
    /// Calls of the highest.
    pub most: String,
    /// Times below it: the first, one in the middle, the last.
    pub ticks: [String; 3],
    /// Where between 0 and 1 the alert was raised, and the word for that.
    pub raised: Option<(f64, String)>,
}

/// Calls over time: all of them, and those that were answered. `None` where there are none.
pub(crate) fn timeline(words: &Words, calls: &[Call], raised: Option<Nanos>) -> Option<Timeline> {
    let times: Vec<_> = calls.iter().filter_map(|call| Some((call.at()?, call.answer_at.is_some()))).collect();
    let (first, last) = times.iter().map(|(at, _)| *at).min().zip(times.iter().map(|(at, _)| *at).max())?;
    let bucket = bucket(first, last) * NANOS;
    let begin = first.get() / bucket;
    let mut bars: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    for (at, answered) in &times {
        let bar = bars.entry(at.get() / bucket - begin).or_default();
        (bar.0, bar.1) = (bar.0 + 1, bar.1 + u64::from(*answered));
    }
    let places = bars.keys().last().map_or(1, |last| last + 1).min(2 * BARS_MAX);
    let most = bars.values().map(|(all, _)| *all).max().unwrap_or(1).max(1);
    let part = |calls: u64| calls as f64 / most as f64;
    let at = |place: u64| Nanos::new((begin + place) * bucket);
    let form = if bucket < 3_600 * NANOS { "%d %b %H:%M" } else { "%d %b %Y" };
    let is_within = |raised: &Nanos| *raised >= at(0) && *raised <= at(places);
    let whole = (places * bucket) as f64;
    let raised = raised.filter(is_within).map(|raised| {
        let after = (raised.get() - at(0).get()) as f64;
        (after / whole, words.word(Of::Labels, "raised").to_owned())
    });
    Some(Timeline {
        title: words.word(Of::Headings, "timeline").to_owned(),
        places,
        bars: bars.into_iter().map(|(place, (all, answered))| (place, part(all), part(answered))).collect(),
        most: grouped(most),
        ticks: [0, places / 2, places - 1].map(|place| stamp(at(place), form)),
        raised,
    })
}

/// Calls by weekday, from Monday, and hour.
type Week = [[u64; 24]; 7];

/// Squares of hours: the darker, the more calls.
#[derive(Debug)]
pub(crate) struct Hours {
    /// Whose hours they are.
    pub title: String,
    /// Days that had calls, and for each hour how dark it is, 0 to 5, and how many they were in a few letters.
    pub days: Vec<(String, [(u8, String); 24])>,
}

/// Calls by the hour on the clock of whoever was called, and by that of a zone where one is named; and of how many the first cannot be told.
pub(crate) fn hours(calls: &[Call], zone: Option<&str>) -> (Week, Option<Week>, u64) {
    let (mut local, mut origin, mut unknown) = (Week::default(), zone.map(|_| Week::default()), 0);
    let mut clocks = Clocks::default();
    let zone = zone.and_then(|zone| TimeZoneDatabase::bundled().get(zone).ok()).unwrap_or(TimeZone::UTC);
    let add = |hours: &mut Week, day: usize, hour: usize| {
        if let Some(count) = hours.get_mut(day).and_then(|day| day.get_mut(hour)) {
            *count += 1;
        }
    };
    for call in calls {
        let Some(at) = call.at() else { continue };
        let stamp = Timestamp::from_nanosecond(i128::from(at.get())).unwrap_or(Timestamp::MAX).to_zoned(zone.clone());
        let day = stamp.weekday().to_monday_zero_offset();
        if let Some(origin) = &mut origin {
            add(origin, usize::try_from(day).unwrap_or(0), usize::try_from(stamp.hour()).unwrap_or(0));
        }
        let zones = call.callee.e164().map(look_up).map(|place| place.zones);
        let likeliest = zones.and_then(|zones| zones.iter().max_by(|a, b| a.share.total_cmp(&b.share)));
        match likeliest {
            Some(likeliest) => {
                let time = clocks.local_time(likeliest.zone, at);
                add(&mut local, time.weekday.into(), time.hour().into());
            }
            None => unknown += 1,
        }
    }
    (local, origin, unknown)
}

/// The squares of a week.
pub(crate) fn squares(words: &Words, title: &str, week: &Week) -> Hours {
    let most = week.iter().flatten().copied().max().unwrap_or(0).max(1);
    let square = |count: u64| match count {
        0 => (0, String::new()),
        _ => ((count as f64 / most as f64 * 5.0).ceil() as u8, brief(count)),
    };
    let days = (0_i64..).zip(week).filter(|(_, hours)| hours.iter().any(|count| *count > 0));
    let days = days.map(|(day, hours)| (weekday(day, words), hours.map(square))).collect();
    Hours { title: title.to_owned(), days }
}

/// A count in a few letters.
fn brief(count: u64) -> String {
    match count {
        0..1_000 => count.to_string(),
        1_000..10_000 => format!("{:.1}k", count as f64 / 1e3),
        10_000..1_000_000 => format!("{:.0}k", count as f64 / 1e3),
        _ => format!("{:.0}M", count as f64 / 1e6),
    }
}

fn weekday(day: i64, words: &Words) -> String {
    // Monday 5 January 1970.
    let monday = Nanos::from_parts((4 + day.unsigned_abs()) * 86_400, 0);
    let english = stamp(monday, "%a");
    let key = format!("day_{}", english.to_ascii_lowercase());
    match words.word(Of::Labels, &key) {
        same if same == key => english,
        word => word.to_owned(),
    }
}

/// A time of a record as people read it.
pub(crate) fn read_clock(time: &str) -> String {
    moment(time).map_or_else(|| time.to_owned(), clock)
}

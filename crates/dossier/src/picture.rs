//! Pictures: bars over time, squares of hours. Drawn as SVG and tables, so that they print as they show.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use numbers::{Clocks, look_up};
use types::Nanos;

use crate::facts::{Call, moment};
use crate::html::Html;
use crate::words::{Of, Words, grouped};

/// Bars of a timeline at most.
const BARS_MAX: u64 = 60;
/// Lengths of time that a bar may stand for, in seconds.
const BUCKETS: [u64; 14] = [10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800];
/// The picture's own measures.
const WIDTH: f64 = 960.0;
const BASE: f64 = 150.0;
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

/// Calls over time: all of them, and those that were answered.
pub(crate) fn timeline(html: &mut Html, words: &Words, calls: &[Call], raised: Option<Nanos>) {
    let times: Vec<_> = calls.iter().filter_map(|call| Some((call.at()?, call.answer_at.is_some()))).collect();
    let (Some(first), Some(last)) = (times.iter().map(|(at, _)| *at).min(), times.iter().map(|(at, _)| *at).max())
    else {
        return;
    };
    let bucket = bucket(first, last) * NANOS;
    let begin = first.get() / bucket;
    let mut bars: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    for (at, answered) in &times {
        let bar = bars.entry(at.get() / bucket - begin).or_default();
        (bar.0, bar.1) = (bar.0 + 1, bar.1 + u64::from(*answered));
    }
    let count = bars.keys().last().map_or(1, |last| last + 1).min(2 * BARS_MAX);
    let most = bars.values().map(|(all, _)| *all).max().unwrap_or(1).max(1);
    let step = WIDTH / count as f64;
    let height = |calls: u64| calls as f64 / most as f64 * (BASE - 20.0);
    html.raw("<svg class=\"timeline\" viewBox=\"0 0 960 180\" role=\"img\" aria-label=\"")
        .text(words.word(Of::Headings, "timeline"))
        .raw("\">");
    for (place, (all, answered)) in &bars {
        for (class, calls) in [("<rect class=\"all\"", all), ("<rect class=\"answered\"", answered)] {
            html.raw(class)
                .raw(" x=\"")
                .figure(*place as f64 * step + 0.5)
                .raw("\" y=\"")
                .figure(BASE - height(*calls));
            html.raw("\" width=\"")
                .figure((step - 1.0).max(0.5))
                .raw("\" height=\"")
                .figure(height(*calls))
                .raw("\"/>");
        }
    }
    html.raw("<line class=\"axis\" x1=\"0\" x2=\"960\" y1=\"150\" y2=\"150\"/>");
    let at = |place: u64| Nanos::new((begin + place) * bucket);
    let form = if bucket < 3_600 * NANOS { "%d %b %H:%M" } else { "%d %b %Y" };
    for place in [0, count / 2, count.saturating_sub(1)] {
        html.raw("<text class=\"tick\" text-anchor=\"").raw(match place {
            0 => "start",
            last if last + 1 == count => "end",
            _ => "middle",
        });
        html.raw("\" x=\"")
            .figure((place as f64 + if place + 1 == count { 1.0 } else { 0.0 }) * step)
            .raw("\" y=\"170\">");
        html.text(&stamp(at(place), form)).raw("</text>");
    }
    html.raw("<text class=\"tick\" x=\"2\" y=\"26\">").text(&grouped(most)).raw("</text>");
    if let Some(raised) = raised.filter(|raised| *raised >= at(0) && *raised <= at(count)) {
        let x = (raised.get() - at(0).get()) as f64 / bucket as f64 * step;
        html.raw("<line class=\"raised\" x1=\"").figure(x).raw("\" x2=\"").figure(x).raw("\" y1=\"8\" y2=\"150\"/>");
        let near_end = x > WIDTH * 0.8;
        html.raw("<text class=\"tick\" text-anchor=\"").raw(if near_end { "end" } else { "start" });
        html.raw("\" x=\"").figure(if near_end { x - 4.0 } else { x + 4.0 }).raw("\" y=\"11\">");
        html.text(words.word(Of::Labels, "raised")).raw("</text>");
    }
    html.raw("</svg>");
}

/// Calls by weekday, from Monday, and hour.
type Hours = [[u64; 24]; 7];

/// Calls by the hour on the clock of whoever was called, and by that of a zone; and of how many the first cannot be told.
pub(crate) fn hours(calls: &[Call], zone: &str) -> (Hours, Hours, u64) {
    let (mut local, mut origin, mut unknown) = (Hours::default(), Hours::default(), 0);
    let mut clocks = Clocks::default();
    let zone = TimeZoneDatabase::bundled().get(zone).unwrap_or(TimeZone::UTC);
    let add = |hours: &mut Hours, day: usize, hour: usize| {
        if let Some(count) = hours.get_mut(day).and_then(|day| day.get_mut(hour)) {
            *count += 1;
        }
    };
    for call in calls {
        let Some(at) = call.at() else { continue };
        let stamp = Timestamp::from_nanosecond(i128::from(at.get())).unwrap_or(Timestamp::MAX).to_zoned(zone.clone());
        let day = stamp.weekday().to_monday_zero_offset();
        add(&mut origin, usize::try_from(day).unwrap_or(0), usize::try_from(stamp.hour()).unwrap_or(0));
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

/// A table of hours: the darker, the more calls.
pub(crate) fn squares(html: &mut Html, words: &Words, title: &str, hours: &Hours) {
    let most = hours.iter().flatten().copied().max().unwrap_or(0).max(1);
    html.raw("<figure class=\"hours\"><figcaption>").text(title).raw("</figcaption><table><thead><tr><td></td>");
    for hour in 0..24_u8 {
        html.raw("<th scope=\"col\">").text(&format!("{hour:02}")).raw("</th>");
    }
    html.raw("</tr></thead><tbody>");
    // Monday 5 January 1970.
    for (day, row) in (0_i64..).zip(hours) {
        if row.iter().all(|count| *count == 0) {
            continue;
        }
        html.raw("<tr><th scope=\"row\">").text(&weekday(day, words)).raw("</th>");
        for count in row {
            let depth = (*count as f64 / most as f64 * 5.0).ceil() as usize;
            let class = [
                "<td>",
                "<td class=\"h1\">",
                "<td class=\"h2\">",
                "<td class=\"h3\">",
                "<td class=\"h4\">",
                "<td class=\"h5\">",
            ];
            html.raw(class.get(depth).copied().unwrap_or("<td>"));
            if *count > 0 {
                html.text(&brief(*count));
            }
            html.raw("</td>");
        }
        html.raw("</tr>");
    }
    html.raw("</tbody></table></figure>");
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

//! The alerts of a run: the lines of one alert put together.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::lines::{Failure, Shape, Source, each_line, micros};

/// The most alerts that are scored: a run that raises more is beyond all budgets.
const ALERTS_MAX: usize = 200_000;
/// Call-IDs kept for one alert over its life; a record names at most 100.
const SAMPLE_MAX: usize = 400;

/// A line of `--alerts`, as much of it as is scored.
#[derive(Deserialize)]
pub(crate) struct Line<'l> {
    #[serde(borrow)]
    alert_id: Cow<'l, str>,
    #[serde(borrow)]
    time: Cow<'l, str>,
    #[serde(borrow)]
    kind: Cow<'l, str>,
    #[serde(default)]
    score_db: f64,
    #[serde(borrow, default)]
    first_call: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    last_call: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    calls: Calls<'l>,
    #[serde(borrow, default)]
    sources: Vec<Cow<'l, str>>,
    #[serde(borrow, default)]
    callers: Vec<Cow<'l, str>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Calls<'l> {
    count: u64,
    #[serde(borrow)]
    sample: Vec<Cow<'l, str>>,
}

pub(crate) struct Lines;
impl<'l> Shape<'l> for Lines {
    type Of = Line<'l>;
}

/// An alert over its whole life.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alert {
    pub id: String,
    /// When it opened, in microseconds.
    pub opened: i64,
    /// What it was called at last.
    pub kind: String,
    /// The most evidence it had.
    pub score_db: f64,
    /// The calls it rests on, first and last, in microseconds.
    pub calls: Option<(i64, i64)>,
    /// How many those are.
    pub count: u64,
    /// The Call-IDs it named, hashed.
    pub sample: Vec<u64>,
    pub sources: HashSet<String>,
    pub callers: HashSet<String>,
}

/// A Call-ID as it is looked up. Two of a month's 30 million calls meet one of a million that are named with a chance of
/// 1 in 600,000.
pub(crate) fn key(call_id: &str) -> u64 {
    use std::hash::{BuildHasher, Hasher};
    let mut hasher = foldhash::quality::FixedState::with_seed(0).build_hasher();
    hasher.write(call_id.as_bytes());
    hasher.finish()
}

/// Reads all alerts, in the order in which they opened.
pub(crate) fn read(source: &Source<'_>) -> Result<Vec<Alert>, Failure> {
    let mut alerts: Vec<Alert> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    each_line::<Lines>(source, |_, line| {
        let time = micros("time", &line.time)?;
        let place = match places.get(line.alert_id.as_ref()) {
            Some(&place) => place,
            None if alerts.len() == ALERTS_MAX => {
                return Err(format!("more than {ALERTS_MAX} alerts: this run is beyond all budgets"));
            }
            None => {
                places.insert(line.alert_id.clone().into_owned(), alerts.len());
                alerts.push(Alert { id: line.alert_id.clone().into_owned(), opened: time, ..Alert::default() });
                alerts.len() - 1
            }
        };
        let Some(alert) = alerts.get_mut(place) else { return Ok(()) };
        alert.take(&line, time)
    })?;
    alerts.sort_by(|a, b| (a.opened, &a.id).cmp(&(b.opened, &b.id)));
    Ok(alerts)
}

impl Alert {
    fn take(&mut self, line: &Line<'_>, time: i64) -> Result<(), String> {
        self.opened = self.opened.min(time);
        self.kind.replace_range(.., &line.kind);
        self.score_db = self.score_db.max(line.score_db);
        self.count = self.count.max(line.calls.count);
        if let (Some(first), Some(last)) = (&line.first_call, &line.last_call) {
            let (first, last) = (micros("first_call", first)?, micros("last_call", last)?);
            let (least, most) = self.calls.unwrap_or((first, last));
            self.calls = Some((least.min(first), most.max(last)));
        }
        for call_id in line.calls.sample.iter().map(|call_id| key(call_id)) {
            if self.sample.len() < SAMPLE_MAX && !self.sample.contains(&call_id) {
                self.sample.push(call_id);
            }
        }
        self.sources.extend(line.sources.iter().map(|source| source.clone().into_owned()));
        self.callers.extend(line.callers.iter().map(|caller| caller.clone().into_owned()));
        Ok(())
    }
}

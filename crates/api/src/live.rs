//! What is told as it happens: figures once a second, and every word on an alert. Whoever counts and judges hands them over and goes on;
//! pages read along, and one that was away gets what it missed, as far as that is held.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use types::Nanos;
use utoipa::ToSchema;

use crate::show::time;

/// What waits to be told at most: a burst of alerts is some hundred.
const WAITING_MAX: usize = 4_096;
/// Words on alerts that are held for pages that were away.
const HELD_MAX: usize = 1_024;
/// Moments whose figures are held, and how far they are apart: an hour.
const SAMPLES_MAX: usize = 720;
const SAMPLE_SECS: u64 = 5;

/// Figures of a probe at one moment; those that count have counted since it began.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// When.
    pub at: Nanos,
    /// Whether all sources are there.
    pub ready: bool,
    /// Frames that were read.
    pub frames: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Frames that the capturing host dropped.
    pub dropped: u64,
    /// Frames that could not be read.
    pub undecoded: u64,
    /// Calls that have ended.
    pub calls: u64,
    /// Of these, answered.
    pub answered: u64,
    /// Legs of calls that are up.
    pub legs: u64,
    /// Media streams that are up.
    pub streams: u64,
    /// Calls of the last minutes by the country they went to, the most first.
    pub destinations: Vec<(&'static str, u64)>,
    /// Calls that the store has lost.
    pub store_lost: u64,
    /// Whether there is no room for calls in the store.
    pub alerts_only: bool,
}

/// The same as it travels.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Figures)]
pub struct FiguresJson {
    /// When.
    #[schema(format = DateTime)]
    pub time: String,
    /// Whether all sources are there.
    pub ready: bool,
    /// Frames a second, of the last seconds.
    pub frames_per_s: f64,
    /// Bits a second.
    pub bits_per_s: f64,
    /// Frames that were read since it began.
    pub frames: u64,
    /// Frames that the capturing host dropped since it began.
    pub dropped: u64,
    /// Frames that could not be read since it began.
    pub undecoded: u64,
    /// Calls that have ended since it began.
    pub calls: u64,
    /// Calls that end a second.
    pub calls_per_s: f64,
    /// Share of these that was answered; absent where none ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_ratio: Option<f64>,
    /// Legs of calls that are up.
    pub legs: u64,
    /// Media streams that are up.
    pub streams: u64,
    /// Calls of the last minutes by the country they went to, the most first.
    pub destinations: Vec<CountryJson>,
    /// Calls that the store has lost since it began.
    pub store_lost: u64,
    /// Whether there is no room for calls in the store, so that alerts alone are kept.
    pub alerts_only: bool,
}

/// Calls to a country.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CountryCalls)]
pub struct CountryJson {
    /// ISO 3166 alpha-2; `ZZ` where numbers could not be read.
    pub country: String,
    /// Calls.
    pub calls: u64,
}

/// What went past at one moment of the last hour.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Sample {
    /// Seconds since 1970.
    pub at: u64,
    /// Calls that ended a second.
    pub calls_per_s: f64,
    /// Share of these that was answered; absent where none ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_ratio: Option<f64>,
    /// Legs of calls that were up.
    pub legs: u64,
    /// Bits a second.
    pub bits_per_s: f64,
}

enum Told {
    Alert(Box<str>),
    Figures(Box<Figures>),
}

/// Where those who count and judge hand over what is told. It never waits.
#[derive(Clone)]
pub struct Teller {
    told: mpsc::Sender<Told>,
    lost: Arc<AtomicU64>,
}

impl Teller {
    /// A word on an alert: its record, JSON as `--alerts` writes it.
    pub fn alert(&self, record: &str) {
        self.tell(Told::Alert(record.into()));
    }

    /// Figures of this moment.
    pub fn figures(&self, figures: Figures) {
        self.tell(Told::Figures(Box::new(figures)));
    }

    /// What was not told, since too much waited.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    fn tell(&self, told: Told) {
        if self.told.try_send(told).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What was told lately.
#[derive(Debug, Default)]
struct Lately {
    /// The number of the last word on an alert.
    last: u64,
    alerts: VecDeque<(u64, Arc<Value>)>,
    /// Of the last two moments, a sample apart, and of now.
    before: Option<Figures>,
    now: Option<Figures>,
    samples: VecDeque<Sample>,
    figures: Option<FiguresJson>,
    /// How often figures were told.
    beats: u64,
}

/// What is told, for those who read along.
#[derive(Clone, Debug)]
pub struct Live {
    lately: Arc<Mutex<Lately>>,
    /// Changes with everything that is told.
    news: watch::Sender<()>,
    /// Numbers of words mean something within one run alone: this is its name.
    run: Arc<str>,
}

/// Where somebody is who reads along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read {
    alert: u64,
    beats: u64,
}

/// What comes next for who reads along.
#[derive(Debug)]
pub enum Next {
    /// A word on an alert, and where the reader is behind it.
    Alert(Arc<Value>, String),
    /// Words are missing: alerts have to be read anew.
    Missed(String),
    /// Figures of this moment.
    Figures(Box<FiguresJson>),
}

/// Those who hand over, and those who read along. What is handed over is taken down by a task of the runtime that this is called in.
#[must_use]
pub fn live(run: &str) -> (Teller, Live) {
    let (told, mut taken) = mpsc::channel(WAITING_MAX);
    let live = Live { lately: Arc::default(), news: watch::Sender::new(()), run: run.into() };
    let keeps = live.clone();
    tokio::spawn(async move {
        while let Some(told) = taken.recv().await {
            keeps.take(told);
        }
    });
    (Teller { told, lost: Arc::default() }, live)
}

impl Live {
    fn take(&self, told: Told) {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        match told {
            Told::Alert(record) => {
                let Ok(record) = serde_json::from_str(&record) else { return };
                lately.alert(record);
            }
            Told::Figures(figures) => lately.figures(*figures),
        }
        drop(lately);
        self.news.send_replace(());
    }

    /// Figures of this moment, if there are any.
    #[must_use]
    pub fn figures(&self) -> Option<FiguresJson> {
        self.read(|lately| lately.figures.clone())
    }

    /// When figures were told last.
    #[must_use]
    pub fn told_at(&self) -> Option<Nanos> {
        self.read(|lately| lately.now.as_ref().map(|figures| figures.at))
    }

    /// The last hour.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        self.read(|lately| lately.samples.iter().cloned().collect())
    }

    /// Where who begins to read is: behind the word that `last` names, or behind all that was told.
    #[must_use]
    pub fn begin(&self, last: Option<&str>) -> Read {
        let Some(last) = last else { return Read { alert: self.read(|lately| lately.last), beats: 0 } };
        let number =
            last.split_once('-').filter(|(run, _)| **run == *self.run).and_then(|(_, number)| number.parse().ok());
        // A word of another run: whatever was said since then is missing.
        Read { alert: number.unwrap_or(u64::MAX), beats: 0 }
    }

    /// What comes next; nothing where who reads has read all.
    pub fn next(&self, read: &mut Read) -> Option<Next> {
        self.read(|lately| {
            let name = |number: u64| format!("{}-{number}", self.run);
            let first = lately.alerts.front().map_or(lately.last + 1, |(number, _)| *number);
            if read.alert > lately.last || read.alert + 1 < first {
                read.alert = lately.last;
                return Some(Next::Missed(name(lately.last)));
            }
            let next = (read.alert + 1 - first) as usize;
            if let Some((number, record)) = lately.alerts.get(next) {
                read.alert = *number;
                return Some(Next::Alert(Arc::clone(record), name(*number)));
            }
            let figures = lately.figures.clone().filter(|_| read.beats < lately.beats)?;
            read.beats = lately.beats;
            Some(Next::Figures(Box::new(figures)))
        })
    }

    /// Tells when there is more.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    fn read<T>(&self, what: impl FnOnce(&Lately) -> T) -> T {
        what(&self.lately.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Lately {
    fn alert(&mut self, record: Value) {
        self.last += 1;
        if self.alerts.len() >= HELD_MAX {
            self.alerts.pop_front();
        }
        self.alerts.push_back((self.last, Arc::new(record)));
    }

    fn figures(&mut self, now: Figures) {
        self.beats += 1;
        let before = self.before.get_or_insert_with(|| now.clone());
        let secs = now.at.since(before.at).as_secs_f64();
        let rate = |now: u64, before: u64| if secs > 0.0 { now.saturating_sub(before) as f64 / secs } else { 0.0 };
        let ended = now.calls.saturating_sub(before.calls);
        let answer_ratio = (ended > 0).then(|| now.answered.saturating_sub(before.answered) as f64 / ended as f64);
        let figures = FiguresJson {
            time: time(now.at),
            ready: now.ready,
            frames_per_s: rate(now.frames, before.frames),
            bits_per_s: rate(now.bytes, before.bytes) * 8.0,
            frames: now.frames,
            dropped: now.dropped,
            undecoded: now.undecoded,
            calls: now.calls,
            calls_per_s: rate(now.calls, before.calls),
            answer_ratio,
            legs: now.legs,
            streams: now.streams,
            destinations: (now.destinations.iter())
                .map(|&(country, calls)| CountryJson { country: country.to_owned(), calls })
                .collect(),
            store_lost: now.store_lost,
            alerts_only: now.alerts_only,
        };
        // A clock that was set back begins anew.
        if secs >= SAMPLE_SECS as f64 || now.at < before.at {
            if self.samples.len() >= SAMPLES_MAX {
                self.samples.pop_front();
            }
            self.samples.push_back(Sample {
                at: now.at.get() / 1_000_000_000,
                calls_per_s: figures.calls_per_s,
                answer_ratio,
                legs: now.legs,
                bits_per_s: figures.bits_per_s,
            });
            self.before = Some(now.clone());
        }
        self.figures = Some(figures);
        self.now = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live() -> Live {
        Live { lately: Arc::default(), news: watch::Sender::new(()), run: "7".into() }
    }

    fn alerts(live: &Live, count: u64) {
        (0..count).for_each(|n| live.take(Told::Alert(format!("{{\"n\":{n}}}").into())));
    }

    /// What a reader gets: `3` a word with the number 3, `!9` that words up to 9 are missing.
    fn told(live: &Live, read: &mut Read) -> String {
        let mut all = Vec::new();
        while let Some(next) = live.next(read) {
            all.push(match next {
                Next::Alert(_, id) => id,
                Next::Missed(id) => format!("!{id}"),
                Next::Figures(_) => "f".to_owned(),
            });
        }
        all.join(" ")
    }

    #[test]
    fn who_was_away_gets_what_was_missed() {
        let live = live();
        alerts(&live, 2);
        let mut read = live.begin(None);
        assert_eq!(told(&live, &mut read), "");
        alerts(&live, 2);
        assert_eq!(told(&live, &mut read), "7-3 7-4");
        for (last, expected) in [
            ("7-2", "7-3 7-4"),
            ("7-4", ""),
            ("7-0", "7-1 7-2 7-3 7-4"),
            // Of another run, of none, from the future.
            ("6-2", "!7-4"),
            ("x", "!7-4"),
            ("7-9", "!7-4"),
            ("7-18446744073709551615", "!7-4"),
        ] {
            assert_eq!(told(&live, &mut live.begin(Some(last))), expected, "{last}");
        }
        alerts(&live, HELD_MAX as u64);
        assert_eq!(told(&live, &mut live.begin(Some("7-2"))), "!7-1028");
    }

    #[test]
    fn figures_become_rates() {
        let (live, mut read) = (live(), Read::default());
        let at = |secs: u64, calls: u64, answered: u64| {
            let at = Nanos::from_parts(1_000 + secs, 0);
            Told::Figures(Box::new(Figures { at, calls, answered, bytes: 1_000 * calls, ..Figures::default() }))
        };
        live.take(at(0, 50, 20));
        live.take(at(1, 60, 25));
        assert_eq!(told(&live, &mut read), "f");
        let figures = live.figures().unwrap();
        assert_eq!((figures.calls_per_s, figures.answer_ratio, figures.bits_per_s), (10.0, Some(0.5), 80_000.0));
        live.take(at(5, 100, 40));
        let samples = live.samples();
        assert_eq!(samples.len(), 1);
        assert_eq!((samples[0].at, samples[0].calls_per_s, samples[0].answer_ratio), (1_005, 10.0, Some(0.4)));
        live.take(at(6, 100, 40));
        assert_eq!(live.figures().unwrap().answer_ratio, None);
        live.take(at(1, 100, 40));
        assert_eq!(live.samples().len(), 2);
    }
}

//! What a report is about, as records tell it.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use types::{E164, Nanos};

/// What a report is about.
#[derive(Clone, Debug)]
pub struct Matter<'a> {
    /// The alert by its last word: JSON as `--alerts` writes it.
    pub alert: &'a Value,
    /// The first word on it.
    pub opened: &'a Value,
    /// Every word on it that is kept, the first one first.
    pub life: &'a [Value],
    /// The calls that the alert names, as `--calls` writes them, the first one first.
    pub named: &'a [Value],
    /// The calls that the alert counts, where the store was told which these are; else those of the same origin in its time, where the store
    /// has about as many as the alert counts.
    pub all: Option<&'a [Value]>,
    /// Whether these are those that the alert counts.
    pub counted: bool,
    /// The time zone of the second table of hours: where whoever made the report takes the callers to be. Without one there is no such table.
    pub zone: Option<&'a str>,
    /// When the report is made.
    pub made_at: Nanos,
    /// Who makes it.
    pub made_by: &'a str,
    /// The program and its version.
    pub program: &'a str,
    /// Bundles of evidence that were made.
    pub bundles: &'a [BundleMade],
    /// Entries of the audit log, and the hash of the last.
    pub audit: (u64, String),
    /// What could not be read.
    pub unread: &'a [String],
    /// How deep the tap looked (`tap.privacy_level`), where that is known.
    pub privacy_level: Option<u8>,
    /// What is known of the clock that stamped the calls.
    pub clock: Option<ClockKept>,
}

/// What is known of the clock that stamped the calls, by readings of it taken meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockKept {
    /// How many there are.
    pub readings: u64,
    /// Of these, when nobody kept it to UTC.
    pub unsynchronised: u64,
    /// How far from UTC it was at most while somebody did.
    pub error_max_us: Option<u64>,
    /// How often it was set meanwhile.
    pub steps: u64,
    /// By how much at most.
    pub step_max_us: u64,
}

/// A bundle of evidence that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleMade {
    /// Its number.
    pub number: u64,
    /// When.
    pub at: Nanos,
    /// The SHA-256 of its manifest.
    pub manifest: String,
}

/// What a page needs of an alert. Whatever is absent is empty: an alert of an older version is still one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Alert {
    pub alert_id: String,
    pub status: String,
    pub time: String,
    pub kind: String,
    pub severity: String,
    pub score_db: f64,
    pub threshold_db: f64,
    pub entity: Entity,
    pub members: Vec<Entity>,
    pub title: String,
    pub summary: String,
    pub evidence: Vec<Evidence>,
    pub weighed_from: String,
    pub weighed_to: String,
    pub innocent_reading: Innocent,
    pub refuted_by: String,
    pub first_call: String,
    pub last_call: String,
    pub calls: Calls,
    pub sources: Vec<String>,
    pub caller_count: u64,
    pub callees: Callees,
    pub coverage: Option<Coverage>,
    pub call_backs: Option<CallBacks>,
    pub seats: Option<Seats>,
    pub versions: Versions,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Entity {
    pub kind: String,
    pub value: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Evidence {
    pub observed: f64,
    pub expected: f64,
    pub unit: String,
    pub db: f64,
    pub share_db: Option<f64>,
    pub text: String,
}

impl Evidence {
    /// What it counts: its part of the score, which older alerts do not say, or what would be lost without it.
    pub fn counts(&self) -> f64 {
        self.share_db.unwrap_or(self.db)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Innocent {
    pub class: String,
    pub margin_db: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Calls {
    pub count: u64,
    pub answered: u64,
    pub sample: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Callees {
    pub count: u64,
    pub countries: Vec<CountryCalls>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CountryCalls {
    pub country: String,
    pub calls: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Coverage {
    pub kernel_drops: u64,
    pub one_way_share: f64,
    pub undecoded_share: f64,
    pub seen_share: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CallBacks {
    pub count: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Seats {
    pub estimate: u64,
    pub low: u64,
    pub high: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Versions {
    pub greyline: String,
    pub rules: String,
    pub tables: String,
    pub config: String,
}

/// What a page needs of a call.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Call {
    pub call_id: String,
    pub invite_at: Option<String>,
    pub answer_at: Option<String>,
    pub end_at: Option<String>,
    pub talk_ms: Option<f64>,
    pub ended_by: Option<String>,
    pub caller: Party,
    pub callee: Party,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Party {
    pub number: Option<String>,
    pub raw: Option<String>,
    pub display: Option<String>,
    pub country: Option<String>,
}

impl Alert {
    /// Different people called: an estimate, which need not know that nobody is called more often than there are calls.
    pub fn callees(&self) -> u64 {
        self.callees.count.min(self.calls.count)
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.value)
    }
}

impl Call {
    /// When it began, as far as that is known.
    pub fn at(&self) -> Option<Nanos> {
        [&self.invite_at, &self.answer_at, &self.end_at].into_iter().flatten().find_map(|time| moment(time))
    }
}

impl Party {
    /// As it is shown: the number, or what was sent in its place.
    pub fn shown(&self) -> Option<&str> {
        self.number.as_deref().or(self.raw.as_deref())
    }

    /// The number, where there is one.
    pub fn e164(&self) -> Option<E164> {
        E164::from_digits(self.number.as_deref()?.strip_prefix('+')?.as_bytes())
    }
}

/// A record as this page takes it; nothing of it where it is none.
pub(crate) fn read<T: Default + for<'d> Deserialize<'d>>(record: &Value) -> T {
    T::deserialize(record).unwrap_or_default()
}

/// A time of a record.
pub(crate) fn moment(time: &str) -> Option<Nanos> {
    let stamp: Timestamp = time.parse().ok()?;
    u64::try_from(stamp.as_nanosecond()).ok().map(Nanos::new)
}

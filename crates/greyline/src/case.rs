//! An alert and its calls, as a store has them.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use evidence::Wanted;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{Alert, Archive, Found, Place, Query};
use types::Nanos;

use crate::failure::Failure;
use crate::keeping::moment;

/// How much earlier than the first call, and later than the last, what belongs to an alert is looked for.
const AROUND: Duration = Duration::from_secs(4 * 3_600);

/// For how long after the end of a call its last messages may be repeated (RFC 3261 §17.1, 64 × T1), and its media straggle.
const ECHO: Duration = Duration::from_secs(32);

/// The fields of an alert that are needed here.
#[derive(Deserialize)]
struct Told {
    calls: Sample,
}

#[derive(Deserialize)]
struct Sample {
    count: u64,
    sample: Vec<String>,
}

/// What of a call tells its packets from others.
#[derive(Deserialize)]
pub struct Legs {
    call_id: String,
    #[serde(default)]
    legs: Vec<String>,
    end_at: Option<String>,
    source: At,
    destination: At,
}

#[derive(Deserialize)]
struct At {
    ip: IpAddr,
}

impl Legs {
    /// How many there are.
    pub fn count(&self) -> usize {
        1 + self.legs.len()
    }

    /// The packets of a call that began at `from`, and was over by `last` if its end was not seen.
    pub fn packets(&self, from: Nanos, last: Nanos) -> Wanted {
        let legs = std::iter::once(&self.call_id).chain(&self.legs).map(|id| id.as_bytes().into());
        let end = self.end_at.as_deref().and_then(moment);
        Wanted {
            legs: legs.collect(),
            from,
            until: end.map_or(last, |end| end.after(ECHO)),
            ends: [self.source.ip.into(), self.destination.ip.into()],
        }
    }
}

/// An alert and the calls it names.
pub struct Case {
    /// The alert by its last word.
    pub alert: Alert,
    /// The same as JSON.
    pub record: Value,
    /// Its whole life.
    pub life: Vec<Value>,
    /// The calls that it names and the store has, the first one first.
    pub named: Vec<Found>,
    /// How many calls it counts.
    pub counted: u64,
    /// How many it names.
    pub sample: usize,
    /// What could not be read.
    pub unread: Vec<String>,
}

impl Case {
    /// Looks an alert up in a store, with the calls that it names.
    ///
    /// # Errors
    /// That there is none, or that the store cannot be read.
    pub fn look_up(archive: &mut Archive, id: &str) -> Result<Self, Failure> {
        let alert = archive.alert(id).map_err(Failure::Store)?;
        let folder = archive.folder().display().to_string();
        let alert = alert.ok_or_else(|| Failure::Flag("ALERT", format!("{folder} holds no alert {id:?}")))?;
        let Told { calls: Sample { count, sample } } = parse(&alert.record)?;
        let life = archive.life(&alert.id).map_err(Failure::Store)?;
        let life = life.iter().map(|said| parse(&said.record)).collect::<Result<_, _>>()?;
        let (from, until) = around(&alert);
        let (mut named, mut unread) = (Vec::new(), Vec::new());
        let is_known = archive.counted(&alert).map_err(Failure::Store)?.is_some();
        for call_id in &sample {
            let query =
                Query { call_id: Some(call_id.clone().into_bytes()), from, until, most: 10, ..Query::default() };
            let page = archive.calls(&query).map_err(Failure::Store)?;
            unread.extend(page.unread);
            for found in page.calls {
                // Another call may have this Call-ID on one of its other legs, or at another time.
                let is_first = parse::<Legs>(&found.record)?.call_id == *call_id;
                if is_first && (found.counted_by.is_some() || !is_known) {
                    named.push(found);
                }
            }
        }
        named.sort_by_key(|found| found.at);
        let record = parse(&alert.record)?;
        let held = named.len();
        let mut case = Self { alert, record, life, named, counted: count, sample: sample.len(), unread: Vec::new() };
        case.missed(archive, unread, held < sample.len());
        Ok(case)
    }

    /// Takes down what could not be read of the store; where calls are missing, also days whose files are gone.
    pub fn missed(&mut self, archive: &Archive, unread: impl IntoIterator<Item = String>, calls_missing: bool) {
        self.unread.extend(unread);
        let absent = if calls_missing { archive.absent(self.alert.calls_at) } else { Vec::new() };
        self.unread.extend(match absent.as_slice() {
            [] => None,
            [one] => Some(format!("no calls of a day: {one} is not there")),
            [first, .., last] => Some(format!("no calls of {} days: {first} to {last} are not there", absent.len())),
        });
        self.unread.sort_unstable();
        self.unread.dedup();
    }

    /// When what belongs to it may have been sent.
    pub fn around(&self) -> (Nanos, Nanos) {
        around(&self.alert)
    }

    /// The calls that it names and all others that the store knows to be counted, the first one first: where there are more than `most`, the latest
    /// of these.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn calls(&mut self, archive: &mut Archive, most: usize) -> Result<Vec<Found>, Failure> {
        let room = most.saturating_sub(self.named.len());
        let counted = archive.counted(&self.alert).map_err(Failure::Store)?;
        let counted = counted.map(|query| latest(archive, query, room)).transpose()?.unwrap_or_default();
        let all = self.named.iter().cloned().chain(counted.calls);
        let all: BTreeMap<Place, Found> = all.map(|found| (found.place, found)).collect();
        self.missed(archive, counted.unread, (all.len() as u64) < self.counted.min(most as u64));
        Ok(all.into_values().collect())
    }
}

/// Calls that were found.
#[derive(Default)]
pub struct Latest {
    /// The calls, the first one first.
    pub calls: Vec<Found>,
    /// Whether there are earlier ones.
    pub is_cut: bool,
    /// What could not be read.
    pub unread: Vec<String>,
}

/// The latest calls that are found, at most so many.
///
/// # Errors
/// That the store cannot be read.
pub fn latest(archive: &mut Archive, mut query: Query, most: usize) -> Result<Latest, Failure> {
    let mut latest = Latest::default();
    while latest.calls.len() < most {
        query.most = store::PAGE_MAX.min(most - latest.calls.len());
        let page = archive.calls(&query).map_err(Failure::Store)?;
        latest.calls.extend(page.calls);
        latest.unread.extend(page.unread);
        query.behind = page.next;
        latest.is_cut = query.behind.is_some();
        if !latest.is_cut {
            break;
        }
    }
    latest.calls.reverse();
    Ok(latest)
}

fn around(alert: &Alert) -> (Nanos, Nanos) {
    (alert.calls_at.0.before(AROUND), alert.calls_at.1.after(AROUND))
}

/// A record as the store has it.
///
/// # Errors
/// That it is none of ours.
pub fn parse<R: DeserializeOwned>(record: &str) -> Result<R, Failure> {
    serde_json::from_str(record)
        .map_err(|error| Failure::Service(format!("a record of the store cannot be read: {error}")))
}

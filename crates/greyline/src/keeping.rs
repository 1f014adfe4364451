//! What is remembered: calls and alerts on their way to the store.

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use alert::{Alert, Counter};
use call::CallRecord;
use config::Known;
use evidence::{Claim, Claims, Ring};
use jiff::Timestamp;
use sip::stack::Fingerprint;
use store::{Archive, Call, Counted, Limits, Pace, Run, Store, Word};
use types::Nanos;

use crate::bundles;
use crate::clerk::Scribe;
use crate::failure::Failure;
use crate::json::call::CallJson;

/// Opens the store in `folder`, within the bounds of the configuration.
///
/// # Errors
/// That it cannot be kept.
pub fn open(folder: &Path, known: &Known, pace: Pace) -> Result<Rc<Store>, Failure> {
    let asked = &known.config().store;
    let limits = Limits {
        calls_days: asked.calls_days,
        calls_bytes_max: u64::from(asked.calls_gib_max) << 30,
        alerts_days: asked.alerts_days,
        alerts_bytes_max: u64::from(asked.alerts_mib_max) << 20,
        free_bytes_min: u64::from(asked.free_mib_min) << 20,
    };
    Store::open(folder, limits, pace).map(Rc::new).map_err(Failure::Store)
}

/// Whose clock stamps what is read.
pub const OF_CAPTURES: &str = "the stamps of the captures, or the times in the records";
pub const OF_THE_PROBE: &str = "the kernel's clock on this host, or the network card's (capture.card_timestamps); for HEP the sender's, where it is \
    within listen.hep_skew_secs_max of this host's";

/// Remembers by what is judged from now on, and what is looked at.
pub fn begin(store: &Store, known: &Known, sources: String, clock: &str) {
    store.run(Run {
        begun: bundles::now(),
        program: format!("greyline {}", env!("CARGO_PKG_VERSION")),
        version: known.version().to_owned(),
        config: serde_json::to_string(known.config()).unwrap_or_default(),
        sources,
        clock: clock.to_owned(),
    });
}

/// The ring beside a store, where the configuration gives it room.
///
/// # Errors
/// That its folder cannot be used.
pub fn ring(store: &Store, known: &Known) -> Result<Option<Ring>, Failure> {
    let asked = &known.config().store;
    let bytes = u64::from(asked.packets_mib_max) << 20;
    let claims = (asked.alert_packets_mib_max > 0).then(|| Claims {
        bytes_max: u64::from(asked.alert_packets_mib_max) << 20,
        keep: Duration::from_secs(u64::from(asked.alerts_days) * 86_400),
        claim: counted_in(store.folder().to_owned()),
    });
    let folder = store.folder().join(bundles::RING);
    let ring = (bytes > 0).then(|| Ring::open(&folder, bytes, claims)).transpose();
    ring.map_err(|error| Failure::Write(folder, error))
}

/// Claims the messages of calls that an alert counts, as far as the store in `folder` has it on disk.
fn counted_in(folder: PathBuf) -> Box<Claim> {
    let mut archive = None;
    Box::new(move |call_id, at| {
        let archive = match &mut archive {
            Some(archive) => archive,
            none => none.insert(Archive::open(&folder).map_err(io::Error::other)?),
        };
        archive.is_counted(call_id, at).map_err(io::Error::other)
    })
}

/// Hands calls to the store.
pub struct Keeper {
    store: Rc<Store>,
    known: Arc<Known>,
    /// When the latest call began.
    latest: Nanos,
}

impl Keeper {
    /// A keeper for this store.
    pub const fn new(store: Rc<Store>, known: Arc<Known>) -> Self {
        Self { store, known, latest: Nanos::ZERO }
    }
}

impl Scribe for Keeper {
    fn take(&mut self, record: &CallRecord<'_>) {
        let known = [record.invite_at, record.ring_at, record.answer_at, record.end_at, record.end_known_at];
        // Of a call that tells nothing of its time, the latest other says when it was about.
        let at = known.into_iter().flatten().min().unwrap_or(self.latest);
        self.latest = self.latest.max(at);
        let json = CallJson::of(record, Some(&self.known)).with_courses(record);
        let json = match serde_json::to_string(&json) {
            Ok(json) => json,
            // Nothing in a record can keep it from being written.
            Err(_) => return,
        };
        let trunk = self.known.trunk_at(record.source.ip);
        self.store.call(Call {
            at,
            caller: record.caller.number,
            callee: record.callee.number,
            call_ids: std::iter::once(record.call_id).chain(record.legs.iter().copied()).map(Box::from).collect(),
            source: record.source.ip.into(),
            destination: record.destination.ip.into(),
            trunk: trunk.map(|trunk| trunk.name.as_str().into()),
            stack: record.stack.map(Fingerprint::bits),
            answered: record.answer_at.is_some(),
            talk_ms: record.talking().unwrap_or(0) / 1_000_000,
            record: json.into(),
        });
    }

    fn renew(&mut self, known: &Arc<Known>) {
        self.known = Arc::clone(known);
    }
}

/// Hands a word on an alert to the store.
pub fn keep(store: &Store, alert: &Alert) {
    if alert.shadow {
        return;
    }
    let Ok(record) = serde_json::to_string(alert) else { return };
    store.word(Word {
        alert: alert.alert_id.as_str().into(),
        status: alert.status,
        said: moment(&alert.time).unwrap_or_default(),
        kind: alert.kind,
        severity: alert.severity as u8,
        score_db: alert.score_db,
        entity_kind: alert.entity.kind,
        entity: alert.entity.value.as_str().into(),
        title: alert.title.as_str().into(),
        first_call: moment(&alert.first_call).unwrap_or_default(),
        last_call: moment(&alert.last_call).unwrap_or_default(),
        calls: alert.calls.count,
        record: record.into(),
    });
}

/// Hands each call that an alert counts to the store.
pub fn counter(store: &Rc<Store>) -> Counter {
    let store = Rc::clone(store);
    Box::new(move |alert, at, call_id| store.counted(Counted { alert, at, call_id: call_id.into() }))
}

/// A time of a record; `None` for what is none.
pub fn moment(time: &str) -> Option<Nanos> {
    u64::try_from(time.parse::<Timestamp>().ok()?.as_nanosecond()).ok().map(Nanos::new)
}

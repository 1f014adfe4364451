//! What people made of alerts, as a store knows it: which operations were fraud, which were none, and of which nobody has said.

use std::collections::BTreeMap;
use std::path::Path;

use alert::Alert;
use call::CallRecord;
use config::Known;
use store::Archive;
use store::cases::State;
use types::Nanos;

use crate::failure::Failure;
use crate::json::call::CallJson;
use crate::keeping::moment;
use crate::traceback::operations::{Operation, operations};

/// What is said of an operation, and of a call that may belong to several: the first of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ruling {
    /// It was confirmed as fraud.
    Fraud,
    /// It was dismissed as innocent.
    Innocent,
    /// Nobody has said.
    Open,
}

/// Alerts and what was said of them.
#[derive(Debug)]
pub struct Rulings {
    /// Those that the store knows, as they stood when it was told of them last.
    kept: BTreeMap<String, (Operation, Ruling)>,
    /// Those that were told since, and that it does not know.
    found: BTreeMap<String, Operation>,
}

impl Rulings {
    /// What a store knows.
    ///
    /// # Errors
    /// That it cannot be read.
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        let mut archive = Archive::open(folder).map_err(Failure::Store)?;
        let mut states = BTreeMap::new();
        let mut behind = None;
        loop {
            let more = archive.cases(None, behind, store::PAGE_MAX).map_err(Failure::Store)?;
            let Some(last) = more.last() else { break };
            behind = Some((last.changed, last.number));
            states.extend(more.iter().map(|case| (case.number, case.state)));
        }
        let ruling = |operation: &Operation| match operation.alert.case.and_then(|case| states.get(&case)) {
            Some(State::Confirmed) => Ruling::Fraud,
            Some(State::Dismissed) => Ruling::Innocent,
            Some(State::Open | State::Taken) | None => Ruling::Open,
        };
        let mut left_out = Vec::new();
        let known = operations(&mut archive, Nanos::ZERO, &mut left_out)?;
        if let Some(why) = left_out.into_iter().next() {
            return Err(Failure::Flag("--cases", why));
        }
        let kept = known.into_iter().map(|operation| {
            let ruling = ruling(&operation);
            (operation.alert.id.clone(), (operation, ruling))
        });
        Ok(Self { kept: kept.collect(), found: BTreeMap::new() })
    }

    /// A word on an alert is told: of one that the store does not know, each says more.
    pub fn hear(&mut self, alert: &Alert) {
        if self.kept.contains_key(&alert.alert_id) {
            return;
        }
        let Ok(record) = serde_json::to_string(alert) else { return };
        self.found.extend(Operation::of(told(alert, record)).map(|operation| (alert.alert_id.clone(), operation)));
    }

    /// What is said of the call that is told of at `at`; nothing where it belongs to no operation.
    pub fn of(&self, known: &Known, at: Nanos, call: &CallRecord<'_>) -> Option<Ruling> {
        let at = call.invite_at.unwrap_or(at);
        let kept = self.kept.values().map(|(operation, ruling)| (operation, *ruling));
        let all = kept.chain(self.found.values().map(|operation| (operation, Ruling::Open)));
        let mut then = all.filter(|(operation, _)| operation.may_call(at)).peekable();
        // The record of a call costs more than all else here.
        then.peek()?;
        let record = serde_json::to_value(CallJson::of(call, Some(known))).unwrap_or_default();
        then.filter(|(operation, _)| operation.may_have(known, at, &record).is_some()).map(|(_, ruling)| ruling).min()
    }

    /// Alerts of which this was said.
    pub fn count(&self, ruling: Ruling) -> u64 {
        let kept = self.kept.values().filter(|(_, said)| *said == ruling).count() as u64;
        if ruling == Ruling::Open { kept + self.unknown() } else { kept }
    }

    /// Alerts that were told and that the store does not know.
    pub fn unknown(&self) -> u64 {
        self.found.len() as u64
    }
}

/// An alert of this run as a store would have it, but that nothing was said of it there.
fn told(alert: &Alert, record: String) -> store::Alert {
    let moment = |time: &str| moment(time).unwrap_or_default();
    store::Alert {
        id: alert.alert_id.clone(),
        status: alert.status.to_owned(),
        kind: alert.kind.to_owned(),
        severity: alert.severity as u8,
        score_db: alert.score_db,
        entity: (alert.entity.kind.to_owned(), alert.entity.value.clone()),
        title: String::new(),
        opened: Nanos::ZERO,
        said: Nanos::ZERO,
        calls_at: (moment(&alert.first_call), moment(&alert.last_call)),
        calls: alert.calls.count,
        record,
        case: None,
    }
}

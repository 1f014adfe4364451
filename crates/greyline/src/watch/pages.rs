//! What pages are told of: every word on an alert, and figures once a second.

use std::cell::RefCell;
use std::rc::Rc;

use alert::Alert;
use api::{Figures, Teller};
use call::Outcome;
use pipeline::Worker;
use store::{Store, Tally};

use crate::watch::bearings::{Bearings, Compass};

/// Tells pages.
pub struct Pages {
    teller: Teller,
    bearings: Rc<RefCell<Bearings>>,
}

impl Pages {
    /// Nothing has been told yet.
    pub fn new(teller: Teller) -> Self {
        Self { teller, bearings: Rc::default() }
    }

    /// Who takes down where calls go.
    pub fn compass(&self) -> Compass {
        Compass(Rc::clone(&self.bearings))
    }

    /// Who tells of alerts.
    pub fn herald(&self) -> impl Fn(&Alert) + use<> {
        let teller = self.teller.clone();
        move |alert| {
            // What detectors in shadow find is no alert.
            if let Some(record) = (!alert.shadow).then(|| serde_json::to_string(alert).ok()).flatten() {
                teller.alert(&record);
            }
        }
    }

    /// Tells where things stand.
    pub fn publish(&self, worker: &Worker, dropped: u64, ready: bool, store: Option<&Store>) {
        let (now, traffic, calls) = (tap::now(), worker.traffic(), worker.call_tally());
        let (legs, streams) = worker.held();
        let answered = Outcome::ALL.iter().zip(calls.outcomes).find(|(outcome, _)| **outcome == Outcome::Answered);
        let store = store.map(Store::tally).unwrap_or_default();
        let Tally { calls_lost, alerts_only, .. } = store;
        self.teller.figures(Figures {
            at: now,
            ready,
            frames: traffic.frames,
            bytes: traffic.bytes,
            dropped,
            undecoded: worker.undecoded(),
            calls: calls.outcomes.iter().sum(),
            answered: answered.map_or(0, |(_, count)| count),
            legs: legs as u64,
            streams: streams as u64,
            destinations: self.bearings.borrow_mut().all(now),
            store_lost: calls_lost.iter().sum(),
            alerts_only,
        });
    }
}

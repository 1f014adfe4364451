//! Learning by what people said of alerts, beside judgement and without a word in it: a judge of its own, who finds nothing and tells nobody
//! anything. What he must not learn he does not hear: calls of frauds that were confirmed, and of alerts of which nobody has said anything yet.
//! Those of alerts that were dismissed he hears like any other, and doubts like any other: of an entity against which there is evidence of a
//! hundred to one he learns no shares, whoever says that it is innocent.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use alert::{Alert, Book, Versions};
use audio::Excerpt;
use call::{CallRecord, Exchange, Listener, Side, Step};
use config::Known;
use detect::{Counts, Imprint, Judge, Settings, Tables};
use types::{Coverage, Moment, Nanos};

use crate::alarms::Taker;
use crate::failure::Failure;
use crate::rulings::{Ruling, Rulings};

/// Calls by what was said of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heard {
    /// Kept from him, since they belong to a confirmed fraud.
    pub of_fraud: u64,
    /// Kept from him, since they belong to an alert of which nobody has said anything.
    pub of_open: u64,
    /// Heard, though they belong to an alert.
    pub of_innocent: u64,
}

/// Who learns.
pub struct Pupil {
    judge: Judge<Book<Taker>>,
    known: Arc<Known>,
    rulings: Rc<RefCell<Rulings>>,
    heard: Heard,
}

impl Pupil {
    /// One who goes by these rulings.
    ///
    /// # Errors
    /// Judgement that cannot be set up.
    pub fn new(known: Arc<Known>, tables: Tables, versions: Versions, rulings: Rulings) -> Result<Self, Failure> {
        let nobody: Taker = Box::new(|_| {});
        let book = Book::new(Arc::clone(&known), versions, nobody);
        // What would be found is found beside him, and what is said of it decides.
        let settings = Settings { threshold_nats: f32::INFINITY, ..Settings::of(&known) };
        let judge = Judge::new(settings, tables, Arc::clone(&known), book);
        let mut judge = judge.map_err(|error| Failure::Judgement(error.to_string()))?;
        judge.learns();
        Ok(Self { judge, known, rulings: Rc::new(RefCell::new(rulings)), heard: Heard::default() })
    }

    /// Who tells `taker` of alerts, and him too.
    pub fn told(&self, mut taker: Taker) -> Taker {
        let rulings = Rc::clone(&self.rulings);
        Box::new(move |alert: Alert| {
            if !alert.shadow {
                rulings.borrow_mut().hear(&alert);
            }
            taker(alert);
        })
    }

    /// How much was learned.
    pub fn counts(&self) -> Option<Counts> {
        self.judge.learned()
    }

    /// Calls by what was said of them.
    pub const fn heard(&self) -> Heard {
        self.heard
    }

    /// Alerts of which this was said.
    pub fn alerts(&self, ruling: Ruling) -> u64 {
        self.rulings.borrow().count(ruling)
    }

    /// Alerts that were told and that the store does not know.
    pub fn unknown(&self) -> u64 {
        self.rulings.borrow().unknown()
    }

    /// Nothing more will come.
    pub fn drain(&mut self) {
        self.judge.drain();
    }

    /// What was learned, as it is written.
    pub fn profile(&mut self, imprint: &Imprint) -> Option<String> {
        self.judge.profile(imprint)
    }

    fn ruling(&self, at: Nanos, call: &CallRecord<'_>) -> Option<Ruling> {
        self.rulings.borrow().of(&self.known, at, call)
    }

    fn may_hear(&self, at: Nanos, call: &CallRecord<'_>) -> bool {
        matches!(self.ruling(at, call), None | Some(Ruling::Innocent))
    }
}

impl Listener for Pupil {
    fn moment(&mut self, moment: Moment) {
        self.judge.moment(moment);
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        let ruling = self.ruling(at, call);
        if step == Step::Invited {
            match ruling {
                Some(Ruling::Fraud) => self.heard.of_fraud += 1,
                Some(Ruling::Open) => self.heard.of_open += 1,
                Some(Ruling::Innocent) => self.heard.of_innocent += 1,
                None => {}
            }
        }
        if matches!(ruling, None | Some(Ruling::Innocent)) {
            self.judge.step(step, at, call);
        }
    }

    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &Excerpt, whole: bool) {
        if self.may_hear(at, call) {
            self.judge.heard(at, call, side, excerpt, whole);
        }
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.judge.exchange(exchange);
    }

    fn coverage(&mut self, seen: &Coverage) {
        self.judge.coverage(seen);
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        if self.may_hear(Nanos::ZERO, record) {
            self.judge.record(record);
        }
    }
}

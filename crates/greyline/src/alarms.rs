//! Judgement beside the calls: every alert to its file, and the last word on each to whoever reads the screen.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use alert::{Alert, Book, Severity, Versions};
use audio::Excerpt;
use call::{CallRecord, Exchange, Listener, Side, Step};
use config::Known;
use detect::{Imprint, Judge, Settings};
use types::{Coverage, Losses, Moment, Nanos};

use crate::json::judgement::JudgementJson;
use crate::json::time;
use crate::outputs::Output;
use crate::run::Failure;
use crate::tables;

/// Alerts whose last word is kept for the screen; those past it are in the file.
const SHOWN_MAX: usize = 10_000;

/// Who takes alerts down.
type Taker = Box<dyn FnMut(Alert)>;

/// Listens to calls and takes down alerts.
pub struct Alarms {
    judge: Judge<Book<Taker>>,
    raised: Rc<RefCell<Raised>>,
    profile: Option<Output>,
}

/// An alert as the screen shows it.
pub struct Shown {
    /// When it was opened.
    pub opened: String,
    /// Its calls by then.
    pub opened_calls: u64,
    /// The last word on it.
    pub alert: Alert,
}

/// What was raised.
#[derive(Default)]
pub struct Raised {
    output: Option<Output>,
    shadow: Option<Output>,
    /// What was found by detectors in shadow alone.
    pub in_shadow: u64,
    /// Every alert, in the order they were opened.
    pub alerts: Vec<Shown>,
    /// The most severe.
    pub worst: Option<Severity>,
    failure: Option<Failure>,
}

impl Raised {
    fn take(&mut self, alert: Alert) {
        if alert.shadow {
            self.in_shadow += u64::from(alert.status == "open");
            if let (Some(output), None) = (&mut self.shadow, &self.failure) {
                self.failure = output.line(&alert).err();
            }
            return;
        }
        if let (Some(output), None) = (&mut self.output, &self.failure) {
            self.failure = output.line(&alert).err();
        }
        self.worst = self.worst.max(Some(alert.severity));
        let held = self.alerts.iter().rposition(|held| held.alert.alert_id == alert.alert_id);
        if held.is_none() && self.alerts.len() < SHOWN_MAX {
            self.alerts.push(Shown { opened: alert.time.clone(), opened_calls: alert.calls.count, alert });
        } else if let Some(held) = held.and_then(|place| self.alerts.get_mut(place)) {
            held.alert = alert;
        }
    }
}

impl Alarms {
    /// Judges by what is known; alerts go to `file` too, what detectors in shadow find to `shadow`, and what the innocent are like
    /// to `profile`.
    pub fn new(
        known: Arc<Known>,
        file: Option<&Path>,
        shadow: Option<&Path>,
        profile: Option<&Path>,
    ) -> Result<Self, Failure> {
        let open = |file: Option<&Path>| file.map(Output::open).transpose();
        let raised = Raised { output: open(file)?, shadow: open(shadow)?, ..Raised::default() };
        let raised = Rc::new(RefCell::new(raised));
        let taken = Rc::clone(&raised);
        let hand_on: Taker = Box::new(move |alert| taken.borrow_mut().take(alert));
        let versions = Versions {
            greyline: env!("CARGO_PKG_VERSION").to_owned(),
            rules: detect::RULES.to_owned(),
            tables: String::new(),
            config: known.version().to_owned(),
        };
        let tables = tables::read(&known)?;
        let book = Book::new(Arc::clone(&known), versions, hand_on);
        let judge = Judge::new(Settings::of(&known), tables, known, book);
        let mut judge = judge.map_err(|error| Failure::Judgement(error.to_string()))?;
        let profile = open(profile)?;
        if profile.is_some() {
            judge.learns();
        }
        Ok(Self { judge, raised, profile })
    }

    /// Nothing more will come: what waits is judged.
    pub fn drain(&mut self) {
        self.judge.drain();
    }

    /// What judgement did, and whether what it rests on holds.
    pub fn judgement(&self) -> JudgementJson {
        JudgementJson::of(&self.judge)
    }

    /// What was judged.
    pub fn tally(&self) -> detect::Tally {
        self.judge.tally()
    }

    /// What was raised, or what went wrong while writing it down.
    pub fn close(mut self) -> Result<Raised, Failure> {
        self.drain();
        if let Some(mut output) = self.profile.take() {
            let imprint = Imprint { by: format!("greyline {}", env!("CARGO_PKG_VERSION")), time };
            output.text(&self.judge.profile(&imprint).unwrap_or_default())?;
            output.close()?;
        }
        drop(self.judge);
        let mut raised = self.raised.take();
        if let Some(failure) = raised.failure.take() {
            return Err(failure);
        }
        for output in [raised.output.take(), raised.shadow.take()].into_iter().flatten() {
            output.close()?;
        }
        Ok(raised)
    }
}

impl Losses for Alarms {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        self.judge.tally().losses(each);
    }
}

impl Listener for Alarms {
    fn moment(&mut self, moment: Moment) {
        self.judge.moment(moment);
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.judge.step(step, at, call);
    }

    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &Excerpt, whole: bool) {
        self.judge.heard(at, call, side, excerpt, whole);
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.judge.exchange(exchange);
    }

    fn coverage(&mut self, seen: &Coverage) {
        self.judge.coverage(seen);
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        self.judge.record(record);
    }
}

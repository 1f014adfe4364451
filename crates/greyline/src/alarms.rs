//! Judgement beside the calls.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use alert::{Alert, Book, Versions};
use audio::Excerpt;
use call::{CallRecord, Exchange, Listener, Side, Step};
use config::Known;
use detect::{Imprint, Judge, Misfit, Settings, Tables};
use types::{Coverage, Losses, Moment, Nanos};

use crate::failure::Failure;
use crate::json::judgement::JudgementJson;
use crate::json::time;
use crate::outputs::Output;
use crate::tables;

/// Who takes alerts down.
pub type Taker = Box<dyn FnMut(Alert)>;

/// Listens to calls and hands on alerts.
pub struct Alarms {
    judge: Judge<Book<Taker>>,
    profile: Option<Output>,
}

impl Alarms {
    /// Judges by what is known; alerts go to `taker`, and what the innocent are like to `profile`.
    pub fn new(known: Arc<Known>, taker: Taker, profile: Option<&Path>) -> Result<Self, Failure> {
        let versions = Versions {
            greyline: env!("CARGO_PKG_VERSION").to_owned(),
            rules: detect::RULES.to_owned(),
            tables: String::new(),
            config: known.version().to_owned(),
        };
        let tables = tables::read(&known)?;
        let book = Book::new(Arc::clone(&known), versions, taker);
        let judge = Judge::new(Settings::of(&known), tables, known, book);
        let mut judge = judge.map_err(|error| Failure::Judgement(error.to_string()))?;
        judge.asks(link::ask_for::<u8>);
        let profile = profile.map(Output::open).transpose()?;
        if profile.is_some() {
            judge.learns();
        }
        Ok(Self { judge, profile })
    }

    /// Judges from now on by what is known now.
    pub fn renew(&mut self, settings: Settings, tables: Tables, known: &Arc<Known>) -> Result<(), Misfit> {
        self.judge.renew(settings, tables, Arc::clone(known))?;
        self.judge.hearer_mut().renew(Arc::clone(known));
        Ok(())
    }

    /// Nothing more will come: what waits is judged.
    pub fn drain(&mut self) {
        self.judge.drain();
    }

    /// What judgement did, and whether what it rests on holds.
    pub fn judgement(&self) -> JudgementJson {
        JudgementJson::of(&self.judge)
    }

    /// On a live link: an event waits so long for earlier ones before it is judged.
    pub const fn wait(&mut self, wait: Duration) {
        self.judge.wait(wait);
    }

    /// Whether an event waits to be judged.
    pub fn is_waiting(&self) -> bool {
        self.judge.is_waiting()
    }

    /// Evidence that an alert needs now, in decibels.
    pub fn threshold_db(&self) -> f64 {
        alert::decibels(self.judge.threshold_nats())
    }

    /// What was judged.
    pub fn tally(&self) -> detect::Tally {
        self.judge.tally()
    }

    /// Nothing more will come: writes the profile.
    pub fn close(mut self) -> Result<(), Failure> {
        self.drain();
        let Some(mut output) = self.profile.take() else { return Ok(()) };
        let imprint = Imprint { by: format!("greyline {}", env!("CARGO_PKG_VERSION")), time };
        output.text(&self.judge.profile(&imprint).unwrap_or_default())?;
        output.close()
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

//! Judgement beside the calls.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alert::{Alert, Book, Counter, Versions};
use audio::Excerpt;
use call::{CallRecord, Exchange, Listener, Side, Step};
use config::Known;
use detect::{Imprint, Judge, Keep, Misfit, Settings, Snapshot, Tables};
use types::{Coverage, Losses, Moment, Nanos};

use crate::failure::Failure;
use crate::json::judgement::JudgementJson;
use crate::json::time;
use crate::outputs::Output;
use crate::pupil::Pupil;
use crate::rulings::Rulings;
use crate::tables;

/// Who takes alerts down.
pub type Taker = Box<dyn FnMut(Alert)>;

/// Judgement as it was written down when an earlier run ended.
pub struct Kept {
    /// What was known then.
    pub before: Arc<Known>,
    /// Hash of the class tables of then.
    pub tables: u64,
    /// What had been seen, and what was open.
    pub snapshot: Snapshot,
    /// Where operations stood that were told of after that was written down.
    pub standings: Vec<Vec<u8>>,
}

/// That it is learned what the innocent are like.
#[derive(Clone, Copy, Debug)]
pub struct Lessons<'a> {
    /// Where that is written.
    pub profile: &'a Path,
    /// The store whose cases are heeded.
    pub cases: Option<&'a Path>,
}

/// Listens to calls and hands on alerts.
pub struct Alarms {
    judge: Judge<Book<Taker>>,
    /// Who learns in the judge's place, where people's word is heeded: it changes what is learned, never what is found.
    pupil: Option<Pupil>,
    profile: Option<Output>,
    /// Whether what is open at the end stays open, since the next start goes on from there.
    stays_open: bool,
}

impl Alarms {
    /// Judges by what is known; alerts go to `taker`.
    pub fn new(known: Arc<Known>, taker: Taker, lessons: Option<Lessons<'_>>) -> Result<Self, Failure> {
        let versions = Versions {
            greyline: env!("CARGO_PKG_VERSION").to_owned(),
            rules: detect::RULES.to_owned(),
            tables: String::new(),
            config: known.version().to_owned(),
        };
        let tables = tables::read(&known)?;
        let rulings = lessons.and_then(|lessons| lessons.cases).map(Rulings::read).transpose()?;
        let pupil = |rulings| Pupil::new(Arc::clone(&known), tables::read(&known)?, versions.clone(), rulings);
        let pupil = rulings.map(pupil).transpose()?;
        let taker = match &pupil {
            Some(pupil) => pupil.told(taker),
            None => taker,
        };
        let book = Book::new(Arc::clone(&known), versions, taker);
        let judge = Judge::new(Settings::of(&known), tables, known, book);
        let mut judge = judge.map_err(|error| Failure::Judgement(error.to_string()))?;
        judge.asks(link::ask_for::<u8>);
        let profile = lessons.map(|lessons| Output::open(lessons.profile)).transpose()?;
        if profile.is_some() && pupil.is_none() {
            judge.learns();
        }
        Ok(Self { judge, pupil, profile, stays_open: false })
    }

    /// Goes on where an earlier run ended, by what is known now: as if it had been read anew while that ran. Calls that were not over
    /// then are lost, since nothing was written down of their packets.
    ///
    /// # Errors
    /// What keeps it from going on; then it stands where it stood.
    pub fn go_on(&mut self, kept: Kept, known: &Arc<Known>) -> Result<(), String> {
        let Kept { before, tables: hash, snapshot, standings } = kept;
        let misread = |failure: Failure| failure.to_string();
        let settings = Settings::of(known);
        let stood = Settings::of(&before).in_sizes_of(&settings);
        let nobody: Taker = Box::new(|_| {});
        let book = Book::new(Arc::clone(&before), self.judge.hearer().versions().clone(), nobody);
        let tables = tables::read(known).map_err(misread)?;
        let judge = Judge::new(stood, tables, Arc::clone(&before), book);
        let mut judge = judge.map_err(|error| error.to_string())?;
        judge.restore(snapshot).map_err(|misfit| misfit.to_string())?;
        for standing in &standings {
            judge.reinstate(standing).map_err(|error| error.to_string())?;
        }
        judge.lose_calls();
        if (before.version(), hash) != (known.version(), judge.tables().hash()) {
            let tables = tables::read(known).map_err(misread)?;
            judge.renew(settings, tables, Arc::clone(known)).map_err(|misfit| misfit.to_string())?;
        }
        std::mem::swap(judge.hearer_mut(), self.judge.hearer_mut());
        judge.hearer_mut().renew(Arc::clone(known));
        judge.asks(link::ask_for::<u8>);
        self.judge = judge;
        Ok(())
    }

    /// From now on tells of each call that an alert counts.
    pub fn counts(&mut self, counter: Counter) {
        self.judge.hearer_mut().counts(counter);
    }

    /// From now on hands over where each operation stands before it is told of, and leaves open at the end what is open: somebody
    /// writes it down.
    pub fn keeps(&mut self, keep: Keep) {
        self.stays_open = true;
        self.judge.keeps(keep);
    }

    /// Tells again of what is open.
    pub fn tell_open(&mut self) {
        self.judge.tell_open();
    }

    /// Operations that are open.
    pub fn open(&self) -> usize {
        self.judge.open()
    }

    /// Begins to write judgement down, into this memory.
    pub fn begin_saving(&mut self, bytes: Vec<u8>) {
        self.judge.begin_saving(bytes);
    }

    /// Writes down as much of it as there is time for; whether little is missing.
    pub fn save_some(&mut self, time: Duration) -> Result<bool, detect::Unreadable> {
        let begun = Instant::now();
        while begun.elapsed() < time {
            if self.judge.save_some()? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes down what is missing: everything is as it is now.
    pub fn finish_saving(&mut self) -> Result<Vec<u8>, detect::Unreadable> {
        self.judge.finish_saving()
    }

    /// Hash of the class tables.
    pub const fn tables(&self) -> u64 {
        self.judge.tables().hash()
    }

    /// Judges from now on by what is known now.
    pub fn renew(&mut self, settings: Settings, tables: Tables, known: &Arc<Known>) -> Result<(), Misfit> {
        self.judge.renew(settings, tables, Arc::clone(known))?;
        self.judge.hearer_mut().renew(Arc::clone(known));
        Ok(())
    }

    /// Nothing more will come: what waits is judged.
    pub fn drain(&mut self) {
        if let Some(pupil) = &mut self.pupil {
            pupil.drain();
        }
        if self.stays_open {
            self.judge.release();
        } else {
            self.judge.drain();
        }
    }

    /// What judgement did, and whether what it rests on holds.
    pub fn judgement(&self) -> JudgementJson {
        JudgementJson::of(&self.judge, self.pupil.as_ref())
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
        let learned = match &mut self.pupil {
            Some(pupil) => pupil.profile(&imprint),
            None => self.judge.profile(&imprint),
        };
        output.text(&learned.unwrap_or_default())?;
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
        self.pupil.iter_mut().for_each(|pupil| pupil.moment(moment));
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.judge.step(step, at, call);
        self.pupil.iter_mut().for_each(|pupil| pupil.step(step, at, call));
    }

    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &Excerpt, whole: bool) {
        self.judge.heard(at, call, side, excerpt, whole);
        self.pupil.iter_mut().for_each(|pupil| pupil.heard(at, call, side, excerpt, whole));
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.judge.exchange(exchange);
        self.pupil.iter_mut().for_each(|pupil| pupil.exchange(exchange));
    }

    fn coverage(&mut self, seen: &Coverage) {
        self.judge.coverage(seen);
        self.pupil.iter_mut().for_each(|pupil| pupil.coverage(seen));
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        self.judge.record(record);
        self.pupil.iter_mut().for_each(|pupil| pupil.record(record));
    }
}

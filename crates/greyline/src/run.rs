//! A run from the flags to the last record.

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use alert::{Alert, Severity};
use audio::{EarsConfig, Privacy};
use call::CallConfig;
use config::Known;
use evidence::Ring;
use link::Capture;
use pipeline::{Worker, WorkerConfig};
use records::Reader;
use score::Scorecard;
use serde::Serialize;
use stir::Verifier;
use store::{Pace, Store};
use tap::Stop;
use wire::WireConfig;

use crate::alarms::{Alarms, Lessons, Taker};
use crate::aside::Aside;
use crate::bundles;
use crate::check;
use crate::clerk::{Clerk, Lines, Scribe};
use crate::cli::{Cli, Command, Job, Record};
use crate::detectors::{self, DetectorsJson};
use crate::dossiers;
use crate::failure::Failure;
use crate::json::{
    self,
    call::CallJson,
    records::{Counted, Counts, RecordsJson},
    summary::SummaryJson,
    truth::TruthJson,
};
use crate::keeping::{self, Keeper};
use crate::knowledge;
use crate::outputs::{self, LineOutput, Output};
use crate::paint::Paint;
use crate::progress::Progress;
use crate::raised::Raised;
use crate::report;
use crate::scores;
use crate::signers;
use crate::synth;
use crate::table::Table;
use crate::texts;
use crate::tokens;
use crate::traceback;
use crate::unsealing;
use crate::verdicts;
use crate::verifying;
use crate::viewing;
use crate::watch;

/// Call records read between two looks at the progress bar.
const RECORDS_AT_ONCE: u32 = 4_096;

/// How a run ended that could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Everything was read.
    Whole,
    /// Some input was damaged; what was read is reported.
    Damaged,
    /// Everything was read, and there is what was asked after: an alert that `--fail-on` means, a bundle that was touched.
    Alerted,
}

/// Does what was asked.
pub fn run(cli: &Cli) -> Result<Done, Failure> {
    match &cli.command {
        Command::Replay(job) if job.console => viewing::view(&job.job),
        Command::Replay(job) => read(&job.job, View::Report),
        Command::Calls(job) => read(job, View::Calls),
        Command::Watch(job) => watch::watch(job),
        Command::Check { file, at } => check::check(file.as_deref(), *at),
        Command::Detectors { json } => detectors::print(*json),
        Command::Score { truth, alerts, calls_day, json } => scores::score(truth, alerts, *calls_day, json.as_deref()),
        Command::Synth(job) => synth::synth(job),
        Command::Evidence(job) => bundles::evidence(job),
        Command::Verify(job) => verifying::verify(job),
        Command::Report(job) => dossiers::report(job),
        Command::Traceback(job) => traceback::traceback(job),
        Command::Holder { name, out } => unsealing::make(name, out),
        Command::Unseal(job) => unsealing::unseal(job),
        Command::Token { name, role } => tokens::make(name, *role),
        Command::Openapi => Output::open(Path::new("-"))?.only(&api::Api::document()).map(|()| Done::Whole),
        Command::Schema { record } => {
            let schema = match record {
                Record::Alert => json::schema::<Alert>(),
                Record::Call => json::schema::<CallJson<'_>>(),
                Record::Summary => json::schema::<SummaryJson>(),
                Record::Records => json::schema::<RecordsJson>(),
                Record::Truth => json::schema::<TruthJson<'_>>(),
                Record::Score => json::schema::<Scorecard>(),
                Record::Detectors => json::schema::<DetectorsJson>(),
                Record::Config => config::schema().clone(),
            };
            Output::open(Path::new("-"))?.only(&schema).map(|()| Done::Whole)
        }
    }
}

/// What a person sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// What was found, and all counts.
    Report,
    /// A line for each call.
    Calls,
}

/// What is kept of what a worker tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keeps {
    /// Whether calls are, in a store.
    pub calls: bool,
    /// Whether packets are.
    pub packets: bool,
}

/// What is known, as the worker takes it.
pub fn plan(known: &Known, keeps: Keeps) -> WorkerConfig {
    let (capture, limits) = (&known.config().capture, &known.config().limits);
    let wire = WireConfig {
        vxlan_ports: capture.vxlan_ports.clone(),
        duplicates: !capture.keep_duplicates,
        ..WireConfig::default()
    };
    let store = &known.config().store;
    let course_secs = if keeps.calls { store.media_every_secs } else { 0 };
    let headers = if keeps.packets && known.config().tap.privacy_level >= 1 { store.media_headers } else { 0 };
    let (legs_max, courses_max) = (limits.calls_live_max, limits.streams_over_time_max);
    let calls = CallConfig { legs_max, course_secs, courses_max, ..CallConfig::default() };
    let robocall = &known.config().detect.robocall;
    let asked = if robocall.enabled { known.config().tap.privacy_level } else { 0 };
    let ears = EarsConfig {
        privacy: Privacy::of(asked),
        listen_secs: robocall.listen_secs,
        ears_max: limits.streams_listened_max,
    };
    WorkerConfig { wire, ears, headers, calls, plan: known.numbering_plan().clone(), ..WorkerConfig::default() }
}

/// Threads that share the packets.
fn workers(known: &Known) -> NonZeroUsize {
    NonZeroUsize::new(known.config().capture.workers.into()).unwrap_or(NonZeroUsize::MIN)
}

/// How a run goes.
struct Course {
    view: View,
    /// Whether the SIP messages of captures are kept beside the store.
    ring: bool,
    /// Who may end it before all is read.
    stop: Stop,
}

fn read(job: &Job, view: View) -> Result<Done, Failure> {
    let course = Course { view, ring: false, stop: Stop::default() };
    read_as(job, &course, &Arc::new(knowledge::of(&job.tap, job.no_map)?))
}

/// Reads captures or records by what is known, judges them, and reports. The SIP messages of captures are kept beside the store.
///
/// # Errors
/// What cannot be read or written; that somebody asked to stop.
pub fn replay(job: &Job, known: &Arc<Known>, stop: &Stop) -> Result<Done, Failure> {
    read_as(job, &Course { view: View::Report, ring: true, stop: stop.clone() }, known)
}

fn read_as(job: &Job, course: &Course, known: &Arc<Known>) -> Result<Done, Failure> {
    let for_people = outputs::is_for_people([&job.calls, &job.summary, &job.alerts, &job.shadow, &job.learn])?;
    match texts::records(&job.captures)? {
        Some(inputs) => {
            let reader = Reader::open(inputs, known).map_err(Failure::Records)?;
            let desk = Desk::open(job, known, course, for_people)?;
            recorded(reader, known, job, &course.stop, desk)
        }
        None => {
            let map = known.config().capture.map;
            let capture = Capture::open(&job.captures, link::Config { map }).map_err(Failure::Open)?;
            let desk = Desk::open(job, known, course, for_people)?;
            captured(capture, known, job, course, desk)
        }
    }
}

/// Where what a run tells goes to.
struct Desk {
    clerk: Clerk,
    raised: Rc<RefCell<Raised>>,
    summary: Option<Output>,
    /// Where what is told is remembered.
    store: Option<Rc<Store>>,
    /// What a person sees at the end, if anyone looks.
    view: Option<View>,
    paint: Paint,
    /// What outputs lack that did not take all of what was written.
    lacking: Vec<Failure>,
}

impl Desk {
    fn open(job: &Job, known: &Arc<Known>, course: &Course, for_people: bool) -> Result<Self, Failure> {
        let view = course.view;
        let paint = Paint::for_stdout();
        let store = job.store.as_deref().map(|folder| keeping::open(folder, known, Pace::File)).transpose()?;
        if let Some(store) = &store {
            let sources: Vec<_> = job.captures.iter().map(|it| it.to_string_lossy()).collect();
            keeping::begin(store, known, sources.join(", "), keeping::OF_CAPTURES);
        }
        let judges = view == View::Report || [&job.alerts, &job.shadow, &job.learn].into_iter().any(Option::is_some);
        let asked = judges || job.calls.is_some() || store.is_some();
        let room = known.config().limits.calls_live_max as usize;
        let trust = asked.then(|| signers::trust(&known.config().stir)).transpose()?;
        let raised = Rc::new(RefCell::new(Raised::open(job.alerts.as_deref(), job.shadow.as_deref())?));
        let (taken, kept) = (Rc::clone(&raised), store.clone());
        let taker: Taker = Box::new(move |alert| {
            kept.iter().for_each(|store| keeping::keep(store, &alert));
            taken.borrow_mut().take(alert);
        });
        let lessons = job.learn.as_deref().map(|profile| Lessons { profile, cases: job.cases.as_deref() });
        let counter = store.as_ref().map(keeping::counter);
        let alarms = || {
            let mut alarms = Alarms::new(Arc::clone(known), taker, lessons)?;
            counter.into_iter().for_each(|counter| alarms.counts(counter));
            Ok(alarms)
        };
        let mut scribes: Vec<Box<dyn Scribe>> = Vec::new();
        if let Some(file) = &job.calls {
            scribes.push(Box::new(Lines { output: LineOutput::open(file)?, known: Arc::clone(known) }));
        }
        if let Some(store) = &store {
            scribes.push(Box::new(Keeper::new(Rc::clone(store), Arc::clone(known))));
        }
        if for_people && view == View::Calls {
            scribes.push(Box::new(Table::open(paint)?));
        }
        let ring = store.as_deref().filter(|_| course.ring).map(|store| keeping::ring(store, known)).transpose()?;
        let clerk = Clerk {
            verifier: trust.map(|trust| Verifier::new(trust, room)),
            alarms: judges.then(alarms).transpose()?,
            scribes,
            ring: ring.flatten().map(Ring::waiting),
        };
        let summary = job.summary.as_deref().map(Output::open).transpose()?;
        Ok(Self { clerk, raised, summary, store, view: for_people.then_some(view), paint, lacking: Vec::new() })
    }

    /// Nothing more will be told: ends the files of calls and alerts. Lines that are missing of them, by name.
    fn settle(&mut self) -> [(&'static str, u64); 3] {
        self.clerk.drain();
        let calls = self.clerk.dismiss_scribes();
        let [alerts, shadow] = self.raised.borrow_mut().close();
        let missing = |lacking: &[Failure]| lacking.iter().map(Failure::lines_missing).sum();
        let unwritten = [
            ("calls_unwritten", missing(&calls)),
            ("alerts_unwritten", missing(alerts.as_slice())),
            ("shadow_unwritten", missing(shadow.as_slice())),
        ];
        self.lacking.extend(calls.into_iter().chain(alerts).chain(shadow));
        unwritten
    }

    /// Writes the summary, and the end of what people see: the alerts before all. What one of these does not take is said, and the others are
    /// written all the same.
    fn close<S: Serialize>(mut self, summary: &S, page: impl FnOnce(View, Paint) -> String) -> Result<Closed, Failure> {
        let learned = self.clerk.alarms.take().map_or(Ok(()), Alarms::close);
        // It holds who tells the store.
        drop(self.clerk);
        let raised = self.raised.take();
        if let Some(store) = self.store.and_then(Rc::into_inner) {
            report::complain_of_store(store);
        }
        let summed_up = self.summary.map_or(Ok(()), |output| output.only(summary));
        let shown = self.view.map_or(Ok(()), |view| show(&raised, (view, self.paint), page));
        self.lacking.extend([learned, summed_up, shown].into_iter().filter_map(Result::err));
        // Whoever has gone wants to be told nothing.
        let gone = self.lacking.iter().position(Failure::is_broken_pipe).map(|place| self.lacking.swap_remove(place));
        report::complain_of_outputs(&self.lacking);
        match gone {
            Some(gone) if self.lacking.is_empty() => Err(gone),
            _ => Ok(Closed { worst: raised.worst, whole: self.lacking.is_empty() }),
        }
    }
}

/// How outputs were closed.
struct Closed {
    /// The worst alert.
    worst: Option<Severity>,
    /// Whether each took all that was written.
    whole: bool,
}

/// Shows a person what was found.
fn show(
    raised: &Raised,
    (view, paint): (View, Paint),
    page: impl FnOnce(View, Paint) -> String,
) -> Result<(), Failure> {
    let mut output = Output::open(Path::new("-"))?;
    if view == View::Report {
        output.text(&verdicts::page(raised, paint))?;
    }
    output.text(&page(view, paint))?;
    output.close()
}

/// A run over captures.
fn captured(mut capture: Capture, known: &Known, job: &Job, course: &Course, mut desk: Desk) -> Result<Done, Failure> {
    let stop = &course.stop;
    let keeps = Keeps { calls: desk.store.is_some(), packets: desk.clerk.ring.is_some() };
    let mut worker = Worker::new(plan(known, keeps));
    let mut progress = Progress::new(job.quiet, capture.progress().total);
    let workers = workers(known);
    let threads = |error| Failure::Service(format!("threads: {error}"));
    if desk.clerk.alarms.is_some() {
        // Judgement takes as long as reading does: each has a thread of its own.
        let (relay, told) = pipeline::relay();
        let mut aside = Aside { relay, ring: desk.clerk.ring.take() };
        let (worker, capture, progress) = (&mut worker, &mut capture, &mut progress);
        let carried = thread::scope(|scope| {
            let carrying = thread::Builder::new().name("greyline carry".to_owned());
            let carrying = carrying.spawn_scoped(scope, move || {
                let carried = pipeline::carry(capture, worker, &mut aside, workers, |aside, worker, read| {
                    progress.on_batch(read.read, worker);
                    aside.relay.is_heard() && !stop.is_asked()
                });
                aside.relay.hand_on();
                carried
            })?;
            told.tell(&mut desk.clerk, |clerk| !clerk.is_unread());
            carrying.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        carried.map_err(threads)?;
    } else {
        let goes_on = |clerk: &Clerk, worker: &Worker, read: link::Progress| {
            progress.on_batch(read.read, worker);
            !clerk.is_unread() && !stop.is_asked()
        };
        pipeline::carry(&mut capture, &mut worker, &mut desk.clerk, workers, goes_on).map_err(threads)?;
    }
    progress.finish();
    if stop.is_asked() {
        return Err(Failure::Stopped);
    }
    let unwritten = desk.settle();

    let mut summary = desk.clerk.summary(&worker, capture.tally());
    summary.losses.extend(unwritten.map(|(name, lines)| (name.to_owned(), lines)));
    let shown = desk.view.is_some();
    let closed = desk.close(&summary, |view, paint| match view {
        View::Report => report::report(&summary, paint),
        View::Calls => report::footer(&summary, paint),
    })?;
    report::complain(&capture);
    report::complain_of_frames(&worker, &summary, course.view);
    if !shown {
        report::complain_of_judgement(summary.judgement.as_ref());
    }
    let read = capture.damages().is_empty() && report::unread(&worker) == 0;
    Ok(done(job, closed.whole && read, closed.worst))
}

/// A run over call records.
fn recorded(mut reader: Reader, known: &Known, job: &Job, stop: &Stop, mut desk: Desk) -> Result<Done, Failure> {
    let mut counts = Counts::default();
    let progress = Progress::new(job.quiet, None);
    while reader.play(RECORDS_AT_ONCE, &mut Counted { listener: &mut desk.clerk, counts: &mut counts }) {
        progress.on_records(reader.tally().lines);
        if desk.clerk.is_unread() || stop.is_asked() {
            break;
        }
    }
    progress.finish();
    if stop.is_asked() {
        return Err(Failure::Stopped);
    }
    let unwritten = desk.settle();

    let mut summary = RecordsJson::of((reader.tally(), &counts), &desk.clerk, desk.clerk.judgement(), known);
    let missing = unwritten.into_iter().filter(|&(_, lines)| lines > 0);
    summary.losses.extend(missing.map(|(name, lines)| (name.to_owned(), lines)));
    let shown = desk.view.is_some();
    let closed = desk.close(&summary, |view, paint| match view {
        View::Report => report::records(&summary, paint),
        View::Calls => report::records_footer(&summary, paint),
    })?;
    report::complain_of_records(&reader);
    if !shown {
        report::complain_of_reading(&summary);
        report::complain_of_judgement(summary.judgement.as_ref());
    }
    Ok(done(job, closed.whole && reader.tally().broken == 0, closed.worst))
}

/// How a run ended, where the worst alert was `worst`.
fn done(job: &Job, whole: bool, worst: Option<Severity>) -> Done {
    match job.fail_on {
        _ if !whole => Done::Damaged,
        Some(severity) if worst >= Some(severity.into()) => Done::Alerted,
        _ => Done::Whole,
    }
}

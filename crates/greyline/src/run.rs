//! A run from the flags to the last record.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alert::{Alert, Severity};
use audio::{EarsConfig, Excerpt, Privacy};
use call::{CallConfig, CallRecord, Exchange, Listener, Side, Step};
use config::{Known, Mistake};
use link::{Capture, OpenError};
use pipeline::{Worker, WorkerConfig};
use records::Reader;
use score::Scorecard;
use serde::Serialize;
use stir::Verifier;
use types::{Coverage, Losses, Moment, Nanos};
use wire::WireConfig;

use crate::alarms::{Alarms, Raised};
use crate::check;
use crate::cli::{Cli, Command, Job, Record};
use crate::detectors::{self, DetectorsJson};
use crate::json::{
    self,
    call::CallJson,
    judgement::JudgementJson,
    records::{Counted, Outcomes, RecordsJson},
    summary::{Listening, SummaryJson},
    truth::TruthJson,
};
use crate::knowledge;
use crate::outputs::Output;
use crate::paint::Paint;
use crate::progress::Progress;
use crate::report;
use crate::scores;
use crate::signers;
use crate::synth;
use crate::table::Table;
use crate::texts;
use crate::verdicts;

/// Call records read between two looks at the progress bar.
const RECORDS_AT_ONCE: u32 = 4_096;

/// How a run ended that could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Everything was read.
    Whole,
    /// Some input was damaged; what was read is reported.
    Damaged,
    /// Everything was read, and an alert was raised that `--fail-on` asked for.
    Alerted,
}

/// Why a run could not be made, and what to do.
#[derive(Debug)]
pub enum Failure {
    /// A flag whose value cannot be one, and what would be right.
    Flag(&'static str, String),
    /// Call records that cannot be read.
    Records(records::OpenError),
    /// Captures and call records at once: a capture, and a file of records.
    Mixed(PathBuf, PathBuf),
    /// Truth or alerts that cannot be scored.
    Score(score::Failure),
    /// A configuration that cannot be read.
    Unread(PathBuf, io::Error),
    /// A configuration with mistakes.
    Mistaken(PathBuf, Vec<Mistake>),
    /// A file of certificates that is none.
    Certificate(PathBuf, stir::Wrong),
    /// Judgement that cannot be set up.
    Judgement(String),
    /// Two outputs that would be mixed.
    BothToStdout,
    /// Inputs that cannot be read.
    Open(OpenError),
    /// An output that does not take what is written.
    Write(PathBuf, io::Error),
}

impl Failure {
    /// Whether it is only that our reader has gone.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write(_, error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The exit code.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Open(_) | Self::Score(_) | Self::Records(_) => crate::UNREAD,
            _ => crate::USAGE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag, said) => write!(f, "{flag}: {said}"),
            Self::Records(error) => error.fmt(f),
            Self::Mixed(capture, records) => {
                let (capture, records) = (capture.display(), records.display());
                write!(f, "{records} holds call records and {capture} does not; read them one after the other")
            }
            Self::Score(failure) => failure.fmt(f),
            Self::Unread(file, error) => write!(f, "{}: {error}", file.display()),
            Self::Mistaken(file, mistakes) => {
                let file = file.display();
                write!(f, "{file} has mistakes; nothing was run")?;
                mistakes.iter().try_for_each(|mistake| write!(f, "\n{file}:{mistake}"))
            }
            Self::Certificate(file, wrong) => write!(f, "{}: {wrong}", file.display()),
            Self::Judgement(error) => write!(f, "judgement: {error}"),
            Self::BothToStdout => {
                f.write_str("two outputs on standard output would be mixed; give all but one of them a file")
            }
            Self::Open(error) => error.fmt(f),
            Self::Write(file, error) if file == Path::new("-") => write!(f, "standard output: {error}"),
            Self::Write(file, error) => write!(f, "{}: {error}", file.display()),
        }
    }
}

/// Does what was asked.
pub fn run(cli: &Cli) -> Result<Done, Failure> {
    match &cli.command {
        Command::Replay(job) => read(job, View::Report),
        Command::Calls(job) => read(job, View::Calls),
        Command::Check { file, at } => check::check(file.as_deref(), *at),
        Command::Detectors { json } => detectors::print(*json),
        Command::Score { truth, alerts, calls_day, json } => scores::score(truth, alerts, *calls_day, json.as_deref()),
        Command::Synth(job) => synth::synth(job),
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
            let mut output = Output::open(Path::new("-"))?;
            output.document(&schema)?;
            output.close().map(|()| Done::Whole)
        }
    }
}

/// What a person sees.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Report,
    Calls,
}

/// What is known, as the worker takes it.
fn plan(known: &Known) -> WorkerConfig {
    let (capture, limits) = (&known.config().capture, &known.config().limits);
    let wire = WireConfig {
        vxlan_ports: capture.vxlan_ports.clone(),
        duplicates: !capture.keep_duplicates,
        ..WireConfig::default()
    };
    let calls = CallConfig { legs_max: limits.calls_live_max, ..CallConfig::default() };
    let robocall = &known.config().detect.robocall;
    let asked = if robocall.enabled { known.config().tap.privacy_level } else { 0 };
    let ears = EarsConfig {
        privacy: Privacy::of(asked),
        listen_secs: robocall.listen_secs,
        ears_max: limits.streams_listened_max,
    };
    WorkerConfig { wire, ears, calls, plan: known.numbering_plan().clone(), ..WorkerConfig::default() }
}

fn read(job: &Job, view: View) -> Result<Done, Failure> {
    let is_stdout = |name: &Option<PathBuf>| name.as_deref() == Some(Path::new("-"));
    let to_stdout = [&job.calls, &job.summary, &job.alerts, &job.shadow, &job.learn]
        .into_iter()
        .filter(|name| is_stdout(name))
        .count();
    if to_stdout > 1 {
        return Err(Failure::BothToStdout);
    }
    let for_people = to_stdout == 0;
    let known = Arc::new(knowledge::of(job)?);
    match texts::records(&job.captures)? {
        Some(inputs) => {
            let reader = Reader::open(inputs, &known).map_err(Failure::Records)?;
            let desk = Desk::open(job, &known, view, for_people)?;
            recorded(reader, job, desk)
        }
        None => {
            let map = known.config().capture.map;
            let capture = Capture::open(&job.captures, link::Config { map }).map_err(Failure::Open)?;
            let desk = Desk::open(job, &known, view, for_people)?;
            captured(capture, &known, job, desk)
        }
    }
}

/// Where what a run tells goes to.
struct Desk {
    clerk: Clerk,
    summary: Option<Output>,
    /// What a person sees at the end, if anyone looks.
    view: Option<View>,
    paint: Paint,
}

impl Desk {
    fn open(job: &Job, known: &Arc<Known>, view: View, for_people: bool) -> Result<Self, Failure> {
        let paint = Paint::for_stdout();
        let judges = view == View::Report || [&job.alerts, &job.shadow, &job.learn].into_iter().any(Option::is_some);
        let asked = judges || job.calls.is_some();
        let room = known.config().limits.calls_live_max as usize;
        let trust = asked.then(|| signers::trust(&known.config().stir)).transpose()?;
        let [alerts, shadow, learn] = [&job.alerts, &job.shadow, &job.learn].map(Option::as_deref);
        let alarms = || Alarms::new(Arc::clone(known), alerts, shadow, learn);
        let clerk = Clerk {
            verifier: trust.map(|trust| Verifier::new(trust, room)),
            alarms: judges.then(alarms).transpose()?,
            calls: job.calls.as_deref().map(Output::open).transpose()?,
            table: (for_people && view == View::Calls).then(|| Table::open(paint)).transpose()?,
            failure: None,
        };
        let summary = job.summary.as_deref().map(Output::open).transpose()?;
        Ok(Self { clerk, summary, view: for_people.then_some(view), paint })
    }

    /// Writes the summary, and the end of what people see: the alerts before all; the worst of these.
    fn close<S: Serialize>(
        self,
        summary: &S,
        page: impl FnOnce(View, Paint) -> String,
    ) -> Result<Option<Severity>, Failure> {
        let raised = self.clerk.close()?;
        if let Some(mut output) = self.summary {
            output.document(summary)?;
            output.close()?;
        }
        if let Some(view) = self.view {
            let mut output = Output::open(Path::new("-"))?;
            if view == View::Report {
                output.text(&verdicts::page(&raised, self.paint))?;
            }
            output.text(&page(view, self.paint))?;
            output.close()?;
        }
        Ok(raised.worst)
    }
}

/// A run over captures.
fn captured(mut capture: Capture, known: &Known, job: &Job, mut desk: Desk) -> Result<Done, Failure> {
    let mut worker = Worker::new(plan(known));
    let mut progress = Progress::new(job.quiet, capture.progress().total);
    while let Some(batch) = capture.next_batch() {
        worker.on_batch(&batch, &mut desk.clerk);
        for dropped in capture.drops() {
            worker.on_dropped(dropped, &mut desk.clerk);
        }
        let (frames, calls) = (worker.traffic().frames, worker.call_tally().legs);
        progress.on_batch(|| capture.progress().read, frames, calls);
        if desk.clerk.failure.is_some() {
            break;
        }
    }
    progress.finish();
    for dropped in capture.drops() {
        worker.on_dropped(dropped, &mut desk.clerk);
    }
    worker.drain(&mut desk.clerk);
    desk.clerk.drain();

    let mut summary = SummaryJson::of(&worker, &capture, &desk.clerk, desk.clerk.judgement());
    if worker.may_listen() {
        summary.listening = Some(Listening::of(worker.ear_tally(), desk.clerk.alarms.as_ref().map(Alarms::tally)));
    }
    let shown = desk.view.is_some();
    let worst = desk.close(&summary, |view, paint| match view {
        View::Report => report::report(&summary, paint),
        View::Calls => report::footer(&summary, paint),
    })?;
    report::complain(&capture);
    if !shown {
        report::complain_of_judgement(summary.judgement.as_ref());
    }
    Ok(done(job, capture.damages().is_empty(), worst))
}

/// A run over call records.
fn recorded(mut reader: Reader, job: &Job, mut desk: Desk) -> Result<Done, Failure> {
    let mut outcomes = Outcomes::default();
    let progress = Progress::new(job.quiet, None);
    while reader.play(RECORDS_AT_ONCE, &mut Counted { listener: &mut desk.clerk, outcomes: &mut outcomes }) {
        progress.on_records(reader.tally().lines);
        if desk.clerk.failure.is_some() {
            break;
        }
    }
    progress.finish();
    desk.clerk.drain();

    let summary = RecordsJson::of(reader.tally(), &outcomes, &desk.clerk, desk.clerk.judgement());
    let shown = desk.view.is_some();
    let worst = desk.close(&summary, |view, paint| match view {
        View::Report => report::records(&summary, paint),
        View::Calls => report::records_footer(&summary, paint),
    })?;
    report::complain_of_records(&reader);
    if !shown {
        report::complain_of_judgement(summary.judgement.as_ref());
    }
    Ok(done(job, reader.tally().broken == 0, worst))
}

/// How a run ended, where the worst alert was `worst`.
fn done(job: &Job, whole: bool, worst: Option<Severity>) -> Done {
    match job.fail_on {
        _ if !whole => Done::Damaged,
        Some(severity) if worst >= Some(severity.into()) => Done::Alerted,
        _ => Done::Whole,
    }
}

/// Writes what the calls tell, and lets them be judged.
struct Clerk {
    /// Where somebody wants to know who signed.
    verifier: Option<Verifier>,
    alarms: Option<Alarms>,
    calls: Option<Output>,
    table: Option<Table>,
    /// The first thing that went wrong; nothing is written after it.
    failure: Option<Failure>,
}

impl Clerk {
    fn write(&mut self, record: &CallRecord<'_>) -> Result<(), Failure> {
        if let Some(output) = &mut self.calls {
            output.line(&CallJson::of(record))?;
        }
        if let Some(table) = &mut self.table {
            table.add(record)?;
        }
        Ok(())
    }

    /// Nothing more will come.
    fn drain(&mut self) {
        if let Some(alarms) = &mut self.alarms {
            alarms.drain();
        }
    }

    /// What judgement did, where there was any.
    fn judgement(&self) -> Option<JudgementJson> {
        self.alarms.as_ref().map(Alarms::judgement)
    }

    /// What was raised.
    fn close(self) -> Result<Raised, Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        self.calls.map_or(Ok(()), Output::close)?;
        self.table.map_or(Ok(()), Table::close)?;
        self.alarms.map_or(Ok(Raised::default()), Alarms::close)
    }
}

impl Losses for Clerk {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        if let Some(verifier) = &self.verifier {
            verifier.tally().losses(each);
        }
        if let Some(alarms) = &self.alarms {
            alarms.losses(each);
        }
    }
}

impl Listener for Clerk {
    fn moment(&mut self, moment: Moment) {
        if let Some(alarms) = &mut self.alarms {
            alarms.moment(moment);
        }
    }

    fn hears_steps(&self) -> bool {
        self.alarms.is_some() || self.verifier.is_some()
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        let Some(alarms) = &mut self.alarms else {
            if let Some(verifier) = self.verifier.as_mut().filter(|_| step == Step::Invited) {
                verifier.on_invite(call);
            }
            return;
        };
        let verifier = self.verifier.as_mut().filter(|_| step == Step::Invited);
        let signature = verifier.and_then(|verifier| verifier.on_invite(call)).or(call.signature);
        alarms.step(step, at, &CallRecord { signature, ..*call });
    }

    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &Excerpt, whole: bool) {
        if let Some(alarms) = &mut self.alarms {
            alarms.heard(at, call, side, excerpt, whole);
        }
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        if let Some(alarms) = &mut self.alarms {
            alarms.exchange(exchange);
        }
    }

    fn coverage(&mut self, seen: &Coverage) {
        if let Some(alarms) = &mut self.alarms {
            alarms.coverage(seen);
        }
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        let checked = self.verifier.as_mut().and_then(|verifier| verifier.on_record(record));
        let signature = checked.as_ref().map(|checked| checked.signature()).or(record.signature);
        let record = &CallRecord { signature, ..*record };
        if self.failure.is_none() {
            self.failure = self.write(record).err();
        }
        if let Some(alarms) = &mut self.alarms {
            alarms.record(record);
        }
    }
}

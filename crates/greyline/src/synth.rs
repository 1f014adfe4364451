//! `greyline synth`: a scenario to a capture, its truth, its call records and the operator's file that goes with it.

use std::fmt::Write as _;
use std::path::Path;

use call::{CallRecord, Exchange, Listener, Step};
use synth::{CallTruth, Format, GroupTruth, Label, Options, Scenario, Truth};
use types::Nanos;

use crate::cli::{SynthJob, SynthMedia};
use crate::failure::Failure;
use crate::json::call::CallJson;
use crate::json::truth::TruthJson;
use crate::outputs::Output;
use crate::packed::Packed;
use crate::run::Done;

/// Makes what was asked for.
///
/// # Errors
/// No such scenario, a flag whose value cannot be one, an output that does not take what is written.
pub fn synth(job: &SynthJob) -> Result<Done, Failure> {
    let stdout = Path::new("-");
    let Some(name) = job.scenario.as_deref().filter(|_| !job.list) else {
        let mut output = Output::open(stdout)?;
        for (name, about) in Scenario::names() {
            output.text(&format!("{name:<20} {about}\n"))?;
        }
        return output.close().map(|()| Done::Whole);
    };
    let files = [&job.out, &job.truth, &job.calls, &job.config];
    let to_stdout = files.iter().filter(|file| file.as_deref() == Some(stdout)).count();
    if files.iter().all(|file| file.is_none()) {
        let said = "say what is to be written: a capture with --out, or --truth, --calls, --config";
        return Err(Failure::Flag("synth", said.to_owned()));
    }
    if to_stdout > 1 {
        return Err(Failure::Flag("synth", "only one output can go to standard output".to_owned()));
    }
    let options = options(name, job)?;
    let scenario = || {
        Scenario::named(name, &options)
            .map_err(|error| Failure::Flag("synth", format!("{error}; --list describes them")))
    };
    if let Some(file) = &job.config {
        let mut output = Output::open(file)?;
        output.text(&format!(
            "# What the operator of the scenario \"{name}\" knows.\n\n{}",
            scenario()?.cast().operators_file()
        ))?;
        output.close()?;
    }
    let mut witness = Witness { truth: job.truth.as_deref().map(Output::open).transpose()?, ..Witness::default() };
    let mut frames = None;
    if let Some(file) = &job.out {
        let told = |error| Failure::Write(file.clone(), error);
        let mut capture = Packed::create(file).map_err(told)?;
        let media = job.media.depth();
        let written = scenario()?.capture(&mut capture, format_of(file), media, &mut witness).map_err(told)?;
        capture.finish().map_err(told)?;
        frames = Some(written);
    }
    if let Some(file) = &job.calls {
        let mut clerk = Clerk { output: Output::open(file)?, failure: None };
        match job.out {
            // The truth was told already.
            Some(_) => scenario()?.play(&mut clerk, &mut ()),
            None => scenario()?.play(&mut clerk, &mut witness),
        }
        clerk.failure.map_or(Ok(()), Err)?;
        clerk.output.close()?;
    } else if job.out.is_none() && job.truth.is_some() {
        scenario()?.play(&mut Nobody, &mut witness);
    }
    witness.failure.map_or(Ok(()), Err)?;
    witness.truth.map_or(Ok(()), Output::close)?;
    if to_stdout == 0 {
        let mut output = Output::open(stdout)?;
        output.text(&summary(name, &options, &witness.groups, frames))?;
        output.close()?;
    }
    Ok(Done::Whole)
}

/// What the flags mean, and what the scenario is usually played with where they say nothing.
fn options(name: &str, job: &SynthJob) -> Result<Options, Failure> {
    let usual = Scenario::usual(name);
    let days = job.days.unwrap_or(usual.days);
    let within = |flag, value: f64, low: f64, high: f64| match value {
        value if (low..=high).contains(&value) => Ok(value),
        value => Err(Failure::Flag(flag, format!("{value} is out of range; {low} to {high} is possible"))),
    };
    Ok(Options {
        seed: job.seed,
        start: job.start.unwrap_or(usual.start),
        days: within("--days", days, 0.01, 366.0)?,
        warm_up_days: within(
            "--warm-up",
            job.warm_up.unwrap_or(if days < 1.0 { 0.0 } else { usual.warm_up_days }),
            0.0,
            60.0,
        )?,
        hardness: job.hardness,
        scale: within("--scale", job.scale, 0.0, 1_000.0)?,
        media: job.media != SynthMedia::None,
        reserved: job.reserved,
    })
}

/// pcap where the name says so, else pcapng.
fn format_of(file: &Path) -> Format {
    let name = file.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let stem = name.trim_end_matches(".gz").trim_end_matches(".zst");
    if stem.ends_with(".pcap") { Format::Pcap } else { Format::Pcapng }
}

/// Writes the truth down and remembers the groups.
#[derive(Default)]
struct Witness {
    truth: Option<Output>,
    groups: Vec<(String, &'static str, Label, u64)>,
    failure: Option<Failure>,
}

impl Witness {
    fn line(&mut self, line: &TruthJson<'_>) {
        if let (Some(output), None) = (&mut self.truth, &self.failure) {
            self.failure = output.line(line).err();
        }
    }
}

impl Truth for Witness {
    fn call(&mut self, call: &CallTruth<'_>) {
        if self.truth.is_some() {
            self.line(&TruthJson::call(call));
        }
    }

    fn group(&mut self, group: &GroupTruth<'_>) {
        self.line(&TruthJson::group(group));
        self.groups.push((group.head.id.clone(), group.head.kind, group.head.label, group.calls));
    }
}

/// Writes the call records that greyline would have read from packets.
struct Clerk {
    output: Output,
    failure: Option<Failure>,
}

impl Listener for Clerk {
    fn step(&mut self, _step: Step, _at: Nanos, _call: &CallRecord<'_>) {}

    fn exchange(&mut self, _exchange: &Exchange<'_>) {}

    fn record(&mut self, record: &CallRecord<'_>) {
        if self.failure.is_none() {
            self.failure = self.output.line(&CallJson::of(record, None)).err();
        }
    }
}

/// Does not want to hear of calls.
struct Nobody;

impl Listener for Nobody {
    fn step(&mut self, _step: Step, _at: Nanos, _call: &CallRecord<'_>) {}

    fn exchange(&mut self, _exchange: &Exchange<'_>) {}

    fn record(&mut self, _record: &CallRecord<'_>) {}
}

/// What was made, for people: every fraud by its name, the innocent by their kinds.
fn summary(
    name: &str,
    options: &Options,
    groups: &[(String, &'static str, Label, u64)],
    frames: Option<u64>,
) -> String {
    let calls: u64 = groups.iter().map(|(.., calls)| calls).sum();
    let mut text = format!("{name}, seed {}, hardness {}", options.seed, options.hardness);
    let frames = frames.map(|frames| format!(" in {frames} frames")).unwrap_or_default();
    if !groups.is_empty() {
        let _ = write!(text, ": {calls} calls in {:.2} days{frames}", options.days);
    }
    text.push('\n');
    for (id, kind, _, calls) in groups.iter().filter(|(.., label, _)| *label == Label::Fraud) {
        let _ = writeln!(text, "{calls:>10}  fraud   {id} ({kind})");
    }
    let mut kinds: Vec<(&str, u64, u64)> = Vec::new();
    for (_, kind, _, calls) in groups.iter().filter(|(.., label, _)| *label == Label::Benign) {
        match kinds.iter_mut().find(|(known, ..)| known == kind) {
            Some((_, count, sum)) => (*count, *sum) = (*count + 1, *sum + calls),
            None => kinds.push((kind, 1, *calls)),
        }
    }
    for (kind, count, calls) in kinds {
        let _ = writeln!(text, "{calls:>10}  benign  {kind}, {count} of them");
    }
    text
}

//! The null battery: every innocent class and every day on which everybody behaves differently, three million calls each, straight
//! into judgement. Nobody may be accused at the default budget; at lower thresholds `c` no more often than once in `c` calls.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is the output")]

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use benches::arguments::Arguments;
use benches::scorecard::{Findings, knowledge};
use call::{CallRecord, Exchange, Listener, Step};
use detect::{Judge, Settings, Tables};
use synth::{Options, Scenario};
use types::{Moment, Nanos};

const USAGE: &str = "null [SCENARIO...] [--calls 3000000] [--seed 1]";

/// The last of the innocent scenarios: after it frauds are listed.
const LAST_INNOCENT: &str = "outage";
/// Thresholds, as innocent calls for each alarm that is bearable, and the share of the calls that is played at each: where
/// many alarms are allowed, fewer calls say as much.
const THRESHOLDS: [(f64, f64); 4] = [(1e3, 0.1), (1e4, 0.1), (1e5, 1.0), (1e6, 1.0)];
/// Share of the traffic by which is told how much of it makes the calls asked for.
const PROBE: f64 = 0.02;

fn main() -> ExitCode {
    match run(Arguments::of_program()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("null: {error}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn run(mut arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let calls = arguments.value("--calls", 3_000_000_u64)?;
    let seed = arguments.value("--seed", 1_u64)?;
    let mut names: Vec<String> = std::iter::from_fn(|| arguments.word()).collect();
    arguments.finish()?;
    if names.is_empty() {
        let all: Vec<_> = Scenario::names().map(|(name, _)| name.to_owned()).collect();
        let last = all.iter().position(|name| name == LAST_INNOCENT).ok_or("no innocents")?;
        names.extend(all.into_iter().take(last + 1));
    }
    let heads = THRESHOLDS.map(|(c, _)| format!(" c = {c:e}: alarms (bearable) |"));
    println!("| scenario | calls |{} entities | took |", heads.concat());
    println!("|---|--:|{}--:|--:|", "--:|".repeat(THRESHOLDS.len()));
    for name in names {
        play(&name, calls, seed)?;
    }
    Ok(())
}

/// Plays a scenario to a judge of each threshold and prints what they found.
fn play(name: &str, calls: u64, seed: u64) -> Result<(), Box<dyn Error>> {
    let options = Options { seed, media: true, ..Scenario::usual(name) };
    let began = Instant::now();
    let mut probe = Count(0);
    Scenario::named(name, &Options { scale: PROBE, ..options })?.play(&mut probe, &mut ());
    // A little more, since a probe is one; whoever has heard enough hears no more.
    let scale = 1.03 * PROBE * calls as f64 / probe.0.max(1) as f64;
    let scenario = Scenario::named(name, &Options { scale, ..options })?;
    let known = Arc::new(knowledge(scenario.cast())?);
    let judge = |(c, share): (f64, f64)| {
        let settings = Settings { threshold_nats: c.ln() as f32, bearable: f64::INFINITY, ..Settings::of(&known) };
        let judge = Judge::new(settings, Tables::ours()?, Arc::clone(&known), Findings::default())?;
        Ok::<_, Box<dyn Error>>(Seat { c, judge, hears: (share * calls as f64) as u64, heard: 0 })
    };
    let mut bench = Bench(THRESHOLDS.into_iter().map(judge).collect::<Result<_, _>>()?);
    scenario.play(&mut bench, &mut ());
    let heard = bench.0.iter().map(|seat| seat.heard).max().unwrap_or(0);
    print!("| {name} | {heard} |");
    let mut entities = 0;
    for Seat { c, judge, heard, .. } in bench.0 {
        entities = entities.max(judge.tally().entities);
        let findings = judge.into_hearer();
        let bearable = heard as f64 / c;
        print!(" {} ({bearable:.1}) |", findings.opened().count());
        for finding in findings.opened().filter(|_| c >= 1e5) {
            let (time, kind, db) = (&finding.time, finding.kind, finding.db);
            eprintln!("{name} c = {c:e}: {time} {kind} {db:.0} dB {}: {}", finding.entity, finding.why);
        }
    }
    println!(" {entities} | {:.0} s |", began.elapsed().as_secs_f64());
    Ok(())
}

/// Counts calls.
struct Count(u64);

impl Listener for Count {
    fn step(&mut self, step: Step, _: Nanos, _: &CallRecord<'_>) {
        self.0 += u64::from(step == Step::Invited);
    }

    fn exchange(&mut self, _: &Exchange<'_>) {}

    fn record(&mut self, _: &CallRecord<'_>) {}
}

/// A judge who hears so many calls, and no more.
struct Seat {
    c: f64,
    judge: Judge<Findings>,
    hears: u64,
    heard: u64,
}

/// Judges who hear the same calls.
struct Bench(Vec<Seat>);

impl Bench {
    fn awake(&mut self) -> impl Iterator<Item = &mut Judge<Findings>> {
        self.0.iter_mut().filter(|seat| seat.heard < seat.hears).map(|seat| &mut seat.judge)
    }
}

impl Listener for Bench {
    fn moment(&mut self, moment: Moment) {
        self.awake().for_each(|judge| judge.moment(moment));
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.awake().for_each(|judge| judge.step(step, at, call));
        self.0.iter_mut().for_each(|seat| seat.heard += u64::from(step == Step::Invited && seat.heard < seat.hears));
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.awake().for_each(|judge| judge.exchange(exchange));
    }

    fn record(&mut self, call: &CallRecord<'_>) {
        self.awake().for_each(|judge| judge.record(call));
    }
}

//! `scorecard SCENARIO...`: plays scenarios straight into judgement and says what it found, how soon, and what it took for
//! a scam that was none.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is the output")]

use std::collections::HashMap;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use benches::arguments::Arguments;
use benches::scorecard::{Finding, Findings, Roll, knowledge};
use detect::{Judge, Settings, Tables};
use synth::{Label, Options, Scenario};

const USAGE: &str = "\
scorecard SCENARIO... [--seed 1] [--seeds 1] [--days 14] [--warm-up 7] [--hardness 0] [--scale 1] [--nats 13.8] [--media] [--blind]
  --blind   judge without the operator's file";

fn main() -> ExitCode {
    match run(Arguments::of_program()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scorecard: {error}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn run(mut arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let first = arguments.value("--seed", 1_u64)?;
    let seeds = arguments.value("--seeds", 1_u64)?;
    let options = Options {
        days: arguments.value("--days", 14.0)?,
        warm_up_days: arguments.value("--warm-up", 7.0)?,
        hardness: arguments.value("--hardness", 0)?,
        scale: arguments.value("--scale", 1.0)?,
        media: arguments.flag("--media"),
        ..Options::default()
    };
    let nats: Option<f32> = arguments.optional("--nats")?;
    let blind = arguments.flag("--blind");
    let mut names = Vec::new();
    while let Some(name) = arguments.word() {
        names.push(name);
    }
    arguments.finish()?;
    for name in &names {
        for seed in first..first + seeds {
            play(name, Options { seed, ..options }, nats, blind)?;
        }
    }
    Ok(())
}

fn play(name: &str, options: Options, nats: Option<f32>, blind: bool) -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::named(name, &options)?;
    let known = Arc::new(if blind { config::Known::default() } else { knowledge(scenario.cast())? });
    let mut settings = Settings::of(&known);
    settings.threshold_nats = nats.unwrap_or(settings.threshold_nats);
    let mut judge = Judge::new(settings, Tables::ours()?, known, Findings::default())?;
    let mut roll = Roll::default();
    let began = Instant::now();
    scenario.play(&mut judge, &mut roll);
    judge.drain();
    let took = began.elapsed();
    let tally = judge.tally();
    let findings = judge.into_hearer();
    println!(
        "{name} seed {} hardness {}: {} calls, {:.0} ns a call, {} entities, {} alerts",
        options.seed,
        options.hardness,
        roll.calls(),
        took.as_nanos() as f64 / roll.calls().max(1) as f64,
        tally.entities,
        findings.opened().count(),
    );
    let mut found: HashMap<&str, &Finding> = HashMap::new();
    for finding in findings.opened() {
        let group = roll.group_of(finding);
        let head = group.and_then(|group| roll.head(group));
        if let Some(head) = head.filter(|head| head.label == Label::Fraud) {
            found.entry(&head.id).or_insert(finding);
        }
        println!(
            "  {} {:<22} {:>5.0} dB {:<40} {:<24} {}",
            finding.time,
            finding.kind,
            finding.db,
            finding.entity,
            head.map_or("?", |head| &head.id),
            finding.why
        );
    }
    for (group, head) in roll.frauds() {
        let line = match found.get(head.id.as_str()) {
            Some(finding) => {
                let (calls, answered) = roll.before(group, finding.at);
                let last = findings.last(finding.id);
                format!(
                    "found after {calls} calls, {answered} answered, as {}; at the end {:.0} dB, {} calls, seats {:?}",
                    finding.kind, last.db, last.calls, last.seats
                )
            }
            None => "MISSED".to_owned(),
        };
        println!("  {:<24} {:<20} {:>8} calls: {line}", head.id, head.kind, roll.calls_of(group));
    }
    Ok(())
}

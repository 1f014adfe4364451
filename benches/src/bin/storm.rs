//! Ten million numbers a minute, each calling once, while a scam centre works: `storm [--minutes N] [--numbers N] [--seed N]`.
//!
//! Tells what judgement keeps of them, what it costs, and after how many of its calls the centre is found all the same.

#![allow(clippy::print_stdout, reason = "the figures are what the program is for")]

use std::error::Error;
use std::sync::Arc;

use benches::arguments::Arguments;
use benches::calls::{Beset, Flood};
use benches::counting::{Counting, cpu_nanos, measure};
use benches::scorecard::{Findings, Roll, knowledge};
use call::Listener;
use detect::{Hearer, Judge, Report, Settings, Tables};
use synth::{Options, Scenario};
use types::{Ip, Moment, Nanos};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Days of everyday traffic before the centre begins to work.
const WARM_UP_DAYS: f64 = 2.0;
/// Part of a day in which it works.
const DAYS: f64 = 0.5;
/// Monday 2 March 2026, 08:55: the storm begins before the centre does.
const BEGINS: Nanos = Nanos::from_parts(1_772_441_700, 0);
const MINUTE_NANOS: u64 = 60_000_000_000;

/// What was found; which calls were counted for it would grow with the storm.
#[derive(Default)]
struct Heard(Findings);

impl Hearer for Heard {
    fn report(&mut self, report: &Report<'_>) {
        self.0.report(report);
    }
}

/// When a call of the storm comes, of so many a minute.
fn due(call: u64, a_minute: u64) -> Nanos {
    let nanos = u128::from(call) * u128::from(MINUTE_NANOS) / u128::from(a_minute.max(1));
    Nanos::new(BEGINS.get() + nanos as u64)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = Arguments::of_program();
    let minutes = arguments.value("--minutes", 1_u64)?;
    let numbers = arguments.value("--numbers", 10_000_000_u64)?;
    let seed = arguments.value("--seed", 1_u64)?;
    arguments.finish()?;
    let options = Options { seed, days: DAYS, warm_up_days: WARM_UP_DAYS, scale: 0.05, ..Options::default() };
    let scenario = Scenario::named("scam-centre-static", &options)?;
    let known = knowledge(scenario.cast())?;
    let settings = Settings::of(&known);
    let judge = Judge::new(settings, Tables::ours()?, Arc::new(known), Heard::default())?;
    let mut flood = Flood::new(seed, Ip::v4([203, 0, 113, 7]));
    let (total, mut nanos) = (numbers * minutes, 0);
    let more = |moment: Moment, judge: &mut Judge<Heard>| {
        if moment.at > BEGINS && flood.calls() < total {
            let began = cpu_nanos().unwrap_or_default();
            while flood.calls() < total && due(flood.calls(), numbers) <= moment.at {
                flood.tell(due(flood.calls(), numbers), judge);
            }
            nanos += cpu_nanos().unwrap_or_default().saturating_sub(began);
        }
        judge.moment(moment);
    };
    let mut storm = Beset { listener: judge, more };
    let mut roll = Roll::default();
    let ((), usage) = measure(|| scenario.play(&mut storm, &mut roll));
    let judge = storm.listener;
    let (tally, calls) = (judge.tally(), flood.calls());
    println!("{calls} numbers called once each, {numbers} a minute");
    println!("judged in {:.2} µs of CPU a call", nanos as f64 / 1e3 / calls.max(1) as f64);
    println!(
        "entities {}, evicted {}, refused a place {}",
        tally.entities, tally.entities_evicted, tally.entities_refused
    );
    println!("calls not followed {}, events late {}", tally.live_refused, tally.late);
    println!("bytes at the peak {} MB, the scenario's own roll included", usage.peak / 1_000_000);
    let findings = &judge.into_hearer().0;
    for finding in findings.opened() {
        let group = roll.group_of(finding);
        let head = group.and_then(|group| roll.head(group));
        let found = group.map_or_else(String::new, |group| {
            let (before, at) = (roll.before(group, BEGINS).0, roll.before(group, finding.at).0);
            format!(", {at} calls after its first, {} in the storm", at.saturating_sub(before))
        });
        let who = head.map_or("the storm itself", |head| head.id.as_str());
        println!("{} {} {:.0} dB: {who}{found}", finding.time, finding.kind, finding.db);
    }
    Ok(())
}

//! Plays a scenario into a listener that only counts: how many calls a second, and how many of each kind.
//!
//! ```sh
//! cargo run --release -p synth --example events -- everything 30
//! ```

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

use call::{CallRecord, Exchange, Listener, Step};
use synth::{CallTruth, GroupTruth, Options, Scenario, Truth};
use types::Nanos;

#[derive(Default)]
struct Count {
    steps: u64,
    records: u64,
    exchanges: u64,
}

impl Listener for Count {
    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {
        self.steps += 1;
    }

    fn exchange(&mut self, _: &Exchange<'_>) {
        self.exchanges += 1;
    }

    fn record(&mut self, _: &CallRecord<'_>) {
        self.records += 1;
    }
}

#[derive(Default)]
struct Kinds(BTreeMap<&'static str, (u64, u64)>);

impl Truth for Kinds {
    fn call(&mut self, _: &CallTruth<'_>) {}

    fn group(&mut self, group: &GroupTruth<'_>) {
        let (groups, calls) = self.0.entry(group.head.kind).or_default();
        *groups += 1;
        *calls += group.calls;
    }
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "benign".to_owned());
    let mut number = |default| arguments.next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(default);
    let options = Options {
        days: number(7.0),
        hardness: number(0.0) as u8,
        scale: number(1.0),
        warm_up_days: 0.0,
        ..Options::default()
    };
    let mut out = std::io::stdout();
    let scenario = match Scenario::named(&name, &options) {
        Ok(scenario) => scenario,
        Err(error) => return writeln!(out, "{error}"),
    };
    let (mut count, mut kinds) = (Count::default(), Kinds::default());
    let begun = Instant::now();
    scenario.play(&mut count, &mut kinds);
    let secs = begun.elapsed().as_secs_f64();
    let Count { steps, records, exchanges } = count;
    writeln!(
        out,
        "{records} calls, {steps} steps, {exchanges} exchanges in {secs:.2} s: {:.0} calls/s",
        records as f64 / secs
    )?;
    kinds
        .0
        .into_iter()
        .try_for_each(|(kind, (groups, calls))| writeln!(out, "{kind:>24} {groups:>4} groups {calls:>10} calls"))
}

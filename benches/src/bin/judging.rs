//! What judgement costs, apart from the making of calls: `judging [--callers N] [--calls N]`.
//!
//! The callers call three times each, so that all entities are there and have habits; then so many calls more are measured, and at the
//! end how long it takes to write judgement down and to read it again.

#![allow(clippy::print_stdout, reason = "the figures are what the program is for")]

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use benches::arguments::Arguments;
use benches::calls::Population;
use benches::counting::{Counting, cpu_nanos, measure};
use config::Known;
use detect::{Hearer, Judge, Report, Settings, Snapshot, Tables};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Calls prepared at once.
const STRETCH_CALLS: u64 = 100_000;
/// Calls of each caller before anything is measured.
const ROUNDS: u64 = 3;

/// Hears of operations and keeps nothing.
struct Nobody(u64);

impl Hearer for Nobody {
    fn report(&mut self, _: &Report<'_>) {
        self.0 += 1;
    }
}

/// Events told, nanoseconds of this thread, bytes kept.
#[derive(Default)]
struct Cost {
    calls: u64,
    events: u64,
    nanos: u64,
    kept: i64,
    allocations: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = Arguments::of_program();
    let callers = arguments.value("--callers", 500_000_u64)?;
    let calls = arguments.value("--calls", 300_000_u64)?;
    arguments.finish()?;
    let settings = Settings { entities_max: 4 * callers as usize, ..Settings::default() };
    let (mut judge, made) = {
        let (judge, usage) =
            measure(|| Judge::new(settings, Tables::ours().ok()?, Arc::new(Known::default()), Nobody(0)).ok());
        (judge.ok_or("no judge")?, usage.kept)
    };
    judge.asks(link::ask_for::<u8>);
    let mut population = Population::new(callers);
    let warm = play(&mut population, &mut judge, ROUNDS * callers)?;
    let cost = play(&mut population, &mut judge, calls)?;
    let tally = judge.tally();
    // Once for the memory that it takes, and again as every time after that.
    let bytes = judge.save(Vec::new())?;
    let (mut written, begun) = (bytes, Instant::now());
    written.clear();
    judge.begin_saving(written);
    while !judge.save_some()? {}
    let (saved, begun) = (begun.elapsed(), Instant::now());
    let written = judge.finish_saving()?;
    let held = begun.elapsed();
    let begun = Instant::now();
    let snapshot = Snapshot::read(&written)?;
    let read = begun.elapsed();
    drop(snapshot);
    println!(
        "| entities | evicted | calls | events | ns an event | ns a call | allocations a call | bytes an entity | of the judge before \
         | ms to write down in pieces | ms to finish | ms to read | MB |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    println!(
        "| {} | {} | {} | {} | {:.0} | {:.0} | {:.2} | {:.0} | {made} | {:.0} | {:.0} | {:.0} | {:.0} |",
        tally.entities,
        tally.entities_evicted,
        cost.calls,
        cost.events,
        cost.nanos as f64 / cost.events.max(1) as f64,
        cost.nanos as f64 / cost.calls.max(1) as f64,
        cost.allocations as f64 / cost.calls.max(1) as f64,
        (warm.kept + cost.kept) as f64 / tally.entities.max(1) as f64,
        saved.as_secs_f64() * 1e3,
        held.as_secs_f64() * 1e3,
        read.as_secs_f64() * 1e3,
        written.len() as f64 / 1e6,
    );
    Ok(())
}

fn play(population: &mut Population, judge: &mut Judge<Nobody>, calls: u64) -> Result<Cost, Box<dyn Error>> {
    let mut cost = Cost::default();
    while cost.calls < calls {
        let stretch = population.stretch(STRETCH_CALLS.min(calls - cost.calls));
        let before = cpu_nanos()?;
        let (events, usage) = measure(|| population.tell(&stretch, judge));
        cost.nanos += cpu_nanos()? - before;
        cost.calls += STRETCH_CALLS.min(calls - cost.calls);
        cost.events += events;
        cost.kept += usage.kept;
        cost.allocations += usage.allocations;
    }
    Ok(cost)
}

//! Looks numbers up, for counting instructions: the slope between two counts of rounds leaves start-up out.
//!
//!     cargo build --release -p numbers --example look_up
//!     valgrind --tool=cachegrind --cache-sim=yes target/release/examples/look_up crates/numbers/tests/expected.tsv 10

use std::process::ExitCode;

use numbers::{Clocks, look_up};
use types::{E164, Nanos};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(rounds)) = (arguments.next(), arguments.next().and_then(|rounds| rounds.parse::<u64>().ok()))
    else {
        return ExitCode::from(2);
    };
    let clock = arguments.next().is_some_and(|word| word == "clock");
    let Ok(text) = std::fs::read_to_string(path) else { return ExitCode::from(2) };
    let numbers: Vec<E164> = text
        .lines()
        .filter(|line| line.contains("\tValid\t"))
        .filter_map(|line| E164::from_digits(line.split('\t').next()?.as_bytes()))
        .collect();
    let mut clocks = Clocks::default();
    let (mut zones, mut hours) = (0_u64, 0_u64);
    let started = std::time::Instant::now();
    for round in 0..rounds {
        for &number in &numbers {
            let place = look_up(number);
            zones += place.zones.len() as u64;
            if let (true, Some(share)) = (clock, place.zones.first()) {
                hours += u64::from(clocks.local_time(share.zone, Nanos::from_parts(1_795_000_000 + round, 0)).hour());
            }
        }
    }
    let count = (rounds * numbers.len() as u64).max(1);
    let nanos = started.elapsed().as_nanos() as u64 / count;
    // The sums keep the work from being optimised away.
    if std::io::Write::write_fmt(
        &mut std::io::stdout(),
        format_args!("{count} look-ups, {nanos} ns each, {zones} zones, {hours} hours\n"),
    )
    .is_err()
    {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

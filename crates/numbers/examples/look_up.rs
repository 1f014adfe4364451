//! Looks numbers up, tells the time there or reads them, for counting instructions: the slope between two counts of
//! rounds leaves start-up out.
//!
//! ```sh
//! cargo build --release -p numbers --example look_up
//! valgrind --tool=cachegrind target/release/examples/look_up crates/numbers/tests/expected.tsv 2 [clock|read [00]]
//! valgrind --tool=cachegrind target/release/examples/look_up crates/numbers/tests/expected.tsv 12 [clock|read [00]]
//! ```

use std::process::ExitCode;

use numbers::{Clocks, Plan, look_up, read};
use types::{E164, Nanos};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(rounds)) = (arguments.next(), arguments.next().and_then(|rounds| rounds.parse::<u64>().ok()))
    else {
        return ExitCode::from(2);
    };
    let also = arguments.next().unwrap_or_default();
    let (clock, reading) = (also == "clock", also == "read");
    let prefix = arguments.next().unwrap_or_else(|| "+".to_owned());
    let Ok(text) = std::fs::read_to_string(path) else { return ExitCode::from(2) };
    let numbers: Vec<E164> = text
        .lines()
        .filter(|line| line.contains("\tValid\t"))
        .filter_map(|line| E164::from_digits(line.split('\t').next()?.as_bytes()))
        .collect();
    let raw: Vec<String> = numbers.iter().map(|number| format!("{prefix}{}", number.reveal())).collect();
    let plan = Plan::default();
    let mut clocks = Clocks::default();
    let (mut zones, mut hours) = (0_u64, 0_u64);
    let started = std::time::Instant::now();
    for round in 0..rounds {
        for raw in raw.iter().filter(|_| reading) {
            hours += u64::from(read(raw.as_bytes(), &plan, None).number().is_some());
        }
        for &number in numbers.iter().filter(|_| !reading) {
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
        format_args!("{count} numbers, {nanos} ns each, {zones} zones, {hours} hours or numbers\n"),
    )
    .is_err()
    {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

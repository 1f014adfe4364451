//! `memory FILE...`: what reading a capture does to the heap: bytes kept per call and per stream, allocations per frame.

#![allow(clippy::print_stdout, reason = "the figures are what the program is for")]

use std::error::Error;
use std::fs;

use benches::counting::{Counting, Usage, measure};
use benches::floor::Floor;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What was read, for the figures per call, per stream and per frame.
struct Counts {
    frames: u64,
    calls: u64,
    streams: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "| program | file | frames | calls | streams | allocations | per frame | kept bytes | per call | peak bytes |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    for path in std::env::args().skip(1) {
        let capture = fs::read(&path)?;
        let (read, usage) = measure(|| floor(&capture));
        let (_tables, counts) = read?;
        print(&path, &counts, usage);
    }
    Ok(())
}

/// The floor and what it counted; its tables are alive until the figures are taken.
fn floor(capture: &[u8]) -> Result<(Floor, Counts), Box<dyn Error>> {
    let mut floor = Floor::new();
    floor.read(capture)?;
    let totals = floor.totals();
    Ok((floor, Counts { frames: totals.frames, calls: totals.calls, streams: totals.streams }))
}

fn print(path: &str, counts: &Counts, usage: Usage) {
    let Counts { frames, calls, streams } = counts;
    let per = |whole: f64, parts: u64| whole / parts.max(1) as f64;
    println!(
        "| floor | {path} | {frames} | {calls} | {streams} | {} | {:.6} | {} | {:.0} | {} |",
        usage.allocations,
        per(usage.allocations as f64, *frames),
        usage.kept,
        per(usage.kept as f64, *calls),
        usage.peak
    );
}

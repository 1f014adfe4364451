//! What telephone traffic does to the heap.
//!
//! `memory FILE...` reads captures with the floor's tables and with greyline: bytes kept per call, allocations per frame.
//! `memory live [--calls N]` sets up calls that stay up and says what each costs, step by step.
//! `memory churn [--calls N]` lets calls come and go, as many as asked for, and says what is held meanwhile.

#![allow(clippy::print_stdout, reason = "the figures are what the program is for")]

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use benches::arguments::Arguments;
use benches::counting::{Counting, Usage, measure};
use benches::floor::Floor;
use benches::traffic::single::{Calls, Part};
use call::{CallRecord, Exchange, Listener, Step};
use link::{Batch, Capture, Config, FrameHead, LinkType};
use pipeline::{Distinct, Worker, WorkerConfig};
use types::Nanos;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Calls a second of `churn`: with the 32 s that an ended call is remembered, 16,000 are held.
const CHURN_RATE: u64 = 500;

/// What was read, for the figures per call, per stream and per frame.
struct Counts {
    frames: u64,
    calls: u64,
    streams: u64,
}

/// Bytes of a stream's entry, whose place the table reserves at its start: address space, which becomes memory entry by
/// entry and which the counting allocator sees only once.
const STREAM_BYTES: usize = 128;

/// Hears of everything and keeps nothing.
struct Nobody;

impl Listener for Nobody {
    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}
    fn exchange(&mut self, _: &Exchange<'_>) {}
    fn record(&mut self, _: &CallRecord<'_>) {}
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = Arguments::of_program();
    let calls = arguments.optional("--calls")?;
    match arguments.word().as_deref() {
        Some("live") => live(calls.unwrap_or(57_344)),
        Some("churn") => churn(calls.unwrap_or(10_000_000)),
        Some(file) => {
            println!(
                "| program | file | frames | calls | streams | allocations | per frame | kept bytes | per call | peak bytes |"
            );
            println!("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|");
            let mut next = Some(file.to_owned());
            while let Some(file) = next {
                read(&file)?;
                next = arguments.word();
            }
            Ok(())
        }
        None => Err("memory FILE... | live [--calls N] | churn [--calls N]".into()),
    }
}

/// Reads a file with the floor's tables, and with greyline.
fn read(path: &str) -> Result<(), Box<dyn Error>> {
    let capture = fs::read(path)?;
    let (read, usage) = measure(|| floor(&capture));
    let (_tables, counts) = read?;
    print("floor", path, &counts, usage);
    let mut capture = Capture::open(&[PathBuf::from(path)], Config::default())?;
    let (worker, usage) = measure(|| {
        let mut worker = Worker::new(WorkerConfig::default());
        while let Some(batch) = capture.next_batch() {
            worker.on_batch(&batch, &mut Nobody);
        }
        worker
    });
    // Not drained: what is kept is what the calls of the last moment and the lingering ones take.
    let (legs, streams) = worker.held();
    let counts = Counts { frames: worker.traffic().frames, calls: legs as u64, streams: streams as u64 };
    print("greyline, held", path, &counts, usage);
    Ok(())
}

/// The floor and what it counted; its tables are alive until the figures are taken.
fn floor(capture: &[u8]) -> Result<(Floor, Counts), Box<dyn Error>> {
    let mut floor = Floor::new();
    floor.read(capture)?;
    let totals = floor.totals();
    Ok((floor, Counts { frames: totals.frames, calls: totals.calls, streams: totals.streams }))
}

fn print(program: &str, path: &str, counts: &Counts, usage: Usage) {
    let Counts { frames, calls, streams } = counts;
    println!(
        "| {program} | {path} | {frames} | {calls} | {streams} | {} | {:.6} | {} | {:.0} | {} |",
        usage.allocations,
        usage.allocations as f64 / (*frames).max(1) as f64,
        usage.kept,
        usage.kept as f64 / (*calls).max(1) as f64,
        usage.peak
    );
}

/// A worker and the frames on their way to it.
struct Bench {
    worker: Worker,
    calls: Calls,
    bytes: Vec<u8>,
    heads: Vec<FrameHead>,
}

impl Bench {
    fn new() -> Self {
        Self {
            worker: Worker::new(WorkerConfig::default()),
            calls: Calls::default(),
            bytes: Vec::with_capacity(1 << 16),
            heads: Vec::with_capacity(256),
        }
    }

    /// Plays one part of one call.
    fn play(&mut self, at: Nanos, call: u64, part: Part) -> Usage {
        let Self { worker, calls, bytes, heads } = self;
        bytes.clear();
        heads.clear();
        calls.frames(call, part, |frame| {
            let (offset, captured) = (bytes.len() as u64, frame.len() as u32);
            heads.push(FrameHead { at, offset, captured, length: captured, link: LinkType::ETHERNET });
            bytes.extend_from_slice(frame);
        });
        measure(|| worker.on_batch(&Batch::new(bytes, heads), &mut Nobody)).1
    }
}

/// Calls that are set up and stay up, and what each step of them costs. Hash tables double, so the cost of a call depends
/// on how many there are: said for the count asked for, and for the best and the worst between its half and it. What the
/// allocator adds shows in what the system says is resident.
fn live(count: u64) -> Result<(), Box<dyn Error>> {
    const STEPS: [(&str, &[Part]); 4] = [
        ("INVITE", &[Part::Invite]),
        ("180, 200, ACK", &[Part::Ringing, Part::Answer, Part::Ack]),
        ("first packet of each stream", &[Part::Media { turn: 0 }]),
        ("100 packets more of each", &[]),
    ];
    let mut bench = Bench::new();
    let mut kept = [0_i64; STEPS.len()];
    let mut allocations = [0_u64; STEPS.len()];
    let (mut range, mut counted): ((f64, f64), (f64, f64)) = ((f64::MAX, 0.0), (f64::MAX, 0.0));
    // What counts different Call-IDs is no part of a live call: it stays when that is over. The same once more says how much it is.
    let (mut call_ids, mut counter) = (Distinct::default(), 0);
    let resident_before = resident()?;
    for call in 0..count {
        // All of them within 50 s, so that none falls silent meanwhile.
        let at = Nanos::from_parts(1_772_442_000, 0).after(std::time::Duration::from_micros(call * 50_000_000 / count));
        for ((place, (_, parts)), (kept, allocations)) in
            STEPS.iter().enumerate().zip(kept.iter_mut().zip(&mut allocations))
        {
            let mut add = |usage: Usage| {
                *kept += usage.kept;
                *allocations += usage.allocations;
            };
            parts.iter().for_each(|&part| add(bench.play(at, call, part)));
            if place == 3 && call % 64 == 0 {
                (1..=100).for_each(|turn| add(bench.play(at, call, Part::Media { turn })));
            }
        }
        // A hash is of all bits, as those of Call-IDs are.
        counter += measure(|| call_ids.add(call.wrapping_mul(0x9e37_79b9_7f4a_7c15))).1.kept;
        if count / 2 <= call {
            let streams = bench.worker.held().1 * STREAM_BYTES;
            let each = |bytes: i64| bytes as f64 / (call + 1) as f64;
            let live = each(kept.iter().sum::<i64>() - counter + streams as i64);
            let within = |range: (f64, f64), each: f64| (range.0.min(each), range.1.max(each));
            (range, counted) = (within(range, live), within(counted, each(counter)));
        }
    }
    let (legs, streams) = bench.worker.held();
    let per = |sum: f64| sum / count.max(1) as f64;
    let resident = per((resident()? - resident_before) as f64 * 1_024.0);
    println!(
        "{legs} calls and {streams} streams are up. A call with two streams takes {:.0} to {:.0} bytes; to count its Call-ID for good,",
        range.0, range.1
    );
    println!("{:.0} to {:.0} more.", counted.0, counted.1);
    println!("Now it is {resident:.0} with both and what the allocator adds.\n");
    println!("| step | bytes kept per call | allocations per call |\n|---|--:|--:|");
    for ((name, _), (kept, allocations)) in STEPS.iter().zip(kept.iter().zip(allocations)) {
        println!("| {name} | {:.1} | {:.3} |", per(*kept as f64), per(allocations as f64));
    }
    println!("| entries of its streams | {:.1} | 0 |", per((streams * STREAM_BYTES) as f64));
    Ok(())
}

/// Calls that come, talk for two seconds and go.
fn churn(count: u64) -> Result<(), Box<dyn Error>> {
    const LIFE: [(u64, Part); 7] = [
        (0, Part::Invite),
        (100, Part::Ringing),
        (500, Part::Answer),
        (510, Part::Ack),
        (700, Part::Media { turn: 0 }),
        (2_500, Part::Bye),
        (2_510, Part::Over),
    ];
    let mut bench = Bench::new();
    let (mut kept, mut allocations) = (0_i64, 0_u64);
    println!(
        "| calls | held legs | held streams | bytes held | allocations per call | resident KiB |\n|--:|--:|--:|--:|--:|--:|"
    );
    let lag = LIFE.map(|(millis, part)| (millis * CHURN_RATE / 1_000, part));
    for turn in 0..count {
        let at = Nanos::from_parts(1_772_442_000, 0)
            .after(std::time::Duration::from_nanos(turn * 1_000_000_000 / CHURN_RATE));
        for (behind, part) in lag {
            let Some(call) = turn.checked_sub(behind) else { continue };
            let usage = bench.play(at, call, part);
            kept += usage.kept;
            allocations += usage.allocations;
        }
        if (turn + 1) % (count / 10).max(1) == 0 {
            let (legs, streams) = bench.worker.held();
            let each = allocations as f64 / (turn + 1) as f64;
            println!("| {} | {legs} | {streams} | {kept} | {each:.2} | {} |", turn + 1, resident()?);
        }
    }
    Ok(())
}

/// Resident memory of this process in KiB, as the system says.
fn resident() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

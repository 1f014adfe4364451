//! What the store takes and how quickly it answers: `storing FOLDER [--calls N] [--days N] [--rate N] [--asks N] [--seed N]`.
//!
//! Calls of so many days are handed over at a rate, as from a link, and what is lost is counted; then it is asked by number, address, Call-ID,
//! stack and time, each question another. Without a rate it is filled as fast as it takes calls. A folder that holds calls already is only asked
//! with `--calls 0`; the seed has to be the same.

#![allow(clippy::print_stdout, reason = "the figures are what the program is for")]

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use benches::arguments::Arguments;
use benches::counting::cpu_nanos;
use benches::random::Random;
use store::{Archive, Call, Limits, Pace, Query, Store};
use types::{E164, Nanos};

/// Monday 2 March 2026, 00:00 UTC.
const BEGINS_SECS: u64 = 1_772_409_600;
const DAY_SECS: u64 = 86_400;
/// Calls handed over between two looks at the clock.
const AT_ONCE: u64 = 50;

/// Call n of so many, spread evenly over the days: the same for the same seed, whatever was asked before.
fn call(n: u64, calls: u64, days: u64, seed: u64) -> Call {
    let mut random = Random::new(seed.wrapping_mul(0x9e37_79b9).wrapping_add(n));
    let span = days * DAY_SECS * 1_000_000;
    let micros = (u128::from(n) * u128::from(span) / u128::from(calls.max(1))) as u64;
    let at = Nanos::new((BEGINS_SECS * 1_000_000 + micros) * 1_000);
    let caller = 441_632_000_000 + random.below(2_000_000);
    let callee = 15_550_000_000 + random.below(20_000_000);
    let [source, destination] = [random.below(40), random.below(8)].map(|last| Ipv4Addr::new(192, 0, 2, last as u8));
    let stack = 0x9e37_79b9_0000_0000 + random.below(300);
    let call_id = format!("{:016x}{:08x}@{source}", random.bits(), random.word());
    let leg = format!("{:016x}-b2b@{destination}", random.bits());
    let talk_ms = random.below(240_000);
    let record = format!(
        r#"{{"v":1,"call_id":"{call_id}","invite_at":"2026-03-02T00:00:00.000000Z","ring_at":"2026-03-02T00:00:01.100000Z","answer_at":"2026-03-02T00:00:07.400000Z","end_at":"2026-03-02T00:01:00.000000Z","outcome":"answered","status":200,"q850":16,"ended_by":"callee","caller":{{"number":"+{caller}","raw":"0{caller}","country":"GB","from":"pai"}},"callee":{{"number":"+{callee}","raw":"00{callee}","country":"US"}},"source":{{"ip":"{source}","port":5060}},"destination":{{"ip":"{destination}","port":5060}},"user_agent":"Example PBX 18.9","stack":"{stack:016x}","pdd_ms":1100.0,"ring_ms":6300.0,"talk_ms":{talk_ms}.0,"messages":14,"retransmissions":0,"legs":["{leg}"]}}"#
    );
    Call {
        at,
        caller: E164::new(caller),
        callee: E164::new(callee),
        call_ids: vec![call_id.into_bytes().into(), leg.into_bytes().into()],
        source: source.into(),
        destination: destination.into(),
        trunk: Some(if random.below(2) == 0 { "north" } else { "south" }.into()),
        stack: Some(stack),
        answered: random.chance(6_000),
        talk_ms,
        record: record.into(),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = Arguments::of_program();
    let folder = PathBuf::from(arguments.word().ok_or("a folder for the store is needed")?);
    let calls = arguments.value("--calls", 1_000_000_u64)?;
    let held = arguments.value("--held", calls)?;
    let days = arguments.value("--days", 1_u64)?;
    let rate = arguments.optional::<u64>("--rate")?;
    let asks = arguments.value("--asks", 200_u64)?;
    let seed = arguments.value("--seed", 1_u64)?;
    arguments.finish()?;
    if calls > 0 {
        fill(&folder, calls, days, rate, seed)?;
    }
    ask(&folder, held, days, asks, seed)
}

fn fill(folder: &Path, calls: u64, days: u64, rate: Option<u64>, seed: u64) -> Result<(), Box<dyn Error>> {
    let limits = Limits {
        calls_days: 3_650,
        calls_bytes_max: u64::MAX,
        alerts_days: 3_650,
        alerts_bytes_max: u64::MAX,
        free_bytes_min: 1 << 30,
    };
    let store = Store::open(folder, limits, if rate.is_some() { Pace::Link } else { Pace::File })?;
    let (begun, cpu) = (Instant::now(), cpu_nanos().unwrap_or_default());
    let (mut slowest, mut handing, mut queued) = (Duration::ZERO, Duration::ZERO, 0);
    for n in 0..calls {
        let call = call(n, calls, days, seed);
        let before = Instant::now();
        store.call(call);
        let took = before.elapsed();
        (slowest, handing) = (slowest.max(took), handing + took);
        if n % AT_ONCE == 0 {
            queued = queued.max(store.tally().queued);
            if let Some(rate) = rate {
                let due = Duration::from_nanos(n * 1_000_000_000 / rate.max(1));
                std::thread::sleep(due.saturating_sub(begun.elapsed()));
            }
        }
    }
    let handed = begun.elapsed();
    let (tally, notes) = store.close();
    let took = begun.elapsed();
    let lost: u64 = tally.calls_lost.iter().sum();
    let cpu = cpu_nanos().unwrap_or_default().saturating_sub(cpu);
    println!(
        "handed over {calls} calls in {:.1} s, {:.0} a second; on disk after {:.1} s",
        handed.as_secs_f64(),
        calls as f64 / handed.as_secs_f64(),
        took.as_secs_f64()
    );
    println!(
        "kept {}, lost {lost}; at most {queued} waited; {} bytes a call",
        tally.calls,
        tally.disk_bytes / tally.calls.max(1)
    );
    println!(
        "handing over took {} ns a call, {:.3} ms at most; all together {:.1} us of CPU a call",
        handing.as_nanos() / u128::from(calls),
        slowest.as_secs_f64() * 1e3,
        cpu as f64 / 1e3 / calls as f64
    );
    notes.iter().for_each(|note| println!("{note}"));
    Ok(())
}

fn ask(folder: &Path, calls: u64, days: u64, asks: u64, seed: u64) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let mut archive = Archive::open(folder)?;
    let first = archive.calls(&Query { most: 1, ..Query::default() })?;
    println!(
        "opened and asked for the latest call: {:.1} ms ({} found)",
        begun.elapsed().as_secs_f64() * 1e3,
        first.calls.len()
    );
    let mut random = Random::new(seed ^ 0xa5a5);
    let any = Query { most: 100, ..Query::default() };
    println!("| sought by | found in the mean | p50 ms | p95 ms | most ms |\n|---|--:|--:|--:|--:|");
    type Asked = fn(&Call, &Query) -> Query;
    let questions: [(&str, Asked); 8] = [
        ("caller or callee", |call, any| Query { number: call.caller, ..any.clone() }),
        ("callee", |call, any| Query { callee: call.callee, ..any.clone() }),
        ("Call-ID", |call, any| Query { call_id: call.call_ids.first().map(|id| id.to_vec()), ..any.clone() }),
        ("Call-ID of another leg", |call, any| Query {
            call_id: call.call_ids.last().map(|id| id.to_vec()),
            ..any.clone()
        }),
        ("address", |call, any| Query { address: Some(call.source), ..any.clone() }),
        ("stack", |call, any| Query { stack: call.stack, ..any.clone() }),
        ("a minute", |call, any| Query { from: call.at, until: call.at.after(Duration::from_secs(60)), ..any.clone() }),
        ("stack and address and hour", |call, any| Query {
            stack: call.stack,
            address: Some(call.source),
            from: call.at,
            until: call.at.after(Duration::from_secs(3_600)),
            ..any.clone()
        }),
    ];
    for (name, question) in questions {
        let (mut took, mut found) = (Vec::new(), 0);
        for _ in 0..asks {
            let query = question(&call(random.below(calls), calls, days, seed), &any);
            let begun = Instant::now();
            let page = archive.calls(&query)?;
            took.push(begun.elapsed().as_secs_f64() * 1e3);
            found += page.calls.len();
        }
        took.sort_by(f64::total_cmp);
        let at =
            |share: f64| took.get((share * took.len() as f64) as usize).or(took.last()).copied().unwrap_or_default();
        println!(
            "| {name} | {:.1} | {:.2} | {:.2} | {:.2} |",
            found as f64 / asks.max(1) as f64,
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
    // A number that never called: every day has to say so.
    let begun = Instant::now();
    archive.calls(&Query {
        number: E164::new(999_999_999_999),
        address: Some(IpAddr::from([203, 0, 113, 1])),
        ..any
    })?;
    println!("a number that is not there: {:.2} ms", begun.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

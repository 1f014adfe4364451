//! `feed CONFIG FOLDER COUNT RATE`: offers COUNT records, RATE a second, to the sinks of a configuration: calls, and every tenth an alert.
//! What waits waits under FOLDER. It says every second and at the end what each sink has done; `benches/sinks.py` has it talk to real
//! servers.

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::error::Error;
use std::io::{Write as _, stdout};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use config::Known;
use serde_json::{Value, json};
use sinks::{Loss, Outgoing, Sinks, Tally, What};
use types::{Ip, Nanos};

/// How long what waits may still be delivered at the end.
const GRACE: Duration = Duration::from_secs(60);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [config, folder, count, rate] = arguments.as_slice() else {
        return Err("usage: feed CONFIG FOLDER COUNT RATE".into());
    };
    let (count, rate): (u64, f64) = (count.parse()?, rate.parse()?);
    let known = config::read(&std::fs::read(config)?).map_err(|mistakes| format!("{mistakes:?}"))?.known;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let sinks = Sinks::start(&known.config().sink, runtime.handle(), Path::new(folder));
    let sinks = Arc::new(sinks.map_err(|unusable| format!("{unusable:?}"))?);

    let ended = Arc::new(AtomicBool::new(false));
    let (watched, stop) = (Arc::clone(&sinks), Arc::clone(&ended));
    let watching = std::thread::spawn(move || {
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_secs(1));
            for tally in watched.tallies() {
                say(&tally, false);
            }
        }
    });
    let (began, mut slowest) = (Instant::now(), Duration::ZERO);
    for number in 0..count {
        let due = began + Duration::from_secs_f64(number as f64 / rate);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let record = if number % 10 == 0 { alert(&known, number)? } else { call(&known, number)? };
        let before = Instant::now();
        sinks.offer(record);
        slowest = slowest.max(before.elapsed());
    }
    let offered = began.elapsed();
    ended.store(true, Ordering::Relaxed);
    watching.join().map_err(|_| "the watcher failed")?;
    let sinks = Arc::try_unwrap(sinks).map_err(|_| "the sinks are in use")?;
    for tally in runtime.block_on(sinks.close(GRACE)) {
        say(&tally, true);
    }
    let (offered, slowest) = (offered.as_secs_f64(), slowest.as_micros());
    writeln!(stdout(), "{}", json!({ "offered_secs": offered, "slowest_offer_us": slowest as u64 }))?;
    Ok(())
}

fn now() -> Nanos {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Nanos::new(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX))
}

fn say(tally: &Tally, end: bool) {
    let lost: Vec<_> = Loss::ALL
        .into_iter()
        .flat_map(|loss| What::ALL.map(|what| (loss, what)))
        .filter(|&(loss, what)| tally.lost(loss, what) > 0)
        .map(|(loss, what)| format!("{} {} {}", tally.lost(loss, what), what.name(), loss.name()))
        .collect();
    let line = json!({
        "sink": tally.name, "end": end, "offered": tally.offered, "delivered": tally.delivered, "lost": lost, "queued": tally.queued,
        "spilled": tally.spilled, "spilled_bytes": tally.spilled_bytes, "recovered": tally.recovered, "torn_bytes": tally.torn_bytes,
        "failures": tally.failures, "spill_errors": tally.spill_errors, "last_error": tally.last_error,
    });
    // Nobody reads: then nobody is told.
    let _ = writeln!(stdout(), "{line}");
}

fn call(known: &Known, number: u64) -> Result<Outgoing, serde_json::Error> {
    let id = format!("feed{number}@192.0.2.1");
    let record = json!({
        "v": 1, "call_id": id, "n": number, "invite_at": "2026-11-28T10:00:00.000000Z", "outcome": "answered",
        "caller": { "number": "+441632960001", "raw": "01632960001", "country": "GB", "from": "pai" },
        "callee": { "number": "+15550100001", "raw": "0015550100001", "country": "US" },
        "source": { "ip": "192.0.2.1", "port": 5060 }, "destination": { "ip": "198.51.100.1", "port": 5060 },
        "user_agent": "feed", "pdd_ms": 120.5, "ring_ms": 5200.25, "talk_ms": 14000.125, "messages": 9, "retransmissions": 0,
    });
    Outgoing::call(known, now(), id.as_bytes(), [Ip::v4([192, 0, 2, 1]), Ip::v4([198, 51, 100, 1])], &record)
}

/// Every third time an alert is opened, then updated, then closed.
fn alert(known: &Known, number: u64) -> Result<Outgoing, Box<dyn Error>> {
    let turn = number / 10;
    let status = match turn % 3 {
        0 => "open",
        1 => "update",
        _ => "close",
    };
    let alert = sample::alert(turn / 3, status, format!("2026-11-28T10:00:00.{:06}Z", number % 1_000_000));
    let outgoing = Outgoing::alert(known, now(), &alert)?;
    outgoing.ok_or_else(|| Value::from("an alert in shadow").to_string().into())
}

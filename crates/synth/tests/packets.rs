//! What greyline reads from the packets of a scenario is what the scenario tells without packets.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use call::{CallRecord, EndedBy, Exchange, ExchangeKind, Listener, Outcome, Step, Verdict};
use pipeline::{Worker, WorkerConfig};
use synth::{Format, Media, Options, Scenario};
use types::{E164, Nanos};

/// What a record must have in common with the event, whichever way it came.
#[derive(Debug, PartialEq)]
struct Essence {
    times: [Option<u64>; 4],
    outcome: Outcome,
    status: Option<u16>,
    ended_by: Option<EndedBy>,
    caller: (Option<u64>, String, String, &'static str),
    callee: (Option<u64>, String),
    path: String,
    agent: String,
    stack: String,
    attestation: String,
    diversion: String,
}

#[derive(Debug, Default)]
struct Notes {
    calls: BTreeMap<String, Essence>,
    media: BTreeMap<String, Vec<String>>,
    exchanges: BTreeMap<(&'static str, &'static str, u64, u64), u32>,
    steps: BTreeMap<String, Vec<(u64, &'static str)>>,
}

impl Listener for Notes {
    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        let name = match step {
            Step::Invited => "invited",
            Step::Ringing => "ringing",
            Step::Answered => "answered",
            Step::Ended => "ended",
        };
        let call_id = String::from_utf8_lossy(call.call_id).into_owned();
        self.steps.entry(call_id).or_default().push((at.micros(), name));
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        let key = (ExchangeKind::name(exchange.kind), Verdict::name(exchange.verdict), exchange.at.micros());
        let key = (key.0, key.1, key.2, exchange.answered_at.map_or(0, Nanos::micros));
        *self.exchanges.entry(key).or_default() += 1;
    }

    fn record(&mut self, call: &CallRecord<'_>) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let number = |number: Option<E164>| number.map(E164::reveal);
        let essence = Essence {
            times: [call.invite_at, call.ring_at, call.answer_at, call.end_at].map(|at| at.map(Nanos::micros)),
            outcome: call.outcome,
            status: call.status,
            ended_by: call.ended_by,
            caller: (
                number(call.caller.number),
                text(call.caller.raw),
                text(call.caller.display),
                call.caller_from.name(),
            ),
            callee: (number(call.callee.number), text(call.callee.raw)),
            path: format!("{} {}", call.source, call.destination),
            agent: text(call.user_agent),
            stack: call.stack.map(|stack| stack.to_string()).unwrap_or_default(),
            attestation: format!("{:?}", call.attestation),
            diversion: text(call.diversion),
        };
        let streams = call.media.iter();
        let streams =
            streams.map(|stream| format!("{:?} {} {} {}", stream.from, stream.source, stream.destination, stream.ssrc));
        self.media.insert(text(call.call_id), streams.collect());
        assert!(self.calls.insert(text(call.call_id), essence).is_none(), "told twice");
    }
}

/// Plays a scenario both ways and compares.
fn check(name: &str, options: &Options, media: Media, format: Format) {
    let options = Options { media: media != Media::None, ..*options };
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{media:?}.pcap"));
    let out = BufWriter::new(File::create(&path).unwrap());
    let frames = Scenario::named(name, &options).unwrap().capture(out, format, media, &mut ()).unwrap();
    let mut told = Notes::default();
    Scenario::named(name, &options).unwrap().play(&mut told, &mut ());

    let mut capture = link::Capture::open(std::slice::from_ref(&path), link::Config::default()).unwrap();
    let (mut worker, mut read) = (Worker::new(WorkerConfig::default()), Notes::default());
    while let Some(batch) = capture.next_batch() {
        worker.on_batch(&batch, &mut read);
    }
    worker.drain(&mut read);
    assert_eq!(worker.traffic().frames, frames, "{name}");
    for (call_id, expected) in &told.calls {
        let found = read.calls.get(call_id).unwrap_or_else(|| panic!("{name}: {call_id} is not there: {expected:?}"));
        assert_eq!(found, expected, "{name}: {call_id}");
        assert_eq!(read.steps.get(call_id), told.steps.get(call_id), "{name}: {call_id}");
        assert_eq!(read.media.get(call_id), told.media.get(call_id), "{name}: {call_id} {expected:?}");
    }
    assert_eq!(read.calls.len(), told.calls.len(), "{name}: calls that nobody made");
    assert_eq!(read.exchanges, told.exchanges, "{name}");
    println!("{name}: {} calls, {} exchanges in {frames} frames", told.calls.len(), told.exchanges.len());
    std::fs::remove_file(path).unwrap();
}

fn options(hardness: u8, scale: f64, hours: f64) -> Options {
    let start = "2026-03-03T13:00:00Z".parse().unwrap();
    Options { start, days: hours / 24.0, warm_up_days: 0.0, hardness, scale, ..Options::default() }
}

#[test]
fn packets_tell_what_events_tell() {
    check("benign", &options(0, 0.03, 3.0), Media::None, Format::Pcapng);
    check("scam-centre", &options(0, 0.01, 0.5), Media::None, Format::Pcap);
    check("scam-centre-hidden", &options(3, 0.01, 0.5), Media::None, Format::Pcapng);
    check("wangiri", &options(0, 0.01, 2.0), Media::None, Format::Pcapng);
    check("irsf", &options(1, 0.01, 3.0), Media::None, Format::Pcapng);
    check("refile", &options(0, 0.01, 2.0), Media::None, Format::Pcapng);
    check("refile", &options(2, 0.01, 2.0), Media::None, Format::Pcapng);
    check("impersonation", &options(2, 0.01, 1.0), Media::None, Format::Pcapng);
    check("outage", &options(0, 0.02, 2.0), Media::None, Format::Pcapng);
    check("scan", &options(3, 0.01, 4.0), Media::None, Format::Pcapng);
}

#[test]
fn media_belongs_to_its_call() {
    check("sim-box", &options(0, 0.01, 0.5), Media::Sparse, Format::Pcapng);
    check("robocall", &options(0, 0.01, 0.3), Media::Full, Format::Pcapng);
    check("false-answer-50", &options(0, 0.01, 0.5), Media::Sparse, Format::Pcapng);
}

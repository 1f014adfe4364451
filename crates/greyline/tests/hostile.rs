//! Captures that once brought a room down, or out of its counts, are read to their end: `fixtures/hostile/`, whose README
//! says what each did. Each goes through a worker under its usual limits and under tight ones, and through the program.
#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use call::{CallConfig, CallRecord, Exchange, Listener, Step};
use link::Capture;
use pipeline::{Worker, WorkerConfig};
use rtp::{HeuristicConfig, ReportsConfig, StreamsConfig};
use serde_json::Value;
use types::Nanos;
use wire::{FragmentConfig, StreamConfig, WireConfig};

/// The targets whose inputs are captures.
const FOLDERS: [&str; 3] = ["capture", "link", "wire"];

fn captures() -> Vec<PathBuf> {
    let hostile = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/hostile");
    let entries = FOLDERS.iter().filter_map(|folder| fs::read_dir(hostile.join(folder)).ok()).flatten();
    let mut captures: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    captures.sort();
    assert!(!captures.is_empty());
    captures
}

/// Limits that a few calls reach.
fn tight(seed: u64) -> WorkerConfig {
    let fragments = FragmentConfig { datagrams_max: 1, fragments_max: 4, bytes_max: 0, ..FragmentConfig::default() };
    let streams = StreamConfig {
        connections_max: 1,
        bytes_max: 0,
        window_bytes_max: 2_048,
        spans_max: 2,
        unread_bytes_max: 512,
        ..StreamConfig::default()
    };
    WorkerConfig {
        wire: WireConfig { fragments, streams, seed, ..WireConfig::default() },
        calls: CallConfig {
            legs_max: 2,
            lines_max: 2,
            streams_max: 2,
            joined_max: 1,
            exchanges_max: 2,
            text_bytes_max: 16,
            seed,
            ..CallConfig::default()
        },
        streams: StreamsConfig { streams_max: 2, oddities_max: 1, seed },
        heuristic: HeuristicConfig { candidates_max: 2, seed },
        reports: ReportsConfig { sources_max: 2, seed },
        ..WorkerConfig::default()
    }
}

/// Everything that was told, in order.
#[derive(Default)]
struct Story {
    told: Vec<String>,
    records: u64,
    exchanges: u64,
}

impl Listener for Story {
    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.told.push(format!("{step:?} {at:?} {call:?}"));
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.exchanges += 1;
        self.told.push(format!("{exchange:?}"));
    }

    fn record(&mut self, call: &CallRecord<'_>) {
        self.records += 1;
        self.told.push(format!("{call:?}"));
    }
}

/// Reads a capture, holds its counts together, and gives back what was told.
fn read(path: &Path, config: WorkerConfig) -> Option<Vec<String>> {
    let (legs_max, streams_max) = (config.calls.legs_max as usize, config.streams.streams_max as usize);
    let (mut worker, mut story, mut frames) = (Worker::new(config), Story::default(), 0);
    let mut capture = Capture::open(&[path.to_owned()], link::Config::default()).ok()?;
    while let Some(batch) = capture.next_batch() {
        frames += batch.len() as u64;
        worker.on_batch(&batch, &mut story);
        let (legs, streams) = worker.held();
        assert!(legs <= legs_max && streams <= streams_max, "{}: {legs} legs, {streams} streams", path.display());
    }
    worker.drain(&mut story);
    let wire = worker.wire_tally();
    let undecoded: u64 = wire.undecoded().map(|(_, count)| count).sum();
    let parts = [wire.datagrams, wire.packets_of_messages, wire.segments, wire.fragments, wire.copies, undecoded];
    assert_eq!((wire.frames, parts.iter().sum::<u64>()), (frames, frames), "{}", path.display());
    let sip = &worker.traffic().sip;
    let status: u64 = sip.status().map(|(_, count)| count).sum();
    assert_eq!(sip.responses, status + sip.status_odd, "{}", path.display());
    let calls = worker.call_tally();
    assert_eq!((worker.held().0, calls.calls()), (0, story.records), "{}", path.display());
    assert_eq!(calls.exchanges.as_flattened().iter().sum::<u64>(), story.exchanges, "{}", path.display());
    Some(story.told)
}

#[test]
fn counts_add_up_under_any_limits_and_seeds() {
    for path in captures() {
        read(&path, WorkerConfig::default());
        assert_eq!(read(&path, tight(1)), read(&path, tight(2)), "{}", path.display());
    }
}

/// Frames stamped 1970 and 2100 stand between the messages of a call of eight seconds.
#[test]
fn a_stamp_from_far_away_ends_no_call() {
    let capture = captures().into_iter().find(|path| path.ends_with("stamp-of-2100.pcap")).unwrap();
    let told = read(&capture, WorkerConfig::default()).unwrap();
    let record = told.last().unwrap();
    assert!(record.contains("outcome: Answered") && record.contains("end_at: Some(1700000010"), "{record}");
}

/// A response and a request of 2100 stand before a call, and a request, that nobody answers.
#[test]
fn a_stamp_from_far_away_holds_nobody_up() {
    let capture = captures().into_iter().find(|path| path.ends_with("answers-of-2100.pcap")).unwrap();
    let told = read(&capture, WorkerConfig::default()).unwrap();
    let place = |words: &[&str]| told.iter().position(|line| words.iter().all(|word| line.contains(word))).unwrap();
    let [unanswered, first] = [&["Exchange", "Unanswered", "1700000002"][..], &["Ended", "1700000001"]].map(place);
    assert!(unanswered < told.len() - 2 && first < told.len() - 2, "told before the end: {told:#?}");
}

#[test]
fn the_program_reads_them_and_writes_one_record_for_each_call() {
    for path in captures() {
        let output = Command::new(env!("CARGO_BIN_EXE_greyline"))
            .args(["replay", "--quiet", "--calls", "-", "--summary", "/dev/null"])
            .arg(&path)
            .output()
            .unwrap();
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}: {output:?}", path.display());
        for line in output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            assert!(serde_json::from_slice::<Value>(line).is_ok_and(|record| record.is_object()), "{}", path.display());
        }
    }
}

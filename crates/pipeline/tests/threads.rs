//! What is told does not depend on the threads that had a hand in it: who listens behind a relay hears what who listens before it
//! would have heard, and a worker with others ahead of it tells what it would have told alone. Every word, with everything that is
//! in it.

#![cfg(test)]

use std::fmt::Debug;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use audio::{EarsConfig, Excerpt, Privacy};
use call::{CallRecord, Exchange, Listener, Side, Step};
use link::{Capture, Config};
use pipeline::{Worker, WorkerConfig, carry, relay};
use types::{Coverage, Moment, Nanos};

/// Writes down all that it hears.
#[derive(Default)]
struct Diary(Vec<String>);

impl Diary {
    fn note(&mut self, word: impl Debug) {
        self.0.push(format!("{word:?}"));
    }
}

impl Listener for Diary {
    fn moment(&mut self, moment: Moment) {
        self.note(moment);
    }
    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.note((step, at, call));
    }
    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &Excerpt, whole: bool) {
        self.note((at, call, side, excerpt, whole));
    }
    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.note(exchange);
    }
    fn coverage(&mut self, seen: &Coverage) {
        self.note(seen);
    }
    fn record(&mut self, record: &CallRecord<'_>) {
        self.note(record);
    }
}

fn worker() -> Worker {
    let ears = EarsConfig { privacy: Privacy::of(3), ..EarsConfig::default() };
    Worker::new(WorkerConfig { ears, ..WorkerConfig::default() })
}

fn play(path: &Path, listener: &mut impl Listener) {
    let mut capture = Capture::open(&[path.to_owned()], Config::default()).unwrap();
    let mut worker = worker();
    while let Some(batch) = capture.next_batch() {
        worker.on_batch(&batch, listener);
        capture.drops().for_each(|dropped| worker.on_dropped(dropped, listener));
    }
    worker.drain(listener);
}

/// What so many workers tell of captures, and all that was counted.
fn carried(captures: &[PathBuf], map: bool, workers: usize) -> (Vec<String>, String) {
    let mut capture = Capture::open(captures, Config { map }).unwrap();
    let (mut worker, mut diary) = (worker(), Diary::default());
    let workers = NonZeroUsize::new(workers).unwrap();
    carry(&mut capture, &mut worker, &mut diary, workers, |_, _, _| true).unwrap();
    let counted = (worker.traffic(), worker.wire_tally(), worker.call_tally(), worker.held(), capture.tally());
    (diary.0, format!("{counted:?} {:?}", capture.progress()))
}

/// Captures of the fixtures: stacks, demonstration, signed calls, recordings.
fn captures() -> Vec<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut folders = vec![fixtures];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match path.is_dir() {
                true if name != "hostile" => folders.push(path),
                false
                    if [".pcap", ".pcapng", ".pcap.gz", ".pcapng.gz", ".pcapng.zst"]
                        .iter()
                        .any(|end| name.ends_with(end)) =>
                {
                    found.push(path);
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_same_is_heard_behind_it() {
    let captures = captures();
    assert!(captures.len() > 20, "the fixtures are not there");
    let (mut signed, mut heard) = (0, 0);
    for path in captures {
        let mut before = Diary::default();
        play(&path, &mut before);
        let mut behind = Diary::default();
        let (mut relay, told) = relay();
        std::thread::scope(|scope| {
            let path = &path;
            scope.spawn(move || {
                play(path, &mut relay);
                relay.hand_on();
            });
            told.tell(&mut behind, |_| true);
        });
        assert!(before.0 == behind.0, "{}", path.display());
        signed += before.0.iter().filter(|word| word.contains("Identities")).count();
        heard += before.0.iter().filter(|word| word.contains("Excerpt")).count();
    }
    assert!(signed > 0 && heard > 0, "{signed} signed, {heard} heard");
}

#[test]
fn the_same_is_told_by_any_number_of_workers() {
    let captures = captures();
    // Each alone; all at once, which are merged where they overlap; and one beside itself, of which every frame is merged.
    let alone = captures.iter().map(|path| vec![path.clone()]);
    let beside = captures.iter().take(3).map(|path| vec![path.clone(), path.clone()]);
    for inputs in alone.chain(beside).chain([captures.clone()]) {
        let expected = carried(&inputs, true, 1);
        for (map, workers) in [(true, 2), (false, 2), (true, 5)] {
            assert!(expected == carried(&inputs, map, workers), "{workers} workers, {inputs:?}");
        }
    }
}

/// Whoever has had enough stops those ahead, wherever they are.
#[test]
fn those_ahead_stop_when_nobody_goes_on() {
    for workers in 1..=4 {
        let mut capture = Capture::open(&captures(), Config::default()).unwrap();
        let (mut worker, mut diary) = (worker(), Diary::default());
        let workers = NonZeroUsize::new(workers).unwrap();
        carry(&mut capture, &mut worker, &mut diary, workers, |_, _, _| false).unwrap();
        assert!(capture.next_batch().is_some(), "all was read");
    }
}

/// Who has heard enough ends the telling.
#[test]
fn who_has_gone_is_noticed() {
    let (mut relay, told) = relay();
    let mut diary = Diary::default();
    relay.moment(Moment { at: Nanos::ZERO, frame: 1 });
    relay.hand_on();
    told.tell(&mut diary, |_| false);
    assert_eq!(diary.0.len(), 1);
    assert!(relay.is_heard());
    relay.moment(Moment { at: Nanos::ZERO, frame: 2 });
    relay.hand_on();
    assert!(!relay.is_heard());
}

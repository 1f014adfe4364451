//! Control of gateways in the real captures of the corpus: as many frames of MGCP, Megaco and SCCP as its notes say,
//! and none where there is no telephony.

#![cfg(test)]

use std::fs;
use std::path::Path;

use call::{CallRecord, Exchange, Listener, Step};
use link::{Capture, Config};
use pipeline::{Worker, WorkerConfig};
use types::Nanos;

struct Deaf;

impl Listener for Deaf {
    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}
    fn exchange(&mut self, _: &Exchange<'_>) {}
    fn record(&mut self, _: &CallRecord<'_>) {}
}

/// Frames of control in a capture, and streams it announced.
fn control(path: &Path) -> (u64, u64) {
    let mut worker = Worker::new(WorkerConfig::default());
    if let Ok(mut capture) = Capture::open(&[path.to_owned()], Config::default()) {
        while let Some(batch) = capture.next_batch() {
            worker.on_batch(&batch, &mut Deaf);
        }
    }
    worker.drain(&mut Deaf);
    let gateway = &worker.traffic().gateway;
    (gateway.packets, gateway.streams)
}

/// How many frames of these protocols the notes of a capture name: `MGCP in 30 packets; H.225 in 24 packets`.
fn noted(notes: &str) -> u64 {
    let of = |protocol: &str| -> Option<u64> {
        let (_, behind) = notes.split_once(protocol)?;
        behind.strip_prefix(" in ")?.split(' ').next()?.parse().ok()
    };
    ["MGCP", "Megaco", "SCCP/Skinny"].into_iter().filter_map(of).sum()
}

#[test]
fn captures_hold_the_control_that_the_corpus_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corpus = std::env::var_os("GREYLINE_CORPUS").map_or_else(|| root.join("../shared/corpus"), Into::into);
    let Ok(manifest) = fs::read_to_string(corpus.join("manifest.tsv")) else {
        eprintln!("no corpus beside the workspace: skipped");
        return;
    };
    let place = manifest.lines().next().unwrap().split('\t').position(|column| column == "notes").unwrap();
    let mut held = 0;
    for row in manifest.lines().skip(1) {
        let (path, notes) = (row.split('\t').next().unwrap(), row.split('\t').nth(place).unwrap_or_default());
        let expected = noted(notes);
        if expected > 0 {
            assert_eq!(control(&corpus.join(path)).0, expected, "{path}");
            held += 1;
        } else if path.starts_with("other-benign/") {
            assert_eq!(control(&corpus.join(path)), (0, 0), "{path}");
        }
    }
    assert!(held > 3, "no capture with control in the manifest");
}

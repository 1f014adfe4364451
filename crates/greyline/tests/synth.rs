//! `greyline synth` as its users meet it: the same bytes every time, records that keep to their schemas, and other commands
//! that take what it makes.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use boon::{Compiler, Schemas};
use serde_json::Value;

fn greyline(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_greyline")).args(arguments).output().unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Everything that a quarter of an hour of the demonstration can be written as.
fn make(folder: &Path, capture: &str) -> [String; 4] {
    let paths = [capture, "truth.jsonl", "calls.jsonl", "greyline.toml"].map(|name| folder.join(name));
    let paths = paths.map(|path| path.to_str().unwrap().to_owned());
    let [out, truth, calls, config] = &paths;
    let outputs = ["--out", out, "--truth", truth, "--calls", calls, "--config", config];
    let made = greyline(&[&["synth", "demo", "--days", "0.0105", "--scale", "0.3"], &outputs[..]].concat());
    assert_eq!(made.status.code(), Some(0), "{}", said(&made.stderr));
    assert!(said(&made.stdout).contains("scam-centre-1 (scam_call_centre)"), "{}", said(&made.stdout));
    paths
}

fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_is_made_fits_together() {
    let folder = folder("synth");
    let [out, truth, calls, config] = make(&folder, "demo.pcapng.gz");
    let text = fs::read_to_string(&truth).unwrap();
    let lines = records(&text);
    let schema: Value = serde_json::from_slice(&greyline(&["schema", "truth"]).stdout).unwrap();
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("truth.json", schema).unwrap();
    let index = compiler.compile("truth.json", &mut schemas).unwrap();
    for line in &lines {
        schemas.validate(line, index).unwrap_or_else(|error| panic!("{error:#}\n{line:#}"));
    }

    // Packets and records are one and the same, but for what only packets have.
    let essence = |records: Vec<Value>| {
        let each = records.into_iter().map(|mut record| {
            let fields = record.as_object_mut().unwrap();
            for of_packets in ["messages", "retransmissions", "legs"] {
                fields.remove(of_packets);
            }
            (record["call_id"].as_str().unwrap().to_owned(), record)
        });
        each.collect::<BTreeMap<_, _>>()
    };
    let read = essence(records(&said(&greyline(&["calls", "-q", "--calls", "-", &out]).stdout)));
    let told = essence(records(&fs::read_to_string(&calls).unwrap()));
    assert_eq!(read, told);
    let calls = lines.iter().filter(|line| line["type"] == "call");
    assert_eq!(calls.count(), told.len());

    let checked = greyline(&["check", &config]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked.stderr));
    let alerts = folder.join("none.jsonl");
    fs::write(&alerts, "").unwrap();
    let scored = greyline(&["score", "--truth", &truth, "--alerts", alerts.to_str().unwrap()]);
    assert_eq!(scored.status.code(), Some(0), "{}", said(&scored.stderr));
}

#[test]
fn what_is_written_is_packed_as_its_name_says() {
    let folder = folder("packed");
    let calls = |name: &str| {
        let file = folder.join(name).to_str().unwrap().to_owned();
        let made = greyline(&["synth", "demo", "--days", "0.0105", "--scale", "0.1", "--calls", &file]);
        assert_eq!(made.status.code(), Some(0), "{}", said(&made.stderr));
        file
    };
    let plain = fs::read(calls("calls.jsonl")).unwrap();
    for (name, start) in [("calls.jsonl.gz", &[0x1f, 0x8b][..]), ("calls.jsonl.zst", &[0x28, 0xb5, 0x2f, 0xfd])] {
        let packed = calls(name);
        let bytes = fs::read(&packed).unwrap();
        assert!(bytes.starts_with(start) && bytes.len() < plain.len() / 4, "{name}: {} bytes", bytes.len());
        // What reads it tells the records again, packed and not.
        let again = folder.join(format!("again-{name}"));
        for copy in [again.as_path(), &folder.join("again.jsonl")] {
            let read = greyline(&["replay", "-q", &packed, "--calls", copy.to_str().unwrap()]);
            assert!(read.status.success() || read.status.code() == Some(1), "{}", said(&read.stderr));
        }
        assert!(fs::read(again).unwrap().starts_with(start));
        assert_eq!(lines(&fs::read(folder.join("again.jsonl")).unwrap()), lines(&plain));
    }
}

fn lines(bytes: &[u8]) -> usize {
    bytes.split(|&byte| byte == b'\n').count()
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let (one, other) = (folder("synth-one"), folder("synth-other"));
    let pairs = make(&one, "a.pcap.zst").into_iter().zip(make(&other, "a.pcap.zst"));
    for (one, other) in pairs {
        assert!(fs::read(&one).unwrap() == fs::read(&other).unwrap(), "{one}");
    }
}

#[test]
fn every_scenario_has_a_sound_configuration() {
    let folder = folder("synth-configurations");
    let listed = said(&greyline(&["synth", "--list"]).stdout);
    assert!(listed.lines().count() > 35, "{listed}");
    for name in listed.lines().filter_map(|line| line.split_whitespace().next()) {
        let config = folder.join(format!("{name}.toml"));
        let config = config.to_str().unwrap();
        let made = greyline(&["synth", name, "--config", config]);
        assert_eq!(made.status.code(), Some(0), "{name}: {}", said(&made.stderr));
        let checked = greyline(&["check", config]);
        assert_eq!(checked.status.code(), Some(0), "{name}: {}", said(&checked.stderr));
    }
}

#[test]
fn mistakes_are_told() {
    for (arguments, complaint) in [
        (&["synth"][..], "<SCENARIO>"),
        (&["synth", "demo"], "--out"),
        (&["synth", "nothing", "--truth", "-"], "no such scenario; there are residential"),
        (&["synth", "demo", "--truth", "-", "--calls", "-"], "only one output"),
        (&["synth", "demo", "--truth", "-", "--start", "yesterday"], "yesterday is no date"),
        (&["synth", "demo", "--truth", "-", "--days", "4000"], "0.01 to 366"),
        (&["synth", "demo", "--truth", "-", "--hardness", "4"], "0..=3"),
    ] {
        let output = greyline(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said(&output.stderr).contains(complaint), "{arguments:?}: {}", said(&output.stderr));
    }
}

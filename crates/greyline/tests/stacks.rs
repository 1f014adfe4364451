//! Calls of real programs (sipp, baresip, kamailio, Sippy) against what those programs logged of them.
//!
//! Each folder of `fixtures/stacks` holds a capture, what its records must say (`expect.json`, made from the logs by the
//! recipe beside it), and the records as they are (`calls.jsonl`; `BLESS=1` rewrites them, never the expectation).
#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use serde_json::Value;

fn stacks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/stacks")
}

/// The folders that hold a capture, by name.
fn scenarios() -> Vec<PathBuf> {
    let entries = fs::read_dir(stacks()).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|folder| folder.join("traffic.pcap").is_file()).collect();
    folders.sort();
    folders
}

/// What the program says of a capture: its records as written, and its summary.
fn replay(capture: &Path, name: &str) -> (String, Value) {
    let records = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("stacks-{name}.jsonl"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(["replay", "--quiet", "--summary", "-", "--calls"]).arg(&records).arg(capture);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    (fs::read_to_string(&records).unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

fn read_json(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// What a record lacks or has otherwise than the programs logged it.
fn differences(expected: &Value, record: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut same = |what: &str, wanted: &Value, had: &Value| {
        if wanted != had {
            found.push(format!("{what}: the programs logged {wanted}, the record has {had}"));
        }
    };
    for what in ["outcome", "status", "ended_by"] {
        same(what, &expected[what], &record[what]);
    }
    for who in ["caller", "callee"] {
        same(who, &expected[who], &record[who]["number"]);
        let streams = record["media"].as_array().into_iter().flatten().filter(|stream| stream["from"] == who);
        let sum = |figure: &str| Value::from(streams.clone().filter_map(|stream| stream[figure].as_u64()).sum::<u64>());
        if let Some(packets) = expected.get(format!("{who}_packets")) {
            same(&format!("packets of the {who}"), packets, &sum("packets"));
            same(&format!("digits of the {who}"), &expected[format!("{who}_dtmf")], &sum("dtmf"));
            same(&format!("packets of the {who} lost"), &Value::from(0), &sum("lost"));
        }
    }
    if let Some(retransmissions) = expected.get("retransmissions") {
        same("messages sent again", retransmissions, &record["retransmissions"]);
    }
    let no_legs = Value::Array(Vec::new());
    same("legs", &expected["legs"], record.get("legs").unwrap_or(&no_legs));
    for what in ["invite_at", "ring_at", "answer_at", "end_at"] {
        let millis = |value: &Value| {
            let text = value.as_str()?;
            Some(text.parse::<Timestamp>().unwrap().as_microsecond() as f64 / 1e3)
        };
        let tolerance = expected["tolerance_ms"].as_f64().unwrap();
        match (millis(&expected[what]), millis(&record[what])) {
            (Some(wanted), Some(had)) if (wanted - had).abs() <= tolerance => {}
            (None, None) => {}
            _ => same(what, &expected[what], &record[what]),
        }
    }
    found
}

fn check(folder: &Path) -> Vec<String> {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let expected = read_json(&folder.join("expect.json"));
    let (written, summary) = replay(&folder.join("traffic.pcap"), name);
    let records: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut by_call_id: BTreeMap<_, _> =
        records.iter().map(|record| (record["call_id"].as_str().unwrap(), record)).collect();
    let mut found = Vec::new();
    for call in expected["calls"].as_array().unwrap() {
        let call_id = call["call_id"].as_str().unwrap();
        match by_call_id.remove(call_id) {
            Some(record) => {
                found.extend(differences(call, record).iter().map(|what| format!("{name}, {call_id}: {what}")));
            }
            None => found.push(format!("{name}, {call_id}: no record")),
        }
    }
    found.extend(by_call_id.keys().map(|call_id| format!("{name}, {call_id}: a record too many")));
    let registrations =
        summary["exchanges"].get("registrations").cloned().unwrap_or_else(|| Value::Object(serde_json::Map::new()));
    if registrations != expected["registrations"] {
        found.push(format!("{name}: registrations {}, the record has {registrations}", expected["registrations"]));
    }
    let golden = folder.join("calls.jsonl");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&golden, &written).unwrap();
    } else if fs::read_to_string(&golden).unwrap_or_default() != written {
        found.push(format!("{name}: calls.jsonl is no longer what is written (BLESS=1 rewrites it)"));
    }
    found
}

#[test]
fn records_say_what_the_programs_logged() {
    let scenarios = scenarios();
    assert!(scenarios.len() >= 19, "only {} scenarios in {}", scenarios.len(), stacks().display());
    let found: Vec<_> = scenarios.iter().flat_map(|folder| check(folder)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_scenario_says_where_it_is_from() {
    for folder in scenarios() {
        let about = fs::read_to_string(folder.join("about.toml")).unwrap();
        for key in ["shows", "origin", "licence"] {
            assert!(about.lines().any(|line| line.starts_with(&format!("{key} = \""))), "{}: {key}", folder.display());
        }
    }
}

#[test]
fn the_demonstration_shows_its_story() {
    let capture = stacks().join("../demo/trunk.pcapng.gz");
    let (_, summary) = replay(&capture, "demo");
    let outcomes = [
        ("total", 52),
        ("legs", 52),
        ("answered", 33),
        ("cancelled", 5),
        ("failed", 5),
        ("busy", 4),
        ("no_answer", 3),
        ("rejected", 2),
    ];
    for (outcome, count) in outcomes {
        assert_eq!(summary["calls"][outcome], count, "{outcome}");
    }
    assert_eq!(summary["undecoded"], serde_json::json!({}));
    assert_eq!(summary["rtp"]["packets"], summary["rtp"]["heuristic_packets"], "all media is announced");
    for tunnel in ["vlan", "vxlan"] {
        assert!(summary["encapsulations"][tunnel].as_u64() > Some(1_000), "{tunnel}");
    }
}

//! Alerts as their readers meet them: records that keep to their schema, a life under one id, an exit code, and the same
//! alerts of the same calls in whatever form they come.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use boon::{Compiler, Schemas};
use serde_json::Value;

#[path = "alerts/complaints.rs"]
mod complaints;
#[path = "alerts/evidence.rs"]
mod evidence;
#[path = "alerts/pages.rs"]
mod pages;

/// Half an hour of a scam centre among a third of its usual neighbours, without media.
struct Scene {
    folder: PathBuf,
    pcap: PathBuf,
    config: PathBuf,
    /// The records of its calls.
    calls: PathBuf,
    /// What is said of it.
    alerts: String,
}

static SCENE: LazyLock<Scene> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("alerts");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let [pcap, config, calls] = ["scene.pcap", "greyline.toml", "calls.jsonl"].map(|name| folder.join(name));
    let made = run(&["synth", "demo", "--days", "0.021", "--scale", "0.3"], &[("--out", &pcap), ("--config", &config)]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let listed = run(&["calls", "-q"], &[("--config", &config), ("--calls", &calls), ("--", &pcap)]);
    assert_eq!(listed.status.code(), Some(0), "{listed:?}");
    let alerts = alerts(&config, std::slice::from_ref(&pcap));
    Scene { folder, pcap, config, calls, alerts }
});

/// A run of the program; each flag with the file it names.
fn run(arguments: &[&str], files: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(arguments);
    for (flag, file) in files {
        command.arg(flag).arg(file);
    }
    command.output().unwrap()
}

/// The alerts of captures or of records.
fn alerts(config: &Path, inputs: &[PathBuf]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(["replay", "-q", "--alerts", "-", "--config"]).arg(config).args(inputs);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn lines(alerts: &str) -> Vec<Value> {
    alerts.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_line_keeps_to_the_schema() {
    let schema = serde_json::from_slice(&run(&["schema", "alert"], &[]).stdout).unwrap();
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("alert.json", schema).unwrap();
    let index = compiler.compile("alert.json", &mut schemas).unwrap();
    let lines = lines(&SCENE.alerts);
    assert!(!lines.is_empty());
    for line in &lines {
        schemas.validate(line, index).unwrap_or_else(|error| panic!("{error:#}\n{line:#}"));
    }
    assert!(schemas.validate(&serde_json::json!({"v": "one"}), index).is_err(), "the schema refuses nothing");
}

/// The scam centre is one alert, which is opened once, told again, and closed, always under the same id.
#[test]
fn an_alert_has_one_life() {
    let mut lives: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in lines(&SCENE.alerts) {
        lives.entry(line["alert_id"].as_str().unwrap().to_owned()).or_default().push(line);
    }
    assert_eq!(lives.len(), 1, "{lives:#?}");
    for life in lives.values() {
        let told: Vec<_> = life.iter().map(|line| line["status"].as_str().unwrap()).collect();
        let [first, middle @ .., last] = &told[..] else { panic!("{told:?}") };
        assert_eq!((*first, *last), ("open", "close"));
        assert!(!middle.is_empty() && middle.iter().all(|status| *status == "update"), "{told:?}");
        // More by ten decibels, another kind, another member or an hour: no more is told of.
        assert!(middle.len() < 20, "{told:?}");
        for pair in life.windows(2) {
            assert!(pair[0]["time"].as_str() <= pair[1]["time"].as_str(), "{pair:#?}");
            assert!(pair[0]["calls"]["count"].as_u64() <= pair[1]["calls"]["count"].as_u64(), "{pair:#?}");
        }
        assert_eq!(life[0]["kind"], "scam_call_centre", "{:#}", life[0]);
    }
}

/// However many reasons would each do alone: their parts add up to the score, as far as tenths of a decibel do.
#[test]
fn reasons_come_to_the_score() {
    for line in lines(&SCENE.alerts) {
        let evidence = line["evidence"].as_array().unwrap();
        let of = |reason: &Value, key: &str| reason[key].as_f64().unwrap();
        let told: f64 = evidence.iter().map(|reason| of(reason, "share_db")).sum();
        let rounding = 0.05 * (evidence.len() + 1) as f64;
        assert!((told - of(&line, "score_db")).abs() <= rounding, "{told} of {line:#}");
        let told: Vec<_> = evidence.iter().map(|reason| of(reason, "share_db")).collect();
        assert!(told.is_sorted_by(|one, other| one >= other), "{told:?}");
    }
}

/// Whoever is dismissed does not come again as something else: software at an address, the address, the numbers that it shows.
#[test]
fn what_is_allowed_raises_no_alert_under_another_name() {
    let told = lines(&SCENE.alerts);
    let members = |line: &Value| line["members"].as_array().cloned().unwrap_or_default();
    let sources = |line: &Value| {
        let sources = line["sources"].as_array().cloned().unwrap_or_default();
        Vec::from_iter(sources.into_iter().map(|source| serde_json::json!({ "kind": "source", "value": source })))
    };
    let names = |line: &Value| [vec![line["entity"].clone()], members(line), sources(line)].concat();
    let mut dismissed: Vec<Value> = told.iter().flat_map(names).collect();
    dismissed.sort_by_key(Value::to_string);
    dismissed.dedup();
    assert!(["stack", "source"].iter().all(|kind| dismissed.iter().any(|it| it["kind"] == *kind)), "{dismissed:?}");
    for it in dismissed.iter().filter(|it| matches!(it["kind"].as_str(), Some("stack" | "trunk" | "source"))) {
        let config = SCENE.folder.join("allowed.toml");
        let text = fs::read_to_string(&SCENE.config).unwrap();
        let allow = format!(
            "\n[[allow]]\nentity = {{ kind = {}, value = {} }}\nuntil = 2099-12-31\nwhy = \"known\"\n",
            it["kind"], it["value"]
        );
        fs::write(&config, text + &allow).unwrap();
        assert_eq!(alerts(&config, std::slice::from_ref(&SCENE.pcap)), "", "{it}");
    }
}

#[test]
fn the_exit_code_says_what_was_asked() {
    const SEVERITIES: [&str; 4] = ["low", "medium", "high", "critical"];
    let rank = |word: &str| SEVERITIES.iter().position(|&severity| severity == word).unwrap();
    let lines = lines(&SCENE.alerts);
    let worst = lines.iter().map(|line| rank(line["severity"].as_str().unwrap())).max().unwrap();
    for (asked, severity) in SEVERITIES.iter().enumerate() {
        let files = [("--config", &*SCENE.config), ("--", &*SCENE.pcap)];
        let output = run(&["replay", "-q", "--fail-on", severity], &files);
        assert_eq!(output.status.code(), Some(i32::from(worst >= asked)), "{severity}: {output:?}");
    }
}

#[test]
fn two_outputs_on_standard_output_are_refused() {
    for other in ["--calls", "--summary"] {
        let output = run(&["replay", "--alerts", "-", other, "-"], &[("--", &SCENE.pcap)]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("mixed"), "{output:?}");
    }
}

#[test]
fn every_run_says_the_same() {
    for _ in 0..3 {
        assert_eq!(alerts(&SCENE.config, std::slice::from_ref(&SCENE.pcap)), SCENE.alerts);
    }
}

/// Bytes of a pcap's head, and of the head of one of its records.
const FILE_HEAD: usize = 24;
const RECORD_HEAD: usize = 16;

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// The head of a pcap, and its records with theirs.
fn taken_apart(pcap: &[u8]) -> (&[u8], Vec<&[u8]>) {
    let (head, mut rest) = pcap.split_at(FILE_HEAD);
    let mut records = Vec::new();
    while !rest.is_empty() {
        let (record, after) = rest.split_at(RECORD_HEAD + word(rest, 8) as usize);
        records.push(record);
        rest = after;
    }
    (head, records)
}

#[test]
fn ten_pieces_say_the_same() {
    let pcap = fs::read(&SCENE.pcap).unwrap();
    let (head, records) = taken_apart(&pcap);
    let pieces = records.chunks(records.len().div_ceil(10)).enumerate().map(|(number, piece)| {
        let path = SCENE.folder.join(format!("piece-{number}.pcap"));
        fs::write(&path, [head, &piece.concat()].concat()).unwrap();
        path
    });
    let pieces: Vec<_> = pieces.collect();
    assert_eq!(pieces.len(), 10);
    assert_eq!(alerts(&SCENE.config, &pieces), SCENE.alerts);
    assert_eq!(alerts(&SCENE.config, &pieces.into_iter().rev().collect::<Vec<_>>()), SCENE.alerts);
}

/// A mirror port that sees every frame twice, the second time 30 µs later.
#[test]
fn mirrored_copies_change_nothing() {
    const LATER_US: u32 = 30;
    let pcap = fs::read(&SCENE.pcap).unwrap();
    let (head, records) = taken_apart(&pcap);
    let mut frames: Vec<(u64, usize, Vec<u8>)> = Vec::new();
    for (place, record) in records.into_iter().enumerate() {
        let at = u64::from(word(record, 0)) * 1_000_000 + u64::from(word(record, 4));
        let later = at + u64::from(LATER_US);
        let stamp = [(later / 1_000_000) as u32, (later % 1_000_000) as u32].map(u32::to_le_bytes).concat();
        frames.push((at, place, record.to_vec()));
        frames.push((later, place, [&stamp, &record[8..]].concat()));
    }
    frames.sort();
    let path = SCENE.folder.join("mirrored.pcap");
    let frames: Vec<u8> = frames.into_iter().flat_map(|(_, _, record)| record).collect();
    fs::write(&path, [head, &frames].concat()).unwrap();
    assert_eq!(alerts(&SCENE.config, &[path]), SCENE.alerts);
}

/// A block of pcapng.
fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let padding = body.len().next_multiple_of(4) - body.len();
    let length = ((body.len() + padding + 12) as u32).to_le_bytes();
    [&kind.to_le_bytes(), &length[..], body, &vec![0; padding], &length].concat()
}

/// The scene as a host wrote it down that had no room for one frame in five, and said so now and then.
#[test]
fn what_was_not_seen_lowers_the_evidence_and_is_named() {
    let pcap = fs::read(&SCENE.pcap).unwrap();
    let (_, records) = taken_apart(&pcap);
    let mut whole = block(0x0a0d_0d0a, &[&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat());
    whole.extend(block(1, &[1, 0, 0, 0, 0, 0, 4, 0]));
    let mut torn = whole.clone();
    for (place, record) in records.iter().enumerate() {
        let at = u64::from(word(record, 0)) * 1_000_000 + u64::from(word(record, 4));
        let stamp = [((at >> 32) as u32).to_le_bytes(), (at as u32).to_le_bytes()].concat();
        let frame = block(6, &[&[0; 4][..], &stamp, &record[8..16], &record[16..]].concat());
        whole.extend(&frame);
        torn.extend(&frame);
        if place % 500 == 499 {
            // 64 bits of isb_ifdrop, option 5: frames dropped since the beginning.
            let dropped = ((place + 1) as u64 / 4).to_le_bytes();
            torn.extend(block(5, &[&[0; 4][..], &stamp, &[5, 0, 8, 0], &dropped, &[0; 4]].concat()));
        }
    }
    let [whole, torn] = [("whole.pcapng", whole), ("torn.pcapng", torn)].map(|(name, bytes)| {
        let path = SCENE.folder.join(name);
        fs::write(&path, bytes).unwrap();
        alerts(&SCENE.config, &[path])
    });
    assert_eq!(whole, SCENE.alerts);
    assert!(lines(&whole).iter().all(|line| line.get("coverage").is_none()));
    let (whole, torn) = (lines(&whole).pop().unwrap(), lines(&torn).pop().unwrap());
    let (coverage, summary) = (&torn["coverage"], torn["summary"].as_str().unwrap());
    assert!((coverage["seen_share"].as_f64().unwrap() - 0.8).abs() < 0.02, "{coverage}");
    assert!(coverage["kernel_drops"].as_u64().unwrap() > 1_000, "{coverage}");
    assert!(summary.contains("were dropped by the capturing host: the evidence is lowered by"), "{summary}");
    let score = |alert: &Value| alert["score_db"].as_f64().unwrap();
    let ratio = score(&torn) / score(&whole);
    // Each says what its calls came to at the most since it was opened, and the torn one was opened some calls later.
    assert!((ratio - coverage["seen_share"].as_f64().unwrap()).abs() < 0.05, "{ratio} {coverage}");
}

#[test]
fn records_say_the_same_as_packets() {
    assert_eq!(alerts(&SCENE.config, std::slice::from_ref(&SCENE.calls)), SCENE.alerts);
}

/// After a 3xx, 401, 407, 484 or the like a caller may ask again, so from packets the end of such a call is known minutes after
/// the response, when nobody did. The record says when, and is judged then.
#[test]
fn ends_that_are_known_late_are_judged_late_from_records_too() {
    let mut later = fs::read(&SCENE.pcap).unwrap();
    let refused = b"SIP/2.0 404";
    let places = (0..later.len() - refused.len()).filter(|&place| later[place..].starts_with(refused));
    let places: Vec<_> = places.collect();
    assert!(places.len() > 100);
    for place in places {
        later[place + 8..place + 11].copy_from_slice(b"484");
    }
    let [pcap, calls] = ["late.pcap", "late.jsonl"].map(|name| SCENE.folder.join(name));
    fs::write(&pcap, later).unwrap();
    run(&["calls", "-q"], &[("--config", &SCENE.config), ("--calls", &calls), ("--", &pcap)]);
    let known_late = lines(&fs::read_to_string(&calls).unwrap());
    assert!(known_late.iter().filter(|call| call["end_known_at"].is_string()).count() > 100);
    let [packets, records] = [&pcap, &calls].map(|input| alerts(&SCENE.config, std::slice::from_ref(input)));
    assert!(!packets.is_empty());
    assert_eq!(packets, records);
}

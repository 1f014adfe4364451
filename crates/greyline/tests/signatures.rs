//! Signed calls, from a capture and the certificates that a configuration names to their records (`fixtures/stir`).

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/stir")
}

/// The program, started where the configuration's names hold.
fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_greyline")).current_dir(folder()).args(arguments).output().unwrap()
}

fn records(arguments: &[&str]) -> String {
    let output = run(&[&["calls", "-q", "--calls", "-"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What the records say of signatures, by Call-ID.
fn signatures(records: &str) -> BTreeMap<String, String> {
    let lines = records.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let of = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    lines.map(|line| (of(&line, "call_id"), of(&line, "signature"))).collect()
}

#[test]
fn records_say_what_a_signature_is_worth() {
    let told = records(&["--config", "greyline.toml", "signed.pcap"]);
    let table = fs::read_to_string(folder().join("expected.tsv")).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t').unwrap());
    let expected: BTreeMap<_, _> = rows.map(|(call, came_to)| (call.to_owned(), came_to.to_owned())).collect();
    assert_eq!(signatures(&told), expected);

    let holds = told.lines().find(|line| line.contains("\"holds@example.net\"")).unwrap();
    let holds: Value = serde_json::from_str(holds).unwrap();
    assert_eq!(holds["signer"], "https://certs.example.net/shaken.pem");
    assert_eq!(holds["origin_id"], "123e4567-e89b-12d3-a456-426655440000");
    assert_eq!(holds["attestation"], "A");
}

#[test]
fn without_certificates_nothing_is_verified() {
    let found = signatures(&records(&["--home", "GB", "signed.pcap"]));
    assert!(found.values().all(|came_to| came_to != "verified" && came_to != "bad_signature"));
    assert!(found.values().filter(|came_to| *came_to == "not_verified").count() > 5);
}

/// What verification and judgement refuse stands beside what the packet rooms do.
#[test]
fn what_is_refused_is_in_the_summary() {
    let output = run(&["replay", "-q", "--summary", "-", "--config", "greyline.toml", "signed.pcap"]);
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let losses = summary["losses"].as_object().unwrap();
    for name in ["stir_calls_refused", "detect_entities_refused", "detect_calls_refused", "call_legs_refused"] {
        assert_eq!(losses[name], 0, "{name}");
    }
}

/// Records that are read again say the same, without a certificate.
#[test]
fn records_keep_what_was_found() {
    let told = records(&["--config", "greyline.toml", "signed.pcap"]);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("signed.jsonl");
    fs::write(&file, &told).unwrap();
    assert_eq!(records(&["--home", "GB", file.to_str().unwrap()]), told);
}

#[test]
fn certificates_that_are_not_there_stop_the_run() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-certificates.toml");
    for (authorities, certificates, says) in [
        ("nowhere", "certificates", "nowhere"),
        ("authorities", "nowhere", "nowhere"),
        ("expected.tsv", "certificates", "no certificate in it"),
    ] {
        let text = format!("[stir]\nauthorities = [\"{authorities}\"]\ncertificates = \"{certificates}\"\n");
        fs::write(&file, text).unwrap();
        for command in [&["replay", "-q", "--config"][..], &["check"]] {
            let mut arguments = [command, &[file.to_str().unwrap()]].concat();
            if command.len() > 1 {
                arguments.push("signed.pcap");
            }
            let output = run(&arguments);
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            assert!(String::from_utf8_lossy(&output.stderr).contains(says), "{output:?}");
        }
    }
    fs::write(&file, "[stir]\ncertificates = \"certificates\"\n").unwrap();
    let output = run(&["check", file.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("needs `stir.authorities`"), "{output:?}");
}

//! The demonstration that the README begins with: the scam centre in it is found at once, and nobody else is accused.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/scam-centre").join(name)
}

fn greyline() -> Command {
    Command::new(env!("CARGO_BIN_EXE_greyline"))
}

/// What is found with a configuration or without: the centre and all of its calls, and nobody else.
fn finds(name: &str, config: Option<&Path>) {
    let alerts = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut command = greyline();
    command.args(["replay", "-q"]).arg(fixture("trunks.pcapng.zst"));
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    let output = command.arg("--alerts").arg(&alerts).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let screen = String::from_utf8(output.stdout).unwrap();
    assert!(screen.starts_with("1 alert\n"), "{screen}");
    assert!(screen.contains("Scam call centre from 203.0.113.22"), "{screen}");

    let last = fs::read_to_string(&alerts).unwrap();
    let last: Value = serde_json::from_str(last.lines().last().unwrap()).unwrap();
    assert_eq!((&last["kind"], &last["status"]), (&"scam_call_centre".into(), &"close".into()), "{last:#}");
    assert_eq!(last["calls"]["count"], 3_166, "all of its calls and no other: {last:#}");

    let mut command = greyline();
    command.arg("score").arg("--truth").arg(fixture("truth.jsonl.zst")).arg("--alerts").arg(&alerts);
    let output = command.args(["--json", "-"]).output().unwrap();
    let score: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(score["total"]["found"], 1, "{score:#}");
    assert_eq!(score["total"]["kind_right"], 1, "{score:#}");
    assert_eq!(score["false_alerts"]["count"], 0, "{score:#}");
}

#[test]
fn the_scam_centre_is_found_and_nobody_else() {
    finds("demonstration.jsonl", Some(&fixture("greyline.toml")));
}

/// Nobody has said which trunk leads abroad or who is licensed: what else comes by the centre's carrier says the one, and the
/// shape of its calls is enough against the other.
#[test]
fn it_is_found_without_a_configuration() {
    finds("unconfigured.jsonl", None);
}

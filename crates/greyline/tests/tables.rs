//! Data files of the operator's own in place of those that come with the program.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use store::Archive;
use store::cases::Step;
use types::Nanos;

const OURS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../detect/data");

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// `greyline check` of a configuration that names a file, changed from ours, under `[tables]`.
fn check(folder: &Path, key: &str, change: impl Fn(String) -> String) -> Output {
    let ours = fs::read_to_string(Path::new(OURS).join(format!("{key}.toml"))).unwrap();
    fs::write(folder.join(format!("{key}.toml")), change(ours)).unwrap();
    fs::write(folder.join("greyline.toml"), format!("[tables]\n{key} = \"{key}.toml\"\n")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_greyline")).args(["check", "greyline.toml"]).current_dir(folder).output().unwrap()
}

fn hash(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .find_map(|line| line.trim().strip_prefix("hash"))
        .unwrap_or_else(|| panic!("{output:?}"))
        .trim()
        .to_owned()
}

#[test]
fn files_of_the_operators_own_are_told_and_change_the_hash() {
    let folder = folder("tables-own");
    let shipped = hash(&check(&folder, "hours", |ours| ours));
    for key in ["classes", "hours", "confusables", "high_cost"] {
        let same = check(&folder, key, |ours| ours);
        assert_eq!(same.status.code(), Some(0), "{same:?}");
        assert_eq!(hash(&same), shipped, "the same bytes are the same table");
        let own = check(&folder, key, |ours| ours.replacen("version = \"", "version = \"own of ", 1));
        let text = String::from_utf8_lossy(&own.stdout);
        assert!(text.contains("own of 20") && text.contains(&format!("{key}.toml")), "{text}");
        assert_ne!(hash(&own), shipped, "{key}");
    }
}

#[test]
fn what_is_wrong_with_them_is_told_at_its_place() {
    let folder = folder("tables-wrong");
    for (key, from, to, expected) in [
        (
            "classes",
            "first_contact = 0.15",
            "first_contact = 15",
            ": error: residential: first_contact = 15: a share of",
        ),
        ("hours", "[\"friday\"]", "[\"fryday\"]", ": error: unknown variant `fryday`, expected one of `monday`"),
        ("confusables", "\"0\" = \"o\"", "\"0\" = \"O\"", ": error: `0 = O`: a small letter or a digit"),
        ("high_cost", "\"+979\"", "\"979\"", ": error: \"979\" is not the first digits"),
    ] {
        let output = check(&folder, key, |ours| ours.replacen(from, to, 1));
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let ours = fs::read_to_string(Path::new(OURS).join(format!("{key}.toml"))).unwrap();
        let line = ours.lines().position(|line| line.contains(from)).unwrap() + 1;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let told = said.lines().find(|told| told.starts_with(&format!("{key}.toml:{line}:")));
        assert!(told.is_some_and(|told| told.contains(expected)), "{said}");
    }
    fs::remove_file(folder.join("hours.toml")).unwrap();
    fs::write(folder.join("greyline.toml"), "[tables]\nhours = \"hours.toml\"\n").unwrap();
    let absent = Command::new(env!("CARGO_BIN_EXE_greyline"))
        .args(["check", "greyline.toml"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&absent.stderr).contains("hours.toml: No such file"), "{absent:?}");
}

/// A run of the program in a folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_greyline")).args(arguments).current_dir(folder).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    output
}

#[test]
fn what_is_learned_is_named_checked_and_part_of_the_hash() {
    let folder = folder("tables-learned");
    let files = ["--calls", "calls.jsonl", "--config", "greyline.toml"];
    run(&folder, &[&["synth", "benign", "--days", "4", "--warm-up", "0", "--scale", "0.02"], &files[..]].concat());
    let learn = ["replay", "-q", "calls.jsonl", "--config", "greyline.toml", "--learn"];
    let told = run(&folder, &[&learn[..], &["profile.toml"]].concat());
    assert!(String::from_utf8_lossy(&told.stdout).contains("  learned          from "), "{told:?}");
    let profile = fs::read_to_string(folder.join("profile.toml")).unwrap();
    assert!(profile.contains("[[class]]") && profile.contains("[[rate]]\ntrunk = "), "{profile}");
    let again = run(&folder, &[&learn[..], &["-"]].concat());
    assert_eq!(String::from_utf8_lossy(&again.stdout), profile);

    let shipped = hash(&run(&folder, &["check", "greyline.toml"]));
    let named = fs::read_to_string(folder.join("greyline.toml")).unwrap() + "\n[tables]\nprofile = \"profile.toml\"\n";
    fs::write(folder.join("named.toml"), named).unwrap();
    let checked = run(&folder, &["check", "named.toml"]);
    assert_ne!(hash(&checked), shipped);
    let text = String::from_utf8_lossy(&checked.stdout);
    assert!(text.contains("profile.toml: ") && text.contains(", learned from 2026-"), "{text}");
    assert!(!text.contains("learn it anew") && !text.contains("not in the configuration"), "{text}");
    run(&folder, &["replay", "-q", "calls.jsonl", "--config", "named.toml"]);

    fs::write(folder.join("profile.toml"), profile.replacen("name = \"residential\"", "name = 7", 1)).unwrap();
    let refused = Command::new(env!("CARGO_BIN_EXE_greyline"))
        .args(["replay", "-q", "calls.jsonl", "--config", "named.toml"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("profile.toml:"), "{refused:?}");
}

#[test]
fn an_operation_under_way_teaches_nothing() {
    let folder = folder("tables-operation");
    let files = ["--calls", "calls.jsonl", "--config", "greyline.toml", "--truth", "truth.jsonl"];
    run(&folder, &[&["synth", "demo", "--days", "0.021", "--scale", "0.3"], &files[..]].concat());
    let learn = ["replay", "-q", "calls.jsonl", "--config", "greyline.toml", "--learn", "profile.toml"];
    let output = run(&folder, &[&learn[..], &["--summary", "-"]].concat());
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let learned = &summary["judgement"]["learned"];
    let [calls, of_alerts, dropped] =
        ["calls", "calls_of_alerts", "calls_dropped"].map(|key| learned[key].as_u64().unwrap());
    assert!(of_alerts > 300 && dropped > 0, "{learned}");
    assert_eq!(Some(calls + of_alerts + dropped), summary["judgement"]["attempts"].as_u64());
}

/// What people say of alerts decides what their calls teach, and nothing of what is found.
#[test]
fn cases_say_what_teaches() {
    let folder = folder("tables-cases");
    let files = ["--calls", "calls.jsonl", "--config", "greyline.toml"];
    run(&folder, &[&["synth", "demo", "--days", "0.021", "--scale", "0.3"], &files[..]].concat());
    let replay = ["replay", "-q", "calls.jsonl", "--config", "greyline.toml", "--alerts"];
    let learn = ["--learn", "profile.toml", "--summary", "-"];
    let kept = run(&folder, &[&replay[..], &["alerts.jsonl", "--store", "store"], &learn].concat());
    let learned = |output: &Output| -> serde_json::Value {
        let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        summary["judgement"]["learned"].clone()
    };
    assert!(learned(&kept).get("cases").is_none());
    let alerts = fs::read_to_string(folder.join("alerts.jsonl")).unwrap();
    let again = || {
        let output = run(&folder, &[&replay[..], &["again.jsonl", "--cases", "store"], &learn].concat());
        assert_eq!(fs::read_to_string(folder.join("again.jsonl")).unwrap(), alerts, "what is found does not change");
        let learned = learned(&output);
        let figure = |pointer: &str| learned.pointer(pointer).and_then(serde_json::Value::as_u64).unwrap();
        let [calls, of_alerts] = ["/calls", "/calls_of_alerts"].map(figure);
        let [fraud, innocent] = ["/cases/calls_of_confirmed", "/cases/calls_of_dismissed"].map(figure);
        assert_eq!(calls + of_alerts + fraud, 3_900, "{learned}");
        let said = ["/cases/confirmed", "/cases/dismissed", "/cases/undecided", "/cases/unknown"].map(figure);
        (said, [calls, of_alerts, fraud, innocent], fs::read_to_string(folder.join("profile.toml")).unwrap())
    };
    let (said, [calls, of_alerts, ..], cautious) = again();
    assert_eq!(said, [0, 0, 1, 0]);
    assert!(of_alerts > 3_000, "{of_alerts}");

    let mut archive = Archive::open(&folder.join("store")).unwrap();
    let alert: serde_json::Value = serde_json::from_str(alerts.lines().next().unwrap()).unwrap();
    let by = (Nanos::from_parts(1_800_000_000, 0), "the desk");
    let case = archive.open_case(alert["alert_id"].as_str().unwrap(), by).unwrap().unwrap();
    let mut step = |step: Step| archive.step_case(case, &step, by).unwrap().unwrap();
    step(Step::Confirm("callees say so".into()));
    assert_eq!(again(), ([1, 0, 0, 0], [calls, 0, of_alerts, 0], cautious.clone()));
    step(Step::Reopen("a mistake".into()));
    assert_eq!(again(), ([0, 0, 1, 0], [calls, of_alerts, 0, 0], cautious.clone()));
    step(Step::Dismiss { reason: "a drill".into(), until: "2027-01-31".into() });
    let (said, figures, trusting) = again();
    assert_eq!((said, figures), ([0, 1, 0, 0], [3_900, 0, 0, of_alerts]));
    assert_ne!(trusting, cautious);

    // A store that does not know the alert leaves out what follows its first word, and says what that misses.
    let calls = fs::read_to_string(folder.join("calls.jsonl")).unwrap();
    fs::write(folder.join("few.jsonl"), calls.lines().next().unwrap()).unwrap();
    run(&folder, &["replay", "-q", "few.jsonl", "--config", "greyline.toml", "--store", "other"]);
    let report = run(
        &folder,
        &[
            &["replay", "-q", "calls.jsonl", "--config", "greyline.toml"],
            &["--learn", "profile.toml", "--cases", "other"][..],
        ]
        .concat(),
    );
    let report = String::from_utf8_lossy(&report.stdout);
    assert!(
        report.contains("0 dismissed as innocent") && report.contains("the store does not know 1 of these alerts"),
        "{report}"
    );
}

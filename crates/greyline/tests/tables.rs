//! Data files of the operator's own in place of those that come with the program.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

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

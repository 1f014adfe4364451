//! `greyline holder` and `greyline unseal`: which numbers a redacted bundle is about, for two who hold a key each.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use config::HolderKey;
use evidence::{Handed, HolderSecret, Manifest, Redactor, SEALED};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Archive;
use store::audit::Act;

use crate::bundles::{now, who};
use crate::cli::UnsealJob;
use crate::failure::Failure;
use crate::outputs::Output;
use crate::run::Done;
use crate::verifying::handed;

/// Letters that say what numbers are needed for, at least and at most.
const REASON_LETTERS: std::ops::RangeInclusive<usize> = 5..=300;
/// Bytes of a file of a bundle that are read.
const BYTES_MAX: u64 = 1 << 30;
/// Files of a bundle: one names the holders, the others have numbers.
const ABOUT: &str = "about.json";
const ALERT: &str = "alert.json";
const CALLS: &str = "calls.jsonl";
/// What a row of the table is: a number of somebody, or other digits that were replaced since they might have been one.
const NUMBER: &str = "number";
const DIGITS: &str = "digits";

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Numbers {
    v: u8,
    numbers: Vec<Pair>,
}

/// A number, and the one that stands in its place.
#[derive(Serialize, Deserialize)]
struct Pair {
    shown: String,
    number: String,
}

/// Which digits stand for which, as they are sealed.
pub fn table(redactor: &Redactor) -> Vec<u8> {
    let pairs = redactor.replaced().into_iter().map(|(number, shown)| Pair { shown, number });
    let mut numbers: Vec<_> = pairs.collect();
    // In the order of what stands in the bundle: that of the numbers would say more of them than it needs to.
    numbers.sort_by(|one, other| one.shown.cmp(&other.shown));
    // Nothing in it can keep it from being written.
    serde_json::to_vec(&Numbers { v: 1, numbers }).unwrap_or_default()
}

/// Makes a key, and says what the configuration needs to know of it.
///
/// # Errors
/// That the file is there already, or cannot be written.
pub fn make(name: &str, out: &Path) -> Result<Done, Failure> {
    let made = HolderSecret::make(out).map_err(|error| Failure::Write(out.to_owned(), error))?;
    let key = HolderKey::new(made.public());
    // The same quotes for TOML as for JSON.
    let name = Value::from(name);
    let text = format!(
        "The private key of {name} lies in {}: it is the holder's alone, and whoever has both opens what is sealed. Keep a copy\n\
         where the other holder has none: without it, what is sealed from now on stays so.\n\nWhat is sealed with, for `holders` in the \
         configuration:\n\n[evidence]\nholders = [\n  {{ name = {name}, public_key = \"{key}\" }},\n  # and the other one\n]\n",
        out.display()
    );
    let mut output = Output::open(Path::new("-"))?;
    output.text(&text)?;
    output.close().map(|()| Done::Whole)
}

/// Opens what is sealed in a bundle: the numbers of its records, as these write them. The audit log knows before anybody else does.
///
/// # Errors
/// That the bundle was touched or is of another store, that these are not the two keys, or that the audit log cannot be written.
pub fn unseal(job: &UnsealJob) -> Result<Done, Failure> {
    let reason = job.reason.trim();
    if !REASON_LETTERS.contains(&reason.chars().count()) || reason.chars().any(char::is_control) {
        let least = REASON_LETTERS.start();
        return Err(Failure::Flag(
            "--reason",
            format!("{least} letters or more that say what the numbers are needed for"),
        ));
    }
    let [one, other] = job.key.as_slice() else {
        return Err(Failure::Flag("--key", "two keys are needed: give --key twice, once for each holder".to_owned()));
    };
    let [one, other] = [secret(one)?, secret(other)?];
    let mut archive = Archive::open(&job.store).map_err(Failure::Store)?;
    let handed = handed(&job.bundle)?;
    let manifest = sound(&handed, &job.bundle, &archive)?;
    let read = |name: &str| handed.read(name, BYTES_MAX).map_err(|error| Failure::Unread(job.bundle.join(name), error));
    let sealed = read(SEALED)?;
    let opened = evidence::unseal([&one, &other], &sealed);
    let opened = opened.ok_or_else(|| unfit("--key", &job.bundle, "is not sealed for these two keys together"))?;
    let opened: Numbers =
        serde_json::from_slice(&opened).map_err(|_| unfit("BUNDLE", &job.bundle, "holds what no greyline sealed"))?;
    let written = written(&read(ALERT)?, &read(CALLS)?);
    let holders = names(&read(ABOUT)?, [&one, &other]);
    let object = format!("bundle {} of alert {}", manifest.bundle, manifest.alert_id);
    let detail = format!("{reason}; with the keys of {holders}");
    let by = who(job.by.as_deref());
    let act = Act { at: now(), who: &by, act: "unseal", object: &object, detail: &detail };
    archive.audit(&act).map_err(Failure::Store)?;
    let mut output = Output::private(&job.out)?;
    output.text("shown,number,what\n")?;
    for (shown, number, what) in rows(&opened.numbers, &written, job.all) {
        output.text(&format!("{shown},{number},{what}\n"))?;
    }
    output.close().map(|()| Done::Whole)
}

/// The numbers that people of a bundle have in its records, as these write them: of whoever called or was called, was shown, or had calls
/// passed on.
fn written(alert: &[u8], calls: &[u8]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let calls = calls.split(|byte| *byte == b'\n');
    for record in std::iter::once(alert).chain(calls).filter_map(|record| serde_json::from_slice(record).ok()) {
        gather(&record, &mut found);
    }
    found
}

fn gather(record: &Value, found: &mut BTreeSet<String>) {
    match record {
        Value::Array(list) => list.iter().for_each(|entry| gather(entry, found)),
        Value::Object(fields) => {
            let is_read = fields.get("number").is_some_and(Value::is_string);
            for (key, value) in fields {
                let is_number = match key.as_str() {
                    "number" | "called" | "caller_shown" | "diversion" => true,
                    // What was sent in place of a number; beside one it is a spelling of it.
                    "raw" => !is_read,
                    _ => false,
                };
                match value {
                    Value::String(text) if is_number && is_plain(text) => drop(found.insert(text.clone())),
                    _ => gather(value, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether it is digits, with or without a plus before them.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The rows of the table: numbers as records write them, and where `all` are wanted whatever other digits were replaced.
fn rows<'p>(pairs: &'p [Pair], written: &'p BTreeSet<String>, all: bool) -> Vec<(&'p str, String, &'static str)> {
    let mut digits: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Pair { shown, number } in pairs {
        digits.entry(shown).or_default().push(number);
    }
    let mut rows = Vec::new();
    for shown in written {
        let (plus, run) = shown.strip_prefix('+').map_or(("", shown.as_str()), |run| ("+", run));
        let numbers = digits.get(run).into_iter().flatten();
        rows.extend(numbers.map(|number| (shown.as_str(), format!("{plus}{number}"), NUMBER)));
    }
    if all {
        let known: BTreeSet<&str> = written.iter().map(|shown| shown.trim_start_matches('+')).collect();
        let others = pairs.iter().filter(|pair| !known.contains(pair.shown.as_str()));
        rows.extend(others.map(|pair| (pair.shown.as_str(), pair.number.clone(), DIGITS)));
    }
    rows
}

fn secret(path: &Path) -> Result<HolderSecret, Failure> {
    HolderSecret::of_file(path).map_err(|error| Failure::Unread(path.to_owned(), error))
}

/// What the manifest of a bundle says that is as this store made it.
fn sound(handed: &Handed, bundle: &Path, archive: &Archive) -> Result<Manifest, Failure> {
    let findings = evidence::verify(std::slice::from_ref(handed), None).pop().unwrap_or_default();
    if let Some(fault) = findings.faults.first() {
        return Err(unfit("BUNDLE", bundle, &format!("was touched: {fault}")));
    }
    let manifest = findings.manifest.ok_or_else(|| unfit("BUNDLE", bundle, "has no manifest"))?;
    let bundles = archive.bundles().map_err(Failure::Store)?;
    let own = bundles.iter().any(|it| it.number == manifest.bundle && it.manifest == findings.hash);
    if !own {
        let why = format!(
            "was not made by the store in {}: unseal it where it was, so that it is on record there",
            archive.folder().display()
        );
        return Err(unfit("BUNDLE", bundle, &why));
    }
    Ok(manifest)
}

/// Whose keys these are, as the bundle names them.
fn names(about: &[u8], keys: [&HolderSecret; 2]) -> String {
    let about: Value = serde_json::from_slice(about).unwrap_or_default();
    let named = about.get("sealed_for").and_then(Value::as_array).into_iter().flatten();
    let text = |holder: &Value, key: &str| holder.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let keys = keys.map(|key| HolderKey::new(key.public()).to_string());
    let own = named.filter(|holder| keys.contains(&text(holder, "public_key")));
    own.map(|holder| text(holder, "name")).collect::<Vec<_>>().join(" and ")
}

fn unfit(what: &'static str, bundle: &Path, why: &str) -> Failure {
    Failure::Flag(what, format!("{} {why}", bundle.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_say_what_they_are() {
        let pair = |shown: &str, number: &str| Pair { shown: shown.to_owned(), number: number.to_owned() };
        let pairs = [
            pair("4470", "1001"),
            pair("4470", "1002"),
            pair("449999999999", "441632960001"),
            pair("0199999999", "0163296000"),
            pair("77777777", "12345678"),
        ];
        let call = br#"{"call_id":"77777777@x","caller":{"number":"+449999999999","raw":"0199999999"},"callee":{"raw":"4470"}}"#;
        let written = written(br#"{"callers":["+449999999999"],"raw":"=1+1","diversion":"sip:x"}"#, call);
        let of_people = [
            ("+449999999999", "+441632960001".to_owned(), NUMBER),
            ("4470", "1001".to_owned(), NUMBER),
            // Two short ones may be shown as one: both are told.
            ("4470", "1002".to_owned(), NUMBER),
        ];
        assert_eq!(rows(&pairs, &written, false), of_people);
        let others = [("0199999999", "0163296000".to_owned(), DIGITS), ("77777777", "12345678".to_owned(), DIGITS)];
        assert_eq!(rows(&pairs, &written, true), [&of_people[..], &others].concat());
    }
}

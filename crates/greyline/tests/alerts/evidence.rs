//! What an alert rests on, from the capture to a bundle that others check.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;
use store::{Archive, Query};
use zip::ZipArchive;

use crate::pages::Pages;
use crate::{SCENE, lines, run};

/// The scene in a store, and the id of its first alert.
pub struct Kept {
    pub store: PathBuf,
    pub alert: String,
}

/// A store for whoever does not mind what others make of it.
static KEPT: LazyLock<Kept> = LazyLock::new(|| keep("store"));

pub fn keep(name: &str) -> Kept {
    let store = SCENE.folder.join(name);
    let said = run(&["replay", "-q"], &[("--config", &SCENE.config), ("--store", &store), ("--", &SCENE.pcap)]);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    assert!(said.stderr.is_empty(), "{said:?}");
    let alert = lines(&SCENE.alerts)[0]["alert_id"].as_str().unwrap().to_owned();
    Kept { store, alert }
}

fn evidence(kept: &Kept, out: &Path, more: &[&str]) -> Output {
    evidence_by(&SCENE.config, kept, out, more)
}

fn evidence_by(config: &Path, kept: &Kept, out: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(["evidence", &kept.alert, "--by", "officer"]).args(more);
    command.arg("--config").arg(config).arg("--capture").arg(&SCENE.pcap);
    command.arg("--store").arg(&kept.store).arg("--out").arg(out).output().unwrap()
}

fn verify(bundles: &[&Path], kept: Option<&Kept>) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.arg("verify").args(bundles);
    if let Some(kept) = kept {
        command.arg("--store").arg(&kept.store);
    }
    let said = command.output().unwrap();
    (said.status.code().unwrap(), String::from_utf8(said.stdout).unwrap())
}

fn jsonl(path: &Path) -> Vec<Value> {
    lines(&fs::read_to_string(path).unwrap())
}

/// The calls that packets of a bundle hold, as greyline reads any capture.
fn calls(bundle: &Path) -> Vec<Value> {
    let packets = bundle.join("packets.pcapng");
    let said = run(&["calls", "-q", "--calls", "-"], &[("--config", &SCENE.config), ("--", &packets)]);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    lines(&String::from_utf8(said.stdout).unwrap())
}

fn ids(calls: &[Value]) -> BTreeSet<String> {
    calls.iter().map(|call| call["call_id"].as_str().unwrap().to_owned()).collect()
}

fn numbers(calls: &[Value]) -> BTreeSet<String> {
    let parties = calls.iter().flat_map(|call| [&call["caller"]["number"], &call["callee"]["number"]]);
    parties.filter_map(|number| number.as_str()).map(str::to_owned).collect()
}

/// Of media a bundle has the headers that streams began with, and nothing of what was said.
#[test]
fn a_bundle_tells_how_media_began() {
    let kept = keep("store-of-media");
    // The same calls, with speech.
    let [capture, out] = ["speech.pcap", "bundle-of-media"].map(|name| SCENE.folder.join(name));
    let made =
        run(&["synth", "demo", "--days", "0.021", "--scale", "0.3", "--media", "sparse"], &[("--out", &capture)]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let bundle = |capture: &Path, out: &Path| {
        let said = run(
            &["evidence", &kept.alert, "--by", "officer"],
            &[("--config", &SCENE.config), ("--capture", capture), ("--store", &kept.store), ("--out", out)],
        );
        assert_eq!(said.status.code(), Some(0), "{said:?}");
    };
    bundle(&capture, &out);
    let about: Value = serde_json::from_slice(&fs::read(out.join("about.json")).unwrap()).unwrap();
    let count = |what: &str| about["packets"][what].as_u64().unwrap();
    // Of each packet how much is kept, and how much there was.
    let lengths = |out: &Path| {
        let file = fs::read(out.join("packets.pcapng")).unwrap();
        let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
        let (mut at, mut lengths) = (0, Vec::new());
        while at < file.len() {
            if word(at) == 6 {
                lengths.push((word(at + 20), word(at + 24)));
            }
            at += word(at + 4) as usize;
        }
        lengths
    };
    let all = lengths(&out);
    let (cut, whole): (Vec<_>, Vec<_>) = all.iter().copied().partition(|(kept, length)| kept < length);
    assert_eq!((whole.len() as u64, cut.len() as u64), (count("messages"), count("rtp_headers")));
    assert!(cut.iter().all(|(kept, _)| *kept == 20 + 8 + 12), "headers, and no more");
    assert!(cut.iter().any(|(_, length)| *length == 20 + 8 + 172));
    // What was cut before says still how long it was.
    let again = SCENE.folder.join("bundle-of-media-again");
    bundle(&out.join("packets.pcapng"), &again);
    assert_eq!(lengths(&again), all);
    // Whoever was heard in an answered call is, twenty-five packets of each where it was long enough.
    let calls = calls(&out);
    let answered: Vec<_> = calls.iter().filter(|call| call["outcome"] == "answered").collect();
    assert!(answered.len() > 30, "{}", answered.len());
    for call in answered {
        let packets: Vec<_> =
            call["media"].as_array().unwrap().iter().map(|it| it["packets"].as_u64().unwrap()).collect();
        let talked = call["talk_ms"].as_f64().unwrap();
        assert!(packets.iter().all(|&packets| packets <= 25), "{call}");
        assert!(talked < 30_000.0 || packets.iter().all(|&packets| packets == 25), "{call}");
    }
    let (code, said) = verify(&[&out], Some(&kept));
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_bundle_holds_the_calls_that_the_alert_counts_and_no_others() {
    let kept = keep("store-of-two");
    let out = SCENE.folder.join("bundle");
    let said = evidence(&kept, &out, &[]);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    assert!(said.stderr.is_empty(), "{said:?}");

    let last = lines(&SCENE.alerts).into_iter().rfind(|alert| alert["alert_id"] == kept.alert.as_str()).unwrap();
    let bundled: Value = serde_json::from_slice(&fs::read(out.join("alert.json")).unwrap()).unwrap();
    assert_eq!(bundled, last);
    let life = lines(&SCENE.alerts).into_iter().filter(|alert| alert["alert_id"] == kept.alert.as_str());
    assert_eq!(jsonl(&out.join("life.jsonl")), life.collect::<Vec<_>>());

    let named: BTreeSet<_> =
        last["calls"]["sample"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    assert_eq!(named.len(), 100);
    let (read, listed) = (calls(&out), jsonl(&out.join("calls.jsonl")));
    let counted = ids(&listed);
    assert_eq!((Some(counted.len() as u64), listed.len()), (last["calls"]["count"].as_u64(), counted.len()));
    assert!(counted.len() > 100 && named.is_subset(&counted), "{}", counted.len());
    assert!(listed.is_sorted_by_key(|call| call["invite_at"].to_string()));
    // The packets tell the same calls, each as it was.
    assert_eq!(ids(&read), counted);
    let facts = |calls: &[Value]| -> BTreeMap<String, [Value; 4]> {
        let fact = |call: &Value| ["invite_at", "answer_at", "outcome", "messages"].map(|key| call[key].clone());
        calls.iter().map(|call| (call["call_id"].as_str().unwrap().to_owned(), fact(call))).collect()
    };
    assert_eq!(facts(&read), facts(&listed));

    let about: Value = serde_json::from_slice(&fs::read(out.join("about.json")).unwrap()).unwrap();
    assert_eq!(about["packets"]["messages"], about["packets"]["in_their_frames"], "{about:#}");
    assert_eq!(about["judged_by"], last["versions"]);
    assert_eq!(about["packets"]["from"][0]["sha256"].as_str().map(str::len), Some(64), "{about:#}");
    assert!(about["runs"][0]["sources"].as_str().is_some_and(|it| it.contains("scene.pcap")), "{about:#}");
    // What a capture was stamped by is not known here.
    assert_eq!(about["clock"]["from_utc"], "how far that clock was from UTC was not recorded");

    let (code, said) = verify(&[&out], Some(&kept));
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("made ") && said.contains("by officer") && said.contains("audit log of the store is sound"),
        "{said}"
    );
    // A second one stands behind the first.
    let second = SCENE.folder.join("bundle-2");
    assert_eq!(evidence(&kept, &second, &[]).status.code(), Some(0));
    let (code, said) = verify(&[&second, &out], Some(&kept));
    assert_eq!((code, said.matches("the signature holds").count()), (0, 2), "{said}");

    // Whoever touches it is told of, and what was done.
    let mut bytes = fs::read(second.join("packets.pcapng")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(second.join("packets.pcapng"), bytes).unwrap();
    let (code, said) = verify(&[&second], None);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("TOUCHED: packets.pcapng was changed: it is as long as it was"), "{said}");
    assert!(said.contains("not checked: whether it follows from bundle"), "{said}");

    let again = evidence(&kept, &out, &[]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("is there already"), "{again:?}");
}

/// No number of these calls stands in a bundle, nor a name that their callers showed: searched byte by byte.
fn holds_no_number(bundle: &Path, known: &[Value]) {
    // However a number is spelt, its last nine digits are among it; a number of the whole world has eight at least.
    let digits = |number: &String| number.trim_start_matches('+').as_bytes().to_vec();
    let ends = |length: usize| -> BTreeSet<Vec<u8>> {
        let numbers = numbers(known).iter().map(digits).collect::<Vec<_>>();
        let ends = numbers.iter().filter(|number| number.len().min(9) == length);
        ends.map(|number| number[number.len() - length..].to_vec()).collect()
    };
    let names = known.iter().filter_map(|call| call["caller"]["display"].as_str()).filter(|name| name.len() > 3);
    let secrets: Vec<(usize, BTreeSet<Vec<u8>>)> = (7..=9).map(|length| (length, ends(length))).collect();
    let names: BTreeSet<&str> = names.collect();
    assert!(secrets.iter().any(|(_, ends)| ends.len() > 100));
    let mut searched = 0;
    for entry in fs::read_dir(bundle).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for (length, ends) in &secrets {
            let is_number = |window: &&[u8]| window.iter().all(u8::is_ascii_digit) && ends.contains(*window);
            let found = bytes.windows(*length).find(is_number).map(String::from_utf8_lossy);
            assert_eq!(found, None, "in {}", path.display());
        }
        for name in &names {
            assert!(!bytes.windows(name.len()).any(|window| window == name.as_bytes()), "{name}");
        }
        searched += bytes.len();
    }
    assert!(searched > 100_000, "{searched}");
}

#[test]
fn a_redacted_bundle_has_no_number_in_clear_and_still_tells_them_apart() {
    let plain = SCENE.folder.join("plain");
    let redacted = SCENE.folder.join("redacted");
    assert_eq!(evidence(&KEPT, &plain, &[]).status.code(), Some(0));
    assert_eq!(evidence(&KEPT, &redacted, &["--redacted"]).status.code(), Some(0));
    assert_eq!(verify(&[&redacted], Some(&KEPT)).0, 0);

    let known = jsonl(&plain.join("calls.jsonl"));
    holds_no_number(&redacted, &known);

    // In records as in packets: as many numbers as before, none of them one of before, and each caller with as many calls.
    let (records, packets) = (jsonl(&redacted.join("calls.jsonl")), calls(&redacted));
    assert_eq!(records.len(), known.len());
    assert!(numbers(&records).is_disjoint(&numbers(&known)));
    assert_eq!(numbers(&records).len(), numbers(&known).len());
    let times = |calls: &[Value], of: &str| -> Vec<usize> {
        let mut times = BTreeMap::<String, usize>::new();
        calls.iter().for_each(|call| *times.entry(call[of]["number"].to_string()).or_default() += 1);
        let mut times: Vec<_> = times.into_values().collect();
        times.sort_unstable();
        times
    };
    for of in ["caller", "callee"] {
        assert_eq!(times(&records, of), times(&known, of), "{of}");
    }
    assert_eq!(ids(&packets).len(), known.len());
    assert_eq!(ids(&packets), ids(&records));
    let raws = |calls: &[Value]| -> BTreeMap<String, String> {
        let raw = |call: &Value| {
            (call["call_id"].to_string(), call["callee"]["raw"].as_str().unwrap_or_default().replace('+', ""))
        };
        calls.iter().map(raw).collect()
    };
    assert_eq!(raws(&packets), raws(&records));
}

#[test]
fn two_who_hold_keys_can_say_together_which_numbers_it_is_about() {
    let kept = keep("store-sealed");
    let place = |name: &str| SCENE.folder.join(name);
    let greyline = |words: &[&str], paths: &[(&str, &Path)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
        command.args(words);
        command.args(paths.iter().flat_map(|(flag, path)| [Path::new(flag), path]));
        command.output().unwrap()
    };
    let holders: Vec<_> = ["ann", "ben", "eve"]
        .iter()
        .map(|name| {
            let _ = fs::remove_file(place(name));
            let said = greyline(&["holder", name], &[("--out", &place(name))]);
            assert_eq!(said.status.code(), Some(0), "{said:?}");
            let said = String::from_utf8(said.stdout).unwrap();
            said.lines().find(|line| line.contains("public_key")).unwrap().trim_end_matches(',').trim().to_owned()
        })
        .collect();
    let config = place("sealed.toml");
    let written = fs::read_to_string(&SCENE.config).unwrap();
    fs::write(&config, format!("{written}\n[evidence]\nholders = [{}, {}]\n", holders[0], holders[1])).unwrap();

    let [plain, sealed] = [place("bundle-plain"), place("bundle-sealed")];
    let said = evidence(&kept, &plain, &["--redacted"]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("nobody can ever say which numbers these were"), "{said:?}");
    assert!(!plain.join("numbers.sealed").exists());
    fs::remove_dir_all(&plain).unwrap();
    assert_eq!(evidence_by(&config, &kept, &plain, &[]).status.code(), Some(0));
    assert!(!plain.join("numbers.sealed").exists(), "whole numbers need no seal");
    let said = evidence_by(&config, &kept, &sealed, &["--redacted"]);
    assert!(said.status.code() == Some(0) && said.stderr.is_empty(), "{said:?}");
    assert_eq!(verify(&[&sealed], Some(&kept)).0, 0);
    let known = jsonl(&plain.join("calls.jsonl"));
    holds_no_number(&sealed, &known);
    let about: Value = serde_json::from_slice(&fs::read(sealed.join("about.json")).unwrap()).unwrap();
    assert_eq!((&about["sealed_for"][0]["name"], &about["sealed_for"][1]["name"]), (&"ann".into(), &"ben".into()));

    let log = || -> Vec<_> {
        let entries = Archive::open(&kept.store).unwrap().audit_log(1, 1_000).unwrap();
        let unsealed = entries.into_iter().filter(|entry| entry.act == "unseal");
        unsealed.map(|entry| format!("{}|{}|{}", entry.who, entry.object, entry.detail)).collect()
    };
    let unseal = |bundle: &Path, store: &Path, keys: &[&str], reason: &str| {
        let keys: Vec<_> = keys.iter().map(|key| place(key)).collect();
        let mut paths: Vec<(&str, &Path)> = keys.iter().map(|key| ("--key", key.as_path())).collect();
        paths.push(("--store", store));
        let said = greyline(&["unseal", bundle.to_str().unwrap(), "--by", "the court", "--reason", reason], &paths);
        (said.status.code().unwrap(), String::from_utf8(said.stdout).unwrap(), String::from_utf8(said.stderr).unwrap())
    };
    for (keys, reason, why) in [
        (["ann", "ann"], "order 17 of the court", "is not sealed for these two keys together"),
        (["ann", "eve"], "order 17 of the court", "is not sealed for these two keys together"),
        (["ann", "ben"], "why", "--reason: 5 letters or more"),
    ] {
        let (code, out, said) = unseal(&sealed, &kept.store, &keys, reason);
        assert!((code, out.as_str()) == (2, "") && said.contains(why), "{keys:?}: {said}");
    }
    let (code, _, said) = unseal(&sealed, &kept.store, &["ann"], "order 17 of the court");
    assert!(code == 2 && said.contains("two keys are needed"), "{said}");
    let (code, _, said) = unseal(&sealed, &KEPT.store, &["ann", "ben"], "order 17 of the court");
    assert!(code == 2 && said.contains("was not made by the store"), "{said}");
    assert_eq!(log(), Vec::<String>::new());

    let (code, out, said) = unseal(&sealed, &kept.store, &["ben", "ann"], "order 17 of the court");
    assert_eq!((code, said.as_str()), (0, ""));
    let number = bundle_number(&sealed);
    let entry = format!(
        "the court|bundle {number} of alert {}|order 17 of the court; with the keys of ann and ben",
        kept.alert
    );
    assert_eq!(log(), [entry]);
    // Each row is a number of somebody as records write it, and joins them as it is; other digits come where they are asked for.
    let rows = |out: &str, what: &str| -> BTreeMap<String, String> {
        let row = |line: &str| {
            let [shown, number, what]: [&str; 3] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
            (what.to_owned(), (shown.to_owned(), number.to_owned()))
        };
        out.lines().skip(1).map(row).filter(|(it, _)| it == what).map(|(_, pair)| pair).collect()
    };
    let table = rows(&out, "number");
    assert_eq!((out.lines().next(), table.len()), (Some("shown,number,what"), out.lines().count() - 1));
    assert!(!table.contains_key(""), "where no digit stands none was replaced");
    let records = jsonl(&sealed.join("calls.jsonl"));
    for (record, known) in records.iter().zip(&known) {
        for of in ["caller", "callee"] {
            let number = |call: &Value| call[of]["number"].as_str().map(str::to_owned);
            assert_eq!(number(record).and_then(|shown| table.get(&shown).cloned()), number(known), "{of}");
        }
    }
    let listed = place("unsealed.csv");
    let said = greyline(
        &["unseal", sealed.to_str().unwrap(), "--all", "--reason", "order 17 of the court"],
        &[("--key", &place("ann")), ("--key", &place("ben")), ("--store", &kept.store), ("--out", &listed)],
    );
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    let all = fs::read_to_string(&listed).unwrap();
    assert_eq!(rows(&all, "number"), table);
    assert!(!rows(&all, "digits").is_empty());
    assert_eq!(fs::metadata(&listed).unwrap().permissions().mode() & 0o777, 0o600);
    // What was touched is not opened.
    let mut bytes = fs::read(sealed.join("numbers.sealed")).unwrap();
    bytes[100] ^= 1;
    fs::write(sealed.join("numbers.sealed"), bytes).unwrap();
    let (code, out, said) = unseal(&sealed, &kept.store, &["ann", "ben"], "order 17 of the court");
    assert!((code, out.as_str()) == (2, "") && said.contains("was touched: numbers.sealed was changed"), "{said}");
    assert_eq!(log().len(), 2);
}

fn bundle_number(bundle: &Path) -> Value {
    let manifest: Value = serde_json::from_slice(&fs::read(bundle.join("manifest.json")).unwrap()).unwrap();
    manifest["bundle"].clone()
}

#[test]
fn what_is_not_there_is_said() {
    let nowhere = SCENE.folder.join("nowhere");
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(["evidence", "no-such-alert", "--store"]).arg(&KEPT.store).arg("--out").arg(&nowhere);
    let said = command.output().unwrap();
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).contains("holds no alert \"no-such-alert\""), "{said:?}");
    assert!(!nowhere.exists());
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(["evidence", &KEPT.alert, "--store"]).arg(&KEPT.store).arg("--out").arg(&nowhere);
    let said = command.output().unwrap();
    // No capture is named here, but there is no ring either: the records alone, which is less than a bundle.
    assert_eq!(said.status.code(), Some(3), "{said:?}");
    assert!(String::from_utf8_lossy(&said.stderr).contains("no packets: no capture was named"), "{said:?}");
    assert!(!nowhere.join("packets.pcapng").exists());
    // Whoever is not logged in is the user that this runs as.
    let unnamed = SCENE.folder.join("unnamed");
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(["evidence", &KEPT.alert, "--store"]).arg(&KEPT.store).arg("--out").arg(&unnamed);
    assert_eq!(command.env_remove("USER").env_remove("LOGNAME").output().unwrap().status.code(), Some(3));
    let manifest: Value = serde_json::from_slice(&fs::read(unnamed.join("manifest.json")).unwrap()).unwrap();
    assert!(manifest["made_by"].as_str().is_some_and(|by| !by.is_empty() && by != "unknown"), "{manifest}");
    // What is not there, or is no bundle, was touched by nobody; the same twice is one.
    for none in [SCENE.folder.join("nothing"), SCENE.folder.clone(), SCENE.pcap.clone()] {
        assert_eq!(verify(&[&nowhere, &none], None), (2, String::new()), "{}", none.display());
    }
    let (code, said) = verify(&[&nowhere, &nowhere.join(".")], Some(&KEPT));
    assert_eq!((code, said.matches("the signature holds").count()), (0, 1), "{said}");
}

/// What a bundle or a report lacks it says, and why.
#[test]
fn what_is_missing_is_said_and_is_no_success() {
    let kept = keep("store-missing");
    let (out, page) = (SCENE.folder.join("bundle-missing"), SCENE.folder.join("report-missing.html"));
    let made = |capture: &Path| {
        let _ = fs::remove_dir_all(&out);
        let paths = [("--config", &*SCENE.config), ("--capture", capture), ("--store", &kept.store), ("--out", &out)];
        let said = run(&["evidence", &kept.alert], &paths);
        (said.status.code().unwrap(), String::from_utf8(said.stderr).unwrap())
    };
    let reported = || {
        let said = run(&["report", &kept.alert], &[("--store", &kept.store), ("--out", &page)]);
        (said.status.code().unwrap(), String::from_utf8(said.stderr).unwrap(), fs::read_to_string(&page).unwrap())
    };
    let nothing_missing = "Nothing is known to be missing";
    assert_eq!(made(&SCENE.pcap), (0, String::new()));
    let (code, said, html) = reported();
    assert!((code, said.as_str()) == (0, "") && html.contains(nothing_missing), "{said}");

    // A capture of something else.
    let other = SCENE.folder.join("other.pcap");
    let synth = run(&["synth", "benign", "--days", "0.01", "--scale", "0.1"], &[("--out", &other)]);
    assert_eq!(synth.status.code(), Some(0), "{synth:?}");
    let (code, said) = made(&other);
    assert!(code == 3 && said.contains("none of these calls is in what --capture names"), "{said}");
    assert_eq!(verify(&[&out], Some(&kept)).0, 0, "it is sound all the same");

    // A file of calls that is damaged, and one that is gone.
    let days = fs::read_dir(&kept.store).unwrap().map(|entry| entry.unwrap().path());
    let is_day = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with("calls-");
    let days: Vec<_> = days.filter(is_day).collect();
    let name = days.iter().find(|path| path.extension().unwrap() == "db").unwrap().clone();
    days.iter().for_each(|path| fs::remove_file(path).unwrap());
    fs::write(&name, vec![b'x'; 9_000]).unwrap();
    for why in ["the file is damaged", "no calls of a day: calls-"] {
        let (code, said) = made(&SCENE.pcap);
        for part in [why, "no calls: the store", "no packets: without records"] {
            assert!(code == 3 && said.contains(part), "{part} is not in {said}");
        }
        let (code, said, html) = reported();
        assert!(code == 3 && said.contains(why), "{said}");
        assert!(html.contains(why) && html.contains("missing from this report") && !html.contains(nothing_missing));
        let _ = fs::remove_file(&name);
    }
}

/// The calls that an alert counts are known one by one, those too that were made before it was raised.
#[test]
fn the_store_knows_which_calls_an_alert_counts() {
    let mut archive = Archive::open(&KEPT.store).unwrap();
    let alert = archive.alert(&KEPT.alert).unwrap().unwrap();
    let mut query = Query { counted_by: alert.number(), most: 1_000, ..Query::default() };
    let (mut counted, mut before) = (0, 0);
    loop {
        let page = archive.calls(&query).unwrap();
        counted += page.calls.len() as u64;
        before += page.calls.iter().filter(|found| found.at < alert.opened).count();
        query.behind = page.next;
        if query.behind.is_none() {
            break;
        }
    }
    assert_eq!((counted, before > 0), (alert.calls, true));
}

#[test]
fn a_report_is_a_page_of_one_piece_or_a_pdf() {
    let page = SCENE.folder.join("report.html");
    for (language, words) in [("en", "What happened"), ("ur", "کیا ہوا")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
        command.args(["report", &KEPT.alert, "--language", language, "--zone", "Asia/Karachi", "--store"]);
        let said = command.arg(&KEPT.store).arg("--out").arg(&page).output().unwrap();
        assert_eq!(said.status.code(), Some(0), "{said:?}");
        let html = fs::read_to_string(&page).unwrap();
        assert!(html.contains(words) && html.contains("Asia/Karachi") && html.contains("<svg"), "{html}");
        // The calls it lists are those that the alert names.
        assert_eq!(html.matches("<small class=\"id\">").count(), 100);
        let pdf = SCENE.folder.join("report.pdf");
        let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
        command.args(["report", &KEPT.alert, "--language", language, "--store"]).arg(&KEPT.store);
        let said = command.arg("--out").arg(&pdf).output().unwrap();
        assert_eq!(said.status.code(), Some(0), "{said:?}");
        assert!(fs::read(&pdf).unwrap().starts_with(b"%PDF-1.7"));
    }
}

#[test]
fn a_page_hands_out_the_same_bundle() {
    let kept = keep("store-paged");
    let pages = Pages::of(&kept.store);
    let path = format!("/alerts/{}/evidence", kept.alert);
    let ask = |redacted: bool| pages.post(&path, &format!("{{\"reason\":\"the court asks\",\"redacted\":{redacted}}}"));
    let (head, said) = ask(false);
    assert!(head.starts_with("HTTP/1.1 409") && String::from_utf8_lossy(&said).contains("evidence.key"), "{head}");
    // Whoever makes the first by hand makes the key.
    let by_hand = SCENE.folder.join("bundle-by-hand");
    assert_eq!(evidence(&kept, &by_hand, &[]).status.code(), Some(0));
    let unpacked = SCENE.folder.join("unpacked");
    for (number, redacted) in [(2, false), (3, true)] {
        let (head, zip) = ask(redacted);
        assert!(
            head.starts_with("HTTP/1.1 200") && head.contains(&format!("greyline-evidence-{number}.zip")),
            "{head}"
        );
        // As it is handed out it can be checked, or once it is unpacked.
        let archive = SCENE.folder.join("handed-out.zip");
        fs::write(&archive, &zip).unwrap();
        let (code, said) = verify(&[&archive], Some(&kept));
        assert!(code == 0 && said.contains("the signature holds"), "{said}");
        ZipArchive::new(Cursor::new(zip)).unwrap().extract(&unpacked).unwrap();
    }
    let [whole, redacted] = [unpacked.join("bundle-2"), unpacked.join("bundle-3")];
    let (code, said) = verify(&[&by_hand, &whole, &redacted], Some(&kept));
    assert_eq!((code, said.matches("the signature holds").count()), (0, 3), "{said}");
    assert!(said.contains("made ") && said.contains("by whoever read the capture"), "{said}");
    // Out of the ring comes what comes out of the capture.
    let listed = |bundle: &Path| jsonl(&bundle.join("calls.jsonl"));
    assert_eq!(listed(&whole), listed(&by_hand));
    assert_eq!(ids(&calls(&whole)), ids(&calls(&by_hand)));
    assert_eq!(numbers(&listed(&redacted)).intersection(&numbers(&listed(&whole))).count(), 0);
    fs::remove_dir_all(kept.store.join("packets")).unwrap();
    let (head, said) = ask(false);
    assert!(head.starts_with("HTTP/1.1 409") && String::from_utf8_lossy(&said).contains("packets_mib_max"), "{head}");
}

//! Complaints of victims, and whether `greyline traceback` leads them to the right operation:
//! `complaints TRUTH [--count N] [--minutes N] [--seed N] --out CSV`, and with the same figures
//! `complaints TRUTH [--count N] [--minutes N] [--seed N] --store FOLDER --traced JSONL`.
//!
//! Victims are drawn evenly from the calls of frauds whose victims answer a telephone, as `synth --truth` tells them. Each remembers the time to so
//! many minutes. Half of them remember the number they saw, a quarter another one, a quarter none; what they saw was forged as the scenario has
//! it. An alert means the operation that most of the calls it names belong to.

#![allow(clippy::print_stdout, reason = "the figures are what the program is for")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use benches::arguments::Arguments;
use benches::random::Random;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use store::{AlertQuery, Archive};

/// Frauds whose victims may complain of a call that they got.
const HEARD: [&str; 8] = [
    "scam_call_centre",
    "unlicensed_call_centre",
    "timezone_targeting",
    "call_burst",
    "robocall",
    "number_rotation",
    "wangiri",
    "impersonation",
];

/// A call that its victim complains of.
struct Complaint {
    call_id: String,
    group: String,
    kind: String,
    callee: String,
    caller: String,
    at: Timestamp,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = Arguments::of_program();
    let truth = PathBuf::from(arguments.word().ok_or("the truth of a scenario is needed")?);
    let count = arguments.value("--count", 1_000_usize)?;
    let minutes = arguments.value("--minutes", 10_u64)?;
    let seed = arguments.value("--seed", 1_u64)?;
    let out = arguments.optional::<PathBuf>("--out")?;
    let store = arguments.optional::<PathBuf>("--store")?;
    let traced = arguments.optional::<PathBuf>("--traced")?;
    arguments.finish()?;
    let complaints = draw(&truth, count, seed)?;
    if let Some(out) = out {
        fs::write(out, csv(&complaints, minutes, seed))?;
    }
    if let (Some(store), Some(traced)) = (store, traced) {
        score(&truth, &complaints, &store, &traced)?;
    }
    Ok(())
}

/// Every line of the truth.
fn lines(truth: &Path) -> Result<impl Iterator<Item = Result<Value, Box<dyn Error>>>, Box<dyn Error>> {
    let lines = BufReader::new(File::open(truth)?).lines();
    Ok(lines.map(|line| Ok(serde_json::from_str(&line?)?)))
}

fn part<'v>(record: &'v Value, pointer: &str) -> &'v Value {
    record.pointer(pointer).unwrap_or(&Value::Null)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// So many calls, each as likely as any other (reservoir sampling).
fn draw(truth: &Path, count: usize, seed: u64) -> Result<Vec<Complaint>, Box<dyn Error>> {
    let mut groups = HashMap::new();
    for line in lines(truth)? {
        let line = line?;
        if part(&line, "/type") == "group"
            && part(&line, "/label") == "fraud"
            && HEARD.contains(&text(part(&line, "/kind")).as_str())
        {
            groups.insert(text(part(&line, "/id")), text(part(&line, "/kind")));
        }
    }
    let (mut drawn, mut seen, mut random) = (Vec::new(), 0_u64, Random::new(seed));
    for line in lines(truth)? {
        let line = line?;
        let Some(kind) = groups.get(part(&line, "/group").as_str().unwrap_or_default()) else { continue };
        if part(&line, "/type") != "call" || part(&line, "/warm_up") == true || !part(&line, "/callee").is_string() {
            continue;
        }
        seen += 1;
        let place = if drawn.len() < count { drawn.len() } else { random.below(seen) as usize };
        if place >= count {
            continue;
        }
        let complaint = Complaint {
            call_id: text(part(&line, "/call_id")),
            group: text(part(&line, "/group")),
            kind: kind.clone(),
            callee: text(part(&line, "/callee")),
            caller: text(part(&line, "/caller")),
            at: text(part(&line, "/invite_at")).parse()?,
        };
        match drawn.get_mut(place) {
            Some(there) => *there = complaint,
            None => drawn.push(complaint),
        }
    }
    Ok(drawn)
}

/// What the victims say.
fn csv(complaints: &[Complaint], minutes: u64, seed: u64) -> String {
    let (mut csv, mut random) = ("id,callee,time,minutes,caller\n".to_owned(), Random::new(seed ^ 0x9e37_79b9));
    for (id, complaint) in (1..).zip(complaints) {
        let off = random.below(2 * minutes * 60 + 1) as i64 - (minutes * 60) as i64;
        let at = complaint.at.saturating_add(SignedDuration::from_secs(off)).unwrap_or(complaint.at);
        let caller = match random.below(4) {
            0 | 1 => complaint.caller.clone(),
            2 => String::new(),
            // Its last digits, not as they were.
            _ => {
                let kept = complaint.caller.len().saturating_sub(3);
                format!("{}{:03}", complaint.caller.get(..kept).unwrap_or_default(), random.below(1_000))
            }
        };
        // A string takes what it is given.
        let _ = writeln!(csv, "{id},{},{at},{minutes},{caller}", complaint.callee);
    }
    csv
}

/// What came of complaints.
#[derive(Default)]
struct Score {
    all: u64,
    /// Of these, of operations that have an alert.
    known: u64,
    right: u64,
    wrong: u64,
    /// Led to the very call.
    call: u64,
}

/// Holds what was traced against the truth.
fn score(truth: &Path, complaints: &[Complaint], store: &Path, traced: &Path) -> Result<(), Box<dyn Error>> {
    let alerts = Archive::open(store)?.alerts(&AlertQuery { most: store::PAGE_MAX, ..AlertQuery::default() })?;
    let mut named: HashMap<String, Vec<String>> = HashMap::new();
    for alert in alerts {
        let record: Value = serde_json::from_str(&alert.record)?;
        let sample = part(&record, "/calls/sample").as_array().into_iter().flatten().map(text).collect();
        named.insert(alert.id, sample);
    }
    let wanted: HashSet<&String> = named.values().flatten().collect();
    let mut groups = HashMap::new();
    for line in lines(truth)? {
        let line = line?;
        let call_id = text(part(&line, "/call_id"));
        if part(&line, "/type") == "call" && wanted.contains(&call_id) {
            groups.insert(call_id, text(part(&line, "/group")));
        }
    }
    let means = |calls: &Vec<String>| {
        let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
        calls.iter().filter_map(|call| groups.get(call)).for_each(|group| *counts.entry(group).or_default() += 1);
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(group, _)| group.clone())
    };
    let means: HashMap<&String, Option<String>> = named.iter().map(|(id, calls)| (id, means(calls))).collect();
    let known: HashSet<_> = means.values().flatten().collect();

    let (mut all, mut kinds) = (Score::default(), BTreeMap::<&str, Score>::new());
    for line in BufReader::new(File::open(traced)?).lines() {
        let line: Value = serde_json::from_str(&line?)?;
        let place = text(part(&line, "/complaint")).parse::<usize>().ok().and_then(|id| id.checked_sub(1));
        let Some(complaint) =
            place.and_then(|place| complaints.get(place)).filter(|_| part(&line, "/type") == "complaint")
        else {
            continue;
        };
        let led = part(&line, "/alert_id").as_str().map(|id| means.get(&id.to_owned()).cloned().flatten());
        for score in [&mut all, kinds.entry(&complaint.kind).or_default()] {
            score.all += 1;
            score.known += u64::from(known.contains(&complaint.group));
            score.call += u64::from(part(&line, "/call/call_id") == complaint.call_id.as_str());
            match &led {
                Some(Some(group)) if *group == complaint.group => score.right += 1,
                Some(_) => score.wrong += 1,
                None => {}
            }
        }
    }
    println!(
        "{:<24} {:>10} {:>14} {:>10} {:>10} {:>10}",
        "kind", "complaints", "with an alert", "right", "wrong", "same call"
    );
    for (kind, Score { all, known, right, wrong, call }) in
        kinds.iter().map(|(kind, it)| (*kind, it)).chain([("all", &all)])
    {
        println!("{kind:<24} {all:>10} {known:>14} {right:>10} {wrong:>10} {call:>10}");
    }
    Ok(())
}

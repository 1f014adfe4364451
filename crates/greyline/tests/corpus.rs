//! Ground truth: `greyline replay --summary` over the real captures of the corpus, against the counts of its manifest.
//!
//! The corpus is no part of the project: it is looked for in `../shared/corpus` beside the workspace, or where
//! `GREYLINE_CORPUS` says, and without it the test says so and passes. Every capture whose counts differ from the
//! manifest stands in `corpus/differences.tsv` with the reason who is right; a new difference fails the test, and so
//! does a line that is no longer true. `BLESS=1` rewrites the file, keeping the reasons.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Where the differences are told.
const DIFFERENCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/differences.tsv");

/// A row of the manifest, by column.
type Row = BTreeMap<String, String>;

/// A difference: capture and column, to what the manifest says, what greyline says and why.
type Differences = BTreeMap<(String, String), [String; 3]>;

fn corpus() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let folder = std::env::var_os("GREYLINE_CORPUS").map_or_else(beside, PathBuf::from);
    folder.join("manifest.tsv").exists().then_some(folder)
}

/// The captures of the manifest.
fn captures(corpus: &Path) -> Vec<Row> {
    let manifest = fs::read_to_string(corpus.join("manifest.tsv")).unwrap();
    let mut lines = manifest.lines();
    let names: Vec<_> = lines.next().unwrap().split('\t').collect();
    let rows =
        lines.map(|line| names.iter().zip(line.split('\t')).map(|(name, cell)| (name.to_string(), cell.to_owned())));
    let is_capture = |row: &Row| [".pcap", ".pcapng", ".cap", ".gz"].iter().any(|end| row["path"].ends_with(end));
    rows.map(Row::from_iter).filter(|row| row["packets"] != "-" && is_capture(row)).collect()
}

/// What greyline says of a capture; `None` where it refuses to read it, with a reason.
fn summary(capture: &Path) -> Option<Value> {
    let run = Command::new(env!("CARGO_BIN_EXE_greyline"))
        .args(["replay", "--quiet", "--summary", "-"])
        .arg(capture)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    match run.status.code() {
        Some(0 | 3) if !run.stdout.is_empty() => Some(serde_json::from_slice(&run.stdout).unwrap()),
        Some(3) => {
            assert!(said.starts_with("greyline: "), "{}: {said}", capture.display());
            None
        }
        code => panic!("{}: exit {code:?}: {said}", capture.display()),
    }
}

/// `INVITE:2;ACK:1` as counts, and `-` as none.
fn counts(cell: &str) -> BTreeMap<String, u64> {
    let pairs = cell.split(';').filter_map(|pair| pair.rsplit_once(':'));
    pairs.map(|(name, count)| (name.to_owned(), count.parse().unwrap())).collect()
}

fn told(counts: &BTreeMap<String, u64>) -> String {
    let pairs: Vec<_> = counts.iter().map(|(name, count)| format!("{name}:{count}")).collect();
    if pairs.is_empty() { "-".to_owned() } else { pairs.join(";") }
}

/// The columns that are compared: what the manifest says, what greyline says.
fn columns(row: &Row, summary: &Value) -> Vec<(&'static str, String, String)> {
    let number = |name: &str| row[name].parse::<u64>().unwrap_or(0);
    let said = |path: &str| summary.pointer(path).unwrap().as_u64().unwrap();
    // Packets quoted in ICMP errors are not traffic; the manifest says how many it counted.
    let (quoted_sip, quoted_rtp) = (number("sip_packets_in_icmp"), number("rtp_packets_in_icmp"));
    let mut requests = counts(&row["sip_requests_by_method"]);
    let ours: BTreeMap<String, u64> = serde_json::from_value(summary["sip"]["requests"].clone()).unwrap();
    if quoted_sip > 0 {
        // Which methods were quoted is not told: the one that can be has them all.
        let quoted =
            requests.iter_mut().find(|(name, count)| ours.get(*name).copied().unwrap_or(0) + quoted_sip == **count);
        if let Some((_, count)) = quoted {
            *count -= quoted_sip;
        }
    }
    let plain = |name: &'static str, cell: &str, less: u64, path: &str| {
        (name, number(cell).saturating_sub(less).to_string(), said(path).to_string())
    };
    vec![
        ("packets", number("packets").to_string(), said("/frames").to_string()),
        ("sip_requests_by_method", told(&requests), told(&ours)),
        plain("sip_responses", "sip_responses", 0, "/sip/responses"),
        plain("call_ids", "call_ids", 0, "/sip/call_ids"),
        plain("sdp_bodies", "sdp_bodies", 0, "/sip/sdp_bodies"),
        plain("rtp_packets", "rtp_packets", quoted_rtp, "/rtp/packets"),
        plain("rtp_streams", "rtp_streams", 0, "/rtp/streams"),
        plain("rtcp_packets", "rtcp_packets", 0, "/rtcp/packets"),
    ]
}

fn listed() -> Differences {
    let text = fs::read_to_string(DIFFERENCES).unwrap_or_default();
    let rows = text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    rows.map(|cells| {
        let [path, column, manifest, greyline, why]: [String; 5] = cells.try_into().unwrap();
        ((path, column), [manifest, greyline, why])
    })
    .collect()
}

fn bless(found: &Differences, known: &Differences) {
    let mut text = String::from("capture\tcolumn\tmanifest\tgreyline\twho is right, and why\n");
    for ((path, column), [manifest, greyline, _]) in found {
        let why = known.get(&(path.clone(), column.clone())).map_or("?", |[.., why]| why);
        text.push_str(&format!("{path}\t{column}\t{manifest}\t{greyline}\t{why}\n"));
    }
    fs::create_dir_all(Path::new(DIFFERENCES).parent().unwrap()).unwrap();
    fs::write(DIFFERENCES, text).unwrap();
}

#[test]
fn counts_are_those_of_the_manifest() {
    let Some(corpus) = corpus() else {
        println!("skipped: no corpus beside the workspace");
        return;
    };
    let (mut found, mut shares) = (Differences::new(), BTreeMap::<&str, [u32; 2]>::new());
    for row in captures(&corpus) {
        let path = &row["path"];
        let Some(summary) = summary(&corpus.join(path)) else {
            let refused = ["readable".to_owned(), "refused".to_owned(), "?".to_owned()];
            found.insert((path.clone(), "packets".to_owned()), refused);
            continue;
        };
        for (column, manifest, greyline) in columns(&row, &summary) {
            let has_any = !matches!(manifest.as_str(), "0" | "-");
            let share = shares.entry(column).or_default();
            share[1] += u32::from(has_any);
            share[0] += u32::from(has_any && manifest == greyline);
            // RTCP that no signalling announced is found here by its content, which the manifest's tool does not try.
            if manifest != greyline && (has_any || column != "rtcp_packets") {
                found.insert((path.clone(), column.to_owned()), [manifest, greyline, "?".to_owned()]);
            }
        }
        if path.starts_with("other-benign/") {
            let calls = &summary["calls"]["total"];
            let streams = &summary["rtp"]["heuristic_streams"];
            assert_eq!((calls.as_u64(), streams.as_u64()), (Some(0), Some(0)), "{path}: {summary}");
        }
    }
    for (column, [equal, any]) in &shares {
        println!("{column}: {equal} of the {any} captures that have any");
    }
    let known = listed();
    if std::env::var_os("BLESS").is_some() {
        return bless(&found, &known);
    }
    let plain = |all: &Differences| -> Vec<_> {
        all.iter().map(|(key, [manifest, greyline, _])| (key.clone(), manifest.clone(), greyline.clone())).collect()
    };
    let (found, known_rows) = (plain(&found), plain(&known));
    let new: Vec<_> = found.iter().filter(|row| !known_rows.contains(row)).collect();
    let gone: Vec<_> = known_rows.iter().filter(|row| !found.contains(row)).collect();
    assert!(new.is_empty() && gone.is_empty(), "new: {new:#?}\nno longer there: {gone:#?}");
    assert!(known.values().all(|[.., why]| why.len() > 1), "a difference without a reason");
}

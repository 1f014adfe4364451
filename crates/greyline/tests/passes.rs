//! The program tells the same of the same packets in whatever file they come: pcap and pcapng, plain, gzip and zstd, from
//! standard input, and in ten pieces named in any order.

#![cfg(test)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use benches::traffic::frames::Frames;
use benches::traffic::lines::{self, Plan};
use benches::traffic::script::Pace;
use serde_json::Value;
use store::{Archive, Query};

const PLAN: Plan = Plan {
    seed: 5,
    lines: 30,
    ramp_us: 500_000,
    until_us: 4_000_000,
    calls_max: u64::MAX,
    pace: Pace { talk_us: 900_000, ring_us: 150_000 },
    media: true,
};

/// Bytes of a pcap's head, and of the head of one of its records.
const FILE_HEAD: usize = 24;
const RECORD_HEAD: usize = 16;

/// What a run wrote.
#[derive(Debug, PartialEq)]
struct Told {
    calls: String,
    summary: Value,
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// The records of a pcap, heads included.
fn records(pcap: &[u8]) -> Vec<&[u8]> {
    let (mut records, mut rest) = (Vec::new(), &pcap[FILE_HEAD..]);
    while !rest.is_empty() {
        let (record, after) = rest.split_at(RECORD_HEAD + word(rest, 8) as usize);
        records.push(record);
        rest = after;
    }
    records
}

/// The same records as pcapng: a section, an interface in microseconds, an enhanced packet block each.
fn pcapng(records: &[&[u8]]) -> Vec<u8> {
    let block = |kind: u32, body: &[u8]| {
        let length = (body.len().next_multiple_of(4) + 12) as u32;
        let padding = vec![0; body.len().next_multiple_of(4) - body.len()];
        [&kind.to_le_bytes(), &length.to_le_bytes(), body, &padding, &length.to_le_bytes()].concat()
    };
    let section = [&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat();
    let mut file = [block(0x0a0d_0d0a, &section), block(1, &[1, 0, 0, 0, 0, 0, 4, 0])].concat();
    for record in records {
        let micros = u64::from(word(record, 0)) * 1_000_000 + u64::from(word(record, 4));
        let head = [0, (micros >> 32) as u32, micros as u32, word(record, 8), word(record, 12)];
        let head: Vec<u8> = head.into_iter().flat_map(u32::to_le_bytes).collect();
        file.extend(block(6, &[&head, &record[RECORD_HEAD..]].concat()));
    }
    file
}

fn told(folder: &Path, inputs: &[PathBuf], stdin: Option<&[u8]>) -> Told {
    let (calls, summary) = (folder.join("calls.jsonl"), folder.join("summary.json"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(["replay", "-q", "--calls"]).arg(&calls).arg("--summary").arg(&summary).args(inputs);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.unwrap_or_default()).unwrap();
    assert!(child.wait().unwrap().success(), "{inputs:?}");
    let mut summary: Value = serde_json::from_slice(&fs::read(summary).unwrap()).unwrap();
    summary.as_object_mut().unwrap().remove("captures");
    Told { calls: fs::read_to_string(calls).unwrap(), summary }
}

#[test]
fn every_way_to_hand_in_a_capture_tells_the_same() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("program-passes");
    fs::create_dir_all(&folder).unwrap();
    let mut pcap = Vec::new();
    lines::write(PLAN, &mut Frames::begin(&mut pcap).unwrap()).unwrap();
    let records = records(&pcap);
    let pcapng = pcapng(&records);
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).unwrap();
        folder.join(name)
    };

    let whole = told(&folder, &[write("whole.pcap", &pcap)], None);
    assert!(whole.calls.lines().count() > 50, "{}", whole.calls);
    assert_eq!(whole.summary["frames"], records.len());
    let files = [
        write("whole.pcapng", &pcapng),
        write("whole.pcap.gz", &gzip(&pcap)),
        write("whole.pcapng.gz", &gzip(&pcapng)),
        write("whole.pcap.zst", &zstd(&pcap)),
        write("whole.pcapng.zst", &zstd(&pcapng)),
    ];
    for file in &files {
        assert_eq!(told(&folder, std::slice::from_ref(file), None), whole, "{}", file.display());
    }
    for (what, bytes) in [("pcap", &pcap), ("pcapng", &pcapng), ("gzip", &gzip(&pcap)), ("zstd", &zstd(&pcapng))] {
        assert_eq!(told(&folder, &["-".into()], Some(bytes)), whole, "{what} on standard input");
    }

    let pieces: Vec<PathBuf> = records
        .chunks(records.len().div_ceil(10))
        .enumerate()
        .map(|(number, piece)| match number % 3 {
            0 => write(&format!("piece-{number}.pcap"), &[&pcap[..FILE_HEAD], &piece.concat()].concat()),
            1 => write(&format!("piece-{number}.pcapng"), &self::pcapng(piece)),
            _ => write(&format!("piece-{number}.pcap.zst"), &zstd(&[&pcap[..FILE_HEAD], &piece.concat()].concat())),
        })
        .collect();
    let mut shuffled = pieces.clone();
    shuffled
        .sort_by_key(|piece| piece.to_string_lossy().bytes().fold(0_u32, |sum, byte| sum * 31 % 97 + u32::from(byte)));
    for order in [pieces.clone(), pieces.iter().rev().cloned().collect(), shuffled] {
        assert_eq!(told(&folder, &order, None), whole, "{order:?}");
    }
    fs::remove_dir_all(folder).unwrap();
}

/// A store's records tell how media fared, and what the intervals hold is what the whole holds; what is told elsewhere does not depend on
/// whether there is a store.
#[test]
fn how_media_fared_adds_up() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("program-over-time");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let pace = Pace { talk_us: 30_000_000, ring_us: 150_000 };
    let plan = Plan { lines: 12, until_us: 40_000_000, pace, ..PLAN };
    let mut pcap = Vec::new();
    lines::write(plan, &mut Frames::begin(&mut pcap).unwrap()).unwrap();
    let (capture, calls, store) = (folder.join("calls.pcap"), folder.join("calls.jsonl"), folder.join("store"));
    fs::write(&capture, pcap).unwrap();
    let run = |arguments: &[&Path]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
        let done = command.args(["replay", "-q", "--calls"]).arg(&calls).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        fs::read_to_string(&calls).unwrap()
    };
    let plain = run(&[&capture]);
    assert!(!plain.contains("over_time"));
    assert_eq!(run(&["--store".as_ref(), &store, &capture]), plain);
    let mut archive = Archive::open(&store).unwrap();
    let kept = archive.calls(&Query { most: 1_000, ..Query::default() }).unwrap().calls;
    assert_eq!(kept.len(), plain.lines().count());
    let records: Vec<_> = kept.iter().map(|call| &*call.record).collect();
    let kept: Vec<Value> = records.iter().map(|record| serde_json::from_str(record).unwrap()).collect();
    let streams = kept.iter().flat_map(|call| call["media"].as_array().into_iter().flatten());
    let at = |time: &Value| time.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let (mut told, mut lossy) = (0, 0);
    for stream in streams {
        let (first, last) = (at(&stream["first_at"]), at(&stream["last_at"]));
        let Some(over) = stream.get("over_time") else {
            assert!(last - first < 10_000, "{stream}");
            continue;
        };
        told += 1;
        let numbers =
            |name: &str| over[name].as_array().unwrap().iter().map(|it| it.as_u64().unwrap()).collect::<Vec<_>>();
        let (packets, lost) = (numbers("packets"), numbers("lost"));
        assert_eq!(packets.iter().sum::<u64>(), stream["packets"].as_u64().unwrap(), "{stream}");
        assert_eq!(lost.iter().sum::<u64>(), stream["lost"].as_u64().unwrap(), "{stream}");
        lossy += u64::from(lost.iter().any(|&lost| lost > 0));
        let until = at(&over["first_ends_at"]);
        assert!(first <= until && until < first + 5_001 && over["every_secs"] == 5, "{stream}");
        let whole = &packets[1..packets.len() - 1];
        assert!(
            whole.iter().zip(&lost[1..]).all(|(packets, lost)| (245..=255).contains(&(packets + lost))),
            "{stream}"
        );
        assert_eq!(
            (over["jitter_ms"].as_array().unwrap().len(), over["mos"].as_array().unwrap().len()),
            (packets.len(), packets.len())
        );
        let intervals = packets.len() as i64;
        assert!(
            (until + 5_000 * (intervals - 2)..=until + 5_000 * (intervals - 1) + 1_000).contains(&last),
            "{stream}"
        );
    }
    assert!(told > 20 && lossy > 5, "{told} streams, {lossy} with losses");
    // Such records are read back.
    let again = folder.join("again.jsonl");
    fs::write(&again, records.join("\n")).unwrap();
    assert_eq!(run(&[&again]).lines().count(), plain.lines().count());
    fs::remove_dir_all(folder).unwrap();
}

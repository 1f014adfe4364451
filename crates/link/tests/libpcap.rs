//! The frames that libpcap reads are the frames that are read here: over generated files, and over the corpus of real
//! captures when it is there (`GREYLINE_CORPUS`, else `../shared/corpus` beside the workspace).

#[cfg(test)]
mod common;

use common::{BIG, LITTLE, MICROS, NANOS, Pcapng, Sample, drain, folder, read, write};
use link::{Capture, Config, LinkType};
use oracle::{captures, corpus, libpcap};
use proptest::prelude::*;

/// What the tools of the field say.
#[cfg(test)]
mod oracle {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};

    use link::LinkType;

    use crate::common::Sample;

    /// What libpcap makes of a file: its frames up to the end or to what it refuses.
    pub fn libpcap(path: &Path) -> Option<Vec<Sample>> {
        let mut capture = pcap::Capture::from_file_with_precision(path, pcap::Precision::Nano).ok()?;
        // libpcap translates the numbers in files to those of the host.
        let link = match capture.get_datalink().0 {
            12 | 14 => LinkType::RAW,
            11 => LinkType::ATM_RFC1483,
            other => LinkType(other as u16),
        };
        let mut frames = Vec::new();
        while let Ok(packet) = capture.next_packet() {
            // It reads both parts of a pcap record's time as signed, and shows nanoseconds as microseconds.
            let (secs, nanos) = (u64::from(packet.header.ts.tv_sec as u32), u64::from(packet.header.ts.tv_usec as u32));
            let at = secs * 1_000_000_000 + nanos;
            frames.push(Sample { at, link, bytes: packet.data.to_vec(), length: packet.header.len });
        }
        Some(frames)
    }

    pub fn corpus() -> Option<PathBuf> {
        let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
        let corpus = std::env::var_os("GREYLINE_CORPUS").map_or_else(beside, PathBuf::from);
        if corpus.join("manifest.tsv").is_file() {
            return Some(corpus);
        }
        println!("skipped: no corpus at {}", corpus.display());
        None
    }

    /// The captures of the corpus: path and the frames that tshark read.
    pub fn captures(corpus: &Path) -> Vec<(String, u64)> {
        let manifest = fs::read_to_string(corpus.join("manifest.tsv")).unwrap();
        let mut lines = manifest.lines();
        let columns: BTreeMap<&str, usize> = lines.next().unwrap().split('\t').zip(0..).collect();
        let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>());
        rows.filter(|row| row[columns["linktype"]] != "none")
            .filter_map(|row| Some((row[columns["path"]].to_owned(), row[columns["packets"]].parse().ok()?)))
            .collect()
    }
}

fn sample() -> impl Strategy<Value = Sample> {
    // Up to 2038, since libpcap takes seconds as signed.
    (0..i32::MAX as u64, 0..1_000_000_000_u64, prop::collection::vec(any::<u8>(), 0..200), 0..2_000_u32).prop_map(
        |(secs, nanos, bytes, beyond)| {
            let length = bytes.len() as u32 + beyond;
            Sample { at: secs * 1_000_000_000 + nanos, link: LinkType::ETHERNET, bytes, length }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_pcap_reads_as_libpcap_reads_it(
        frames in prop::collection::vec(sample(), 1..60),
        big in any::<bool>(),
        nanos in any::<bool>(),
        cut in 0..40_usize,
    ) {
        let mut file = common::pcap(if big { BIG } else { LITTLE }, if nanos { NANOS } else { MICROS }, &frames);
        file.truncate(file.len() - cut.min(file.len() - 24));
        let path = write(&folder("libpcap-pcap"), "generated", &file);
        prop_assert_eq!(read(std::slice::from_ref(&path)).frames, libpcap(&path).unwrap());
    }

    #[test]
    fn generated_pcapng_reads_as_libpcap_reads_it(
        frames in prop::collection::vec((sample(), 0..4_u8), 1..60),
        big in any::<bool>(),
        resolution in prop_oneof![Just(None), (0..=12_u8).prop_map(Some), (0x80..=0xa0_u8).prop_map(Some)],
        offset in prop::option::of(0..1_000_000_i64),
    ) {
        let mut file = Pcapng::new(if big { BIG } else { LITTLE });
        file.interface(LinkType::ETHERNET, 0, resolution, offset);
        for (frame, kind) in &frames {
            // Any ticks, as long as libpcap can hold the seconds.
            let secs = frame.at / 1_000_000_000;
            let ticks = match resolution.unwrap_or(6) {
                power @ 0..=12 => (u128::from(secs) * 10_u128.pow(power.into())) as u64 | u64::from(power > 3),
                power => secs << (power & 0x7f) | u64::from(frame.length) & ((1 << (power & 0x7f)) - 1),
            };
            match kind {
                0 | 1 => file.enhanced(0, ticks, frame),
                2 => file.obsolete(0, ticks, frame),
                _ => file.block(0x0bad, &frame.bytes),
            }
        }
        let path = write(&folder("libpcap-pcapng"), "generated", &file.bytes);
        prop_assert_eq!(read(std::slice::from_ref(&path)).frames, libpcap(&path).unwrap());
    }
}

/// Where the count of frames is not the manifest's, and why.
const COUNTS: &[(&str, u64, &str)] = &[
    (
        "malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-5685520970809344.pcap",
        1,
        "tshark refuses a file header whose reserved link-type bits are set; libpcap and we read the one frame",
    ),
    (
        "malformed/tcpdump_juniper_monitor_invalid_cookie_length.pcap",
        1,
        "tshark does not know link type 164 and stops; which link types can be decoded is not the link's to say",
    ),
];

/// What is refused by name: a Network Monitor capture.
const REFUSED: &[&str] = &["malformed/sipnab_c07-sip-r2.netmon.cap"];

/// Where libpcap reads other frames than we do, and why.
const FRAMES: &[(&str, &str)] = &[
    ("malformed/ndpi_fuzz-2021-06-07-c6c72a0a56.pcap", MICROS_OVERFLOW),
    (
        "malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-4829420752470016.pcap",
        "both MICROS_OVERFLOW and SNAPSHOT",
    ),
    ("malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-5114733584449536.pcap", MICROS_OVERFLOW),
    ("malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-5204104585674752.pcap", MICROS_OVERFLOW),
    ("malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-5487001111429120.pcap", MICROS_OVERFLOW),
    ("malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-5685520970809344.pcap", MICROS_OVERFLOW),
    ("malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-5723611632762880.pcap", MICROS_OVERFLOW),
    ("malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-5766939894087680.pcap", MICROS_OVERFLOW),
    ("malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-5814090897948672.pcap", MICROS_OVERFLOW),
    ("malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-6223613626941440.pcap", MICROS_OVERFLOW),
    ("other-benign/tcpdump_802_15_4-data.pcap", SNAPSHOT),
    ("malformed/pcapplusplus_ipv4-malformed.pcap", INTERFACES),
    ("tunnel/pcapplusplus_GrePackets.pcap", INTERFACES),
];

const MICROS_OVERFLOW: &str =
    "over a million microseconds in a second, which libpcap multiplies in 32 bits and we in 64";
const SNAPSHOT: &str =
    "frames longer than the file's own snapshot length: libpcap cuts them to it, tshark and we do not";
const INTERFACES: &str = "interfaces with different snapshot lengths in one section, at which libpcap gives up";

#[test]
fn every_capture_of_the_corpus_gives_the_frames_that_tshark_counted() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for (path, packets) in captures(&corpus) {
        let expected = COUNTS.iter().find(|(name, ..)| *name == path).map_or(packets, |&(_, count, _)| count);
        match Capture::open(&[corpus.join(&path)], Config::default()) {
            Ok(capture) => {
                let read = drain(capture);
                if read.frames.len() as u64 != expected {
                    wrong.push(format!(
                        "{path}: {} frames, expected {expected}, {:?}",
                        read.frames.len(),
                        read.damages
                    ));
                }
            }
            Err(error) if REFUSED.contains(&path.as_str()) => println!("refused as expected: {error}"),
            Err(error) => wrong.push(format!("{path}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_capture_of_the_corpus_gives_the_frames_that_libpcap_reads() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for (path, _) in captures(&corpus) {
        let file = corpus.join(&path);
        let Ok(capture) = Capture::open(std::slice::from_ref(&file), Config::default()) else { continue };
        let ours = drain(capture).frames;
        match libpcap(&file) {
            Some(theirs) if theirs == ours || FRAMES.iter().any(|(name, _)| *name == path) => {}
            Some(theirs) => {
                let same = theirs.iter().zip(&ours).take_while(|(theirs, ours)| theirs == ours).count();
                wrong.push(format!(
                    "{path}: {} frames of ours, {} of libpcap's, first {same} the same, then {:?} {:?}",
                    ours.len(),
                    theirs.len(),
                    ours.get(same).map(|frame| (frame.at, frame.link, frame.bytes.len(), frame.length)),
                    theirs.get(same).map(|frame| (frame.at, frame.link, frame.bytes.len(), frame.length)),
                ));
            }
            None => println!("not read by libpcap: {path}"),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

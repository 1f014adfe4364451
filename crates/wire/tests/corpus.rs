//! Every capture of the corpus through the fast path and the decoder, against what its manifest says: encapsulations,
//! fragments, and the sum of what became of the frames. Skipped where there is no corpus.

#![cfg(test)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use link::{Capture, Config};
use wire::{Datagram, Decoder, FastPath, Stretch, Take, Taker, Tally, WireConfig};

/// Where this room and the manifest differ, and who is right.
const DIFFERENCES: &[(&str, &str)] = &[
    ("malformed/ndpi_fuzz-2006-06-26-2594.pcap", VERSION),
    ("malformed/ndpi_fuzz-2020-02-16-11740.pcap", VERSION),
    ("malformed/ndpi_fuzz-2021-06-07-c6c72a0a56.pcap", NO_GTP),
    ("malformed/pcapplusplus_clusterfuzz-testcase-minimized-FuzzTarget-5114733584449536.pcap", NO_GTP),
    (
        "malformed/pcapplusplus_ip4_bad_fragment.pcap",
        "an IPv4 header of 60 bytes in a frame of 42: there is no fragment",
    ),
    ("malformed/suricata-verify_ipv6-malformed-fragments-11_frag-11.pcap", QUOTED),
    ("malformed/suricata-verify_ipv6-malformed-fragments-12_frag-12.pcap", QUOTED),
    ("malformed/suricata-verify_ipv6-malformed-fragments-16_frag-16.pcap", QUOTED),
    ("malformed/suricata-verify_ipv6-malformed-fragments-23_frag-23.pcap", QUOTED),
    ("malformed/suricata-verify_ipv6-malformed-fragments-24_frag-24.pcap", QUOTED),
    ("malformed/suricata-verify_ipv6-malformed-fragments-30_frag-30.pcap", QUOTED),
    ("malformed/suricata-verify_ipv6-malformed-fragments-33_frag-33.pcap", QUOTED),
    (
        "malformed/suricata-verify_security-8510_defrag-af-confusion-spray-h8.pcap",
        "half of the manifest's IPv6 fragments are IPv4 packets of protocol 44, which no IPv4 host reads as a fragment",
    ),
    ("malformed/tcpdump_l2tp-avp-overflow.pcap", "reserved bits of the L2TP header are set: it is no L2TP"),
    (
        "malformed/zeek_tunnels-mpls-6in6-6in6-invalid-version-6.pcap",
        "the header announces IPv6 in IPv6 and counts as such, though what follows is not IPv6",
    ),
    ("tunnel/ndpi_gtp_false_positive.pcapng", NO_GTP),
    ("tunnel/tcpdump_bigtcp-ipv4-vxlan-ipv6.pcap", BIG),
    ("tunnel/tcpdump_bigtcp-ipv6-geneve-ipv6.pcap", BIG),
    ("tunnel/tcpdump_bigtcp-ipv6-vxlan-ipv4.pcap", BIG),
];

const VERSION: &str =
    "an EtherType of IPv4 before a packet of version 6: tshark reads it as IPv6 in IPv4, no host would";
const NO_GTP: &str = "lengths that contradict each other on a port of GTP: an ordinary datagram, or rubbish";
const QUOTED: &str = "the manifest counts fragments quoted in ICMPv6 errors, which are no traffic";
const BIG: &str = "lengths of zero, which tshark stops at: the tunnel is there";

/// The corpus, if it is there.
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("GREYLINE_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"), PathBuf::from);
    if !folder.join("manifest.tsv").is_file() {
        println!("no corpus: skipped");
        return None;
    }
    Some(folder)
}

/// A capture of the manifest and its ground truth.
struct Row {
    path: PathBuf,
    name: String,
    packets: u64,
    truth: BTreeMap<String, u64>,
}

fn rows(corpus: &Path) -> Vec<Row> {
    let manifest = std::fs::read_to_string(corpus.join("manifest.tsv")).unwrap();
    let mut lines = manifest.lines();
    let columns: Vec<_> = lines.next().unwrap().split('\t').collect();
    let captures = lines.filter_map(|line| {
        let row: BTreeMap<_, _> = columns.iter().copied().zip(line.split('\t')).collect();
        if row["linktype"] == "none" {
            return None;
        }
        let mut truth: BTreeMap<String, u64> = match row["encapsulations"] {
            "-" => BTreeMap::new(),
            list => list
                .split(';')
                .map(|each| {
                    let (name, count) = each.rsplit_once(':').unwrap();
                    (name.to_owned(), count.parse().unwrap())
                })
                .collect(),
        };
        for column in ["ipv4_fragment_packets", "ipv6_fragment_packets"] {
            truth.insert(column.to_owned(), row[column].parse().unwrap_or(0));
        }
        truth.retain(|_, &mut count| count > 0);
        let name = row["path"].to_owned();
        Some(Row { path: corpus.join(&name), name, packets: row["packets"].parse().unwrap_or(0), truth })
    });
    captures.collect()
}

/// Takes everything and keeps count.
#[derive(Default)]
struct Counter {
    datagrams: u64,
    stretches: u64,
}

impl Taker for Counter {
    fn datagram(&mut self, _: &Datagram<'_>) {
        self.datagrams += 1;
    }

    fn stretch(&mut self, stretch: &Stretch<'_>) -> Take {
        self.stretches += 1;
        Take::Consumed(stretch.bytes.len())
    }
}

/// Reads a capture as the pipeline does: the fast path first, the decoder for the rest.
fn read(path: &Path, config: &WireConfig) -> Option<(Tally, Counter)> {
    let mut capture = Capture::open(&[path.to_owned()], Config::default()).ok()?;
    let fast = FastPath::new(config);
    let (mut decoder, mut counter) = (Decoder::new(config), Counter::default());
    while let Some(batch) = capture.next_batch() {
        for head in batch.heads() {
            let frame = batch.frame(head);
            match fast.quick(frame.link, frame.bytes) {
                Some(quick) => counter.datagram(&quick.datagram(frame.at, decoder.quick_copy(frame.at, &quick))),
                None => decoder.decode(&frame, &mut counter),
            }
        }
    }
    Some((decoder.tally().clone(), counter))
}

/// The columns of the manifest, as this room counts them.
fn found(tally: &Tally) -> BTreeMap<String, u64> {
    // What the manifest does not count.
    let beyond = ["ah", "capwap", "macsec", "ieee-802-11"];
    tally
        .encapsulations()
        .map(|(each, count)| (each.name().to_owned(), count))
        .chain([
            ("ipv4_fragment_packets".to_owned(), tally.fragments_v4),
            ("ipv6_fragment_packets".to_owned(), tally.fragments_v6),
        ])
        .filter(|(name, count)| *count > 0 && !beyond.contains(&name.as_str()))
        .collect()
}

#[test]
fn encapsulations_and_fragments_are_those_of_the_manifest() {
    let Some(corpus) = corpus() else { return };
    let mut surprises = Vec::new();
    let mut excused = Vec::new();
    for row in rows(&corpus) {
        let Some((tally, _)) = read(&row.path, &WireConfig::default()) else { continue };
        let found = found(&tally);
        // Where tshark read nothing there is no truth.
        if found == row.truth && (tally.frames == row.packets || row.packets == 0) {
            continue;
        }
        match DIFFERENCES.iter().find(|(name, _)| *name == row.name) {
            Some((name, _)) => excused.push(*name),
            None => surprises.push(format!(
                "{}: {} frames of {}, {found:?}, manifest {:?}",
                row.name, tally.frames, row.packets, row.truth
            )),
        }
    }
    let stale: Vec<_> = DIFFERENCES.iter().filter(|(name, _)| !excused.contains(name)).collect();
    assert!(surprises.is_empty() && stale.is_empty(), "new: {surprises:#?}\nno longer there: {stale:#?}");
}

#[test]
fn every_frame_is_accounted_for() {
    let Some(corpus) = corpus() else { return };
    for row in rows(&corpus) {
        let Some((tally, counter)) = read(&row.path, &WireConfig::default()) else { continue };
        let undecoded: u64 = tally.undecoded().map(|(_, count)| count).sum();
        let outcomes =
            tally.datagrams + tally.packets_of_messages + tally.segments + tally.fragments + tally.copies + undecoded;
        assert_eq!(tally.frames, outcomes, "{}", row.name);
        assert_eq!(counter.datagrams, tally.datagrams + tally.messages, "{}", row.name);
    }
}

/// The decoder alone must come to the same end as with the fast path before it.
#[test]
fn the_fast_path_changes_nothing() {
    let Some(corpus) = corpus() else { return };
    let config = WireConfig::default();
    for row in rows(&corpus) {
        let Ok(mut capture) = Capture::open(std::slice::from_ref(&row.path), Config::default()) else { continue };
        let fast = FastPath::new(&config);
        let (mut with, mut without) = (Decoder::new(&config), Decoder::new(&config));
        while let Some(batch) = capture.next_batch() {
            for head in batch.heads() {
                let frame = batch.frame(head);
                let mut got = Kept::default();
                without.decode(&frame, &mut got);
                match fast.quick(frame.link, frame.bytes) {
                    Some(quick) => {
                        let quick = quick.datagram(frame.at, with.quick_copy(frame.at, &quick));
                        assert_eq!(got.0.as_deref(), Some(shown(&quick).as_str()), "{}", row.name);
                    }
                    None => with.decode(&frame, &mut Kept::default()),
                }
            }
        }
        assert_eq!(with.tally(), without.tally(), "{}", row.name);
    }
}

/// The last datagram, as text.
#[derive(Default)]
struct Kept(Option<String>);

fn shown(datagram: &Datagram<'_>) -> String {
    format!("{datagram:?}")
}

impl Taker for Kept {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.0 = Some(shown(datagram));
    }

    fn stretch(&mut self, _: &Stretch<'_>) -> Take {
        Take::Ignore
    }
}

/// Frames cut short anywhere: no panic, and still one outcome each.
#[test]
fn any_prefix_of_any_frame_is_harmless() {
    /// Different frames of a capture are alike; its first ones show its headers.
    const FRAMES_MAX: usize = 6;
    /// Headers end well before this.
    const PREFIX_MAX: usize = 200;
    let Some(corpus) = corpus() else { return };
    let config = WireConfig { duplicates: false, ..WireConfig::default() };
    for row in rows(&corpus) {
        let Ok(mut capture) = Capture::open(std::slice::from_ref(&row.path), Config::default()) else { continue };
        let fast = FastPath::new(&config);
        let mut decoder = Decoder::new(&config);
        let mut counter = Counter::default();
        let Some(batch) = capture.next_batch() else { continue };
        let mut frames = 0;
        for head in batch.heads().iter().take(FRAMES_MAX) {
            let whole = batch.frame(head);
            for length in 0..whole.bytes.len().min(PREFIX_MAX) {
                let frame = link::Frame { bytes: &whole.bytes[..length], ..whole };
                let _ = fast.quick(frame.link, frame.bytes);
                decoder.decode(&frame, &mut counter);
                frames += 1;
            }
        }
        assert_eq!(decoder.tally().frames, frames);
    }
}

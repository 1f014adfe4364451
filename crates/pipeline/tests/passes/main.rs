//! The same packets are the same calls, however they come: batched otherwise, cut into files, seen twice by a mirror
//! port, or inside a tunnel. Held over made traffic, and over the real captures of the corpus where it is there.

#![cfg(test)]

mod copies;
mod fates;
mod load;
mod packets;

use std::path::Path;

use benches::traffic::ipv6::over_ipv6;
use benches::traffic::wraps::{WRAPS, vxlan};
use fates::{Fate, fate_of, fate_of_files};
use packets::{Packet, read};

/// A stretch of made traffic, or one real capture.
struct Source {
    name: String,
    packets: Vec<Packet>,
}

fn sources() -> Vec<Source> {
    let made = |name: &str, packets| Source { name: name.to_owned(), packets };
    let mut sources = vec![made("made traffic", load::mix()), made("a coarse clock", load::coarse())];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corpus = std::env::var_os("GREYLINE_CORPUS").map_or_else(|| root.join("../shared/corpus"), Into::into);
    if !corpus.exists() {
        eprintln!("no corpus beside the workspace: made traffic and fixtures alone");
    }
    let folders =
        ["sip", "sip-in-tunnel", "stir-shaken", "fragments", "webrtc-stun-dtls", "rtp"].map(|name| corpus.join(name));
    for folder in folders.into_iter().chain([root.join("fixtures/stacks"), root.join("fixtures/demo")]) {
        for path in packets::files_in(&folder) {
            sources.push(Source { name: path.display().to_string(), packets: read(&path) });
        }
    }
    sources.retain(|source| !source.packets.is_empty());
    sources
}

/// Compares fates, and gathers what differs instead of stopping at the first.
struct Differences(Vec<String>);

impl Differences {
    #[track_caller]
    fn compare(&mut self, source: &Source, way: &str, expected: &Fate, found: &Fate) {
        if let Some(difference) = expected.difference(found) {
            self.0.push(format!("{}, {way}: {difference}", source.name));
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{} differ:\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[test]
fn batches_of_any_size() {
    let mut differences = Differences(Vec::new());
    for source in sources() {
        let whole = fate_of(&source.packets, 256);
        for size in [1, 7, 31, 33, 100] {
            differences.compare(&source, &format!("batches of {size}"), &whole, &fate_of(&source.packets, size));
        }
    }
    differences.none();
}

#[test]
fn one_file_or_ten_in_any_order() {
    let mut differences = Differences(Vec::new());
    for source in sources() {
        let whole = fate_of(&source.packets, 256);
        let parts = packets::cut(&source.packets, 10);
        let in_order: Vec<usize> = (0..parts.len()).collect();
        let mut shuffled = in_order.clone();
        shuffled.sort_by_key(|place| place * 7 % 11);
        let backwards = in_order.iter().rev().copied().collect();
        for (way, order) in [("in order", in_order), ("shuffled", shuffled), ("backwards", backwards)] {
            let files: Vec<_> = order.into_iter().map(|place| parts[place].to_vec()).collect();
            differences.compare(&source, &format!("{} files {way}", parts.len()), &whole, &fate_of_files(&files));
        }
    }
    differences.none();
}

#[test]
fn copies_of_a_mirror_port() {
    let mut differences = Differences(Vec::new());
    for source in sources() {
        let fate = |packets: &[Packet]| fate_of(packets, 256).without_traffic().without_knowledge();
        let once = fate(&source.packets);
        for (way, copied) in copies::ways(&source.packets) {
            differences.compare(&source, &way, &once, &fate(&copied));
        }
    }
    differences.none();
}

#[test]
fn inside_tunnels() {
    let mut differences = Differences(Vec::new());
    for source in sources() {
        let bare = fate_of(&source.packets, 256).without_traffic();
        for (way, wrap) in WRAPS {
            let wrapped: Vec<Packet> = source.packets.iter().map(|packet| packets::wrapped(packet, *wrap)).collect();
            differences.compare(&source, way, &bare, &fate_of(&wrapped, 256).without_traffic());
        }
    }
    differences.none();
}

#[test]
fn over_ipv6_as_over_ipv4() {
    let mut differences = Differences(Vec::new());
    for (name, packets) in [("made traffic", load::mix()), ("a coarse clock", load::coarse())] {
        let source = Source { name: name.to_owned(), packets };
        let bare = fate_of(&source.packets, 256).without_traffic();
        let over = |wrap| source.packets.iter().map(|packet| packets::wrapped(packet, wrap)).collect::<Vec<_>>();
        let vxlan = |frame: &[u8]| over_ipv6(frame).and_then(|frame| vxlan(&frame));
        for (way, packets) in [("over IPv6", over(over_ipv6)), ("over IPv6 in VXLAN", over(vxlan))] {
            let translated = fate_of(&packets, 256).without_traffic().with_addresses_of_ipv4();
            differences.compare(&source, way, &bare, &translated);
        }
    }
    differences.none();
}

#[test]
fn by_a_tap_that_cuts_media_short() {
    let mut differences = Differences(Vec::new());
    for source in sources() {
        let whole = fate_of(&source.packets, 256).without_traffic();
        let snapped: Vec<Packet> = source.packets.iter().map(packets::snapped).collect();
        differences.compare(&source, "cut short", &whole, &fate_of(&snapped, 256).without_traffic());
    }
    differences.none();
}

//! Streams found without signalling in real captures, against what is known of them; skipped where the collection of
//! captures is absent.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use etherparse::{LaxNetSlice, LaxSlicedPacket, TransportSlice};
use rtp::{Header, Heuristic, HeuristicConfig, Kind, Media, StreamKey, Streams, StreamsConfig, demux};
use types::{Endpoint, Ip, Nanos};

/// Where the captures are, if anywhere.
fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let root = std::env::var_os("GREYLINE_CORPUS").map_or(beside, PathBuf::from);
    root.is_dir().then_some(root)
}

#[derive(Default)]
struct Seen {
    packets: u64,
    streams: u64,
    rtcp: u64,
}

/// Every plain UDP datagram of a capture through demux, heuristic and table.
fn listen(path: &Path) -> Seen {
    let mut streams = Streams::new(StreamsConfig::default());
    let mut heuristic = Heuristic::new(HeuristicConfig::default());
    let mut seen = Seen::default();
    let Ok(mut capture) = pcap::Capture::from_file(path) else { return seen };
    let link = capture.get_datalink();
    while let Ok(frame) = capture.next_packet() {
        let at = Nanos::from_parts(frame.header.ts.tv_sec as u64, (frame.header.ts.tv_usec as u64).wrapping_mul(1000));
        let sliced = match link.0 {
            1 => LaxSlicedPacket::from_ethernet(frame.data).ok(),
            113 => LaxSlicedPacket::from_ip(frame.data.get(16..).unwrap_or_default()).ok(),
            0 => LaxSlicedPacket::from_ip(frame.data.get(4..).unwrap_or_default()).ok(),
            _ => LaxSlicedPacket::from_ip(frame.data).ok(),
        };
        let Some(sliced) = sliced else { continue };
        let (source, destination) = match &sliced.net {
            Some(LaxNetSlice::Ipv4(ip)) => (Ip::v4(ip.header().source()), Ip::v4(ip.header().destination())),
            Some(LaxNetSlice::Ipv6(ip)) => (Ip::v6(ip.header().source()), Ip::v6(ip.header().destination())),
            _ => continue,
        };
        let Some(TransportSlice::Udp(udp)) = &sliced.transport else { continue };
        match demux(udp.payload()) {
            Kind::Rtp => {}
            Kind::Rtcp => {
                seen.rtcp += 1;
                continue;
            }
            _ => continue,
        }
        let Some(header) = Header::read(udp.payload()) else { continue };
        let source = Endpoint::new(source, udp.source_port());
        let key = StreamKey::new(source, Endpoint::new(destination, udp.destination_port()), header.ssrc);
        let hint = streams.probe(&key);
        if let Some(id) = streams.at(hint, &key) {
            streams.update(id, at, &header);
        } else if let Some(found) = heuristic.offer(&key, at, &header, udp.payload()) {
            streams.open_found(&found, 0, Media::of_static(found.payload_type())).unwrap();
        }
    }
    for id in streams.ids() {
        let figures = streams.figures(id).unwrap();
        seen.packets += figures.packets;
        seen.streams += 1;
        if std::env::var_os("SHOW").is_some() {
            println!("    {:?} {figures:?}", streams.key(id).unwrap());
        }
    }
    seen
}

/// Rows of the manifest in a folder: path, packets and streams of the heuristic, RTCP packets.
fn rows(root: &Path, folder: &str) -> Vec<(PathBuf, u64, u64, u64)> {
    let manifest = std::fs::read_to_string(root.join("manifest.tsv")).unwrap();
    let count = |text: &str| text.parse().unwrap_or(0);
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        (root.join(cells[0]), count(cells[24]), count(cells[25]), count(cells[15]))
    };
    manifest.lines().filter(|line| line.starts_with(folder)).map(row).collect()
}

#[test]
fn nothing_is_found_where_there_is_no_voip() {
    let Some(root) = corpus() else { return println!("skipped: no corpus") };
    for (path, ..) in rows(&root, "other-benign/") {
        let seen = listen(&path);
        assert_eq!(seen.streams, 0, "{}", path.display());
    }
}

#[test]
fn show() {
    let Some(root) = corpus() else { return println!("skipped: no corpus") };
    let wanted: HashSet<String> = std::env::var("FOLDERS").unwrap_or_default().split(',').map(String::from).collect();
    for folder in &wanted {
        for (path, packets, streams, rtcp) in rows(&root, folder) {
            let seen = listen(&path);
            if (seen.packets, seen.streams, seen.rtcp) != (packets, streams, rtcp) {
                println!(
                    "{} packets {} of {packets}, streams {} of {streams} rtcp {} of {rtcp}",
                    path.display(),
                    seen.packets,
                    seen.streams,
                    seen.rtcp
                );
            }
        }
    }
}

//! Packets out of captures, and captures out of packets.

use std::fs;
use std::path::{Path, PathBuf};

use benches::traffic::wraps::Wrap;
use link::{Capture, Config, LinkType};

/// The longest capture that is played in every way, bytes: the others show nothing that these do not.
const CAPTURE_BYTES_MAX: u64 = 1_500_000;

/// A frame with its own bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub at: u64,
    pub link: LinkType,
    pub bytes: Vec<u8>,
    pub length: u32,
}

/// The files of a folder and of those in it, by name; none where there is no such folder.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let small = files.into_iter().filter(|path| path.metadata().unwrap().len() <= CAPTURE_BYTES_MAX);
    let mut paths: Vec<_> = small.chain(folders.iter().flat_map(|folder| files_in(folder))).collect();
    paths.sort();
    paths
}

/// All packets of a capture; none of a file that is no capture.
pub fn read(path: &Path) -> Vec<Packet> {
    let Ok(mut capture) = Capture::open(&[path.to_owned()], Config::default()) else { return Vec::new() };
    let mut packets = Vec::new();
    while let Some(batch) = capture.next_batch() {
        packets.extend(batch.frames().map(|frame| Packet {
            at: frame.at.get(),
            link: frame.link,
            bytes: frame.bytes.to_vec(),
            length: frame.length,
        }));
    }
    packets
}

/// So many parts, or fewer: the same link type throughout, and never between packets whose time runs backwards, since
/// files are merged by time.
pub fn cut(packets: &[Packet], parts: usize) -> Vec<&[Packet]> {
    if packets.iter().any(|packet| packet.link != packets[0].link) {
        return vec![packets];
    }
    let mut least_behind: Vec<u64> = packets.iter().map(|packet| packet.at).collect();
    for place in (1..packets.len()).rev() {
        least_behind[place - 1] = least_behind[place - 1].min(least_behind[place]);
    }
    let (mut cuts, mut greatest, mut begun) = (Vec::new(), 0, 0);
    for (place, packet) in packets.iter().enumerate() {
        if place - begun >= packets.len().div_ceil(parts) && greatest <= least_behind[place] {
            cuts.push(&packets[begun..place]);
            begun = place;
        }
        greatest = greatest.max(packet.at);
    }
    cuts.push(&packets[begun..]);
    cuts
}

/// The same as a tap sees it that keeps the headers of media and four bytes behind them.
pub fn snapped(packet: &Packet) -> Packet {
    const PAYLOAD: usize = 14 + 20 + 8;
    const KEPT: usize = PAYLOAD + 12 + 4;
    let mut packet = packet.clone();
    let bytes = &packet.bytes;
    let is_plain =
        packet.link == LinkType::ETHERNET && bytes.get(12..15) == Some(&[8, 0, 0x45]) && bytes.get(23) == Some(&17);
    let media =
        bytes.get(PAYLOAD..).filter(|payload| payload.first() == Some(&0x80) && rtp::demux(payload) == rtp::Kind::Rtp);
    if is_plain && media.is_some() {
        packet.bytes.truncate(KEPT);
    }
    packet
}

/// The packet inside a wrap; as it is where it is no Ethernet frame or the wrap has no place for it.
pub fn wrapped(packet: &Packet, wrap: Wrap) -> Packet {
    let wrapped = (packet.link == LinkType::ETHERNET).then(|| wrap(&packet.bytes)).flatten();
    let Some(bytes) = wrapped else { return packet.clone() };
    let length = packet.length + (bytes.len() - packet.bytes.len().min(bytes.len())) as u32;
    Packet { bytes, length, ..packet.clone() }
}

/// Packets as a pcap with nanoseconds.
pub fn pcap(packets: &[Packet]) -> Vec<u8> {
    let link = packets.first().map_or(1, |packet| packet.link.0);
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let mut file = words(&[0xa1b2_3c4d, 0x0004_0002, 0, 0, 262_144, link.into()]);
    for Packet { at, bytes, length, .. } in packets {
        file.extend(words(&[(at / 1_000_000_000) as u32, (at % 1_000_000_000) as u32, bytes.len() as u32, *length]));
        file.extend(bytes);
    }
    file
}

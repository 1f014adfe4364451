//! Real traffic counts as the corpus says it does: start lines by method and code, and distinct Call-IDs, over the
//! captures whose SIP lies plainly in UDP over IPv4. The tunnels, fragments and streams of the others need the rooms
//! to the left, and are counted in the whole house.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sip::{Content, Message, StartLine, recognise};

/// The frames of a pcap or pcapng file in little-endian order; link type and bytes of each.
fn frames(file: &[u8]) -> Option<Vec<(u32, &[u8])>> {
    let u32_at = |at: usize| file.get(at..at + 4).map(|word| u32::from_le_bytes(word.try_into().unwrap()));
    let mut frames = Vec::new();
    match u32_at(0)? {
        0xa1b2_c3d4 | 0xa1b2_3c4d => {
            let (link, mut at) = (u32_at(20)?, 24);
            while let Some(length) = u32_at(at + 8) {
                frames.push((link, file.get(at + 16..at + 16 + length as usize)?));
                at += 16 + length as usize;
            }
        }
        0x0a0d_0d0a if u32_at(8)? == 0x1a2b_3c4d => {
            let (mut links, mut at) = (Vec::new(), 0);
            while let (Some(kind), Some(length)) = (u32_at(at), u32_at(at + 4)) {
                match kind {
                    1 => links.push(u32_at(at + 8)? & 0xffff),
                    6 => {
                        let link = *links.get(u32_at(at + 8)? as usize)?;
                        frames.push((link, file.get(at + 28..at + 28 + u32_at(at + 20)? as usize)?));
                    }
                    _ => {}
                }
                at += length as usize;
            }
        }
        _ => return None,
    }
    Some(frames)
}

/// The payload of UDP over IPv4 over Ethernet, untagged and whole.
fn payload((link, frame): (u32, &[u8])) -> Option<&[u8]> {
    let ip = match (link, frame.get(12..14)?) {
        (1, [8, 0]) => frame.get(14..)?,
        _ => return None,
    };
    let header = usize::from(ip[0] & 0xf) * 4;
    let whole = u16::from_be_bytes([ip[2], ip[3]]) as usize;
    if ip[0] >> 4 != 4 || ip[9] != 17 || u16::from_be_bytes([ip[6], ip[7]]) & 0x3fff != 0 {
        return None;
    }
    ip.get(header + 8..whole.min(ip.len()))
}

#[derive(Debug, Default, PartialEq)]
struct Counts {
    requests: BTreeMap<String, u64>,
    responses: u64,
    call_ids: u64,
}

fn count(file: &[u8]) -> Option<Counts> {
    let (mut counts, mut call_ids) = (Counts::default(), BTreeSet::new());
    for frame in frames(file)? {
        let Some(payload) = payload(frame).filter(|payload| recognise(payload) == Content::Sip) else { continue };
        let message = Message::parse(payload).unwrap();
        match message.start() {
            StartLine::Request { token, .. } => {
                // The corpus names the longest methods by their length.
                let name = match token.len() {
                    0..=40 => String::from_utf8_lossy(token).into_owned(),
                    length => format!("token-of-{length}-chars"),
                };
                *counts.requests.entry(name).or_default() += 1;
            }
            StartLine::Response { .. } => counts.responses += 1,
        }
        call_ids.extend(message.call_id().map(<[u8]>::to_vec));
    }
    counts.call_ids = call_ids.len() as u64;
    Some(counts)
}

#[test]
fn plain_captures_count_as_the_corpus_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corpus = std::env::var_os("GREYLINE_CORPUS").map_or_else(|| root.join("../shared/corpus"), PathBuf::from);
    let Ok(manifest) = fs::read_to_string(corpus.join("manifest.tsv")) else {
        println!("skipped: no corpus");
        return;
    };
    let mut rows = manifest.lines().map(|row| row.split('\t').collect::<Vec<_>>());
    let head = rows.next().unwrap();
    let column = |name: &str| head.iter().position(|&column| column == name).unwrap();
    let [path, methods, responses, ids, transports, link, tunnels, fragments, quotes] = [
        "path",
        "sip_requests_by_method",
        "sip_responses",
        "call_ids",
        "sip_transports",
        "linktype",
        "encapsulations",
        "ipv4_fragment_packets",
        "sip_packets_in_icmp",
    ]
    .map(column);
    let (mut compared, mut wrong) = (0, Vec::new());
    for row in rows {
        let plain = row[transports].starts_with("udp/ipv4") && !row[transports].contains(';') && row[tunnels] == "-";
        if !plain || row[link] != "ether" || row[fragments] != "0" || row[quotes] != "0" {
            continue;
        }
        let Some(found) = count(&fs::read(corpus.join(row[path])).unwrap()) else { continue };
        let requests = row[methods].split(';').filter(|&entry| entry != "-").map(|entry| {
            let (method, count) = entry.rsplit_once(':').unwrap();
            (method.to_string(), count.parse().unwrap())
        });
        let number = |text: &str| text.parse().unwrap_or(0);
        let truth =
            Counts { requests: requests.collect(), responses: number(row[responses]), call_ids: number(row[ids]) };
        compared += 1;
        if found != truth {
            wrong.push(format!("{}: found {found:?}, truth {truth:?}", row[path]));
        }
    }
    assert!(compared > 0, "no capture is plain enough");
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
    println!("{compared} captures agree");
}

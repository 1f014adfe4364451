//! What a packet costs: runs so many in-order packets of so many streams through the packet path and prints how many
//! arrived. The slope between two runs under `valgrind --tool=cachegrind` is the cost of one packet:
//!
//! ```text
//! cargo build --release -p rtp --example packet_cost
//! for n in 100 200; do valgrind --tool=cachegrind --cache-sim=no packet_cost path $n 1000; done
//! ```
//!
//! `read` stops after the header, `whole` after the header that `rtp-rs` checked, `path` looks the stream up and updates it, `update` only updates.

use std::io::Write;

use rtp::{Header, Media, Packet, StreamKey, Streams, StreamsConfig};
use types::{Endpoint, Ip, Nanos};

const BATCH: usize = 256;

fn main() -> std::io::Result<()> {
    let mut words = std::env::args().skip(1);
    let mode = words.next().unwrap_or_else(|| "path".into());
    let mut number = |default| words.next().and_then(|word| word.parse().ok()).unwrap_or(default);
    let (rounds, calls): (u32, u32) = (number(100), number(1_000));
    let mut streams = Streams::new(StreamsConfig::default());
    let mut payloads: Vec<[u8; 172]> = (0..calls).map(payload).collect();
    let keys: Vec<StreamKey> = (0..calls).map(key).collect();
    let ids: Vec<_> =
        keys.iter().filter_map(|key| streams.open(key, 0, Media::of_static(8), Nanos::ZERO).ok()).collect();
    let mut sum = 0;
    for round in 0..rounds {
        let at = Nanos::new(u64::from(round) * 20_000_000);
        for (batch, (payloads, keys)) in payloads.chunks_mut(BATCH).zip(keys.chunks(BATCH)).enumerate() {
            for (payload, key) in payloads.iter_mut().zip(keys) {
                next(payload, round);
                let read = if mode == "whole" {
                    Packet::parse(payload).ok().map(|packet| packet.header())
                } else {
                    Header::recognise(payload, 0)
                };
                let Some(header) = read else { continue };
                sum += u64::from(header.sequence);
                if mode == "path" {
                    let key = StreamKey::new(key.source(), key.destination(), header.ssrc);
                    if let Some((id, _)) = streams.at(&key) {
                        streams.update(id, at, &header);
                    }
                } else if mode == "update"
                    && let Some(id) = ids.get(batch * BATCH + (header.ssrc as usize) % BATCH)
                {
                    streams.update(*id, at, &header);
                }
            }
        }
    }
    let arrived: u64 = ids.iter().filter_map(|&id| streams.figures(id)).map(|figures| figures.packets).sum();
    writeln!(std::io::stdout(), "{mode}: {arrived} packets, {sum}")
}

fn payload(call: u32) -> [u8; 172] {
    let mut bytes = [0x55; 172];
    if let Some(start) = bytes.first_chunk_mut::<12>() {
        let [s0, s1, s2, s3] = call.to_be_bytes();
        *start = [0x80, 8, 0, 0, 0, 0, 0, 0, s0, s1, s2, s3];
    }
    bytes
}

/// The payload's next packet in place.
fn next(payload: &mut [u8; 172], round: u32) {
    if let Some([_, _, s0, s1, t0, t1, t2, t3, ..]) = payload.first_chunk_mut::<12>() {
        [*s0, *s1] = (round as u16).to_be_bytes();
        [*t0, *t1, *t2, *t3] = (round * 160).to_be_bytes();
    }
}

fn key(call: u32) -> StreamKey {
    let end = |last| Endpoint::new(Ip::v4([192, 0, 2, last]), (10_000 + call % 50_000) as u16);
    StreamKey::new(end(1), end(2), call)
}

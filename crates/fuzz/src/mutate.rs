//! Mutates a capture by its frames, so that most of them stay readable: bytes of one frame or of its payload change, frames
//! are repeated, dropped, moved in time and in order, answered; then lengths and checksums that nobody checks are mended.

use libfuzzer_sys::fuzzer_mutate;

use crate::pcap::{Pcap, Record};

/// Records of one input.
const RECORDS_MAX: usize = 64;
/// Bytes of a mutated frame.
const FRAME_BYTES_MAX: usize = 4_096;

/// What the times of two frames differ by, in microseconds: around every timer of the house.
const STEPS: [u64; 14] = [
    0,
    1,
    999,
    19_999,
    20_001,
    500_000,
    1_000_000,
    5_000_001,
    30_000_001,
    32_000_000,
    61_000_000,
    201_000_000,
    901_000_000,
    14_401_000_000,
];

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// A custom mutator of libFuzzer.
pub fn capture(bytes: &mut [u8], size: usize, max: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) << 1 | 1);
    let parsed = Pcap::parse(&bytes[..size]).filter(|pcap| !pcap.records.is_empty());
    let Some(mut pcap) = parsed.filter(|_| random.below(16) != 0) else { return fuzzer_mutate(bytes, size, max) };
    pcap.records.truncate(RECORDS_MAX);
    for _ in 0..=random.below(3) {
        change(&mut pcap, &mut random);
    }
    let changed = pcap.bytes(max);
    bytes[..changed.len()].copy_from_slice(&changed);
    changed.len()
}

fn change(pcap: &mut Pcap, random: &mut Random) {
    let count = pcap.records.len();
    let (one, other) = (random.below(count), random.below(count));
    match random.below(16) {
        0..=3 => {
            let whole = 0;
            change_bytes(&mut pcap.records[one], whole, random);
        }
        4..=8 => {
            let payload = payload_at(&pcap.records[one].bytes).unwrap_or(0);
            change_bytes(&mut pcap.records[one], payload, random);
        }
        9 => {
            let record = pcap.records[one].clone();
            pcap.records.insert(other, record);
        }
        10 if count > 1 => drop(pcap.records.remove(one)),
        11 => pcap.records.swap(one, other),
        12 => {
            let step = STEPS[random.below(STEPS.len())];
            let later = |micros: u64| (micros + step) % (u64::from(u32::MAX) * 1_000_000);
            let until = if random.below(2) == 0 { count } else { one + 1 };
            pcap.records[one..until].iter_mut().for_each(|record| record.micros = later(record.micros));
            if random.below(4) == 0 {
                pcap.records[one].micros = pcap.records[one].micros.saturating_sub(2 * step);
            }
        }
        13 => answer(&mut pcap.records[one].bytes),
        14 => pcap.header[12] = random.below(256) as u8,
        _ => {
            let Some(to) = payload_at(&pcap.records[one].bytes) else { return };
            let Some(from) = payload_at(&pcap.records[other].bytes) else { return };
            let payload = pcap.records[other].bytes[from..].to_vec();
            pcap.records[one].bytes.truncate(to);
            pcap.records[one].bytes.extend(payload);
            mend(&mut pcap.records[one]);
        }
    }
    pcap.records.truncate(RECORDS_MAX);
}

/// Changes the bytes of a frame from `from` on.
fn change_bytes(record: &mut Record, from: usize, random: &mut Random) {
    let tail = record.bytes.split_off(from.min(record.bytes.len()));
    let mut room = tail.clone();
    room.resize((tail.len() + 64).min(FRAME_BYTES_MAX).max(tail.len()), 0);
    let most = room.len();
    let length = fuzzer_mutate(&mut room, tail.len(), most);
    record.bytes.extend(&room[..length]);
    if random.below(4) != 0 {
        mend(record);
    }
}

/// Where the IPv4 header of a plain Ethernet frame ends.
fn transport_at(frame: &[u8]) -> Option<usize> {
    let is_v4 = frame.get(12..15).is_some_and(|head| head[..2] == [8, 0] && head[2] >> 4 == 4);
    is_v4.then(|| 14 + usize::from(frame[14] & 15) * 4).filter(|&at| at >= 34 && at <= frame.len())
}

/// Where the payload of UDP or TCP over IPv4 in plain Ethernet begins.
fn payload_at(frame: &[u8]) -> Option<usize> {
    let transport = transport_at(frame)?;
    let at = match frame[23] {
        17 => transport + 8,
        6 => transport + usize::from(frame.get(transport + 12)? >> 4) * 4,
        _ => return None,
    };
    Some(at).filter(|&at| at <= frame.len())
}

/// Makes the lengths of a frame agree with its bytes.
fn mend(record: &mut Record) {
    let frame = &mut record.bytes;
    record.length = frame.len() as u32;
    let Some(transport) = transport_at(frame) else { return };
    let whole = u16::try_from(frame.len() - 14).unwrap_or(u16::MAX);
    frame[16..18].copy_from_slice(&whole.to_be_bytes());
    if frame[23] == 17 && frame.len() >= transport + 8 {
        let length = u16::try_from(frame.len() - transport).unwrap_or(u16::MAX);
        frame[transport + 4..transport + 6].copy_from_slice(&length.to_be_bytes());
    }
}

/// Sends a frame the other way.
fn answer(frame: &mut [u8]) {
    let Some(transport) = transport_at(frame).filter(|&at| at + 4 <= frame.len()) else { return };
    let (low, high) = frame[26..34].split_at_mut(4);
    low.swap_with_slice(high);
    let (low, high) = frame[transport..transport + 4].split_at_mut(2);
    low.swap_with_slice(high);
}

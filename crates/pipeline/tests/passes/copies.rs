//! What a mirror port adds: each packet once more, a moment later, as it was or as it looked one hop further on.

use benches::traffic::wraps;
use link::LinkType;

use crate::packets::{Packet, wrapped};

/// How a copy differs from its original.
type Change = fn(&Packet) -> Packet;

/// A name, nanoseconds to the copy, and what changes.
const WAYS: &[(&str, u64, Change)] = &[
    ("identical at once", 0, Packet::clone),
    ("identical 5 µs later", 5_000, Packet::clone),
    ("identical 2 ms later", 2_000_000, Packet::clone),
    ("tagged 20 µs later", 20_000, |packet| wrapped(packet, wraps::vlan)),
    ("untagged 100 µs later", 100_000, routed),
    ("a hop later", 300_000, routed),
    ("in a tunnel 50 µs later", 50_000, |packet| wrapped(packet, wraps::vxlan)),
];

/// The packets with their copies, in each way.
pub fn ways(packets: &[Packet]) -> impl Iterator<Item = (String, Vec<Packet>)> + '_ {
    WAYS.iter().map(|&(way, later, change)| (format!("copies {way}"), with_copies(packets, later, change)))
}

/// Copies stand where their time puts them, behind their originals.
fn with_copies(packets: &[Packet], later: u64, change: Change) -> Vec<Packet> {
    let mut copied = Vec::with_capacity(packets.len() * 2);
    let mut waiting = std::collections::VecDeque::new();
    for packet in packets {
        while let Some(copy) = waiting.pop_front_if(|copy: &mut Packet| copy.at < packet.at) {
            copied.push(copy);
        }
        copied.push(packet.clone());
        waiting.push_back(Packet { at: packet.at + later, ..change(packet) });
        if later == 0 {
            copied.extend(waiting.pop_front());
        }
    }
    copied.extend(waiting);
    copied
}

/// One hop later: other MAC addresses, TTL one less, the checksum of the IPv4 header as it must be.
fn routed(packet: &Packet) -> Packet {
    let mut copy = packet.clone();
    if packet.link != LinkType::ETHERNET {
        return copy;
    }
    let Some((ethernet, ip)) = copy.bytes.split_at_mut_checked(14) else { return copy };
    ethernet[..12].rotate_left(6);
    match (u16::from_be_bytes([ethernet[12], ethernet[13]]), ip) {
        (0x0800, [_, _, _, _, _, _, _, _, ttl, _, high, low, ..]) if *ttl > 1 => {
            *ttl -= 1;
            // RFC 1624: the sum of the header fell by 0x0100, so its complement rises.
            let sum = u32::from(u16::from_be_bytes([*high, *low])) + 0x0100;
            [*high, *low] = ((sum + (sum >> 16)) as u16).to_be_bytes();
        }
        (0x86dd, [_, _, _, _, _, _, _, hops, ..]) if *hops > 1 => *hops -= 1,
        _ => {}
    }
    copy
}

//! Made traffic: the mix of the yardsticks, in little.

use benches::traffic::frames::Frames;
use benches::traffic::lines::{self, Plan};
use benches::traffic::script::Pace;

use crate::packets::Packet;

/// Forty lines for six seconds: some 200 calls and 15,000 packets.
const PLAN: Plan = Plan {
    seed: 11,
    lines: 40,
    ramp_us: 500_000,
    until_us: 6_000_000,
    calls_max: u64::MAX,
    pace: Pace { talk_us: 1_000_000, ring_us: 200_000 },
    media: true,
};

pub fn mix() -> Vec<Packet> {
    let path =
        std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mix-{:?}.pcap", std::thread::current().id()));
    let mut file = Vec::new();
    lines::write(PLAN, &mut Frames::begin(&mut file).unwrap()).unwrap();
    std::fs::write(&path, file).unwrap();
    let packets = crate::packets::read(&path);
    std::fs::remove_file(path).unwrap();
    packets
}

/// The same, stamped by a clock that ticks a hundred times a second: many packets have the same time.
pub fn coarse() -> Vec<Packet> {
    let mut packets = mix();
    packets.iter_mut().for_each(|packet| packet.at -= packet.at % 10_000_000);
    packets
}

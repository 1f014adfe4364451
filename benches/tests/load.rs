//! The load is what its page says it is, the same every time, and the floor reads all of it.

#![cfg(test)]

use benches::floor::{Floor, Totals};
use benches::traffic::cut::cut;
use benches::traffic::floods::Flood;
use benches::traffic::frames::Frames;
use benches::traffic::lines::{self, Plan};
use benches::traffic::script::Pace;
use benches::traffic::wraps::vxlan;

const MIX: Plan = Plan {
    seed: 7,
    lines: 100,
    ramp_us: 1_000_000,
    until_us: 10_000_000,
    calls_max: u64::MAX,
    pace: Pace { talk_us: 5_500_000, ring_us: 300_000 },
    media: true,
};

const SIGNALLING: Plan = Plan {
    lines: 200,
    ramp_us: 30_000_000,
    until_us: u64::MAX,
    calls_max: 2_000,
    pace: Pace { talk_us: 30_000_000, ring_us: 6_000_000 },
    media: false,
    ..MIX
};

fn written(plan: Plan) -> Vec<u8> {
    let mut file = Vec::new();
    lines::write(plan, &mut Frames::begin(&mut file).unwrap()).unwrap();
    file
}

fn totals(file: &[u8]) -> Totals {
    let mut floor = Floor::new();
    floor.read(file).unwrap();
    floor.totals()
}

#[track_caller]
fn check(what: &str, part: u64, whole: u64, percent: std::ops::RangeInclusive<f64>) {
    let share = part as f64 * 100.0 / whole as f64;
    assert!(percent.contains(&share), "{what}: {part} of {whole} is {share:.2} %, not {percent:?}");
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let short = Plan { until_us: 2_000_000, ..MIX };
    assert_eq!(written(short), written(short));
    assert_ne!(written(short), written(Plan { seed: 8, ..short }));
}

#[test]
fn a_mix_is_mostly_speech_and_every_stream_is_announced() {
    let totals = totals(&written(MIX));
    check("RTP", totals.rtp, totals.frames, 96.5..=98.5);
    check("SIP", totals.sip, totals.frames, 1.3..=3.0);
    check("lost", totals.lost, totals.rtp, 0.4..=0.6);
    check("announced", totals.signalled, totals.streams, 100.0..=100.0);
    check("hung up by the callee", totals.ended_by_callee, totals.answered, 15.0..=50.0);
}

#[test]
fn signalling_holds_whole_calls() {
    let totals = totals(&written(SIGNALLING));
    assert_eq!((totals.calls, totals.rtp, totals.sip), (SIGNALLING.calls_max, 0, totals.frames));
    check("answered", totals.answered, totals.calls, 59.0..=65.0);
    check("hung up by the callee", totals.ended_by_callee, totals.answered, 41.0..=49.0);
}

#[test]
fn checksums_are_right() {
    let file = written(Plan { until_us: 1_500_000, ..MIX });
    let mut rest = &file[24..];
    while let Some((head, after)) = rest.split_first_chunk::<16>() {
        let (frame, after) = after.split_at(u32::from_le_bytes(head[8..12].try_into().unwrap()) as usize);
        rest = after;
        let ip = if frame[12..14] == [0x81, 0] { &frame[18..] } else { &frame[14..] };
        assert_eq!(ones_sum(&ip[..20], 0), 0xffff, "IPv4 header");
        let length = ip.len() as u32 - 20;
        assert_eq!(ones_sum(&ip[12..], 17 + length), 0xffff, "UDP over addresses, ports and payload");
    }
}

fn ones_sum(bytes: &[u8], start: u32) -> u32 {
    let mut sum = start;
    for pair in bytes.chunks(2) {
        sum += u32::from(pair[0]) << 8 | pair.get(1).map_or(0, |&low| u32::from(low));
    }
    while sum >> 16 != 0 {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum
}

#[test]
fn floods_open_what_they_count() {
    let flood = Flood { seed: 3, count: 2_500, rate: 100_000 };
    let read = |write: &dyn Fn(&mut Frames<&mut Vec<u8>>)| {
        let mut file = Vec::new();
        write(&mut Frames::begin(&mut file).unwrap());
        totals(&file)
    };
    let invites = read(&|frames| flood.invites(frames).unwrap());
    assert_eq!((invites.frames, invites.calls, invites.answered), (2_500, 2_500, 0));
    let streams = read(&|frames| flood.streams(frames).unwrap());
    assert_eq!((streams.frames, streams.streams, streams.signalled), (15_000, 2_500, 0));
    let fragments = read(&|frames| flood.fragments(frames).unwrap());
    assert_eq!((fragments.frames, fragments.sip, fragments.rtp), (2_500, 0, 0));
    let connections = read(&|frames| flood.connections(frames).unwrap());
    assert!(2_500 < connections.frames && connections.frames < 5_000);
}

#[test]
fn a_cut_is_the_beginning() {
    let file = written(Plan { until_us: 1_000_000, ..MIX });
    let frames = totals(&file).frames;
    for (asked, given) in [(0, 0), (10, 10), (frames + 1, frames)] {
        let mut part = Vec::new();
        assert_eq!(cut(&file[..], &mut part, asked, None).unwrap(), given);
        assert!(file.starts_with(&part));
        assert_eq!(totals(&part).frames, given);
        // Ethernet, IPv4, UDP and the header of VXLAN around each.
        let mut wrapped = Vec::new();
        assert_eq!(cut(&file[..], &mut wrapped, asked, Some(vxlan)).unwrap(), given);
        assert_eq!(wrapped.len() as u64, part.len() as u64 + given * (14 + 20 + 8 + 8));
    }
}

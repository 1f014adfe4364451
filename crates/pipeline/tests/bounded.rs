//! Floods: whatever is sent, the tables keep to their limits, what is refused is counted, and no message costs more
//! because there were many before it. With limits lowered so that seconds of traffic reach them; `benches/README.md` says
//! how the real ones are tried.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use benches::counting::{Counting, measure};
use benches::traffic::floods::Flood;
use benches::traffic::frames::{Address, Frames, Path};
use call::{CallConfig, CallRecord, Exchange, Listener, Step};
use link::{Batch, FrameHead, LinkType};
use pipeline::{Worker, WorkerConfig};
use rtp::{HeuristicConfig, ReportsConfig, StreamsConfig};
use types::{Losses, Nanos};
use wire::{FragmentConfig, StreamConfig, WireConfig};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Legs, exchanges, streams, connections and everything else that is counted in pieces.
const PIECES: usize = 1_000;

/// The most bytes a worker with these limits may hold. TCP streams have 1 MiB, fragments 256 KiB, the signatures against
/// mirror ports 128 KiB; the hashes by which Call-IDs are counted 1.5 MiB of the longest flood here, while their table
/// doubles; and of each kind there are 1,000 pieces, none of which these floods can make larger than 500 bytes.
const BYTES_MAX: u64 = 4 << 20;

/// Frames of one batch.
const BATCH: usize = 256;

fn limits() -> WorkerConfig {
    let pieces = PIECES as u32;
    WorkerConfig {
        wire: WireConfig {
            fragments: FragmentConfig { datagrams_max: PIECES, bytes_max: 256 << 10, ..FragmentConfig::default() },
            streams: StreamConfig { connections_max: PIECES, bytes_max: 1 << 20, ..StreamConfig::default() },
            ..WireConfig::default()
        },
        calls: CallConfig {
            legs_max: pieces,
            exchanges_max: pieces,
            ended_streams_max: pieces,
            course_secs: 1,
            courses_max: pieces / 2,
            ..CallConfig::default()
        },
        streams: StreamsConfig { streams_max: pieces, oddities_max: pieces, ..StreamsConfig::default() },
        heuristic: HeuristicConfig { candidates_max: pieces, ..HeuristicConfig::default() },
        reports: ReportsConfig { sources_max: pieces, ..ReportsConfig::default() },
        ..WorkerConfig::default()
    }
}

/// Counts what is told.
#[derive(Default)]
struct Heard {
    records: u64,
    exchanges: u64,
}

impl Listener for Heard {
    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}

    fn exchange(&mut self, _: &Exchange<'_>) {
        self.exchanges += 1;
    }

    fn record(&mut self, _: &CallRecord<'_>) {
        self.records += 1;
    }
}

/// What a flood did.
struct Aftermath {
    worker: Worker,
    heard: Heard,
    /// Of the losses, those that occurred.
    losses: BTreeMap<&'static str, u64>,
}

/// Plays a pcap of this program's own making.
fn play(worker: &mut Worker, pcap: &[u8], heard: &mut Heard) -> u64 {
    let (mut heads, mut at) = (Vec::with_capacity(BATCH), 24);
    let mut frames = 0;
    while at < pcap.len() {
        let word = |place: usize| u32::from_le_bytes(pcap[at + place..at + place + 4].try_into().unwrap());
        let stamp = Nanos::from_parts(word(0).into(), u64::from(word(4)) * 1_000);
        let (offset, captured, length, link) = (at as u64 + 16, word(8), word(12), LinkType::ETHERNET);
        heads.push(FrameHead { at: stamp, offset, captured, length, link });
        at += 16 + captured as usize;
        if heads.len() == BATCH || at == pcap.len() {
            frames += heads.len() as u64;
            worker.on_batch(&Batch::new(pcap, &heads), heard);
            heads.clear();
            assert!(worker.held().0 <= PIECES && worker.held().1 <= PIECES, "{:?}", worker.held());
        }
    }
    frames
}

/// Plays a flood, and holds that memory stayed within bounds and that every frame became one thing.
fn check(name: &str, pcap: &[u8]) -> Aftermath {
    let mut heard = Heard::default();
    let ((mut worker, frames), usage) = measure(|| {
        let mut worker = Worker::new(limits());
        let frames = play(&mut worker, pcap, &mut heard);
        (worker, frames)
    });
    assert!(usage.peak <= BYTES_MAX, "{name}: {} bytes at the peak", usage.peak);
    worker.drain(&mut heard);
    let wire = worker.wire_tally();
    let gave = wire.datagrams + wire.packets_of_messages + wire.segments + wire.fragments + wire.copies;
    let nothing: u64 = wire.undecoded().map(|(_, count)| count).sum();
    assert_eq!((wire.frames, gave + nothing), (frames, frames), "{name}");
    assert_eq!(heard.records, worker.call_tally().calls(), "{name}");
    let mut losses = BTreeMap::new();
    worker.losses(&mut |loss, count| {
        if count > 0 {
            losses.insert(loss, count);
        }
    });
    Aftermath { worker, heard, losses }
}

fn written(write: impl FnOnce(&mut Frames<&mut Vec<u8>>)) -> Vec<u8> {
    let mut pcap = Vec::new();
    write(&mut Frames::begin(&mut pcap).unwrap());
    pcap
}

/// What tells one request of a flood from the next.
struct Request {
    method: &'static str,
    caller: u64,
    extra: &'static str,
    media: Option<(Address, u32)>,
}

/// Requests 10 µs apart, each with a Call-ID of its own, all between the same two addresses.
fn requests(count: u64, source: Address, request: impl Fn(u64) -> Request) -> Vec<u8> {
    let path = Path { source, destination: Address::new([192, 0, 2, 1], 5060), vlan: 0, dscp: 0 };
    written(|frames| {
        let mut text = String::new();
        for number in 0..count {
            text.clear();
            let Request { method, caller, extra, media } = request(number);
            let sdp = media.map_or(String::new(), |(Address { ip, port }, lines)| {
                let [a, b, c, d] = ip.to_be_bytes();
                let line = |line: u32| format!("m=audio {} RTP/AVP 8\r\n", u32::from(port) + 2 * line);
                let lines: String = (0..lines).map(line).collect();
                format!("v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 {a}.{b}.{c}.{d}\r\nt=0 0\r\n{lines}")
            });
            write!(
                text,
                "{method} sip:+441632960123@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK{number}\r\n\
                 From: <sip:+{caller}@192.0.2.9>;tag={number}\r\nTo: <sip:+441632960123@192.0.2.1>\r\n\
                 Call-ID: {number:x}\r\nCSeq: 1 {method}\r\n{extra}Content-Type: application/sdp\r\n\
                 Content-Length: {}\r\n\r\n{sdp}",
                sdp.len()
            )
            .unwrap();
            frames.udp(number * 10, &path, text.as_bytes()).unwrap();
        }
    })
}

const NEAR: Address = Address { ip: 0xc633_6409, port: 5060 };
const FAR: Address = Address { ip: 0xc000_0201, port: 5060 };

/// INVITEs from strangers, and INVITEs that are made to look alike in whatever greyline joins legs and media by. A
/// look-up that walks over all that look alike takes minutes here.
fn invites() {
    let count = 100_000;
    let strangers = written(|frames| Flood { seed: 1, count, rate: 100_000 }.invites(frames).unwrap());
    let plain = |number| Request { method: "INVITE", caller: 12_025_550_000 + number, extra: "", media: None };
    let media = Some((Address::new([192, 0, 2, 7], 20_000), 1));
    let many = Some((Address::new([192, 0, 2, 7], 20_000), 40));
    let floods = [
        ("strangers", strangers),
        ("one caller", requests(count, NEAR, |_| Request { caller: 12_025_550_100, ..plain(0) })),
        ("from and to one address", requests(count, FAR, |_| Request { caller: 12_025_550_100, ..plain(0) })),
        (
            "one session",
            requests(count, NEAR, |number| Request { extra: "P-Charging-Vector: icid-value=1\r\n", ..plain(number) }),
        ),
        ("one endpoint", requests(count, NEAR, |number| Request { media, ..plain(number) })),
        ("forty media", requests(count / 10, NEAR, |number| Request { media: many, ..plain(number) })),
    ];
    for (name, pcap) in floods {
        let Aftermath { heard, losses, worker } = check(name, &pcap);
        let legs = worker.call_tally().legs;
        assert_eq!(legs, if name == "forty media" { count / 10 } else { count }, "{name}");
        // Legs that were taken for one call leave together, and are evicted as one.
        let evicted = losses.get("call_legs_evicted").copied().unwrap_or_default();
        assert!((legs - PIECES as u64) / 9 <= evicted && evicted < legs, "{name}: {evicted} of {legs} evicted");
        assert!(heard.records >= legs / 9, "{name}: {} records", heard.records);
    }
}

/// Requests outside calls that nobody answers.
fn exchanges() {
    let count = 100_000;
    for method in ["REGISTER", "OPTIONS", "MESSAGE"] {
        let request = |_| Request { method, caller: 12_025_550_100, extra: "", media: None };
        let Aftermath { heard, losses, .. } = check(method, &requests(count, NEAR, request));
        assert_eq!(heard.exchanges, count, "{method}: every request is told");
        assert_eq!(losses.get("call_exchanges_evicted"), Some(&(count - PIECES as u64)), "{method}");
    }
}

/// Connections that never finish opening, and holes that never close.
fn connections() {
    let flood = Flood { seed: 2, count: 100_000, rate: 100_000 };
    let Aftermath { losses, .. } = check("SYNs", &written(|frames| flood.connections(frames).unwrap()));
    assert!(losses["tcp_evicted"] > 10_000 && losses["tcp_gap_bytes"] > 0, "{losses:?}");
}

/// Fragments of which nothing becomes whole.
fn fragments() {
    let flood = Flood { seed: 3, count: 50_000, rate: 100_000 };
    let Aftermath { losses, .. } = check("fragments", &written(|frames| flood.fragments(frames).unwrap()));
    let lost = losses["fragment_evicted"] + losses.get("fragment_expired").copied().unwrap_or_default();
    assert_eq!(lost, flood.count, "{losses:?}");
}

/// Streams of RTP: nobody announced them; one call announced them all; and packets of a new source each.
fn streams() {
    let flood = Flood { seed: 4, count: 20_000, rate: 10_000 };
    let pcap = written(|frames| flood.streams(frames).unwrap());
    let Aftermath { losses, worker, .. } = check("streams", &pcap);
    let found = worker.traffic().rtp_heuristic_streams;
    let kept = losses.get("rtp_streams_evicted").map_or(found, |evicted| found - evicted);
    assert!(found > 10_000 && kept == PIECES as u64, "{found} found, {losses:?}");

    let media = Address::new([192, 0, 2, 7], 20_000);
    let invite =
        requests(1, NEAR, |_| Request { method: "INVITE", caller: 12_025_550_100, extra: "", media: Some((media, 1)) });
    let sources = written(|frames| {
        let path = Path { source: Address::new([198, 51, 100, 3], 30_000), destination: media, vlan: 0, dscp: 0 };
        let mut packet = [0x55; 172];
        for number in 0..100_000_u32 {
            let fields = [0x80, 8, 0, 1, 0, 0, 0, 0].into_iter().chain(number.wrapping_mul(0x9e37_79b1).to_be_bytes());
            packet.iter_mut().zip(fields).for_each(|(place, byte)| *place = byte);
            frames.udp(1_000 + u64::from(number) * 10, &path, &packet).unwrap();
        }
    });
    let Aftermath { losses, worker, .. } = check("sources", &[&invite[..], &sources[24..]].concat());
    let streams_max = u64::from(CallConfig::default().streams_max);
    assert_eq!(worker.traffic().rtp_streams, streams_max);
    assert_eq!(losses["call_streams_refused"], 100_000 - streams_max, "{losses:?}");
}

/// One endpoint announced under one Call-ID after the other, with 20 sources sending to it in between: each stays with the call
/// it came to, until it ends before its leg because there are more than the table holds.
fn ended_streams() {
    let media = Address::new([192, 0, 2, 7], 20_000);
    let invites = requests(PIECES as u64, NEAR, |number| Request {
        method: "INVITE",
        caller: 12_025_550_000 + number,
        extra: "",
        media: Some((media, 1)),
    });
    let (mut pcap, mut rest) = (invites[..24].to_vec(), &invites[24..]);
    let mut ssrc = 0_u32;
    while !rest.is_empty() {
        let (invite, after) = rest.split_at(16 + u32::from_le_bytes(rest[8..12].try_into().unwrap()) as usize);
        rest = after;
        pcap.extend(invite);
        let sources = written(|frames| {
            let path = Path { source: Address::new([198, 51, 100, 3], 30_000), destination: media, vlan: 0, dscp: 0 };
            for _ in 0..20 {
                ssrc += 1;
                let fields = [0x80, 8, 0, 1, 0, 0, 0, 0].into_iter().chain(ssrc.to_be_bytes()).chain([0x55; 160]);
                frames.udp(u64::from(ssrc / 2), &path, &fields.collect::<Vec<u8>>()).unwrap();
            }
        });
        pcap.extend(&sources[24..]);
    }
    let Aftermath { losses, worker, .. } = check("ended streams", &pcap);
    assert_eq!(worker.traffic().rtp_streams, u64::from(ssrc));
    let (pieces, announcers) = (PIECES as u64, 8);
    assert_eq!(losses["rtp_streams_evicted"], u64::from(ssrc) - pieces, "{losses:?}");
    assert_eq!(losses["call_streams_forgotten"], u64::from(ssrc) - pieces - pieces, "{losses:?}");
    assert_eq!(losses["call_announcers_forgotten"], pieces - announcers, "{losses:?}");
}

/// One test alone: what the allocator counts is of the whole process.
#[test]
fn floods_stay_within_named_limits() {
    invites();
    exchanges();
    connections();
    fragments();
    streams();
    ended_streams();
    after_a_flood_calls_are_calls_again();
}

/// A flood does not outlive itself: a call that comes after it is whole.
fn after_a_flood_calls_are_calls_again() {
    let mut worker = Worker::new(limits());
    let mut heard = Heard::default();
    let flood = Flood { seed: 5, count: 20_000, rate: 100_000 };
    play(&mut worker, &written(|frames| flood.invites(frames).unwrap()), &mut heard);
    let before = worker.call_tally().outcomes;
    let quiet = requests(1, NEAR, |_| Request { method: "INVITE", caller: 12_025_550_100, extra: "", media: None });
    for secs_later in [300, 400] {
        let mut later = quiet.clone();
        let secs = u32::from_le_bytes(later[24..28].try_into().unwrap()) + secs_later;
        later[24..28].copy_from_slice(&secs.to_le_bytes());
        play(&mut worker, &later, &mut heard);
    }
    let (legs, _) = worker.held();
    assert_eq!(legs, 1, "400 s later only the call that came after 300 s is held");
    assert_eq!(worker.call_tally().calls(), flood.count);
    assert!(worker.call_tally().outcomes > before);
}

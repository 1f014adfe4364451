//! What is counted, and as what: datagrams and streams that look like something else, or are not there whole.

#![cfg(test)]

use std::collections::BTreeMap;

use benches::traffic::frames::{Address, Frames, Path};
use call::{CallRecord, Exchange, Listener, Step};
use link::{Batch, FrameHead, LinkType};
use pipeline::{Worker, WorkerConfig};
use types::{Losses, Nanos};

struct Deaf;

impl Listener for Deaf {
    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}
    fn exchange(&mut self, _: &Exchange<'_>) {}
    fn record(&mut self, _: &CallRecord<'_>) {}
}

const CALLER: [u8; 4] = [192, 0, 2, 1];
const CALLEE: [u8; 4] = [192, 0, 2, 2];

/// A capture being written.
struct Tap<'a> {
    frames: Frames<&'a mut Vec<u8>>,
    now_us: u64,
    /// Bytes of the TCP stream so far.
    sent: u32,
}

impl Tap<'_> {
    fn path(source: u16, destination: u16) -> Path {
        let (source, destination) = (Address::new(CALLER, source), Address::new(CALLEE, destination));
        Path { source, destination, vlan: 0, dscp: 0 }
    }

    /// From the caller to the callee, 20 ms after what was sent before.
    fn udp(&mut self, source: u16, destination: u16, payload: &[u8]) {
        self.now_us += 20_000;
        self.frames.udp(self.now_us, &Self::path(source, destination), payload).unwrap();
    }

    /// More of a TCP stream that began before the capture.
    fn tcp(&mut self, bytes: &[u8]) {
        for segment in bytes.chunks(1_400) {
            self.now_us += 100;
            let [s0, s1, s2, s3] = (1 + self.sent).to_be_bytes();
            let header = [0x9c, 0x40, 0x13, 0xc4, s0, s1, s2, s3, 0, 0, 0, 1, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0];
            self.frames.ip(self.now_us, &Self::path(40_000, 5_060), 6, 0x4000, &header, segment).unwrap();
            self.sent += segment.len() as u32;
        }
    }
}

/// Plays what is written, and gives the losses that there were; of each frame the capture holds so many bytes at most.
fn played(snaplen: u32, write: impl FnOnce(&mut Tap<'_>)) -> (Worker, BTreeMap<&'static str, u64>) {
    let mut pcap = Vec::new();
    write(&mut Tap { frames: Frames::begin(&mut pcap).unwrap(), now_us: 0, sent: 0 });
    let (mut heads, mut at) = (Vec::new(), 24);
    while at < pcap.len() {
        let word = |place: usize| u32::from_le_bytes(pcap[at + place..at + place + 4].try_into().unwrap());
        let stamp = Nanos::from_parts(word(0).into(), u64::from(word(4)) * 1_000);
        let (offset, length, link) = (at as u64 + 16, word(12), LinkType::ETHERNET);
        heads.push(FrameHead { at: stamp, offset, captured: length.min(snaplen), length, link });
        at += 16 + length as usize;
    }
    let mut worker = Worker::new(WorkerConfig::default());
    worker.on_batch(&Batch::new(&pcap, &heads), &mut Deaf);
    worker.drain(&mut Deaf);
    let mut losses = BTreeMap::new();
    worker.losses(&mut |name, count| *losses.entry(name).or_default() += count);
    losses.retain(|_, count| *count > 0);
    (worker, losses)
}

/// A message of call `call`, with a body of this type.
fn message(start: &str, call: &str, (content_type, body): (&str, &str)) -> String {
    let method = if start.starts_with("SIP/") { "INVITE" } else { start.split(' ').next().unwrap() };
    let length = body.len();
    format!(
        "{start}\r\nVia: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK{call}{method}\r\nFrom: <sip:+441632960001@192.0.2.1>;tag=x\r\n\
         To: <sip:+441632960002@192.0.2.2>\r\nCSeq: 1 {method}\r\nCall-ID: {call}\r\nContent-Type: {content_type}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

const INVITE: &str = "INVITE sip:+441632960002@192.0.2.2 SIP/2.0";

fn invite(call: &str) -> String {
    message(INVITE, call, ("text/plain", ""))
}

fn requests(worker: &Worker) -> String {
    let counts = worker.traffic().sip.requests().map(|(method, count)| format!("{method}:{count}"));
    counts.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_body_that_is_too_long_is_passed_over() {
    let body = invite("phantom").repeat(300);
    assert!(body.len() > 65_536);
    let (worker, losses) = played(65_535, |tap| {
        tap.tcp(message("NOTIFY sip:a@192.0.2.2 SIP/2.0", "n", ("text/plain", &body)).as_bytes());
        tap.tcp(invite("c").as_bytes());
    });
    assert_eq!(requests(&worker), "INVITE:1 NOTIFY:1");
    assert_eq!(losses, BTreeMap::from([("sip_bodies_cut", 1)]));
}

#[test]
fn websocket_messages_that_are_not_read_are_counted() {
    let small = invite("c");
    let (worker, losses) = played(65_535, |tap| {
        tap.tcp(b"GET / HTTP/1.1\r\nSec-WebSocket-Protocol: sip\r\n\r\n");
        tap.tcp(&[&[0xc1, 8][..], b"deflated"].concat());
        tap.tcp(&[&[0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70][..], &[b'x'; 70_000]].concat());
        tap.tcp(&[&[0x81, 126][..], &(small.len() as u16).to_be_bytes(), small.as_bytes()].concat());
    });
    assert_eq!(requests(&worker), "INVITE:1");
    let expected = [("websocket_messages_compressed", 1), ("websocket_messages_oversized", 1)];
    assert_eq!(losses, BTreeMap::from(expected));
}

#[test]
fn a_call_id_that_is_cut_is_none() {
    let whole = invite("0123456789abcdef");
    let within = whole.rfind("abcdef").unwrap();
    let behind = whole.find("Content-Type").unwrap();
    let whole = whole.as_bytes();
    let ids = |snaplen, bytes: &[u8]| {
        let (worker, _) = played(snaplen, |tap| tap.udp(5_060, 5_060, bytes));
        worker.traffic().sip.call_ids.count()
    };
    // 42 bytes of headers stand before it.
    assert_eq!([within, behind, whole.len()].map(|held| ids(42 + held as u32, whole)), [0, 1, 1]);
    // Where the datagram is whole, it was sent so.
    assert_eq!(ids(65_535, &whole[..within]), 1);
}

#[test]
fn media_whose_type_and_marker_look_like_feedback_is_media() {
    let described = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n\
                     m=video 5000 RTP/AVP 77\r\na=rtpmap:77 H264/90000\r\n";
    let packet = |kind: u8, number: u8, length: usize| {
        let mut packet = vec![0x80, kind, 0, number, 0, 0, 0, number, 0, 0, 0, 7];
        packet.resize(length, number);
        packet
    };
    let (worker, losses) = played(65_535, |tap| {
        tap.udp(5_060, 5_060, message(INVITE, "c", ("application/sdp", described)).as_bytes());
        (1..=20).for_each(|number| {
            tap.udp(4_000, 5_000, &packet(if number % 2 == 0 { 205 } else { 77 }, number, 172));
        });
        // Feedback on the port above it, and an extended report whose type nobody gave a meaning.
        tap.udp(4_001, 5_001, &packet(205, 2, 12));
        tap.udp(4_000, 5_000, &packet(207, 2, 12));
    });
    let traffic = worker.traffic();
    assert_eq!((traffic.rtp_packets, traffic.rtp_streams, traffic.rtcp_packets), (20, 1, 2));
    assert!(losses.is_empty(), "{losses:?}");
}

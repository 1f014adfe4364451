//! What senders send, and what becomes of it.

#![cfg(test)]

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use hep::{Astray, CHUNKS_MAX, INFLATED_BYTES_MAX, Intake, IntakeConfig, Kind, Packet, Stream, Tally, rtcp_of};
use link::{Frames, LinkType};
use proptest::prelude::*;
use types::Nanos;

const SIP: &[u8] = b"OPTIONS sip:b@example.net SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n";
const SECS: u32 = 1_790_000_000;

fn chunk(kind: u16, value: &[u8]) -> Vec<u8> {
    [&0u16.to_be_bytes()[..], &kind.to_be_bytes(), &(value.len() as u16 + 6).to_be_bytes(), value].concat()
}

fn hep3(chunks: &[Vec<u8>]) -> Vec<u8> {
    let inside = chunks.concat();
    [&b"HEP3"[..], &(inside.len() as u16 + 6).to_be_bytes(), &inside].concat()
}

/// The chunks that every sender sends, of a payload of this kind.
fn usual(kind: u8) -> Vec<Vec<u8>> {
    vec![
        chunk(1, &[2]),
        chunk(2, &[17]),
        chunk(3, &[192, 0, 2, 1]),
        chunk(4, &[198, 51, 100, 2]),
        chunk(7, &5060u16.to_be_bytes()),
        chunk(8, &5070u16.to_be_bytes()),
        chunk(9, &SECS.to_be_bytes()),
        chunk(10, &250_000u32.to_be_bytes()),
        chunk(11, &[kind]),
        chunk(12, &2_001u32.to_be_bytes()),
    ]
}

fn packet(kind: u8, more: &[Vec<u8>]) -> Vec<u8> {
    hep3(&[usual(kind), more.to_vec()].concat())
}

/// A packet of version 1 or 2.
fn fixed(version: u8, family: u8, addresses: &[u8], time: &[u8]) -> Vec<u8> {
    let head = [version, 8 + addresses.len() as u8, family, 17, 0x13, 0xc4, 0x13, 0xce];
    [&head[..], addresses, time, SIP].concat()
}

/// Takes packets in half a second after they were seen, and gives the frames as hex and text, and what was counted.
fn taken(config: IntakeConfig, packets: &[Vec<u8>]) -> (Vec<String>, Tally) {
    let (mut intake, mut frames) = (Intake::new(config), Frames::default());
    let received = Nanos::from_parts(u64::from(SECS), 750_000_000);
    packets.iter().for_each(|packet| intake.take(packet, received, &mut frames));
    let told = frames.batch().frames().map(|frame| {
        assert_eq!(frame.link, LinkType::RAW);
        let header = if frame.bytes[0] >> 4 == 4 { 28 } else { 48 };
        let (header, payload) = frame.bytes.split_at(header);
        let hex: String = header.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{} {hex} {} bytes", frame.at.get() / 1_000_000 % 1_000_000, payload.len())
    });
    (told.collect(), intake.tally())
}

#[test]
fn version_3_says_all() {
    let bytes = packet(1, &[chunk(14, b"key"), chunk(17, b"correlation"), chunk(15, SIP)]);
    let told = Packet::parse(&bytes).unwrap();
    assert_eq!(told.at, Some(Nanos::from_parts(u64::from(SECS), 250_000_000)));
    assert_eq!(
        (told.source.to_string(), told.destination.to_string()),
        ("192.0.2.1:5060".into(), "198.51.100.2:5070".into())
    );
    assert_eq!((told.protocol, told.kind, told.agent, told.key), (17, Kind::Sip, 2_001, Some(&b"key"[..])));
    assert_eq!((told.payload, told.compressed), (SIP, false));
}

#[test]
fn versions_1_and_2_are_read() {
    let v4 = [192, 0, 2, 1, 198, 51, 100, 2];
    let v6 = [[0x20; 16], [0x30; 16]].concat();
    let time =
        |order: fn(u32) -> [u8; 4], agent: [u8; 2]| [&order(SECS)[..], &order(250_000), &agent, &[0, 0]].concat();
    let little = time(u32::to_le_bytes, [209, 7]);
    let big = time(u32::to_be_bytes, [7, 209]);
    for (bytes, agent, timed) in [
        (fixed(1, 2, &v4, &[]), 0, false),
        (fixed(2, 2, &v4, &little), 2_001, true),
        (fixed(2, 2, &v4, &big), 2_001, true),
        (fixed(2, 10, &v6, &little), 2_001, true),
    ] {
        let told = Packet::parse(&bytes).unwrap();
        assert_eq!(told.payload, SIP);
        assert_eq!((told.agent, told.source.port, told.destination.port), (agent, 5060, 5070));
        assert_eq!(told.at, timed.then_some(Nanos::from_parts(u64::from(SECS), 250_000_000)));
    }
}

#[test]
fn what_is_none_is_refused() {
    let sound = packet(1, &[chunk(15, SIP)]);
    for cut in 0..sound.len() {
        assert!(Packet::parse(&sound[..cut]).is_err(), "cut at {cut}");
    }
    let one_sided = hep3(&[chunk(3, &[192, 0, 2, 1]), chunk(15, SIP)]);
    let mixed = hep3(&[chunk(3, &[192, 0, 2, 1]), chunk(6, &[0x20; 16])]);
    let many = packet(1, &vec![chunk(99, b""); CHUNKS_MAX]);
    let short = packet(1, &[vec![0, 0, 0, 15, 0, 5]]);
    for bytes in [one_sided, mixed, many, short, b"HEP2\0\x06".to_vec(), vec![3; 40], fixed(1, 7, &[0; 8], &[])] {
        assert!(Packet::parse(&bytes).is_err());
    }
}

#[test]
fn frames_have_the_headers_their_payload_had() {
    let (frames, tally) = taken(IntakeConfig::default(), &[packet(1, &[chunk(15, SIP)]), packet(1, &[chunk(15, SIP)])]);
    assert_eq!(
        frames,
        [
            "250 450000520001400040110000c0000201c633640213c413ce003e0000 54 bytes",
            "250 450000520002400040110000c0000201c633640213c413ce003e0000 54 bytes",
        ]
    );
    assert_eq!(tally, Tally { packets: 2, frames: 2, ..Tally::default() });
}

#[test]
fn what_is_no_telephony_is_counted() {
    let inflated = |payload: &[u8]| {
        let (mut zlib, mut gzip) =
            (ZlibEncoder::new(vec![], Compression::fast()), GzEncoder::new(vec![], Compression::fast()));
        zlib.write_all(payload).unwrap();
        gzip.write_all(payload).unwrap();
        [chunk(16, &zlib.finish().unwrap()), chunk(16, &gzip.finish().unwrap())]
    };
    let [zlib, gzip] = inflated(SIP);
    let [bomb, _] = inflated(&vec![0; INFLATED_BYTES_MAX + 1]);
    for (sent, counted) in [
        (packet(1, &[zlib]), Tally { frames: 1, ..Tally::default() }),
        (packet(1, &[gzip]), Tally { frames: 1, ..Tally::default() }),
        (packet(1, &[bomb]), Tally { inflate_failed: 1, ..Tally::default() }),
        (packet(1, &[chunk(16, SIP)]), Tally { inflate_failed: 1, ..Tally::default() }),
        (packet(1, &[]), Tally { others: 1, ..Tally::default() }),
        (packet(100, &[chunk(15, b"a line")]), Tally { logs: 1, ..Tally::default() }),
        (packet(53, &[chunk(15, b"a query")]), Tally { others: 1, ..Tally::default() }),
        (packet(5, &[chunk(15, b"{\"no\": \"report\"}")]), Tally { report_malformed: 1, ..Tally::default() }),
        (b"SIP/2.0 200 OK".to_vec(), Tally { malformed: 1, ..Tally::default() }),
    ] {
        assert_eq!(taken(IntakeConfig::default(), &[sent]).1, Tally { packets: 1, ..counted });
    }
}

#[test]
fn only_who_shows_the_key_may_send() {
    let config = IntakeConfig { key: Some(b"secret".to_vec()), ..IntakeConfig::default() };
    let shown = |key: &[u8]| packet(1, &[chunk(14, key), chunk(15, SIP)]);
    let sent = [packet(1, &[chunk(15, SIP)]), shown(b"secre"), shown(b"secreT"), shown(b"secret")];
    assert_eq!(taken(config, &sent).1, Tally { packets: 4, frames: 1, key_refused: 3, ..Tally::default() });
}

#[test]
fn a_clock_that_is_too_far_away_is_not_believed() {
    let config = IntakeConfig { skew_max: Duration::from_millis(499), ..IntakeConfig::default() };
    let (frames, tally) = taken(config, &[packet(1, &[chunk(15, SIP)])]);
    assert!(frames[0].starts_with("750 "), "{}", frames[0]);
    assert_eq!(tally, Tally { packets: 1, frames: 1, skewed: 1, ..Tally::default() });
}

#[test]
fn reports_become_rtcp_again() {
    // As Asterisk, rtpengine and an agent that holds 2^31 and more for negative write them.
    for (json, expected) in [
        (
            r#"{"ssrc":3581287122,"type":200,"report_count":1,"sender_information":{"ntp_timestamp_sec":"1790000000",
                "ntp_timestamp_usec":"250000","rtp_timestamp":160000,"packets":1000,"octets":160000},"report_blocks":[{"source_ssrc":1203774560,
                "fraction_lost":2,"packets_lost":7,"highest_seq_no":70123,"ia_jitter":17,"lsr":"3183606784","dlsr":32768}]}"#,
            "81c8000cd5761ad26ab13b800003d09000027100000003e80002710047c0246002000007000111eb00000011bdc1fc0000008000",
        ),
        (
            r#"{"ssrc":1,"type":201,"report_blocks":[{"source_ssrc":2,"fraction_lost":0,"packets_lost":-1,"highest_seq_no":3,"ia_jitter":1.5,
                "lsr":-1097006646,"dlsr":7733}]}"#,
            "81c90007000000010000000200ffffff0000000300000001be9d01ca00001e35",
        ),
        (r#"{"ssrc":9,"type":201,"report_count":0}"#, "80c9000100000009"),
    ] {
        let rtcp = rtcp_of(json.as_bytes()).unwrap();
        let hex: String = rtcp.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, expected);
        let (frames, tally) = taken(IntakeConfig::default(), &[packet(5, &[chunk(15, json.as_bytes())])]);
        assert!(frames[0].ends_with(&format!("{} bytes", rtcp.len())));
        assert_eq!(tally.frames, 1);
    }
}

/// Takes a connection in pieces of `size` and gives the packets found, and whether it went astray.
fn cut(bytes: &[u8], size: usize) -> (Vec<Vec<u8>>, bool) {
    let (mut stream, mut found) = (Stream::default(), Vec::new());
    for piece in bytes.chunks(size) {
        stream.on_bytes(piece);
        loop {
            match stream.next_packet() {
                Ok(Some(packet)) => found.push(packet.to_vec()),
                Ok(None) => break,
                Err(Astray) => return (found, true),
            }
        }
    }
    (found, false)
}

#[test]
fn a_connection_is_cut_into_packets() {
    let packets = [packet(1, &[chunk(15, SIP)]), packet(100, &[]), packet(1, &[chunk(15, &[0; 60_000])])];
    let whole = packets.concat();
    for size in [1, 2, 5, 7, 1_000, whole.len()] {
        assert_eq!(cut(&whole, size), (packets.to_vec(), false), "pieces of {size}");
        assert_eq!(cut(&[&whole[..], b"HEP3\0\x05"].concat(), size), (packets.to_vec(), true));
        assert!(cut(&[&whole[..], b"GET /"].concat(), size).1);
    }
}

proptest! {
    #[test]
    fn anything_may_arrive(bytes in proptest::collection::vec(any::<u8>(), 0..200), version in 0u8..3, at in 0usize..200) {
        let mut sound = packet(1, &[chunk(15, SIP)]);
        if let Some(byte) = sound.get_mut(at) {
            *byte ^= 1 << (version + 1);
        }
        for packet in [bytes.clone(), [&[version], &bytes[..]].concat(), [&b"HEP3"[..], &bytes].concat(), sound] {
            let counted = taken(IntakeConfig::default(), &[packet]).1;
            let Tally { packets, frames, malformed, key_refused, logs, others, inflate_failed, report_malformed, .. } = counted;
            prop_assert_eq!(packets, frames + malformed + key_refused + logs + others + inflate_failed + report_malformed);
        }
    }

    #[test]
    fn any_report_is_rtcp_or_none(ssrc in any::<i64>(), lost in any::<i64>(), blocks in 0usize..40) {
        let block = format!(r#"{{"source_ssrc":{ssrc},"packets_lost":{lost}}}"#);
        let json = format!(r#"{{"ssrc":{ssrc},"report_blocks":[{}]}}"#, vec![block; blocks].join(","));
        let rtcp = rtcp_of(json.as_bytes()).unwrap();
        prop_assert_eq!(rtcp.len(), 8 + 24 * blocks.min(hep::REPORT_BLOCKS_MAX));
        prop_assert!(rtp::rtcp::Compound::parse(&rtcp).is_ok());
    }
}

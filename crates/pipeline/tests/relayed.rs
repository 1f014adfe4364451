//! Media that no session description names: through a relay (TURN), and on a path that only the checks of ICE tell.

#![cfg(test)]

use std::fmt::Write;

use call::{CallRecord, Exchange, Listener, Side, Step};
use link::{Frames, LinkType};
use pipeline::{Worker, WorkerConfig};
use types::Nanos;

/// Hosts by the last byte of 192.0.2.0/24.
type End = (u8, u16);

const CALLER: End = (1, 5060);
const CALLEE: End = (2, 5060);
/// From where the caller asks the relay to relay.
const CLIENT: End = (1, 55_000);
const RELAY: End = (20, 3_478);
const RELAYED: End = (20, 49_160);
const PEER: End = (2, 30_000);

/// Notes whose packets were found.
#[derive(Default)]
struct Notes(String);

impl Listener for Notes {
    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}
    fn exchange(&mut self, _: &Exchange<'_>) {}
    fn record(&mut self, record: &CallRecord<'_>) {
        for media in record.media {
            let from = if media.from == Side::Caller { "caller" } else { "callee" };
            let _ = write!(self.0, "{from} {} ", media.figures.packets);
        }
    }
}

/// A tap and what it has heard.
struct Tap {
    worker: Worker,
    notes: Notes,
    millis: u64,
}

impl Tap {
    fn new() -> Self {
        Self { worker: Worker::new(WorkerConfig::default()), notes: Notes::default(), millis: 1_700_000_000_000 }
    }

    fn hear(&mut self, (source, source_port): End, (destination, destination_port): End, payload: &[u8]) {
        let length = payload.len() as u16;
        let mut packet = vec![0x45, 0];
        packet.extend((length + 28).to_be_bytes());
        packet.extend([0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, source, 192, 0, 2, destination]);
        packet.extend([source_port, destination_port, length + 8, 0].map(u16::to_be_bytes).concat());
        packet.extend(payload);
        self.millis += 20;
        let mut frames = Frames::default();
        frames.push_with(Nanos::new(self.millis * 1_000_000), LinkType::RAW, |bytes| bytes.extend(packet));
        self.worker.on_batch(&frames.batch(), &mut self.notes);
    }

    /// A call up to its answer, described by `offer` and `answer`.
    fn call(&mut self, offer: &str, answer: &str) {
        let message = |start: &str, to: &str, sdp: &str| {
            format!(
                "{start}\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\nFrom: <sip:+441632960001@192.0.2.1>;tag=a\r\n\
                 To: <sip:+441632960002@192.0.2.2>{to}\r\nCall-ID: relayed@192.0.2.1\r\nCSeq: 1 INVITE\r\n\
                 Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}",
                sdp.len()
            )
        };
        let described = |(host, port): End, more: &str| {
            format!(
                "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.{host}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n{more}"
            )
        };
        let invite = message("INVITE sip:+441632960002@192.0.2.2 SIP/2.0", "", &described(RELAYED, offer));
        let answered = message("SIP/2.0 200 OK", ";tag=b", &described(PEER, answer));
        self.hear(CALLER, CALLEE, invite.as_bytes());
        self.hear(CALLEE, CALLER, answered.as_bytes());
    }

    /// Fifty packets of each side, as `wrap` carries those to the peer and those from it.
    fn talk(&mut self, wrap: impl Fn(bool, &[u8]) -> Vec<u8>) {
        for sequence in 0..50_u16 {
            let packet = |ssrc: u8| {
                let mut packet = [&[0x80, 0][..], &sequence.to_be_bytes()].concat();
                packet.extend((u32::from(sequence) * 160).to_be_bytes());
                packet.extend([&[0, 0, 0, ssrc][..], &[0x55; 160]].concat());
                packet
            };
            self.hear(CLIENT, RELAY, &wrap(true, &packet(1)));
            self.hear(RELAY, CLIENT, &wrap(false, &packet(2)));
        }
    }

    /// Whose packets were found, and how many datagrams a relay had carried.
    fn found(mut self) -> (String, u64) {
        self.worker.drain(&mut self.notes);
        (self.notes.0.trim_end().to_owned(), self.worker.traffic().turn_packets)
    }
}

/// TURN channel data (RFC 8656 §12.4).
fn channel(inside: &[u8]) -> Vec<u8> {
    [&[0x40, 0][..], &(inside.len() as u16).to_be_bytes(), inside].concat()
}

fn stun(kind: u16, attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, value) in attributes {
        body.extend([*kind, value.len() as u16].map(u16::to_be_bytes).concat());
        body.extend(*value);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    let head = [kind, body.len() as u16].map(u16::to_be_bytes).concat();
    [&head[..], &[0x21, 0x12, 0xa4, 0x42], &[7; 12], &body].concat()
}

/// A Send or Data indication of TURN about a peer on 192.0.2.0/24 (RFC 8656 §11).
fn indication(to_peer: bool, (host, port): End, inside: &[u8]) -> Vec<u8> {
    let [high, low] = (port ^ 0x2112).to_be_bytes();
    let peer = [0, 1, high, low, 192 ^ 0x21, 0x12, 2 ^ 0xa4, host ^ 0x42];
    stun(if to_peer { 0x0016 } else { 0x0017 }, &[(0x0012, &peer), (0x0013, inside)])
}

const BOTH: &str = "caller 50 callee 50";

#[test]
fn a_relay_carries_media_in_indications_of_whom_it_is_for() {
    let mut tap = Tap::new();
    tap.call("", "");
    tap.talk(|to_peer, packet| indication(to_peer, PEER, packet));
    assert_eq!(tap.found(), (BOTH.to_owned(), 100));
    // An indication within an indication is nobody's doing but an attacker's.
    let mut tap = Tap::new();
    tap.call("", "");
    tap.talk(|to_peer, packet| indication(to_peer, PEER, &indication(to_peer, PEER, packet)));
    assert_eq!(tap.found(), (String::new(), 100));
}

#[test]
fn a_channel_is_the_clients_whom_the_relays_candidate_names() {
    let mut tap = Tap::new();
    tap.call("a=candidate:1 1 UDP 1 192.0.2.20 49160 typ relay raddr 192.0.2.1 rport 55000\r\n", "");
    tap.talk(|_, packet| channel(packet));
    assert_eq!(tap.found(), (BOTH.to_owned(), 100));
}

#[test]
fn a_channel_is_the_clients_whose_checks_go_through_it() {
    let check = |receiver: &str, sender: &str| stun(0x0001, &[(0x0006, format!("{receiver}:{sender}").as_bytes())]);
    let names = ("a=ice-ufrag:AAAA\r\n", "a=ice-ufrag:BBBB\r\n");
    for (wrapped, from_client) in [(channel(&check("BBBB", "AAAA")), true), (channel(&check("AAAA", "BBBB")), false)] {
        let mut tap = Tap::new();
        tap.call(names.0, names.1);
        let (source, destination) = if from_client { (CLIENT, RELAY) } else { (RELAY, CLIENT) };
        tap.hear(source, destination, &wrapped);
        tap.talk(|_, packet| channel(packet));
        assert_eq!(tap.found().0, BOTH, "{from_client}");
    }
    // Checks of others say nothing of it.
    let mut tap = Tap::new();
    tap.call(names.0, names.1);
    tap.hear(CLIENT, RELAY, &channel(&check("BBBB", "CCCC")));
    tap.talk(|_, packet| channel(packet));
    assert_eq!(tap.found().0, "");
}

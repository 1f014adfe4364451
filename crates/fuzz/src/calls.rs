//! Calls out of a small grammar: few Call-IDs, tags, branches and endpoints, so that every message has something to do with
//! another; time leaps forwards and back. The story is written as a capture and read as one, by [`crate::capture`].
//!
//! With `FUZZ_DUMP=FILE` in the environment the capture is kept there: that is what goes into `fixtures/hostile`.

use std::fmt::Write;

use crate::deck::Deck;
use crate::pcap::{Pcap, Record};

/// Turns of one story.
const TURNS_MAX: usize = 150;

const METHODS: [&str; 17] = [
    "INVITE",
    "INVITE",
    "INVITE",
    "ACK",
    "BYE",
    "BYE",
    "CANCEL",
    "PRACK",
    "UPDATE",
    "INFO",
    "REFER",
    "REGISTER",
    "OPTIONS",
    "MESSAGE",
    "SUBSCRIBE",
    "NOTIFY",
    "invite",
];
const CODES: [u16; 18] = [200, 200, 200, 180, 183, 100, 101, 202, 300, 302, 401, 407, 408, 486, 487, 503, 603, 699];
const USERS: [&str; 6] = ["+441632960001", "01632960002", "alice", "anonymous", "", "15555550100"];
const CALL_IDS: [&str; 5] = ["call-one@a", "call-two@b", "call-two@b-and-more", "call-three", "x"];

/// Seconds by which time leaps: around every timer of the call table.
const LEAPS: [i64; 12] = [1, 2, 5, 11, 33, 61, 181, 201, 901, 14_401, -1, -400];

pub fn check(bytes: &[u8]) {
    let story = Story::read(&mut Deck(bytes)).bytes(usize::MAX);
    if let Some(file) = std::env::var_os("FUZZ_DUMP") {
        std::fs::write(file, &story).expect("a place for the capture");
    }
    crate::capture::check(&story);
}

/// A story being written.
struct Story {
    pcap: Pcap,
    micros: u64,
    sequence: [u16; 4],
    id: u16,
}

impl Story {
    fn read(deck: &mut Deck<'_>) -> Pcap {
        let mut pcap = Pcap::ethernet();
        pcap.header[12] = deck.u8();
        let mut story = Self { pcap, micros: 1_700_000_000_000_000, sequence: [0; 4], id: 0 };
        for _ in 0..TURNS_MAX {
            if deck.is_empty() {
                break;
            }
            story.turn(deck);
        }
        story.pcap
    }

    fn turn(&mut self, deck: &mut Deck<'_>) {
        self.micros += 1_000;
        match deck.u8() {
            0..=159 => {
                let message = message(deck);
                let ports = (deck.of(&[5060, 5061]), deck.of(&[5060, 5062]));
                self.datagram(deck.u8(), ports, &message);
            }
            160..=199 => self.media(deck),
            200..=214 => {
                let report = report(deck);
                let ports = (deck.of(&[40_000, 40_001]), deck.of(&[40_001, 40_003]));
                self.datagram(deck.u8(), ports, &report);
            }
            215..=244 => {
                let leap = deck.of(&LEAPS) * 1_000_000 + i64::from(deck.u8());
                self.micros = self.micros.saturating_add_signed(leap) % (u64::from(u32::MAX) * 1_000_000);
            }
            _ => {
                if let Some(last) = self.pcap.records.last().cloned() {
                    self.pcap.records.push(Record { micros: self.micros, ..last });
                }
            }
        }
    }

    /// Some packets of one of four streams.
    fn media(&mut self, deck: &mut Deck<'_>) {
        let ports = (deck.of(&[40_000, 40_002]), deck.of(&[40_000, 40_002, 40_004]));
        let (way, ssrc) = (deck.u8(), deck.below(4));
        let payload_type = deck.of(&[0, 0, 8, 18, 101, 13, 96]);
        for _ in 0..deck.of(&[1, 2, 7, 12]) {
            let number = self.sequence[ssrc].wrapping_add(1);
            self.sequence[ssrc] = number;
            let mut packet = vec![0x80, payload_type];
            packet.extend(number.to_be_bytes());
            packet.extend((u32::from(number) * 160).to_be_bytes());
            packet.extend([0, 0, 0, ssrc as u8]);
            packet.resize(12 + 20, 0x55);
            self.micros += 20_000;
            self.datagram(way, ports, &packet);
        }
    }

    /// UDP over IPv4 in Ethernet between two of a few hosts.
    fn datagram(&mut self, way: u8, (from, to): (u16, u16), payload: &[u8]) {
        self.id = self.id.wrapping_add(1);
        let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
        frame.extend([0x45, 0]);
        frame.extend((payload.len() as u16 + 28).to_be_bytes());
        frame.extend(self.id.to_be_bytes());
        frame.extend([0x40, 0, 64, 17, 0, 0, 192, 0, 2, host(way), 192, 0, 2, host(way >> 2)]);
        frame.extend(from.to_be_bytes());
        frame.extend(to.to_be_bytes());
        frame.extend((payload.len() as u16 + 8).to_be_bytes());
        frame.extend([0, 0]);
        frame.extend(payload);
        self.pcap.records.push(Record { micros: self.micros, length: frame.len() as u32, bytes: frame });
    }
}

/// The last number of an address; `host_of` an endpoint in SDP is the same.
const fn host(choice: u8) -> u8 {
    choice & 3
}

fn message(deck: &mut Deck<'_>) -> Vec<u8> {
    let mut text = String::new();
    let method = deck.of(&METHODS);
    let user = deck.of(&USERS);
    if deck.below(5) < 3 {
        let _ = write!(text, "{method} sip:{user}@192.0.2.2 SIP/2.0\r\n");
    } else {
        let _ = write!(text, "SIP/2.0 {} Said\r\n", deck.of(&CODES));
    }
    let choice = deck.u8();
    let _ = write!(text, "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{}\r\n", choice & 3);
    let _ = write!(text, "From: <sip:{}@192.0.2.1>;tag={}\r\n", deck.of(&USERS), choice >> 2 & 1);
    let tag = ["", ";tag=5", ";tag=6", ";tag=0"][usize::from(choice >> 3 & 3)];
    let _ = write!(text, "To: <sip:{}@192.0.2.2>{tag}\r\n", deck.of(&USERS));
    let _ = write!(text, "Call-ID: {}\r\n", deck.of(&CALL_IDS));
    let asked = if choice & 32 == 0 { method } else { deck.of(&METHODS) };
    let _ = write!(text, "CSeq: {} {asked}\r\n", choice >> 6);
    for _ in 0..deck.of(&[0, 0, 0, 1, 2]) {
        field(deck, &mut text);
    }
    let body = if deck.below(3) == 0 { description(deck) } else { String::new() };
    if !body.is_empty() {
        text.push_str("Content-Type: application/sdp\r\n");
    }
    let _ = write!(text, "Content-Length: {}\r\n\r\n{body}", body.len());
    text.into_bytes()
}

fn field(deck: &mut Deck<'_>, text: &mut String) {
    let number = deck.u8();
    let _ = match number % 12 {
        0 => write!(text, "Session-ID: {:032x};remote={:032x}\r\n", number >> 6, number >> 7),
        1 => write!(text, "P-Charging-Vector: icid-value=icid{}\r\n", number >> 6),
        2 | 3 => write!(text, "X-Other-Leg: {}\r\n", deck.of(&CALL_IDS)),
        4 => write!(text, "Session-Expires: {}\r\n", [0, 1, 90, 1_800][usize::from(number >> 6)]),
        5 => write!(text, "Reason: Q.850;cause={number};text=\"x\"\r\n"),
        6 => write!(text, "Diversion: <sip:{}@192.0.2.9>;reason=no-answer\r\n", deck.of(&USERS)),
        7 => write!(text, "P-Asserted-Identity: \"Name\" <tel:{}>\r\n", deck.of(&USERS)),
        8 => write!(text, "Authorization: Digest username=\"a\", realm=\"b\", response=\"c\"\r\n"),
        9 => write!(text, "User-Agent: Agent/{number}\r\nPrivacy: id\r\n"),
        10 => write!(text, "Replaces: {};to-tag=5;from-tag=0\r\n", deck.of(&CALL_IDS)),
        _ => write!(text, "Remote-Party-ID: <sip:{}@192.0.2.1>;party=calling\r\n", deck.of(&USERS)),
    };
}

/// Up to three media at endpoints that the streams use.
fn description(deck: &mut Deck<'_>) -> String {
    let mut text = String::from("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n");
    for _ in 0..deck.of(&[1, 1, 2, 3]) {
        let port = deck.of(&[40_000, 40_002, 40_004, 0]);
        let _ = match deck.below(5) {
            0 => write!(text, "m=image {port} udptl t38\r\n"),
            _ => write!(text, "m=audio {port} RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"),
        };
        let address = deck.u8();
        let _ = match address {
            0..8 => write!(text, "c=IN IP4 0.0.0.0\r\n"),
            _ => write!(text, "c=IN IP4 192.0.2.{}\r\n", host(address)),
        };
        text.push_str(deck.of(&["", "", "a=sendonly\r\n", "a=inactive\r\n", "a=rtcp-mux\r\n"]));
        if address > 200 {
            let _ = write!(text, "a=candidate:1 1 UDP 1 192.0.2.{} 40004 typ host\r\n", address & 3);
        }
    }
    text
}

/// A sender report about one source, or a farewell.
fn report(deck: &mut Deck<'_>) -> Vec<u8> {
    if deck.below(4) == 0 {
        return vec![0x81, 203, 0, 1, 0, 0, 0, deck.u8() & 3];
    }
    let mut packet = vec![0x81, 200, 0, 12, 0, 0, 0, deck.u8() & 3];
    packet.extend(std::iter::repeat_with(|| deck.u8()).take(20));
    packet.extend([0, 0, 0, deck.u8() & 3]);
    packet.extend(std::iter::repeat_with(|| deck.u8()).take(20));
    packet
}

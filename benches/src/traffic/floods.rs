//! Traffic that means harm: each kind fills a table that must not grow for it.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::dialog::Ip;
use super::frames::{Address, Frames, Path};
use crate::random::Random;

/// Streams of a flood of streams that are sent at the same time.
const STREAMS_AT_ONCE: u64 = 1_000;
/// Packets of each, enough for a careful reader to believe in it.
const STREAM_PACKETS: u64 = 6;

/// How much of it, and how fast.
#[derive(Clone, Copy, Debug)]
pub struct Flood {
    /// Where all chance comes from.
    pub seed: u64,
    /// How many of its kind.
    pub count: u64,
    /// How many of its kind in a second.
    pub rate: u64,
}

impl Flood {
    fn at(&self, number: u64) -> u64 {
        number * 1_000_000 / self.rate.max(1)
    }

    /// INVITEs that never see an answer, each with a Call-ID of its own.
    ///
    /// # Errors
    /// What the writer says.
    pub fn invites<W: Write>(&self, frames: &mut Frames<W>) -> io::Result<()> {
        let mut random = Random::new(self.seed);
        let (mut text, mut sdp) = (String::new(), String::new());
        for number in 0..self.count {
            let path = stranger(&mut random, 5060, 5060);
            let (ip, bits) = (Ip(path.source.ip), random.bits());
            text.clear();
            sdp.clear();
            let written = write!(
                sdp,
                "v=0\r\no=- {bits} 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {} RTP/AVP 8\r\n",
                10_000 + (bits & 0x7ffe)
            )
            .and_then(|()| {
                write!(
                    text,
                    "INVITE sip:+44163296{:04}@10.1.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {ip}:5060;branch=z9hG4bK{bits:x}\r\n\
                     From: <sip:+12025550{:03}@{ip}>;tag={:x}\r\nTo: <sip:+44163296{:04}@10.1.0.1>\r\n\
                     Call-ID: {bits:016x}{number:x}@{ip}\r\nCSeq: 1 INVITE\r\nContact: <sip:{ip}:5060>\r\n\
                     Max-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}",
                    bits % 1_000,
                    100 + bits % 100,
                    bits >> 32,
                    bits % 1_000,
                    sdp.len()
                )
            });
            written.map_err(io::Error::other)?;
            frames.udp(self.at(number), &path, text.as_bytes())?;
        }
        Ok(())
    }

    /// TCP connections that open, leave a hole and send what comes after it.
    ///
    /// # Errors
    /// What the writer says.
    pub fn connections<W: Write>(&self, frames: &mut Frames<W>) -> io::Result<()> {
        let mut random = Random::new(self.seed);
        let tail = b"branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.org>;tag=1\r\n".repeat(8);
        for number in 0..self.count {
            let port = random.between(1_024, 65_535) as u16;
            let path = stranger(&mut random, port, 5060);
            let sequence = random.word();
            let at = self.at(number);
            frames.ip(at, &path, 6, 0x4000, &segment(&path, sequence, 0x02), &[])?;
            if random.chance(5_000) {
                frames.ip(at, &path, 6, 0x4000, &segment(&path, sequence.wrapping_add(301), 0x18), &tail)?;
            }
        }
        Ok(())
    }

    /// Fragments of datagrams that never become whole: one of each, the first or a later one.
    ///
    /// # Errors
    /// What the writer says.
    pub fn fragments<W: Write>(&self, frames: &mut Frames<W>) -> io::Result<()> {
        /// More fragments follow.
        const MORE: u16 = 0x2000;
        let mut random = Random::new(self.seed);
        let payload = [0x41; 1480];
        for number in 0..self.count {
            let path = stranger(&mut random, 5060, 5060);
            // Offsets are in units of eight bytes.
            let offset = random.below(4) as u16 * 185;
            let id = random.word() as u16;
            frames.fragment(self.at(number), &path, 17, (id, MORE | offset), &[], &payload)?;
        }
        Ok(())
    }

    /// RTP streams nobody announced, each of a few packets.
    ///
    /// # Errors
    /// What the writer says.
    pub fn streams<W: Write>(&self, frames: &mut Frames<W>) -> io::Result<()> {
        let mut random = Random::new(self.seed);
        let mut packet = [0x55; 172];
        let mut number = 0;
        while number < self.count {
            let group: Vec<(Path, u32, u16, u32)> = (0..STREAMS_AT_ONCE.min(self.count - number))
                .map(|_| {
                    let port = random.between(5_000, 32_000) as u16 * 2;
                    (stranger(&mut random, port, port), random.word(), random.word() as u16, random.word())
                })
                .collect();
            for turn in 0..STREAM_PACKETS {
                for (path, ssrc, sequence, timestamp) in &group {
                    let sequence = sequence.wrapping_add(turn as u16).to_be_bytes();
                    let timestamp = timestamp.wrapping_add(turn as u32 * 160).to_be_bytes();
                    let fields = [0x80, 8].into_iter().chain(sequence).chain(timestamp).chain(ssrc.to_be_bytes());
                    packet.iter_mut().zip(fields).for_each(|(place, byte)| *place = byte);
                    frames.udp(self.at(number) + turn * 20_000, path, &packet)?;
                }
            }
            number += STREAMS_AT_ONCE;
        }
        Ok(())
    }
}

/// A sender nobody knows, to the one address everybody knows.
fn stranger(random: &mut Random, source: u16, destination: u16) -> Path {
    let [a, b, c, _] = random.word().to_be_bytes();
    let source = Address::new([10, 128 | a, b, c], source);
    Path { source, destination: Address::new([10, 1, 0, 1], destination), vlan: 0, dscp: 0 }
}

/// A TCP header without options; its checksum is left 0, as on a host that lets its card compute it.
fn segment(path: &Path, sequence: u32, flags: u8) -> [u8; 20] {
    let [s0, s1] = path.source.port.to_be_bytes();
    let [d0, d1] = path.destination.port.to_be_bytes();
    let [n0, n1, n2, n3] = sequence.to_be_bytes();
    [s0, s1, d0, d1, n0, n1, n2, n3, 0, 0, 0, 0, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0]
}

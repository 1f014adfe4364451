//! One direction of speech: RTP every 20 ms as a network delivers it, RTCP every few seconds.

use std::io::{self, Write};

use super::frames::{Frames, Path};
use crate::random::Random;

/// Microseconds of speech in a packet.
const PACKET_US: u64 = 20_000;
/// Samples of speech in a packet at 8 kHz.
const SAMPLES: u32 = 160;
/// Packets between two sender reports: five seconds.
const REPORT_PACKETS: u32 = 250;
/// Losses of ten thousand packets; one begins a burst.
const LOSS: u64 = 35;
/// Of ten thousand lost packets so many are followed by another.
const BURST: u64 = 3_000;
/// Of ten thousand packets so many overtake the one before.
const SWAP: u64 = 2;
/// Seconds from 1900, where NTP counts from, to 1970.
const NTP_OFFSET: u64 = 2_208_988_800;

/// What is spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// G.711 µ-law, payload type 0.
    Pcmu,
    /// G.711 A-law, payload type 8.
    Pcma,
    /// G.729, payload type 18.
    G729,
}

impl Codec {
    /// The payload type (RFC 3551 §6).
    pub const fn number(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
            Self::G729 => 18,
        }
    }

    /// The name in an rtpmap line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU",
            Self::Pcma => "PCMA",
            Self::G729 => "G729",
        }
    }

    const fn octets(self) -> usize {
        match self {
            Self::Pcmu | Self::Pcma => 160,
            Self::G729 => 20,
        }
    }
}

/// A stream being sent.
#[derive(Clone, Debug)]
pub struct Stream {
    path: Path,
    codec: Codec,
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    sent: u32,
    losing: bool,
    /// When the sender's clock next lets a packet go.
    due_us: u64,
}

/// Bytes that stand for speech.
#[derive(Debug)]
pub struct Speech(Vec<u8>);

impl Speech {
    /// Noise enough that packets differ.
    pub fn new(random: &mut Random) -> Self {
        Self((0..4096).flat_map(|_| random.bits().to_le_bytes()).collect())
    }

    fn some(&self, at: u64, octets: usize) -> &[u8] {
        let start = at as usize % (self.0.len() - octets);
        self.0.get(start..start + octets).unwrap_or(&[])
    }
}

impl Stream {
    /// A stream whose first packet is due at `at_us`.
    pub fn new(random: &mut Random, path: Path, codec: Codec, at_us: u64) -> Self {
        Self {
            path,
            codec,
            ssrc: random.word(),
            sequence: random.word() as u16,
            timestamp: random.word(),
            sent: random.below(u64::from(REPORT_PACKETS)) as u32,
            losing: false,
            due_us: at_us,
        }
    }

    /// Sends what arrives at `now_us` and says when the next packet does.
    pub fn send<W: Write>(
        &mut self,
        now_us: u64,
        random: &mut Random,
        speech: &Speech,
        frames: &mut Frames<W>,
    ) -> io::Result<u64> {
        if random.chance(SWAP) {
            self.packet(now_us, 1, random, speech, frames)?;
            self.packet(now_us, 0, random, speech, frames)?;
            self.advance();
        } else {
            self.losing = random.chance(if self.losing { BURST } else { LOSS });
            if !self.losing {
                self.packet(now_us, 0, random, speech, frames)?;
            }
        }
        self.advance();
        if self.sent >= REPORT_PACKETS {
            self.sent = 0;
            self.report(now_us, random, frames)?;
        }
        // Most packets come within a millisecond or two of their time, a few wait in a queue on the way.
        let late = if random.chance(50) { random.between(5_000, 40_000) } else { random.below(1_500) };
        Ok((self.due_us + late).max(now_us + 1))
    }

    fn advance(&mut self) {
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(SAMPLES);
        self.sent += 1;
        self.due_us += PACKET_US;
    }

    fn packet<W: Write>(
        &self,
        now_us: u64,
        ahead: u16,
        random: &mut Random,
        speech: &Speech,
        frames: &mut Frames<W>,
    ) -> io::Result<()> {
        let mut packet = [0; 172];
        let (header, payload) = packet.split_at_mut(12);
        let timestamp = self.timestamp.wrapping_add(SAMPLES * u32::from(ahead));
        let fields = [0x80, self.codec.number()]
            .into_iter()
            .chain(self.sequence.wrapping_add(ahead).to_be_bytes())
            .chain(timestamp.to_be_bytes())
            .chain(self.ssrc.to_be_bytes());
        header.iter_mut().zip(fields).for_each(|(place, byte)| *place = byte);
        let octets = self.codec.octets();
        payload.iter_mut().zip(speech.some(random.bits() >> 8, octets)).for_each(|(place, byte)| *place = *byte);
        frames.udp(now_us, &self.path, packet.get(..12 + octets).unwrap_or(&packet))
    }

    /// A sender report and who sends it (RFC 3550 §6.4.1, §6.5).
    fn report<W: Write>(&self, now_us: u64, random: &mut Random, frames: &mut Frames<W>) -> io::Result<()> {
        let mut packet = Vec::with_capacity(80);
        let seconds = super::frames::START_SECS + now_us / 1_000_000;
        let fraction = ((now_us % 1_000_000) << 32) / 1_000_000;
        packet.extend_from_slice(&[0x81, 200, 0, 12]);
        let heard = random.word();
        let words = [
            self.ssrc,
            (seconds + NTP_OFFSET) as u32,
            fraction as u32,
            self.timestamp,
            REPORT_PACKETS,
            REPORT_PACKETS * self.codec.octets() as u32,
            heard,
            random.below(4) as u32,
            u32::from(self.sequence),
            random.below(40) as u32,
            (seconds as u32) << 16,
            random.below(65_536 * 5) as u32,
        ];
        words.iter().for_each(|word| packet.extend_from_slice(&word.to_be_bytes()));
        packet.extend_from_slice(&[0x81, 202, 0, 5]);
        packet.extend_from_slice(&self.ssrc.to_be_bytes());
        packet.extend_from_slice(&[1, 12]);
        packet.extend_from_slice(b"media@link-1");
        packet.extend_from_slice(&[0, 0]);
        let Path { source, destination, .. } = self.path;
        let path = Path { source: source.next_port(), destination: destination.next_port(), ..self.path };
        frames.udp(now_us, &path, &packet)
    }
}

//! One side's media of a call, packet by packet.

use call::Side;
use rtp_rs::{RtpPacketBuilder, Seq};
use types::Endpoint;

use super::Media;
use super::audio::Voice;
use crate::media::{NOISE_EVERY, PACKET_US, Sound, begins_after_us, sound, ssrc};
use crate::random::{mix, scaled, unit};
use crate::script::{Fate, Manner, Script};

/// Payload types (RFC 3551).
const A_LAW: u8 = 8;
const COMFORT_NOISE: u8 = 13;
/// Packets of a second, and of those the ones that a sparse capture keeps.
const SECOND: u64 = 50;
const KEPT: u64 = 5;

/// A stream that is being sent.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    pub(crate) path: (Endpoint, Endpoint),
    pub(crate) side: Side,
    sound: Sound,
    voice: Voice,
    depth: Media,
    from_us: u64,
    until_us: u64,
    /// The next packet by its time, and by its number.
    slot: u64,
    sent: u16,
    key: u64,
    ssrc: u32,
}

impl Stream {
    /// A side's stream of an answered call, if anything comes.
    pub(crate) fn new(script: &Script, side: Side, path: (Endpoint, Endpoint), depth: Media) -> Option<Self> {
        let Fate::Answered { after_us, talk_us, .. } = script.fate else { return None };
        let sound = sound(script.manner, side, script.token);
        if depth == Media::None || sound == Sound::Nothing {
            return None;
        }
        let voice = match (script.manner, side) {
            (Manner::Recording(id), Side::Caller) | (Manner::Announcement(id), Side::Callee) => {
                Voice::Recording(id.into())
            }
            (Manner::Tones, _) => Voice::Tones(script.token),
            (Manner::Announcement(_), Side::Caller) => Voice::Silence,
            _ => Voice::Person { token: script.token, caller: side == Side::Caller },
        };
        let key = mix(script.token, side as u64 + 0x57);
        let answered_us = script.at_us + u64::from(after_us);
        Some(Self {
            path,
            side,
            sound,
            voice,
            depth,
            from_us: answered_us + begins_after_us(script.token, side),
            until_us: answered_us + talk_us,
            slot: 0,
            sent: mix(key, 1) as u16,
            key,
            ssrc: ssrc(script.token, side),
        })
    }

    /// When the next packet passes; `None` after the last.
    pub(crate) fn next_us(&self) -> Option<u64> {
        let jitter_us = match self.sound {
            _ if self.slot == 0 => 0,
            Sound::Poor => scaled(mix(self.key, self.slot), 2 * (10_000 + scaled(self.key, 30_000))),
            _ => scaled(mix(self.key, self.slot), 900),
        };
        let at_us = self.from_us + self.slot * PACKET_US + jitter_us;
        (at_us < self.until_us).then_some(at_us)
    }

    /// Writes the packet that is due and goes on to the next.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>) {
        out.clear();
        let noise = self.sound == Sound::Noise;
        let mut payload = Vec::with_capacity(160);
        if noise {
            payload.push(70);
        } else {
            self.voice.packet(self.slot, &mut payload);
        }
        let built = RtpPacketBuilder::new()
            .payload_type(if noise { COMFORT_NOISE } else { A_LAW })
            .marked(self.slot == 0)
            .sequence(Seq::from(self.sent))
            .ssrc(self.ssrc)
            .timestamp((mix(self.key, 2) as u32).wrapping_add((self.slot * 160) as u32))
            .payload(&payload)
            .build();
        out.extend(built.unwrap_or_default());
        self.advance();
    }

    fn advance(&mut self) {
        self.slot += match (self.sound, self.depth) {
            (Sound::Noise, _) => NOISE_EVERY,
            (_, Media::Sparse) if self.slot % SECOND == KEPT - 1 => SECOND - KEPT + 1,
            _ => 1,
        };
        self.sent = self.sent.wrapping_add(1);
        // A burst of loss somewhere in every other second: what never came was sent all the same.
        if self.sound == Sound::Poor && self.depth == Media::Full {
            let burst = mix(self.key, self.slot / (2 * SECOND));
            let lost = 1 + (4.0 * unit(self.key)) as u64;
            if self.slot % (2 * SECOND) == burst % (2 * SECOND - 8) {
                self.slot += lost;
                self.sent = self.sent.wrapping_add(lost as u16);
            }
        }
    }
}

//! The media of a call, as figures: what greyline would have counted of its packets.

use call::{MediaRecord, Side};
use rtp::{Codec, Figures, emodel};
use types::{Endpoint, Nanos};

use crate::cast::Cast;
use crate::random::{mix, scaled, unit};
use crate::script::{Fate, Manner, Script};

/// Media time of a packet, microseconds.
pub(crate) const PACKET_US: u64 = 20_000;
/// Octets of a packet of G.711.
pub(crate) const PACKET_OCTETS: u64 = 160;
/// The time between two packets of comfort noise, in packets.
pub(crate) const NOISE_EVERY: u64 = 10;

/// How one side of a call sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sound {
    /// No packet comes.
    Nothing,
    /// Comfort noise and little else.
    Noise,
    /// Packets without a gap.
    Whole,
    /// Packets over a bad line.
    Poor,
}

/// How a side sounds in a call of a manner.
pub(crate) fn sound(manner: Manner, side: Side, token: u64) -> Sound {
    match (manner, side) {
        (Manner::OneWay, Side::Callee) => Sound::Nothing,
        // Some diallers send nothing before an agent is there, others send silence.
        (Manner::SilentCaller, Side::Caller) if token & 1 == 0 => Sound::Nothing,
        (Manner::SilentCaller, Side::Caller) | (Manner::SilentCallee, Side::Callee) => Sound::Noise,
        (Manner::Poor, Side::Caller) => Sound::Poor,
        _ => Sound::Whole,
    }
}

/// Where a side of a call has its media: an address of its trunk, a port of its token.
pub(crate) fn media_endpoint(gate: Endpoint, token: u64, side: Side) -> Endpoint {
    let port = 16_384 + 2 * scaled(mix(token, side as u64 + 0x6d), 8_000) as u16;
    Endpoint::new(gate.ip, port)
}

/// The synchronisation source of a side.
pub(crate) fn ssrc(token: u64, side: Side) -> u32 {
    mix(token, side as u64 + 0x73) as u32
}

/// The streams of an answered call.
pub(crate) fn streams<'a>(script: &Script, cast: &Cast, call_id: &'a [u8]) -> Vec<MediaRecord<'a>> {
    let Fate::Answered { after_us, talk_us, .. } = script.fate else { return Vec::new() };
    let (source, destination) = cast.path(script.trunk, script.gate);
    let ends = [
        (Side::Caller, media_endpoint(source, script.token, Side::Caller)),
        (Side::Callee, media_endpoint(destination, script.token, Side::Callee)),
    ];
    let answered_us = script.at_us + u64::from(after_us);
    let stream = |index: usize| {
        let (&(from, source), &(_, destination)) = (ends.get(index)?, ends.get(1 - index)?);
        let figures = figures(sound(script.manner, from, script.token), answered_us, talk_us, script.token)?;
        let score = emodel::score(&figures, None);
        let ssrc = ssrc(script.token, from);
        Some(MediaRecord { leg: call_id, from, source, destination, ssrc, figures, rtcp: None, score })
    };
    (0..2).filter_map(stream).collect()
}

fn figures(sound: Sound, answered_us: u64, talk_us: u64, token: u64) -> Option<Figures> {
    let slots = talk_us / PACKET_US;
    let (sent, lost) = match sound {
        Sound::Nothing => return None,
        Sound::Noise => (slots / NOISE_EVERY, 0),
        Sound::Whole => (slots, 0),
        Sound::Poor => (slots, (slots as f64 * (0.01 + 0.04 * unit(token))) as u64),
    };
    if sent == 0 {
        return None;
    }
    let noise = sound == Sound::Noise;
    let poor = sound == Sound::Poor;
    Some(Figures {
        first_at: Nanos::new(answered_us * 1_000),
        last_at: Nanos::new((answered_us + (slots - 1) * PACKET_US) * 1_000),
        codec: Codec::Pcma,
        clock_rate: Some(8_000),
        packets: sent - lost,
        octets: if noise { sent } else { (sent - lost) * PACKET_OCTETS },
        expected: sent,
        lost,
        lost_in_bursts: lost,
        loss_runs: lost / 4,
        jitter_ms: Some(if poor { 10.0 + 30.0 * unit(mix(token, 2)) as f32 } else { 0.5 }),
        gap_max_ms: if noise { (NOISE_EVERY * PACKET_US) as f32 / 1e3 } else { 20.0 },
        ptime_ms: Some(20.0),
        silent_ms: if noise { talk_us as f32 / 1e3 } else { 0.0 },
        comfort_noise_packets: if noise { sent } else { 0 },
        ..Figures::default()
    })
}

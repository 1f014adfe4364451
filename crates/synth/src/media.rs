//! The media of a call, as figures: what greyline would have counted of its packets.

use std::net::IpAddr;

use call::{MediaRecord, Side};
use rtp::{Codec, Figures, emodel};
use types::{Endpoint, Ip, Nanos};

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

/// Where the two sides of a call have their media, as the two ends of its signalling and its place among all calls say:
/// the caller at its gate, the callee at one of the border's 64 media addresses. Nobody's port is given to another call
/// before 24,000 later ones (the caller's gate) or a million and a half (the border) have begun.
pub(crate) fn media_endpoints((source, destination): (Endpoint, Endpoint), line: u32) -> [Endpoint; 2] {
    let port = FIRST_PORT + 2 * (line % PORTS) as u16;
    let place = (line / PORTS % 64) as u8;
    let ip = match IpAddr::from(destination.ip) {
        IpAddr::V4(v4) => {
            let [first, second, third, _] = v4.octets();
            Ip::v4([first, second, third, 64 + place])
        }
        IpAddr::V6(v6) => Ip::v6((v6.to_bits() | 1 << 16 | u128::from(place)).to_be_bytes()),
    };
    [Endpoint::new(source.ip, port), Endpoint::new(ip, port)]
}

/// The same for the second leg, whose media nobody sees: other ports, so that they are not taken for the first leg's.
pub(crate) fn inner_media((source, destination): (Endpoint, Endpoint), line: u32) -> [Endpoint; 2] {
    let port = FIRST_PORT - 2 - 2 * (line % 7_000) as u16;
    [Endpoint::new(source.ip, port), Endpoint::new(destination.ip, port)]
}

/// Ports of media: so many pairs from here on.
const FIRST_PORT: u16 = 16_384;
const PORTS: u32 = 24_000;

/// The synchronisation source of a side.
pub(crate) fn ssrc(token: u64, side: Side) -> u32 {
    mix(token, side as u64 + 0x73) as u32
}

/// How long after the answer a side's first packet comes, microseconds.
pub(crate) fn begins_after_us(token: u64, side: Side) -> u64 {
    12_000 + scaled(mix(token, side as u64 + 0x57), 40_000)
}

/// The streams of an answered call, in the order they begin.
pub(crate) fn streams<'a>(script: &Script, cast: &Cast, call_id: &'a [u8]) -> Vec<MediaRecord<'a>> {
    let Fate::Answered { after_us, talk_us, .. } = script.fate else { return Vec::new() };
    let [caller, callee] = media_endpoints(cast.path(script.trunk, script.gate), script.line);
    let ends = [(Side::Caller, caller), (Side::Callee, callee)];
    let answered_us = script.at_us + u64::from(after_us);
    let end_us = answered_us + talk_us;
    let stream = |index: usize| {
        let (&(from, source), &(_, destination)) = (ends.get(index)?, ends.get(1 - index)?);
        let begin_us = answered_us + begins_after_us(script.token, from);
        let figures =
            figures(sound(script.manner, from, script.token), begin_us, end_us.checked_sub(begin_us)?, script.token)?;
        let score = emodel::score(&figures, None);
        let ssrc = ssrc(script.token, from);
        Some(MediaRecord { leg: call_id, from, source, destination, ssrc, figures, course: None, rtcp: None, score })
    };
    let mut streams: Vec<_> = (0..2).filter_map(stream).collect();
    streams.sort_by_key(|stream| (stream.figures.first_at, stream.source));
    streams
}

fn figures(sound: Sound, begin_us: u64, talk_us: u64, token: u64) -> Option<Figures> {
    let slots = talk_us.div_ceil(PACKET_US);
    let (sent, lost) = match sound {
        Sound::Nothing => return None,
        Sound::Noise => (slots.div_ceil(NOISE_EVERY), 0),
        Sound::Whole => (slots, 0),
        Sound::Poor => (slots, (slots as f64 * (0.01 + 0.04 * unit(token))) as u64),
    };
    if sent == 0 {
        return None;
    }
    let noise = sound == Sound::Noise;
    let poor = sound == Sound::Poor;
    Some(Figures {
        first_at: Nanos::new(begin_us * 1_000),
        last_at: Nanos::new((begin_us + (slots - 1) * PACKET_US) * 1_000),
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

//! What is heard: G.711 A-law that has the rhythm and the bands of speech without a word in it. A recording sounds the same
//! in every call; people take turns.

use crate::random::{mix, unit};

/// Samples of a packet.
pub(crate) const SAMPLES: usize = 160;
/// Samples of three syllables: six a second, of which one in four is a pause.
const SYLLABLES: u64 = 4_000;
/// Between which samples of these the second begins, and the third: nobody speaks to a metronome.
const SECOND: (u64, u64) = (700, 1_700);
const THIRD: (u64, u64) = (2_300, 3_300);
/// Harmonics of a voice that fit into the band.
const HARMONICS: u32 = 10;

/// Who or what is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// A recording or announcement: always the same from its start on.
    Recording(u64),
    /// A person, who speaks in turn with the other of the same call.
    Person {
        /// The call.
        token: u64,
        /// Whether it is the caller.
        caller: bool,
    },
    /// A modem or an alarm panel.
    Tones(u64),
    /// Nobody.
    Silence,
}

/// Packets of a turn: two and a half seconds.
const TURN: u64 = 125;

impl Voice {
    /// The packet of this number from the start.
    pub(crate) fn packet(self, number: u64, out: &mut Vec<u8>) {
        let (seed, speaks) = match self {
            Self::Recording(seed) => (mix(seed, 0xa0d), true),
            Self::Tones(seed) => (seed, true),
            Self::Silence => (0, false),
            Self::Person { token, caller } => {
                // Nine turns of ten are one's or the other's, the tenth nobody's.
                let turn = mix(token, number / TURN) % 20;
                (mix(token, u64::from(caller)), turn < 18 && turn.is_multiple_of(2) == caller)
            }
        };
        let first = number * SAMPLES as u64;
        out.extend((first..first + SAMPLES as u64).map(|at| {
            let sample = match self {
                _ if !speaks => 0.0,
                Self::Tones(seed) => tone(seed, at),
                _ => speech(seed, at),
            };
            a_law((sample * 8_000.0) as i16)
        }));
    }
}

/// A pair of tones that changes every tenth of a second.
fn tone(seed: u64, at: u64) -> f64 {
    let pair = mix(seed, at / 800);
    let wave = |hertz: u64| sine(hertz as f64 * at as f64 / 8_000.0);
    0.5 * wave(700 + 77 * (pair % 4)) + 0.5 * wave(1_209 + 127 * (pair >> 8) % 400)
}

/// A vowel of its own for every syllable, some of them pauses: harmonics of a pitch, the louder the nearer to two formants.
/// How long and how loud a syllable is differs as much.
fn speech(seed: u64, at: u64) -> f64 {
    let (three, place) = (mix(seed, at / SYLLABLES), at % SYLLABLES);
    let begin = |(first, last): (u64, u64), of: u64| first + mix(three, of) % (last - first);
    let (second, third) = (begin(SECOND, 11), begin(THIRD, 12));
    let (number, from, to) = match place {
        place if place < second => (0, 0, second),
        place if place < third => (1, second, third),
        _ => (2, third, SYLLABLES),
    };
    let syllable = mix(three, number);
    if syllable.is_multiple_of(4) {
        return 0.0;
    }
    let pitch = 90.0 + 120.0 * unit(mix(seed, 7)) + 20.0 * unit(mix(syllable, 1));
    let (first, second) = (300.0 + 550.0 * unit(mix(syllable, 2)), 900.0 + 1_400.0 * unit(mix(syllable, 3)));
    let within = (place - from) as f64 / (to - from) as f64;
    let loudness = (0.5 + 0.5 * unit(mix(syllable, 4))) * 4.0 * within * (1.0 - within);
    let sum: f64 = (1..=HARMONICS)
        .map(|harmonic| {
            let hertz = pitch * f64::from(harmonic);
            let near = |formant: f64| 1.0 / (1.0 + ((hertz - formant) / 120.0).powi(2));
            (near(first) + 0.6 * near(second)) * sine(hertz * at as f64 / 8_000.0)
        })
        .sum();
    (0.35 * loudness * sum).clamp(-1.0, 1.0)
}

/// The sine of a share of a circle, by a parabola: near enough to a voice.
fn sine(turns: f64) -> f64 {
    let share = turns.fract() * 2.0 - 1.0;
    -4.0 * share * (1.0 - share.abs())
}

/// A sample of 16 bits as G.711 A-law.
fn a_law(sample: i16) -> u8 {
    let sign = if sample >= 0 { 0x80 } else { 0 };
    let size = sample.unsigned_abs().min(32_635) >> 3;
    let segment = (size.max(32).ilog2() as u8) - 5;
    let code = if size < 32 { (size >> 1) as u8 } else { (segment + 1) << 4 | (size >> (segment + 1) & 15) as u8 };
    (code | sign) ^ 0x55
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_the_same_and_silence_is_silent() {
        let packet = |voice: Voice, number| {
            let mut out = Vec::new();
            voice.packet(number, &mut out);
            out
        };
        assert_eq!(packet(Voice::Recording(1), 30), packet(Voice::Recording(1), 30));
        assert_ne!(packet(Voice::Recording(1), 30), packet(Voice::Recording(2), 30));
        assert!(packet(Voice::Silence, 3).iter().all(|&byte| byte == 0xd5));
        // Two people do not speak at once.
        for turn in 0..40 {
            let says = |caller| packet(Voice::Person { token: 9, caller }, turn * TURN + 40);
            assert!(says(true).iter().all(|&byte| byte == 0xd5) || says(false).iter().all(|&byte| byte == 0xd5));
        }
    }

    #[test]
    fn the_law_has_its_corners() {
        // ITU-T G.711: zero, the smallest and the largest steps of either sign.
        assert_eq!((a_law(0), a_law(-1), a_law(32_767), a_law(-32_768)), (0xd5, 0x55, 0xaa, 0x2a));
    }
}

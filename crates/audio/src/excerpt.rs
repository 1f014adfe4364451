//! What is left of the first seconds of one side of a call: too little to be heard again, enough to be known again.

use crate::envelope::{BLOCK_BYTES, Block};
use crate::loudness::{AUDIBLE, PACKETS_PER_SEC};
use crate::printer::{BLOCK_FRAMES, Frame};

/// What is left of what was heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// How loud it was, every 20 ms: privacy level 2.
    pub loudness: Vec<u8>,
    /// Its fingerprint, every 11.5 ms; empty below privacy level 3.
    pub print: Print,
}

/// The fingerprint of an excerpt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Print {
    /// Its frames.
    pub frames: Vec<Frame>,
}

/// A pause this long between two sounds gives the other a turn: 1 s, where people pause 0.6 s within what they say and 1.6 s
/// between (ITU-T P.59).
const TURN_BYTES: usize = PACKETS_PER_SEC;
/// Share of the time from the first sound on that a machine fills at least.
const FILLED_SHARE: f32 = 0.6;
/// Time from the first sound on below which nobody can tell.
const FILLED_BYTES_MIN: usize = 5 * PACKETS_PER_SEC;
/// The lengths of a tone that rings back and of the pause behind it, ITU-T E.180 with what countries make of it (0.4 s to
/// 2 s, and 2 s to 5 s), with a packet's tolerance.
const RING_TONE_BYTES: std::ops::RangeInclusive<usize> = 18..=102;
const RING_PAUSE_BYTES: std::ops::RangeInclusive<usize> = 95..=255;
/// The pause within a double ring, 0.2 s.
const RING_GAP_BYTES: std::ops::RangeInclusive<usize> = 8..=14;
/// How far the loudness of a tone strays, in half decibels.
const RING_STRAY: u8 = 4;

impl Excerpt {
    /// The place of the first sound in [`Excerpt::loudness`].
    #[must_use]
    pub fn onset(&self) -> Option<usize> {
        self.loudness.iter().position(|&byte| byte >= AUDIBLE)
    }

    /// Whether it never gave the other a turn from its first sound on, and spoke most of the time; `None` where too little
    /// was heard to tell.
    #[must_use]
    pub fn is_monologue(&self) -> Option<bool> {
        let said = self.loudness.get(self.onset()?..)?;
        if said.len() < FILLED_BYTES_MIN {
            return None;
        }
        let is_audible = |&byte: &u8| byte >= AUDIBLE;
        let filled = said.iter().filter(|&byte| is_audible(byte)).count() as f32 / said.len() as f32;
        let longest = said.split(is_audible).map(<[u8]>::len).max().unwrap_or(0);
        Some(filled >= FILLED_SHARE && longest < TURN_BYTES)
    }

    /// Whether it is a telephone ringing at the far end, by its cadence: tones without any modulation, and the pause of a
    /// ring between them.
    #[must_use]
    pub fn is_ring_back(&self) -> bool {
        let runs = Vec::from_iter(self.loudness.chunk_by(|a, b| (*a >= AUDIBLE) == (*b >= AUDIBLE)));
        let (mut tones, mut pauses, mut other) = (0, 0, 0);
        for (place, run) in runs.iter().enumerate() {
            let whole = place != 0 && place + 1 != runs.len();
            if run.first().is_some_and(|&byte| byte >= AUDIBLE) {
                // The first and the last packet of a tone are only partly filled.
                let steady = run.get(1..run.len() - 1).unwrap_or_default();
                let (low, high) = (steady.iter().min(), steady.iter().max());
                let stray = low.zip(high).map_or(u8::MAX, |(low, high)| high - low);
                let fits = !whole || RING_TONE_BYTES.contains(&run.len());
                if fits && stray <= RING_STRAY { tones += 1 } else { other += 1 }
            } else if whole && RING_PAUSE_BYTES.contains(&run.len()) {
                pauses += 1;
            } else if whole && !RING_GAP_BYTES.contains(&run.len()) {
                other += 1;
            }
        }
        tones >= 2 && pauses >= 1 && other == 0
    }

    /// Five seconds from so many bytes behind its first sound on, as they are compared: each byte with its neighbours, since
    /// two lines may cut the same sound into packets half a packet apart, and what cannot be heard as faint as anything.
    #[must_use]
    pub fn block(&self, behind: usize) -> Option<Block> {
        let from = self.onset()? + behind;
        let around: &[u8; BLOCK_BYTES + 2] = self.loudness.get(from.saturating_sub(1)..)?.first_chunk()?;
        let mut block = [0; BLOCK_BYTES];
        for (place, near) in block.iter_mut().zip(around.windows(3)) {
            let [before, at, after] = *near else { continue };
            let [before, at, after] = [before, at, after].map(|byte| u16::from(byte.max(FAINTEST)));
            *place = ((before + 2 * at + after) / 4) as u8;
        }
        Some(block)
    }
}

/// What is fainter than this is nothing: below it lies what lines add to silence.
const FAINTEST: u8 = AUDIBLE - 20;

impl Print {
    /// Whether it holds a block that says enough to be compared.
    #[must_use]
    pub fn says_enough(&self) -> bool {
        self.frames.len() >= BLOCK_FRAMES
            && self.frames.iter().filter(|frame| frame.bits != 0).count() >= SAID_FRAMES_MIN
    }
}

/// Frames of a block that must say something in both excerpts, for it to be compared: 2 s of 2.9, 5,600 bits.
pub const SAID_FRAMES_MIN: usize = 176;

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs of packets of a loudness.
    fn excerpt(runs: &[(usize, u8)]) -> Excerpt {
        let loudness = runs.iter().flat_map(|&(count, byte)| vec![byte; count]).collect();
        Excerpt { loudness, print: Print::default() }
    }

    #[test]
    fn machines_do_not_wait_for_an_answer() {
        let check = |runs: &[(usize, u8)], monologue| assert_eq!(excerpt(runs).is_monologue(), monologue, "{runs:?}");
        check(&[(20, 0), (80, 120), (30, 20), (140, 118), (25, 0), (60, 121)], Some(true));
        check(&[(20, 0), (40, 120), (90, 20), (200, 118)], Some(false)); // "Hello?" and a turn given
        check(&[(10, 0), (10, 120), (40, 0), (10, 120), (40, 0), (10, 120), (40, 0), (10, 120), (90, 0)], Some(false));
        check(&[(200, 0), (100, 120)], None);
        check(&[(400, 36)], None);
    }

    #[test]
    fn ringing_has_its_cadence() {
        let check = |runs: &[(usize, u8)], rings| assert_eq!(excerpt(runs).is_ring_back(), rings, "{runs:?}");
        check(&[(30, 0), (50, 125), (200, 0), (50, 125), (70, 0)], true); // 1 s, 4 s: most of Europe
        check(&[(60, 125), (200, 0), (100, 125), (40, 0)], true); // 2 s, 4 s: North America
        check(&[(20, 125), (10, 0), (20, 125), (100, 0), (20, 125), (10, 0), (20, 125), (100, 0)], true); // 0.4 0.2 0.4 2: UK
        check(&[(30, 0), (50, 125), (200, 0), (25, 125), (25, 90), (70, 0)], false); // something is said
        check(&[(25, 125), (25, 0), (25, 125), (25, 0), (25, 125), (25, 0)], false); // engaged tone
        check(&[(400, 125)], false);
        check(&[(400, 0)], false);
    }
}

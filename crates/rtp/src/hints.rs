//! Where streams were found last, by ports and SSRC alone: a guess that is made before a packet is read, so that the
//! memory of its stream is on its way, and that mostly saves looking the stream up.
//!
//! Each slot holds a stream that was found there, or one that had to make way in the slot beside it: of two streams that
//! meet, both are known. A stranger costs a look-up and nothing else, since whoever takes a hint compares the whole key;
//! so it does not matter that anybody can choose ports and SSRCs that meet.

use crate::key::Clue;
use crate::streams::StreamId;

/// Slots for each stream: with four to eight, one packet in seven meets a stranger, one in twenty two of them.
const SLOTS_PER_STREAM: usize = 4;
/// 2^10 slots to begin with: 4 KiB.
const BITS_MIN: u32 = 10;
/// 2^20 slots at most: 4 MiB, for a quarter of a million streams. With more of them more are looked up.
const BITS_MAX: u32 = 20;

/// The hints of a table.
#[derive(Debug)]
pub(crate) struct Hints {
    slots: Vec<Option<StreamId>>,
    /// 64 less the bits of a slot's number.
    shift: u32,
}

impl Hints {
    pub(crate) fn new() -> Self {
        Self::of_bits(BITS_MIN)
    }

    fn of_bits(bits: u32) -> Self {
        Self { slots: vec![None; 1 << bits], shift: 64 - bits }
    }

    /// Where the stream of a clue most likely is.
    #[inline(always)]
    pub(crate) fn of(&self, clue: Clue) -> Option<StreamId> {
        self.slots.get(clue.slot(self.shift)).copied().flatten()
    }

    /// Where it may be besides.
    pub(crate) fn beside(&self, clue: Clue) -> Option<StreamId> {
        self.slots.get(clue.slot(self.shift) ^ 1).copied().flatten()
    }

    /// Notes where a stream was found. Whoever was there moves to the slot beside it if he is still `live`.
    pub(crate) fn note(&mut self, clue: Clue, id: StreamId, live: impl FnOnce(StreamId) -> bool) {
        let place = clue.slot(self.shift);
        let Some(slot) = self.slots.get_mut(place) else { return };
        let before = slot.replace(id).filter(|&before| before != id && live(before));
        if let Some(before) = before
            && let Some(beside) = self.slots.get_mut(place ^ 1)
        {
            *beside = Some(before);
        }
    }

    /// Makes room for so many streams. What was known is forgotten: it is found again packet by packet.
    pub(crate) fn make_room(&mut self, streams: usize) {
        let bits = 64 - self.shift;
        if self.slots.len() < streams * SLOTS_PER_STREAM && bits < BITS_MAX {
            *self = Self::of_bits(bits + 1);
        }
    }
}

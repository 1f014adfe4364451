//! Where streams are, by ports and SSRC alone: a guess that is made before a packet is read, so that the memory of its
//! stream is on its way, and that mostly saves looking the stream up.
//!
//! Streams share buckets, in which a part of their hash tells them apart: a bucket is read at once, without a branch. A
//! stream that finds its bucket full of others stays without a hint and is looked up. That, and a stranger's packet that is
//! sent after another stream, cost a look-up and nothing else, since whoever takes a hint compares the whole key; so it
//! does not matter that anybody can choose ports and SSRCs that meet.

use std::num::NonZeroU32;

use wide::u32x8;

use crate::key::Clue;
use crate::streams::StreamId;

/// Slots of a bucket.
const SLOTS: usize = 8;
/// Slots for each stream, at least: of a thousand streams three to eight then find their bucket full.
const SLOTS_PER_STREAM: usize = 2;
/// So many more there are when room was made, in quarters.
const QUARTERS_TO_GROW: usize = 5;
/// Buckets to begin with: 4 KiB.
const BUCKETS_MIN: usize = 128;
/// Bits of a slot that say which stream; those above them are of its hash. Streams past 2^20 get no hints.
const ID_BITS: u32 = 20;
/// The bits of a slot that are of the hash.
const MARK: u32 = u32::MAX << ID_BITS;

/// The hints of a table.
#[derive(Debug)]
pub(crate) struct Hints {
    buckets: Vec<Bucket>,
}

/// Half a cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Bucket([u32; SLOTS]);

impl Hints {
    pub(crate) fn new() -> Self {
        Self { buckets: vec![Bucket::default(); BUCKETS_MIN] }
    }

    /// The number of a clue's bucket, and the mark that its streams have there.
    #[inline(always)]
    fn place(&self, clue: Clue) -> (usize, u32) {
        let hash = clue.spread();
        let bucket = (hash >> 32) * self.buckets.len() as u64;
        ((bucket >> 32) as usize, hash as u32 & MARK)
    }

    /// Where the stream of a clue most likely is.
    #[inline(always)]
    pub(crate) fn of(&self, clue: Clue) -> Option<StreamId> {
        let (bucket, mark) = self.place(clue);
        let Bucket(slots) = self.buckets.get(bucket)?;
        let marks = u32x8::new(*slots) & u32x8::splat(MARK);
        let found = marks.simd_eq(u32x8::splat(mark)).to_bitmask().trailing_zeros();
        slots.get(found as usize).copied().and_then(id)
    }

    /// Where it may be: more than one place where streams are alike in their clue.
    pub(crate) fn all(&self, clue: Clue) -> impl Iterator<Item = StreamId> + use<> {
        let (bucket, mark) = self.place(clue);
        let Bucket(slots) = self.buckets.get(bucket).copied().unwrap_or_default();
        slots.into_iter().filter(move |&slot| slot & MARK == mark).filter_map(id)
    }

    /// Notes where a stream is, unless all others of its bucket are still there; `clue_of` tells of a live stream.
    pub(crate) fn note(&mut self, clue: Clue, id: StreamId, clue_of: impl Fn(StreamId) -> Option<Clue>) {
        let (bucket, mark) = self.place(clue);
        let Bucket(slots) = self.buckets.get(bucket).copied().unwrap_or_default();
        let noted = mark | id.get();
        if id.get() & MARK != 0 || slots.contains(&noted) {
            return;
        }
        let is_there = |slot: u32| {
            let clue = self::id(slot).and_then(&clue_of);
            clue.is_some_and(|clue| self.place(clue) == (bucket, slot & MARK))
        };
        let free = slots.into_iter().position(|slot| !is_there(slot));
        let slot = self.buckets.get_mut(bucket).zip(free).and_then(|(Bucket(slots), free)| slots.get_mut(free));
        if let Some(slot) = slot {
            *slot = noted;
        }
    }

    /// Makes room for so many streams. What was known is forgotten: it is found again packet by packet.
    pub(crate) fn make_room(&mut self, streams: usize) {
        let streams = streams.min(1 << ID_BITS);
        if self.buckets.len() * SLOTS < streams * SLOTS_PER_STREAM {
            let buckets = streams * SLOTS_PER_STREAM * QUARTERS_TO_GROW / 4 / SLOTS;
            // The old ones first, so that both are never held at once.
            self.buckets = Vec::new();
            self.buckets = vec![Bucket::default(); buckets];
        }
    }
}

/// The stream in a slot.
fn id(slot: u32) -> Option<StreamId> {
    NonZeroU32::new(slot & !MARK).map(StreamId)
}

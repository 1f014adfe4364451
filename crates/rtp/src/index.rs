//! Where streams are in their table, found by ports and SSRC alone: quickly enough to be done ahead of the work for every
//! packet, so that the memory of its stream is on its way.
//!
//! Streams share buckets, in which a part of their hash tells them apart: a bucket is read at once, without a branch. A
//! stream that finds its bucket full is kept besides, under the seeded hash of its whole name: anybody can choose ports
//! and SSRCs that meet, and then his own streams are looked up more slowly, in time that does not grow with their number.

use std::hash::{BuildHasher, Hasher};
use std::num::NonZeroU32;

use foldhash::quality::FixedState;
use hashbrown::HashTable;
use wide::u32x8;

use crate::key::{Clue, Name, StreamKey};
use crate::streams::StreamId;

/// Slots of a bucket.
const SLOTS: usize = 8;
/// Slots for each stream, at least: of a thousand streams three to eight then find their bucket full.
const SLOTS_PER_STREAM: usize = 2;
/// So many more there are when room was made, in quarters.
const QUARTERS_TO_GROW: usize = 5;
/// Buckets to begin with: 4 KiB.
const BUCKETS_MIN: usize = 128;
/// Bits of a slot that say which stream; those above them are of its hash. Streams past 2^20 are kept besides.
const ID_BITS: u32 = 20;
/// The bits of a slot that are of the hash.
const MARK: u32 = u32::MAX << ID_BITS;

/// The places of a table's streams.
#[derive(Debug)]
pub(crate) struct Index {
    buckets: Vec<Bucket>,
    /// Streams whose bucket was full.
    besides: HashTable<StreamId>,
    hasher: FixedState,
    streams: usize,
}

/// Half a cache line; zero is an empty slot.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Bucket([u32; SLOTS]);

impl Index {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            buckets: vec![Bucket::default(); BUCKETS_MIN],
            besides: HashTable::new(),
            hasher: FixedState::with_seed(seed),
            streams: 0,
        }
    }

    /// Streams that it knows.
    pub(crate) const fn len(&self) -> usize {
        self.streams
    }

    /// The number of a clue's bucket, and the mark that its streams have there.
    #[inline(always)]
    fn place(&self, clue: Clue) -> (usize, u32) {
        let hash = clue.spread();
        let bucket = (hash >> 32) * self.buckets.len() as u64;
        ((bucket >> 32) as usize, hash as u32 & MARK)
    }

    /// The bucket of a clue, and a bit for each of its slots that has the clue's mark, the first lowest.
    #[inline(always)]
    fn alike(&self, clue: Clue) -> Option<(&[u32; SLOTS], u32)> {
        let (bucket, mark) = self.place(clue);
        let Bucket(slots) = self.buckets.get(bucket)?;
        let marks = u32x8::new(*slots) & u32x8::splat(MARK);
        Some((slots, marks.simd_eq(u32x8::splat(mark)).to_bitmask()))
    }

    /// Where the stream of a clue most likely is.
    #[inline(always)]
    pub(crate) fn guess(&self, clue: Clue) -> Option<StreamId> {
        let (slots, alike) = self.alike(clue)?;
        slots.get(alike.trailing_zeros() as usize).copied().and_then(id)
    }

    /// The stream of this name, of which `is` tells whether it is the one.
    #[inline(always)]
    pub(crate) fn find(&self, name: &Name, is: impl Fn(StreamId) -> bool) -> Option<StreamId> {
        let (slots, mut alike) = self.alike(name.clue)?;
        while let Some(&slot) = slots.get(alike.trailing_zeros() as usize) {
            if let Some(id) = id(slot).filter(|&id| is(id)) {
                return Some(id);
            }
            alike &= alike - 1;
        }
        self.find_besides(name, is)
    }

    #[inline(never)]
    fn find_besides(&self, name: &Name, is: impl Fn(StreamId) -> bool) -> Option<StreamId> {
        if self.besides.is_empty() {
            return None;
        }
        self.besides.find(hash(&self.hasher, &name.key()), |&id| is(id)).copied()
    }

    /// Adds a stream that it does not know. `names` are the streams that it knows, for when it must grow.
    pub(crate) fn insert(&mut self, name: &Name, id: StreamId, names: impl Fn(StreamId) -> Option<Name>) {
        let noted = self.place(name.clue).1 | id.get();
        match self.slot(name.clue, |slot| slot == 0) {
            Some(slot) if id.get() & MARK == 0 => *slot = noted,
            _ => {
                let hasher = &self.hasher;
                let rehash = |&id: &StreamId| names(id).map_or(0, |name| hash(hasher, &name.key()));
                self.besides.insert_unique(hash(hasher, &name.key()), id, rehash);
            }
        }
        self.streams += 1;
    }

    /// Takes a stream out.
    pub(crate) fn remove(&mut self, name: &Name, id: StreamId) {
        let noted = self.place(name.clue).1 | id.get();
        if let Some(slot) = self.slot(name.clue, |slot| slot == noted) {
            *slot = 0;
            self.streams -= 1;
        } else if let Ok(entry) = self.besides.find_entry(hash(&self.hasher, &name.key()), |&other| other == id) {
            entry.remove();
            self.streams -= 1;
        }
    }

    /// The first slot of a clue's bucket that is so.
    fn slot(&mut self, clue: Clue, is: impl Fn(u32) -> bool) -> Option<&mut u32> {
        let (bucket, _) = self.place(clue);
        self.buckets.get_mut(bucket)?.0.iter_mut().find(|slot| is(**slot))
    }

    /// Whether it should grow before another stream comes.
    pub(crate) const fn is_full(&self) -> bool {
        self.buckets.len() * SLOTS < (self.streams + 1) * SLOTS_PER_STREAM && self.streams >> ID_BITS == 0
    }

    /// Begins anew with more room; whoever calls it inserts all streams again.
    pub(crate) fn grow(&mut self) {
        let buckets = (self.streams + 1) * SLOTS_PER_STREAM * QUARTERS_TO_GROW / 4 / SLOTS;
        // The old ones first, so that both are never held at once.
        self.buckets = Vec::new();
        self.buckets = vec![Bucket::default(); buckets + 1];
        self.besides.clear();
        self.streams = 0;
    }
}

/// The stream in a slot.
fn id(slot: u32) -> Option<StreamId> {
    NonZeroU32::new(slot & !MARK).map(StreamId)
}

/// The seeded hash of a key.
#[inline]
pub(crate) fn hash(hasher: &FixedState, key: &StreamKey) -> u64 {
    let mut state = hasher.build_hasher();
    for word in key.words() {
        state.write_u64(word);
    }
    state.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{Endpoint, Ip};

    /// Names that all have one clue, or all have their own.
    fn name(number: u32, alike: bool) -> Name {
        let [a, b, c, d] = number.to_be_bytes();
        let end = |port| Endpoint::new(Ip::v4([a, b, c, d]), port);
        Name::of(&StreamKey::new(end(4_000), end(5_000), if alike { 7 } else { number.wrapping_mul(0x9e37_79b1) }))
    }

    /// Opens and closes streams as the table does, and checks that what is open is found and nothing else.
    fn check(count: u32, alike: bool) {
        let mut index = Index::new(3);
        let id = |number: u32| StreamId(NonZeroU32::new(number + 1).unwrap());
        let named = |id: StreamId| Some(name(id.index(), alike));
        for number in 0..count {
            if index.is_full() {
                index.grow();
                (0..number).for_each(|known| index.insert(&name(known, alike), id(known), named));
            }
            index.insert(&name(number, alike), id(number), named);
        }
        assert_eq!(index.len(), count as usize);
        (0..count).step_by(2).for_each(|number| index.remove(&name(number, alike), id(number)));
        assert_eq!(index.len(), count as usize / 2);
        for number in 0..count {
            let found = index.find(&name(number, alike), |found| found == id(number));
            assert_eq!(found, (number % 2 == 1).then_some(id(number)), "{number}");
        }
        let guessed = (0..count).filter(|&number| index.guess(name(number, alike).clue) == Some(id(number))).count();
        assert!(alike || guessed * 100 >= count as usize / 2 * 98, "{guessed} of {count}");
    }

    #[test]
    fn what_is_open_is_found() {
        for count in [10, 256, 2_000, 20_000] {
            check(count, false);
        }
    }

    #[test]
    fn streams_alike_in_ports_and_ssrc_are_found_too() {
        check(2_000, true);
    }
}

//! Who has been seen before: two generations of a Bloom filter, each half of the memory's length, so that what was seen
//! within it is remembered and nothing for longer than twice as long. A false memory only makes a call look more
//! familiar than it is.
//!
//! A call asks six such memories, each too large for the processor's cache. So all that both generations know of a key lies in
//! one line of it: a bit in each of eight words, their places given by odd multipliers (Putze, Sanders and Singler 2007; the
//! multipliers are those of the Parquet format). No kept crate has two generations side by side.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use types::Nanos;

use crate::marks::Marks;

/// Bits a key takes in a generation, in tenths: 1 % of keys are believed seen though they were not, when it is full.
const DECIBITS_PER_KEY: u64 = 107;

/// Nanoseconds of half a day.
const HALF_DAY_NANOS: u64 = 43_200_000_000_000;

/// Words of a generation in a line.
const WORDS: usize = 8;

/// Where in each word a key has its bit.
const MULTIPLIERS: [u32; WORDS] =
    [0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31];

/// What both generations know of some keys, one after the other.
pub type Line = [u32; 2 * WORDS];

/// Lines in as many lines of the processor's cache. The type does not ask for that: what is aligned further than the allocator aligns
/// everything, it zeroes by hand, and a memory of which little is used yet would be touched as a whole.
#[derive(Debug, Default)]
struct Table {
    words: Vec<u32>,
    /// Words before the first line.
    before: usize,
    /// Lines.
    count: usize,
}

/// Bytes of a line of the processor's cache.
const CACHE_LINE: usize = 64;

impl Table {
    /// Words of a table of `count` lines, wherever the first begins.
    const fn words(count: usize) -> usize {
        count.saturating_mul(2 * WORDS).saturating_add(CACHE_LINE / size_of::<u32>() - 1)
    }

    /// A table of `count` lines.
    fn new(count: usize) -> Result<Self, NoRoom> {
        let words = bytemuck::allocation::try_zeroed_vec(Self::words(count)).map_err(|()| NoRoom)?;
        Ok(Self::of(words, count))
    }

    fn of(words: Vec<u32>, count: usize) -> Self {
        let before = words.as_ptr().align_offset(CACHE_LINE);
        Self { words, before, count }
    }

    #[inline]
    fn line(&self, place: usize) -> Option<&Line> {
        self.words.get(self.before + place * 2 * WORDS..)?.first_chunk()
    }

    #[inline]
    fn line_mut(&mut self, place: usize) -> Option<&mut Line> {
        self.words.get_mut(self.before + place * 2 * WORDS..)?.first_chunk_mut()
    }

    #[inline]
    fn lines(&self) -> &[Line] {
        self.words.get(self.before..).unwrap_or_default().as_chunks().0
    }

    #[inline]
    fn lines_mut(&mut self) -> &mut [Line] {
        self.words.get_mut(self.before..).unwrap_or_default().as_chunks_mut().0
    }
}

/// Lines that are written down at once.
const AT_ONCE: usize = 4_096;

/// Lines as they are written down: the bytes they are.
#[derive(Debug)]
pub struct Lines<'a>(&'a [Line]);

/// The same as they are read.
#[derive(Debug)]
pub struct ReadLines(Vec<Line>);

/// Bytes of a line.
const LINE_BYTES: usize = size_of::<Line>();

impl Serialize for Lines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytemuck::cast_slice(self.0))
    }
}

impl<'de> Deserialize<'de> for ReadLines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        if !bytes.len().is_multiple_of(LINE_BYTES) {
            return Err(D::Error::custom("a memory of keys that ends within a line"));
        }
        Ok(Self(bytes.chunks_exact(LINE_BYTES).map(bytemuck::pod_read_unaligned).collect()))
    }
}

impl IntoIterator for ReadLines {
    type Item = Line;
    type IntoIter = std::vec::IntoIter<Line>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The system has less memory than is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRoom;

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the system has not enough memory for those who were seen before")
    }
}

impl std::error::Error for NoRoom {}

/// A memory of keys.
#[derive(Debug, Serialize, Deserialize)]
pub struct Past {
    /// Written down a piece at a time, apart from the rest.
    #[serde(skip)]
    table: Table,
    /// Which are written down already.
    #[serde(skip)]
    marks: Marks,
    /// The generation that is filled.
    now: usize,
    half_nanos: u64,
    turned_at: Option<Nanos>,
    entered: u64,
    keys_max: u64,
}

impl Past {
    /// A memory of `keys_max` keys (11 bits each, twice) over `days`.
    ///
    /// # Errors
    /// More room than there is.
    pub fn new(keys_max: u64, days: u32) -> Result<Self, NoRoom> {
        let bits = keys_max.max(1).saturating_mul(DECIBITS_PER_KEY) / 10;
        let count = usize::try_from(bits / (32 * WORDS as u64) + 1).unwrap_or(usize::MAX);
        let table = Table::new(count)?;
        let half_nanos = u64::from(days) * HALF_DAY_NANOS;
        Ok(Self { table, marks: Marks::default(), now: 0, half_nanos, turned_at: None, entered: 0, keys_max })
    }

    /// Begins to be written down, or does not go on with it.
    pub fn mark(&mut self) {
        self.marks.clear();
    }

    /// Lines there are.
    pub const fn len(&self) -> usize {
        self.table.count
    }

    /// The next lines that are to be written down, and where the first of them lies; `None` when all are.
    pub fn unwritten(&mut self) -> Option<(u32, Lines<'_>)> {
        let first = self.marks.until();
        let run = self.table.lines().get(first..).filter(|rest| !rest.is_empty())?;
        let run = run.get(..AT_ONCE).unwrap_or(run);
        self.marks.reach(first + run.len());
        Some((first as u32, Lines(run)))
    }

    /// Those that have changed since they were written down, each with where it lies.
    pub fn changed(&self) -> impl Iterator<Item = (u32, Lines<'_>)> {
        self.marks.touched().filter_map(|place| Some((place as u32, Lines(self.table.lines().get(place..=place)?))))
    }

    /// Takes those that were read.
    pub fn fill(&mut self, lines: &[Line]) {
        if self.len() != lines.len() {
            self.table = Table::of(vec![0; Table::words(lines.len())], lines.len());
        }
        self.table.lines_mut().copy_from_slice(lines);
    }

    /// From now on remembers for `days`.
    pub const fn keep_for(&mut self, days: u32) {
        self.half_nanos = days as u64 * HALF_DAY_NANOS;
    }

    /// Whether `key`, a hash, was seen before; it is from now on.
    pub fn meets(&mut self, key: u64, at: Nanos) -> bool {
        let turned_at = *self.turned_at.get_or_insert(at);
        if at.nanos_since(turned_at) > self.half_nanos || self.entered >= self.keys_max {
            self.now = 1 - self.now;
            let first = self.now * WORDS;
            let lines = self.table.lines_mut().iter_mut();
            lines.filter_map(|line| line.get_mut(first..first + WORDS)).for_each(|words| words.fill(0));
            // All of them have changed: they are written down anew.
            self.marks.clear();
            self.turned_at = Some(at);
            self.entered = 0;
        }
        let place = self.place(key);
        let Some((first, second)) = self.table.line_mut(place).and_then(halves) else { return false };
        let (now, before) = if self.now == 0 { (first, &*second) } else { (second, &*first) };
        let bits = bits(key);
        let known = holds(now, &bits);
        if !known {
            now.iter_mut().zip(&bits).for_each(|(word, bit)| *word |= bit);
            self.entered += 1;
            self.marks.touch(place);
        }
        known || holds(before, &bits)
    }

    /// Whether `key`, a hash, was seen before.
    #[must_use]
    pub fn has_met(&self, key: u64) -> bool {
        let bits = bits(key);
        let line = self.table.line(self.place(key));
        let halves = line.and_then(|line| Some([line.first_chunk()?, line.last_chunk()?]));
        halves.is_some_and(|halves| halves.iter().any(|words| holds(words, &bits)))
    }

    /// The memory in which a key lies.
    #[inline]
    pub fn memory(&self, key: u64) -> Option<*const u8> {
        self.table.line(self.place(key)).map(|line| std::ptr::from_ref(line).cast())
    }

    /// The line of a key: by its upper half, its bits there being by the lower one.
    fn place(&self, key: u64) -> usize {
        (((key >> 32) * self.len() as u64) >> 32) as usize
    }
}

/// Both generations of a line.
#[inline]
fn halves(line: &mut Line) -> Option<(&mut [u32; WORDS], &mut [u32; WORDS])> {
    let (first, second) = line.split_first_chunk_mut()?;
    Some((first, second.first_chunk_mut()?))
}

fn bits(key: u64) -> [u32; WORDS] {
    MULTIPLIERS.map(|multiplier| 1 << ((key as u32).wrapping_mul(multiplier) >> 27))
}

fn holds(words: &[u32; WORDS], bits: &[u32; WORDS]) -> bool {
    words.iter().zip(bits).fold(0, |missing, (word, bit)| missing | (!word & bit)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::key;

    #[test]
    fn more_than_there_is_is_refused_in_words() {
        for keys in [1 << 58, u64::MAX] {
            assert_eq!(Past::new(keys, 30).err(), Some(NoRoom), "{keys}");
        }
    }

    #[test]
    fn lines_lie_in_lines_of_the_cache() {
        for count in [1, 2, 3, 1_000, 100_000] {
            let mut table = Table::new(count).unwrap();
            assert_eq!((table.lines().len(), table.lines_mut().len()), (count, count));
            assert!(table.lines().as_ptr().addr().is_multiple_of(CACHE_LINE));
        }
    }

    const DAY: u64 = 86_400;

    fn at(day: u64) -> Nanos {
        Nanos::from_parts(1_793_577_600 + day * DAY, 0)
    }

    #[test]
    fn what_was_seen_is_remembered_for_its_time() {
        let mut past = Past::new(1_000, 30).unwrap();
        assert!(!past.meets(key(&1), at(0)));
        assert!(past.meets(key(&1), at(1)));
        // Turned over after 15 days: still known, and known anew.
        assert!(past.meets(key(&1), at(16)));
        assert!(!past.has_met(key(&2)));
        assert!(!past.meets(key(&2), at(17)));
        assert!(past.has_met(key(&1)));
        // Twice turned over without being seen.
        past.meets(key(&3), at(32));
        assert!(past.has_met(key(&2)));
        past.meets(key(&3), at(48));
        assert!(!past.has_met(key(&2)));
    }

    #[test]
    fn a_full_memory_errs_in_one_of_a_hundred() {
        let mut past = Past::new(100_000, 30).unwrap();
        for number in 0..100_000 {
            past.meets(key(&number), at(0));
        }
        let wrong = (1_000_000..1_100_000).filter(|number| past.has_met(key(number))).count();
        assert!((600..1_300).contains(&wrong), "{wrong} of 100000");
        // One more turns it over: no generation holds more than it has room for.
        for number in 100_000..190_000 {
            past.meets(key(&number), at(0));
        }
        assert!(past.has_met(key(&0)));
        let wrong = (1_000_000..1_100_000).filter(|number| past.has_met(key(number))).count();
        assert!(wrong < 2_600, "{wrong} of 100000");
    }
}

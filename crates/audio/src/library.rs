//! What was heard of late, and whether an excerpt is of the same recording.
//!
//! By fingerprint (SCIENCE 4.7): words of it, and what these may have been before a line moved their weakest bits, are looked
//! up in [`Postings`]; where one stood before, a block of 256 frames around it is compared bit by bit. By loudness, where there
//! is no fingerprint: blocks of five seconds whose signatures are near are compared by correlation. Either way what is found
//! is what agrees best, in an order that depends on nothing but what was heard.

use std::collections::VecDeque;
use std::fmt;

use foldhash::quality::RandomState;
use hashbrown::HashMap;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use types::{Losses, Nanos};

use crate::envelope::{BLOCK_BYTES, Block, correlation, signature};
use crate::excerpt::{Excerpt, SAID_FRAMES_MIN};
use crate::postings::{Posting, Postings};
use crate::printer::{BLOCK_FRAMES, Frame, error_share};

/// Frames between two that are looked up of a recording: neighbours share 31 of 32 parts of what they look at.
const STRIDE: usize = 4;
/// Weakest bits of a word that are tried both ways.
const TURNED: u32 = 4;
/// Places of a word past which it says nothing, and past which no more of them are noted: a tone is one word all along, and
/// whoever plays one in every call would make a list of it that takes longer and longer to add to.
const LIST_MAX: usize = 64;
/// Places looked at for one excerpt.
const HITS_MAX: usize = 4_096;
/// Blocks compared for one excerpt.
const COMPARED_MAX: usize = 64;
/// Bytes behind its first sound at which a recording can be found by loudness, and how far behind its own an excerpt looks:
/// together they bear that either began up to half a second, or the excerpt up to a second and a half, later than the other.
const SIGNED: [usize; 3] = [0, 25, 50];
const SHIFT_MAX: usize = 25;
/// Signs of two signatures that may differ, for their blocks to be compared: 3 standard deviations more than those of two
/// that correlate by 0.85 do.
const SIGNS_MAX: u32 = 22;

/// How much is remembered, and how like it must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LibraryConfig {
    /// Recordings remembered at once; past it the one not heard for longest is forgotten and counted as
    /// `recordings_forgotten`. About 5.5 KB each with eight seconds of fingerprint, of which half is to find it by; 1 KB
    /// without.
    pub recordings_max: u32,
    /// How long a recording is remembered after it was last heard.
    pub keep_nanos: u64,
    /// Share of differing bits up to which two blocks of fingerprint are of one recording: 0.25 at most over the lines that were
    /// measured, and none of ten million pairs of others below 0.28 (benches/results).
    pub error_share_max: f32,
    /// Correlation from which on two blocks of loudness are: 0.95 and more but for noise, and none of ten million pairs of others
    /// above 0.92.
    pub correlation_min: f32,
}

impl Default for LibraryConfig {
    fn default() -> Self {
        Self { recordings_max: 65_536, keep_nanos: 86_400_000_000_000, error_share_max: 0.28, correlation_min: 0.92 }
    }
}

/// Names a recording: no other ever has the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordingId(pub u64);

impl fmt::Display for RecordingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "recording {}", self.0)
    }
}

/// A recording as it is remembered, with what its hearers make of it.
#[derive(Debug)]
pub struct Known<'a, T> {
    /// Which one.
    pub id: RecordingId,
    /// Whether it had been heard before.
    pub again: bool,
    /// What is known of it.
    pub facts: &'a mut T,
}

/// What was heard and forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LibraryTally {
    /// Excerpts that said enough to be compared.
    pub compared: u64,
    /// Of these, such as were heard before.
    pub again: u64,
    /// Recordings forgotten for want of room.
    pub forgotten: u64,
}

impl Losses for LibraryTally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("recordings_forgotten", self.forgotten);
    }
}

/// The loudness of a recording from several moments on.
#[derive(Debug)]
struct Blocks([Block; SIGNED.len()]);

impl Serialize for Blocks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.each_ref().map(|block| block.as_slice()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Blocks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut blocks = Self([[0; BLOCK_BYTES]; SIGNED.len()]);
        let written = <[Vec<u8>; SIGNED.len()]>::deserialize(deserializer)?;
        for (block, written) in blocks.0.iter_mut().zip(written) {
            *block = written.try_into().map_err(|_| D::Error::custom("a block of loudness of another length"))?;
        }
        Ok(blocks)
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry<T> {
    id: RecordingId,
    heard_at: Nanos,
    words: Box<[u32]>,
    blocks: Option<Box<Blocks>>,
    facts: T,
}

/// When an entry was last heard, where it lies, and which it is.
type Turn = (Nanos, u32, RecordingId);

/// Recordings of late, as they are written down. What follows from them is found anew.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Library")]
struct Saved<E, P, O> {
    entries: E,
    free: Vec<u32>,
    postings: P,
    order: O,
    next: u64,
}

/// Recordings of late.
#[derive(Debug)]
pub struct Library<T> {
    config: LibraryConfig,
    entries: Vec<Option<Entry<T>>>,
    /// The signatures of each entry's blocks; of an entry without any they say nothing.
    signatures: Vec<[u64; SIGNED.len()]>,
    free: Vec<u32>,
    places: HashMap<RecordingId, u32, RandomState>,
    postings: Postings,
    /// Entries by when they were last heard, or earlier.
    order: VecDeque<Turn>,
    next: u64,
    tally: LibraryTally,
}

/// Where a word of an excerpt stood before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    recording: u32,
    /// Frames by which the recording is ahead of the excerpt.
    ahead: i32,
    frame: u32,
}

impl<T: Serialize> Serialize for Library<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { entries, free, order, next, .. } = self;
        let postings: Vec<_> = self.postings.all().collect();
        Saved { entries, free: free.clone(), postings, order, next: *next }.serialize(serializer)
    }
}

/// A library as [`Library::restore`] takes it.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub struct SavedLibrary<T>(Saved<Vec<Option<Entry<T>>>, Vec<Posting>, VecDeque<Turn>>);

impl<T: Default> Library<T> {
    /// What was written down, under the limits there are now.
    #[must_use]
    pub fn restore(config: LibraryConfig, saved: SavedLibrary<T>) -> Self {
        let Saved { entries, free, postings: placed, order, next } = saved.0;
        let signed =
            |entry: &Option<Entry<T>>| entry.as_ref()?.blocks.as_deref().map(|own| own.0.each_ref().map(signature));
        let signatures = entries.iter().map(|entry| signed(entry).unwrap_or_default()).collect();
        let held = entries.iter().zip(0..).filter_map(|(entry, place)| Some((entry.as_ref()?.id, place)));
        let places = held.collect();
        let mut postings = Postings::default();
        for posting in placed {
            postings.add(word_at(&entries, posting), posting, |other| word_at(&entries, other));
        }
        Self { config, entries, signatures, free, places, postings, order, next, tally: LibraryTally::default() }
    }

    /// A library that has heard nothing.
    #[must_use]
    pub fn new(config: LibraryConfig) -> Self {
        Self {
            config,
            entries: Vec::new(),
            signatures: Vec::new(),
            free: Vec::new(),
            places: HashMap::default(),
            postings: Postings::default(),
            order: VecDeque::new(),
            next: 0,
            tally: LibraryTally::default(),
        }
    }

    /// What was heard and forgotten.
    #[must_use]
    pub const fn tally(&self) -> LibraryTally {
        self.tally
    }

    /// Recordings remembered now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Words by which recordings can be found.
    #[must_use]
    pub fn words(&self) -> usize {
        self.postings.len()
    }

    /// The recording that an excerpt heard at `at` is of: one heard before, or a new one. `own` is what an earlier and shorter
    /// excerpt of the same stream was taken for: when it turns out to be of one heard before, and `own` was only ever heard
    /// there, `own` is forgotten. `None` where too little was heard to tell.
    pub fn hear(&mut self, at: Nanos, excerpt: &Excerpt, own: Option<RecordingId>) -> Option<Known<'_, T>> {
        self.forget_before(at);
        let own = own.and_then(|id| Some((id, self.place_of(id)?)));
        let found = if excerpt.print.says_enough() {
            self.find_print(&excerpt.print.frames, own.map(|(_, place)| place))
        } else if excerpt.print.frames.is_empty() && excerpt.is_monologue() == Some(true) && excerpt.block(0).is_some()
        {
            self.find_block(excerpt, own.map(|(_, place)| place))
        } else {
            return None;
        };
        self.tally.compared += 1;
        let again = found.is_some();
        self.tally.again += u64::from(again);
        let place = match (found, own) {
            (Some(found), Some((id, own))) => {
                self.strike(id);
                self.remove(own);
                found
            }
            (Some(found), None) => found,
            (None, Some((id, own))) => {
                self.strike(id);
                let facts = self.remove(own)?;
                self.insert(at, id, excerpt, facts)
            }
            (None, None) => {
                let id = RecordingId(self.next);
                self.next += 1;
                self.insert(at, id, excerpt, T::default())
            }
        };
        let entry = self.entries.get_mut(place as usize)?.as_mut()?;
        entry.heard_at = entry.heard_at.max(at);
        Some(Known { id: entry.id, again, facts: &mut entry.facts })
    }

    /// What an excerpt was heard as before, without remembering it.
    #[must_use]
    pub fn look_up(&self, excerpt: &Excerpt) -> Option<(RecordingId, &T)> {
        let found = if excerpt.print.frames.is_empty() {
            self.find_block(excerpt, None)?
        } else {
            self.find_print(&excerpt.print.frames, None)?
        };
        self.entry(found).map(|entry| (entry.id, &entry.facts))
    }

    /// What is known of a recording that is still remembered.
    pub fn facts_mut(&mut self, id: RecordingId) -> Option<&mut T> {
        let place = self.place_of(id)?;
        self.entries.get_mut(place as usize)?.as_mut().map(|entry| &mut entry.facts)
    }

    fn place_of(&self, id: RecordingId) -> Option<u32> {
        self.places.get(&id).copied()
    }

    fn find_print(&self, frames: &[Frame], own: Option<u32>) -> Option<u32> {
        let words = Vec::from_iter(frames.iter().map(|frame| frame.bits));
        let mut hits = Vec::new();
        for (frame, at) in frames.iter().zip(0_u32..) {
            for word in frame.readings(TURNED) {
                let before = hits.len();
                let there = self.postings.of(word).filter(|&posting| self.word_at(posting) == word);
                hits.extend(there.take(LIST_MAX + 1).map(|posting| Hit {
                    recording: posting.recording,
                    ahead: posting.frame.wrapping_sub(at).cast_signed(),
                    frame: at,
                }));
                // What stands everywhere says nothing. All of its places go, since they come in no order.
                if hits.len() - before > LIST_MAX || hits.len() > HITS_MAX {
                    hits.truncate(before);
                }
            }
        }
        hits.retain(|hit| Some(hit.recording) != own);
        hits.sort_unstable();
        // Where several words agree is looked at first.
        let mut runs = Vec::from_iter(hits.chunk_by(|a, b| (a.recording, a.ahead) == (b.recording, b.ahead)));
        runs.sort_by_key(|run| std::cmp::Reverse(run.len()));
        let mut best: Option<(f32, RecordingId, u32)> = None;
        for hit in runs.iter().take(COMPARED_MAX).filter_map(|run| run.first()) {
            let Some(entry) = self.entry(hit.recording) else { continue };
            let Some(share) = compare(&words, &entry.words, hit) else { continue };
            let better = best.is_none_or(|(least, id, _)| (share, entry.id) < (least, id));
            if share <= self.config.error_share_max && better {
                best = Some((share, entry.id, hit.recording));
            }
        }
        best.map(|(.., place)| place)
    }

    fn find_block(&self, excerpt: &Excerpt, own: Option<u32>) -> Option<u32> {
        let mut best: Option<(f32, u32)> = None;
        for block in (0..=SHIFT_MAX).map_while(|behind| excerpt.block(behind)) {
            let asked = signature(&block);
            let near = |held: &u64| (asked ^ held).count_ones() <= SIGNS_MAX;
            for (index, signatures) in self.signatures.iter().enumerate() {
                if !signatures.iter().any(near) || own == Some(index as u32) {
                    continue;
                }
                let Some(blocks) = self.entry(index as u32).and_then(|entry| entry.blocks.as_ref()) else { continue };
                let alike = blocks.0.iter().zip(signatures).filter(|(_, held)| near(held));
                let alike = alike.map(|(held, _)| correlation(&block, held)).fold(0.0, f32::max);
                if alike >= self.config.correlation_min && best.is_none_or(|(most, _)| alike > most) {
                    best = Some((alike, index as u32));
                }
            }
        }
        best.map(|(_, place)| place)
    }

    fn entry(&self, place: u32) -> Option<&Entry<T>> {
        self.entries.get(place as usize)?.as_ref()
    }

    fn word_at(&self, posting: Posting) -> u32 {
        word_at(&self.entries, posting)
    }

    fn insert(&mut self, at: Nanos, id: RecordingId, excerpt: &Excerpt, facts: T) -> u32 {
        while self.len() >= self.config.recordings_max.max(1) as usize && self.forget_first() {
            self.tally.forgotten += 1;
        }
        let words = Box::from_iter(excerpt.print.frames.iter().map(|frame| frame.bits));
        // Where there is a fingerprint, it is looked up by that alone.
        let loud = words.is_empty().then(|| SIGNED.map(|behind| excerpt.block(behind)));
        let blocks = loud.and_then(|blocks| match blocks {
            [Some(first), second, third] => {
                Some(Box::new(Blocks([first, second.unwrap_or(first), third.unwrap_or(first)])))
            }
            _ => None,
        });
        let signature = blocks.as_deref().map_or([0; SIGNED.len()], |blocks| blocks.0.each_ref().map(signature));
        let entry = Entry { id, heard_at: at, words, blocks, facts };
        let place = self.free.pop().unwrap_or(self.entries.len() as u32);
        match (self.entries.get_mut(place as usize), self.signatures.get_mut(place as usize)) {
            (Some(slot), Some(held)) => (*slot, *held) = (Some(entry), signature),
            _ => {
                self.entries.push(Some(entry));
                self.signatures.push(signature);
            }
        }
        self.order.push_back((at, place, id));
        self.places.insert(id, place);
        for posting in self.postings_of(place) {
            let Self { postings, entries, .. } = self;
            let word = word_at(entries, posting);
            if postings.of(word).take(LIST_MAX + 1).count() <= LIST_MAX {
                postings.add(word, posting, |other| word_at(entries, other));
            }
        }
        place
    }

    /// The places by which a recording can be found.
    fn postings_of(&self, place: u32) -> Vec<Posting> {
        let words = self.entry(place).map_or(&[][..], |entry| &entry.words);
        let said = words.iter().zip(0_u32..).step_by(STRIDE).filter(|&(&word, _)| word != 0);
        said.map(|(_, frame)| Posting { recording: place, frame }).collect()
    }

    fn remove(&mut self, place: u32) -> Option<T> {
        for posting in self.postings_of(place) {
            self.postings.remove(self.word_at(posting), posting);
        }
        let entry = self.entries.get_mut(place as usize)?.take()?;
        self.places.remove(&entry.id);
        if let Some(signature) = self.signatures.get_mut(place as usize) {
            *signature = [0; SIGNED.len()];
        }
        self.free.push(place);
        Some(entry.facts)
    }

    /// Takes a recording of late out of the order.
    fn strike(&mut self, id: RecordingId) {
        if let Some(place) = self.order.iter().rposition(|(_, _, held)| *held == id) {
            self.order.remove(place);
        }
    }

    fn forget_before(&mut self, now: Nanos) {
        while self.order.front().is_some_and(|&(at, ..)| now.nanos_since(at) > self.config.keep_nanos) {
            self.forget_first();
        }
    }

    /// Forgets the recording that was not heard for longest; one that was heard since it was put in order goes to its place
    /// instead.
    fn forget_first(&mut self) -> bool {
        while let Some((at, place, id)) = self.order.pop_front() {
            let heard_at = self.entry(place).filter(|entry| entry.id == id).map(|entry| entry.heard_at);
            match heard_at {
                Some(heard_at) if heard_at > at => {
                    let later = self.order.partition_point(|&(at, ..)| at <= heard_at);
                    self.order.insert(later, (heard_at, place, id));
                }
                Some(_) => return self.remove(place).is_some(),
                None => {}
            }
        }
        false
    }
}

/// The word at a place; 0 where there is none.
fn word_at<T>(entries: &[Option<Entry<T>>], posting: Posting) -> u32 {
    let entry = entries.get(posting.recording as usize).and_then(Option::as_ref);
    entry.and_then(|entry| entry.words.get(posting.frame as usize)).copied().unwrap_or(0)
}

/// The share of differing bits in a block of both around a hit; `None` where they overlap too little or say too little.
fn compare(excerpt: &[u32], recording: &[u32], hit: &Hit) -> Option<f32> {
    let (length, ahead) = (excerpt.len() as i64, i64::from(hit.ahead));
    let first = (-ahead).max(0);
    let last = length.min(recording.len() as i64 - ahead) - BLOCK_FRAMES as i64;
    if last < first {
        return None;
    }
    let start = (i64::from(hit.frame) - BLOCK_FRAMES as i64 / 2).clamp(first, last);
    let block = |words: &[u32], start: i64| -> Option<[u32; BLOCK_FRAMES]> {
        words.get(usize::try_from(start).ok()?..)?.first_chunk().copied()
    };
    let (share, said) = error_share(&block(excerpt, start)?, &block(recording, start + ahead)?);
    (said >= SAID_FRAMES_MIN).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half a fingerprint of one word, as a tone makes it, and half that is nobody else's.
    fn tone_and(own: u32) -> Excerpt {
        let mut excerpt = Excerpt::default();
        for at in 0..2 * BLOCK_FRAMES as u32 {
            let mut frame = Frame::default();
            frame.bits = if at < BLOCK_FRAMES as u32 { 7 } else { (own << 16 | at).wrapping_mul(0x9e37_79b1) };
            excerpt.print.frames.push(frame);
        }
        excerpt
    }

    #[test]
    fn a_word_that_stands_everywhere_takes_no_more_room() {
        let each = BLOCK_FRAMES / STRIDE;
        let mut library = Library::<()>::new(LibraryConfig { recordings_max: 500, ..LibraryConfig::default() });
        for own in 1..=100 {
            library.insert(Nanos::ZERO, RecordingId(own.into()), &tone_and(own), ());
        }
        assert_eq!((library.len(), library.words()), (100, 100 * each + LIST_MAX + 1));
        while library.forget_first() {}
        assert_eq!((library.len(), library.words()), (0, 0));
    }
}

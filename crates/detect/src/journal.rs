//! The calls of late: who called whom by which entities. An alert names its calls from here, so that no entity needs to
//! remember any. Each entry points back to the previous one of each of its entities.

use audio::RecordingId;
use numbers::Country;
use serde::{Deserialize, Serialize};
use sip::stack::Fingerprint;
use types::{E164, Ip, Nanos};

use crate::entity::LEVELS;
use crate::holders::Excess;
use crate::hours::Local;
use crate::marks::Marks;
use crate::seals::Seal;

/// Calls that are written down at once.
const AT_ONCE: usize = 64;

/// A call as the journal has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its Call-ID, at most 256 bytes of it.
    pub call_id: Box<[u8]>,
    /// When it began.
    pub at: Nanos,
    /// Who called.
    pub caller: Option<E164>,
    /// Who was called.
    pub callee: Option<E164>,
    /// Where the callee's number belongs.
    pub country: Country,
    /// What the clock shows where it rings.
    pub local: Option<Local>,
    /// Who sent the INVITE.
    pub source: Ip,
    /// Places of the previous calls of these, plus one; 0 for none.
    pub previous: [u64; LEVELS],
    /// Which software wrote it.
    pub stack: Option<Fingerprint>,
    /// How it was signed.
    pub seal: Seal,
    /// Whether it came from abroad under a line of the callee's country.
    pub line_from_abroad: bool,
    /// How it came out.
    pub fate: Fate,
    /// Whether its answer looked false.
    pub false_answer: bool,
    /// What its caller plays, once that is known.
    pub recording: Option<RecordingId>,
    /// How it goes beyond the licence it is made under.
    pub excess: Option<Excess>,
    /// The operation it was counted for: its place and its id.
    pub operation: Option<(u32, u64)>,
}

/// How a call came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It is not over yet, nor answered.
    #[default]
    Open,
    /// It was answered, and is not over.
    Up,
    /// Given up within six seconds of ringing.
    Dropped,
    /// Declined, or rung for nothing.
    Unanswered,
    /// The network could not do it.
    Failed,
    /// Over within three seconds of the answer.
    Talked3,
    /// Within seven.
    Talked7,
    /// Within fifteen.
    Talked15,
    /// Within half a minute.
    Talked31,
    /// Within a minute.
    Talked63,
    /// Within two.
    Talked127,
    /// Later than that.
    Talked,
}

impl Fate {
    /// How many there are.
    pub const COUNT: usize = Self::Talked as usize + 1;
    /// The first of those that are known.
    pub const KNOWN: usize = Self::Dropped as usize;
    /// The first of those that were answered and are over.
    pub const TALKED: usize = Self::Talked3 as usize;

    /// That of a call that was over so many seconds after the answer.
    #[must_use]
    pub const fn talked(secs: u64) -> Self {
        match secs {
            0..=3 => Self::Talked3,
            4..=7 => Self::Talked7,
            8..=15 => Self::Talked15,
            16..=31 => Self::Talked31,
            32..=63 => Self::Talked63,
            64..=127 => Self::Talked127,
            _ => Self::Talked,
        }
    }

    /// Whether it was answered.
    #[must_use]
    pub const fn is_answered(self) -> bool {
        matches!(self, Self::Up) || self as usize >= Self::TALKED
    }
}

/// A ring of calls.
#[derive(Debug, Serialize, Deserialize)]
pub struct Journal {
    #[serde(skip)]
    ring: Vec<Entry>,
    next: u64,
    calls_max: usize,
    /// Which are written down already.
    #[serde(skip)]
    marks: Marks,
}

impl Journal {
    /// Room for `calls_max` calls, about 300 bytes each.
    #[must_use]
    pub fn new(calls_max: usize) -> Self {
        Self { ring: Vec::new(), next: 0, calls_max: calls_max.max(1), marks: Marks::default() }
    }

    /// Begins to be written down, or does not go on with it.
    pub fn mark(&mut self) {
        self.marks.clear();
    }

    /// The next calls that are to be written down, and where the first of them lies; `None` when all are.
    pub fn unwritten(&mut self) -> Option<(u32, &[Entry])> {
        let first = self.marks.until();
        let run = self.ring.get(first..).filter(|rest| !rest.is_empty())?;
        let run = run.get(..AT_ONCE).unwrap_or(run);
        self.marks.reach(first + run.len());
        Some((first as u32, run))
    }

    /// Those that have changed since they were written down, each with where it lies.
    pub fn changed(&self) -> impl Iterator<Item = (u32, &Entry)> {
        self.marks.touched().filter_map(|place| Some((place as u32, self.ring.get(place)?)))
    }

    /// Calls that are held.
    pub const fn len(&self) -> usize {
        self.ring.len()
    }

    /// Takes those that were read.
    pub fn fill(&mut self, calls: Vec<Entry>) {
        self.ring = calls;
    }

    /// Writes a call down; its place, plus one.
    pub fn write(&mut self, entry: Entry) -> u64 {
        let place = self.next as usize % self.calls_max;
        self.marks.touch(place);
        match self.ring.get_mut(place) {
            Some(slot) => *slot = entry,
            None => self.ring.push(entry),
        }
        self.next += 1;
        self.next
    }

    /// The call at a place, plus one, unless it was written over.
    #[must_use]
    pub fn get(&self, place: u64) -> Option<&Entry> {
        self.ring.get(self.slot(place)?)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, place: u64) -> Option<&mut Entry> {
        let slot = self.slot(place)?;
        self.marks.touch(slot);
        self.ring.get_mut(slot)
    }

    /// Where the call at a place, plus one, lies, unless it was written over.
    fn slot(&self, place: u64) -> Option<usize> {
        let back = self.next.checked_sub(place)?;
        (place != 0 && back < self.ring.len() as u64).then(|| (place - 1) as usize % self.calls_max)
    }

    /// The licences are others now: what was beyond those before is nobody's concern.
    pub fn forget_licences(&mut self) {
        for (place, entry) in self.ring.iter_mut().enumerate().filter(|(_, entry)| entry.excess.is_some()) {
            entry.excess = None;
            self.marks.touch(place);
        }
    }

    /// The calls of an entity of `level`, the latest first.
    pub fn back(&self, place: u64, level: usize) -> impl Iterator<Item = &Entry> {
        let before = move |entry: &&Entry| self.get(entry.previous.get(level).copied().unwrap_or(0));
        std::iter::successors(self.get(place), before)
    }

    /// Where the calls of an entity of `level` lie, the latest first.
    pub fn places(&self, place: u64, level: usize) -> impl Iterator<Item = u64> + '_ {
        let before = move |place: &u64| self.get(*place)?.previous.get(level).copied();
        std::iter::successors(Some(place), before).take_while(|&place| self.get(place).is_some())
    }

    /// Visits the calls of an entity of `level`, the latest first, at most `most` of them.
    pub fn walk(&mut self, mut place: u64, level: usize, most: usize, mut visit: impl FnMut(&mut Entry)) {
        for _ in 0..most {
            let Some(entry) = self.get_mut(place) else { return };
            visit(entry);
            place = entry.previous.get(level).copied().unwrap_or(0);
        }
    }
}

//! Where a 32-bit word stood before: posting lists in one table. The words themselves are not kept twice: a posting says
//! where to look them up.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

/// A place where a word stood. Eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Posting {
    /// The place of its recording.
    pub recording: u32,
    /// Its frame there.
    pub frame: u32,
}

/// Posting lists. How they are hashed is drawn by lot, since who calls chooses the words; what is found does not depend on it.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    table: HashTable<Posting>,
    hasher: RandomState,
}

impl Postings {
    /// The places where `word` may have stood.
    pub fn of(&self, word: u32) -> impl Iterator<Item = Posting> {
        self.table.iter_hash(self.hasher.hash_one(word)).copied()
    }

    /// Notes that `word` stands there; `word_at` says what stands at the others.
    pub fn add(&mut self, word: u32, posting: Posting, word_at: impl Fn(Posting) -> u32) {
        let hasher = &self.hasher;
        self.table.insert_unique(hasher.hash_one(word), posting, |&other| hasher.hash_one(word_at(other)));
    }

    /// Forgets that `word` stands there.
    pub fn remove(&mut self, word: u32, posting: Posting) {
        if let Ok(entry) = self.table.find_entry(self.hasher.hash_one(word), |&held| held == posting) {
            entry.remove();
        }
    }

    /// All places, in no order.
    pub fn all(&self) -> impl Iterator<Item = Posting> {
        self.table.iter().copied()
    }

    /// Postings that are kept.
    pub fn len(&self) -> usize {
        self.table.len()
    }
}

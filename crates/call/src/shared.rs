//! What many legs have in common, kept once for all of them: the codecs a network's stacks announce, the boxes that talk to
//! each other and the software that asks repeat in call after call, so a leg holds a number of four bytes instead.
//!
//! A value lives as long as somebody holds it, so there are never more than the limits of the legs let hold one, and none
//! is ever refused.

use std::hash::BuildHasher;
use std::num::NonZeroU32;

use foldhash::quality::FixedState;
use hashbrown::HashTable;
use sip::stack::Fingerprint;
use types::Endpoint;

use crate::codecs::CodecList;
use crate::slab::Slab;

/// A value somebody holds. Each that was handed out is given back once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share(u32);

#[derive(Debug)]
struct Held<T> {
    value: T,
    hash: u64,
    holders: NonZeroU32,
}

/// Values that are held, each once.
#[derive(Debug)]
pub(crate) struct Shared<T> {
    values: Slab<Held<T>>,
    by_hash: HashTable<u32>,
}

impl<T> Shared<T> {
    pub(crate) const fn new() -> Self {
        Self { values: Slab::new(), by_hash: HashTable::new() }
    }

    /// Holds the value of `hash` that is the `same`, which is made when nobody holds it yet.
    pub(crate) fn hold(&mut self, hash: u64, same: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> Share {
        let values = &self.values;
        let alike = |&index: &u32| values.get(index).is_some_and(|held| held.hash == hash && same(&held.value));
        if let Some(&index) = self.by_hash.find(hash, alike) {
            self.hold_again(Share(index));
            return Share(index);
        }
        let index = self.values.insert(Held { value: make(), hash, holders: NonZeroU32::MIN });
        let values = &self.values;
        self.by_hash.insert_unique(hash, index, |&index| values.get(index).map_or(0, |held| held.hash));
        Share(index)
    }

    /// Holds a value once more.
    pub(crate) fn hold_again(&mut self, share: Share) {
        if let Some(held) = self.values.get_mut(share.0) {
            held.holders = held.holders.saturating_add(1);
        }
    }

    /// Gives a value back; it goes with its last holder.
    pub(crate) fn release(&mut self, share: Share) {
        let Some(held) = self.values.get_mut(share.0) else { return };
        if let Some(others) = NonZeroU32::new(held.holders.get() - 1) {
            held.holders = others;
            return;
        }
        let hash = held.hash;
        self.values.remove(share.0);
        if let Ok(entry) = self.by_hash.find_entry(hash, |&index| index == share.0) {
            entry.remove();
        }
    }

    /// A value that is held.
    pub(crate) fn get(&self, share: Share) -> Option<&T> {
        self.values.get(share.0).map(|held| &held.value)
    }
}

/// Who asked, and whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Path {
    pub(crate) source: Endpoint,
    pub(crate) destination: Endpoint,
}

/// The software that asked.
#[derive(Debug)]
pub(crate) struct Agent {
    /// As it names itself; empty when it does not.
    pub(crate) name: Box<[u8]>,
    /// Where its INVITE was seen.
    pub(crate) stack: Option<Fingerprint>,
}

/// All that is shared.
#[derive(Debug)]
pub(crate) struct Common {
    pub(crate) codecs: Shared<CodecList>,
    pub(crate) paths: Shared<Path>,
    pub(crate) agents: Shared<Agent>,
    hasher: FixedState,
}

impl Common {
    pub(crate) const fn new(hasher: FixedState) -> Self {
        Self { codecs: Shared::new(), paths: Shared::new(), agents: Shared::new(), hasher }
    }

    pub(crate) fn hash(&self, words: &impl std::hash::Hash) -> u64 {
        self.hasher.hash_one(words)
    }

    pub(crate) fn hold_path(&mut self, path: Path) -> Share {
        let hash = self.hash(&path);
        self.paths.hold(hash, |known| *known == path, || path)
    }

    pub(crate) fn path(&self, share: Share) -> Path {
        self.paths.get(share).copied().unwrap_or_default()
    }

    pub(crate) fn hold_agent(&mut self, name: &[u8], stack: Option<Fingerprint>) -> Share {
        let hash = self.hash(&(name, stack));
        let same = |known: &Agent| *known.name == *name && known.stack == stack;
        self.agents.hold(hash, same, || Agent { name: name.into(), stack })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_kept_once_and_goes_with_its_last_holder() {
        let mut common = Common::new(FixedState::with_seed(0));
        let shares: Vec<_> = (0..1_000).map(|_| common.hold_agent(b"a stack", None)).collect();
        let other = common.hold_agent(b"another", None);
        assert_eq!(common.agents.values.len(), 2);
        assert_eq!(shares.iter().filter(|&&share| share == shares[0] && share != other).count(), 1_000);
        for share in shares {
            assert_eq!(&*common.agents.get(share).unwrap().name, b"a stack");
            common.agents.release(share);
        }
        assert_eq!((common.agents.values.len(), common.agents.by_hash.len()), (1, 1));
        assert_eq!(&*common.agents.get(other).unwrap().name, b"another");
    }

    #[test]
    fn equal_hashes_are_not_equal_values() {
        let mut shared = Shared::new();
        let [one, two] = [1, 2].map(|value| shared.hold(7, |&known| known == value, || value));
        shared.release(one);
        assert_eq!((shared.get(one), shared.get(two)), (None, Some(&2)));
    }
}

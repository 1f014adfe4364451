//! A table that knows its oldest entry: what keeps fragments and connections within their limits.
//!
//! A hash table of slot numbers over a slab whose slots form a chain from the oldest to the newest, so that finding,
//! adding, refreshing and dropping the oldest take the same time however full it is. How many entries it may hold is
//! for its owner to say; what "old" means too, since only the owner refreshes.

use std::hash::{BuildHasher, Hash};
use std::num::NonZeroU32;
use std::time::Duration;

use foldhash::quality::FixedState;
use hashbrown::HashTable;
use types::Nanos;

/// Where an entry lies; good until it is removed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(NonZeroU32);

impl Place {
    fn of(index: usize) -> Option<Self> {
        u32::try_from(index).ok()?.checked_add(1).and_then(NonZeroU32::new).map(Self)
    }

    const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

struct Slot<K, V> {
    entry: Option<(K, V)>,
    older: Option<Place>,
    /// In a free slot: the next free one.
    newer: Option<Place>,
}

/// Keys to values, and the order in which they came or were last refreshed.
pub(crate) struct Aged<K, V> {
    hash: FixedState,
    table: HashTable<Place>,
    slots: Vec<Slot<K, V>>,
    free: Option<Place>,
    oldest: Option<Place>,
    newest: Option<Place>,
}

impl<K: Copy + Eq + Hash, V> Aged<K, V> {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            hash: FixedState::with_seed(seed),
            table: HashTable::new(),
            slots: Vec::new(),
            free: None,
            oldest: None,
            newest: None,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    pub(crate) fn oldest(&self) -> Option<Place> {
        self.oldest
    }

    pub(crate) fn find(&self, key: &K) -> Option<Place> {
        let is = |place: &Place| self.entry(*place).is_some_and(|(k, _)| k == key);
        self.table.find(self.hash.hash_one(key), is).copied()
    }

    pub(crate) fn get(&self, place: Place) -> Option<&V> {
        self.entry(place).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, place: Place) -> Option<&mut V> {
        self.entry_mut(place).map(|(_, value)| value)
    }

    pub(crate) fn entry_mut(&mut self, place: Place) -> Option<(&K, &mut V)> {
        self.slots.get_mut(place.index()).and_then(|slot| slot.entry.as_mut()).map(|(key, value)| (&*key, value))
    }

    /// Adds an entry, whose key must not be there, as the newest; `None` when slot numbers run out, at 4 billion.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<Place> {
        let entry = Some((key, value));
        let place = match self.free {
            Some(place) => {
                let slot = self.slots.get_mut(place.index())?;
                slot.entry = entry;
                self.free = slot.newer;
                place
            }
            None => {
                let place = Place::of(self.slots.len())?;
                self.slots.push(Slot { entry, older: None, newer: None });
                place
            }
        };
        self.append(place);
        let Self { hash, table, slots, .. } = self;
        let hash_at = |place: &Place| {
            let key = slots.get(place.index()).and_then(|slot| slot.entry.as_ref()).map(|(key, _)| key);
            key.map_or(0, |key| hash.hash_one(key))
        };
        table.insert_unique(hash.hash_one(key), place, hash_at);
        Some(place)
    }

    /// Makes an entry the newest.
    pub(crate) fn refresh(&mut self, place: Place) {
        if self.newest != Some(place) && self.entry(place).is_some() {
            self.unchain(place);
            self.append(place);
        }
    }

    pub(crate) fn remove(&mut self, place: Place) -> Option<(K, V)> {
        let key = self.entry(place)?.0;
        if let Ok(found) = self.table.find_entry(self.hash.hash_one(key), |at| *at == place) {
            found.remove();
        }
        self.unchain(place);
        let slot = self.slots.get_mut(place.index())?;
        slot.newer = self.free;
        self.free = Some(place);
        slot.entry.take()
    }

    fn entry(&self, place: Place) -> Option<&(K, V)> {
        self.slots.get(place.index()).and_then(|slot| slot.entry.as_ref())
    }

    fn slot(&mut self, place: Option<Place>) -> Option<&mut Slot<K, V>> {
        self.slots.get_mut(place?.index())
    }

    fn append(&mut self, place: Place) {
        let older = self.newest.replace(place);
        if let Some(slot) = self.slot(Some(place)) {
            (slot.older, slot.newer) = (older, None);
        }
        match self.slot(older) {
            Some(slot) => slot.newer = Some(place),
            None => self.oldest = Some(place),
        }
    }

    fn unchain(&mut self, place: Place) {
        let Some(slot) = self.slot(Some(place)) else { return };
        let (older, newer) = (slot.older, slot.newer);
        match self.slot(older) {
            Some(slot) => slot.newer = newer,
            None => self.oldest = newer,
        }
        match self.slot(newer) {
            Some(slot) => slot.older = older,
            None => self.newest = older,
        }
    }
}

/// Whether `age` has passed between `since` and `now`, in either direction: where the capture's clock jumps back by more
/// than an age, as between two files read one after the other, what came before the jump is over as well.
pub(crate) fn passed(since: Nanos, now: Nanos, age: Duration) -> bool {
    u128::from(since.get().abs_diff(now.get())) >= age.as_nanos()
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    fn chain(aged: &Aged<u8, u32>) -> Vec<u8> {
        let mut keys = Vec::new();
        let mut at = aged.oldest();
        while let Some(place) = at {
            keys.push(aged.entry(place).unwrap().0);
            at = aged.slots[place.index()].newer;
        }
        keys
    }

    proptest! {
        /// It is a queue with a search: whatever is done to it, both tell the same keys in the same order.
        #[test]
        fn the_order_is_that_of_a_queue(steps in prop::collection::vec((0_u8..3, 0_u8..12), 0..200)) {
            let (mut aged, mut model) = (Aged::new(7), VecDeque::<u8>::new());
            for (step, key) in steps {
                let found = aged.find(&key);
                prop_assert_eq!(found.is_some(), model.contains(&key));
                match (step, found) {
                    (0, None) => {
                        aged.insert(key, u32::from(key)).unwrap();
                        model.push_back(key);
                    }
                    (1, Some(place)) => {
                        aged.refresh(place);
                        model.retain(|k| *k != key);
                        model.push_back(key);
                    }
                    (2, Some(place)) => {
                        prop_assert_eq!(aged.remove(place), Some((key, u32::from(key))));
                        prop_assert!(aged.get(place).is_none());
                        model.retain(|k| *k != key);
                    }
                    _ => {}
                }
                prop_assert_eq!(chain(&aged), Vec::from(model.clone()));
                prop_assert_eq!(aged.len(), model.len());
                prop_assert!(aged.slots.len() <= 12);
            }
        }
    }

    #[test]
    fn a_clock_that_jumps_back_ends_an_age_too() {
        let (second, at) = (Duration::from_secs(1), |secs| Nanos::from_parts(secs, 0));
        for (since, now, over) in [(5, 5, false), (5, 6, true), (5, 4, true)] {
            assert_eq!(passed(at(since), at(now), second), over, "{since} {now}");
        }
        assert!(!passed(at(5), Nanos::from_parts(4, 500_000_000), second));
    }
}

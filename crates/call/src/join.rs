//! Which legs are one call: a back-to-back user agent answers one Call-ID and asks with another.
//!
//! It may say so (Session-ID, P-Charging-Vector icid-value, an X- header that names the other Call-ID); else the same
//! two parties, seconds apart, with the second leg leaving from where the first arrived, are taken for one call.

use std::collections::VecDeque;
use std::time::Duration;

use hashbrown::HashTable;
use types::Nanos;

/// Legs offered under one key: a call that forks over many gateways stays below it. Without it a sender of calls that
/// all look alike would make every look-up walk over all of them.
const OFFERS_PER_KEY_MAX: usize = 16;

/// A leg by slot and serial number, since slots are used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LegRef {
    pub(crate) index: u32,
    pub(crate) serial: u32,
}

#[derive(Clone, Copy, Debug)]
struct Offer {
    key: u64,
    leg: LegRef,
    at: Nanos,
}

/// Legs that another may still join, by what they have in common with it; each for a limited time.
#[derive(Debug)]
pub(crate) struct Offers {
    by_key: HashTable<Offer>,
    order: VecDeque<(Nanos, u64, LegRef)>,
    lives: Duration,
    limit: usize,
    evicted: u64,
}

impl Offers {
    pub(crate) const fn new(lives: Duration, limit: usize) -> Self {
        Self { by_key: HashTable::new(), order: VecDeque::new(), lives, limit, evicted: 0 }
    }

    /// Offers that went before their time was over.
    pub(crate) const fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Lets `leg` be found by `key` from `at` on. At either limit the oldest offer goes: its leg can no longer be joined.
    pub(crate) fn add(&mut self, key: u64, leg: LegRef, at: Nanos) {
        self.forget(at);
        if self.order.len() >= self.limit {
            self.evicted += u64::from(self.drop_oldest());
        }
        let (mut alike, mut oldest) = (0, None);
        for offer in self.by_key.iter_hash(key).filter(|offer| offer.key == key) {
            alike += 1;
            let age = (offer.at, offer.leg.serial);
            oldest = oldest.filter(|&(older, _)| older <= age).or(Some((age, offer.leg)));
        }
        if let Some((_, oldest)) = oldest.filter(|_| alike >= OFFERS_PER_KEY_MAX) {
            // Its place in the order stays until its time is over.
            self.evicted += u64::from(self.remove(key, oldest));
        }
        self.by_key.insert_unique(key, Offer { key, leg, at }, |offer| offer.key);
        self.order.push_back((at, key, leg));
    }

    /// The oldest leg offered under `key` that `fits`.
    pub(crate) fn find(&mut self, key: u64, now: Nanos, fits: impl Fn(LegRef) -> bool) -> Option<LegRef> {
        self.forget(now);
        let same = self.by_key.iter_hash(key).filter(|offer| offer.key == key && fits(offer.leg));
        // The serial number breaks ties, so that the order of the table never shows.
        same.min_by_key(|offer| (offer.at, offer.leg.serial)).map(|offer| offer.leg)
    }

    /// The leg offered under `key` that `fits`, if it is the only one.
    pub(crate) fn find_only(&mut self, key: u64, now: Nanos, fits: impl Fn(LegRef) -> bool) -> Option<LegRef> {
        self.forget(now);
        let mut same = self.by_key.iter_hash(key).filter(|offer| offer.key == key && fits(offer.leg));
        let found = same.next()?.leg;
        same.all(|offer| offer.leg == found).then_some(found)
    }

    fn forget(&mut self, now: Nanos) {
        while self.order.front().is_some_and(|&(at, ..)| now.since(at) > self.lives) {
            self.drop_oldest();
        }
    }

    /// Whether the oldest was still offered.
    fn drop_oldest(&mut self) -> bool {
        self.order.pop_front().is_some_and(|(_, key, leg)| self.remove(key, leg))
    }

    fn remove(&mut self, key: u64, leg: LegRef) -> bool {
        let found = self.by_key.find_entry(key, |offer| offer.key == key && offer.leg == leg);
        found.map(|entry| entry.remove()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_fitting_leg_is_found_while_its_offer_lives() {
        let mut offers = Offers::new(Duration::from_secs(4), 3);
        let leg = |serial| LegRef { index: serial, serial };
        let at = |secs| Nanos::from_parts(secs, 0);
        for serial in 1..=3 {
            offers.add(7, leg(serial), at(u64::from(serial)));
        }
        assert_eq!(offers.find(7, at(3), |_| true), Some(leg(1)));
        assert_eq!(offers.find(7, at(3), |found| found != leg(1)), Some(leg(2)));
        assert_eq!(offers.find(8, at(3), |_| true), None);
        assert_eq!(offers.find_only(7, at(3), |_| true), None);
        assert_eq!(offers.find_only(7, at(3), |found| found == leg(2)), Some(leg(2)));
        offers.add(7, leg(4), at(4)); // at the limit: the oldest offer goes
        assert_eq!(offers.find(7, at(4), |_| true), Some(leg(2)));
        assert_eq!(offers.find(7, at(8), |_| true), Some(leg(4)));
        assert_eq!(offers.find(7, at(9), |_| true), None);
    }

    #[test]
    fn offers_that_all_look_alike_stay_few() {
        let mut offers = Offers::new(Duration::from_secs(4), 1_000);
        let leg = |serial| LegRef { index: serial, serial };
        for serial in 1..=100 {
            offers.add(7, leg(serial), Nanos::from_parts(1, serial.into()));
        }
        let now = Nanos::from_parts(1, 100);
        assert_eq!((offers.by_key.len(), offers.evicted()), (OFFERS_PER_KEY_MAX, 100 - OFFERS_PER_KEY_MAX as u64));
        assert_eq!(offers.find(7, now, |_| true), Some(leg(85)));
        offers.forget(Nanos::from_parts(6, 0));
        assert_eq!((offers.by_key.len(), offers.order.len(), offers.evicted()), (0, 0, 84));
    }
}

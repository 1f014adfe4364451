//! How long answers take, route by route: false answers come before anybody can have picked up (SCIENCE 4.5). Only with
//! `false_answer.timing = true`, since US 9,203,952 claims it.
//!
//! Each route's delays are held against those of the other routes to the same block of numbers, or to the same country where
//! those are few: a menu that answers at once does so on every route. For a share `s` of false answers the likelihood ratio of
//! a delay is `1 - s + s F / B`, where `F` is even between a fifth of a second and two seconds, and `B` is what the others
//! show, sharpened by what this route has shown before; the evidence is the mean over several `s`, and begins anew when
//! it falls to 1.

use foldhash::quality::RandomState;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::entity::Entity;
use crate::judge::key;

/// Upper ends of the bins in milliseconds; the last has none.
const BINS_MS: [u64; BINS - 1] = [200, 500, 1_000, 1_500, 2_000, 3_000, 4_000, 6_000, 8_000, 12_000, 18_000, 30_000];
/// Bins of a delay.
const BINS: usize = 13;
/// The share of false answers that lies in each bin: even from 0.2 s to 2 s.
const FALSE: [f32; BINS] =
    [0.01, 0.16, 0.27, 0.27, 0.27, 0.002_5, 0.002_5, 0.002_5, 0.002_5, 0.002_5, 0.002_5, 0.002_5, 0.002_5];
/// Shares of false answers that are looked for.
const SHARES: [f32; 4] = [0.5, 0.2, 0.1, 0.05];
/// Answers on other routes from which on they can be compared with.
const OTHERS_MIN: f32 = 60.0;
/// Answers that what others show counts for: a route may differ from them.
const SPREAD: f32 = 1_000.0;
/// Answers after which those before count half.
const ANSWERS_MAX: f32 = 5_000.0;
/// The most that one answer brings, in nats.
const CLIP: f32 = 2.5;
/// Histograms remembered; past it new routes and blocks are not compared. About 100 bytes each.
const HISTOGRAMS_MAX: usize = 65_536;

/// Answers, or shares of them, by delay.
type Histogram = [f32; BINS];

/// Delays of all routes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Delays {
    seen: HashMap<u64, Histogram, RandomState>,
    #[serde(skip)]
    refused: u64,
}

/// An answer by its delay, and what it is held against.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    others: Histogram,
    own: Histogram,
    bin: usize,
}

/// What a route's delays have come to, by share of false answers, in nats.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Early {
    nats: [f32; SHARES.len()],
    answers: u32,
    early: u32,
}

impl Early {
    /// The evidence, in nats.
    #[must_use]
    pub fn nats(&self) -> f32 {
        if self.answers == 0 {
            return 0.0;
        }
        let most = self.nats.into_iter().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = self.nats.into_iter().map(|nats| (nats - most).exp()).sum();
        most + (sum / SHARES.len() as f32).ln()
    }

    /// Answers since the evidence last began, and those of them within two seconds.
    #[must_use]
    pub const fn answers(&self) -> (u32, u32) {
        (self.answers, self.early)
    }
}

impl Delays {
    /// Takes in an answer on `route` to a block of numbers, so long after the INVITE; what it is held against, if there are other
    /// routes.
    pub fn observe(&mut self, route: Entity, block: u64, delay_ms: u64) -> Option<Answer> {
        let Entity::Route(_, country) = route else { return None };
        let bin = BINS_MS.iter().position(|&end| delay_ms < end).unwrap_or(BINS - 1);
        let pairs = [(key(&(0_u8, block)), key(&(1_u8, route, block))), (key(&(2_u8, country)), key(&(3_u8, route)))];
        let [_, (_, whole)] = pairs;
        let own = self.of(whole);
        let others = pairs.map(|(all, own)| less(self.of(all), self.of(own)));
        let others = others.into_iter().find(|others| total(others) >= OTHERS_MIN);
        for (all, own) in pairs {
            self.count(all, bin);
            self.count(own, bin);
        }
        others.map(|others| Answer { others, own, bin })
    }

    /// Delays that went into no histogram for want of room.
    #[must_use]
    pub const fn refused(&self) -> u64 {
        self.refused
    }

    fn of(&self, key: u64) -> Histogram {
        self.seen.get(&key).copied().unwrap_or_default()
    }

    fn count(&mut self, key: u64, bin: usize) {
        if self.seen.len() >= HISTOGRAMS_MAX && !self.seen.contains_key(&key) {
            self.refused += 1;
            return;
        }
        let histogram = self.seen.entry(key).or_default();
        if total(histogram) >= ANSWERS_MAX {
            histogram.iter_mut().for_each(|count| *count /= 2.0);
        }
        if let Some(count) = histogram.get_mut(bin) {
            *count += 1.0;
        }
    }
}

impl Early {
    /// Takes in an answer.
    pub fn observe(&mut self, answer: &Answer) {
        let Answer { others, own, bin } = answer;
        let at = |histogram: &Histogram| histogram.get(*bin).copied().unwrap_or(0.0);
        // Half an answer in each bin, so that nothing is impossible.
        let other = (at(others) + 0.5) / (total(others) + 0.5 * BINS as f32);
        let usual = (SPREAD * other + at(own)) / (SPREAD + total(own));
        let ratio = at(&FALSE) / usual;
        self.answers += 1;
        self.early += u32::from(BINS_MS.get(*bin).is_some_and(|&end| end <= 2_000));
        for (nats, share) in self.nats.iter_mut().zip(SHARES) {
            *nats += (1.0 - share + share * ratio).ln().min(CLIP);
        }
        if self.nats() <= 0.0 {
            *self = Self::default();
        }
    }
}

fn total(histogram: &Histogram) -> f32 {
    histogram.iter().sum()
}

fn less(mut all: Histogram, own: Histogram) -> Histogram {
    for (count, own) in all.iter_mut().zip(own) {
        *count = (*count - own).max(0.0);
    }
    all
}

#[cfg(test)]
mod tests {
    use numbers::Country;
    use types::Ip;

    use super::*;
    use crate::entity::Origin;

    /// Answers a good route needs until one beside it is suspected, of which every `every`th answer is false; `None` in 4,000.
    fn check(every: u64) -> Option<u64> {
        let route = |last| Entity::Route(Origin::Source(Ip::v4([192, 0, 2, last])), Country::new(*b"IN").unwrap());
        let (mut delays, mut early, mut other) = (Delays::default(), Early::default(), Early::default());
        let mut state = 7_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        for answer in 0..4_000 {
            // Four seconds in the mean, few within two.
            let mut usual = || 1_500 + (10 + draw() % 80) * (10 + draw() % 80);
            let (delay, honest) = (usual(), usual());
            let delay = if answer % every == 0 { 200 + delay % 1_800 } else { delay };
            for (last, delay, early) in [(1, honest, &mut other), (2, delay, &mut early)] {
                if let Some(answer) = delays.observe(route(last), 91, delay) {
                    early.observe(&answer);
                }
            }
            assert!(other.nats() < 9.0, "the honest one: {}", other.nats());
            if early.nats() >= 13.8 {
                return Some(answer);
            }
        }
        None
    }

    #[test]
    fn answers_that_come_too_soon_are_found() {
        let [half, fifth, tenth] = [2, 5, 10].map(|every| check(every).map(|answers| answers - 60));
        assert!(half.unwrap() < 60 && fifth.unwrap() < 150 && tenth.unwrap() < 400, "{half:?} {fifth:?} {tenth:?}");
        assert_eq!(check(u64::MAX), None);
    }

    #[test]
    fn room_is_bounded_and_what_finds_none_is_counted() {
        let route = Entity::Route(Origin::Source(Ip::v4([192, 0, 2, 1])), Country::new(*b"IN").unwrap());
        let mut delays = Delays::default();
        // Two histograms a block, and two of the country.
        for block in 0..HISTOGRAMS_MAX as u64 {
            delays.observe(route, block, 4_000);
        }
        assert_eq!((delays.seen.len(), delays.refused()), (HISTOGRAMS_MAX, HISTOGRAMS_MAX as u64 + 2));
    }
}

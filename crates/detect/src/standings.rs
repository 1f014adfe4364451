//! Where calls come from, as the calls themselves say it: what the operator has not written down. The country at one end of
//! most calls is the tap's home, and a source whose callers are mostly from elsewhere lies abroad.
//!
//! A centre abroad that shows numbers of the callee's country would make its carrier look like one at home, by its mere
//! number of calls. So the software behind a source votes, not the calls, and about a call the others do: what a carrier is, its
//! other customers say. Whoever has a source alone and shows home numbers only is not seen through; the operator's word is
//! better, and goes first.

use arrayvec::ArrayVec;
use foldhash::quality::RandomState;
use hashbrown::HashMap;
use numbers::Country;
use serde::{Deserialize, Serialize};
use sip::stack::Fingerprint;
use types::Ip;

/// Sources remembered; past it the quiet ones are forgotten. About 200 bytes each.
const SOURCES_MAX: usize = 16_384;
/// Stacks that vote for a source.
const WRITERS_MAX: usize = 8;
/// Calls of a stack that count at most: past it old ones count less, and nobody's vote more.
const VOTE_MAX: f32 = 16.0;
/// Calls behind all votes from which on they are counted.
const VOTES_MIN: f32 = 16.0;
/// Share of callers from elsewhere from which on a source lies abroad.
const FOREIGN_SHARE: f32 = 0.5;
/// The same share behind a carrier abroad, and behind one at home that brings calls of others in too.
const ABROAD_SHARE: f32 = 0.8;
const TRANSIT_SHARE: f32 = 0.3;
/// How much likelier the former must be for the others behind a source to say so by themselves: 1,000 times, in nats.
const OTHERS_NATS: f32 = 6.9;
/// Calls from which on the home country is known.
const HOME_CALLS_MIN: f32 = 30.0;
/// Share of callers that cannot be read up to which it is they who cannot be, and calls after which those before count half.
const UNREAD_SHARE: f32 = 0.1;
const CALLERS_MAX: f32 = 10_000.0;
/// Share of all calls that have an end there.
const HOME_SHARE: f32 = 0.6;
/// Calls after which those before count half.
const HOME_CALLS_MAX: f32 = 100_000.0;

/// What calls have said of places so far.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Standings {
    /// What the operator has said of home.
    told: Option<Country>,
    /// Calls with an end in each country.
    ends: HashMap<Country, f32, RandomState>,
    calls: f32,
    sources: HashMap<Ip, Source, RandomState>,
    /// Callers that showed a number, and of these what could not be read as one.
    callers: f32,
    unread: f32,
    #[serde(skip)]
    refused: u64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Source {
    writers: ArrayVec<Writer, WRITERS_MAX>,
}

/// One stack behind a source.
#[derive(Debug, Serialize, Deserialize)]
struct Writer {
    stack: Option<Fingerprint>,
    calls: f32,
    foreign: f32,
}

impl Standings {
    /// Nothing yet, but for what the operator has said of home.
    #[must_use]
    pub fn new(home: Option<Country>) -> Self {
        Self { told: home, ..Self::default() }
    }

    /// Takes in a call from a number of one country to a number of another.
    pub fn observe(&mut self, source: Ip, stack: Option<Fingerprint>, [caller, callee]: [Country; 2]) {
        self.calls += 1.0;
        *self.ends.entry(callee).or_default() += 1.0;
        if caller != callee {
            *self.ends.entry(caller).or_default() += 1.0;
        }
        if self.calls >= HOME_CALLS_MAX {
            self.calls /= 2.0;
            self.ends.retain(|_, calls| {
                *calls /= 2.0;
                *calls >= 1.0
            });
        }
        let Some(home) = self.home() else { return };
        if source.is_unspecified() {
            return;
        }
        if self.sources.len() >= SOURCES_MAX && !self.sources.contains_key(&source) {
            self.sources.retain(|_, source| source.fades());
        }
        if self.sources.len() < SOURCES_MAX || self.sources.contains_key(&source) {
            self.sources.entry(source).or_default().observe(stack, !home.is_home_to(caller));
        } else {
            self.refused += 1;
        }
    }

    /// A caller showed a number, which could be read or not.
    pub fn on_caller(&mut self, read: bool) {
        self.callers += 1.0;
        self.unread += if read { 0.0 } else { 1.0 };
        if self.callers >= CALLERS_MAX {
            self.callers /= 2.0;
            self.unread /= 2.0;
        }
    }

    /// Whether nearly all callers can be read: then one that cannot be is his own doing, and not that of a dial plan that nobody has told.
    #[must_use]
    pub fn reads_callers(&self) -> bool {
        self.callers >= HOME_CALLS_MIN && self.unread <= UNREAD_SHARE * self.callers
    }

    /// Calls that said nothing of their source for want of room.
    #[must_use]
    pub const fn refused(&self) -> u64 {
        self.refused
    }

    /// The tap's home: the country at one end of most calls, once there is one.
    #[must_use]
    pub fn home(&self) -> Option<Country> {
        if self.told.is_some() {
            return self.told;
        }
        let (home, calls) = self.ends.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
        (self.calls >= HOME_CALLS_MIN && *calls >= HOME_SHARE * self.calls).then_some(*home)
    }

    /// Whether a source lies abroad, asked of a call that `stack` wrote; `None` where the calls do not say.
    #[must_use]
    pub fn abroad(&self, source: Ip, stack: Option<Fingerprint>) -> Option<bool> {
        let writers = &self.sources.get(&source)?.writers;
        let votes = |writers: &mut dyn Iterator<Item = &Writer>| {
            writers.fold((0.0, 0.0), |(calls, foreign), writer| {
                let vote = writer.calls.min(VOTE_MAX);
                (calls + vote, foreign + vote * writer.foreign / writer.calls)
            })
        };
        let (calls, foreign) = votes(&mut writers.iter().filter(|writer| writer.stack != stack));
        let told = foreign * (ABROAD_SHARE / TRANSIT_SHARE).ln()
            + (calls - foreign) * ((1.0 - ABROAD_SHARE) / (1.0 - TRANSIT_SHARE)).ln();
        if told >= OTHERS_NATS {
            return Some(true);
        }
        let (calls, foreign) = votes(&mut writers.iter());
        (calls >= VOTES_MIN).then_some(foreign >= FOREIGN_SHARE * calls)
    }
}

impl Source {
    fn observe(&mut self, stack: Option<Fingerprint>, foreign: bool) {
        let known = self.writers.iter().position(|writer| writer.stack == stack);
        let place = known.unwrap_or_else(|| {
            if self.writers.is_full() {
                // Whoever says least makes room.
                let least = self.writers.iter().enumerate().min_by(|a, b| a.1.calls.total_cmp(&b.1.calls));
                self.writers.swap_remove(least.map_or(0, |(place, _)| place));
            }
            self.writers.push(Writer { stack, calls: 0.0, foreign: 0.0 });
            self.writers.len() - 1
        });
        let Some(writer) = self.writers.get_mut(place) else { return };
        writer.calls += 1.0;
        writer.foreign += f32::from(u8::from(foreign));
        if writer.calls >= 2.0 * VOTE_MAX {
            writer.calls /= 2.0;
            writer.foreign /= 2.0;
        }
    }

    /// Lets what it said count half; whether anything is left.
    fn fades(&mut self) -> bool {
        self.writers.retain(|writer| {
            writer.calls /= 2.0;
            writer.foreign /= 2.0;
            writer.calls >= 1.0
        });
        !self.writers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARRIER: Ip = Ip::v4([203, 0, 113, 1]);
    const OTHERS: Ip = Ip::v4([203, 0, 113, 2]);

    fn country(code: [u8; 2]) -> Country {
        Country::new(code).unwrap()
    }

    /// A source, whose software is behind it, from where to where it calls, how often.
    type Told = (Ip, u64, &'static [u8; 2], &'static [u8; 2], usize);

    fn told(calls: &[Told]) -> Standings {
        let mut standings = Standings::default();
        // Home is known from the first round.
        for round in 0..2 {
            for &(source, stack, from, to, count) in calls {
                for _ in 0..count {
                    let stack = Some(Fingerprint::from_bits(stack));
                    standings.observe(source, stack, [country(*from), country(*to)]);
                }
            }
            assert!(round == 0 || standings.home() == Some(country(*b"GB")));
        }
        standings
    }

    #[test]
    fn a_carrier_abroad_shows_foreign_numbers() {
        let standings =
            told(&[(CARRIER, 1, b"IN", b"GB", 20), (OTHERS, 2, b"GB", b"GB", 60), (OTHERS, 2, b"GB", b"FR", 9)]);
        assert_eq!(standings.abroad(CARRIER, None), Some(true));
        assert_eq!(standings.abroad(OTHERS, None), Some(false));
        assert_eq!(standings.abroad(Ip::v4([203, 0, 113, 3]), None), None);
    }

    #[test]
    fn a_flood_of_home_numbers_does_not_bring_a_carrier_home() {
        let others = [(CARRIER, 1, b"IN", b"GB", 20), (CARRIER, 2, b"US", b"GB", 20), (OTHERS, 4, b"GB", b"GB", 60)];
        let flood = [(CARRIER, 3, b"GB", b"GB", 5_000)];
        let flooder = Some(Fingerprint::from_bits(3));
        assert_eq!(told(&[&others[..], &flood[..]].concat()).abroad(CARRIER, flooder), Some(true));
        let alone = told(&[&others[2..], &flood[..]].concat());
        assert_eq!(alone.abroad(CARRIER, flooder), Some(false), "alone it looks like home");
    }

    #[test]
    fn a_few_others_say_where_a_flood_comes_from() {
        let of = |from: &'static [u8; 2], count| {
            told(&[(OTHERS, 4, b"GB", b"GB", 60), (CARRIER, 1, from, b"GB", count), (CARRIER, 3, b"GB", b"GB", 500)])
        };
        let flooder = Some(Fingerprint::from_bits(3));
        assert_eq!(of(b"IN", 4).abroad(CARRIER, flooder), Some(true), "eight of two rounds");
        assert_eq!(of(b"IN", 2).abroad(CARRIER, flooder), Some(false), "four are too few");
        assert_eq!(of(b"GB", 4).abroad(CARRIER, flooder), Some(false));
        assert_eq!(
            of(b"IN", 4).abroad(CARRIER, Some(Fingerprint::from_bits(1))),
            Some(false),
            "the flood says otherwise"
        );
    }

    #[test]
    fn a_link_that_all_countries_pass_has_no_home() {
        let mut standings = Standings::default();
        for (from, to) in [(b"US", b"IN"), (b"FR", b"DE"), (b"GB", b"PK")].into_iter().cycle().take(300) {
            standings.observe(CARRIER, None, [country(*from), country(*to)]);
        }
        assert_eq!((standings.home(), standings.abroad(CARRIER, None)), (None, None));
    }

    #[test]
    fn room_is_bounded() {
        let mut standings = Standings::default();
        for source in 0..3 * SOURCES_MAX as u32 {
            standings.observe(Ip::v4(source.to_be_bytes()), None, [country(*b"GB"); 2]);
        }
        assert!(standings.sources.len() <= SOURCES_MAX);
    }

    #[test]
    fn a_source_that_finds_no_room_is_counted() {
        let mut standings = Standings::new(Some(country(*b"GB")));
        let of = |source: u32| Ip::v4((source + 1).to_be_bytes());
        // Whoever called twice is there still when what was said counts half.
        for call in 0..2 * SOURCES_MAX as u32 {
            standings.observe(of(call / 2), None, [country(*b"GB"); 2]);
        }
        assert_eq!(standings.refused(), 0);
        standings.observe(of(SOURCES_MAX as u32), None, [country(*b"GB"); 2]);
        assert_eq!((standings.sources.len(), standings.refused()), (SOURCES_MAX, 1));
    }
}

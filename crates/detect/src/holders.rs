//! What is done under each licence: how many agents work under it and where they call, beside how many it is for and where it may
//! call. A licence covers no more than it says, so calls beyond it are judged as those of somebody who has none.
//!
//! How many agents there are is known after an hour, by the calls that are up at once; then all calls under the licence are beyond
//! it, since nobody can say which agent is one too many. Where it calls is known of each call, so only those that go elsewhere are.

use config::{Known, Licence, LicenceId};
use numbers::{Country, Place};
use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::seats::Seats;
use crate::settings::SeatsTerms;

/// Share of a holder's calls that may go elsewhere: lists are never clean, and some numbers were taken abroad.
const ASTRAY_SHARE: f32 = 0.05;
/// Calls of a holder from which on that share is known.
const ASTRAY_CALLS_MIN: f32 = 50.0;
/// Calls of a holder after which those before count half.
const CALLS_MAX: f32 = 10_000.0;
/// How many times its seats a holder may have: shifts overlap, and new agents sit beside old ones.
const SEATS_TIMES: f32 = 1.25;

/// How calls go beyond the licence they are made under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excess {
    /// Which licence.
    pub licence: LicenceId,
    /// In what.
    pub of: Beyond,
}

/// What a licence does not cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Beyond {
    /// So many agents at least, which is more than it is for.
    Seats(u32),
    /// Calls to a country that it does not name.
    Destination(Country),
}

/// All holders, by the places of their licences.
#[derive(Debug, Serialize, Deserialize)]
pub struct Holders {
    /// The version of the configuration in which their licences stand.
    version: Box<str>,
    terms: SeatsTerms,
    held: Vec<Holder>,
}

/// What one of them does.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Holder {
    seats: Seats,
    counted_at: Nanos,
    /// More agents than it may have, when they were last counted.
    too_many: Option<u32>,
    calls: f32,
    /// Of these, those to countries that it may not call.
    astray: f32,
}

impl Holders {
    /// Nothing is known yet of the holders of a configuration.
    #[must_use]
    pub fn new(known: &Known, terms: SeatsTerms) -> Self {
        Self { version: known.version().into(), ..Self::of(known.config().licence.len(), terms) }
    }

    /// Whether their licences stand in this configuration.
    #[must_use]
    pub fn stand_in(&self, known: &Known) -> bool {
        *self.version == *known.version()
    }

    /// The same licences stand in this configuration too.
    pub fn go_on_in(&mut self, known: &Known) {
        self.version = known.version().into();
    }

    /// Nothing more will be heard of the calls that are up.
    pub fn lose_calls(&mut self) {
        self.held.iter_mut().for_each(|holder| holder.seats.lose_calls());
    }

    fn of(licences: usize, terms: SeatsTerms) -> Self {
        let seats = Seats::new(terms);
        let holder = Holder { seats, counted_at: Nanos::ZERO, too_many: None, calls: 0.0, astray: 0.0 };
        Self { version: "".into(), terms, held: vec![holder; licences] }
    }

    /// A call is made under a licence: how it goes beyond it, if it does.
    pub fn call(&mut self, id: LicenceId, licence: &Licence, callee: Option<&Place>, at: Nanos) -> Option<Excess> {
        let holder = self.held.get_mut(usize::from(id.0))?;
        let elsewhere = callee.map(|place| place.country).filter(|&country| {
            let named = |own: &config::Country| own.get().is_home_to(country);
            country != Country::UNKNOWN && !licence.destinations.is_empty() && !licence.destinations.iter().any(named)
        });
        holder.calls += 1.0;
        holder.astray += if elsewhere.is_some() { 1.0 } else { 0.0 };
        if holder.calls >= CALLS_MAX {
            holder.calls /= 2.0;
            holder.astray /= 2.0;
        }
        holder.count(licence, self.terms, at);
        let often = holder.calls >= ASTRAY_CALLS_MIN && holder.astray > ASTRAY_SHARE * holder.calls;
        let destination = elsewhere.filter(|_| often).map(Beyond::Destination);
        let of = holder.too_many.map(Beyond::Seats).or(destination)?;
        Some(Excess { licence: id, of })
    }

    /// A call under a licence is answered.
    pub fn answered(&mut self, id: LicenceId, at: Nanos) {
        if let Some(holder) = self.held.get_mut(usize::from(id.0)) {
            holder.seats.answered(at);
        }
    }

    /// An answered call under a licence is over.
    pub fn ended(&mut self, id: LicenceId, at: Nanos) {
        if let Some(holder) = self.held.get_mut(usize::from(id.0)) {
            holder.seats.ended(at);
        }
    }
}

impl Holder {
    /// Counts its agents, where there is a new sample of the calls that are up. What was counted stands until they can be counted
    /// again: at night they are at home, not gone.
    fn count(&mut self, licence: &Licence, terms: SeatsTerms, at: Nanos) {
        let Some(allowed) = licence.seats.filter(|_| at.nanos_since(self.counted_at) >= terms.sample_nanos) else {
            return;
        };
        self.counted_at = at;
        self.seats.on_time(at);
        if let Some(agents) = self.seats.surely() {
            self.too_many = Some(agents).filter(|&agents| agents as f32 > SEATS_TIMES * allowed as f32);
        }
    }
}

#[cfg(test)]
mod tests {
    use numbers::look_up;
    use types::E164;

    use super::*;
    use crate::settings::Settings;

    const LICENCE: LicenceId = LicenceId(0);
    const HOUR: u64 = 3_600;

    fn licence(more: &str) -> Licence {
        let text = format!("[[licence]]\nholder = \"a\"\naddresses = [\"192.0.2.1\"]\n{more}");
        let known = config::read(text.as_bytes()).unwrap().known;
        known.licence(LICENCE).unwrap().clone()
    }

    /// Agents who talk for two minutes and rest for half of one, each in a turn of his own, for three hours.
    fn works(agents: u64, more: &str) -> Option<Excess> {
        let licence = licence(more);
        let mut holders = Holders::of(1, Settings::default().seats);
        let mut last = None;
        for second in 0..3 * HOUR {
            let at = Nanos::from_parts(1_000_000 + second, 0);
            for agent in 0..agents {
                // Turns of different lengths, so that they drift apart as those of people do.
                let turn = 150 + agent % 7;
                match (second + 37 * agent) % turn {
                    0 => {
                        last = holders.call(LICENCE, &licence, None, at);
                        holders.answered(LICENCE, at);
                    }
                    120 if second >= 120 => holders.ended(LICENCE, at),
                    _ => {}
                }
            }
        }
        last
    }

    #[test]
    fn more_agents_than_a_licence_is_for_are_beyond_it() {
        assert_eq!(works(40, "seats = 40\n"), None);
        assert_eq!(works(40, "seats = 36\n"), None, "an estimate errs by a tenth");
        assert_eq!(works(40, ""), None, "without a number of seats there may be any");
        let found = works(40, "seats = 20\n").unwrap();
        assert!(matches!(found.of, Beyond::Seats(30..=40)), "{found:?}");
    }

    /// Of a hundred calls each `every`th goes to France under a licence for Britain: how many are beyond it.
    fn calls(every: u64, more: &str) -> usize {
        let licence = licence(more);
        let mut holders = Holders::of(1, Settings::default().seats);
        let place = |digits: u64| look_up(E164::new(digits).unwrap());
        let beyond = (0..200).filter(|call| {
            let callee = place(if call % every == 0 { 33_199_000_001 } else { 441_632_960_001 });
            let found = holders.call(LICENCE, &licence, Some(callee), Nanos::from_parts(*call, 0));
            let france = Beyond::Destination(Country::new(*b"FR").unwrap());
            assert!(found.is_none_or(|it| it.of == france && call % every == 0 && *call >= 40), "{call}: {found:?}");
            found.is_some()
        });
        beyond.count()
    }

    #[test]
    fn calls_to_other_countries_are_beyond_it_where_they_are_not_a_few() {
        assert!(calls(4, "destinations = [\"GB\"]\n") >= 35);
        assert_eq!(calls(40, "destinations = [\"GB\"]\n"), 0);
        assert_eq!(calls(4, "destinations = [\"GB\", \"FR\"]\n"), 0);
        assert_eq!(calls(4, ""), 0, "without any it may call all");
    }
}

//! Whether two lots of calls are one dialler's. Software is bought by many: that two write alike says that they may be one
//! operation, and how their calls look says whether they are. Four things are compared, each by how much likelier the counts are with
//! two sets of shares than with one (the Bayes factor of two Dirichlet-multinomials): how many are answered, how long these last,
//! where calls go, and whether the numbers they show are the same. Carriers reach people differently well, so that as little is
//! believed of the first as of an innocent class (thirty calls); and where calls go and what they show, which one operation may well
//! do differently from trunk to trunk, is believed up to 2.5 nats. A talk takes the same time over any carrier.

use foldhash::quality::RandomState;
use hashbrown::HashMap;
use numbers::Country;
use types::E164;

use crate::frame::ln_gamma;
use crate::journal::{Entry, Fate};

/// Calls that a lot counts for at most, where carriers differ.
const CALLS_MAX: f64 = 30.0;
/// And where they do not.
const TALKS_MAX: f64 = 100.0;
/// What a trait may say in which one dialler may differ from trunk to trunk.
const TRAIT_NATS_MAX: f64 = 2.5;
/// What is expected of each share before anything is known of it: half a call (Jeffreys).
const PRIOR: f64 = 0.5;

/// Some calls, as far as they tell who made them.
#[derive(Debug, Default)]
pub struct Lot {
    fates: [u32; Fate::COUNT],
    countries: HashMap<Country, u32, RandomState>,
    callers: HashMap<E164, u32, RandomState>,
}

impl Lot {
    /// These calls.
    pub fn of<'a>(calls: impl Iterator<Item = &'a Entry>) -> Self {
        let mut lot = Self::default();
        for call in calls {
            if let Some(count) = lot.fates.get_mut(call.fate as usize) {
                *count += 1;
            }
            *lot.countries.entry(call.country).or_default() += 1;
            if let Some(caller) = call.caller {
                *lot.callers.entry(caller).or_default() += 1;
            }
        }
        lot
    }

    /// How much likelier it is that another made these than that whoever made `other` did, in nats. Where these were `picked` by the
    /// numbers they show it says nothing that the other shows others; nor do long talks, for which numbers of many are noticed first.
    #[must_use]
    pub fn apart(&self, other: &Self, picked: bool) -> f64 {
        let [same, new] = self.shown_by(other, 0);
        if same > new {
            return 0.0;
        }
        let mut places: Vec<Country> = self.countries.keys().chain(other.countries.keys()).copied().collect();
        places.sort_unstable();
        places.dedup();
        let went = |lot: &Self| -> Vec<f64> {
            places.iter().map(|place| lot.countries.get(place).copied().map_or(0.0, f64::from)).collect()
        };
        let believed = |nats: f64| nats.clamp(0.0, TRAIT_NATS_MAX);
        let places = believed(factor(&went(self), &went(other), CALLS_MAX));
        let ends = factor(&self.ends(), &other.ends(), CALLS_MAX);
        if picked {
            return ends + places;
        }
        let numbers = believed(factor(&[same, new], &other.shown_by(other, 1), CALLS_MAX));
        ends + factor(&self.talks(), &other.talks(), TALKS_MAX) + places + numbers
    }

    /// How the calls ended that are over: those without an answer by why, and those with one.
    fn ends(&self) -> Vec<f64> {
        let unanswered = self.fates.get(Fate::KNOWN..Fate::TALKED).unwrap_or_default();
        unanswered.iter().copied().map(f64::from).chain([self.talks().iter().sum()]).collect()
    }

    /// How long those with an answer took.
    fn talks(&self) -> Vec<f64> {
        self.fates.iter().skip(Fate::TALKED).copied().map(f64::from).collect()
    }

    /// Calls under numbers that more than so many calls of `other` show, and calls that are not.
    fn shown_by(&self, other: &Self, more_than: u32) -> [f64; 2] {
        let is_shown = |caller| other.callers.get(caller).is_some_and(|&calls| calls > more_than);
        self.callers.iter().fold([0.0, 0.0], |[same, new], (caller, &calls)| match is_shown(caller) {
            true => [same + f64::from(calls), new],
            false => [same, new + f64::from(calls)],
        })
    }
}

/// How much likelier two lots are with shares of their own than with the same, in nats.
fn factor(one: &[f64], other: &[f64], calls_max: f64) -> f64 {
    let (one, other) = (at_most(one, calls_max), at_most(other, calls_max));
    let both: Vec<f64> = one.iter().zip(&other).map(|(one, other)| one + other).collect();
    told(&one) + told(&other) - told(&both)
}

/// The same shares of no more calls than are believed.
fn at_most(counts: &[f64], calls_max: f64) -> Vec<f64> {
    let scale = calls_max / counts.iter().sum::<f64>().max(calls_max);
    counts.iter().map(|count| count * scale).collect()
}

/// ln of how likely these counts are, whatever the shares.
fn told(counts: &[f64]) -> f64 {
    let prior = PRIOR * counts.len() as f64;
    let all: f64 = counts.iter().sum();
    let each: f64 = counts.iter().map(|count| ln_gamma(PRIOR + count) - ln_gamma(PRIOR)).sum();
    each - (ln_gamma(prior + all) - ln_gamma(prior))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many calls of each end, to these countries, each under one of so many numbers in turn, from `first` on.
    fn lot(fates: &[(Fate, u32)], countries: &[&[u8; 2]], first: u64, numbers: u64) -> Lot {
        let mut lot = Lot::default();
        let calls = fates.iter().flat_map(|&(fate, calls)| (0..calls).map(move |_| fate));
        for ((fate, number), country) in calls.zip((0..numbers).cycle()).zip(countries.iter().cycle()) {
            lot.fates[fate as usize] += 1;
            *lot.countries.entry(Country::new(**country).unwrap()).or_default() += 1;
            *lot.callers.entry(E164::new(first + number).unwrap()).or_default() += 1;
        }
        lot
    }

    const CENTRE: [(Fate, u32); 7] = [
        (Fate::Unanswered, 620),
        (Fate::Failed, 30),
        (Fate::Dropped, 20),
        (Fate::Talked7, 110),
        (Fate::Talked15, 60),
        (Fate::Talked63, 60),
        (Fate::Talked, 100),
    ];
    /// The same in a twentieth of the calls.
    const FEWER: [(Fate, u32); 5] =
        [(Fate::Unanswered, 31), (Fate::Failed, 2), (Fate::Talked7, 8), (Fate::Talked63, 4), (Fate::Talked, 5)];

    /// Who is apart from a centre, and who is not.
    #[test]
    fn another_dialler_is_told_apart_and_the_same_is_not() {
        let (gb, three): (&[_], &[_]) = (&[b"GB"], &[b"GB", b"AU", b"US"]);
        let centre = lot(&CENTRE, gb, 441_632_960_000, 1_000);
        let wangiri = [(Fate::Dropped, 5), (Fate::Talked3, 1)];
        let campaign = [(Fate::Unanswered, 60), (Fate::Talked7, 8), (Fate::Talked15, 8), (Fate::Talked31, 24)];
        let answered_less = [(Fate::Unanswered, 80), (Fate::Talked7, 11), (Fate::Talked63, 4), (Fate::Talked, 5)];
        let rows = [
            ("the same by another trunk", lot(&FEWER, gb, 441_632_960_000, 1_000), false, false),
            ("the same under other numbers", lot(&FEWER, gb, 441_632_970_000, 1_000), false, false),
            ("the same in other countries too", lot(&FEWER, three, 441_632_960_000, 50), false, false),
            ("the same by a trunk that reaches fewer", lot(&answered_less, gb, 441_632_960_000, 1_000), false, false),
            ("six rings that are given up", lot(&wangiri, gb, 25_261_006_400, 100), false, true),
            ("the same, known by its numbers", lot(&wangiri, gb, 25_261_006_400, 100), true, true),
            ("a recording that people hear to its end", lot(&campaign, gb, 441_632_970_000, 1_000), false, true),
            ("calls under its own numbers, whatever they are like", lot(&wangiri, gb, 441_632_960_000, 6), true, false),
            ("nothing yet", lot(&[(Fate::Open, 9), (Fate::Up, 3)], gb, 441_632_970_000, 9), false, false),
        ];
        for (what, lot, picked, apart) in rows {
            let nats = lot.apart(&centre, picked);
            assert_eq!(nats >= 6.9, apart, "{what}: {nats}");
        }
    }
}

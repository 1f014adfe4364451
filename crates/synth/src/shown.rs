//! Which number a bulk caller shows.

use numbers::Country;
use types::E164;

use crate::habits::Habits;
use crate::places::Numbers;
use crate::random::{Random, mix, unit};
use crate::world::World;

/// How a caller picks the number that is shown.
#[derive(Clone, Debug)]
pub(crate) enum Shown {
    /// Its own numbers, in a block at home and one in each country it calls; now and then it gets another.
    Own {
        /// Where it is.
        home: Country,
        /// How many numbers of each block it uses.
        count: u64,
        /// The first number of each block.
        blocks: Vec<(Country, u64)>,
    },
    /// One of these, whoever is called.
    Fixed(Vec<E164>),
    /// Another after so many calls.
    Rotating {
        /// Calls by one number.
        every: u32,
        /// Calls by the present one.
        used: u32,
        /// The present one.
        present: u64,
        /// Whether the next one is the neighbour of the last.
        walks: bool,
        /// How many there are in all; 0 is no limit.
        pool: u64,
        /// Share that are of the callee's country; the others are of this one.
        local: f64,
        /// Where the others are.
        home: Country,
    },
}

impl Shown {
    /// Rotating through numbers drawn anew, all of the callee's country.
    pub(crate) const fn rotating(every: u32, local: f64, home: Country) -> Self {
        Self::Rotating { every, used: 0, present: 0, walks: false, pool: 0, local, home }
    }

    /// One of `pool` numbers for every call.
    pub(crate) const fn pool(pool: u64, local: f64, home: Country) -> Self {
        Self::Rotating { every: 1, used: 0, present: 0, walks: false, pool, local, home }
    }

    /// Numbers of its own at home and in each of `regions`: blocks of a hundred, of which `count` are used.
    pub(crate) fn own(numbers: &Numbers, home: Country, regions: &[Country], count: u64, key: u64) -> Self {
        let mut blocks = vec![(home, numbers.block(home, key, 100))];
        for region in regions {
            if !blocks.iter().any(|(country, _)| country == region) {
                blocks.push((*region, numbers.block(*region, key, 100)));
            }
        }
        Self::Own { home, count, blocks }
    }

    /// The number for the next call.
    pub(crate) fn next(
        &mut self,
        random: &mut Random,
        region: Country,
        callee: E164,
        habits: &Habits,
        world: &World,
    ) -> E164 {
        let numbers = &world.numbers;
        match self {
            Self::Own { home, count, blocks } => {
                let place = if random.chance(habits.mismatch) { region } else { *home };
                let block = blocks.iter().find(|(country, _)| *country == place);
                let block = block.filter(|_| !random.chance(habits.new_number));
                // Who is called again sees the number that called before.
                let which = (unit(mix(callee.reveal(), *count)).powf(1.5) * *count as f64) as u64;
                let own = block.and_then(|(_, first)| E164::new(first + which));
                own.unwrap_or_else(|| numbers.of(place, random.bits()))
            }
            Self::Fixed(fixed) => random.pick(fixed).unwrap_or(callee),
            Self::Rotating { every, used, present, walks, pool, local, home } => {
                *used += 1;
                if *used > *every || *present == 0 {
                    *used = 1;
                    *present = match (*walks, *pool) {
                        (true, _) => present.wrapping_add(1).max(1),
                        (false, 0) => random.bits() | 1,
                        (false, pool) => 1 + random.below(pool),
                    };
                }
                // The same number is never of two countries: the country is part of its key.
                let here = share_of(*present) < *local;
                let place = if here { region } else { *home };
                if *walks {
                    let first = numbers.block(place, mix(0x77, *present / 1_000), 1_000);
                    return E164::new(first + *present % 1_000).unwrap_or(callee);
                }
                numbers.of(place, mix(0x72, *present))
            }
        }
    }
}

/// A share that belongs to a number for ever.
fn share_of(key: u64) -> f64 {
    unit(mix(key, 0x6c))
}

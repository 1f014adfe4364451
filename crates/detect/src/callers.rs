//! The numbers an operation shows, in little room: the numbers themselves while they are few, then the blocks they lie in,
//! each time ten times as large, until they are few again.

use serde::{Deserialize, Serialize};
use types::E164;

use crate::headcount::Headcount;

/// Numbers or blocks listed.
const LISTED_MAX: usize = 32;

/// Numbers, or blocks of numbers.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Callers {
    /// Digits left out at the end.
    coarse: u32,
    /// What is left of the digits, in order.
    listed: Vec<u64>,
    headcount: Headcount,
}

impl Callers {
    /// Takes in a number.
    pub fn add(&mut self, number: E164) {
        self.headcount.add(number);
        let block = number.reveal() / 10_u64.pow(self.coarse);
        let Err(place) = self.listed.binary_search(&block) else { return };
        self.listed.insert(place, block);
        while self.listed.len() > LISTED_MAX {
            self.coarse += 1;
            for block in &mut self.listed {
                *block /= 10;
            }
            self.listed.dedup();
        }
    }

    /// How many different numbers.
    #[must_use]
    pub const fn headcount(&self) -> &Headcount {
        &self.headcount
    }

    /// The same as a number.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.headcount.count()
    }

    /// The numbers, or the blocks they lie in, with `x` for any digit.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let any = "x".repeat(self.coarse as usize);
        self.listed.iter().filter(|&&block| block > 0).map(|block| format!("+{block}{any}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_numbers_become_few_blocks() {
        let check = |numbers: std::ops::Range<u64>, expected: &[&str]| {
            let mut callers = Callers::default();
            for number in numbers.clone() {
                callers.add(E164::new(number).unwrap());
            }
            assert_eq!(callers.names(), expected);
            let count = numbers.end - numbers.start;
            assert!(callers.count().abs_diff(count) * 20 <= count);
        };
        check(441_632_960_001..441_632_960_003, &["+441632960001", "+441632960002"]);
        check(
            441_632_960_000..441_632_962_000,
            &[
                "+4416329600xx",
                "+4416329601xx",
                "+4416329602xx",
                "+4416329603xx",
                "+4416329604xx",
                "+4416329605xx",
                "+4416329606xx",
                "+4416329607xx",
                "+4416329608xx",
                "+4416329609xx",
                "+4416329610xx",
                "+4416329611xx",
                "+4416329612xx",
                "+4416329613xx",
                "+4416329614xx",
                "+4416329615xx",
                "+4416329616xx",
                "+4416329617xx",
                "+4416329618xx",
                "+4416329619xx",
            ],
        );
    }
}

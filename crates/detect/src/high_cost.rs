//! Numbers that are dear to call everywhere: a versioned file, ours unless the operator names another, to which the
//! configuration's `[[high_cost]]` adds.

use config::{Flaw, Mistake, data};
use serde::Deserialize;
use types::E164;

/// The list that comes with the program.
pub(crate) const OURS: &str = include_str!("../data/high_cost.toml");

/// Prefixes a list may have.
const PREFIXES_MAX: usize = 10_000;
/// Digits a number may have (ITU-T E.164).
const DIGITS_MAX: usize = 15;

/// First digits of numbers that are dear to call.
#[derive(Debug)]
pub struct HighCost {
    version: String,
    /// Those of one digit, of two and so on, each in order.
    prefixes: [Vec<u64>; DIGITS_MAX],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    prefix: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    digits: String,
    #[expect(dead_code, reason = "for whoever reads the file")]
    about: String,
}

impl Row {
    fn digits(&self) -> Option<E164> {
        self.digits.strip_prefix('+').and_then(|digits| digits.parse().ok()).and_then(E164::new)
    }
}

impl HighCost {
    /// Reads a list.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        let file: File = data(text, flaws)?;
        let mut prefixes: [Vec<u64>; DIGITS_MAX] = Default::default();
        for prefix in file.prefix.iter().filter_map(Row::digits) {
            let of_length = (prefix.digits() as usize).checked_sub(1).and_then(|place| prefixes.get_mut(place));
            of_length.into_iter().for_each(|of_length| of_length.push(prefix.reveal()));
        }
        prefixes.iter_mut().for_each(|of_length| of_length.sort_unstable());
        Ok(Self { version: file.version, prefixes })
    }

    /// Version written in the file.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether a number begins like one of the list.
    #[must_use]
    pub fn holds(&self, number: E164) -> bool {
        let lengths = (1..=number.digits()).zip(&self.prefixes).filter(|(_, prefixes)| !prefixes.is_empty());
        lengths.into_iter().any(|(length, prefixes)| {
            let begins = number.reveal() / 10_u64.pow(number.digits() - length);
            prefixes.binary_search(&begins).is_ok()
        })
    }
}

fn flaws(file: &File) -> Vec<Flaw> {
    if file.prefix.len() > PREFIXES_MAX {
        let what = format!("{} prefixes: at most {PREFIXES_MAX} are taken", file.prefix.len());
        return vec![Flaw::error("prefix", what)];
    }
    let wrong = file.prefix.iter().enumerate().filter(|(_, row)| row.digits().is_none());
    let told = wrong.map(|(place, row)| {
        let what =
            format!("{:?} is not the first digits of an international number with +, such as \"+8835\"", row.digits);
        Flaw::error(format!("prefix/{place}/digits"), what)
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dear_by_its_first_digits() {
        let list = HighCost::read(OURS).unwrap();
        let check = |number: u64, dear: bool| assert_eq!(list.holds(E164::new(number).unwrap()), dear, "+{number}");
        check(979_123_456_789, true);
        check(881_612_345_678, true);
        check(88_345_678, true);
        check(88, false);
        check(441_632_960_001, false);
        check(9_791_234, true);
        check(97_812_345_678, false);
        assert!(!list.version().is_empty());
    }

    #[test]
    fn what_is_no_list_is_refused_where_it_is_none() {
        let check = |text: &str, expected: &str| {
            let said = HighCost::read(text).unwrap_err();
            assert_eq!(said.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "), expected);
        };
        check("version = 1\nprefix = []", "1:11: error: invalid type: integer `1`, expected a string");
        check(
            "version = \"1\"\n[[prefix]]\ndigits = \"979\"\nabout = \"\"",
            "3:1: error: \"979\" is not the first digits of an international number with +, such as \"+8835\"",
        );
    }
}

//! Our own list of numbers that are dear to call everywhere: a versioned file, to which the operator's `[[high_cost]]` adds.

use serde::Deserialize;
use types::E164;

/// The list that comes with the program.
const OURS: &str = include_str!("../data/high_cost.toml");

/// Prefixes a list may have.
const PREFIXES_MAX: usize = 64;

/// First digits of numbers that are dear to call.
#[derive(Debug)]
pub struct HighCost {
    version: String,
    /// The digits, and how many they are.
    prefixes: Vec<(u64, u32)>,
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

impl HighCost {
    /// The list that comes with the program.
    ///
    /// # Errors
    /// Never for the file as it stands; a test reads it.
    pub fn ours() -> Result<Self, String> {
        Self::read(OURS)
    }

    fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        if file.prefix.len() > PREFIXES_MAX {
            return Err(format!("{} prefixes: at most {PREFIXES_MAX}", file.prefix.len()));
        }
        let prefix = |row: &Row| {
            let digits = row.digits.strip_prefix('+').and_then(|digits| digits.parse().ok()).and_then(E164::new);
            digits.map(|digits| (digits.reveal(), digits.digits())).ok_or_else(|| format!("{}: no digits", row.digits))
        };
        let prefixes = file.prefix.iter().map(prefix).collect::<Result<_, _>>()?;
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
        let begins = |&(prefix, digits): &(u64, u32)| {
            number.digits().checked_sub(digits).is_some_and(|rest| number.reveal() / 10_u64.pow(rest) == prefix)
        };
        self.prefixes.iter().any(begins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dear_by_its_first_digits() {
        let list = HighCost::ours().unwrap();
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
    fn what_is_no_list_is_refused() {
        for text in ["version = 1", "version = \"1\"\n[[prefix]]\ndigits = \"979\"\nabout = \"\""] {
            assert!(HighCost::read(text).is_err(), "{text}");
        }
    }
}

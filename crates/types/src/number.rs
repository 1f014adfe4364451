//! Telephone numbers: personal data, so whole only where a record is written.

use std::fmt;
use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

/// A telephone number in international form (ITU-T E.164): 1 to 15 digits, the first not 0.
///
/// It fits a `u64`, so it is `Copy`, and `Option<E164>` is no larger. `Display` and `Debug` mask it. `serde` writes it whole, for files of
/// state that greyline alone reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct E164(NonZeroU64);

impl E164 {
    /// The most digits ITU-T E.164 §6 allows.
    pub const DIGITS_MAX: usize = 15;

    /// The number whose digits, without `+`, are those of `digits`; `None` over 15 digits or for 0.
    #[must_use]
    pub const fn new(digits: u64) -> Option<Self> {
        if digits >= 1_000_000_000_000_000 {
            return None;
        }
        match NonZeroU64::new(digits) {
            Some(digits) => Some(Self(digits)),
            None => None,
        }
    }

    /// The number written as ASCII digits without `+`; `None` for anything else, a leading 0 among it.
    #[must_use]
    pub fn from_digits(digits: &[u8]) -> Option<Self> {
        if digits.is_empty() || digits.len() > Self::DIGITS_MAX || digits.first() == Some(&b'0') {
            return None;
        }
        let mut value = 0_u64;
        for &digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            value = value * 10 + u64::from(digit - b'0');
        }
        Self::new(value)
    }

    /// The whole number as an integer, for the rooms that write records and for keys of tables.
    #[must_use]
    pub const fn reveal(self) -> u64 {
        self.0.get()
    }

    /// How many digits it has: 1 to 15.
    #[must_use]
    pub const fn digits(self) -> u32 {
        self.0.get().ilog10() + 1
    }
}

/// `+441…01`: enough to recognise, too little to call.
impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.get();
        match self.digits() {
            0..=5 => f.write_str("+…"),
            count => write!(f, "+{}…{:02}", digits / 10_u64.pow(count - 3), digits % 100),
        }
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_pass() {
        for (text, good) in [
            ("441632960001", true),
            ("1", true),
            ("0441", false),
            ("", false),
            ("1234567890123456", false),
            ("44a", false),
        ] {
            assert_eq!(E164::from_digits(text.as_bytes()).is_some(), good, "{text}");
        }
        assert_eq!(size_of::<Option<E164>>(), 8);
    }

    #[test]
    fn numbers_are_masked_unless_revealed() {
        let number = E164::new(441_632_960_001).unwrap();
        assert_eq!(format!("{number} {number:?}"), "+441…01 +441…01");
        assert_eq!(number.reveal(), 441_632_960_001);
        assert_eq!(E164::new(112).unwrap().to_string(), "+…");
    }
}

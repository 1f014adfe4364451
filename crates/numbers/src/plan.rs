//! The dial plan of a tap: what its raw numbers mean. Every part may be left out; the default plan reads only what
//! says itself that it is international.

use std::fmt;

use crate::dialling::{self, Dialling};
use crate::place::Country;

/// The digits of a prefix, with `*` and `#` where it is a technical one.
type Prefix = Box<[u8]>;

/// How the network at the tap writes numbers.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) home: Option<Home>,
    pub(crate) international: Vec<Prefix>,
    pub(crate) technical: Vec<Prefix>,
}

/// The country whose national numbers the tap sees bare.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) code: u16,
    pub(crate) national: Vec<Prefix>,
}

impl Plan {
    /// The most prefixes of one kind.
    pub const PREFIXES_MAX: usize = 64;
    /// The most symbols of one prefix.
    pub const PREFIX_SYMBOLS_MAX: usize = 12;

    /// The plan of `country`: its calling code, its international and national prefixes. `None` where the tables do
    /// not have it.
    #[must_use]
    pub fn of(country: Country) -> Option<Self> {
        let Dialling { code, international, national, .. } = dialling::of_country(country)?;
        let home = Home { code: *code, national: sorted(national.iter().copied()) };
        Some(Self { home: Some(home), international: sorted(international.iter().copied()), technical: Vec::new() })
    }

    /// The same plan with other international prefixes, digits only, in place of the country's.
    ///
    /// # Errors
    /// [`PlanError`] names the prefix that cannot be one.
    pub fn with_international(mut self, prefixes: &[&str]) -> Result<Self, PlanError> {
        self.international = checked(prefixes, |symbol| symbol.is_ascii_digit())?;
        Ok(self)
    }

    /// The same plan with other national (trunk) prefixes, digits only, in place of the country's.
    ///
    /// # Errors
    /// [`PlanError`] names the prefix that cannot be one, or says that there is no home country to which they belong.
    pub fn with_national(mut self, prefixes: &[&str]) -> Result<Self, PlanError> {
        let Some(home) = &mut self.home else { return Err(PlanError::NoHome) };
        home.national = checked(prefixes, |symbol| symbol.is_ascii_digit())?;
        Ok(self)
    }

    /// The same plan with technical prefixes, digits, `*` and `#`, which carriers put before a number to choose a
    /// route or a customer. They are cut off before anything is read.
    ///
    /// # Errors
    /// [`PlanError`] names the prefix that cannot be one.
    pub fn with_technical(mut self, prefixes: &[&str]) -> Result<Self, PlanError> {
        self.technical = checked(prefixes, |symbol| symbol.is_ascii_digit() || matches!(symbol, b'*' | b'#'))?;
        Ok(self)
    }
}

/// No home country: `+`, `00` and `0011` begin an international number, and `011` does where what follows is valid.
impl Default for Plan {
    fn default() -> Self {
        let international = sorted([b"00".as_slice(), b"011", b"0011"].into_iter());
        Self { home: None, international, technical: Vec::new() }
    }
}

/// The longest first, so that `0011` is tried before `00`.
fn sorted<'a>(prefixes: impl Iterator<Item = &'a [u8]>) -> Vec<Prefix> {
    let mut sorted: Vec<Prefix> = prefixes.map(Into::into).collect();
    sorted.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    sorted.dedup();
    sorted
}

fn checked(prefixes: &[&str], allowed: impl Fn(u8) -> bool) -> Result<Vec<Prefix>, PlanError> {
    if prefixes.len() > Plan::PREFIXES_MAX {
        return Err(PlanError::TooMany { prefixes: prefixes.len() });
    }
    for &prefix in prefixes {
        if prefix.is_empty() || prefix.len() > Plan::PREFIX_SYMBOLS_MAX || !prefix.bytes().all(&allowed) {
            return Err(PlanError::NotAPrefix { prefix: prefix.to_owned() });
        }
    }
    Ok(sorted(prefixes.iter().map(|prefix| prefix.as_bytes())))
}

/// What is wrong with a plan: the operator's doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// Not 1 to 12 digits (or `*`, `#` in a technical prefix).
    NotAPrefix {
        /// What was written.
        prefix: String,
    },
    /// More than [`Plan::PREFIXES_MAX`] prefixes of one kind.
    TooMany {
        /// How many there were.
        prefixes: usize,
    },
    /// National prefixes without a home country.
    NoHome,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAPrefix { prefix } => {
                write!(f, "{prefix:?} is no prefix: it takes 1 to {} digits", Plan::PREFIX_SYMBOLS_MAX)
            }
            Self::TooMany { prefixes } => write!(f, "{prefixes} prefixes; at most {} of a kind", Plan::PREFIXES_MAX),
            Self::NoHome => f.write_str("national prefixes need a home country"),
        }
    }
}

impl std::error::Error for PlanError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said() {
        let plan = Plan::of(Country::new(*b"gb").unwrap()).unwrap();
        assert!(plan.clone().with_technical(&["9999#"]).is_ok());
        let wrong = plan.clone().with_international(&["+"]).unwrap_err();
        assert_eq!(wrong.to_string(), "\"+\" is no prefix: it takes 1 to 12 digits");
        assert_eq!(plan.with_technical(&["1"; 65]).unwrap_err(), PlanError::TooMany { prefixes: 65 });
        assert_eq!(Plan::default().with_national(&["0"]).unwrap_err(), PlanError::NoHome);
        assert!(Plan::of(Country::UNKNOWN).is_none());
    }

    #[test]
    fn every_plan_keeps_the_limits() {
        for dialling in &dialling::DIALLING {
            let plan = Plan::of(dialling.country).unwrap();
            let home = plan.home.unwrap();
            for prefixes in [plan.international, home.national] {
                assert!(prefixes.len() <= Plan::PREFIXES_MAX, "{}", dialling.country);
                assert!(prefixes.iter().all(|prefix| prefix.len() <= Plan::PREFIX_SYMBOLS_MAX), "{}", dialling.country);
            }
        }
    }
}

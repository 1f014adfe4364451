//! Display names that are made to look like others: letters of another alphabet (Unicode's confusables, UTS #39), digits for
//! letters, spaces and dots between, one letter more or less.

use config::{Known, ProtectedId};
use unicode_security::skeleton;

/// Letters from which on one may differ.
const LONG: usize = 8;
/// Letters of a name that are compared.
const LETTERS_MAX: usize = 64;

/// The protected names, as they look.
#[derive(Debug)]
pub struct Names(Vec<(Box<[char]>, ProtectedId)>);

impl Names {
    /// The names of a configuration.
    #[must_use]
    pub fn of(known: &Known) -> Self {
        Self(
            known
                .protected_names()
                .map(|(name, owner)| (look(name), owner))
                .filter(|(look, _)| look.len() > 2)
                .collect(),
        )
    }

    /// Whose name this looks like.
    #[must_use]
    pub fn look_up(&self, display: &[u8]) -> Option<ProtectedId> {
        if self.0.is_empty() || display.is_empty() {
            return None;
        }
        let seen = look(std::str::from_utf8(display).ok()?);
        self.0.iter().find(|(name, _)| alike(name, &seen)).map(|(_, owner)| *owner)
    }
}

/// What of a name the eye keeps: letters and digits as they look, in small letters.
fn look(name: &str) -> Box<[char]> {
    let looks = skeleton(name).collect::<String>().to_lowercase();
    // Once more, since small letters look like others than great ones do (I, l and 1).
    let letters =
        skeleton(&looks).filter(|letter| letter.is_alphanumeric()).take(LETTERS_MAX).map(|letter| match letter {
            '0' => 'o',
            '1' | 'i' => 'l',
            '3' => 'e',
            '5' => 's',
            letter => letter,
        });
    letters.collect()
}

/// Whether two names look the same: equal, or long and one letter apart.
fn alike(name: &[char], seen: &[char]) -> bool {
    if name == seen {
        return true;
    }
    let same = name.iter().zip(seen).take_while(|(a, b)| a == b).count();
    let (rest, other) = (name.get(same..).unwrap_or_default(), seen.get(same..).unwrap_or_default());
    let (skip, other_skip) = (rest.get(1..).unwrap_or_default(), other.get(1..).unwrap_or_default());
    name.len() >= LONG && (skip == other_skip && !rest.is_empty() || skip == other || rest == other_skip)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, seen: &str, expected: bool) {
        assert_eq!(alike(&look(name), &look(seen)), expected, "{name} and {seen}: {:?} {:?}", look(name), look(seen));
    }

    #[test]
    fn names_are_compared_as_they_look() {
        check("National Tax Office", "National Tax Office", true);
        check("National Tax Office", "NATIONAL  TAX-OFFICE", true);
        check("National Tax Office", "Nаtiоnal Tах Оffiсе", true); // Cyrillic
        check("National Tax Office", "Nati0nal Tax 0ffice", true);
        check("National Tax Office", "National Tax Ofice", true);
        check("National Tax Office", "National Tex Office", true);
        check("National Tax Office", "National Trust", false);
        check("Bank", "Bang", false);
        check("Bank", "B A N K", true);
    }
}

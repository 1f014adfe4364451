//! Display names that are made to look like others: letters of another alphabet (Unicode's confusables, UTS #39), digits for
//! letters, spaces and dots between, one letter more or less.

use std::collections::BTreeMap;

use config::{Flaw, Known, Mistake, ProtectedId, data};
use serde::Deserialize;
use unicode_security::skeleton;

/// What looks alike by the file that comes with the program.
pub(crate) const OURS: &str = include_str!("../data/confusables.toml");

/// Letters that a file may read as others.
const LETTERS: usize = 1_000;
/// Letters from which on one may differ.
const LONG: usize = 8;
/// Letters of a name that are compared.
const LETTERS_MAX: usize = 64;

/// Which letters look alike: a versioned file, ours unless the operator names another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confusables {
    version: String,
    /// Whether by UTS #39 too.
    unicode: bool,
    looks_like: BTreeMap<char, char>,
}

/// The protected names, as they look.
#[derive(Debug)]
pub struct Names {
    names: Vec<(Box<[char]>, ProtectedId)>,
    confusables: Confusables,
}

impl Confusables {
    /// Reads a file.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        data(text, |file: &Self| {
            if file.looks_like.len() > LETTERS {
                let what = format!("{} letters: at most {LETTERS} are taken", file.looks_like.len());
                return vec![Flaw::error("looks_like", what)];
            }
            // Only small letters and digits are ever looked up.
            let shown = |letter: &char| letter.is_alphanumeric() && letter.to_lowercase().eq([*letter]);
            let wrong = file.looks_like.iter().filter(|(letter, other)| !shown(letter) || !shown(other));
            wrong
                .map(|(letter, other)| {
                    let what = format!("`{letter} = {other}`: a small letter or a digit is read as another");
                    Flaw::error(format!("looks_like/{letter}"), what)
                })
                .collect()
        })
    }

    /// Version written in the file, and that of Unicode where it is heeded.
    #[must_use]
    pub fn version(&self) -> String {
        let (major, minor, update) = unicode_security::UNICODE_VERSION;
        let unicode =
            if self.unicode { format!(", UTS #39 of Unicode {major}.{minor}.{update}") } else { String::new() };
        format!("{}{unicode}", self.version)
    }

    /// What of a name the eye keeps: letters and digits as they look, in small letters.
    fn look(&self, name: &str) -> Box<[char]> {
        let letters = if self.unicode {
            let looks = skeleton(name).collect::<String>().to_lowercase();
            // Once more, since small letters look like others than great ones do (I, l and 1).
            skeleton(&looks).collect()
        } else {
            name.to_lowercase()
        };
        let letters = letters.chars().filter(|letter| letter.is_alphanumeric()).take(LETTERS_MAX);
        letters.map(|letter| self.looks_like.get(&letter).copied().unwrap_or(letter)).collect()
    }
}

impl Names {
    /// The names of a configuration.
    #[must_use]
    pub fn of(known: &Known, confusables: &Confusables) -> Self {
        let names = known.protected_names().map(|(name, owner)| (confusables.look(name), owner));
        let names = names.filter(|(look, _)| look.len() > 2).collect();
        Self { names, confusables: confusables.clone() }
    }

    /// Whose name this looks like.
    #[must_use]
    pub fn look_up(&self, display: &[u8]) -> Option<ProtectedId> {
        if self.names.is_empty() || display.is_empty() {
            return None;
        }
        let seen = self.confusables.look(std::str::from_utf8(display).ok()?);
        self.names.iter().find(|(name, _)| alike(name, &seen)).map(|(_, owner)| *owner)
    }
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

    fn check_by(file: &str, name: &str, seen: &str, expected: bool) {
        let by = Confusables::read(file).unwrap();
        let (name, seen) = (by.look(name), by.look(seen));
        assert_eq!(alike(&name, &seen), expected, "{name:?} and {seen:?}");
    }

    fn check(name: &str, seen: &str, expected: bool) {
        check_by(OURS, name, seen, expected);
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

    #[test]
    fn what_looks_alike_is_what_the_file_says() {
        const NONE: &str = "version = \"1\"\nunicode = false\n[looks_like]\n";
        check_by(NONE, "Post Box", "P0st Box", false);
        check_by(&format!("{NONE}0 = \"o\""), "Post Box", "P0st Box", true);
        check_by(NONE, "Post Box", "Роst Box", false); // Cyrillic
        check_by(&NONE.replace("false", "true"), "Post Box", "Роst Box", true);
        check_by(&format!("{NONE}7 = \"t\""), "Post Box", "Pos7 Box", true);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_at_its_place() {
        let said = Confusables::read("version = \"1\"\nunicode = true\n[looks_like]\n\"0\" = \"O\"\n").unwrap_err();
        assert_eq!(said[0].to_string(), "4:1: error: `0 = O`: a small letter or a digit is read as another");
        assert!(Confusables::read("version = \"1\"\n[looks_like]\n").unwrap_err()[0].what.contains("unicode"));
    }
}

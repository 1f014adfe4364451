//! The words of a page, read from `texts/`.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;

use crate::text::Text;

/// Where what was filled into a sentence begins, and where it ends.
const BEGIN: char = '\u{2}';
const END: char = '\u{3}';

/// A language in which pages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Urdu, from right to left.
    Urdu,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Urdu];

    /// Its tag (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Urdu => "ur",
        }
    }

    const fn file(self) -> &'static str {
        match self {
            Self::English => include_str!("../texts/en.toml"),
            Self::Urdu => include_str!("../texts/ur.toml"),
        }
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(tag: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|language| language.tag() == tag);
        found.ok_or_else(|| format!("{tag} is no language of reports; en and ur are"))
    }
}

type Table = BTreeMap<String, String>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: String,
    direction: String,
    title: String,
    headings: Table,
    sentences: Table,
    labels: Table,
    units: Table,
    ended: Table,
    severities: Table,
    kinds: Table,
    classes: Table,
    glossary: Table,
    countries: Table,
}

/// The words of a language, and behind them those of English.
#[derive(Debug)]
pub(crate) struct Words {
    own: File,
    english: File,
}

/// A table of words.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Of {
    Headings,
    Sentences,
    Labels,
    Units,
    Ended,
    Severities,
    Kinds,
    Classes,
    Countries,
}

impl Words {
    pub fn of(language: Language) -> Self {
        // A test reads every file: none of them can fail here.
        let read = |language: Language| toml::from_str(language.file()).unwrap_or_default();
        Self { own: read(language), english: read(Language::English) }
    }

    pub fn language(&self) -> &str {
        &self.own.language
    }

    pub fn direction(&self) -> &str {
        &self.own.direction
    }

    pub fn title(&self) -> &str {
        &self.own.title
    }

    pub fn glossary(&self) -> &Table {
        &self.own.glossary
    }

    /// A word; the key itself where no language has one.
    pub fn word<'w>(&'w self, of: Of, key: &'w str) -> &'w str {
        let table = |file: &'w File| match of {
            Of::Headings => &file.headings,
            Of::Sentences => &file.sentences,
            Of::Labels => &file.labels,
            Of::Units => &file.units,
            Of::Ended => &file.ended,
            Of::Severities => &file.severities,
            Of::Kinds => &file.kinds,
            Of::Classes => &file.classes,
            Of::Countries => &file.countries,
        };
        table(&self.own).get(key).or_else(|| table(&self.english).get(key)).map_or(key, String::as_str)
    }

    /// A sentence with its places filled: what is filled in others wrote.
    pub fn say(&self, key: &str, fill: &[(&str, String)]) -> Text {
        let tame = |text: &str| text.replace([BEGIN, END], "·");
        let fill: Vec<_> = fill.iter().map(|(name, text)| (*name, format!("{BEGIN}{}{END}", tame(text)))).collect();
        let said = filled(self.word(Of::Sentences, key), &fill);
        let pieces =
            said.split([BEGIN, END]).zip([false, true].into_iter().cycle()).filter(|(text, _)| !text.is_empty());
        pieces.fold(Text::default(), |said, (text, foreign)| {
            said.and(if foreign { Text::foreign(text) } else { Text::ours(text) })
        })
    }

    /// A label with its places filled.
    pub fn label(&self, key: &str, fill: &[(&str, String)]) -> String {
        filled(self.word(Of::Labels, key), fill)
    }

    /// A stretch of time.
    pub fn span(&self, secs: u64) -> String {
        let unit = |name, n: u64| filled(self.word(Of::Units, name), &[("n", n.to_string())]);
        let two =
            |large: String, small: Option<String>| small.map_or(large.clone(), |small| format!("{large} {small}"));
        let (days, hours, minutes, seconds) = (secs / 86_400, secs / 3_600 % 24, secs / 60 % 60, secs % 60);
        match (days, hours, minutes) {
            (0, 0, 0) => unit("seconds", seconds),
            (0, 0, _) => two(unit("minutes", minutes), (seconds > 0).then(|| unit("seconds", seconds))),
            (0, _, _) => two(unit("hours", hours), (minutes > 0).then(|| unit("minutes", minutes))),
            _ => two(unit("days", days), (hours > 0).then(|| unit("hours", hours))),
        }
    }

    /// Decibels.
    pub fn decibels(&self, db: f64) -> String {
        filled(self.word(Of::Units, "decibels"), &[("n", format!("{db:.1}"))])
    }
}

/// Fills places in one go: what is filled in has none.
fn filled(text: &str, fill: &[(&str, String)]) -> String {
    let (mut out, mut rest) = (String::with_capacity(2 * text.len()), text);
    while let Some((plain, after)) = rest.split_once('{') {
        out.push_str(plain);
        let Some((name, after)) = after.split_once('}') else { break };
        let value = fill.iter().find(|(known, _)| *known == name);
        out.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A count with commas between thousands.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<&str> {
        let mut names: Vec<_> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_says_everything_with_the_same_places() {
        let english: File = toml::from_str(Language::English.file()).unwrap();
        for language in Language::ALL {
            let file: File = toml::from_str(language.file()).unwrap();
            assert_eq!(file.language, language.tag());
            assert!(["ltr", "rtl"].contains(&file.direction.as_str()));
            assert!(file.glossary.len() >= 6);
            for (ours, theirs) in [
                (&english.headings, &file.headings),
                (&english.sentences, &file.sentences),
                (&english.labels, &file.labels),
                (&english.units, &file.units),
                (&english.ended, &file.ended),
                (&english.severities, &file.severities),
                (&english.kinds, &file.kinds),
                (&english.classes, &file.classes),
            ] {
                assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>(), "{}", language.tag());
                for (key, text) in ours {
                    assert_eq!(places(text), places(&theirs[key]), "{} {key}", language.tag());
                }
            }
        }
    }

    #[test]
    fn places_are_filled_once() {
        let fill = [("a", "{b}".to_owned()), ("b", "x".to_owned())];
        assert_eq!(filled("{a} {b}{c} y", &fill), "{b} x y");
        assert_eq!((grouped(0), grouped(999), grouped(1_234_567)), ("0".into(), "999".into(), "1,234,567".into()));
    }
}

//! Numbers that are known, found however they are spelt: whole, without their country, among other digits, or in base 64. One look-up each,
//! however many numbers there are.

use std::collections::{BTreeSet, HashMap, HashSet};

use aho_corasick::{AhoCorasick, BuildError};

use crate::hex::base64;

/// Digits from which a run counts as a number, wherever it stands.
pub(crate) const RUN_MIN: usize = 7;
/// The longest run that is looked at as one.
pub(crate) const RUN_MAX: usize = 64;
/// By how many of its last digits a known number is found, however much of it is written.
const END: usize = 9;
/// How often digits are drawn anew that are like a known number: one in some thousands is.
const DRAWN_AGAIN_MAX: u32 = 16;

/// Numbers, and what stands for each.
#[derive(Debug)]
pub(crate) struct Spelt {
    /// Digits of each, and the digits that stand for them.
    known: Vec<(String, String)>,
    /// Which of them is whole in so many digits.
    whole: HashMap<String, usize>,
    /// Which has these as its last digits.
    tails: HashMap<String, usize>,
    /// Which is found by these.
    ends: HashMap<Vec<u8>, usize>,
    /// What base 64 makes of the ends, wherever they begin within three bytes; nothing where there are none.
    coded: Option<AhoCorasick>,
}

impl Spelt {
    /// These numbers, digits in international form, each with what `stands` says, the first time or a later one: what the end of a known number
    /// stands in would itself be taken for that number. Spellings of one are told for one number.
    ///
    /// # Errors
    /// More numbers than can be looked for.
    pub fn new(numbers: &BTreeSet<String>, stands: impl Fn(&str, u32) -> String) -> Result<Self, BuildError> {
        let told = || numbers.iter().filter(|number| (RUN_MIN..=RUN_MAX).contains(&number.len()));
        // What is the end of another is that other, spelt without its country.
        let shorter: HashSet<&str> = told().flat_map(|number| tails(number).skip(1)).collect();
        let known: Vec<_> = told().filter(|number| !shorter.contains(number.as_str())).collect();
        let (mut spelt, mut codes) = (Self::none(), Vec::new());
        for (place, number) in known.iter().copied().enumerate() {
            spelt.whole.insert(number.clone(), place);
            for tail in tails(number) {
                spelt.tails.entry(tail.to_owned()).or_insert(place);
            }
            spelt.ends.insert(end(number).as_bytes().to_vec(), place);
            codes.extend((0..3).filter_map(|behind| coded(end(number), behind)));
        }
        spelt.coded = (!codes.is_empty()).then(|| AhoCorasick::new(&codes)).transpose()?;
        spelt.known =
            known.iter().map(|number| (number.to_string(), spelt.unlike(|time| stands(number, time)))).collect();
        Ok(spelt)
    }

    fn none() -> Self {
        Self { known: Vec::new(), whole: HashMap::new(), tails: HashMap::new(), ends: HashMap::new(), coded: None }
    }

    /// Every number with what stands for it.
    pub fn all(&self) -> impl Iterator<Item = &(String, String)> {
        self.known.iter()
    }

    /// The number that a run of digits ends with, whole: how many digits stand ahead of it, and what stands for it.
    pub fn at_end(&self, run: &str) -> Option<(usize, &str)> {
        let ahead = run.len().saturating_sub(RUN_MAX)..=run.len().checked_sub(RUN_MIN)?;
        ahead.into_iter().find_map(|ahead| {
            let place = *self.whole.get(run.get(ahead..)?)?;
            self.known.get(place).map(|(_, stands)| (ahead, stands.as_str()))
        })
    }

    /// The number whose end these digits are: what stands for that end.
    pub fn with_tail(&self, tail: &str) -> Option<&str> {
        let (_, stands) = self.known.get(*self.tails.get(tail)?)?;
        stands.get(stands.len().checked_sub(tail.len())?..)
    }

    /// The first of some digits in which no known number ends; the last of a few where all do.
    pub fn unlike(&self, digits: impl Fn(u32) -> String) -> String {
        let is_like = |digits: &str| {
            // A longer run is no number, and costs too much to be drawn again.
            digits.len() <= RUN_MAX && windows(digits.as_bytes()).any(|(_, window)| self.ends.contains_key(window))
        };
        (0..DRAWN_AGAIN_MAX).map(&digits).find(|digits| !is_like(digits)).unwrap_or_else(|| digits(DRAWN_AGAIN_MAX))
    }

    /// The ends of numbers among digits: where each begins, and what stands for it.
    pub fn ends<'s>(&'s self, digits: &'s [u8]) -> impl Iterator<Item = (usize, &'s [u8])> {
        windows(digits).filter_map(|(at, window)| {
            let (_, stands) = self.known.get(*self.ends.get(window)?)?;
            Some((at, end(stands).as_bytes()))
        })
    }

    /// Where a number stands in base 64.
    pub fn in_base64(&self, text: &[u8]) -> Option<usize> {
        self.coded.as_ref()?.find(text).map(|found| found.start())
    }
}

/// All that may be the end of a number among digits, and where it begins.
fn windows(digits: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    (RUN_MIN..=END).flat_map(move |length| digits.windows(length).enumerate())
}

/// The digits of a number from each place on, the whole of it first.
fn tails(number: &str) -> impl Iterator<Item = &str> {
    (0..=number.len().saturating_sub(RUN_MIN)).filter_map(|from| number.get(from..))
}

/// The last digits of a number, by which it is found.
fn end(number: &str) -> &str {
    number.get(number.len().saturating_sub(END)..).unwrap_or(number)
}

/// What base 64 makes of some digits that stand behind one, two or no bytes of something else: the letters that depend on the digits alone.
fn coded(digits: &str, behind: usize) -> Option<String> {
    let bytes = [vec![0; behind], digits.as_bytes().to_vec()].concat();
    let letters = (8 * behind).div_ceil(6)..8 * bytes.len() / 6;
    base64(&bytes).get(letters).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(numbers: &[&str]) -> Spelt {
        let numbers = numbers.iter().map(|number| (*number).to_owned()).collect();
        Spelt::new(&numbers, |number, _| number.bytes().map(|digit| char::from(b'0' + b'9' - digit)).collect()).unwrap()
    }

    #[test]
    fn a_number_is_found_however_it_is_spelt() {
        let spelt = spelt(&["441632960001", "1632960001", "15550100001", "5550100"]);
        // The second is the first without its country; the last is a number of its own.
        assert_eq!(spelt.all().count(), 3);
        assert_eq!(spelt.at_end("00441632960001"), Some((2, "558367039998")));
        assert_eq!(spelt.at_end("441632960002"), None);
        assert_eq!(spelt.at_end("1"), None);
        assert_eq!(spelt.with_tail("1632960001"), Some("8367039998"));
        assert_eq!(spelt.with_tail("960001"), None);
        let found: Vec<_> = spelt.ends(b"9441632960001555010017").collect();
        assert_eq!(found, [(13, b"4449899".as_slice()), (4, b"367039998")]);
        assert_eq!(spelt.in_base64(b"KzQ0MTYzMjk2MDAwMQ=="), Some(6));
        assert_eq!(spelt.in_base64(b"KzQ0MTYzMjk3MDAwMQ=="), None);
    }

    /// What stands for a number would be changed once more if a known one ended in it, and nobody could say any more what it stands for.
    #[test]
    fn what_stands_for_a_number_is_like_none() {
        let numbers = ["441632960001", "441632960002"].map(str::to_owned).into();
        let first = |time| if time == 0 { "163296000155" } else { "700000000000" };
        let spelt = Spelt::new(&numbers, |_, time| first(time).to_owned()).unwrap();
        assert!(spelt.all().all(|(_, stands)| stands == "700000000000"));
        assert_eq!(spelt.ends(b"700000000000").count(), 0);
        // Where every one is like a known number, some one stands there all the same.
        assert_eq!(spelt.unlike(|_| "441632960001".to_owned()), "441632960001");
    }

    /// A sender may write a million digits: that is no number, and costs no memory.
    #[test]
    fn endless_digits_are_no_number() {
        let endless = "7".repeat(1 << 20);
        let spelt = spelt(&[&endless, "15550100001"]);
        assert_eq!(spelt.all().count(), 1);
        assert_eq!(spelt.at_end(&format!("{endless}15550100001")).map(|(ahead, _)| ahead), Some(1 << 20));
    }
}

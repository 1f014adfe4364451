//! What was probably meant: the nearest of some words by edit distance.

/// The longest word that is compared; a longer one is no typing mistake.
const LETTERS_MAX: usize = 64;

/// The candidate nearest to `word` by insertions, deletions, replacements and swaps of neighbours, upper and lower case
/// alike, if not more than a third of its letters differ. The first of several equally near.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = letters(word)?;
    let near = candidates.filter_map(|candidate| {
        let letters = letters(candidate)?;
        let distance = distance(&word, &letters);
        (distance <= letters.len().max(word.len()) / 3).then_some((distance, candidate))
    });
    near.min_by_key(|&(distance, _)| distance).map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).take(LETTERS_MAX + 1).collect();
    (letters.len() <= LETTERS_MAX).then_some(letters)
}

/// Optimal string alignment distance, row by row.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut last_a = None;
    for (row, &letter_a) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        let (mut left, mut last_b) = (row + 1, None);
        for (column, &letter_b) in b.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
            let mut best =
                (at(&above, column) + usize::from(letter_a != letter_b)).min(at(&above, column + 1) + 1).min(left + 1);
            if last_a == Some(letter_b) && last_b == Some(letter_a) {
                best = best.min(at(&before, column.wrapping_sub(1)) + 1);
            }
            current.push(best);
            (left, last_b) = (best, Some(letter_b));
        }
        before = std::mem::replace(&mut above, current);
        last_a = Some(letter_a);
    }
    above.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let between = |a: &str, b: &str| distance(&letters(a).unwrap(), &letters(b).unwrap());
        for (a, b, expected) in [
            ("", "", 0),
            ("", "ab", 2),
            ("ab", "", 2),
            ("kitten", "sitting", 3),
            ("adresses", "addresses", 1),
            ("ab", "ba", 1),
        ] {
            assert_eq!(between(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn what_was_meant() {
        let keys = || ["name", "addresses", "role", "countries", "channels"].into_iter();
        assert_eq!(nearest("adresses", keys()), Some("addresses"));
        assert_eq!(nearest("Role", keys()), Some("role"));
        assert_eq!(nearest("anme", keys()), Some("name"));
        assert_eq!(nearest("colour", keys()), None);
        assert_eq!(nearest(&"x".repeat(1_000), keys()), None);
    }
}

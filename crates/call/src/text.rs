//! The few strings a leg keeps, in one allocation.

/// Which string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    CallId,
    Caller,
    Display,
    Callee,
    Diversion,
}

/// How many there are.
const WORDS: usize = 5;

/// Bytes of the place where a word ends.
const END_BYTES: usize = size_of::<u16>();

/// The strings of a leg, written once and end to end; before them stands where each ends, since it starts where the one
/// before it ends.
#[derive(Debug)]
pub(crate) struct Text(Box<[u8]>);

impl Text {
    /// Copies `words`, in the order of [`Word`]; together they are no longer than [`cut`] leaves them.
    pub(crate) fn new(words: [&[u8]; WORDS]) -> Self {
        let start = WORDS * END_BYTES;
        let mut bytes = Vec::with_capacity(start + words.iter().map(|word| word.len()).sum::<usize>());
        let mut end = 0_u16;
        for word in words {
            end = end.saturating_add(u16::try_from(word.len()).unwrap_or(u16::MAX));
            bytes.extend_from_slice(&end.to_le_bytes());
        }
        words.iter().for_each(|word| bytes.extend_from_slice(word));
        Self(bytes.into_boxed_slice())
    }

    /// One of the words; empty when there was none.
    pub(crate) fn get(&self, word: Word) -> &[u8] {
        let place = word as usize;
        let start = place.checked_sub(1).map_or(0, |before| self.end(before));
        let words = self.0.get(WORDS * END_BYTES..).unwrap_or_default();
        words.get(start..self.end(place)).unwrap_or_default()
    }

    fn end(&self, place: usize) -> usize {
        let end = self.0.get(place * END_BYTES..).and_then(|ends| ends.first_chunk());
        end.map_or(0, |&end| usize::from(u16::from_le_bytes(end)))
    }
}

/// Cuts `words` at `limit` bytes in all, the last first.
pub(crate) fn cut<const N: usize>(words: [&[u8]; N], limit: u16) -> [&[u8]; N] {
    let mut left = usize::from(limit);
    words.map(|word| {
        let (kept, _) = word.split_at_checked(left).unwrap_or((word, &[]));
        left -= kept.len();
        kept
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Word; WORDS] = [Word::CallId, Word::Caller, Word::Display, Word::Callee, Word::Diversion];

    #[test]
    fn words_are_cut_at_the_limit() {
        let words: [&[u8]; 6] = [b"a@b", b"caller", b"", b"callee", b"agent", b"more"];
        assert_eq!(cut(words, 15).map(|word| std::str::from_utf8(word).unwrap()).join("|"), "a@b|caller||callee||");
        assert_eq!(cut(words, 1_000), words);
    }

    #[test]
    fn words_of_every_length_are_read_again() {
        for length in [0, 1, 255, 256, 32_000] {
            let long = vec![b'x'; length];
            let words: [&[u8]; WORDS] = [&long, b"caller", &long, b"", b"more"];
            let text = Text::new(words);
            assert_eq!(ALL.map(|word| text.get(word)), words, "{length}");
        }
    }
}

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

/// A length byte that says there is another.
const MORE: u8 = u8::MAX;

/// The strings of a leg, written once and end to end, each behind its length: the sum of bytes up to the first that is
/// not [`MORE`].
#[derive(Debug)]
pub(crate) struct Text(Box<[u8]>);

impl Text {
    /// Copies `words`, in the order of [`Word`].
    pub(crate) fn new(words: [&[u8]; WORDS]) -> Self {
        let more = usize::from(MORE);
        let mut bytes = Vec::with_capacity(words.iter().map(|word| word.len() / more + 1 + word.len()).sum());
        for word in words {
            bytes.extend(std::iter::repeat_n(MORE, word.len() / more));
            bytes.push((word.len() % more) as u8);
            bytes.extend_from_slice(word);
        }
        Self(bytes.into_boxed_slice())
    }

    /// One of the words; empty when there was none.
    pub(crate) fn get(&self, word: Word) -> &[u8] {
        let mut rest = &*self.0;
        for _ in 0..word as usize {
            rest = split(rest).1;
        }
        split(rest).0
    }
}

/// The first word of `bytes`, and what is behind it.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (mut rest, mut length) = (bytes, 0);
    while let Some((&byte, behind)) = rest.split_first() {
        length += usize::from(byte);
        rest = behind;
        if byte < MORE {
            break;
        }
    }
    rest.split_at_checked(length).unwrap_or_default()
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
        for length in [0, 1, 254, 255, 256, 510, 511, 60_000] {
            let long = vec![b'x'; length];
            let words: [&[u8]; WORDS] = [&long, b"caller", &long, b"", b"more"];
            let text = Text::new(words);
            assert_eq!(ALL.map(|word| text.get(word)), words, "{length}");
        }
    }
}

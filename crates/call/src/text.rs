//! The few strings a leg keeps, in one allocation.

/// Which string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    CallId,
    Caller,
    Display,
    Callee,
    UserAgent,
    Diversion,
}

/// How many there are.
const WORDS: usize = 6;

/// The strings of a leg, written once and end to end.
#[derive(Debug)]
pub(crate) struct Text {
    bytes: Box<[u8]>,
    /// Where each word ends; it starts where the one before it ends.
    ends: [u16; WORDS],
}

impl Text {
    /// Copies `words`, in the order of [`Word`], cutting at `limit` bytes in all. The Call-ID comes first, so it is
    /// the last to be cut.
    pub(crate) fn new(words: [&[u8]; WORDS], limit: u16) -> Self {
        let mut left = usize::from(limit);
        let kept = words.map(|word| {
            let (kept, _) = word.split_at_checked(left).unwrap_or((word, &[]));
            left -= kept.len();
            kept
        });
        let mut end = 0_u16;
        let ends = kept.map(|word| {
            end = end.saturating_add(u16::try_from(word.len()).unwrap_or(u16::MAX));
            end
        });
        Self { bytes: kept.concat().into_boxed_slice(), ends }
    }

    /// One of the words; empty when there was none.
    pub(crate) fn get(&self, word: Word) -> &[u8] {
        let place = word as usize;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&end| usize::from(end));
        let end = self.ends.get(place).map_or(0, |&end| usize::from(end));
        self.bytes.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_at_the_limit() {
        let words: [&[u8]; 6] = [b"a@b", b"caller", b"", b"callee", b"agent", b"more"];
        let text = Text::new(words, 15);
        let read = [Word::CallId, Word::Caller, Word::Display, Word::Callee, Word::UserAgent, Word::Diversion];
        let read = read.map(|word| std::str::from_utf8(text.get(word)).unwrap().to_owned());
        assert_eq!(read.join("|"), "a@b|caller||callee||");
        assert_eq!(Text::new(words, 1_000).get(Word::Diversion), b"more");
    }
}

//! Choices out of fuzzed bytes: each takes from the front, and when nothing is left every choice is the first.

/// Bytes that choices are drawn from.
pub struct Deck<'a>(pub &'a [u8]);

impl<'a> Deck<'a> {
    /// Whether there is more to choose by.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn u8(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    pub fn u16(&mut self) -> u16 {
        u16::from_be_bytes([self.u8(), self.u8()])
    }

    pub fn u32(&mut self) -> u32 {
        u32::from(self.u16()) << 16 | u32::from(self.u16())
    }

    /// A number below `limit`, which is at most 256.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::from(self.u8()) % limit
    }

    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == many - 1
    }

    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Up to `most` bytes, preceded by their number.
    pub fn bytes(&mut self, most: usize) -> &'a [u8] {
        let wanted = if most > 255 { usize::from(self.u16()) } else { usize::from(self.u8()) };
        let (taken, rest) = self.0.split_at((wanted % (most + 1)).min(self.0.len()));
        self.0 = rest;
        taken
    }
}

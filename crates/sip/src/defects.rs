//! What is wrong with a message that could be read all the same: a signal for detectors, since each stack errs in its own way.

/// One way in which a message breaks RFC 3261.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Defect {
    /// The payload ends before the message does (a snap length cut it, or the sender was short).
    Cut,
}

/// A set of [`Defect`]s, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Defects(u64);

impl Defects {
    /// No defect.
    pub const NONE: Self = Self(0);

    /// Notes one more.
    pub const fn add(&mut self, defect: Defect) {
        self.0 |= 1 << defect as u8;
    }

    /// Whether `defect` was found.
    #[must_use]
    pub const fn has(self, defect: Defect) -> bool {
        self.0 >> defect as u8 & 1 == 1
    }

    /// The bits, by [`Defect`]'s discriminants.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }
}

//! How much of a stretch of time was seen.

use crate::Nanos;

/// What a tap can say of a stretch of capture time: what it saw, and what it knows that it did not see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// From here on.
    pub from: Nanos,
    /// Until here.
    pub until: Nanos,
    /// Frames that came.
    pub frames: u64,
    /// Of these, frames whose content was lost: cut short, damaged, or of a kind that cannot be read.
    pub undecoded: u64,
    /// Frames that did not come, since the capturing host had no room for them.
    pub dropped: u64,
}

//! What the room counted and what it refused.

use types::Losses;

/// Counts of a stream table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Streams ever opened.
    pub opened: u64,
    /// Streams dropped at the limit, each the longest silent of those beside it.
    pub evicted: u64,
    /// Streams whose oddities (several payload types, digits, silence) could not be kept for want of room.
    pub oddities_refused: u64,
}

impl Losses for Tally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("rtp_streams_evicted", self.evicted);
        each("rtp_oddities_refused", self.oddities_refused);
    }
}

//! TCP streams put together.

use types::Losses;

/// Limits of the reassembly of TCP streams.
#[derive(Clone, Debug, Default)]
pub struct StreamConfig {}

/// What became of the segments.
#[derive(Clone, Debug, Default)]
pub struct StreamTally {}

impl Losses for StreamTally {
    fn losses(&self, _each: &mut dyn FnMut(&'static str, u64)) {}
}

//! How a room says what it refused.

/// What a room counted as lost, by name. What enters a room equals what leaves it plus these.
pub trait Losses {
    /// Calls `each` with every named loss of this room, zero or not, always in the same order. Names are
    /// snake_case, permanent and unique in the house: they stand in the summary and become metric labels.
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64));
}

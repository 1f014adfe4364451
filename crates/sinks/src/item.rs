//! A record that waits for one sink: what that sink may see of it.

use bytes::Bytes;
use types::Nanos;

use crate::tally::What;

/// A veiled record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub what: What,
    pub at: Nanos,
    pub key: Box<str>,
    pub json: Bytes,
}

impl Item {
    /// Bytes it takes while it waits.
    pub fn bytes(&self) -> usize {
        self.json.len() + self.key.len() + size_of::<Self>()
    }
}

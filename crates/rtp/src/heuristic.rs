//! Finds streams that nobody signalled.

use types::Nanos;

use crate::key::StreamKey;
use crate::packet::Header;

/// Packets of a candidate that are remembered: it is a stream, or none, by then.
const PACKETS_MAX: usize = 8;

/// A stream found by its looks, with the packets it had so far.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    key: StreamKey,
    packets: [(Nanos, Header); PACKETS_MAX],
    length: u8,
}

impl Found {
    /// Its name.
    #[must_use]
    pub const fn key(&self) -> &StreamKey {
        &self.key
    }

    /// When its first packet came.
    #[must_use]
    pub fn first_at(&self) -> Nanos {
        self.packets().next().map_or(Nanos::ZERO, |(at, _)| at)
    }

    /// Its packets, in the order they came.
    pub fn packets(&self) -> impl Iterator<Item = (Nanos, Header)> + '_ {
        self.packets.iter().take(usize::from(self.length)).copied()
    }
}

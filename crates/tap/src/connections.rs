//! Connections of HEP senders: how many are open, and why others were closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a connection was closed from this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closed {
    /// It sent nothing valid in the time it had for that.
    Silent,
    /// It had sent something, and then nothing for long, or it stopped in the middle of a packet.
    Idle,
    /// It showed another key than the one asked for, or none.
    Key,
    /// It carried something else than HEP.
    Malformed,
    /// It had sent nothing valid yet, and made room for a new one.
    Crowded,
    /// There was no room: all others were senders.
    Refused,
}

impl Closed {
    /// All reasons.
    pub const ALL: [Self; 6] = [Self::Silent, Self::Idle, Self::Key, Self::Malformed, Self::Crowded, Self::Refused];

    /// The word in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Idle => "idle",
            Self::Key => "key_refused",
            Self::Malformed => "malformed",
            Self::Crowded => "crowded",
            Self::Refused => "refused",
        }
    }
}

/// Counts the connections of one receiver. Copies count together.
#[derive(Clone, Debug, Default)]
pub struct Connections(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    open: AtomicU64,
    closed: [AtomicU64; Closed::ALL.len()],
}

/// A connection, for as long as it is open.
#[derive(Debug)]
pub(crate) struct Open(Connections);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connections {
    /// How many are open.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.0.open.load(Ordering::Relaxed)
    }

    /// How many were closed for this reason.
    #[must_use]
    pub fn closed(&self, why: Closed) -> u64 {
        self.0.closed.get(why as usize).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    pub(crate) fn opens(&self) -> Open {
        self.0.open.fetch_add(1, Ordering::Relaxed);
        Open(self.clone())
    }

    pub(crate) fn close(&self, why: Closed) {
        if let Some(count) = self.0.closed.get(why as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

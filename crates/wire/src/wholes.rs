//! Datagrams lately put together from fragments, so that a mirror port's copy of their last fragment is the copy of a
//! datagram, as it is where nothing was fragmented. What came in copies is then counted alike, cut up or not.

use std::collections::VecDeque;

use types::Ip;

use crate::fragments::Whole;

/// Datagrams remembered; at 64 KiB the largest, so at most 1 MiB. Copies come within milliseconds.
pub(crate) const WHOLES_MAX: usize = 16;

/// The fragment that completed a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Completing {
    pub(crate) source: Ip,
    pub(crate) destination: Ip,
    pub(crate) id: u32,
    pub(crate) offset: u32,
}

/// The datagrams, the latest behind.
#[derive(Debug, Default)]
pub(crate) struct Wholes {
    latest: VecDeque<(Completing, Whole)>,
}

impl Wholes {
    /// Remembers a datagram; gives back the one that has to go for it.
    pub(crate) fn add(&mut self, by: Completing, whole: Whole) -> Option<Whole> {
        let gone = if self.latest.len() < WHOLES_MAX { None } else { self.latest.pop_front() };
        self.latest.push_back((by, whole));
        gone.map(|(_, whole)| whole)
    }

    /// Takes out the datagram that this fragment completed.
    pub(crate) fn take(&mut self, by: Completing) -> Option<Whole> {
        let place = self.latest.iter().rposition(|&(completing, _)| completing == by)?;
        self.latest.remove(place).map(|(_, whole)| whole)
    }
}

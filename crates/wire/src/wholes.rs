//! Datagrams lately put together from fragments, so that a mirror port's copies of all their fragments are the copy of a
//! datagram, as it is where nothing was fragmented. What came in copies is then counted alike, cut up or not.

use std::collections::VecDeque;

use crate::fragments::{Key, Whole};

/// Datagrams remembered; at 64 KiB the largest, so at most 1 MiB. Copies come within milliseconds.
pub(crate) const WHOLES_MAX: usize = 16;

/// The datagrams, the latest behind.
#[derive(Debug, Default)]
pub(crate) struct Wholes {
    latest: VecDeque<(Key, Whole)>,
}

impl Wholes {
    /// Remembers a datagram; gives back the one that has to go for it.
    pub(crate) fn add(&mut self, key: Key, whole: Whole) -> Option<Whole> {
        let gone = if self.latest.len() < WHOLES_MAX { None } else { self.latest.pop_front() };
        self.latest.push_back((key, whole));
        gone.map(|(_, whole)| whole)
    }

    /// A copy of a fragment came. Takes out its datagram when copies of all of its fragments have.
    pub(crate) fn on_copy(&mut self, key: Key) -> Option<Whole> {
        let place = self.latest.iter().rposition(|&(of, _)| of == key)?;
        let (_, whole) = self.latest.get_mut(place)?;
        whole.copies += 1;
        if whole.copies < whole.fragments {
            return None;
        }
        whole.copies -= whole.fragments;
        self.latest.remove(place).map(|(_, whole)| whole)
    }
}

//! What of a table is written down already, and what of that has changed since: so a table is written down a piece at a time
//! between other work, and what changed meanwhile once more at the end.

/// Places of a table, from the first up to some place, that are written down.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    until: usize,
    /// A bit for each place that has changed since.
    touched: Vec<u64>,
}

impl Marks {
    /// Nothing is written down.
    pub(crate) fn clear(&mut self) {
        self.until = 0;
        self.touched.clear();
    }

    /// Up to where everything is.
    pub(crate) const fn until(&self) -> usize {
        self.until
    }

    /// Everything is up to here.
    pub(crate) fn reach(&mut self, until: usize) {
        self.until = until;
        self.touched.resize(until.div_ceil(64), 0);
    }

    /// A place may be about to change.
    #[inline]
    pub(crate) fn touch(&mut self, place: usize) {
        if place < self.until
            && let Some(bits) = self.touched.get_mut(place / 64)
        {
            *bits |= 1 << (place % 64);
        }
    }

    /// The places that have changed since they were written down.
    pub(crate) fn touched(&self) -> impl Iterator<Item = usize> {
        let bits = |&(_, &bits): &(usize, &u64)| bits != 0;
        let words = self.touched.iter().enumerate().filter(bits);
        words.flat_map(|(word, &bits)| (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * 64 + bit))
    }
}

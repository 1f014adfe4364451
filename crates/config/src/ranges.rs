//! Which of the operator's entries cover a key: addresses and numbers in one kind of table.

/// Entries over ranges of keys, flattened once into stretches that do not overlap, so that a look-up is one binary search
/// over a sorted array: 10 steps for 500 networks, in the first-level cache.
#[derive(Clone, Debug)]
pub struct RangeMap<K> {
    /// Where each stretch begins; it reaches to where the next begins. Before the first nothing is covered.
    starts: Vec<K>,
    /// For each stretch where its entries lie in `entries`.
    places: Vec<(u32, u32)>,
    entries: Vec<u16>,
}

impl<K> Default for RangeMap<K> {
    fn default() -> Self {
        Self { starts: Vec::new(), places: Vec::new(), entries: Vec::new() }
    }
}

/// A key of a range: it can be followed by another.
pub trait Key: Copy + Ord {
    /// The next key; `None` after the last.
    fn next(self) -> Option<Self>;
    /// Roughly how many keys lie from `self` to `last`: what tells the narrower range.
    fn width(self, last: Self) -> u128;
}

impl Key for u32 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn width(self, last: Self) -> u128 {
        u128::from(last.saturating_sub(self))
    }
}

impl Key for u64 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn width(self, last: Self) -> u128 {
        u128::from(last.saturating_sub(self))
    }
}

impl Key for u128 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn width(self, last: Self) -> u128 {
        last.saturating_sub(self)
    }
}

impl<K: Key> RangeMap<K> {
    /// The map of `ranges`: first key, last key, entry.
    #[must_use]
    pub fn of(ranges: impl IntoIterator<Item = (K, K, u16)>) -> Self {
        let mut ranges: Vec<_> = ranges.into_iter().filter(|(first, last, _)| first <= last).collect();
        ranges.sort_unstable();
        // Where what is covered may change: at the first key of a range and after its last.
        let mut edges: Vec<K> =
            ranges.iter().flat_map(|&(first, last, _)| [Some(first), last.next()]).flatten().collect();
        edges.sort_unstable();
        edges.dedup();

        let mut map = Self::default();
        let mut coming = ranges.into_iter().peekable();
        let mut open: Vec<(u128, u16, K)> = Vec::new();
        for edge in edges {
            open.retain(|&(_, _, last)| edge <= last);
            while let Some((first, last, entry)) = coming.next_if(|&(first, ..)| first <= edge) {
                let width = first.width(last);
                let place = open.partition_point(|&(other, number, _)| (other, number) < (width, entry));
                open.insert(place, (width, entry, last));
            }
            map.push(edge, open.iter().map(|&(_, entry, _)| entry));
        }
        map
    }

    /// Appends a stretch, unless it has the same entries as the one before.
    fn push(&mut self, start: K, entries: impl Iterator<Item = u16>) {
        let from = self.entries.len();
        for entry in entries {
            if !self.entries.get(from..).is_some_and(|written| written.contains(&entry)) {
                self.entries.push(entry);
            }
        }
        let before = self.places.last().and_then(|&(from, to)| self.entries.get(from as usize..to as usize));
        if before.unwrap_or_default() == self.entries.get(from..).unwrap_or_default() {
            self.entries.truncate(from);
        } else {
            self.starts.push(start);
            self.places.push((from as u32, self.entries.len() as u32));
        }
    }

    /// The entries that cover `key`, that of the narrowest range first.
    #[must_use]
    pub fn get(&self, key: K) -> &[u16] {
        let after = self.starts.partition_point(|&start| start <= key);
        let place = after.checked_sub(1).and_then(|stretch| self.places.get(stretch));
        place.and_then(|&(from, to)| self.entries.get(from as usize..to as usize)).unwrap_or_default()
    }

    /// The entries that cover every key from `first` to `last`, that of the narrowest range first.
    pub fn covering(&self, first: K, last: K) -> impl Iterator<Item = u16> {
        let from = self.starts.partition_point(|&start| start <= first);
        let to = self.starts.partition_point(|&start| start <= last);
        let rest = self.places.get(from..to).unwrap_or_default();
        self.get(first).iter().copied().filter(move |entry| {
            rest.iter().all(|&(from, to)| {
                self.entries.get(from as usize..to as usize).is_some_and(|entries| entries.contains(entry))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_narrowest_comes_first() {
        let map = RangeMap::of([(0_u32, 99, 0), (10, 19, 1), (15, 15, 2), (15, 15, 2), (200, u32::MAX, 3)]);
        for (key, entries) in [
            (0, &[0][..]),
            (9, &[0]),
            (10, &[1, 0]),
            (15, &[2, 1, 0]),
            (16, &[1, 0]),
            (20, &[0]),
            (100, &[]),
            (199, &[]),
            (u32::MAX, &[3]),
        ] {
            assert_eq!(map.get(key), entries, "{key}");
        }
        assert_eq!(map.covering(10, 19).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(map.covering(10, 20).collect::<Vec<_>>(), [0]);
        assert_eq!(map.covering(90, 210).count(), 0);
        assert!(RangeMap::<u64>::default().get(7).is_empty());
    }

    proptest! {
        #[test]
        fn as_a_list_would_say(ranges in prop::collection::vec((0_u32..50, 0_u32..50, 0_u16..9), 0..12), key in 0_u32..60) {
            let map = RangeMap::of(ranges.iter().copied());
            let mut expected: Vec<u16> =
                ranges.iter().filter(|range| range.0 <= key && key <= range.1).map(|range| range.2).collect();
            let mut found = map.get(key).to_vec();
            expected.sort_unstable();
            expected.dedup();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}

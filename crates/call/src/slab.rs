//! Slots that keep their place: a growing store in chunks, so that growth neither copies nor doubles.

/// Slots in one chunk.
const CHUNK: usize = 256;

/// A store of `T` addressed by a `u32` that stays the same until the value is removed.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    /// Of a fixed size each, so that finding a slot looks no length up.
    chunks: Vec<Box<[Option<T>; CHUNK]>>,
    free: Vec<u32>,
    used: u32,
}

impl<T> Slab<T> {
    pub(crate) const fn new() -> Self {
        Self { chunks: Vec::new(), free: Vec::new(), used: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.used as usize - self.free.len()
    }

    /// Where the next value will stand.
    pub(crate) fn next(&self) -> u32 {
        self.free.last().copied().unwrap_or(self.used)
    }

    pub(crate) fn insert(&mut self, value: T) -> u32 {
        if let Some(index) = self.free.pop() {
            if let Some(slot) = self.slot(index) {
                *slot = Some(value);
            }
            return index;
        }
        let index = self.used;
        if (index as usize).is_multiple_of(CHUNK) {
            // Made where it stays: on the stack it might not fit.
            let chunk: Box<[Option<T>]> = std::iter::repeat_with(|| None).take(CHUNK).collect();
            self.chunks.extend(chunk.try_into().ok());
        }
        if let Some(slot) = self.slot(index) {
            *slot = Some(value);
        }
        self.used += 1;
        index
    }

    pub(crate) fn remove(&mut self, index: u32) -> Option<T> {
        let value = self.slot(index)?.take()?;
        self.free.push(index);
        Some(value)
    }

    pub(crate) fn get(&self, index: u32) -> Option<&T> {
        self.chunks.get(index as usize / CHUNK)?.get(index as usize % CHUNK)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, index: u32) -> Option<&mut T> {
        self.slot(index)?.as_mut()
    }

    fn slot(&mut self, index: u32) -> Option<&mut Option<T>> {
        self.chunks.get_mut(index as usize / CHUNK)?.get_mut(index as usize % CHUNK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_and_are_used_again() {
        let mut slab = Slab::new();
        let places: Vec<_> = (0..1_000_u32).map(|value| slab.insert(value)).collect();
        assert!(places.iter().all(|&place| slab.get(place) == Some(&place)));
        assert_eq!((slab.remove(700), slab.remove(700), slab.len()), (Some(700), None, 999));
        assert_eq!((slab.next(), slab.insert(7), slab.get_mut(700)), (700, 700, Some(&mut 7)));
        assert_eq!(slab.next(), 1_000);
        assert_eq!(slab.get(1_000), None);
    }
}

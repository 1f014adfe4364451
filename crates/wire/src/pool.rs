//! Buffers lent out within a budget and used again: what fragments and TCP segments wait in.
//!
//! A [`Budget`] counts what is lent, in bytes of capacity, whoever holds it; a [`Pool`] keeps a few small buffers that
//! came back, so that the usual datagram of two fragments allocates nothing.

/// Bytes lent, and how many may be.
pub(crate) struct Budget {
    lent: usize,
    max: usize,
}

impl Budget {
    pub(crate) const fn new(max: usize) -> Self {
        Self { lent: 0, max }
    }

    /// Bytes of capacity lent now.
    #[cfg(test)]
    pub(crate) const fn lent(&self) -> usize {
        self.lent
    }

    /// Whether so many bytes more may be lent.
    pub(crate) const fn allows(&self, bytes: usize) -> bool {
        bytes <= self.max.saturating_sub(self.lent)
    }

    /// `buffer` is about to leave this room, or to be dropped.
    pub(crate) fn release<T>(&mut self, buffer: &Vec<T>) {
        self.lent = self.lent.saturating_sub(capacity_bytes(buffer));
    }
}

/// Buffers that came back.
pub(crate) struct Pool<T> {
    spare: Vec<Vec<T>>,
}

impl<T> Pool<T> {
    /// Buffers kept for the next borrower.
    const SPARE_MAX: usize = 64;
    /// The largest buffer kept, in bytes: the usual INVITE in two or three fragments. With [`Pool::SPARE_MAX`] it
    /// bounds what a pool holds beside its budget to 512 KiB.
    const SPARE_BYTES_MAX: usize = 8 << 10;
    /// What capacities are rounded up to, in bytes, so that short pieces do not grow a buffer each.
    const STEP_BYTES: usize = 256;

    pub(crate) const fn new() -> Self {
        Self { spare: Vec::new() }
    }

    /// Bytes that `buffer` would have to grow by to hold `length` elements.
    pub(crate) fn growth(buffer: &Vec<T>, length: usize) -> usize {
        if length <= buffer.capacity() {
            return 0;
        }
        let wanted = length.max(buffer.capacity().saturating_mul(2)).saturating_mul(size_of::<T>());
        wanted.next_multiple_of(Self::STEP_BYTES).saturating_sub(buffer.capacity() * size_of::<T>())
    }

    /// Makes `buffer` able to hold `length` elements; false, with nothing changed that its owner sees, when the budget
    /// does not allow it.
    pub(crate) fn reserve(&mut self, budget: &mut Budget, buffer: &mut Vec<T>, length: usize) -> bool {
        if length <= buffer.capacity() {
            return true;
        }
        if buffer.capacity() == 0
            && let Some(spare) =
                self.spare.pop_if(|spare| spare.capacity() >= length && budget.allows(capacity_bytes(spare)))
        {
            budget.lent += capacity_bytes(&spare);
            *buffer = spare;
        }
        let growth = Self::growth(buffer, length);
        if !budget.allows(growth) {
            return false;
        }
        let before = capacity_bytes(buffer);
        buffer.reserve_exact((before + growth) / size_of::<T>() - buffer.len());
        budget.lent += capacity_bytes(buffer) - before;
        true
    }

    /// An empty buffer outside every budget, for what leaves this room at once.
    pub(crate) fn outside(&mut self) -> Vec<T> {
        self.spare.pop().unwrap_or_default()
    }

    /// Takes a buffer back.
    pub(crate) fn give(&mut self, budget: &mut Budget, buffer: Vec<T>) {
        budget.release(&buffer);
        self.reuse(buffer);
    }

    /// Takes back a buffer that had left the budget.
    pub(crate) fn reuse(&mut self, mut buffer: Vec<T>) {
        if buffer.capacity() > 0
            && capacity_bytes(&buffer) <= Self::SPARE_BYTES_MAX
            && self.spare.len() < Self::SPARE_MAX
        {
            buffer.clear();
            self.spare.push(buffer);
        }
    }
}

fn capacity_bytes<T>(buffer: &Vec<T>) -> usize {
    buffer.capacity() * size_of::<T>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_counts_what_is_lent_and_refuses_the_rest() {
        let (mut pool, mut budget) = (Pool::<u8>::new(), Budget::new(4096));
        let (mut one, mut two) = (Vec::new(), Vec::new());
        assert!(pool.reserve(&mut budget, &mut one, 1480));
        assert_eq!((budget.lent(), one.capacity()), (1536, 1536));
        assert!(!pool.reserve(&mut budget, &mut two, 4000));
        assert!(pool.reserve(&mut budget, &mut two, 2000));
        assert!(!pool.reserve(&mut budget, &mut two, 3000));
        pool.give(&mut budget, one);
        pool.give(&mut budget, two);
        assert_eq!((budget.lent(), pool.spare.len()), (0, 2));
        let mut again = Vec::new();
        assert!(pool.reserve(&mut budget, &mut again, 10));
        assert_eq!((budget.lent(), pool.spare.len()), (2048, 1));
    }
}

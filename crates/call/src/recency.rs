//! Queues of legs by how long they have been silent: one for each time limit, so that the longest silent stands first
//! and nothing is searched.

use types::Nanos;

/// No neighbour.
const NONE: u32 = u32::MAX;

/// Which limit a leg is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    /// Unanswered.
    Setup,
    /// Answered.
    Talk,
    /// Over, remembered a little longer.
    Linger,
}

/// How many queues there are.
const QUEUES: usize = 3;

/// A leg's place in its queue; it lives in the leg, so it is packed: 17 bytes.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed)]
pub(crate) struct Place {
    before: u32,
    behind: u32,
    queue: Queue,
    since: Nanos,
}

impl Default for Place {
    fn default() -> Self {
        Self { before: NONE, behind: NONE, queue: Queue::Setup, since: Nanos::ZERO }
    }
}

impl Place {
    /// Since when the leg waits there.
    pub(crate) const fn since(&self) -> Nanos {
        self.since
    }
}

/// Who keeps the places.
pub(crate) trait Places {
    /// The place of the leg `index`.
    fn place(&mut self, index: u32) -> Option<&mut Place>;
}

/// The ends of the queues.
#[derive(Debug)]
pub(crate) struct Recency {
    first: [u32; QUEUES],
    last: [u32; QUEUES],
}

impl Recency {
    pub(crate) const fn new() -> Self {
        Self { first: [NONE; QUEUES], last: [NONE; QUEUES] }
    }

    /// The longest silent leg of `queue`.
    pub(crate) fn first(&self, queue: Queue) -> Option<u32> {
        self.first.get(queue as usize).copied().filter(|&index| index != NONE)
    }

    /// Puts a leg that stands in no queue at the end of `queue`.
    pub(crate) fn push(&mut self, places: &mut impl Places, index: u32, queue: Queue, since: Nanos) {
        let last = end(&mut self.last, queue);
        let before = std::mem::replace(last, index);
        match places.place(before) {
            Some(neighbour) => neighbour.behind = index,
            None => *end(&mut self.first, queue) = index,
        }
        if let Some(place) = places.place(index) {
            *place = Place { before, behind: NONE, queue, since };
        }
    }

    /// Puts a leg that stands in a queue at the end of `queue`: [`Recency::take`] and [`Recency::push`] in one.
    pub(crate) fn renew(&mut self, places: &mut impl Places, index: u32, queue: Queue, since: Nanos) {
        let Some(place) = places.place(index) else { return };
        let left = *place;
        if left.behind == NONE && left.queue == queue {
            place.since = since; // Of nobody else was heard.
            return;
        }
        self.close(places, &left);
        let before = std::mem::replace(end(&mut self.last, queue), index);
        if let Some(place) = places.place(index) {
            *place = Place { before, behind: NONE, queue, since };
        }
        match places.place(before) {
            Some(neighbour) => neighbour.behind = index,
            None => *end(&mut self.first, queue) = index,
        }
    }

    /// Takes a leg out of its queue.
    pub(crate) fn take(&mut self, places: &mut impl Places, index: u32) {
        if let Some(&mut left) = places.place(index) {
            self.close(places, &left);
        }
    }

    /// Brings the neighbours of a place together.
    #[inline]
    fn close(&mut self, places: &mut impl Places, &Place { before, behind, queue, .. }: &Place) {
        match places.place(before) {
            Some(neighbour) => neighbour.behind = behind,
            None => *end(&mut self.first, queue) = behind,
        }
        match places.place(behind) {
            Some(neighbour) => neighbour.before = before,
            None => *end(&mut self.last, queue) = before,
        }
    }
}

/// The end of one queue.
fn end(ends: &mut [u32; QUEUES], queue: Queue) -> &mut u32 {
    let [setup, talk, linger] = ends;
    match queue {
        Queue::Setup => setup,
        Queue::Talk => talk,
        Queue::Linger => linger,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Places for Vec<Place> {
        fn place(&mut self, index: u32) -> Option<&mut Place> {
            self.get_mut(index as usize)
        }
    }

    #[test]
    fn the_longest_silent_stands_first() {
        let mut places = vec![Place::default(); 4];
        let mut recency = Recency::new();
        for index in 0..4 {
            recency.push(&mut places, index, Queue::Setup, Nanos::ZERO);
        }
        recency.renew(&mut places, 0, Queue::Setup, Nanos::ZERO); // heard of again
        recency.renew(&mut places, 0, Queue::Setup, Nanos::ZERO);
        recency.renew(&mut places, 2, Queue::Talk, Nanos::ZERO); // answered
        let mut order = Vec::new();
        while let Some(index) = recency.first(Queue::Setup) {
            recency.take(&mut places, index);
            order.push(index);
        }
        assert_eq!((order, recency.first(Queue::Talk), recency.first(Queue::Linger)), (vec![1, 3, 0], Some(2), None));
    }
}

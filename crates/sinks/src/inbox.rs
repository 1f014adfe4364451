//! The queue of one sink in memory: whoever judges puts records in and never waits, the courier takes them out.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::outgoing::Outgoing;
use crate::tally::{Counters, Loss, What};

/// A bounded queue. Past its limits the oldest call goes, and only where there is none the oldest alert. Where disk takes what is
/// too much, the number of records is no limit: those on top are on their way there, and bytes alone bound them.
#[derive(Debug)]
pub(crate) struct Inbox {
    queue: Mutex<Queue>,
    arrived: Notify,
    records_max: usize,
    bytes_max: usize,
    /// Whether disk takes what is too much.
    spills: AtomicBool,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct Queue {
    /// By the order in which they came.
    alerts: VecDeque<(u64, Arc<Outgoing>)>,
    calls: VecDeque<(u64, Arc<Outgoing>)>,
    bytes: usize,
    next: u64,
}

impl Queue {
    fn len(&self) -> usize {
        self.alerts.len() + self.calls.len()
    }

    fn lane(&mut self, what: What) -> &mut VecDeque<(u64, Arc<Outgoing>)> {
        match what {
            What::Alert => &mut self.alerts,
            What::Call => &mut self.calls,
        }
    }

    fn pop(&mut self) -> Option<Arc<Outgoing>> {
        let place = |lane: &VecDeque<(u64, _)>| lane.front().map_or(u64::MAX, |&(place, _)| place);
        let what = if place(&self.alerts) <= place(&self.calls) { What::Alert } else { What::Call };
        let (_, record) = self.lane(what).pop_front()?;
        self.bytes -= record.bytes();
        Some(record)
    }
}

impl Inbox {
    pub fn new(records_max: usize, bytes_max: usize, spills: bool, counters: Arc<Counters>) -> Self {
        let (queue, arrived, spills) = (Mutex::default(), Notify::new(), AtomicBool::new(spills));
        Self { queue, arrived, records_max, bytes_max, spills, counters }
    }

    /// Whether disk takes what is too much, from now on.
    pub fn spills(&self, yes: bool) {
        self.spills.store(yes, Ordering::Relaxed);
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing between lock and unlock can panic half-way.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a record behind those that wait.
    pub fn push(&self, record: Arc<Outgoing>) {
        let mut queue = self.queue();
        let place = queue.next;
        queue.next += 1;
        queue.bytes += record.bytes();
        queue.lane(record.what()).push_back((place, record));
        self.trim(&mut queue);
        drop(queue);
        self.arrived.notify_one();
    }

    /// Puts records back that were taken last, before those that wait. They have the places they had, or earlier ones: all that came
    /// since has a later one.
    pub fn put_back(&self, records: Vec<Arc<Outgoing>>) {
        let mut queue = self.queue();
        // Their places are told from the first that waits backwards.
        let first = [queue.alerts.front(), queue.calls.front()].into_iter().flatten().map(|&(place, _)| place).min();
        let mut place = first.unwrap_or(queue.next);
        for record in records.into_iter().rev() {
            place = place.saturating_sub(1);
            queue.bytes += record.bytes();
            queue.lane(record.what()).push_front((place, record));
        }
        self.trim(&mut queue);
    }

    fn trim(&self, queue: &mut Queue) {
        let records_max = if self.spills.load(Ordering::Relaxed) { usize::MAX } else { self.records_max };
        while queue.len() > records_max || queue.bytes > self.bytes_max {
            let what = if queue.calls.is_empty() { What::Alert } else { What::Call };
            let Some((_, record)) = queue.lane(what).pop_front() else { break };
            queue.bytes -= record.bytes();
            self.counters.dropped(Loss::QueueFull, what, 1);
        }
        self.publish(queue);
    }

    fn publish(&self, queue: &Queue) {
        self.counters.queued.store(queue.len() as u64, Ordering::Relaxed);
        self.counters.queued_bytes.store(queue.bytes as u64, Ordering::Relaxed);
    }

    /// Takes up to `count` of the oldest.
    pub fn take(&self, count: usize) -> Vec<Arc<Outgoing>> {
        let mut queue = self.queue();
        let taken = std::iter::from_fn(|| queue.pop()).take(count).collect();
        self.publish(&queue);
        taken
    }

    /// Records that wait.
    pub fn len(&self) -> usize {
        self.queue().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether more than half of it is taken.
    pub fn is_half_full(&self) -> bool {
        let queue = self.queue();
        queue.len() > self.records_max / 2 || queue.bytes > self.bytes_max / 2
    }

    /// Until something has arrived since this was last awaited.
    pub async fn arrival(&self) {
        self.arrived.notified().await;
    }
}

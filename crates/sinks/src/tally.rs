//! What each sink has done, as metrics ask for it: what was offered is what was delivered, what was lost by name, and what waits.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// An alert.
    Alert,
    /// A call.
    Call,
}

impl What {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Alert, Self::Call];

    /// The word in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Call => "call",
        }
    }
}

/// Why a record never reached its sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// The queue in memory was full, and disk could not take it.
    QueueFull,
    /// The place on disk was full.
    SpillFull,
    /// The other end will never take it.
    Refused,
    /// It is no record that could be veiled.
    Unreadable,
}

impl Loss {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::QueueFull, Self::SpillFull, Self::Refused, Self::Unreadable];

    /// The word in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::SpillFull => "spill_full",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Figures of one sink at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Its name in the configuration.
    pub name: String,
    /// The name of its output: `file`, `syslog` and so on.
    pub output: &'static str,
    /// Records it was offered and that its filter let through, by [`What`].
    pub offered: [u64; 2],
    /// Records that reached it, by [`What`].
    pub delivered: [u64; 2],
    /// Records it will never get, by [`Loss`] and [`What`].
    pub dropped: [[u64; 2]; 4],
    /// Records that wait in memory.
    pub queued: u64,
    /// Bytes of those.
    pub queued_bytes: u64,
    /// Records that wait on disk.
    pub spilled: u64,
    /// Bytes that its files there take.
    pub spilled_bytes: u64,
    /// Records found on disk at the start, left there by a run before.
    pub recovered: u64,
    /// Bytes found on disk that were no whole record: the end of what was being written when a run before was killed.
    pub torn_bytes: u64,
    /// Attempts that failed.
    pub failures: u64,
    /// Times disk could not be written or read.
    pub spill_errors: u64,
    /// What went wrong last; empty since the last success.
    pub last_error: String,
}

impl Tally {
    /// Records lost for `loss`.
    #[must_use]
    pub fn lost(&self, loss: Loss, what: What) -> u64 {
        self.dropped.get(loss as usize).and_then(|counts| counts.get(what as usize)).copied().unwrap_or(0)
    }
}

/// The same while it is counted.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    offered: [AtomicU64; 2],
    delivered: [AtomicU64; 2],
    dropped: [[AtomicU64; 2]; 4],
    pub queued: AtomicU64,
    /// Records on their way that lie nowhere else.
    pub in_hand: AtomicU64,
    pub queued_bytes: AtomicU64,
    pub spilled: AtomicU64,
    pub spilled_bytes: AtomicU64,
    pub recovered: AtomicU64,
    pub torn_bytes: AtomicU64,
    pub failures: AtomicU64,
    pub spill_errors: AtomicU64,
    last_error: Mutex<String>,
}

/// Letters of an error that are kept.
const ERROR_LETTERS_MAX: usize = 300;

impl Counters {
    pub fn offered(&self, what: What) {
        add(self.offered.get(what as usize), 1);
    }

    pub fn delivered(&self, what: What) {
        add(self.delivered.get(what as usize), 1);
    }

    pub fn dropped(&self, loss: Loss, what: What, count: u64) {
        add(self.dropped.get(loss as usize).and_then(|counts| counts.get(what as usize)), count);
    }

    /// An attempt failed, and why.
    pub fn failed(&self, why: &str) {
        add(Some(&self.failures), 1);
        self.says(why);
    }

    /// Disk failed, and why.
    pub fn spill_failed(&self, why: &str) {
        add(Some(&self.spill_errors), 1);
        self.says(why);
    }

    /// What is wrong now; nothing where all is well.
    pub fn says(&self, why: &str) {
        let mut error = self.last_error.lock().unwrap_or_else(PoisonError::into_inner);
        error.clear();
        error.extend(why.chars().take(ERROR_LETTERS_MAX));
    }

    pub fn tally(&self, name: &str, output: &'static str) -> Tally {
        let pair = |counts: &[AtomicU64; 2]| counts.each_ref().map(get);
        Tally {
            name: name.to_owned(),
            output,
            offered: pair(&self.offered),
            delivered: pair(&self.delivered),
            dropped: self.dropped.each_ref().map(pair),
            queued: get(&self.queued) + get(&self.in_hand),
            queued_bytes: get(&self.queued_bytes),
            spilled: get(&self.spilled),
            spilled_bytes: get(&self.spilled_bytes),
            recovered: get(&self.recovered),
            torn_bytes: get(&self.torn_bytes),
            failures: get(&self.failures),
            spill_errors: get(&self.spill_errors),
            last_error: self.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}

fn get(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

fn add(count: Option<&AtomicU64>, more: u64) {
    if let Some(count) = count {
        count.fetch_add(more, Ordering::Relaxed);
    }
}

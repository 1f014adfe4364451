//! What a store has done, lost and says.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::kept::Item;

/// Why something is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// It came quicker than it could be written.
    Queue,
    /// The disk, or what calls may take of it, is full.
    Full,
    /// A file did not take it.
    Failed,
    /// Its day is one too many: a store holds [`crate::DAYS_MAX`].
    Day,
}

impl Loss {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Queue, Self::Full, Self::Failed, Self::Day];

    /// The word in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Full => "disk_full",
            Self::Failed => "failed",
            Self::Day => "day",
        }
    }
}

/// Figures of a store at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls that are kept.
    pub calls: u64,
    /// Calls that were there already: the same capture was read before.
    pub calls_repeated: u64,
    /// Calls that are not, by [`Loss`].
    pub calls_lost: [u64; Loss::ALL.len()],
    /// Times it is kept that an alert counts a call.
    pub counted: u64,
    /// Times it is not, by [`Loss`].
    pub counted_lost: [u64; Loss::ALL.len()],
    /// Words on alerts that are kept.
    pub words: u64,
    /// Words on alerts that are not, by [`Loss`].
    pub words_lost: [u64; Loss::ALL.len()],
    /// Notes of what words rest on that are not kept, by [`Loss`]: by what was judged, and what the clock was worth.
    pub provenance_lost: [u64; Loss::ALL.len()],
    /// Calls that wait, and what is said of calls.
    pub queued: u64,
    /// Bytes of those.
    pub queued_bytes: u64,
    /// Bytes on disk.
    pub disk_bytes: u64,
    /// Days whose calls were let go of.
    pub days_expired: u64,
    /// Alerts that were let go of.
    pub alerts_expired: u64,
    /// Files found damaged and put aside.
    pub damaged: u64,
    /// Whether alerts alone are kept, since there is no room for calls.
    pub alerts_only: bool,
}

impl Tally {
    /// Calls lost for `loss`.
    #[must_use]
    pub fn lost(&self, loss: Loss) -> u64 {
        self.calls_lost.get(loss as usize).copied().unwrap_or(0)
    }
}

/// The same while it is counted.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub calls: AtomicU64,
    pub calls_repeated: AtomicU64,
    calls_lost: [AtomicU64; Loss::ALL.len()],
    pub counted: AtomicU64,
    counted_lost: [AtomicU64; Loss::ALL.len()],
    pub words: AtomicU64,
    words_lost: [AtomicU64; Loss::ALL.len()],
    provenance_lost: [AtomicU64; Loss::ALL.len()],
    pub queued: AtomicU64,
    pub queued_bytes: AtomicU64,
    pub disk_bytes: AtomicU64,
    pub days_expired: AtomicU64,
    pub alerts_expired: AtomicU64,
    pub damaged: AtomicU64,
    pub alerts_only: AtomicBool,
}

impl Counters {
    /// What lies in the files of days is not kept.
    pub fn lost<'i>(&self, loss: Loss, items: impl IntoIterator<Item = &'i Item>) {
        for item in items {
            let lost = match item {
                Item::Call(_) => &self.calls_lost,
                Item::Counted(_) => &self.counted_lost,
            };
            count(lost, loss);
        }
    }

    pub fn lost_word(&self, loss: Loss) {
        count(&self.words_lost, loss);
    }

    pub fn lost_provenance(&self, loss: Loss) {
        count(&self.provenance_lost, loss);
    }

    pub fn tally(&self) -> Tally {
        let each = |counts: &[AtomicU64; Loss::ALL.len()]| counts.each_ref().map(get);
        Tally {
            calls: get(&self.calls),
            calls_repeated: get(&self.calls_repeated),
            calls_lost: each(&self.calls_lost),
            counted: get(&self.counted),
            counted_lost: each(&self.counted_lost),
            words: get(&self.words),
            words_lost: each(&self.words_lost),
            provenance_lost: each(&self.provenance_lost),
            queued: get(&self.queued),
            queued_bytes: get(&self.queued_bytes),
            disk_bytes: get(&self.disk_bytes),
            days_expired: get(&self.days_expired),
            alerts_expired: get(&self.alerts_expired),
            damaged: get(&self.damaged),
            alerts_only: self.alerts_only.load(Ordering::Relaxed),
        }
    }
}

/// One more is lost for `loss`.
fn count(lost: &[AtomicU64; Loss::ALL.len()], loss: Loss) {
    lost.get(loss as usize).into_iter().for_each(|lost| add(lost, 1));
}

pub(crate) fn get(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

pub(crate) fn add(count: &AtomicU64, more: u64) {
    count.fetch_add(more, Ordering::Relaxed);
}

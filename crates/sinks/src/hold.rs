//! What waits for one sink: a batch in hand, what lies on disk, what lies in memory, in this order. It moves records from one to the next
//! and knows nothing of how they are delivered.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use veil::Veil;

use crate::inbox::Inbox;
use crate::item::Item;
use crate::ordeal::{Ordeal, Word};
use crate::outgoing::Outgoing;
use crate::outlet::Fate;
use crate::spill::{Evicted, Spill};
use crate::tally::{Counters, Loss, What};

/// Records that are written to disk in one go.
const PARKED_AT_ONCE: usize = 1_024;
/// What the outlet does is slow from then on: what waits meanwhile goes to disk.
const SLOW: Duration = Duration::from_secs(1);
/// How long disk is left alone after it has failed.
const DISK_PAUSE: Duration = Duration::from_secs(1);

/// What waits for one sink.
pub(crate) struct Hold {
    /// The name of the sink.
    name: Arc<str>,
    pub inbox: Arc<Inbox>,
    counters: Arc<Counters>,
    veil: Veil,
    /// The records on their way, the first first.
    batch: Vec<Arc<Item>>,
    /// Whether those lie on disk too.
    on_disk: bool,
    folder: Option<(PathBuf, u64)>,
    spill: Option<Arc<Mutex<Spill>>>,
    /// Until when disk is left alone.
    disk_pause: Option<Instant>,
    /// How disk fares, for the log.
    ordeal: Ordeal,
}

impl Hold {
    /// An empty hold that uses a folder of so many bytes, if any.
    pub fn new(
        name: Arc<str>,
        inbox: Arc<Inbox>,
        counters: Arc<Counters>,
        veil: Veil,
        folder: Option<(PathBuf, u64)>,
    ) -> Self {
        let (batch, on_disk, spill, disk_pause, ordeal) = (Vec::new(), false, None, None, Ordeal::default());
        Self { name, inbox, counters, veil, batch, on_disk, folder, spill, disk_pause, ordeal }
    }

    /// Opens the folder and finds what a run before has left there. What goes wrong is told in the tally, and tried again when disk is
    /// needed.
    pub async fn recover(&mut self) -> bool {
        if self.spill.is_some() {
            return true;
        }
        let Some((folder, bytes_max)) = self.folder.clone() else { return false };
        if self.disk_pause.is_some_and(|until| Instant::now() < until) {
            return false;
        }
        let opened = blocking(move || Spill::open(&folder, bytes_max)).await;
        match opened {
            Ok((spill, found)) => {
                self.counters.recovered.fetch_add(found.records, Ordering::Relaxed);
                self.counters.torn_bytes.fetch_add(found.torn_bytes, Ordering::Relaxed);
                self.spill = Some(Arc::new(Mutex::new(spill)));
                self.inbox.spills(true);
                self.publish();
                true
            }
            Err(error) => {
                self.disk_failed("the folder on disk", &error);
                false
            }
        }
    }

    fn disk_failed(&mut self, what: &str, error: &std::io::Error) {
        self.disk_pause = Some(Instant::now() + DISK_PAUSE);
        self.inbox.spills(false);
        let cause = format!("{what}: {error}");
        self.counters.spill_failed(&cause);
        if let Some(Word { attempts, lasted }) = self.ordeal.failed(&cause, Instant::now()) {
            let (sink, secs) = (&*self.name, lasted.as_secs());
            tracing::error!(
                sink,
                cause,
                attempts,
                secs,
                "disk fails a sink: what waits stays in memory, and what is too much is lost"
            );
        }
    }

    fn disk_works(&mut self) {
        self.inbox.spills(true);
        if let Some(Word { attempts, lasted }) = self.ordeal.works(Instant::now()) {
            tracing::info!(sink = &*self.name, attempts, secs = lasted.as_secs(), "disk works for a sink again");
        }
    }

    fn publish(&self) {
        if let Some(spill) = &self.spill {
            let spill = spill.lock().unwrap_or_else(PoisonError::into_inner);
            self.counters.spilled.store(spill.records(), Ordering::Relaxed);
            self.counters.spilled_bytes.store(spill.bytes(), Ordering::Relaxed);
        }
        let in_hand = if self.on_disk { 0 } else { self.batch.len() };
        self.counters.in_hand.store(in_hand as u64, Ordering::Relaxed);
    }

    fn spilled(&self) -> u64 {
        self.spill.as_ref().map_or(0, |spill| spill.lock().unwrap_or_else(PoisonError::into_inner).records())
    }

    /// Whether nothing waits anywhere.
    pub fn is_empty(&self) -> bool {
        self.batch.is_empty() && self.inbox.is_empty() && self.spilled() == 0
    }

    /// Whether the records on their way, or any before those in memory, lie on disk.
    pub fn uses_disk(&self) -> bool {
        self.on_disk || self.spilled() > 0
    }

    /// The records to deliver next, up to `count`; none where nothing waits.
    pub async fn next(&mut self, count: usize) -> Vec<Arc<Item>> {
        if self.batch.is_empty() {
            self.on_disk = self.spilled() > 0;
            if self.on_disk {
                self.batch = self.read(count).await;
            }
            // One that cannot be veiled is lost: the next are looked at.
            while self.batch.is_empty() && !self.on_disk && !self.inbox.is_empty() {
                let taken = self.inbox.take(count);
                self.counters.in_hand.store(taken.len() as u64, Ordering::Relaxed);
                self.batch = self.veiled(&taken);
            }
            self.publish();
        }
        self.batch.iter().take(count).cloned().collect()
    }

    async fn read(&mut self, count: usize) -> Vec<Arc<Item>> {
        let Some(spill) = self.spill.clone() else { return Vec::new() };
        let read = move || {
            let mut lost = Evicted::default();
            let mut spill = spill.lock().unwrap_or_else(PoisonError::into_inner);
            spill.read(count, &mut lost).map(|items| (items, lost))
        };
        match blocking(read).await {
            Ok((items, lost)) => {
                self.lost(Loss::Unreadable, lost);
                items
            }
            Err(error) => {
                self.disk_failed("reading from disk", &error);
                Vec::new()
            }
        }
    }

    fn lost(&self, loss: Loss, lost: Evicted) {
        for (what, count) in What::ALL.into_iter().zip(lost.counts) {
            self.counters.dropped(loss, what, count);
        }
    }

    /// The records as the sink may see them; one that cannot be veiled is lost and counted.
    fn veiled(&self, records: &[Arc<Outgoing>]) -> Vec<Arc<Item>> {
        let item = |record: &Arc<Outgoing>| {
            let json = self.veil.over(record.json());
            if json.is_none() {
                self.counters.dropped(Loss::Unreadable, record.what(), 1);
            }
            Some(Arc::new(Item { what: record.what(), at: record.at(), key: record.key().into(), json: json?.into() }))
        };
        records.iter().filter_map(item).collect()
    }

    /// Brings what arrives to disk while the outlet works, once that takes long, or there is too much in memory, or others wait on disk
    /// already. It ends when `over` is told, and never half-way.
    pub async fn watch(&mut self, over: &Notify) {
        let (inbox, slow_from) = (Arc::clone(&self.inbox), Instant::now() + SLOW);
        let mut slow = false;
        loop {
            tokio::select! {
                biased;
                () = over.notified() => return,
                () = inbox.arrival() => {}
                () = sleep_until(slow_from), if !slow => slow = true,
            }
            if slow || self.uses_disk() || inbox.is_half_full() {
                self.park().await;
            }
        }
    }

    /// Brings to disk what is on its way and what lies in memory now: what arrives meanwhile is another's turn, or there would be no end
    /// to it. Where disk cannot, it stays where it is.
    pub async fn park(&mut self) {
        if self.disk_pause.is_some_and(|until| Instant::now() < until) || !self.recover().await {
            return;
        }
        if !self.batch.is_empty() && !self.on_disk {
            // Nothing lies on disk then: the batch is the first there.
            if !self.append(self.batch.clone(), true).await {
                return;
            }
            self.on_disk = true;
        }
        let mut left = self.inbox.len();
        while left > 0 {
            let taken = self.inbox.take(left.min(PARKED_AT_ONCE));
            if taken.is_empty() {
                break;
            }
            left -= taken.len();
            self.counters.in_hand.store(taken.len() as u64, Ordering::Relaxed);
            let items = self.veiled(&taken);
            if !self.append(items, false).await {
                self.inbox.put_back(taken);
                break;
            }
        }
        self.publish();
    }

    async fn append(&mut self, items: Vec<Arc<Item>>, in_hand: bool) -> bool {
        let Some(spill) = self.spill.clone() else { return false };
        let append = move || {
            let mut evicted = Evicted::default();
            let mut spill = spill.lock().unwrap_or_else(PoisonError::into_inner);
            let appended = spill.append(&items, in_hand, &mut evicted);
            Ok((evicted, appended))
        };
        let (evicted, appended) = blocking(append).await.unwrap_or_else(|error| (Evicted::default(), Err(error)));
        self.lost(Loss::SpillFull, evicted);
        match &appended {
            Ok(()) => self.disk_works(),
            Err(error) => self.disk_failed("writing to disk", error),
        }
        self.publish();
        appended.is_ok()
    }

    /// The first of the records on their way have met these fates.
    pub async fn settle(&mut self, fates: &[Fate]) {
        let settled = fates.len().min(self.batch.len());
        for (item, fate) in self.batch.drain(..settled).zip(fates) {
            match fate {
                Fate::Delivered => self.counters.delivered(item.what),
                Fate::Refused => self.counters.dropped(Loss::Refused, item.what, 1),
            }
        }
        if self.on_disk
            && settled > 0
            && let Some(spill) = self.spill.clone()
        {
            let noted = blocking(move || spill.lock().unwrap_or_else(PoisonError::into_inner).delivered(settled)).await;
            if let Err(error) = noted {
                self.disk_failed("noting what was delivered", &error);
            }
        }
        self.publish();
    }
}

/// Runs what may wait for a disk where nobody else waits for it.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(std::io::Error::other(error)))
}

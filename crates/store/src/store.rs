//! A store while it is kept: where alerts and calls are handed over.

use std::fs::{DirBuilder, File as LockFile, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use types::Nanos;

use crate::day::put_aside;
use crate::error::StoreError;
use crate::file::{Access, File, MAIN};
use crate::kept::{Call, ClockReading, Counted, Item, Run, Word};
use crate::tally::{Counters, Loss, Tally, add, get};
use crate::writer::{Order, Writer, note_damage};

/// Calls, and what is said of them, that wait to be written at most.
pub const QUEUE_MAX: usize = 65_536;
/// Bytes of those.
pub const QUEUE_BYTES_MAX: u64 = 128 << 20;
/// Words on alerts that wait at most.
const ORDERS_MAX: usize = 4_096;
/// Notes that wait to be read at most.
const NOTES_MAX: usize = 64;
/// The file of alerts.
pub(crate) const MAIN_NAME: &str = "greyline.db";
/// The file that shows that somebody keeps the store.
const LOCK_NAME: &str = "keeper.lock";

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Days for which calls are kept.
    pub calls_days: u32,
    /// Bytes that calls may take.
    pub calls_bytes_max: u64,
    /// Days for which alerts are kept after their end.
    pub alerts_days: u32,
    /// Bytes that alerts may take.
    pub alerts_bytes_max: u64,
    /// Bytes that have to be free on disk: with fewer, alerts alone are kept.
    pub free_bytes_min: u64,
}

/// What happens where calls come quicker than they can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// They are lost, and counted: a link does not wait.
    Link,
    /// Whoever hands them over waits: a capture does.
    File,
}

/// A store that is kept by this program, and by no other meanwhile.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// Where things are handed over, until it is closed.
    open: Option<(Sender<Order>, Sender<Item>)>,
    notes: Receiver<String>,
    counters: Arc<Counters>,
    pace: Pace,
    thread: Option<JoinHandle<()>>,
    /// Held as long as it is open: nobody else keeps this folder meanwhile.
    _lock: LockFile,
}

/// What waits is written.
impl Drop for Store {
    fn drop(&mut self) {
        self.end();
    }
}

impl Store {
    /// Opens the store in a folder, which is made where it is not there. A damaged file is put aside, told of in [`Store::notes`], and another
    /// begun in its place.
    ///
    /// # Errors
    /// That the folder cannot be used, that another keeps it, or that its files are none of this program's.
    pub fn open(folder: &Path, limits: Limits, pace: Pace) -> Result<Self, StoreError> {
        make(folder).map_err(|error| StoreError::Io(folder.to_owned(), error))?;
        let lock = lock(folder)?;
        let (orders, orders_taken) = bounded(ORDERS_MAX);
        let (items, items_taken) = bounded(QUEUE_MAX);
        let (note, notes) = bounded(NOTES_MAX);
        let counters = Arc::new(Counters::default());
        let path = folder.join(MAIN_NAME);
        let main = match File::open(path.clone(), &MAIN, Access::Keep) {
            Err(StoreError::Damaged(path, said)) => {
                let aside = put_aside(&path)?;
                let main = File::open(path.clone(), &MAIN, Access::Keep)?;
                note_damage(&main, Nanos::ZERO, &aside, &said)?;
                add(&counters.damaged, 1);
                let (path, aside) = (path.display(), aside.display());
                let said =
                    format!("{path} is damaged ({said}): it lies as {aside} now, and alerts go on in a new file");
                // The channel is empty.
                let _ = note.try_send(said);
                main
            }
            main => main?,
        };
        let taken = (orders_taken, items_taken);
        let writer = Writer::new(folder.to_owned(), main, limits, taken, note, Arc::clone(&counters));
        let thread = thread::Builder::new().name("greyline-store".to_owned());
        let thread = thread.spawn(move || writer.run()).map_err(|error| StoreError::Io(folder.to_owned(), error))?;
        let (folder, open, thread) = (folder.to_owned(), Some((orders, items)), Some(thread));
        Ok(Self { folder, open, notes, counters, pace, thread, _lock: lock })
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps a call.
    pub fn call(&self, call: Call) {
        self.item(Item::Call(Box::new(call)));
    }

    /// Keeps that an alert counts a call.
    pub fn counted(&self, counted: Counted) {
        self.item(Item::Counted(counted));
    }

    fn item(&self, item: Item) {
        let bytes = item.bytes() as u64;
        let counters = &self.counters;
        let is_full = self.pace == Pace::Link && get(&counters.queued_bytes) + bytes > QUEUE_BYTES_MAX;
        let Some((_, items)) = self.open.as_ref().filter(|_| !is_full) else {
            return counters.lost(Loss::Queue, [&item]);
        };
        add(&counters.queued, 1);
        add(&counters.queued_bytes, bytes);
        let refused = match self.pace {
            Pace::Link => items.try_send(item).err().map(TrySendError::into_inner),
            Pace::File => items.send(item).err().map(|refused| refused.into_inner()),
        };
        if let Some(item) = refused {
            counters.queued.fetch_sub(1, Ordering::Relaxed);
            counters.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
            counters.lost(Loss::Queue, [&item]);
        }
    }

    /// Keeps a word on an alert.
    pub fn word(&self, word: Word) {
        self.order(Order::Word(Box::new(word)));
    }

    /// Remembers by what is judged from now on.
    pub fn run(&self, run: Run) {
        self.order(Order::Run(Box::new(run)));
    }

    /// Remembers what the kernel says of the clock.
    pub fn clock(&self, reading: ClockReading) {
        self.order(Order::Clock(reading));
    }

    /// It is `now`: what is kept for days is counted from here.
    pub fn now(&self, now: Nanos) {
        self.order(Order::Now(now));
    }

    fn order(&self, order: Order) {
        let Some((orders, _)) = &self.open else { return };
        let refused = match self.pace {
            Pace::Link => orders.try_send(order).err().map(TrySendError::into_inner),
            Pace::File => orders.send(order).err().map(|refused| refused.into_inner()),
        };
        match refused {
            Some(Order::Word(_)) => self.counters.lost_word(Loss::Queue),
            Some(Order::Run(_) | Order::Clock(_)) => self.counters.lost_provenance(Loss::Queue),
            // It is later soon, and said again; what is to be flushed waits.
            Some(Order::Now(_) | Order::Flush(_)) | None => {}
        }
    }

    /// Waits until everything handed over so far is written, or is counted as lost.
    pub fn flush(&self) {
        let (answer, answered) = bounded(1);
        if self.open.as_ref().is_some_and(|(orders, _)| orders.send(Order::Flush(answer)).is_ok()) {
            // Where the thread has gone there is nothing to wait for.
            let _ = answered.recv();
        }
    }

    /// What it has to say since it was asked before: damage, no room, room again.
    pub fn notes(&self) -> impl Iterator<Item = String> {
        self.notes.try_iter()
    }

    /// How it fares.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.counters.tally()
    }

    /// Writes what waits, and ends. How it fared, and what it still had to say.
    #[must_use]
    pub fn close(mut self) -> (Tally, Vec<String>) {
        self.end();
        (self.tally(), self.notes().collect())
    }

    fn end(&mut self) {
        self.open = None;
        if let Some(thread) = self.thread.take() {
            // A thread that ended otherwise than it should has counted what it lost.
            let _ = thread.join();
        }
    }
}

/// Makes the folder of a store where it is not there, open to its owner alone: it holds numbers of people.
///
/// # Errors
/// That it cannot be made.
pub fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Takes the folder for this program.
fn lock(folder: &Path) -> Result<LockFile, StoreError> {
    let path = folder.join(LOCK_NAME);
    let said = |error: io::Error| StoreError::Io(path.clone(), error);
    let file = LockFile::options().create(true).write(true).truncate(false).open(&path).map_err(said)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(said(error)),
    }
}

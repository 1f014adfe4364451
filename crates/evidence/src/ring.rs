//! The ring: the signalling of the last hours on disk, and the headers that their media began with, file after file, the earliest let go of. What an alert rests on is cut out of it; what
//! alerts rest on by the time a file goes is put aside.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use call::{RtpHeader, Sent};
use crossbeam_channel::{Receiver, Sender, bounded};
use link::Capture;
use types::Nanos;

use crate::aside::{Aside, Claims};
use crate::frame::{Made, cut_under_udp, under_udp};
use crate::pcapng;
use crate::reel::Reel;

/// What the names of the ring's files begin with.
const NAME: &str = "ring";
/// What a file says of itself.
const ABOUT: &str =
    "SIP messages, each under headers of UDP whatever carried it, and the headers of the first RTP packets of streams";
/// Bytes handed over at once, and how many of these wait at most.
const CHUNK_BYTES: usize = 1 << 18;
const CHUNKS_MAX: usize = 64;

/// How the ring fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RingTally {
    /// Messages handed to it.
    pub messages: u64,
    /// RTP headers handed to it.
    pub headers: u64,
    /// Of both, lost: they came quicker than the disk takes them, the disk is full, or they are too long for a datagram.
    pub lost: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Messages and headers put aside, since an alert counts their call.
    pub aside: u64,
    /// Bytes that all such take.
    pub aside_bytes: u64,
    /// Files let go of of which not all was put aside that should have been.
    pub aside_failed: u64,
}

#[derive(Debug, Default)]
struct Counters {
    lost: AtomicU64,
    bytes: AtomicU64,
    aside: AtomicU64,
    aside_bytes: AtomicU64,
    aside_failed: AtomicU64,
}

/// Messages and headers, and how many.
type Chunk = (Vec<u8>, u64);

/// Takes SIP messages down for as long as there is room.
#[derive(Debug)]
pub struct Ring {
    chunk: Chunk,
    chunks: Option<Sender<Chunk>>,
    counters: Arc<Counters>,
    messages: u64,
    headers: u64,
    id: u16,
    /// Whether it waits for the disk rather than lose anything.
    waits: bool,
    thread: Option<JoinHandle<()>>,
}

impl Ring {
    /// A ring of at most `bytes_max` in a folder, which is made where it is not there. What a run before has left is part of it. What is
    /// claimed when a file goes stays beside it.
    ///
    /// # Errors
    /// That the folder cannot be used.
    pub fn open(folder: &Path, bytes_max: u64, claims: Option<Claims>) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let (chunks, taken) = bounded(CHUNKS_MAX);
        let counters = Arc::new(Counters::default());
        let ring = Reel::open(folder, NAME, ABOUT, bytes_max)?;
        let aside = claims.map(|claims| Aside::open(folder, claims)).transpose()?;
        let keeper = Keeper { ring, aside, counters: Arc::clone(&counters) };
        let thread = thread::Builder::new().name("greyline-ring".to_owned()).spawn(move || keeper.run(&taken))?;
        let (chunk, chunks, thread) = (Chunk::default(), Some(chunks), Some(thread));
        Ok(Self { chunk, chunks, counters, messages: 0, headers: 0, id: 0, waits: false, thread })
    }

    /// The same, which waits for the disk: a capture can be read as slowly as that, a link cannot.
    #[must_use]
    pub fn waiting(mut self) -> Self {
        self.waits = true;
        self
    }

    /// Takes down a message. It waits for nobody, unless it was told to.
    pub fn take(&mut self, sent: &Sent<'_>) {
        self.messages += 1;
        self.id = self.id.wrapping_add(1);
        self.add(sent.at, under_udp(sent.source, sent.destination, self.id, sent.bytes));
    }

    /// Takes down the header of an RTP packet.
    pub fn take_header(&mut self, header: &RtpHeader<'_>) {
        let &RtpHeader { at, source, destination, bytes, length, .. } = header;
        self.headers += 1;
        self.id = self.id.wrapping_add(1);
        self.add(at, cut_under_udp(source, destination, self.id, bytes, length));
    }

    fn add(&mut self, at: Nanos, made: Option<Made>) {
        let Some(Made { bytes, length }) = made else {
            self.counters.lost.fetch_add(1, Ordering::Relaxed);
            return;
        };
        pcapng::packet(&mut self.chunk.0, 0, at, (&bytes, length), "");
        self.chunk.1 += 1;
        if self.chunk.0.len() >= CHUNK_BYTES {
            self.flush();
        }
    }

    /// Hands over what was taken down so far.
    pub fn flush(&mut self) {
        if self.chunk.1 == 0 {
            return;
        }
        let chunk = std::mem::take(&mut self.chunk);
        let count = chunk.1;
        let waits = self.waits;
        let handed = |chunks: &Sender<Chunk>| {
            if waits { chunks.send(chunk).is_ok() } else { chunks.try_send(chunk).is_ok() }
        };
        if !self.chunks.as_ref().is_some_and(handed) {
            self.counters.lost.fetch_add(count, Ordering::Relaxed);
        }
    }

    /// How it fares.
    #[must_use]
    pub fn tally(&self) -> RingTally {
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let counters = &self.counters;
        RingTally {
            messages: self.messages,
            headers: self.headers,
            lost: get(&counters.lost),
            bytes: get(&counters.bytes),
            aside: get(&counters.aside),
            aside_bytes: get(&counters.aside_bytes),
            aside_failed: get(&counters.aside_failed),
        }
    }
}

/// What was taken down is written.
impl Drop for Ring {
    fn drop(&mut self) {
        self.flush();
        self.chunks = None;
        if let Some(thread) = self.thread.take() {
            // A thread that ended otherwise than it should has nothing to say any more.
            let _ = thread.join();
        }
    }
}

/// The thread that writes.
struct Keeper {
    ring: Reel,
    aside: Option<Aside>,
    counters: Arc<Counters>,
}

impl Keeper {
    fn run(mut self, chunks: &Receiver<Chunk>) {
        self.let_go();
        for (bytes, count) in chunks {
            if self.ring.write(&bytes).is_err() {
                self.counters.lost.fetch_add(count, Ordering::Relaxed);
            }
            self.let_go();
        }
    }

    /// Lets go of the earliest files while all take too much, and puts aside what of them is to stay.
    fn let_go(&mut self) {
        while let Some(path) = self.ring.surplus() {
            if let Some(aside) = &mut self.aside {
                match aside.take_from(&path) {
                    Ok(messages) => self.counters.aside.fetch_add(messages, Ordering::Relaxed),
                    Err(_) => self.counters.aside_failed.fetch_add(1, Ordering::Relaxed),
                };
                self.counters.aside_bytes.store(aside.bytes(), Ordering::Relaxed);
            }
            // One that somebody else has removed is gone as well.
            let _ = fs::remove_file(path);
        }
        self.counters.bytes.store(self.ring.bytes(), Ordering::Relaxed);
    }
}

/// The moment before which a ring need not be read for what happened from `at` on: files hold what they hold in the order of time.
#[must_use]
pub fn files_since(folder: &Path, at: Nanos) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let named = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "pcapng");
    let since = std::time::UNIX_EPOCH + std::time::Duration::from_nanos(at.get());
    let recent = |path: &PathBuf| {
        // A file that was written last before that holds nothing later.
        fs::metadata(path).and_then(|it| it.modified()).is_ok_and(|modified| modified >= since)
    };
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(named).filter(recent).collect();
    files.sort_unstable();
    files
}

/// The files of a ring, and of what was put aside, that may hold what was sent between two moments; of each the earliest first.
#[must_use]
pub fn files_between(folder: &Path, from: Nanos, until: Nanos) -> Vec<PathBuf> {
    let mut files = files_since(folder, from);
    files.retain(|file| first_at(file).is_none_or(|at| at <= until));
    files
}

/// When the earliest message was sent that a ring still holds, whatever was put aside; nothing where it holds none.
#[must_use]
pub fn held_since(folder: &Path) -> Option<Nanos> {
    let is_of_ring = |file: &&PathBuf| Reel::number(NAME, file).is_some();
    // A capture may be read after a later one.
    files_since(folder, Nanos::ZERO).iter().filter(is_of_ring).filter_map(|file| first_at(file)).min()
}

/// When the first message of a file was sent.
fn first_at(file: &Path) -> Option<Nanos> {
    let mut capture = Capture::open(&[file.to_owned()], link::Config { map: false }).ok()?;
    let batch = capture.next_batch()?;
    batch.heads().first().map(|head| head.at)
}

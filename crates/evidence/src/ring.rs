//! The ring: the signalling of the last hours on disk, file after file, the earliest let go of. What an alert rests on is cut out of it.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use call::Sent;
use crossbeam_channel::{Receiver, Sender, bounded};
use link::{Capture, LinkType};
use types::Nanos;

use crate::frame::under_udp;
use crate::pcapng;

/// Files that the ring is made of.
const FILES: u64 = 32;
/// The least bytes of a file.
const FILE_BYTES_MIN: u64 = 1 << 20;
/// Bytes handed over at once, and how many of these wait at most.
const CHUNK_BYTES: usize = 1 << 18;
const CHUNKS_MAX: usize = 64;

/// How the ring fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RingTally {
    /// Messages handed to it.
    pub messages: u64,
    /// Of these, lost: they came quicker than the disk takes them, the disk is full, or they are too long for a datagram.
    pub lost: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

#[derive(Debug, Default)]
struct Counters {
    lost: AtomicU64,
    bytes: AtomicU64,
}

/// Messages, and how many.
type Chunk = (Vec<u8>, u64);

/// Takes SIP messages down for as long as there is room.
#[derive(Debug)]
pub struct Ring {
    chunk: Chunk,
    chunks: Option<Sender<Chunk>>,
    counters: Arc<Counters>,
    messages: u64,
    id: u16,
    /// Whether it waits for the disk rather than lose anything.
    waits: bool,
    thread: Option<JoinHandle<()>>,
}

impl Ring {
    /// A ring of at most `bytes_max` in a folder, which is made where it is not there. What a run before has left is part of it.
    ///
    /// # Errors
    /// That the folder cannot be used.
    pub fn open(folder: &Path, bytes_max: u64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let (chunks, taken) = bounded(CHUNKS_MAX);
        let counters = Arc::new(Counters::default());
        let reel = Reel::open(folder, bytes_max, Arc::clone(&counters))?;
        let thread = thread::Builder::new().name("greyline-ring".to_owned()).spawn(move || reel.run(&taken))?;
        let (chunk, chunks, thread) = (Chunk::default(), Some(chunks), Some(thread));
        Ok(Self { chunk, chunks, counters, messages: 0, id: 0, waits: false, thread })
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
        let Some(packet) = under_udp(sent.source, sent.destination, self.id, sent.bytes) else {
            self.counters.lost.fetch_add(1, Ordering::Relaxed);
            return;
        };
        pcapng::packet(&mut self.chunk.0, 0, sent.at, &packet, "");
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
        RingTally { messages: self.messages, lost: get(&self.counters.lost), bytes: get(&self.counters.bytes) }
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

/// The files of the ring.
struct Reel {
    folder: PathBuf,
    bytes_max: u64,
    /// Those that are full, the earliest first, with their bytes.
    full: VecDeque<(PathBuf, u64)>,
    /// The one that is written.
    open: Option<(PathBuf, File, u64)>,
    number: u64,
    counters: Arc<Counters>,
}

impl Reel {
    fn open(folder: &Path, bytes_max: u64, counters: Arc<Counters>) -> io::Result<Self> {
        let mut there: Vec<_> = fs::read_dir(folder)?
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let name = entry.file_name();
                let number = name.to_str()?.strip_prefix("ring-")?.strip_suffix(".pcapng")?.parse::<u64>().ok()?;
                Some((number, entry.path(), entry.metadata().ok()?.len()))
            })
            .collect();
        there.sort_unstable();
        let number = there.last().map_or(0, |(number, ..)| number + 1);
        let full = there.into_iter().map(|(_, path, bytes)| (path, bytes)).collect();
        Ok(Self { folder: folder.to_owned(), bytes_max, full, open: None, number, counters })
    }

    fn run(mut self, chunks: &Receiver<Chunk>) {
        self.let_go();
        for (bytes, count) in chunks {
            if self.write(&bytes).is_err() {
                // Another file, once there is room again.
                self.close();
                self.counters.lost.fetch_add(count, Ordering::Relaxed);
            }
            self.let_go();
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.open.is_none() {
            let path = self.folder.join(format!("ring-{:010}.pcapng", self.number));
            self.number += 1;
            let mut head = Vec::new();
            pcapng::section(&mut head, "greyline", "SIP messages, each under headers of UDP whatever carried it");
            pcapng::interface(&mut head, LinkType::RAW);
            let mut file = File::create_new(&path)?;
            file.write_all(&head)?;
            self.open = Some((path, file, head.len() as u64));
        }
        if let Some((_, file, length)) = &mut self.open {
            file.write_all(bytes)?;
            *length += bytes.len() as u64;
            if *length >= (self.bytes_max / FILES).max(FILE_BYTES_MIN) {
                self.close();
            }
        }
        Ok(())
    }

    fn close(&mut self) {
        if let Some((path, _, length)) = self.open.take() {
            self.full.push_back((path, length));
        }
    }

    /// Lets go of the earliest files while all take too much.
    fn let_go(&mut self) {
        let open = self.open.as_ref().map_or(0, |(.., length)| *length);
        let mut bytes = open + self.full.iter().map(|(_, bytes)| bytes).sum::<u64>();
        while bytes > self.bytes_max
            && let Some((path, its)) = self.full.pop_front()
        {
            // One that somebody else has removed is gone as well.
            let _ = fs::remove_file(path);
            bytes -= its;
        }
        self.counters.bytes.store(bytes, Ordering::Relaxed);
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

/// The files of a ring that may hold what was sent between two moments, the earliest first.
#[must_use]
pub fn files_between(folder: &Path, from: Nanos, until: Nanos) -> Vec<PathBuf> {
    let mut files = files_since(folder, from);
    files.retain(|file| first_at(file).is_none_or(|at| at <= until));
    files
}

/// When the earliest message was sent that a ring still holds; nothing where it holds none.
#[must_use]
pub fn held_since(folder: &Path) -> Option<Nanos> {
    // A capture may be read after a later one.
    files_since(folder, Nanos::ZERO).iter().filter_map(|file| first_at(file)).min()
}

/// When the first message of a file was sent.
fn first_at(file: &Path) -> Option<Nanos> {
    let mut capture = Capture::open(&[file.to_owned()], link::Config { map: false }).ok()?;
    let batch = capture.next_batch()?;
    batch.heads().first().map(|head| head.at)
}

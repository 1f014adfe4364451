//! A folder into which another program captures, a file after another (`dumpcap -b`, `tcpdump -G`).
//!
//! A file is read when it is whole: when a later one is there, or when it has not grown for [`FolderConfig::settle`]. Files are
//! taken in the order in which they were last written, each once. One that grows after it was read is read on from where it ended
//! then; one that is another file under the same name is read from its beginning.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use link::Capture;

use crate::parcel::{Drops, News, Outbox, Place};

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Files of which it is remembered that they were read. Past it the earliest are forgotten, which matters only where they still
/// lie there: then they are older than all that is remembered, and not read again for that.
const READ_MAX: usize = 100_000;

/// How a folder is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderConfig {
    /// The folder.
    pub path: PathBuf,
    /// How long a file must not have grown to be whole, where no later one is there.
    pub settle: Duration,
    /// Whether files are mapped.
    pub map: bool,
}

/// Bytes at the beginning of a file by which it is known again.
const HEAD_BYTES: u64 = 4_096;

/// How far a file was read.
#[derive(Clone, Copy, Debug)]
struct Progress {
    written: SystemTime,
    inode: u64,
    bytes: u64,
    /// Hash of its beginning, as far as it went then.
    head: u64,
    frames: u64,
}

/// When a file was last written, and what it is called: the order in which files are read.
type Written = (SystemTime, PathBuf);

/// A folder that fills.
#[derive(Debug)]
pub struct Folder {
    config: FolderConfig,
    read: BTreeSet<Written>,
    progress: BTreeMap<PathBuf, Progress>,
}

impl Folder {
    /// Looks at a folder.
    ///
    /// # Errors
    /// What the system says where it cannot be listed.
    pub fn open(config: FolderConfig) -> Result<Self, String> {
        fs::read_dir(&config.path).map_err(|error| error.to_string())?;
        Ok(Self { config, read: BTreeSet::new(), progress: BTreeMap::new() })
    }

    /// Reads until it is to stop.
    pub fn run(mut self, outbox: &Outbox) {
        let mut up = true;
        if !outbox.put(News::Up) {
            return;
        }
        while !outbox.is_stopped() {
            match self.whole(SystemTime::now()) {
                Ok(files) => {
                    let back = std::mem::replace(&mut up, true);
                    if !back && !outbox.put(News::Up) {
                        return;
                    }
                    for file in files {
                        if outbox.is_stopped() || !self.take(file, outbox) {
                            return;
                        }
                    }
                }
                Err(error) if std::mem::replace(&mut up, false) => {
                    if !outbox.put(News::Gone(error)) {
                        return;
                    }
                }
                Err(_) => {}
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Reads a file, or on from where it ended when it was read before; `false` where nobody takes parcels any more.
    fn take(&mut self, file: Written, outbox: &Outbox) -> bool {
        let (written, path) = &file;
        let read =
            self.progress.get(path).filter(|progress| progress.is_of(path)).map_or(0, |progress| progress.frames);
        let Some(frames) = play(path, self.config.map, read, outbox) else { return false };
        let old = match Progress::of(path, *written, frames) {
            Ok(progress) => self.progress.insert(path.clone(), progress),
            // It is gone already.
            Err(_) => self.progress.remove(path),
        };
        if let Some(old) = old {
            self.read.remove(&(old.written, path.clone()));
        }
        self.remember(file);
        true
    }

    /// The files that are whole and were not read, the earliest first.
    fn whole(&self, now: SystemTime) -> Result<Vec<Written>, String> {
        let mut files: Vec<Written> = fs::read_dir(&self.config.path)
            .map_err(|error| error.to_string())?
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let about = entry.metadata().ok()?;
                let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
                let written = about.modified().ok().filter(|_| about.is_file() && !hidden)?;
                Some((written, entry.path()))
            })
            .collect();
        files.sort();
        // The last may still grow.
        let settled = |written: SystemTime| now.duration_since(written).is_ok_and(|since| since >= self.config.settle);
        if files.last().is_some_and(|(written, _)| !settled(*written)) {
            files.pop();
        }
        let earliest = self.read.first().filter(|_| self.read.len() >= READ_MAX);
        files.retain(|file| !self.read.contains(file) && earliest.is_none_or(|earliest| file > earliest));
        Ok(files)
    }

    fn remember(&mut self, file: Written) {
        self.read.insert(file);
        while self.read.len() > READ_MAX {
            if let Some((_, path)) = self.read.pop_first() {
                self.progress.remove(&path);
            }
        }
    }
}

impl Progress {
    fn of(path: &Path, written: SystemTime, frames: u64) -> io::Result<Self> {
        let about = fs::metadata(path)?;
        let (inode, bytes) = (about.ino(), about.len());
        Ok(Self { written, inode, bytes, head: head(path, bytes)?, frames })
    }

    /// Whether a file is the one that was read, and has only grown.
    fn is_of(&self, path: &Path) -> bool {
        let same = |about: fs::Metadata| about.ino() == self.inode && about.len() >= self.bytes;
        fs::metadata(path).is_ok_and(same) && head(path, self.bytes).is_ok_and(|head| head == self.head)
    }
}

/// Hash of the beginning of a file that had so many bytes.
fn head(path: &Path, bytes: u64) -> io::Result<u64> {
    let mut head = Vec::new();
    File::open(path)?.take(bytes.min(HEAD_BYTES)).read_to_end(&mut head)?;
    let mut hasher = DefaultHasher::new();
    head.hash(&mut hasher);
    Ok(hasher.finish())
}

/// Reads a file to its end, and hands over what is behind its first `read` frames; how many it has, nothing where nobody takes
/// parcels any more.
fn play(file: &Path, map: bool, read: u64, outbox: &Outbox) -> Option<u64> {
    let mut capture = match Capture::open(&[file.to_owned()], link::Config { map }) {
        Ok(capture) => capture,
        Err(error) => return outbox.put(News::Damaged(error.to_string())).then_some(read),
    };
    let mut passed = 0;
    while let Some(batch) = capture.next_batch() {
        let mut frames = outbox.room();
        for frame in batch.frames() {
            passed += 1;
            if passed > read {
                frames.push(&frame);
            }
        }
        if outbox.is_stopped() || !(frames.is_empty() || outbox.put(News::Frames(frames))) {
            return None;
        }
        if !told(&mut capture, outbox) {
            return None;
        }
    }
    let whole = told(&mut capture, outbox)
        && capture.damages().iter().all(|damage| outbox.put(News::Damaged(damage.to_string())));
    whole.then_some(passed.max(read))
}

/// Hands over what the host that captured says it dropped.
fn told(capture: &mut Capture, outbox: &Outbox) -> bool {
    let drops: Vec<_> = capture.drops().collect();
    drops.into_iter().all(|dropped| {
        let link::Dropped { from, until, frames } = dropped;
        outbox.put(News::Dropped(Drops { place: Place::Host, from, until, frames }))
    })
}

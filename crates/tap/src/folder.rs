//! A folder into which another program captures, a file after another (`dumpcap -b`, `tcpdump -G`).
//!
//! A file is read when it is whole: when a later one is there, or when it has not grown for [`FolderConfig::settle`]. Files are
//! taken in the order in which they were last written, each once.

use std::collections::BTreeSet;
use std::fs;
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

/// When a file was last written, and what it is called: the order in which files are read.
type Written = (SystemTime, PathBuf);

/// A folder that fills.
#[derive(Debug)]
pub struct Folder {
    config: FolderConfig,
    read: BTreeSet<Written>,
}

impl Folder {
    /// Looks at a folder.
    ///
    /// # Errors
    /// What the system says where it cannot be listed.
    pub fn open(config: FolderConfig) -> Result<Self, String> {
        fs::read_dir(&config.path).map_err(|error| error.to_string())?;
        Ok(Self { config, read: BTreeSet::new() })
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
                        if outbox.is_stopped() || !play(&file.1, self.config.map, outbox) {
                            return;
                        }
                        self.remember(file);
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
            self.read.pop_first();
        }
    }
}

/// Reads a file to its end; `false` where nobody takes parcels any more.
fn play(file: &Path, map: bool, outbox: &Outbox) -> bool {
    let mut capture = match Capture::open(&[file.to_owned()], link::Config { map }) {
        Ok(capture) => capture,
        Err(error) => return outbox.put(News::Damaged(error.to_string())),
    };
    while let Some(batch) = capture.next_batch() {
        let mut frames = outbox.room();
        batch.frames().for_each(|frame| frames.push(&frame));
        if outbox.is_stopped() || !outbox.put(News::Frames(frames)) {
            return false;
        }
        if !told(&mut capture, outbox) {
            return false;
        }
    }
    told(&mut capture, outbox) && capture.damages().iter().all(|damage| outbox.put(News::Damaged(damage.to_string())))
}

/// Hands over what the host that captured says it dropped.
fn told(capture: &mut Capture, outbox: &Outbox) -> bool {
    let drops: Vec<_> = capture.drops().collect();
    drops.into_iter().all(|dropped| {
        let link::Dropped { from, until, frames } = dropped;
        outbox.put(News::Dropped(Drops { place: Place::Host, from, until, frames }))
    })
}

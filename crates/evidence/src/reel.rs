//! A row of files, of which the last is written and the first ones go where all take too much.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use link::LinkType;

use crate::pcapng;

/// Files that a row is made of.
const FILES: u64 = 32;
/// The least bytes of a file.
const FILE_BYTES_MIN: u64 = 1 << 20;

/// Files of pcapng, each of them whole in itself.
#[derive(Debug)]
pub(crate) struct Reel {
    folder: PathBuf,
    name: &'static str,
    about: &'static str,
    bytes_max: u64,
    /// Those that are full, the earliest first, with their bytes.
    full: VecDeque<(PathBuf, u64)>,
    /// The one that is written.
    open: Option<(PathBuf, File, u64)>,
    number: u64,
}

impl Reel {
    /// The row of this name in a folder, with whatever of it is there.
    pub fn open(folder: &Path, name: &'static str, about: &'static str, bytes_max: u64) -> io::Result<Self> {
        let mut there: Vec<_> = fs::read_dir(folder)?
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((Self::number(name, &entry.path())?, entry.path(), entry.metadata().ok()?.len()))
            })
            .collect();
        there.sort_unstable();
        let number = there.last().map_or(0, |(number, ..)| number + 1);
        let full = there.into_iter().map(|(_, path, bytes)| (path, bytes)).collect();
        Ok(Self { folder: folder.to_owned(), name, about, bytes_max, full, open: None, number })
    }

    /// Which file of the row of this name it is, if it is one.
    pub fn number(name: &str, file: &Path) -> Option<u64> {
        let rest = file.file_name()?.to_str()?.strip_prefix(name)?;
        rest.strip_prefix('-')?.strip_suffix(".pcapng")?.parse().ok()
    }

    /// Writes blocks of packets. Where that fails the next go to another file, once there is room again.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = self.try_write(bytes);
        if written.is_err() {
            self.close();
        }
        written
    }

    fn try_write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.open.is_none() {
            let path = self.folder.join(format!("{}-{:010}.pcapng", self.name, self.number));
            self.number += 1;
            let mut head = Vec::new();
            pcapng::section(&mut head, "greyline", self.about);
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

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.open.as_ref().map_or(0, |(.., length)| *length) + self.full.iter().map(|(_, bytes)| bytes).sum::<u64>()
    }

    /// The earliest file, where all take too much: it is the row's no more.
    pub fn surplus(&mut self) -> Option<PathBuf> {
        if self.bytes() <= self.bytes_max {
            return None;
        }
        self.full.pop_front().map(|(path, _)| path)
    }

    /// The earliest file, where it was last written before `since`: it is the row's no more.
    pub fn stale(&mut self, since: SystemTime) -> Option<PathBuf> {
        let (earliest, _) = self.full.front()?;
        let written = fs::metadata(earliest).and_then(|it| it.modified());
        // One that is gone need not be kept either.
        if written.is_ok_and(|written| written >= since) {
            return None;
        }
        self.full.pop_front().map(|(path, _)| path)
    }
}

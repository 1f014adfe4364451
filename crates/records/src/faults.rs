//! What is wrong with records, and what is counted.

use std::fmt;
use std::io;

use types::Losses;

/// A line that is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file it stands in.
    pub file: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u64,
    /// What is wrong, and what would be right.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.what),
            line => write!(f, "{}:{line}: {}", self.file, self.what),
        }
    }
}

/// Why records cannot be read at all.
#[derive(Debug)]
pub enum OpenError {
    /// A file cannot be read.
    Unread(String, io::Error),
    /// Its columns are not those that were said.
    Columns(Fault),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(file, error) => write!(f, "{file}: {error}"),
            Self::Columns(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {}

/// What was read, and what was lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines, blank ones and headers left out.
    pub lines: u64,
    /// Calls that were told.
    pub calls: u64,
    /// Lines that are no records.
    pub malformed: u64,
    /// Calls whose beginning was not seen: they are not told.
    pub headless: u64,
    /// Calls that came after later ones had been told; they were told all the same, then.
    pub late: u64,
    /// Of these, those that came late because too many calls were held back.
    pub crowded: u64,
    /// Files that could not be read to their end.
    pub broken: u64,
}

impl Losses for Tally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("record_lines_malformed", self.malformed);
        each("record_calls_headless", self.headless);
        each("record_calls_late", self.late);
        each("record_calls_crowded", self.crowded);
        each("record_files_broken", self.broken);
    }
}

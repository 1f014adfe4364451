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

/// Why a line is no call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It was told before, letter by letter.
    Repeated,
    /// It has fewer columns than it should.
    Short(String),
    /// Something that a call cannot be without is not what it should be.
    Wrong(String),
}

impl From<String> for Refusal {
    fn from(what: String) -> Self {
        Self::Wrong(what)
    }
}

/// A column of CSV that a call can do without: what stands there and cannot be read is taken as absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    RingAt,
    AnswerAt,
    EndAt,
    Duration,
    Talk,
    Ring,
    Source,
    Destination,
    Status,
    Q850,
    EndedBy,
    Attestation,
}

impl Column {
    pub(crate) const ALL: [Self; 12] = [
        Self::RingAt,
        Self::AnswerAt,
        Self::EndAt,
        Self::Duration,
        Self::Talk,
        Self::Ring,
        Self::Source,
        Self::Destination,
        Self::Status,
        Self::Q850,
        Self::EndedBy,
        Self::Attestation,
    ];

    /// By what name its losses are counted.
    const fn loss(self) -> &'static str {
        match self {
            Self::RingAt => "record_ring_at_unread",
            Self::AnswerAt => "record_answer_at_unread",
            Self::EndAt => "record_end_at_unread",
            Self::Duration => "record_duration_unread",
            Self::Talk => "record_talk_unread",
            Self::Ring => "record_ring_unread",
            Self::Source => "record_source_unread",
            Self::Destination => "record_destination_unread",
            Self::Status => "record_status_unread",
            Self::Q850 => "record_q850_unread",
            Self::EndedBy => "record_ended_by_unread",
            Self::Attestation => "record_attestation_unread",
        }
    }
}

/// What stood in a column of a line and could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    pub column: Column,
    /// What is wrong, and what would be right.
    pub what: String,
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
    /// Lines with fewer columns than their header names, or than are needed: cut off, or sums below a table.
    pub short: u64,
    /// Lines that had been read before, letter by letter.
    pub repeated: u64,
    /// Fields that could not be read and are taken as absent, in the order of [`Column::ALL`].
    pub(crate) unread: [u64; Column::ALL.len()],
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
        each("record_lines_short", self.short);
        each("record_lines_repeated", self.repeated);
        for (column, count) in Column::ALL.into_iter().zip(self.unread) {
            each(column.loss(), count);
        }
        each("record_calls_headless", self.headless);
        each("record_calls_late", self.late);
        each("record_calls_crowded", self.crowded);
        each("record_files_broken", self.broken);
    }
}

//! JSON Lines, one at a time, with the number of the line in every complaint.

use std::fmt;
use std::io::{self, BufRead};

use jiff::Timestamp;
use serde::Deserialize;

/// The longest line that is read.
const LINE_BYTES_MAX: usize = 16 << 20;

/// Something that can be read more than once, and what it is called.
pub struct Source<'s> {
    /// Its name in complaints.
    pub name: String,
    /// Opens it from its beginning.
    pub open: Box<dyn Fn() -> io::Result<Box<dyn BufRead + 's>> + 's>,
}

/// Why there is no score.
#[derive(Debug)]
pub enum Failure {
    /// A file that cannot be read.
    Unread(String, io::Error),
    /// A line that is not what it should be: file, line from 1, and what would be right.
    Line(String, u64, String),
    /// The files do not fit together.
    Whole(String, String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(file, error) => write!(f, "{file}: {error}"),
            Self::Line(file, line, what) => write!(f, "{file}:{line}: {what}"),
            Self::Whole(file, what) => write!(f, "{file}: {what}"),
        }
    }
}

impl std::error::Error for Failure {}

/// Hands each line that is not blank to `each`, as a `T`.
pub(crate) fn each_line<T: for<'l> Shape<'l>>(
    source: &Source<'_>,
    mut each: impl FnMut(u64, <T as Shape<'_>>::Of) -> Result<(), String>,
) -> Result<(), Failure> {
    let unread = |error| Failure::Unread(source.name.clone(), error);
    let mut reader = (source.open)().map_err(unread)?;
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        if read_line(&mut *reader, &mut bytes).map_err(unread)? == 0 {
            break;
        }
        let wrong = |what: String| Failure::Line(source.name.clone(), number, what);
        if bytes.len() > LINE_BYTES_MAX {
            return Err(wrong(format!("a line has more than {LINE_BYTES_MAX} bytes: is this JSON Lines?")));
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let line = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        each(number, line).map_err(wrong)?;
    }
    Ok(())
}

/// Reads up to the end of the line, or a little past the most a line may have.
fn read_line(reader: &mut dyn BufRead, bytes: &mut Vec<u8>) -> io::Result<usize> {
    io::Read::take(reader, LINE_BYTES_MAX as u64 + 2).read_until(b'\n', bytes)
}

/// A record that borrows from its line.
pub(crate) trait Shape<'l> {
    /// The record.
    type Of: Deserialize<'l>;
}

/// A time as records write it, in microseconds since the epoch.
pub(crate) fn micros(field: &str, text: &str) -> Result<i64, String> {
    let stamp: Result<Timestamp, _> = text.parse();
    stamp.map(Timestamp::as_microsecond).map_err(|_| {
        format!("`{field}` takes a time of RFC 3339, such as \"2026-11-23T09:00:00.000000Z\", and not {text:?}")
    })
}

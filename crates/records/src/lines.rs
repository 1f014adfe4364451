//! Lines of bounded length, and what they are written in.

use std::io::{self, BufRead, Read};

/// The longest line that is a record.
pub(crate) const LINE_BYTES_MAX: usize = 1 << 20;

/// What records are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line, as `--calls` writes it.
    JsonLines,
    /// Columns, as `[records]` of the configuration says.
    Csv,
}

impl Format {
    /// The format of a file by its name and first bytes; `None` where it is not one of records. Names may end in `.gz` or
    /// `.zst`; a file whose text begins with `{` is JSON Lines whatever its name.
    #[must_use]
    pub fn of(name: &str, first: &[u8]) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
        let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
        if text.starts_with(b"{") || name.ends_with(".jsonl") {
            return Some(Self::JsonLines);
        }
        name.ends_with(".csv").then_some(Self::Csv)
    }
}

/// The lines of a file.
pub(crate) struct Lines {
    reader: Box<dyn BufRead>,
    bytes: Vec<u8>,
    number: u64,
}

/// What the next line is.
pub(crate) enum Line<'l> {
    /// A line and its number, without its end.
    Text(u64, &'l [u8]),
    /// A line that is too long, and its number.
    TooLong(u64),
}

impl Lines {
    pub(crate) fn of(reader: Box<dyn BufRead>) -> Self {
        Self { reader, bytes: Vec::new(), number: 0 }
    }

    /// The next line that is not blank.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            self.bytes.clear();
            let read = self.reader.by_ref().take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut self.bytes)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if read > LINE_BYTES_MAX {
                self.pass_over()?;
                return Ok(Some(Line::TooLong(self.number)));
            }
            if self.number == 1 && self.bytes.starts_with(b"\xef\xbb\xbf") {
                self.bytes.drain(..3);
            }
            if !self.bytes.trim_ascii().is_empty() {
                break;
            }
        }
        let line = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        Ok(Some(Line::Text(self.number, line.strip_suffix(b"\r").unwrap_or(line))))
    }

    /// Reads to the end of a line that is too long, and keeps nothing of it.
    fn pass_over(&mut self) -> io::Result<()> {
        while self.bytes.last() != Some(&b'\n') {
            self.bytes.clear();
            if self.reader.by_ref().take(LINE_BYTES_MAX as u64).read_until(b'\n', &mut self.bytes)? == 0 {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_bounded() {
        let long = "x".repeat(3 * LINE_BYTES_MAX);
        let text = format!("\u{feff}a\r\n\n  \nb\n{long}\nc");
        let mut lines = Lines::of(Box::new(io::Cursor::new(text)));
        let mut told = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            told.push(match line {
                Line::Text(number, text) => (number, String::from_utf8_lossy(text).into_owned()),
                Line::TooLong(number) => (number, "too long".to_owned()),
            });
        }
        let told: Vec<_> = told.iter().map(|(number, text)| (*number, text.as_str())).collect();
        assert_eq!(told, [(1, "a"), (4, "b"), (5, "too long"), (6, "c")]);
    }

    #[test]
    fn formats_by_name_and_content() {
        for (name, first, format) in [
            ("calls.jsonl", &b""[..], Some(Format::JsonLines)),
            ("calls.JSONL.zst", b"", Some(Format::JsonLines)),
            ("calls", b" {\"v\":1}", Some(Format::JsonLines)),
            ("cdr.csv.gz", b"a,b", Some(Format::Csv)),
            ("cdr.txt", b"a,b", None),
            ("trunk.pcap", b"\xd4\xc3\xb2\xa1", None),
        ] {
            assert_eq!(Format::of(name, first), format, "{name}");
        }
    }
}

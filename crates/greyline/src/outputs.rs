//! Where records go: a file or standard output, and what to say when it does not take them.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::failure::Failure;
use crate::packed::Packed;

/// Whether standard output is left to people, where records go to these files.
///
/// # Errors
/// Two of them are standard output.
pub fn is_for_people<const N: usize>(files: [&Option<PathBuf>; N]) -> Result<bool, Failure> {
    match files.into_iter().filter(|file| file.as_deref() == Some(Path::new("-"))).count() {
        0 => Ok(true),
        1 => Ok(false),
        _ => Err(Failure::BothToStdout),
    }
}

/// A file of JSON, packed where its name says so, or standard output.
pub struct Output {
    name: PathBuf,
    writer: Packed,
    /// The line in hand: a record is some hundred pieces, and the file gets them in one.
    line: Vec<u8>,
}

impl Output {
    /// Opens a file, `-` for standard output.
    pub fn open(name: &Path) -> Result<Self, Failure> {
        let writer = Packed::create(name).map_err(|error| Failure::Write(name.to_owned(), error))?;
        Ok(Self { name: name.to_owned(), writer, line: Vec::new() })
    }

    /// Opens a file to write behind what it holds, never packed; `-` for standard output.
    pub fn append(name: &Path) -> Result<Self, Failure> {
        if name == Path::new("-") {
            return Self::open(name);
        }
        let file = OpenOptions::new().append(true).create(true).open(name);
        let file = file.map_err(|error| Failure::Write(name.to_owned(), error))?;
        Ok(Self { name: name.to_owned(), writer: Packed::behind(file), line: Vec::new() })
    }

    /// Goes on in a file of the same name that is opened anew: somebody has moved this one away.
    pub fn reopen(&mut self) -> Result<(), Failure> {
        self.flush()?;
        *self = Self::append(&self.name)?;
        Ok(())
    }

    /// Writes a value on a line of its own.
    pub fn line(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        self.line.clear();
        let said = serde_json::to_writer(&mut self.line, value).map_err(io::Error::from);
        self.line.push(b'\n');
        let written = said.and_then(|()| self.writer.write_all(&self.line));
        self.told(written)
    }

    /// Writes a value on many lines, for people too.
    pub fn document(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let written = serde_json::to_writer_pretty(&mut self.writer, value).map_err(io::Error::from);
        let ended = written.and_then(|()| self.writer.write_all(b"\n"));
        self.told(ended)
    }

    /// Writes text.
    pub fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())
    }

    /// Writes what is no text.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.writer.write_all(bytes);
        self.told(written)
    }

    /// Lets others see what was written so far.
    pub fn flush(&mut self) -> Result<(), Failure> {
        let flushed = self.writer.flush();
        self.told(flushed)
    }

    /// Makes sure everything has arrived.
    pub fn close(self) -> Result<(), Failure> {
        self.writer.finish().map_err(|error| Failure::Write(self.name, error))
    }

    fn told(&self, result: io::Result<()>) -> Result<(), Failure> {
        result.map_err(|error| Failure::Write(self.name.clone(), error))
    }
}

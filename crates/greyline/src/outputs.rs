//! Where records go: a file or standard output, and what to say when it does not take them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::failure::Failure;
use crate::packed::Packed;

/// What may be done with a file that holds numbers whole: read and written by its owner, nothing by others.
const OWNER_ALONE: u32 = 0o600;

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
    /// A file that does not have its name yet.
    pending: Option<Pending>,
}

/// A file under another name until all of it is written: nobody finds half a report, whatever runs full meanwhile.
struct Pending {
    file: File,
    beside: PathBuf,
    name: PathBuf,
}

impl Pending {
    /// Begins one that nobody but its owner may read.
    fn begin(name: &Path) -> io::Result<Self> {
        // Whoever named a link means what it leads to.
        let name = fs::canonicalize(name).unwrap_or_else(|_| name.to_owned());
        if name.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name.file_name().ok_or(io::ErrorKind::IsADirectory)?);
        hidden.push(format!(".{}.part", std::process::id()));
        let beside = name.with_file_name(hidden);
        let file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ALONE).open(&beside)?;
        Ok(Self { file, beside, name })
    }

    /// Gives it its name, once all of it lies on disk.
    fn end(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.beside, &self.name)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // Once it has its name nothing lies here.
        let _ = fs::remove_file(&self.beside);
    }
}

impl Output {
    /// Opens a file, `-` for standard output.
    pub fn open(name: &Path) -> Result<Self, Failure> {
        let writer = Packed::create(name).map_err(|error| Failure::Write(name.to_owned(), error))?;
        Ok(Self { name: name.to_owned(), writer, line: Vec::new(), pending: None })
    }

    /// Begins a file that holds numbers whole: its owner alone may read it, and it is there once all is written or not at all. `-` is standard
    /// output; a pipe or a device gets it as it comes.
    pub fn private(name: &Path) -> Result<Self, Failure> {
        let is_other = fs::metadata(name).is_ok_and(|it| !it.is_file() && !it.is_dir());
        if name == Path::new("-") || is_other {
            return Self::open(name);
        }
        let begin = || {
            let pending = Pending::begin(name)?;
            let writer = Packed::over(Box::new(pending.file.try_clone()?), name)?;
            Ok(Self { name: name.to_owned(), writer, line: Vec::new(), pending: Some(pending) })
        };
        begin().map_err(|error| Failure::Write(name.to_owned(), error))
    }

    /// Opens a file to write behind what it holds, never packed; `-` for standard output.
    pub fn append(name: &Path) -> Result<Self, Failure> {
        if name == Path::new("-") {
            return Self::open(name);
        }
        let file = OpenOptions::new().append(true).create(true).open(name);
        let file = file.map_err(|error| Failure::Write(name.to_owned(), error))?;
        Ok(Self { name: name.to_owned(), writer: Packed::behind(file), line: Vec::new(), pending: None })
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
        let Self { name, writer, pending, .. } = self;
        let ended = writer.finish().and_then(|()| pending.map_or(Ok(()), Pending::end));
        ended.map_err(|error| Failure::Write(name, error))
    }

    fn told(&self, result: io::Result<()>) -> Result<(), Failure> {
        result.map_err(|error| Failure::Write(self.name.clone(), error))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_private_is_there_whole_or_not_at_all() {
        let folder = std::env::temp_dir().join(format!("greyline-outputs-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let name = folder.join("report.html");
        let there = || fs::read_dir(&folder).unwrap().count();
        let mut output = Output::private(&name).unwrap();
        output.text("half").unwrap();
        drop(output);
        assert_eq!(there(), 0, "what failed leaves nothing");
        fs::write(&name, "of before").unwrap();
        fs::set_permissions(&name, fs::Permissions::from_mode(0o644)).unwrap();
        let mut output = Output::private(&name).unwrap();
        output.text("whole").unwrap();
        assert_eq!(fs::read_to_string(&name).unwrap(), "of before");
        output.close().unwrap();
        assert_eq!((fs::read_to_string(&name).unwrap().as_str(), there()), ("whole", 1));
        assert_eq!(fs::metadata(&name).unwrap().permissions().mode() & 0o777, OWNER_ALONE);
        assert!(matches!(Output::private(&folder), Err(Failure::Write(..))));
        Output::private(Path::new("/dev/null")).unwrap().close().unwrap();
        fs::remove_dir_all(&folder).unwrap();
    }
}

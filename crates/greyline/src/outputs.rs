//! Where records go: a file or standard output, and what to say when it does not take them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::failure::{Failure, Lack};
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

/// Bytes of a file that are looked through at once for the end of a line.
const CHUNK: u64 = 1 << 16;

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

    /// Writes a value on many lines, and nothing more.
    pub fn only(mut self, value: &impl Serialize) -> Result<(), Failure> {
        self.document(value)?;
        self.close()
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
        let Self { name, mut writer, pending, .. } = self;
        let ended = writer.finish().and_then(|()| pending.map_or(Ok(()), Pending::end));
        ended.map_err(|error| Failure::Unwritten(name, error, Lack::End))
    }

    /// Makes sure all lines have arrived; where they have not, it ends with its last whole one.
    pub fn close_lines(mut self) -> Result<(), Failure> {
        match self.writer.finish() {
            Ok(()) => Ok(()),
            Err(error) => Err(self.give_up(error, 0)),
        }
    }

    /// Ends what does not take lines any more with its last whole one; `refused` were not even taken to wait.
    fn give_up(self, error: io::Error, refused: u64) -> Failure {
        let Self { name, writer, .. } = self;
        let lack = match writer.abandon() {
            Some(waiting) => {
                let ends = waiting.iter().filter(|&&byte| byte == b'\n').count();
                // A file that cannot be cut has half a line more than it should, and lacks as many.
                let _ = cut_behind_last_line(&name);
                Lack::Lines(ends as u64 + refused)
            }
            None => Lack::LinesAtLeast(refused),
        };
        Failure::Unwritten(name, error, lack)
    }

    fn told(&self, result: io::Result<()>) -> Result<(), Failure> {
        result.map_err(|error| Failure::Unwritten(self.name.clone(), error, Lack::End))
    }
}

/// Cuts a file behind the end of its last line; what is no file of the disk stays as it is.
fn cut_behind_last_line(name: &Path) -> io::Result<()> {
    if !fs::metadata(name)?.is_file() {
        return Ok(());
    }
    let mut file = OpenOptions::new().read(true).write(true).open(name)?;
    let end = last_line_end(&mut file)?;
    file.set_len(end)
}

/// Where the last line of a file ends.
fn last_line_end(file: &mut File) -> io::Result<u64> {
    let (mut until, mut chunk) = (file.metadata()?.len(), Vec::new());
    while until > 0 {
        let from = until.saturating_sub(CHUNK);
        file.seek(SeekFrom::Start(from))?;
        chunk.clear();
        Read::by_ref(file).take(until - from).read_to_end(&mut chunk)?;
        if let Some(at) = chunk.iter().rposition(|&byte| byte == b'\n') {
            return Ok(from + at as u64 + 1);
        }
        until = from;
    }
    Ok(0)
}

/// A file of lines beside others, or standard output. Where it does not take one it is given up: it ends with its last whole line, what is
/// missing is counted, and the others go on.
pub struct LineOutput {
    /// Until it is given up.
    output: Option<Output>,
    /// Why it was.
    failure: Option<Failure>,
}

impl LineOutput {
    /// Opens a file, `-` for standard output.
    pub fn open(name: &Path) -> Result<Self, Failure> {
        Ok(Self { output: Some(Output::open(name)?), failure: None })
    }

    /// Writes a value on a line of its own.
    pub fn line(&mut self, value: &impl Serialize) {
        self.write(|output| output.line(value));
    }

    /// Writes a line of text.
    pub fn text(&mut self, line: &str) {
        self.write(|output| output.text(line));
    }

    /// Whether whoever read it has gone.
    pub fn is_unread(&self) -> bool {
        self.failure.as_ref().is_some_and(Failure::is_broken_pipe)
    }

    /// Makes sure everything has arrived, or says what is missing.
    pub fn close(self) -> Result<(), Failure> {
        self.failure.map_or(Ok(()), Err)?;
        self.output.map_or(Ok(()), Output::close_lines)
    }

    fn write(&mut self, write: impl FnOnce(&mut Output) -> Result<(), Failure>) {
        match self.output.as_mut().map(write) {
            Some(Ok(())) => {}
            Some(Err(Failure::Unwritten(_, error, _))) => {
                self.failure = self.output.take().map(|output| output.give_up(error, 1));
            }
            Some(Err(failure)) => self.failure = Some(failure),
            None => self.failure.iter_mut().for_each(Failure::lack_another_line),
        }
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

    #[test]
    fn a_file_is_cut_behind_its_last_whole_line() {
        let folder = std::env::temp_dir().join(format!("greyline-lines-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("lines");
        let long = "x".repeat(3 * CHUNK as usize);
        for (held, kept) in [
            ("", ""),
            ("half", ""),
            ("one\n", "one\n"),
            ("one\ntwo\nhal", "one\ntwo\n"),
            (&format!("one\n{long}"), "one\n"),
            (&format!("{long}\n{long}"), &format!("{long}\n")),
        ] {
            fs::write(&file, held).unwrap();
            cut_behind_last_line(&file).unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap().len(), kept.len());
            assert!(kept.starts_with(&fs::read_to_string(&file).unwrap()));
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}

//! Why a run could not be made, and what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use config::Mistake;
use link::OpenError;
use sinks::Unusable;
use store::StoreError;

/// Why a run could not be made, and what to do.
#[derive(Debug)]
pub enum Failure {
    /// A flag whose value cannot be one, and what would be right.
    Flag(&'static str, String),
    /// Call records that cannot be read.
    Records(records::OpenError),
    /// Captures and call records at once: a capture, and a file of records.
    Mixed(PathBuf, PathBuf),
    /// Truth or alerts that cannot be scored.
    Score(score::Failure),
    /// A configuration that cannot be read.
    Unread(PathBuf, io::Error),
    /// A configuration with mistakes.
    Mistaken(PathBuf, Vec<Mistake>),
    /// A file of certificates that is none.
    Certificate(PathBuf, stir::Wrong),
    /// Judgement that cannot be set up.
    Judgement(String),
    /// Two outputs that would be mixed.
    BothToStdout,
    /// Inputs that cannot be read.
    Open(OpenError),
    /// An output that cannot be made.
    Write(PathBuf, io::Error),
    /// An output that does not take what is written, and what it lacks.
    Unwritten(PathBuf, io::Error, Lack),
    /// Sinks that cannot run as they are configured.
    Sinks(Vec<Unusable>),
    /// A store that cannot be kept or read.
    Store(StoreError),
    /// A report that cannot be put on paper.
    Unprintable(dossier::Unprintable),
    /// Nothing to watch.
    NoSource,
    /// A source that cannot be opened, and why.
    Source(String, String),
    /// What serves the outside and cannot be set up.
    Service(String),
    /// Somebody asked to stop before all was read.
    Stopped,
}

/// What an output lacks that did not take all of what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Something.
    End,
    /// So many lines at its end.
    Lines(u64),
    /// So many or more: what was packed cannot be counted.
    LinesAtLeast(u64),
}

impl Lack {
    /// Lines that are missing, as far as they are counted.
    pub const fn lines(self) -> u64 {
        match self {
            Self::End => 0,
            Self::Lines(lines) | Self::LinesAtLeast(lines) => lines,
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = alert::grouped(self.lines());
        match self {
            Self::End => f.write_str("it is not whole"),
            Self::Lines(1) => f.write_str("its last line is missing"),
            Self::Lines(_) => write!(f, "its last {lines} lines are missing"),
            Self::LinesAtLeast(_) => write!(f, "it is not whole: {lines} lines or more are missing"),
        }
    }
}

impl Failure {
    /// Whether it is only that our reader has gone.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Unwritten(_, error, _) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Lines of an output that are missing, as far as they are counted.
    pub const fn lines_missing(&self) -> u64 {
        match self {
            Self::Unwritten(_, _, lack) => lack.lines(),
            _ => 0,
        }
    }

    /// Another line is missing of an output whose lines are counted.
    pub const fn lack_another_line(&mut self) {
        if let Self::Unwritten(_, _, Lack::Lines(lines) | Lack::LinesAtLeast(lines)) = self {
            *lines += 1;
        }
    }

    /// The exit code.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Open(_)
            | Self::Score(_)
            | Self::Records(_)
            | Self::Source(..)
            | Self::Store(_)
            | Self::Stopped
            | Self::Unwritten(..) => crate::UNREAD,
            _ => crate::USAGE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag, said) => write!(f, "{flag}: {said}"),
            Self::Records(error) => error.fmt(f),
            Self::Mixed(capture, records) => {
                let (capture, records) = (capture.display(), records.display());
                write!(f, "{records} holds call records and {capture} does not; read them one after the other")
            }
            Self::Score(failure) => failure.fmt(f),
            Self::Unread(file, error) => write!(f, "{}: {error}", file.display()),
            Self::Mistaken(file, mistakes) => {
                let file = file.display();
                write!(f, "{file} has mistakes and is not used")?;
                mistakes.iter().try_for_each(|mistake| write!(f, "\n{file}:{mistake}"))
            }
            Self::Certificate(file, wrong) => write!(f, "{}: {wrong}", file.display()),
            Self::Judgement(error) => write!(f, "judgement: {error}"),
            Self::BothToStdout => {
                f.write_str("two outputs on standard output would be mixed; give all but one of them a file")
            }
            Self::Open(error) => error.fmt(f),
            Self::Sinks(unusable) => {
                let all: Vec<_> = unusable.iter().map(ToString::to_string).collect();
                f.write_str(&all.join("\n"))
            }
            Self::Store(error) => error.fmt(f),
            Self::Unprintable(why) => why.fmt(f),
            Self::NoSource => f.write_str(
                "nothing to watch: name an interface, --hep an address, --folder a folder, or set `capture.interfaces`, \
                 `capture.folders` or `listen.hep_udp` in the configuration",
            ),
            Self::Source(name, why) => write!(f, "{name}: {why}"),
            Self::Service(why) => f.write_str(why),
            Self::Stopped => f.write_str("stopped before all was read"),
            Self::Write(file, error) => write!(f, "{}: {error}", name(file)),
            Self::Unwritten(file, error, lack) => write!(f, "{}: {error}; {lack}", name(file)),
        }
    }
}

/// What an output is called.
fn name(file: &Path) -> std::path::Display<'_> {
    if file == Path::new("-") { Path::new("standard output") } else { file }.display()
}

//! What is wrong with an input: refused before anything is read ([`OpenError`]), or broken on the way ([`Damage`]).
//! Every text names the file and says what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::format::Format;
use crate::frame::CAPTURED_MAX;
use crate::inputs::{FILES_MAX, FOLDER_DEPTH_MAX};
use crate::pcapng::{BLOCK_BYTES_MAX, INTERFACES_MAX};

/// Most damages that are kept with name and place; past it they are only counted.
pub const DAMAGES_MAX: usize = 64;

/// The inputs that cannot be read at all, each with the reason: the operator's to mend, so all are told at once.
#[derive(Debug)]
pub struct OpenError {
    /// At least one.
    pub refusals: Vec<Refusal>,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, refusal) in self.refusals.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n" };
            write!(f, "{gap}{refusal}")?;
        }
        Ok(())
    }
}

impl std::error::Error for OpenError {}

/// One input that cannot be read at all.
#[derive(Debug)]
pub struct Refusal {
    /// The input as it was named.
    pub file: PathBuf,
    /// Why.
    pub why: RefusalWhy,
}

/// Why an input cannot be read at all.
#[derive(Debug)]
pub enum RefusalWhy {
    /// Nothing was named.
    NoInput,
    /// The system does not let it be read.
    Unreadable(io::Error),
    /// It has no bytes.
    Empty,
    /// A capture of a format that is not read here.
    Unsupported(Format),
    /// Nothing in it looks like a capture.
    NotACapture,
    /// A capture whose file header is damaged.
    Header(DamageWhy),
    /// A folder in which nothing is a capture.
    NoCaptures,
    /// Standard input was named twice.
    StandardInputTwice,
    /// Folders nested deeper than [`FOLDER_DEPTH_MAX`].
    TooDeep,
    /// More files than [`FILES_MAX`].
    TooManyFiles,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = Named(&self.file);
        match &self.why {
            RefusalWhy::NoInput => write!(f, "no capture was named; name files or folders, or `-` for standard input"),
            RefusalWhy::Unreadable(error) => {
                write!(f, "{file}: cannot be read: {error}; check the path and its permissions")
            }
            RefusalWhy::Empty => {
                write!(f, "{file}: empty; a capture has at least a file header, so check what wrote it")
            }
            RefusalWhy::Unsupported(format) => {
                write!(f, "{file}: {format}, which is not read; convert it with `editcap -F pcapng IN OUT`")
            }
            RefusalWhy::NotACapture => {
                write!(
                    f,
                    "{file}: not a capture; what is read is pcap, pcapng and snoop, also compressed with gzip or zstd"
                )
            }
            RefusalWhy::Header(why) => write!(f, "{file}: its file header is damaged: {why}; capture or copy it again"),
            RefusalWhy::NoCaptures => {
                write!(f, "{file}: no file in this folder is a capture; name a folder that holds some")
            }
            RefusalWhy::StandardInputTwice => write!(f, "{file}: standard input can be named only once"),
            RefusalWhy::TooDeep => {
                write!(f, "{file}: folders nested more than {FOLDER_DEPTH_MAX} deep; name the inner folder")
            }
            RefusalWhy::TooManyFiles => write!(f, "{file}: more than {FILES_MAX} files; name fewer at a time"),
        }
    }
}

/// A path as people write it: `-` is standard input.
struct Named<'a>(&'a Path);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == Path::new("-") { f.write_str("standard input") } else { self.0.display().fmt(f) }
    }
}

/// A place where a capture stops being one. Every frame before it was delivered; nothing after it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The input.
    pub file: PathBuf,
    /// Bytes from the start of the capture, after decompression.
    pub offset: u64,
    /// What is wrong there.
    pub why: DamageWhy,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: read up to byte {}, then: {}", Named(&self.file), self.offset, self.why)
    }
}

/// What is wrong with a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DamageWhy {
    /// It ends in the middle of a header or a frame.
    Cut,
    /// A record claims this many captured bytes, over [`CAPTURED_MAX`] or more than its record has.
    CapturedLength(u32),
    /// A block, or a record of snoop, claims this many bytes, which none of its kind has.
    BlockLength(u32),
    /// A block is this long by its front and that long by its back.
    BlockLengths(u32, u32),
    /// A version of the format that does not exist.
    Version(u16, u16),
    /// A section that does not say its byte order.
    ByteOrder(u32),
    /// A datalink type of snoop (RFC 1761 §3) that has no link type.
    Datalink(u32),
    /// More interfaces in a section than [`INTERFACES_MAX`].
    Interfaces,
    /// The compressed stream or the device gave this error.
    Unreadable(String),
    /// A capture, found in a folder, of a format that is not read here.
    Unsupported(Format),
}

impl fmt::Display for DamageWhy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut => f.write_str("the file ends in the middle of a record"),
            Self::CapturedLength(claimed) => {
                write!(
                    f,
                    "a record claims {claimed} captured bytes (at most {CAPTURED_MAX}, and no more than its record has)"
                )
            }
            Self::BlockLength(claimed) => {
                write!(
                    f,
                    "a block or record claims {claimed} bytes (a multiple of 4, large enough for its kind, at most {BLOCK_BYTES_MAX})"
                )
            }
            Self::BlockLengths(front, back) => {
                write!(f, "a block is {front} bytes long by its front and {back} by its back")
            }
            Self::Version(major, minor) => write!(f, "format version {major}.{minor} is not known"),
            Self::ByteOrder(magic) => write!(f, "a section with the byte-order magic {magic:#010x}"),
            Self::Datalink(number) => write!(f, "snoop's datalink type {number} is not known"),
            Self::Interfaces => write!(f, "more than {INTERFACES_MAX} interfaces in one section"),
            Self::Unreadable(error) => write!(f, "cannot be read on: {error}"),
            Self::Unsupported(format) => {
                write!(f, "{format}, which is not read; convert it with `editcap -F pcapng IN OUT`")
            }
        }
    }
}

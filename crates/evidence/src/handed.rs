//! A bundle as it is handed over: the folder that was written, or the archive of it that pages hand out.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ring::digest::{Context, SHA256};

use crate::archive::{Member, members};
use crate::bundle::{MANIFEST, SIGNATURE, SUMS};
use crate::hex::hex;
use crate::verify::FILES_MAX;

/// How any ZIP archive begins.
const ZIP: &[u8] = b"PK\x03\x04";
/// The longest archive that is read: it lies in memory meanwhile.
const ARCHIVE_BYTES_MAX: u64 = 1 << 30;

/// A bundle that somebody handed over.
#[derive(Debug)]
pub struct Handed(Form);

#[derive(Debug)]
enum Form {
    Folder(PathBuf),
    Archive { bytes: Vec<u8>, members: BTreeMap<String, Member> },
}

/// Why something cannot be checked at all: nobody need have touched it.
#[derive(Debug)]
pub enum Unfit {
    /// It is not there, or cannot be read.
    Unread(io::Error),
    /// It holds nothing of a bundle.
    NoBundle,
    /// It is an archive, and in this way not as greyline writes them.
    Archive(&'static str),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(error) => error.fmt(f),
            Self::NoBundle => write!(f, "no bundle: neither {MANIFEST} nor what belongs to it lies there"),
            Self::Archive(why) => write!(
                f,
                "no archive as greyline hands it out ({why}): unpack it into a new folder, and let that be checked"
            ),
        }
    }
}

impl Handed {
    /// What lies at a path.
    ///
    /// # Errors
    /// That there is nothing, or nothing that could be a bundle.
    pub fn open(path: &Path) -> Result<Self, Unfit> {
        if fs::metadata(path).map_err(Unfit::Unread)?.is_dir() {
            let own = [MANIFEST, SIGNATURE, SUMS];
            let any = own.iter().any(|name| fs::symlink_metadata(path.join(name)).is_ok());
            return if any { Ok(Self(Form::Folder(path.to_owned()))) } else { Err(Unfit::NoBundle) };
        }
        let file = File::open(path).map_err(Unfit::Unread)?;
        Self::of_archive(whole(file, ARCHIVE_BYTES_MAX).map_err(Unfit::Unread)?)
    }

    /// The bundle in an archive.
    ///
    /// # Errors
    /// That it is none, or in which way it is not as greyline writes them.
    pub fn of_archive(bytes: Vec<u8>) -> Result<Self, Unfit> {
        if !bytes.starts_with(ZIP) {
            return Err(Unfit::NoBundle);
        }
        let members = members(&bytes).map_err(Unfit::Archive)?;
        if members.is_empty() { Err(Unfit::NoBundle) } else { Ok(Self(Form::Archive { bytes, members })) }
    }

    /// A file of it, of so many bytes at most.
    ///
    /// # Errors
    /// That it is not there, is longer, or cannot be read.
    pub fn read(&self, name: &str, most: u64) -> io::Result<Vec<u8>> {
        match &self.0 {
            Form::Folder(folder) => whole(File::open(folder.join(name))?, most),
            Form::Archive { .. } => whole(self.member(name)?, most),
        }
    }

    /// The length of a file, and the SHA-256 of what it holds.
    pub(crate) fn length_and_hash(&self, name: &str) -> io::Result<(u64, String)> {
        match &self.0 {
            Form::Folder(folder) => length_and_hash(&folder.join(name)),
            Form::Archive { .. } => summed(self.member(name)?),
        }
    }

    /// The names of all that lies there, as many as are looked at.
    pub(crate) fn names(&self) -> io::Result<Vec<String>> {
        let entries = match &self.0 {
            Form::Folder(folder) => fs::read_dir(folder)?,
            Form::Archive { members, .. } => return Ok(members.keys().cloned().collect()),
        };
        let names = entries.take(FILES_MAX).filter_map(Result::ok);
        Ok(names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
    }

    /// Whether an archive's own checksum of a file holds; a folder has none.
    pub(crate) fn sums_up(&self, name: &str) -> bool {
        match &self.0 {
            Form::Folder(_) => true,
            Form::Archive { members, .. } => members.get(name).is_none_or(|member| member.sums_up),
        }
    }

    fn member(&self, name: &str) -> io::Result<&[u8]> {
        let Form::Archive { bytes, members } = &self.0 else { return Err(io::ErrorKind::NotFound.into()) };
        let held = members.get(name).and_then(|member| bytes.get(member.bytes.clone()));
        held.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// All of a few bytes.
fn whole(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(io::Error::other(format!("it is longer than {most} bytes"))) } else { Ok(bytes) }
}

fn length_and_hash(path: &Path) -> io::Result<(u64, String)> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    summed(File::open(path)?)
}

fn summed(mut from: impl Read) -> io::Result<(u64, String)> {
    let (mut context, mut length) = (Context::new(&SHA256), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((length, hex(context.finish().as_ref())));
        }
        length += read as u64;
        context.update(buffer.get(..read).unwrap_or_default());
    }
}

/// The SHA-256 of what a file holds, in hexadecimal.
///
/// # Errors
/// That it cannot be read.
pub fn sha256(path: &Path) -> io::Result<String> {
    length_and_hash(path).map(|(_, hash)| hash)
}

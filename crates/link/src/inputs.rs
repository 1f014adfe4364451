//! From the names an operator gives to the files that are read: folders become their files, in a fixed order.
//! Whether a file is a capture is not asked here.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Damage, DamageWhy, Refusal, RefusalWhy};

/// Most files of all inputs together, about 200 bytes of memory each.
pub const FILES_MAX: usize = 1_000_000;

/// Most folders inside one another.
pub const FOLDER_DEPTH_MAX: usize = 64;

/// Most names kept of files in folders that are no captures; past it they are only counted.
pub const NAMED_MAX: usize = 64;

/// A file to be read.
#[derive(Debug)]
pub(crate) struct Listed {
    pub path: PathBuf,
    /// The input that is a folder and holds it; `None` where the file itself was named.
    pub folder: Option<usize>,
}

/// What a list of inputs comes to.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub files: Vec<Listed>,
    /// Things in folders that are neither files nor folders: pipes, sockets, links to folders.
    pub others: Vec<PathBuf>,
    /// Folders inside the named ones that cannot be read.
    pub damages: Vec<Damage>,
    pub refusals: Vec<Refusal>,
}

impl Listing {
    /// Lists all files of `inputs`: those of a folder sorted by name, its folders' files in their places.
    pub(crate) fn of(inputs: &[PathBuf]) -> Self {
        let mut listing = Self::default();
        if inputs.is_empty() {
            listing.refuse(Path::new(""), RefusalWhy::NoInput);
        }
        let mut stdin = false;
        for (index, input) in inputs.iter().enumerate() {
            if input == Path::new("-") {
                if stdin {
                    listing.refuse(input, RefusalWhy::StandardInputTwice);
                    continue;
                }
                stdin = true;
            } else if input.is_dir() {
                match sorted(input) {
                    Ok(entries) => listing.folder(input, index, entries, 1),
                    Err(error) => listing.refuse(input, RefusalWhy::Unreadable(error)),
                }
                continue;
            }
            listing.files.push(Listed { path: input.clone(), folder: None });
        }
        if let Some(last) = inputs.last().filter(|_| listing.files.len() > FILES_MAX) {
            listing.refuse(last, RefusalWhy::TooManyFiles);
        }
        listing
    }

    fn refuse(&mut self, file: &Path, why: RefusalWhy) {
        self.refusals.push(Refusal { file: file.to_owned(), why });
    }

    fn folder(&mut self, folder: &Path, index: usize, entries: Vec<DirEntry>, depth: usize) {
        if depth > FOLDER_DEPTH_MAX {
            self.refuse(folder, RefusalWhy::TooDeep);
            return;
        }
        for entry in entries {
            if self.files.len() > FILES_MAX {
                return;
            }
            let path = entry.path();
            // A link to a folder may lead back here, and a pipe would wait for its writer: neither is opened unless named.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                match sorted(&path) {
                    Ok(entries) => self.folder(&path, index, entries, depth + 1),
                    Err(error) => {
                        let why = DamageWhy::Unreadable(error.to_string());
                        self.damages.push(Damage { file: path, offset: 0, why });
                    }
                }
            } else if path.is_file() {
                self.files.push(Listed { path, folder: Some(index) });
            } else {
                self.others.push(path);
            }
        }
    }
}

/// The entries of a folder by name.
fn sorted(folder: &Path) -> io::Result<Vec<DirEntry>> {
    let mut entries = fs::read_dir(folder)?.take(FILES_MAX + 1).collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

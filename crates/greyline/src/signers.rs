//! The certificates that the configuration names, read once before anything runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use config::Stir;
use stir::Trust;

use crate::failure::Failure;
use crate::files;

/// Files of certificates that are read, at most.
const FILES_MAX: usize = 100_000;
/// Bytes of a file of certificates; one of a chain has some 3 KiB, a list of all authorities a few hundred.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Folders within folders that are looked into: host and path of an address.
const DEPTH_MAX: usize = 16;

/// Whom the configuration believes.
///
/// # Errors
/// A file or folder that cannot be read, or holds no certificates.
pub fn trust(stir: &Stir) -> Result<Trust, Failure> {
    let mut trust = Trust::default();
    for named in &stir.authorities {
        for file in files(Path::new(named))? {
            trust.authorities(&read(&file)?).map_err(|wrong| Failure::Certificate(file, wrong))?;
        }
    }
    if let Some(named) = &stir.certificates {
        let folder = Path::new(named);
        for file in files(folder)? {
            let place = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().into_owned();
            trust.signer(&place, &read(&file)?).map_err(|wrong| Failure::Certificate(file, wrong))?;
        }
    }
    Ok(trust)
}

/// A file, or those of a folder and of the folders in it, in the order of their names.
fn files(named: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut waiting = vec![(named.to_owned(), 0)];
    while let Some((path, depth)) = waiting.pop() {
        let unread = |error| Failure::Unread(path.clone(), error);
        if !fs::metadata(&path).map_err(unread)?.is_dir() {
            found.push(path);
        } else if depth < DEPTH_MAX {
            for entry in fs::read_dir(&path).map_err(unread)? {
                waiting.push((entry.map_err(unread)?.path(), depth + 1));
            }
        }
        if found.len() > FILES_MAX {
            return Err(Failure::Unread(
                named.to_owned(),
                io::Error::other(format!("it holds more than {FILES_MAX} files")),
            ));
        }
    }
    found.sort();
    Ok(found)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    files::read(file, FILE_BYTES_MAX, "file of certificates")
}

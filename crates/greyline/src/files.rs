//! Files that the configuration names, whole.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::failure::Failure;

/// Reads a file of at most `bytes_max` bytes; a longer one is no `what`. What has no end is not read to it.
///
/// # Errors
/// That it cannot be read, or is longer.
pub fn read(file: &Path, bytes_max: u64, what: &str) -> Result<Vec<u8>, Failure> {
    let unread = |error| Failure::Unread(file.to_owned(), error);
    let mut bytes = Vec::new();
    File::open(file).and_then(|open| open.take(bytes_max + 1).read_to_end(&mut bytes)).map_err(unread)?;
    if bytes.len() as u64 > bytes_max {
        return Err(unread(io::Error::other(format!("it is longer than {bytes_max} bytes: no {what}"))));
    }
    Ok(bytes)
}

//! The data files that the configuration names in place of those that come with the program, read once before anything runs.

use std::io;
use std::path::{Path, PathBuf};

use config::{FILE_BYTES_MAX, Known};
use detect::{DataFile, DataFiles, Tables};

use crate::failure::Failure;
use crate::files;

/// The tables of a configuration.
///
/// # Errors
/// A file that cannot be read, or all its mistakes.
pub fn read(known: &Known) -> Result<Tables, Failure> {
    let named = &known.config().tables;
    let text = |named: &Option<String>| named.as_deref().map(|named| text(Path::new(named))).transpose();
    let (classes, hours) = (text(&named.classes)?, text(&named.hours)?);
    let (confusables, high_cost) = (text(&named.confusables)?, text(&named.high_cost)?);
    let profile = text(&named.profile)?;
    let ours = DataFiles::default();
    let files = DataFiles {
        classes: classes.as_deref().unwrap_or(ours.classes),
        hours: hours.as_deref().unwrap_or(ours.hours),
        confusables: confusables.as_deref().unwrap_or(ours.confusables),
        high_cost: high_cost.as_deref().unwrap_or(ours.high_cost),
        profile: profile.as_deref(),
    };
    Tables::of(&files).map_err(|error| {
        let named = match error.file {
            DataFile::Classes => &named.classes,
            DataFile::Hours => &named.hours,
            DataFile::Confusables => &named.confusables,
            DataFile::HighCost => &named.high_cost,
            DataFile::Profile => &named.profile,
        };
        match named {
            Some(named) => Failure::Mistaken(PathBuf::from(named), error.mistakes),
            None => Failure::Judgement(error.to_string()),
        }
    })
}

fn text(file: &Path) -> Result<String, Failure> {
    let bytes = files::read(file, FILE_BYTES_MAX as u64, "data file")?;
    let invalid = |error| Failure::Unread(file.to_owned(), io::Error::new(io::ErrorKind::InvalidData, error));
    String::from_utf8(bytes).map_err(invalid)
}

//! What can be wrong with a store, and what to do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// What is wrong with a store.
#[derive(Debug)]
pub enum StoreError {
    /// A file or folder that cannot be made, read or written.
    Io(PathBuf, io::Error),
    /// Another greyline keeps this folder.
    InUse(PathBuf),
    /// There is no store in this folder.
    Missing(PathBuf),
    /// A file that a later version has written: its version, and the latest that is known here.
    Newer(PathBuf, i64, i64),
    /// A file of SQLite that another program made.
    Foreign(PathBuf),
    /// A file that is damaged, and what SQLite says of it.
    Damaged(PathBuf, String),
    /// No room on disk for what was to be written.
    Full(PathBuf),
    /// Somebody else writes to the file and does not end.
    Busy(PathBuf),
    /// A file that is there, and may not be written by whoever runs this, or its folder.
    Unwritable(PathBuf),
    /// What SQLite says otherwise.
    Sql(PathBuf, rusqlite::Error),
}

impl StoreError {
    /// What SQLite said of a file.
    pub(crate) fn of(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(path, error.to_string()),
            Some(ErrorCode::DiskFull) => Self::Full(path),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(path),
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) if path.is_file() => {
                Self::Unwritable(path)
            }
            _ => Self::Sql(path, error),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::InUse(folder) => {
                let folder = folder.display();
                write!(
                    f,
                    "{folder}: another greyline keeps this store; a store has one keeper, give this one another folder"
                )
            }
            Self::Missing(folder) => write!(f, "{}: there is no store of greyline in this folder", folder.display()),
            Self::Newer(file, found, known) => {
                let file = file.display();
                write!(
                    f,
                    "{file}: a later greyline has written this file (version {found}; this program knows {known}): use that one"
                )
            }
            Self::Foreign(file) => write!(f, "{}: no file of greyline's: another program made it", file.display()),
            Self::Damaged(file, said) => write!(f, "{}: the file is damaged ({said})", file.display()),
            Self::Full(file) => write!(f, "{}: the disk, or what the file may take of it, is full", file.display()),
            Self::Busy(file) => write!(f, "{}: another program writes to it and does not end", file.display()),
            Self::Unwritable(file) => write!(
                f,
                "{}: it cannot be opened to be written, or its folder cannot: a store has to be writable for whoever asks it, since its audit log takes down who did (a copy that is writable will do)",
                file.display()
            ),
            Self::Sql(file, error) => write!(f, "{}: {error}", file.display()),
        }
    }
}

impl std::error::Error for StoreError {}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    /// SQLite says of a folder that is not writable that it is unable to open a file that is there.
    #[test]
    fn what_may_not_be_written_says_so() {
        let here = Path::new("src/error.rs");
        for (code, expected) in
            [(ffi::SQLITE_CANTOPEN, true), (ffi::SQLITE_READONLY_DIRECTORY, true), (ffi::SQLITE_IOERR, false)]
        {
            let said = StoreError::of(here, rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)).to_string();
            assert_eq!(said.contains("has to be writable"), expected, "{said}");
        }
        let absent = rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CANTOPEN), None);
        assert!(matches!(StoreError::of(Path::new("nowhere.db"), absent), StoreError::Sql(..)));
    }
}

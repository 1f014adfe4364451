//! One file of SQLite: opened, known for greyline's, brought to the version of this program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::StoreError;

/// Which kind of file: its number as an application of SQLite, and what made each of its versions from the one before.
#[derive(Debug)]
pub(crate) struct Kind {
    application: i64,
    versions: &'static [&'static str],
    /// Whether a commit waits until it lies on disk: what is little and dear does, what is much can lose a second to a power cut.
    durable: bool,
}

/// Alerts, the audit log, and whatever else is not calls.
pub(crate) static MAIN: Kind = Kind {
    application: 0x676c_7961,
    versions: &[
        include_str!("schema/main-1.sql"),
        include_str!("schema/main-2.sql"),
        include_str!("schema/main-3.sql"),
        include_str!("schema/main-4.sql"),
    ],
    durable: true,
};
/// The calls of a day.
pub(crate) static CALLS: Kind = Kind {
    application: 0x676c_7963,
    versions: &[
        include_str!("schema/calls-1.sql"),
        include_str!("schema/calls-2.sql"),
        include_str!("schema/calls-3.sql"),
    ],
    durable: false,
};
/// The first version of it that says which calls an alert counts.
pub(crate) const COUNTED_SINCE: i64 = 2;

/// What may be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// It is made where it is not there.
    Keep,
    /// It has to be there.
    Share,
    /// It has to be there, and nothing is written.
    Read,
}

/// How long another program's write is waited for.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Files up to this size are looked through when their keeper opens them: a quarter of a second.
const LOOKED_THROUGH_BYTES_MAX: u64 = 64 << 20;
/// Memory for pages of a file that is written.
const CACHE_KIB: u32 = 65_536;
/// Pages in the write-ahead log after which they are carried into the file.
const CHECKPOINT_PAGES: u32 = 8_192;

/// A file of SQLite.
#[derive(Debug)]
pub(crate) struct File {
    pub path: PathBuf,
    pub sql: Connection,
    /// Which version of its kind it is.
    pub version: i64,
}

impl File {
    /// Opens a file, and brings it to the version of this program where that may be.
    pub fn open(path: PathBuf, kind: &'static Kind, access: Access) -> Result<Self, StoreError> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if access == Access::Keep {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let sql = Connection::open_with_flags(&path, flags).map_err(|error| StoreError::of(&path, error))?;
        let mut file = Self { path, sql, version: 0 };
        file.set_up(kind, access).map_err(|error| file.refused(error))?;
        file.migrate(kind, access)?;
        Ok(file)
    }

    /// What SQLite said of this file.
    pub fn refused(&self, error: rusqlite::Error) -> StoreError {
        StoreError::of(&self.path, error)
    }

    fn set_up(&self, kind: &Kind, access: Access) -> rusqlite::Result<()> {
        let sql = &self.sql;
        sql.busy_timeout(BUSY_WAIT)?;
        // Before its first table a file learns how it gives back room; later these words change nothing.
        sql.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY;")?;
        let synchronous = if kind.durable { "FULL" } else { "NORMAL" };
        sql.execute_batch(&format!("PRAGMA synchronous = {synchronous}; PRAGMA journal_size_limit = 67108864;"))?;
        if access == Access::Keep {
            sql.execute_batch(&format!(
                "PRAGMA cache_size = -{CACHE_KIB}; PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};"
            ))?;
        }
        Ok(())
    }

    fn migrate(&mut self, kind: &Kind, access: Access) -> Result<(), StoreError> {
        let known = kind.versions.len() as i64;
        let found = self.found(kind)?;
        self.version = found;
        if found > known {
            return Err(StoreError::Newer(self.path.clone(), found, known));
        }
        if access == Access::Keep && self.bytes() <= LOOKED_THROUGH_BYTES_MAX {
            let said: String = self.ask("PRAGMA quick_check(1)")?;
            if said != "ok" {
                return Err(StoreError::Damaged(self.path.clone(), said));
            }
        }
        if found < known && access != Access::Read {
            let path = &self.path;
            let upgrade = |sql: &mut Connection| {
                let transaction = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
                // Another may have done it while this one waited.
                let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
                for version in kind.versions.iter().skip(usize::try_from(found).unwrap_or(0)) {
                    transaction.execute_batch(version)?;
                }
                transaction.pragma_update(None, "application_id", kind.application)?;
                transaction.pragma_update(None, "user_version", known)?;
                transaction.commit()
            };
            upgrade(&mut self.sql).map_err(|error| StoreError::of(path, error))?;
            self.version = known;
        }
        if access == Access::Read {
            self.sql.execute_batch("PRAGMA query_only = ON").map_err(|error| self.refused(error))?;
        }
        Ok(())
    }

    /// Its version: 0 for one that was made just now.
    fn found(&self, kind: &Kind) -> Result<i64, StoreError> {
        let application: i64 = self.ask("PRAGMA application_id")?;
        let tables: i64 = self.ask("SELECT count(*) FROM sqlite_schema")?;
        match application {
            0 if tables == 0 => Ok(0),
            own if own == kind.application => self.ask("PRAGMA user_version"),
            _ => Err(StoreError::Foreign(self.path.clone())),
        }
    }

    fn ask<T: rusqlite::types::FromSql>(&self, question: &str) -> Result<T, StoreError> {
        self.sql.query_row(question, [], |row| row.get(0)).map_err(|error| self.refused(error))
    }

    /// Bytes it takes, its write-ahead log among them.
    pub fn bytes(&self) -> u64 {
        bytes(&self.path)
    }
}

/// What SQLite puts beside a file.
pub(crate) const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// A file beside `path`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Bytes that a file and what lies beside it take.
pub(crate) fn bytes(path: &Path) -> u64 {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |it| it.len());
    length(path) + length(&beside(path, "-wal"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("greyline-store-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        folder.join("x.db")
    }

    static ONE: Kind = Kind { application: 77, versions: &["CREATE TABLE a (x INTEGER);"], durable: true };
    static TWO: Kind = Kind {
        application: 77,
        versions: &["CREATE TABLE a (x INTEGER);", "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 3;"],
        durable: true,
    };

    #[test]
    fn a_file_of_an_older_version_is_brought_up_and_keeps_what_it_holds() {
        let path = scratch("older");
        let file = File::open(path.clone(), &ONE, Access::Keep).unwrap();
        file.sql.execute_batch("INSERT INTO a VALUES (7)").unwrap();
        drop(file);
        let file = File::open(path.clone(), &TWO, Access::Share).unwrap();
        let row: (i64, i64) =
            file.sql.query_row("SELECT x, y FROM a", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(row, (7, 3));
        drop(file);
        // Nobody goes back.
        let said = File::open(path, &ONE, Access::Keep).unwrap_err().to_string();
        assert!(said.contains("later greyline") && said.contains("version 2"), "{said}");
    }

    #[test]
    fn what_is_no_file_of_ours_is_refused() {
        let path = scratch("foreign");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE b (x)").unwrap();
        assert!(matches!(File::open(path, &ONE, Access::Keep), Err(StoreError::Foreign(_))));
        let path = scratch("noise");
        std::fs::write(&path, vec![b'x'; 9_000]).unwrap();
        assert!(matches!(File::open(path, &ONE, Access::Keep), Err(StoreError::Damaged(..))));
        let path = scratch("absent");
        assert!(File::open(path, &ONE, Access::Share).is_err());
    }
}

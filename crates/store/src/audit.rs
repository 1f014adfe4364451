//! The audit log: who did what, when. It is only ever added to, and each entry holds a hash over itself and the entry before, so that what
//! is changed, taken out or put in later shows.

use ring::digest::{Context, SHA256};
use rusqlite::{Connection, OptionalExtension as _, params};
use types::Nanos;

use crate::kept::{micros, moment};

/// A hash of the chain.
pub type Hash = [u8; 32];

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act<'a> {
    /// When.
    pub at: Nanos,
    /// Who: a user, or the program by its name.
    pub who: &'a str,
    /// What, in one word: `evidence`, `report`.
    pub act: &'a str,
    /// To what: the id of an alert, for one.
    pub object: &'a str,
    /// More about it.
    pub detail: &'a str,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1.
    pub seq: u64,
    /// When.
    pub at: Nanos,
    /// Who.
    pub who: String,
    /// What.
    pub act: String,
    /// To what.
    pub object: String,
    /// More about it.
    pub detail: String,
    /// The hash over it and the entry before.
    pub hash: Hash,
}

/// The hash of an entry behind one with the hash `before`; the first stands behind zeros.
#[must_use]
pub fn link(before: &Hash, seq: u64, act: &Act<'_>) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(b"greyline audit 1\n");
    context.update(before);
    context.update(&seq.to_be_bytes());
    context.update(&micros(act.at).to_be_bytes());
    for text in [act.who, act.act, act.object, act.detail] {
        // The length before each: two texts cannot be told as one.
        context.update(&(text.len() as u64).to_be_bytes());
        context.update(text.as_bytes());
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// The last entry: its place and hash.
pub(crate) fn head(sql: &Connection) -> rusqlite::Result<(u64, Hash)> {
    let last = sql.query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |row| {
        Ok((row.get::<_, i64>(0)? as u64, row.get::<_, Hash>(1)?))
    });
    Ok(last.optional()?.unwrap_or_default())
}

/// Adds an entry. It has to be called within a transaction that began by writing, so that nobody adds another meanwhile.
pub(crate) fn add(sql: &Connection, act: &Act<'_>) -> rusqlite::Result<(u64, Hash)> {
    let (before, hash) = head(sql)?;
    let seq = before + 1;
    let hash = link(&hash, seq, act);
    sql.execute(
        "INSERT INTO audit (seq, at, who, act, object, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![seq as i64, micros(act.at), act.who, act.act, act.object, act.detail, hash],
    )?;
    Ok((seq, hash))
}

/// Entries from the place `from` on, at most `most`.
pub(crate) fn entries(sql: &Connection, from: u64, most: usize) -> rusqlite::Result<Vec<Entry>> {
    let mut asked =
        sql.prepare("SELECT seq, at, who, act, object, detail, hash FROM audit WHERE seq >= ?1 ORDER BY seq LIMIT ?2")?;
    let rows = asked.query_map(params![from as i64, most as i64], |row| {
        Ok(Entry {
            seq: row.get::<_, i64>(0)? as u64,
            at: moment(row.get(1)?),
            who: row.get(2)?,
            act: row.get(3)?,
            object: row.get(4)?,
            detail: row.get(5)?,
            hash: row.get(6)?,
        })
    })?;
    rows.collect()
}

/// The place of the first entry that does not follow from the one before; nothing where all do. The first has to follow from `behind`, a
/// place and its hash: zeros where the log begins.
#[must_use]
pub fn broken<'e>(behind: (u64, Hash), entries: impl IntoIterator<Item = &'e Entry>) -> Option<u64> {
    let (mut last, mut hash) = behind;
    for entry in entries {
        let Entry { seq, at, who, act, object, detail, .. } = entry;
        let expected = link(&hash, *seq, &Act { at: *at, who, act, object, detail });
        if *seq != last + 1 || entry.hash != expected {
            return Some(last + 1);
        }
        (last, hash) = (*seq, entry.hash);
    }
    None
}

//! Calls on their way to disk: the files of the days that are written to.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Statement, TransactionBehavior, params};

use crate::day::{self, Day, days, unlink};
use crate::error::StoreError;
use crate::file::{self, Access, CALLS, File};
use crate::kept::{Call, Counted, Item, key, octets};

/// Days of which a store holds calls at most.
pub const DAYS_MAX: usize = 4_000;
/// Days that are written to at once: calls are told when they end, and some last over midnight.
const OPEN_MAX: usize = 4;
/// Calls of one microsecond that share the end of their ids.
const ALIKE_MAX: i64 = 64;

/// What became of some items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    /// New ones.
    pub new: u64,
    /// Those that were there already.
    pub repeated: u64,
    /// What was said of alerts that count them.
    pub counted: u64,
}

/// The files of the days.
#[derive(Debug)]
pub(crate) struct Shelf {
    folder: PathBuf,
    /// Those open, the one last written to at the end.
    open: Vec<(Day, File)>,
}

impl Shelf {
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder, open: Vec::new() }
    }

    /// Where calls of a day lie.
    pub fn path(&self, day: Day) -> PathBuf {
        day.path(&self.folder)
    }

    /// Keeps what belongs to a day, all or nothing.
    pub fn keep(&mut self, day: Day, items: &[Item]) -> Result<Kept, StoreError> {
        let file = self.file(day)?;
        let path = &file.path;
        write(&mut file.sql, day, items).map_err(|error| StoreError::of(path, error))
    }

    fn file(&mut self, day: Day) -> Result<&mut File, StoreError> {
        if let Some(place) = self.open.iter().position(|(open, _)| *open == day) {
            let found = self.open.remove(place);
            self.open.push(found);
        } else {
            let file = File::open(self.path(day), &CALLS, Access::Keep)?;
            if self.open.len() >= OPEN_MAX {
                self.open.remove(0);
            }
            self.open.push((day, file));
        }
        match self.open.last_mut() {
            Some((_, file)) => Ok(file),
            None => Err(StoreError::Missing(self.folder.clone())),
        }
    }

    /// Whether a day is one of those that are there, or there is room for one more.
    pub fn has_room(&self, day: Day) -> Result<bool, StoreError> {
        Ok(self.open.iter().any(|(open, _)| *open == day)
            || self.path(day).exists()
            || days(&self.folder)?.len() < DAYS_MAX)
    }

    /// Closes the file of a day.
    pub fn close(&mut self, day: Day) {
        self.open.retain(|(open, _)| *open != day);
    }

    /// Lets go of days before `first`, and of the earliest while all take more than `bytes_max`; the last day stays. How many went, and the
    /// bytes of what stays.
    pub fn expire(&mut self, first: Option<Day>, bytes_max: u64) -> Result<(u64, u64), StoreError> {
        let mut there: Vec<_> = days(&self.folder)?.into_iter().map(|day| (day, self.bytes(day))).collect();
        let mut bytes: u64 = there.iter().map(|(_, bytes)| bytes).sum();
        let mut gone = 0;
        while let [(day, its), _, ..] = there.as_slice() {
            if first.is_none_or(|first| first <= *day) && bytes <= bytes_max {
                break;
            }
            self.close(*day);
            unlink(&self.path(*day))?;
            (gone, bytes) = (gone + 1, bytes.saturating_sub(*its));
            there.remove(0);
        }
        Ok((gone, bytes))
    }

    fn bytes(&self, day: Day) -> u64 {
        file::bytes(&self.path(day))
    }

    /// Puts the damaged file of a day out of the way.
    pub fn put_aside(&mut self, day: Day) -> Result<PathBuf, StoreError> {
        self.close(day);
        day::put_aside(&self.path(day))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// One transaction.
fn write(sql: &mut Connection, day: Day, items: &[Item]) -> rusqlite::Result<Kept> {
    let transaction = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut kept = Kept::default();
    {
        let mut pen = Pen::new(&transaction)?;
        for item in items {
            match item {
                Item::Call(call) if pen.call(day, call)? => kept.new += 1,
                Item::Call(_) => kept.repeated += 1,
                Item::Counted(counted) => {
                    pen.counted(day, counted)?;
                    kept.counted += 1;
                }
            }
        }
    }
    transaction.commit()?;
    Ok(kept)
}

/// What writes.
struct Pen<'c> {
    insert: Statement<'c>,
    known: Statement<'c>,
    renew: Statement<'c>,
    leg: Statement<'c>,
    hour: Statement<'c>,
    counted: Statement<'c>,
}

impl<'c> Pen<'c> {
    fn new(sql: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            insert: sql.prepare(
                "INSERT OR IGNORE INTO call (id, key, caller, callee, source, destination, stack, record)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?,
            known: sql.prepare("SELECT key FROM call WHERE id = ?1")?,
            renew: sql.prepare("UPDATE call SET record = ?2 WHERE id = ?1")?,
            leg: sql.prepare("INSERT OR IGNORE INTO leg (key, call) VALUES (?1, ?2)")?,
            hour: sql.prepare(
                "INSERT INTO hour (kind, entity, hour, calls, answered, talk_ms) VALUES (?1, ?2, ?3, 1, ?4, ?5)
                 ON CONFLICT (kind, entity, hour) DO UPDATE SET
                 calls = calls + 1, answered = answered + excluded.answered, talk_ms = talk_ms + excluded.talk_ms",
            )?,
            counted: sql.prepare("INSERT OR REPLACE INTO counted (key, at, alert) VALUES (?1, ?2, ?3)")?,
        })
    }

    /// Keeps a call; `false` where it was there already: then its record is the latest.
    fn call(&mut self, day: Day, call: &Call) -> rusqlite::Result<bool> {
        let key_of_first = key(call.call_ids.first().map_or(&[], |id| id));
        let begin = day.id(call.at) | day::tail(key_of_first);
        let number = |number: Option<types::E164>| number.map(|number| number.reveal() as i64);
        for id in begin..begin + ALIKE_MAX {
            let row = params![
                id,
                key_of_first,
                number(call.caller),
                number(call.callee),
                octets(call.source),
                octets(call.destination),
                call.stack.map(u64::cast_signed),
                call.record,
            ];
            if self.insert.execute(row)? == 1 {
                for call_id in &call.call_ids {
                    self.leg.execute(params![key(call_id), id])?;
                }
                self.figures(call)?;
                return Ok(true);
            }
            if self.known.query_row([id], |row| row.get::<_, i64>(0))? == key_of_first {
                self.renew.execute(params![id, call.record])?;
                return Ok(false);
            }
        }
        // So many calls of one microsecond, all made to look alike: no network does that.
        Ok(false)
    }

    /// Keeps that an alert counts a call.
    fn counted(&mut self, day: Day, counted: &Counted) -> rusqlite::Result<()> {
        let Counted { alert, at, call_id } = counted;
        self.counted.execute(params![key(call_id), day.id(*at), alert.cast_signed()])?;
        Ok(())
    }

    fn figures(&mut self, call: &Call) -> rusqlite::Result<()> {
        let hour = (call.at.get() / 3_600_000_000_000) as i64;
        let source = call.source.to_string();
        let stack = call.stack.map(|stack| format!("{stack:016x}"));
        let entities = [call.trunk.as_deref(), Some(source.as_str()), stack.as_deref()];
        for (kind, entity) in (0_i64..).zip(entities) {
            if let Some(entity) = entity {
                self.hour.execute(params![kind, entity, hour, i64::from(call.answered), call.talk_ms as i64])?;
            }
        }
        Ok(())
    }
}

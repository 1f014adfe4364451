//! The one thread that writes. Alerts come first, calls in transactions of thousands; what is wrong with a file is said once, and the
//! thread goes on with whatever still can be kept.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, select};
use rusqlite::{Connection, TransactionBehavior, params};
use types::Nanos;

use crate::audit::{self, Act};
use crate::day::{Day, put_aside};
use crate::error::StoreError;
use crate::file::{Access, File, MAIN};
use crate::kept::{ClockReading, Item, Run, Word, micros};
use crate::shelf::Shelf;
use crate::store::Limits;
use crate::tally::{Counters, Loss, add};

/// Calls written at once at most.
const BATCH_MAX: usize = 8_192;
/// How long calls are gathered before they are written, and how often it is looked after room.
const GATHER: Duration = Duration::from_secs(1);
/// How long calls are let go before it is tried again, where there was no room for them.
const RETRY: Duration = Duration::from_secs(10);
/// Words on alerts that wait for a file that does not take them.
const WAITING_MAX: usize = 4_096;
/// Words kept of one alert; past it the earliest updates go.
const WORDS_MAX: i64 = 1_000;
/// Runs that are remembered.
const RUNS_MAX: i64 = 10_000;
/// Readings of the clock that are kept: two years of one in ten minutes.
const CLOCK_READINGS_MAX: i64 = 105_120;
/// Alerts let go of at once.
const EXPIRED_AT_ONCE: i64 = 1_000;
/// Who writes in the audit log where the program does on its own.
const SELF: &str = "greyline";

/// What the writer is told beside calls.
#[derive(Debug)]
pub(crate) enum Order {
    Word(Box<Word>),
    Run(Box<Run>),
    Clock(ClockReading),
    /// What days are counted from.
    Now(Nanos),
    /// Everything handed over before is to be on disk; answered when it is.
    Flush(Sender<()>),
}

/// The one who writes.
pub(crate) struct Writer {
    pub orders: Receiver<Order>,
    pub items: Receiver<Item>,
    pub notes: Sender<String>,
    pub counters: Arc<Counters>,
    pub limits: Limits,
    main: File,
    shelf: Shelf,
    gathered: Vec<Item>,
    waiting: VecDeque<Box<Word>>,
    now: Option<Nanos>,
    looked: Option<Instant>,
    committed: Instant,
    /// Until when there is no room for calls.
    no_room_until: Option<Instant>,
    /// What was said last, so that it is said once.
    said: String,
}

impl Writer {
    pub fn new(
        folder: PathBuf,
        main: File,
        limits: Limits,
        (orders, items): (Receiver<Order>, Receiver<Item>),
        notes: Sender<String>,
        counters: Arc<Counters>,
    ) -> Self {
        Self {
            orders,
            items,
            notes,
            counters,
            limits,
            main,
            shelf: Shelf::new(folder),
            gathered: Vec::new(),
            waiting: VecDeque::new(),
            now: None,
            looked: None,
            committed: Instant::now(),
            no_room_until: None,
            said: String::new(),
        }
    }

    /// Writes until nobody is left who could hand anything over.
    pub fn run(mut self) {
        self.look_after_room();
        loop {
            let mut ended = false;
            select! {
                recv(self.orders) -> order => match order {
                    Ok(order) => self.order(order),
                    Err(_) => ended = true,
                },
                recv(self.items) -> item => match item {
                    Ok(item) => self.gathered.push(item),
                    Err(_) => ended = true,
                },
                default(GATHER) => {}
            }
            while let Ok(order) = self.orders.try_recv() {
                self.order(order);
            }
            self.gather();
            if ended {
                break;
            }
            if self.gathered.len() >= BATCH_MAX || self.committed.elapsed() >= GATHER {
                self.commit();
                self.retry_words();
                if self.looked.is_none_or(|looked| looked.elapsed() >= GATHER) {
                    self.look_after_room();
                }
            }
        }
        // Both ends are gone, or are about to: what they left is taken to the last.
        let (orders, items) = (self.orders.clone(), self.items.clone());
        for order in orders {
            self.order(order);
        }
        self.write_all(items);
        for _ in self.waiting.drain(..) {
            self.counters.lost_word(Loss::Failed);
        }
    }

    fn gather(&mut self) {
        while self.gathered.len() < BATCH_MAX {
            let Ok(item) = self.items.try_recv() else { break };
            self.gathered.push(item);
        }
    }

    fn order(&mut self, order: Order) {
        match order {
            Order::Word(word) => {
                self.waiting.push_back(word);
                self.retry_words();
            }
            Order::Run(run) => {
                if let Err(error) = keep_run(&self.main.sql, &run).map_err(|error| self.main.refused(error)) {
                    self.counters.lost_provenance(Loss::Failed);
                    self.says(format!("by what is judged cannot be written down: {error}"));
                }
            }
            Order::Clock(reading) => {
                if let Err(error) = keep_clock(&self.main.sql, &reading).map_err(|error| self.main.refused(error)) {
                    self.counters.lost_provenance(Loss::Failed);
                    self.says(format!("what the clock was worth cannot be written down: {error}"));
                }
            }
            Order::Now(now) => self.now = Some(now),
            Order::Flush(answer) => {
                let items = self.items.clone();
                self.write_all(items.try_iter());
                // Whoever asked may have gone.
                let _ = answer.send(());
            }
        }
    }

    /// Writes these behind what was gathered, and all that waits.
    fn write_all(&mut self, items: impl IntoIterator<Item = Item>) {
        for item in items {
            self.gathered.push(item);
            if self.gathered.len() >= BATCH_MAX {
                self.commit();
            }
        }
        self.commit();
        self.retry_words();
        self.look_after_room();
    }

    /// Writes the words that wait, the first one first.
    fn retry_words(&mut self) {
        while let Some(word) = self.waiting.front() {
            match self.write_word(word) {
                Ok(()) => {
                    self.waiting.pop_front();
                    add(&self.counters.words, 1);
                }
                Err(StoreError::Damaged(path, said)) => {
                    if !self.begin_main_anew(path, &said) {
                        break;
                    }
                }
                Err(error) => {
                    self.says(format!("alerts wait in memory, since they cannot be written: {error}"));
                    break;
                }
            }
        }
        while self.waiting.len() > WAITING_MAX {
            self.waiting.pop_front();
            self.counters.lost_word(Loss::Failed);
        }
    }

    fn write_word(&self, word: &Word) -> Result<(), StoreError> {
        keep_word(&self.main.sql, word).map_err(|error| self.main.refused(error))
    }

    /// The main file is damaged: it is put aside, and another begun in its place.
    fn begin_main_anew(&mut self, path: PathBuf, said: &str) -> bool {
        let begun = put_aside(&path).and_then(|aside| {
            self.main = File::open(path.clone(), &MAIN, Access::Keep)?;
            add(&self.counters.damaged, 1);
            note_damage(&self.main, self.now.unwrap_or_default(), &aside, said)?;
            Ok(aside)
        });
        match begun {
            Ok(aside) => {
                let (path, aside) = (path.display(), aside.display());
                self.says(format!(
                    "{path} is damaged ({said}): it lies as {aside} now, and alerts go on in a new file"
                ));
                true
            }
            Err(error) => {
                self.says(format!("{} is damaged ({said}), and no other can be begun: {error}", path.display()));
                false
            }
        }
    }

    /// Writes what was gathered.
    fn commit(&mut self) {
        self.committed = Instant::now();
        if self.gathered.is_empty() {
            return;
        }
        let items = std::mem::take(&mut self.gathered);
        let bytes: usize = items.iter().map(Item::bytes).sum();
        let count = items.len() as u64;
        if self.no_room_until.is_some_and(|until| Instant::now() < until) {
            self.counters.lost(Loss::Full, &items);
        } else {
            let mut days: BTreeMap<Day, Vec<Item>> = BTreeMap::new();
            for item in items {
                days.entry(Day::of(item.at())).or_default().push(item);
            }
            days.into_iter().for_each(|(day, items)| self.keep(day, &items));
        }
        self.counters.queued.fetch_sub(count, Ordering::Relaxed);
        self.counters.queued_bytes.fetch_sub(bytes as u64, Ordering::Relaxed);
    }

    fn keep(&mut self, day: Day, items: &[Item]) {
        match self.shelf.has_room(day) {
            Ok(true) => {}
            Ok(false) => {
                self.counters.lost(Loss::Day, items);
                return self.says(format!("calls of more than {} days are not kept", crate::DAYS_MAX));
            }
            Err(error) => {
                self.counters.lost(Loss::Failed, items);
                return self.says(error.to_string());
            }
        }
        let kept = match self.shelf.keep(day, items) {
            Err(StoreError::Damaged(path, said)) => match self.shelf.put_aside(day) {
                Ok(aside) => {
                    add(&self.counters.damaged, 1);
                    let (path, aside) = (path.display(), aside.display());
                    self.says(format!(
                        "{path} is damaged ({said}): it lies as {aside} now, and calls go on in a new file"
                    ));
                    self.shelf.keep(day, items)
                }
                Err(error) => Err(error),
            },
            kept => kept,
        };
        match kept {
            Ok(kept) => {
                add(&self.counters.calls, kept.new);
                add(&self.counters.calls_repeated, kept.repeated);
                add(&self.counters.counted, kept.counted);
            }
            Err(StoreError::Full(path)) => {
                self.counters.lost(Loss::Full, items);
                self.shelf.close(day);
                self.no_room(&format!("{}: the disk is full", path.display()));
            }
            Err(error) => {
                self.counters.lost(Loss::Failed, items);
                self.shelf.close(day);
                self.says(format!("calls are not kept: {error}"));
            }
        }
    }

    /// For a while alerts alone are kept.
    fn no_room(&mut self, why: &str) {
        self.no_room_until = Some(Instant::now() + RETRY);
        self.counters.alerts_only.store(true, Ordering::Relaxed);
        self.says(format!("alerts alone are kept, and no calls: {why}"));
    }

    /// Lets go of what is too old or too much, and looks whether there is room.
    fn look_after_room(&mut self) {
        self.looked = Some(Instant::now());
        let first = self.now.map(|now| Day::of(now).before(self.limits.calls_days));
        match self.shelf.expire(first, self.limits.calls_bytes_max) {
            Ok((gone, bytes)) => {
                add(&self.counters.days_expired, gone);
                self.counters.disk_bytes.store(bytes + self.main.bytes(), Ordering::Relaxed);
                if let Some(why) = self.lacks_room(bytes) {
                    self.no_room(&why);
                } else if self.no_room_until.is_none_or(|until| until <= Instant::now()) {
                    if self.counters.alerts_only.swap(false, Ordering::Relaxed) {
                        self.says("there is room again: calls are kept".to_owned());
                    }
                    self.no_room_until = None;
                }
            }
            Err(error) => self.says(error.to_string()),
        }
        match self.expire_alerts() {
            Ok(gone) => add(&self.counters.alerts_expired, gone),
            Err(error) => self.says(error.to_string()),
        }
    }

    /// Why there is no room for calls that take `bytes` so far.
    fn lacks_room(&self, bytes: u64) -> Option<String> {
        if bytes > self.limits.calls_bytes_max {
            return Some(format!("those of one day take {bytes} bytes, more than all calls may"));
        }
        let room = nix::sys::statvfs::statvfs(self.shelf.folder()).ok()?;
        let free = room.blocks_available().saturating_mul(room.fragment_size());
        (free < self.limits.free_bytes_min)
            .then(|| format!("{free} bytes are free on disk, {} have to be", self.limits.free_bytes_min))
    }

    /// Lets go of alerts that ended too long ago, and of the earliest where all take too much.
    fn expire_alerts(&mut self) -> Result<u64, StoreError> {
        let days = Duration::from_secs(u64::from(self.limits.alerts_days) * 86_400);
        let before = self.now.map_or(i64::MIN, |now| micros(now.before(days)));
        let too_much = self.main.bytes() > self.limits.alerts_bytes_max;
        let gone = expire(&mut self.main.sql, before, too_much).map_err(|error| self.main.refused(error))?;
        Ok(gone)
    }

    /// Says something, once in a row.
    fn says(&mut self, note: String) {
        if self.said != note {
            // Where nobody reads notes any more they are let go.
            let _ = self.notes.try_send(note.clone());
            self.said = note;
        }
    }
}

/// Writes down in the audit log that a file was put aside.
pub(crate) fn note_damage(main: &File, now: Nanos, aside: &std::path::Path, said: &str) -> Result<(), StoreError> {
    let object = aside.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let act = Act { at: now, who: SELF, act: "store_damaged", object: &object, detail: said };
    audit::add(&main.sql, &act).map(drop).map_err(|error| main.refused(error))
}

/// Keeps by what is judged; of more than so many the first go.
fn keep_run(sql: &Connection, run: &Run) -> rusqlite::Result<()> {
    let Run { begun, program, version, config, sources, clock } = run;
    sql.execute(
        "INSERT OR REPLACE INTO run (begun, program, version, config, sources, clock) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![micros(*begun), program, version, config, sources, clock],
    )?;
    sql.execute("DELETE FROM run WHERE begun NOT IN (SELECT begun FROM run ORDER BY begun DESC LIMIT ?1)", [RUNS_MAX])?;
    Ok(())
}

/// Keeps a reading of the clock; of more than so many the first go.
fn keep_clock(sql: &Connection, reading: &ClockReading) -> rusqlite::Result<()> {
    let &ClockReading { at, synchronised, offset_us, error_us, error_max_us, stepped_us } = reading;
    sql.execute(
        "INSERT OR REPLACE INTO clock (at, synchronised, offset_us, error_us, error_max_us, stepped_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![micros(at), synchronised, offset_us, error_us as i64, error_max_us as i64, stepped_us],
    )?;
    sql.execute(
        "DELETE FROM clock WHERE at <= (SELECT at FROM clock ORDER BY at DESC LIMIT 1 OFFSET ?1)",
        [CLOCK_READINGS_MAX],
    )?;
    Ok(())
}

/// Keeps a word, and what it makes of its alert.
fn keep_word(sql: &Connection, word: &Word) -> rusqlite::Result<()> {
    let transaction = sql.unchecked_transaction()?;
    transaction.execute(
        "INSERT INTO alert (id, status, kind, severity, score_db, entity_kind, entity, title, opened, said, first_call,
            last_call, calls, record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, kind = excluded.kind, severity = excluded.severity,
            score_db = excluded.score_db, entity_kind = excluded.entity_kind, entity = excluded.entity, title = excluded.title,
            opened = min(opened, excluded.opened), said = excluded.said, first_call = excluded.first_call,
            last_call = excluded.last_call, calls = excluded.calls, record = excluded.record
         WHERE said <= excluded.said",
        params![
            word.alert,
            word.status,
            word.kind,
            word.severity,
            word.score_db,
            word.entity_kind,
            word.entity,
            word.title,
            micros(word.said),
            micros(word.first_call),
            micros(word.last_call),
            word.calls as i64,
            word.record,
        ],
    )?;
    transaction.execute(
        "INSERT OR REPLACE INTO word (alert, said, status, record) VALUES (?1, ?2, ?3, ?4)",
        params![word.alert, micros(word.said), word.status, word.record],
    )?;
    transaction.execute(
        "DELETE FROM word WHERE rowid IN (SELECT rowid FROM word WHERE alert = ?1 AND status = 'update'
         ORDER BY said DESC LIMIT -1 OFFSET ?2)",
        params![word.alert, WORDS_MAX],
    )?;
    transaction.commit()
}

/// Lets go of closed alerts whose last word was said before `before`, and where there is too much of the earliest others. Those of cases stay:
/// somebody may have to answer for them.
fn expire(sql: &mut Connection, before: i64, too_much: bool) -> rusqlite::Result<u64> {
    const FREE: &str = "status = 'close' AND id NOT IN (SELECT alert FROM matter_alert)";
    let most = if too_much { EXPIRED_AT_ONCE } else { 0 };
    let old: i64 =
        sql.query_row(&format!("SELECT count(*) FROM alert WHERE {FREE} AND said < ?1"), [before], |row| row.get(0))?;
    if old == 0 && most == 0 {
        return Ok(0);
    }
    let transaction = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut gone = transaction.execute(
        &format!(
            "DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE {FREE} AND said < ?1 ORDER BY said LIMIT ?2)"
        ),
        params![before, EXPIRED_AT_ONCE],
    )?;
    if most > 0 {
        gone += transaction.execute(
            &format!("DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE {FREE} ORDER BY said LIMIT ?1)"),
            [(most / 10).max(1)],
        )?;
    }
    transaction.execute("DELETE FROM word WHERE alert NOT IN (SELECT id FROM alert)", [])?;
    transaction.commit()?;
    sql.execute_batch("PRAGMA incremental_vacuum")?;
    Ok(gone as u64)
}

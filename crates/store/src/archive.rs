//! A store as it is read: by commands beside the program that keeps it, and by whoever serves pages. Nothing here waits for the keeper.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params, params_from_iter};
use types::{E164, Nanos};

use crate::audit::{self, Act, Entry, Hash};
use crate::cases::{self, Case, Refused, State, Step, Taken};
use crate::day::{Day, TAIL_BITS, days};
use crate::error::StoreError;
use crate::file::{Access, CALLS, COUNTED_SINCE, File, MAIN};
use crate::kept::{ClockReading, Run, key, micros, moment, octets};
use crate::store::MAIN_NAME;

/// Days whose files stay open from one question to the next.
const OPEN_MAX: usize = 64;
/// What a page holds at most.
pub const PAGE_MAX: usize = 10_000;

/// A store that is read.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    main: File,
    open: BTreeMap<Day, File>,
}

/// Which calls are sought. All that is said has to hold; what is not said may be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The number that called or was called.
    pub number: Option<E164>,
    /// The number that called.
    pub caller: Option<E164>,
    /// The number that was called.
    pub callee: Option<E164>,
    /// The address it came from or went to.
    pub address: Option<IpAddr>,
    /// The Call-ID of one of its legs.
    pub call_id: Option<Vec<u8>>,
    /// The fingerprint of the stack that wrote its INVITE.
    pub stack: Option<u64>,
    /// The alert that counts it: the number that its id writes.
    pub counted_by: Option<u64>,
    /// It began not before this.
    pub from: Nanos,
    /// It began not after this.
    pub until: Nanos,
    /// Only calls behind this place: where the page before ended.
    pub behind: Option<Place>,
    /// How many, at most [`PAGE_MAX`].
    pub most: usize,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            number: None,
            caller: None,
            callee: None,
            address: None,
            call_id: None,
            stack: None,
            counted_by: None,
            from: Nanos::ZERO,
            until: Nanos::MAX,
            behind: None,
            most: 100,
        }
    }
}

/// Where a call lies in a store: the later calls come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The day.
    pub day: Day,
    /// Its place within.
    pub id: i64,
}

/// A text that is not the place of anything in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPlace;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.day.0, self.id)
    }
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let (day, id) = text.split_once('.').ok_or(NoPlace)?;
        Ok(Self { day: Day(day.parse().map_err(|_| NoPlace)?), id: id.parse().map_err(|_| NoPlace)? })
    }
}

/// A call that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it lies.
    pub place: Place,
    /// When it began.
    pub at: Nanos,
    /// The alert that counts it: the number that its id writes.
    pub counted_by: Option<u64>,
    /// Its record: JSON as `--calls` writes it.
    pub record: String,
}

/// Calls that were found, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The calls.
    pub calls: Vec<Found>,
    /// Where the next page begins; nothing where this is the last.
    pub next: Option<Place>,
    /// Files of days that could not be read, and why: what lies there is not among the calls.
    pub unread: Vec<String>,
}

/// Which alerts are sought. All that is said has to hold; what is not said may be anything.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertQuery {
    /// Only those that are not closed, or only those that are.
    pub open: Option<bool>,
    /// At least this severe.
    pub severity_min: u8,
    /// Of this kind.
    pub kind: Option<String>,
    /// The last word on it was said not before this.
    pub from: Nanos,
    /// It was opened not after this.
    pub until: Nanos,
    /// Which come first.
    pub order: AlertOrder,
    /// Only alerts behind this place: where the page before ended.
    pub behind: Option<AlertPlace>,
    /// How many, at most [`PAGE_MAX`].
    pub most: usize,
}

impl Default for AlertQuery {
    fn default() -> Self {
        Self {
            open: None,
            severity_min: 0,
            kind: None,
            from: Nanos::ZERO,
            until: Nanos::MAX,
            order: AlertOrder::Latest,
            behind: None,
            most: 100,
        }
    }
}

/// Which alerts come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertOrder {
    /// The last told.
    Latest,
    /// The most severe, of these the most surely one.
    Gravest,
}

/// Where an alert stands among others in either order.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertPlace {
    said: Nanos,
    severity: u8,
    score_db: f64,
    id: String,
}

impl fmt::Display for AlertPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{:016x}.{}", micros(self.said), self.severity, self.score_db.to_bits(), self.id)
    }
}

/// As it was written; nothing where it was not.
impl FromStr for AlertPlace {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut parts = text.splitn(4, '.');
        let mut part = || parts.next().ok_or(NoPlace);
        let said = moment(part()?.parse().map_err(|_| NoPlace)?);
        let severity = part()?.parse().map_err(|_| NoPlace)?;
        let score_db = f64::from_bits(u64::from_str_radix(part()?, 16).map_err(|_| NoPlace)?);
        Ok(Self { said, severity, score_db, id: part()?.to_owned() })
    }
}

/// An alert by its last word.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Its id.
    pub id: String,
    /// Where it stands in its life.
    pub status: String,
    /// What it is.
    pub kind: String,
    /// How much it matters.
    pub severity: u8,
    /// Its evidence.
    pub score_db: f64,
    /// What kind of entity leads, and which.
    pub entity: (String, String),
    /// A few words.
    pub title: String,
    /// When it was opened.
    pub opened: Nanos,
    /// When the last word on it was said.
    pub said: Nanos,
    /// Its first call and its last.
    pub calls_at: (Nanos, Nanos),
    /// Its calls.
    pub calls: u64,
    /// Its record: JSON as `--alerts` writes it.
    pub record: String,
    /// The case it belongs to.
    pub case: Option<u64>,
}

impl Found {
    /// The id of the alert that counts it.
    #[must_use]
    pub fn alert_id(&self) -> Option<String> {
        self.counted_by.map(|alert| format!("{alert:016x}"))
    }
}

impl Alert {
    /// The number that its id writes, in hexadecimal digits.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        u64::from_str_radix(&self.id, 16).ok()
    }

    /// Where it stands among others.
    #[must_use]
    pub fn place(&self) -> AlertPlace {
        AlertPlace { said: self.said, severity: self.severity, score_db: self.score_db, id: self.id.clone() }
    }
}

/// A word on an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// When.
    pub at: Nanos,
    /// What became of it: `open`, `update`, `close`.
    pub status: String,
    /// The record.
    pub record: String,
}

/// A bundle of evidence that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Its number, from 1.
    pub number: u64,
    /// When it was made.
    pub at: Nanos,
    /// The alert it is about.
    pub alert: String,
    /// The SHA-256 of its manifest.
    pub manifest: Hash,
    /// Whether numbers are replaced in it.
    pub redacted: bool,
}

/// What the audit log calls the making of a bundle.
const EVIDENCE: &str = "evidence";

impl Bundle {
    /// What the audit log says of its making.
    fn detail(&self) -> String {
        let hex: String = self.manifest.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("bundle {}, manifest {hex}{}", self.number, if self.redacted { ", redacted" } else { "" })
    }

    /// Whether an entry of the audit log tells of its making.
    #[must_use]
    pub fn is_told_by(&self, entry: &Entry) -> bool {
        entry.act == EVIDENCE && entry.object == self.alert && entry.detail == self.detail()
    }
}

/// Whose hourly figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A trunk of the configuration.
    Trunk = 0,
    /// A source address.
    Source = 1,
    /// A SIP stack.
    Stack = 2,
}

/// What an hour brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hour {
    /// Of whom.
    pub entity: String,
    /// When it began.
    pub at: Nanos,
    /// Calls that began in it.
    pub calls: u64,
    /// Of these, answered.
    pub answered: u64,
    /// For how long they were up together.
    pub talk_ms: u64,
}

const ALERT_COLUMNS: &str = "id, status, kind, severity, score_db, entity_kind, entity, title, opened, said, first_call, last_call, \
    calls, record, (SELECT matter FROM matter_alert WHERE alert = alert.id)";

impl Archive {
    /// Opens the store in a folder.
    ///
    /// # Errors
    /// That there is none, or that it cannot be read.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(MAIN_NAME);
        if !path.is_file() {
            return Err(StoreError::Missing(folder.to_owned()));
        }
        let main = File::open(path, &MAIN, Access::Share)?;
        Ok(Self { folder: folder.to_owned(), main, open: BTreeMap::new() })
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn of_main<T>(&self, asked: rusqlite::Result<T>) -> Result<T, StoreError> {
        asked.map_err(|error| self.main.refused(error))
    }

    /// An alert by its last word.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn alert(&self, id: &str) -> Result<Option<Alert>, StoreError> {
        let sql = format!("SELECT {ALERT_COLUMNS} FROM alert WHERE id = ?1");
        self.of_main(self.main.sql.query_row(&sql, [id], alert).optional())
    }

    /// Alerts in the order that is asked for.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn alerts(&self, query: &AlertQuery) -> Result<Vec<Alert>, StoreError> {
        let mut way = "severity >= ? AND said >= ? AND opened <= ?".to_owned();
        let mut values =
            vec![Value::from(query.severity_min), Value::from(micros(query.from)), Value::from(micros(query.until))];
        match query.open {
            Some(true) => way.push_str(" AND status <> 'close'"),
            Some(false) => way.push_str(" AND status = 'close'"),
            None => {}
        }
        if let Some(kind) = &query.kind {
            way.push_str(" AND kind = ?");
            values.push(Value::from(kind.clone()));
        }
        let columns = match query.order {
            AlertOrder::Latest => ["said", "said"],
            AlertOrder::Gravest => ["severity", "score_db"],
        };
        let [first, second] = columns;
        if let Some(AlertPlace { said, severity, score_db, id }) = &query.behind {
            way.push_str(&format!(" AND ({first}, {second}, id) < (?, ?, ?)"));
            match query.order {
                AlertOrder::Latest => values.extend([Value::from(micros(*said)), Value::from(micros(*said))]),
                AlertOrder::Gravest => values.extend([Value::from(*severity), Value::from(*score_db)]),
            }
            values.push(Value::from(id.clone()));
        }
        values.push(Value::from(query.most.min(PAGE_MAX) as i64));
        let sql = format!(
            "SELECT {ALERT_COLUMNS} FROM alert WHERE {way} ORDER BY {first} DESC, {second} DESC, id DESC LIMIT ?"
        );
        let asked = || {
            let mut asked = self.main.sql.prepare(&sql)?;
            asked.query_map(params_from_iter(values), alert)?.collect()
        };
        self.of_main(asked())
    }

    /// How many alerts are open, by kind and severity.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn open_alerts(&self) -> Result<Vec<(String, u8, u64)>, StoreError> {
        let asked = || {
            let mut asked = self.main.sql.prepare(
                "SELECT kind, severity, count(*) FROM alert WHERE status <> 'close' GROUP BY kind, severity
                 ORDER BY severity DESC, kind",
            )?;
            let rows =
                asked.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?.cast_unsigned())))?;
            rows.collect()
        };
        self.of_main(asked())
    }

    /// The life of an alert: every word that is kept of it, the first one first.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn life(&self, id: &str) -> Result<Vec<Said>, StoreError> {
        let asked = || {
            let mut asked =
                self.main.sql.prepare("SELECT said, status, record FROM word WHERE alert = ?1 ORDER BY said, rowid")?;
            let said = |row: &Row<'_>| Ok(Said { at: moment(row.get(0)?), status: row.get(1)?, record: row.get(2)? });
            asked.query_map([id], said)?.collect()
        };
        self.of_main(asked())
    }

    /// Calls, the latest first.
    ///
    /// # Errors
    /// That the folder cannot be read. A day that cannot is told of in the page.
    pub fn calls(&mut self, query: &Query) -> Result<Page, StoreError> {
        let mut page = Page::default();
        let most = query.most.clamp(1, PAGE_MAX);
        let latest = query.behind.map_or(Day::of(query.until), |behind| behind.day.min(Day::of(query.until)));
        let within = |day: &Day| Day::of(query.from) <= *day && *day <= latest;
        for day in days(&self.folder)?.into_iter().rev().filter(within) {
            // One more than is asked for says whether there is a next page.
            let room = most + 1 - page.calls.len();
            let found =
                self.day(day).and_then(|file| find(file, day, query, room).map_err(|error| file.refused(error)));
            match found {
                Ok(found) => page.calls.extend(found),
                Err(error) => page.unread.push(error.to_string()),
            }
            if page.calls.len() > most {
                page.calls.truncate(most);
                page.next = page.calls.last().map(|last| last.place);
                break;
            }
        }
        Ok(page)
    }

    /// Days between two moments of which no file is there, by the names that their files would have: what was kept of their calls is gone, or
    /// there were none. As many as stand on a page.
    #[must_use]
    pub fn absent(&self, (from, until): (Nanos, Nanos)) -> Vec<String> {
        let days = (Day::of(from).0..=Day::of(until).0).map(|day| Day(day).path(&self.folder));
        let absent = days.filter(|path| !path.is_file()).take(PAGE_MAX);
        absent.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect()
    }

    /// The call at a place, as `calls` gives them; nothing where there is none.
    ///
    /// # Errors
    /// That the file of its day cannot be read.
    pub fn call(&mut self, place: Place) -> Result<Option<Found>, StoreError> {
        if !place.day.path(&self.folder).is_file() {
            return Ok(None);
        }
        let file = self.day(place.day)?;
        let (counted_by, beside) = counts(file);
        let sql = format!("SELECT record, {counted_by} FROM call {beside} WHERE id = ?1");
        let found = file.sql.query_row(&sql, [place.id], |row| {
            let counted_by = row.get::<_, Option<i64>>(1)?.map(i64::cast_unsigned);
            Ok(Found { place, at: place.day.at(place.id), counted_by, record: row.get(0)? })
        });
        found.optional().map_err(|error| file.refused(error))
    }

    /// When the first call began that is kept, and the last; nothing where there is none. A day that cannot be read holds none.
    ///
    /// # Errors
    /// That the folder cannot be read.
    pub fn period(&mut self) -> Result<Option<(Nanos, Nanos)>, StoreError> {
        let days = days(&self.folder)?;
        let first = days.iter().find_map(|&day| self.edge(day, "min"));
        let last = days.iter().rev().find_map(|&day| self.edge(day, "max"));
        Ok(first.zip(last))
    }

    /// When the call of a day began that `which` finds by its place.
    fn edge(&mut self, day: Day, which: &'static str) -> Option<Nanos> {
        let sql = format!("SELECT {which}(id) FROM call");
        let id: Option<i64> = self.day(day).ok()?.sql.query_row(&sql, [], |row| row.get(0)).ok()?;
        id.map(|id| day.at(id))
    }

    /// What each hour from one moment to another brought, the first one first: of one entity, or of all of a kind.
    /// Nothing where there are more than `most`.
    ///
    /// # Errors
    /// That the folder or a file cannot be read.
    pub fn hours(
        &mut self,
        of: Of,
        entity: Option<&str>,
        (from, until): (Nanos, Nanos),
        most: usize,
    ) -> Result<Option<Vec<Hour>>, StoreError> {
        const HOUR: u64 = 3_600_000_000_000;
        let mut hours = Vec::new();
        for day in days(&self.folder)? {
            if day < Day::of(from) || Day::of(until) < day {
                continue;
            }
            let file = self.day(day)?;
            let asked = || {
                let mut asked = file.sql.prepare(
                    "SELECT entity, hour, calls, answered, talk_ms FROM hour WHERE kind = ?1 AND (?2 IS NULL OR entity = ?2)
                     AND hour BETWEEN ?3 AND ?4 ORDER BY hour, entity LIMIT ?5",
                )?;
                let room = most.saturating_sub(hours.len()) as i64 + 1;
                let of = params![of as i64, entity, (from.get() / HOUR) as i64, (until.get() / HOUR) as i64, room];
                let rows = asked.query_map(of, |row| {
                    let count = |at| row.get::<_, i64>(at).map(i64::cast_unsigned);
                    let at = Nanos::new(count(1)?.saturating_mul(HOUR));
                    Ok(Hour { entity: row.get(0)?, at, calls: count(2)?, answered: count(3)?, talk_ms: count(4)? })
                })?;
                rows.collect::<rusqlite::Result<Vec<_>>>()
            };
            hours.extend(asked().map_err(|error| file.refused(error))?);
            if hours.len() > most {
                return Ok(None);
            }
        }
        Ok(Some(hours))
    }

    /// The file of a day.
    pub(crate) fn day(&mut self, day: Day) -> Result<&File, StoreError> {
        let path = day.path(&self.folder);
        if self.open.len() >= OPEN_MAX && !self.open.contains_key(&day) {
            self.open.pop_first();
        }
        match self.open.entry(day) {
            std::collections::btree_map::Entry::Occupied(open) => Ok(open.into_mut()),
            std::collections::btree_map::Entry::Vacant(room) => {
                Ok(room.insert(File::open(path, &CALLS, Access::Read)?))
            }
        }
    }

    /// Makes a bundle of evidence: `make` gets its number, the hash of the manifest before and the head of the audit log, and gives the hash of
    /// its manifest. The bundle and the act stand in the store when it is made, and neither does where `make` fails. Nobody else makes one
    /// meanwhile.
    ///
    /// # Errors
    /// That the store cannot be written; within, what `make` says.
    pub fn add_bundle<E>(
        &mut self,
        (alert, redacted): (&str, bool),
        (at, who): (Nanos, &str),
        make: impl FnOnce(u64, Hash, (u64, Hash)) -> Result<Hash, E>,
    ) -> Result<Result<Bundle, E>, StoreError> {
        let path = &self.main.path;
        let said = |error| StoreError::of(path, error);
        let transaction = self.main.sql.transaction_with_behavior(TransactionBehavior::Immediate).map_err(said)?;
        let last =
            transaction.query_row("SELECT number, manifest FROM bundle ORDER BY number DESC LIMIT 1", [], |row| {
                Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, Hash>(1)?))
            });
        let (before, hash) = last.optional().map_err(said)?.unwrap_or_default();
        let head = audit::head(&transaction).map_err(said)?;
        let number = before + 1;
        let manifest = match make(number, hash, head) {
            Ok(manifest) => manifest,
            Err(said) => return Ok(Err(said)),
        };
        let bundle = Bundle { number, at, alert: alert.to_owned(), manifest, redacted };
        let detail = bundle.detail();
        let keep = || {
            transaction.execute(
                "INSERT INTO bundle (number, at, alert, manifest, redacted) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![number as i64, micros(at), alert, manifest, redacted],
            )?;
            audit::add(&transaction, &Act { at, who, act: EVIDENCE, object: alert, detail: &detail })
        };
        keep().map_err(said)?;
        transaction.commit().map_err(said)?;
        Ok(Ok(bundle))
    }

    /// The bundles that were made, the first one first.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn bundles(&self) -> Result<Vec<Bundle>, StoreError> {
        let asked = || {
            let mut asked =
                self.main.sql.prepare("SELECT number, at, alert, manifest, redacted FROM bundle ORDER BY number")?;
            let rows = asked.query_map([], |row| {
                Ok(Bundle {
                    number: row.get::<_, i64>(0)?.cast_unsigned(),
                    at: moment(row.get(1)?),
                    alert: row.get(2)?,
                    manifest: row.get(3)?,
                    redacted: row.get(4)?,
                })
            })?;
            rows.collect()
        };
        self.of_main(asked())
    }

    /// The runs that judged by a version of the configuration, the latest first, at most `most`.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn runs(&self, version: &str, most: usize) -> Result<Vec<Run>, StoreError> {
        let asked = || {
            let mut asked = self.main.sql.prepare(
                "SELECT begun, program, version, config, sources, clock FROM run WHERE version = ?1 ORDER BY begun DESC LIMIT ?2",
            )?;
            let rows = asked.query_map(params![version, most.min(PAGE_MAX) as i64], |row| {
                Ok(Run {
                    begun: moment(row.get(0)?),
                    program: row.get(1)?,
                    version: row.get(2)?,
                    config: row.get(3)?,
                    sources: row.get(4)?,
                    clock: row.get(5)?,
                })
            })?;
            rows.collect()
        };
        self.of_main(asked())
    }

    /// What was read of the clock between two moments, the earliest first, with the reading before them: that holds until the next. At most
    /// `most`.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn clock(&self, from: Nanos, until: Nanos, most: usize) -> Result<Vec<ClockReading>, StoreError> {
        let asked = || {
            let mut asked = self.main.sql.prepare(
                "SELECT at, synchronised, offset_us, error_us, error_max_us, stepped_us FROM clock
                 WHERE at >= ifnull((SELECT max(at) FROM clock WHERE at <= ?1), ?1) AND at <= ?2 ORDER BY at LIMIT ?3",
            )?;
            let rows = asked.query_map(params![micros(from), micros(until), most as i64], |row| {
                Ok(ClockReading {
                    at: moment(row.get(0)?),
                    synchronised: row.get(1)?,
                    offset_us: row.get(2)?,
                    error_us: row.get::<_, i64>(3)?.unsigned_abs(),
                    error_max_us: row.get::<_, i64>(4)?.unsigned_abs(),
                    stepped_us: row.get(5)?,
                })
            })?;
            rows.collect()
        };
        self.of_main(asked())
    }

    /// Opens a case for an alert that belongs to none; its number.
    ///
    /// # Errors
    /// That the store cannot be written; within, why there is no case.
    pub fn open_case(&mut self, alert: &str, by: (Nanos, &str)) -> Result<Result<u64, Refused>, StoreError> {
        self.write(|sql| cases::open(sql, alert, by))
    }

    /// Takes a step of a case. It stands in the audit log, too, or neither is written.
    ///
    /// # Errors
    /// That the store cannot be written; within, why the step cannot be taken.
    pub fn step_case(
        &mut self,
        number: u64,
        step: &Step,
        by: (Nanos, &str),
    ) -> Result<Result<(), Refused>, StoreError> {
        self.write(|sql| cases::step(sql, number, step, by))
    }

    /// What `write` writes, all or nothing: nothing where it is refused.
    fn write<T>(
        &mut self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<Result<T, Refused>>,
    ) -> Result<Result<T, Refused>, StoreError> {
        let done = || {
            let transaction = self.main.sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let written = write(&transaction)?;
            if written.is_ok() {
                transaction.commit()?;
            }
            Ok(written)
        };
        let done = done();
        self.of_main(done)
    }

    /// A case; nothing where there is none of this number.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn case(&self, number: u64) -> Result<Option<Case>, StoreError> {
        self.of_main(cases::one(&self.main.sql, number))
    }

    /// Cases, the last changed first, those behind a place: when one was changed, and its number.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn cases(
        &self,
        state: Option<State>,
        behind: Option<(Nanos, u64)>,
        most: usize,
    ) -> Result<Vec<Case>, StoreError> {
        self.of_main(cases::all(&self.main.sql, state, behind, most.min(PAGE_MAX)))
    }

    /// What was done about a case, the first step first.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn case_steps(&self, number: u64) -> Result<Vec<Taken>, StoreError> {
        self.of_main(cases::steps(&self.main.sql, number))
    }

    /// Writes down in the audit log what somebody did; the entry's place and hash.
    ///
    /// # Errors
    /// That it cannot be written.
    pub fn audit(&mut self, act: &Act<'_>) -> Result<(u64, Hash), StoreError> {
        let mut add = || {
            let transaction = self.main.sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let added = audit::add(&transaction, act)?;
            transaction.commit()?;
            Ok(added)
        };
        let added = add();
        self.of_main(added)
    }

    /// The place and the hash of the last entry of the audit log; zeros where it is empty.
    ///
    /// # Errors
    /// That it cannot be read.
    pub fn audit_head(&self) -> Result<(u64, Hash), StoreError> {
        self.of_main(audit::head(&self.main.sql))
    }

    /// The audit log from the place `from` on, at most `most` entries.
    ///
    /// # Errors
    /// That it cannot be read.
    pub fn audit_log(&self, from: u64, most: usize) -> Result<Vec<Entry>, StoreError> {
        self.of_main(audit::entries(&self.main.sql, from, most.min(PAGE_MAX)))
    }
}

fn alert(row: &Row<'_>) -> rusqlite::Result<Alert> {
    Ok(Alert {
        id: row.get(0)?,
        status: row.get(1)?,
        kind: row.get(2)?,
        severity: row.get(3)?,
        score_db: row.get(4)?,
        entity: (row.get(5)?, row.get(6)?),
        title: row.get(7)?,
        opened: moment(row.get(8)?),
        said: moment(row.get(9)?),
        calls_at: (moment(row.get(10)?), moment(row.get(11)?)),
        calls: row.get::<_, i64>(12)?.cast_unsigned(),
        record: row.get(13)?,
        case: row.get::<_, Option<i64>>(14)?.map(i64::cast_unsigned),
    })
}

/// Where a condition can be looked up: which column, and its value. A row fits where any of a condition does.
type Condition = Vec<(&'static str, Value)>;

/// What says of a call in this file which alert counts it, and the table to be joined for that.
fn counts(file: &File) -> (&'static str, String) {
    if file.version < COUNTED_SINCE {
        return ("NULL", String::new());
    }
    ("counted.alert", format!("LEFT JOIN counted ON {}", of_one_call()))
}

/// What holds of a call and what counts it: one Call-ID and one beginning, since a later call may have the Call-ID again.
pub(crate) fn of_one_call() -> String {
    format!("counted.key = call.key AND counted.at = call.id >> {TAIL_BITS} << {TAIL_BITS}")
}

/// The calls of a day, the latest first. One condition is looked up in its index, the one that most likely has the fewest calls; each row found
/// there is held against the others.
fn find(file: &File, day: Day, query: &Query, most: usize) -> rusqlite::Result<Vec<Found>> {
    let (counted_by, beside) = counts(file);
    if query.counted_by.is_some() && beside.is_empty() {
        return Ok(Vec::new());
    }
    let number = |column, number: E164| (column, Value::from(number.reveal() as i64));
    let address = |column, ip| (column, Value::from(octets(ip)));
    let conditions: [Option<Condition>; 5] = [
        query.callee.map(|it| vec![number("callee", it)]),
        query.caller.map(|it| vec![number("caller", it)]),
        query.number.map(|it| vec![number("caller", it), number("callee", it)]),
        query.stack.map(|stack| vec![("stack", Value::from(stack.cast_signed()))]),
        query.address.map(|ip| vec![address("source", ip), address("destination", ip)]),
    ];
    let mut conditions: Vec<_> = conditions.into_iter().flatten().collect();
    let counts = query.counted_by.map(|alert| Value::from(alert.cast_signed()));
    let first = day.id(query.from);
    let past = query.behind.filter(|behind| behind.day == day).map_or(i64::MAX, |behind| behind.id);
    // The microsecond of `until` belongs to it.
    let past = past.min(day.id(Nanos::new(query.until.get().saturating_add(1_000))));
    let mut found = BTreeMap::new();
    // Where rows come from, in which order, and which of them fit.
    let ways: Vec<(String, &str, Vec<Value>)> = match (&query.call_id, &counts, conditions.is_empty()) {
        (Some(call_id), ..) => {
            let way = format!("leg JOIN call ON call.id = leg.call {beside} WHERE leg.key = ?");
            vec![(way, "call.id DESC", vec![Value::from(key(call_id))])]
        }
        (None, Some(alert), true) => {
            let way = format!(
                "counted JOIN leg ON leg.key = counted.key JOIN call ON call.id = leg.call AND {} \
                 WHERE counted.alert = ? AND counted.at >= ? AND counted.at <= ?",
                of_one_call()
            );
            let values = vec![alert.clone(), Value::from(first), Value::from(past)];
            vec![(way, "counted.at DESC, call.id DESC", values)]
        }
        (None, None, true) => vec![(format!("call {beside} WHERE ?"), "call.id DESC", vec![Value::from(1)])],
        (None, _, false) => {
            let way = |(column, value)| {
                let way = format!("call INDEXED BY call_{column} {beside} WHERE {column} = ?");
                (way, "call.id DESC", vec![value])
            };
            conditions.remove(0).into_iter().map(way).collect()
        }
    };
    for (mut way, order, mut values) in ways {
        way.push_str(" AND call.id >= ? AND call.id < ?");
        values.extend([Value::from(first), Value::from(past)]);
        for condition in &conditions {
            let any: Vec<_> = condition.iter().map(|(column, _)| format!("{column} IS ?")).collect();
            way.push_str(&format!(" AND ({})", any.join(" OR ")));
            values.extend(condition.iter().map(|(_, value)| value.clone()));
        }
        if let Some(alert) = &counts {
            way.push_str(" AND counted.alert = ?");
            values.push(alert.clone());
        }
        values.push(Value::from(most as i64));
        let mut asked = file
            .sql
            .prepare(&format!("SELECT call.id, call.record, {counted_by} FROM {way} ORDER BY {order} LIMIT ?"))?;
        let rows = asked.query_map(params_from_iter(values), |row| {
            let counted_by = row.get::<_, Option<i64>>(2)?.map(i64::cast_unsigned);
            Ok((row.get::<_, i64>(0)?, (row.get::<_, String>(1)?, counted_by)))
        })?;
        for row in rows {
            let (id, rest) = row?;
            found.insert(id, rest);
        }
    }
    let latest = found.into_iter().rev().take(most);
    let found = |(id, (record, counted_by))| Found { place: Place { day, id }, at: day.at(id), counted_by, record };
    Ok(latest.map(found).collect())
}

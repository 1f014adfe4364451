//! What judgement knows, on disk, so that a new start goes on where the last one stood.
//!
//! ```text
//!  judgement.state     all of it, every minute and at the end: written beside, made durable, renamed
//!  judgement.7.log     where each operation stood that was told of since, each before it was told
//! ```
//!
//! The packet thread writes judgement down into memory, a millisecond at a time between parcels, and in one go only what has changed
//! meanwhile and what is no table of entities and calls; a thread of its own compresses that and brings it to disk. A file that is
//! damaged, of another build, or of a time that has not come yet, is put aside and said, and judgement begins with nothing.

use std::cell::RefCell;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use config::{Config, Known, State};
use crc32fast::Hasher;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use detect::{Keep, Snapshot};
use jiff::Timestamp;
use metrics::Metrics;
use metrics::catalogue::{STATE_BYTES, STATE_FAILED, STATE_HELD, STATE_WRITTEN};
use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::alarms::{Alarms, Kept};
use crate::failure::Failure;
use crate::json;

/// What a file begins with, and the version of its form.
const MAGIC: &[u8; 8] = b"greyline";
const FORMAT: u32 = 3;
/// The file of all that is known.
const WHOLE: &str = "judgement.state";
/// What is being written of the next one.
const NEXT: &str = "judgement.state.new";
/// Locked by whoever writes.
const LOCK: &str = "judgement.lock";
/// What is put aside ends so.
const ASIDE: &str = "refused";
/// Bytes of what describes a file, at most: a configuration is the most of it.
const HEADER_BYTES_MAX: u32 = 64 << 20;
/// Bytes of one standing of an operation, at most.
const STANDING_BYTES_MAX: u32 = 16 << 20;
/// How far it may be ahead of this machine's clock. What is further was written down while the clock was wrong; gone on from, all that
/// comes would be late, and time stand still, until the clock is there again.
const AHEAD_MAX: Duration = Duration::from_secs(300);
/// The least that zstd can do: it keeps up with a disk.
const LEVEL: i32 = 1;
/// For how long judgement is written down between two parcels.
const SLICE: Duration = Duration::from_millis(1);
/// How long a start waits for a disk at most.
const FOUND_MAX: Duration = Duration::from_secs(10);
/// Bytes that are written at once.
const BUFFER_BYTES: usize = 1 << 20;

/// What describes a file.
#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    /// The program that wrote it.
    greyline: String,
    /// The version of what judges.
    rules: String,
    /// Hash of the class tables.
    tables: u64,
    /// The configuration it was judged by.
    config: Config,
    /// Bytes of what is behind it, once they are unpacked.
    bytes: u64,
    /// The first log whose standings are not in it.
    log: u64,
}

/// Counts a checksum of what passes.
struct Summed<T> {
    inner: T,
    sum: Hasher,
}

impl<T: Write> Write for Summed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The folder, held by this run alone.
pub struct Held {
    folder: PathBuf,
    every: Duration,
    /// Locked for as long as it is open.
    lock: File,
    /// The next log to write: none of before is written on.
    log: u64,
}

/// For how long a start waits for another that still holds the folder: one that was killed may be ending.
const HELD_MAX: Duration = Duration::from_secs(5);
/// How often it looks.
const HELD_LOOK: Duration = Duration::from_millis(100);

/// Takes the folder of the configuration; `None` where nothing is to be kept, or nothing can be: then the log says why.
///
/// # Errors
/// That another greyline holds it: two would write over each other, and what either knows would be lost.
pub fn hold(state: &State) -> Result<Option<Held>, Failure> {
    if state.snapshot_secs == 0 {
        return Ok(None);
    }
    let folder = PathBuf::from(&state.folder);
    let taken = fs::create_dir_all(&folder).and_then(|()| private(&folder.join(LOCK)));
    match taken.map_err(TryLockError::Error).and_then(|lock| locked(&lock, HELD_MAX).map(|()| lock)) {
        Ok(lock) => Ok(Some(Held { folder, every: Duration::from_secs(state.snapshot_secs.into()), lock, log: 0 })),
        Err(TryLockError::WouldBlock) => Err(Failure::Source(
            state.folder.clone(),
            "another greyline keeps its state here; give this one a folder of its own (`[state] folder`, `--state`), or \
             keep none (`--state off`)"
                .to_owned(),
        )),
        Err(TryLockError::Error(error)) => {
            let folder = folder.display();
            tracing::warn!(%error, %folder, "nothing that judgement knows is kept: the next start begins with nothing");
            Ok(None)
        }
    }
}

/// Locks a file, and waits for whoever holds it.
fn locked(lock: &File, patience: Duration) -> Result<(), TryLockError> {
    let begun = Instant::now();
    loop {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) if begun.elapsed() < patience => thread::sleep(HELD_LOOK),
            done => return done,
        }
    }
}

impl Held {
    /// What was written down; `None` where there is nothing, or nothing that this build can go on from: then it was put aside, and the
    /// log says why.
    pub fn read(&mut self) -> Option<Kept> {
        let (kept, log) = read(&self.folder).unzip();
        self.log = log.unwrap_or_default().max(logs(&self.folder).last().map_or(0, |&(last, _)| last + 1));
        kept
    }

    /// Puts aside what cannot be gone on from, and says why.
    pub fn refuse(&self, why: &str) {
        refuse(&self.folder, why);
    }
}

/// What was written down in a folder, and the first log that does not stand in it.
fn read(folder: &Path) -> Option<(Kept, u64)> {
    let is_past = |whole: Unpacked| is_past(whole.1.until(), Timestamp::now()).map(|()| whole);
    match fs::read(folder.join(WHOLE)).map(|bytes| unpacked(&bytes).and_then(is_past)) {
        Ok(Ok((header, snapshot, before))) => {
            let standings = logs(folder).into_iter().filter(|&(number, _)| number >= header.log);
            let standings = standings.flat_map(|(_, file)| standings_of(&file)).collect();
            Some((Kept { before: Arc::new(before), tables: header.tables, snapshot, standings }, header.log))
        }
        Ok(Err(why)) => {
            refuse(folder, &why);
            None
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Logs that stand on nothing say nothing.
            logs(folder).into_iter().for_each(|(_, file)| drop(fs::remove_file(file)));
            None
        }
        Err(error) => {
            refuse(folder, &error.to_string());
            None
        }
    }
}

fn refuse(folder: &Path, why: &str) {
    let aside = |file: &Path| {
        let mut name = file.as_os_str().to_owned();
        name.push(".");
        name.push(ASIDE);
        fs::rename(file, &name).map(|()| PathBuf::from(name))
    };
    let moved = aside(&folder.join(WHOLE));
    for (_, log) in logs(folder) {
        // Whoever looks into it has what it stood on.
        let _ = aside(&log);
    }
    let kept = moved.map(|file| file.display().to_string()).unwrap_or_default();
    tracing::error!(why, kept, "what judgement knew cannot be gone on from: it begins with nothing");
}

/// Whether what goes until then is not of a time that has not come yet.
fn is_past(until: Nanos, now: Timestamp) -> Result<(), String> {
    let ahead = i128::from(until.get()) - now.as_nanosecond();
    if ahead <= AHEAD_MAX.as_nanos() as i128 {
        return Ok(());
    }
    Err(format!("it goes until {}, and the clock says {now:.0}: it was set back", json::time(until)))
}

/// What describes a file, what was judged, and by what was known then.
type Unpacked = (Header, Snapshot, Known);

fn unpacked(bytes: &[u8]) -> Result<Unpacked, String> {
    let damaged = || "the file is damaged".to_owned();
    let (bytes, sum) = bytes.split_last_chunk::<4>().ok_or_else(damaged)?;
    let rest = bytes.strip_prefix(MAGIC).ok_or("the file is none of greyline's")?;
    if crc32fast::hash(bytes) != u32::from_le_bytes(*sum) {
        return Err(damaged());
    }
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let (header, body) = rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(damaged)?;
    /// What is looked at before anything else, since the rest may look otherwise.
    #[derive(Deserialize)]
    struct Versions {
        format: u32,
        greyline: String,
        rules: String,
    }
    let Versions { format, greyline, rules } = serde_json::from_slice(header).map_err(|error| error.to_string())?;
    let ours = (FORMAT, env!("CARGO_PKG_VERSION"), detect::RULES);
    if (format, greyline.as_str(), rules.as_str()) != ours {
        let (_, version, judges) = ours;
        return Err(format!(
            "it was written by greyline {greyline} with rules {rules} (form {format}); this is greyline {version} with rules \
             {judges} (form {FORMAT})"
        ));
    }
    let header: Header = serde_json::from_slice(header).map_err(|error| error.to_string())?;
    let mut whole = Vec::new();
    let unpacker = zstd::stream::read::Decoder::with_buffer(body).map_err(|error| error.to_string())?;
    unpacker.take(header.bytes).read_to_end(&mut whole).map_err(|error| error.to_string())?;
    let snapshot = Snapshot::read(&whole).map_err(|error| error.to_string())?;
    let before = Known::of(header.config.clone())
        .map_err(|flaws| flaws.into_iter().map(|flaw| flaw.what).collect::<Vec<_>>().join("; "))?;
    Ok((header, snapshot, before))
}

/// The logs of a folder, in their order.
fn logs(folder: &Path) -> Vec<(u64, PathBuf)> {
    let number = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix("judgement.")?.strip_suffix(".log")?.parse().ok()
    };
    let listed = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut logs: Vec<(u64, PathBuf)> = listed.filter_map(|path| Some((number(&path)?, path))).collect();
    logs.sort();
    logs
}

/// The standings of a log, up to where its writer was cut off.
fn standings_of(log: &Path) -> Vec<Vec<u8>> {
    let mut standings = Vec::new();
    let bytes = fs::read(log).unwrap_or_else(|error| {
        tracing::error!(%error, log = %log.display(), "a log of what was told cannot be read");
        Vec::new()
    });
    let mut rest = bytes.as_slice();
    let next = |rest: &mut &[u8]| {
        let (head, behind) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, sum @ ..] = *head;
        let length = u32::from_le_bytes([a, b, c, d]);
        let (standing, behind) = behind.split_at_checked(length.min(STANDING_BYTES_MAX) as usize)?;
        (crc32fast::hash(standing) == u32::from_le_bytes(sum)).then(|| {
            *rest = behind;
            standing.to_vec()
        })
    };
    while let Some(standing) = next(&mut rest) {
        standings.push(standing);
    }
    if !rest.is_empty() {
        tracing::warn!(log = %log.display(), "the last of what was told was not written down whole");
    }
    standings
}

/// Takes down where operations stand as they are told of.
struct Log {
    folder: PathBuf,
    number: u64,
    /// Open once there is something in it.
    file: Option<File>,
    metrics: Arc<Metrics>,
}

impl Log {
    fn append(&mut self, standing: &[u8]) {
        if let Err(error) = self.write(standing) {
            self.metrics.add(&STATE_FAILED, &[], 1);
            tracing::error!(%error, "where an operation stands cannot be written down: it may be told anew after a new start");
        }
    }

    fn write(&mut self, standing: &[u8]) -> io::Result<()> {
        let path = self.folder.join(format!("judgement.{}.log", self.number));
        let file = match &mut self.file {
            Some(file) => file,
            slot => slot.insert(File::options().create(true).append(true).open(path)?),
        };
        let length = u32::try_from(standing.len()).ok().filter(|&length| length <= STANDING_BYTES_MAX);
        let length = length.ok_or_else(|| io::Error::other("too long"))?;
        let head = [length.to_le_bytes(), crc32fast::hash(standing).to_le_bytes()].concat();
        // At once, so that it lies with the system if this program is killed.
        file.write_all(&[head.as_slice(), standing].concat())
    }
}

/// What is to be brought to disk.
struct Whole {
    header: Header,
    bytes: Vec<u8>,
}

/// Writes down what judgement knows.
pub struct Keeper {
    every: Duration,
    taken_at: Nanos,
    /// Whether judgement is being written down.
    saves: bool,
    log: Rc<RefCell<Log>>,
    wholes: Sender<Whole>,
    /// Memory to write into again.
    emptied: Receiver<Vec<u8>>,
    writer: JoinHandle<()>,
    /// Kept until the last is written.
    _lock: File,
    known: Arc<Known>,
    metrics: Arc<Metrics>,
}

impl Keeper {
    /// Writes into a folder.
    ///
    /// # Errors
    /// No thread.
    pub fn open(held: Held, known: &Arc<Known>, metrics: &Arc<Metrics>) -> io::Result<Self> {
        let Held { folder, every, lock, log: number } = held;
        let (wholes, arriving) = bounded::<Whole>(1);
        let (back, emptied) = bounded(1);
        let log = Log { folder: folder.clone(), number, file: None, metrics: Arc::clone(metrics) };
        metrics.add(&STATE_FAILED, &[], 0);
        let counted = Arc::clone(metrics);
        let writer = thread::Builder::new().name("greyline state".to_owned()).spawn(move || {
            for Whole { header, bytes } in arriving {
                match bring(&folder, &header, &bytes) {
                    Ok(written) => {
                        counted.level(&STATE_BYTES, &[], written as f64);
                        counted.level(&STATE_WRITTEN, &[], tap::now().get() as f64 / 1e9);
                        let over = logs(&folder).into_iter().filter(|&(number, _)| number < header.log);
                        // One that stays is passed over by its number.
                        over.for_each(|(_, log)| drop(fs::remove_file(log)));
                    }
                    Err(error) => {
                        counted.add(&STATE_FAILED, &[], 1);
                        tracing::error!(%error, "what judgement knows cannot be written down; what was written before stays");
                    }
                }
                // Nobody waits for it where the probe ends.
                let _ = back.try_send(bytes);
            }
        })?;
        Ok(Self {
            every,
            taken_at: Nanos::ZERO,
            saves: false,
            log: Rc::new(RefCell::new(log)),
            wholes,
            emptied,
            writer,
            _lock: lock,
            known: Arc::clone(known),
            metrics: Arc::clone(metrics),
        })
    }

    /// Writes down what there is to begin with, where nothing is written yet, and waits for it: where operations stand is told beside it,
    /// and stands on it from the first on.
    pub fn found(&mut self, alarms: &mut Alarms) {
        if self.log.borrow().folder.join(WHOLE).exists() {
            return;
        }
        self.begin(alarms);
        self.finish(alarms);
        if self.emptied.recv_timeout(FOUND_MAX).is_err() {
            tracing::warn!(
                "what judgement knows is not on disk yet: a new start may tell anew what is told until then"
            );
        }
    }

    /// Takes down where operations stand, each before it is told.
    pub fn log(&self) -> Keep {
        let log = Rc::clone(&self.log);
        Box::new(move |standing| log.borrow_mut().append(standing))
    }

    /// Other knowledge is in force.
    pub fn renew(&mut self, known: &Arc<Known>) {
        self.known = Arc::clone(known);
    }

    /// Whether judgement is being written down: then it wants to be asked again soon.
    pub const fn saves(&self) -> bool {
        self.saves
    }

    /// Writes judgement down where that is due, for as long as there is time between two parcels.
    pub fn on_time(&mut self, now: Nanos, alarms: &mut Alarms) {
        if self.saves {
            match alarms.save_some(SLICE) {
                Ok(false) => {}
                Ok(true) => self.finish(alarms),
                Err(error) => self.give_up(&error),
            }
        } else if now.since(self.taken_at) >= self.every || now < self.taken_at {
            self.taken_at = now;
            if self.wholes.is_full() {
                self.metrics.add(&STATE_FAILED, &[], 1);
                tracing::warn!("what judgement knows is still being written to disk from the last time");
            } else {
                self.begin(alarms);
            }
        }
    }

    fn begin(&mut self, alarms: &mut Alarms) {
        let mut bytes = self.emptied.try_recv().unwrap_or_default();
        bytes.clear();
        alarms.begin_saving(bytes);
        self.saves = true;
    }

    fn finish(&mut self, alarms: &mut Alarms) {
        let begun = Instant::now();
        self.saves = false;
        let bytes = match alarms.finish_saving() {
            Ok(bytes) => bytes,
            Err(error) => return self.give_up(&error),
        };
        let mut log = self.log.borrow_mut();
        (log.number, log.file) = (log.number + 1, None);
        let header = Header {
            format: FORMAT,
            greyline: env!("CARGO_PKG_VERSION").to_owned(),
            rules: detect::RULES.to_owned(),
            tables: alarms.tables(),
            config: self.known.config().clone(),
            bytes: bytes.len() as u64,
            log: log.number,
        };
        self.metrics.level(&STATE_HELD, &[], begun.elapsed().as_secs_f64());
        if let Err(TrySendError::Disconnected(_)) = self.wholes.try_send(Whole { header, bytes }) {
            tracing::error!("nobody writes down what judgement knows");
        }
    }

    fn give_up(&mut self, error: &detect::Unreadable) {
        self.saves = false;
        self.metrics.add(&STATE_FAILED, &[], 1);
        tracing::error!(%error, "what judgement knows cannot be written down");
    }

    /// Writes judgement down for the last time, and waits until that lies on disk.
    pub fn close(mut self, alarms: &mut Alarms) {
        // What is being written is on disk first.
        while self.wholes.is_full() && !self.writer.is_finished() {
            thread::sleep(Duration::from_millis(10));
        }
        if !self.saves {
            self.begin(alarms);
        }
        self.finish(alarms);
        drop(self.wholes);
        if self.writer.join().is_err() {
            tracing::error!("nobody writes down what judgement knows");
        }
    }
}

/// Brings all that is known to disk: beside what was, made durable, then in its place. How many bytes it takes.
fn bring(folder: &Path, header: &Header, bytes: &[u8]) -> io::Result<u64> {
    let next = folder.join(NEXT);
    let header = serde_json::to_vec(header)?;
    let length = u32::try_from(header.len()).ok().filter(|&length| length <= HEADER_BYTES_MAX);
    let length = length.ok_or_else(|| io::Error::other("a configuration that is too long"))?;
    let file = BufWriter::with_capacity(BUFFER_BYTES, private(&next)?);
    let mut file = Summed { inner: file, sum: Hasher::new() };
    file.write_all(MAGIC)?;
    file.write_all(&length.to_le_bytes())?;
    file.write_all(&header)?;
    let mut packer = zstd::stream::write::Encoder::new(file, LEVEL)?;
    packer.write_all(bytes)?;
    let Summed { mut inner, sum } = packer.finish()?;
    inner.write_all(&sum.finalize().to_le_bytes())?;
    let file = inner.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    let written = file.metadata()?.len();
    fs::rename(&next, folder.join(WHOLE))?;
    File::open(folder)?.sync_all()?;
    Ok(written)
}

/// A file of its own for whoever runs this: it holds numbers of people.
fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_a_time_to_come_is_refused() {
        let now: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let at = |ahead: i64| Nanos::new((now.as_second() + ahead) as u64 * 1_000_000_000);
        for ahead in [-400 * 86_400, -1, 0, 1, 300] {
            assert_eq!(is_past(at(ahead), now), Ok(()), "{ahead}");
        }
        assert_eq!(is_past(Nanos::ZERO, now), Ok(()));
        for ahead in [301, 2 * 3_600, 400 * 86_400] {
            let why = is_past(at(ahead), now).unwrap_err();
            assert!(why.contains("the clock says 2026-11-29T12:00:00Z: it was set back"), "{why}");
        }
    }
}

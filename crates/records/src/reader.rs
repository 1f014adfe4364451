//! Several files of records as one story in the order of time.

use std::io::BufRead;
use std::time::Duration;

use call::Listener;
use config::Known;
use types::Nanos;

use crate::csv::Table;
use crate::faults::{Fault, OpenError, Refusal, Tally, Unread};
use crate::json;
use crate::lately::Lately;
use crate::lines::{Format, LINE_BYTES_MAX, Line, Lines};
use crate::player::Player;
use crate::record::Record;
use crate::stamp::Clock;

/// Faults that are named; the others are counted.
const FAULTS_MAX: usize = 10;

/// A file of records.
pub struct Input {
    /// Its name in complaints.
    pub name: String,
    /// What it is written in.
    pub format: Format,
    /// Its text.
    pub text: Box<dyn BufRead>,
}

/// How the lines of a file are read.
enum Tongue {
    Json(Clock),
    Csv(Box<Table>),
}

/// A file, and the next call in it.
struct File {
    name: String,
    lines: Lines,
    tongue: Tongue,
    next: Option<Record>,
}

/// Reads records and tells them.
pub struct Reader {
    known: Known,
    files: Vec<File>,
    player: Player,
    horizon: Duration,
    latest: Nanos,
    /// The lines read lately, by which one that comes again is known.
    lately: Lately,
    tally: Tally,
    faults: Vec<Fault>,
    /// The first field of each column that could not be read.
    unread: Vec<Fault>,
}

impl Reader {
    /// Opens `inputs`, to be read by the `[records]` and the dial plan of `known`.
    ///
    /// # Errors
    /// A file that cannot be read, or whose columns are not those that were said.
    pub fn open(inputs: Vec<Input>, known: &Known) -> Result<Self, OpenError> {
        let records = &known.config().records;
        let mut reader = Self {
            known: known.clone(),
            files: Vec::new(),
            player: Player::new(records.calls_max),
            horizon: Duration::from_secs(records.horizon_secs.into()),
            latest: Nanos::ZERO,
            lately: Lately::default(),
            tally: Tally::default(),
            faults: Vec::new(),
            unread: Vec::new(),
        };
        for Input { name, format, text } in inputs {
            let mut lines = Lines::of(text);
            let tongue = match format {
                Format::JsonLines => Tongue::Json(Clock::named("rfc3339", records.time_zone.get())),
                Format::Csv => Tongue::Csv(Box::new(columns(&name, &mut lines, known)?)),
            };
            reader.files.push(File { name, lines, tongue, next: None });
        }
        for place in 0..reader.files.len() {
            reader.advance(place);
        }
        Ok(reader)
    }

    /// Reads up to `calls` calls and tells what they bring about; `false` when all is told.
    pub fn play(&mut self, calls: u32, listener: &mut impl Listener) -> bool {
        for _ in 0..calls {
            let Some(record) = self.earliest() else {
                self.player.drain(&mut self.tally, listener);
                return false;
            };
            self.latest = self.latest.max(record.invite_at);
            self.player.add(record, &mut self.tally, listener);
            let horizon = u64::try_from(self.horizon.as_nanos()).unwrap_or(u64::MAX);
            let until = Nanos::new(self.latest.get().saturating_sub(horizon));
            self.player.until(until, &mut self.tally, listener);
        }
        true
    }

    /// What was read so far, and what was lost.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The first lines that are no records.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The first field of each column that could not be read, and was taken as absent.
    #[must_use]
    pub fn unread(&self) -> &[Fault] {
        &self.unread
    }

    /// The call that began earliest among the next ones of all files.
    fn earliest(&mut self) -> Option<Record> {
        let waiting =
            self.files.iter().enumerate().filter_map(|(place, file)| Some((file.next.as_ref()?.invite_at, place)));
        let (_, place) = waiting.min()?;
        let record = self.files.get_mut(place)?.next.take();
        self.advance(place);
        record
    }

    /// Reads the next call of a file; lines that are none are counted and passed over.
    fn advance(&mut self, place: usize) {
        let Some(file) = self.files.get_mut(place) else { return };
        loop {
            let (number, read) = match file.lines.next() {
                Ok(None) => return,
                Ok(Some(Line::TooLong(number))) => {
                    (number, Err(Refusal::Wrong(format!("the line has more than {LINE_BYTES_MAX} bytes"))))
                }
                Ok(Some(Line::Text(number, line))) => {
                    let read = match &mut file.tongue {
                        _ if self.lately.meets(line) => Err(Refusal::Repeated),
                        Tongue::Json(clock) => json::read(line, clock, self.known.numbering_plan())
                            .map(|record| record.map(|record| (record, Vec::new())))
                            .map_err(Refusal::Wrong),
                        Tongue::Csv(table) => {
                            table.read(line, || format!("{}:{number}", file.name), &self.known).map(Some)
                        }
                    };
                    (number, read)
                }
                Err(error) => {
                    self.tally.broken += 1;
                    self.faults.push(Fault { file: file.name.clone(), line: 0, what: error.to_string() });
                    return;
                }
            };
            self.tally.lines += 1;
            let in_order = |(record, unread): (Record, Vec<Unread>)| record.in_order().map(|()| (record, unread));
            let read = read.and_then(|read| Ok(read.map(in_order).transpose()?));
            let fault = |what| Fault { file: file.name.clone(), line: number, what };
            let wrong = match read {
                Ok(Some((record, unread))) => {
                    for Unread { column, what } in unread {
                        let Some(count) = self.tally.unread.get_mut(column as usize) else { continue };
                        if *count == 0 {
                            self.unread.push(fault(what));
                        }
                        *count += 1;
                    }
                    file.next = Some(record);
                    return;
                }
                Ok(None) => {
                    self.tally.headless += 1;
                    continue;
                }
                Err(Refusal::Repeated) => {
                    self.tally.repeated += 1;
                    continue;
                }
                Err(Refusal::Short(what)) => {
                    self.tally.short += 1;
                    what
                }
                Err(Refusal::Wrong(what)) => {
                    self.tally.malformed += 1;
                    what
                }
            };
            if self.faults.len() < FAULTS_MAX {
                self.faults.push(fault(wrong));
            }
        }
    }
}

/// The columns of a file of CSV, by its first line or by the configuration alone.
fn columns(name: &str, lines: &mut Lines, known: &Known) -> Result<Table, OpenError> {
    let fault = |what: String| OpenError::Columns(Fault { file: name.to_owned(), line: 1, what });
    if !known.config().records.header {
        return Table::of(known, None).map_err(fault);
    }
    match lines.next().map_err(|error| OpenError::Unread(name.to_owned(), error))? {
        Some(Line::Text(_, header)) => Table::of(known, Some(header)).map_err(fault),
        Some(Line::TooLong(_)) => Err(fault("the line is too long for the names of columns".to_owned())),
        None => Err(fault("the file is empty; its first line should name the columns".to_owned())),
    }
}

//! A line of CSV, by the columns that the configuration names. A line is a record: fields in quotes hold no ends of lines.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use call::Outcome;
use config::{Columns, Known};
use csv_core::{ReadRecordResult, ReaderBuilder};
use types::{Endpoint, Nanos};

use crate::json::{numbers_of, unnamed};
use crate::lines::LINE_BYTES_MAX;
use crate::record::{Record, attestation, ended_by, kept, outcome};
use crate::stamp::{Clock, decimal};

/// The most columns of a line.
const COLUMNS_MAX: usize = 1_024;

/// Where each column stands.
#[derive(Clone, Debug, Default)]
struct Places {
    invite_at: usize,
    caller: usize,
    callee: usize,
    call_id: Option<usize>,
    ring_at: Option<usize>,
    answer_at: Option<usize>,
    end_at: Option<usize>,
    duration_secs: Option<usize>,
    talk_secs: Option<usize>,
    ring_secs: Option<usize>,
    source: Option<usize>,
    destination: Option<usize>,
    display: Option<usize>,
    status: Option<usize>,
    q850: Option<usize>,
    ended_by: Option<usize>,
    attestation: Option<usize>,
    diversion: Option<usize>,
    user_agent: Option<usize>,
}

impl Places {
    /// The places of columns among the names of a header, or by their numbers where there is none.
    fn of(columns: &Columns, header: Option<&[String]>) -> Result<Self, String> {
        let defaults = Columns::default();
        let find = |key: &str, name: &str, default: &str| match header {
            Some(header) => match header.iter().position(|column| column == name) {
                Some(place) => Ok(Some(place)),
                None if name == default => Ok(None),
                None => Err(missing(key, name, header)),
            },
            // What nobody has numbered is not there.
            None if name == default => Ok(None),
            None => match name.parse::<usize>() {
                Ok(number @ 1..=COLUMNS_MAX) => Ok(Some(number - 1)),
                _ => Err(format!(
                    "`records.columns.{key}` takes the number of a column from 1, since there is no header, and not {name:?}"
                )),
            },
        };
        let need = |key: &str, name: &str, default: &str| match (find(key, name, default)?, header) {
            (Some(place), _) => Ok(place),
            (None, Some(header)) => Err(missing(key, name, header)),
            (None, None) => {
                Err(format!("there is no header: `records.columns.{key}` has to be the number of a column"))
            }
        };
        macro_rules! column {
            ($find:ident $key:ident) => {
                $find(stringify!($key), &columns.$key, &defaults.$key)?
            };
        }
        Ok(Self {
            invite_at: column!(need invite_at),
            caller: column!(need caller),
            callee: column!(need callee),
            call_id: column!(find call_id),
            ring_at: column!(find ring_at),
            answer_at: column!(find answer_at),
            end_at: column!(find end_at),
            duration_secs: column!(find duration_secs),
            talk_secs: column!(find talk_secs),
            ring_secs: column!(find ring_secs),
            source: column!(find source),
            destination: column!(find destination),
            display: column!(find display),
            status: column!(find status),
            q850: column!(find q850),
            ended_by: column!(find ended_by),
            attestation: column!(find attestation),
            diversion: column!(find diversion),
            user_agent: column!(find user_agent),
        })
    }
}

fn missing(key: &str, name: &str, header: &[String]) -> String {
    format!(
        "there is no column {name:?} among {}: say in `records.columns` which one is `{key}`",
        header.iter().map(|column| format!("{column:?}")).collect::<Vec<_>>().join(", ")
    )
}

/// A reader of lines whose columns are known.
pub(crate) struct Table {
    places: Places,
    delimiter: u8,
    clock: Clock,
    /// The fields of the last line, one after the other, and where each ends.
    fields: Vec<u8>,
    ends: Vec<usize>,
}

impl Table {
    /// A reader for the columns that `known` names; `header` is the first line, where it names them.
    pub(crate) fn of(known: &Known, header: Option<&[u8]>) -> Result<Self, String> {
        let records = &known.config().records;
        let mut table = Self {
            places: Places::default(),
            delimiter: records.delimiter.bytes().next().unwrap_or(b','),
            clock: Clock::named(&records.time_format, records.time_zone.get()),
            fields: Vec::new(),
            ends: Vec::new(),
        };
        let names = header.map(|header| table.names(header)).transpose()?;
        table.places = Places::of(&records.columns, names.as_deref())?;
        Ok(table)
    }

    fn names(&mut self, header: &[u8]) -> Result<Vec<String>, String> {
        self.split(header)?;
        Ok((0..self.ends.len()).map(|place| self.field(place).trim().to_owned()).collect())
    }

    /// Takes a line apart.
    fn split(&mut self, line: &[u8]) -> Result<(), String> {
        let mut reader = ReaderBuilder::new().delimiter(self.delimiter).build();
        // Nothing is longer than the line it stands in.
        self.fields.resize(line.len().max(self.fields.len()).min(LINE_BYTES_MAX), 0);
        self.ends.resize(COLUMNS_MAX, 0);
        let (mut read, mut written, mut ended) = (0, 0, 0);
        // The end of the line is the end of the text: an empty input says so.
        for _ in 0..4 {
            let (result, taken, filled, fields) = reader.read_record(
                line.get(read..).unwrap_or_default(),
                self.fields.get_mut(written..).unwrap_or_default(),
                self.ends.get_mut(ended..).unwrap_or_default(),
            );
            (read, written, ended) = (read + taken, written + filled, ended + fields);
            match result {
                ReadRecordResult::Record => {
                    self.ends.truncate(ended);
                    return Ok(());
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => break,
                ReadRecordResult::End => break,
            }
        }
        Err(format!("this is not a line of CSV with up to {COLUMNS_MAX} columns"))
    }

    /// A field of the last line; empty where there is none, or it is no UTF-8.
    fn field(&self, place: usize) -> &str {
        let end = self.ends.get(place).copied().unwrap_or(0);
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let bytes = self.fields.get(start..end).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default().trim()
    }

    /// A field that may be absent or empty.
    fn some(&self, place: Option<usize>) -> Option<&str> {
        place.map(|place| self.field(place)).filter(|text| !text.is_empty())
    }

    /// The call of a line; `name` is what it is called where no column says it.
    pub(crate) fn read(&mut self, line: &[u8], name: impl Fn() -> String, known: &Known) -> Result<Record, String> {
        self.split(line)?;
        let places = &self.places;
        let needed = [places.invite_at, places.caller, places.callee].into_iter().max().unwrap_or(0);
        if self.ends.len() <= needed {
            return Err(format!("{} columns; at least {} are needed", self.ends.len(), needed + 1));
        }
        let (caller_raw, callee_raw) = (self.field(places.caller), self.field(places.callee));
        let (caller, callee) = numbers_of((None, caller_raw), (None, callee_raw), known.numbering_plan());
        let withheld = if caller_raw.is_empty() { "anonymous" } else { caller_raw };
        let times = self.times()?;
        let mut record = Record {
            call_id: kept(self.some(places.call_id).map(str::to_owned).unwrap_or_else(name).as_str()),
            invite_at: times.invite_at,
            ring_at: times.ring_at,
            answer_at: times.answer_at,
            end_at: times.end_at,
            end_known_at: None,
            outcome: Outcome::Incomplete,
            status: self.number("status", places.status)?,
            q850: self.number("q850", places.q850)?,
            ended_by: self.some(places.ended_by).and_then(ended_by),
            caller,
            caller_raw: kept(caller_raw),
            caller_from: unnamed(withheld, caller.is_some()),
            display: kept(self.some(places.display).unwrap_or_default()),
            callee,
            callee_raw: kept(callee_raw),
            source: endpoint("source", self.some(places.source), known)?,
            destination: endpoint("destination", self.some(places.destination), known)?,
            user_agent: kept(self.some(places.user_agent).unwrap_or_default()),
            stack: None,
            attestation: self.some(places.attestation).and_then(attestation),
            signed: None,
            passage: None,
            diversion: kept(self.some(places.diversion).unwrap_or_default()),
            messages: 0,
            retransmissions: 0,
            media: Box::default(),
        };
        record.outcome = outcome(&record);
        Ok(record)
    }

    fn number<N: std::str::FromStr>(&self, key: &str, place: Option<usize>) -> Result<Option<N>, String> {
        let read = |text: &str| text.parse().map_err(|_| format!("`{key}`: {text:?} is not such a number"));
        self.some(place).map(read).transpose()
    }

    /// The times of the last line: those that are written, and those that follow from them.
    fn times(&self) -> Result<Times, String> {
        let places = &self.places;
        let time = |key: &str, place: Option<usize>| {
            let read = |text: &str| self.clock.read(text).ok_or_else(|| format!("`{key}`: {text:?} is not a time"));
            self.some(place).map(read).transpose()
        };
        let span = |key: &str, place: Option<usize>| {
            let read = |text: &str| {
                let nanos = decimal(text, 1_000_000_000).map(|nanos| Duration::from_nanos(nanos.get()));
                nanos.ok_or_else(|| format!("`{key}`: {text:?} is not a number of seconds"))
            };
            self.some(place).map(read).transpose()
        };
        let invite_at = time("invite_at", Some(places.invite_at))?.ok_or("`invite_at` is empty")?;
        let (ring_at, answer_at) = (time("ring_at", places.ring_at)?, time("answer_at", places.answer_at)?);
        let end_at = time("end_at", places.end_at)?;
        let (lasted, talked) = (span("duration_secs", places.duration_secs)?, span("talk_secs", places.talk_secs)?);
        let rang = span("ring_secs", places.ring_secs)?;

        // No talk is no answer, whatever else is written.
        let answer_at = answer_at.filter(|_| talked != Some(Duration::ZERO));
        let end_at = end_at.or(lasted.map(|lasted| invite_at.after(lasted)));
        let end_at = end_at.or(answer_at.zip(talked).map(|(answer_at, talked)| answer_at.after(talked)));
        let talked = talked.filter(|talked| !talked.is_zero());
        let answer_at = answer_at.or_else(|| before(end_at?, talked?).map(|at| at.max(invite_at)));
        let ring_at = ring_at.or_else(|| before(answer_at.or(end_at)?, rang?).map(|at| at.max(invite_at)));
        Ok(Times { invite_at, ring_at, answer_at, end_at })
    }
}

/// The times of a call.
struct Times {
    invite_at: Nanos,
    ring_at: Option<Nanos>,
    answer_at: Option<Nanos>,
    end_at: Option<Nanos>,
}

/// The instant so long before another.
fn before(at: Nanos, by: Duration) -> Option<Nanos> {
    at.get().checked_sub(u64::try_from(by.as_nanos()).ok()?).map(Nanos::new)
}

/// An address, with a port or without, or that of the trunk of this name.
fn endpoint(key: &str, text: Option<&str>, known: &Known) -> Result<Endpoint, String> {
    let Some(text) = text else { return Ok(Endpoint::default()) };
    if let Ok(both) = text.parse::<SocketAddr>() {
        return Ok(Endpoint::new(both.ip().into(), both.port()));
    }
    if let Ok(ip) = text.parse::<IpAddr>() {
        return Ok(Endpoint::new(ip.into(), 0));
    }
    let trunk = known.config().trunk.iter().find(|trunk| trunk.name == text);
    let address =
        trunk.and_then(|trunk| trunk.addresses.first()).map(|network| Endpoint::new(network.first().into(), 0));
    address.ok_or_else(|| format!("`{key}`: {text:?} is neither an address nor the name of a trunk"))
}

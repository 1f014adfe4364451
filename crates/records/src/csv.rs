//! A line of CSV, by the columns that the configuration names. A line is a record: fields in quotes hold no ends of lines.

use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use call::Outcome;
use config::Known;
use csv_core::{ReadRecordResult, ReaderBuilder};
use types::{Endpoint, Nanos};

use crate::faults::{Column, Refusal, Unread};
use crate::json::{numbers_of, unnamed};
use crate::lines::LINE_BYTES_MAX;
use crate::places::{COLUMNS_MAX, Places, SECONDS, Span};
use crate::record::{Record, attestation, ended_by, kept, outcome};
use crate::stamp::{Clock, decimal};
use crate::times::{Times, Written};

/// Final and provisional responses of SIP.
const STATUSES: RangeInclusive<u16> = 100..=699;
/// Causes of ITU-T Q.850: seven bits.
const CAUSES: RangeInclusive<u8> = 0..=127;

/// What stands for a field that is no UTF-8: not a number, a time nor a name of anything.
const NO_TEXT: &str = "\u{fffd}";

/// A reader of lines whose columns are known.
pub(crate) struct Table {
    places: Places,
    /// The columns a line has to have: those that the header names, or all that are read.
    width: usize,
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
            width: 0,
            delimiter: records.delimiter.bytes().next().unwrap_or(b','),
            clock: Clock::named(&records.time_format, records.time_zone.get()),
            fields: Vec::new(),
            ends: Vec::new(),
        };
        let names = header.map(|header| table.names(header)).transpose()?;
        table.places = Places::of(&records.columns, names.as_deref())?;
        table.width = names.map_or_else(|| table.places.width(), |names| names.len());
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

    /// A field of the last line; empty where there is none, and [`NO_TEXT`] where it is no UTF-8.
    fn field(&self, place: usize) -> &str {
        let end = self.ends.get(place).copied().unwrap_or(0);
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let bytes = self.fields.get(start..end).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or(NO_TEXT).trim()
    }

    /// A field that may be absent or empty.
    fn some(&self, place: Option<usize>) -> Option<&str> {
        place.map(|place| self.field(place)).filter(|text| !text.is_empty())
    }

    /// The call of a line, and what of it could not be read; `name` is what it is called where no column says it.
    pub(crate) fn read(
        &mut self,
        line: &[u8],
        name: impl Fn() -> String,
        known: &Known,
    ) -> Result<(Record, Vec<Unread>), Refusal> {
        self.split(line)?;
        let places = &self.places;
        let (had, needed) = (self.ends.len(), [places.invite_at, places.caller, places.callee].into_iter().max());
        let needed = needed.map_or(0, |last| last + 1);
        if had < needed {
            return Err(Refusal::Short(format!("{had} columns; at least {needed} are needed")));
        }
        if had < self.width {
            return Err(Refusal::Short(format!("{had} columns of {}: the line looks cut off", self.width)));
        }
        let (caller_raw, callee_raw) = (self.field(places.caller), self.field(places.callee));
        let (caller, callee) = numbers_of((None, caller_raw), (None, callee_raw), known.numbering_plan());
        let withheld = if caller_raw.is_empty() { "anonymous" } else { caller_raw };
        let invite_at = self.begin()?;
        let mut doubts = Doubts::default();
        let status = doubts.number(Column::Status, "status", self.some(places.status), STATUSES);
        let q850 = doubts.number(Column::Q850, "q850", self.some(places.q850), CAUSES);
        let ended = status.is_some() || q850.is_some();
        let times = Times::of(invite_at, &self.written(ended, &mut doubts));
        let call_id = self.some(places.call_id).filter(|&id| id != NO_TEXT);
        let mut record = Record {
            call_id: kept(call_id.map(str::to_owned).unwrap_or_else(name).as_str()),
            invite_at,
            ring_at: times.ring_at,
            answer_at: times.answer_at,
            end_at: times.end_at,
            end_known_at: None,
            set_up_unknown: times.set_up_unknown,
            call_id_shared: false,
            outcome: Outcome::Incomplete,
            status,
            q850,
            ended_by: doubts.word(Column::EndedBy, "ended_by", self.some(places.ended_by), ended_by),
            caller,
            caller_raw: kept(caller_raw),
            caller_from: unnamed(withheld, caller.is_some()),
            display: kept(self.some(places.display).unwrap_or_default()),
            callee,
            callee_raw: kept(callee_raw),
            source: doubts.endpoint(Column::Source, "source", self.some(places.source), known),
            destination: doubts.endpoint(Column::Destination, "destination", self.some(places.destination), known),
            user_agent: kept(self.some(places.user_agent).unwrap_or_default()),
            stack: None,
            attestation: doubts.word(Column::Attestation, "attestation", self.some(places.attestation), attestation),
            signed: None,
            passage: None,
            diversion: kept(self.some(places.diversion).unwrap_or_default()),
            messages: 0,
            retransmissions: 0,
            media: Box::default(),
        };
        record.outcome = outcome(&record);
        Ok((record, doubts.unread))
    }

    /// When the call of the last line began: what no call is without.
    fn begin(&self) -> Result<Nanos, String> {
        let text = self.field(self.places.invite_at);
        if text.is_empty() {
            return Err("`invite_at` is empty".to_owned());
        }
        self.clock.read(text).ok_or_else(|| format!("`invite_at`: {text:?} is not a time"))
    }

    /// The other times and spans of the last line; `ended` is whether a cause or a status says that it is over.
    fn written(&self, ended: bool, doubts: &mut Doubts) -> Written {
        let places = &self.places;
        let mut time = |column, key: &str, place| {
            doubts.read(column, key, self.some(place), |text| self.clock.told(text), || "a time".to_owned())
        };
        let (ring_at, answer_at, end_at) = (
            time(Column::RingAt, "ring_at", places.ring_at),
            time(Column::AnswerAt, "answer_at", places.answer_at),
            time(Column::EndAt, "end_at", places.end_at),
        );
        let mut span = |column, keys: [&str; 2], place: Option<Span>| {
            let (place, unit) = place?;
            let [secs, ms] = keys;
            let (key, unit_name) = if unit == SECONDS { (secs, "seconds") } else { (ms, "milliseconds") };
            let nanos = |text: &str| decimal(text, unit).map(|nanos| Duration::from_nanos(nanos.get()));
            doubts.read(column, key, self.some(Some(place)), nanos, || format!("a number of {unit_name}"))
        };
        Written {
            ring_at,
            answer_at,
            end_at,
            lasted: span(Column::Duration, ["duration_secs", "duration_ms"], places.duration),
            talked: span(Column::Talk, ["talk_secs", "talk_ms"], places.talk),
            rang: span(Column::Ring, ["ring_secs", "ring_ms"], places.ring),
            ended,
        }
    }
}

/// What of a line could not be read: a call does without it.
#[derive(Default)]
struct Doubts {
    unread: Vec<Unread>,
}

impl Doubts {
    /// What `read` makes of a text, if there is one; `right` is what it would have been.
    fn read<T>(
        &mut self,
        column: Column,
        key: &str,
        text: Option<&str>,
        read: impl Fn(&str) -> Option<T>,
        right: impl Fn() -> String,
    ) -> Option<T> {
        let text = text?;
        let value = read(text);
        if value.is_none() {
            let what = format!("`{key}`: {text:?} is not {}; it is taken as absent", right());
            self.unread.push(Unread { column, what });
        }
        value
    }

    /// A whole number within bounds.
    fn number<N>(&mut self, column: Column, key: &str, text: Option<&str>, bounds: RangeInclusive<N>) -> Option<N>
    where
        N: std::str::FromStr + PartialOrd + Display,
    {
        let right = || format!("a number from {} to {}", bounds.start(), bounds.end());
        self.read(column, key, text, |text| text.parse().ok().filter(|number| bounds.contains(number)), right)
    }

    /// One of the words that a column takes.
    fn word<T>(
        &mut self,
        column: Column,
        key: &str,
        text: Option<&str>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        self.read(column, key, text, read, || format!("one of the words of `records.columns.{key}`"))
    }

    /// An address, with a port or without, or that of the trunk of this name; the unspecified one where there is neither.
    fn endpoint(&mut self, column: Column, key: &str, text: Option<&str>, known: &Known) -> Endpoint {
        let right = || "an address, and no [[trunk]] has that name".to_owned();
        self.read(column, key, text, |text| endpoint(text, known), right).unwrap_or_default()
    }
}

/// An address, with a port or without, or that of the trunk of this name.
fn endpoint(text: &str, known: &Known) -> Option<Endpoint> {
    if let Ok(both) = text.parse::<SocketAddr>() {
        return Some(Endpoint::new(both.ip().into(), both.port()));
    }
    if let Ok(ip) = text.parse::<IpAddr>() {
        return Some(Endpoint::new(ip.into(), 0));
    }
    known.trunk_address(text).map(|ip| Endpoint::new(ip, 0))
}

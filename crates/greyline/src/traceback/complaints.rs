//! Complaints in a file of CSV (RFC 4180), whose first line names the columns.

use std::path::Path;
use std::time::Duration;

use config::{Known, Zone};
use csv_core::{ReadRecordResult, Reader};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use numbers::{Reading, read};
use types::{E164, Nanos};

use crate::failure::Failure;
use crate::files;

/// The longest file of complaints that is read.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// The longest line of it, in bytes of its fields, and the most fields.
const LINE_BYTES_MAX: usize = 1 << 16;
const FIELDS_MAX: usize = 256;
/// Lines that are told of one by one where they cannot be read.
const REFUSED_MAX: usize = 20;
/// How far from the time said a call may lie, where the complaint does not say how sure it is, and at most: a week.
const MINUTES: f64 = 10.0;
const MINUTES_MAX: f64 = 10_080.0;

/// A complaint.
#[derive(Debug, PartialEq)]
pub struct Complaint {
    /// What it is called, or its line.
    pub id: String,
    /// Who was called.
    pub callee: E164,
    /// When, as far as the victim remembers.
    pub at: Nanos,
    /// How far off that may be.
    pub within: Duration,
    /// The number that was shown, as far as the victim remembers.
    pub caller: Option<E164>,
    /// What was said.
    pub said: Option<String>,
}

/// What a file holds.
#[derive(Debug, Default, PartialEq)]
pub struct Complaints {
    /// Complaints, in their order.
    pub complaints: Vec<Complaint>,
    /// Lines that are none, and why.
    pub refused: Vec<String>,
}

/// Reads complaints: the columns `callee` and `time`, and where they are known `minutes`, `caller`, `said`, `id`. Times without a zone are those
/// of `zone`, or UTC.
///
/// # Errors
/// That the file cannot be read, or does not name the columns that are needed. A line that is none is told of among what was refused.
pub fn complaints(path: &Path, known: &Known, zone: Option<&Zone>) -> Result<Complaints, Failure> {
    let bytes = files::read(path, FILE_BYTES_MAX, "list of complaints")?;
    of_csv(&bytes, known, zone.map_or(&TimeZone::UTC, Zone::get))
        .map_err(|what| Failure::Flag("COMPLAINTS", format!("{}: {what}", path.display())))
}

/// The same of what was read already.
///
/// # Errors
/// That the columns that are needed are not named.
pub fn of_csv(bytes: &[u8], known: &Known, zone: &TimeZone) -> Result<Complaints, String> {
    let mut rows = Rows::of(bytes);
    let (_, header) = rows.next().ok_or("it is empty")??;
    let column = |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
    let needed = |name: &str| column(name).ok_or_else(|| format!("its first line names no column {name:?}"));
    let columns = Columns {
        callee: needed("callee")?,
        time: needed("time")?,
        minutes: column("minutes"),
        caller: column("caller"),
        said: column("said"),
        id: column("id"),
    };
    let (mut all, mut refused) = (Complaints::default(), 0_u64);
    for row in rows {
        let complaint = row.and_then(|(line, row)| {
            columns.complaint(line, &row, known, zone).map_err(|what| format!("line {line}: {what}"))
        });
        match complaint {
            Ok(complaint) => all.complaints.push(complaint),
            Err(what) => {
                refused += 1;
                if all.refused.len() < REFUSED_MAX {
                    all.refused.push(what);
                }
            }
        }
    }
    if refused > all.refused.len() as u64 {
        all.refused.push(format!("{refused} lines in all are no complaints"));
    }
    Ok(all)
}

/// Where each field stands.
struct Columns {
    callee: usize,
    time: usize,
    minutes: Option<usize>,
    caller: Option<usize>,
    said: Option<usize>,
    id: Option<usize>,
}

impl Columns {
    fn complaint(&self, line: u64, row: &[String], known: &Known, zone: &TimeZone) -> Result<Complaint, String> {
        let field = |at: usize| row.get(at).map_or("", String::as_str);
        let maybe = |at: Option<usize>| at.map_or("", field);
        let written = Written {
            id: maybe(self.id),
            callee: field(self.callee),
            time: field(self.time),
            minutes: maybe(self.minutes),
            caller: maybe(self.caller),
            said: maybe(self.said),
        };
        let read = written.read(known, zone)?;
        Ok(Complaint { id: if read.id.is_empty() { line.to_string() } else { read.id }, ..read })
    }
}

/// A complaint as somebody wrote it down; what is empty was not said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written<'w> {
    pub id: &'w str,
    pub callee: &'w str,
    pub time: &'w str,
    pub minutes: &'w str,
    pub caller: &'w str,
    pub said: &'w str,
}

impl Written<'_> {
    /// What it says. Times without a zone are those of `zone`.
    ///
    /// # Errors
    /// What cannot be meant.
    pub fn read(&self, known: &Known, zone: &TimeZone) -> Result<Complaint, String> {
        let number = |text: &str| match read(text.as_bytes(), known.numbering_plan(), None) {
            Reading::Number { number, .. } => Some(number),
            _ => None,
        };
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let (callee, time) = (self.callee.trim(), self.time.trim());
        let minutes = given(self.minutes).map_or(Ok(MINUTES), |text| {
            let minutes = text.parse::<f64>().ok().filter(|minutes| (0.0..=MINUTES_MAX).contains(minutes));
            minutes.ok_or_else(|| format!("{text:?} is no number of minutes up to {MINUTES_MAX}, a week"))
        })?;
        Ok(Complaint {
            id: given(self.id).unwrap_or_default(),
            callee: number(callee).ok_or_else(|| {
                format!(
                    "{callee:?} is no telephone number in international form; national ones need `tap.home` or --home"
                )
            })?,
            at: moment(time, zone)
                .ok_or_else(|| format!("{time:?} is no time such as 2026-03-02T14:05 or 2026-03-02T14:05:00Z"))?,
            within: Duration::from_secs_f64(minutes * 60.0),
            caller: given(self.caller).as_deref().and_then(number),
            said: given(self.said),
        })
    }
}

/// A time with its zone, or one of `zone` without.
fn moment(text: &str, zone: &TimeZone) -> Option<Nanos> {
    let stamp = text.parse::<Timestamp>().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        civil.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
    });
    u64::try_from(stamp?.as_nanosecond()).ok().map(Nanos::new)
}

/// The rows of CSV that hold anything, with the number of the line they begin in.
struct Rows<'b> {
    rest: &'b [u8],
    reader: Reader,
    fields: Vec<u8>,
    ends: Vec<usize>,
}

impl<'b> Rows<'b> {
    fn of(bytes: &'b [u8]) -> Self {
        let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Self { rest, reader: Reader::new(), fields: vec![0; LINE_BYTES_MAX], ends: vec![0; FIELDS_MAX] }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<(u64, Vec<String>), String>;

    fn next(&mut self) -> Option<Self::Item> {
        let (mut written, mut ended) = (0, 0);
        let mut long = false;
        loop {
            let line = self.reader.line();
            let (fields, ends) = (self.fields.get_mut(written..)?, self.ends.get_mut(ended..)?);
            let (result, taken, wrote, fields) = self.reader.read_record(self.rest, fields, ends);
            self.rest = self.rest.get(taken..).unwrap_or_default();
            (written, ended) = (written + wrote, ended + fields);
            match result {
                // The end of the bytes; told again it ends the last line.
                ReadRecordResult::InputEmpty => {}
                // What is too long is read on over itself, and refused.
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    (written, ended, long) = (0, 0, true)
                }
                ReadRecordResult::End => return None,
                ReadRecordResult::Record if long => {
                    return Some(Err(format!(
                        "line {line}: it is longer than {LINE_BYTES_MAX} bytes or {FIELDS_MAX} fields"
                    )));
                }
                ReadRecordResult::Record => {
                    let mut from = 0;
                    let row = self.ends.iter().take(ended).map(|end| {
                        let field = self.fields.get(from..*end).unwrap_or_default();
                        from = *end;
                        String::from_utf8_lossy(field).into_owned()
                    });
                    let row: Vec<_> = row.collect();
                    (written, ended) = (0, 0);
                    if row.iter().any(|field| !field.trim().is_empty()) {
                        return Some(Ok((line, row)));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use config::Config;

    use super::*;

    fn read(text: &str) -> Result<Complaints, String> {
        of_csv(text.as_bytes(), &Known::of(Config::default()).unwrap(), &TimeZone::get("Asia/Karachi").unwrap())
    }

    #[test]
    fn complaints_are_read_as_offices_write_them() {
        let all = read(
            "\u{feff}ID,Time,callee,minutes,caller,said\r\n\
             a1,2026-03-02T14:05:00Z,+441632960001,5,+442079460000,\"He said \"\"tax\"\", and\nhung up\"\r\n\
             \r\n,,\r\n\
             ,2026-03-02 19:05,+44 1632 960002,,withheld,",
        );
        let all = all.unwrap();
        assert!(all.refused.is_empty(), "{:?}", all.refused);
        let [first, second] = all.complaints.as_slice() else { panic!("{all:?}") };
        assert_eq!((first.id.as_str(), first.within), ("a1", Duration::from_secs(300)));
        assert_eq!(first.said.as_deref(), Some("He said \"tax\", and\nhung up"));
        assert_eq!(first.caller, E164::from_digits(b"442079460000"));
        // A time without a zone is that of the office: the same moment.
        assert_eq!((second.at, second.within, second.caller), (first.at, Duration::from_secs(600), None));
        assert_eq!(second.callee, E164::from_digits(b"441632960002").unwrap());
    }

    #[test]
    fn a_line_that_is_none_is_told_of_and_the_others_count() {
        let long = "x".repeat(LINE_BYTES_MAX + 1);
        let text = format!(
            "callee,time\n+441632960001,yesterday\nBob,2026-03-02T14:05:00Z\n{long},x\n+441632960001,2026-03-02T14:05:00Z\n"
        );
        let all = read(&text).unwrap();
        assert_eq!(all.complaints.len(), 1, "{all:?}");
        assert_eq!(all.refused.len(), 3, "{all:?}");
        assert!(all.refused[0].starts_with("line 2: \"yesterday\" is no time"), "{all:?}");
        assert!(all.refused[1].starts_with("line 3: \"Bob\" is no telephone number"), "{all:?}");
        assert!(all.refused[2].starts_with("line 4: it is longer"), "{all:?}");
        let many = format!("callee,time\n{}", "x,y\n".repeat(50));
        assert_eq!(read(&many).unwrap().refused.last().unwrap(), "50 lines in all are no complaints");
    }

    #[test]
    fn columns_that_are_needed_are_asked_for() {
        assert_eq!(read("").unwrap_err(), "it is empty");
        assert_eq!(read("time,number\n").unwrap_err(), "its first line names no column \"callee\"");
    }
}

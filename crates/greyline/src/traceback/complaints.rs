//! Complaints in a file of CSV (RFC 4180), whose first line names the columns. Offices save it as their programs do: with commas, semicolons or
//! tabs between fields, as UTF-8, UTF-16 or Windows-1252.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use api::MINUTES_MAX;
use config::{Known, Zone};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
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
/// How far from the time said a call may lie, where the complaint does not say how sure it is.
const MINUTES: f64 = 10.0;
/// What may stand between fields: the first of them that the first line has most of.
const DELIMITERS: [u8; 3] = *b",;\t";
/// What the bytes from 0x80 to 0x9F mean in Windows-1252, as browsers read it; all others mean what they do in Unicode.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];
/// Which times are taken.
const TIMES: &str = "write the year first, as 2026-03-02T14:05 or 2026-03-02 14:05, with seconds or without, and where the zone is known with it, as \
    2026-03-02T14:05Z or 2026-03-02T14:05+05:00; where day and month come first they cannot be told apart";

/// A complaint.
#[derive(Debug, PartialEq)]
pub struct Complaint {
    /// What it is called, or its line.
    pub id: String,
    /// Who was called.
    pub callee: E164,
    /// When, as far as the victim remembers.
    pub at: Nanos,
    /// Whether that was said with its zone.
    pub zoned: bool,
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
    pub refused: Vec<Refused>,
    /// How it was read, where that is not as it says itself.
    pub notes: Vec<String>,
}

impl Complaints {
    /// Notes whose zone was taken where times say none.
    pub fn note_zone(&mut self, zone: &TimeZone) {
        let bare = self.complaints.iter().filter(|complaint| !complaint.zoned).count();
        if bare > 0 {
            let (all, zone) = (self.complaints.len(), zone.iana_name().unwrap_or("UTC"));
            self.notes.push(format!("the times of {bare} of {all} complaints say no zone: they are read as {zone}"));
        }
    }
}

/// A line that is no complaint.
#[derive(Debug, PartialEq)]
pub struct Refused {
    /// Its number, from 1.
    pub line: u64,
    /// What of it is to blame.
    pub wrong: Wrong,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, wrong: Wrong { column, why } } = self;
        match column {
            Some(column) => write!(f, "line {line}, column {column}: {why}"),
            None => write!(f, "line {line}: {why}"),
        }
    }
}

/// What keeps something from being a complaint.
#[derive(Debug, PartialEq)]
pub struct Wrong {
    /// The column, where it is one.
    pub column: Option<&'static str>,
    /// Why.
    pub why: String,
}

impl Wrong {
    fn of(column: &'static str, why: String) -> Self {
        Self { column: Some(column), why }
    }
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
    let (text, note) = text_of(bytes);
    let mut rows = Rows::of(text.as_bytes());
    let (_, header) = rows.next().ok_or("it is empty")?.map_err(|refused| refused.to_string())?;
    let column = |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
    let needed = |name: &str| {
        let named = header.iter().map(|column| format!("{:?}", column.trim())).collect::<Vec<_>>().join(", ");
        column(name).ok_or_else(|| format!("its first line names no column {name:?}; those it names are {named}"))
    };
    let columns = Columns {
        callee: needed("callee")?,
        time: needed("time")?,
        minutes: column("minutes"),
        caller: column("caller"),
        said: column("said"),
        id: column("id"),
    };
    let mut all = Complaints { notes: note.into_iter().map(str::to_owned).collect(), ..Complaints::default() };
    let mut refused = 0_u64;
    for row in rows {
        let complaint = row.and_then(|(line, row)| {
            columns.complaint(line, &row, known, zone).map_err(|wrong| Refused { line, wrong })
        });
        match complaint {
            Ok(complaint) => all.complaints.push(complaint),
            Err(line) => {
                refused += 1;
                if all.refused.len() < REFUSED_MAX {
                    all.refused.push(line);
                }
            }
        }
    }
    if refused > all.refused.len() as u64 {
        all.notes.push(format!("{refused} lines in all are no complaints; the first {REFUSED_MAX} are named"));
    }
    all.note_zone(zone);
    Ok(all)
}

/// The text that bytes mean, without the mark that says how they are to be read; and a note where that had to be guessed.
fn text_of(bytes: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks(2).map(|pair| <[u8; 2]>::try_from(pair).map_or(0xfffd, unit));
        let letters = char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
        Cow::Owned(letters.collect::<String>())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => (wide(rest, u16::from_le_bytes), None),
        [0xfe, 0xff, rest @ ..] => (wide(rest, u16::from_be_bytes), None),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => match str::from_utf8(rest) {
            Ok(text) => (Cow::Borrowed(text), None),
            Err(_) => {
                let letter = |&byte: &u8| match byte {
                    0x80..=0x9f => WINDOWS_1252.get(usize::from(byte - 0x80)).copied().unwrap_or(byte.into()),
                    _ => byte.into(),
                };
                let text = rest.iter().map(letter).collect::<String>();
                (Cow::Owned(text), Some("it is no UTF-8: it is read as Windows-1252 (Latin 1)"))
            }
        },
    }
}

/// What stands between the fields of a text, by its first line that holds anything.
fn delimiter(text: &[u8]) -> u8 {
    let mut lines = text.split(|byte| matches!(byte, b'\n' | b'\r'));
    let first = lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let count = |delimiter: &u8| first.iter().filter(|&byte| byte == delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',')
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
    fn complaint(&self, line: u64, row: &[String], known: &Known, zone: &TimeZone) -> Result<Complaint, Wrong> {
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
    pub fn read(&self, known: &Known, zone: &TimeZone) -> Result<Complaint, Wrong> {
        let number = |text: &str| match read(text.as_bytes(), known.numbering_plan(), None) {
            Reading::Number { number, .. } => Some(number),
            _ => None,
        };
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let (callee, time) = (self.callee.trim(), self.time.trim());
        let minutes = given(self.minutes).map_or(Ok(MINUTES), |text| {
            let minutes = text.parse::<f64>().ok().filter(|minutes| (0.0..=MINUTES_MAX).contains(minutes));
            let why = || format!("{text:?} is no number of minutes from 0 to {MINUTES_MAX}, a week");
            minutes.ok_or_else(|| Wrong::of("minutes", why()))
        })?;
        let callee = number(callee).ok_or_else(|| {
            let wanted = "is no telephone number in international form; national ones need `tap.home` or --home";
            Wrong::of("callee", format!("{callee:?} {wanted}"))
        })?;
        let (at, zoned) = moment(time, zone)
            .ok_or_else(|| Wrong::of("time", format!("{time:?} is no time that is taken: {TIMES}")))?;
        Ok(Complaint {
            id: given(self.id).unwrap_or_default(),
            callee,
            at,
            zoned,
            within: Duration::from_secs_f64(minutes * 60.0),
            caller: given(self.caller).as_deref().and_then(number),
            said: given(self.said),
        })
    }
}

/// A time with its zone, or one of `zone` without; and whether it says its zone.
fn moment(text: &str, zone: &TimeZone) -> Option<(Nanos, bool)> {
    let (stamp, zoned) = match text.parse::<Timestamp>() {
        Ok(stamp) => (stamp, true),
        Err(_) => (text.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok()?.timestamp(), false),
    };
    Some((Nanos::new(u64::try_from(stamp.as_nanosecond()).ok()?), zoned))
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
        let reader = ReaderBuilder::new().delimiter(delimiter(bytes)).build();
        Self { rest: bytes, reader, fields: vec![0; LINE_BYTES_MAX], ends: vec![0; FIELDS_MAX] }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<(u64, Vec<String>), Refused>;

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
                    let why = format!("it is longer than {LINE_BYTES_MAX} bytes or {FIELDS_MAX} fields");
                    return Some(Err(Refused { line, wrong: Wrong { column: None, why } }));
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
        let told: Vec<_> = all.refused.iter().map(ToString::to_string).collect();
        assert!(told[0].starts_with("line 2, column time: \"yesterday\" is no time"), "{told:?}");
        assert!(told[1].starts_with("line 3, column callee: \"Bob\" is no telephone number"), "{told:?}");
        assert!(told[2].starts_with("line 4: it is longer"), "{told:?}");
        let many = read(&format!("callee,time\n{}", "x,y\n".repeat(50))).unwrap();
        assert_eq!(many.refused.len(), REFUSED_MAX);
        assert_eq!(many.notes, ["50 lines in all are no complaints; the first 20 are named"]);
    }

    #[test]
    fn columns_that_are_needed_are_asked_for() {
        assert_eq!(read("").unwrap_err(), "it is empty");
        let missing = read("time;number\n").unwrap_err();
        assert_eq!(missing, "its first line names no column \"callee\"; those it names are \"time\", \"number\"");
    }

    #[test]
    fn files_are_read_however_a_program_saved_them() {
        let wide = |text: &str, unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let text = "callee,time,said\n+441632960001,2026-03-02T14:05Z,café – 5 €\n";
        let latin = b"callee,time,said\n+441632960001,2026-03-02T14:05Z,caf\xe9 \x96 5 \x80\n";
        let guessed = "it is no UTF-8: it is read as Windows-1252 (Latin 1)";
        let known = Known::of(Config::default()).unwrap();
        for (bytes, notes) in [
            (text.as_bytes().to_vec(), vec![]),
            (text.replace(',', ";").into_bytes(), vec![]),
            (text.replace(',', "\t").into_bytes(), vec![]),
            (text.replace('\n', "\r").into_bytes(), vec![]),
            (format!("\u{feff}{text}").into_bytes(), vec![]),
            (wide(&format!("\u{feff}{text}"), u16::to_le_bytes), vec![]),
            (wide(&format!("\u{feff}{}", text.replace(',', ";")), u16::to_be_bytes), vec![]),
            (latin.to_vec(), vec![guessed]),
        ] {
            let all = of_csv(&bytes, &known, &TimeZone::UTC).unwrap();
            assert_eq!(
                (all.complaints.len(), &all.refused, &all.notes),
                (1, &vec![], &notes.iter().map(ToString::to_string).collect())
            );
            assert_eq!(all.complaints[0].said.as_deref(), Some("café – 5 €"), "{}", String::from_utf8_lossy(&bytes));
        }
        // Half a letter at the end is a letter that cannot be read.
        assert_eq!(text_of(b"\xff\xfea\0b").0, "a\u{fffd}");
    }

    #[test]
    fn a_time_says_its_zone_or_is_said_to_have_none() {
        for (time, expected) in [
            ("2026-03-02T14:05Z", Some(true)),
            ("2026-03-02T14:05:30+05:00", Some(true)),
            ("2026-03-02 14:05", Some(false)),
            ("2026-03-02T14:05:30", Some(false)),
            ("03/03/2026 14:02", None),
            ("3.3.2026 14:02", None),
            ("2026-02-30T14:02", None),
            ("", None),
        ] {
            let all = read(&format!("callee,time\n+441632960001,{time}\n")).unwrap();
            assert_eq!(all.complaints.first().map(|complaint| complaint.zoned), expected, "{time}");
            let note = "the times of 1 of 1 complaints say no zone: they are read as Asia/Karachi";
            assert_eq!(all.notes, Vec::from_iter((expected == Some(false)).then(|| note.to_owned())), "{time}");
            assert!(all.refused.iter().all(|it| it.to_string().contains("2026-03-02T14:05+05:00")), "{time}");
        }
    }
}

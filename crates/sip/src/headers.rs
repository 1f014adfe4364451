//! The header block: one pass finds every field, and nothing is read further until someone asks.
//!
//! The index keeps, for each field, its name and where it lies, and chains the fields of one name, so that asking for
//! a header field costs two look-ups however many there are.

use arrayvec::ArrayVec;
use memchr::{memchr, memchr2};

use crate::text::{is_token, list, trim, trim_end};
use crate::{Defect, Defects, HeaderName};

/// The most header fields a message is indexed with; further ones are left out and noted as a defect.
pub const HEADERS_MAX: usize = 128;

/// The most bytes of start line and header fields that are read; the largest message of RFC 3261 §18.1.1.
pub const HEADER_BYTES_MAX: usize = 65_535;

/// One header field as it lies in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Which.
    pub id: HeaderName,
    /// Its name as written, without the colon and the space before it.
    pub name: &'a [u8],
    /// Its value without the white space around it. Folds (CR, LF, space) are still inside: they read as white space.
    pub value: &'a [u8],
}

/// No further field of this name; over every index.
const NONE: u8 = u8::MAX;

/// Where a field lies in the header block, in bytes from its start.
#[derive(Clone, Copy, Debug)]
struct Entry {
    name_at: u16,
    name_len: u16,
    value_at: u16,
    value_len: u16,
    id: HeaderName,
    /// The next field of the same name.
    next: u8,
}

/// The header fields of a message in the order they were written.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    bytes: &'a [u8],
    entries: ArrayVec<Entry, HEADERS_MAX>,
    first: [u8; HeaderName::COUNT],
    last: [u8; HeaderName::COUNT],
}

/// Where the header block ends.
pub(crate) struct End {
    /// Bytes up to and with the empty line, from where the block starts.
    pub length: usize,
    /// Whether the empty line was there.
    pub closed: bool,
}

impl<'a> Headers<'a> {
    /// Indexes the header block at the start of `bytes`, which is what follows the start line and its line end.
    pub(crate) fn index(bytes: &'a [u8], defects: &mut Defects) -> (Self, End) {
        let block = bytes.get(..HEADER_BYTES_MAX).unwrap_or(bytes);
        let mut headers = Self {
            bytes: block,
            entries: ArrayVec::new(),
            first: [NONE; HeaderName::COUNT],
            last: [NONE; HeaderName::COUNT],
        };
        let mut at = 0;
        // Each turn takes at least one byte, so the loop is linear in the block.
        while at < block.len() {
            let (end, after) = field_end(block, at, defects);
            if end == at {
                return (headers, End { length: after, closed: true });
            }
            headers.add(at, end, defects);
            at = after;
        }
        (headers, End { length: at, closed: false })
    }

    /// Enters the field that lies from `at` to `end`.
    fn add(&mut self, at: usize, end: usize, defects: &mut Defects) {
        let line = self.bytes.get(at..end).unwrap_or_default();
        let Some(colon) = colon(line) else { return defects.add(Defect::NoColon) };
        let name = trim_end(line.get(..colon).unwrap_or_default());
        let after = line.get(colon + 1..).unwrap_or_default();
        let value = trim(after);
        // Where the value starts: as far from the end of the line as what is left after its leading white space.
        let value_at = at + colon + 1 + (after.len() - crate::text::trim_start(after).len());
        let id = HeaderName::of(name);
        defects.add_if(Defect::FieldName, id == HeaderName::Other && !is_token(name));
        let place = self.entries.len() as u8;
        let entry = Entry {
            name_at: at as u16,
            name_len: name.len() as u16,
            value_at: value_at as u16,
            value_len: value.len() as u16,
            id,
            next: NONE,
        };
        if self.entries.try_push(entry).is_err() {
            return defects.add(Defect::TooManyFields);
        }
        self.chain(id, place);
    }

    /// Makes the field at `place` the last one called `id`.
    fn chain(&mut self, id: HeaderName, place: u8) {
        let Some(last) = self.last.get_mut(id as usize) else { return };
        let before = std::mem::replace(last, place);
        if let Some(entry) = self.entries.get_mut(usize::from(before)) {
            entry.next = place;
        } else if let Some(first) = self.first.get_mut(id as usize) {
            *first = place;
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn slice(&self, at: u16, length: u16) -> &'a [u8] {
        let at = usize::from(at);
        self.bytes.get(at..at + usize::from(length)).unwrap_or_default()
    }

    fn field(&self, entry: &Entry) -> Field<'a> {
        let name = self.slice(entry.name_at, entry.name_len);
        Field { id: entry.id, name, value: self.slice(entry.value_at, entry.value_len) }
    }

    /// Every field as written, first to last.
    pub fn iter(&self) -> impl Iterator<Item = Field<'a>> + '_ {
        self.entries.iter().map(|entry| self.field(entry))
    }

    /// Whether there is a field of this name.
    #[must_use]
    pub fn has(&self, id: HeaderName) -> bool {
        self.first.get(id as usize).is_some_and(|&place| place != NONE)
    }

    /// Whether there is more than one field of this name.
    pub(crate) fn repeats(&self, id: HeaderName) -> bool {
        self.first.get(id as usize) != self.last.get(id as usize)
    }

    /// The value of the first field of this name.
    #[must_use]
    pub fn first(&self, id: HeaderName) -> Option<&'a [u8]> {
        let place = *self.first.get(id as usize)?;
        let entry = self.entries.get(usize::from(place))?;
        Some(self.slice(entry.value_at, entry.value_len))
    }

    /// The value of every field of this name, one for each line: comma-separated values are not split.
    pub fn all(&self, id: HeaderName) -> impl Iterator<Item = &'a [u8]> + '_ {
        let mut place = self.first.get(id as usize).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let entry = self.entries.get(usize::from(place))?;
            place = entry.next;
            Some(self.slice(entry.value_at, entry.value_len))
        })
    }

    /// Every value of this name, comma-separated ones one by one: a list in one line or in several reads the same
    /// (RFC 3261 §7.3.1). Not for Authorization and its kin, whose commas part parameters.
    pub fn list(&self, id: HeaderName) -> impl Iterator<Item = &'a [u8]> + '_ {
        self.all(id).flat_map(list)
    }

    /// The value of the first field called `name`, in any case: for names [`HeaderName`] does not have (`X-CID`).
    #[must_use]
    pub fn named(&self, name: &[u8]) -> Option<&'a [u8]> {
        self.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
    }
}

/// Where the first colon is. Nearly every name is shorter than sixteen bytes, where a plain loop is the quickest.
fn colon(line: &[u8]) -> Option<usize> {
    let near = line.iter().take(16).position(|&byte| byte == b':');
    near.or_else(|| line.get(16..).and_then(|far| memchr(b':', far)).map(|at| at + 16))
}

/// Where the field that starts at `at` ends, folds included, and where the next line starts (RFC 3261 §7.3.1).
fn field_end(block: &[u8], at: usize, defects: &mut Defects) -> (usize, usize) {
    let mut from = at;
    loop {
        let Some(found) = block.get(from..).and_then(|rest| memchr2(b'\r', b'\n', rest)) else {
            return (block.len(), block.len());
        };
        let end = from + found;
        let after = end + line_end(block.get(end..).unwrap_or_default(), defects);
        let folded = matches!(block.get(after), Some(b' ' | b'\t'));
        // An empty line is the end of the block, whatever the next line starts with.
        if end == at || !folded {
            return (end, after);
        }
        from = after;
    }
}

/// How long the line end at the start of `rest` is. Lenient: a bare LF or a bare CR ends a line too
/// (fixtures/sip/bare-lf.sip, fixtures/sip/bare-cr.sip).
pub(crate) fn line_end(rest: &[u8], defects: &mut Defects) -> usize {
    match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\n', ..] => {
            defects.add(Defect::BareLf);
            1
        }
        [_, _, ..] => {
            defects.add(Defect::BareCr);
            1
        }
        // The last byte of a cut message: a CR whose LF is missing.
        rest => rest.len(),
    }
}

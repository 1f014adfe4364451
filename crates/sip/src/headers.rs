//! The header block: one pass finds every field, and nothing is read further until someone asks.
//!
//! The index keeps where each field lies and which it is, where the first of each name is, and which names are there
//! twice. So asking for a field, or for what is not there, costs one step, and what a message must have is checked
//! without a search.

use arrayvec::ArrayVec;
use crate::scan::{Break, Breaks, find};
use crate::text::{is_token, list, split_from, trim_end, trim_start};
use crate::{Defect, Defects, HeaderName};

/// The most header fields a message is indexed with; further ones are left out and noted as a defect.
pub const HEADERS_MAX: usize = 128;

/// The most bytes of header fields that are read: no datagram and no message of a stream is longer.
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

/// Where a field lies in the header block, in bytes from its start.
#[derive(Clone, Copy, Debug)]
struct Entry {
    name_at: u16,
    value_at: u16,
    value_len: u16,
    /// 255 for a longer one too.
    name_len: u8,
    id: HeaderName,
}

/// The header fields of a message in the order they were written.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    bytes: &'a [u8],
    entries: ArrayVec<Entry, HEADERS_MAX>,
    /// How many there were with the first of each name; 0 where there is none.
    firsts: [u8; HeaderName::COUNT],
    /// The names there are twice or more, one bit each.
    repeated: u128,
}

const _: () = assert!(HeaderName::COUNT <= 128, "a set of names is one u128");
const _: () = assert!(HEADERS_MAX < 256, "a count of fields is one u8");

/// Where the header block ends.
pub(crate) struct End {
    /// Bytes up to and with the empty line, from where the block starts.
    pub length: usize,
    /// Whether the empty line was there.
    pub closed: bool,
}

impl<'a> Headers<'a> {
    /// No fields.
    #[inline]
    pub(crate) fn none() -> Self {
        Self { bytes: &[], entries: ArrayVec::new(), firsts: [0; HeaderName::COUNT], repeated: 0 }
    }

    /// Indexes the block at the start of `bytes`, which are what follows the start line and its line end.
    pub(crate) fn index(&mut self, bytes: &'a [u8], defects: &mut Defects) -> End {
        let block = bytes.get(..HEADER_BYTES_MAX).unwrap_or(bytes);
        self.bytes = block;
        self.entries.clear();
        self.firsts = [0; HeaderName::COUNT];
        self.repeated = 0;
        let mut breaks = Breaks::new(block);
        let mut at = 0;
        // Each turn passes a break, and the last one the end of the block.
        while at < block.len() {
            let end = breaks.next().unwrap_or(Break { at: block.len(), after: block.len() });
            if end.after == end.at + 1 {
                line_end(block.get(end.at..).unwrap_or_default(), defects);
            }
            // An empty line is the end of the block, whatever the next line starts with.
            if end.at == at {
                return End { length: end.after, closed: true };
            }
            let folded = matches!(block.get(end.after), Some(b' ' | b'\t'));
            if !folded {
                self.add(at, end.at, defects);
                at = end.after;
            }
        }
        End { length: block.len(), closed: false }
    }

    /// Enters the field that lies from `at` to `end`.
    #[inline(always)]
    fn add(&mut self, at: usize, end: usize, defects: &mut Defects) {
        if let Some(entry) = plain(self.bytes, at, end) {
            return self.push(entry, defects);
        }
        let line = self.bytes.get(at..end).unwrap_or_default();
        let Some(colon) = find([b':'], line) else { return defects.add(Defect::NoColon) };
        let (name, value) = line.split_at_checked(colon).unwrap_or_default();
        let name = trim_end(name);
        let id = HeaderName::of(name);
        defects.add_if(Defect::FieldName, id == HeaderName::Other && !is_token(name));
        let value = trim_start(value.get(1..).unwrap_or_default());
        let entry = Entry {
            name_at: at as u16,
            value_at: (end - value.len()) as u16,
            value_len: trim_end(value).len() as u16,
            name_len: u8::try_from(name.len()).unwrap_or(u8::MAX),
            id,
        };
        self.push(entry, defects);
    }

    #[inline(always)]
    fn push(&mut self, entry: Entry, defects: &mut Defects) {
        let id = entry.id;
        if self.entries.try_push(entry).is_err() {
            return defects.add(Defect::TooManyFields);
        }
        match self.firsts.get_mut(id as usize) {
            Some(first @ 0) => *first = self.entries.len() as u8,
            _ => self.repeated |= 1 << id as u32,
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
        let name = if entry.name_len < u8::MAX {
            self.slice(entry.name_at, entry.name_len.into())
        } else {
            trim_end(split_from(self.slice(entry.name_at, entry.value_at.saturating_sub(entry.name_at)), b':').0)
        };
        Field { id: entry.id, name, value: self.slice(entry.value_at, entry.value_len) }
    }

    /// Every field as written, first to last.
    pub fn iter(&self) -> impl Iterator<Item = Field<'a>> + '_ {
        self.entries.iter().map(|entry| self.field(entry))
    }

    /// Whether there is a field of this name.
    #[must_use]
    #[inline]
    pub fn has(&self, id: HeaderName) -> bool {
        self.before(id).is_some()
    }

    /// How many fields stand before the first of this name.
    #[inline]
    fn before(&self, id: HeaderName) -> Option<usize> {
        usize::from(*self.firsts.get(id as usize)?).checked_sub(1)
    }

    /// The names there are twice or more, one bit each by [`HeaderName`]'s number.
    #[must_use]
    pub const fn repeated(&self) -> u128 {
        self.repeated
    }

    /// The value of the first field of this name.
    #[must_use]
    #[inline]
    pub fn first(&self, id: HeaderName) -> Option<&'a [u8]> {
        let entry = self.entries_of(id).first()?;
        Some(self.slice(entry.value_at, entry.value_len))
    }

    /// The entries from the first of this name on; it alone where it is the only one.
    #[inline]
    fn entries_of(&self, id: HeaderName) -> &[Entry] {
        let Some(first) = self.before(id) else { return &[] };
        let end = if self.repeated >> id as u32 & 1 == 1 { self.entries.len() } else { first + 1 };
        self.entries.get(first..end).unwrap_or_default()
    }

    /// The value of every field of this name, one for each line: comma-separated values are not split.
    #[inline]
    pub fn all(&self, id: HeaderName) -> impl Iterator<Item = &'a [u8]> + '_ {
        let of_name = self.entries_of(id).iter().filter(move |entry| entry.id == id);
        of_name.map(|entry| self.slice(entry.value_at, entry.value_len))
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

/// The field that lies from `at` to `end`, written as nearly all are: a known name of up to fifteen bytes, the colon,
/// one blank, and a value with no white space at its ends.
#[inline(always)]
fn plain(block: &[u8], at: usize, end: usize) -> Option<Entry> {
    let head = block.get(at..)?.first_chunk::<16>()?;
    let (id, length) = HeaderName::before_colon(head)?;
    let value_at = at + length + 2;
    let blank = block.get(value_at - 1) == Some(&b' ');
    let trimmed = value_at < end && *block.get(value_at)? > b' ' && *block.get(end - 1)? > b' ';
    (blank && trimmed).then(|| Entry {
        name_at: at as u16,
        value_at: value_at as u16,
        value_len: (end - value_at) as u16,
        name_len: length as u8,
        id,
    })
}

/// How long the line end at the start of `rest` is. Lenient: a bare LF or a bare CR ends a line too
/// (fixtures/sip/bare-lf.sip, fixtures/sip/bare-cr.sip).
#[inline]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_by_name_and_in_order() {
        let block = b"v: a\r\nX-CID : 1\r\nVia:b\r\n c, d\r\nTo:\r\n\r\nbody";
        let mut headers = Headers::none();
        let mut defects = Defects::NONE;
        let end = headers.index(block, &mut defects);
        assert!(end.closed && end.length == block.len() - 4 && defects.is_empty());
        assert_eq!(headers.all(HeaderName::Via).collect::<Vec<_>>(), [&b"a"[..], b"b\r\n c, d"]);
        assert_eq!(headers.list(HeaderName::Via).collect::<Vec<_>>(), [&b"a"[..], b"b\r\n c", b"d"]);
        assert_eq!(headers.first(HeaderName::To), Some(&b""[..]));
        assert_eq!((headers.named(b"x-cid"), headers.first(HeaderName::From)), (Some(&b"1"[..]), None));
        assert_eq!(headers.repeated(), 1 << HeaderName::Via as u32);
        let names: Vec<_> = headers.iter().map(|field| field.name).collect();
        assert_eq!(names, [&b"v"[..], b"X-CID", b"Via", b"To"]);
    }
}

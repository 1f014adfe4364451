//! The header block: one pass finds every field, and nothing is read further until someone asks.
//!
//! The index keeps where each field lies and which it is, and for each name where the first field of it is. So asking for
//! a field costs one step whether it is there or not, and what a message must have is checked without a search.

use arrayvec::ArrayVec;

use crate::scan::{Breaks, find, line_break};
use crate::text::{is_token, list, trim, trim_end};
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

/// Where a field lies in the header block, in bytes from its start. What white space its value has is left to who asks.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at: u16,
    end: u16,
    /// How long its name is, with the white space before the colon.
    name: u16,
    id: HeaderName,
}

/// The header fields of a message in the order they were written.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    bytes: &'a [u8],
    entries: ArrayVec<Entry, HEADERS_MAX>,
    /// For each name the place of the first field of it, counted from 1; 0 where there is none.
    firsts: [u8; HeaderName::COUNT],
    /// The names there are twice or more.
    repeated: u128,
}

const _: () = assert!(HeaderName::COUNT <= 128, "a set of names is one u128");
const _: () = assert!(HEADERS_MAX < 256, "a place is one byte");

/// Where the header block ends.
pub(crate) struct End {
    /// Bytes up to and with the empty line, from where the block starts.
    pub length: usize,
    /// Whether the empty line was there.
    pub closed: bool,
}

impl<'a> Headers<'a> {
    /// None.
    #[inline]
    pub(crate) fn none() -> Self {
        Self { bytes: &[], entries: ArrayVec::new(), firsts: [0; HeaderName::COUNT], repeated: 0 }
    }

    /// Indexes the block at the start of `bytes`, which are what follows the start line and its line end.
    #[inline(never)]
    pub(crate) fn index(&mut self, bytes: &'a [u8], defects: &mut Defects) -> End {
        let block = bytes.get(..HEADER_BYTES_MAX).unwrap_or(bytes);
        (self.bytes, self.firsts, self.repeated) = (block, [0; HeaderName::COUNT], 0);
        self.entries.clear();
        let (mut breaks, mut at) = (Breaks::new(block), 0);
        // Each turn takes at least one byte, so the loop is linear in the block.
        loop {
            while let Some(field) = plain_field(block, at, &mut breaks) {
                self.add(field.id, at, field.colon, field.end, defects);
                at = field.end + LINE_END_LEN;
                if field.is_last {
                    return End { length: at + LINE_END_LEN, closed: true };
                }
            }
            let Some(rest) = block.get(at..).filter(|rest| !rest.is_empty()) else {
                return End { length: at, closed: false };
            };
            let (end, after) = field_end(rest, defects);
            if end == 0 {
                return End { length: at + after, closed: true };
            }
            match any_name(rest.get(..end).unwrap_or(rest), defects) {
                Some((id, colon)) => self.add(id, at, colon, at + end, defects),
                None => defects.add(Defect::NoColon),
            }
            at += after;
        }
    }

    /// Enters a field.
    #[inline]
    fn add(&mut self, id: HeaderName, at: usize, colon: usize, end: usize, defects: &mut Defects) {
        let entry = Entry { at: at as u16, end: end as u16, name: colon as u16, id };
        if self.entries.try_push(entry).is_err() {
            return defects.add(Defect::TooManyFields);
        }
        let Some(first) = self.firsts.get_mut(id as usize) else { return };
        if *first == 0 {
            *first = self.entries.len() as u8;
        } else {
            self.repeated |= 1 << id as u32;
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

    /// The value of a field.
    #[inline]
    fn value(&self, entry: &Entry) -> &'a [u8] {
        let behind_colon = usize::from(entry.at) + usize::from(entry.name) + 1;
        match self.bytes.get(behind_colon..usize::from(entry.end)).unwrap_or_default() {
            // A blank stands there as a rule; taken off here, nearly every value needs no more.
            [b' ', value @ ..] | value => trim(value),
        }
    }

    /// The name of a field as written.
    #[inline]
    fn name(&self, entry: &Entry) -> &'a [u8] {
        let name = usize::from(entry.at)..usize::from(entry.at) + usize::from(entry.name);
        trim_end(self.bytes.get(name).unwrap_or_default())
    }

    /// The names as written of those fields that `wanted` picks, first to last.
    pub(crate) fn written(&self, wanted: impl Fn(HeaderName) -> bool) -> impl Iterator<Item = &'a [u8]> {
        self.entries.iter().filter(move |entry| wanted(entry.id)).map(|entry| self.name(entry))
    }

    fn field(&self, entry: &Entry) -> Field<'a> {
        Field { id: entry.id, name: self.name(entry), value: self.value(entry) }
    }

    /// Every field as written, first to last.
    pub fn iter(&self) -> impl Iterator<Item = Field<'a>> + '_ {
        self.entries.iter().map(|entry| self.field(entry))
    }

    /// Whether there is a field of this name.
    #[must_use]
    #[inline]
    pub fn has(&self, id: HeaderName) -> bool {
        self.place(id) != 0
    }

    #[inline]
    fn place(&self, id: HeaderName) -> usize {
        self.firsts.get(id as usize).map_or(0, |&place| usize::from(place))
    }

    /// The names there are, one bit each by [`HeaderName`]'s number.
    #[must_use]
    pub fn names(&self) -> u128 {
        self.firsts.iter().rev().fold(0, |names, &place| names << 1 | u128::from(place != 0))
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
        let entry = self.entries.get(self.place(id).checked_sub(1)?)?;
        Some(self.value(entry))
    }

    /// The value of every field of this name, one for each line: comma-separated values are not split.
    #[inline]
    pub fn all(&self, id: HeaderName) -> impl Iterator<Item = &'a [u8]> + '_ {
        let entries = match self.place(id).checked_sub(1) {
            Some(first) if self.repeated >> id as u32 & 1 == 0 => self.entries.get(first..=first),
            Some(first) => self.entries.get(first..),
            None => None,
        };
        let of_name = entries.unwrap_or_default().iter().filter(move |entry| entry.id == id);
        of_name.map(|entry| self.value(entry))
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

/// Bytes of a CR LF.
const LINE_END_LEN: usize = 2;
const LINE_END: u16 = u16::from_le_bytes(*b"\r\n");
/// The end of the last field and the empty line behind it.
const BLOCK_END: u32 = u32::from_le_bytes(*b"\r\n\r\n");

/// A field as nearly all are written: a short name that is known, a value of one line, CR LF.
struct Plain {
    id: HeaderName,
    /// How long its name is.
    colon: usize,
    /// Where in the block its line ends.
    end: usize,
    /// Whether the empty line comes next.
    is_last: bool,
}

/// The field that starts at `at`, if it is a plain one.
#[inline]
fn plain_field(block: &[u8], at: usize, breaks: &mut Breaks<'_>) -> Option<Plain> {
    let end = breaks.control(at)?;
    let behind = u32::from_le_bytes(*block.get(end..)?.first_chunk()?);
    let [_, _, next, _] = behind.to_le_bytes();
    let is_last = behind == BLOCK_END;
    // A blank begins a fold.
    if behind as u16 != LINE_END || next <= b' ' && !is_last {
        return None;
    }
    breaks.pass_lf();
    let (id, colon) = HeaderName::quick(block.get(at..)?.first_chunk()?)?;
    Some(Plain { id, colon, end, is_last })
}

/// The name before the first colon of a field, and how long it is with the white space behind it.
#[inline(never)]
fn any_name(field: &[u8], defects: &mut Defects) -> Option<(HeaderName, usize)> {
    let colon = find([b':'], field)?;
    let name = trim_end(field.get(..colon)?);
    let id = HeaderName::of(name);
    defects.add_if(Defect::FieldName, id == HeaderName::Other && !is_token(name));
    Some((id, colon))
}

/// Where the field at the start of `rest` ends, folds included, and where the next line starts (RFC 3261 §7.3.1).
#[inline(never)]
fn field_end(rest: &[u8], defects: &mut Defects) -> (usize, usize) {
    let mut from = 0;
    while let Some(end) = line_break(rest, from) {
        from = end + line_end(rest.get(end..).unwrap_or_default(), defects);
        let folded = matches!(rest.get(from), Some(b' ' | b'\t'));
        // An empty line is the end of the block, whatever the next line starts with.
        if end == 0 || !folded {
            return (end, from);
        }
    }
    (rest.len(), rest.len())
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
        let (mut headers, mut defects) = (Headers::none(), Defects::NONE);
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

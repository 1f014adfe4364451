//! The header block: one pass finds every field, and nothing is read further until someone asks.
//!
//! The index keeps where each field lies and which it is, and for each name where the first field of it is. So asking for
//! a field costs one step whether it is there or not, and what a message must have is checked without a search.

use arrayvec::ArrayVec;

use crate::name::Spelling;
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

/// Where a field lies in the header block, in bytes from its start: one word, so that entering a field is one store. What
/// white space its value has is left to who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry(u64);

impl Entry {
    /// A field from `at` to `end`; its name may have white space before the colon.
    #[inline]
    fn new(at: usize, end: usize, name: Spelling) -> Self {
        Self(u64::from(name.bits()) << 32 | (end as u64) << 16 | at as u64)
    }

    /// Where it starts.
    const fn at(self) -> usize {
        self.0 as u16 as usize
    }

    /// Where its line ends, or the last of its lines.
    const fn end(self) -> usize {
        (self.0 >> 16) as u16 as usize
    }

    /// Where its colon is.
    const fn colon(self) -> usize {
        self.at() + self.name().len()
    }

    const fn name(self) -> Spelling {
        Spelling::from_bits((self.0 >> 32) as u32)
    }

    /// The same with its end elsewhere.
    const fn until(self, end: usize) -> Self {
        Self(self.0 & !(0xffff << 16) | (end as u64) << 16)
    }

    fn is(self, id: HeaderName) -> bool {
        self.name().number() == id as u8
    }
}

/// The header fields of a message in the order they were written.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    bytes: &'a [u8],
    entries: ArrayVec<Entry, HEADERS_MAX>,
    /// For each name the place of the first field of it, counted from 1; 0 where there is none.
    firsts: [u8; NAMES],
    /// The names there are twice or more.
    repeated: u128,
}

/// Names that an index has room for: more than there are, and as many as a set of one bit each.
const NAMES: usize = 128;

const _: () = assert!(HeaderName::COUNT <= NAMES, "a set of names is one u128");
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
        Self { bytes: &[], entries: ArrayVec::new(), firsts: [0; NAMES], repeated: 0 }
    }

    /// Indexes the block at the start of `bytes`, which are what follows the start line and its line end.
    #[inline(never)]
    pub(crate) fn index(&mut self, bytes: &'a [u8], defects: &mut Defects) -> End {
        let block = bytes.get(..HEADER_BYTES_MAX).unwrap_or(bytes);
        self.bytes = block;
        if !self.entries.is_empty() {
            (self.firsts, self.repeated) = ([0; NAMES], 0);
            self.entries.clear();
        }
        let (mut breaks, mut at) = (Breaks::new(block), 0);
        // Each turn takes at least one byte, so the loop is linear in the block.
        loop {
            let plain = self.plain_fields(at, &mut breaks);
            let continues = plain > at;
            at = plain;
            let rest = match block.get(at..) {
                Some([b'\r', b'\n', ..]) => return End { length: at + LINE_END_LEN, closed: true },
                Some(rest @ [_, ..]) => rest,
                _ => return End { length: at, closed: false },
            };
            let (end, after) = field_end(rest, defects);
            if end == 0 {
                return End { length: at + after, closed: true };
            }
            // A blank begins a fold.
            match self.entries.last_mut().filter(|_| continues && matches!(rest, [b' ' | b'\t', ..])) {
                Some(last) => *last = last.until(at + end),
                None => match any_name(rest.get(..end).unwrap_or(rest), defects) {
                    Some(name) => self.add(Entry::new(at, at + end, name), defects),
                    None => defects.add(Defect::NoColon),
                },
            }
            at += after;
        }
    }

    /// Enters the fields from `at` on that are written as nearly all are: a name that is known with its colon right
    /// behind it, CR LF at the end of the line. Gives back where the first line starts that is none, which may be one
    /// that continues the field before it.
    #[inline(always)] // Its one caller keeps it in registers.
    fn plain_fields(&mut self, mut at: usize, breaks: &mut Breaks<'_>) -> usize {
        let block = self.bytes;
        // The last few bytes are not worth a way of their own.
        while let Some(line) = block.get(at..).and_then(|rest| rest.first_chunk()) {
            let name = match HeaderName::quick(line) {
                Some(name) => name,
                None => match HeaderName::long(block, at) {
                    Some(name) => name,
                    None => return at,
                },
            };
            // A name with a CR in it ends here, and no LF follows.
            let Some(end) = breaks.control(at) else { return at };
            if block.get(end..end + LINE_END_LEN) != Some(LINE_END) {
                return at;
            }
            if self.entries.try_push(Entry::new(at, end, name)).is_err() {
                return at;
            }
            breaks.pass_lf();
            self.note(name);
            at = end + LINE_END_LEN;
        }
        at
    }

    /// Enters a field.
    #[inline]
    fn add(&mut self, entry: Entry, defects: &mut Defects) {
        if self.entries.try_push(entry).is_err() {
            return defects.add(Defect::TooManyFields);
        }
        self.note(entry.name());
    }

    /// Notes the name of the field entered last.
    #[inline(always)]
    fn note(&mut self, name: Spelling) {
        let Some(first) = self.firsts.get_mut(usize::from(name.number()) % NAMES) else { return };
        if *first == 0 {
            *first = self.entries.len() as u8;
        } else {
            self.repeated |= 1 << name.number();
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
    pub(crate) fn value(&self, entry: Entry) -> &'a [u8] {
        match self.plain(entry) {
            Some((from, to)) => self.bytes.get(from..to).unwrap_or_default(),
            None => self.value_in_space(entry),
        }
    }

    /// Where the value of a field lies that has one blank before it and none behind it, as nearly all are written.
    #[inline]
    fn plain(&self, entry: Entry) -> Option<(usize, usize)> {
        let (colon, end) = (entry.colon(), entry.end());
        match self.bytes.get(colon..end) {
            Some([_, b' ', b'!'..=u8::MAX, ..]) if self.bytes.get(end - 1).is_some_and(|&last| last > b' ') => {
                Some((colon + 2, end))
            }
            _ => None,
        }
    }

    /// The block, and where in it the value of the first field of this name lies, where that is [plain](Self::plain).
    #[inline]
    pub(crate) fn plain_first(&self, id: HeaderName) -> Option<(&'a [u8], usize, usize)> {
        let (from, to) = self.plain(*self.entries.get(self.place(id).checked_sub(1)?)?)?;
        Some((self.bytes, from, to))
    }

    #[cold]
    #[inline(never)]
    fn value_in_space(&self, entry: Entry) -> &'a [u8] {
        trim(self.bytes.get(entry.colon() + 1..entry.end()).unwrap_or_default())
    }

    /// The name of a field as written.
    #[inline]
    pub(crate) fn name(&self, entry: Entry) -> &'a [u8] {
        match self.bytes.get(entry.at()..entry.colon()).unwrap_or_default() {
            name @ [.., b'!'..=u8::MAX] => name,
            name => trim_end(name),
        }
    }

    /// Every field, first to last: the number of its [`HeaderName`], and where it lies.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u8, Entry)> {
        self.entries.iter().map(|&entry| (entry.name().number(), entry))
    }

    fn field(&self, entry: Entry) -> Field<'a> {
        Field { id: entry.name().name(), name: self.name(entry), value: self.value(entry) }
    }

    /// Every field as written, first to last.
    pub fn iter(&self) -> impl Iterator<Item = Field<'a>> + '_ {
        self.entries.iter().map(|&entry| self.field(entry))
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

    /// Whether there are two fields of this name or more.
    #[must_use]
    #[inline]
    pub const fn repeats(&self, id: HeaderName) -> bool {
        self.repeated >> id as u32 & 1 != 0
    }

    /// The names there are twice or more, one bit each by [`HeaderName`]'s number.
    #[must_use]
    pub const fn repeated(&self) -> u128 {
        self.repeated
    }

    /// Whether the bytes end within the first field of this name: what would end its line is not there.
    #[must_use]
    pub fn ends_within(&self, id: HeaderName) -> bool {
        let entry = self.place(id).checked_sub(1).and_then(|place| self.entries.get(place));
        entry.is_some_and(|entry| entry.end() == self.bytes.len())
    }

    /// The value of the first field of this name.
    #[must_use]
    #[inline]
    pub fn first(&self, id: HeaderName) -> Option<&'a [u8]> {
        let entry = self.entries.get(self.place(id).checked_sub(1)?)?;
        Some(self.value(*entry))
    }

    /// The value of every field of this name, one for each line: comma-separated values are not split.
    #[inline]
    pub fn all(&self, id: HeaderName) -> impl Iterator<Item = &'a [u8]> + '_ {
        let entries = match self.place(id).checked_sub(1) {
            Some(first) if !self.repeats(id) => self.entries.get(first..=first),
            Some(first) => self.entries.get(first..),
            None => None,
        };
        let of_name = entries.unwrap_or_default().iter().filter(move |entry| entry.is(id));
        of_name.map(|&entry| self.value(entry))
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
const LINE_END: &[u8] = b"\r\n";

/// The name before the first colon of a field, with the white space behind it.
#[inline(never)]
fn any_name(field: &[u8], defects: &mut Defects) -> Option<Spelling> {
    let colon = find([b':'], field)?;
    let name = trim_end(field.get(..colon)?);
    let id = HeaderName::of(name);
    defects.add_if(Defect::FieldName, id == HeaderName::Other && !is_token(name));
    Some(Spelling::new(id, colon))
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

    #[test]
    fn a_field_whose_line_has_no_end_is_where_the_bytes_end() {
        for (block, cut) in [
            ("Call-ID: a", true),
            ("Call-ID: a\r", false),
            ("i:a\r\nTo: b", false),
            ("To: b\r\ni:", true),
            ("To: b", false),
        ] {
            let mut headers = Headers::none();
            headers.index(block.as_bytes(), &mut Defects::NONE.clone());
            assert_eq!(headers.ends_within(HeaderName::CallId), cut, "{block:?}");
        }
    }

    #[test]
    fn no_line_end_is_part_of_a_name() {
        let block = b"Call\rID: 0123456789abcdef\r\nProxy\rRequire: 0123456789abcdef\r\n\r\n";
        let (mut headers, mut defects) = (Headers::none(), Defects::NONE);
        assert_eq!(headers.index(block, &mut defects).length, block.len());
        let ids: Vec<_> = headers.iter().map(|field| field.id).collect();
        assert_eq!(ids, [HeaderName::Other, HeaderName::Require]);
        assert!(defects.has(Defect::BareCr) && defects.has(Defect::NoColon));
    }

    #[test]
    fn folds_belong_to_the_line_before_them_however_it_is_written() {
        let block =
            b"Contact: 0123456789abcdef\r\n x\r\n\ty\r\nX-CID: 1\r\n 2\r\nFoo\r\n : 3\r\nVia: 0123456789abcdef\r\n z";
        let (mut headers, mut defects) = (Headers::none(), Defects::NONE);
        assert!(!headers.index(block, &mut defects).closed && defects.is_empty());
        let values: Vec<_> = headers.iter().map(|field| field.value).collect();
        assert_eq!(values, [&b"0123456789abcdef\r\n x\r\n\ty"[..], b"1\r\n 2", b"3", b"0123456789abcdef\r\n z"]);
    }
}

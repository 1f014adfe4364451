//! A bundle as one ZIP archive, read as strictly as [`Sealed::zip`](crate::Sealed::zip) writes it: files of one folder, none of them compressed, one behind
//! the other, each listed once in the same words, and nothing before, between or behind them. Where two programs could unpack two things out of one
//! archive there is none to check.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::verify::{FILES_MAX, is_plain};

/// The records of an archive (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16), without what is of another length in each.
const LOCAL: usize = 30;
const LISTED: usize = 46;
const END: usize = 22;
/// What a file of UNIX is that is no link, folder or device (`S_IFREG`).
const REGULAR: u16 = 0o100_000;
/// The bits of its mode that say so.
const KIND: u16 = 0o170_000;

/// Where a file lies in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// What it holds.
    pub bytes: Range<usize>,
    /// Whether the checksum of the archive says the same.
    pub sums_up: bool,
}

/// The files of an archive, by their names within its folder.
///
/// # Errors
/// In which way it is not as it would have been written.
pub(crate) fn members(archive: &[u8]) -> Result<BTreeMap<String, Member>, &'static str> {
    let (before, end) = archive.split_last_chunk::<END>().ok_or("it is too short")?;
    let mut end = Fields(end);
    // Lenient in nothing: a comment may hide an end of its own, and a second disk another archive.
    let is_end = end.is(b"PK\x05\x06") && end.half() == Some(0) && end.half() == Some(0);
    let (here, all) = (end.half(), end.half());
    let (length, from, comment) = (end.word(), end.word(), end.half());
    let (Some(count), Some(length), Some(from)) = (here, length, from) else { return Err("it is too short") };
    if !is_end || here != all || comment != Some(0) || from.checked_add(length) != Some(before.len()) {
        return Err("its last bytes are not the end of its list");
    }
    if usize::from(count) > FILES_MAX {
        return Err("it holds too many files");
    }
    let (files, mut list) = before.split_at_checked(from).ok_or("its list is not where it says")?;
    let (mut members, mut at, mut folder) = (BTreeMap::new(), 0, None);
    for _ in 0..count {
        let (listed, rest) = list.split_first_chunk::<LISTED>().ok_or("its list ends early")?;
        let listed = Listed::read(listed).ok_or("it is packed in another way than greyline packs")?;
        let (path, rest) = rest.split_at_checked(listed.name).ok_or("its list ends early")?;
        list = rest;
        if listed.at != at {
            return Err("its files do not lie one behind the other");
        }
        let local = files.get(at..).and_then(<[u8]>::split_first_chunk::<LOCAL>);
        let (local, rest) = local.ok_or("a file is not where the list says")?;
        let begin = at + LOCAL + path.len();
        let bytes = begin..begin.saturating_add(listed.size);
        if !listed.is_said_by(local) || !rest.starts_with(path) {
            return Err("a file calls itself other than the list does");
        }
        let held = files.get(bytes.clone()).ok_or("a file is not where the list says")?;
        at = bytes.end;
        let named = std::str::from_utf8(path).ok().and_then(|path| path.split_once('/'));
        let (own, name) =
            named.filter(|(own, name)| is_plain(own) && is_plain(name)).ok_or("a name leads elsewhere")?;
        if *folder.get_or_insert(own) != own {
            return Err("it holds more than one folder");
        }
        let sums_up = crc32fast::hash(held) == listed.crc;
        if members.insert(name.to_owned(), Member { bytes, sums_up }).is_some() {
            return Err("a name is listed twice");
        }
    }
    if at != files.len() || !list.is_empty() {
        return Err("it holds what it does not list");
    }
    Ok(members)
}

/// A line of the list.
struct Listed {
    /// Version, flags, method, time, day, checksum, both sizes, length of the name: what stands before the file, too.
    said: [u8; LOCAL - 6],
    crc: u32,
    size: usize,
    name: usize,
    at: usize,
}

impl Listed {
    /// Nothing where it says what no file of ours says: that is compressed, encrypted, followed by its sizes, or more than a name and bytes.
    fn read(line: &[u8; LISTED]) -> Option<Self> {
        let mut fields = Fields(line);
        if !fields.is(b"PK\x01\x02") {
            return None;
        }
        fields.half()?;
        let said = *fields.0.first_chunk()?;
        fields.half()?;
        let (flags, method) = (fields.half()?, fields.half()?);
        let _time_and_day = fields.word()?;
        let crc = u32::try_from(fields.word()?).ok()?;
        let (packed, size, name) = (fields.word()?, fields.word()?, usize::from(fields.half()?));
        let more = [fields.half()?, fields.half()?, fields.half()?, fields.half()?, fields.half()?];
        let mode = fields.half()?;
        let plain = (flags, method, more) == (0, 0, [0; 5]) && packed == size;
        (plain && mode & KIND == REGULAR).then_some(Self { said, crc, size, name, at: fields.word()? })
    }

    /// Whether what stands before the file says the same.
    fn is_said_by(&self, local: &[u8; LOCAL]) -> bool {
        let mut fields = Fields(local);
        fields.is(b"PK\x03\x04") && fields.0.strip_prefix(&self.said) == Some(&[0, 0])
    }
}

/// Little-endian fields, one behind the other.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    /// Whether these are the next bytes.
    fn is(&mut self, bytes: &[u8]) -> bool {
        self.0.strip_prefix(bytes).is_some_and(|rest| {
            self.0 = rest;
            true
        })
    }

    fn half(&mut self) -> Option<u16> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_le_bytes(*bytes))
    }

    fn word(&mut self) -> Option<usize> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        usize::try_from(u32::from_le_bytes(*bytes)).ok()
    }
}

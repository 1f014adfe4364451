//! What lies on disk for one sink, as bytes: a segment is a file of records one behind the other.
//!
//! ```text
//! length u32 | CRC-32 of what follows u32 | place u64 | time u64 | length of the key u16 | key | record as JSON
//! ```
//!
//! All numbers are little-endian, and the length counts what stands behind the CRC. A file ends where a record does not hold: that is
//! the end of what was being written when the process was killed, and whatever stands behind it was not acknowledged.

use bytes::Bytes;
use types::Nanos;

use crate::item::Item;
use crate::tally::What;

/// Bytes of a record before its key.
const HEAD: usize = 4 + 4 + 8 + 8 + 2;
/// The longest record: what claims to be longer is none.
const LENGTH_MAX: usize = 16 << 20;

/// A record as it lies in a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'s> {
    /// Its place in the order of its sink.
    pub place: u64,
    /// The moment of the capture it belongs to.
    pub at: Nanos,
    /// What tells it from other records.
    pub key: &'s str,
    /// The record.
    pub json: &'s [u8],
}

impl Entry<'_> {
    pub(crate) fn item(&self, what: What) -> Item {
        Item { what, at: self.at, key: self.key.into(), json: Bytes::copy_from_slice(self.json) }
    }
}

/// The records of a segment, up to its end or the first that does not hold.
#[derive(Clone, Debug)]
pub struct Entries<'s> {
    bytes: &'s [u8],
    at: usize,
}

impl<'s> Entries<'s> {
    /// The records of a file.
    #[must_use]
    pub const fn of(bytes: &'s [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes of the records that were read: behind them stands the next, or nothing that holds.
    #[must_use]
    pub const fn read(&self) -> usize {
        self.at
    }

    fn parse(rest: &'s [u8]) -> Option<(Entry<'s>, usize)> {
        let (length, rest) = rest.split_first_chunk()?;
        let (sum, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok().filter(|&length| length <= LENGTH_MAX)?;
        let body = rest.get(..length)?;
        if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
            return None;
        }
        let (place, body) = body.split_first_chunk()?;
        let (at, body) = body.split_first_chunk()?;
        let (key, body) = body.split_first_chunk()?;
        let (key, json) = body.split_at_checked(u16::from_le_bytes(*key).into())?;
        let key = std::str::from_utf8(key).ok()?;
        let (place, at) = (u64::from_le_bytes(*place), Nanos::new(u64::from_le_bytes(*at)));
        Some((Entry { place, at, key, json }, 8 + length))
    }
}

impl<'s> Iterator for Entries<'s> {
    type Item = Entry<'s>;

    fn next(&mut self) -> Option<Entry<'s>> {
        let (entry, bytes) = Self::parse(self.bytes.get(self.at..)?)?;
        self.at += bytes;
        Some(entry)
    }
}

/// Writes a record behind those in `bytes`; tells whether it can be written.
pub(crate) fn write(bytes: &mut Vec<u8>, place: u64, item: &Item) -> bool {
    let Ok(key) = u16::try_from(item.key.len()) else { return false };
    let body = HEAD - 8 + item.key.len() + item.json.len();
    let Some(length) = u32::try_from(body).ok().filter(|_| body <= LENGTH_MAX) else { return false };
    let from = bytes.len();
    bytes.extend(length.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(place.to_le_bytes());
    bytes.extend(item.at.get().to_le_bytes());
    bytes.extend(key.to_le_bytes());
    bytes.extend(item.key.as_bytes());
    bytes.extend(&item.json);
    let sum = crc32fast::hash(bytes.get(from + 8..).unwrap_or_default());
    if let Some(place) = bytes.get_mut(from + 4..from + 8) {
        place.copy_from_slice(&sum.to_le_bytes());
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn item(number: u64) -> Item {
        let json = format!("{{\"n\":{number}}}").repeat(1 + number as usize % 5);
        Item { what: What::Alert, at: Nanos::new(number), key: format!("k{number}").into(), json: json.into() }
    }

    fn written(count: u64) -> (Vec<u8>, Vec<usize>) {
        let (mut bytes, mut ends) = (Vec::new(), vec![0]);
        for number in 0..count {
            assert!(write(&mut bytes, number, &item(number)));
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    #[test]
    fn what_was_written_is_read() {
        let (bytes, _) = written(20);
        let mut entries = Entries::of(&bytes);
        for number in 0..20 {
            let entry = entries.next().unwrap();
            assert_eq!((entry.place, entry.item(What::Alert)), (number, item(number)));
        }
        assert_eq!((entries.next(), entries.read()), (None, bytes.len()));
    }

    proptest! {
        /// Wherever a file is torn, all whole records before are read and nothing else.
        #[test]
        fn a_torn_file_is_read_up_to_the_tear(count in 1_u64..12, at in 0.0..1.0) {
            let (bytes, ends) = written(count);
            let torn = (at * bytes.len() as f64) as usize;
            let mut entries = Entries::of(&bytes[..torn]);
            let whole = entries.by_ref().count();
            prop_assert_eq!(entries.read(), ends[whole]);
            prop_assert!(ends[whole] <= torn && ends.get(whole + 1).is_none_or(|&end| torn < end));
        }

        /// A byte that has changed is noticed.
        #[test]
        fn a_changed_byte_ends_the_file(count in 1_u64..12, at in 0.0..1.0, change in 1_u8..) {
            let (mut bytes, ends) = written(count);
            let at = (at * bytes.len() as f64) as usize;
            bytes[at] ^= change;
            let whole = Entries::of(&bytes).count();
            prop_assert_eq!(whole, ends.iter().filter(|&&end| end <= at).count() - 1);
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in vec(any::<u8>(), 0..400)) {
            let mut entries = Entries::of(&bytes);
            let count = entries.by_ref().count();
            prop_assert!(entries.read() <= bytes.len() && count * HEAD <= bytes.len());
        }
    }
}

//! Which numbers a certificate may speak for: the TNAuthList of RFC 8226 §9.
//!
//! In practice it names the service provider (SHAKEN, ATIS-1000080), which says nothing about single numbers; where it
//! lists numbers, the caller's must be among them.

use x509_parser::asn1_rs::{Any, FromDer as _};

/// `id-pe-TNAuthList`.
pub(crate) const TN_AUTH_LIST: &str = "1.3.6.1.5.5.7.1.26";

/// Entries read of a certificate; one that lists more speaks for those.
const ENTRIES_MAX: usize = 10_000;

/// What a certificate may speak for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Whether it names a service provider, whose numbers are not listed.
    provider: bool,
    /// Numbers from the first on, so many.
    ranges: Vec<(u64, u64)>,
}

impl Scope {
    /// Reads the extension's value; `None` for what is no TNAuthList.
    pub(crate) fn read(value: &[u8]) -> Option<Self> {
        let (_, list) = Any::from_der(value).ok()?;
        let mut scope = Self::default();
        let mut rest = list.data;
        for _ in 0..ENTRIES_MAX {
            if rest.is_empty() {
                break;
            }
            let (after, entry) = Any::from_der(rest).ok()?;
            rest = after;
            // Explicit tags: the value itself lies within.
            let (_, value) = Any::from_der(entry.data).ok()?;
            match entry.tag().0 {
                0 => scope.provider = true,
                1 => {
                    let (rest, start) = Any::from_der(value.data).ok()?;
                    let (_, count) = Any::from_der(rest).ok()?;
                    scope.ranges.push((number(start.data)?, count.as_u64().ok()?));
                }
                2 => scope.ranges.push((number(value.data)?, 1)),
                _ => return None,
            }
        }
        Some(scope)
    }

    /// Whether it may speak for a number.
    pub(crate) fn holds(&self, number: u64) -> bool {
        self.provider || self.ranges.iter().any(|&(first, count)| number >= first && number - first < count)
    }
}

fn number(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.trim_start_matches('+').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An element of DER shorter than 128 bytes.
    fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let body = parts.concat();
        [&[tag, u8::try_from(body.len()).unwrap()], &body[..]].concat()
    }

    #[test]
    fn lists_say_whose_numbers_they_hold() {
        let provider = element(0xa0, &[&element(0x16, &[b"505M"])]);
        let one = element(0xa2, &[&element(0x16, &[b"441632960001"])]);
        let start = element(0x16, &[b"441632960100"]);
        let range = element(0xa1, &[&element(0x30, &[&start, &element(0x02, &[&[50]])])]);
        let scope = |entries: &[&[u8]]| Scope::read(&element(0x30, entries)).unwrap();
        assert!(scope(&[&provider]).holds(12_025_550_101));
        let listed = scope(&[&one, &range]);
        for (number, held) in [
            (441_632_960_001, true),
            (441_632_960_002, false),
            (441_632_960_100, true),
            (441_632_960_149, true),
            (441_632_960_150, false),
        ] {
            assert_eq!(listed.holds(number), held, "{number}");
        }
        assert!(!scope(&[]).holds(441_632_960_001));
        assert_eq!(Scope::read(b"\x30\x03\xa5\x01\x00"), None);
        assert_eq!(Scope::read(b"no DER"), None);
    }
}

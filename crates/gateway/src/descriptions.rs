//! Where session descriptions stand in control: several in a row without a word between them, in lines or in braces.

use memchr::memchr;

use crate::text::Lines;

/// Descriptions read of one message, or of one datagram of MGCP; those past it are not. A gateway describes one or two
/// ends with one to three alternatives each.
pub const DESCRIPTIONS_MAX: usize = 32;

/// The descriptions of a text. Each starts with its `v=` line and ends before the next one.
#[derive(Clone, Debug)]
pub(crate) struct Descriptions<'a> {
    /// Text in braces that has not been looked at; nothing of it where descriptions stand in lines.
    braces: &'a [u8],
    /// The rest of the text or octet string in hand.
    lines: &'a [u8],
    left: usize,
}

impl<'a> Descriptions<'a> {
    /// Those that stand in lines of their own, as in MGCP and RTSP. In MGCP a line with a dot ends them, and another
    /// message follows (RFC 3435 §3.5.5).
    pub(crate) const fn of_lines(lines: &'a [u8]) -> Self {
        Self { braces: &[], lines, left: DESCRIPTIONS_MAX }
    }

    /// Those that stand in the octet strings of Local and Remote descriptors, as in Megaco (RFC 3525 Annex B.2).
    pub(crate) const fn of_braces(braces: &'a [u8]) -> Self {
        Self { braces, lines: &[], left: DESCRIPTIONS_MAX }
    }

    /// The next description in the lines in hand.
    fn next_in_lines(&mut self) -> Option<&'a [u8]> {
        let mut lines = Lines::new(self.lines);
        let mut start = None;
        loop {
            let here = lines.rest();
            let line = lines.next();
            let ends = line.is_none_or(|line| line == b"." || line.starts_with(b"v="));
            match start {
                Some(start) if ends => {
                    let start: &[u8] = start;
                    self.lines = here;
                    return start.get(..start.len() - here.len());
                }
                None if line.is_some_and(|line| line.starts_with(b"v=")) => start = Some(here),
                None if line.is_none() => {
                    self.lines = &[];
                    return None;
                }
                _ => {}
            }
        }
    }

    /// Takes the next octet string that may hold descriptions in hand.
    fn open(&mut self) -> bool {
        while let Some(brace) = memchr(b'{', self.braces) {
            let (before, inside) = self.braces.split_at_checked(brace).unwrap_or_default();
            let inside = inside.get(1..).unwrap_or_default();
            self.braces = inside;
            let string = inside.trim_ascii_start();
            if holds_description(before) && string.starts_with(b"v=") {
                let end = end_of_string(string);
                self.lines = string.get(..end).unwrap_or(string);
                self.braces = string.get(end..).unwrap_or_default();
                return true;
            }
        }
        false
    }
}

impl<'a> Iterator for Descriptions<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        self.left = self.left.checked_sub(1)?;
        loop {
            if let Some(description) = self.next_in_lines() {
                return Some(description);
            }
            if !self.open() {
                return None;
            }
        }
    }
}

/// Whether the last name of `before` is that of a Local or a Remote descriptor.
fn holds_description(before: &[u8]) -> bool {
    let named = before.trim_ascii_end();
    let name = named.rsplit(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or(named);
    [&b"L"[..], b"R", b"LOCAL", b"REMOTE"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Where an octet string ends: at a brace that is not escaped, or with the text.
fn end_of_string(string: &[u8]) -> usize {
    let mut at = 0;
    while let Some(brace) = string.get(at..).and_then(|rest| memchr(b'}', rest)) {
        at += brace;
        if at.checked_sub(1).and_then(|before| string.get(before)) != Some(&b'\\') {
            return at;
        }
        at += 1;
    }
    string.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(descriptions: Descriptions<'_>, expected: &[&str]) {
        let found: Vec<_> = descriptions.map(|found| String::from_utf8_lossy(found).into_owned()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_hold_several() {
        check(
            Descriptions::of_lines(b"200 1 OK\nI: 1\n\nv=0\nc=a\nv=0\nc=b\n.\nRQNT 2 x MGCP 1.0\n"),
            &["v=0\nc=a\n", "v=0\nc=b\n"],
        );
        check(Descriptions::of_lines(b"v=0"), &["v=0"]);
        check(Descriptions::of_lines(b"L: v=0\n"), &[]);
    }

    #[test]
    fn braces_hold_several() {
        let text = br"!/1 [a] T=1{C=1{MF=R/1{M{O{MO=SR},L{v=0
c=a
v=0
},R { v=0
s=\}
},E{v=0}}}}}";
        check(Descriptions::of_braces(text), &["v=0\nc=a\n", "v=0\n", "v=0\ns=\\}\n"]);
        check(Descriptions::of_braces(b"L{v=0"), &["v=0"]);
    }

    #[test]
    fn there_are_not_more_than_the_limit() {
        assert_eq!(Descriptions::of_lines(&b"v=0\n".repeat(100)).count(), DESCRIPTIONS_MAX);
    }
}

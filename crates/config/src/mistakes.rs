//! What is wrong with a configuration, and where.

use std::fmt;

/// How bad a mistake is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing runs until it is put right.
    Error,
    /// It runs, but perhaps not as was meant.
    Warning,
}

/// Something wrong in a file, at its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Line, from 1.
    pub line: u32,
    /// Column in letters, from 1.
    pub column: u32,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what would be right.
    pub what: String,
}

/// `12:7: error: …`; whoever knows the name of the file puts it before.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}:{}: {severity}: {}", self.line, self.column, self.what)
    }
}

/// Something wrong in a configuration that may never have been a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// How bad it is.
    pub severity: Severity,
    /// Where: keys and indices from the top, `trunk/2/addresses/0`.
    pub path: String,
    /// What is wrong and what would be right.
    pub what: String,
}

impl Flaw {
    /// What nothing can run with.
    #[must_use]
    pub fn error(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { severity: Severity::Error, path: path.into(), what: what.into() }
    }

    /// What was perhaps not meant.
    #[must_use]
    pub fn warning(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, path: path.into(), what: what.into() }
    }
}

/// Turns places of a text into lines and columns.
pub(crate) struct Lines<'t> {
    text: &'t str,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let after = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// A mistake at byte `at`.
    pub(crate) fn mistake(&self, severity: Severity, at: usize, what: String) -> Mistake {
        let line = self.starts.partition_point(|&start| start <= at).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.as_bytes().get(start..at.min(self.text.len())).unwrap_or_default();
        // The bytes that go on with a letter of UTF-8 begin with 10.
        let column = before.iter().filter(|&&byte| byte & 0xc0 != 0x80).count() + 1;
        Mistake { line: line as u32, column: column as u32, severity, what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_and_letters() {
        let text = "a = 1\nü = ñ\n";
        let lines = Lines::of(text);
        for (at, expected) in [(0, (1, 1)), (5, (1, 6)), (6, (2, 1)), (11, (2, 5)), (14, (3, 1)), (99, (3, 1))] {
            let mistake = lines.mistake(Severity::Error, at, String::new());
            assert_eq!((mistake.line, mistake.column), expected, "{at}");
        }
        assert_eq!(lines.mistake(Severity::Warning, 6, "what".into()).to_string(), "2:1: warning: what");
    }
}

//! Records as whoever asks may see them. Numbers are masked; an officer or an admin who gives a reason sees them whole, and the audit log
//! says so before the answer leaves.

use axum::http::HeaderMap;
use config::UserRole;
use jiff::Timestamp;
use serde_json::Value;
use store::audit::Act;
use types::Nanos;
use veil::Veil;

use crate::problem::Problem;
use crate::reads::Reads;
use crate::visitor::Visitor;

/// The header that says why whole numbers are needed.
pub const REASON: &str = "greyline-reason";
/// Letters of a reason.
pub(crate) const REASON_LETTERS: std::ops::RangeInclusive<usize> = 5..=300;

/// How much somebody sees.
#[derive(Clone, Debug)]
pub struct Sight(Veil);

impl Sight {
    /// Numbers masked.
    pub const MASKED: Self = Self(Veil::Masked);

    /// What `visitor` sees of `object`: whole numbers where a reason is given and the role allows it, which the audit log knows then.
    ///
    /// # Errors
    /// A reason without the role, one that is none, or an audit log that cannot be written.
    pub async fn of(
        reads: &Reads,
        visitor: &Visitor,
        headers: &HeaderMap,
        object: impl Into<String>,
    ) -> Result<Self, Problem> {
        match headers.get(REASON) {
            Some(reason) => Self::look(reads, visitor, reason.as_bytes(), object).await,
            None => Ok(Self::MASKED),
        }
    }

    /// Whole numbers of `object`, for a reason.
    ///
    /// # Errors
    /// No role for that, a reason that is none, or an audit log that cannot be written.
    pub async fn look(
        reads: &Reads,
        visitor: &Visitor,
        reason: &[u8],
        object: impl Into<String>,
    ) -> Result<Self, Problem> {
        if visitor.role < UserRole::Officer {
            return Err(Problem::needs(UserRole::Officer));
        }
        note(reads, visitor, "numbers_seen", reason, object).await?;
        Ok(Self(Veil::Whole))
    }

    /// A record as it is seen; null where it is none.
    pub fn record(&self, record: &str) -> Value {
        self.value(serde_json::from_str(record).unwrap_or_default())
    }

    /// The same where it was read already.
    pub fn value(&self, mut record: Value) -> Value {
        self.0.over_value(&mut record);
        record
    }

    /// Whether numbers are whole.
    pub const fn is_whole(&self) -> bool {
        matches!(self.0, Veil::Whole)
    }
}

/// Writes into the audit log who did what to `object`, and why.
///
/// # Errors
/// A reason that is none, or an audit log that cannot be written.
pub async fn note(
    reads: &Reads,
    visitor: &Visitor,
    act: &'static str,
    reason: &[u8],
    object: impl Into<String>,
) -> Result<(), Problem> {
    let reason = reason_of(reason)?;
    let (who, object) = (visitor.name.clone(), object.into());
    let noted = move |archive: &mut store::Archive| {
        archive.audit(&Act { at: now(), who: &who, act, object: &object, detail: &reason }).map(drop)
    };
    reads.read(noted).await
}

/// A reason as the log takes it. Browsers send letters outside ASCII percent-encoded, since headers hold no others.
fn reason_of(bytes: &[u8]) -> Result<String, Problem> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, behind)) = rest.split_first() {
        let digit = |at: usize| behind.get(at).and_then(|&digit| char::from(digit).to_digit(16));
        let (byte, behind) = match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => ((high << 4 | low) as u8, behind.get(2..).unwrap_or_default()),
            _ => (first, behind),
        };
        plain.push(byte);
        rest = behind;
    }
    let reason = String::from_utf8(plain).unwrap_or_default();
    let reason = reason.trim();
    if REASON_LETTERS.contains(&reason.chars().count()) && !reason.chars().any(char::is_control) {
        return Ok(reason.to_owned());
    }
    let (least, most) = (REASON_LETTERS.start(), REASON_LETTERS.end());
    Err(Problem::Unclear(format!("{REASON}: say in {least} to {most} letters why whole numbers are needed")))
}

/// A moment as it travels: RFC 3339 in UTC with microseconds.
pub fn time(at: Nanos) -> String {
    at.rfc3339()
}

/// A moment as it was asked for; one before 1970 or after 2554, of which nothing can be kept, is the first or the last of those between.
///
/// # Errors
/// What is none.
pub fn moment(key: &str, text: &str) -> Result<Nanos, Problem> {
    let clamped = |stamp: Timestamp| u64::try_from(stamp.as_nanosecond().max(0)).unwrap_or(u64::MAX);
    let wrong = || Problem::Unclear(format!("{key}: a moment with its zone is wanted, such as 2026-11-28T09:30:00Z"));
    text.parse().map(|stamp| Nanos::new(clamped(stamp))).map_err(|_| wrong())
}

/// This moment.
pub fn now() -> Nanos {
    Nanos::new(u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something() {
        assert_eq!(reason_of(b" complaint 17 ").unwrap(), "complaint 17");
        assert_eq!(
            reason_of("Anzeige%20wegen%20Bel%C3%A4stigung, 100 %".as_bytes()).unwrap(),
            "Anzeige wegen Belästigung, 100 %"
        );
        for other in [&b""[..], b"why", b"    x    ", b"%ff%ff%ff%ff%ff", b"a%0aline of its own", &[b'a'; 301]] {
            assert!(reason_of(other).is_err(), "{other:?}");
        }
    }

    #[test]
    fn moments_have_a_zone() {
        assert_eq!(time(moment("from", "2026-11-28T09:30:00+01:00").unwrap()), "2026-11-28T08:30:00.000000Z");
        assert_eq!(moment("from", "1960-01-01T00:00:00Z"), Ok(Nanos::ZERO));
        assert_eq!(moment("until", "9000-01-01T00:00:00Z"), Ok(Nanos::MAX));
        for other in ["", "2026-11-28", "2026-11-28T09:30:00", "now"] {
            assert!(moment("from", other).is_err(), "{other}");
        }
    }
}

//! What is kept: records as strangers read them, with the few facts by which they are found again.

use std::net::IpAddr;

use ring::digest::{SHA256, digest};
use types::{E164, Nanos};

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// When it began, or the first that is known of it.
    pub at: Nanos,
    /// Who called, where that is a number.
    pub caller: Option<E164>,
    /// Who was called, where that is a number.
    pub callee: Option<E164>,
    /// Call-IDs of all its legs, the first leg first.
    pub call_ids: Vec<Box<[u8]>>,
    /// Where it came from.
    pub source: IpAddr,
    /// Where it went.
    pub destination: IpAddr,
    /// The trunk of the configuration that it came over.
    pub trunk: Option<Box<str>>,
    /// Fingerprint of the SIP stack that wrote the INVITE.
    pub stack: Option<u64>,
    /// Whether it was answered.
    pub answered: bool,
    /// For how long it was up.
    pub talk_ms: u64,
    /// Its record: JSON as `--calls` writes it.
    pub record: Box<str>,
}

impl Call {
    /// Memory it takes while it waits.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.record.len() + self.call_ids.iter().map(|id| id.len() + 16).sum::<usize>()
    }
}

/// That an alert counts a call, whatever counted it before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The number that the alert's id writes, in hexadecimal digits.
    pub alert: u64,
    /// When the call began.
    pub at: Nanos,
    /// The Call-ID of its first leg.
    pub call_id: Box<[u8]>,
}

/// What lies in the file of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Call(Box<Call>),
    Counted(Counted),
}

impl Item {
    /// When it, or the call it is about, began.
    pub const fn at(&self) -> Nanos {
        match self {
            Self::Call(call) => call.at,
            Self::Counted(counted) => counted.at,
        }
    }

    /// Memory it takes while it waits.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Call(call) => call.bytes(),
            Self::Counted(counted) => size_of::<Self>() + counted.call_id.len(),
        }
    }
}

/// A word on an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Which alert.
    pub alert: Box<str>,
    /// Where it stands in its life: `open`, `update`, `close`.
    pub status: &'static str,
    /// When this was said.
    pub said: Nanos,
    /// What it is.
    pub kind: &'static str,
    /// How much it matters, more is more.
    pub severity: u8,
    /// Its evidence.
    pub score_db: f64,
    /// What kind of entity leads.
    pub entity_kind: &'static str,
    /// Which.
    pub entity: Box<str>,
    /// A few words.
    pub title: Box<str>,
    /// Its first call.
    pub first_call: Nanos,
    /// Its last call so far.
    pub last_call: Nanos,
    /// Its calls so far.
    pub calls: u64,
    /// Its record: JSON as `--alerts` writes it.
    pub record: Box<str>,
}

/// By what the program that kept a store judged, and what it looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it began, by the clock.
    pub begun: Nanos,
    /// The program and its version.
    pub program: String,
    /// The version of the configuration, as it stands in alerts.
    pub version: String,
    /// The configuration: JSON.
    pub config: String,
    /// Where packets or records came from.
    pub sources: String,
    /// Whose clock stamped them.
    pub clock: String,
}

/// What the kernel said of the clock that stamps frames (adjtimex(2), after RFC 5905).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockReading {
    /// When, by that clock.
    pub at: Nanos,
    /// Whether somebody keeps it to UTC.
    pub synchronised: bool,
    /// By how much it is still to be slewed.
    pub offset_us: i64,
    /// How far it is estimated to be off.
    pub error_us: u64,
    /// How far it is off at most, where it is synchronised.
    pub error_max_us: u64,
    /// By how much it was set since the reading before, forwards or back.
    pub stepped_us: i64,
}

/// What stands for a Call-ID in indexes: 64 bits of its SHA-256, since senders choose Call-IDs.
pub(crate) fn key(call_id: &[u8]) -> i64 {
    let hash = digest(&SHA256, call_id);
    hash.as_ref().first_chunk().map_or(0, |first| i64::from_be_bytes(*first))
}

/// An address as it is kept: 4 bytes or 16.
pub(crate) fn octets(ip: IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    }
}

/// A moment as it is kept in the main file: microseconds since 1970.
pub(crate) fn micros(at: Nanos) -> i64 {
    i64::try_from(at.micros()).unwrap_or(i64::MAX)
}

/// And back.
pub(crate) fn moment(micros: i64) -> Nanos {
    Nanos::new(u64::try_from(micros).unwrap_or(0).saturating_mul(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_their_microseconds() {
        let at = Nanos::new(1_795_860_000_123_456_789);
        assert_eq!(moment(micros(at)).micros(), at.micros());
        assert_eq!((micros(Nanos::MAX), moment(-1)), (18_446_744_073_709_551, Nanos::ZERO));
    }
}

//! What a PASSporT claims, held against the call it came with.

use sip::passport::{Party, Passport, Proof};
use types::{E164, Nanos};

/// Seconds between signing and the call that are still fresh, either way (RFC 8224 §6.2.2 recommends a minute).
const FRESH_SECS_MAX: u64 = 60;

/// Digits from the end by which two numbers are the same: signers and carriers write country codes and prefixes as they
/// like, never the subscriber's own digits.
const SUFFIX: u64 = 100_000_000;

/// What a call says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// When its INVITE was seen.
    pub at: Nanos,
    /// The numbers it shows as the caller's, wherever it shows them; none where it withholds them.
    pub callers: [Option<E164>; 2],
    /// The numbers it is for.
    pub callees: [Option<E164>; 2],
    /// Whether somebody sent it on to another than it was for.
    pub diverted: bool,
}

/// What is wrong with the claims; `None` where they fit the call.
///
/// Lenient: a call that was diverted may go to another than was signed (RFC 8946 would say so), and who withholds their
/// number shows no other.
pub(crate) fn flaw(passport: &Passport, said: &Said) -> Option<Proof> {
    let Some(issued_at) = passport.issued_at_secs() else { return Some(Proof::Unreadable) };
    let at = said.at.get() / 1_000_000_000;
    if at.abs_diff(issued_at) > FRESH_SECS_MAX {
        return Some(Proof::Stale);
    }
    let fits = |party: Party<'_>, known: &[Option<E164>; 2]| match (party, digits(party)) {
        (Party::Uri(_), _) | (_, None) => true,
        (Party::Number(_), Some(signed)) => {
            known.iter().flatten().any(|number| number.reveal() % SUFFIX == signed % SUFFIX)
        }
    };
    let is_known = |numbers: &[Option<E164>; 2]| numbers.iter().any(Option::is_some);
    if is_known(&said.callers) && passport.originator().is_some_and(|party| !fits(party, &said.callers)) {
        return Some(Proof::OtherCaller);
    }
    let mut destinations = passport.destinations().peekable();
    let elsewhere = destinations.peek().is_some() && !destinations.any(|party| fits(party, &said.callees));
    (is_known(&said.callees) && !said.diverted && elsewhere).then_some(Proof::OtherCallee)
}

/// The number of a party, where it has one.
pub(crate) fn digits(party: Party<'_>) -> Option<u64> {
    let Party::Number(text) = party else { return None };
    let text = text.trim().trim_start_matches('+');
    text.parse().ok().filter(|&number| number > 0)
}

//! Who logs in, and who tries to, by hand or with a token in a question, in the audit log. Whoever is known has an entry each time he logs in; of
//! those who are not, so many have one, and of further ones the next entry says how many there were, so that nobody fills the log by guessing.
//!
//! Where nothing is remembered nothing is written, and where the log cannot be written whoever is known is let in all the same: it may be him who
//! has to see why. What takes an entry of its own, such as whole numbers, is refused then as ever.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use store::audit::Act;

use crate::rates::{Left, Rate};
use crate::reads::Reads;
use crate::show::now;
use crate::visitor::Visitor;

/// Failures that are written down, from wherever: two dozen, and one a minute.
const FAILURES: Rate = Rate { burst: 24.0, per_second: 1.0 / 60.0 };
/// Why somebody is not known.
pub const UNKNOWN_TOKEN: &str = "with a token that is not known here";
pub const NO_TOKEN: &str = "with what is no token";
/// Who failed.
const NOBODY: &str = "nobody known";

/// What somebody tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// To log in.
    Login,
    /// To ask something, with a token.
    Token,
}

/// Failures of each kind: whoever makes many of one hides none of the other.
#[derive(Debug, Default)]
pub struct Failures {
    logins: Counted,
    tokens: Counted,
}

/// Failures that may be written down, and those that were not.
#[derive(Debug, Default)]
struct Counted(Mutex<(Option<Left>, u64)>);

impl Counted {
    /// Whether one may be written now, and then how many were not since the last.
    fn take(&self, now: Instant) -> Option<u64> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, unwritten) = &mut *held;
        match left.get_or_insert(Left::all(FAILURES, now)).take(FAILURES, now) {
            Ok(()) => Some(std::mem::take(unwritten)),
            Err(_) => {
                *unwritten += 1;
                None
            }
        }
    }
}

/// Somebody has logged in.
pub async fn known(reads: &Reads, visitor: &Visitor, peer: IpAddr) {
    let (who, role) = (visitor.name.as_ref().to_owned(), format!("as {}", visitor.role.as_str()));
    write(reads, who, "logged_in", peer, role).await;
}

/// Somebody tried to be known, and why he was not.
pub async fn unknown(reads: &Reads, tried: Tried, failures: &Failures, (peer, why): (IpAddr, &str), at: Instant) {
    let (act, failures) = match tried {
        Tried::Login => ("login_failed", &failures.logins),
        Tried::Token => ("token_refused", &failures.tokens),
    };
    let Some(unwritten) = failures.take(at) else { return };
    let others = match unwritten {
        0 => String::new(),
        others => format!("; {others} failures before this one were not written down"),
    };
    write(reads, NOBODY.to_owned(), act, peer, format!("{why}{others}")).await;
}

async fn write(reads: &Reads, who: String, act: &'static str, peer: IpAddr, detail: String) {
    if !reads.is_there() {
        return;
    }
    let object = peer.to_canonical().to_string();
    let act = move |archive: &mut store::Archive| {
        archive.audit(&Act { at: now(), who: &who, act, object: &object, detail: &detail }).map(drop)
    };
    // What does not take this says so where it is asked next.
    let _ = reads.read(act).await;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn so_many_failures_are_written_and_the_others_counted() {
        let (failures, begun) = (Counted::default(), Instant::now());
        let written = (0..1_000).filter(|_| failures.take(begun).is_some()).count();
        assert_eq!(written, 24);
        assert_eq!(failures.take(begun + Duration::from_secs(59)), None);
        assert_eq!(failures.take(begun + Duration::from_secs(61)), Some(977));
        assert_eq!(failures.take(begun + Duration::from_secs(62)), None);
        assert_eq!(failures.take(begun + Duration::from_secs(125)), Some(1));
    }
}

//! Who logs in, and who tries to, in the audit log. Whoever is known has an entry each time; of those who are not, so many have one, and of
//! further ones the next entry says how many there were, so that nobody fills the log by guessing.
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
/// Who failed.
const NOBODY: &str = "nobody known";

/// Failures that may be written down, and those that were not.
#[derive(Debug, Default)]
pub struct Failures(Mutex<(Option<Left>, u64)>);

impl Failures {
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

/// Somebody could not log in, and why.
pub async fn unknown(reads: &Reads, failures: &Failures, peer: IpAddr, why: &str, at: Instant) {
    let Some(unwritten) = failures.take(at) else { return };
    let others = match unwritten {
        0 => String::new(),
        others => format!("; {others} failures before this one were not written down"),
    };
    write(reads, NOBODY.to_owned(), "login_failed", peer, format!("{why}{others}")).await;
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
        let (failures, begun) = (Failures::default(), Instant::now());
        let written = (0..1_000).filter(|_| failures.take(begun).is_some()).count();
        assert_eq!(written, 24);
        assert_eq!(failures.take(begun + Duration::from_secs(59)), None);
        assert_eq!(failures.take(begun + Duration::from_secs(61)), Some(977));
        assert_eq!(failures.take(begun + Duration::from_secs(62)), None);
        assert_eq!(failures.take(begun + Duration::from_secs(125)), Some(1));
    }
}

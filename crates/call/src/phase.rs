//! The whole life of a call on one screen: its phases and what moves it from one to the next.

use types::Nanos;

/// One of the two people of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Who sent the INVITE.
    Caller,
    /// Whom it was for.
    Callee,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Caller => Self::Callee,
            Self::Callee => Self::Caller,
        }
    }
}

/// What a message or a timer means to the call, once it is known to concern it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// An INVITE outside a dialog: the first, or the next try after a challenge or a redirection.
    Invite,
    /// A provisional response over 100.
    Ring,
    /// A 2xx to the INVITE.
    Answer,
    /// A CANCEL.
    Cancel,
    /// A final response over 299 to the INVITE.
    Refuse(u16),
    /// A BYE.
    Bye(Side),
    /// What looked like the callee's BYE was a box in the middle's, which sent the callee one too.
    Drop,
    /// Nothing was heard of the call for longer than its phase allows.
    Silence,
    /// The same of an answered call of which nothing but its set-up ever was.
    Oblivion,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Somebody hung up.
    HungUp(Side),
    /// A box in the middle hung up on both.
    Dropped,
    /// The caller gave up before the answer.
    Cancelled,
    /// A final response refused it.
    Refused(u16),
    /// It fell silent.
    Lost,
    /// Nothing tells when: of its media and its end the tap hears nothing.
    Unheard,
}

/// Where a call stands. Each phase carries what is known only in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The INVITE is out.
    Calling,
    /// Something over 100 came back.
    Ringing,
    /// A CANCEL is out; an answer may still cross it (RFC 3261 §9.1).
    Cancelling {
        /// When the caller gave up.
        since: Nanos,
    },
    /// 3xx, 401, 407, 422 or the like came back: the caller is expected to ask again.
    Waiting {
        /// When it came.
        since: Nanos,
        /// Which it was.
        code: u16,
    },
    /// Answered.
    Talking,
    /// Over.
    Over {
        /// When.
        at: Nanos,
        /// How.
        ending: Ending,
    },
}

impl Phase {
    /// The phase after `signal`. Pure: no clock, no memory, no log.
    #[must_use]
    pub const fn after(self, signal: Signal, at: Nanos) -> Self {
        use Phase::{Calling, Cancelling, Over, Ringing, Talking, Waiting};
        use Signal::{Answer, Bye, Cancel, Drop, Invite, Oblivion, Refuse, Ring, Silence};
        match (self, signal) {
            (Calling | Waiting { .. }, Ring) => Ringing,
            (Calling | Ringing | Cancelling { .. } | Waiting { .. }, Answer) => Talking,
            (Calling | Ringing | Waiting { .. }, Cancel) => Cancelling { since: at },
            (Calling | Ringing | Waiting { .. }, Refuse(code)) if asks_again(code) => Waiting { since: at, code },
            (Cancelling { since }, Refuse(487) | Silence) => Over { at: since, ending: Ending::Cancelled },
            (Calling | Ringing | Cancelling { .. } | Waiting { .. }, Refuse(code)) => {
                Over { at, ending: Ending::Refused(code) }
            }
            (Waiting { .. }, Invite) => Calling,
            (Waiting { since, code }, Silence) => Over { at: since, ending: Ending::Refused(code) },
            (Calling | Ringing | Cancelling { .. } | Waiting { .. } | Talking, Bye(by)) => {
                Over { at, ending: Ending::HungUp(by) }
            }
            (Over { at, ending: Ending::HungUp(Side::Callee) }, Drop) => Over { at, ending: Ending::Dropped },
            (Calling | Ringing | Talking, Silence) => Over { at, ending: Ending::Lost },
            (Talking, Oblivion) => Over { at, ending: Ending::Unheard },
            // Nobody was heard to hang up yet.
            (Calling | Ringing | Cancelling { .. } | Waiting { .. } | Talking, Drop) => self,
            // RFC 3261 §9.2, §14.1: a late CANCEL or a refused re-INVITE leaves the call standing.
            (Talking, Cancel | Refuse(_)) => self,
            // Another hop, another branch, a retransmission: nothing new.
            (Calling | Ringing | Cancelling { .. } | Talking, Invite)
            | (Ringing | Cancelling { .. }, Ring)
            | (Talking, Ring | Answer)
            | (Cancelling { .. }, Cancel)
            | (Calling | Ringing | Cancelling { .. } | Waiting { .. }, Oblivion) => self,
            // Whatever comes after the end changes nothing.
            (Over { .. }, _) => self,
        }
    }

    /// When the call ended; `None` before, and where nothing tells.
    pub(crate) const fn over_at(self) -> Option<Nanos> {
        match self {
            Self::Over { ending: Ending::Unheard, .. } => None,
            Self::Over { at, .. } => Some(at),
            _ => None,
        }
    }

    /// Whether the call has ended.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Over { .. })
    }
}

/// Whether a caller who can will answer this response with another INVITE of the same Call-ID: RFC 3261 §8.1.3.4 and
/// §8.1.3.5, RFC 4028 §6 (422), RFC 8224 §6.2.2 (428), RFC 3578 (484, one more digit), RFC 3329 §2.3.1 (494).
const fn asks_again(code: u16) -> bool {
    matches!(code, 300..=399 | 401 | 407 | 413 | 415 | 416 | 420 | 422 | 428 | 484 | 494)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays `signals` from `Calling`, a second apart, and compares the phase after each with `expected`.
    fn check(signals: &str, expected: &str) {
        let mut phase = Phase::Calling;
        let mut told = Vec::new();
        for (second, word) in signals.split(' ').enumerate() {
            let signal = match word {
                "invite" => Signal::Invite,
                "ring" => Signal::Ring,
                "answer" => Signal::Answer,
                "cancel" => Signal::Cancel,
                "bye" => Signal::Bye(Side::Callee),
                "drop" => Signal::Drop,
                "silence" => Signal::Silence,
                "oblivion" => Signal::Oblivion,
                code => Signal::Refuse(code.parse().unwrap()),
            };
            phase = phase.after(signal, Nanos::from_parts(second as u64, 0));
            told.push(match phase {
                Phase::Calling => "calling".to_owned(),
                Phase::Ringing => "ringing".to_owned(),
                Phase::Cancelling { .. } => "cancelling".to_owned(),
                Phase::Waiting { code, .. } => format!("waiting:{code}"),
                Phase::Talking => "talking".to_owned(),
                Phase::Over { at, ending } => format!("over:{ending:?}@{}", at.get() / 1_000_000_000),
            });
        }
        assert_eq!(told.join(" "), expected, "{signals}");
    }

    #[test]
    fn phases() {
        check("ring answer bye", "ringing talking over:HungUp(Callee)@2");
        check("ring ring ring", "ringing ringing ringing"); // retransmissions
        check("answer cancel", "talking talking"); // RFC 3261 §9.2
        check("answer 488 ring", "talking talking talking"); // §14.1
        check("ring cancel 487", "ringing cancelling over:Cancelled@1");
        check("ring cancel silence", "ringing cancelling over:Cancelled@1");
        check("cancel answer bye", "cancelling talking over:HungUp(Callee)@2"); // §9.1
        check("cancel 486", "cancelling over:Refused(486)@1");
        check("407 invite ring answer", "waiting:407 calling ringing talking");
        check("407 silence", "waiting:407 over:Refused(407)@0");
        check("302 invite 486", "waiting:302 calling over:Refused(486)@2");
        check("401 ring", "waiting:401 ringing"); // the second INVITE went past the tap
        check("bye answer", "over:HungUp(Callee)@0 over:HungUp(Callee)@0");
        check("answer bye drop bye", "talking over:HungUp(Callee)@1 over:Dropped@1 over:Dropped@1");
        check("answer drop", "talking talking");
        check("486 drop", "over:Refused(486)@0 over:Refused(486)@0");
        check("silence", "over:Lost@0");
        check("ring oblivion answer oblivion", "ringing ringing talking over:Unheard@3");
        check("503 answer invite", "over:Refused(503)@0 over:Refused(503)@0 over:Refused(503)@0");
    }
}

//! A call as a row of messages: which, when, and on which leg. The steps that a record shows lie exactly where the script
//! puts them; what lies between (100, PRACK, what is sent again) is drawn from the call's own token.

use call::Side;

use crate::random::Random;
use crate::script::{Fate, Script};

/// A message of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Invite,
    Trying,
    /// 180.
    Ringing,
    /// 183 with a description.
    Progress,
    Prack,
    PrackAccepted,
    Answer,
    Ack,
    Cancel,
    CancelAccepted,
    Refusal(u16),
    RefusalAck,
    Bye,
    ByeAccepted,
}

/// A message that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Beat {
    pub(crate) at_us: u64,
    pub(crate) leg: u8,
    pub(crate) part: Part,
}

/// How the far end signals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manners {
    /// Early media: 183 in place of 180.
    pub(crate) progress: bool,
    /// Provisional responses are acknowledged (RFC 3262).
    pub(crate) reliable: bool,
    /// A second leg goes on behind the first.
    pub(crate) second_leg: bool,
}

/// First interval after which a message is sent again (RFC 3261 §17.1.1.1), microseconds.
const T1_US: u64 = 500_000;
/// Shares of calls in which the 100 is lost, the ACK is late, the BYE is lost, the ringing is repeated.
const TRYING_LOST: f64 = 0.006;
const ACK_LATE: f64 = 0.004;
const BYE_LOST: f64 = 0.003;
const RINGS_AGAIN: f64 = 0.05;

/// Writes the row of a call, in time order.
pub(crate) fn beats(script: &Script, manners: Manners, out: &mut Vec<Beat>) {
    out.clear();
    let mut random = Random::of(script.token, 0xbea7);
    leg(script, manners, 0, 0, &mut random, out);
    if manners.second_leg {
        let behind_us = random.between(4_000, 30_000);
        leg(script, manners, 1, behind_us, &mut random, out);
    }
    out.sort_unstable();
}

/// One leg; the second hears of the caller `behind_us` later and of the callee as much earlier.
fn leg(script: &Script, manners: Manners, leg: u8, behind_us: u64, random: &mut Random, out: &mut Vec<Beat>) {
    let mut add = |at_us, part| out.push(Beat { at_us, leg, part });
    let start_us = script.at_us + behind_us;
    let callee = |after_us: u64| (script.at_us + after_us).saturating_sub(behind_us).max(start_us + 2);
    let caller = |after_us: u64| script.at_us + after_us + behind_us;
    let mut hop = |most_us: u64| random.between(800, most_us.max(801));

    let final_us = match script.fate {
        Fate::Answered { after_us, .. } | Fate::Cancelled { after_us } | Fate::Refused { after_us, .. } => {
            u64::from(after_us)
        }
    };
    let first_us = script.ring_after_us.map_or(final_us, u64::from);
    add(start_us, Part::Invite);
    let span_us = callee(first_us) - start_us;
    let lost = span_us > 2 * T1_US && hop(1_000_000) as f64 / 1e6 < TRYING_LOST;
    if lost {
        add(start_us + T1_US, Part::Invite);
        add(start_us + T1_US + hop(15_000), Part::Trying);
    } else {
        add(start_us + 1 + hop(15_000).min(span_us / 2), Part::Trying);
    }
    if let Some(ring) = script.ring_after_us {
        let at_us = callee(u64::from(ring));
        let part = if manners.progress { Part::Progress } else { Part::Ringing };
        add(at_us, part);
        let rest_us = final_us - u64::from(ring);
        if manners.progress && manners.reliable && rest_us > 200_000 {
            let prack_us = at_us + hop(20_000) + 2 * behind_us;
            add(prack_us, Part::Prack);
            add(prack_us + hop(20_000), Part::PrackAccepted);
        } else if rest_us > 3_000_000 && hop(1_000_000) as f64 / 1e6 < RINGS_AGAIN {
            add(at_us + 1_200_000 + hop(400_000), part);
        }
    }
    match script.fate {
        Fate::Answered { after_us, talk_us, by } => {
            let answer_us = callee(u64::from(after_us));
            add(answer_us, Part::Answer);
            let late = talk_us > 3 * T1_US && hop(1_000_000) as f64 / 1e6 < ACK_LATE;
            let again_us = if late { T1_US } else { 0 };
            if late {
                add(answer_us + T1_US, Part::Answer);
            }
            add(answer_us + again_us + 2 * behind_us + hop(15_000).min(talk_us / 3), Part::Ack);
            let end_us = u64::from(after_us) + talk_us;
            let bye_us = if by == Side::Caller { caller(end_us) } else { callee(end_us) };
            add(bye_us, Part::Bye);
            let lost = hop(1_000_000) as f64 / 1e6 < BYE_LOST;
            if lost {
                add(bye_us + T1_US, Part::Bye);
            }
            add(bye_us + if lost { T1_US } else { 0 } + hop(20_000), Part::ByeAccepted);
        }
        Fate::Cancelled { after_us } => {
            let cancel_us = caller(u64::from(after_us));
            add(cancel_us, Part::Cancel);
            let accepted_us = cancel_us + hop(15_000);
            add(accepted_us, Part::CancelAccepted);
            let refused_us = accepted_us + hop(15_000);
            add(refused_us, Part::Refusal(487));
            add(refused_us + hop(15_000), Part::RefusalAck);
        }
        Fate::Refused { after_us, status } => {
            let refused_us = callee(u64::from(after_us));
            add(refused_us, Part::Refusal(status));
            add(refused_us + hop(15_000), Part::RefusalAck);
        }
    }
}

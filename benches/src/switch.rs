//! Calls as a switch writes them down: causes in place of responses, no ringing, no software, no media, no requests outside calls.

use call::{CallRecord, Exchange, Listener, Step};
use types::{Moment, Nanos};

/// Tells of calls no more than the records of a switch do.
#[derive(Debug)]
pub struct Switch<'a, L>(pub &'a mut L);

/// The call without what a switch does not know. Signatures and diversions are left out too: few write them down.
fn written<'a>(call: &CallRecord<'a>) -> CallRecord<'a> {
    CallRecord {
        invite_at: call.invite_at,
        answer_at: call.answer_at,
        end_at: call.end_at,
        end_known_at: call.end_known_at,
        outcome: call.outcome,
        q850: call.end_at.and(call.status.map_or(Some(16), cause_of)),
        ended_by: call.ended_by,
        caller: call.caller,
        caller_from: call.caller_from,
        callee: call.callee,
        ..CallRecord::new(call.call_id, call.source, call.destination)
    }
}

/// The cause that a gateway writes for a final response (RFC 3398 §8.2.6.1); 16, normal clearing, for what was given up.
const fn cause_of(status: u16) -> Option<u8> {
    Some(match status {
        404 | 604 => 1,
        410 => 22,
        484 => 28,
        486 | 600 => 17,
        408 => 18,
        480 => 19,
        401 | 402 | 403 | 405 | 407 | 603 => 21,
        500..=599 => 41,
        _ => 16,
    })
}

impl<L: Listener> Listener for Switch<'_, L> {
    fn moment(&mut self, moment: Moment) {
        self.0.moment(moment);
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        if step != Step::Ringing {
            self.0.step(step, at, &written(call));
        }
    }

    fn exchange(&mut self, _: &Exchange<'_>) {}

    fn record(&mut self, record: &CallRecord<'_>) {
        self.0.record(&written(record));
    }
}

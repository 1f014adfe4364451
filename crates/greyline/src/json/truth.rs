//! The truth of a made capture: a line for every call and for every group.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use synth::{CallTruth, GroupTruth, Role};

use super::{VERSION, number, time};

/// A line of the truth.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Truth")]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum TruthJson<'a> {
    /// A group: an operation, or somebody innocent. It comes after its calls.
    Group {
        /// Version of the record.
        v: u8,
        /// Its name, unique.
        id: &'a str,
        /// A class of innocents, or the kind of alert that a fraud should raise.
        kind: &'a str,
        /// Whether it does harm.
        #[schemars(extend("enum" = ["fraud", "benign"]))]
        label: &'a str,
        /// Seats, where it is a call centre.
        #[serde(skip_serializing_if = "Option::is_none")]
        seats: Option<u32>,
        /// Addresses its own calls came from.
        sources: Vec<String>,
        /// Numbers it showed; at most 2,000.
        callers: Vec<String>,
        /// Its first INVITE of the measured time; absent without calls.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(extend("format" = "date-time"))]
        first: Option<String>,
        /// Its last one.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(extend("format" = "date-time"))]
        last: Option<String>,
        /// Calls of the measured time.
        calls: u64,
    },
    /// A call.
    Call {
        /// Version of the record.
        v: u8,
        /// Call-ID of the first leg.
        call_id: Cow<'a, str>,
        /// The group it belongs to.
        group: &'a str,
        /// What part it plays there, when not the group's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(extend("enum" = ["victim", "test", "cover"]))]
        role: Option<&'static str>,
        /// Whether it lies before the measured time.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        warm_up: bool,
        /// The number shown; absent when withheld or none.
        #[serde(skip_serializing_if = "Option::is_none")]
        caller: Option<String>,
        /// The number called; absent when it is none.
        #[serde(skip_serializing_if = "Option::is_none")]
        callee: Option<String>,
        /// The address it came from.
        source: String,
        /// Its INVITE.
        #[schemars(extend("format" = "date-time"))]
        invite_at: String,
        /// Its answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(extend("format" = "date-time"))]
        answer_at: Option<String>,
        /// Its end.
        #[schemars(extend("format" = "date-time"))]
        end_at: String,
        /// The last final response.
        status: u16,
    },
}

impl<'a> TruthJson<'a> {
    /// A group as it is written.
    pub fn group(group: &GroupTruth<'a>) -> Self {
        Self::Group {
            v: VERSION,
            id: &group.head.id,
            kind: group.head.kind,
            label: group.head.label.name(),
            seats: group.head.seats,
            sources: group.sources.iter().map(ToString::to_string).collect(),
            callers: group.callers.iter().copied().map(number).collect(),
            first: group.first.map(time),
            last: group.last.map(time),
            calls: group.calls,
        }
    }

    /// A call as it is written.
    pub fn call(call: &CallTruth<'a>) -> Self {
        Self::Call {
            v: VERSION,
            call_id: String::from_utf8_lossy(call.call_id),
            group: &call.head.id,
            role: (call.role != Role::Own).then(|| call.role.name()),
            warm_up: call.warm_up,
            caller: call.caller.map(number),
            callee: call.callee.map(number),
            source: call.source.ip.to_string(),
            invite_at: time(call.invite_at),
            answer_at: call.answer_at.map(time),
            end_at: time(call.end_at),
            status: call.status,
        }
    }
}

//! What the room counts.

use types::Losses;

use crate::{Outcome, Rfc6076};

/// Counts of the call room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls whose record is written, by outcome in the order of [`Outcome::ALL`].
    pub outcomes: [u64; Outcome::ALL.len()],
    /// Legs (Call-IDs) these calls had.
    pub legs: u64,
    /// Messages of legs.
    pub messages: u64,
    /// Of these, sent again.
    pub retransmissions: u64,
    /// Requests outside calls, by kind and verdict: [`crate::ExchangeKind`], [`crate::Verdict`].
    pub exchanges: [[u64; crate::Verdict::ALL.len()]; crate::ExchangeKind::ALL.len()],
    /// RTP packets of RFC 4733 events in their media.
    pub dtmf_packets: u64,
    /// The figures of RFC 6076.
    pub rfc6076: Rfc6076,
    /// Messages without a usable Call-ID or CSeq: they belong to nothing.
    pub messages_unkeyed: u64,
    /// In-dialog requests, and responses, whose call or request was not seen.
    pub messages_unmatched: u64,
    /// Legs dropped at `legs_max`.
    pub legs_evicted: u64,
    /// Legs left alone at `joined_max`.
    pub legs_refused: u64,
    /// Legs that another leg could no longer be joined to, because too many were waiting for theirs.
    pub offers_evicted: u64,
    /// Calls told as they stood because too many lived at once that one Call-ID and tag, or one Call-ID and callee, are alike in.
    pub crowded_out: u64,
    /// Endpoints forgotten at `lines_max`.
    pub lines_replaced: u64,
    /// Calls forgotten at an endpoint that more than eight have announced.
    pub announcers_forgotten: u64,
    /// Packets of streams refused at `streams_max`.
    pub streams_refused: u64,
    /// Streams left out of their records at `ended_streams_max`.
    pub streams_forgotten: u64,
    /// Streams without a course at `courses_max`.
    pub courses_refused: u64,
    /// Payload types of SDP that did not fit beside the others of their medium.
    pub payload_types_refused: u64,
    /// Legs whose words were cut at `text_bytes_max`.
    pub texts_cut: u64,
    /// Exchanges dropped at `exchanges_max`.
    pub exchanges_evicted: u64,
}

impl Tally {
    /// Calls whose record is written.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.outcomes.iter().sum()
    }
}

impl Losses for Tally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("call_messages_unkeyed", self.messages_unkeyed);
        each("call_messages_unmatched", self.messages_unmatched);
        each("call_legs_evicted", self.legs_evicted);
        each("call_legs_refused", self.legs_refused);
        each("call_offers_evicted", self.offers_evicted);
        each("call_crowded_out", self.crowded_out);
        each("call_lines_replaced", self.lines_replaced);
        each("call_announcers_forgotten", self.announcers_forgotten);
        each("call_streams_refused", self.streams_refused);
        each("call_streams_forgotten", self.streams_forgotten);
        each("call_courses_refused", self.courses_refused);
        each("call_payload_types_refused", self.payload_types_refused);
        each("call_texts_cut", self.texts_cut);
        each("call_exchanges_evicted", self.exchanges_evicted);
    }
}

//! Where reading and judging are two threads: the messages and headers of a capture are kept by the one that reads, and what calls tell goes on to the
//! one that judges.

use audio::Excerpt;
use call::{CallRecord, Exchange, Listener, RtpHeader, Sent, Side, Step};
use evidence::Ring;
use pipeline::Relay;
use types::{Coverage, Moment, Nanos};

/// A relay, and who keeps messages beside it.
pub struct Aside {
    /// What calls tell goes there.
    pub relay: Relay,
    /// Who keeps messages.
    pub ring: Option<Ring>,
}

impl Listener for Aside {
    fn moment(&mut self, moment: Moment) {
        self.relay.moment(moment);
    }

    fn keeps_messages(&self) -> bool {
        self.ring.is_some()
    }

    fn sent(&mut self, sent: &Sent<'_>) {
        if let Some(ring) = &mut self.ring {
            ring.take(sent);
        }
    }

    fn header(&mut self, header: &RtpHeader<'_>) {
        if let Some(ring) = &mut self.ring {
            ring.take_header(header);
        }
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.relay.step(step, at, call);
    }

    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &Excerpt, whole: bool) {
        self.relay.heard(at, call, side, excerpt, whole);
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.relay.exchange(exchange);
    }

    fn coverage(&mut self, seen: &Coverage) {
        self.relay.coverage(seen);
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        self.relay.record(record);
    }
}

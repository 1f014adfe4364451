//! Alerts and call records to the sinks of the configuration, and how those fare.

use std::sync::Arc;

use call::CallRecord;
use config::{Known, SinkRecords};
use metrics::Metrics;
use metrics::catalogue::{SINK_DELIVERED, SINK_DROPPED, SINK_FAILED, SINK_QUEUE, SINK_SPILL};
use sinks::{Loss, Outgoing, Sinks, What};
use types::Nanos;

use crate::clerk::Scribe;
use crate::json::call::CallJson;

/// Hands call records to the sinks.
pub struct Dispatch {
    sinks: Arc<Sinks>,
    known: Arc<Known>,
    /// Whether a sink is told of calls.
    wanted: bool,
}

impl Dispatch {
    /// A dispatch to these sinks.
    pub fn new(sinks: Arc<Sinks>, known: Arc<Known>) -> Self {
        let wanted = known.config().sink.iter().any(|sink| sink.records.contains(&SinkRecords::Calls));
        Self { sinks, known, wanted }
    }
}

impl Scribe for Dispatch {
    fn take(&mut self, record: &CallRecord<'_>) {
        if !self.wanted {
            return;
        }
        let over = record.end_at.or(record.invite_at).unwrap_or(Nanos::ZERO);
        let ways = [record.source.ip, record.destination.ip];
        match Outgoing::call(&self.known, over, record.call_id, ways, &CallJson::of(record, Some(&self.known))) {
            Ok(outgoing) => self.sinks.offer(outgoing),
            Err(error) => tracing::error!(%error, "a call record cannot be written"),
        }
    }

    fn renew(&mut self, known: &Arc<Known>) {
        *self = Self::new(Arc::clone(&self.sinks), Arc::clone(known));
    }
}

/// Lets the outside see how the sinks fare.
pub fn publish(sinks: &Sinks, metrics: &Metrics) {
    for tally in sinks.tallies() {
        let name = tally.name.as_str();
        metrics.level(&SINK_QUEUE, &[name], tally.queued as f64);
        metrics.level(&SINK_SPILL, &[name], tally.spilled_bytes as f64);
        metrics.total(&SINK_DELIVERED, &[name], tally.delivered.iter().sum());
        metrics.total(&SINK_FAILED, &[name], tally.failures + tally.spill_errors);
        for loss in Loss::ALL {
            let lost = What::ALL.into_iter().map(|what| tally.lost(loss, what)).sum();
            metrics.total(&SINK_DROPPED, &[name, loss.name()], lost);
        }
    }
}

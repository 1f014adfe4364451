//! Alerts and call records to the sinks of the configuration, and how those fare.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

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

/// How often the log is told of records that a sink has lost.
const LOSSES_TOLD_EVERY: Duration = Duration::from_secs(60);

/// Lets the outside see how the sinks fare.
pub struct Observer {
    sinks: Arc<Sinks>,
    /// Of each sink by its name, the losses of which the log was told, and when.
    told: BTreeMap<String, ([u64; Loss::ALL.len()], Nanos)>,
}

impl Observer {
    /// Whoever looks at these sinks.
    pub const fn new(sinks: Arc<Sinks>) -> Self {
        Self { sinks, told: BTreeMap::new() }
    }

    /// Publishes the counts, and tells the log of what was lost since it was told before.
    pub fn publish(&mut self, metrics: &Metrics, now: Nanos) {
        for tally in self.sinks.tallies() {
            let name = tally.name.as_str();
            metrics.level(&SINK_QUEUE, &[name], tally.queued as f64);
            metrics.level(&SINK_SPILL, &[name], tally.spilled_bytes as f64);
            metrics.total(&SINK_DELIVERED, &[name], tally.delivered.iter().sum());
            metrics.total(&SINK_FAILED, &[name], tally.failures + tally.spill_errors);
            let lost = Loss::ALL.map(|loss| What::ALL.into_iter().map(|what| tally.lost(loss, what)).sum());
            for (loss, lost) in Loss::ALL.into_iter().zip(lost) {
                metrics.total(&SINK_DROPPED, &[name, loss.name()], lost);
            }
            let (told, at) = self.told.entry(tally.name.clone()).or_insert(([0; Loss::ALL.len()], Nanos::ZERO));
            let since = lost_since(lost, *told);
            if since.is_empty() || (now.since(*at) < LOSSES_TOLD_EVERY && *at <= now) {
                continue;
            }
            (*told, *at) = (lost, now);
            tracing::error!(sink = name, lost = since, "records of a sink were lost");
        }
    }
}

/// What was lost since the counts were `told`, in words. Of what was refused the sink tells itself.
fn lost_since(lost: [u64; Loss::ALL.len()], told: [u64; Loss::ALL.len()]) -> String {
    let counts = Loss::ALL.into_iter().zip(lost.into_iter().zip(told)).filter(|(loss, _)| *loss != Loss::Refused);
    let since = counts.filter(|(_, (lost, told))| lost > told);
    since.map(|(loss, (lost, told))| format!("{} {}", loss.name(), lost - told)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_told_by_name() {
        for (lost, told, expected) in [
            ([0, 0, 0, 0], [0, 0, 0, 0], ""),
            ([3, 0, 9, 0], [1, 0, 0, 0], "queue_full 2"),
            ([3, 7, 0, 1], [3, 0, 0, 0], "spill_full 7, unreadable 1"),
        ] {
            assert_eq!(lost_since(lost, told), expected);
        }
    }
}

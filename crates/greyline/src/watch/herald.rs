//! Alerts as they arise: to a person, to a file, to the counters.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use alert::{Alert, Severity};
use config::Known;
use detect::Kind;
use metrics::Metrics;
use metrics::catalogue::{ALERTS, ALERTS_OPEN, EVIDENCE, LATENCY, SHADOW, SINK_FAILED};
use sinks::{Outgoing, Sinks};
use types::Nanos;

use crate::failure::Failure;
use crate::keeping;
use crate::outputs::Output;
use crate::paint::{Ink, Paint};
use crate::raised::Shown;
use crate::verdicts;
use crate::watch::journal::Journal;

/// A kind and a severity.
type Labels = (&'static str, &'static str);

/// Takes alerts down as they are told.
pub struct Herald {
    lines: Option<Journal>,
    shadow: Option<Journal>,
    /// Where a person reads along.
    paint: Option<Paint>,
    metrics: Arc<Metrics>,
    sinks: Arc<Sinks>,
    known: Arc<Known>,
    open: BTreeMap<String, Labels>,
    /// How many of them are open.
    counts: BTreeMap<Labels, u64>,
}

impl Herald {
    /// Alerts go to the sinks.
    pub const fn new(metrics: Arc<Metrics>, sinks: Arc<Sinks>, known: Arc<Known>) -> Self {
        Self {
            lines: None,
            shadow: None,
            paint: None,
            metrics,
            sinks,
            known,
            open: BTreeMap::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Shows every kind and severity from the beginning: who looks for an increase needs to have seen the zero.
    pub fn begin(&self) {
        for kind in Kind::ALL.map(Kind::name) {
            for severity in Severity::ALL.map(Severity::name) {
                self.metrics.add(&ALERTS, &[kind, severity], 0);
                self.metrics.level(&ALERTS_OPEN, &[kind, severity], 0.0);
            }
        }
        for name in ["alerts", "shadow", "calls"] {
            self.metrics.add(&SINK_FAILED, &[name], 0);
        }
    }

    /// They go to these files too, those of detectors in shadow to the second; and to a person where there is `paint`.
    pub fn also(self, lines: Option<Output>, shadow: Option<Output>, paint: Option<Paint>) -> Self {
        let journal = |output, name| Journal::new(output, name, Arc::clone(&self.metrics));
        let (lines, shadow) =
            (lines.map(|output| journal(output, "alerts")), shadow.map(|output| journal(output, "shadow")));
        Self { lines, shadow, paint, ..self }
    }

    /// Other knowledge is in force.
    pub fn renew(&mut self, known: &Arc<Known>) {
        self.known = Arc::clone(known);
    }

    /// Takes down what is said of an alert.
    pub fn take(&mut self, alert: Alert) {
        if alert.shadow {
            if alert.status == "open" {
                self.metrics.add(&SHADOW, &[alert.kind], 1);
            }
            self.shadow.iter_mut().for_each(|journal| journal.line_at_once(&alert));
            return;
        }
        self.lines.iter_mut().for_each(|journal| journal.line_at_once(&alert));
        if let Some(said) = keeping::moment(&alert.time) {
            self.send(said, &alert);
            // What is said of it later may be said because time has passed.
            if alert.status == "open" {
                self.metrics.observe(&LATENCY, &[], tap::now().nanos_since(said) as f64 / 1e9);
            }
        }
        self.count(&alert);
        self.show(alert);
    }

    fn send(&self, said: Nanos, alert: &Alert) {
        match Outgoing::alert(&self.known, said, alert) {
            Ok(outgoing) => outgoing.into_iter().for_each(|outgoing| self.sinks.offer(outgoing)),
            Err(error) => tracing::error!(%error, alert = alert.alert_id, "an alert cannot be written"),
        }
    }

    fn count(&mut self, alert: &Alert) {
        let labels = (alert.kind, alert.severity.name());
        if alert.status == "open" {
            self.metrics.add(&ALERTS, &[labels.0, labels.1], 1);
            for reason in alert.evidence.iter().filter(|reason| reason.share_db > 0.0) {
                self.metrics.add(&EVIDENCE, &[reason.family], reason.share_db.round() as u64);
            }
            // No number of a person stands in a log.
            tracing::info!(
                alert = alert.alert_id,
                kind = labels.0,
                severity = labels.1,
                score_db = alert.score_db,
                "alert opened"
            );
        }
        let before = if alert.status == "close" {
            tracing::info!(alert = alert.alert_id, kind = labels.0, "alert closed");
            self.open.remove(&alert.alert_id)
        } else {
            self.move_count(labels, 1);
            self.open.insert(alert.alert_id.clone(), labels)
        };
        if let Some(before) = before {
            self.move_count(before, -1);
        }
    }

    fn move_count(&mut self, labels: Labels, by: i64) {
        let count = self.counts.entry(labels).or_default();
        *count = count.saturating_add_signed(by);
        self.metrics.level(&ALERTS_OPEN, &[labels.0, labels.1], *count as f64);
    }

    /// Shows a person a new alert with its reasons, and the end of one in a line.
    fn show(&self, alert: Alert) {
        let Some(paint) = self.paint else { return };
        let mut text = String::new();
        match alert.status {
            "open" => {
                let (opened, opened_calls) = (alert.time.clone(), alert.calls.count);
                verdicts::one(&mut text, &Shown { opened, opened_calls, alert }, paint);
                text.push('\n');
            }
            "close" => {
                // Who asks for accounts may call nobody.
                let calls = match alert.calls.count {
                    0 => String::new(),
                    count => format!(" after {count} calls"),
                };
                let over = format!("  over     {}{calls}   {}\n\n", alert.title, alert.alert_id);
                text = paint.ink(Ink::Quiet, &over);
            }
            _ => return,
        }
        // Whoever read along has gone where this fails.
        let _ = io::stdout().lock().write_all(text.as_bytes());
    }

    /// Opens the files anew: somebody has moved them away.
    pub fn reopen(&mut self) {
        [&mut self.lines, &mut self.shadow].into_iter().flatten().for_each(Journal::move_on);
    }

    /// Ends the files; what they lack.
    pub fn close(&mut self) -> Vec<Failure> {
        let files = [self.lines.take(), self.shadow.take()].into_iter().flatten();
        files.filter_map(|file| file.end().err()).collect()
    }
}

//! The scorecard as people read it.

use std::fmt;

use crate::card::{Delay, KindScore, Scorecard};

/// Operations that were missed, by name; the others are in the JSON.
const MISSED_MAX: usize = 20;

impl fmt::Display for Scorecard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (calls, days) = (self.benign_calls + self.fraud_calls, self.days);
        writeln!(f, "{calls} calls in {days:.1} days, {} of them fraud; {} alerts\n", self.fraud_calls, self.alerts)?;
        self.operations(f)?;
        self.accused(f)?;
        self.called(f)?;
        self.trusted(f)
    }
}

impl Scorecard {
    fn operations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<24} {:>9} {:>11} {:>16} {:>16} {:>16} {:>12} {:>10}",
            "operations", "found", "kind right", "calls to alert", "answered", "minutes", "preventable", "alerts"
        )?;
        for row in self.kinds.iter().chain((self.kinds.len() != 1).then_some(&self.total)) {
            writeln!(f, "{}", KindRow(row))?;
        }
        let missed: Vec<_> = self.operations.iter().filter(|it| it.alerts.is_empty()).map(|it| &it.operation).collect();
        for it in missed.iter().take(MISSED_MAX) {
            writeln!(f, "  missed {} ({}, {} calls)", it.id, it.kind, it.calls)?;
        }
        if missed.len() > MISSED_MAX {
            writeln!(f, "  and {} more", missed.len() - MISSED_MAX)?;
        }
        writeln!(f)
    }

    fn accused(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let it = &self.false_alerts;
        write!(f, "false alerts {}", it.count)?;
        if let (Some(rate), Some(limit)) = (it.per_million_benign_calls, it.per_million_at_most) {
            write!(f, ", {rate:.3} for each million benign calls (at 95 % at most {limit:.3})")?;
        }
        if let Some(rate) = it.per_day {
            write!(f, ", {rate:.3} a day")?;
        }
        if let Some(rate) = it.per_stated_day {
            write!(f, ", {rate:.3} at the stated calls a day")?;
        }
        writeln!(f)?;
        for class in &it.classes {
            writeln!(
                f,
                "  {:<22} {:>9} alerts, {} of {} groups hit",
                class.class, class.alerts, class.groups_hit, class.groups
            )?;
        }
        writeln!(f)
    }

    fn called(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.confusion.is_empty() {
            return Ok(());
        }
        writeln!(f, "{:<24} {:<24} {:>9}", "what it is", "what it is called", "alerts")?;
        for it in &self.confusion {
            writeln!(f, "{:<24} {:<24} {:>9}", it.truth, it.alerted, it.alerts)?;
        }
        writeln!(f)
    }

    fn trusted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.reliability.is_empty() {
            writeln!(f, "{:<24} {:>9} {:>9}", "score", "alerts", "right")?;
        }
        for it in &self.reliability {
            let score = format!("{:.1} to {:.1} dB", it.from_db, it.to_db);
            writeln!(f, "{score:<24} {:>9} {:>7.1} %", it.alerts, 100.0 * it.right as f64 / it.alerts.max(1) as f64)?;
        }
        for it in &self.precision {
            let (precision, at_least) = (100.0 * it.precision, 100.0 * it.at_least);
            let prevalence = 100.0 * it.prevalence;
            writeln!(
                f,
                "precision of {:<8} at {prevalence:>5} % fraud: {precision:.2} % (at 95 % at least {at_least:.2} %)",
                it.of
            )?;
        }
        Ok(())
    }
}

/// A row of the table of operations.
struct KindRow<'k>(&'k KindScore);

impl fmt::Display for KindRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(it) = self;
        let delay = |delay: Option<Delay>, digits: usize| {
            delay.map_or_else(|| "-".to_owned(), |delay| format!("{:.digits$} / {:.digits$}", delay.median, delay.p95))
        };
        let found = format!("{}/{}", it.found, it.operations);
        let right = format!("{}/{}", it.kind_right, it.found);
        let preventable =
            it.preventable_share.map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", 100.0 * share));
        write!(f, "{:<24} {found:>9} {right:>11} {:>16}", it.kind, delay(it.calls_to_alert, 0))?;
        write!(f, " {:>16} {:>16}", delay(it.answered_to_alert, 0), delay(it.minutes_to_alert, 1))?;
        write!(f, " {preventable:>12} {:>10}", delay(it.alerts_per_operation, 0))
    }
}

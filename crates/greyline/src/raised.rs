//! What a run over captures or records has raised: every word to its file, and the last on each alert to whoever reads the screen.

use std::path::Path;

use alert::{Alert, Severity};

use crate::failure::Failure;
use crate::outputs::LineOutput;

/// Alerts whose last word is kept for the screen; those past it are in the file.
const SHOWN_MAX: usize = 10_000;

/// An alert as the screen shows it.
pub struct Shown {
    /// When it was opened.
    pub opened: String,
    /// Its calls by then.
    pub opened_calls: u64,
    /// The last word on it.
    pub alert: Alert,
}

/// What was raised.
#[derive(Default)]
pub struct Raised {
    output: Option<LineOutput>,
    shadow: Option<LineOutput>,
    /// What was found by detectors in shadow alone.
    pub in_shadow: u64,
    /// Every alert, in the order they were opened.
    pub alerts: Vec<Shown>,
    /// The most severe.
    pub worst: Option<Severity>,
}

impl Raised {
    /// Nothing yet; alerts go to one file too, what detectors in shadow find to the other.
    pub fn open(alerts: Option<&Path>, shadow: Option<&Path>) -> Result<Self, Failure> {
        let open = |file: Option<&Path>| file.map(LineOutput::open).transpose();
        Ok(Self { output: open(alerts)?, shadow: open(shadow)?, ..Self::default() })
    }

    /// Takes down what is said of an alert.
    pub fn take(&mut self, alert: Alert) {
        if alert.shadow {
            self.in_shadow += u64::from(alert.status == "open");
            self.shadow.iter_mut().for_each(|file| file.line(&alert));
            return;
        }
        self.output.iter_mut().for_each(|file| file.line(&alert));
        self.worst = self.worst.max(Some(alert.severity));
        let held = self.alerts.iter().rposition(|held| held.alert.alert_id == alert.alert_id);
        if held.is_none() && self.alerts.len() < SHOWN_MAX {
            self.alerts.push(Shown { opened: alert.time.clone(), opened_calls: alert.calls.count, alert });
        } else if let Some(held) = held.and_then(|place| self.alerts.get_mut(place)) {
            held.alert = alert;
        }
    }

    /// Ends the files; what they lack: that of alerts, and that of what was found in shadow.
    pub fn close(&mut self) -> [Option<Failure>; 2] {
        [&mut self.output, &mut self.shadow].map(|file| file.take().and_then(|file| file.close().err()))
    }
}

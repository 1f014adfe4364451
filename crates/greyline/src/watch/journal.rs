//! A file that a probe writes for weeks: what cannot be written is counted and said, and the probe goes on.

use std::sync::Arc;

use call::CallRecord;
use config::Known;
use metrics::Metrics;
use metrics::catalogue::{SINK_DELIVERED, SINK_FAILED};
use serde::Serialize;

use crate::clerk::Scribe;
use crate::failure::Failure;
use crate::json::call::CallJson;
use crate::outputs::Output;

/// A file of JSON Lines.
pub struct Journal {
    output: Output,
    name: &'static str,
    metrics: Arc<Metrics>,
    /// Whether it failed when it was last written: only the first failure of a row is logged.
    failing: bool,
}

impl Journal {
    /// A journal that metrics call `name`.
    pub fn new(output: Output, name: &'static str, metrics: Arc<Metrics>) -> Self {
        Self { output, name, metrics, failing: false }
    }

    /// Writes a line.
    pub fn line(&mut self, value: &impl Serialize) {
        let written = self.output.line(value);
        self.wrote(written);
    }

    /// Writes a line that others are to see at once.
    pub fn line_at_once(&mut self, value: &impl Serialize) {
        let written = self.output.line(value).and_then(|()| self.output.flush());
        self.wrote(written);
    }

    /// Lets others see what was written so far.
    pub fn show(&mut self) {
        let shown = self.output.flush();
        self.told(shown);
    }

    /// Goes on in a file of the same name that is opened anew: somebody has moved this one away.
    pub fn move_on(&mut self) {
        let opened = self.output.reopen();
        self.told(opened);
    }

    /// Makes sure everything has arrived; what has not is counted.
    pub fn end(self) -> Result<(), Failure> {
        let Self { output, name, metrics, .. } = self;
        output.close_lines().inspect_err(|failure| metrics.add(&SINK_FAILED, &[name], failure.lines_missing()))
    }

    fn wrote(&mut self, written: Result<(), Failure>) {
        self.metrics.add(&SINK_DELIVERED, &[self.name], u64::from(written.is_ok()));
        self.told(written);
    }

    fn told(&mut self, done: Result<(), Failure>) {
        let failed = done.is_err();
        if let Err(failure) = done {
            self.metrics.add(&SINK_FAILED, &[self.name], 1);
            if !self.failing {
                tracing::warn!(%failure, output = self.name, "records are not written; it is tried again with the next");
            }
        }
        self.failing = failed;
    }
}

/// A journal of call records.
pub struct Calls {
    pub journal: Journal,
    /// Trunks and their names.
    pub known: Arc<Known>,
}

impl Scribe for Calls {
    fn take(&mut self, record: &CallRecord<'_>) {
        self.journal.line(&CallJson::of(record, Some(&self.known)));
    }

    fn flush(&mut self) {
        self.journal.show();
    }

    fn reopen(&mut self) {
        self.journal.move_on();
    }

    fn renew(&mut self, known: &Arc<Known>) {
        self.known = Arc::clone(known);
    }

    fn close(self: Box<Self>) -> Result<(), Failure> {
        self.journal.end()
    }
}

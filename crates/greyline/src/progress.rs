//! The progress bar: how much is read, how fast, how long still. On a terminal only, and never on the packet path.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use pipeline::Worker;

/// Batches between two looks at the bar: some thousand frames.
const BATCHES_BETWEEN: u32 = 64;

/// The bar, or nothing where nobody watches.
pub struct Progress {
    bar: Option<ProgressBar>,
    batches: u32,
}

impl Progress {
    /// A bar on standard error, when that is a terminal and nobody asked for quiet.
    pub fn new(quiet: bool, total: Option<u64>) -> Self {
        let bar = (!quiet && io::stderr().is_terminal()).then(|| {
            let (bar, template) = match total {
                Some(total) => {
                    (ProgressBar::new(total), "{bar:30} {percent:>3} %  {msg}  {binary_bytes_per_sec}  {eta} left")
                }
                None => (ProgressBar::new_spinner(), "{spinner} {binary_bytes} read  {msg}  {binary_bytes_per_sec}"),
            };
            bar.enable_steady_tick(Duration::from_millis(200));
            match ProgressStyle::with_template(template) {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Self { bar, batches: 0 }
    }

    /// Tells the bar how far we are, now and then.
    pub fn on_batch(&mut self, read: u64, worker: &Worker) {
        let Some(bar) = &self.bar else { return };
        self.batches += 1;
        if self.batches.is_multiple_of(BATCHES_BETWEEN) {
            bar.set_position(read);
            let (frames, calls) = (worker.traffic().frames, worker.call_tally().legs);
            let rate = frames as f64 / bar.elapsed().as_secs_f64().max(0.001) / 1e6;
            bar.set_message(format!("{frames} frames, {calls} calls, {rate:.1} M frames/s"));
        }
    }

    /// Tells the bar how many lines of call records were read.
    pub fn on_records(&self, lines: u64) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{lines} call records"));
        }
    }

    /// Takes the bar away.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

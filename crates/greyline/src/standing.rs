//! How far the clock that stamped the calls of an alert was from UTC, as far as anybody wrote it down.

use dossier::ClockKept;
use serde_json::{Value, json};
use store::{Alert, Archive, ClockReading};

use crate::failure::Failure;
use crate::json::time;

/// Readings that are looked at: more than two months of one in ten minutes.
const READINGS_MAX: usize = 10_000;

/// What was read of the clock while an alert's calls went on.
pub struct Standing {
    readings: Vec<ClockReading>,
    /// Of these, when nobody kept the clock to UTC.
    unsynchronised: usize,
}

impl Standing {
    /// What a store has of it: nothing where what it holds was read from captures alone.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn of(archive: &Archive, alert: &Alert) -> Result<Option<Self>, Failure> {
        let (from, until) = alert.calls_at;
        let readings = archive.clock(from, until, READINGS_MAX).map_err(Failure::Store)?;
        let unsynchronised = readings.iter().filter(|reading| !reading.synchronised).count();
        Ok((!readings.is_empty()).then_some(Self { readings, unsynchronised }))
    }

    /// For how far the kernel allowed at most, where somebody kept the clock.
    fn error_max_us(&self) -> Option<u64> {
        self.readings.iter().filter(|reading| reading.synchronised).map(|reading| reading.error_max_us).max()
    }

    /// By how much the clock was set, each time.
    fn steps(&self) -> impl Iterator<Item = &ClockReading> {
        // What the first stands for lies before the calls.
        self.readings.iter().skip(1).filter(|reading| reading.stepped_us != 0)
    }

    /// As a bundle tells it.
    pub fn told(&self) -> Value {
        let reading = |it: &ClockReading| {
            json!({ "at": time(it.at), "synchronised": it.synchronised, "offset_us": it.offset_us, "error_us": it.error_us,
                "error_max_us": it.error_max_us, "stepped_us": it.stepped_us })
        };
        json!({
            "said_by": "the kernel of the host that captured, of its own clock (adjtimex(2)): the first reading is the last before the calls",
            "readings_unsynchronised": self.unsynchronised,
            "error_max_us": self.error_max_us(),
            "readings": self.readings.iter().map(reading).collect::<Vec<_>>(),
        })
    }

    /// As a report tells it.
    pub fn kept(&self) -> ClockKept {
        ClockKept {
            readings: self.readings.len() as u64,
            unsynchronised: self.unsynchronised as u64,
            error_max_us: self.error_max_us(),
            steps: self.steps().count() as u64,
            step_max_us: self.steps().map(|reading| reading.stepped_us.unsigned_abs()).max().unwrap_or(0),
        }
    }
}

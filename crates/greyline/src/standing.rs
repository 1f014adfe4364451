//! How far the clock that stamped the calls of an alert was from UTC, as far as anybody wrote it down.

use dossier::ClockKept;
use serde_json::{Value, json};
use store::{Alert, Archive, ClockReading};
use types::Nanos;

use crate::failure::Failure;
use crate::json::time;
use crate::watch::REMEMBERED_EVERY;

/// Readings that are looked at: more than two months of one in ten minutes.
const READINGS_MAX: usize = 10_000;

/// What was read of the clock while an alert's calls went on.
pub struct Standing {
    readings: Vec<ClockReading>,
    /// When the calls began.
    from: Nanos,
}

impl Standing {
    /// What a store has of it: nothing where what it holds was read from captures alone.
    ///
    /// # Errors
    /// That the store cannot be read.
    pub fn of(archive: &Archive, alert: &Alert) -> Result<Option<Self>, Failure> {
        let (from, until) = alert.calls_at;
        let readings = archive.clock(from, until, READINGS_MAX).map_err(Failure::Store)?;
        Ok(Self::while_it_ran(readings, from))
    }

    /// The readings of calls from a moment on: the one before them counts where the probe that took it still ran, which it then would have
    /// read again by now. What it says of another year's calls is nothing.
    fn while_it_ran(mut readings: Vec<ClockReading>, from: Nanos) -> Option<Self> {
        let since = from.before(2 * REMEMBERED_EVERY);
        readings.retain(|reading| reading.at >= since);
        (!readings.is_empty()).then_some(Self { readings, from })
    }

    /// How many readings found nobody keeping the clock to UTC.
    fn unsynchronised(&self) -> usize {
        self.readings.iter().filter(|reading| !reading.synchronised).count()
    }

    /// For how far the kernel allowed at most, where somebody kept the clock.
    fn error_max_us(&self) -> Option<u64> {
        self.readings.iter().filter(|reading| reading.synchronised).map(|reading| reading.error_max_us).max()
    }

    /// By how much the clock was set, each time.
    fn steps(&self) -> impl Iterator<Item = &ClockReading> {
        self.readings.iter().filter(|reading| reading.at > self.from && reading.stepped_us != 0)
    }

    /// As a bundle tells it.
    pub fn told(&self) -> Value {
        let reading = |it: &ClockReading| {
            json!({ "at": time(it.at), "synchronised": it.synchronised, "offset_us": it.offset_us, "error_us": it.error_us,
                "error_max_us": it.error_max_us, "stepped_us": it.stepped_us })
        };
        json!({
            "said_by": "the kernel of the host that captured, of its own clock (adjtimex(2)): the first reading may be the last before the calls",
            "readings_unsynchronised": self.unsynchronised(),
            "error_max_us": self.error_max_us(),
            "readings": self.readings.iter().map(reading).collect::<Vec<_>>(),
        })
    }

    /// As a report tells it.
    pub fn kept(&self) -> ClockKept {
        ClockKept {
            readings: self.readings.len() as u64,
            unsynchronised: self.unsynchronised() as u64,
            error_max_us: self.error_max_us(),
            steps: self.steps().count() as u64,
            step_max_us: self.steps().map(|reading| reading.stepped_us.unsigned_abs()).max().unwrap_or(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Nanos {
        Nanos::from_parts(1_795_860_000 + secs, 0)
    }

    fn reading(secs: u64, stepped_us: i64) -> ClockReading {
        ClockReading {
            at: at(secs),
            synchronised: stepped_us == 0,
            error_max_us: 700,
            stepped_us,
            ..ClockReading::default()
        }
    }

    #[test]
    fn what_was_read_long_before_says_nothing() {
        let (day, calls) = (86_400, at(86_400));
        assert!(Standing::while_it_ran(vec![reading(0, 0)], calls).is_none());
        assert!(Standing::while_it_ran(Vec::new(), calls).is_none());
        // The clock was set before the calls, and once more during them.
        let readings = vec![reading(0, 5), reading(day - 300, 5), reading(day + 300, 0), reading(day + 900, -9)];
        let kept = Standing::while_it_ran(readings, calls).unwrap().kept();
        let expected = ClockKept { readings: 3, unsynchronised: 2, error_max_us: Some(700), steps: 1, step_max_us: 9 };
        assert_eq!(kept, expected);
    }
}

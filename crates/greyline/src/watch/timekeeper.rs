//! What the clock that stamps frames is worth: what the kernel says of it, and whether somebody set it.

use std::time::{Duration, Instant};

use metrics::Metrics;
use metrics::catalogue::{CLOCK_ERROR_MAX, CLOCK_OFFSET, CLOCK_STEPS, CLOCK_SYNCHRONISED};
use store::{ClockReading, Store};
use types::Nanos;

/// How often the clock is read.
const EVERY: Duration = Duration::from_secs(60);
/// How often a reading like the one before is remembered.
pub const REMEMBERED_EVERY: Duration = Duration::from_secs(600);
/// By how much the clock and what has passed since may differ for the clock to have been slewed rather than set: the kernel slews half
/// a millisecond in a second, and a thread that waits between two looks loses more.
const STEP_MIN: Duration = Duration::from_millis(100);

/// Reads the clock, and remembers what came of it.
pub struct Timekeeper {
    /// The clock at a moment, and that moment by one that nobody sets.
    last: (Nanos, Instant),
    read: Option<Instant>,
    remembered: Option<(Instant, ClockReading)>,
    steps: u64,
    stepped_us: i64,
    /// Whether it was told that nothing can be read.
    is_told: bool,
}

impl Timekeeper {
    /// One that has read nothing.
    pub fn new() -> Self {
        let last = (tap::now(), Instant::now());
        Self { last, read: None, remembered: None, steps: 0, stepped_us: 0, is_told: false }
    }

    /// Looks at the clock, where it is time to.
    pub fn look(&mut self, metrics: &Metrics, store: Option<&Store>) {
        let now = (tap::now(), Instant::now());
        let step = step(self.last, now);
        self.last = now;
        if step != 0 {
            self.steps += 1;
            self.stepped_us = self.stepped_us.saturating_add(step);
            tracing::warn!(seconds = step as f64 / 1e6, "the clock was set");
        }
        if step == 0 && self.read.is_some_and(|read| now.1.duration_since(read) < EVERY) {
            return;
        }
        self.read = Some(now.1);
        metrics.total(&CLOCK_STEPS, &[], self.steps);
        let Some(reading) = read(now.0, self.stepped_us) else {
            if !std::mem::replace(&mut self.is_told, true) {
                tracing::warn!("the kernel does not say what its clock is worth (adjtimex)");
            }
            return;
        };
        metrics.level(&CLOCK_SYNCHRONISED, &[], f64::from(u8::from(reading.synchronised)));
        metrics.level(&CLOCK_OFFSET, &[], reading.offset_us as f64 / 1e6);
        metrics.level(&CLOCK_ERROR_MAX, &[], reading.error_max_us as f64 / 1e6);
        let before = self.remembered.map(|(_, reading)| reading);
        if !reading.synchronised && before.is_none_or(|before| before.synchronised) {
            tracing::warn!("nobody keeps the clock to UTC: times of calls are no better than this host's");
        }
        if self.remembered.is_none_or(|(at, before)| is_news(&before, &reading, now.1.duration_since(at))) {
            (self.remembered, self.stepped_us) = (Some((now.1, reading)), 0);
            store.into_iter().for_each(|store| store.clock(reading));
        }
    }
}

/// By how many microseconds the clock was set between two looks: 0 where it went on.
fn step(before: (Nanos, Instant), now: (Nanos, Instant)) -> i64 {
    let passed = now.1.duration_since(before.1).as_micros() as i64;
    let step = now.0.micros() as i64 - before.0.micros() as i64 - passed;
    if step.unsigned_abs() < STEP_MIN.as_micros() as u64 { 0 } else { step }
}

/// Whether a reading says what the one before did not.
fn is_news(before: &ClockReading, reading: &ClockReading, since: Duration) -> bool {
    since >= REMEMBERED_EVERY || reading.stepped_us != 0 || before.synchronised != reading.synchronised
}

/// What the kernel says of its clock (adjtimex(2)): nothing where it does not.
#[expect(unsafe_code, reason = "no crate reads this: those that wrap it set clocks")]
fn read(at: Nanos, stepped_us: i64) -> Option<ClockReading> {
    // The call itself: what the C library makes of it is another one, which containers shut out.
    // SAFETY: a `timex` is integers, of which all zeros is one; the kernel fills it in for as long as the call lasts, and with no mode in it
    // changes nothing.
    let (said, timex) = unsafe {
        let mut timex = std::mem::zeroed::<libc::timex>();
        (libc::syscall(libc::SYS_adjtimex, &raw mut timex), timex)
    };
    if said < 0 {
        return None;
    }
    // Where the kernel counts in nanoseconds, the offset is written in these.
    let offset_us = if timex.status & libc::STA_NANO == 0 { timex.offset } else { timex.offset / 1_000 };
    Some(ClockReading {
        at,
        synchronised: said != libc::c_long::from(libc::TIME_ERROR) && timex.status & libc::STA_UNSYNC == 0,
        offset_us,
        error_us: timex.esterror.unsigned_abs(),
        error_max_us: timex.maxerror.unsigned_abs(),
        stepped_us,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64, nanos: u64) -> Nanos {
        Nanos::from_parts(1_795_860_000 + secs, nanos)
    }

    #[test]
    fn a_clock_that_goes_on_was_not_set() {
        let began = Instant::now();
        for (passed_ms, shown, expected) in [
            (1_000, at(1, 0), 0),
            (1_000, at(1, 90_000_000), 0),
            (1_000, at(0, 910_000_000), 0),
            (1_000, at(4, 0), 3_000_000),
            (60_000, at(50, 0), -10_000_000),
        ] {
            let now = (shown, began + Duration::from_millis(passed_ms));
            assert_eq!(step((at(0, 0), began), now), expected, "{passed_ms} ms");
        }
    }

    #[test]
    fn the_kernel_says_what_its_clock_is_worth() {
        let reading = read(at(0, 0), 7).unwrap();
        assert_eq!((reading.at, reading.stepped_us), (at(0, 0), 7));
        // The kernel allows for sixteen seconds at most, and says then that nobody keeps the clock.
        assert!(!reading.synchronised || reading.error_max_us < 16_000_000, "{reading:?}");
    }

    #[test]
    fn what_is_as_before_is_remembered_seldom() {
        let before = ClockReading { synchronised: true, error_max_us: 500, ..ClockReading::default() };
        let minute = Duration::from_secs(60);
        assert!(!is_news(&before, &ClockReading { error_max_us: 900, ..before }, minute));
        assert!(is_news(&before, &ClockReading { synchronised: false, ..before }, minute));
        assert!(is_news(&before, &ClockReading { stepped_us: -1, ..before }, minute));
        assert!(is_news(&before, &before, minute * 10));
    }
}

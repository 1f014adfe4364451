//! When time passes: once a second of capture time, and not because one frame says so that is stamped years away.
//!
//! Damaged captures, and clocks that are set while they are read, hold frames from the year 1970 or 2100 between others of
//! today. Believed, one of the future would end every call, and no timer would run until its time had come.

use types::Nanos;

/// A second: how often timers are looked at.
const TICK_NANOS: u64 = 1_000_000_000;

/// How far time may leap, forwards or back, on the word of a single frame: an hour. Further, the next frame must agree.
const LEAP_NANOS_MAX: u64 = 3_600 * 1_000_000_000;

/// The clock of a worker.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// Stamps that neither begin the next second nor leap back: `span` ns from `quiet` on, none until time is known.
    quiet: u64,
    span: u64,
    /// The number of the last frame that leapt.
    leapt: u64,
}

impl Clock {
    /// Takes the stamp of frame number `frame`, counted from 1. Gives the whole second at or before it when it is the
    /// first frame of a second, which is when time passes.
    #[inline]
    pub(crate) fn tick(&mut self, at: Nanos, frame: u64) -> Option<Nanos> {
        if at.get().wrapping_sub(self.quiet) < self.span { None } else { self.tick_now(at, frame) }
    }

    /// Whether none of the stamps from `first` to `last` would make time pass.
    #[inline]
    pub(crate) const fn is_quiet(&self, first: Nanos, last: Nanos) -> bool {
        let (since_first, since_last) = (first.get().wrapping_sub(self.quiet), last.get().wrapping_sub(self.quiet));
        since_first <= since_last && since_last < self.span
    }

    #[cold]
    fn tick_now(&mut self, at: Nanos, frame: u64) -> Option<Nanos> {
        let leaps = |next: Nanos| at.nanos_since(next).max(next.nanos_since(at)) > LEAP_NANOS_MAX;
        if self.next().is_some_and(leaps) && std::mem::replace(&mut self.leapt, frame) + 1 != frame {
            return None;
        }
        let second = at.get() - at.get() % TICK_NANOS;
        let next = second.saturating_add(TICK_NANOS);
        (self.quiet, self.span) = (next.wrapping_sub(LEAP_NANOS_MAX), LEAP_NANOS_MAX);
        Some(Nanos::new(second))
    }

    /// When the next second begins.
    fn next(&self) -> Option<Nanos> {
        (self.span > 0).then(|| Nanos::new(self.quiet.wrapping_add(self.span)))
    }

    /// When a capture ended whose latest stamp was `last`: no later than what is believed.
    pub(crate) fn end(&self, last: Nanos) -> Nanos {
        self.next().map_or(last, |next| last.min(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays frames at these seconds, and gives the seconds at which time passed.
    fn ticks(stamps: &[u64]) -> Vec<u64> {
        let mut clock = Clock::default();
        let stamps = (1..).zip(stamps).map(|(frame, &secs)| (frame, Nanos::from_parts(secs, 500_000_000)));
        stamps.filter_map(|(frame, at)| clock.tick(at, frame)).map(|tick| tick.get() / TICK_NANOS).collect()
    }

    #[test]
    fn time_passes_once_a_second() {
        assert_eq!(ticks(&[100, 100, 101, 99, 101, 103, 3_703, 3_703]), [100, 101, 103, 3_703]);
    }

    #[test]
    fn one_stamp_from_far_away_moves_nothing() {
        assert_eq!(ticks(&[100, 4_000_000_000, 101, 4_000_000_000, 102, 0, 103]), [100, 101, 102, 103]);
    }

    #[test]
    fn two_in_a_row_do() {
        assert_eq!(ticks(&[100_000, 200_000, 200_001, 200_002]), [100_000, 200_001, 200_002]);
        assert_eq!(ticks(&[100_000, 100, 100, 101, 100_000, 102]), [100_000, 100, 101, 102]);
    }

    #[test]
    fn a_capture_ends_when_it_is_believed_to() {
        let mut clock = Clock::default();
        let at = |secs| Nanos::from_parts(secs, 0);
        assert_eq!(clock.end(at(7)), at(7));
        assert_eq!(clock.tick(at(100), 1), Some(at(100)));
        assert_eq!((clock.end(at(100)), clock.end(at(4_000_000_000))), (at(100), at(101)));
    }
}

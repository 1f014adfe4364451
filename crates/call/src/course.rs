//! How the media of calls fared while they were up: figures of a stream from time to time, for whoever asks of a call when it went wrong.
//!
//! A mark is what was counted since the stream began, so that of two intervals one is made by leaving a mark out: a stream that goes
//! on for longer than there is room for is told in longer intervals. Nothing is done for a packet; each second a part of the streams is looked at.

use foldhash::quality::RandomState;
use hashbrown::HashMap;
use rtp::{Figures, StreamId, Streams};
use types::Nanos;

/// Marks of one stream; past it every other goes.
const MARKS_MAX: usize = 60;
const SECOND_NANOS: u64 = 1_000_000_000;

/// A stream until a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Packets that had arrived, duplicates and strays included.
    pub packets: u32,
    /// Packets that had not come.
    pub lost: u32,
    /// Interarrival jitter (RFC 3550 §A.8), the most of the interval's marks, ms; 0 while no clock is known.
    pub jitter_ms: f32,
}

impl Mark {
    /// Before anything came.
    pub const NONE: Self = Self { packets: 0, lost: 0, jitter_ms: 0.0 };

    fn of(figures: &Figures) -> Self {
        let count = |count| u32::try_from(count).unwrap_or(u32::MAX);
        let jitter_ms = figures.jitter_ms.unwrap_or(0.0);
        Self { packets: count(figures.packets), lost: count(figures.lost), jitter_ms }
    }
}

/// A stream over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The second before which it began: the interval of the first mark ends `every_secs` later.
    begun_secs: u64,
    every_secs: u32,
    marks: Vec<Mark>,
}

impl Course {
    const fn new(begun_secs: u64, every_secs: u32) -> Self {
        Self { begun_secs, every_secs, marks: Vec::new() }
    }

    /// When the interval of the first mark ends.
    #[must_use]
    pub fn first_ends_at(&self) -> Nanos {
        Nanos::from_parts(self.begun_secs + u64::from(self.every_secs), 0)
    }

    /// Seconds from one mark to the next.
    #[must_use]
    pub const fn every_secs(&self) -> u32 {
        self.every_secs
    }

    /// The marks, two at least, each at the end of its interval; the last is that of the stream's end, and its interval may be shorter.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The second at which the next mark is due.
    fn due_secs(&self) -> u64 {
        self.begun_secs + u64::from(self.every_secs) * (self.marks.len() as u64 + 1)
    }

    /// Makes the marks that are due until a second, when the last packet had come at `last_at`. Where nothing came since the last mark none
    /// is made: whether time is looked at once more before the end says nothing of the stream.
    fn reach(&mut self, second: u64, last_at: Nanos, mark: Mark) {
        let before = self.marks.last().copied().unwrap_or(Mark::NONE);
        if before.packets == mark.packets {
            return;
        }
        while self.due_secs() <= second {
            let had_come = last_at < Nanos::from_parts(self.due_secs(), 0);
            self.push(if had_come { mark } else { before });
        }
    }

    fn push(&mut self, mark: Mark) {
        self.marks.push(mark);
        if self.marks.len() == MARKS_MAX {
            self.halve();
        }
    }

    /// Goes over to intervals twice as long.
    fn halve(&mut self) {
        let (pairs, _) = self.marks.as_chunks::<2>();
        let longer = pairs.iter().map(|[one, other]| Mark { jitter_ms: one.jitter_ms.max(other.jitter_ms), ..*other });
        self.marks = longer.collect();
        self.every_secs *= 2;
    }

    /// The whole of it, with a mark at the stream's end; nothing where all came within one interval.
    fn ended(mut self, last_at: Nanos, end: Mark) -> Option<Self> {
        self.reach(last_at.get() / SECOND_NANOS, last_at, end);
        if self.marks.last().is_none_or(|last| last.packets != end.packets) {
            self.push(end);
        }
        (self.marks.len() > 1).then_some(self)
    }
}

/// The courses of the streams that are up.
#[derive(Debug)]
pub(crate) struct Courses {
    every_secs: u32,
    streams_max: usize,
    /// By the remainder of the second in which a stream is looked at, so that not all are at once.
    shares: Vec<HashMap<StreamId, Course, RandomState>>,
    streams: usize,
    /// The last second that was looked at.
    looked: Option<u64>,
}

impl Courses {
    /// Of at most `streams_max` streams, marked every `every_secs` seconds; with 0 of none.
    pub(crate) fn new(every_secs: u32, streams_max: u32) -> Self {
        let shares = (0..every_secs).map(|_| HashMap::default()).collect();
        Self { every_secs, streams_max: streams_max as usize, shares, streams: 0, looked: None }
    }

    fn share(&mut self, second: u64) -> Option<&mut HashMap<StreamId, Course, RandomState>> {
        let share = second.checked_rem(u64::from(self.every_secs))?;
        self.shares.get_mut(usize::try_from(share).ok()?)
    }

    /// Begins with a stream of this source, whose first packet came at `at`; `false` where there is no room for it.
    pub(crate) fn open(&mut self, stream: StreamId, ssrc: u32, at: Nanos) -> bool {
        if self.every_secs == 0 {
            return true;
        }
        if self.streams >= self.streams_max {
            return false;
        }
        let (every, began) = (u64::from(self.every_secs), at.get() / SECOND_NANOS);
        // The last second at or before the beginning that is the stream's: whose it is the source says, whatever the tables are like.
        let since = (began % every + every - u64::from(ssrc) % every) % every;
        let course = Course::new(began.saturating_sub(since), self.every_secs);
        let share = self.share(ssrc.into());
        self.streams += usize::from(share.is_some_and(|share| share.insert(stream, course).is_none()));
        true
    }

    /// Looks at the streams whose turn it is at a second, and at those whose turn it was since it was looked before.
    pub(crate) fn on_time(&mut self, second: Nanos, streams: &Streams) {
        if self.streams == 0 {
            return;
        }
        let (second, every) = (second.get() / SECOND_NANOS, u64::from(self.every_secs));
        let missed = self.looked.map_or(every, |looked| second.saturating_sub(looked).min(every));
        self.looked = Some(second);
        for turn in 0..missed {
            let Some(share) = self.share(second.saturating_sub(turn)) else { return };
            for (&stream, course) in share {
                if course.due_secs() <= second
                    && let Some(figures) = streams.figures(stream)
                {
                    course.reach(second, figures.last_at, Mark::of(&figures));
                }
            }
        }
    }

    /// Ends with a stream of this source, whose figures are these to the end.
    pub(crate) fn close(&mut self, stream: StreamId, ssrc: u32, figures: &Figures) -> Option<Course> {
        let course = self.share(ssrc.into())?.remove(&stream)?;
        self.streams -= 1;
        course.ended(figures.last_at, Mark::of(figures))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn mark(packets: u32, jitter_ms: f32) -> Mark {
        Mark { packets, lost: 0, jitter_ms }
    }

    const fn at(secs: u64) -> Nanos {
        Nanos::from_parts(secs, 500_000_000)
    }

    #[test]
    fn marks_are_due_at_even_steps_however_long_nothing_came() {
        let mut course = Course::new(100, 5);
        course.reach(104, at(103), mark(9, 0.0));
        assert!(course.marks().is_empty());
        course.reach(105, at(104), mark(10, 1.0));
        // Nothing came, and then something in the interval that ends at 120.
        course.reach(110, at(104), mark(10, 1.0));
        course.reach(120, at(119), mark(20, 2.0));
        let packets = |course: &Course| course.marks().iter().map(|mark| mark.packets).collect::<Vec<_>>();
        assert_eq!((packets(&course), course.first_ends_at()), (vec![10, 10, 10, 20], Nanos::from_parts(105, 0)));
        // What had come before a gap in the capture came before it.
        course.reach(135, at(121), mark(25, 2.0));
        assert_eq!(packets(&course), [10, 10, 10, 20, 25, 25, 25]);
    }

    #[test]
    fn the_end_is_the_same_whether_time_passed_after_it_or_not() {
        let ended = |looks: &[u64]| {
            let mut course = Course::new(100, 5);
            course.reach(105, at(104), mark(10, 1.0));
            looks.iter().for_each(|&second| course.reach(second, at(107), mark(14, 3.0)));
            course.ended(at(107), mark(14, 3.0)).unwrap()
        };
        assert_eq!(ended(&[]).marks(), [mark(10, 1.0), mark(14, 3.0)]);
        for looks in [&[110][..], &[110, 115, 400], &[108, 109]] {
            assert_eq!(ended(looks), ended(&[]), "{looks:?}");
        }
        // One interval says no more than the stream as a whole.
        let mut short = Course::new(100, 5);
        assert_eq!(short.clone().ended(at(103), mark(3, 0.0)), None);
        short.reach(105, at(103), mark(3, 0.0));
        assert_eq!(short.ended(at(103), mark(3, 0.0)), None);
    }

    #[test]
    fn a_long_stream_is_told_in_longer_intervals() {
        let mut course = Course::new(0, 5);
        for second in 1..=86_400 {
            course.reach(second, at(second - 1), mark(second as u32, if second == 280 { 40.0 } else { 1.0 }));
        }
        assert_eq!(course.every_secs(), 5 << 9);
        assert!((MARKS_MAX / 2..MARKS_MAX).contains(&course.marks().len()));
        for (place, mark) in (1..).zip(course.marks()) {
            assert_eq!(mark.packets, course.every_secs() * place);
        }
        // The worst of an interval stays.
        assert_eq!(course.marks()[0].jitter_ms, 40.0);
        let mut leapt = Course::new(0, 5);
        leapt.reach(400_000_000, at(399_999_998), mark(1, 0.0));
        assert!(leapt.marks().len() < MARKS_MAX && leapt.due_secs() > 400_000_000);
    }
}

//! Who ends a call that boxes in the middle pass on. Such a box hangs up on the caller because the callee hung up on it; one that hangs
//! up on both of its own accord dropped the call, and neither of the people ended it. Which of the two it was may show a moment
//! after the caller's leg is over: until then nobody is told of the end.

use std::collections::VecDeque;
use std::time::Duration;

use types::Nanos;

use crate::calls::Calls;
use crate::join::LegRef;
use crate::leg::Leg;
use crate::phase::{Ending, Phase, Side, Signal};
use crate::{Listener, Step};

/// Legs that end so close to one another end for the same reason: a box that drops a call does not wait between the two. It is
/// also how long an end is kept back, so that it is still known at once.
const TOGETHER_MAX: Duration = Duration::from_secs(1);

/// First legs that are over and of whose end nobody was told yet, the longest waiting first. A leg is here once at most.
pub(crate) type Partings = VecDeque<(Nanos, LegRef)>;

impl Calls {
    /// A leg was over at `at`: tells of the end of its call as soon as it is known who ended it.
    pub(crate) fn part(&mut self, index: u32, at: Nanos, listener: &mut impl Listener) {
        let first = self.first_of(index);
        if first != index {
            let waiting = self.partings.iter().position(|(_, leg)| leg.index == first);
            if let Some((place, &(at, _))) = waiting.and_then(|place| Some((place, self.partings.get(place)?)))
                && let Some(dropped) = self.is_dropped(first, at)
            {
                self.partings.remove(place);
                self.tell_parted(first, at, dropped, listener);
            }
            return;
        }
        let Some(leg) = self.legs.get(index) else { return };
        match self.is_dropped(index, at) {
            Some(dropped) => self.tell_parted(index, at, dropped, listener),
            None => self.partings.push_back((at, LegRef { index, serial: leg.serial })),
        }
    }

    /// Tells of the ends that nothing more showed of in time.
    pub(crate) fn part_in_time(&mut self, now: Nanos, listener: &mut impl Listener) {
        while let Some(&(at, leg)) = self.partings.front().filter(|(at, _)| now.since(*at) > TOGETHER_MAX) {
            self.partings.pop_front();
            if let Some(leg) = self.legs.get_mut(leg.index) {
                leg.rare().end_known_at.get_or_insert(now);
            }
            self.tell_parted(leg.index, at, false, listener);
        }
    }

    /// Tells of the end of a call whose record is about to be written.
    pub(crate) fn part_at_last(&mut self, first: u32, listener: &mut impl Listener) {
        let Some(place) = self.partings.iter().position(|(_, leg)| leg.index == first) else { return };
        if let Some((at, _)) = self.partings.remove(place) {
            self.tell_parted(first, at, false, listener);
        }
    }

    fn tell_parted(&mut self, first: u32, at: Nanos, dropped: bool, listener: &mut impl Listener) {
        if let Some(leg) = self.legs.get_mut(first).filter(|_| dropped) {
            leg.phase = leg.phase.after(Signal::Drop, at);
        }
        self.tell(first, Step::Ended, at, listener);
    }

    /// Whether a call that the callee's side ended at `at` on its first leg was dropped by a box that hung up on the callee too;
    /// `None` while that may still show, since the callee is not known to have gone.
    fn is_dropped(&self, first: u32, at: Nanos) -> Option<bool> {
        let by_callee = |leg: &&Leg| matches!(leg.phase, Phase::Over { ending: Ending::HungUp(Side::Callee), .. });
        let Some(leg) = self.legs.get(first).filter(by_callee).filter(|leg| leg.answer_at.is_some()) else {
            return Some(false);
        };
        let mut dropped = false;
        for leg in self.last_legs(leg.others()) {
            match leg.phase {
                Phase::Over { at: over_at, ending: Ending::HungUp(by) }
                    if over_at.since(at).max(at.since(over_at)) <= TOGETHER_MAX =>
                {
                    if by == Side::Callee {
                        return Some(false);
                    }
                    dropped = true;
                }
                Phase::Talking => return None,
                _ => {}
            }
        }
        Some(dropped)
    }

    /// Of the legs of a call those that were answered and go on to no other box.
    fn last_legs<'a>(&'a self, others: &'a [u32]) -> impl Iterator<Item = &'a Leg> {
        let legs = || others.iter().filter_map(|&other| self.legs.get(other));
        let path = |leg: &Leg| self.common.path(leg.path);
        legs().filter(move |leg| {
            leg.answer_at.is_some() && !legs().any(|next| path(next).source.ip == path(leg).destination.ip)
        })
    }
}

//! Calls during which the clock of the capture was set back: what then seems to have happened before what came before it. Their times
//! go on from the last that was known, and what spans the change is not told, since nobody knows how long it took.

use std::time::Duration;

use types::Nanos;

use crate::leg::Leg;
use crate::phase::Phase;

/// How far packets change places on their way to the tap, or in it, at most: more is the clock's doing.
const DISORDER_MAX: Duration = Duration::from_secs(1);

/// What is not known of a leg's times, for its clock was set back.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SetBack {
    /// By how much, as far as it shows: what comes later is told so much later.
    by: Duration,
    /// When it rang.
    pub(crate) ring: bool,
    /// How long it took until the answer.
    pub(crate) answer: bool,
    /// When it ended.
    pub(crate) end: bool,
}

impl SetBack {
    /// Whether the clock is known to have been set back.
    pub(crate) const fn has_happened(self) -> bool {
        !self.by.is_zero()
    }
}

impl Leg {
    /// What is not known of its times.
    pub(crate) fn set_back(&self) -> SetBack {
        self.rare.as_ref().map_or_else(SetBack::default, |rare| rare.set_back)
    }

    /// An instant by the clock that told of the steps before it, and whether that has been set back since the last of them.
    pub(crate) fn on_clock(&mut self, at: Nanos) -> (Nanos, bool) {
        let at = at.after(self.set_back().by);
        let known = self.invite_at.max(self.ring_at).max(self.answer_at).unwrap_or(at);
        let back = known.since(at);
        let is_set_back = back > DISORDER_MAX;
        if is_set_back {
            self.rare().set_back.by += back;
        }
        (at.max(known), is_set_back)
    }

    /// Notes what is not known since the clock was set back on the way from one phase to this, or within it.
    pub(crate) fn lose_time(&mut self, before: Phase) {
        let phase = self.phase;
        let unknown = &mut self.rare().set_back;
        match phase {
            Phase::Ringing if phase != before => unknown.ring = true,
            Phase::Talking if phase != before => unknown.answer = true,
            Phase::Talking | Phase::Over { .. } => unknown.end = true,
            Phase::Calling | Phase::Waiting { .. } => (unknown.ring, unknown.answer) = (true, true),
            Phase::Ringing => unknown.answer = true,
            Phase::Cancelling { .. } => (unknown.answer, unknown.end) = (true, true),
        }
    }
}

//! What callers play: the robocall family by sound (privacy levels 2 and 3).
//!
//! A caller's side that plays what two other callees have heard within a day plays a recording: the third hearing makes it an
//! entity, to which these calls and all later ones belong, whatever numbers and trunks they come by. Half of all recordings
//! are wanted (SCIENCE 4.7): what is mostly heard from licensed callers, or between people who have spoken before, is learned
//! to be innocent. Callees' sides, on which menus greet, music plays and telephones ring, are not listened to.
//!
//! Who else does the same: reminders, announcements, collectors, whose class tables say so.

use audio::{Excerpt, Library, RecordingId, SavedLibrary};
use foldhash::quality::RandomState;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::entity::{Entity, LEVELS};
use crate::event::{CallKey, Hearing};
use crate::feature::Feature;
use crate::judge::Judge;
use crate::nodes::NodeRef;
use crate::operations::Counted;
use crate::report::Hearer;
use crate::settings::Settings;

/// Different callees that must have heard a recording.
const HEARERS_MIN: usize = 3;
/// Hearings remembered of a recording, until it is known to be one.
const HEARINGS_MAX: usize = 16;
/// Hearings that wait to be judged at once, up to 6 KB each.
const WAITING_MAX: usize = 4_096;

/// What the INVITE of a call showed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Invited {
    /// Its features.
    pub features: [(Feature, Option<bool>, f32); 8],
    /// How many times the usual odds of working time such a call has.
    pub odds: f32,
}

/// A callee who heard a recording that is not known to be one.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Callee {
    /// Whom the call was for.
    about: u64,
    /// When it was heard.
    at: Nanos,
    call: CallKey,
    /// The call's place in the journal, plus one.
    entry: u64,
}

/// What is known of a recording. Up to 700 bytes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Heard {
    /// Who heard it, until it is known to be one.
    callees: Vec<Callee>,
    /// Calls it was heard in.
    calls: u32,
    /// Of these, from licensed callers or between people who have spoken before.
    trusted: u32,
    /// Whether three callees have heard it.
    recognised: bool,
}

/// A call whose caller may be listened to. About 150 bytes.
#[derive(Debug, Serialize, Deserialize)]
struct Call {
    /// Whom it is for.
    about: u64,
    trusted: bool,
    answered_at: Nanos,
    invited: Invited,
    /// What it was taken for.
    plays: Option<RecordingId>,
    /// Whether it plays a recording, as it was told.
    told: Option<bool>,
}

/// What a hearing comes to.
enum Outcome {
    /// Too little was heard, or what is innocent.
    Nothing,
    /// Too few others have heard it.
    Alone,
    /// A recording.
    Known(RecordingId),
    /// A recording from now on, and its calls so far, each with its place in the journal.
    New(RecordingId, Vec<(CallKey, u64)>),
}

/// What was heard of late, and in which calls that are up.
#[derive(Debug)]
pub struct Recordings {
    listens: bool,
    keep_nanos: u64,
    library: Library<Heard>,
    /// As many as are followed to their end.
    calls: HashMap<CallKey, Call, RandomState>,
    waiting: usize,
}

impl Heard {
    /// Counts a call; whether as many callees heard it within the time it is remembered as make it a recording.
    fn count(&mut self, callee: Callee, trusted: bool, keep_nanos: u64) -> bool {
        self.calls = self.calls.saturating_add(1);
        self.trusted = self.trusted.saturating_add(u32::from(trusted));
        if self.recognised {
            return true;
        }
        self.callees.retain(|held| callee.at.nanos_since(held.at) <= keep_nanos);
        if self.callees.len() >= HEARINGS_MAX {
            self.callees.remove(0);
        }
        self.callees.push(callee);
        let mut about = Vec::from_iter(self.callees.iter().map(|held| held.about));
        about.sort_unstable();
        about.dedup();
        about.len() >= HEARERS_MIN
    }

    /// Whether it is mostly played to those who want to hear it.
    const fn is_wanted(&self) -> bool {
        self.trusted * 2 > self.calls
    }
}

/// What is written down of them.
#[derive(Serialize)]
pub struct View<'a> {
    library: &'a Library<Heard>,
    calls: &'a HashMap<CallKey, Call, RandomState>,
}

/// What was written down of them.
#[derive(Deserialize)]
pub struct SavedRecordings {
    library: SavedLibrary<Heard>,
    calls: HashMap<CallKey, Call, RandomState>,
}

impl Recordings {
    /// What is written down: what waits to be compared is not.
    pub const fn view(&self) -> View<'_> {
        View { library: &self.library, calls: &self.calls }
    }

    /// Goes on from what was written down.
    pub fn go_on(&mut self, saved: SavedRecordings, settings: &Settings) {
        let library = Library::restore(settings.library, saved.library);
        *self = Self { library, calls: saved.calls, ..Self::new(settings) };
    }

    /// Nothing more will be heard of the calls that are not over.
    pub fn lose_calls(&mut self) {
        self.calls.clear();
    }

    /// Nothing heard yet.
    pub fn new(settings: &Settings) -> Self {
        Self {
            listens: settings.listens,
            keep_nanos: settings.library.keep_nanos,
            library: Library::new(settings.library),
            calls: HashMap::default(),
            waiting: 0,
        }
    }

    /// Recordings forgotten for want of room.
    pub const fn forgotten(&self) -> u64 {
        self.library.tally().forgotten
    }

    /// Whether another hearing may wait to be judged, as it then does.
    pub const fn admit(&mut self) -> bool {
        let admits = self.listens && self.waiting < WAITING_MAX;
        self.waiting += admits as usize;
        admits
    }

    /// A call that is followed to its end begins.
    pub fn begin(&mut self, call: CallKey, about: u64, trusted: bool, invited: Invited) {
        if self.listens {
            let (answered_at, plays, told) = (Nanos::ZERO, None, None);
            self.calls.insert(call, Call { about, trusted, answered_at, invited, plays, told });
        }
    }

    /// A call was answered.
    pub fn answer(&mut self, call: CallKey, at: Nanos) {
        if let Some(call) = self.calls.get_mut(&call) {
            call.answered_at = at;
        }
    }

    /// Nothing more will be heard of a call.
    pub fn end(&mut self, call: CallKey) {
        if self.listens {
            self.calls.remove(&call);
        }
    }

    /// What a call's caller plays.
    fn hear(&mut self, call: CallKey, entry: u64, at: Nanos, excerpt: &Excerpt) -> Outcome {
        let Self { library, calls, keep_nanos, .. } = self;
        let Some(held) = calls.get_mut(&call).filter(|held| held.told != Some(true)) else { return Outcome::Nothing };
        if excerpt.is_ring_back() {
            return Outcome::Nothing;
        }
        // What others were heard to play too is not taken for another any more.
        let shared = held.plays.filter(|&id| library.facts_mut(id).is_some_and(|facts| facts.calls > 1));
        let Some(id) = shared.or_else(|| library.hear(at, excerpt, held.plays).map(|known| known.id)) else {
            return Outcome::Nothing;
        };
        let Some(facts) = library.facts_mut(id) else { return Outcome::Nothing };
        let counted = held.plays.replace(id) == Some(id);
        let callee = Callee { about: held.about, at, call, entry };
        let recognised = if counted { facts.recognised } else { facts.count(callee, held.trusted, *keep_nanos) };
        match (recognised, facts.is_wanted()) {
            (false, _) => Outcome::Alone,
            (true, true) => Outcome::Nothing,
            (true, false) if facts.recognised => Outcome::Known(id),
            (true, false) => {
                facts.recognised = true;
                let callees = std::mem::take(&mut facts.callees);
                Outcome::New(id, callees.iter().map(|callee| (callee.call, callee.entry)).collect())
            }
        }
    }
}

impl<H: Hearer> Judge<H> {
    /// Something was heard of a caller.
    pub(crate) fn on_heard(&mut self, call: CallKey, heard: &Hearing) {
        self.recordings.waiting = self.recordings.waiting.saturating_sub(1);
        let Some(live) = self.live.get(&call).copied() else { return };
        match self.recordings.hear(call, live.entry, self.now, &heard.excerpt) {
            Outcome::Nothing => {}
            // That it is none is only known when nothing more is listened to.
            Outcome::Alone if !heard.whole => {}
            Outcome::Alone => {
                if let Some(held) = self.recordings.calls.get_mut(&call) {
                    held.told = Some(false);
                }
                self.weigh(&live.nodes, &[(Feature::Recorded, Some(false), 0.0)]);
            }
            Outcome::Known(id) => self.recognise(call, live.entry, id),
            Outcome::New(id, calls) => {
                let answered_at = self.recordings.calls.get(&call).map_or(self.now, |held| held.answered_at);
                let after = self.now.nanos_since(answered_at);
                self.tally.recordings += 1;
                self.tally.recognised_nanos_max = self.tally.recognised_nanos_max.max(after);
                for (call, entry) in calls {
                    self.recognise(call, entry, id);
                }
            }
        }
    }

    /// A call plays a recording: it belongs to it from now on, with all that was known of it before.
    fn recognise(&mut self, call: CallKey, entry: u64, id: RecordingId) {
        self.tally.recorded_calls += 1;
        let Some(place) = self.nodes.at(Entity::Recording(id), self.now) else { return };
        let (Some(node), Some(written)) = (self.nodes.get_mut(place), self.journal.get_mut(entry)) else { return };
        written.recording = Some(id);
        if node.calls == 0 {
            (node.first_at, node.began_at) = (written.at, written.at);
        }
        node.calls = node.calls.saturating_add(1);
        node.last_at = node.last_at.max(written.at);
        if let Some(previous) = written.previous.get_mut(Entity::RECORDING_LEVEL) {
            *previous = std::mem::replace(&mut node.last_entry, entry);
        }
        let mut alone = [None; LEVELS];
        let of_recording = |nodes: &mut [Option<NodeRef>; LEVELS]| {
            if let Some(slot) = nodes.get_mut(Entity::RECORDING_LEVEL) {
                *slot = Some(place);
            }
        };
        of_recording(&mut alone);
        self.count_for_operation(entry, &alone, id);
        let mut nodes = alone;
        if let (Some(live), Some(held)) = (self.live.get_mut(&call), self.recordings.calls.get_mut(&call)) {
            of_recording(&mut live.nodes);
            // Where it was told that it plays none, that stands.
            if held.told.replace(true).is_none() {
                nodes = live.nodes;
            }
            let Invited { features, odds } = held.invited;
            self.weigh_leaning(&alone, &features, odds);
        }
        self.weigh(&nodes, &[(Feature::Recorded, Some(true), 0.0)]);
    }

    /// Lets a call count for the operation that plays its recording, unless it counts for one already, which then plays it.
    fn count_for_operation(&mut self, entry: u64, recording: &[Option<NodeRef>; LEVELS], id: RecordingId) {
        let (found, Some(written)) = (self.operation_of(recording, false), self.journal.get_mut(entry)) else { return };
        let Some((index, operation)) = written.operation.or(found) else { return };
        let Some(Some(open)) = self.operations.get_mut(index as usize) else { return };
        if open.id != operation {
            return;
        }
        if written.operation.is_some() {
            return open.plays(id, written.at);
        }
        written.operation = Some((index, operation));
        self.hearer.counted(operation, written.at, &written.call_id);
        open.count(&Counted::of(written));
        open.answered += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For whom calls were, an hour apart, and whether each was trusted: after which of them it is a recording that nobody wants.
    fn recognised(calls: &[(u64, bool)], keep_hours: u64) -> Option<usize> {
        const HOUR: u64 = 3_600_000_000_000;
        let mut facts = Heard::default();
        (0_u64..).zip(calls).position(|(number, &(about, trusted))| {
            let callee = Callee { about, at: Nanos::new(HOUR * number), call: CallKey(number), entry: number + 1 };
            facts.count(callee, trusted, keep_hours * HOUR) && !facts.is_wanted()
        })
    }

    #[test]
    fn the_third_callee_makes_a_recording() {
        assert_eq!(recognised(&[(1, false), (2, false), (3, false)], 24), Some(2));
        assert_eq!(recognised(&[(1, false), (1, false), (2, false), (1, false), (3, false)], 24), Some(4));
        assert_eq!(recognised(&[(1, false), (2, false), (1, false), (2, false)], 24), None, "two callees");
        assert_eq!(recognised(&[(1, false), (2, false), (3, false), (4, false)], 1), None, "forgotten meanwhile");
    }

    #[test]
    fn what_those_hear_who_know_the_caller_is_wanted() {
        assert_eq!(recognised(&[(1, true), (2, true), (3, true), (4, false)], 24), None);
        assert_eq!(recognised(&[(1, true), (2, true), (3, false), (4, false)], 24), Some(3), "no more than half");
    }
}

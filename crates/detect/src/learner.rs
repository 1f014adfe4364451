//! Learning from benign weeks: what the operator's own innocents are like, while they are judged as ever.
//!
//! Each entity counts for the class that explains best what it is used to show. Within a class entities differ (a beta
//! distribution of `k` prior calls, SCIENCE 4.0), so the more calls one of them has, the less each further one says: its n-th is
//! worth `k (k + 1) / ((n + k - 1) (n + k))` calls of different entities, all of them together at most `k + 1`. So no single heavy
//! caller decides what a class is like.
//!
//! **What is never learned.** Calls of an alert teach nothing, from the one on that opened it; nor do entities whose evidence is
//! above [`DOUBTED_NATS`], or that belong to an operation. What was heard before an operation was found is held back for a day:
//! when one opens, the hours since its evidence began are dropped, whosever calls were in them. All of it is counted.

use std::collections::{BTreeMap, VecDeque};

use config::TrunkId;
use numbers::Country;
use types::Nanos;

use crate::feature::{COLUMNS, Feature, SheetName};
use crate::rate::{HOUR_NANOS, HOURS, bin};
use crate::tables::CLASSES;

/// Calls of an entity before it is read as anything.
const READ_CALLS_MIN: u32 = 30;
/// Evidence, in nats, from which an entity teaches nothing: a hundred to one against all innocents.
pub(crate) const DOUBTED_NATS: f32 = 4.6;
/// Hours that are held back until no operation can have begun in them that is found soon.
const HELD_HOURS: usize = 24;
/// Corridors that are told apart in an hour; calls of further ones are counted under none.
const CORRIDORS_MAX: usize = 4_096;

/// What was seen of a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// How often it was asked, as calls of different entities.
    pub known: f64,
    /// Of these, how often it was there.
    pub shown: f64,
}

impl Seen {
    fn add(&mut self, says: f64, shown: bool) {
        self.known += says;
        self.shown += if shown { says } else { 0.0 };
    }

    fn take_in(&mut self, other: Self) {
        self.known += other.known;
        self.shown += other.shown;
    }
}

/// From which country to which part of the world.
pub(crate) type Corridor = (Country, &'static str);

/// What features were seen, class by class.
type Shares = [[[Seen; CLASSES]; COLUMNS]; SheetName::COUNT];

/// An hour that is held back.
#[derive(Clone, Debug)]
struct Held {
    hour: u64,
    shares: Box<Shares>,
    corridors: BTreeMap<Corridor, Seen>,
    /// First calls of the day to their callees, by trunk; `None` is the whole tap.
    calls: BTreeMap<Option<TrunkId>, u32>,
    attempts: u64,
}

/// The calls of the hours of the week.
#[derive(Clone, Debug, Default)]
pub(crate) struct Week {
    /// The hour of its first call.
    since: u64,
    /// By hour of the week: days seen, calls, and their squares.
    hours: Vec<(u32, f64, f64)>,
}

/// What is learned.
#[derive(Clone, Debug, Default)]
pub struct Learner {
    held: VecDeque<Held>,
    shares: Box<Shares>,
    corridors: BTreeMap<Corridor, Seen>,
    weeks: BTreeMap<Option<TrunkId>, Week>,
    span: Option<(Nanos, Nanos)>,
    counts: Counts,
}

/// How much was learned, and how much was not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls that taught something.
    pub calls: u64,
    /// Calls left out, since an alert counts them or one of their entities belongs to an operation.
    pub of_alerts: u64,
    /// Hours dropped, since an operation had begun in them before it was found.
    pub hours_dropped: u64,
    /// Calls of these hours.
    pub calls_dropped: u64,
    /// Calls of corridors for which there was no room.
    pub corridors_refused: u64,
}

/// What a call showed at one entity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lesson {
    /// The feature.
    pub feature: Feature,
    /// Whether it was there.
    pub shown: bool,
    /// How much it says: little of what only seems new while the watch is young.
    pub weight: f32,
    /// The entity's class.
    pub class: usize,
    /// Its calls so far.
    pub calls: u32,
    /// Prior calls of the beta distribution in which the entities of a class differ.
    pub spread: f32,
}

/// What the n-th call of an entity says of its class, in calls of different entities.
fn says(n: u32, spread: f32) -> f64 {
    let (n, k) = (f64::from(n.max(1)), f64::from(spread));
    k * (k + 1.0) / ((n + k - 1.0) * (n + k))
}

impl Held {
    fn new(hour: u64) -> Self {
        Self { hour, shares: Box::default(), corridors: BTreeMap::new(), calls: BTreeMap::new(), attempts: 0 }
    }
}

impl Week {
    fn take_in(&mut self, hour: u64, calls: u32) {
        self.hours.resize(HOURS, (0, 0.0, 0.0));
        if let Some((days, sum, squares)) = self.hours.get_mut(bin(hour)) {
            let calls = f64::from(calls);
            (*days, *sum, *squares) = (*days + 1, *sum + calls, *squares + calls * calls);
        }
    }

    /// By hour of the week: the calls that are usual, and on how many days that rests.
    pub(crate) fn usual(&self) -> impl Iterator<Item = (f64, u32)> {
        self.hours.iter().map(|&(days, sum, _)| (sum / f64::from(days.max(1)), days))
    }

    /// How far a day lies from the usual one, as the variance of its rate around 1 beyond that of chance, and of how many hours
    /// that is known.
    pub(crate) fn variation(&self) -> (f64, u32) {
        let known = self.hours.iter().filter(|&&(days, sum, _)| days >= 3 && sum > f64::from(days));
        let each = known.map(|&(days, sum, squares)| {
            let n = f64::from(days);
            let mean = sum / n;
            let variance = (squares / n - mean * mean) * n / (n - 1.0);
            ((variance - mean) / (mean * mean), days)
        });
        let (sum, hours) =
            each.fold((0.0, 0), |(sum, hours), (excess, days)| (sum + excess * f64::from(days), hours + days));
        ((sum / f64::from(hours.max(1))).clamp(0.0, 1.0), hours)
    }
}

impl Learner {
    /// A call begins of which an alert counts nothing: over which trunk, from where to where, and whether it is working time
    /// there. `block_calls` are those of the caller's block so far, `spread` how much entities of a class differ.
    pub(crate) fn on_call(
        &mut self,
        at: Nanos,
        trunk: Option<TrunkId>,
        fresh: bool,
        corridor: Option<(Corridor, bool)>,
        (block_calls, spread): (u32, f32),
    ) {
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
        let Some(held) = self.held(at) else { return };
        held.attempts += 1;
        if fresh {
            *held.calls.entry(None).or_default() += 1;
            if trunk.is_some() {
                *held.calls.entry(trunk).or_default() += 1;
            }
        }
        if let Some((corridor, working)) = corridor {
            if held.corridors.len() < CORRIDORS_MAX || held.corridors.contains_key(&corridor) {
                held.corridors.entry(corridor).or_default().add(says(block_calls, spread), working);
            } else {
                self.counts.corridors_refused += 1;
            }
        }
    }

    /// A call begins that belongs to an alert.
    pub(crate) const fn leave_out(&mut self) {
        self.counts.of_alerts += 1;
    }

    /// A call showed something at an entity.
    pub(crate) fn observe(&mut self, at: Nanos, lesson: &Lesson) {
        if lesson.calls < READ_CALLS_MIN {
            return;
        }
        let Some(held) = self.held(at) else { return };
        let sheet = held.shares.get_mut(lesson.feature.sheet() as usize);
        if let Some(seen) = sheet.and_then(|sheet| sheet.get_mut(lesson.feature.column())?.get_mut(lesson.class)) {
            seen.add(f64::from(lesson.weight) * says(lesson.calls, lesson.spread), lesson.shown);
        }
    }

    /// An operation opens whose evidence began at `since`: what was heard from then on teaches nothing.
    pub(crate) fn on_operation(&mut self, since: Nanos) {
        let first = since.get() / HOUR_NANOS;
        let dropped = self.held.iter().filter(|held| held.hour >= first);
        let (hours, calls) = dropped.fold((0, 0), |(hours, calls), held| (hours + 1, calls + held.attempts));
        self.counts.hours_dropped += hours;
        self.counts.calls_dropped += calls;
        self.held.retain(|held| held.hour < first);
    }

    /// Nothing more will come: what is held back counts.
    pub(crate) fn finish(&mut self) {
        while let Some(held) = self.held.pop_front() {
            self.commit(held);
        }
    }

    /// What was seen of a feature in a class.
    pub(crate) fn seen(&self, feature: Feature, class: usize) -> Seen {
        let sheet = self.shares.get(feature.sheet() as usize);
        sheet.and_then(|sheet| sheet.get(feature.column())?.get(class)).copied().unwrap_or_default()
    }

    /// What was seen of working hours, corridor by corridor.
    pub(crate) const fn corridors(&self) -> &BTreeMap<Corridor, Seen> {
        &self.corridors
    }

    /// Calls by hour of the week, trunk by trunk; `None` is the whole tap.
    pub(crate) const fn weeks(&self) -> &BTreeMap<Option<TrunkId>, Week> {
        &self.weeks
    }

    /// First and last call that taught something, or was held back.
    pub(crate) const fn span(&self) -> Option<(Nanos, Nanos)> {
        self.span
    }

    /// How much was learned.
    pub(crate) const fn counts(&self) -> Counts {
        self.counts
    }

    /// The hour of `at`; what has been held back long enough counts from now on. Events that come late count for the last hour.
    fn held(&mut self, at: Nanos) -> Option<&mut Held> {
        let hour = at.get() / HOUR_NANOS;
        if self.held.back().is_none_or(|held| held.hour < hour) {
            self.held.push_back(Held::new(hour));
            while self.held.len() > HELD_HOURS {
                if let Some(held) = self.held.pop_front() {
                    self.commit(held);
                }
            }
        }
        self.held.back_mut()
    }

    fn commit(&mut self, held: Held) {
        self.counts.calls += held.attempts;
        let columns = self.shares.iter_mut().zip(&*held.shares).flat_map(|(own, more)| own.iter_mut().zip(more));
        for (own, more) in columns.flat_map(|(own, more)| own.iter_mut().zip(more)) {
            own.take_in(*more);
        }
        for (corridor, seen) in held.corridors {
            self.corridors.entry(corridor).or_default().take_in(seen);
        }
        for &whose in held.calls.keys() {
            self.weeks.entry(whose).or_insert_with(|| Week { since: held.hour, hours: Vec::new() });
        }
        // An hour in which a trunk was silent is an hour of it too.
        for (whose, week) in self.weeks.iter_mut().filter(|(_, week)| week.since <= held.hour) {
            week.take_in(held.hour, held.calls.get(whose).copied().unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: u64 = 20_000 * 24;

    fn hour(hour: u64) -> Nanos {
        Nanos::new((FIRST + hour) * HOUR_NANOS)
    }

    fn lesson(calls: u32, shown: bool) -> Lesson {
        Lesson { feature: Feature::Answered, shown, weight: 1.0, class: 2, calls, spread: 30.0 }
    }

    #[test]
    fn one_caller_is_worth_few() {
        let mut learner = Learner::default();
        for call in 1..=100_000 {
            learner.observe(hour(0), &lesson(call, true));
        }
        learner.finish();
        let seen = learner.seen(Feature::Answered, 2);
        // 31 in all, less what its first 29 calls would have been worth.
        assert!(seen.known == seen.shown && (15.0..16.0).contains(&seen.known), "{seen:?}");
    }

    #[test]
    fn what_an_operation_was_under_way_in_teaches_nothing() {
        let mut learner = Learner::default();
        for at in 0..40 {
            learner.on_call(hour(at), None, true, None, (1, 30.0));
            learner.observe(hour(at), &lesson(50, true));
        }
        learner.on_operation(hour(35));
        learner.leave_out();
        learner.finish();
        let Counts { calls, of_alerts, hours_dropped, calls_dropped, .. } = learner.counts();
        assert_eq!((calls, of_alerts, hours_dropped, calls_dropped), (35, 1, 5, 5));
        let each = says(50, 30.0);
        assert!((learner.seen(Feature::Answered, 2).known - 35.0 * each).abs() < 1e-9);
        // Of what began longer ago than is held back, the rest has been learned.
        let mut late = Learner::default();
        (0..40).for_each(|at| late.on_call(hour(at), None, true, None, (1, 30.0)));
        late.on_operation(hour(0));
        late.finish();
        assert_eq!((late.counts().calls, late.counts().hours_dropped), (16, 24));
    }

    #[test]
    fn weeks_have_their_hours() {
        let mut learner = Learner::default();
        let trunk = TrunkId(0);
        for at in 0..24 * 14 {
            for _ in 0..if at % 24 == 9 { 20 } else { 1 } {
                learner.on_call(hour(at), (at % 24 == 9).then_some(trunk), true, None, (1, 30.0));
            }
        }
        learner.finish();
        let usual = |whose| learner.weeks().get(&whose).unwrap().usual().collect::<Vec<_>>();
        let (tap, own) = (usual(None), usual(Some(trunk)));
        assert_eq!((tap[9], tap[10]), ((20.0, 10), (1.0, 10)));
        assert_eq!(own[10].0, 0.0);
        assert!(own[9].0 == 20.0 && learner.weeks().get(&None).unwrap().variation().0 < 1e-9);
    }
}

//! What the calls are like that come on top of an entity's usual ones (SCIENCE 4.1).
//!
//! A rate alone says that something is going on, not what: schools announce, trunks take over for others, people redial. So
//! from the moment on at which the rate leaves its profile, the calls are looked at by themselves. A share of them is usual,
//! and looks as the entity's calls always did; the rest is either one of the innocent storms or a scam. What share the rate says:
//! of calls that come `r` times as often as usual, `1 - 1/r` are additional. So each class and each alternative foresees
//! `(1/r) usual + (1 - 1/r) its own`, and the better known the usual, the clearer the rest.
//!
//! The rate itself is evidence of the burst family, against each class at most what the class is surprised by such a storm:
//! not at all where storms are its nature.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use types::{E164, Nanos};
use wide::f32x8;

use crate::event::CallKey;
use crate::feature::{Family, Feature, SheetName};
use crate::frame::{Count, Question, Ratios, Weight, Without, least_against};
use crate::judge::key;
use crate::rate::Rate;
use crate::tables::{CLASSES, CLIP_FACTOR, SHARE_MIN, Sheet, greatest};
use crate::terms::Terms;

/// Features of the sheet.
const COLUMNS: usize = SheetName::Burst.features().len();
/// Families they belong to.
const FAMILIES: [Family; 3] = [Family::Centre, Family::Identity, Family::Burst];
/// Evidence of the rate at which its calls begin to be looked at, in nats.
const OPENS_NATS: f32 = 0.5;
/// What the rate must say in the end: without, calls have changed, but there is no burst.
const RATE_NATS_MIN: f32 = 0.5;
/// Calls that show what is usual; without so many there is nothing to tell the others from.
const HABIT_MIN: f32 = 50.0;
/// Calls after which the older half of what is usual is forgotten.
const HABIT_MAX: f32 = 16_384.0;
/// Calls of chance at most that were taken for a burst and turned out to be usual. More of them were something else.
const CHANCE_MAX: f32 = 100.0;
/// Numbers of late that are remembered.
const CALLERS: usize = 8;
/// Answered calls that may still be short, at most; further ones say nothing of it.
const YOUNG_MAX: usize = 64;
/// Additional calls are at least this share: of fewer nothing can be told.
const EXTRA_MIN: f32 = 0.05;

/// What is usual of an entity's calls, and what those of a burst are like. About 140 bytes, and 700 while a burst lasts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Burst {
    habit: [Count; COLUMNS],
    callers: [u32; CALLERS],
    next: u8,
    run: Option<Box<Run>>,
    peak: Option<Box<(Run, Pace, Nanos)>>,
}

/// Calls since the rate left its profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Run {
    since: Nanos,
    /// Log-probability of what each column showed, class by class and alternative by alternative.
    innocent: [f32x8; COLUMNS],
    scam: [f32x8; COLUMNS],
    count: [Count; COLUMNS],
    /// What was foreseen of it, class by class.
    foreseen: [f32x8; COLUMNS],
    /// Answered calls that may still be short, and when they were answered.
    young: VecDeque<(CallKey, Nanos)>,
}

/// What the rate said.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Pace {
    /// Evidence, in nats.
    pub nats: f32,
    /// Calls, the calls that were to be expected, and since when.
    pub run: (f32, f32, Nanos),
}

impl Pace {
    /// What a rate says now.
    #[must_use]
    pub const fn of(rate: &Rate) -> Self {
        Self { nats: rate.nats(), run: rate.run() }
    }
}

impl Burst {
    /// Nothing more will be heard of the calls that are not over: whether they were short is not known.
    pub fn lose_calls(&mut self) {
        if let Some(run) = self.run.as_deref_mut() {
            run.young.clear();
        }
    }

    /// A call of the entity begins: a burst may begin with it, or turn out to have been none.
    pub fn on_call(&mut self, sheet: &Sheet, terms: &Terms, rate: &Rate, at: Nanos) {
        let nats = rate.nats();
        if self.run.is_none() && nats >= OPENS_NATS {
            self.run = Some(Box::new(Run::new(at)));
        }
        // The calls were usual after all where what they are like says no more than the rate: as the evidence of the rate, that of
        // the calls begins anew when it has fallen to 1. Else those of chance before a burst would make it look more usual.
        let over = |run: &Run| nats <= 0.0 && run.weigh(&Question::all(sheet, terms), 0.0).nats <= 0.0;
        if self.run.as_deref().is_some_and(over) {
            self.end();
        }
    }

    /// Whether the caller's number made one of the last calls; it has from now on.
    pub fn shows_again(&mut self, caller: E164) -> bool {
        // Of a number 32 bits are enough to be told from seven others.
        let word = key(&caller) as u32;
        let again = self.callers.contains(&word);
        if let Some(slot) = self.callers.get_mut(usize::from(self.next)) {
            *slot = word;
            self.next = (self.next + 1) % CALLERS as u8;
        }
        again
    }

    /// Takes in what a call showed that began at `since`, while a share of `extra` of the calls is additional. `learns` is whether
    /// what is usual may follow.
    pub fn observe(&mut self, sheet: &Sheet, feature: Feature, shown: bool, call: &Additional) {
        let column = feature.column();
        let Some(habit) = self.habit.get_mut(column) else { return };
        match self.run.as_deref_mut().filter(|run| run.since <= call.since) {
            Some(run) => run.observe(sheet, column, shown, call, *habit),
            None if call.learns => {
                habit.add(1.0, shown);
                if habit.known > HABIT_MAX {
                    habit.fade(0.5);
                }
            }
            None => {}
        }
    }

    /// A call is answered: it will be short or not.
    pub fn on_answer(&mut self, call: CallKey, began_at: Nanos, at: Nanos) {
        let run = self.run.as_deref_mut().filter(|run| run.since <= began_at);
        if let Some(run) = run.filter(|run| run.young.len() < YOUNG_MAX) {
            run.young.push_back((call, at));
        }
    }

    /// Whether an answered call ends before it was counted as one that is not short.
    pub fn is_young(&mut self, call: CallKey) -> bool {
        let Some(run) = self.run.as_deref_mut() else { return true };
        let place = run.young.iter().position(|&(young, _)| young == call);
        place.and_then(|place| run.young.remove(place)).is_some()
    }

    /// Answered calls that go on at `now` and are not short any more: counted now, not when they end, since else the calls of
    /// a burst that has just begun would all be short.
    pub fn grow_up(&mut self, short_nanos: u64, now: Nanos) -> usize {
        let Some(run) = self.run.as_deref_mut() else { return 0 };
        let grown = run.young.iter().take_while(|(_, answer_at)| now.nanos_since(*answer_at) > short_nanos).count();
        run.young.drain(..grown).count()
    }

    /// The evidence, where there is a burst, or where an operation is told of the most there ever was.
    #[must_use]
    pub fn weigh(&self, rate: &Rate, question: &Question<'_>) -> Option<Weight> {
        let (run, pace) = self.told(rate)?;
        let nats = if keeps_rate(question.without) { pace.nats } else { 0.0 };
        Some(run.weigh(question, nats))
    }

    /// No less than what [`Burst::weigh`] comes to while a burst lasts, for a fraction of its cost.
    #[must_use]
    pub fn at_most(&self, rate: &Rate, question: &Question<'_>) -> Option<f32> {
        let nats = rate.nats();
        let run = self.run.as_deref().filter(|_| nats >= RATE_NATS_MIN)?;
        Some(run.at_most(question, nats))
    }

    /// How often a feature was there in the burst, and the share of it that `class` foresaw.
    #[must_use]
    pub fn count(&self, feature: Feature, class: usize) -> Option<(Count, f32)> {
        let run = self.peak.as_deref().map(|(run, ..)| run).or(self.run.as_deref())?;
        let count = *run.count.get(feature.column())?;
        let foreseen = run.foreseen.get(feature.column())?.to_array().get(class).copied()?;
        (count.known >= 0.5).then(|| (count, foreseen / count.known))
    }

    /// What the rate said when there was most evidence, or says now.
    #[must_use]
    pub fn pace(&self, rate: &Rate) -> Option<Pace> {
        self.told(rate).map(|(_, pace)| pace)
    }

    /// When the calls began to be looked at.
    #[must_use]
    pub fn since(&self) -> Option<Nanos> {
        self.run.as_deref().map(|run| run.since)
    }

    /// From when to when the calls are of which is told at a moment.
    #[must_use]
    pub fn span(&self, at: Nanos) -> Option<(Nanos, Nanos)> {
        let kept = self.peak.as_deref().map(|(run, _, kept_at)| (run.since, *kept_at));
        kept.or_else(|| Some((self.since()?, at)))
    }

    /// What is known at a moment stands, since an operation was told of it.
    pub fn keep(&mut self, rate: &Rate, at: Nanos) {
        self.peak = self.run.clone().map(|run| Box::new((*run, Pace::of(rate), at)));
    }

    /// Forgets the burst.
    pub fn restart(&mut self) {
        self.run = None;
        self.peak = None;
    }

    fn told(&self, rate: &Rate) -> Option<(&Run, Pace)> {
        if let Some((run, pace, _)) = self.peak.as_deref() {
            return Some((run, *pace));
        }
        let pace = Pace::of(rate);
        self.run.as_deref().filter(|_| pace.nats >= RATE_NATS_MIN).map(|run| (run, pace))
    }

    /// The calls were usual after all.
    fn end(&mut self) {
        let Some(run) = self.run.take() else { return };
        for (habit, count) in self.habit.iter_mut().zip(&run.count) {
            if count.known <= CHANCE_MAX {
                habit.known += count.known;
                habit.shown += count.shown;
            }
        }
    }
}

/// How a call stands to what is usual.
#[derive(Clone, Copy, Debug)]
pub struct Additional {
    /// When it began.
    pub since: Nanos,
    /// The share of calls that is additional now.
    pub extra: f32,
    /// How long there is a memory of whom people know.
    pub age_days: f32,
    /// Whether what is usual may follow.
    pub learns: bool,
}

impl Run {
    const fn new(since: Nanos) -> Self {
        Self {
            since,
            innocent: [f32x8::ZERO; COLUMNS],
            scam: [f32x8::ZERO; COLUMNS],
            count: [Count::NONE; COLUMNS],
            foreseen: [f32x8::ZERO; COLUMNS],
            young: VecDeque::new(),
        }
    }

    fn observe(&mut self, sheet: &Sheet, column: usize, shown: bool, call: &Additional, habit: Count) {
        let (Some(innocent), Some(scam), Some(count), Some(foreseen)) = (
            self.innocent.get_mut(column),
            self.scam.get_mut(column),
            self.count.get_mut(column),
            self.foreseen.get_mut(column),
        ) else {
            return;
        };
        if habit.known < HABIT_MIN {
            return;
        }
        let law = sheet.law(column);
        // Neither none nor all of the next calls, however many there were so far.
        let usual = (habit.shown + 0.5) / (habit.known + 1.0);
        // Where the entity's usual calls know most of whom they call, memory lacks no more than the rest.
        let settled = law.settled_within(call.age_days, usual);
        let (own, foul) = settled.map_or((law.innocent, law.scam), |settled| (settled.innocent, settled.scam));
        let extra = call.extra.clamp(EXTRA_MIN, 1.0);
        let usual = f32x8::splat(usual);
        let mixed = |own: f32x8| usual + f32x8::splat(extra) * (own - usual);
        let (mut mean, foul) = (mixed(own).to_array(), mixed(foul));
        let mut spread = (sheet.spreads() / f32x8::splat(extra * extra)).to_array();
        let kept = usual.to_array().into_iter().zip(sheet.spreads().to_array());
        for (lane, ((mean, spread), (usual, own))) in mean.iter_mut().zip(&mut spread).zip(kept).enumerate() {
            if sheet.as_ever() >> lane & 1 == 1 {
                (*mean, *spread) = (usual, own);
            }
        }
        let (mean, spread) = (f32x8::new(mean), f32x8::new(spread));
        *foreseen += mean;
        let (known, seen) = (f32x8::splat(count.known), f32x8::splat(count.shown));
        let predictive = (spread * mean + seen) / (spread + known);
        // Scams differ from each other as the innocent do.
        let spread = f32x8::splat(sheet.spread() / (extra * extra));
        let foul = (spread * foul + seen) / (spread + known);
        let (told, foul) = if shown { (predictive, foul) } else { (f32x8::ONE - predictive, f32x8::ONE - foul) };
        let floor = (greatest(foul) * CLIP_FACTOR).max(SHARE_MIN);
        *innocent += told.max(f32x8::splat(floor)).ln();
        *scam += foul.max(f32x8::splat(SHARE_MIN)).ln();
        count.add(1.0, shown);
    }

    /// For each class, the log-likelihood ratios of the alternatives to it, each family within its cap.
    fn ratios(&self, question: &Question<'_>, rate_nats: f32) -> [f32x8; CLASSES] {
        let rate = question.sheet.rate_max().min(f32x8::splat(rate_nats.max(0.0))).to_array();
        let mut by_class = [question.terms.alternatives(question.sheet.name()); CLASSES];
        for family in FAMILIES.into_iter().filter(|&family| question.terms.families.has(family)) {
            let (mut innocent, mut scam) = (f32x8::ZERO, f32x8::ZERO);
            let columns = question.sheet.laws().iter().zip(&self.innocent).zip(&self.scam);
            for ((law, own), foul) in columns {
                if law.feature.family() == family && question.without.keeps(law.feature) {
                    innocent += *own;
                    scam += *foul;
                }
            }
            let cap = f32x8::splat(family.cap());
            let classes = by_class.iter_mut().zip(innocent.to_array()).zip(rate);
            for ((total, innocent), rate) in classes {
                let beside = if family == Family::Burst { rate } else { 0.0 };
                *total += (scam + f32x8::splat(beside - innocent)).min(cap);
            }
        }
        by_class
    }

    fn weigh(&self, question: &Question<'_>, rate_nats: f32) -> Weight {
        least_against(self.ratios(question, rate_nats).map(Ratios::new), question.ruled_out)
    }

    fn at_most(&self, question: &Question<'_>, rate_nats: f32) -> f32 {
        let ratios = self.ratios(question, rate_nats).into_iter().enumerate();
        let counted = ratios.filter(|(class, _)| question.ruled_out >> class & 1 == 0);
        counted.fold(f32::INFINITY, |least, (_, ratios)| least.min(greatest(ratios)))
    }
}

fn keeps_rate(without: Without) -> bool {
    without != Without::Rate && without != Without::Family(Family::Burst)
}

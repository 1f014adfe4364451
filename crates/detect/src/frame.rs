//! The common frame: the evidence of one entity's calls against every innocent class, as an e-process.
//!
//! A feature of a call adds to each class the log-probability it has there, and to each scam alternative the one it has
//! there. Within a class entities differ: the probability is the predictive one of a beta distribution around the class's
//! mean, sharpened by what this entity has shown before (Pólya's urn). An alternative is a point, which costs whoever is no scam
//! a little with every call. Only where no innocent class lies beyond it, it follows what the calls have shown since the
//! evidence began: who is more blatant than was foreseen is no less suspect.
//!
//! The mean over the alternatives of the likelihood ratio is a test martingale under its class; the least over the classes stays
//! below it, so that over any stretch it reaches `c` with a probability of at most `1 / c` (Ville) if the entity belongs to any of
//! them. When it has fallen low enough it begins anew, which is what finds an operation that starts late. Evidence is kept
//! feature by feature and family by family, so that what each of them brought can be told: it is what is missing without it.

use serde::{Deserialize, Serialize};
use wide::f32x8;

use crate::feature::{COLUMNS, Family, Feature};
use crate::tables::{
    ALTERNATIVES, CLASSES, CLIP_FACTOR, FAMILIES_MAX, Law, Run, SETTLING_MAX, SHARE_MIN, Sheet, greatest,
};
use crate::terms::Terms;
use crate::told::{Told, ln};

/// How often a feature was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// Calls of which it is known.
    pub known: f32,
    /// Calls that showed it.
    pub shown: f32,
}

impl Count {
    /// Nothing yet.
    pub(crate) const NONE: Self = Self { known: 0.0, shown: 0.0 };

    /// Counts one more, or a part of one.
    pub fn add(&mut self, weight: f32, shown: bool) {
        self.known += weight;
        self.shown += if shown { weight } else { 0.0 };
    }

    pub(crate) fn fade(&mut self, factor: f32) {
        self.known *= factor;
        self.shown *= factor;
    }
}

/// What was seen of one feature. 48 bytes, so that columns lie side by side without gaps.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Column {
    /// The log-probability of what it showed since the evidence began, class by class.
    innocent: [f32; CLASSES],
    /// Since the evidence last began.
    count: Count,
    /// What the entity is used to.
    habit: Count,
}

/// What a family showed. 36 bytes.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Brought {
    /// The log-probability of it since the evidence began, alternative by alternative; nothing of columns of which an alternative
    /// says nothing.
    scam: [f32; ALTERNATIVES],
    /// No less than what it brings for any alternative against any class.
    reach: f32,
}

/// The evidence of one entity. Most entities never show most of what could be seen, and one sheet has far fewer columns than
/// another, so there is room only for what was seen: 168 bytes, 48 for each column and 36 for each family.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Frame {
    /// The log-probability of all columns together, class by class.
    innocent: [f32; CLASSES],
    /// The same of the alternatives, with as much as each may come to in columns of which it says nothing.
    scam_at_most: [f32; ALTERNATIVES],
    /// The log-probability of the columns that settle, alternative by alternative; elsewhere the count says what a column's part is.
    settling: [[f32; ALTERNATIVES]; SETTLING_MAX],
    /// The families up to the last of which something was seen.
    families: Box<[Brought]>,
    /// The columns of which something was seen, in their order.
    columns: Box<[Column]>,
    /// Which these are, a bit a column.
    seen: u32,
}

/// What the evidence of a frame comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// Log of the mean likelihood ratio against the class it speaks least against.
    pub nats: f32,
    /// That class.
    pub class: usize,
    /// The alternative that explains the calls best.
    pub alternative: usize,
}

/// The most that the manner of a centre may bring where no licence covers it, in nats: twice the cap of its family, since those whose
/// calls are like a centre's by their calling are known by name there.
const UNLICENSED_CAP: f32 = 24.0;

/// How far all classes have settled where memory is not short any more: after some thirty days, or fourteen.
const SETTLED: f32 = 0.99;

/// Prior calls of an entity's own share of what is new to a short memory.
const KNOWN_PRIOR: f32 = 2.0;

/// What is left out of a weighing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// Nothing.
    Nothing,
    /// One feature.
    Feature(Feature),
    /// One family.
    Family(Family),
    /// The rate of calls.
    Rate,
    /// The delays of answers.
    Delays,
}

/// How a frame is weighed.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The laws of its sheet.
    pub sheet: &'a Sheet,
    /// What is left out.
    pub without: Without,
    /// Classes that it cannot be, a bit a class: what is known not to be licensed need not be told from a licensed centre.
    pub ruled_out: u8,
    /// What other evidence there is against each class, in nats.
    pub beside: f32x8,
    /// Whether the calls are made under no licence where licences are registered: then a centre's manner says more.
    pub unlicensed: bool,
    /// Which families take part.
    pub terms: &'a Terms,
    /// What else a family knows, in nats: it stays within the family's cap.
    pub within: Option<(Family, f32)>,
}

/// Log-likelihood ratios of the alternatives to a class. The mean over the alternatives is the guarantee, and is taken of
/// all that each explains; what the families bring together within their caps is the most that is said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ratios {
    /// Everything.
    pub(crate) whole: f32x8,
    /// Each family within its cap.
    pub(crate) capped: f32x8,
}

impl Ratios {
    pub(crate) const fn new(ratio: f32x8) -> Self {
        Self { whole: ratio, capped: ratio }
    }
}

impl<'a> Question<'a> {
    /// What all of a sheet's features say.
    #[must_use]
    pub const fn all(sheet: &'a Sheet, terms: &'a Terms) -> Self {
        let (without, beside) = (Without::Nothing, f32x8::ZERO);
        Self { sheet, without, ruled_out: 0, beside, unlicensed: false, terms, within: None }
    }

    /// The most a family may bring, in nats.
    const fn cap(&self, run: &Run) -> f32 {
        if self.unlicensed && matches!(run.family, Family::Centre) { UNLICENSED_CAP } else { run.cap }
    }

    /// The lanes of the classes it may be; `else_` in those of the others.
    fn ruled_in(&self, lanes: f32x8, else_: f32) -> f32x8 {
        if self.ruled_out == 0 {
            return lanes;
        }
        let mut class = 0;
        f32x8::new(lanes.to_array().map(|lane| {
            class += 1;
            if self.ruled_out >> (class - 1) & 1 == 1 { else_ } else { lane }
        }))
    }
}

impl Without {
    /// Whether a feature is counted.
    #[must_use]
    pub fn keeps(self, feature: Feature) -> bool {
        match self {
            Self::Nothing | Self::Rate | Self::Delays => true,
            Self::Feature(without) => feature != without,
            Self::Family(without) => feature.family() != without,
        }
    }
}

/// What a call shows of a feature: all of its entities take it in, so what does not depend on them is worked out once.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    feature: Feature,
    shown: bool,
    /// The place of its family on the sheet.
    family: usize,
    /// Its place among the features that settle.
    slot: Option<usize>,
    /// Of the prior calls of each class, those that show it.
    prior: f32x8,
    /// What it is to the alternatives as they stand in the tables.
    told: Told,
    /// Of the prior calls of each alternative, those that show it.
    scam_prior: f32x8,
    /// The least and the greatest share that each alternative may come to.
    scam_range: [f32x8; 2],
    /// The shares above and below which calls lead some alternative on.
    leads: [f32; 2],
    /// Prior calls of a class, or of an alternative.
    spread: f32,
    /// Where a call shows that a memory that is short has it already: of so few prior calls of each class, those that show it once the
    /// class has settled.
    known: Option<f32x8>,
    /// Alternatives that say nothing of it.
    silent: Option<f32x8>,
    /// How much of it belongs to the habit: what is new to everybody says nothing of anybody.
    settled: f32,
}

impl Sight {
    /// What a call shows. `age_days` is how long the place has been watched where the feature is of the kind that settles.
    #[must_use]
    pub fn of(sheet: &Sheet, feature: Feature, shown: bool, age_days: f32) -> Self {
        let law = sheet.law(feature.column());
        let spread = sheet.spread();
        let of = |share: f32x8| f32x8::splat(spread) * share;
        let (prior, scam_prior, scam_range) = (of(law.innocent), of(law.scam), law.range(law.scam));
        let mut sight = Self {
            feature,
            shown,
            family: law.family,
            slot: None,
            prior,
            told: law.told(shown),
            scam_prior,
            scam_range,
            leads: law.leads,
            spread,
            known: None,
            silent: law.silent,
            settled: if feature.is_of_class() { 0.0 } else { 1.0 },
        };
        if let Some(settled) = law.settled(age_days) {
            (sight.prior, sight.scam_prior) = (of(settled.innocent), of(settled.scam));
            sight.known = (!shown && settled.degree < SETTLED).then(|| f32x8::splat(KNOWN_PRIOR) * law.innocent);
            sight.told = Told::side(settled.scam, shown);
            sight.scam_range = law.range(settled.scam);
            sight.leads = law.leads_of(settled.scam);
            sight.settled = settled.degree;
            sight.slot = settled.slot;
        }
        sight
    }

    /// The same on a call for which the odds of every class are so many times what the tables say.
    #[must_use]
    pub fn leaning(mut self, odds: f32) -> Self {
        let all = f32x8::splat(self.spread);
        let times = f32x8::splat(odds) * self.prior;
        self.prior = all * times / (all - self.prior + times);
        self
    }

    /// Whether it was there.
    #[must_use]
    pub const fn shown(&self) -> bool {
        self.shown
    }

    /// How much of it belongs to the habit.
    #[must_use]
    pub const fn settled(&self) -> f32 {
        self.settled
    }

    /// The feature.
    #[must_use]
    pub const fn feature(&self) -> Feature {
        self.feature
    }

    /// How likely what it shows is from each alternative and from each class: of an entity that has shown so much since its evidence
    /// began, and is used to show so much.
    #[inline]
    fn likely(&self, count: &Count, habit: &Count) -> (Told, f32x8) {
        let spread = f32x8::splat(self.spread);
        let share = |prior: f32x8, own: &Count, counts: f32| {
            (prior + f32x8::splat(counts * own.shown)) / (spread + f32x8::splat(counts * own.known))
        };
        let [above, below] = self.leads;
        let told = if count.shown > above * count.known || count.shown < below * count.known {
            // What the habit does not learn from, because it is new to everybody, the alternatives do not learn from either.
            let [low, high] = self.scam_range;
            Told::side(share(self.scam_prior, count, self.settled).fast_max(low).fast_min(high), self.shown)
        } else {
            self.told
        };
        let mut own = share(self.prior, habit, 1.0);
        if let Some(known) = self.known {
            // How many numbers and pairs an entity has that come again nobody knows while memory is short. Its own calls tell: who is
            // known by all of them has few, whatever is usual.
            let few = (known + f32x8::splat(count.shown)) / f32x8::splat(KNOWN_PRIOR + count.known);
            own = own.fast_min(few);
        }
        let own = if self.shown { own } else { f32x8::ONE - own };
        // The most one call may bring against any class.
        let floor = (told.most * CLIP_FACTOR).max(SHARE_MIN);
        (told, own.fast_max(f32x8::splat(floor)))
    }
}

impl Frame {
    /// How much likelier what a call shows is from each alternative than from a class, of whose entities this is one: before it is
    /// taken in. An alternative that says nothing of it may be like any of the innocent there.
    #[must_use]
    pub fn ratios_of(&self, sight: &Sight, class: usize) -> f32x8 {
        let (told, innocent) = sight.likely(&self.count(sight.feature), &self.habit(sight.feature));
        let any = f32x8::splat(innocent.reduce_add() / CLASSES as f32);
        let scam = sight.silent.map_or(told.likely, |silent| silent.bitselect(any, told.likely));
        innocent.as_array().get(class).map_or(f32x8::ONE, |&innocent| scam / f32x8::splat(innocent))
    }

    /// What the entity is used to.
    #[must_use]
    pub fn habit(&self, feature: Feature) -> Count {
        self.column(feature).map(|column| column.habit).unwrap_or_default()
    }

    /// What was seen of a feature.
    fn column(&self, feature: Feature) -> Option<&Column> {
        let bit = 1 << feature.column();
        self.columns.get(self.before(bit)).filter(|_| self.seen & bit != 0)
    }

    /// Columns that were seen of those before the one of a bit.
    const fn before(&self, bit: u32) -> usize {
        (self.seen & (bit - 1)).count_ones() as usize
    }

    /// Names the memory that it takes up beside its own.
    #[inline]
    pub fn memory(&self, ask: impl Fn(*const u8)) {
        self.families.iter().for_each(|family| ask(std::ptr::from_ref(family).cast()));
        self.columns.iter().for_each(|column| ask(std::ptr::from_ref(column).cast()));
    }

    /// Makes room for what a call shows, all of it at once.
    #[inline]
    pub fn make_room(&mut self, sights: &[Sight]) {
        let shown = sights.iter().fold(0, |shown, sight| shown | 1_u32 << sight.feature.column());
        if shown & !self.seen != 0 {
            self.widen(self.seen | shown, sights);
        }
    }

    #[cold]
    fn widen(&mut self, seen: u32, sights: &[Sight]) {
        let families = sights.iter().map(|sight| sight.family + 1).fold(self.families.len(), usize::max);
        let old = self.families.iter().copied();
        self.families = old.chain(std::iter::repeat(Brought::default())).take(families).collect();
        let mut old = self.columns.iter().copied();
        let own = (0..COLUMNS).filter(|column| seen >> column & 1 == 1);
        let own = own.map(|column| if self.seen >> column & 1 == 1 { old.next() } else { None });
        self.columns = own.map(Option::unwrap_or_default).collect();
        self.seen = seen;
    }

    /// Takes in what a call showed. `learns` says whether the entity's habit is to follow: that of a suspect is left as it was.
    pub fn observe(&mut self, sight: &Sight, learns: bool) {
        self.make_room(std::slice::from_ref(sight));
        let place = self.before(1 << sight.feature.column());
        let Some(Column { innocent: row, count, habit }) = self.columns.get_mut(place) else { return };
        let (told, innocent) = sight.likely(count, habit);
        let innocent = ln(innocent);
        let before = *row;
        add(row, innocent);
        add(&mut self.innocent, innocent);
        let (mut scam, mut most) = (told.nats, told.most_nats);
        let mut scam_at_most = scam;
        if let Some(silent) = sight.silent {
            // No less than what it comes to when it is weighed: the best class of each call, not of all of them.
            most = most.max(greatest(innocent));
            let more = greatest(f32x8::new(*row)) - greatest(f32x8::new(before));
            scam_at_most = silent.bitselect(f32x8::splat(more), scam);
            scam = silent.bitselect(f32x8::ZERO, scam);
        }
        add(&mut self.scam_at_most, scam_at_most);
        if let Some(family) = self.families.get_mut(sight.family) {
            add(&mut family.scam, scam);
            family.reach += most - least(innocent);
        }
        if let Some(sum) = sight.slot.and_then(|slot| self.settling.get_mut(slot)) {
            add(sum, scam);
        }
        count.add(1.0, sight.shown);
        if learns {
            habit.add(sight.settled, sight.shown);
        }
    }

    /// For each class, the log-likelihood ratios of the alternatives to it.
    fn ratios(&self, question: &Question<'_>) -> [Ratios; CLASSES] {
        let alternatives = question.terms.alternatives(question.sheet.name());
        let mut by_class = question.beside.to_array().map(|nats| Ratios::new(f32x8::splat(nats) + alternatives));
        for (place, run) in question.sheet.families().iter().enumerate() {
            if !question.terms.families.has(run.family) {
                continue;
            }
            let (innocent, mut scam) = self.family(question.sheet, place, run, question.without);
            if let Some((_, more)) = question.within.filter(|(of, _)| *of == run.family) {
                scam += f32x8::splat(more);
            }
            let cap = f32x8::splat(question.cap(run));
            for (ratios, innocent) in by_class.iter_mut().zip(innocent.to_array()) {
                let ratio = scam - f32x8::splat(innocent);
                ratios.whole += ratio;
                ratios.capped += ratio.min(cap);
            }
        }
        by_class
    }

    /// What a family shows: its log-probability class by class and alternative by alternative. Where an alternative says nothing of
    /// a column, whoever belongs to it may be like any of the innocent there.
    fn family(&self, sheet: &Sheet, place: usize, run: &Run, without: Without) -> (f32x8, f32x8) {
        if matches!(without, Without::Family(family) if family == run.family) {
            return (f32x8::ZERO, f32x8::ZERO);
        }
        let left_out = match without {
            Without::Feature(feature) => Some(feature),
            _ => None,
        };
        let mut scam = self.scam(place);
        let mut innocent = f32x8::ZERO;
        for (law, own) in self.columns(sheet, run) {
            if left_out == Some(law.feature) {
                scam -= self.part(sheet, place, run, law);
                continue;
            }
            innocent += own;
            if let Some(silent) = law.silent {
                scam += silent.bitselect(f32x8::splat(log_mean_exp(own)), f32x8::ZERO);
            }
        }
        (innocent, scam)
    }

    /// What a family showed, alternative by alternative.
    fn scam(&self, place: usize) -> f32x8 {
        self.families.get(place).map_or(f32x8::ZERO, |family| f32x8::new(family.scam))
    }

    /// The columns of a family of which something was seen, and what they showed.
    fn columns<'a>(&'a self, sheet: &'a Sheet, run: &Run) -> impl Iterator<Item = (&'a Law, f32x8)> {
        let first = 1 << run.columns.start;
        let mut left = self.seen & ((1 << run.columns.end) - first);
        let own = self.columns.get(self.before(first)..).unwrap_or_default();
        own.iter().map_while(move |own| {
            let law = sheet.law((left != 0).then(|| left.trailing_zeros() as usize)?);
            left &= left - 1;
            Some((law, f32x8::new(own.innocent)))
        })
    }

    /// What a column brought to its family, alternative by alternative, as far as counts tell: what has faded since, and what came
    /// of the order of the calls, is shared by all of its columns.
    fn part(&self, sheet: &Sheet, place: usize, run: &Run, law: &Law) -> f32x8 {
        let brought = |law: &Law| {
            let own = match law.settling.and_then(|settling| settling.slot) {
                Some(slot) => self.settling.get(slot).map_or(f32x8::ZERO, |&sum| f32x8::new(sum)),
                None => followed(sheet.spread(), law, self.count(law.feature)),
            };
            law.silent.map_or(own, |silent| silent.bitselect(f32x8::ZERO, own))
        };
        let whole = self.columns(sheet, run).fold(f32x8::ZERO, |sum, (law, _)| sum + brought(law));
        let kept = self.scam(place) / whole.min(f32x8::splat(-f32::MIN_POSITIVE));
        brought(law) * kept
    }

    /// No less than what [`Frame::weigh`] comes to when nothing is left out, and at most ln 8 more, for a fraction of its
    /// cost.
    #[must_use]
    pub fn at_most(&mut self, question: &Question<'_>) -> f32 {
        let sheet = question.sheet;
        let within = question.within.map_or(0.0, |(_, nats)| nats);
        let alternatives = question.terms.alternatives(sheet.name());
        let is_over = |(family, run): (&Brought, &Run)| family.reach > question.cap(run);
        if !self.families.iter().zip(sheet.families()).any(is_over) {
            // There is nothing to cut off, and the classes are told apart by their sums.
            let innocent = question.ruled_in(f32x8::new(self.innocent) - question.beside, f32::NEG_INFINITY);
            return greatest(f32x8::new(self.scam_at_most) + alternatives) - greatest(innocent) + within;
        }
        // Those below their caps count as one; of the others each alternative is cut off class by class.
        let mut capped = [(f32x8::ZERO, f32x8::ZERO, f32x8::ZERO); FAMILIES_MAX];
        let (mut count, mut innocent, mut scam) = (0, -question.beside, alternatives);
        let sums = by_family(&self.columns, self.seen, sheet).zip(&mut self.families).zip(sheet.families());
        for (((own, silent), family), run) in sums {
            let (cap, foul) = (question.cap(run), f32x8::new(family.scam) + silent);
            if family.reach > cap {
                family.reach = greatest(foul) - least(own);
            }
            match capped.get_mut(count).filter(|_| family.reach > cap) {
                Some(slot) => {
                    *slot = (own, foul, f32x8::splat(cap));
                    count += 1;
                }
                None => {
                    innocent += own;
                    scam += foul;
                }
            }
        }
        let capped = capped.get(..count).unwrap_or(&capped);
        let mut most = f32x8::splat(f32::NEG_INFINITY);
        for (alternative, scam) in scam.to_array().into_iter().enumerate() {
            let mut ratios = f32x8::splat(scam) - innocent;
            for (innocent, scam, cap) in capped {
                let scam = scam.as_array().get(alternative).copied().unwrap_or(0.0);
                ratios += (f32x8::splat(scam) - *innocent).fast_min(*cap);
            }
            most = most.fast_max(ratios);
        }
        least(question.ruled_in(most, f32::INFINITY)) + within
    }

    /// The evidence so far.
    #[must_use]
    pub fn weigh(&self, question: &Question<'_>) -> Weight {
        least_against(self.ratios(question), question.ruled_out)
    }

    /// What each feature brings by itself, whatever its family's cap: for the alternative that explains the calls best, against the class
    /// they speak least against.
    pub fn brought<'a>(&'a self, question: &'a Question<'_>) -> impl Iterator<Item = (Feature, f32)> + 'a {
        let Weight { class, alternative, .. } = self.weigh(question);
        let lane = |lanes: f32x8, lane: usize| lanes.to_array().get(lane).copied().unwrap_or(0.0);
        question.sheet.families().iter().enumerate().flat_map(move |(place, run)| {
            self.columns(question.sheet, run).map(move |(law, own)| {
                let told = self.part(question.sheet, place, run, law);
                let any = f32x8::splat(log_mean_exp(own));
                let told = law.silent.map_or(told, |silent| silent.bitselect(any, told));
                (law.feature, lane(told, alternative) - lane(own, class))
            })
        })
    }

    /// Forgets the evidence, not the habit: the entity starts anew as what it has shown itself to be.
    pub fn restart(&mut self) {
        self.columns.iter_mut().for_each(|column| *column = Column { habit: column.habit, ..Column::default() });
        self.families.fill(Brought::default());
        self.settling = Default::default();
        self.innocent = Default::default();
        self.scam_at_most = Default::default();
    }

    /// Lets evidence and habit fade, each column by its factor, 0 to 1; those of a family fade alike.
    pub fn fade(&mut self, sheet: &Sheet, factors: &[f32; COLUMNS]) {
        let seen = self.seen;
        let own = sheet.laws().iter().zip(factors).enumerate().filter(|(place, _)| seen >> place & 1 == 1);
        for (Column { innocent, count, habit }, (_, (law, &factor))) in self.columns.iter_mut().zip(own) {
            *innocent = (f32x8::new(*innocent) * f32x8::splat(factor)).to_array();
            count.fade(factor);
            habit.fade(factor);
            let slot = law.settling.and_then(|settling| settling.slot);
            if let Some(sum) = slot.and_then(|slot| self.settling.get_mut(slot)) {
                *sum = (f32x8::new(*sum) * f32x8::splat(factor)).to_array();
            }
        }
        for (family, run) in self.families.iter_mut().zip(sheet.families()) {
            let factor = factors.get(run.columns.start).copied().unwrap_or(1.0);
            family.scam = (f32x8::new(family.scam) * f32x8::splat(factor)).to_array();
            family.reach *= factor;
        }
        self.sum_up(sheet);
    }

    /// Adds up what all columns come to, after they have changed each in its own way.
    fn sum_up(&mut self, sheet: &Sheet) {
        let (mut innocent, mut scam) = (f32x8::ZERO, f32x8::ZERO);
        for ((own, silent), family) in by_family(&self.columns, self.seen, sheet).zip(&self.families) {
            innocent += own;
            scam += f32x8::new(family.scam) + silent;
        }
        (self.innocent, self.scam_at_most) = (innocent.to_array(), scam.to_array());
    }

    /// Calls counted for a feature since the evidence last began; those of days ago count less.
    #[must_use]
    pub fn count(&self, feature: Feature) -> Count {
        self.column(feature).map(|column| column.count).unwrap_or_default()
    }
}

/// What the columns that were seen show, family by family: class by class, and as much as an alternative may come to in those of which
/// it says nothing.
fn by_family<'a>(columns: &'a [Column], seen: u32, sheet: &'a Sheet) -> impl Iterator<Item = (f32x8, f32x8)> + 'a {
    let (mut columns, mut left) = (columns.iter(), seen);
    sheet.families().iter().map(move |run| {
        let (mut innocent, mut at_most) = (f32x8::ZERO, f32x8::ZERO);
        let own = (1 << run.columns.end) - 1;
        while left & own != 0
            && let Some(column) = columns.next()
        {
            let (bit, row) = (left & left.wrapping_neg(), f32x8::new(column.innocent));
            innocent += row;
            if sheet.silences() & bit != 0
                && let Some(silent) = sheet.law(bit.trailing_zeros() as usize).silent
            {
                at_most += silent.bitselect(f32x8::splat(greatest(row)), f32x8::ZERO);
            }
            left ^= bit;
        }
        (innocent, at_most)
    })
}

#[inline]
fn add(sum: &mut [f32; 8], more: f32x8) {
    *sum = (f32x8::new(*sum) + more).to_array();
}

/// The log-probability that each alternative of a law gives what was counted: that of its share, or of Pólya's urn of `spread`
/// prior calls where the calls went beyond it.
fn followed(spread: f32, law: &Law, count: Count) -> f32x8 {
    let [low, high] = law.range(law.scam).map(f32x8::to_array);
    let shown = count.shown / count.known.max(f32::MIN_POSITIVE);
    let (known, yes) = (f64::from(count.known), f64::from(count.shown));
    let no = (known - yes).max(0.0);
    let mut lane = 0;
    f32x8::new(law.scam.to_array().map(|share| {
        let within = |end: &[f32; ALTERNATIVES], other: f32| end.get(lane).copied().unwrap_or(other);
        let urn = within(&low, 0.0) <= shown && shown <= within(&high, 1.0);
        lane += 1;
        let (spread, share) = (f64::from(spread), f64::from(share));
        let told = match urn {
            true => rising(spread * share, yes) + rising(spread - spread * share, no) - rising(spread, known),
            false => yes * share.ln() + no * (1.0 - share).ln(),
        };
        told as f32
    }))
}

/// ln of Γ(x + n) / Γ(x).
fn rising(x: f64, n: f64) -> f64 {
    ln_gamma(x + n) - ln_gamma(x)
}

/// ln Γ(x) of an `x` above 0, by Stirling's series from 8 on, to which the recurrence leads.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut below) = (x.max(1e-6), 1.0);
    while x < 8.0 {
        below *= x;
        x += 1.0;
    }
    let series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x.powi(3)) + 1.0 / (1_260.0 * x.powi(5));
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - below.ln()
}

/// ln 8.
const LN_LANES: f32 = 2.079_441_5;

fn least(lanes: f32x8) -> f32 {
    -greatest(-lanes)
}

/// The class it speaks least against, of those that are not ruled out.
pub(crate) fn least_against(by_class: [Ratios; CLASSES], ruled_out: u8) -> Weight {
    let mut least = Weight { nats: f32::INFINITY, class: 0, alternative: 0 };
    for (class, ratios) in by_class.into_iter().enumerate() {
        let most = greatest(ratios.capped);
        // It lies between a lane's share of the greatest and the greatest: only a class that may be the least counts.
        if ruled_out >> class & 1 == 1 || most >= least.nats + LN_LANES {
            continue;
        }
        let nats = log_mean_exp(ratios.whole).min(most);
        if nats < least.nats {
            let lanes = ratios.capped.to_array().into_iter().zip(ratios.whole.to_array()).enumerate();
            // What it is says everything together: within their caps most alternatives come to the same.
            let best = lanes.max_by(|(_, (a, x)), (_, (b, y))| x.total_cmp(y).then(a.total_cmp(b)));
            let alternative = best.map_or(0, |(lane, _)| lane);
            least = Weight { nats, class, alternative };
        }
    }
    least
}

fn log_mean_exp(values: f32x8) -> f32 {
    let most = greatest(values);
    let sum = (values - f32x8::splat(most)).exp().reduce_add();
    most + sum.ln() - LN_LANES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::SheetName;
    use crate::tables::Tables;
    use crate::terms::Families;

    fn terms(tables: &Tables) -> Terms {
        Terms::new(false, Families::ALL, tables)
    }

    fn frame(sheet: &Sheet, features: &[(Feature, usize, usize)]) -> Frame {
        frame_of(1e6, sheet, features)
    }

    /// The same where there has been a memory for so many days.
    fn frame_of(age_days: f32, sheet: &Sheet, features: &[(Feature, usize, usize)]) -> Frame {
        let mut frame = Frame::default();
        for &(feature, shown, known) in features {
            for call in 0..known {
                // Spread evenly: the order does not matter to an urn.
                let shown = (call + 1) * shown / known > call * shown / known;
                frame.observe(&Sight::of(sheet, feature, shown, age_days), true);
            }
        }
        frame
    }

    const SCAM: [(Feature, usize, usize); 8] = [
        (Feature::FirstContact, 38, 40),
        (Feature::BusinessHours, 37, 40),
        (Feature::CallerNew, 24, 40),
        (Feature::DomesticAbroad, 32, 40),
        (Feature::Unattested, 38, 40),
        (Feature::Answered, 12, 40),
        (Feature::Short, 7, 12),
        (Feature::CalleeEnds, 9, 12),
    ];

    #[test]
    fn a_scam_centre_is_none_of_the_innocent() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        let weight = frame(sheet, &SCAM).weigh(&Question::all(sheet, &terms(&tables)));
        assert!(weight.nats > 13.8, "{weight:?}");
        assert_eq!(sheet.kind(weight.alternative).name(), "scam_call_centre");
    }

    #[test]
    fn each_class_reads_as_itself() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        for class in 0..CLASSES {
            let share = |feature: Feature| sheet.law(feature.column()).innocent.to_array()[class];
            let counts = Vec::from_iter(
                sheet.features().iter().map(|&feature| (feature, (share(feature) * 200.0) as usize, 200)),
            );
            let weight = frame(sheet, &counts).weigh(&Question::all(sheet, &terms(&tables)));
            assert!(weight.nats < 0.0, "{}: {weight:?}", sheet.class(class).name);
            assert_eq!(weight.class, class);
        }
    }

    #[test]
    fn what_a_feature_brought_is_what_is_missing_without_it() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        let whole = frame(sheet, &SCAM);
        for (left_out, ..) in SCAM {
            let rest: Vec<_> = SCAM.into_iter().filter(|(feature, ..)| *feature != left_out).collect();
            let terms = terms(&tables);
            let without = frame(sheet, &rest).weigh(&Question::all(sheet, &terms));
            let question = Question { without: Without::Feature(left_out), ..Question::all(sheet, &terms) };
            let found = whole.weigh(&question);
            // The count of a feature does not say in which order the calls came.
            assert!((found.nats - without.nats).abs() < 0.05 * without.nats, "{left_out:?}: {found:?} {without:?}");
            assert_eq!(found.class, without.class);
        }
    }

    /// Nine of ten answered calls are short where 55 in 100 were foreseen, a hundred times over.
    #[test]
    fn who_is_more_blatant_than_foreseen_is_no_less_suspect() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        let of = |times: usize, short: usize| {
            let calls = SCAM.map(|(feature, shown, known)| match feature {
                Feature::Short => (feature, times * short, times * 12),
                Feature::CalleeEnds => (feature, times * 9, times * 12),
                Feature::Answered => (feature, times * 12, times * 40),
                _ => (feature, shown, known),
            });
            frame(sheet, &calls).weigh(&Question::all(sheet, &terms(&tables))).nats
        };
        let [few, blatant] = [(1, 7), (100, 11)].map(|(times, short)| of(times, short));
        assert!(blatant >= few, "{few} {blatant}");
    }

    /// Who hangs on is talked to for minutes, and signatures hold, in which scams differ as much as the innocent do.
    #[test]
    fn a_centre_does_not_become_innocent_by_going_on() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        let of = |times: usize| {
            let own = [(Feature::Conversed, 4, 6), (Feature::SignatureFails, 0, 20)];
            let rotating = |(feature, shown, known)| match feature {
                Feature::CallerNew => (feature, times * 34, times * 40),
                _ => (feature, times * shown, times * known),
            };
            let calls = SCAM.into_iter().chain(own).map(rotating);
            frame(sheet, &Vec::from_iter(calls)).weigh(&Question::all(sheet, &terms(&tables))).nats
        };
        assert!(of(1) > 13.8 && of(50) > 13.8, "{} {}", of(1), of(50));
    }

    #[test]
    fn an_alternative_follows_calls_only_where_no_innocent_is() {
        let tables = Tables::ours().unwrap();
        for (name, shown) in SheetName::ALL.into_iter().flat_map(|name| [(name, false), (name, true)]) {
            let sheet = tables.sheet(name);
            for law in sheet.laws() {
                for (yes, known) in [(0.0, 0.0), (0.0, 40.0), (13.0, 40.0), (27.0, 40.0), (40.0, 40.0)] {
                    let count = Count { known, shown: yes };
                    let (told, _) = Sight::of(sheet, law.feature, shown, 1e6).likely(&count, &Count::NONE);
                    let spread = f32x8::splat(sheet.spread());
                    let settled = if law.feature.is_of_class() { 0.0 } else { 1.0 };
                    let [own, all] = [yes, known].map(|calls| f32x8::splat(settled * calls));
                    let [low, high] = law.range(law.scam);
                    let share = ((spread * law.scam + own) / (spread + all)).max(low).min(high);
                    let expected = if shown { share } else { f32x8::ONE - share };
                    let apart = (told.likely - expected.max(f32x8::splat(SHARE_MIN))).abs();
                    assert!(greatest(apart) < 1e-6, "{:?} {shown} {count:?}: {told:?} {expected:?}", law.feature);
                    assert!(
                        greatest((told.nats - told.likely.ln()).abs()) < 1e-5 && told.most == greatest(told.likely)
                    );
                }
            }
        }
    }

    /// A vote by telephone: short answered calls, as those of scams are, of people who know whom they call. No class is like
    /// it, and that is no reason to suspect it.
    #[test]
    fn who_is_like_no_class_is_no_scam() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        let vote = [
            (Feature::FirstContact, 0, 700),
            (Feature::Unattested, 280, 700),
            (Feature::Answered, 490, 700),
            (Feature::Short, 420, 490),
        ];
        for part in 1..=10 {
            let calls = vote.map(|(feature, shown, known)| (feature, shown * part / 10, known * part / 10));
            let weight = frame(sheet, &calls).weigh(&Question::all(sheet, &terms(&tables)));
            assert!(weight.nats < 0.0, "{weight:?}");
        }
    }

    /// An office's number in a probe's first night, where licences are registered: whom it calls it has never called, nobody has called it,
    /// and it is always the same one. All of that is what a memory of eight hours looks like.
    #[test]
    fn what_a_young_memory_lacks_accuses_nobody() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        let night = [
            (Feature::FirstContact, 53, 54),
            (Feature::BusinessHours, 0, 3),
            (Feature::CallerNew, 0, 50),
            (Feature::NeverCalled, 50, 50),
            (Feature::Unattested, 20, 54),
            (Feature::Answered, 28, 51),
            (Feature::Short, 6, 28),
            (Feature::CalleeEnds, 16, 28),
            (Feature::Conversed, 15, 22),
        ];
        let terms = Terms::new(true, Families::ALL, &tables);
        let question = Question { unlicensed: true, ruled_out: sheet.licensed(), ..Question::all(sheet, &terms) };
        let [young, old] = [0.3, 30.0].map(|days| frame_of(days, sheet, &night).weigh(&question).nats);
        assert!(young < 3.0, "{young}");
        // A month later it is worth a question.
        assert!(old > 2.0 * young.max(3.0), "{old}");
    }

    #[test]
    fn an_entity_gets_used_to_all_but_what_tells_classes_apart() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        for &feature in sheet.features() {
            let frame = frame(sheet, &[(feature, 2, 3)]);
            let (count, habit) = (frame.count(feature), frame.habit(feature));
            let used = if feature.is_of_class() { Count::NONE } else { count };
            assert_eq!((count.known, count.shown, habit), (3.0, 2.0, used), "{feature:?}");
        }
    }

    #[test]
    fn the_logarithm_of_gamma_is_right() {
        let mut factorial = 1.0_f64;
        for n in 1..=100 {
            assert!((ln_gamma(f64::from(n)) - factorial.ln()).abs() < 1e-8, "{n}");
            factorial *= f64::from(n);
        }
        assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-8);
    }

    #[test]
    fn a_single_call_does_not_decide() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        let mut frame = Frame::default();
        for &feature in sheet.features() {
            frame.observe(&Sight::of(sheet, feature, true, 1e6), true);
        }
        assert!(frame.weigh(&Question::all(sheet, &terms(&tables))).nats < 10.0);
    }
}

//! The common frame: the evidence of one entity's calls against every innocent class, as an e-process.
//!
//! A feature of a call adds to each class the log-probability it has there, and to each scam alternative the one it has
//! there. Within a class entities differ: the probability is the predictive one of a beta distribution around the class's
//! mean, sharpened by what this entity has shown before (Pólya's urn). The mean over the alternatives of the likelihood
//! ratio is a test martingale under its class; the least over the classes stays below it, so that over any stretch it reaches
//! `c` with a probability of at most `1 / c` (Ville) if the entity belongs to any of them. When it has fallen low enough it
//! begins anew, which is what finds an operation that starts late. Evidence is kept feature by feature, so that what each
//! of them brought can be told exactly: it is what is missing without it.

use wide::f32x8;

use crate::feature::{COLUMNS, Family, Feature};
use crate::tables::{CLASSES, Law, SETTLING_MAX, Sheet};

/// e^-2.5: the most one call's feature may bring against any class is 2.5 nats, so that no single call decides.
const CLIP_FACTOR: f32 = 0.082_085;

/// The least probability anything is given.
const LEAST: f32 = 1e-6;

/// How often a feature was there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Count {
    /// Calls of which it is known.
    pub known: f32,
    /// Calls that showed it.
    pub shown: f32,
}

impl Count {
    fn add(&mut self, weight: f32, shown: bool) {
        self.known += weight;
        self.shown += if shown { weight } else { 0.0 };
    }

    fn fade(&mut self, factor: f32) {
        self.known *= factor;
        self.shown *= factor;
    }
}

/// The evidence of one entity. About 690 bytes.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// For each column the log-probability of what it showed since the evidence began, class by class.
    innocent: [f32x8; COLUMNS],
    /// The same of the alternatives where it depends on time; elsewhere it follows from the count.
    settling: [f32x8; SETTLING_MAX],
    /// Since the evidence last began.
    count: [Count; COLUMNS],
    /// What the entity is used to.
    habit: [Count; COLUMNS],
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
}

impl Without {
    fn keeps(self, feature: Feature) -> bool {
        match self {
            Self::Nothing | Self::Rate => true,
            Self::Feature(without) => feature != without,
            Self::Family(without) => feature.family() != without,
        }
    }
}

impl Frame {
    /// Takes in what a call showed. `age_days` is how long the place has been watched where the feature is of
    /// the kind that settles; `learns` whether the entity's habit is to follow: that of a suspect is left as it was.
    pub fn observe(&mut self, sheet: &Sheet, feature: Feature, shown: bool, age_days: f32, learns: bool) {
        let column = feature.column();
        let law = sheet.law(column);
        let (Some(row), Some(count), Some(habit)) =
            (self.innocent.get_mut(column), self.count.get_mut(column), self.habit.get_mut(column))
        else {
            return;
        };
        let (mut innocent, mut scam, mut settled) = (law.innocent, law.scam, 1.0);
        if let Some(settling) = &law.settling {
            let age = f32x8::splat(-age_days.max(0.0));
            let (unsettled, scam_unsettled) = ((age / settling.innocent).exp(), (age / settling.scam).exp());
            innocent += (f32x8::ONE - innocent) * unsettled;
            scam += (f32x8::ONE - scam) * scam_unsettled;
            settled = 1.0 - greatest(unsettled);
        }
        let spread = f32x8::splat(sheet.spread());
        let predictive = (spread * innocent + f32x8::splat(habit.shown)) / (spread + f32x8::splat(habit.known));
        let (innocent, scam) = if shown { (predictive, scam) } else { (f32x8::ONE - predictive, f32x8::ONE - scam) };
        let floor = (greatest(scam) * CLIP_FACTOR).max(LEAST);
        *row += innocent.max(f32x8::splat(floor)).ln();
        if let Some(sum) = law.settling.as_ref().and_then(|settling| self.settling.get_mut(settling.slot)) {
            *sum += scam.max(f32x8::splat(LEAST)).ln();
        }
        count.add(1.0, shown);
        if learns {
            habit.add(settled, shown);
        }
    }

    /// For each class, the log-likelihood ratios of the alternatives to it, each family within its cap.
    fn ratios(&self, question: &Question<'_>) -> [f32x8; CLASSES] {
        let sheet = question.sheet;
        let mut by_class = question.beside.to_array().map(f32x8::splat);
        let columns = sheet.laws().zip(&self.innocent).zip(&self.count);
        let counted = columns.filter(|((law, _), count)| count.known > 0.0 && question.without.keeps(law.feature));
        let mut counted = counted.peekable();
        // The features of a family stand side by side on their sheet.
        while let Some(((law, innocent), count)) = counted.next() {
            let family = law.feature.family();
            let (mut innocent, mut scam) = (*innocent, self.scam(law, *count));
            while let Some(((law, more), count)) = counted.next_if(|((law, _), _)| law.feature.family() == family) {
                innocent += *more;
                scam += self.scam(law, *count);
            }
            let cap = f32x8::splat(family.cap());
            for (total, innocent) in by_class.iter_mut().zip(innocent.to_array()) {
                *total += (scam - f32x8::splat(innocent)).min(cap);
            }
        }
        by_class
    }

    /// The log-probability of what a column showed, alternative by alternative.
    fn scam(&self, law: &Law, count: Count) -> f32x8 {
        match &law.settling {
            Some(settling) => self.settling.get(settling.slot).copied().unwrap_or(f32x8::ZERO),
            None => law.scam_ln * f32x8::splat(count.shown) + law.scam_not_ln * f32x8::splat(count.known - count.shown),
        }
    }

    /// No less than what [`Frame::weigh`] comes to, and at most ln 8 more, for a fraction of its cost.
    #[must_use]
    pub fn at_most(&self, question: &Question<'_>) -> f32 {
        let ratios = self.ratios(question).into_iter().enumerate();
        let counted = ratios.filter(|(class, _)| question.ruled_out >> class & 1 == 0);
        counted.fold(f32::INFINITY, |least, (_, ratios)| least.min(greatest(ratios)))
    }

    /// The evidence so far.
    #[must_use]
    pub fn weigh(&self, question: &Question<'_>) -> Weight {
        let mut least = Weight { nats: f32::INFINITY, class: 0, alternative: 0 };
        for (class, ratios) in self.ratios(question).into_iter().enumerate() {
            let most = greatest(ratios);
            // The mean lies between a lane's share of the greatest and the greatest: only a class that may be the least counts.
            if question.ruled_out >> class & 1 == 1 || most >= least.nats + LN_LANES {
                continue;
            }
            let nats = log_mean_exp(ratios, most);
            if nats < least.nats {
                let alternative = ratios.to_array().into_iter().position(|ratio| ratio == most).unwrap_or(0);
                least = Weight { nats, class, alternative };
            }
        }
        least
    }

    /// Forgets the evidence, not the habit: the entity starts anew as what it has shown itself to be.
    pub fn restart(&mut self) {
        self.innocent = Default::default();
        self.settling = Default::default();
        self.count = Default::default();
    }

    /// Lets evidence and habit fade by `factor`, 0 to 1.
    pub fn fade(&mut self, factor: f32) {
        let factors = f32x8::splat(factor);
        self.innocent.iter_mut().chain(&mut self.settling).for_each(|row| *row *= factors);
        self.count.iter_mut().chain(&mut self.habit).for_each(|count| count.fade(factor));
    }

    /// Calls counted for a feature since the evidence last began; those of days ago count less.
    #[must_use]
    pub fn count(&self, feature: Feature) -> Count {
        self.count.get(feature.column()).copied().unwrap_or_default()
    }
}

/// ln 8.
const LN_LANES: f32 = 2.079_441_5;

fn greatest(lanes: f32x8) -> f32 {
    lanes.to_array().into_iter().fold(f32::NEG_INFINITY, f32::max)
}

fn log_mean_exp(values: f32x8, most: f32) -> f32 {
    let sum = (values - f32x8::splat(most)).exp().reduce_add();
    most + sum.ln() - LN_LANES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::SheetName;
    use crate::tables::Tables;

    const fn all(sheet: &Sheet) -> Question<'_> {
        Question { sheet, without: Without::Nothing, ruled_out: 0, beside: f32x8::ZERO }
    }

    fn frame(sheet: &Sheet, features: &[(Feature, usize, usize)]) -> Frame {
        let mut frame = Frame::default();
        for &(feature, shown, known) in features {
            for call in 0..known {
                // Spread evenly: the order does not matter to an urn.
                frame.observe(sheet, feature, (call + 1) * shown / known > call * shown / known, 1e6, true);
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
        let weight = frame(sheet, &SCAM).weigh(&all(sheet));
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
            let weight = frame(sheet, &counts).weigh(&all(sheet));
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
            let without = frame(sheet, &rest).weigh(&all(sheet));
            assert_eq!(whole.weigh(&Question { without: Without::Feature(left_out), ..all(sheet) }), without);
        }
    }

    #[test]
    fn a_single_call_does_not_decide() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        let mut frame = Frame::default();
        for &feature in sheet.features() {
            frame.observe(sheet, feature, true, 1e6, true);
        }
        assert!(frame.weigh(&all(sheet)).nats < 10.0);
    }
}

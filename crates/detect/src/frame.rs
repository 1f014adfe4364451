//! The common frame: the evidence of one entity's calls against every innocent class, as an e-process.
//!
//! A feature of a call adds to each class the log-probability it has there, and to each scam alternative the one it has
//! there. Within a class entities differ: the probability is the predictive one of a beta distribution around the class's
//! mean, sharpened by what this entity has shown before (Pólya's urn). The mean over the alternatives of the likelihood
//! ratio is a test martingale under its class; the least over the classes stays below it, so that over any stretch it reaches
//! `c` with a probability of at most `1 / c` (Ville) if the entity belongs to any of them. When it falls to 1 it
//! begins anew, which is what finds an operation that starts late. Evidence is kept feature by feature, so that what each
//! of them brought can be told exactly: it is what is missing without it.

use wide::f32x8;

use crate::feature::{COLUMNS, Family, Feature};
use crate::tables::{CLASSES, Sheet};

/// e^-2.5: the most one call's feature may bring against any class is 2.5 nats, so that no single call decides.
const CLIP_FACTOR: f32 = 0.082_085;

/// Log-probabilities of what one feature showed since the evidence last began.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    innocent: f32x8,
    scam: f32x8,
}

/// How often a feature was there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Count {
    /// Calls of which it is known.
    pub known: f32,
    /// Calls that showed it.
    pub shown: f32,
}

/// Calls counted since the evidence last began, exactly, for people to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls of which it is known.
    pub known: u16,
    /// Calls that showed it.
    pub shown: u16,
}

/// The evidence of one entity. About 900 bytes.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    rows: [Row; COLUMNS],
    habit: [Count; COLUMNS],
    tally: [Tally; COLUMNS],
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
pub struct Question {
    /// The features of its sheet.
    pub features: &'static [Feature],
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
        let index = feature.column();
        let law = sheet.law(index);
        let (Some(row), Some(habit), Some(tally)) =
            (self.rows.get_mut(index), self.habit.get_mut(index), self.tally.get_mut(index))
        else {
            return;
        };
        let (mut innocent, mut scam, mut settled) = (law.innocent, law.scam, 1.0);
        if let Some(settling) = &law.settling {
            let age = f32x8::splat(-age_days.max(0.0));
            let (unsettled, scam_unsettled) = ((age / settling.innocent).exp(), (age / settling.scam).exp());
            innocent += (f32x8::ONE - innocent) * unsettled;
            scam += (f32x8::ONE - scam) * scam_unsettled;
            settled = 1.0 - unsettled.to_array().into_iter().fold(0.0, f32::max);
        }
        let spread = f32x8::splat(sheet.spread());
        let known = f32x8::splat(habit.known);
        let seen = f32x8::splat(habit.shown);
        let predictive = (spread * innocent + seen) / (spread + known);
        let (innocent, scam) = if shown { (predictive, scam) } else { (f32x8::ONE - predictive, f32x8::ONE - scam) };
        let floor = scam.to_array().into_iter().fold(0.0, f32::max) * CLIP_FACTOR;
        row.innocent += innocent.max(f32x8::splat(floor.max(1e-6))).ln();
        row.scam += scam.max(f32x8::splat(1e-6)).ln();
        let shown_once = u16::from(shown);
        if learns {
            habit.known += settled;
            habit.shown += settled * f32::from(shown_once);
        }
        tally.known = tally.known.saturating_add(1);
        tally.shown = tally.shown.saturating_add(shown_once);
    }

    /// For each class, the log-likelihood ratios of the alternatives to it, each family within its cap.
    fn ratios(&self, question: &Question) -> [f32x8; CLASSES] {
        let mut by_class = question.beside.to_array().map(f32x8::splat);
        let rows = question.features.iter().zip(&self.rows);
        let mut rows = rows.filter(|(feature, _)| question.without.keeps(**feature)).peekable();
        // The features of a family stand side by side on their sheet.
        while let Some((feature, row)) = rows.next() {
            let mut sum = *row;
            while let Some((_, more)) = rows.next_if(|(next, _)| next.family() == feature.family()) {
                sum.innocent += more.innocent;
                sum.scam += more.scam;
            }
            let cap = f32x8::splat(feature.family().cap());
            for (total, innocent) in by_class.iter_mut().zip(sum.innocent.to_array()) {
                *total += (sum.scam - f32x8::splat(innocent)).min(cap);
            }
        }
        by_class
    }

    /// No less than what [`Frame::weigh`] comes to, and at most ln 8 more, for a fraction of its cost.
    #[must_use]
    pub fn at_most(&self, question: &Question) -> f32 {
        let ratios = self.ratios(question).into_iter().enumerate();
        let counted = ratios.filter(|(class, _)| question.ruled_out >> class & 1 == 0);
        counted.fold(f32::INFINITY, |least, (_, ratios)| least.min(greatest(ratios)))
    }

    /// The evidence so far.
    #[must_use]
    pub fn weigh(&self, question: &Question) -> Weight {
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
        self.rows = Default::default();
        self.tally = Default::default();
    }

    /// Lets evidence and habit fade by `factor`, 0 to 1.
    pub fn fade(&mut self, factor: f32) {
        let factors = f32x8::splat(factor);
        for row in &mut self.rows {
            row.innocent *= factors;
            row.scam *= factors;
        }
        for habit in &mut self.habit {
            habit.known *= factor;
            habit.shown *= factor;
        }
    }

    /// Calls counted for a feature since the evidence last began.
    #[must_use]
    pub fn tally(&self, feature: Feature) -> Tally {
        self.tally.get(feature.column()).copied().unwrap_or_default()
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

    const CALLER: Question = Question {
        features: SheetName::Caller.features(),
        without: Without::Nothing,
        ruled_out: 0,
        beside: f32x8::ZERO,
    };

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
        let weight = frame(sheet, &SCAM).weigh(&CALLER);
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
                CALLER.features.iter().map(|&feature| (feature, (share(feature) * 200.0) as usize, 200)),
            );
            let weight = frame(sheet, &counts).weigh(&CALLER);
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
            let without = frame(sheet, &rest).weigh(&CALLER);
            assert_eq!(whole.weigh(&Question { without: Without::Feature(left_out), ..CALLER }), without);
        }
    }

    #[test]
    fn a_single_call_does_not_decide() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        let mut frame = Frame::default();
        for &feature in CALLER.features {
            frame.observe(sheet, feature, true, 1e6, true);
        }
        assert!(frame.weigh(&CALLER).nats < 10.0);
    }
}

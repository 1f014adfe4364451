//! Whether the null is right. The bound on false alerts rests on one thing alone: that over innocent calls the e-value of what
//! they show, against the class their entity is of, is at most 1 in the mean. So that mean is taken, feature by feature and class
//! by class, and told where it is above 1.05 (SCIENCE 6.4): there the tables do not fit this traffic, or it holds something that is
//! not innocent and was not found. Nothing is left out of judgement by itself, since whoever floods a tap could then choose what.
//!
//! Of every eighth event of a call one entity is looked at, each in turn, so that the values of a mean come from different calls and
//! cost little. The calls of an alert are left out and counted. The sheet of bursts is not asked: what it foresees is made anew for
//! each burst from what the entity does on any day.

use serde::{Deserialize, Serialize};
use wide::f32x8;

use crate::feature::{COLUMNS, Feature, SheetName};
use crate::frame::{Frame, Sight};
use crate::tables::{ALTERNATIVES, CLASSES, Tables};
use crate::terms::Terms;

/// The mean that is borne.
pub const MEAN_MAX: f64 = 1.05;
/// Of so many events of calls one is measured.
const ONE_IN: u64 = 8;
/// E-values below which a mean says nothing.
const VALUES_MIN: u64 = 1_000;
/// How many of its standard errors a mean must lie above what is borne: of some two hundred means one is off by two now and then.
const ERRORS: f64 = 3.0;
/// What an entity must have shown of some feature to be read as of a class.
const READ_MIN: f32 = 20.0;

/// E-values of one feature, or of all that an event shows together, against one class.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Cell {
    values: u64,
    sum: f64,
    squares: f64,
}

impl Cell {
    fn add(&mut self, value: f32) {
        let value = f64::from(value);
        self.values += 1;
        self.sum += value;
        self.squares += value * value;
    }

    fn mean(&self) -> (f64, f64) {
        let values = self.values.max(1) as f64;
        let mean = self.sum / values;
        (mean, ((self.squares / values - mean * mean).max(0.0) / values).sqrt())
    }
}

/// Logarithms of the shares of the classes: what reads an entity as one of them.
#[derive(Clone, Debug)]
pub(crate) struct Reading([[[f32x8; 2]; COLUMNS]; SheetName::COUNT]);

impl Reading {
    pub(crate) fn of(tables: &Tables) -> Self {
        let mut logs = [[[f32x8::ZERO; 2]; COLUMNS]; SheetName::COUNT];
        for (own, sheet) in logs.iter_mut().zip(SheetName::ALL) {
            for (own, law) in own.iter_mut().zip(tables.sheet(sheet).laws()) {
                *own = [(f32x8::ONE - law.innocent).ln(), law.innocent.ln()];
            }
        }
        Self(logs)
    }

    /// The class that explains best what an entity is used to show, of those it may be; `None` of whom too little is known.
    pub(crate) fn class(&self, sheet: SheetName, frame: &Frame, ruled_out: u8) -> Option<usize> {
        let (mut sum, mut most) = (f32x8::ZERO, 0.0_f32);
        for (feature, [not, shown]) in sheet.features().iter().zip(self.0.get(sheet as usize)?) {
            let habit = frame.habit(*feature);
            sum += *shown * f32x8::splat(habit.shown) + *not * f32x8::splat(habit.known - habit.shown);
            most = most.max(habit.known);
        }
        let lanes = sum.to_array().into_iter().enumerate().filter(|(class, _)| ruled_out >> class & 1 == 0);
        lanes.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| most >= READ_MIN).map(|(class, _)| class)
    }
}

/// Means of e-values.
#[derive(Clone, Debug)]
pub struct Calibration {
    reading: Reading,
    measured: Measured,
}

/// What was measured: as it is written down, too.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    features: [[[Cell; CLASSES]; COLUMNS]; SheetName::COUNT],
    together: [[Cell; CLASSES]; SheetName::COUNT],
    events: u64,
    of_alerts: u64,
}

/// The mean of e-values against a class.
#[derive(Clone, Debug, PartialEq)]
pub struct MeanE {
    /// The sheet.
    pub sheet: SheetName,
    /// The class: its word in the tables.
    pub class: String,
    /// The feature; `None` for all that an event of a call shows together.
    pub feature: Option<Feature>,
    /// The mean.
    pub mean: f64,
    /// Its standard error.
    pub error: f64,
    /// Of how many e-values.
    pub values: u64,
}

impl MeanE {
    /// Whether it is above what is borne, and not by chance.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.values >= VALUES_MIN && self.mean - ERRORS * self.error > MEAN_MAX
    }
}

impl Calibration {
    /// Nothing measured yet by these tables.
    pub(crate) fn new(tables: &Tables) -> Self {
        Self {
            reading: Reading::of(tables),
            measured: Measured {
                features: [[[Cell::default(); CLASSES]; COLUMNS]; SheetName::COUNT],
                together: [[Cell::default(); CLASSES]; SheetName::COUNT],
                events: 0,
                of_alerts: 0,
            },
        }
    }

    /// What was measured.
    pub(crate) const fn measured(&self) -> &Measured {
        &self.measured
    }

    /// Goes on from what another measured.
    pub(crate) const fn go_on(&mut self, measured: Measured) {
        self.measured = measured;
    }

    /// Goes on by other tables: what was read so far stands for those of before, and is left behind.
    pub(crate) fn renew(&mut self, tables: &Tables) {
        *self = Self::new(tables);
    }

    /// What reads an entity as one of a class.
    pub(crate) const fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Another event of a call: whether it is one that is looked at.
    #[inline]
    pub(crate) const fn is_due(&mut self) -> bool {
        self.measured.events += 1;
        self.measured.events.is_multiple_of(ONE_IN)
    }

    /// Whose turn it is among so many entities.
    pub(crate) const fn turn(&self, entities: usize) -> Option<usize> {
        ((self.measured.events / ONE_IN) as usize).checked_rem(entities)
    }

    /// One that is to be looked at belongs to an alert.
    pub(crate) const fn leave_out(&mut self) {
        self.measured.of_alerts += 1;
    }

    /// What an event of a call shows at an entity of a class, before the entity takes it in.
    pub(crate) fn observe<'s>(
        &mut self,
        terms: &Terms,
        sheet: SheetName,
        frame: &Frame,
        class: usize,
        sights: impl Iterator<Item = &'s Sight>,
    ) {
        let prior = terms.alternatives(sheet).exp();
        let mean = |ratios: f32x8| ratios.reduce_add() / ALTERNATIVES as f32;
        let mut together = prior;
        let Some(cells) = self.measured.features.get_mut(sheet as usize) else { return };
        for sight in sights {
            let ratios = frame.ratios_of(sight, class);
            together *= ratios;
            let cell = cells.get_mut(sight.feature().column()).and_then(|cells| cells.get_mut(class));
            cell.into_iter().for_each(|cell| cell.add(mean(prior * ratios)));
        }
        let cell = self.measured.together.get_mut(sheet as usize).and_then(|cells| cells.get_mut(class));
        cell.into_iter().for_each(|cell| cell.add(mean(together)));
    }

    /// Entities that were not measured, since the call belongs to an alert.
    #[must_use]
    pub const fn of_alerts(&self) -> u64 {
        self.measured.of_alerts
    }

    /// The means of which there are e-values, sheet by sheet and class by class: first all that an event shows together, then each
    /// feature, the highest first.
    #[must_use]
    pub fn means(&self, tables: &Tables) -> Vec<MeanE> {
        let mut means = Vec::new();
        let sheets = SheetName::ALL.into_iter().zip(&self.measured.features).zip(&self.measured.together);
        for ((sheet, features), together) in sheets {
            for (class, whole) in together.iter().enumerate() {
                let of = |feature, cell: &Cell| {
                    let (mean, error) = cell.mean();
                    let class = tables.sheet(sheet).class(class).name.clone();
                    MeanE { sheet, class, feature, mean, error, values: cell.values }
                };
                let own = sheet.features().iter().zip(features);
                let own = own.filter_map(|(&feature, cells)| Some(of(Some(feature), cells.get(class)?)));
                let mut own: Vec<_> = own.filter(|mean| mean.values > 0).collect();
                own.sort_by(|a, b| b.mean.total_cmp(&a.mean));
                means.extend((whole.values > 0).then(|| of(None, whole)));
                means.append(&mut own);
            }
        }
        means
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::Families;

    /// Means over so many calls of entities of a class whose shares are those of the tables, but for one feature.
    fn means(feature: Feature, share: f32, calls: u32) -> Vec<MeanE> {
        let tables = Tables::ours().unwrap();
        let terms = Terms::new(false, Families::ALL, &tables);
        let (sheet, mut calibration) = (SheetName::Caller, Calibration::new(&tables));
        let mut frame = Frame::default();
        // The fraction of the golden ratio: as even as can be, whatever the share.
        let mut dice = 0.0_f64;
        for _ in 0..calls {
            let sights = tables.sheet(sheet).laws().iter().map(|law| {
                let [own, ..] = law.innocent.to_array();
                let share = if law.feature == feature { share } else { own };
                dice = (dice + 0.618_033_988_749_895 + 0.1 * law.feature as u8 as f64) % 1.0;
                Sight::of(tables.sheet(sheet), law.feature, dice < f64::from(share), 1e6)
            });
            let sights: Vec<_> = sights.collect();
            calibration.observe(&terms, sheet, &frame, 0, sights.iter());
            sights.iter().for_each(|sight| frame.observe(sight, true));
        }
        calibration.means(&tables)
    }

    #[test]
    fn calls_of_a_class_have_means_of_at_most_one() {
        let own = Tables::ours().unwrap().sheet(SheetName::Caller).law(Feature::FirstContact.column()).innocent;
        for mean in means(Feature::FirstContact, own.to_array()[0], 20_000) {
            assert!(!mean.is_broken() && (mean.feature.is_none() || mean.mean < 1.02), "{mean:?}");
        }
    }

    /// An entity that shows more of a feature than its class does becomes used to it, so only the many do that are new.
    #[test]
    fn what_breaks_the_null_is_named() {
        let tables = Tables::ours().unwrap();
        let terms = Terms::new(false, Families::ALL, &tables);
        let mut calibration = Calibration::new(&tables);
        let sight = |shown| Sight::of(tables.sheet(SheetName::Caller), Feature::DomesticAbroad, shown, 1e6);
        for call in 0..4_000 {
            let frame = Frame::default();
            calibration.observe(&terms, SheetName::Caller, &frame, 0, [sight(call % 5 == 0)].iter());
        }
        let broken: Vec<_> = calibration.means(&tables).into_iter().filter(MeanE::is_broken).collect();
        assert!(broken.iter().any(|mean| mean.feature == Some(Feature::DomesticAbroad)), "{broken:?}");
        assert!(broken.iter().all(|mean| mean.class == "residential" && mean.mean > MEAN_MAX));
    }

    #[test]
    fn every_entity_has_its_turn() {
        let mut calibration = Calibration::new(&Tables::ours().unwrap());
        let mut turns = Vec::new();
        for _ in 0..8 * 6 {
            if calibration.is_due() {
                turns.extend(calibration.turn(3));
            }
        }
        assert_eq!(turns, [1, 2, 0, 1, 2, 0]);
        assert_eq!(calibration.turn(0), None);
    }
}

//! Number rotation (SCIENCE 4.8): one dialler behind a thousand numbers and eight trunks. No
//! number and no trunk shows much; the software that writes the INVITEs is the same on all of them.

use super::{bpo, mixes};
use crate::floor::{Floor, Operation, Region};
use crate::group::Label;
use crate::habits::Habits;
use crate::places::country;
use crate::shown::Shown;
use crate::stacks::vendor;
use crate::stage::Stage;

/// Innocent calls a day around it, at scale 1.
const AROUND: f64 = 60_000.0;
/// Trunks it spreads over: six carriers of others, two of its own.
const TRUNKS: usize = 8;
/// Numbers it rotates through.
const NUMBERS: u64 = 1_000;

/// A rotating dialler among innocents.
pub(super) fn alone(stage: &mut Stage) {
    mixes::background(stage, AROUND);
    set(stage, 60);
}

/// A rotating dialler with so many seats behind it.
pub(super) fn set(stage: &mut Stage, seats: u32) {
    let home = stage.home();
    let (group, mut random) = stage.group("rotation", "number_rotation", Label::Fraud, Some(seats));
    let habits = Habits {
        first_contact: stage.hard(0.96, 0.85),
        answered: 0.28,
        short: stage.hard(0.6, 0.4),
        callee_ends: 0.75,
        not_full: stage.hard(0.95, 0.6),
        ..bpo::CLASS
    };
    let operation = Operation {
        occupancy: 0.8,
        abandoned: 0.05,
        ..Operation::new(
            seats,
            habits,
            vec![Region { country: home, weight: 1.0, from: 9.0, until: 18.0, weekends: false }],
            Shown::pool(NUMBERS, 0.95, country(b"US")),
            (0..TRUNKS).map(|place| stage.carrier(place)).collect(),
            vec![stage.cast.stack(vendor::DIALLER, random.bits())],
            stage.world.measured,
        )
    };
    stage.add(Floor::new(group, random, operation));
}

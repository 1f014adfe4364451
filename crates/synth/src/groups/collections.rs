//! Collections (SCIENCE 4.0, last innocent row): agents who call the same debtors again and again. Few answer, many hang up
//! soon: all that tells them from a scam centre is whom they call and from which number.

use crate::cast::TrunkRole;
use crate::floor::{Floor, Operation, Region};
use crate::group::Label;
use crate::habits::Habits;
use crate::shown::Shown;
use crate::stacks::vendor;
use crate::stage::Stage;

/// SCIENCE 4.0.
const CLASS: Habits = Habits {
    first_contact: 0.40,
    answered: 0.30,
    short: 0.40,
    callee_ends: 0.65,
    new_number: 0.05,
    mismatch: 0.03,
    not_full: 0.40,
    talk_secs: 110.0,
    talk_sigma: 0.9,
    unheard: 0.04,
};

/// Attempts of a seat, a day of seven.
const CALLS_PER_SEAT: f64 = 520.0;
/// Seats of an agency, more or less.
const SEATS: f64 = 20.0;

/// So many calls a day by agencies.
pub(super) fn set(stage: &mut Stage, calls_per_day: f64) {
    let home = stage.home();
    let seats = calls_per_day * stage.options.scale / CALLS_PER_SEAT;
    let agencies = (seats / SEATS).round().clamp(1.0, 400.0);
    for _ in 0..agencies as u16 {
        let seats = (seats / agencies).round().max(2.0) as u32;
        let (group, mut random) = stage.group("collections", "collections", Label::Benign, Some(seats));
        let trunk = stage.cast.trunk("collections", TrunkRole::Customer, home, 1);
        let shown = Shown::own(&stage.world.numbers, home, &[], random.between(2, 20), random.bits());
        stage.license(group, trunk, &shown, seats, &[home]);
        // The law leaves them the evening too.
        let regions = vec![Region { country: home, weight: 1.0, from: 8.2, until: 19.2, weekends: false }];
        let stack = stage.cast.stack(vendor::DIALLER, random.bits());
        let operation = Operation {
            occupancy: random.around(0.72).clamp(0.5, 0.88),
            ..Operation::new(seats, CLASS.drawn(&mut random), regions, shown, vec![trunk], vec![stack], stage.whole)
        };
        stage.add(Floor::new(group, random, operation));
    }
}

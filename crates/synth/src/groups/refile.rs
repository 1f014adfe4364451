//! Refiling (SCIENCE 4.3): a carrier that changes the callers' numbers so that calls from abroad seem to be domestic.
//!
//! | hardness | number shown |
//! |---|---|
//! | 0 | one that nobody can have: too short |
//! | 1, 2 | one of the callee's country in no range that is in use |
//! | 3 | somebody's of the callee's country |
//!
//! Where the tap sees both legs, the other leg shows the true number. The other way round, somebody behind the tap's own border
//! changes it: the leg that comes in shows the true number, the one that goes on somebody's of the callee's country.

use super::mixes;
use crate::circle::{Circle, Corridor, Fold, Habitat, Lines, Treatment};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::places::country;
use crate::stacks::vendor;
use crate::stage::Stage;

/// Innocent calls a day around it, at scale 1.
const AROUND: f64 = 60_000.0;
/// Refiled calls a day.
const CALLS_PER_DAY: f64 = 3_000.0;

/// Ordinary calls of ordinary people, badly signed.
const CALLS: Habits = Habits {
    first_contact: 0.3,
    answered: 0.5,
    short: 0.2,
    callee_ends: 0.5,
    new_number: 0.1,
    mismatch: 0.0,
    not_full: 0.9,
    talk_secs: 100.0,
    talk_sigma: 1.1,
    unheard: 0.05,
};

/// A carrier that refiles, among innocents.
pub(super) fn alone(stage: &mut Stage) {
    mixes::background(stage, AROUND);
    set(stage);
}

/// A switch behind the border that refiles what a carrier sends, among innocents.
pub(super) fn onward(stage: &mut Stage) {
    mixes::background(stage, AROUND);
    refiler(stage, Treatment::BorrowedOnward);
}

/// Refiled calls on a carrier's trunk.
pub(super) fn set(stage: &mut Stage) {
    let treatment = match stage.options.hardness {
        0 => Treatment::Impossible,
        1 | 2 => Treatment::Unallocated,
        _ => Treatment::Borrowed,
    };
    refiler(stage, treatment);
}

fn refiler(stage: &mut Stage, treatment: Treatment) {
    let home = stage.home();
    let (group, mut random) = stage.group("refile", "cli_refile", Label::Fraud, None);
    let origins = [b"IN", b"PK", b"NG", b"PH"].map(country);
    let habitat = Habitat {
        calls_per_day: CALLS_PER_DAY,
        corridors: origins.map(|origin| Corridor { origin, destination: home, weight: 1.0 }).to_vec(),
        lines: 1_500,
        numbering: Lines::Scattered,
        acquaintances: 4,
        skew: 2.0,
        outgoing: 1.0,
        withheld: 0.0,
        habits: CALLS,
        hours: Hours::CONSUMER,
        fold: Fold::Both,
        out: stage.carrier(3),
        back: stage.interconnect(),
        roaming: None,
        stacks: vec![stage.cast.stack(vendor::SWITCH, random.bits())],
        treatment,
        display: None,
    };
    let measured = stage.world.measured;
    let circle = Circle::new(group, random, habitat, &mut stage.world).only(measured, 1.0);
    stage.add(circle);
}

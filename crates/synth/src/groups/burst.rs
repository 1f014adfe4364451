//! Call bursts (SCIENCE 4.1): a customer with an ordinary profile, whose attempts rise to three, five or ten times of what
//! they ever were, or to one and a half times for days. The additional calls go to strangers one after the other and are
//! short; with hardness they resemble the customer's own more and more.

use super::{enterprise, mixes};
use crate::cast::TrunkRole;
use crate::circle::{Circle, Corridor, Fold, Habitat, Lines, Treatment};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::stacks::vendor;
use crate::stage::Stage;

/// Innocent calls a day around it, at scale 1.
const AROUND: f64 = 60_000.0;
/// Calls a day of the customer.
const CUSTOMER: f64 = 8_000.0;

/// How much and how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Burst {
    factor: f64,
    /// Where in the measured time it begins, as a share.
    from: f64,
    hours: f64,
}

/// Three times, for two hours.
pub(super) const BY_3: Burst = Burst { factor: 3.0, from: 0.6, hours: 2.0 };
/// Five times.
pub(super) const BY_5: Burst = Burst { factor: 5.0, from: 0.6, hours: 2.0 };
/// Ten times.
pub(super) const BY_10: Burst = Burst { factor: 10.0, from: 0.6, hours: 2.0 };
/// Half as much again, for three days.
pub(super) const SLOW: Burst = Burst { factor: 1.5, from: 0.3, hours: 72.0 };

/// A burst among innocents.
pub(super) fn alone(stage: &mut Stage, burst: Burst) {
    mixes::background(stage, AROUND);
    set(stage, burst);
}

/// A customer, innocent but for the burst.
pub(super) fn set(stage: &mut Stage, burst: Burst) {
    let home = stage.home();
    let trunk = stage.cast.trunk("customer", TrunkRole::Customer, home, 1);
    let (own, mut random) = stage.group("customer", "enterprise", Label::Benign, None);
    let stack = stage.cast.stack(vendor::EXCHANGE, random.bits());
    let habitat = Habitat {
        calls_per_day: CUSTOMER,
        corridors: vec![Corridor { origin: home, destination: home, weight: 1.0 }],
        lines: 400,
        numbering: Lines::Block {
            first: stage.world.numbers.block(home, random.bits(), 1_000),
            size: 1_000,
            main: 0.3,
        },
        acquaintances: 24,
        skew: 2.0,
        outgoing: 0.95,
        withheld: 0.0,
        habits: enterprise::CLASS,
        hours: Hours::OFFICE,
        fold: Fold::Line,
        out: trunk,
        back: stage.interconnect(),
        roaming: None,
        stacks: vec![stack],
        treatment: Treatment::Fair,
        display: None,
    };
    let circle = Circle::new(own, random, habitat.clone(), &mut stage.world);
    stage.add(circle);

    let (group, random) = stage.group("burst", "call_burst", Label::Fraud, None);
    let calm = enterprise::CLASS;
    let habits = Habits {
        first_contact: stage.hard(0.97, calm.first_contact),
        answered: stage.hard(0.35, calm.answered),
        short: stage.hard(0.50, calm.short),
        callee_ends: stage.hard(0.70, calm.callee_ends),
        not_full: stage.hard(0.60, calm.not_full),
        ..calm
    };
    let more = Habitat { habits, outgoing: 1.0, ..habitat };
    let circle = Circle::new(group, random, more, &mut stage.world)
        .only(stage.working(burst.from, 10.0, burst.hours), burst.factor - 1.0);
    stage.add(circle);
}

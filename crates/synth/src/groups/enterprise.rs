//! Offices (SCIENCE 4.0, second row): extensions in a block, a main number that a third of the calls show, customers that
//! are called again, office hours with a dip at lunch. Half of them stand behind the border element of a retail provider,
//! so that all of these share one address.

use crate::cast::TrunkRole;
use crate::circle::{Circle, Corridor, Fold, Habitat, Lines, Treatment};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::places::country;
use crate::stacks::vendor;
use crate::stage::Stage;

/// SCIENCE 4.0.
pub(super) const CLASS: Habits = Habits {
    first_contact: 0.35,
    answered: 0.60,
    short: 0.20,
    callee_ends: 0.50,
    new_number: 0.02,
    mismatch: 0.005,
    not_full: 0.30,
    talk_secs: 85.0,
    talk_sigma: 1.1,
    unheard: 0.03,
};

/// Companies.
const ENTITIES: u64 = 20;
/// Calls a day and extension, both ways, over all days.
const CALLS_PER_LINE: f64 = 12.0;

/// So many calls a day by offices.
pub(super) fn set(stage: &mut Stage, calls_per_day: f64) {
    let home = stage.home();
    let retail = stage.retail();
    for entity in 0..ENTITIES {
        let (group, mut random) = stage.group("enterprise", "enterprise", Label::Benign, None);
        let calls_per_day = calls_per_day * stage.options.scale / ENTITIES as f64 * random.log_normal(0.9, 0.5);
        let out = if entity % 2 == 0 { retail } else { stage.cast.trunk("office", TrunkRole::Customer, home, 1) };
        let maker = [vendor::EXCHANGE, vendor::CLOUD, vendor::PHONE];
        let maker = random.pick(&maker).unwrap_or(vendor::EXCHANGE);
        let stacks = vec![stage.cast.stack(maker, random.bits())];
        let abroad = random.pick(&[b"US", b"DE", b"FR", b"NL", b"AU"]).unwrap_or(b"US");
        let corridors = vec![
            Corridor { origin: home, destination: home, weight: 0.92 },
            Corridor { origin: home, destination: country(abroad), weight: 0.08 },
        ];
        let habitat = Habitat {
            calls_per_day,
            corridors,
            lines: ((calls_per_day / CALLS_PER_LINE) as u64).clamp(5, 900),
            numbering: Lines::Block {
                first: stage.world.numbers.block(home, random.bits(), 1_000),
                size: 1_000,
                main: 0.3,
            },
            acquaintances: 14,
            skew: 2.2,
            outgoing: 0.55,
            withheld: 0.01,
            habits: CLASS.drawn(&mut random),
            hours: Hours::OFFICE,
            fold: Fold::Line,
            out,
            back: stage.interconnect(),
            roaming: Some(stage.abroad()),
            stacks,
            treatment: Treatment::Fair,
            display: (entity % 4 == 0).then(|| stage.cast.name("Reception")),
        };
        let circle = Circle::new(group, random, habitat, &mut stage.world);
        stage.add(circle);
    }
}

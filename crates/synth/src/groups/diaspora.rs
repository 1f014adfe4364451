//! Diaspora and calling cards (SCIENCE 4.0, seventh row): evenings and weekends where the called live, the same few
//! relatives again and again, numbers of access gateways, hardly anything signed. Some zones are half or three quarters of
//! an hour off, some weekends are Friday and Saturday.

use crate::circle::{Circle, Corridor, Fold, Habitat, Lines, Treatment};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::places::country;
use crate::stacks::vendor;
use crate::stage::Stage;

/// SCIENCE 4.0.
const CLASS: Habits = Habits {
    first_contact: 0.10,
    answered: 0.55,
    short: 0.15,
    callee_ends: 0.50,
    new_number: 0.05,
    mismatch: 0.02,
    not_full: 0.70,
    talk_secs: 260.0,
    talk_sigma: 1.1,
    unheard: 0.04,
};

/// Card issuers.
const ENTITIES: u32 = 4;
/// Calls a day and line.
const CALLS_PER_LINE: f64 = 1.2;
/// Where the relatives are, and how many of them.
const FAMILIES: [(&[u8; 2], f64); 14] = [
    (b"IN", 3.0),
    (b"PK", 2.5),
    (b"BD", 2.0),
    (b"NP", 1.0),
    (b"LK", 1.0),
    (b"NG", 1.8),
    (b"GH", 0.9),
    (b"PH", 1.2),
    (b"IR", 0.6),
    (b"EG", 0.6),
    (b"PL", 1.0),
    (b"RO", 1.0),
    (b"UA", 0.7),
    (b"BR", 0.5),
];

/// So many calls a day to relatives.
pub(super) fn set(stage: &mut Stage, calls_per_day: f64) {
    let home = stage.home();
    for entity in 0..ENTITIES {
        let (group, mut random) = stage.group("diaspora", "diaspora", Label::Benign, None);
        let calls_per_day = calls_per_day * stage.options.scale / f64::from(ENTITIES);
        let weights = FAMILIES.iter().map(|&(code, weight)| (country(code), weight * random.log_normal(1.0, 0.6)));
        let weights: Vec<_> = weights.collect();
        let corridors = weights.into_iter().map(|(destination, weight)| Corridor { origin: home, destination, weight });
        let habitat = Habitat {
            calls_per_day,
            corridors: corridors.collect(),
            lines: ((calls_per_day / CALLS_PER_LINE) as u64).max(40),
            numbering: Lines::Scattered,
            acquaintances: 3,
            skew: 1.8,
            outgoing: 0.85,
            withheld: 0.05,
            habits: CLASS.drawn(&mut random),
            hours: Hours::DIASPORA,
            fold: Fold::Acquaintance,
            out: stage.cast.trunk("cards", crate::cast::TrunkRole::National, home, 1),
            back: stage.carrier(entity as usize),
            roaming: Some(stage.abroad()),
            stacks: vec![stage.cast.stack(vendor::SWITCH, random.bits())],
            treatment: Treatment::Fair,
            display: None,
        };
        let circle = Circle::new(group, random, habitat, &mut stage.world);
        stage.add(circle);
    }
}

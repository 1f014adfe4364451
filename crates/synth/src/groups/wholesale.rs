//! Wholesale carriers (SCIENCE 4.0, sixth row): trunks that carry callers of many countries to this one and through it,
//! most numbers seldom or never seen before, few calls signed in full, hours at which both ends are awake.

use crate::circle::{Circle, Corridor, Fold, Habitat, Lines, Treatment};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::places::country;
use crate::stacks::vendor;
use crate::stage::Stage;

/// SCIENCE 4.0.
const CLASS: Habits = Habits {
    first_contact: 0.30,
    answered: 0.50,
    short: 0.20,
    callee_ends: 0.50,
    new_number: 0.22,
    mismatch: 0.05,
    not_full: 0.65,
    talk_secs: 100.0,
    talk_sigma: 1.15,
    unheard: 0.04,
};

/// Carriers.
pub(super) const ENTITIES: u32 = 6;
/// Calls a day and line.
const CALLS_PER_LINE: f64 = 2.0;
/// Where their callers are.
const ORIGINS: [&[u8; 2]; 24] = [
    b"US", b"IE", b"IN", b"PK", b"BD", b"AU", b"NG", b"GH", b"ZA", b"PL", b"RO", b"DE", b"FR", b"ES", b"IT", b"TR",
    b"AE", b"SA", b"EG", b"PH", b"CN", b"BR", b"KE", b"CA",
];

/// So many calls a day through carriers.
pub(super) fn set(stage: &mut Stage, calls_per_day: f64) {
    let home = stage.home();
    for entity in 0..ENTITIES {
        let (group, mut random) = stage.group("wholesale", "wholesale", Label::Benign, None);
        let calls_per_day = calls_per_day * stage.options.scale / f64::from(ENTITIES);
        let origins: Vec<_> = (0..10).filter_map(|_| random.pick(&ORIGINS)).map(country).collect();
        let mut corridors: Vec<_> = origins
            .iter()
            .map(|&origin| Corridor { origin, destination: home, weight: random.exponential(1.0) + 0.05 })
            .collect();
        // A quarter of it only passes through.
        let through = origins.iter().zip(origins.iter().rev()).filter(|(origin, destination)| origin != destination);
        corridors.extend(through.map(|(&origin, &destination)| Corridor { origin, destination, weight: 0.3 }));
        let stacks = [vendor::SWITCH, vendor::BORDER, vendor::MEDIA_GATEWAY, vendor::EXCHANGE];
        let stacks = stacks.iter().map(|&maker| stage.cast.stack(maker, random.bits())).collect();
        let habitat = Habitat {
            calls_per_day,
            corridors,
            lines: ((calls_per_day / CALLS_PER_LINE) as u64).max(40),
            numbering: Lines::Scattered,
            acquaintances: 4,
            skew: 2.0,
            outgoing: 1.0,
            withheld: 0.02,
            habits: CLASS.drawn(&mut random),
            hours: Hours::CONSUMER,
            fold: Fold::Both,
            out: stage.carrier(entity as usize),
            back: stage.interconnect(),
            roaming: None,
            stacks,
            treatment: Treatment::Fair,
            display: None,
        };
        let circle = Circle::new(group, random, habitat, &mut stage.world);
        stage.add(circle);
    }
}

//! Households and mobiles (SCIENCE 4.0, first row): most calls go to or come from a handful of known people, at the hours
//! of consumers; about five calls a day and line (SCIENCE 8, Nasim 2015), seven in ten of them at weekends too.

use crate::cast::TrunkRole;
use crate::circle::{Circle, Corridor, Fold, Habitat, Lines, Treatment};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::places::country;
use crate::script::TrunkId;
use crate::stacks::vendor;
use crate::stage::Stage;

/// SCIENCE 4.0.
const CLASS: Habits = Habits {
    first_contact: 0.15,
    answered: 0.62,
    short: 0.18,
    callee_ends: 0.50,
    new_number: 0.02,
    mismatch: 0.005,
    not_full: 0.35,
    talk_secs: 62.0,
    talk_sigma: 1.19,
    unheard: 0.03,
};

/// Access networks.
const ENTITIES: u32 = 4;
/// Calls a day and line, both ways.
const CALLS_PER_LINE: f64 = 5.0;

/// So many calls a day by residents.
pub(super) fn set(stage: &mut Stage, calls_per_day: f64) {
    for _ in 0..ENTITIES {
        let calls_per_day = calls_per_day * stage.options.scale / f64::from(ENTITIES);
        let out = stage.cast.trunk("access", TrunkRole::Own, stage.home(), 1);
        mobiles(stage, out, calls_per_day);
    }
}

/// So many calls a day by people whose calls come in by a trunk.
pub(super) fn mobiles(stage: &mut Stage, out: TrunkId, calls_per_day: f64) {
    let home = stage.home();
    let (group, mut random) = stage.group("residential", "residential", Label::Benign, None);
    let stacks = [(vendor::SWITCH, 1), (vendor::MEDIA_GATEWAY, 2), (vendor::PHONE, 3)];
    let stacks = stacks.map(|(maker, build)| stage.cast.stack(maker, build)).to_vec();
    let abroad = [b"US", b"IE", b"FR", b"IN", b"AU", b"ES", b"PL", b"PK"].map(|code| (country(code), 0.006));
    let known = abroad.into_iter().chain([(home, 0.952)]);
    let corridors = known.map(|(destination, weight)| Corridor { origin: home, destination, weight }).collect();
    let habitat = Habitat {
        calls_per_day,
        corridors,
        lines: ((calls_per_day / CALLS_PER_LINE) as u64).max(20),
        numbering: Lines::Scattered,
        acquaintances: 9,
        skew: 2.2,
        outgoing: 0.52,
        withheld: 0.03,
        habits: CLASS.drawn(&mut random),
        hours: Hours::CONSUMER,
        fold: Fold::Line,
        out,
        back: stage.interconnect(),
        roaming: Some(stage.abroad()),
        stacks,
        treatment: Treatment::Fair,
        display: None,
    };
    let circle = Circle::new(group, random, habitat, &mut stage.world);
    stage.add(circle);
}

//! False answer supervision (SCIENCE 4.5): four routes to the same countries, one of which answers a share of its calls
//! before anybody has picked up, and bills for silence, ringing or a recording.
//!
//! With hardness the early answers come later, at last after as long as people need.

use super::mixes;
use crate::circle::{Circle, Corridor, Fold, Habitat, Lines, Treatment};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::places::country;
use crate::stacks::vendor;
use crate::stage::Stage;

/// Innocent calls a day around it, at scale 1.
const AROUND: f64 = 30_000.0;
/// Calls a day of each route.
const ROUTE: f64 = 5_000.0;

/// Calls to relatives and partners abroad.
const CALLS: Habits = Habits {
    first_contact: 0.2,
    answered: 0.55,
    short: 0.18,
    callee_ends: 0.5,
    new_number: 0.02,
    mismatch: 0.0,
    not_full: 0.4,
    talk_secs: 140.0,
    talk_sigma: 1.1,
    unheard: 0.04,
};

/// Four routes among innocents, one of them false in this share of its calls.
pub(super) fn alone(stage: &mut Stage, share: f64) {
    mixes::background(stage, AROUND);
    set(stage, share);
}

/// Four routes, one of them false.
pub(super) fn set(stage: &mut Stage, share: f64) {
    let home = stage.home();
    for route in 0..4 {
        let (group, mut random) = stage.group("route", "wholesale", Label::Benign, None);
        let far = [b"IN", b"PK", b"NG", b"BD"].map(country);
        let corridors = far.map(|destination| Corridor { origin: home, destination, weight: 1.0 }).to_vec();
        let habitat = Habitat {
            calls_per_day: ROUTE,
            corridors,
            lines: 2_000,
            numbering: Lines::Scattered,
            acquaintances: 4,
            skew: 2.0,
            outgoing: 1.0,
            withheld: 0.02,
            habits: CALLS.drawn(&mut random),
            hours: Hours::DIASPORA,
            fold: Fold::Acquaintance,
            out: stage.cast.route("route", country(b"AE")),
            back: stage.interconnect(),
            roaming: None,
            stacks: vec![stage.cast.stack(vendor::SWITCH, 11)],
            treatment: Treatment::Fair,
            display: None,
        };
        let honest = if route == 0 { 1.0 - share } else { 1.0 };
        let fair = Habitat { calls_per_day: ROUTE * honest, ..habitat.clone() };
        let circle = Circle::new(group, random, fair, &mut stage.world);
        stage.add(circle);
        if route != 0 {
            continue;
        }
        let (group, random) = stage.group("false-answer", "false_answer", Label::Fraud, None);
        let within_ms = stage.hard(2_000.0, 14_000.0) as u32;
        let calls_per_day = ROUTE * share;
        let early = Habitat { calls_per_day, treatment: Treatment::AnsweredEarly(within_ms), ..habitat };
        let measured = stage.world.measured;
        let circle = Circle::new(group, random, early, &mut stage.world).only(measured, 1.0);
        stage.add(circle);
    }
}

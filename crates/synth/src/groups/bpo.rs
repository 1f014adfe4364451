//! Licensed outbound call centres (SCIENCE 4.0, third row): the hardest neighbours of a scam centre. Agents with a dialler
//! call lists in working hours, show registered numbers of their own, and stand at home, abroad, or in the sun of three
//! continents in turn.

use crate::cast::TrunkRole;
use crate::floor::{Floor, Operation, Region};
use crate::group::Label;
use crate::habits::Habits;
use crate::places::country;
use crate::script::TrunkId;
use crate::shown::Shown;
use crate::stacks::vendor;
use crate::stage::Stage;

/// SCIENCE 4.0.
pub(super) const CLASS: Habits = Habits {
    first_contact: 0.75,
    answered: 0.35,
    short: 0.35,
    callee_ends: 0.60,
    new_number: 0.02,
    mismatch: 0.15,
    not_full: 0.45,
    talk_secs: 75.0,
    talk_sigma: 1.0,
    unheard: 0.04,
};

/// Attempts of a seat, a day of seven.
const CALLS_PER_SEAT: f64 = 640.0;
/// Seats of a centre, more or less.
const SEATS: f64 = 30.0;

/// So many calls a day by licensed centres.
pub(super) fn set(stage: &mut Stage, calls_per_day: f64) {
    let seats = calls_per_day * stage.options.scale / CALLS_PER_SEAT;
    let centres = (seats / SEATS).round().clamp(1.0, 400.0) as u64;
    for centre in 0..centres {
        one(stage, centre, (seats / centres as f64).max(2.0));
    }
}

/// A centre at home of about so many seats: its trunk and its seats.
pub(super) fn at_home(stage: &mut Stage, seats: f64) -> (TrunkId, u32) {
    one(stage, 0, seats)
}

/// One centre: two in five at home, two in five abroad, the others in three continents.
fn one(stage: &mut Stage, place: u64, seats: f64) -> (TrunkId, u32) {
    let home = stage.home();
    let (name, role, base, called): (_, _, _, &[&[u8; 2]]) = match place % 5 {
        0 | 3 => ("centre", TrunkRole::Customer, home, &[b"GB"]),
        1 => ("centre-abroad", TrunkRole::International, country(b"IN"), &[b"GB", b"AU"]),
        2 => ("centre-abroad", TrunkRole::International, country(b"PH"), &[b"US"]),
        _ => ("centre-global", TrunkRole::International, country(b"ZA"), &[b"AU", b"GB", b"US"]),
    };
    let seats = (seats * stage.random(&format!("seats {place}")).log_normal(1.0, 0.3)).round().max(2.0) as u32;
    let (group, mut random) = stage.group("bpo", "licensed_bpo", Label::Benign, Some(seats));
    let trunk = stage.cast.trunk(name, role, base, 1);
    let maker = random.pick(&[vendor::DIALLER, vendor::CLOUD, vendor::EXCHANGE]).unwrap_or(vendor::DIALLER);
    let stack = stage.cast.stack(maker, random.bits());
    let countries: Vec<_> = called.iter().map(|code| country(code)).collect();
    let count = random.between(5, 40);
    let shown = Shown::own(&stage.world.numbers, base, &countries, count, random.bits());
    stage.license(group, trunk, &shown, seats, &countries);
    let region = |country| Region { country, weight: 1.0, from: 8.5, until: 18.7, weekends: false };
    let regions = countries.into_iter().map(region).collect();
    let operation = Operation {
        occupancy: random.around(0.75).clamp(0.5, 0.88),
        ..Operation::new(seats, CLASS.drawn(&mut random), regions, shown, vec![trunk], vec![stack], stage.whole)
    };
    stage.add(Floor::new(group, random, operation));
    (trunk, seats)
}

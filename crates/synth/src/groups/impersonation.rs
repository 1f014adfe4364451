//! Impersonation (SCIENCE 4.8): calls from abroad with the number or the name of the tax office or a bank.
//!
//! | hardness | number | name |
//! |---|---|---|
//! | 0 | the owner's | the owner's |
//! | 1 | the owner's | none |
//! | 2 | one digit off | letters of another alphabet that look the same |
//! | 3 | its own | the same, half of the calls |

use types::E164;

use super::mixes;
use crate::cast::{Protected, TrunkRole};
use crate::floor::{Floor, Operation, Region};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::script::Manner;
use crate::sender::{Mailing, Pace, Sender};
use crate::shown::Shown;
use crate::stacks::vendor;
use crate::stage::Stage;

/// Innocent calls a day around it, at scale 1.
const AROUND: f64 = 60_000.0;
/// Who is worth impersonating, and how the name is written by who is not it: Cyrillic letters among the Latin ones.
const OWNERS: [(&str, &str); 2] = [
    ("HM Revenue and Customs", "HM R\u{435}v\u{435}nue and Customs"),
    ("Northern Trust Bank", "N\u{43e}rthern Trust B\u{430}nk"),
];

/// People who are frightened stay longer than those who are sold something.
const CALLS: Habits = Habits {
    first_contact: 0.95,
    answered: 0.33,
    short: 0.45,
    callee_ends: 0.7,
    new_number: 0.0,
    mismatch: 0.0,
    not_full: 0.95,
    talk_secs: 120.0,
    talk_sigma: 1.0,
    unheard: 0.04,
};
/// The owner itself calls people who have dealt with it.
const OWNER: Habits = Habits { first_contact: 0.5, short: 0.25, callee_ends: 0.5, not_full: 0.05, ..CALLS };

/// Impostors among innocents.
pub(super) fn alone(stage: &mut Stage) {
    mixes::background(stage, AROUND);
    set(stage);
}

/// Two owners, and impostors of both.
pub(super) fn set(stage: &mut Stage) {
    for (place, owner) in OWNERS.into_iter().enumerate() {
        one(stage, place, owner);
    }
}

fn one(stage: &mut Stage, place: usize, (name, lookalike): (&str, &str)) {
    let home = stage.home();
    let (honest, mut random) = stage.group("owner", "enterprise", Label::Benign, None);
    let first = stage.world.numbers.block(home, random.bits(), 10);
    let numbers: Vec<_> = (0..3).filter_map(|line| E164::new(first + line)).collect();
    let trunk = stage.cast.trunk("owner", TrunkRole::Customer, home, 1);
    let display = stage.cast.name(name);
    let protected = Protected {
        owner: name.to_owned(),
        numbers: numbers.clone(),
        names: vec![name.to_owned()],
        trunks: vec![trunk],
    };
    stage.cast.protect(protected);
    let mailing = Mailing {
        calls_per_day: 800.0 * stage.options.scale,
        pace: Pace::Steady,
        habits: OWNER,
        hours: Hours::WORKING,
        country: home,
        list: 5_000,
        shown: Shown::Fixed(numbers.clone()),
        display: Some(display),
        trunk,
        stack: stage.cast.stack(vendor::CLOUD, random.bits()),
        manner: Manner::Talk,
        recording_secs: None,
        soundless: 0.0,
        called_back: 0.1,
        back: stage.interconnect(),
        lives: stage.whole,
    };
    let sender = Sender::new(honest, random, mailing, &mut stage.world);
    stage.add(sender);

    let (group, mut random) = stage.group("impersonation", "impersonation", Label::Fraud, Some(12));
    let off = numbers.iter().filter_map(|number| E164::new(number.reveal() + 100 * random.between(1, 9)));
    let off: Vec<_> = off.collect();
    let false_name = stage.cast.name(lookalike);
    let (shown, display) = match stage.options.hardness {
        0 => (Shown::Fixed(numbers), Some(display)),
        1 => (Shown::Fixed(numbers), None),
        2 => (Shown::Fixed(off), Some(false_name)),
        _ => (Shown::own(&stage.world.numbers, home, &[], 6, random.bits()), Some(false_name)),
    };
    let operation = Operation {
        occupancy: 0.8,
        display,
        ..Operation::new(
            12,
            CALLS,
            vec![Region { country: home, weight: 1.0, from: 9.0, until: 18.0, weekends: false }],
            shown,
            vec![stage.carrier(place)],
            vec![stage.cast.stack(vendor::DIALLER, random.bits())],
            stage.world.measured,
        )
    };
    stage.add(Floor::new(group, random, operation));
}

//! Appointment reminders (SCIENCE 4.0, fifth row): surgeries, garages, couriers, a few hundred calls a day each in working
//! hours, one number, a recording or a clerk; people call back.

use crate::cast::TrunkRole;
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::script::Manner;
use crate::sender::{Mailing, Pace, Sender};
use crate::shown::Shown;
use crate::stacks::vendor;
use crate::stage::Stage;

/// SCIENCE 4.0; notifications last 30 to 120 s (SCIENCE 8).
const CLASS: Habits = Habits {
    first_contact: 0.44,
    answered: 0.50,
    short: 0.25,
    callee_ends: 0.40,
    new_number: 0.01,
    mismatch: 0.01,
    not_full: 0.30,
    talk_secs: 32.0,
    talk_sigma: 0.6,
    unheard: 0.03,
};

/// Calls a day of each.
const CALLS: f64 = 2_500.0;

/// So many calls a day of reminders.
pub(super) fn set(stage: &mut Stage, calls_per_day: f64) {
    let home = stage.home();
    let calls_per_day = calls_per_day * stage.options.scale;
    let entities = (calls_per_day / CALLS).round().clamp(2.0, 200.0);
    for entity in 0..entities as u16 {
        let (group, mut random) = stage.group("reminders", "reminders", Label::Benign, None);
        let calls_per_day = calls_per_day / entities;
        let display = random.pick(&["Greenfield Surgery", "City Dental", "Parcel Desk", "Motor Service", "Eye Clinic"]);
        let mailing = Mailing {
            calls_per_day,
            pace: Pace::Steady,
            habits: CLASS.drawn(&mut random),
            hours: Hours::WORKING,
            country: home,
            list: (calls_per_day * 4.0) as u64 + 50,
            shown: Shown::own(&stage.world.numbers, home, &[], random.between(1, 3), random.bits()),
            display: display.map(|name| stage.cast.name(name)),
            trunk: stage.cast.trunk("reminders", TrunkRole::Customer, home, 1),
            stack: stage.cast.stack(vendor::CLOUD, random.bits()),
            manner: if entity % 3 == 0 { Manner::Talk } else { Manner::Recording(entity) },
            recording_secs: None,
            soundless: 0.0,
            called_back: 0.04,
            back: stage.interconnect(),
            lives: stage.whole,
        };
        let sender = Sender::new(group, random, mailing, &mut stage.world);
        stage.add(sender);
    }
}

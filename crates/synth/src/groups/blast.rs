//! School and emergency notices (SCIENCE 4.0, fourth row; 4.1): a whole list called within minutes, once a day at most, by one
//! number with one recording: a burst as steep as any fraud's, to people who know the caller.

use crate::cast::TrunkRole;
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::script::Manner;
use crate::sender::{Mailing, Pace, Sender};
use crate::shown::Shown;
use crate::stacks::vendor;
use crate::stage::Stage;

/// SCIENCE 4.0.
const CLASS: Habits = Habits {
    first_contact: 0.22,
    answered: 0.60,
    short: 0.30,
    callee_ends: 0.25,
    new_number: 0.005,
    mismatch: 0.01,
    not_full: 0.30,
    talk_secs: 24.0,
    talk_sigma: 0.35,
    unheard: 0.02,
};

/// Calls of a wave.
const WAVE: f64 = 1_500.0;
/// Waves a day of one school: two in three days.
const WAVES_PER_DAY: f64 = 0.67;

/// So many calls a day of notices.
pub(super) fn set(stage: &mut Stage, calls_per_day: f64) {
    let home = stage.home();
    let calls_per_day = calls_per_day * stage.options.scale;
    let entities = (calls_per_day / (WAVE * WAVES_PER_DAY)).round().clamp(2.0, 200.0);
    for entity in 0..entities as u16 {
        let (group, mut random) = stage.group("blast", "school_blast", Label::Benign, None);
        let calls_per_day = calls_per_day / entities;
        let display = random.pick(&["Hillside School", "St Marys Academy", "County Alerts", "Flood Warning"]);
        let mailing = Mailing {
            calls_per_day,
            pace: Pace::Waves { per_day: WAVES_PER_DAY, per_second: random.log_normal(8.0, 0.6) },
            habits: CLASS.drawn(&mut random),
            hours: Hours::NOTICES,
            country: home,
            list: (calls_per_day / WAVES_PER_DAY * 1.1) as u64 + 50,
            shown: Shown::own(&stage.world.numbers, home, &[], 1, random.bits()),
            display: display.map(|name| stage.cast.name(name)),
            trunk: stage.cast.trunk("notices", TrunkRole::Customer, home, 1),
            stack: stage.cast.stack(vendor::CLOUD, random.bits()),
            manner: Manner::Recording(200 + entity),
            recording_secs: None,
            soundless: 0.0,
            called_back: 0.02,
            back: stage.interconnect(),
            lives: stage.whole,
        };
        let sender = Sender::new(group, random, mailing, &mut stage.world);
        stage.add(sender);
    }
}

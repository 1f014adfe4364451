//! Robocalls (SCIENCE 4.7): one recording to thousands, by numbers used once. Who listens to the end makes the call as long
//! as the recording; six in ten calls carry no sound at all (NCSU, RRAPTOR).
//!
//! With hardness the rate falls, numbers are kept longer and the calls are signed.

use super::mixes;
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::places::country;
use crate::script::Manner;
use crate::sender::{Mailing, Pace, Sender};
use crate::shown::Shown;
use crate::stacks::vendor;
use crate::stage::Stage;

/// Innocent calls a day around it, at scale 1.
const AROUND: f64 = 60_000.0;

/// Strangers, most of whom hang up; `talk_secs` is beside the point, the recording decides.
const CALLS: Habits = Habits {
    first_contact: 0.985,
    answered: 0.42,
    short: 0.6,
    callee_ends: 0.8,
    new_number: 0.0,
    mismatch: 0.0,
    not_full: 0.95,
    talk_secs: 12.0,
    talk_sigma: 0.4,
    unheard: 0.04,
};

/// A campaign among innocents.
pub(super) fn alone(stage: &mut Stage) {
    mixes::background(stage, AROUND);
    set(stage, 7);
}

/// A campaign with this recording.
pub(super) fn set(stage: &mut Stage, recording: u16) {
    let home = stage.home();
    let (group, mut random) = stage.group("robocall", "robocall", Label::Fraud, None);
    let every = [1, 5, 27, 200].get(usize::from(stage.options.hardness)).copied().unwrap_or(1);
    let lives = stage.world.measured;
    let mailing = Mailing {
        calls_per_day: stage.hard(20_000.0, 1_500.0),
        pace: Pace::Steady,
        habits: Habits { not_full: stage.hard(0.95, 0.5), ..CALLS },
        hours: Hours::WORKING,
        country: home,
        list: 500,
        shown: Shown::rotating(every, 0.8, country(b"US")),
        display: None,
        trunk: stage.carrier(2),
        stack: stage.cast.stack(vendor::DIALLER, random.bits()),
        manner: Manner::Recording(300 + recording),
        recording_secs: Some(27.4),
        soundless: 0.6,
        called_back: 0.002,
        back: stage.interconnect(),
        lives,
    };
    let sender = Sender::new(group, random, mailing, &mut stage.world);
    stage.add(sender);
}

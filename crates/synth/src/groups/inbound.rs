//! Many to one, all innocent: inbound call centres (SCIENCE 8: mean talk five minutes, one in eight gives up waiting),
//! alarm lines (few called, tones, any hour), votes by telephone (tens of thousands of calls in a quarter of an hour).

use super::residential;
use crate::cast::TrunkRole;
use crate::crowd::{Crowd, Gathering};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::script::Manner;
use crate::stacks::vendor;
use crate::stage::Stage;

/// Centres that are called answer at once, by a machine.
const CENTRE: Habits = Habits {
    first_contact: 0.0,
    answered: 0.93,
    short: 0.12,
    callee_ends: 0.35,
    new_number: 0.0,
    mismatch: 0.0,
    not_full: 0.35,
    talk_secs: 190.0, // SCIENCE 8: 302 s in the mean.
    talk_sigma: 0.9,
    unheard: 0.02,
};
/// Panels report in a few seconds and hang up.
const ALARM: Habits =
    Habits { answered: 0.98, short: 0.55, callee_ends: 0.6, talk_secs: 9.0, talk_sigma: 0.3, not_full: 0.9, ..CENTRE };
/// A vote is an announcement and nothing else.
const VOTE: Habits =
    Habits { answered: 0.70, short: 0.85, callee_ends: 0.9, talk_secs: 3.0, talk_sigma: 0.2, ..CENTRE };

/// So many calls a day to call centres.
pub(super) fn centres(stage: &mut Stage, calls_per_day: f64) {
    for _ in 0..4 {
        let (group, mut random) = stage.group("inbound", "inbound_centre", Label::Benign, None);
        let home = stage.home();
        let first = stage.world.numbers.block(home, random.bits(), 10);
        let calls_per_day = calls_per_day * stage.options.scale / 4.0;
        let gathering = Gathering {
            calls_per_day,
            people: (calls_per_day * 20.0) as u64 + 100,
            skew: 1.6,
            called: (0..3).filter_map(|line| types::E164::new(first + line)).collect(),
            habits: CENTRE.drawn(&mut random),
            hours: Some(Hours::OFFICE),
            trunks: vec![stage.interconnect(), stage.access()],
            stacks: [vendor::SWITCH, vendor::MEDIA_GATEWAY].map(|maker| stage.cast.stack(maker, 1)).to_vec(),
            manner: Manner::Talk,
            lives: stage.whole,
        };
        let crowd = Crowd::new(group, random, gathering, &mut stage.world);
        stage.add(crowd);
    }
}

/// So many calls a day by alarm panels.
pub(super) fn alarms(stage: &mut Stage, calls_per_day: f64) {
    let (group, mut random) = stage.group("alarms", "alarm_lines", Label::Benign, None);
    let home = stage.home();
    let calls_per_day = calls_per_day * stage.options.scale;
    let gathering = Gathering {
        calls_per_day,
        people: (calls_per_day / 1.1) as u64 + 10,
        skew: 1.0,
        called: vec![stage.world.numbers.of(home, random.bits()), stage.world.numbers.of(home, random.bits())],
        habits: ALARM,
        hours: None,
        trunks: vec![stage.cast.trunk("panels", TrunkRole::Own, home, 1)],
        stacks: vec![stage.cast.stack(vendor::MEDIA_GATEWAY, 9)],
        manner: Manner::Tones,
        lives: stage.whole,
    };
    let crowd = Crowd::new(group, random, gathering, &mut stage.world);
    stage.add(crowd);
}

/// A quarter of an hour in the evening in which a country votes, at so many calls a day for its length.
pub(super) fn vote(stage: &mut Stage, calls: f64) {
    let (group, mut random) = stage.group("vote", "televoting", Label::Benign, None);
    let home = stage.home();
    let first = stage.world.numbers.block(home, random.bits(), 10);
    let lives = stage.working(0.6, 20.5, 0.25);
    let gathering = Gathering {
        calls_per_day: calls * stage.options.scale / lives.days(),
        people: (calls * stage.options.scale / 2.5) as u64 + 10,
        skew: 1.3,
        called: (0..6).filter_map(|line| types::E164::new(first + line)).collect(),
        habits: VOTE,
        hours: None,
        trunks: vec![stage.interconnect(), stage.access()],
        stacks: [vendor::SWITCH, vendor::MEDIA_GATEWAY].map(|maker| stage.cast.stack(maker, 1)).to_vec(),
        manner: Manner::Announcement(70),
        lives,
    };
    let crowd = Crowd::new(group, random, gathering, &mut stage.world);
    stage.add(crowd);
}

/// The evening of a vote.
pub(super) fn televoting(stage: &mut Stage) {
    residential::set(stage, super::ALONE);
    vote(stage, 30_000.0);
}

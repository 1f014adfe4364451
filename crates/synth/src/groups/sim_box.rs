//! SIM boxes (SCIENCE 4.3, 8): calls from abroad that come out of mobiles at home. Numbers that only ever call, used in
//! turn and alike, never more calls at once than the gateway has ports, bursts of loss and jitter on the caller's side.
//!
//! | hardness | SIMs | ports | calls of a SIM and day | mimicry |
//! |---|---|---|---|---|
//! | 0 | 64 | 32 | some 150 | none |
//! | 1 | 64 | 32 | fewer | a third of the calls repeat the callee |
//! | 2 | 128 | 32 | fewer | more; a third of the media is good |
//! | 3 | 256 | 32 | some 20 | most; a stack like others; the SIMs are called too |

use super::mixes;
use crate::calendar::SECOND_US;
use crate::cast::TrunkRole;
use crate::channels::{Bank, Callers, Ports, Targets};
use crate::crowd::{Crowd, Gathering};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::random::mix;
use crate::script::{Manner, Role};
use crate::stacks::vendor;
use crate::stage::Stage;
use crate::world::HOME;

/// Innocent calls a day around it, at scale 1.
const AROUND: f64 = 60_000.0;
/// Ports of the gateway.
const PORTS: u32 = 32;

/// Families that call home; nobody repeats a callee from the same SIM.
const CALLS: Habits = Habits {
    first_contact: 0.95,
    answered: 0.48,
    short: 0.15,
    callee_ends: 0.5,
    new_number: 0.0,
    mismatch: 0.0,
    not_full: 0.5,
    talk_secs: 110.0,
    talk_sigma: 1.0,
    unheard: 0.08,
};

/// A box among innocents.
pub(super) fn alone(stage: &mut Stage) {
    mixes::background(stage, AROUND);
    let sims = [64, 64, 128, 256].get(usize::from(stage.options.hardness)).copied().unwrap_or(256);
    set(stage, sims);
}

/// A box with so many SIMs on the trunk of the mobile network, which carries others too.
pub(super) fn set(stage: &mut Stage, sims: u64) {
    let (group, mut random) = stage.group("sim-box", "sim_box", Label::Fraud, None);
    let key = random.bits();
    let mobile = |sim| {
        // A SIM has a mobile's number: of all numbers of its key, the first that is one.
        let mut numbers = (0..200).map(|draw| stage.world.numbers.of(HOME, mix(key, 1_000 * sim + draw)));
        numbers.find(|number| number.reveal() / 100_000_000 % 100 == 47 || number.reveal() / 1_000_000_000 == 447)
    };
    let numbers: Vec<_> = (0..sims).filter_map(mobile).collect();
    let trunk = stage.cast.trunk("mobile", TrunkRole::National, HOME, 1);
    let maker = if stage.options.hardness < 3 { vendor::GATEWAY } else { vendor::MEDIA_GATEWAY };
    let stack = stage.cast.stack(maker, random.bits());
    let lives = stage.world.measured;
    let habits = Habits { first_contact: stage.hard(0.95, 0.45), ..CALLS };
    let ports = Ports {
        channels: PORTS.min(sims as u32),
        pause_secs: stage.hard(15.0, 240.0),
        habits,
        hours: Some(Hours::CONSUMER),
        targets: Targets::People(HOME, 3_000),
        callers: Callers::Sims { numbers: numbers.clone(), swap_us: 1_800 * SECOND_US },
        trunk,
        stack,
        manner: Manner::Poor,
        mannered: stage.hard(0.9, 0.35),
        role: Role::Own,
        lives,
    };
    stage.add(Bank::new(group, random.split(), ports));
    if stage.options.hardness == 3 {
        let gathering = Gathering {
            calls_per_day: sims as f64 * 1.5,
            people: 400,
            skew: 1.2,
            called: numbers,
            habits: CALLS,
            hours: Some(Hours::CONSUMER),
            trunks: vec![stage.interconnect()],
            stacks: vec![stage.cast.stack(vendor::SWITCH, 1)],
            manner: Manner::Talk,
            lives,
        };
        let crowd = Crowd::new(group, random, gathering, &mut stage.world);
        stage.add(crowd);
    }
    // Honest mobiles on the same trunk.
    super::residential::mobiles(stage, trunk, 8_000.0);
}

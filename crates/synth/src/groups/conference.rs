//! Conference bridges: at the full and the half hour a dozen people call one number within minutes and stay for an hour.
//! Many to one, long, some from abroad, the same every week: what traffic pumping resembles.

use call::Side;
use types::E164;

use crate::calendar::SECOND_US;
use crate::group::{Group, Label};
use crate::habits::micros;
use crate::hours::Hours;
use crate::random::{Random, mix};
use crate::script::{Fate, GroupId, Manner, Role, Script, Sheet, StackId, TrunkId, User};
use crate::stacks::vendor;
use crate::stage::Stage;
use crate::world::{HOME, Window, World};

/// People of a meeting, in the mean.
const PEOPLE: f64 = 7.0;
/// Meetings begin every half hour.
const SLOT_US: u64 = 1_800 * SECOND_US;
/// Teams that meet.
const TEAMS: u64 = 400;

struct Bridge {
    group: GroupId,
    random: Random,
    calls_per_day: f64,
    key: u64,
    first: u64,
    trunks: [TrunkId; 2],
    stacks: [StackId; 2],
    pending: Vec<Script>,
}

/// So many calls a day to a bridge.
pub(super) fn set(stage: &mut Stage, calls_per_day: f64) {
    let (group, mut random) = stage.group("conference", "conference", Label::Benign, None);
    let home = stage.home();
    let bridge = Bridge {
        group,
        calls_per_day: calls_per_day * stage.options.scale,
        key: random.bits(),
        first: stage.world.numbers.block(home, random.bits(), 10),
        trunks: [stage.interconnect(), stage.access()],
        stacks: [stage.cast.stack(vendor::EXCHANGE, 3), stage.cast.stack(vendor::SWITCH, 4)],
        pending: Vec::new(),
        random,
    };
    stage.add(bridge);
}

impl Bridge {
    /// A meeting that is to begin at `at_us`.
    fn meet(&mut self, at_us: u64, world: &World) {
        let team = mix(self.key, self.random.below(TEAMS));
        let callee = E164::new(self.first + team % 8);
        let minutes = if self.random.chance(0.6) { 28.0 } else { 56.0 };
        let end_us = at_us + (minutes * 6e7 * self.random.log_normal(1.0, 0.12)) as u64;
        for person in 0..(2 + self.random.poisson(PEOPLE - 2.0)) {
            let random = &mut self.random;
            let Some(callee) = callee else { return };
            let joined_us =
                at_us.saturating_add_signed((random.log_normal(150.0, 0.6) * 1e6) as i64 - 120 * SECOND_US as i64);
            let left_us = end_us + (random.exponential(20.0) * 1e6) as u64;
            let which = (mix(team, person) & 1) as usize;
            let caller = world.numbers.of(HOME, mix(team, person));
            let found = random.log_normal(1.2, 0.3);
            let after = found + random.unit();
            let talk_us = left_us.saturating_sub(joined_us).max(30 * SECOND_US);
            self.pending.push(Script {
                group: self.group,
                role: Role::Own,
                token: random.bits(),
                line: 0,
                at_us: joined_us,
                ring_after_us: Some(micros(found)),
                fate: Fate::Answered { after_us: micros(after), talk_us, by: Side::Caller },
                caller: Some(User::Number(caller)),
                display: None,
                callee: User::Number(callee),
                diverted_by: None,
                other_leg: None,
                trunk: self.trunks.get(which).copied().unwrap_or(TrunkId(0)),
                gate: 0,
                stack: self.stacks.get(which).copied().unwrap_or(StackId(0)),
                attest: Some(sip::passport::Attest::Full).filter(|_| random.chance(0.6)),
                manner: Manner::Talk,
            });
        }
    }
}

impl Group for Bridge {
    fn write(&mut self, window: Window, world: &mut World, sheet: &mut Sheet) {
        // Drawn a window ahead, since some come early.
        let ahead = Window { from_us: window.until_us, until_us: window.until_us + window.length_us() };
        let slots = (ahead.from_us.div_ceil(SLOT_US)..).map(|slot| slot * SLOT_US);
        for at_us in slots.take_while(|&at_us| at_us < ahead.until_us) {
            let weight = Hours::OFFICE.weight(world.local_of(HOME, at_us));
            // The weights of a week add up to about 520 over 24 hours of five days and a little.
            for _ in 0..self.random.poisson(self.calls_per_day / PEOPLE * 7.0 * weight / 1_050.0) {
                self.meet(at_us, world);
            }
        }
        let due = self.pending.extract_if(.., |call| call.at_us < window.until_us);
        sheet.calls.extend(due.filter(|call| call.at_us >= window.from_us));
    }
}

//! Wangiri (SCIENCE 4.6): a block of numbers in a country that is dear to call rings thousands of strangers for a second or
//! five and gives up, so that some call back and are kept on the line. One in seven is answered before the end of the
//! ring; one to five of a hundred call back (SCIENCE 8).
//!
//! With hardness the ring gets longer, the rate lower and the block wider.

use call::Side;
use types::E164;

use super::mixes;
use crate::calendar::SECOND_US;
use crate::group::{Group, Label};
use crate::habits::{found_secs, micros};
use crate::places::country;
use crate::random::{Random, mix};
use crate::script::{Fate, GroupId, Manner, Role, Script, Sheet, StackId, TrunkId, User};
use crate::stacks::vendor;
use crate::stage::Stage;
use crate::world::{Window, World};

/// Innocent calls a day around it, at scale 1.
const AROUND: f64 = 60_000.0;
/// Share of the called that pick up in time.
const PICKED_UP: f64 = 0.15;

struct Wangiri {
    group: GroupId,
    random: Random,
    lives: Window,
    /// Calls a second.
    rate: f64,
    ring_max_secs: f64,
    block: u64,
    block_size: u64,
    called_back: f64,
    key: u64,
    placed: u64,
    trunk: TrunkId,
    back: TrunkId,
    stack: StackId,
    phones: StackId,
    /// Victims' calls that are still to come.
    coming: Vec<Script>,
}

/// A wave among innocents.
pub(super) fn alone(stage: &mut Stage) {
    mixes::background(stage, AROUND);
    set(stage, 0.55);
}

/// A wave on a carrier's trunk, for six hours of the evening at a share of the time.
pub(super) fn set(stage: &mut Stage, share: f64) {
    let (group, mut random) = stage.group("wangiri", "wangiri", Label::Fraud, None);
    let origin = country(random.pick(&[b"TN", b"LV", b"CU", b"SO", b"BA"]).unwrap_or(b"TN"));
    let block_size = if stage.options.hardness < 2 { 100 } else { 1_000 };
    let maker = if stage.options.hardness < 3 { vendor::DIALLER } else { vendor::SWITCH };
    let wave = Wangiri {
        group,
        lives: stage.working(share, 16.0, 6.0),
        rate: stage.hard(2.0, 0.05),
        ring_max_secs: stage.hard(5.0, 9.0),
        block: stage.world.numbers.block(origin, random.bits(), block_size),
        block_size,
        called_back: 0.03,
        key: random.bits(),
        placed: 0,
        trunk: stage.carrier(1),
        back: stage.access(),
        stack: stage.cast.stack(maker, random.bits()),
        phones: stage.cast.stack(vendor::SWITCH, 1),
        coming: Vec::new(),
        random,
    };
    stage.add(wave);
}

impl Wangiri {
    fn ring(&mut self, at_us: u64, world: &World) -> Script {
        let random = &mut self.random;
        let caller = E164::new(self.block + random.below(self.block_size));
        self.placed += 1;
        let callee = world.numbers.of(crate::world::HOME, mix(self.key, self.placed));
        let found = found_secs(random, true);
        let ring = 1.0 + random.unit() * (self.ring_max_secs - 1.0);
        let fate = if random.chance(PICKED_UP) {
            let talk_us = random.between(500_000, 4_000_000);
            Fate::Answered { after_us: micros(found + ring * random.unit()), talk_us, by: Side::Caller }
        } else {
            Fate::Cancelled { after_us: micros(found + ring) }
        };
        Script {
            group: self.group,
            role: Role::Own,
            token: random.bits(),
            line: 0,
            at_us,
            ring_after_us: Some(micros(found)),
            fate,
            caller: caller.map(User::Number),
            display: None,
            callee: User::Number(callee),
            diverted_by: None,
            other_leg: None,
            trunk: self.trunk,
            gate: 0,
            stack: self.stack,
            attest: None,
            manner: Manner::SilentCaller,
        }
    }

    /// The call of a victim who wonders who that was: a quarter of an hour later in the median.
    fn back(&mut self, missed: &Script) -> Option<Script> {
        let random = &mut self.random;
        let User::Number(victim) = missed.callee else { return None };
        let found = found_secs(random, true);
        let wait_us = (random.log_normal(900.0, 1.2) * 1e6) as u64;
        let talk_us = (random.log_normal(90.0, 0.8) * 1e6) as u64;
        let by = if random.chance(0.9) { Side::Caller } else { Side::Callee };
        Some(Script {
            role: Role::Victim,
            token: random.bits(),
            line: 0,
            at_us: missed.end_us() + 20 * SECOND_US + wait_us,
            ring_after_us: Some(micros(found)),
            fate: Fate::Answered { after_us: micros(found + 0.5 + random.unit()), talk_us, by },
            caller: Some(User::Number(victim)),
            callee: missed.caller?,
            trunk: self.back,
            stack: self.phones,
            attest: Some(sip::passport::Attest::Full),
            manner: Manner::Announcement(90),
            ..*missed
        })
    }
}

impl Group for Wangiri {
    fn write(&mut self, window: Window, world: &mut World, sheet: &mut Sheet) {
        if let Some(open) = window.shared(self.lives) {
            let rings = self.random.poisson(self.rate * open.length_us() as f64 / 1e6);
            for _ in 0..rings {
                let at_us = open.from_us + self.random.below(open.length_us());
                let script = self.ring(at_us, world);
                if script.answer_us().is_none() && self.random.chance(self.called_back) {
                    let back = self.back(&script);
                    self.coming.extend(back);
                }
                sheet.calls.push(script);
            }
        }
        sheet.calls.extend(self.coming.extract_if(.., |call| call.at_us < window.until_us));
    }
}

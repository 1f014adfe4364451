//! Machines that call or ask to see whether it works: test-call generators on a fixed schedule, OPTIONS as a heartbeat,
//! registrations that are refreshed. Equal lengths, equal gaps and few numbers, and no harm.

use call::{ExchangeKind, Side, Verdict};

use crate::calendar::SECOND_US;
use crate::cast::TrunkRole;
use crate::group::{Group, Label};
use crate::habits::{found_secs, micros};
use crate::random::{Random, mix};
use crate::script::{Fate, GroupId, Manner, Request, Role, Script, Sheet, StackId, TrunkId, User};
use crate::stacks::vendor;
use crate::stage::Stage;
use crate::world::{HOME, Window, World};

/// Test numbers of a generator.
const TARGETS: u64 = 40;
/// Seconds between two heartbeats of a trunk.
const HEARTBEAT_SECS: u64 = 30;
/// Seconds between two registrations of a telephone.
const REFRESH_SECS: u64 = 1_800;

struct Probes {
    group: GroupId,
    random: Random,
    key: u64,
    /// Microseconds between two test calls.
    every_us: u64,
    trunk: TrunkId,
    stack: StackId,
    phones: u64,
}

/// A generator of so many test calls a day, with heartbeats and the registrations of as many telephones.
pub(super) fn set(stage: &mut Stage, calls_per_day: f64) {
    let (group, mut random) = stage.group("test-calls", "test_calls", Label::Benign, None);
    let home = stage.home();
    let calls_per_day = (calls_per_day * stage.options.scale).max(24.0);
    let probes = Probes {
        group,
        key: random.bits(),
        every_us: (86_400e6 / calls_per_day) as u64,
        trunk: stage.cast.trunk("monitor", TrunkRole::Customer, home, 1),
        stack: stage.cast.stack(vendor::EXCHANGE, random.bits()),
        phones: (calls_per_day / 10.0) as u64,
        random,
    };
    stage.add(probes);
}

impl Probes {
    fn call(&mut self, turn: u64, world: &World) -> Script {
        let random = &mut self.random;
        let found = found_secs(random, false);
        let caller = world.numbers.of(HOME, self.key);
        let callee = world.numbers.of(HOME, mix(self.key, 1 + turn % TARGETS));
        let fate = if random.chance(0.97) {
            Fate::Answered {
                after_us: micros(found + 2.0),
                talk_us: 12_000_000 + random.below(4_000),
                by: Side::Caller,
            }
        } else {
            Fate::Refused { after_us: micros(found), status: 503 }
        };
        Script {
            group: self.group,
            role: Role::Own,
            token: random.bits(),
            line: 0,
            at_us: turn * self.every_us + random.below(2_000),
            ring_after_us: matches!(fate, Fate::Answered { .. }).then(|| micros(found)),
            fate,
            caller: Some(User::Number(caller)),
            display: None,
            callee: User::Number(callee),
            diverted_by: None,
            other_leg: None,
            trunk: self.trunk,
            gate: 0,
            stack: self.stack,
            attest: None,
            manner: Manner::Tones,
        }
    }

    fn request(&mut self, at_us: u64, kind: ExchangeKind, user: User, credentials: bool) -> Request {
        let verdict =
            if kind == ExchangeKind::Registration && !credentials { Verdict::Challenged } else { Verdict::Accepted };
        Request {
            group: self.group,
            token: self.random.bits(),
            at_us,
            kind,
            verdict,
            after_us: Some(self.random.between(2_000, 60_000) as u32),
            credentials,
            user,
            trunk: self.trunk,
            gate: 0,
            stack: self.stack,
        }
    }
}

impl Group for Probes {
    fn write(&mut self, window: Window, world: &mut World, sheet: &mut Sheet) {
        let turns = window.from_us.div_ceil(self.every_us)..window.until_us.div_ceil(self.every_us);
        for turn in turns {
            let call = self.call(turn, world);
            // A call drawn for the very end may fall a millisecond past it.
            sheet.calls.extend(Some(call).filter(|call| window.holds(call.at_us)));
        }
        let beat_us = HEARTBEAT_SECS * SECOND_US;
        for beat in window.from_us.div_ceil(beat_us)..window.until_us.div_ceil(beat_us) {
            let request = self.request(beat * beat_us, ExchangeKind::Options, User::Word("ping"), false);
            sheet.requests.push(request);
        }
        for phone in 0..self.phones {
            let phase = mix(self.key, phone) % (REFRESH_SECS * SECOND_US);
            let since = window.from_us.wrapping_sub(phase) % (REFRESH_SECS * SECOND_US);
            let at_us = window.from_us + (REFRESH_SECS * SECOND_US - since);
            if at_us + 100_000 < window.until_us {
                let user = User::Digits(2_000 + phone, 4);
                let first = self.request(at_us, ExchangeKind::Registration, user, false);
                let second = self.request(at_us + 90_000, ExchangeKind::Registration, user, true);
                sheet.requests.extend([first, second]);
            }
        }
    }
}

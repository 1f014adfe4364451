//! After an outage (SCIENCE 4.1, lookalikes): for ten minutes nothing gets through, the same people try again and again,
//! then everything comes at once; and every telephone registers anew. Bursts that a new profile cannot tell from an attack
//! unless it sees that the pairs repeat and that failures came before.

use call::{ExchangeKind, Verdict};

use super::residential;
use crate::calendar::SECOND_US;
use crate::group::{Group, Label};
use crate::habits::{Habits, micros};
use crate::random::{Random, mix};
use crate::script::{Fate, GroupId, Manner, Request, Role, Script, Sheet, StackId, TrunkId, User};
use crate::stacks::vendor;
use crate::stage::Stage;
use crate::world::{HOME, Window, World};

/// How people call once it works again: they know each other.
const PEOPLE: Habits = Habits {
    first_contact: 0.1,
    answered: 0.62,
    short: 0.18,
    callee_ends: 0.5,
    new_number: 0.02,
    mismatch: 0.0,
    not_full: 0.35,
    talk_secs: 62.0,
    talk_sigma: 1.19,
    unheard: 0.03,
};

struct Storm {
    group: GroupId,
    random: Random,
    outage: Window,
    callers: u64,
    phones: u64,
    key: u64,
    trunk: TrunkId,
    stack: StackId,
    pending: Vec<Script>,
    asking: Vec<Request>,
}

/// An outage among residents: so many people want to call while it lasts, so many telephones register after it.
pub(super) fn set(stage: &mut Stage, callers: f64, phones: f64) {
    let (group, mut random) = stage.group("outage", "redial_storm", Label::Benign, None);
    let storm = Storm {
        group,
        outage: stage.working(0.5, 17.0, 1.0 / 6.0),
        callers: (callers * stage.options.scale) as u64 + 10,
        phones: (phones * stage.options.scale) as u64 + 10,
        key: random.bits(),
        trunk: stage.access(),
        stack: stage.cast.stack(vendor::SWITCH, 1),
        pending: Vec::new(),
        asking: Vec::new(),
        random,
    };
    stage.add(storm);
}

/// The day of an outage.
pub(super) fn alone(stage: &mut Stage) {
    residential::set(stage, super::ALONE);
    set(stage, 4_000.0, 20_000.0);
}

impl Storm {
    fn draw(&mut self, world: &World) {
        for person in 0..self.callers {
            self.person(person, world);
        }
        for phone in 0..self.phones {
            // Telephones find out within their refresh, and most within ten minutes; RFC 5626 spreads them.
            let after_us = (self.random.exponential(150.0) * 1e6) as u64;
            let at_us = self.outage.until_us + after_us;
            let user = User::Digits(200_000 + phone, 6);
            for (wait_us, credentials) in [(0, false), (80_000, true)] {
                self.asking.push(Request {
                    group: self.group,
                    token: self.random.bits(),
                    at_us: at_us + wait_us,
                    kind: ExchangeKind::Registration,
                    verdict: if credentials { Verdict::Accepted } else { Verdict::Challenged },
                    after_us: Some(self.random.between(5_000, 70_000) as u32),
                    credentials,
                    user,
                    trunk: self.trunk,
                    gate: 0,
                    stack: self.stack,
                });
            }
        }
    }

    /// Tries until it works or patience ends.
    fn person(&mut self, person: u64, world: &World) {
        let random = &mut self.random;
        let caller = world.numbers.of(HOME, mix(self.key, 2 * person));
        let callee = world.numbers.of(HOME, mix(self.key, 2 * person + 1));
        let mut at_us = self.outage.from_us + random.below(self.outage.length_us());
        let patience = 1 + random.failures(0.18);
        for _ in 0..=patience {
            let works = at_us >= self.outage.until_us;
            let (ring_after_us, fate, manner) = match works {
                true => PEOPLE.call(random, false),
                false => {
                    (None, Fate::Refused { after_us: micros(0.02 + 0.4 * random.unit()), status: 503 }, Manner::Talk)
                }
            };
            let script = Script {
                group: self.group,
                role: Role::Own,
                token: random.bits(),
                line: 0,
                at_us,
                ring_after_us,
                fate,
                caller: Some(User::Number(caller)),
                display: None,
                callee: User::Number(callee),
                diverted_by: None,
                other_leg: None,
                trunk: self.trunk,
                gate: 0,
                stack: self.stack,
                attest: PEOPLE.signature(random),
                manner,
            };
            self.pending.push(script);
            if works && script.answer_us().is_some() {
                break;
            }
            at_us = script.end_us() + 3 * SECOND_US + (random.exponential(40.0) * 1e6) as u64;
        }
    }
}

impl Group for Storm {
    fn write(&mut self, window: Window, world: &mut World, sheet: &mut Sheet) {
        if window.holds(self.outage.from_us) {
            self.draw(world);
        }
        sheet.calls.extend(self.pending.extract_if(.., |call| call.at_us < window.until_us));
        sheet.requests.extend(self.asking.extract_if(.., |request| request.at_us < window.until_us));
    }
}

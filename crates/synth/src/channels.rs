//! A bank of channels that are either in a call or between two: the ports of a gateway, the lines of a hacked exchange.
//! Never more calls at once than channels, never two at once by one SIM: at the busy hour the bank stands at its ceiling.

use numbers::Country;
use types::E164;

use crate::group::Group;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::random::{Random, mix};
use crate::script::{GroupId, Manner, Role, Script, Sheet, StackId, TrunkId, User};
use crate::world::{HOME, Window, World};

/// Whom a bank calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Targets {
    /// So many people of a country, some more than others.
    People(Country, u64),
    /// Numbers in a row, the first more than the last.
    Block(u64, u64),
}

/// What a bank shows.
#[derive(Clone, Debug)]
pub(crate) enum Callers {
    /// A SIM for each channel, changed for another of these after a time, so that all are used alike.
    Sims {
        /// The numbers of the SIMs.
        numbers: Vec<E164>,
        /// How long one stays in its port.
        swap_us: u64,
    },
    /// So many extensions from a first number on.
    Extensions(u64, u64),
}

/// What makes a bank.
#[derive(Clone, Debug)]
pub(crate) struct Ports {
    pub(crate) channels: u32,
    /// Seconds between two calls of a channel at the busiest hour, in the mean.
    pub(crate) pause_secs: f64,
    pub(crate) habits: Habits,
    pub(crate) hours: Option<Hours>,
    pub(crate) targets: Targets,
    pub(crate) callers: Callers,
    pub(crate) trunk: TrunkId,
    pub(crate) stack: StackId,
    pub(crate) manner: Manner,
    /// Share of answered calls in that manner.
    pub(crate) mannered: f64,
    pub(crate) role: Role,
    pub(crate) lives: Window,
}

/// A bank at work.
pub(crate) struct Bank {
    group: GroupId,
    random: Random,
    ports: Ports,
    key: u64,
    /// When each channel looks for its next call.
    free_us: Vec<u64>,
}

/// How long a channel waits when it is not the hour for calls, seconds.
const QUIET_SECS: f64 = 240.0;

impl Bank {
    pub(crate) fn new(group: GroupId, mut random: Random, ports: Ports) -> Self {
        let key = random.bits();
        let begin_us = ports.lives.from_us;
        let begin = |_| begin_us + (random.exponential(ports.pause_secs) * 1e6) as u64;
        let free_us = (0..ports.channels).map(begin).collect();
        Self { group, random, ports, key, free_us }
    }

    fn call(&mut self, channel: u64, at_us: u64, world: &World) -> Script {
        let Self { random, ports, key, .. } = self;
        let callee = match ports.targets {
            Targets::People(country, people) => {
                let known = !random.chance(ports.habits.first_contact);
                world.numbers.of(country, mix(*key, if known { random.favourite(people, 1.5) } else { random.bits() }))
            }
            Targets::Block(first, size) => {
                E164::new(first + random.favourite(size, 1.8)).unwrap_or(world.numbers.of(HOME, 0))
            }
        };
        let caller = match &ports.callers {
            Callers::Sims { numbers, swap_us } => {
                let turn = channel + at_us / swap_us * u64::from(ports.channels);
                numbers.get((turn % numbers.len().max(1) as u64) as usize).copied()
            }
            Callers::Extensions(first, count) => E164::new(first + channel % count),
        };
        let (ring_after_us, fate, manner) = ports.habits.call(random, true);
        let mannered = manner == Manner::Talk && random.chance(ports.mannered);
        Script {
            group: self.group,
            role: ports.role,
            token: random.bits(),
            line: 0,
            at_us,
            ring_after_us,
            fate,
            caller: caller.map(User::Number),
            display: None,
            callee: User::Number(callee),
            diverted_by: None,
            other_leg: None,
            trunk: ports.trunk,
            gate: 0,
            stack: ports.stack,
            attest: ports.habits.signature(random),
            manner: if mannered { ports.manner } else { manner },
        }
    }
}

impl Group for Bank {
    fn write(&mut self, window: Window, world: &mut World, sheet: &mut Sheet) {
        let Some(open) = window.shared(self.ports.lives) else { return };
        let mut free_us = std::mem::take(&mut self.free_us);
        for (channel, free_us) in (0..).zip(&mut free_us) {
            while *free_us < open.until_us {
                let busy = match self.ports.hours {
                    Some(hours) => hours.weight(world.local_of(HOME, *free_us)) / hours.peak(),
                    None => 1.0,
                };
                if !self.random.chance(busy) {
                    *free_us += (self.random.exponential(QUIET_SECS) * 1e6) as u64;
                    continue;
                }
                let script = self.call(channel, *free_us, world);
                *free_us = script.end_us() + (self.random.exponential(self.ports.pause_secs) * 1e6) as u64 + 300_000;
                sheet.calls.push(script);
            }
        }
        self.free_us = free_us;
    }
}

//! A floor of agents with a dialler: talk, wrap up, wait, talk.
//!
//! Every agent alternates answered calls and gaps, so that of S agents at occupancy r the number that talk is close to
//! Binomial(S, r) (SCIENCE 4.4), whatever the dialler does. The dialler's unanswered attempts lie in the gap before each
//! answer, as many as the answer rate asks for; a predictive one also abandons a few answered calls within two seconds
//! because nobody was free (SCIENCE 8: 3 % allowed in the US).

use call::Side;
use numbers::Country;
use types::E164;

use crate::calendar::{Local, SECOND_US};
use crate::group::Group;
use crate::habits::{COLD_LIST, Habits, SETUP_MAX_SECS, unanswered};
use crate::random::{Random, mix, unit};
use crate::script::{Fate, GroupId, Manner, Role, Script, Sheet, StackId, TrunkId, User};
use crate::shown::Shown;
use crate::world::{Window, World};

/// People who are called, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region {
    pub(crate) country: Country,
    /// Its share of the calls while several are open.
    pub(crate) weight: f64,
    /// The hours of the called within which it is open, on working days.
    pub(crate) from: f64,
    pub(crate) until: f64,
    /// Whether days of rest are worked too.
    pub(crate) weekends: bool,
}

impl Region {
    /// Whether it is open.
    fn is_open(&self, local: Local, late: f64, early: f64) -> bool {
        (self.weekends || !local.weekend) && (self.from + late..self.until - early).contains(&local.hour())
    }
}

/// What makes a floor.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) seats: u32,
    /// Share of the time that an agent talks.
    pub(crate) occupancy: f64,
    /// Share of the answered calls that nobody takes.
    pub(crate) abandoned: f64,
    pub(crate) habits: Habits,
    pub(crate) regions: Vec<Region>,
    /// Share of calls outside the hours of their region: lists are never clean.
    pub(crate) careless: f64,
    pub(crate) shown: Shown,
    pub(crate) trunks: Vec<TrunkId>,
    pub(crate) stacks: Vec<StackId>,
    pub(crate) display: Option<u16>,
    /// When it exists.
    pub(crate) lives: Window,
}

impl Operation {
    /// A floor as most are.
    pub(crate) const fn new(
        seats: u32,
        habits: Habits,
        regions: Vec<Region>,
        shown: Shown,
        trunks: Vec<TrunkId>,
        stacks: Vec<StackId>,
        lives: Window,
    ) -> Self {
        let (occupancy, abandoned, careless, display) = (0.75, 0.02, 0.05, None);
        Self { seats, occupancy, abandoned, habits, regions, careless, shown, trunks, stacks, display, lives }
    }
}

/// A floor at work.
pub(crate) struct Floor {
    group: GroupId,
    random: Random,
    operation: Operation,
    agents: Vec<Agent>,
    /// Calls drawn for later windows.
    pending: Vec<Script>,
    list: List,
    gap_secs: f64,
}

#[derive(Clone, Copy, Debug)]
struct Agent {
    key: u64,
    /// When the next caller is put through.
    next_us: u64,
}

/// How far ahead agents are played: their attempts precede the answer.
const AHEAD_US: u64 = 240 * SECOND_US;
/// An attempt precedes the answer it led to by no more, seconds.
const SEARCH_MAX_SECS: f64 = 120.0;
/// How often a closed floor looks at the clock, seconds.
const CLOSED_SECS: f64 = 300.0;
/// Draws until somebody is found whose hours are open.
const CALLEES_MAX: u32 = 16;

impl Floor {
    pub(crate) fn new(group: GroupId, mut random: Random, operation: Operation) -> Self {
        let mean = operation.habits.talk_mean_secs();
        let gap_secs = mean * (1.0 - operation.occupancy) / operation.occupancy;
        let from_us = operation.lives.from_us + AHEAD_US;
        let agents = (0..operation.seats).map(|_| Agent {
            key: random.bits(),
            // Nobody begins at the same second.
            next_us: from_us + random.below((CLOSED_SECS * 1e6) as u64),
        });
        let agents = agents.collect();
        let list = List { key: random.bits(), ..List::default() };
        Self { group, random, operation, agents, pending: Vec::new(), list, gap_secs }
    }

    /// The region that an agent works for at a moment; `None` when all are closed, at lunch, or not yet in.
    fn region(&mut self, agent: Agent, at_us: u64, world: &mut World) -> Option<Region> {
        let mut open: [Option<Region>; 8] = [None; 8];
        let mut total = 0.0;
        for (place, region) in open.iter_mut().zip(&self.operation.regions) {
            let local = world.local_of(region.country, at_us);
            if at_work(agent, local, region) {
                *place = Some(*region);
                total += region.weight;
            }
        }
        let mut left = self.random.unit() * total;
        open.into_iter().flatten().find(|region| {
            left -= region.weight;
            left < 0.0
        })
    }

    /// Plays an agent until `until_us`.
    fn play(&mut self, mut agent: Agent, until_us: u64, world: &mut World) -> Agent {
        while agent.next_us < until_us {
            let Some(region) = self.region(agent, agent.next_us, world) else {
                agent.next_us += (self.random.exponential(CLOSED_SECS) * 1e6) as u64 + SECOND_US;
                continue;
            };
            let gap_secs = self.random.exponential(self.gap_secs);
            let talk_us = self.connect(region, agent.next_us, gap_secs, world);
            agent.next_us += talk_us + (gap_secs * 1e6) as u64 + SECOND_US / 4;
        }
        agent
    }

    /// One caller put through to an agent, and the attempts it took. Microseconds of the talk.
    fn connect(&mut self, region: Region, answer_us: u64, gap_secs: f64, world: &mut World) -> u64 {
        let habits = self.operation.habits;
        let search_secs = (gap_secs + 20.0).min(SEARCH_MAX_SECS);
        for _ in 0..self.random.failures(habits.answered).min(200) {
            let at_us = answer_us - (self.random.unit() * search_secs * 1e6) as u64;
            let (ring, fate) = unanswered(&mut self.random, true, COLD_LIST);
            self.place(region, at_us, (ring, fate, Manner::Talk), world);
        }
        let (ring, fate, manner) = habits.answered_call(&mut self.random, true);
        let Fate::Answered { after_us, talk_us, .. } = fate else { return 0 };
        self.place(region, answer_us - u64::from(after_us), (ring, fate, manner), world);
        if self.random.chance(self.operation.abandoned) {
            let (ring, fate, _) = habits.answered_call(&mut self.random, true);
            if let Fate::Answered { after_us, .. } = fate {
                let talk_us = self.random.between(900_000, 2_400_000);
                let fate = Fate::Answered { after_us, talk_us, by: Side::Caller };
                self.place(region, answer_us - u64::from(after_us), (ring, fate, Manner::SilentCaller), world);
            }
        }
        talk_us
    }

    fn place(&mut self, region: Region, at_us: u64, course: (Option<u32>, Fate, Manner), world: &mut World) {
        let operation = &mut self.operation;
        let (random, numbers) = (&mut self.random, world.numbers);
        let free = random.chance(operation.careless);
        let callee = self.list.next(
            random,
            operation.habits.first_contact,
            &region,
            |callee| free || region.is_open(world.local(callee, at_us), 0.0, 0.0),
            &numbers,
        );
        let caller = operation.shown.next(random, region.country, callee, &operation.habits, world);
        let (ring_after_us, fate, manner) = course;
        self.pending.push(Script {
            group: self.group,
            role: Role::Own,
            token: random.bits(),
            line: 0,
            at_us,
            ring_after_us,
            fate,
            caller: Some(User::Number(caller)),
            display: operation.display,
            callee: User::Number(callee),
            diverted_by: None,
            other_leg: None,
            trunk: random.pick(&operation.trunks).unwrap_or(TrunkId(0)),
            gate: 0,
            stack: random.pick(&operation.stacks).unwrap_or(StackId(0)),
            attest: operation.habits.signature(random),
            manner,
        });
    }
}

/// Whether an agent works for a region now: they come within the first quarter hour, leave within the last, and have half
/// an hour for lunch between half past eleven and two.
fn at_work(agent: Agent, local: Local, region: &Region) -> bool {
    let late = 0.3 * unit(agent.key);
    let early = 0.3 * unit(mix(agent.key, 1));
    let lunch = 11.5 + 2.5 * unit(mix(agent.key, 2));
    region.is_open(local, late, early) && !(lunch..lunch + 0.5).contains(&local.hour())
}

/// Whom a floor calls: people never called before, and some of those called lately.
#[derive(Default)]
struct List {
    key: u64,
    drawn: u64,
    lately: Vec<(Country, E164)>,
    oldest: usize,
}

/// Callees that may be called again.
const LATELY_MAX: usize = 16_384;

impl List {
    /// Somebody to call who `suits`.
    fn next(
        &mut self,
        random: &mut Random,
        first_contact: f64,
        region: &Region,
        mut suits: impl FnMut(E164) -> bool,
        numbers: &crate::places::Numbers,
    ) -> E164 {
        let again = !random.chance(first_contact);
        let mut found = None;
        for _ in 0..CALLEES_MAX {
            let known = if again { random.pick(&self.lately) } else { None };
            let callee = match known {
                Some((country, callee)) if country == region.country => callee,
                Some(_) => continue,
                None => {
                    self.drawn += 1;
                    numbers.listed(region.country, self.key, self.drawn)
                }
            };
            found = Some(callee);
            if suits(callee) {
                break;
            }
        }
        let callee = found.unwrap_or_else(|| numbers.of(region.country, random.bits()));
        if !again {
            self.remember(region.country, callee);
        }
        callee
    }

    fn remember(&mut self, country: Country, callee: E164) {
        match self.lately.get_mut(self.oldest) {
            Some(place) => *place = (country, callee),
            None => self.lately.push((country, callee)),
        }
        self.oldest = (self.oldest + 1) % LATELY_MAX;
    }
}

impl Group for Floor {
    fn write(&mut self, window: Window, world: &mut World, sheet: &mut Sheet) {
        let Some(open) = window.shared(self.operation.lives) else { return };
        let mut agents = std::mem::take(&mut self.agents);
        for agent in &mut agents {
            *agent = self.play(*agent, open.until_us + AHEAD_US, world);
        }
        self.agents = agents;
        let lives = self.operation.lives;
        let due = self.pending.extract_if(.., |call| call.at_us < window.until_us);
        sheet.calls.extend(due.filter(|call| lives.holds(call.at_us)));
    }
}

const _: () = assert!(AHEAD_US >= 2 * SEARCH_MAX_SECS as u64 * SECOND_US && SETUP_MAX_SECS < SEARCH_MAX_SECS);

//! One caller with a message for many: a surgery that reminds, a school that warns, a bank that notifies. A list of
//! people that changes slowly, a number of its own, a recording; one after the other or all at once.

use call::Side;
use numbers::Country;
use types::E164;

use crate::calendar::DAY_US;
use crate::group::Group;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::random::Random;
use crate::script::{Fate, GroupId, Manner, Role, Script, Sheet, StackId, TrunkId, User};
use crate::shown::Shown;
use crate::world::{Window, World};

/// How the calls follow each other.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// By chance, as the hours say.
    Steady,
    /// All of the list at once.
    Waves {
        /// Waves a day.
        per_day: f64,
        /// Calls a second within one.
        per_second: f64,
    },
}

/// What makes a sender.
#[derive(Clone, Debug)]
pub(crate) struct Mailing {
    pub(crate) calls_per_day: f64,
    pub(crate) pace: Pace,
    pub(crate) habits: Habits,
    pub(crate) hours: Hours,
    /// Where the called are.
    pub(crate) country: Country,
    /// How many are on the list.
    pub(crate) list: u64,
    pub(crate) shown: Shown,
    pub(crate) display: Option<u16>,
    pub(crate) trunk: TrunkId,
    pub(crate) stack: StackId,
    /// How the answered calls go.
    pub(crate) manner: Manner,
    /// Seconds of the recording, where who listens to its end is hung up on.
    pub(crate) recording_secs: Option<f64>,
    /// Share of the answered calls in which nothing is heard of the caller.
    pub(crate) soundless: f64,
    /// Share of the called who call back, and the trunk by which they do.
    pub(crate) called_back: f64,
    pub(crate) back: TrunkId,
    /// When it exists.
    pub(crate) lives: Window,
}

/// Share of those who listen to a recording to its end.
const LISTEN: f64 = 0.3;

/// A sender at work.
pub(crate) struct Sender {
    group: GroupId,
    random: Random,
    mailing: Mailing,
    key: u64,
    /// People who joined the list.
    joined: u64,
    drawn_per_call: f64,
    pending: Vec<Script>,
}

/// Draws by which the share of hours without calls is measured.
const TRIALS: u32 = 4_000;

impl Sender {
    pub(crate) fn new(group: GroupId, mut random: Random, mailing: Mailing, world: &mut World) -> Self {
        let key = random.bits();
        let mut sender = Self { group, random, mailing, key, joined: 0, drawn_per_call: 1.0, pending: Vec::new() };
        // An ordinary week, Monday 2026-02-02 to Sunday.
        let week_us = 1_769_990_400_000_000;
        let kept = (0..TRIALS).filter(|_| {
            let callee = sender.callee(world);
            let at_us = week_us + sender.random.below(7 * DAY_US);
            sender.happens(world, callee, at_us)
        });
        let kept = kept.count();
        sender.drawn_per_call = f64::from(TRIALS) / (kept.max(1) as f64);
        sender
    }

    fn callee(&mut self, world: &World) -> E164 {
        let who = if self.random.chance(self.mailing.habits.first_contact) {
            self.joined += 1;
            self.mailing.list + self.joined
        } else {
            self.random.below(self.mailing.list)
        };
        world.numbers.listed(self.mailing.country, self.key, who)
    }

    fn happens(&mut self, world: &mut World, callee: E164, at_us: u64) -> bool {
        let weight = self.mailing.hours.weight(world.local(callee, at_us));
        self.random.chance(weight / self.mailing.hours.peak())
    }

    fn call(&mut self, world: &World, callee: E164, at_us: u64) -> Script {
        let Self { random, mailing, .. } = self;
        let (ring_after_us, mut fate, mut manner) = mailing.habits.call(random, false);
        if let (Fate::Answered { talk_us, by, .. }, Some(secs)) = (&mut fate, mailing.recording_secs) {
            let listens = random.chance(LISTEN);
            *by = if listens { Side::Caller } else { Side::Callee };
            *talk_us =
                if listens { (secs * 1e6) as u64 + random.below(120_000) } else { *talk_us.min(&mut 20_000_000) };
            manner = if random.chance(mailing.soundless) { Manner::SilentCaller } else { manner };
        }
        let caller = mailing.shown.next(random, mailing.country, callee, &mailing.habits, world);
        Script {
            group: self.group,
            role: Role::Own,
            token: random.bits(),
            line: 0,
            at_us,
            ring_after_us,
            fate,
            caller: Some(User::Number(caller)),
            display: mailing.display,
            callee: User::Number(callee),
            diverted_by: None,
            other_leg: None,
            trunk: mailing.trunk,
            gate: 0,
            stack: mailing.stack,
            attest: mailing.habits.signature(random),
            manner: if manner == Manner::Talk { mailing.manner } else { manner },
        }
    }

    /// Places a call, and the one back that may follow within the hour.
    fn place(&mut self, world: &World, callee: E164, at_us: u64) {
        let script = self.call(world, callee, at_us);
        if self.random.chance(self.mailing.called_back)
            && let Some(number) = script.caller
        {
            let (ring_after_us, fate, _) = self.mailing.habits.answered_call(&mut self.random, false);
            self.pending.push(Script {
                token: self.random.bits(),
                line: 0,
                at_us: script.end_us() + (self.random.exponential(1_200.0) * 1e6) as u64,
                ring_after_us,
                fate,
                caller: Some(script.callee),
                callee: number,
                display: None,
                trunk: self.mailing.back,
                manner: Manner::Talk,
                ..script
            });
        }
        self.pending.push(script);
    }

    /// Calls the list from `at_us` on, at an even pace.
    fn wave(&mut self, world: &World, at_us: u64, calls: u64, per_second: f64) {
        let mut at_us = at_us;
        for _ in 0..calls {
            let callee = self.callee(world);
            self.place(world, callee, at_us);
            at_us += (self.random.log_normal(1e6 / per_second, 0.2)) as u64;
        }
    }
}

impl Group for Sender {
    fn write(&mut self, window: Window, world: &mut World, sheet: &mut Sheet) {
        let due_us = window.until_us;
        let open = window.shared(self.mailing.lives);
        self.write_open(open, world);
        sheet.calls.extend(self.pending.extract_if(.., |call| call.at_us < due_us));
    }
}

impl Sender {
    /// Places the calls that begin in a window.
    fn write_open(&mut self, open: Option<Window>, world: &mut World) {
        let Some(window) = open else { return };
        let (events, calls, per_second) = match self.mailing.pace {
            Pace::Steady => (self.mailing.calls_per_day, 1, 1.0),
            Pace::Waves { per_day, per_second } => {
                (per_day, (self.mailing.calls_per_day / per_day).max(1.0) as u64, per_second)
            }
        };
        for _ in 0..self.random.poisson(events * self.drawn_per_call * window.days()) {
            let at_us = window.from_us + self.random.below(window.length_us());
            let callee = self.callee(world);
            if !self.happens(world, callee, at_us) {
                continue;
            }
            match calls {
                1 => self.place(world, callee, at_us),
                _ => self.wave(world, at_us, calls, per_second),
            }
        }
    }
}

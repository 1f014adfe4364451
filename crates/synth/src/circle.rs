//! People and whom they know: lines with acquaintances that stay the same for ever, in both directions.
//!
//! Nobody is remembered. The number of a line and those of its acquaintances are computed from their place, so a
//! population may be as large as it likes; what a month of it looks like (first contacts, numbers new on a trunk) then
//! comes out of who calls whom, as on a real link, not out of a table.

use call::Side;
use numbers::{Country, Validity, look_up};
use types::E164;

use crate::calendar::DAY_US;
use crate::group::Group;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::random::{Random, mix};
use crate::script::{Fate, GroupId, Manner, Role, Script, Sheet, StackId, TrunkId, User};
use crate::world::{Window, World};

/// Calls between two countries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Corridor {
    /// Where the lines are.
    pub(crate) origin: Country,
    /// Where their acquaintances are.
    pub(crate) destination: Country,
    /// Its share of the calls.
    pub(crate) weight: f64,
}

/// Whose hours count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// The line's.
    Line,
    /// The acquaintance's.
    Acquaintance,
    /// Both must be up.
    Both,
}

/// How lines are numbered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lines {
    /// All over the country.
    Scattered,
    /// In one block; a share of calls shows the first number of it.
    Block {
        /// Its first number.
        first: u64,
        /// How many there are.
        size: u64,
        /// Share of outgoing calls that show the main number.
        main: f64,
    },
}

/// What is done to the calls of the lines on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// Nothing.
    Fair,
    /// They are answered before anybody has: within so many milliseconds, and nobody is heard.
    AnsweredEarly(u32),
    /// Their number is replaced by one that nobody can have.
    Impossible,
    /// By one that nobody has, in the callee's country.
    Unallocated,
    /// By somebody's in the callee's country.
    Borrowed,
}

/// What makes a circle.
#[derive(Clone, Debug)]
pub(crate) struct Habitat {
    pub(crate) calls_per_day: f64,
    pub(crate) corridors: Vec<Corridor>,
    /// How many lines there are.
    pub(crate) lines: u64,
    pub(crate) numbering: Lines,
    /// Acquaintances of each line.
    pub(crate) acquaintances: u64,
    /// How much the first acquaintances are preferred; 1 is not at all.
    pub(crate) skew: f64,
    /// Share of the calls that the lines make, not get.
    pub(crate) outgoing: f64,
    /// Share of calls with the number withheld.
    pub(crate) withheld: f64,
    pub(crate) habits: Habits,
    pub(crate) hours: Hours,
    pub(crate) fold: Fold,
    /// The trunk of the lines' own calls, of calls to them, and of lines that roam, if that is another.
    pub(crate) out: TrunkId,
    pub(crate) back: TrunkId,
    pub(crate) roaming: Option<TrunkId>,
    pub(crate) stacks: Vec<StackId>,
    pub(crate) treatment: Treatment,
    /// The name that the lines show.
    pub(crate) display: Option<u16>,
}

/// A population with its acquaintances.
pub(crate) struct Circle {
    group: GroupId,
    random: Random,
    habitat: Habitat,
    key: u64,
    /// Calls that are drawn for each that happens: the others fall on hours at which nobody telephones.
    drawn_per_call: f64,
    /// A stretch of time, and how many times as many calls there are in it.
    only: Option<(Window, f64)>,
}

/// Numbers that many people call or are called by: shops, banks, surgeries.
const BUSINESSES: u64 = 3_000;
/// Other people who telephone with strangers.
const PUBLIC: u64 = 20_000;
/// Share of strangers that are businesses.
const TO_BUSINESS: f64 = 0.6;
/// Share of strangers that are of either; the others were never heard of.
const TO_PUBLIC: f64 = 0.93;
/// Draws by which the share of hours without calls is measured.
const TRIALS: u32 = 4_000;

impl Circle {
    pub(crate) fn new(group: GroupId, mut random: Random, habitat: Habitat, world: &mut World) -> Self {
        let key = random.bits();
        let mut circle = Self { group, random, habitat, key, drawn_per_call: 1.0, only: None };
        // An ordinary week, Monday 2026-02-02 to Sunday.
        let week_us = 1_769_990_400_000_000;
        let kept = (0..TRIALS).filter(|_| {
            let at_us = week_us + circle.random.below(7 * DAY_US);
            let pair = circle.pair(world, true);
            circle.happens(world, &pair, at_us, 1.0)
        });
        let kept = kept.count();
        circle.drawn_per_call = f64::from(TRIALS) / (kept.max(1) as f64);
        circle
    }

    /// The same, only within a window, with so many times the calls.
    pub(crate) fn only(mut self, window: Window, factor: f64) -> Self {
        self.only = Some((window, factor));
        self
    }

    /// Two people who know each other, or do not.
    fn pair(&mut self, world: &World, known: bool) -> Pair {
        let Self { random, habitat, key, .. } = self;
        let total: f64 = habitat.corridors.iter().map(|corridor| corridor.weight).sum();
        let mut left = random.unit() * total;
        let chosen = habitat.corridors.iter().position(|corridor| {
            left -= corridor.weight;
            left < 0.0
        });
        let index = chosen.unwrap_or(0);
        let fallback = Corridor { origin: crate::world::HOME, destination: crate::world::HOME, weight: 1.0 };
        let corridor = habitat.corridors.get(index).copied().unwrap_or(fallback);
        let lines = ((habitat.lines as f64 * corridor.weight / total) as u64).max(1);
        let line = random.favourite(lines, 1.4);
        let id = mix(mix(*key, index as u64), line);
        let number = match habitat.numbering {
            Lines::Scattered => world.numbers.of(corridor.origin, id),
            Lines::Block { first, size, .. } => {
                E164::new(first + line % size).unwrap_or(world.numbers.of(corridor.origin, id))
            }
        };
        let other = if known {
            mix(id, 1 + random.favourite(habitat.acquaintances, habitat.skew))
        } else {
            match random.unit() {
                share if share < TO_BUSINESS => mix(0xb5, random.favourite(BUSINESSES, 2.0)),
                share if share < TO_PUBLIC => mix(0x9b, random.favourite(PUBLIC, 1.5)),
                _ => random.bits(),
            }
        };
        Pair { line: number, other: world.numbers.of(corridor.destination, other), corridor }
    }

    /// Whether two people would telephone at this moment, by the hours of whoever counts.
    fn happens(&mut self, world: &mut World, pair: &Pair, at_us: u64, peak: f64) -> bool {
        let hours = self.habitat.hours;
        let mut weight = |number| {
            let local = world.local(number, at_us);
            hours.weight(local) / hours.peak() * world.season.factor(local) / peak
        };
        let share = match self.habitat.fold {
            Fold::Line => weight(pair.line),
            Fold::Acquaintance => weight(pair.other),
            Fold::Both => (weight(pair.line) * weight(pair.other)).sqrt(),
        };
        self.random.chance(share)
    }

    fn draw(&mut self, world: &mut World, at_us: u64, peak: f64) -> Option<Script> {
        let habits = self.habitat.habits;
        let fresh = self.random.chance(habits.new_number);
        let strange = fresh || self.random.chance(strangers(&habits));
        let mut pair = self.pair(world, !strange);
        if !self.happens(world, &pair, at_us, peak) {
            return None;
        }
        let random = &mut self.random;
        let habitat = &self.habitat;
        let outgoing = random.chance(habitat.outgoing);
        if fresh {
            let newcomer = random.bits();
            *(if outgoing { &mut pair.line } else { &mut pair.other }) =
                world.numbers.of(if outgoing { pair.corridor.origin } else { pair.corridor.destination }, newcomer);
        }
        let mut trunk = if outgoing { habitat.out } else { habitat.back };
        if outgoing && random.chance(habits.mismatch) {
            match habitat.roaming {
                Some(roaming) => trunk = roaming,
                // The lines are abroad: one of them shows a number of the callee's country, always the same.
                None => pair.line = world.numbers.of(pair.corridor.destination, mix(pair.line.reveal(), self.key)),
            }
        } else if outgoing
            && let Lines::Block { first, main, .. } = habitat.numbering
            && random.chance(main)
        {
            pair.line = E164::new(first).unwrap_or(pair.line);
        }
        let (caller, callee) = if outgoing { (pair.line, pair.other) } else { (pair.other, pair.line) };
        let far = pair.corridor.origin != pair.corridor.destination;
        let (ring_after_us, fate, manner) = match habitat.treatment {
            Treatment::AnsweredEarly(within_ms) => answered_early(random, within_ms),
            _ => habits.call(random, far),
        };
        let shown = replaced(habitat.treatment, caller, pair.corridor.destination, world);
        Some(Script {
            group: self.group,
            role: Role::Own,
            token: random.bits(),
            at_us,
            ring_after_us,
            fate,
            caller: (!random.chance(habitat.withheld)).then_some(User::Number(shown.unwrap_or(caller))),
            display: habitat.display.filter(|_| outgoing),
            callee: User::Number(callee),
            diverted_by: None,
            other_leg: shown.map(|_| caller),
            trunk,
            gate: 0,
            stack: stack_of(&habitat.stacks, caller, outgoing),
            attest: habits.signature(random),
            manner: if manner == Manner::Talk { voicemail(random) } else { manner },
        })
    }
}

/// The people of a call.
struct Pair {
    line: E164,
    other: E164,
    corridor: Corridor,
}

/// Share of calls to strangers from numbers that are known: newcomers' calls are first contacts already, and so are the
/// rarer acquaintances until they have been called once in the month, about a twentieth of all.
fn strangers(habits: &Habits) -> f64 {
    ((habits.first_contact - habits.new_number) / (1.0 - habits.new_number) - 0.05).max(0.0)
}

/// An answer that nobody gave (SCIENCE 4.5): at once, then silence, ringing or a recording, until the caller gives up.
fn answered_early(random: &mut Random, within_ms: u32) -> (Option<u32>, Fate, Manner) {
    let after_us = random.between(200_000, u64::from(within_ms.max(300)) * 1_000) as u32;
    let talk_us = (random.log_normal(14.0, 0.7).clamp(2.0, 300.0) * 1e6) as u64;
    let manner = if random.chance(0.6) { Manner::SilentCallee } else { Manner::Announcement(80) };
    let ring = random.chance(0.4).then_some(after_us / 2);
    (ring, Fate::Answered { after_us, talk_us, by: Side::Caller }, manner)
}

/// The number that is shown in place of the caller's; always the same for a caller.
fn replaced(treatment: Treatment, caller: E164, callee: Country, world: &World) -> Option<E164> {
    let key = mix(caller.reveal(), 0xf1);
    let valid = world.numbers.of(callee, key).reveal();
    match treatment {
        Treatment::Fair | Treatment::AnsweredEarly(_) => None,
        // Seven digits fewer: no plan has numbers so short.
        Treatment::Impossible => E164::new(valid / 10_000_000),
        Treatment::Unallocated => {
            let drawn = (0..400).filter_map(|draw| {
                let digits = valid.checked_ilog10()?;
                let low = 10_u64.pow(digits.saturating_sub(2));
                E164::new(valid / low * low + mix(key, draw) % low)
            });
            let mut free = drawn.filter(|number| {
                let place = look_up(*number);
                place.country == callee && place.validity == Validity::Possible
            });
            free.next().or(E164::new(valid / 10_000_000))
        }
        Treatment::Borrowed => E164::new(valid),
    }
}

/// Some of the answers are mailboxes (SCIENCE 8: a third of calls ring out into one).
fn voicemail(random: &mut Random) -> Manner {
    if random.chance(0.15) { Manner::Announcement(random.below(40) as u16) } else { Manner::Talk }
}

/// The telephone that a number has; calls that come back to the lines were written by others, who stand behind them.
fn stack_of(stacks: &[StackId], caller: E164, outgoing: bool) -> StackId {
    let kind = mix(caller.reveal(), u64::from(outgoing)) as usize;
    stacks.get(kind % stacks.len().max(1)).copied().unwrap_or(StackId(0))
}

impl Group for Circle {
    fn write(&mut self, window: Window, world: &mut World, sheet: &mut Sheet) {
        let (window, factor) = match self.only {
            None => (window, 1.0),
            Some((only, factor)) => match window.shared(only) {
                Some(shared) => (shared, factor),
                None => return,
            },
        };
        let season = world.season.peak(window);
        let mean = self.habitat.calls_per_day * self.drawn_per_call * window.days() * factor;
        for _ in 0..self.random.poisson(mean * season) {
            let at_us = window.from_us + self.random.below(window.length_us());
            sheet.calls.extend(self.draw(world, at_us, season));
        }
    }
}

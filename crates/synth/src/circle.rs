//! People and whom they know: lines with acquaintances that stay the same for ever, in both directions.
//!
//! Nobody is remembered. The number of a line and those of its acquaintances are computed from their place, so a
//! population may be as large as it likes; what a month of it looks like (first contacts, numbers new on a trunk) then
//! comes out of who calls whom, as on a real link, not out of a table.

use call::Side;
use numbers::{Country, Validity, Zone, look_up};
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
    /// The same, but only behind the tap's own border: the first leg shows the true number, the second the borrowed one.
    BorrowedOnward,
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
    /// Calls a day if it were always the busiest hour.
    at_peak: f64,
    /// The zones in which each corridor's two ends live.
    zones: Vec<[Vec<Zone>; 2]>,
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
        let zones = habitat
            .corridors
            .iter()
            .map(|corridor| [corridor.origin, corridor.destination].map(|country| zones_of(country, world)));
        let zones = zones.collect();
        let at_peak = habitat.calls_per_day;
        let mut circle = Self { group, random, habitat, key, at_peak, zones, only: None };
        // An ordinary week, Monday 2026-02-02 to Sunday.
        let week_us = 1_769_990_400_000_000;
        let kept = (0..TRIALS).filter(|_| {
            let at_us = week_us + circle.random.below(7 * DAY_US);
            let index = circle.corridor();
            let pair = circle.pair(index, world, true);
            circle.happens(world, &pair, at_us, 1.0)
        });
        let kept = kept.count();
        circle.at_peak *= f64::from(TRIALS) / (kept.max(1) as f64);
        circle
    }

    /// The same, only within a window, with so many times the calls.
    pub(crate) fn only(mut self, window: Window, factor: f64) -> Self {
        self.only = Some((window, factor));
        self
    }

    fn total(&self) -> f64 {
        self.habitat.corridors.iter().map(|corridor| corridor.weight).sum()
    }

    /// One of the corridors, by their weights.
    fn corridor(&mut self) -> usize {
        let mut left = self.random.unit() * self.total();
        let chosen = self.habitat.corridors.iter().position(|corridor| {
            left -= corridor.weight;
            left < 0.0
        });
        chosen.unwrap_or(0)
    }

    /// Two people of a corridor who know each other, or do not.
    fn pair(&mut self, index: usize, world: &World, known: bool) -> Pair {
        let total = self.total();
        let Self { random, habitat, key, .. } = self;
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

    /// Whether two people would telephone at this moment, by the hours of whoever counts; `ceiling` is the most that their
    /// weight can be.
    fn happens(&mut self, world: &mut World, pair: &Pair, at_us: u64, ceiling: f64) -> bool {
        let hours = self.habitat.hours;
        let mut weight = |number| {
            let local = world.local(number, at_us);
            hours.weight(local) / hours.peak() * world.season.factor(local)
        };
        let share = match self.habitat.fold {
            Fold::Line => weight(pair.line),
            Fold::Acquaintance => weight(pair.other),
            Fold::Both => (weight(pair.line) * weight(pair.other)).sqrt(),
        };
        self.random.chance(share / ceiling)
    }

    /// The most that the weight of a corridor can be within a window. Weights change evenly between the quarter hours, so
    /// that the ends of a window tell.
    fn ceiling(&self, index: usize, window: Window, world: &mut World) -> f64 {
        let (Some(corridor), Some(zones)) = (self.habitat.corridors.get(index), self.zones.get(index)) else {
            return 0.0;
        };
        let hours = self.habitat.hours;
        let season = world.season.peak(window);
        let mut most = |country, zones: &[Zone]| {
            let ends = zones.iter().flat_map(|&zone| [(zone, window.from_us), (zone, window.until_us - 1)]);
            let weights = ends.map(|(zone, at_us)| hours.weight(world.calendar.local_in(Some(zone), country, at_us)));
            weights.fold(0.0, f64::max) / hours.peak() * season
        };
        let [line, other] = zones;
        match self.habitat.fold {
            Fold::Line => most(corridor.origin, line),
            Fold::Acquaintance => most(corridor.destination, other),
            Fold::Both => (most(corridor.origin, line) * most(corridor.destination, other)).sqrt(),
        }
    }

    fn draw(&mut self, index: usize, world: &mut World, at_us: u64, ceiling: f64) -> Option<Script> {
        let habits = self.habitat.habits;
        let fresh = self.random.chance(habits.new_number);
        let strange = fresh || self.random.chance(strangers(&habits));
        let mut pair = self.pair(index, world, !strange);
        if !self.happens(world, &pair, at_us, ceiling) {
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
        let other = replaced(habitat.treatment, caller, pair.corridor.destination, world);
        let onward = habitat.treatment == Treatment::BorrowedOnward;
        let shown = other.filter(|_| !onward).unwrap_or(caller);
        Some(Script {
            group: self.group,
            role: Role::Own,
            token: random.bits(),
            line: 0,
            at_us,
            ring_after_us,
            fate,
            caller: (!random.chance(habitat.withheld)).then_some(User::Number(shown)),
            display: habitat.display.filter(|_| outgoing),
            callee: User::Number(callee),
            diverted_by: None,
            other_leg: if onward { other } else { other.map(|_| caller) },
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
        // Four digits fewer: too short for its plan.
        Treatment::Impossible => E164::new(valid / 10_000),
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
            free.next().or(E164::new(valid / 10_000))
        }
        Treatment::Borrowed | Treatment::BorrowedOnward => E164::new(valid),
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
        let total = self.total();
        for index in 0..self.habitat.corridors.len() {
            let ceiling = self.ceiling(index, window, world);
            let weight = self.habitat.corridors.get(index).map_or(0.0, |corridor| corridor.weight / total);
            let mean = self.at_peak * weight * ceiling * factor * window.days();
            for _ in 0..self.random.poisson(mean) {
                let at_us = window.from_us + self.random.below(window.length_us());
                sheet.calls.extend(self.draw(index, world, at_us, ceiling));
            }
        }
    }
}

/// The zones in which people of a country have their numbers.
fn zones_of(country: Country, world: &World) -> Vec<Zone> {
    let numbers = (0..400).map(|key| world.numbers.of(country, key));
    let mut zones: Vec<_> = numbers.flat_map(|number| look_up(number).zones.iter().map(|share| share.zone)).collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

//! A scenario: groups on trunks, over days of the real calendar, from a seed.

use std::io::{self, Write};

use call::Listener;
use jiff::Timestamp;
use numbers::Country;
use types::E164;

use crate::calendar::{DAY_US, SECOND_US};
use crate::cast::{Cast, Licence, TrunkRole};
use crate::events::Player;
use crate::group::{Group, Head, Label};
use crate::groups;
use crate::packets::{Capture, Format, Media, Tape};
use crate::places::{Numbers, country};
use crate::random::{Random, mix};
use crate::script::{GroupId, Sheet, TrunkId};
use crate::shown::Shown;
use crate::truth::{Ledger, Truth};
use crate::world::{HOME, Season, WINDOW_US, Window, World};

/// How a scenario is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The same seed gives the same traffic.
    pub seed: u64,
    /// The first moment of the measured time; brought back to a quarter of an hour.
    pub start: Timestamp,
    /// Days measured; parts of a day may be asked for.
    pub days: f64,
    /// Days before the measured time, in which the innocent already telephone and no fraud runs.
    pub warm_up_days: f64,
    /// From 0, blatant, to 3, like the nearest innocents in nearly everything.
    pub hardness: u8,
    /// Innocent traffic by so much more or less; operations keep their size.
    pub scale: f64,
    /// Whether answered calls have media.
    pub media: bool,
    /// Whether only numbers kept for fiction and tests are used.
    pub reserved: bool,
}

impl Default for Options {
    /// Two weeks from a Monday, Greenwich Mean Time, after one of warm-up.
    fn default() -> Self {
        Self {
            seed: 1,
            start: Timestamp::constant(1_772_409_600, 0), // 2026-03-02T00:00:00Z
            days: 14.0,
            warm_up_days: 7.0,
            hardness: 0,
            scale: 1.0,
            media: false,
            reserved: false,
        }
    }
}

/// No scenario has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchScenario(pub String);

impl std::fmt::Display for NoSuchScenario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: no such scenario; there are", self.0)?;
        Scenario::names().try_for_each(|(name, _)| write!(f, " {name}"))
    }
}

impl std::error::Error for NoSuchScenario {}

/// A scenario, ready to be played once.
pub struct Scenario {
    cast: Cast,
    world: World,
    groups: Vec<Box<dyn Group>>,
    next_us: u64,
    until_us: u64,
    media: bool,
    sheet: Sheet,
    detours: Vec<Detour>,
    /// Calls written so far.
    lines: u32,
}

/// Calls that take another trunk for a while.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Detour {
    pub(crate) lives: Window,
    pub(crate) from: TrunkId,
    pub(crate) to: TrunkId,
}

impl Scenario {
    /// The scenario of this name.
    ///
    /// # Errors
    /// [`NoSuchScenario`], which lists the names there are.
    pub fn named(name: &str, options: &Options) -> Result<Self, NoSuchScenario> {
        let found = groups::SCENARIOS.iter().find(|scenario| scenario.name == name);
        let plot = found.ok_or_else(|| NoSuchScenario(name.to_owned()))?;
        let mut stage = Stage::new(&Options { reserved: options.reserved || plot.reserved, ..*options });
        (plot.set)(&mut stage);
        Ok(stage.ready())
    }

    /// What a scenario of this name is usually played with.
    #[must_use]
    pub fn usual(name: &str) -> Options {
        let usual = groups::SCENARIOS.iter().find(|plot| plot.name == name).and_then(|plot| plot.usual);
        let Some((start, days)) = usual else { return Options::default() };
        let warm_up_days = if days < 1.0 { 0.0 } else { 7.0 };
        Options { start: Timestamp::constant(start, 0), days, warm_up_days, ..Options::default() }
    }

    /// Every scenario: its name, and what it shows in a line.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        groups::SCENARIOS.iter().map(|scenario| (scenario.name, scenario.about))
    }

    /// Who is in it.
    #[must_use]
    pub const fn cast(&self) -> &Cast {
        &self.cast
    }

    /// The next stretch of time, sorted; `None` after the last. Memory is bounded by what a quarter of an hour holds.
    pub fn next_sheet(&mut self) -> Option<&Sheet> {
        if self.next_us >= self.until_us {
            return None;
        }
        let window = Window { from_us: self.next_us, until_us: (self.next_us + WINDOW_US).min(self.until_us) };
        self.next_us = window.until_us;
        self.sheet.clear();
        for group in &mut self.groups {
            group.write(window, &mut self.world, &mut self.sheet);
        }
        for detour in self.detours.iter().filter(|detour| window.shared(detour.lives).is_some()) {
            let calls = self.sheet.calls.iter_mut();
            for call in calls.filter(|call| call.trunk == detour.from && detour.lives.holds(call.at_us)) {
                call.trunk = detour.to;
            }
        }
        self.sheet.sort(&mut self.lines);
        Some(&self.sheet)
    }

    /// Plays everything to a listener, without packets, and tells the truth of it. `truth` may be `&mut ()`.
    pub fn play(mut self, listener: &mut impl Listener, truth: &mut impl Truth) {
        let mut player = Player::new(self.media);
        let mut ledger = Ledger::default();
        while self.next_sheet().is_some() {
            player.sheet(&self.sheet, &self.cast, &mut ledger, (listener, truth));
        }
        player.until(u64::MAX, &self.cast, &mut ledger, listener, truth);
        ledger.tell(&self.cast, truth);
    }
}

impl Scenario {
    /// Writes everything to a capture, with media as deep as `media`, and tells the truth of it; the frames written.
    ///
    /// # Errors
    /// What the writer says.
    pub fn capture(mut self, out: impl Write, format: Format, media: Media, truth: &mut impl Truth) -> io::Result<u64> {
        let mut tape = Tape::new(Capture::begin(out, format)?, media);
        let mut ledger = Ledger::default();
        while self.next_sheet().is_some() {
            tape.sheet(&self.sheet, &self.cast);
            tape.until(self.next_us, &self.cast, &mut ledger, truth)?;
        }
        tape.until(u64::MAX, &self.cast, &mut ledger, truth)?;
        ledger.tell(&self.cast, truth);
        tape.end()
    }
}

/// A scenario while it is being put together.
pub(crate) struct Stage {
    pub(crate) options: Options,
    pub(crate) world: World,
    pub(crate) cast: Cast,
    groups: Vec<Box<dyn Group>>,
    /// All of the time, with what lies before the measured.
    pub(crate) whole: Window,
    shared: Shared,
    pub(crate) detours: Vec<Detour>,
}

/// Trunks that several groups use, made when first asked for.
#[derive(Default)]
struct Shared {
    interconnect: Option<TrunkId>,
    access: Option<TrunkId>,
    retail: Option<TrunkId>,
    carriers: Vec<TrunkId>,
}

impl Stage {
    fn new(options: &Options) -> Self {
        let micros = |days: f64| ((days.max(0.0) * DAY_US as f64) as u64).next_multiple_of(WINDOW_US);
        let start_us = options.start.as_microsecond().max(0) as u64 / WINDOW_US * WINDOW_US;
        let measured = Window { from_us: start_us, until_us: start_us + micros(options.days) };
        let whole = Window { from_us: start_us.saturating_sub(micros(options.warm_up_days)), ..measured };
        let world = World {
            numbers: Numbers::new(options.seed, options.reserved),
            calendar: Default::default(),
            season: Season::default(),
            measured,
        };
        Self {
            options: *options,
            world,
            cast: Cast::new(measured),
            groups: Vec::new(),
            whole,
            shared: Shared::default(),
            detours: Vec::new(),
        }
    }

    /// A stream of chance for one purpose: what other purposes draw does not change it.
    pub(crate) fn random(&self, purpose: &str) -> Random {
        let word = purpose.bytes().fold(0, |word, byte| mix(word, u64::from(byte)));
        Random::of(self.options.seed, word)
    }

    /// A group, named after its kind, with its stream of chance.
    pub(crate) fn group(
        &mut self,
        id: &str,
        kind: &'static str,
        label: Label,
        seats: Option<u32>,
    ) -> (GroupId, Random) {
        let count =
            self.cast.heads().iter().filter(|head| head.id.rsplit_once('-').is_some_and(|(stem, _)| stem == id));
        let id = format!("{id}-{}", count.count() + 1);
        let random = self.random(&id);
        (self.cast.join(Head { id, kind, label, seats }), random)
    }

    pub(crate) fn add(&mut self, group: impl Group + 'static) {
        self.groups.push(Box::new(group));
    }

    /// The operator's own country.
    pub(crate) const fn home(&self) -> Country {
        HOME
    }

    /// Makes the first New Year from now on one that people telephone at.
    pub(crate) fn greet(&mut self) {
        let day = self.world.measured.from_us / DAY_US;
        let year = (0..).map(|year| 1970 + year).map(days_before).find(|&first| first > day);
        self.world.season = Season { greetings: year.map(|day| day as i64) };
    }

    /// The trunk to the other carriers of this country.
    pub(crate) fn interconnect(&mut self) -> TrunkId {
        let made = self.shared.interconnect;
        let trunk = made.unwrap_or_else(|| self.cast.trunk("interconnect", TrunkRole::National, HOME, 2));
        *self.shared.interconnect.insert(trunk)
    }

    /// The operator's own subscribers.
    pub(crate) fn access(&mut self) -> TrunkId {
        let made = self.shared.access;
        let trunk = made.unwrap_or_else(|| self.cast.trunk("subscribers", TrunkRole::Own, HOME, 1));
        *self.shared.access.insert(trunk)
    }

    /// The border element of a retail provider, behind which all of its customers look alike.
    pub(crate) fn retail(&mut self) -> TrunkId {
        let made = self.shared.retail;
        let trunk = made.unwrap_or_else(|| {
            let trunk = self.cast.trunk("retail", TrunkRole::National, HOME, 1);
            self.cast.alter(trunk, |trunk| (trunk.hides, trunk.second_leg) = (true, true));
            trunk
        });
        *self.shared.retail.insert(trunk)
    }

    /// The trunk to a carrier abroad.
    pub(crate) fn carrier(&mut self, place: usize) -> TrunkId {
        while self.shared.carriers.len() <= place {
            let far = [b"US", b"DE", b"AE", b"NL", b"IN", b"ZA"];
            let far = far.get(self.shared.carriers.len() % far.len()).map_or(HOME, |code| country(code));
            let trunk = self.cast.trunk("carrier", TrunkRole::International, far, 1);
            self.cast.alter(trunk, |trunk| trunk.second_leg = place % 2 == 1);
            self.shared.carriers.push(trunk);
        }
        self.shared.carriers.get(place).copied().unwrap_or(TrunkId(0))
    }

    /// The trunk by which the operator's roaming subscribers call home.
    pub(crate) fn abroad(&mut self) -> TrunkId {
        self.carrier(0)
    }

    /// Enters a centre into the register.
    pub(crate) fn license(&mut self, group: GroupId, trunk: TrunkId, shown: &Shown, seats: u32, called: &[Country]) {
        let Shown::Own { blocks, count, .. } = shown else { return };
        let numbers = blocks.iter().filter_map(|(_, first)| Some((E164::new(*first)?, E164::new(first + count - 1)?)));
        self.cast.license(Licence { group, trunk, numbers: numbers.collect(), seats, destinations: called.to_vec() });
    }

    /// So many hours from an hour of the day on, on the working day that lies at a share of the measured time; the hours
    /// are those of the operator's country. Where the measured time has no such hours, they begin at the share of it.
    pub(crate) fn working(&mut self, share: f64, hour: f64, hours: f64) -> Window {
        let measured = self.world.measured;
        let wanted_us = measured.from_us + (measured.length_us() as f64 * share) as u64;
        let length_us = (hours * 3.6e9) as u64;
        for days in 0..7 {
            let Some(noon_us) = (wanted_us / DAY_US * DAY_US + DAY_US / 2).checked_sub(days * DAY_US) else { break };
            let local = self.world.local_of(HOME, noon_us);
            let from_us = noon_us + (hour * 3.6e9) as u64 - u64::from(local.second) * SECOND_US;
            let window = Window { from_us, until_us: from_us + length_us };
            if !local.weekend && measured.holds(window.from_us) && measured.holds(window.until_us) {
                return window;
            }
        }
        let wanted_us = wanted_us / SECOND_US * SECOND_US;
        Window { from_us: wanted_us, until_us: (wanted_us + length_us).min(measured.until_us) }
    }

    /// `calm` at hardness 3, `blatant` at 0, in even steps between.
    pub(crate) fn hard(&self, blatant: f64, calm: f64) -> f64 {
        blatant + (calm - blatant) * f64::from(self.options.hardness.min(3)) / 3.0
    }

    fn ready(self) -> Scenario {
        let Self { options, world, cast, groups, whole, detours, .. } = self;
        let sheet = Sheet::default();
        Scenario {
            cast,
            world,
            groups,
            next_us: whole.from_us,
            until_us: whole.until_us,
            media: options.media,
            sheet,
            detours,
            lines: 0,
        }
    }
}

/// Days from the epoch to the first of January of a year.
const fn days_before(year: u64) -> u64 {
    (year - 1970) * 365 + (year - 1969) / 4 - (year - 1901) / 100 + (year - 1601) / 400
}

//! A scenario: groups on trunks, over days of the real calendar, from a seed.

use std::io::{self, Write};

use call::Listener;
use jiff::Timestamp;

use crate::cast::Cast;
use crate::events::Player;
use crate::group::Group;
use crate::groups;
use crate::packets::{Capture, Format, Media, Tape};
use crate::script::{Sheet, TrunkId};
use crate::stage::Stage;
use crate::truth::{Ledger, Truth};
use crate::world::{WINDOW_US, Window, World};

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
        let Stage { options, world, cast, groups, whole, detours, .. } = stage;
        Ok(Self {
            cast,
            world,
            groups,
            next_us: whole.from_us,
            until_us: whole.until_us,
            media: options.media,
            sheet: Sheet::default(),
            detours,
            lines: 0,
        })
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

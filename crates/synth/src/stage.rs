//! Where a scenario is put together: groups are added to trunks that several of them share.

use numbers::Country;
use types::E164;

use crate::calendar::{DAY_US, SECOND_US};
use crate::cast::{Cast, Licence, TrunkRole};
use crate::group::{Group, Head, Label};
use crate::places::{Numbers, country};
use crate::random::{Random, mix};
use crate::scenario::{Detour, Options};
use crate::script::{GroupId, TrunkId};
use crate::shown::Shown;
use crate::world::{HOME, Season, WINDOW_US, Window, World};

/// A scenario while it is being put together.
pub(crate) struct Stage {
    pub(crate) options: Options,
    pub(crate) world: World,
    pub(crate) cast: Cast,
    pub(crate) groups: Vec<Box<dyn Group>>,
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
    pub(crate) fn new(options: &Options) -> Self {
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
}

/// Days from the epoch to the first of January of a year.
const fn days_before(year: u64) -> u64 {
    (year - 1970) * 365 + (year - 1969) / 4 - (year - 1901) / 100 + (year - 1601) / 400
}

//! What is known: the look-ups that detectors ask at the rate of calls.
//!
//! Everything is compiled once from the [`Config`]. Addresses are found by their narrowest network, numbers by range; each
//! is one binary search over an array that stays in the cache. Dates of the file are days of the tap's time zone.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use numbers::Plan;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use types::{E164, Ip, Nanos};

use crate::check;
use crate::mistakes::{Flaw, Severity};
use crate::ranges::RangeMap;
use crate::words::{Date, DialPrefix, Network, NumberRange, TechnicalPrefix, number_key};
use crate::written::{Capture, Config, Entity, EntityKind, Licence, Listen, Process, Protected, State, Tap, Trunk};

/// A `[[trunk]]`, by its place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TrunkId(pub u16);

/// A `[[licence]]`, by its place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LicenceId(pub u16);

/// A `[[protected]]`, by its place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProtectedId(pub u16);

/// What an alert may be about, as one asks whether it is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityRef<'a> {
    /// A trunk.
    Trunk(TrunkId),
    /// A signalling address.
    Source(Ip),
    /// A caller.
    Number(E164),
    /// Callers from the first to the last of a block of one length.
    NumberBlock(E164, E164),
    /// A callee.
    Callee(E164),
    /// Callees from the first to the last of a block of one length.
    DestinationBlock(E164, E164),
    /// Any other kind, by the value that stands in alerts.
    Named(EntityKind, &'a str),
}

/// The time from the first instant of a day to the last of another.
#[derive(Clone, Copy, Debug)]
struct Term {
    from: Nanos,
    until: Nanos,
}

impl Term {
    fn of(from: Option<Date>, until: Option<Date>, tap: &Tap) -> Self {
        let from = from.map_or(Nanos::ZERO, |day| midnight(day, tap));
        let until = until.and_then(|day| day.get().tomorrow().ok());
        Self { from, until: until.map_or(Nanos::MAX, |day| midnight(day.into(), tap)) }
    }

    fn covers(self, at: Nanos) -> bool {
        self.from <= at && at < self.until
    }
}

/// When a day begins at the tap; days before 1970 are over.
fn midnight(day: Date, tap: &Tap) -> Nanos {
    let begins = day.get().to_zoned(tap.time_zone.get().clone());
    let nanos = begins.map(|begins| begins.timestamp().as_nanosecond()).unwrap_or_default();
    Nanos::new(u64::try_from(nanos.max(0)).unwrap_or(u64::MAX))
}

/// Networks of both versions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Addresses {
    v4: RangeMap<u32>,
    v6: RangeMap<u128>,
}

impl Addresses {
    fn of<'n>(networks: impl Iterator<Item = (&'n Network, u16)> + Clone) -> Self {
        let v4 = networks.clone().filter_map(|(network, entry)| network.v4().map(|(from, to)| (from, to, entry)));
        let v6 = networks.filter_map(|(network, entry)| network.v6().map(|(from, to)| (from, to, entry)));
        Self { v4: RangeMap::of(v4), v6: RangeMap::of(v6) }
    }

    /// The entries whose networks hold `ip`, that of the narrowest first.
    fn get(&self, ip: Ip) -> &[u16] {
        let [high, low] = ip.words();
        if ip.is_v4() { self.v4.get(low as u32) } else { self.v6.get(u128::from(high) << 64 | u128::from(low)) }
    }
}

/// What is allowed, by kind.
#[derive(Clone, Debug, Default)]
struct Allowed {
    /// When each ends.
    until: Vec<Nanos>,
    sources: Addresses,
    callers: RangeMap<u64>,
    callees: RangeMap<u64>,
    named: BTreeMap<(EntityKind, Box<str>), Vec<u16>>,
}

/// What the operator knows, compiled.
#[derive(Clone, Debug)]
pub struct Known {
    config: Config,
    version: Box<str>,
    plan: Plan,
    trunks: Addresses,
    licence_terms: Vec<Term>,
    licence_addresses: Addresses,
    licence_numbers: RangeMap<u64>,
    protected: RangeMap<u64>,
    high_cost: RangeMap<u64>,
    allowed: Allowed,
}

/// Nothing is known: what runs without a file.
impl Default for Known {
    fn default() -> Self {
        Self::compile(Config::default()).0
    }
}

impl Known {
    /// What `config` means.
    ///
    /// # Errors
    /// All that is wrong with it; at least one is an error. Warnings alone are no reason to refuse it.
    pub fn of(config: Config) -> Result<Self, Vec<Flaw>> {
        let names = config.trunk.iter().map(|trunk| trunk.name.clone()).collect();
        let (known, flaws) = Self::judged(config, &names);
        if flaws.iter().any(|flaw| flaw.severity == Severity::Error) { Err(flaws) } else { Ok(known) }
    }

    /// What `config` means to who has gone by `before`: trunks and owners lie in the places they had there. Its version is that
    /// of the configuration as it is written.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn following(config: Config, before: &Self) -> Result<Self, Vec<Flaw>> {
        let written = Self::of(config)?;
        let (known, _) = Self::compile(written.config.in_places_of(&before.config));
        Ok(Self { version: written.version, ..known })
    }

    /// What `config` means and all that is wrong with it, where `names` are the trunks that may be referred to.
    pub(crate) fn judged(config: Config, names: &BTreeSet<String>) -> (Self, Vec<Flaw>) {
        let mut flaws = check::check(&config, names);
        let (known, plan) = Self::compile(config);
        flaws.extend(plan);
        (known, flaws)
    }

    fn compile(config: Config) -> (Self, Option<Flaw>) {
        let (plan, flaw) = match config.tap.numbering_plan() {
            Ok(plan) => (plan, None),
            Err(error) => (Plan::default(), Some(Flaw::error("tap", format!("`tap`: {error}")))),
        };
        let trunks: Vec<_> = each(&config.trunk).flat_map(|(at, it)| it.networks().map(move |it| (it, at))).collect();
        let known = Self {
            version: version(&config),
            plan,
            trunks: Addresses::of(trunks.iter().map(|(network, at)| (network, *at))),
            licence_terms: config
                .licence
                .iter()
                .map(|it| Term::of(it.valid_from, it.valid_until, &config.tap))
                .collect(),
            licence_addresses: Addresses::of(each(&config.licence).flat_map(|(at, it)| all(&it.addresses, at))),
            licence_numbers: RangeMap::of(each(&config.licence).flat_map(|(at, it)| {
                it.number_ranges.iter().flat_map(|range| range.stretches()).map(move |(from, to)| (from, to, at))
            })),
            protected: RangeMap::of(each(&config.protected).flat_map(|(at, it)| {
                it.numbers.iter().flat_map(|range| range.stretches()).map(move |(from, to)| (from, to, at))
            })),
            high_cost: RangeMap::of(each(&config.high_cost).flat_map(|(at, it)| {
                it.prefixes.iter().flat_map(|prefix| prefix.stretches()).map(move |(from, to)| (from, to, at))
            })),
            allowed: Allowed::of(&config),
            config,
        };
        (known, flaw)
    }

    /// The configuration as it was written, with its defaults: where a detector finds its settings.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// What stands in alerts for this configuration: 16 hexadecimal digits of SHA-256 over the canonical form of all that decides what
    /// is found. Comments, the order of keys and defaults that are written out do not change it, nor does where packets come
    /// from, how many share the work, and who is told.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How numbers are read at this tap.
    #[must_use]
    pub const fn numbering_plan(&self) -> &Plan {
        &self.plan
    }

    /// The trunk an address belongs to: that of the narrowest network it lies in.
    #[must_use]
    pub fn trunk_of(&self, ip: Ip) -> Option<TrunkId> {
        self.trunks.get(ip).first().copied().map(TrunkId)
    }

    /// A trunk, by an id of this configuration; `None` for one of another.
    #[must_use]
    pub fn trunk(&self, id: TrunkId) -> Option<&Trunk> {
        self.config.trunk.get(usize::from(id.0))
    }

    /// The trunk an address belongs to, as it is configured.
    #[must_use]
    pub fn trunk_at(&self, ip: Ip) -> Option<&Trunk> {
        self.trunk(self.trunk_of(ip)?)
    }

    /// The address of a trunk by its name: its first, or the one that stands for it where call records know it by name only.
    #[must_use]
    pub fn trunk_address(&self, name: &str) -> Option<Ip> {
        let trunk = self.config.trunk.iter().find(|trunk| trunk.name == name)?;
        Some(trunk.addresses.first().map_or_else(|| stand_in(name), |network| network.first().into()))
    }

    /// What a call comes from, for people: the name of a trunk that has no address, or else the address.
    #[must_use]
    pub fn place(&self, ip: Ip) -> String {
        let trunk = self.trunk_at(ip).filter(|trunk| trunk.addresses.is_empty());
        trunk.map_or_else(|| ip.to_string(), |trunk| trunk.name.clone())
    }

    /// The licence under which a call from `source` that shows `caller` is made: one that is valid then and has both its
    /// address and its number, or names only one of them and has that.
    #[must_use]
    pub fn licence_of(&self, source: Ip, caller: Option<E164>, at: Nanos) -> Option<LicenceId> {
        let by_number = caller.map_or(&[][..], |caller| self.licence_numbers.get(number_key(caller)));
        let by_address = self.licence_addresses.get(source);
        let valid = |id: &u16| self.licence_terms.get(usize::from(*id)).is_some_and(|term| term.covers(at));
        let names = |id: &u16| self.licence(LicenceId(*id));
        let here = |id: &u16| by_address.contains(id) || names(id).is_some_and(|it| it.addresses.is_empty());
        let any_number = |id: &u16| names(id).is_some_and(|it| it.number_ranges.is_empty());
        let mut numbered = by_number.iter().filter(|id| valid(id) && here(id));
        let mut placed = by_address.iter().filter(|id| valid(id) && any_number(id));
        numbered.next().or_else(|| placed.next()).copied().map(LicenceId)
    }

    /// The licence whose numbers these are, whoever shows them, from wherever and whenever: that of the narrowest range.
    #[must_use]
    pub fn licensed_number(&self, number: E164) -> Option<LicenceId> {
        self.licence_numbers.get(number_key(number)).first().copied().map(LicenceId)
    }

    /// Whether a licence is valid at an instant.
    #[must_use]
    pub fn is_valid(&self, id: LicenceId, at: Nanos) -> bool {
        self.licence_terms.get(usize::from(id.0)).is_some_and(|term| term.covers(at))
    }

    /// Whether a licence is valid on a day.
    #[must_use]
    pub fn is_valid_on(&self, id: LicenceId, day: Date) -> bool {
        self.is_valid(id, midnight(day, &self.config.tap))
    }

    /// A licence, by an id of this configuration; `None` for one of another.
    #[must_use]
    pub fn licence(&self, id: LicenceId) -> Option<&Licence> {
        self.config.licence.get(usize::from(id.0))
    }

    /// Whose protected number this is.
    #[must_use]
    pub fn protected_number(&self, number: E164) -> Option<ProtectedId> {
        self.protected.get(number_key(number)).first().copied().map(ProtectedId)
    }

    /// Who is protected, by an id of this configuration; `None` for one of another.
    #[must_use]
    pub fn protected(&self, id: ProtectedId) -> Option<&Protected> {
        self.config.protected.get(usize::from(id.0))
    }

    /// All protected display names as they are written, with whose they are. What looks alike is the detector's to say.
    pub fn protected_names(&self) -> impl Iterator<Item = (&str, ProtectedId)> {
        each(&self.config.protected)
            .flat_map(|(at, it)| it.display_names.iter().map(move |name| (name.as_str(), ProtectedId(at))))
    }

    /// Whether calls of the owner may come over `trunk`.
    #[must_use]
    pub fn may_come_over(&self, owner: ProtectedId, trunk: TrunkId) -> bool {
        let allowed = self.protected(owner).zip(self.trunk(trunk));
        allowed.is_some_and(|(owner, trunk)| owner.trunks.contains(&trunk.name))
    }

    /// Whether a call that shows `caller` and comes from `source` is its protected owner's own.
    #[must_use]
    pub fn is_owners(&self, caller: E164, source: Ip) -> bool {
        let owner = self.protected_number(caller).zip(self.trunk_of(source));
        owner.is_some_and(|(owner, trunk)| self.may_come_over(owner, trunk))
    }

    /// Whether the file's own lists say that calls to this number cost much.
    #[must_use]
    pub fn high_cost(&self, number: E164) -> bool {
        !self.high_cost.get(number_key(number)).is_empty()
    }

    /// Whether no alert is to be raised about an entity. Numbers and addresses are allowed with the block or network they
    /// lie in, a block only as a whole.
    #[must_use]
    pub fn allowed(&self, entity: EntityRef<'_>, at: Nanos) -> bool {
        let it = &self.allowed;
        let lasts = |entry: u16| it.until.get(usize::from(entry)).is_some_and(|&until| at < until);
        let any = |entries: &[u16]| entries.iter().copied().any(lasts);
        let named =
            |kind: EntityKind, value: &str| it.named.get(&(kind, value.into())).is_some_and(|entries| any(entries));
        match entity {
            EntityRef::Trunk(id) => self.trunk(id).is_some_and(|trunk| named(EntityKind::Trunk, &trunk.name)),
            EntityRef::Source(ip) => any(it.sources.get(ip)),
            EntityRef::Number(number) => any(it.callers.get(number_key(number))),
            EntityRef::Callee(number) => any(it.callees.get(number_key(number))),
            EntityRef::NumberBlock(first, last) => it.callers.covering(number_key(first), number_key(last)).any(lasts),
            EntityRef::DestinationBlock(first, last) => {
                it.callees.covering(number_key(first), number_key(last)).any(lasts)
            }
            EntityRef::Named(kind, value) => named(kind, value),
        }
    }

    /// What is wrong on a day: licences and allowances that have ended or not yet begun. Warnings.
    #[must_use]
    pub fn on(&self, day: Date) -> Vec<Flaw> {
        check::on(&self.config, day)
    }
}

impl Tap {
    fn numbering_plan(&self) -> Result<Plan, numbers::PlanError> {
        let mut plan = self.home.and_then(|home| Plan::of(home.get())).unwrap_or_default();
        if let Some(prefixes) = &self.international_prefixes {
            plan = plan.with_international(&prefixes.iter().map(DialPrefix::as_str).collect::<Vec<_>>())?;
        }
        if let Some(prefixes) = &self.national_prefixes {
            plan = plan.with_national(&prefixes.iter().map(DialPrefix::as_str).collect::<Vec<_>>())?;
        }
        plan.with_technical(&self.technical_prefixes.iter().map(TechnicalPrefix::as_str).collect::<Vec<_>>())
    }

    /// The evidence an alert needs, in decibels, when so many calls come a day: calls over bearable false alerts, the
    /// threshold of an e-detector with that budget. Never less than 0.
    #[must_use]
    pub fn threshold_db(&self, calls_per_day: f64) -> f64 {
        10.0 * (calls_per_day / self.false_alerts_per_day).max(1.0).log10()
    }
}

impl Allowed {
    fn of(config: &Config) -> Self {
        let mut named: BTreeMap<_, Vec<u16>> = BTreeMap::new();
        let (mut sources, mut callers, mut callees) = (Vec::new(), Vec::new(), Vec::new());
        for (at, allow) in each(&config.allow) {
            match allow.entity.target() {
                Ok(Target::Source(network)) => sources.push((network, at)),
                Ok(Target::Callers(range)) => callers.extend(range.stretches().map(|(from, to)| (from, to, at))),
                Ok(Target::Callees(range)) => callees.extend(range.stretches().map(|(from, to)| (from, to, at))),
                Ok(Target::Named) => {
                    named.entry((allow.entity.kind, allow.entity.value.as_str().into())).or_default().push(at);
                }
                Err(_) => {}
            }
        }
        Self {
            until: config.allow.iter().map(|allow| Term::of(None, Some(allow.until), &config.tap).until).collect(),
            sources: Addresses::of(sources.iter().map(|(network, at)| (network, *at))),
            callers: RangeMap::of(callers),
            callees: RangeMap::of(callees),
            named,
        }
    }
}

impl Trunk {
    /// Its networks: its addresses, or the one that stands for it where it has none and is known by its name.
    fn networks(&self) -> impl Iterator<Item = Network> {
        let by_name = self.addresses.is_empty() && !self.gone;
        let stand_in = by_name.then(|| Network::single(IpAddr::from(stand_in(&self.name))));
        self.addresses.iter().copied().chain(stand_in)
    }
}

/// The address that stands for a trunk without one: calls are told apart by addresses, and call records may know names only. Of
/// 100::/64 nobody has an address, and routers throw away what is sent to one (RFC 6666).
fn stand_in(name: &str) -> Ip {
    let digest = Sha256::digest(name.as_bytes());
    let mut bytes = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes.iter_mut().skip(8).zip(digest).for_each(|(byte, of_name)| *byte = of_name);
    Ip::v6(bytes)
}

/// What the value of an entity names.
pub(crate) enum Target {
    Source(Network),
    Callers(NumberRange),
    Callees(NumberRange),
    Named,
}

impl Entity {
    /// What it names, or what would be right.
    pub(crate) fn target(&self) -> Result<Target, String> {
        match self.kind {
            EntityKind::Source => self.value.parse().map(Target::Source),
            EntityKind::Number | EntityKind::NumberBlock => self.value.parse().map(Target::Callers),
            EntityKind::Callee | EntityKind::DestinationBlock => self.value.parse().map(Target::Callees),
            EntityKind::Trunk
            | EntityKind::Customer
            | EntityKind::Stack
            | EntityKind::Recording
            | EntityKind::Campaign => Ok(Target::Named),
        }
    }
}

/// The entries of a section with their ids. There are at most 10,000 by the schema.
pub(crate) fn each<T>(entries: &[T]) -> impl Iterator<Item = (u16, &T)> + Clone {
    (0..=u16::MAX).zip(entries)
}

fn all(networks: &[Network], entry: u16) -> impl Iterator<Item = (&Network, u16)> + Clone {
    networks.iter().map(move |network| (network, entry))
}

fn version(config: &Config) -> Box<str> {
    let Capture { vxlan_ports, keep_duplicates, .. } = &config.capture;
    let (vxlan_ports, keep_duplicates) = (vxlan_ports.clone(), *keep_duplicates);
    let decides = Config {
        capture: Capture { vxlan_ports, keep_duplicates, ..Capture::default() },
        listen: Listen::default(),
        state: State::default(),
        process: Process::default(),
        // Sinks and the store are in no written form of it.
        ..config.clone()
    };
    let canonical = serde_json::to_vec(&decides).unwrap_or_default();
    Sha256::digest(canonical).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

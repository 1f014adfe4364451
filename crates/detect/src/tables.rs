//! What judgement knows beforehand, as data: what innocent traffic looks like and what scams look like, when people work, which
//! letters look alike, which numbers are dear. Each is read from a versioned TOML file, ours unless the operator names another, and
//! checked once; afterwards there is nothing left to refuse.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use config::{Flaw, Mistake, data, nearest};
use numbers::Country;
use serde::Deserialize;
use wide::{f32x4, f32x8};

use crate::feature::{COLUMNS, Family, Feature, SheetName};
use crate::high_cost::{self, HighCost};
use crate::hours::{self, Weeks};
use crate::kind::Kind;
use crate::names::{self, Confusables};
use crate::profile::Profile;
use crate::told::Told;

/// Innocent classes, one a lane.
pub const CLASSES: usize = 8;
/// Scam alternatives, one a lane.
pub const ALTERNATIVES: usize = 8;

/// Features of a sheet that settle, at most.
pub const SETTLING_MAX: usize = 2;

/// Families of a sheet, at most.
pub const FAMILIES_MAX: usize = 6;

/// Share of what comes again that does so within minutes: who is not reached is tried again, so that even where there is no
/// memory yet not everything is new.
const AT_ONCE: f32 = 0.05;
/// The same of scams: they draw their numbers from a pool, and one that comes again may do so with any call.
const SCAM_AT_ONCE: f32 = 0.15;

/// e^-2.5: the most one call's feature may bring against any class is 2.5 nats, so that no single call decides.
pub(crate) const CLIP_FACTOR: f32 = 0.082_085;

/// The least probability anything is given.
pub(crate) const SHARE_MIN: f32 = 1e-6;

/// Our own class tables.
const OURS: &str = include_str!("../data/classes.toml");

/// How often calls show a feature, class by class and alternative by alternative.
#[derive(Clone, Copy, Debug)]
pub struct Law {
    /// The feature.
    pub feature: Feature,
    /// Share of calls that show it in each innocent class.
    pub innocent: f32x8,
    /// Share in each scam alternative.
    pub scam: f32x8,
    /// All bits of the alternatives that say nothing of it; `None` where all say something.
    pub silent: Option<f32x8>,
    /// All bits of the alternatives in which more calls show it than in any innocent class, and of those in which fewer do: there
    /// a scam may go further than its alternative, since nobody innocent lies that way.
    pub beyond: [f32x8; 2],
    /// The shares above and below which calls go beyond some alternative.
    pub leads: [f32; 2],
    /// What a call says of the alternatives that does not show it, and one that does.
    pub told: [Told; 2],
    /// The place of its family among those of the sheet.
    pub family: usize,
    /// For what is new only once: how fast it settles. `None` where time plays no part.
    pub settling: Option<Settling>,
}

/// The shares of a law as they are where time plays a part.
#[derive(Clone, Copy, Debug)]
pub struct Settled {
    /// Share in each innocent class.
    pub innocent: f32x8,
    /// Share in each scam alternative.
    pub scam: f32x8,
    /// How far the class that settles last has settled, 0 to 1.
    pub degree: f32,
    /// Which of the sheet's settling features it is; `None` where the alternatives are as they are from the start.
    pub slot: Option<usize>,
}

impl Law {
    /// The least and the greatest that the `shares` of the alternatives may come to, alternative by alternative.
    #[must_use]
    pub fn range(&self, shares: f32x8) -> [f32x8; 2] {
        let [above, below] = self.beyond;
        [below.bitselect(f32x8::ZERO, shares), above.bitselect(f32x8::ONE, shares)]
    }

    /// What a call says of the alternatives.
    #[must_use]
    pub const fn told(&self, shown: bool) -> Told {
        let [absent, there] = self.told;
        if shown { there } else { absent }
    }

    /// The shares above and below which calls go beyond some alternative, where the alternatives' own are `shares`.
    #[must_use]
    pub fn leads_of(&self, shares: f32x8) -> [f32; 2] {
        let [above, below] = self.beyond;
        let least = -greatest(above.bitselect(-shares, f32x8::splat(f32::NEG_INFINITY)));
        [least, greatest(below.bitselect(shares, f32x8::splat(f32::NEG_INFINITY)))]
    }

    /// Its shares where there has been a memory for `age_days`: before, everything is new to everybody. `None` where time plays no
    /// part.
    #[must_use]
    pub fn settled(&self, age_days: f32) -> Option<Settled> {
        self.settled_within(age_days, 1.0)
    }

    /// The same where it is known that at most so great a share is new for want of memory: that of all that is new there.
    #[must_use]
    pub fn settled_within(&self, age_days: f32, most: f32) -> Option<Settled> {
        let settling = self.settling.as_ref()?;
        let age = f32x8::splat(-age_days.max(0.0));
        let most = f32x8::splat(most);
        let unsettled =
            |settling: f32x8, at_once: f32| (f32x8::splat(1.0 - at_once) * (age / settling).exp()).fast_min(most);
        let scam_unsettled = settling.scam.map_or(f32x8::ZERO, |days| unsettled(days, SCAM_AT_ONCE));
        let unsettled = unsettled(settling.innocent, AT_ONCE);
        Some(Settled {
            innocent: self.innocent + (f32x8::ONE - self.innocent) * unsettled,
            scam: self.scam + (f32x8::ONE - self.scam) * scam_unsettled,
            degree: 1.0 - greatest(unsettled) / (1.0 - AT_ONCE),
            slot: settling.slot,
        })
    }
}

/// Days until most of what comes again has come once, lane by lane.
#[derive(Clone, Copy, Debug)]
pub struct Settling {
    /// Its place among those of its sheet of which alternatives settle too.
    pub slot: Option<usize>,
    /// In each innocent class.
    pub innocent: f32x8,
    /// In each scam alternative; `None` where these are as they are from the start.
    pub scam: Option<f32x8>,
}

/// The features of a family, side by side on their sheet.
#[derive(Clone, Debug)]
pub struct Run {
    /// The family.
    pub family: Family,
    /// Their columns.
    pub columns: Range<usize>,
    /// The most it may bring, in nats.
    pub cap: f32,
}

/// The tables, checked and laid out in lanes.
#[derive(Debug)]
pub struct Tables {
    version: String,
    hash: u64,
    /// Beginnings of what tools for scanning call themselves, in lower case.
    scanners: Vec<String>,
    sheets: [Sheet; SheetName::COUNT],
    weeks: Weeks,
    confusables: Confusables,
    high_cost: HighCost,
    beside: String,
    profile: Option<Profile>,
    corridors: Vec<((Country, Box<str>), f32)>,
}

/// The data files that make the tables: their text.
#[derive(Clone, Copy, Debug)]
pub struct DataFiles<'t> {
    /// What innocent traffic and scams look like.
    pub classes: &'t str,
    /// When people work.
    pub hours: &'t str,
    /// Which letters look alike.
    pub confusables: &'t str,
    /// Which numbers are dear to call.
    pub high_cost: &'t str,
    /// What the operator's own innocents are like, where that was learned.
    pub profile: Option<&'t str>,
}

/// Those that come with the program.
impl Default for DataFiles<'_> {
    fn default() -> Self {
        Self { classes: OURS, hours: hours::OURS, confusables: names::OURS, high_cost: high_cost::OURS, profile: None }
    }
}

/// One of the data files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFile {
    /// What innocent traffic and scams look like.
    Classes,
    /// When people work.
    Hours,
    /// Which letters look alike.
    Confusables,
    /// Which numbers are dear to call.
    HighCost,
    /// What the operator's own innocents are like.
    Profile,
}

impl DataFile {
    /// Its key under `[tables]` of the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classes => "classes",
            Self::Hours => "hours",
            Self::Confusables => "confusables",
            Self::HighCost => "high_cost",
            Self::Profile => "profile",
        }
    }
}

/// The laws of one sheet.
#[derive(Debug)]
pub struct Sheet {
    name: SheetName,
    spread: f32,
    laws: [Law; COLUMNS],
    families: Vec<Run>,
    classes: [ClassName; CLASSES],
    alternatives: [(String, Kind); ALTERNATIVES],
    licensed: u8,
    silences: u32,
    spreads: f32x8,
    rate_max: f32x8,
    as_ever: u8,
}

/// An innocent class: its word and what it is.
#[derive(Clone, Debug)]
pub struct ClassName {
    /// The word in records.
    pub name: String,
    /// What a person calls it.
    pub about: String,
}

/// What is wrong with a data file.
#[derive(Debug)]
pub struct TablesError {
    /// Which.
    pub file: DataFile,
    /// What is wrong, each at its place.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for TablesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.name())?;
        self.mistakes.iter().try_for_each(|mistake| write!(f, "\n{mistake}"))
    }
}

impl std::error::Error for TablesError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    spread: f32,
    #[serde(default)]
    scanners: Vec<String>,
    sheet: Vec<SheetRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetRow {
    name: SheetName,
    settling_days: BTreeMap<String, f32>,
    #[serde(default)]
    innocent_settling_days: BTreeMap<String, f32>,
    class: Vec<ClassRow>,
    alternative: Vec<AlternativeRow>,
}

#[derive(Deserialize)]
struct ClassRow {
    name: String,
    about: String,
    #[serde(default)]
    needs_licence: bool,
    #[serde(default)]
    bursts: bool,
    #[serde(default)]
    as_ever: bool,
    rate_nats_max: Option<f32>,
    spread: Option<f32>,
    caller_new_settling_days: Option<f32>,
    #[serde(flatten)]
    shares: BTreeMap<String, f32>,
}

#[derive(Deserialize)]
struct AlternativeRow {
    name: String,
    kind: Kind,
    caller_new_settling_days: Option<f32>,
    #[serde(flatten)]
    shares: BTreeMap<String, f32>,
}

impl Tables {
    /// The tables that come with the program.
    ///
    /// # Errors
    /// Never for the files as they stand; a test reads them.
    pub fn ours() -> Result<Self, TablesError> {
        Self::of(&DataFiles::default())
    }

    /// Reads and checks the files.
    ///
    /// # Errors
    /// All that is wrong with the first that has mistakes: of class tables text that is no TOML, sheets other than the five, a
    /// number of classes or alternatives other than eight, a share that is missing, unknown, or outside 0.001 to 0.999.
    pub fn of(files: &DataFiles<'_>) -> Result<Self, TablesError> {
        let wrong = |file| move |mistakes| TablesError { file, mistakes };
        let mut classes: File = data(files.classes, flaws).map_err(wrong(DataFile::Classes))?;
        let profile = files.profile.map(Profile::read).transpose().map_err(wrong(DataFile::Profile))?;
        if let Some(profile) = &profile {
            classes.sheet.iter_mut().for_each(|sheet| sheet.learn(profile));
        }
        let sheet = |name: SheetName| {
            let row = classes.sheet.iter().find(|sheet| sheet.name == name);
            // It was found just now, and is sound.
            row.and_then(|row| Sheet::read(row, classes.spread))
                .ok_or(TablesError { file: DataFile::Classes, mistakes: Vec::new() })
        };
        let [caller, destination, route, scan, burst] = SheetName::ALL;
        let own = [files.classes, files.hours, files.confusables, files.high_cost];
        let version = match &profile {
            Some(profile) => format!("{}, learned {}", classes.version, profile.version()),
            None => classes.version.clone(),
        };
        Ok(Self {
            hash: hash(own.into_iter().chain(files.profile)),
            beside: format!("{} {:016x}", classes.version, hash(own)),
            corridors: profile.as_ref().map(Profile::corridors).unwrap_or_default(),
            profile,
            scanners: classes.scanners.iter().map(|name| name.to_ascii_lowercase()).collect(),
            sheets: [sheet(caller)?, sheet(destination)?, sheet(route)?, sheet(scan)?, sheet(burst)?],
            weeks: Weeks::read(files.hours).map_err(wrong(DataFile::Hours))?,
            confusables: Confusables::read(files.confusables).map_err(wrong(DataFile::Confusables))?,
            high_cost: HighCost::read(files.high_cost).map_err(wrong(DataFile::HighCost))?,
            version,
        })
    }

    /// Version of the class tables, as it is written there, and of what was learned beside them.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// 64 bits of the bytes of all files: two that differ are told apart in an alert.
    #[must_use]
    pub const fn hash(&self) -> u64 {
        self.hash
    }

    /// Whether what calls itself so is a tool that is made for scanning.
    #[must_use]
    pub fn is_scanner(&self, user_agent: &[u8]) -> bool {
        let begins =
            |name: &String| user_agent.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()));
        self.scanners.iter().any(begins)
    }

    /// What was learned of the operator's own innocents.
    #[must_use]
    pub const fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    /// Version and hash of the files without what was learned: beside these a profile is made.
    #[must_use]
    pub fn beside(&self) -> &str {
        &self.beside
    }

    /// How many times the odds of working time on a call from a country to a part of the world are those on all calls.
    #[must_use]
    pub fn corridor_odds(&self, from: Country, to: &str) -> f32 {
        let found = self.corridors.binary_search_by(|((own, region), _)| (*own, &**region).cmp(&(from, to))).ok();
        found.and_then(|place| self.corridors.get(place)).map_or(1.0, |(_, odds)| *odds)
    }

    /// When people work.
    #[must_use]
    pub const fn weeks(&self) -> &Weeks {
        &self.weeks
    }

    /// Which letters look alike.
    #[must_use]
    pub const fn confusables(&self) -> &Confusables {
        &self.confusables
    }

    /// Numbers that are dear to call, besides those that the operator lists.
    #[must_use]
    pub const fn high_cost(&self) -> &HighCost {
        &self.high_cost
    }

    /// A sheet.
    #[must_use]
    pub fn sheet(&self, name: SheetName) -> &Sheet {
        let [first, ..] = &self.sheets;
        self.sheets.get(name as usize).unwrap_or(first)
    }
}

/// The greatest of all lanes.
#[must_use]
#[inline]
pub fn greatest(lanes: f32x8) -> f32 {
    // `f32::max` asks whether either is no number, five times the work of this.
    let more = |a: f32, b: f32| if a > b { a } else { b };
    let [low, high]: [f32x4; 2] = bytemuck::cast(lanes);
    let [a, b, c, d] = low.fast_max(high).to_array();
    more(more(a, b), more(c, d))
}

impl Law {
    /// Says nothing.
    const EVEN: Self = Self {
        feature: Feature::FirstContact,
        innocent: f32x8::HALF,
        scam: f32x8::HALF,
        silent: None,
        beyond: [f32x8::ZERO; 2],
        leads: [f32::INFINITY, f32::NEG_INFINITY],
        told: [Told::EVEN; 2],
        family: 0,
        settling: None,
    };
}

impl Sheet {
    /// A sheet of which [`flaws`] has found nothing wrong.
    fn read(row: &SheetRow, spread: f32) -> Option<Self> {
        let classes: &[ClassRow; CLASSES] = row.class.as_slice().try_into().ok()?;
        let alternatives: &[AlternativeRow; ALTERNATIVES] = row.alternative.as_slice().try_into().ok()?;
        let share = |shares: &BTreeMap<String, f32>, feature: Feature| shares.get(feature.name()).copied();
        let mut laws = [Law::EVEN; COLUMNS];
        let families = runs(row.name.features());
        for (law, &feature) in laws.iter_mut().zip(row.name.features()) {
            law.feature = feature;
            law.family = families.iter().position(|run| run.columns.contains(&feature.column())).unwrap_or(0);
            law.innocent = f32x8::new(classes.each_ref().map(|row| share(&row.shares, feature).unwrap_or(0.5)));
            law.scam = f32x8::new(alternatives.each_ref().map(|row| share(&row.shares, feature).unwrap_or(0.5)));
            let says = alternatives.each_ref().map(|row| share(&row.shares, feature).map_or(0.0, |_| 1.0));
            law.silent = Some(f32x8::new(says).simd_eq(f32x8::ZERO)).filter(|silent| silent.any());
            let (least, most) = (-greatest(-law.innocent), greatest(law.innocent));
            law.beyond = [law.scam.simd_gt(f32x8::splat(most)), law.scam.simd_lt(f32x8::splat(least))];
            law.leads = law.leads_of(law.scam);
            law.told = [false, true].map(|shown| Told::side(law.scam, shown));
            law.settling = row.settling(feature);
        }
        Some(Self {
            name: row.name,
            spread,
            laws,
            families,
            classes: classes.each_ref().map(|row| ClassName { name: row.name.clone(), about: row.about.clone() }),
            alternatives: alternatives.each_ref().map(|row| (row.name.clone(), row.kind)),
            silences: laws.iter().rev().fold(0, |bits, law| bits << 1 | u32::from(law.silent.is_some())),
            spreads: f32x8::new(classes.each_ref().map(|row| row.spread.unwrap_or(spread).clamp(1.0, 10_000.0))),
            rate_max: f32x8::new(classes.each_ref().map(ClassRow::rate_max)),
            licensed: lanes(classes, |row| row.needs_licence),
            as_ever: lanes(classes, |row| row.as_ever),
        })
    }

    /// Its features, in the order of its columns.
    #[must_use]
    pub const fn features(&self) -> &'static [Feature] {
        self.name.features()
    }

    /// Prior calls of the beta distribution in which the entities of a class differ.
    #[must_use]
    pub const fn spread(&self) -> f32 {
        self.spread
    }

    /// The laws of its columns.
    #[must_use]
    pub fn laws(&self) -> &[Law] {
        self.laws.get(..self.features().len()).unwrap_or(&self.laws)
    }

    /// Its families.
    #[must_use]
    pub fn families(&self) -> &[Run] {
        &self.families
    }

    /// The law of a column.
    #[inline]
    #[must_use]
    pub fn law(&self, column: usize) -> &Law {
        let [first, ..] = &self.laws;
        self.laws.get(column).unwrap_or(first)
    }

    /// The columns of which some alternative says nothing, a bit a column.
    #[must_use]
    pub const fn silences(&self) -> u32 {
        self.silences
    }

    /// An innocent class.
    #[must_use]
    pub fn class(&self, lane: usize) -> &ClassName {
        let [first, ..] = &self.classes;
        self.classes.get(lane).unwrap_or(first)
    }

    /// All innocent classes.
    #[must_use]
    pub const fn classes(&self) -> &[ClassName] {
        &self.classes
    }

    /// The classes that need a licence, a bit a class.
    #[must_use]
    pub const fn licensed(&self) -> u8 {
        self.licensed
    }

    /// The most that a high rate says against each class, in nats: nothing where calls come in storms by nature.
    #[must_use]
    pub const fn rate_max(&self) -> f32x8 {
        self.rate_max
    }

    /// Prior calls of each class, where they differ.
    #[must_use]
    pub const fn spreads(&self) -> f32x8 {
        self.spreads
    }

    /// The classes in which an entity's calls stay as they ever were, a bit a class.
    #[must_use]
    pub const fn as_ever(&self) -> u8 {
        self.as_ever
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> SheetName {
        self.name
    }

    /// The kinds of its scam alternatives.
    #[must_use]
    pub fn kinds(&self) -> [Kind; ALTERNATIVES] {
        self.alternatives.each_ref().map(|(_, kind)| *kind)
    }

    /// The kind of a scam alternative.
    #[must_use]
    pub fn kind(&self, lane: usize) -> Kind {
        self.alternatives.get(lane).map_or(Kind::ScamCallCentre, |(_, kind)| *kind)
    }
}

/// The families of a sheet's features, in the order of its columns; a test rules out that there are too many.
fn runs(features: &[Feature]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (column, feature) in features.iter().enumerate() {
        let before = column.checked_sub(1).and_then(|before| features.get(before));
        match runs.last_mut().filter(|_| before.is_some_and(|before| before.family() == feature.family())) {
            Some(run) => run.columns.end = column + 1,
            None => {
                let family = feature.family();
                runs.push(Run { family, columns: column..column + 1, cap: family.cap() });
            }
        }
    }
    runs
}

impl SheetRow {
    /// What a profile says of a share counts in place of it.
    fn learn(&mut self, profile: &Profile) {
        for row in &mut self.class {
            for &feature in self.name.features() {
                let learned = profile.share(self.name, &row.name, feature);
                if let Some((share, learned)) = row.shares.get_mut(feature.name()).zip(learned) {
                    *share = learned;
                }
            }
        }
    }
}

impl ClassRow {
    fn rate_max(&self) -> f32 {
        let most = Family::Burst.cap();
        self.rate_nats_max.unwrap_or(if self.bursts { 0.0 } else { most }).clamp(0.0, most)
    }
}

impl SheetRow {
    /// How fast a feature settles, if time plays a part in it.
    fn settling(&self, feature: Feature) -> Option<Settling> {
        let slot = self.settling_days.keys().position(|name| name == feature.name());
        let of_both = self.settling_days.get(feature.name());
        let &days = of_both.or_else(|| self.innocent_settling_days.get(feature.name()))?;
        // Only the caller's number settles at another pace in each class.
        let own = |own: Option<f32>| own.filter(|_| feature == Feature::CallerNew).unwrap_or(days).max(0.001);
        let lane = |lane: usize| self.class.get(lane).and_then(|row| row.caller_new_settling_days);
        let scam_lane = |lane: usize| self.alternative.get(lane).and_then(|row| row.caller_new_settling_days);
        Some(Settling {
            slot,
            innocent: f32x8::new(std::array::from_fn(|at| own(lane(at)))),
            scam: of_both.map(|_| f32x8::new(std::array::from_fn(|at| own(scam_lane(at))))),
        })
    }
}

/// A bit for each class of which something is true.
fn lanes(classes: &[ClassRow; CLASSES], holds: impl Fn(&ClassRow) -> bool) -> u8 {
    classes.iter().enumerate().fold(0, |bits, (lane, row)| bits | u8::from(holds(row)) << lane)
}

/// All that is wrong with class tables that are TOML of their form.
fn flaws(file: &File) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if !(1.0..=10_000.0).contains(&file.spread) {
        let what = format!("spread = {}: 1 to 10000 prior calls are wanted", file.spread);
        flaws.push(Flaw::error("spread", what));
    }
    for name in SheetName::ALL.iter().filter(|&&name| !file.sheet.iter().any(|sheet| sheet.name == name)) {
        flaws.push(Flaw::error("sheet", format!("there is no sheet \"{}\"", name.name())));
    }
    for (at, sheet) in file.sheet.iter().enumerate() {
        let path = format!("sheet/{at}");
        if file.sheet.iter().take(at).any(|before| before.name == sheet.name) {
            flaws.push(Flaw::error(format!("{path}/name"), "there is such a sheet already: each is there once"));
        }
        let of_innocent = &sheet.innocent_settling_days;
        for (days, name) in [(&sheet.settling_days, "settling_days"), (of_innocent, "innocent_settling_days")] {
            if let Some(key) = days.keys().find(|&key| !has_feature(sheet.name, key)) {
                flaws.push(Flaw::error(format!("{path}/{name}/{key}"), unknown(sheet.name, key)));
            }
        }
        if let Some(key) = of_innocent.keys().find(|&key| sheet.settling_days.contains_key(key)) {
            let what = format!("{key} stands in settling_days, of scams and of the innocent, already");
            flaws.push(Flaw::error(format!("{path}/innocent_settling_days/{key}"), what));
        }
        if sheet.settling_days.len() > SETTLING_MAX {
            let what = format!("at most {SETTLING_MAX} features of a sheet settle");
            flaws.push(Flaw::error(format!("{path}/settling_days"), what));
        }
        for (rows, wanted, what) in
            [(sheet.class.len(), CLASSES, "class"), (sheet.alternative.len(), ALTERNATIVES, "alternative")]
        {
            if rows != wanted {
                let what = format!("{rows} [[sheet.{what}]]: exactly {wanted} are wanted");
                flaws.push(Flaw::error(path.clone(), what));
            }
        }
        for (place, row) in sheet.class.iter().enumerate() {
            check_shares(sheet.name, &row.name, &row.shares, true, &format!("{path}/class/{place}"), &mut flaws);
        }
        for (place, row) in sheet.alternative.iter().enumerate() {
            check_shares(sheet.name, &row.name, &row.shares, false, &format!("{path}/alternative/{place}"), &mut flaws);
        }
    }
    flaws
}

/// A class says something of every feature, an alternative of those that it is known by.
fn check_shares(
    sheet: SheetName,
    name: &str,
    shares: &BTreeMap<String, f32>,
    all: bool,
    path: &str,
    flaws: &mut Vec<Flaw>,
) {
    let missing = sheet.features().iter().filter(|feature| all && !shares.contains_key(feature.name()));
    for feature in missing {
        let what = format!("{name}: {} is missing: the share of calls that show it, 0.001 to 0.999", feature.name());
        flaws.push(Flaw::error(path, what));
    }
    for (key, share) in shares {
        let at = format!("{path}/{key}");
        if !has_feature(sheet, key) {
            flaws.push(Flaw::error(at, format!("{name}: {}", unknown(sheet, key))));
        } else {
            flaws.extend(share_flaw(at, &format!("{name}: {key}"), *share));
        }
    }
}

/// What is wrong with a share, which `what` names.
pub(crate) fn share_flaw(path: String, what: &str, share: f32) -> Option<Flaw> {
    let wrong = !(0.001..=0.999).contains(&share);
    wrong.then(|| Flaw::error(path, format!("{what} = {share}: a share of 0.001 to 0.999 is wanted")))
}

pub(crate) fn has_feature(sheet: SheetName, key: &str) -> bool {
    sheet.features().iter().any(|feature| feature.name() == key)
}

/// That a key is no feature of a sheet, and which was probably meant.
pub(crate) fn unknown(sheet: SheetName, key: &str) -> String {
    let meant = nearest(key, sheet.features().iter().map(|feature| feature.name()));
    let meant = meant.map(|meant| format!(": did you mean {meant}?")).unwrap_or_default();
    format!("{key} is no feature of the sheet \"{}\"{meant}", sheet.name())
}

/// FNV-1a: short, the same everywhere, and only ever compared with itself.
fn hash<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    // No text of UTF-8 holds the byte that ends each.
    let bytes = texts.into_iter().flat_map(|text| text.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sheet_has_more_families_than_a_frame_has_room_for() {
        for name in SheetName::ALL {
            let runs = runs(name.features());
            assert!(runs.len() <= FAMILIES_MAX, "{name:?}");
            assert_eq!(runs.iter().map(|run| run.columns.len()).sum::<usize>(), name.features().len());
        }
    }

    #[test]
    fn our_tables_are_sound() {
        let tables = Tables::ours().unwrap();
        let sheet = tables.sheet(SheetName::Caller);
        assert_eq!(sheet.class(0).name, "residential");
        assert_eq!(sheet.kind(0), Kind::ScamCallCentre);
        assert!(sheet.law(Feature::FirstContact.column()).settling.is_some());
    }

    #[test]
    fn nobody_was_called_yet_where_a_memory_begins() {
        let tables = Tables::ours().unwrap();
        let law = tables.sheet(SheetName::Caller).law(Feature::NeverCalled.column());
        let [at_once, later] = [0.0, 60.0].map(|days| law.settled(days).unwrap());
        assert!(-greatest(-at_once.innocent) > 0.95 && greatest((later.innocent - law.innocent).abs()) < 1e-6);
        assert_eq!((at_once.scam.to_array(), at_once.slot), (law.scam.to_array(), None));
    }

    #[test]
    fn what_is_wrong_is_said_where_it_stands() {
        let check = |from: &str, to: &str, says: &str| {
            let classes = &OURS.replacen(from, to, 1);
            let error = Tables::of(&DataFiles { classes, ..DataFiles::default() }).unwrap_err();
            let line = OURS.split(from).next().unwrap().matches('\n').count() + to.matches('\n').count() + 1;
            let said = error.mistakes.iter().find(|mistake| mistake.what.contains(says));
            assert!(said.is_some_and(|said| said.line as usize == line), "{error}, where {says} is wanted at {line}");
        };
        check("first_contact = 0.15", "first_contact = 1.5", "residential: first_contact = 1.5: a share of 0.001");
        check("spread = 30.0", "spread = 0.0", "spread = 0: 1 to 10000");
        check("\nanswered = 0.62", "\nansweredd = 0.62", "residential: answeredd is no feature");
        check("\nanswered = 0.62", "\nansweredd = 0.62", "did you mean answered?");
        check("kind = \"wangiri\"", "kind = \"wangir\"", "wangir");
        check("name = \"route\"", "name = \"caller\"", "there is such a sheet already");
        check("first_contact = 7.0", "first_contac = 7.0", "did you mean first_contact?");
        check("never_called = 3.0", "never_caled = 3.0", "did you mean never_called?");
        check("never_called = 3.0", "first_contact = 3.0", "first_contact stands in settling_days");
        let missing = &OURS.replacen("answered = 0.62\n", "", 1);
        let error = Tables::of(&DataFiles { classes: missing, ..DataFiles::default() }).unwrap_err().to_string();
        assert!(error.contains("residential: answered is missing"), "{error}");
        let short = &OURS.replacen("[[sheet.class]]", "[[sheet.clas]]", 1);
        assert!(Tables::of(&DataFiles { classes: short, ..DataFiles::default() }).is_err());
    }

    #[test]
    fn every_file_is_in_the_hash() {
        let with = |files: DataFiles<'_>| Tables::of(&files).unwrap().hash();
        let ours = DataFiles::default();
        let changed = |text: &str| format!("{text}# another\n");
        let [classes, hours, confusables, high_cost] =
            [ours.classes, ours.hours, ours.confusables, ours.high_cost].map(changed);
        let hashes = [
            with(ours),
            with(DataFiles { classes: &classes, ..ours }),
            with(DataFiles { hours: &hours, ..ours }),
            with(DataFiles { confusables: &confusables, ..ours }),
            with(DataFiles { high_cost: &high_cost, ..ours }),
        ];
        let different: std::collections::BTreeSet<_> = hashes.into_iter().collect();
        assert_eq!(different.len(), hashes.len());
    }
}

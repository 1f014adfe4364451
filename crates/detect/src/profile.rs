//! A profile: what the operator's own innocents are like, as `greyline replay --learn` writes it and `[tables]` of the
//! configuration names it. It lies over the class tables: where it says something of a share, that counts in place of theirs.
//!
//! - **Shares** of a class. Of what was seen (`known` calls of different entities, `shown` of them with the feature) and the share
//!   `p` in force becomes `(300 p + shown) / (300 + known)`: the tables count for [`PRIOR_CALLS`]; below [`CALLS_MIN`] calls
//!   nothing changes. An operator's weeks may hold a fraud that nobody knows of, made to look harmless until it is usual, so the
//!   odds move by at most 5 % for each day seen (SCIENCE 7), and never beyond [`EVER`] times those that come with the program.
//! - **Corridors**: how the odds of working time differ on calls from one country to one part of the world from those on all calls,
//!   shrunk and bounded alike. They count on top of the share of each class.
//! - **Rates**: usual calls of each hour of the week, of the tap and of each trunk by its name, with the days that they rest on. An
//!   hour is known after three days; from then on it is raised by at most 5 % a day, as ever.
//! - **The mixture**: how much of each sheet's calls was of which class. Evidence is the least over all classes, so this changes
//!   nothing; it is for whoever reads the file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use config::{Flaw, Known, Mistake, data};
use numbers::Country;
use serde::Deserialize;
use types::Nanos;

use crate::entity::{Entity, Origin};
use crate::feature::{Feature, SheetName};
use crate::judge::DAY_NANOS;
use crate::learner::{Learner, Seen};
use crate::rate::{HOURS, Rate};
use crate::tables::{CLASSES, Tables, has_feature, share_flaw, unknown};

/// Calls that a share in force counts for.
const PRIOR_CALLS: f64 = 300.0;
/// Calls of different entities below which nothing changes.
const CALLS_MIN: f64 = 100.0;
/// Growth or decline of odds that a day may teach.
const A_DAY: f64 = 1.05;
/// And all days together, over what comes with the program.
const EVER: f64 = 4.0;
/// Corridors that are written and read.
const CORRIDORS_MAX: usize = 10_000;

/// What is said of a profile beside its figures.
#[derive(Clone, Debug)]
pub struct Imprint {
    /// Who learned it: the program and its version.
    pub by: String,
    /// A moment as it is written.
    pub time: fn(Nanos) -> String,
}

/// A profile as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    version: String,
    learned: Learned,
    #[serde(default)]
    class: Vec<ClassRow>,
    hours: Option<HoursRow>,
    #[serde(default)]
    corridor: Vec<CorridorRow>,
    #[serde(default)]
    rate: Vec<RateRow>,
}

/// From what it was learned.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "most of it is for whoever reads the file")]
struct Learned {
    by: String,
    tables: String,
    from: String,
    until: String,
    calls: u64,
    calls_of_alerts: u64,
    hours_dropped: u64,
    calls_dropped: u64,
}

#[derive(Clone, Debug, Deserialize)]
struct ClassRow {
    sheet: SheetName,
    name: String,
    #[expect(dead_code, reason = "for whoever reads the file")]
    share_of_calls: Option<f32>,
    #[serde(flatten)]
    shares: BTreeMap<String, ShareRow>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what was seen is for whoever reads the file")]
struct ShareRow {
    share: f32,
    seen: f32,
    calls: u64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursRow {
    /// Share of all calls in working hours.
    working: f32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CorridorRow {
    from: config::Country,
    to: String,
    working: f32,
    #[expect(dead_code, reason = "for whoever reads the file")]
    calls: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RateRow {
    /// The name of a trunk; the whole tap without it.
    trunk: Option<String>,
    usual: Vec<f32>,
    days: Vec<u32>,
    variation: f32,
    hours: u32,
}

impl Profile {
    /// Reads a file.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        data(text, flaws)
    }

    /// Version written in the file.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// From when to when it was learned.
    #[must_use]
    pub fn span(&self) -> (&str, &str) {
        (&self.learned.from, &self.learned.until)
    }

    /// Version and hash of the tables beside which it was learned.
    #[must_use]
    pub fn beside(&self) -> &str {
        &self.learned.tables
    }

    /// How many shares, corridors and rates it has.
    #[must_use]
    pub fn sizes(&self) -> [usize; 3] {
        [self.class.iter().map(|row| row.shares.len()).sum(), self.corridor.len(), self.rate.len()]
    }

    /// Its trunks that the configuration does not have.
    pub fn strangers<'p>(&'p self, known: &'p Known) -> impl Iterator<Item = &'p str> {
        let is_known = |name: &str| known.config().trunk.iter().any(|trunk| trunk.name == name);
        self.rate.iter().filter_map(|row| row.trunk.as_deref()).filter(move |name| !is_known(name))
    }

    /// The share of a feature in a class, where it says something of it.
    pub(crate) fn share(&self, sheet: SheetName, class: &str, feature: Feature) -> Option<f32> {
        let row = self.class.iter().find(|row| row.sheet == sheet && row.name == class)?;
        row.shares.get(feature.name()).map(|row| row.share)
    }

    /// How many times the odds of working time on a call from a country to a part of the world are those on all calls, in order.
    pub(crate) fn corridors(&self) -> Vec<((Country, Box<str>), f32)> {
        let Some(all) = self.hours.map(|row| f64::from(row.working)) else { return Vec::new() };
        let each = self.corridor.iter().map(|row| {
            let times = (odds(f64::from(row.working)) / odds(all)).clamp(1.0 / EVER, EVER);
            ((row.from.get(), row.to.as_str().into()), times as f32)
        });
        let mut corridors: Vec<_> = each.collect();
        corridors.sort_by(|(a, _), (b, _)| a.cmp(b));
        corridors
    }

    /// The usual rate of a trunk, or of the whole tap, as it is watched from `at`.
    fn rate(&self, trunk: Option<&str>, at: Nanos) -> Option<Rate> {
        let row = self.rate.iter().find(|row| row.trunk.as_deref() == trunk)?;
        let (mut usual, mut days) = ([0.0; HOURS], [0; HOURS]);
        for (slot, calls) in usual.iter_mut().zip(&row.usual) {
            *slot = *calls;
        }
        for (slot, seen) in days.iter_mut().zip(&row.days) {
            *slot = u8::try_from(*seen).unwrap_or(u8::MAX);
        }
        Some(Rate::learned(at, usual, days, row.variation, row.hours as f32))
    }

    /// The usual rate of the whole tap.
    pub(crate) fn rate_of_tap(&self, at: Nanos) -> Option<Rate> {
        self.rate(None, at)
    }

    /// The usual rate of an entity that has a name which stays.
    pub(crate) fn rate_of(&self, known: &Known, entity: &Entity, at: Nanos) -> Option<Rate> {
        let Entity::Origin(Origin::Trunk(trunk)) = entity else { return None };
        self.rate(Some(&known.trunk(*trunk)?.name), at)
    }
}

fn flaws(file: &Profile) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (at, row) in file.class.iter().enumerate() {
        for (key, it) in &row.shares {
            let path = format!("class/{at}/{key}");
            if has_feature(row.sheet, key) {
                flaws.extend(share_flaw(path, key, it.share));
            } else {
                flaws.push(Flaw::error(path, unknown(row.sheet, key)));
            }
        }
        if file.class.iter().take(at).any(|before| (before.sheet, &before.name) == (row.sheet, &row.name)) {
            flaws.push(Flaw::error(format!("class/{at}/name"), format!("{} is there twice", row.name)));
        }
    }
    if let Some(row) = &file.hours {
        flaws.extend(share_flaw("hours/working".to_owned(), "working", row.working));
    }
    if file.corridor.len() > CORRIDORS_MAX {
        flaws.push(Flaw::error("corridor", format!("{} corridors: at most {CORRIDORS_MAX}", file.corridor.len())));
    }
    if file.hours.is_none() && !file.corridor.is_empty() {
        flaws.push(Flaw::error(
            "corridor",
            "corridors are held against [hours] working, the share of all calls: add it",
        ));
    }
    for (at, row) in file.corridor.iter().enumerate() {
        flaws.extend(share_flaw(format!("corridor/{at}/working"), "working", row.working));
    }
    for (at, row) in file.rate.iter().enumerate() {
        if row.usual.len() != HOURS || row.days.len() != HOURS {
            let what = format!(
                "`usual` has {} and `days` {} entries: {HOURS} are wanted, the hours of a working day and of a day of rest, UTC",
                row.usual.len(),
                row.days.len()
            );
            flaws.push(Flaw::error(format!("rate/{at}"), what));
        }
        if !row.usual.iter().all(|calls| (0.0..1e9).contains(calls)) {
            flaws.push(Flaw::error(format!("rate/{at}/usual"), "calls of an hour are 0 or more"));
        }
        if !(0.0..=1.0).contains(&row.variation) {
            let what = format!("variation = {}: 0 to 1 is wanted, the variance of a rate around 1", row.variation);
            flaws.push(Flaw::error(format!("rate/{at}/variation"), what));
        }
    }
    flaws
}

/// What was seen, beside the share in force and the one that comes with the program.
struct Fit {
    days: f64,
}

impl Fit {
    /// The share that it becomes; `None` where too little was seen.
    fn share(&self, seen: Seen, in_force: f64, ours: f64) -> Option<f64> {
        if seen.known < CALLS_MIN {
            return None;
        }
        let fitted = odds((PRIOR_CALLS * in_force + seen.shown) / (PRIOR_CALLS + seen.known));
        let factor = A_DAY.powf(self.days);
        let near = fitted.clamp(odds(in_force) / factor, odds(in_force) * factor);
        let held = near.clamp(odds(ours) / EVER, odds(ours) * EVER);
        Some((held / (1.0 + held)).clamp(0.001, 0.999))
    }
}

fn odds(share: f64) -> f64 {
    let share = share.clamp(1e-6, 1.0 - 1e-6);
    share / (1.0 - share)
}

impl Tables {
    /// The profile that was learned while these tables were in force, as it is written.
    pub(crate) fn profile_of(&self, learner: &Learner, known: &Known, imprint: &Imprint) -> String {
        let (first, last) = learner.span().unwrap_or_default();
        let fit = Fit { days: last.nanos_since(first) as f64 / DAY_NANOS };
        let (from, until) = ((imprint.time)(first), (imprint.time)(last));
        let day = |time: &str| time.split('T').next().unwrap_or_default().to_owned();
        let counts = learner.counts();
        let mut text = format!(
            "# What innocent calls are like at one tap, learned by `greyline replay --learn` from the traffic of this span. `[tables]` of\n\
             # the configuration names it as `profile`: it lies over the class tables, and its hash is part of that in every alert.\n\
             # Calls of alerts and hours in which an operation was under way unnoticed were left out; `calls` are those of different\n\
             # callers, `seen` is what they showed, `share` what counts: the tables weigh as much as {PRIOR_CALLS} calls, odds move by at\n\
             # most 5 % for each day seen, and never beyond {EVER} times those that come with the program.\n\
             version = {:?}\n\n[learned]\nby = {:?}\ntables = {:?}\nfrom = {from:?}\nuntil = {until:?}\ncalls = {}\n\
             calls_of_alerts = {}\nhours_dropped = {}\ncalls_dropped = {}\n",
            format!("{} to {}", day(&from), day(&until)),
            imprint.by,
            self.beside(),
            counts.calls,
            counts.of_alerts,
            counts.hours_dropped,
            counts.calls_dropped,
        );
        let ours = Self::ours().ok();
        for name in SheetName::ALL {
            self.classes_of(&mut text, name, learner, &fit, ours.as_ref());
        }
        self.corridors_of(&mut text, learner, &fit);
        rates_of(&mut text, learner, known);
        text
    }

    /// The share of a feature in a class, by its word.
    fn share(&self, sheet: SheetName, class: &str, feature: Feature) -> Option<f64> {
        let sheet = self.sheet(sheet);
        let lane = (0..CLASSES).find(|&lane| sheet.class(lane).name == class)?;
        sheet.law(feature.column()).innocent.to_array().get(lane).copied().map(f64::from)
    }

    fn classes_of(&self, text: &mut String, name: SheetName, learner: &Learner, fit: &Fit, ours: Option<&Self>) {
        let sheet = self.sheet(name);
        let known = |class: usize| sheet.features().iter().map(move |&it| learner.seen(it, class).known);
        let calls = |class: usize| known(class).fold(0.0, f64::max);
        let classes = 0..CLASSES;
        let all: f64 = classes.clone().map(calls).sum();
        for class in classes.filter(|&class| calls(class) > 0.0) {
            let _ = writeln!(
                text,
                "\n[[class]]\nsheet = {:?}\nname = {:?}\nshare_of_calls = {}",
                name.name(),
                sheet.class(class).name,
                figure(calls(class) / all)
            );
            for law in sheet.laws() {
                let seen = learner.seen(law.feature, class);
                let in_force = law.innocent.to_array().get(class).copied().map_or(0.5, f64::from);
                let shipped = ours.and_then(|ours| ours.share(name, &sheet.class(class).name, law.feature));
                if let Some(share) = fit.share(seen, in_force, shipped.unwrap_or(in_force)) {
                    let (name, saw) = (law.feature.name(), figure(seen.shown / seen.known));
                    let _ = writeln!(
                        text,
                        "{name} = {{ share = {}, seen = {saw}, calls = {:.0} }}",
                        figure(share),
                        seen.known
                    );
                }
            }
        }
    }

    fn corridors_of(&self, text: &mut String, learner: &Learner, fit: &Fit) {
        let sum = |of: fn(&Seen) -> f64| learner.corridors().values().map(of).sum::<f64>();
        let (known, shown) = (sum(|seen| seen.known), sum(|seen| seen.shown));
        if known < CALLS_MIN {
            return;
        }
        let all = (shown / known).clamp(0.001, 0.999);
        let _ = writeln!(text, "\n[hours]\nworking = {}", figure(all));
        for ((from, to), seen) in learner.corridors() {
            // Before anything is known a corridor is like all.
            let before = f64::from(self.corridor_odds(*from, to));
            let in_force = before * odds(all) / (1.0 + before * odds(all));
            let share =
                fit.share(*seen, in_force, all).filter(|_| from.as_str().len() == 2 && *from != Country::UNKNOWN);
            if let Some(share) = share {
                let (share, calls) = (figure(share), seen.known);
                let _ = writeln!(
                    text,
                    "\n[[corridor]]\nfrom = \"{from}\"\nto = {to:?}\nworking = {share}\ncalls = {calls:.0}"
                );
            }
        }
    }
}

fn rates_of(text: &mut String, learner: &Learner, known: &Known) {
    for (whose, week) in learner.weeks() {
        let name = whose.map(|trunk| known.trunk(trunk).map(|trunk| trunk.name.clone()));
        let name = match name {
            Some(None) => continue,
            Some(Some(name)) => format!("trunk = {name:?}\n"),
            None => String::new(),
        };
        let (usual, days): (Vec<_>, Vec<_>) =
            week.usual().map(|(calls, days)| (format!("{calls:.1}"), days.to_string())).unzip();
        let (variation, hours) = week.variation();
        let _ = writeln!(
            text,
            "\n[[rate]]\n{name}usual = [{}]\ndays = [{}]\nvariation = {}\nhours = {hours}",
            usual.join(", "),
            days.join(", "),
            figure(variation)
        );
    }
}

/// Five digits behind the point: more would be noise.
fn figure(value: f64) -> String {
    let text = format!("{value:.5}");
    let text = text.trim_end_matches('0');
    if text.ends_with('.') { format!("{text}0") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::Lesson;
    use crate::rate::HOUR_NANOS;
    use crate::tables::DataFiles;

    const MONDAY: u64 = 1_793_577_600;

    fn imprint() -> Imprint {
        Imprint { by: "greyline 0".to_owned(), time: |at| format!("{}T", at.get() / (24 * HOUR_NANOS)) }
    }

    /// So many callers of so many calls over so many days, of which `share` show first contacts, read as residential.
    fn learner(callers: u32, calls: u32, share: f64, days: u64) -> Learner {
        let mut learner = Learner::default();
        let start = Nanos::from_parts(MONDAY, 0);
        learner.on_call(start, None, true, None, (1, 30.0));
        for _ in 0..callers {
            for call in 1..=calls {
                let shown = (f64::from(call) * share) as u32 != (f64::from(call - 1) * share) as u32;
                let feature = Feature::FirstContact;
                let lesson = Lesson { feature, shown, weight: 1.0, class: 0, calls: call, spread: 30.0 };
                learner.observe(start, &lesson);
            }
        }
        learner.on_call(Nanos::from_parts(MONDAY + days * 86_400, 0), None, true, None, (1, 30.0));
        learner.finish();
        learner
    }

    fn written(beside: &Tables, learner: &Learner) -> String {
        beside.profile_of(learner, &Known::default(), &imprint())
    }

    fn share(profile: &str) -> f32 {
        let tables = Tables::of(&DataFiles { profile: Some(profile), ..DataFiles::default() }).unwrap();
        tables.sheet(SheetName::Caller).law(Feature::FirstContact.column()).innocent.to_array()[0]
    }

    fn check(callers: u32, calls: u32, seen: f64, days: u64, expected: std::ops::Range<f32>) {
        let learned = share(&written(&Tables::ours().unwrap(), &learner(callers, calls, seen, days)));
        assert!(expected.contains(&learned), "{callers} callers of {calls}, {seen} in {days} days: {learned}");
    }

    #[test]
    fn little_is_learned_from_little() {
        check(1_000, 200, 0.2, 14, 0.19..0.215); // what many show is believed
        check(20, 200, 0.2, 14, 0.155..0.18); // few show little
        check(1, 100_000, 0.9, 14, 0.149..0.151); // one caller nothing, however much it calls
        check(1_000, 20, 0.9, 14, 0.149..0.151); // who is hardly known is nobody
    }

    #[test]
    fn nothing_is_learned_faster_than_5_percent_a_day() {
        // Odds of 0.15 are 0.176: twice that after 14 days is a share of 0.26.
        check(10_000, 100, 0.9, 14, 0.25..0.265);
        check(10_000, 100, 0.9, 1, 0.15..0.16);
        // Two months would allow 18 times the odds; four times are ever allowed.
        check(10_000, 100, 0.9, 60, 0.40..0.42);
        check(10_000, 100, 0.001, 60, 0.04..0.05);
        // And learned again from what was learned, no further than that.
        let once = written(&Tables::ours().unwrap(), &learner(10_000, 100, 0.9, 60));
        let tables = Tables::of(&DataFiles { profile: Some(&once), ..DataFiles::default() }).unwrap();
        let twice = share(&written(&tables, &learner(10_000, 100, 0.9, 60)));
        assert!((0.40..0.42).contains(&twice), "{twice}");
    }

    #[test]
    fn what_is_written_is_read_and_told() {
        let ours = Tables::ours().unwrap();
        let mut learner = learner(1_000, 200, 0.2, 14);
        let (from, calls) = (Country::new(*b"GB").unwrap(), 2_000);
        for call in 0..calls {
            let working = call % 10 < if call % 2 == 0 { 9 } else { 3 };
            let to = if call % 2 == 0 { "Asia" } else { "Europe" };
            learner.on_call(Nanos::from_parts(MONDAY, 0), None, false, Some(((from, to), working)), (1, 30.0));
        }
        learner.finish();
        let text = written(&ours, &learner);
        let tables = Tables::of(&DataFiles { profile: Some(&text), ..DataFiles::default() }).unwrap();
        assert_eq!(tables.version(), format!("{}, learned 20759 to 20773", ours.version()));
        assert!(tables.hash() != ours.hash() && tables.beside() == ours.beside());
        assert_eq!(tables.profile().unwrap().beside(), ours.beside());
        assert!(tables.corridor_odds(from, "Asia") > 1.5 && tables.corridor_odds(from, "Europe") < 0.7, "{text}");
        assert_eq!(tables.corridor_odds(from, "Africa"), 1.0);
        assert_eq!(tables.profile().unwrap().sizes(), [1, 2, 1], "{text}");
    }

    #[test]
    fn what_is_wrong_is_told_at_its_place() {
        let text = written(&Tables::ours().unwrap(), &learner(1_000, 200, 0.2, 14));
        let check = |from: &str, to: &str, expected: &str| {
            assert!(text.contains(from), "{text}");
            let said = Profile::read(&text.replacen(from, to, 1)).unwrap_err();
            let line = text.split(from).next().unwrap().matches('\n').count() + 1;
            assert!(said[0].what.starts_with(expected) && said[0].line as usize == line, "{said:?}");
        };
        check(
            "first_contact = {",
            "first_contakt = {",
            "first_contakt is no feature of the sheet \"caller\": did you mean",
        );
        check("share = 0.2", "share = 1.2", "first_contact = 1.");
        check("usual = [1.0", "usual = [-1.0", "calls of an hour are 0 or more");
        check("[[rate]]\nusual = [", "[[rate]]\nusual = [1.0, ", "`usual` has 49 and `days` 48 entries: 48 are wanted");
        check("variation = 0", "variation = 7", "variation = 7");
    }

    #[test]
    fn rates_are_known_from_the_first_day() {
        let mut learner = Learner::default();
        for hour in 0..24 * 14 {
            for call in 0..20 {
                let at = Nanos::from_parts(MONDAY + hour * 3_600 + call * 180, 0);
                learner.on_call(at, None, true, None, (1, 30.0));
            }
        }
        learner.finish();
        let text = written(&Tables::ours().unwrap(), &learner);
        let start = MONDAY + 15 * 86_400 + 10 * 3_600;
        let mut rate = Profile::read(&text).unwrap().rate_of_tap(Nanos::from_parts(start, 0)).unwrap();
        let mut fresh = Rate::new(Nanos::from_parts(start, 0));
        for call in 0..100 {
            let at = Nanos::from_parts(start + call * 18, 0);
            rate.observe(at, 1.0);
            fresh.observe(at, 1.0);
        }
        assert!(rate.nats() > 8.0 && fresh.nats() == 0.0, "{} {}", rate.nats(), fresh.nats());
    }
}

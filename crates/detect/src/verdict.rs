//! What all that is known of an entity comes to.

use config::ProtectedId;
use types::Nanos;
use wide::f32x8;

use crate::burst::Pace;
use crate::delays::Early;
use crate::doors::{DOORS_MIN, Doors, Knocks};
use crate::entity::Entity;
use crate::feature::{Family, Feature, SheetName};
use crate::frame::{Frame, Question, Weight, Without};
use crate::kind::Kind;
use crate::landlines::{Calls, LANDLINES_MIN};
use crate::nodes::{Node, Peak, Usual};
use crate::report::{Because, Item};
use crate::rules::{EXCESS_MIN, REFILED_MIN, Rules};
use crate::tables::{Sheet, Tables};
use crate::terms::Terms;

/// Share of the bound on false alerts that calls, bursts and rules may use, as logarithms: 0.6, 0.2 and 0.2. A weighted mean of
/// e-values is an e-value however they depend on each other (Vovk and Wang 2021).
const CALLS_SHARE_LN: f32 = -0.510_826;
const BURST_SHARE_LN: f32 = -1.609_438;
const RULES_SHARE_LN: f32 = -1.609_438;

/// A licence speaks for its holder by so much, in nats: it may be abused.
const LICENCE_NATS: f32 = 6.0;

/// Calls of an entity of which one, at most, is made under a licence where all of it is said to have none.
const UNLICENSED_TIMES: u32 = 20;

/// Calls from which on it is known whether their numbers are called.
const CALLED_BACK_MIN: f32 = 6.0;

/// Conversations from which on calls are known to be made by people.
const CONVERSED_MIN: f32 = 5.0;

/// What is known of licences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Licence {
    /// Nobody has said which centres are licensed.
    Unasked,
    /// It has one.
    Held,
    /// It has none.
    None,
}

/// What all that is known of an entity comes to.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The guaranteed statistic: log of a weighted mean of e-values.
    pub guaranteed: f32,
    /// The score people see: the sum of what each family brings, each within its cap.
    pub score: f32,
    /// What it is.
    pub kind: Kind,
    /// The sheet that says most.
    pub sheet: SheetName,
    /// The innocent class of it that explains the calls best.
    pub class: usize,
    /// Whether a rule alone suffices.
    pub certain: bool,
}

/// What all that is known of an entity adds up to, in nats.
#[derive(Clone, Copy, Debug)]
pub struct Sums {
    /// What its calls are like, against the class they speak least against.
    weight: Weight,
    /// What those are like that come on top of the usual ones, where there are any.
    burst: Option<Weight>,
    /// What its calls bring, less what a licence speaks for it.
    calls: f32,
    /// What those bring that come on top.
    bursts: f32,
    /// What rules have found: protected numbers,
    number: f32,
    /// names,
    name: f32,
    /// numbers that nobody can call from,
    unfit: f32,
    /// calls beyond a licence,
    excess: f32,
    /// and doors that were tried.
    doors: f32,
}

impl Sums {
    const fn rules(&self) -> f32 {
        self.number + self.name + self.unfit + self.excess + self.doors
    }

    /// Whether somebody else's numbers or names are what says most.
    #[must_use]
    pub fn impersonates(&self) -> bool {
        let shown = self.number + self.name;
        shown > 0.0 && shown >= self.calls.max(self.bursts).max(self.unfit)
    }

    /// The guaranteed statistic: log of a weighted mean of e-values.
    #[must_use]
    pub fn guaranteed(&self) -> f32 {
        let of_rules = self.rules() + RULES_SHARE_LN;
        log_sum_exp([self.calls + CALLS_SHARE_LN, self.bursts + BURST_SHARE_LN, of_rules])
    }

    /// The score people see: the sum of what each family brings, each within its cap.
    #[must_use]
    pub const fn score(&self) -> f32 {
        self.calls.max(self.bursts).max(0.0) + self.rules()
    }
}

impl Node {
    /// What is known of its licence, where `registry` says that there are licences at all.
    #[must_use]
    pub const fn licence(&self, registry: bool) -> Licence {
        match (registry, self.licensed * 2 > self.calls) {
            (false, _) => Licence::Unasked,
            (true, true) => Licence::Held,
            (true, false) => Licence::None,
        }
    }

    /// Whether its evidence rests on calls enough. The wider an entity, the more: whatever is behind it shall show first.
    #[must_use]
    pub fn has_calls(&self) -> bool {
        let known = |feature: Feature| self.frame.count(feature).known;
        // What became of them, not whom they are for: a platform's new customer is a stranger to all of his at first.
        match self.entity.level() {
            Entity::ORIGIN_LEVEL => known(Feature::Answered) >= 60.0,
            Entity::STACK_LEVEL | Entity::SIGNER_LEVEL => known(Feature::Answered) >= 24.0,
            _ => self.entity.sheet().features().iter().any(|&feature| known(feature) >= 6.0),
        }
    }

    /// The evidence to tell of: of an entity that belongs to an operation the most there ever was.
    fn evidence(&self) -> &Frame {
        self.peak().map_or(&self.frame, |peak| &peak.frame)
    }

    fn peak(&self) -> Option<&Peak> {
        self.rare()?.peak.as_ref()
    }

    /// From when to when the calls are that a verdict at a moment weighs: of a burst those since it began, of an entity that belongs to an
    /// operation those of the most evidence there ever was.
    #[must_use]
    pub fn weighed(&self, verdict: &Verdict, at: Nanos) -> (Nanos, Nanos) {
        let burst = self.usual.as_deref().filter(|_| verdict.sheet == SheetName::Burst);
        match (burst.and_then(|usual| usual.burst.span(at)), self.peak()) {
            (Some(span), _) => span,
            (None, Some(peak)) => peak.span,
            (None, None) => (self.began_at, at),
        }
    }

    /// The rate to tell of, likewise.
    fn pace(&self) -> Option<Pace> {
        match self.peak() {
            Some(peak) => peak.pace,
            None => self.pace_now(),
        }
    }

    fn pace_now(&self) -> Option<Pace> {
        self.usual.as_deref().map(|usual| Pace::of(&usual.rate))
    }

    /// The delays of its answers.
    fn early(&self) -> Option<&Early> {
        self.rare().and_then(|rare| rare.early.as_ref())
    }

    /// The classes of a sheet that it cannot be, a bit a class: what is known to have no licence is none of the licensed.
    #[must_use]
    pub fn ruled_out(&self, sheet: &Sheet, registry: bool) -> u8 {
        if self.licence(registry) == Licence::None { sheet.licensed() } else { 0 }
    }

    /// Whether it keeps to numbers that are known there, and most of these are called too: they are somebody's own.
    #[must_use]
    pub fn is_called_back(&self) -> bool {
        let few = |feature| {
            let count = self.evidence().count(feature);
            count.known >= CALLED_BACK_MIN && 2.0 * count.shown < count.known
        };
        few(Feature::NeverCalled) && few(Feature::CallerNew)
    }

    /// Whether licences are registered, hardly any of its calls is made under one, and people talk in them: an announcement needs no
    /// agents, and no licence.
    fn is_unlicensed(&self, frame: &Frame, registry: bool) -> bool {
        let outside = registry && self.licensed * UNLICENSED_TIMES <= self.calls;
        outside && frame.count(Feature::Conversed).shown >= CONVERSED_MIN
    }

    /// Whether its calls, made under no licence, are like a centre's in more than one respect.
    #[must_use]
    pub fn is_centre_beyond(&self, tables: &Tables, terms: &Terms, nats: f32) -> bool {
        let sheet = tables.sheet(self.entity.sheet());
        let question = self.question(sheet, terms, Without::Nothing);
        let of_centre = |feature: Feature| feature.family() == Family::Centre;
        let brought = || self.evidence().brought(&question).filter(|&(feature, own)| of_centre(feature) && own >= nats);
        question.unlicensed && brought().count() >= 2
    }

    /// How the evidence to tell of is to be weighed: what its rate says, and which classes it cannot be.
    #[must_use]
    pub fn question<'a>(&self, sheet: &'a Sheet, terms: &'a Terms, without: Without) -> Question<'a> {
        self.question_of((self.evidence(), self.pace()), sheet, terms, without)
    }

    /// The same of what is known now, whatever it once was.
    #[must_use]
    pub fn question_now<'a>(&self, sheet: &'a Sheet, terms: &'a Terms) -> Question<'a> {
        self.question_of((&self.frame, self.pace_now()), sheet, terms, Without::Nothing)
    }

    fn question_of<'a>(
        &self,
        (frame, pace): (&Frame, Option<Pace>),
        sheet: &'a Sheet,
        terms: &'a Terms,
        without: Without,
    ) -> Question<'a> {
        let ruled_out = self.ruled_out(sheet, terms.registry);
        let beside = sheet.rate_max().min(f32x8::splat(rate_nats(pace, terms, without)));
        let keeps = without != Without::Delays && without != Without::Family(Family::FalseAnswer);
        let early = self.early().filter(|_| keeps).map(|early| (Family::FalseAnswer, early.nats().max(0.0)));
        let unlicensed = self.is_unlicensed(frame, terms.registry);
        Question { sheet, without, ruled_out, beside, unlicensed, within: early, terms }
    }

    /// It belongs to an operation from a moment on: what is known of it then stands.
    pub fn joins(&mut self, operation: u32, at: Nanos, tables: &Tables, terms: &Terms) {
        self.operation = Some(operation);
        let question = self.question_now(tables.sheet(self.entity.sheet()), terms);
        self.keep_calls(self.frame.weigh(&question).nats, at);
        self.keep_burst(at);
    }

    /// How the calls of its burst are to be weighed.
    #[must_use]
    pub fn burst_question<'a>(&self, sheet: &'a Sheet, terms: &'a Terms, without: Without) -> Question<'a> {
        let ruled_out = self.ruled_out(sheet, terms.registry);
        Question { without, ruled_out, ..Question::all(sheet, terms) }
    }

    /// What all that is known adds up to, leaving out what is asked to be left out.
    #[must_use]
    pub fn sums(&self, tables: &Tables, terms: &Terms, without: Without) -> Sums {
        let sheet = tables.sheet(self.entity.sheet());
        let weight = self.evidence().weigh(&self.question(sheet, terms, without));
        let held = if self.licence(terms.registry) == Licence::Held { LICENCE_NATS } else { 0.0 };
        // What speaks for the innocent is not lowered.
        let seen = self.seen();
        let lowered = |nats: f32| if nats > 0.0 { nats * seen } else { nats };
        let bursts = tables.sheet(SheetName::Burst);
        let burst = self
            .usual
            .as_deref()
            .and_then(|usual| usual.burst.weigh(&usual.rate, &self.burst_question(bursts, terms, without)));
        let found = self.rules();
        let of = |family: Family, nats: f32| {
            if without != Without::Family(family) && terms.families.has(family) { nats } else { 0.0 }
        };
        Sums {
            weight,
            burst,
            calls: lowered(weight.nats - held),
            bursts: burst.map_or(f32::NEG_INFINITY, |weight| lowered(weight.nats - held)),
            number: of(Family::Identity, found.number_nats()),
            name: of(Family::Identity, found.name_nats()),
            unfit: of(Family::Grey, found.unfit_nats() + found.refiled_nats() + found.landlines_nats),
            excess: of(Family::Centre, found.excess_nats()),
            doors: of(Family::Scan, found.doors_nats),
        }
    }

    /// Since when its landlines say more than all else that is known of it, if they do.
    #[must_use]
    pub fn led_by_landlines_since(&self, tables: &Tables, terms: &Terms) -> Option<Nanos> {
        let landlines = self.rare()?.landlines.as_deref()?;
        let sums = self.sums(tables, terms, Without::Nothing);
        (2.0 * self.rules().landlines_nats > sums.score()).then(|| landlines.since())
    }

    /// Share of what went past since its evidence began that was seen.
    fn seen(&self) -> f32 {
        self.rare().map_or(1.0, |rare| rare.seen)
    }

    /// What all that is known comes to. What it is takes as much to say as how much it is: where only that is asked,
    /// [`Node::sums`] tells.
    #[must_use]
    pub fn verdict(&self, tables: &Tables, terms: &Terms) -> Verdict {
        let sums = self.sums(tables, terms, Without::Nothing);
        let (sheet, bursts) = (tables.sheet(self.entity.sheet()), tables.sheet(SheetName::Burst));
        let question = self.question(sheet, terms, Without::Nothing);
        let plain = Question { unlicensed: false, ..question };
        let bare = |question: Question<'_>| self.evidence().weigh(&question).nats * self.seen();
        let (calls, most) = (sums.calls, sums.calls.max(sums.bursts));
        let led_by_burst = sums.burst.filter(|_| sums.bursts > calls);
        let kind = match () {
            () if sums.impersonates() => Kind::Impersonation,
            () if sums.doors > 0.0 => Kind::SipScan,
            () if sums.unfit > 0.0 && sums.unfit >= most.max(sums.excess) => Kind::CliRefile,
            () if sums.excess > 0.0 && sums.excess >= most => Kind::UnlicensedCallCentre,
            () if led_by_burst.is_some() => {
                led_by_burst.map_or(Kind::CallBurst, |burst| bursts.kind(burst.alternative))
            }
            // That there are more calls than usual is the less telling name, where the calls say by themselves what they are.
            () if bare(Question { beside: f32x8::ZERO, ..question }) < calls / 2.0 => Kind::CallBurst,
            () if question.ruled_out > 0
                && terms.families.has(Family::Centre)
                && (bare(plain) < calls / 2.0 || bare(Question { ruled_out: 0, ..plain }) < bare(plain) / 2.0) =>
            {
                Kind::UnlicensedCallCentre
            }
            () => sheet.kind(sums.weight.alternative),
        };
        let found = self.rules();
        let (centre, grey) = (terms.families.has(Family::Centre), terms.families.has(Family::Grey));
        Verdict {
            guaranteed: sums.guaranteed(),
            score: sums.score(),
            kind,
            sheet: if led_by_burst.is_some() { SheetName::Burst } else { self.entity.sheet() },
            class: led_by_burst.unwrap_or(sums.weight).class,
            certain: sums.number > 0.0
                || sums.doors >= DOORS_MIN
                || centre && found.excess >= EXCESS_MIN
                || grey
                    && (found.unfit.is_some() || found.refiled >= REFILED_MIN || found.landlines_nats >= LANDLINES_MIN),
        }
    }

    /// What the calls of its burst were like, and its rate.
    fn burst_items(&self, tables: &Tables, terms: &Terms, whole: &Verdict) -> Vec<Item> {
        let Some(Usual { rate, burst }) = self.usual.as_deref() else { return Vec::new() };
        let shares = SheetName::Burst.features().iter().filter_map(|&feature| {
            let rest = self.sums(tables, terms, Without::Feature(feature));
            let class = rest.burst.map_or(whole.class, |weight| weight.class);
            let (count, expected) = burst.count(feature, class)?;
            let (shown, known) = (count.shown.round() as u32, count.known.round() as u32);
            let because = Because::Share { feature, shown, known, expected, class };
            Some(Item::new(feature.family(), because, whole.score - rest.score()))
        });
        let rate = burst.pace(rate).map(|pace| {
            let (calls, expected, since) = pace.run;
            let because = Because::Rate { calls, expected, since };
            let rest = self.sums(tables, terms, Without::Rate);
            Item::new(Family::Burst, because, whole.score - rest.score())
        });
        shares.chain(rate).collect()
    }

    /// The class that a feature speaks against: the one that explains the calls best, unless most of what would be lost without the feature
    /// is that another would explain them better then.
    fn spoken_against(&self, feature: Feature, question: &Question<'_>, whole: &Verdict, rest: &Sums) -> usize {
        let own = || self.evidence().brought(question).find(|&(of, _)| of == feature).map_or(0.0, |(_, own)| own);
        let lost = whole.score - rest.score();
        let rules_out = rest.weight.class != whole.class && lost > 0.0 && own() < lost / 2.0;
        if rules_out { rest.weight.class } else { whole.class }
    }

    /// Everything that brings evidence to the `whole`, the weightiest first: each item with what the score would lose without it.
    #[must_use]
    pub fn items(&self, tables: &Tables, terms: &Terms, whole: &Verdict) -> Vec<Item> {
        let sheet = tables.sheet(self.entity.sheet());
        let question = self.question(sheet, terms, Without::Nothing);
        let led_by_burst = whole.sheet == SheetName::Burst;
        let mut items = if led_by_burst { self.burst_items(tables, terms, whole) } else { Vec::new() };
        for &feature in sheet.features().iter().filter(|_| !led_by_burst) {
            let count = self.evidence().count(feature);
            if count.known < 0.5 || !terms.families.has(feature.family()) {
                continue;
            }
            let rest = self.sums(tables, terms, Without::Feature(feature));
            let class = self.spoken_against(feature, &question, whole, &rest);
            let expected = sheet.law(feature.column()).innocent.to_array().get(class).copied().unwrap_or(0.0);
            let (shown, known) = (count.shown.round() as u32, count.known.round() as u32);
            let because = Because::Share { feature, shown, known, expected, class };
            items.push(Item::new(feature.family(), because, whole.score - rest.score()));
        }
        let rated = self.pace().filter(|pace| terms.families.has(Family::Burst) && pace.nats > 0.0);
        if let Some(Pace { run: (calls, expected, since), .. }) = rated.filter(|_| !led_by_burst) {
            let nats = whole.score - self.sums(tables, terms, Without::Rate).score();
            items.push(Item::new(Family::Burst, Because::Rate { calls, expected, since }, nats));
        }
        let because = |owner: ProtectedId, calls| Because::Protected { owner, calls };
        if let Some(early) = self.early().filter(|early| early.nats() > 0.0) {
            let (answers, early) = early.answers();
            let nats = whole.score - self.sums(tables, terms, Without::Delays).score();
            items.push(Item::new(Family::FalseAnswer, Because::Early { answers, early }, nats));
        }
        let rules = if terms.families.has(Family::Identity) { self.rules() } else { Rules::default() };
        if let Some((owner, calls)) = rules.number {
            let nats = rules.number_nats();
            items.push(Item::new(Family::Identity, because(owner, calls), nats));
        }
        if let Some((owner, calls)) = rules.name {
            let nats = rules.name_nats();
            items.push(Item::new(Family::Identity, Because::LookAlike { owner, calls }, nats));
        }
        if let Some((why, numbers, nats)) = self.rules().unfit.filter(|_| terms.families.has(Family::Grey)) {
            items.push(Item::new(Family::Grey, Because::Unfit { why, numbers }, nats));
        }
        let excess = self.rules().excess;
        if excess > 0 && terms.families.has(Family::Centre) {
            let because = Because::BeyondLicence { calls: excess };
            items.push(Item::new(Family::Centre, because, self.rules().excess_nats()));
        }
        let refiled = self.rules().refiled;
        if refiled > 0 && terms.families.has(Family::Grey) {
            let nats = self.rules().refiled_nats();
            items.push(Item::new(Family::Grey, Because::Refiled { numbers: refiled }, nats));
        }
        if let Some(landlines) = self.rare().and_then(|rare| rare.landlines.as_deref())
            && self.rules().landlines_nats > 0.0
            && terms.families.has(Family::Grey)
        {
            let Calls { asked, strange } = landlines.calls();
            let because = Because::Landlines { calls: strange, asked };
            items.push(Item::new(Family::Grey, because, self.rules().landlines_nats));
        }
        if terms.families.has(Family::Scan) {
            items.extend(self.tried());
        }
        if !led_by_burst {
            self.share_out(&mut items, tables, terms, whole.score);
        }
        add_up(&mut items, whole.score);
        items.sort_by(|a, b| b.share_nats.total_cmp(&a.share_nats).then(b.nats.total_cmp(&a.nats)));
        items
    }

    /// The doors that were tried.
    fn tried(&self) -> impl Iterator<Item = Item> {
        let doors = self.rare().and_then(|rare| rare.doors.as_deref());
        doors.into_iter().flat_map(|doors| {
            let knocks = doors.knocks();
            let found = doors.sums().into_iter().filter(|&(_, nats)| nats > 0.0);
            found.map(move |(what, nats)| {
                Item::new(Family::Scan, Because::Tried { what, count: knocks.count(what) }, nats)
            })
        })
    }

    /// What it has asked for, where it tries doors.
    #[must_use]
    pub fn knocks(&self) -> Option<Knocks> {
        self.rare().and_then(|rare| rare.doors.as_deref()).map(Doors::knocks)
    }

    /// When it began to try doors, or was first seen.
    #[must_use]
    pub fn tries_since(&self) -> Nanos {
        self.knocks().map_or(self.first_at, |knocks| knocks.since)
    }

    /// Gives each feature its part of what its family brings. Where several would each do alone, none of them costs much alone.
    fn share_out(&self, items: &mut [Item], tables: &Tables, terms: &Terms, score: f32) {
        let question = self.question(tables.sheet(self.entity.sheet()), terms, Without::Nothing);
        let brought: Vec<_> = self.evidence().brought(&question).filter(|&(_, own)| own > 0.0).collect();
        let own = |item: &Item| match item.because {
            Because::Share { feature, .. } => {
                brought.iter().find(|&&(of, _)| of == feature).map_or(0.0, |&(_, own)| own)
            }
            _ => 0.0,
        };
        for family in Family::ALL {
            let of_family = || items.iter().filter(|item| item.family == family);
            let whole: f32 = of_family().map(own).sum();
            // What rules have found, and what is known of rates and delays, is by itself.
            let is_share = |item: &&Item| matches!(item.because, Because::Share { .. });
            let apart: f32 = of_family().filter(|item| !is_share(item)).map(|item| item.nats).sum();
            if whole > 0.0 {
                let lost = score - self.sums(tables, terms, Without::Family(family)).score() - apart;
                for item in items.iter_mut().filter(|item| item.family == family) {
                    item.share_nats = item.nats.max(lost * own(item) / whole);
                }
            }
        }
    }
}

/// Makes the parts add up to the score: what rules have found is added to it as it is; of the rest several may each be what rules out
/// another innocent reading, and more would be lost without all of them than there is.
fn add_up(items: &mut [Item], score: f32) {
    let of_rule =
        |item: &Item| !matches!(item.because, Because::Share { .. } | Because::Rate { .. } | Because::Early { .. });
    let part = |item: &Item| if of_rule(item) || item.share_nats < 0.0 { item.share_nats } else { 0.0 };
    let apart: f32 = items.iter().map(part).sum();
    let shared: f32 = items.iter().filter(|item| !of_rule(item)).map(|item| item.share_nats.max(0.0)).sum();
    if shared > 0.0 {
        let scale = (score - apart).max(0.0) / shared;
        for item in items.iter_mut().filter(|item| !of_rule(item) && item.share_nats > 0.0) {
            item.share_nats *= scale;
        }
    }
}

/// What a rate says, within the family's cap.
fn rate_nats(pace: Option<Pace>, terms: &Terms, without: Without) -> f32 {
    match pace.filter(|_| terms.families.has(Family::Burst)) {
        Some(pace) if without != Without::Family(Family::Burst) && without != Without::Rate => {
            pace.nats.clamp(0.0, Family::Burst.cap())
        }
        _ => 0.0,
    }
}

fn log_sum_exp(values: [f32; 3]) -> f32 {
    let most = values.into_iter().fold(f32::NEG_INFINITY, f32::max);
    most + values.into_iter().map(|value| (value - most).exp()).sum::<f32>().ln()
}

//! Judgement: events in, reports out. Each call's features go to all its entities at once; whoever's evidence passes the
//! threshold against every innocent class, from two families at least, is or joins an operation.

use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Duration;

use audio::Excerpt;
use call::{CallRecord, Exchange, Listener, Side, Step};
use config::{Known, LicenceId};
use foldhash::quality::RandomState;
use hashbrown::HashMap;
use numbers::Clocks;
use serde::{Deserialize, Serialize};
use types::{Coverage, Losses, Moment, Nanos};

use crate::calibration::{Calibration, MeanE};
use crate::coverage::Minutes;
use crate::delays::Delays;
use crate::doors::Dialled;
use crate::entity::{Entity, LEVELS, Origin};
use crate::event::{CallKey, Event, What};
use crate::feature::{COLUMNS, Feature, SheetName};
use crate::frame::{Sight, Without};
use crate::governor::{Governor, Step as Raise};
use crate::holders::Holders;
use crate::journal::Journal;
use crate::learner::{Counts, Learner};
use crate::names::Names;
use crate::nodes::{NodeRef, Nodes};
use crate::operations::Operation;
use crate::order::Order;
use crate::past::{NoRoom, Past};
use crate::profile::Imprint;
use crate::rate::Rate;
use crate::recordings::Recordings;
use crate::report::{Hearer, Status};
use crate::saved::Keep;
use crate::settings::Settings;
use crate::signers::Signers;
use crate::standings::Standings;
use crate::tables::Tables;
use crate::terms::Terms;

/// Parts of its half-life after which the fading of evidence is carried out.
const FADE_STEPS: f64 = 64.0;
/// Length of a stretch of the day that counts once: three hours.
const STRETCH_NANOS: u64 = 3 * 3_600_000_000_000;
/// Evidence at which it begins anew. Below 0, so that a few innocent calls at the start of an operation do not teach its
/// habit instead of counting.
const RESTART_NATS: f32 = -4.0;
/// Evidence from which on an entity is suspect: what a family must bring to count.
pub(crate) const SUSPECT_NATS: f32 = 2.0;
/// Evidence from which on what shows at one place belongs to an operation that was found at another: 1,000 to 1.
pub(crate) const ELSEWHERE_NATS: f32 = 6.9;
/// Growth of a suspect's evidence that is taken down.
pub(crate) const GROWTH_NATS: f32 = 0.5;
/// Nanoseconds of a day.
pub(crate) const DAY_NANOS: f64 = 86_400e9;

/// A call that is not over.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Live {
    pub(crate) nodes: [Option<NodeRef>; LEVELS],
    pub(crate) entry: u64,
    pub(crate) answered: bool,
    pub(crate) rang: bool,
    pub(crate) invited_at: Nanos,
    pub(crate) ask: Asked,
    /// Digits of the callee's number by which other routes are compared.
    pub(crate) block: u64,
    /// Whether the answer came before anybody can have picked up; unknown where nobody may ask.
    pub(crate) instant: Option<bool>,
    /// Whether it was over soon after the answer.
    pub(crate) short: Option<bool>,
    /// Whether the callee hung up.
    pub(crate) by_callee: Option<bool>,
    /// Under which licence it is made.
    pub(crate) licence: Option<LicenceId>,
    /// Whether many call the callee, or he lured the caller into it.
    pub(crate) crowded: bool,
    /// Whether it is over; its record may come later.
    pub(crate) over: bool,
}

/// What a call says of its source as one who asks.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// Whether it asks on its own behalf. A carrier asks for its customers, among whom are diallers with old lists.
    pub(crate) itself: bool,
    /// Within a second of the one before.
    pub(crate) quick: bool,
    /// For somebody it never asked for before.
    pub(crate) new: bool,
    /// How long it has been watched.
    pub(crate) days: f32,
    /// Whom it is for, as it was dialled.
    pub(crate) dialled: Option<Dialled>,
    /// The same where it is as short as extensions are.
    pub(crate) extension: Option<u32>,
}

/// How the evidence of a sheet fades: each column by the half-life of its family.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fading {
    half_lives: [f64; COLUMNS],
    /// The shortest of them.
    shortest: f64,
}

impl Fading {
    pub(crate) fn of(sheet: SheetName, settings: &Settings) -> Self {
        let half_life = |feature: &Feature| settings.half_life_nanos.get(feature.family() as usize).copied();
        let mut half_lives = [f64::INFINITY; COLUMNS];
        for (half_life, own) in half_lives.iter_mut().zip(sheet.features().iter().map(half_life)) {
            *half_life = own.map_or(f64::INFINITY, |nanos| nanos as f64);
        }
        Self { half_lives, shortest: half_lives.into_iter().fold(f64::INFINITY, f64::min) }
    }

    /// The factor of each column, where evidence has not faded for so long that it is due.
    fn due(&self, since: Nanos, now: Nanos) -> Option<[f32; COLUMNS]> {
        let asleep = now.nanos_since(since) as f64;
        // Most families have one half-life, and an exponential is dear.
        let mut last = (f64::INFINITY, 1.0);
        let mut factor = |half_life: f64| {
            if half_life != last.0 {
                last = (half_life, (-asleep / half_life).exp2() as f32);
            }
            last.1
        };
        (asleep * FADE_STEPS > self.shortest).then(|| self.half_lives.map(&mut factor))
    }
}

/// Listens to calls, weighs them and tells of operations.
pub struct Judge<H> {
    pub(crate) settings: Settings,
    pub(crate) tables: Tables,
    pub(crate) known: Arc<Known>,
    /// On what terms it judges: with the families in shadow.
    pub(crate) terms: Terms,
    /// And without them, where there are any: what an alert is raised by.
    pub(crate) aloud: Option<Terms>,
    pub(crate) fading: [Fading; SheetName::COUNT],
    pub(crate) calibration: Box<Calibration>,
    pub(crate) governor: Governor,
    /// What is learned, where that was asked for.
    pub(crate) learner: Option<Box<Learner>>,
    pub(crate) names: Names,
    pub(crate) signers: Signers,
    pub(crate) holders: Holders,
    pub(crate) coverage: Minutes,
    pub(crate) clocks: Clocks,
    pub(crate) order: Order,
    /// Asks for a line of memory, where there is somebody who can.
    pub(crate) ask: Option<fn(*const u8)>,
    pub(crate) pairs: Past,
    pub(crate) callers: Past,
    pub(crate) today: Past,
    pub(crate) asked: Past,
    pub(crate) called: Past,
    pub(crate) called_today: Past,
    pub(crate) nodes: Nodes,
    pub(crate) live: HashMap<CallKey, Live, RandomState>,
    pub(crate) journal: Journal,
    pub(crate) recordings: Recordings,
    pub(crate) operations: Vec<Option<Operation>>,
    pub(crate) tally: Tally,
    pub(crate) began_at: Option<Nanos>,
    pub(crate) now: Nanos,
    pub(crate) swept_at: Nanos,
    pub(crate) attested: bool,
    pub(crate) standings: Standings,
    pub(crate) delays: Delays,
    /// The rate of the whole tap.
    pub(crate) tap: Option<Rate>,
    pub(crate) hearer: H,
    /// What was written down so far of all that is known, while that is being done.
    pub(crate) saving: Option<Vec<u8>>,
    /// Takes down where operations stand, where somebody wants to.
    pub(crate) keep: Option<Keep>,
    /// Room for what a call shows, sheet by sheet, used again.
    sights: [Vec<Sight>; SheetName::COUNT],
}

/// What judgement has done and refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Attempts judged.
    pub attempts: u64,
    /// Operations opened as alerts.
    pub opened: u64,
    /// Operations found only with families in shadow, which are no alerts.
    pub in_shadow: u64,
    /// Times that somebody's evidence would have opened an operation and there was no room, at most one a minute each.
    pub alerts_refused: u64,
    /// Ends of calls whose beginning was not kept.
    pub unknown_calls: u64,
    /// Calls that were not over when a new start went on from what was written down.
    pub calls_lost: u64,
    /// Calls not followed to their end for want of room.
    pub live_refused: u64,
    /// Entities that are watched.
    pub entities: u64,
    /// Entities that made room for others.
    pub entities_evicted: u64,
    /// Times an entity got no place, since all were taken and it had not called before.
    pub entities_refused: u64,
    /// Events that came after later ones had been judged.
    pub late: u64,
    /// Calls whose signer was not judged for want of room.
    pub signers_refused: u64,
    /// Calls that said nothing of where their source lies for want of room.
    pub sources_refused: u64,
    /// Delays of answers that were not compared for want of room.
    pub delays_refused: u64,
    /// Recordings that three callees have heard.
    pub recordings: u64,
    /// Calls that were heard to play one of them.
    pub recorded_calls: u64,
    /// The longest it took from the answer of the third callee until a recording was known to be one.
    pub recognised_nanos_max: u64,
    /// Recordings forgotten for want of room.
    pub recordings_forgotten: u64,
    /// What was heard and not compared, since too much waited.
    pub hearings_refused: u64,
}

impl Losses for Tally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("detect_alerts_refused", self.alerts_refused);
        each("detect_calls_unknown", self.unknown_calls);
        each("detect_calls_lost", self.calls_lost);
        each("detect_calls_refused", self.live_refused);
        each("detect_entities_evicted", self.entities_evicted);
        each("detect_entities_refused", self.entities_refused);
        each("detect_events_late", self.late);
        each("detect_signers_refused", self.signers_refused);
        each("detect_sources_refused", self.sources_refused);
        each("detect_delays_refused", self.delays_refused);
        each("detect_recordings_forgotten", self.recordings_forgotten);
        each("detect_hearings_refused", self.hearings_refused);
    }
}

impl<H: Hearer> Judge<H> {
    /// A judge that tells `hearer`.
    ///
    /// # Errors
    /// More room for memories than there is.
    pub fn new(settings: Settings, tables: Tables, known: Arc<Known>, hearer: H) -> Result<Self, NoRoom> {
        let past = |days| Past::new(settings.past_keys_max, days);
        let registry = !known.config().licence.is_empty();
        let terms = |families| Terms::new(registry, families, &tables);
        let aloud = settings.running.without(settings.shadow);
        Ok(Self {
            pairs: past(settings.past_days)?,
            callers: past(settings.past_days)?,
            today: past(1)?,
            asked: past(settings.past_days)?,
            called: past(settings.past_days)?,
            called_today: past(1)?,
            nodes: Nodes::new(settings.entities_max)?,
            journal: Journal::new(settings.journal_calls_max),
            recordings: Recordings::new(&settings),
            standings: Standings::new(known.config().tap.home.map(|home| home.get())),
            terms: terms(settings.running),
            aloud: (aloud != settings.running).then(|| terms(aloud)),
            fading: SheetName::ALL.map(|sheet| Fading::of(sheet, &settings)),
            calibration: Box::new(Calibration::new(&tables)),
            governor: Governor::new(settings.bearable),
            learner: None,
            names: Names::of(&known, tables.confusables()),
            signers: Signers::default(),
            holders: Holders::new(&known, settings.seats),
            coverage: Minutes::default(),
            tap: None,
            tables,
            known,
            clocks: Clocks::default(),
            order: Order::default(),
            ask: None,
            live: HashMap::default(),
            operations: Vec::new(),
            tally: Tally::default(),
            began_at: None,
            now: Nanos::ZERO,
            swept_at: Nanos::ZERO,
            attested: false,
            delays: Delays::default(),
            settings,
            hearer,
            saving: None,
            keep: None,
            sights: Default::default(),
        })
    }

    /// From now on names each line of memory that it will soon read, to be asked for without waiting for it.
    pub fn asks(&mut self, ask: fn(*const u8)) {
        self.ask = Some(ask);
    }

    /// Whoever is told.
    pub const fn hearer(&self) -> &H {
        &self.hearer
    }

    /// Whoever is told, to be told something.
    pub const fn hearer_mut(&mut self) -> &mut H {
        &mut self.hearer
    }

    /// What was done and refused.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally {
            entities: self.nodes.len() as u64,
            entities_evicted: self.nodes.evicted(),
            entities_refused: self.nodes.refused(),
            late: self.order.late(),
            signers_refused: self.signers.refused(),
            sources_refused: self.standings.refused(),
            delays_refused: self.delays.refused(),
            recordings_forgotten: self.recordings.forgotten(),
            ..self.tally
        }
    }

    /// From now on an event waits so long for earlier ones before it is judged: where it is known how late frames may come. A capture
    /// tells nothing of that, and a second is waited.
    pub const fn wait(&mut self, wait: Duration) {
        self.order.wait(wait);
    }

    /// Whether an event waits to be judged.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.order.is_waiting()
    }

    /// From now on learns what the innocent are like.
    pub fn learns(&mut self) {
        self.learner = Some(Box::default());
    }

    /// How much was learned so far, where that was asked for.
    #[must_use]
    pub fn learned(&self) -> Option<Counts> {
        self.learner.as_ref().map(|learner| learner.counts())
    }

    /// The profile that was learned, as it is written; `None` where that was not asked for. Nothing more will come.
    pub fn profile(&mut self, imprint: &Imprint) -> Option<String> {
        self.learner.as_mut()?.finish();
        let learner = self.learner.as_deref()?;
        Some(self.tables.profile_of(learner, &self.known, imprint))
    }

    /// The mean e-values of what innocent calls show, feature by feature and class by class.
    #[must_use]
    pub fn means(&self) -> Vec<MeanE> {
        self.calibration.means(&self.tables)
    }

    /// Entities whose e-values were not taken, since the call belongs to an alert.
    #[must_use]
    pub const fn of_alerts(&self) -> u64 {
        self.calibration.of_alerts()
    }

    /// Whenever the governor changed the threshold.
    #[must_use]
    pub fn raises(&self) -> &[Raise] {
        self.governor.steps()
    }

    /// Evidence from which an entity is suspected now, in nats: what the budget asks for, and what the governor has added.
    #[must_use]
    pub const fn threshold_nats(&self) -> f32 {
        self.settings.threshold_nats + self.governor.raised_nats()
    }

    /// What it judges by.
    #[must_use]
    pub const fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Nothing earlier than what waits will come: judges it. What is open stays open.
    pub fn release(&mut self) {
        while let Some(event) = self.order.release() {
            self.on_event(event);
        }
    }

    /// Nothing more will come: judges what waits, closes what is open.
    pub fn drain(&mut self) {
        self.release();
        for index in 0..self.operations.len() {
            self.tell(index as u32, Status::Close);
        }
        self.operations.clear();
        if let Some(learner) = &mut self.learner {
            learner.finish();
        }
    }

    /// Whoever was told, when all is done.
    pub fn into_hearer(mut self) -> H {
        self.drain();
        self.hearer
    }

    fn push(&mut self, event: Option<Event>) {
        if let Some(event) = event {
            self.order.push(event);
        }
        while let Some(event) = self.order.pop() {
            self.look_ahead();
            self.on_event(event);
        }
    }

    fn on_event(&mut self, event: Event) {
        let Event { at, call, what } = event;
        // When a record is written is up to who writes it: no moment of the calls, which packets and records share.
        if !matches!(what, What::Recorded(_)) {
            self.now = at;
            self.began_at.get_or_insert(at);
            if at.nanos_since(self.swept_at) > self.settings.sweep_nanos {
                self.swept_at = at;
                self.sweep();
            }
        }
        match what {
            What::Invited(invite) => self.on_invite(call, *invite),
            What::Answered { passage, timed } => self.on_answer(call, passage.as_deref(), timed),
            What::Heard(heard) => self.on_heard(call, &heard),
            What::Ended(end, passage) => self.on_end(call, &end, passage.as_deref()),
            What::Recorded(measure) => self.on_record(call, measure),
            What::Ringing => {
                if let Some(live) = self.live.get_mut(&call) {
                    live.rang = true;
                }
            }
            What::Asked(ask) => self.on_ask(&ask),
        }
    }

    /// The operation a call counts for: that of its narrowest entity that belongs to one and stands for all of its calls, if it
    /// is one at the place where the call came in, and its number may be one of the operation's.
    pub(crate) fn operation_of(&self, nodes: &[Option<NodeRef>; LEVELS], line_from_abroad: bool) -> Option<(u32, u64)> {
        let origin = nodes.first().copied().flatten().and_then(|place| self.nodes.get(place)?.entity.origin());
        Entity::NARROWEST_FIRST.iter().find_map(|&level| {
            let place = nodes.get(level).copied().flatten()?;
            let node = self.nodes.get(place)?;
            let index = node.operation?;
            let operation = self.operations.get(index as usize)?.as_ref()?;
            if !node.is_its(line_from_abroad) {
                return None;
            }
            let here = match place.level() {
                // Of all that comes by a trunk, what is written by software that is not suspect there is somebody else's.
                Entity::ORIGIN_LEVEL | Entity::UNLICENSED_LEVEL => {
                    operation.whole || self.is_suspect(nodes, SUSPECT_NATS)
                }
                level if Entity::ANYWHERE_LEVELS.contains(&level) => self.is_at(operation, origin, level, nodes),
                _ => true,
            };
            (here && operation.is_all_of(place.level())).then_some((index, operation.id))
        })
    }

    /// Whether an operation whose software, numbers or signer a call has is one at the place where the call came in. Whoever bought
    /// the same software writes alike, and a number that is shown falsely has an owner elsewhere: so something of the place itself
    /// must have been found to belong, or what this software sends there be as suspect as one innocent in a thousand ever is.
    /// Of an operation that was found at no place yet, less is enough; and what shows its number where its calls came in before is its.
    fn is_at(
        &self,
        operation: &Operation,
        origin: Option<Origin>,
        level: usize,
        nodes: &[Option<NodeRef>; LEVELS],
    ) -> bool {
        let came_before = || operation.sources.iter().any(|&source| Some(self.origin(source)) == origin);
        match operation.is_at(origin) {
            None => self.is_suspect(nodes, SUSPECT_NATS) || level == Entity::NUMBER_LEVEL && came_before(),
            Some(found) => found || self.is_suspect(nodes, ELSEWHERE_NATS),
        }
    }

    /// Whether there is so much evidence against what a call's software sends at the place where it came in, or that is not known.
    fn is_suspect(&self, nodes: &[Option<NodeRef>; LEVELS], nats: f32) -> bool {
        let here = nodes.get(Entity::STACK_AT_LEVEL).copied().flatten().and_then(|place| self.nodes.get(place));
        here.is_none_or(|node| node.nats >= nats)
    }

    pub(crate) fn operation_at(&mut self, entry: u64) -> Option<&mut Operation> {
        let (index, id) = self.journal.get_mut(entry)?.operation?;
        self.operations.get_mut(index as usize)?.as_mut().filter(|operation| operation.id == id)
    }

    /// Takes features in at every entity and looks what that comes to.
    pub(crate) fn weigh(&mut self, nodes: &[Option<NodeRef>; LEVELS], features: &[(Feature, Option<bool>, f32)]) {
        self.weigh_leaning(nodes, features, 1.0);
    }

    /// The same of a call for which the odds of working time are so many times the usual ones.
    pub(crate) fn weigh_leaning(
        &mut self,
        nodes: &[Option<NodeRef>; LEVELS],
        features: &[(Feature, Option<bool>, f32)],
        odds: f32,
    ) {
        let mut sights = std::mem::take(&mut self.sights);
        sights.iter_mut().for_each(Vec::clear);
        for &(feature, shown, age_days) in features {
            let asked = self.terms.families.has(feature.family());
            let (sheet, Some(shown)) = (feature.sheet(), shown.filter(|_| asked)) else { continue };
            if let Some(own) = sights.get_mut(sheet as usize) {
                let sight = Sight::of(self.tables.sheet(sheet), feature, shown, age_days);
                let leans = feature == Feature::BusinessHours && odds != 1.0;
                own.push(if leans { sight.leaning(odds) } else { sight });
            }
        }
        self.study(nodes, &sights);
        for &place in nodes.iter().flatten() {
            // Of whom nothing was seen is not even looked at: most entities of a call lie far away in memory.
            if let Some(own) = sights.get(place.sheet() as usize).filter(|own| !own.is_empty()) {
                self.weigh_at(place, own);
            }
        }
        self.sights = sights;
    }

    fn weigh_at(&mut self, place: NodeRef, sights: &[Sight]) {
        let threshold_nats = self.threshold_nats();
        let Some(node) = self.nodes.get_mut(place) else { return };
        let sheet = self.tables.sheet(place.sheet());
        let fading = self.fading.get(place.sheet() as usize);
        if let Some(factors) = fading.and_then(|fading| fading.due(node.faded_at, self.now)) {
            node.frame.fade(sheet, &factors);
            node.faded_at = self.now;
        }
        let learns = node.operation.is_none();
        let stretch = stretch(self.now);
        let mut observed = false;
        node.frame.make_room(sights);
        for sight in sights {
            if !node.takes_in(sight, stretch) {
                continue;
            }
            if sight.feature().is_of_stretch() {
                node.stretch = stretch;
            }
            node.frame.observe(sight, learns);
            observed = true;
        }
        if !observed {
            return;
        }
        let question = node.question_now(sheet, &self.terms);
        let frame = node.frame.at_most(&question);
        let Some(operation) = node.operation else {
            if frame <= RESTART_NATS {
                node.begin_anew(self.now);
            }
            // What the verdict cannot exceed: it is only asked for where it may matter.
            node.nats = frame.max(node.rules().nats());
            if node.nats >= threshold_nats {
                self.ask_about(place);
            } else if node.nats >= ELSEWHERE_NATS && place.level() == Entity::STACK_AT_LEVEL {
                self.on_suspect_stack(place);
            }
            return;
        };
        // The evidence of a suspect may only grow: what it reached once stands. Where it may be more, it is weighed.
        if frame > node.nats + GROWTH_NATS {
            node.nats = frame;
            node.keep_calls(node.frame.weigh(&question).nats, self.now);
        } else if frame <= RESTART_NATS {
            node.begin_anew(self.now);
        }
        self.on_growth(operation, place);
    }

    /// An entity that is in no operation may have passed the threshold: looks what all that is known of it comes to.
    pub(crate) fn ask_about(&mut self, place: NodeRef) {
        let threshold_nats = self.threshold_nats();
        let Some(node) = self.nodes.get_mut(place) else { return };
        if !node.is_due() {
            return;
        }
        node.rare_mut().seen = self.coverage.unseen(node.began_at, self.now).seen();
        if node.sums(&self.tables, &self.terms, Without::Nothing).guaranteed() >= threshold_nats {
            let verdict = node.verdict(&self.tables, &self.terms);
            self.on_threshold(place, &verdict);
        }
        if let Some(node) = self.nodes.get_mut(place).filter(|node| node.operation.is_none()) {
            node.bear();
        }
    }
}

pub(crate) fn key(of: &impl std::hash::Hash) -> u64 {
    foldhash::quality::FixedState::with_seed(3).hash_one(of)
}

/// The stretch of the day a moment lies in, of all there ever were.
pub(crate) const fn stretch(at: Nanos) -> u32 {
    (at.get() / STRETCH_NANOS) as u32
}

pub(crate) fn days(nanos: u64) -> f32 {
    (nanos as f64 / DAY_NANOS) as f32
}

impl<H: Hearer> Listener for Judge<H> {
    fn moment(&mut self, moment: Moment) {
        self.order.on_time(moment.at);
        self.push(None);
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        // A call whose beginning was not seen says too little of itself.
        if call.invite_at.is_none() {
            return;
        }
        let event = match step {
            Step::Invited => Some(Event::invited(at, call, self.tables.is_scanner(call.user_agent))),
            Step::Ringing => Some(Event::plain(at, call, What::Ringing)),
            Step::Answered => Some(Event::answered(at, call)),
            Step::Ended => Event::ended(at, call),
        };
        self.push(event);
    }

    fn coverage(&mut self, seen: &Coverage) {
        self.coverage.on_coverage(seen);
    }

    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &Excerpt, whole: bool) {
        if call.invite_at.is_none() || side != Side::Caller {
            return;
        }
        if self.recordings.admit() {
            self.push(Some(Event::heard(at, call, excerpt, whole)));
        } else {
            self.tally.hearings_refused += 1;
        }
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.push(Some(Event::asked(exchange, self.tables.is_scanner(exchange.user_agent))));
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        if record.invite_at.is_some() {
            let at = self.order.latest().max(record.end_at.unwrap_or_default());
            self.push(Some(Event::recorded(at, record, self.settings.media)));
        }
    }
}

//! Operations: what the evidence of several entities turns out to be about. An entity whose evidence passes the threshold
//! joins the operation that its calls already belong to, or opens one. So a dialler that shows as a stack, on eight trunks
//! and under a thousand numbers is one operation, and one alert.

use audio::RecordingId;
use foldhash::quality::RandomState;
use hashbrown::HashSet;
use numbers::{Country, Kind as NumberKind, look_up};
use serde::{Deserialize, Serialize};
use sip::stack::{Fingerprint, Group};
use types::{E164, Ip, Nanos};

use crate::callers::Callers;
use crate::doors::Knocks;
use crate::entity::{Entity, Origin};
use crate::feature::Family;
use crate::headcount::Headcount;
use crate::holders::Excess;
use crate::hours::Local;
use crate::journal::Entry;
use crate::kind::Kind;
use crate::nodes::NodeRef;
use crate::seals::{Seal, Seals};
use crate::seats::{Estimate, Seats};
use crate::settings::Settings;
use crate::sweep::Sweep;
use crate::terms::Families;
use crate::victims::Victims;

/// Entities named for one operation.
const MEMBERS_MAX: usize = 64;
/// Sources named for one operation.
const SOURCES_MAX: usize = 32;
/// Numbers remembered to tell kin by; 16 bytes each.
const SHOWN_MAX: usize = 4_096;
/// Stacks remembered to tell kin by.
const STACKS_MAX: usize = 16;
/// One call in so many that are written by a stack makes it one of the operation's own.
const STACK_PARTS: u64 = 20;
/// Recordings remembered to tell kin by, and to be named.
const RECORDINGS_MAX: usize = 16;
/// Trunks from which on one dialler rotates over trunks.
const ROTATION_ORIGINS: usize = 3;
/// Numbers from which on it rotates over numbers.
const ROTATION_NUMBERS: u64 = 100;
/// Mobiles' numbers from which on a gateway is behind them.
pub(crate) const CARDS_MIN: u64 = 16;
/// Share of its calls that show them.
pub(crate) const CARDS_SHARE: f32 = 0.95;
/// Numbers that a centre of its own may have from the start.
const OWN_NUMBERS: u64 = 20;
/// Calls that let it have one more.
const OWN_NUMBER_CALLS: u64 = 40;
/// Seats from which on an unlicensed centre is the likelier name of strangers called under a few own numbers: raided scam floors had
/// some 70 to 130 (Delhi, Noida, Mohali; SCIENCE 8), unlicensed centres 300 to 400 (SCIENCE 4.4), and this lies halfway, as a ratio.
const LARGE_SEATS: u32 = 200;
/// Lengths of calls that are told apart, in seconds.
const LENGTHS: usize = 180;
/// The shortest recording, in seconds: below it people hang up whatever they hear.
const SHORTEST_RECORDING: usize = 12;
/// Answered calls from which on their lengths say something.
const RECORDING_CALLS_MIN: u32 = 40;
/// Calls that were heard to play a recording from which on these say something: a few agents may hold a receiver to a machine.
const RECORDED_MIN: u64 = 6;
/// Share of them that lasts equally long when a recording plays to its end, or is heard to play one.
const RECORDING_SHARE: f32 = 0.2;
/// Countries named for one operation.
const COUNTRIES_MAX: usize = 64;
/// Call-IDs named for one operation.
pub const SAMPLE_MAX: usize = 100;

/// A suspected operation and what is known of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Operation {
    /// Stable through its life.
    pub id: u64,
    /// Whether only families in shadow speak of it: it is reported, and is no alert.
    pub shadow: bool,
    /// When it was found.
    pub opened_at: Nanos,
    /// The entities found to belong to it, the first of them.
    pub members: Vec<(Entity, NodeRef)>,
    /// Where the others lie: when it is over they are nobody's again. Found anew by what was written down of them.
    #[serde(skip)]
    pub others: Vec<NodeRef>,
    /// Its first call.
    pub first_call: Nanos,
    /// Its last call.
    pub last_call: Nanos,
    /// Calls counted for it.
    pub calls: u64,
    /// Of these, answered.
    pub answered: u64,
    /// Who sent its INVITEs.
    pub sources: Vec<Ip>,
    /// Calls by the callee's country, most first when told.
    pub countries: Vec<(Country, u64)>,
    /// The parts of the world it calls, and when.
    pub sweep: Sweep,
    /// What its leading source has asked for, where it is led by one that tries doors.
    pub knocks: Option<Knocks>,
    /// Who was rung by it and called back.
    pub victims: Victims,
    /// Some of its Call-IDs: the first ones.
    pub sample: Vec<Box<[u8]>>,
    /// How many agents it has.
    pub seats: Seats,
    /// The last that was known of them.
    pub seats_told: Option<Estimate>,
    /// Whether there is a register of licensed centres, and who leads it is not on it.
    pub unlicensed: bool,
    /// How it goes beyond the licence that its calls are made under.
    pub excess: Option<Excess>,
    /// Whether it ever had more agents than those who deceive were found to have: in the evening there are fewer.
    pub large: bool,
    /// Whether the software of its calls says whose they are.
    pub by_software: bool,
    /// Whether it was told of as more of a customer's calls than ever.
    pub is_burst: bool,
    /// Whether one of its members shows what is protected.
    pub impersonates: bool,
    /// Whose number that is.
    pub owner: Option<Box<str>>,
    /// Whether it is all that comes by its place: no software there is suspect by itself.
    pub whole: bool,
    /// What was last told of it.
    pub told: Option<Told>,
    /// The numbers it shows.
    pub callers: Callers,
    /// How its calls are signed.
    pub seals: Seals,
    /// Its calls under the numbers of mobiles.
    mobile: u64,
    callees: Headcount,
    /// Answered calls by their length in seconds.
    lengths: Vec<u16>,
    /// Numbers it shows, the first of them.
    shown: HashSet<E164, RandomState>,
    /// Stacks that write its INVITEs, and how many.
    stacks: Vec<(Fingerprint, u64)>,
    /// What its callers play, where the tap may listen.
    pub played: Vec<Played>,
    /// Its calls that were heard to play what three callees have heard, these and others.
    pub recorded: u64,
}

/// A recording that an operation's callers play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// Which.
    pub recording: RecordingId,
    /// Calls of the operation that were heard to play it.
    pub calls: u64,
    /// When the first of these began.
    pub first: Nanos,
    /// And the last.
    pub last: Nanos,
}

/// By what calls turn out to be an operation's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bond {
    /// By nothing, and what was counted for it so far is not its own: who is robbed of his number is somebody else.
    Another,
    /// By nothing.
    Nothing,
    /// They were counted for it, or show its numbers, or play what it plays.
    Calls,
    /// That, or software like its own wrote them.
    Software,
}

/// What was last told of an operation.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Told {
    /// When.
    pub at: Nanos,
    /// With how much evidence.
    pub nats: f32,
    /// As what.
    pub kind: Kind,
    /// With how many members.
    pub members: usize,
    /// Whether it is known well enough by something narrower than a place: then no place leads it.
    pub apart: bool,
}

/// A call as an operation counts it.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// Its Call-ID.
    pub call_id: &'a [u8],
    /// When it began.
    pub at: Nanos,
    /// Who called.
    pub caller: Option<E164>,
    /// Who was called.
    pub callee: Option<E164>,
    /// Where.
    pub country: Country,
    /// Who sent the INVITE.
    pub source: Ip,
    /// Which software wrote it.
    pub stack: Option<Fingerprint>,
    /// What the clock shows where it rings; `None` where that is not sure.
    pub local: Option<Local>,
    /// How it is signed.
    pub seal: Seal,
    /// What its caller plays, where that is known.
    pub recording: Option<RecordingId>,
    /// How it goes beyond its licence.
    pub excess: Option<Excess>,
}

impl<'a> Counted<'a> {
    /// A call of the journal.
    #[must_use]
    pub fn of(entry: &'a Entry) -> Self {
        Self {
            call_id: &entry.call_id,
            at: entry.at,
            caller: entry.caller,
            callee: entry.callee,
            country: entry.country,
            source: entry.source,
            stack: entry.stack,
            local: entry.local,
            seal: entry.seal,
            recording: entry.recording,
            excess: entry.excess,
        }
    }
}

impl Operation {
    /// An operation found through `lead`; `None` if the counters cannot be made, which a test rules out.
    #[must_use]
    pub fn open(lead: Entity, place: NodeRef, since: Nanos, at: Nanos, settings: &Settings) -> Option<Self> {
        Some(Self {
            id: lead.hash(since),
            opened_at: at,
            members: vec![(lead, place)],
            first_call: at,
            last_call: at,
            calls: 0,
            answered: 0,
            sources: Vec::new(),
            countries: Vec::new(),
            sweep: Sweep::new(settings.region_share_min, settings.work_share_min),
            knocks: None,
            victims: Victims::default(),
            lengths: vec![0; LENGTHS],
            sample: Vec::new(),
            shadow: false,
            seats: Seats::new(settings.seats),
            seats_told: None,
            unlicensed: false,
            excess: None,
            large: false,
            by_software: false,
            is_burst: false,
            impersonates: false,
            owner: None,
            whole: false,
            mobile: 0,
            told: None,
            callers: Callers::default(),
            seals: Seals::default(),
            shown: HashSet::default(),
            stacks: Vec::new(),
            others: Vec::new(),
            played: Vec::new(),
            recorded: 0,
            callees: Headcount::default(),
        })
    }

    /// Another entity belongs to it. Where there is no more room, places and software are named rather than the numbers that are shown there.
    /// Of those that are not named, whoever made room for others is forgotten now and then: `is_there` knows.
    pub fn join(&mut self, entity: Entity, place: NodeRef, is_there: impl Fn(NodeRef) -> bool) {
        let is_number = |entity: &Entity| (Entity::BLOCK_LEVEL..=Entity::NUMBER_LEVEL).contains(&entity.level());
        if self.members.iter().any(|(_, held)| *held == place) {
            return;
        }
        if self.members.len() < MEMBERS_MAX {
            return self.members.push((entity, place));
        }
        let number = self.members.iter_mut().rfind(|(held, _)| is_number(held) && !is_number(&entity));
        let other = number.map_or(place, |number| std::mem::replace(number, (entity, place)).1);
        if self.others.len() == self.others.capacity() {
            self.others.retain(|&other| is_there(other));
        }
        self.others.push(other);
    }

    /// What lies there belongs to it no longer, unless it is what it was found by, from which it has its id: whether it is gone.
    pub fn leave(&mut self, place: NodeRef) -> bool {
        if self.members.first().is_some_and(|&(_, held)| held == place) {
            return false;
        }
        self.members.retain(|&(_, held)| held != place);
        self.others.retain(|&held| held != place);
        true
    }

    /// Where all that belongs to it lies.
    pub fn places(&self) -> impl Iterator<Item = NodeRef> + '_ {
        self.members.iter().map(|(_, place)| *place).chain(self.others.iter().copied())
    }

    /// Whether of its calls only those are its own that look false: a route carries honest ones too.
    #[must_use]
    pub fn is_of_answers(&self) -> bool {
        self.members.iter().any(|(entity, _)| Entity::ROUTE_LEVELS.contains(&entity.level()))
    }

    /// Whether a member of `level` stands for all of its calls. A trunk does where the operation is known by nothing narrower, what
    /// comes under no licence and a block of numbers, in which others have theirs too, where no software is known of it.
    #[must_use]
    pub fn is_all_of(&self, level: usize) -> bool {
        let mut levels = self.members.iter().map(|(entity, _)| entity.level());
        match level {
            Entity::ORIGIN_LEVEL => levels.all(|level| level == Entity::ORIGIN_LEVEL),
            _ if Entity::ROUTE_LEVELS.contains(&level) => false,
            Entity::UNLICENSED_LEVEL | Entity::BLOCK_LEVEL | Entity::SIGNER_LEVEL => {
                levels.all(|level| !Entity::STACK_LEVELS.contains(&level))
            }
            _ => true,
        }
    }

    /// By what an entity's calls may turn out to be its own, where that shows the protected number of `owner`. Who shows somebody's protected number is known by that, as long as nothing
    /// else is known of him; and who shows one where nothing was found of this operation is another, whatever he dials with: what he
    /// is must not be lost in what others do. Who shows another's is another operation: that one concerns the bank, this one the tax office.
    ///
    /// Software says whose calls are only among those of whom the same is asked: that calls come to a route which answers falsely says
    /// nothing of who dials them.
    #[must_use]
    pub fn bond(&self, entity: &Entity, owner: Option<&str>) -> Bond {
        let asked_alike = |(held, _): &(Entity, NodeRef)| held.sheet() == entity.sheet();
        let shows = |(entity, _): &(Entity, NodeRef)| matches!(entity, Entity::NumberAt(..));
        match entity {
            Entity::NumberAt(..) if self.owner.is_some() && self.owner.as_deref() != owner => Bond::Another,
            Entity::NumberAt(origin, _) if !self.impersonates && self.is_at(Some(*origin)) != Some(true) => {
                Bond::Nothing
            }
            Entity::NumberAt(..) => Bond::Software,
            _ if !self.by_software || !self.members.iter().any(asked_alike) => Bond::Calls,
            _ if self.impersonates && self.members.iter().all(shows) => Bond::Calls,
            _ => Bond::Software,
        }
    }

    /// Whether it was found at a place; `None` where it was found at none.
    #[must_use]
    pub fn is_at(&self, origin: Option<Origin>) -> Option<bool> {
        let mut places = self.members.iter().filter_map(|(entity, _)| entity.origin()).peekable();
        places.peek().copied().map(|_| places.any(|place| Some(place) == origin))
    }

    /// Whether a call is one of its own, or from a number it shows, or plays what it plays.
    #[must_use]
    fn is_own(&self, call: &Entry) -> bool {
        call.operation.is_some_and(|(_, id)| id == self.id)
            || call.caller.is_some_and(|caller| self.shown.contains(&caller))
            || call.recording.is_some_and(|recording| self.played.iter().any(|held| held.recording == recording))
    }

    /// Whether a call is one of its own, or by this bond turns out to be.
    #[must_use]
    pub fn is_kin(&self, call: &Entry, bond: Bond) -> bool {
        bond == Bond::Software && self.writes_like(call) || bond >= Bond::Calls && self.is_own(call)
    }

    /// Whether a stack wrote a call that writes like one of its own. A border element writes alike for all its customers, so the
    /// description of the media must be alike too, which border elements leave as it is.
    #[must_use]
    fn writes_like(&self, call: &Entry) -> bool {
        // A call that fell to it by chance, under a number that somebody else shows too, makes no software its own.
        let alike = |&(own, calls): &(Fingerprint, u64)| {
            call.stack.filter(|_| calls * STACK_PARTS >= self.calls).is_some_and(|stack| {
                let same = |group| own.group(group).is_some() && own.group(group) == stack.group(group);
                own.matches(stack) && same(Group::Form) && same(Group::Codecs)
            })
        };
        self.stacks.iter().any(alike) || self.stacks.is_empty() && self.comes_like(call)
    }

    /// Whether nothing is known of what wrote a call, as switches tell nothing of it, nor of what wrote its own, and it came by the same
    /// way: then whoever came there and calls alike is one, however many numbers he shows.
    fn comes_like(&self, call: &Entry) -> bool {
        call.stack.is_none() && !call.source.is_unspecified() && self.sources.contains(&call.source)
    }

    /// A call of it was heard to play a recording.
    pub fn plays(&mut self, recording: RecordingId, at: Nanos) {
        self.recorded += 1;
        match self.played.iter_mut().find(|held| held.recording == recording) {
            Some(held) => {
                held.calls += 1;
                (held.first, held.last) = (held.first.min(at), held.last.max(at));
            }
            None => {
                let played = Played { recording, calls: 1, first: at, last: at };
                self.played.extend((self.played.len() < RECORDINGS_MAX).then_some(played));
            }
        }
    }

    /// A call of it ended that lasted so long.
    pub fn talked(&mut self, secs: u64) {
        if let Some(count) = usize::try_from(secs).ok().and_then(|secs| self.lengths.get_mut(secs)) {
            *count = count.saturating_add(1);
        }
    }

    /// What it is, where its calls together say more than each of them.
    #[must_use]
    pub fn kind(&self, kind: Kind, families: Families) -> Kind {
        // Whoever is called back by those it rang is no other thing, whatever its numbers alone look like.
        if self.victims.calls() > 0 && families.has(Family::Wangiri) {
            return Kind::Wangiri;
        }
        // More calls of a customer than ever, under numbers that come again, stay his own whatever else is found of them.
        let is_his = match kind {
            Kind::ScamCallCentre | Kind::UnlicensedCallCentre => 2 * self.callers.count() <= self.calls,
            kind => kind == Kind::SimBox,
        };
        if self.is_burst && is_his && self.excess.is_none() {
            return Kind::CallBurst;
        }
        if !matches!(kind, Kind::ScamCallCentre | Kind::UnlicensedCallCentre) {
            return kind;
        }
        if self.impersonates && families.has(Family::leading(Kind::Impersonation)) {
            return Kind::Impersonation;
        }
        let rotates = self.origins() >= ROTATION_ORIGINS && self.callers.count() >= ROTATION_NUMBERS;
        let more = match () {
            () if self.excess.is_some() => Kind::UnlicensedCallCentre,
            () if self.sweep.in_turn().count() >= 2 => Kind::TimezoneTargeting,
            () if self.is_recording() || self.is_recorded() => Kind::Robocall,
            () if rotates => Kind::NumberRotation,
            () if self.is_full_of_cards() => Kind::SimBox,
            () if self.unlicensed && self.has_own_numbers() && (kind == Kind::UnlicensedCallCentre || self.large) => {
                Kind::UnlicensedCallCentre
            }
            () if self.unlicensed => Kind::ScamCallCentre,
            () => kind,
        };
        if families.has(Family::leading(more)) { more } else { kind }
    }

    /// Whether its numbers are mobiles', each of which calls again and again: mobiles do not share software, and a centre has
    /// lines at a place.
    fn is_full_of_cards(&self) -> bool {
        let numbers = self.callers.count();
        numbers >= CARDS_MIN && 2 * numbers <= self.calls && self.mobile as f32 >= CARDS_SHARE * self.calls as f32
    }

    /// Whether it keeps to a few numbers, under which it can be called back: whoever deceives shows others all the time.
    fn has_own_numbers(&self) -> bool {
        let numbers = self.callers.count();
        2 * numbers <= self.calls && numbers <= OWN_NUMBERS + self.calls / OWN_NUMBER_CALLS
    }

    /// Whether it has more agents than those who deceive were found to have: each call that is up needs one.
    pub fn is_large(&self) -> bool {
        self.seats_told.map_or(0, |told| told.seats).max(self.seats.most_up()) >= LARGE_SEATS
    }

    /// Trunks and sources at which it was found.
    fn origins(&self) -> usize {
        let mut origins: Vec<_> = self.members.iter().filter_map(|(entity, _)| entity.origin()).collect();
        origins.sort_unstable();
        origins.dedup();
        origins.len()
    }

    /// Whether its answered calls are of one length: that of a recording.
    fn is_recording(&self) -> bool {
        let counted: u32 = self.lengths.iter().map(|&count| u32::from(count)).sum();
        let most = self.lengths.windows(2).skip(SHORTEST_RECORDING).filter_map(|pair| {
            let [a, b] = pair else { return None };
            Some(u32::from(*a) + u32::from(*b))
        });
        counted >= RECORDING_CALLS_MIN && most.max().unwrap_or(0) as f32 >= RECORDING_SHARE * counted as f32
    }

    /// Whether its callers play what others have heard.
    fn is_recorded(&self) -> bool {
        self.recorded >= RECORDED_MIN && self.recorded as f32 >= RECORDING_SHARE * self.answered as f32
    }

    /// Counts a call for it.
    pub fn count(&mut self, call: &Counted<'_>) {
        self.calls += 1;
        self.first_call = self.first_call.min(call.at);
        self.last_call = self.last_call.max(call.at);
        self.seals.count(call.seal);
        self.excess = call.excess.or(self.excess);
        if let Some(recording) = call.recording {
            self.plays(recording, call.at);
        }
        if let Some(caller) = call.caller {
            self.callers.add(caller);
            self.mobile += u64::from(look_up(caller).kind == NumberKind::Mobile);
            if self.shown.len() < SHOWN_MAX {
                self.shown.insert(caller);
            }
        }
        if let Some(stack) = call.stack {
            let room = self.stacks.len() < STACKS_MAX;
            match self.stacks.iter_mut().find(|(own, _)| *own == stack) {
                Some((_, calls)) => *calls += 1,
                None if room => self.stacks.push((stack, 1)),
                None => {}
            }
        }
        if let Some(callee) = call.callee {
            self.callees.add(callee);
        }
        let named = !call.source.is_unspecified();
        if named && self.sources.len() < SOURCES_MAX && !self.sources.contains(&call.source) {
            self.sources.push(call.source);
        }
        match self.countries.iter().position(|(country, _)| *country == call.country) {
            Some(place) => {
                if let Some((_, calls)) = self.countries.get_mut(place) {
                    *calls += 1;
                }
            }
            None if self.countries.len() < COUNTRIES_MAX => self.countries.push((call.country, 1)),
            None => {}
        }
        if let Some(local) = call.local {
            self.sweep.count(local, call.at);
        }
        if self.sample.len() < SAMPLE_MAX {
            self.sample.push(call.call_id.into());
        }
    }

    /// How many different callees.
    #[must_use]
    pub const fn callees(&self) -> &Headcount {
        &self.callees
    }
}

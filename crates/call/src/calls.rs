//! The table of legs: where a message goes, what it means there, and what time alone brings about.

use std::hash::{BuildHasher, Hash};
use std::time::Duration;

use arrayvec::ArrayVec;
use foldhash::quality::FixedState;
use hashbrown::HashTable;
use numbers::Plan;
use sip::{HeaderName, Message, Method, NameAddr, StartLine};
use types::Nanos;

use crate::checks::Checks;
use crate::course::Courses;
use crate::crowd::{Belonging, Crowd, Crowds};
use crate::exchange::{Asked, Exchange, ExchangeKind, Exchanges, Request};
use crate::facts::{CallId, Facts, Heard};
use crate::join::Offers;
use crate::leg::Leg;
use crate::lines::Bindings;
use crate::listener::{IDENTITIES_MAX, Identities};
use crate::media::Media;
use crate::parting::Partings;
use crate::phase::{Ending, Phase, Side, Signal};
use crate::recency::{Place, Places, Queue, Recency};
use crate::shared::Common;
use crate::slab::Slab;
use crate::text::Word;
use crate::{CallConfig, CallRecord, Listener, Step, Tally, Verdict};

/// How long media may still come the old way after a message has moved it.
const STRAGGLING_MAX: Duration = Duration::from_secs(1);
/// How long media must go on behind a BYE, and how lately it must have been heard, for the call to stand.
const TALKING_ON_MIN: Duration = Duration::from_secs(5);
/// How long after an answer messages may still be of the set-up: 64 × T1 (RFC 3261 §13.3.1.4).
const SET_UP_MAX: Duration = Duration::from_secs(32);
/// An end that is known so soon is known at once.
const AT_ONCE_MAX: Duration = Duration::from_secs(1);

/// All calls of a worker.
#[derive(Debug)]
pub struct Calls {
    pub(crate) config: CallConfig,
    pub(crate) plan: Plan,
    pub(crate) hasher: FixedState,
    pub(crate) legs: Slab<Leg>,
    /// The leg of each Call-ID; of several that live at once the first, the others are in `crowds`.
    pub(crate) by_call_id: HashTable<u32>,
    pub(crate) crowds: Crowds,
    pub(crate) recency: Recency,
    pub(crate) bindings: Bindings,
    pub(crate) checks: Checks,
    pub(crate) named: Offers,
    pub(crate) parties_seen: Offers,
    pub(crate) callees_seen: Offers,
    pub(crate) exchanges: Exchanges,
    /// Ends that nobody was told of yet.
    pub(crate) partings: Partings,
    /// Streams in [`Leg::finished`] of all legs.
    pub(crate) ended_streams: u32,
    pub(crate) courses: Courses,
    pub(crate) common: Common,
    pub(crate) serial: u32,
    pub(crate) tally: Tally,
}

impl Places for Slab<Leg> {
    fn place(&mut self, index: u32) -> Option<&mut Place> {
        self.get_mut(index).map(|leg| &mut leg.place)
    }
}

impl Calls {
    /// Reads numbers by another plan from now on.
    pub fn renew(&mut self, plan: Plan) {
        self.plan = plan;
    }

    /// No calls yet. Numbers are read by `plan`.
    #[must_use]
    pub fn new(config: CallConfig, plan: Plan) -> Self {
        let hasher = FixedState::with_seed(config.seed);
        let limit = config.legs_max as usize;
        let secs = |secs: u32| Duration::from_secs(secs.into());
        Self {
            plan,
            hasher: hasher.clone(),
            legs: Slab::new(),
            by_call_id: HashTable::new(),
            crowds: Crowds::new(hasher.clone()),
            recency: Recency::new(),
            bindings: Bindings::new(hasher.clone()),
            checks: Checks::new(hasher.clone()),
            common: Common::new(hasher),
            named: Offers::new(secs(config.join_named_secs_max), limit),
            parties_seen: Offers::new(secs(config.join_secs_max), limit),
            callees_seen: Offers::new(secs(config.join_secs_max), limit),
            exchanges: Exchanges::new(),
            partings: Partings::new(),
            ended_streams: 0,
            courses: Courses::new(config.course_secs, config.courses_max),
            serial: 0,
            tally: Tally::default(),
            config,
        }
    }

    /// What was counted.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Legs remembered now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.legs.len()
    }

    /// Whether no leg is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The Call-ID of a message, unless it has none.
    #[must_use]
    #[inline]
    pub fn call_id<'a>(&self, message: &Message<'a>) -> Option<CallId<'a>> {
        let bytes = message.call_id()?;
        let hash = self.hash(bytes);
        Some(CallId { bytes, hash, leg: self.find(hash, bytes) })
    }

    /// The memory that a message with this Call-ID will change.
    #[must_use]
    #[inline]
    pub fn look_ahead(&self, call_id: &CallId<'_>) -> Option<&(impl Sized + use<>)> {
        self.legs.get(call_id.leg?)
    }

    /// The hash by which Call-IDs are found.
    #[must_use]
    #[inline]
    pub fn hash(&self, call_id: &[u8]) -> u64 {
        self.hasher.hash_one(call_id)
    }

    /// Takes in a message. SPAN copies of one must not come here.
    pub fn on_message(&mut self, heard: &Heard<'_>, media: &mut Media, listener: &mut impl Listener) {
        let Some(facts) = Facts::read(heard, &self.hasher) else {
            self.tally.messages_unkeyed += 1;
            return;
        };
        let first = heard.call_id.and_then(|call_id| call_id.leg);
        let leg = first.and_then(|index| self.legs.get(index));
        let mut crowded = leg.map_or_else(|| self.crowds.has(facts.call), |leg| leg.crowd != Crowd::Alone);
        let mut found = if crowded { self.among(first, heard, &facts) } else { first };
        if let Some(index) = found {
            match self.belonging(index, heard, &facts) {
                Belonging::Here => {}
                Belonging::Hop => self.add_hop(index, heard, &facts),
                Belonging::Again => self.ask_next(index),
                Belonging::After => {
                    self.retire(index, media, listener);
                    found = None;
                }
                Belonging::Beside => {
                    crowded = true;
                    found = None;
                }
            }
        }
        if !is_of_calls(facts.method) {
            return self.on_other(found, heard, &facts, listener);
        }
        let index = match found {
            Some(index) => index,
            None if opens(&facts) => {
                self.make_room_for_leg(media, listener);
                if crowded {
                    self.open_beside(heard, &facts, media, listener)
                } else {
                    self.open(heard, &facts, Crowd::Alone)
                }
            }
            None => {
                self.tally.messages_unmatched += 1;
                return;
            }
        };
        self.in_leg(index, heard, &facts, media, listener);
    }

    /// A call that one server refused is not over yet: the next is asked.
    fn ask_next(&mut self, index: u32) {
        let Some(leg) = self.legs.get_mut(index) else { return };
        (leg.phase, leg.status, leg.q850) = (Phase::Calling, None, None);
        if let Some(rare) = &mut leg.rare {
            rare.end_known_at = None;
        }
    }

    fn in_leg(
        &mut self,
        index: u32,
        heard: &Heard<'_>,
        facts: &Facts<'_>,
        media: &mut Media,
        listener: &mut impl Listener,
    ) {
        let imprint = facts.imprint(heard);
        let Some(leg) = self.legs.get_mut(index) else { return };
        // Before the message changes what they are known by.
        let described = heard.sdp.map(|sdp| (leg.sender(facts), sdp));
        let fragment = (facts.method == Method::Info).then(|| heard.message.trickled()).flatten();
        let trickled = fragment.map(|fragment| (leg.sender(facts), fragment));
        self.tally.messages += 1;
        if leg.heard_again(heard.at, imprint) {
            self.tally.retransmissions += 1;
        } else {
            if facts.method == Method::Bye && facts.code.is_none() {
                self.take_back(index, heard.at, media);
            }
            let signal = match facts.code {
                None => self.on_request(index, heard, facts, listener),
                Some(code) => self.on_response(index, heard, facts, code),
            };
            if let Some(signal) = signal {
                self.apply(index, signal, (heard.at, heard.at), listener);
            }
            if let Some((side, sdp)) = described {
                self.on_sdp(index, side, sdp, media);
            }
            if let Some((side, fragment)) = trickled {
                self.on_trickled(index, side, fragment, media);
            }
        }
        self.touch(index, heard.at);
    }

    fn on_request(
        &mut self,
        index: u32,
        heard: &Heard<'_>,
        facts: &Facts<'_>,
        listener: &mut impl Listener,
    ) -> Option<Signal> {
        let leg = self.legs.get_mut(index)?;
        let path = leg.path;
        let of_asker = || self.common.path(path).source == heard.source;
        match facts.method {
            // It may reach the tap behind what answers it.
            Method::Invite
                if facts.tag_of_to().is_none()
                    && leg.invite_at.is_none()
                    && (leg.phase == Phase::Calling || leg.from_tag == facts.tag_of_from() && !leg.phase.is_over()) =>
            {
                self.on_first_invite(index, heard, facts);
                self.tell_invited(index, heard, listener);
                None
            }
            // Some ask again without counting on, as RFC 2543 telephones do.
            Method::Invite
                if facts.tag_of_to().is_none()
                    && (facts.cseq > leg.cseq || matches!(leg.phase, Phase::Waiting { .. }) && of_asker()) =>
            {
                leg.cseq = facts.cseq;
                leg.branch = facts.branch;
                leg.branches = 1;
                leg.status = None;
                if let Some(rare) = &mut leg.rare {
                    rare.forks.clear();
                }
                Some(Signal::Invite)
            }
            // A proxy whose own caller the tap does not hear forks, or a caller tries the next server (RFC 3263 §4.3).
            Method::Invite
                if facts.tag_of_to().is_none()
                    && facts.cseq == leg.cseq
                    && facts.branch != leg.branch
                    && of_asker() =>
            {
                leg.branches = leg.branches.saturating_add(1);
                leg.forked(facts.branch);
                None
            }
            // The capture began within the call.
            Method::Invite if facts.tag_of_to().is_some() && leg.invite_at.is_none() && leg.phase == Phase::Calling => {
                leg.phase = Phase::Talking;
                None
            }
            // RFC 3261 §13.2.2.4: the ACK of a 2xx has a branch of its own. The tap may hear one direction only.
            Method::Ack
                if matches!(leg.phase, Phase::Calling | Phase::Ringing)
                    && leg.branch != 0
                    && leg.branch != facts.branch
                    && leg.branches == 1
                    && of_asker()
                    && facts.tag_of_to().is_some()
                    && facts.tag_of_from() == leg.from_tag =>
            {
                leg.to_tag = facts.tag_of_to();
                Some(Signal::Answer)
            }
            // RFC 3261 §16.7: a 2xx is passed on whatever came before it, and whoever acknowledges it takes it.
            Method::Ack if of_asker() && leg.branch != facts.branch && leg.is_late(facts.tag_of_to()) => {
                let answered_at = leg.take_late()?;
                leg.to_tag = facts.tag_of_to();
                leg.status = Some(200);
                leg.q850 = None;
                self.apply(index, Signal::Answer, (answered_at, heard.at), listener);
                None
            }
            Method::Cancel if leg.branch == 0 || leg.branch == facts.branch => {
                leg.q850 = heard.message.q850_cause().or(leg.q850);
                Some(Signal::Cancel)
            }
            // Of a call before it that had the same Call-ID.
            Method::Bye if leg.answer_at.is_none() && leg.invite_at.is_some() && !leg.knows(facts) => None,
            Method::Bye => {
                let by = leg.hung_up(facts, heard.at)?;
                leg.q850 = heard.message.q850_cause().or(leg.q850);
                leg.bye_at = leg.bye_at.or(Some(heard.at));
                Some(Signal::Bye(by))
            }
            _ => None,
        }
    }

    fn on_response(&mut self, index: u32, heard: &Heard<'_>, facts: &Facts<'_>, code: u16) -> Option<Signal> {
        let leg = self.legs.get_mut(index)?;
        if facts.method == Method::Bye && (200..300).contains(&code) {
            if let Some(bye_at) = leg.bye_at.take() {
                self.tally.rfc6076.sdd.add(bye_at, heard.at);
            } else if leg.phase == Phase::Talking {
                // The BYE itself went past the tap.
                return leg.hung_up(facts, heard.at).map(Signal::Bye);
            }
        }
        if facts.method == Method::Bye && matches!(code, 408 | 481) {
            leg.bye_at = None; // RFC 3261 §12.2.1.2: the dialog is gone.
        }
        if facts.method == Method::Update && (200..300).contains(&code) {
            leg.session_secs = heard.message.session_expires().unwrap_or(0);
        }
        // RFC 3261 §12.2.1.2: who is told that there is no such dialog has none.
        if code == 481 && matches!(facts.method, Method::Invite | Method::Update) && leg.phase == Phase::Talking {
            return (leg.to_tag.is_some() && leg.is_within(facts)).then_some(Signal::Silence);
        }
        if facts.method != Method::Invite {
            return None;
        }
        let first_hop =
            leg.branch == 0 || leg.branch == facts.branch || self.common.path(leg.path).source == heard.destination;
        match code {
            ..=100 => None,
            101..=199 => Some(Signal::Ring),
            200..=299 => {
                // A box that keeps the Call-ID may change the tags: those of the caller's own hop count.
                let answer = first_hop && leg.cseq == facts.cseq;
                match leg.phase {
                    Phase::Talking if answer && leg.to_tag.is_none() => leg.to_tag = facts.tag_of_to(),
                    Phase::Talking if answer && leg.to_tag != facts.tag_of_to() => {
                        leg.rare().lost_fork = facts.tag_of_to()
                    }
                    Phase::Over { ending: Ending::Refused(_), .. } if answer && leg.sent(facts.branch) => {
                        leg.rare().late = facts.tag_of_to().map(|tag| (heard.at, tag));
                    }
                    Phase::Talking | Phase::Over { .. } => {}
                    _ => leg.to_tag = facts.tag_of_to().filter(|_| first_hop),
                }
                if !leg.phase.is_over() {
                    leg.status = leg.status.filter(|_| leg.phase == Phase::Talking).or(Some(code));
                    // RFC 4028 §7.2: a refresh that is answered without it ends the session timer.
                    leg.session_secs = heard.message.session_expires().unwrap_or(0);
                }
                Some(Signal::Answer)
            }
            // What another hop or branch refused says nothing yet: the proxy may try elsewhere.
            _ if !first_hop => None,
            // RFC 3261 §17.1.3: it answers nothing that was sent, and whoever asked drops it.
            _ if leg.branch != 0 && leg.cseq == facts.cseq && !leg.sent(facts.branch) => None,
            _ => {
                if !matches!(leg.phase, Phase::Talking | Phase::Over { .. }) {
                    leg.status = Some(code);
                    leg.q850 = heard.message.q850_cause().or(leg.q850);
                }
                leg.branches = leg.branches.saturating_sub(1);
                (leg.branches == 0).then_some(Signal::Refuse(code))
            }
        }
    }

    /// Moves a leg on by what happened at `at`, which is known at `now`, and tells of it.
    pub(crate) fn apply(
        &mut self,
        index: u32,
        signal: Signal,
        (at, now): (Nanos, Nanos),
        listener: &mut impl Listener,
    ) {
        let Some(leg) = self.legs.get_mut(index) else { return };
        let before = leg.phase;
        if before.is_over() {
            return;
        }
        // What was heard last may have been before the clock was set back.
        let unsure = signal == Signal::Silence && leg.set_back().has_happened();
        let (at, is_set_back) = leg.on_clock(at);
        leg.phase = before.after(signal, at);
        if is_set_back || unsure {
            leg.lose_time(before);
        }
        if leg.phase == before {
            return;
        }
        let (step, at) = match leg.phase {
            Phase::Over { at, ending: Ending::Unheard } => {
                self.offer_again(index, at);
                return;
            }
            Phase::Ringing if leg.ring_at.is_none() => {
                leg.ring_at = Some(at);
                (Step::Ringing, at)
            }
            Phase::Talking => {
                leg.answer_at = Some(at);
                (Step::Answered, at)
            }
            Phase::Over { at, .. } => {
                if now.since(at) > AT_ONCE_MAX {
                    leg.rare().end_known_at = Some(now);
                }
                self.offer_again(index, at);
                return self.part(index, at, listener);
            }
            _ => return,
        };
        self.tell(index, step, at, listener);
    }

    pub(crate) fn tell(&self, index: u32, step: Step, at: Nanos, listener: &mut impl Listener) {
        if listener.hears_steps()
            && let Some(leg) = self.legs.get(index).filter(|leg| leg.first == index)
        {
            listener.step(step, at, &leg.record(&self.common));
        }
    }

    /// Tells of a first INVITE, with what it says of identity while it is in hand.
    fn tell_invited(&self, index: u32, heard: &Heard<'_>, listener: &mut impl Listener) {
        let values: ArrayVec<&[u8], IDENTITIES_MAX> = heard.message.identities().take(IDENTITIES_MAX).collect();
        if values.is_empty() {
            return self.tell(index, Step::Invited, heard.at, listener);
        }
        let number = |address: Option<NameAddr<'_>>| self.number(address?.uri().as_ref(), None);
        let [from, to] = [heard.message.from(), heard.message.to()].map(number);
        let identities = Identities { values: &values, from, to };
        if let Some(leg) = self.legs.get(index).filter(|leg| leg.first == index) {
            let record = CallRecord { identities: Some(&identities), ..leg.record(&self.common) };
            listener.step(Step::Invited, heard.at, &record);
        }
    }

    /// A message of a method that does not make calls.
    fn on_other(&mut self, found: Option<u32>, heard: &Heard<'_>, facts: &Facts<'_>, listener: &mut impl Listener) {
        let found = found.filter(|_| facts.tag_of_to().is_some());
        let of_a_call = found.is_some();
        if let Some((index, leg)) = found.and_then(|index| Some((index, self.legs.get_mut(index)?))) {
            leg.messages = leg.messages.saturating_add(1);
            self.tally.messages += 1;
            if !leg.phase.is_over() && leg.is_within(facts) {
                leg.last_at = leg.last_at.max(heard.at);
                self.touch(index, heard.at);
            }
        }
        let transaction = facts.transaction();
        let tally = &mut self.tally;
        match (facts.code, heard.message.start()) {
            (Some(..200), _) => {}
            (Some(code), _) => {
                let known = self
                    .exchanges
                    .on_response(transaction, heard.at, code, |exchange| ended(tally, exchange, listener));
                self.tally.messages_unmatched += u64::from(!known && !of_a_call);
            }
            // Within the dialog of a call: a NOTIFY that a REFER brought about, an OPTIONS that keeps it alive.
            (None, _) if of_a_call => {}
            (None, StartLine::Request { method, .. }) => {
                let message = heard.message;
                let credentials = [HeaderName::Authorization, HeaderName::ProxyAuthorization];
                let request = Request {
                    kind: ExchangeKind::of(*method),
                    at: heard.at,
                    source: heard.source,
                    destination: heard.destination,
                    user: message.to().and_then(|to| to.uri()).and_then(|uri| uri.user()).unwrap_or_default(),
                    user_agent: message.user_agent().unwrap_or_default(),
                    // The same in every run, whatever the tables are seeded with.
                    dialog: FixedState::with_seed(0).hash_one(facts.call_id),
                    credentials: credentials.iter().any(|&name| message.headers().first(name).is_some()),
                };
                if matches!(self.exchanges.on_request(transaction, &request), Asked::New) {
                    self.bound_exchanges(listener);
                }
            }
            (None, StartLine::Response { .. }) => {}
        }
    }

    /// Tells of the requests that the capture left without an answer.
    pub(crate) fn end_exchanges(&mut self, listener: &mut impl Listener) {
        let tally = &mut self.tally;
        while self.exchanges.expire(|_| true, |exchange| ended(tally, exchange, listener)).is_some() {}
    }

    fn bound_exchanges(&mut self, listener: &mut impl Listener) {
        let tally = &mut self.tally;
        while self.exchanges.len() > self.config.exchanges_max as usize {
            if self.exchanges.expire(|_| true, |exchange| ended(tally, exchange, listener)) == Some(true) {
                tally.exchanges_evicted += 1;
            }
        }
    }

    /// Lets time pass: what has been silent for too long at `now` ends. To be called with whole seconds of capture
    /// time, each before the first frame at or after it, so that the outcome does not depend on how frames were batched.
    pub fn on_time(&mut self, now: Nanos, media: &mut Media, listener: &mut impl Listener) {
        self.courses.on_time(now, &media.streams);
        self.part_in_time(now, listener);
        // Zero would never be over with what it has just looked at.
        let over = |secs: u32| move |since: Nanos| now.since(since) >= Duration::from_secs(secs.max(1).into());
        let due = over(self.config.linger_secs);
        let tally = &mut self.tally;
        // A request stamped as much later than now is over too: those behind it must not wait for its time to come.
        let linger = Duration::from_secs(self.config.linger_secs.max(1).into());
        let astray = |since: Nanos| due(since) || since.since(now) >= linger;
        while self.exchanges.expire(astray, |exchange| ended(tally, exchange, listener)).is_some() {}
        while let Some(index) = self.due(Queue::Setup, now, over(self.config.setup_secs_max)) {
            let Some(leg) = self.legs.get(index) else { break };
            // Some branches were refused and the others never answered.
            let refused = leg.status.filter(|_| matches!(leg.phase, Phase::Calling | Phase::Ringing));
            let at = leg.last_at;
            self.apply(index, refused.map_or(Signal::Silence, Signal::Refuse), (at, now), listener);
            self.touch(index, now);
        }
        while let Some(index) = self.due(Queue::Talk, now, over(self.config.silence_secs_max)) {
            self.end_if_silent(index, now, media, listener);
            self.touch(index, now);
        }
        while let Some(index) = self.due(Queue::Linger, now, due) {
            if self.take_back(index, now, media) {
                self.touch(index, now);
            } else {
                self.settle(index, media, listener);
            }
        }
    }

    /// Ends an answered leg that nothing was heard of for too long.
    pub(crate) fn end_if_silent(&mut self, index: u32, now: Nanos, media: &Media, listener: &mut impl Listener) {
        let heard_at = self.media_last_at(index, media);
        let Some(leg) = self.legs.get(index) else { return };
        let reported_at = leg.rare.as_ref().and_then(|rare| rare.reported_at);
        let last_at = heard_at.max(reported_at).map_or(leg.last_at, |at| at.max(leg.last_at));
        // Media that ends with a message was moved to where the tap does not see it, or gave way to a fax.
        let flowing = heard_at.is_some_and(|at| at.since(leg.last_at) > STRAGGLING_MAX);
        // What is left of a call whose first leg is over is not waited for long.
        let first = self.first_of(index);
        let left = first != index && self.legs.get(first).is_some_and(|first| first.phase.is_over());
        let limit = if left || flowing && leg.held == [false; 2] {
            self.config.silence_secs_max
        } else if leg.session_secs > 0 {
            // RFC 4028 §10: whoever sees no refresh in time ends the session.
            leg.session_secs.clamp(self.config.silence_secs_max, self.config.talk_secs_max)
        } else {
            self.config.talk_secs_max
        };
        if now.since(last_at) >= Duration::from_secs(limit.into()) {
            // Neither a packet nor a message later than its set-up: that it was up for a moment only is nowhere said.
            let unheard = |answered_at: Nanos| {
                last_at.since(answered_at) < SET_UP_MAX && heard_at.max(reported_at) < Some(answered_at)
            };
            let signal = if leg.answer_at.is_some_and(unheard) { Signal::Oblivion } else { Signal::Silence };
            self.apply(index, signal, (last_at, now), listener);
        }
    }

    /// Takes back the end of a call whose BYE was refused or never answered, where both sides talk on: RFC 3261 §12.2.2, one whose
    /// CSeq is too low is refused and changes nothing, and whoever is no part of the call may send one. Whether it did.
    pub(crate) fn take_back(&mut self, index: u32, now: Nanos, media: &Media) -> bool {
        let Some(leg) = self.legs.get(index).filter(|leg| leg.bye_at.is_some() && !leg.settled) else { return false };
        let Phase::Over { at, ending: Ending::HungUp(_) } = leg.phase else { return false };
        let talks = |side: Side| {
            let of_side = leg.streams().filter(|attached| attached.side == side);
            let last_at = of_side.filter_map(|attached| media.streams.last_at(attached.stream)).max();
            last_at.is_some_and(|last_at| now.since(last_at) < TALKING_ON_MIN && last_at.since(at) >= TALKING_ON_MIN)
        };
        if leg.answer_at.is_none() || !talks(Side::Caller) || !talks(Side::Callee) {
            return false;
        }
        let Some(leg) = self.legs.get_mut(index) else { return false };
        leg.phase = Phase::Talking;
        leg.bye_at = None;
        if let Some(rare) = &mut leg.rare {
            rare.end_known_at = None;
        }
        true
    }

    /// The longest waiting leg of a queue, when it has waited long enough. One that was stamped later than now, by a clock
    /// that leapt, waits from now on: it must not hold up those behind it.
    fn due(&mut self, queue: Queue, now: Nanos, over: impl Fn(Nanos) -> bool) -> Option<u32> {
        loop {
            let index = self.recency.first(queue)?;
            let since = self.legs.get(index)?.place.since();
            if since <= now {
                return over(since).then_some(index);
            }
            self.recency.take(&mut self.legs, index);
            self.recency.push(&mut self.legs, index, queue, now);
        }
    }

    /// Puts a leg at the end of the queue its phase belongs to.
    fn touch(&mut self, index: u32, at: Nanos) {
        let Some(queue) = self.legs.get(index).filter(|leg| !leg.settled).map(Leg::queue) else { return };
        self.recency.renew(&mut self.legs, index, queue, at);
    }

    pub(crate) fn insert(&mut self, leg: Leg, at: Nanos) -> u32 {
        let hash = leg.hash;
        let index = self.legs.insert(leg);
        let legs = &self.legs;
        if legs.get(index).is_some_and(|leg| leg.crowd != Crowd::Later) {
            self.by_call_id.insert_unique(hash, index, |&index| legs.get(index).map_or(0, |leg| leg.hash));
        }
        self.recency.push(&mut self.legs, index, Queue::Setup, at);
        self.tally.legs += 1;
        index
    }

    pub(crate) fn find(&self, hash: u64, call_id: &[u8]) -> Option<u32> {
        let same = |&index: &u32| {
            // A Call-ID over the limit was cut when it was kept; its hash is of the whole.
            self.legs.get(index).is_some_and(|leg| leg.hash == hash && call_id.starts_with(leg.text.get(Word::CallId)))
        };
        self.by_call_id.find(hash, same).copied()
    }

    pub(crate) fn key(&self, words: &impl Hash) -> u64 {
        self.hasher.hash_one(words)
    }
}

/// Whether a method makes, changes or ends calls.
const fn is_of_calls(method: Method) -> bool {
    matches!(
        method,
        Method::Invite
            | Method::Ack
            | Method::Bye
            | Method::Cancel
            | Method::Prack
            | Method::Update
            | Method::Info
            | Method::Refer
    )
}

/// Whether a message shows that a call is there, even when its beginning was not seen.
fn opens(facts: &Facts<'_>) -> bool {
    match (facts.method, facts.code) {
        (Method::Invite | Method::Bye, None) => true,
        (Method::Prack | Method::Update | Method::Info | Method::Refer, None) => facts.tag_of_to().is_some(),
        (Method::Invite, Some(code)) => code > 100 && code < 300,
        _ => false,
    }
}

/// Counts an exchange that is over and tells of it.
fn ended(tally: &mut Tally, exchange: &Exchange<'_>, listener: &mut impl Listener) {
    let counts = tally.exchanges.get_mut(exchange.kind as usize);
    if let Some(count) = counts.and_then(|counts| counts.get_mut(exchange.verdict as usize)) {
        *count += 1;
    }
    if exchange.kind == ExchangeKind::Registration && exchange.verdict != Verdict::Challenged {
        tally.rfc6076.registrations += 1;
        match (exchange.verdict, exchange.answered_at) {
            (Verdict::Accepted, Some(answered_at)) => tally.rfc6076.rrd.add(exchange.at, answered_at),
            _ => tally.rfc6076.registrations_ineffective += 1,
        }
    }
    listener.exchange(exchange);
}

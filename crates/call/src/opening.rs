//! What an INVITE tells of a call: who calls whom, with which stack, and which other leg it continues.

use numbers::Other;
use sip::passport::{Attest, Identity};
use sip::stack::Fingerprint;
use sip::{HeaderName, Message, Method, NameAddr, Scheme, StartLine, Uri};
use types::{E164, Nanos};

use crate::CallerFrom;
use crate::calls::Calls;
use crate::crowd::Crowd;
use crate::facts::{Facts, Heard};
use crate::join::LegRef;
use crate::leg::{Leg, Opening};
use crate::passage::{OWN_DIGITS, alike, own_digits};
use crate::phase::Phase;
use crate::shared::Path;
use crate::text::{Text, Word, cut};

/// Shortest X- header value that may name another Call-ID.
const NAMED_CALL_ID_BYTES_MIN: usize = 8;

/// By what an INVITE may be joined to the leg before it, and the next one to this.
struct Ties {
    /// What it says of the session it belongs to.
    named: [Option<u64>; 2],
    /// Both parties, and the caller alone.
    parties: [Option<(u64, u64)>; 2],
}

/// Who a message says calls, and where it says so.
pub(crate) struct Calling<'a> {
    display: &'a [u8],
    pub(crate) uri: Option<Uri<'a>>,
    from: CallerFrom,
}

impl<'a> Calling<'a> {
    fn of(address: NameAddr<'a>, from: CallerFrom) -> Self {
        Self { display: address.display(), uri: address.uri(), from }
    }
}

/// The caller's identity: asserted by the network before written by the caller.
pub(crate) fn calling<'a>(message: &Message<'a>) -> Calling<'a> {
    let mut asserted = None;
    for calling in message.asserted().map(|address| Calling::of(address, CallerFrom::Asserted)) {
        // RFC 3325 §9.1: of two, one is a tel URI, and the other may be a name.
        let user = calling.uri.as_ref().and_then(Uri::user).unwrap_or_default();
        if matches!(user.first(), Some(b'+' | b'0'..=b'9')) {
            return calling;
        }
        // Whoever asserts that it is nobody asserts nothing.
        if !is_withheld(calling.uri.as_ref()) {
            asserted = asserted.or(Some(calling));
        }
    }
    if let Some(calling) = asserted {
        return calling;
    }
    let calling = |party: &sip::RemoteParty<'_>| party.party.is_none_or(|party| party.eq_ignore_ascii_case(b"calling"));
    if let Some(remote) = message.remote_parties().find(calling) {
        return Calling::of(remote.address, CallerFrom::RemoteParty);
    }
    stated(message)
}

/// Whom the caller says he is.
fn stated<'a>(message: &Message<'a>) -> Calling<'a> {
    let nobody = Calling { display: &[], uri: None, from: CallerFrom::From };
    let calling = message.from().map_or(nobody, |from| Calling::of(from, CallerFrom::From));
    if is_withheld(calling.uri.as_ref()) {
        return Calling { display: &[], uri: None, from: CallerFrom::Withheld };
    }
    calling
}

/// Whether a URI stands for somebody who does not want to be known (RFC 3323 §4.1).
fn is_withheld(uri: Option<&Uri<'_>>) -> bool {
    let user = uri.and_then(Uri::user).unwrap_or_default();
    numbers::is_withheld(user) || uri.is_some_and(|uri| numbers::is_withheld(uri.host))
}

/// The name that the callee is shown: whoever asserts a number may leave the name to another of his own, or to the caller.
fn display<'a>(message: &Message<'a>, calling: &Calling<'a>) -> &'a [u8] {
    if !calling.display.is_empty() || matches!(calling.from, CallerFrom::From | CallerFrom::Withheld) {
        return calling.display;
    }
    let asserted = message.asserted().map(|address| address.display()).find(|display| !display.is_empty());
    asserted.unwrap_or_else(|| stated(message).display)
}

/// Whom a URI names: its user, or all of one that has none, such as that of a service (`urn:service:sos`, RFC 5031).
fn named<'a>(uri: &Uri<'a>) -> &'a [u8] {
    if uri.scheme == Scheme::Other { uri.raw() } else { uri.user().unwrap_or_default() }
}

/// The other party of a call, and how it is written.
fn other(number: E164, uri: Option<&Uri<'_>>) -> Option<Other> {
    Some(Other::new(number, uri.and_then(Uri::user).unwrap_or_default()))
}

impl Calls {
    /// Remembers a leg by the first message of it that was seen. There must be room.
    pub(crate) fn open(&mut self, heard: &Heard<'_>, facts: &Facts<'_>, crowd: Crowd) -> u32 {
        let message = heard.message;
        let calling = calling(message);
        let caller_uri = calling.uri;
        let (callee_uri, callee) = self.asked_for(message, facts);
        let (caller, callee) = match (self.number(caller_uri.as_ref(), None), callee) {
            (Some(caller), None) => {
                (Some(caller), self.number(callee_uri.as_ref(), other(caller, caller_uri.as_ref())))
            }
            (None, Some(callee)) => {
                (self.number(caller_uri.as_ref(), other(callee, callee_uri.as_ref())), Some(callee))
            }
            alone => alone,
        };
        let diversion = message.diverted_by().and_then(|by| by.uri()).and_then(|uri| uri.user());
        let calling_user = caller_uri.as_ref().and_then(Uri::user);
        let words = [
            facts.call_id,
            calling_user.unwrap_or_default(),
            display(message, &calling),
            callee_uri.as_ref().map(named).unwrap_or_default(),
            message.user_agent().unwrap_or_default(),
            diversion.unwrap_or_default(),
        ];
        if words.iter().map(|word| word.len()).sum::<usize>() > usize::from(self.config.text_bytes_max) {
            self.tally.texts_cut += 1;
        }
        let [call_id, caller_user, display, callee_user, agent, diversion] = cut(words, self.config.text_bytes_max);
        // What will be the first INVITE of the leg brings the fingerprint with it.
        let asks = facts.method == Method::Invite && facts.code.is_none() && facts.tag_of_to().is_none();
        let stack = asks.then(|| Fingerprint::of(message, heard.sdp));
        // A response travels from the callee: the leg's source is who asked.
        let path = match facts.code {
            None => Path { source: heard.source, destination: heard.destination },
            Some(_) => Path { source: heard.destination, destination: heard.source },
        };
        self.serial = self.serial.wrapping_add(1);
        let leg = Leg::new(Opening {
            first: self.legs.next(),
            hash: facts.call,
            serial: self.serial,
            at: heard.at,
            path: self.common.hold_path(path),
            agent: self.common.hold_agent(agent, stack),
            text: Text::new([call_id, caller_user, display, callee_user, diversion]),
            caller,
            callee,
            caller_from: calling.from,
            from_tag: facts.tag_of_from(),
            asked: asks || facts.code.is_some(),
            crowd,
        });
        let index = self.insert(leg, heard.at);
        // Who fills in From is not who asserts: a telephone may show its own number there and its company's elsewhere.
        if asks && matches!(calling.from, CallerFrom::Asserted | CallerFrom::RemoteParty) {
            let from = message.from().and_then(|from| from.uri());
            // A global number has no context (RFC 3966 §5.1.5): written alike, it is the same.
            let is_same =
                |from: &Uri<'_>| from.user() == calling_user && calling_user.is_some_and(|user| user.starts_with(b"+"));
            let from = from.filter(|from| !is_same(from)).and_then(|from| self.number(Some(&from), None));
            let other = from.filter(|&from| caller.is_none_or(|caller| !alike(caller, from)));
            if let (Some(leg), Some(other)) = (self.legs.get_mut(index), other) {
                leg.rare().also = Some(other);
            }
        }
        index
    }

    /// Whom a message says it is for, and the number that is read there.
    pub(crate) fn asked_for<'a>(&self, message: &Message<'a>, facts: &Facts<'_>) -> (Option<Uri<'a>>, Option<E164>) {
        let to_uri = || message.to().and_then(|to| to.uri());
        let asked = match *message.start() {
            StartLine::Request { uri, .. } if facts.tag_of_to().is_none() => Uri::parse(uri),
            _ => None,
        };
        // The Request-URI is the number as routed here; behind a registrar it is a device's name, and To has the number.
        match self.number(asked.as_ref(), None) {
            Some(number) => (asked, Some(number)),
            None => {
                let to = to_uri();
                let number = self.number(to.as_ref(), None);
                (if number.is_some() { to } else { asked.or(to) }, number)
            }
        }
    }

    /// The number of a URI by the tap's dial plan; `other` is that of the other party, where it is known.
    pub(crate) fn number(&self, uri: Option<&Uri<'_>>, other: Option<Other>) -> Option<E164> {
        let user = uri?.user()?;
        // A global number has no context (RFC 3966 §5.1.5).
        let context = if user.starts_with(b"+") { None } else { uri?.phone_context() };
        let reading = match other {
            None => numbers::read(user, &self.plan, context),
            Some(other) => numbers::read_beside(user, &self.plan, context, other),
        };
        reading.number()
    }

    /// Takes in what only the first INVITE of a leg tells, and joins the leg to the call it continues.
    pub(crate) fn on_first_invite(&mut self, index: u32, heard: &Heard<'_>, facts: &Facts<'_>) {
        let message = heard.message;
        let attestation = message.identities().find_map(attestation);
        let Some(leg) = self.legs.get_mut(index) else { return };
        leg.invite_at = Some(heard.at);
        leg.attestation = attestation;
        leg.branch = facts.branch;
        leg.addressed = facts.addressed();
        leg.cseq = facts.cseq;
        leg.branches = 1;
        let path = Path { source: heard.source, destination: heard.destination };
        if self.common.path(leg.path) != path {
            self.common.paths.release(leg.path);
            leg.path = self.common.hold_path(path);
        }
        if let Some(agent) = self.common.agents.get(leg.agent).filter(|agent| agent.stack.is_none()) {
            let name = agent.name.clone();
            self.common.agents.release(leg.agent);
            leg.agent = self.common.hold_agent(&name, Some(Fingerprint::of(message, heard.sdp)));
        }
        leg.from_tag = facts.tag_of_from();
        leg.session_secs = message.session_expires().unwrap_or(0);
        self.join(index, heard, facts);
    }

    fn join(&mut self, index: u32, heard: &Heard<'_>, facts: &Facts<'_>) {
        let Some(me) = self.legs.get(index).map(|leg| LegRef { index, serial: leg.serial }) else { return };
        let ties = Ties { named: self.named_keys(heard.message), parties: self.parties(index) };
        let before = self.continued(heard, facts, me, &ties);
        if let Some(before) = before {
            self.unite(before.index, index);
            self.compare(index, heard);
        }
        for key in ties.named.into_iter().flatten() {
            self.named.add(key, me, heard.at);
        }
        for parties in ties.parties.into_iter().flatten() {
            self.parties_seen.add(self.key(&(parties, heard.destination.ip)), me, heard.at);
        }
        if let Some(called) = self.called(index) {
            self.callees_seen.add(self.key(&(called, heard.destination.ip)), me, heard.at);
        }
        self.tally.offers_evicted = self.named.evicted() + self.parties_seen.evicted() + self.callees_seen.evicted();
    }

    /// Lets the waiting legs of a call be joined anew when another leg of it is over: the box in the middle may try the
    /// next gateway, however long the one before it rang.
    pub(crate) fn offer_again(&mut self, over: u32, at: Nanos) {
        let first = self.first_of(over);
        if first == over {
            return;
        }
        let Some(others) = self.legs.get(first).map(Leg::others) else { return };
        for index in [&[first], others].concat() {
            let leg = self.legs.get(index).filter(|leg| matches!(leg.phase, Phase::Calling | Phase::Ringing));
            let Some((serial, asked)) = leg.map(|leg| (leg.serial, self.common.path(leg.path).destination.ip)) else {
                continue;
            };
            for parties in self.parties(index).into_iter().flatten() {
                self.parties_seen.add(self.key(&(parties, asked)), LegRef { index, serial }, at);
            }
        }
    }

    /// The leg that this one continues.
    fn continued(&mut self, heard: &Heard<'_>, facts: &Facts<'_>, me: LegRef, ties: &Ties) -> Option<LegRef> {
        let legs = &self.legs;
        let alive = |found: LegRef| {
            found != me && legs.get(found.index).is_some_and(|leg| leg.serial == found.serial && !leg.phase.is_over())
        };
        for &key in ties.named.iter().flatten() {
            if let Some(found) = self.named.find(key, heard.at, alive) {
                return Some(found);
            }
        }
        if let Some(named) = self.named_call_id(heard.message, facts) {
            return Some(named);
        }
        let legs = &self.legs;
        let here = Path { source: heard.source, destination: heard.destination };
        let path = |leg: &Leg| self.common.path(leg.path);
        let passed_on = |leg: &Leg| path(leg).source != here.source && path(leg).destination != here.destination;
        let asked = |index: u32| legs.get(index).is_some_and(|leg| path(leg) == here);
        // A call never asks the same box twice in the same way: that is another call between the same two parties.
        let asked_before = |index: u32| {
            let first = legs.get(index).map_or(index, |leg| leg.first);
            asked(first) || legs.get(first).is_some_and(|leg| leg.others().iter().any(|&other| asked(other)))
        };
        let waiting = |found: LegRef| {
            found != me
                && legs.get(found.index).is_some_and(|leg| {
                    leg.serial == found.serial && matches!(leg.phase, Phase::Calling | Phase::Ringing) && passed_on(leg)
                })
                && !asked_before(found.index)
        };
        let alone = |found: LegRef| waiting(found) && legs.get(found.index).is_some_and(|leg| !leg.continued);
        let [both, caller] = ties.parties.map(|parties| Some(self.key(&(parties?, heard.source.ip))));
        let called = self.called(me.index).map(|called| self.key(&(called, heard.source.ip)));
        let seen = &mut self.parties_seen;
        both.and_then(|key| seen.find(key, heard.at, alone).or_else(|| seen.find(key, heard.at, waiting)))
            .or_else(|| seen.find(caller?, heard.at, alone))
            .or_else(|| self.callees_seen.find_only(called?, heard.at, alone))
    }

    /// What an INVITE says of the session it belongs to: Session-ID (RFC 7989) and icid-value (RFC 7315 §4.6).
    fn named_keys(&self, message: &Message<'_>) -> [Option<u64>; 2] {
        // RFC 7989 §5: the UUID of zeros is nobody's.
        let session = message.session_id().filter(|session| session.local != 0);
        let charging = message.charging().filter(|charging| !charging.icid.is_empty());
        let session = session.map(|session| self.key(&("session", session.local)));
        [session, charging.map(|charging| self.key(&("icid", charging.icid)))]
    }

    /// The leg whose Call-ID stands in an X- header.
    fn named_call_id(&self, message: &Message<'_>, facts: &Facts<'_>) -> Option<LegRef> {
        if !message.headers().has(HeaderName::Other) {
            return None;
        }
        let fields = message.headers().iter().filter(|field| field.id == HeaderName::Other);
        let extension =
            fields.filter(|field| field.name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"x-")));
        let values = extension
            .map(|field| field.value)
            .filter(|value| value.len() >= NAMED_CALL_ID_BYTES_MIN && *value != facts.call_id);
        let mut found = values.filter_map(|value| self.find(self.hash(value), value));
        found.find_map(|index| {
            let leg = self.legs.get(index).filter(|leg| !leg.phase.is_over())?;
            Some(LegRef { index, serial: leg.serial })
        })
    }

    /// The parties of a leg as keys: both, and the caller alone where the callee is no number of the world, since an
    /// exchange that rings a device asks for the device by its own name. By their last digits, or their names.
    fn parties(&self, index: u32) -> [Option<(u64, u64)>; 2] {
        let Some(leg) = self.legs.get(index) else { return [None; 2] };
        let (caller, callee) = (self.caller_key(leg), self.callee_key(leg));
        let alone = if leg.callee.is_none() { caller } else { None };
        [caller.zip(callee), alone.map(|caller| (caller, 0))]
    }

    /// A party as a key: by the last digits, or by the name.
    pub(crate) fn party(&self, number: Option<E164>, raw: &[u8]) -> Option<u64> {
        if let Some(number) = number {
            return Some(own_digits(number));
        }
        let digits = raw.strip_prefix(b"+").unwrap_or(raw);
        if digits.len() >= OWN_DIGITS && digits.iter().all(u8::is_ascii_digit) {
            let last = digits.get(digits.len() - OWN_DIGITS..)?;
            return Some(last.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')));
        }
        (!raw.is_empty()).then(|| self.key(&raw))
    }

    pub(crate) fn caller_key(&self, leg: &Leg) -> Option<u64> {
        self.party(leg.caller, leg.text.get(Word::Caller))
    }

    pub(crate) fn callee_key(&self, leg: &Leg) -> Option<u64> {
        self.party(leg.callee, leg.text.get(Word::Callee))
    }

    /// The callee of a leg as a key, where it is a number of the world: by it alone a leg is joined that shows another caller,
    /// if one call only can be meant.
    fn called(&self, index: u32) -> Option<u64> {
        self.legs.get(index)?.callee.map(own_digits)
    }

    /// Makes `index` a leg of the call that `before` belongs to.
    fn unite(&mut self, before: u32, index: u32) {
        // A leg that began before the capture may have been joined by others before its own INVITE was seen.
        let alone = |leg: &Leg| leg.first == index && leg.others().is_empty();
        if !self.legs.get(index).is_some_and(alone) {
            return;
        }
        let Some(leg) = self.legs.get_mut(before) else { return };
        leg.continued = true;
        let first = leg.first;
        let Some(leg) = self.legs.get_mut(first).filter(|leg| leg.first == first) else { return };
        if leg.others().len() >= usize::from(self.config.joined_max) {
            self.tally.legs_refused += 1;
            return;
        }
        leg.rare().others.push(index);
        if let Some(leg) = self.legs.get_mut(index) {
            leg.first = first;
        }
    }
}

/// The attestation of an Identity header that has one.
fn attestation(identity: &[u8]) -> Option<Attest> {
    Identity::parse(identity).ok()?.passport(&mut Vec::new()).ok()??.attest()
}

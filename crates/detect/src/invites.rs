//! What an INVITE says of a call, and to which entities.

use std::hash::Hash;

use config::{EntityRef, ProtectedId, Role, TrunkId};
use numbers::{Country, Kind as NumberKind, Validity};
use sip::passport::Attest;
use sip::stack::Fingerprint;
use types::{E164, Ip};

use crate::asks::QUICK_NANOS;
use crate::entity::{Entity, LEVELS, Origin, caller_block, destination_block, destination_zone};
use crate::event::{CallKey, Invite};
use crate::feature::{Family, Feature};
use crate::hours::{business_hours, local};
use crate::journal::{Entry, Fate};
use crate::judge::{Asked, DAY_NANOS, Judge, Live, days, key};
use crate::kind::Kind;
use crate::nodes::{NodeRef, Usual};
use crate::operations::Counted;
use crate::rate::Rate;
use crate::recordings::Invited;
use crate::report::{Hearer, Status};
use crate::rules::{Unfit, is_national};
use crate::seals::Seal;
use crate::victims::Victim;

/// Calls from which on an entity has a rate.
const RATED_CALLS_MIN: u32 = 50;
/// Levels above this have none.
const RATED_LEVEL_MAX: usize = Entity::NUMBER_LEVEL;

/// A callee who is called so many times within a day, as a power of two, is one whom people call, a vote or a bridge: how their calls
/// fare says nothing of who calls people.
const CROWD_LOG2: u8 = 5;

/// Digits from which on what cannot be read as a number was not an extension either.
const DIGITS_MIN: u8 = 7;

/// Tells what cannot be read as a number, and tens of landlines, from numbers, where all are remembered.
const UNREAD: u8 = 2;
const LANDLINES: u8 = 3;

impl<H: Hearer> Judge<H> {
    pub(crate) fn on_invite(&mut self, call: CallKey, invite: Invite) {
        self.tally.attempts += 1;
        let at = self.now;
        let origin = self.origin(invite.source);
        self.attested |= invite.attestation.is_some();
        if let (Origin::Source(_), Some(caller), Some(callee)) = (origin, invite.caller_place, invite.callee_place) {
            self.standings.observe(invite.source, invite.stack, [caller.country, callee.country]);
        }
        let caller_new = self.caller_new(origin, &invite);
        let licence = self.known.licence_of(invite.source, invite.caller, at);
        let excess = licence.and_then(|id| {
            let held = self.known.licence(id)?;
            self.holders.call(id, held, invite.callee_place, at)
        });
        // Whom the operator protects he knows, whatever a register of call centres says.
        let owners = invite.caller.is_some_and(|caller| self.known.is_owners(caller, invite.source));
        let licensed = owners || licence.is_some() && excess.is_none();
        let nodes = self.entities(origin, &invite, caller_new != Some(false), licensed);
        let place_days = nodes.first().copied().flatten().and_then(|place| self.nodes.get(place));
        let tap_days = self.began_at.map_or(0.0, |began_at| days(at.nanos_since(began_at)));
        // Of a call from nobody knows where, the tap is the place.
        let unseen_days = if origin.is_known() { 0.0 } else { tap_days };
        let place_days = place_days.map_or(unseen_days, |node| days(at.nanos_since(node.first_at)));
        let callee_place = invite.callee_place;
        // Before the pair is remembered: whoever was never rung calls nobody back.
        let victim = self.victim(&invite);
        let [.., asker, _] = nodes;
        let asker = asker.and_then(|place| self.nodes.get(place));
        let ask = Asked {
            itself: !self.is_carrier(origin, invite.stack),
            quick: asker.is_some_and(|node| node.calls > 0 && at.nanos_since(node.last_at) <= QUICK_NANOS),
            new: !self.asked.meets(key(&(invite.source, invite.about)), at),
            days: asker.map_or(0.0, |node| days(at.nanos_since(node.first_at))),
            dialled: invite.dialled,
            extension: invite.extension,
        };
        if invite.by_tool {
            self.on_tool(invite.source);
        }
        let local =
            callee_place.and_then(|place| local(&mut self.clocks, self.tables.weeks(), self.settings.work, place, at));
        // Many who call one are a vote or an outage: of the callers of a callee only the day's first says who calls here. Nor does who
        // calls back whoever lured him into it.
        let first = invite.callee.is_some_and(|callee| !self.called_today.meets(key(&callee), at));
        let crowded = victim.is_some() || !first && invite.callee.is_some_and(|callee| self.is_crowded(callee, call));
        let fresh = first && !crowded;
        let unfit = self.unfit(origin, &invite).filter(|_| !licensed);
        let first_contact = self.first_contact(&invite).filter(|_| caller_new != Some(true));
        let unattested = self.attested.then_some(invite.attestation != Some(Attest::Full));
        let domestic_abroad = self.domestic_abroad(origin, call, &invite);
        let from_abroad = domestic_abroad.zip(caller_new).filter(|_| fresh && !licensed);
        let strange = from_abroad.and_then(|(domestic, new)| self.strange_landline(origin, &invite, domestic && new));
        let by_software = nodes.get(Entity::STACK_AT_LEVEL).copied().flatten();
        let noted = strange.zip(by_software.or(nodes.first().copied().flatten()));
        let features = [
            (Feature::FirstContact, first_contact, tap_days),
            (Feature::BusinessHours, local.map(|local| local.working), 0.0),
            (Feature::CallerNew, caller_new.filter(|_| fresh), place_days),
            (Feature::DomesticAbroad, domestic_abroad, 0.0),
            (Feature::Unattested, unattested, 0.0),
            (Feature::SignatureFails, invite.signed.as_ref().and_then(|signed| signed.proof.fails()), 0.0),
            (Feature::CallerUnreal, self.unreal(&invite).filter(|_| unfit.is_none()), 0.0),
            (Feature::NeverCalled, self.never_called(&invite, caller_new).filter(|_| fresh), tap_days),
        ];
        let again = self.called_again(&invite);
        let in_burst = [
            (Feature::BurstFirstContact, first_contact),
            (Feature::BurstCallerNew, caller_new),
            (Feature::BurstUnattested, unattested),
            (Feature::BurstCalleeAgain, again),
        ];
        let place_of_corridor = nodes.get(Entity::CORRIDOR_LEVEL).copied().flatten();
        let corridor = place_of_corridor.and_then(|place| self.nodes.get(place));
        let corridor = corridor.map(|node| node.up);
        let (weeks, work) = (self.tables.weeks(), self.settings.work);
        let off_hours = invite.caller_place.and_then(|place| business_hours(&mut self.clocks, weeks, work, place, at));
        let abroad = [
            (Feature::DestinationNew, corridor.and_then(|_| self.destination_new(&invite)), tap_days),
            (Feature::CountryNew, corridor.and(self.country_new(&invite)), tap_days),
            (Feature::HighCost, self.high_cost(&invite), 0.0),
            (Feature::OffHours, off_hours.map(|working| !working), 0.0),
            (Feature::Parallel, corridor.map(|up| up > 0), 0.0),
            (Feature::CalleeAgain, corridor.and(again), 0.0),
        ];
        let trusted = licensed || first_contact == Some(false);
        let line_from_abroad = domestic_abroad == Some(true);
        let operation = self.operation_of(&nodes, line_from_abroad);
        let victim = victim.filter(|_| operation.is_none());
        let mut previous = [0; LEVELS];
        for (place, previous) in nodes.iter().zip(&mut previous) {
            if let Some(node) = place.and_then(|place| self.nodes.get(place)) {
                *previous = node.last_entry;
            }
        }
        let corridor = invite.caller_place.map(|place| place.country).zip(local);
        let odds = corridor.map_or(1.0, |(from, to)| self.tables.corridor_odds(from, to.region));
        self.count_at(&nodes, &invite, (fresh, licensed), unfit.filter(|_| caller_new == Some(true)));
        if let Some((strange, place)) = noted {
            self.on_landline(place, strange);
        }
        let beyond = nodes.get(Entity::UNLICENSED_LEVEL).copied().flatten().filter(|_| excess.is_some());
        if let Some(node) = beyond.and_then(|place| self.nodes.get_mut(place)) {
            node.rare_mut().rules.on_excess();
        }
        if self.learner.is_some() {
            self.learn_call(&nodes, fresh, corridor.map(|(from, to)| ((from, to.region), to.working)));
        }
        let country = callee_place.map_or(Country::UNKNOWN, |place| place.country);
        let Invite { caller, callee, source, stack, about, .. } = invite;
        let seal = Seal { attest: invite.attestation, proof: invite.signed.map(|signed| signed.proof) };
        let call_id = &invite.call_id;
        let counted =
            Counted { call_id, at, caller, callee, country, source, stack, local, seal, recording: None, excess };
        if let Some(open) = operation.and_then(|(index, _)| self.operations.get_mut(index as usize)?.as_mut()) {
            open.count(&counted);
            self.hearer.counted(open.id, at, counted.call_id);
        }
        let entry = Entry {
            call_id: invite.call_id,
            at,
            caller,
            callee,
            country,
            local,
            source,
            stack,
            seal,
            line_from_abroad,
            previous,
            fate: Fate::Open,
            false_answer: false,
            recording: None,
            excess,
            operation,
        };
        let entry = self.journal.write(entry);
        for place in nodes.into_iter().flatten() {
            if let Some(node) = self.nodes.get_mut(place) {
                node.last_entry = entry;
                node.last_at = at;
            }
        }
        if self.live.len() < self.settings.calls_live_max {
            let block = callee.map_or(0, destination_block);
            let (answered, rang, over, instant, short, by_callee) = (false, false, false, None, None, None);
            let live = Live {
                nodes,
                entry,
                answered,
                rang,
                invited_at: at,
                ask,
                block,
                instant,
                short,
                by_callee,
                licence,
                crowded,
                over,
            };
            if let Some(node) = place_of_corridor.and_then(|place| self.nodes.get_mut(place)) {
                node.up = node.up.saturating_add(1);
            }
            // Whoever uses a Call-ID again has ended the call before.
            if let Some(before) = self.live.insert(call, live).filter(|before| !before.over) {
                self.leaves(&before);
            }
            self.recordings.begin(call, about, trusted, Invited { features, odds });
        } else {
            self.tally.live_refused += 1;
        }
        self.weigh_leaning(&nodes, &features, odds);
        self.on_burst_invite(&nodes, caller, &in_burst, tap_days);
        if corridor.is_some() {
            self.weigh(&nodes, &abroad);
        }
        if let Some(place) = nodes.get(Entity::STACK_AT_LEVEL).copied().flatten() {
            self.reconsider(place);
        }
        if let Some((index, victim)) = victim
            && let Some(Some(operation)) = self.operations.get_mut(index as usize)
            && operation.victims.call(victim)
        {
            self.tell(index, Status::Update);
        }
    }

    /// Whether a callee, who was called before today, is called by a crowd. Counted as Morris did (1978), in powers of two: of those who
    /// call him for whom a step is known, one in so many takes the next.
    fn is_crowded(&mut self, callee: E164, call: CallKey) -> bool {
        let step = |step: u8| key(&(callee, step));
        let next = (1..=CROWD_LOG2).find(|&taken| !self.called_today.has_met(step(taken)));
        let Some(next) = next else { return true };
        if key(&(call, self.now)).is_multiple_of(1 << (next - 1)) {
            self.called_today.meets(step(next), self.now);
        }
        false
    }

    /// Who calls back a number that rang it, and the wangiri it is a victim of.
    fn victim(&self, invite: &Invite) -> Option<(u32, Victim)> {
        let (number, called) = (invite.caller?, invite.callee?);
        let operation = |entity| self.nodes.find(entity)?.operation;
        let index =
            operation(Entity::NumberBlock(caller_block(called))).or_else(|| operation(Entity::Number(called)))?;
        let told = self.operations.get(index as usize)?.as_ref()?.told?;
        let (low, high) = (number.min(called), number.max(called));
        let rung = told.kind == Kind::Wangiri && self.pairs.has_met(key(&(low, high)));
        rung.then_some((index, Victim { number, called, at: self.now }))
    }

    /// Whether nobody has called the caller's number in the last 30 days. Of a number that is new itself it says nothing.
    fn never_called(&mut self, invite: &Invite, caller_new: Option<bool>) -> Option<bool> {
        if let Some(callee) = invite.callee {
            self.called.meets(key(&callee), self.now);
        }
        let caller = invite.caller.filter(|_| caller_new == Some(false))?;
        Some(!self.called.has_met(key(&caller)))
    }

    /// Counts a call at its entities: rates, licences, rules.
    fn count_at(
        &mut self,
        nodes: &[Option<NodeRef>; LEVELS],
        invite: &Invite,
        (fresh, licensed): (bool, bool),
        unfit: Option<Unfit>,
    ) {
        let at = self.now;
        let number = invite.caller.and_then(|caller| self.misused(caller, invite.source));
        let name = self.misnamed(invite);
        if fresh {
            let learned = || self.tables.profile().and_then(|profile| profile.rate_of_tap(at));
            self.tap.get_or_insert_with(|| learned().unwrap_or_else(|| Rate::new(at))).observe(at, 1.0);
        }
        for place in nodes.iter().flatten() {
            let Some(node) = self.nodes.get_mut(*place) else { continue };
            node.calls = node.calls.saturating_add(1);
            node.licensed = node.licensed.saturating_add(u32::from(licensed));
            if place.level() > RATED_LEVEL_MAX {
                continue;
            }
            // Customers of one maker's software have nothing to do with each other: that it calls more often is several customers' doing.
            let is_his = place.level() != Entity::STACK_LEVEL;
            if is_his && node.usual.is_none() && node.calls >= RATED_CALLS_MIN {
                let learned = self.tables.profile().and_then(|profile| profile.rate_of(&self.known, &node.entity, at));
                node.usual = Some(Box::new(Usual::of(learned.unwrap_or_else(|| Rate::new(at)))));
            }
            if let Some(Usual { rate, .. }) = node.usual.as_deref_mut() {
                let others = self.tap.as_ref().map_or(1.0, |tap| tap.beside(rate));
                if fresh { rate.observe(at, others) } else { rate.pass(at, others) }
            }
            if let Some(owner) = number.filter(|_| place.level() == Entity::NUMBER_LEVEL) {
                node.rare_mut().rules.on_number(owner);
            }
            if let Some(owner) = name.filter(|_| place.level() == Entity::ORIGIN_LEVEL) {
                node.rare_mut().rules.on_name(owner);
            }
            // Of all that comes by a trunk only those are asked who write as this call is written.
            if let Some(why) = unfit.filter(|_| matches!(node.entity, Entity::StackAt(..)) || invite.stack.is_none()) {
                node.rare_mut().rules.on_unfit(why);
            }
        }
    }

    /// Whose protected number a call shows that may not come from there, where it is known from where it comes.
    fn misused(&self, caller: E164, source: Ip) -> Option<ProtectedId> {
        if source.is_unspecified() {
            return None;
        }
        self.known.protected_number(caller).filter(|_| !self.known.is_owners(caller, source))
    }

    /// Whose protected name a call shows, or nearly, without being the owner's.
    fn misnamed(&self, invite: &Invite) -> Option<ProtectedId> {
        let owner = self.names.look_up(&invite.display)?;
        let own = invite.caller.and_then(|caller| self.known.protected_number(caller)) == Some(owner);
        let trunk = self.known.trunk_of(invite.source);
        (!own && !trunk.is_some_and(|trunk| self.known.may_come_over(owner, trunk))).then_some(owner)
    }

    /// The entities of a call. A number that was never seen has no node yet, so that numbers used once take no room.
    fn entities(
        &mut self,
        origin: Origin,
        invite: &Invite,
        caller_new: bool,
        licensed: bool,
    ) -> [Option<NodeRef>; LEVELS] {
        let at = self.now;
        // Nobody is known by an address that records leave out.
        let place = Some(origin).filter(Origin::is_known);
        let far_end = Some(self.route(invite)).filter(Origin::is_known);
        let named = [
            place.map(Entity::Origin),
            place.and_then(|place| self.unlicensed(place)).filter(|_| !licensed),
            invite.stack.map(Entity::Stack),
            place.zip(invite.stack).map(|(place, stack)| Entity::StackAt(place, stack)),
            invite.caller.map(|caller| Entity::NumberBlock(caller_block(caller))),
            self.number(origin, invite, caller_new),
            self.corridor(invite),
            far_end.zip(invite.callee_place).map(|(far_end, place)| Entity::Route(far_end, place.country)),
            far_end.map(Entity::FarEnd),
            invite.signed.as_ref().and_then(|signed| self.signers.meet(signed)).map(Entity::Signer),
            (!invite.source.is_unspecified()).then_some(Entity::Asker(invite.source)),
            // Whose call it is by its sound is only known later.
            None,
        ];
        named.map(|entity| entity.and_then(|entity| self.nodes.at(entity, at)))
    }

    /// The caller's number. One that was never seen is no entity yet; somebody else's is one at once, where it is shown.
    fn number(&self, origin: Origin, invite: &Invite, caller_new: bool) -> Option<Entity> {
        let caller = invite.caller?;
        match self.misused(caller, invite.source) {
            Some(_) => Some(Entity::NumberAt(origin, caller)),
            None => (!caller_new).then_some(Entity::Number(caller)),
        }
    }

    /// Where a licensed centre calls too, calls that no licence covers are looked at by themselves.
    fn unlicensed(&self, origin: Origin) -> Option<Entity> {
        let shared =
            self.terms.registry && self.nodes.find(Entity::Origin(origin)).is_some_and(|node| node.licensed > 0);
        shared.then_some(Entity::Unlicensed(origin))
    }

    /// The far end of a call's route: where it goes, unless that is an end of one's own.
    fn route(&self, invite: &Invite) -> Origin {
        let far = |ip: Ip| {
            let trunk = self.known.trunk_of(ip)?;
            (self.known.trunk(trunk)?.role != Role::Own).then_some(Origin::Trunk(trunk))
        };
        let known = far(invite.destination).or_else(|| far(invite.source));
        known.unwrap_or_else(|| self.origin(invite.destination))
    }

    /// A call abroad belongs to what its caller's block calls there.
    fn corridor(&self, invite: &Invite) -> Option<Entity> {
        let (caller, callee) = (invite.caller?, invite.callee?);
        let abroad = !invite.caller_place?.country.is_home_to(invite.callee_place?.country);
        abroad.then(|| Entity::Corridor(caller_block(caller), destination_zone(callee)))
    }

    /// Whether somebody of the caller's block has called this callee within the day.
    fn called_again(&mut self, invite: &Invite) -> Option<bool> {
        let (caller, callee) = (invite.caller?, invite.callee?);
        Some(self.today.meets(key(&(caller_block(caller), callee)), self.now))
    }

    /// Whether nobody of the caller's block called the callee's country on an earlier day of the last 30.
    fn country_new(&mut self, invite: &Invite) -> Option<bool> {
        let (caller, place) = (invite.caller?, invite.callee_place?);
        Some(self.is_new_today((caller_block(caller), place.country)))
    }

    /// Whether nobody of it called the callee's block on an earlier day of the last 30.
    fn destination_new(&mut self, invite: &Invite) -> Option<bool> {
        let (caller, callee) = (invite.caller?, invite.callee?);
        Some(self.is_new_today((caller_block(caller), destination_block(callee))))
    }

    /// Whether this was not met on an earlier day of the last 30.
    fn is_new_today(&mut self, who: impl Hash + Copy) -> bool {
        let day = self.now.get() / DAY_NANOS as u64;
        // What was known as a day began is known all day long; what the day itself brings is not, until the next one.
        let known = key(&(who, day, true));
        if !self.pairs.meets(key(&(who, day)), self.now) && self.pairs.meets(key(&who), self.now) {
            self.pairs.meets(known, self.now);
        }
        !self.pairs.has_met(known)
    }

    pub(crate) fn origin(&self, address: Ip) -> Origin {
        self.known.trunk_of(address).map_or(Origin::Source(address), Origin::Trunk)
    }

    /// Whether neither the caller nor, where numbers rotate, its software at this place has called this callee before, nor
    /// the callee the caller.
    fn first_contact(&mut self, invite: &Invite) -> Option<bool> {
        let callee = invite.callee?;
        let at = self.now;
        let by_number = invite.caller.map(|caller| {
            let (low, high) = (caller.min(callee), caller.max(callee));
            self.pairs.meets(key(&(low, high)), at)
        });
        let by_stack = invite.stack.map(|stack| self.pairs.meets(key(&(invite.source, stack, callee)), at));
        (by_number.is_some() || by_stack.is_some()).then(|| by_number != Some(true) && by_stack != Some(true))
    }

    /// Whether a call from abroad shows a number of the callee's own country. A mobile may roam, and a forwarded call
    /// shows its first caller. Where only the calls say that it is from abroad, one in two is asked, by a coin that no sender
    /// can load: it knows neither the microsecond of its arrival nor how many calls of others came before.
    fn domestic_abroad(&self, origin: Origin, call: CallKey, invite: &Invite) -> Option<bool> {
        let (caller, callee) = (invite.caller_place?, invite.callee_place?);
        let roams = caller.kind == NumberKind::Mobile;
        let from_abroad = self.comes_from_abroad(origin, invite.stack)?;
        let at_home = || self.standings.home().is_some_and(|home| home.is_home_to(callee.country));
        let coin = || key(&(call, self.now, self.tally.attempts)) & 1 == 0;
        let asked = matches!(origin, Origin::Trunk(_)) || at_home() && coin();
        (from_abroad && asked && !roams && !invite.diverted).then(|| caller.country.is_home_to(callee.country))
    }

    /// Whether a call from abroad comes under a landline of one's own country that was never seen there, nor one of the same ten,
    /// nor called: `new` is what is known of it so far. Only the operator's word is taken for where calls come from.
    fn strange_landline(&mut self, origin: Origin, invite: &Invite, new: bool) -> Option<bool> {
        let (caller, callee) = (invite.caller?, invite.callee_place?);
        let home = self.standings.home()?;
        if !matches!(origin, Origin::Trunk(_)) || !home.is_home_to(callee.country) {
            return None;
        }
        let landline = invite.caller_place.is_some_and(|place| place.kind == NumberKind::FixedLine);
        let unheard = new && landline && !self.called.has_met(key(&caller));
        let ten = key(&(origin, caller.reveal() / 10, LANDLINES));
        Some(unheard && !self.callers.meets(ten, self.now))
    }

    /// A call from abroad: whether it came under a strange landline.
    fn on_landline(&mut self, place: NodeRef, strange: bool) {
        let half_life = self.settings.half_life_nanos.get(Family::Grey as usize).copied().unwrap_or(u64::MAX);
        let Some(node) = self.nodes.get_mut(place).filter(|node| strange || node.shows_landlines()) else { return };
        let at = self.now;
        let rare = node.rare_mut();
        let landlines = rare.landlines.get_or_insert_default();
        landlines.on_call(at, strange, half_life);
        rare.rules.landlines_nats = landlines.nats();
    }

    /// Whether calls of an origin come from abroad: the operator's word, or that of the calls; `None` where neither says.
    fn comes_from_abroad(&self, origin: Origin, stack: Option<Fingerprint>) -> Option<bool> {
        match origin {
            Origin::Trunk(trunk) => Some(self.known.trunk(trunk)?.role == Role::International),
            Origin::Source(source) => self.standings.abroad(source, stack),
        }
    }

    /// Whether a carrier brings calls of others there.
    pub(crate) fn is_carrier(&self, origin: Origin, stack: Option<Fingerprint>) -> bool {
        match origin {
            Origin::Trunk(trunk) => self.is_carrier_trunk(trunk),
            Origin::Source(source) => self.standings.abroad(source, stack) == Some(true),
        }
    }

    /// Whether a trunk is another carrier's, which brings calls of others and takes them on.
    pub(crate) fn is_carrier_trunk(&self, trunk: TrunkId) -> bool {
        self.known.trunk(trunk).is_some_and(|trunk| matches!(trunk.role, Role::International | Role::National))
    }

    /// Why nobody can call from the caller's number, where carriers brought the call: customers' exchanges may err, a
    /// forwarded call shows its first caller, and the operator may have allowed it. What is a national number where the call goes, or
    /// at home, was made impossible on the way; extensions and short codes are no numbers of the plan at all and are not asked.
    fn unfit(&self, origin: Origin, invite: &Invite) -> Option<Unfit> {
        let why = Unfit::of(invite.caller_place?)?;
        let carried = self.is_carrier(origin, invite.stack);
        let number = invite.caller?;
        let allowed = || self.known.allowed(EntityRef::Number(number), self.now);
        let countries = [self.standings.home(), invite.callee_place.map(|place| place.country)];
        let misread = || why == Unfit::Impossible && countries.into_iter().flatten().any(|at| is_national(number, at));
        (carried && !invite.diverted && !allowed() && !misread()).then_some(why)
    }

    /// Whether what the caller shows was never seen there before; `None` for a caller who shows nothing that looks like a number.
    fn caller_new(&mut self, origin: Origin, invite: &Invite) -> Option<bool> {
        let at = self.now;
        if let Some(caller) = invite.caller {
            self.standings.on_caller(true);
            return Some(!self.callers.meets(key(&(origin, caller)), at));
        }
        let unread = looks_like_a_number(invite);
        if unread {
            self.standings.on_caller(false);
        }
        (unread && self.standings.reads_callers())
            .then(|| !self.callers.meets(key(&(origin, invite.shown, UNREAD)), at))
    }

    /// Whether nobody can have the caller's number; `None` for a caller who shows none, and for one that cannot be read where that is
    /// so of many: then it is the dial plan that is not known.
    fn unreal(&self, invite: &Invite) -> Option<bool> {
        let readable = invite.caller_place.map(|place| place.validity != Validity::Valid);
        readable.or_else(|| (looks_like_a_number(invite) && self.standings.reads_callers()).then_some(true))
    }

    /// Whether the callee is on our list of high cost or on the operator's, or of a range that its country charges for by the call.
    fn high_cost(&self, invite: &Invite) -> Option<bool> {
        let premium = invite.callee_place.is_some_and(|place| place.kind == NumberKind::PremiumRate);
        invite.callee.map(|callee| premium || self.tables.high_cost().holds(callee) || self.known.high_cost(callee))
    }
}

/// Whether what cannot be read as a number has the digits of one.
const fn looks_like_a_number(invite: &Invite) -> bool {
    !invite.withheld && invite.caller_digits >= DIGITS_MIN
}

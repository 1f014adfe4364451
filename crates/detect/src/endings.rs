//! What becomes of a call, and what that says: answers, ends, media.

use call::{EndedBy, Outcome, Passage, Side};

use crate::entity::{Entity, LEVELS, Origin};
use crate::event::{CallKey, End, Measure, is_refusal};
use crate::feature::Feature;
use crate::journal::Fate;
use crate::judge::{Judge, Live, key};
use crate::nodes::NodeRef;
use crate::operations::Counted;
use crate::report::Hearer;
use crate::rules::borrowed;

/// A call that lasts longer was a conversation: no announcement takes so long.
const CONVERSED_NANOS: u64 = 90_000_000_000;
/// Share of silence from which a side has not spoken.
const SILENT_SHARE: f32 = 0.9;
/// Tells numbers that stood for others from those of callers, where both are remembered.
const REFILED: u8 = 1;

impl Live {
    /// What a call says of the manner of who called: nothing where many call the same, or were lured into it.
    fn manner(&self, fact: Option<bool>) -> Option<bool> {
        fact.filter(|_| !self.crowded)
    }
}

impl<H: Hearer> Judge<H> {
    pub(crate) fn on_answer(&mut self, call: CallKey, passage: Option<&Passage>, timed: bool) {
        let at = self.now;
        let Some(live) = self.live.get_mut(&call).filter(|live| !live.answered) else { return };
        live.answered = true;
        // Refused by one carrier, answered by the next: it is up again.
        let again = std::mem::take(&mut live.over);
        let delay = at.nanos_since(live.invited_at);
        // Whom a crowd calls answers by machine, on whatever route.
        let asked = timed && !live.crowded && self.settings.answer_timing;
        let instant = asked.then_some(delay <= self.settings.early_answer_nanos);
        live.instant = instant;
        let live = *live;
        let Live { nodes, entry, block, .. } = live;
        let corridor = nodes.get(Entity::CORRIDOR_LEVEL).copied().flatten().filter(|_| again);
        if let Some(node) = corridor.and_then(|place| self.nodes.get_mut(place)) {
            node.up = node.up.saturating_add(1);
        }
        if let Some(entry) = self.journal.get_mut(entry) {
            entry.fate = Fate::Up;
        }
        if let Some(operation) = self.operation_at(entry) {
            operation.answered += 1;
            operation.seats.answered(at);
        }
        if let Some(licence) = live.licence {
            self.holders.answered(licence, at);
        }
        self.recordings.answer(call, at);
        self.refiled(&live, passage);
        let [changed, lost] = self.passed(&nodes, passage);
        // The delays of other routes say more than those of all classes.
        let compared = instant.is_some() && self.compare(&nodes, block, delay);
        let features = [
            (Feature::HeadersLost, lost, 0.0),
            (Feature::CallerChanged, changed, 0.0),
            (Feature::Answered, live.manner(Some(true)), 0.0),
            (Feature::Reached, Some(true), 0.0),
            (Feature::RouteInstant, instant.filter(|_| !compared), 0.0),
        ];
        self.weigh(&nodes, &features);
        self.on_burst_answer(call, &live);
    }

    /// Holds the delay of an answer against those of other routes; whether there are any.
    fn compare(&mut self, nodes: &[Option<NodeRef>; LEVELS], block: u64, delay: u64) -> bool {
        let routes = Entity::ROUTE_LEVELS.map(|level| nodes.get(level).copied().flatten());
        let [Some(route), _] = routes else { return false };
        let Some(entity) = self.nodes.get(route).map(|node| node.entity) else { return false };
        let Some(answer) = self.delays.observe(entity, block, delay / 1_000_000) else { return false };
        for route in routes.into_iter().flatten() {
            if let Some(node) = self.nodes.get_mut(route) {
                node.rare_mut().early.get_or_insert_default().observe(&answer);
            }
        }
        true
    }

    pub(crate) fn on_end(&mut self, call: CallKey, end: &End, passage: Option<&Passage>) {
        let Some(live) = self.live.get(&call).copied() else {
            self.tally.unknown_calls += 1;
            return;
        };
        self.is_over(call);
        let asks = |fact: bool| live.ask.itself.then_some(fact);
        let refused = end.status.is_some_and(is_refusal);
        if live.answered {
            let talked = end.answer_at.map(|answer_at| end.end_at.nanos_since(answer_at));
            if let Some(secs) = talked.map(|nanos| nanos / 1_000_000_000) {
                if let Some(operation) = self.operation_at(live.entry) {
                    operation.talked(secs);
                }
                if let Some(entry) = self.journal.get_mut(live.entry) {
                    entry.fate = Fate::talked(secs);
                }
            }
            let by_callee = match end.ended_by {
                Some(EndedBy::Person(side)) => Some(side == Side::Callee),
                _ => None,
            };
            let within = |limit: u64| talked.map(|talked| talked <= limit);
            let short = within(self.settings.short_nanos);
            let conversed = within(CONVERSED_NANOS).map(|over| !over).filter(|_| short == Some(false));
            if let Some(live) = self.live.get_mut(&call) {
                (live.short, live.by_callee) = (short, by_callee);
            }
            let features = [
                (Feature::Short, live.manner(short), 0.0),
                (Feature::CalleeEnds, live.manner(by_callee), 0.0),
                (Feature::Conversed, live.manner(conversed), 0.0),
                (Feature::AskRefused, asks(false), 0.0),
                (Feature::AskNew, asks(live.ask.new), live.ask.days),
                (Feature::AskQuick, asks(live.ask.quick), 0.0),
            ];
            self.on_call_over(call, &live, Some(false));
            self.weigh(&live.nodes, &features);
            let in_burst = [
                (Feature::BurstAnswered, Some(true)),
                (Feature::BurstCalleeEnds, by_callee),
                (Feature::BurstFailed, Some(false)),
            ];
            self.on_burst_end(call, &live, short, &in_burst);
        } else if end.outcome != Outcome::Incomplete {
            // What the network could not do says nothing about the people.
            let by_people = match end.status {
                Some(status) => !matches!(status, 408 | 500..=599),
                None => matches!(end.outcome, Outcome::Cancelled | Outcome::NoAnswer),
            };
            let soon = |ring_at| end.end_at.nanos_since(ring_at) <= self.settings.drop_nanos;
            let dropped = end.ring_at.map(|ring_at| end.outcome == Outcome::Cancelled && soon(ring_at));
            if let Some(entry) = self.journal.get_mut(live.entry) {
                entry.fate = match dropped {
                    Some(true) => Fate::Dropped,
                    _ if by_people => Fate::Unanswered,
                    _ => Fate::Failed,
                };
            }
            self.refiled(&live, passage);
            let [changed, lost] = self.passed(&live.nodes, passage);
            let features = [
                (Feature::HeadersLost, lost, 0.0),
                (Feature::CallerChanged, changed, 0.0),
                (Feature::Answered, live.manner(by_people.then_some(false)), 0.0),
                (Feature::Reached, by_people.then_some(false), 0.0),
                (Feature::RingAndDrop, live.manner(dropped), 0.0),
                (Feature::AskRefused, asks(refused), 0.0),
                (Feature::AskNew, asks(live.ask.new), live.ask.days),
                (Feature::AskQuick, asks(live.ask.quick), 0.0),
            ];
            self.on_call_over(call, &live, if refused { Some(true) } else { by_people.then_some(false) });
            self.weigh(&live.nodes, &features);
            let in_burst =
                [(Feature::BurstAnswered, by_people.then_some(false)), (Feature::BurstFailed, Some(!by_people))];
            self.on_burst_end(call, &live, None, &in_burst);
        }
    }

    /// A call is over, if it was not before.
    fn is_over(&mut self, call: CallKey) {
        let Some(live) = self.live.get_mut(&call).filter(|live| !live.over) else { return };
        live.over = true;
        let (live, at) = (*live, self.now);
        if let Some(operation) = self.operation_at(live.entry).filter(|_| live.answered) {
            operation.seats.ended(at);
        }
        self.leaves(&live);
    }

    /// Its agent is free again, and what its caller's block calls there is one call less.
    pub(crate) fn leaves(&mut self, live: &Live) {
        if let Some(licence) = live.licence.filter(|_| live.answered) {
            self.holders.ended(licence, self.now);
        }
        let corridor = live.nodes.get(Entity::CORRIDOR_LEVEL).copied().flatten();
        if let Some(node) = corridor.and_then(|place| self.nodes.get_mut(place)) {
            node.up = node.up.saturating_sub(1);
        }
    }

    /// A caller's number that is of the callee's country on one leg of a carrier's call and of another on the next was put there on the
    /// way. Each counts once, for the software that wrote the first leg.
    fn refiled(&mut self, live: &Live, passage: Option<&Passage>) {
        let Some(shown) = passage.and_then(|passage| passage.caller_shown) else { return };
        let Some(place) = live.nodes.get(Entity::STACK_AT_LEVEL).copied().flatten() else { return };
        let Some(Entity::StackAt(origin, stack)) = self.nodes.get(place).map(|node| node.entity) else { return };
        let Some(entry) = self.journal.get_mut(live.entry) else { return };
        let Some((caller, callee)) = entry.caller.zip(entry.callee) else { return };
        let Some(borrowed) = borrowed(caller, shown, callee).filter(|_| self.is_carrier(origin, Some(stack))) else {
            return;
        };
        let seen = self.callers.meets(key(&(origin, borrowed, REFILED)), self.now);
        if let Some(node) = self.nodes.get_mut(place).filter(|_| !seen) {
            node.rare_mut().rules.on_refiled();
        }
    }

    /// Whether a call went on under another caller's number, and whether it lost its signature or its diversion. A company's number
    /// may be put in place of a telephone's, so the first is asked of what carriers send only; whoever ends a call takes off
    /// what it has checked, so the second is asked of what goes on to another carrier.
    fn passed(&self, nodes: &[Option<NodeRef>; LEVELS], passage: Option<&Passage>) -> [Option<bool>; 2] {
        let Some(passage) = passage else { return [None; 2] };
        let origin = nodes.first().copied().flatten().and_then(|place| self.nodes.get(place)?.entity.origin());
        let from_carrier = matches!(origin, Some(Origin::Trunk(trunk)) if self.is_carrier_trunk(trunk));
        let to_carrier = self.known.trunk_of(passage.destination).is_some_and(|trunk| self.is_carrier_trunk(trunk));
        let lost = passage.identity_lost.max(passage.diversion_lost);
        [passage.caller_changed.filter(|_| from_carrier), lost.filter(|_| from_carrier && to_carrier)]
    }

    /// Nothing more will be heard of a call.
    pub(crate) fn on_record(&mut self, call: CallKey, measure: Option<Measure>) {
        // Of a call that was lost no end was told.
        self.is_over(call);
        let live = self.live.remove(&call);
        self.recordings.end(call);
        let heard = |of: fn(&Measure) -> Option<f32>| measure.as_ref().and_then(of);
        let (of_caller, of_callee) = (heard(|it| it.caller_silence), heard(|it| it.callee_silence));
        let (caller, callee) = (of_caller.is_some(), of_callee.is_some());
        let until = measure.and_then(|measure| measure.until);
        if let Some(until) = until.filter(|_| caller || callee) {
            self.coverage.on_heard(until, caller != callee);
        }
        let Some(live) = live else { return };
        // A side says nothing about itself where the other was not seen either: that is a mirror of one way.
        let silent = |share: Option<f32>| share.filter(|_| caller && callee).map(|share| share >= SILENT_SHARE);
        let callee_silent = silent(of_callee);
        // What the host dropped looks lost on the way.
        let whole = !self.coverage.is_torn(until.unwrap_or(self.now));
        // What belongs to one answer is asked together: each of it alone is common, all of it at once is not.
        let suspect = callee_silent == Some(true) || live.instant == Some(true);
        if suspect && live.answered {
            self.on_false_answer(&live);
        }
        let of = |fact: Option<bool>, false_one: bool| fact.filter(|_| live.answered && suspect == false_one);
        let caller_ends = live.by_callee.map(|by_callee| !by_callee);
        let features = [
            (Feature::CallerSilent, live.manner(silent(of_caller)), 0.0),
            (Feature::PoorMedia, measure.and_then(|measure| measure.caller_poor).filter(|_| whole), 0.0),
            (Feature::RouteSilent, callee_silent, 0.0),
            (Feature::RouteNoRinging, of(Some(!live.rang), false), 0.0),
            (Feature::RouteCallerEnds, of(caller_ends, false), 0.0),
            (Feature::FalseNoRinging, of(Some(!live.rang), true), 0.0),
            (Feature::FalseCallerEnds, of(caller_ends, true), 0.0),
            // The share of short calls of a route is claimed too.
            (Feature::RouteShort, of(live.short, suspect).filter(|_| self.settings.answer_timing), 0.0),
        ];
        self.weigh(&live.nodes, &features);
    }

    /// An answer that looks false is noted, and counted where its route is found out already.
    fn on_false_answer(&mut self, live: &Live) {
        let routes = Entity::ROUTE_LEVELS.into_iter().filter_map(|level| live.nodes.get(level).copied().flatten());
        let index = routes.filter_map(|place| self.nodes.get(place)?.operation).next();
        let Some(entry) = self.journal.get_mut(live.entry) else { return };
        entry.false_answer = true;
        let Some(Some(operation)) = index.and_then(|index| self.operations.get_mut(index as usize)) else { return };
        if entry.operation.is_none() {
            self.hearer.counted(operation.id, entry.at, &entry.call_id);
            entry.operation = index.map(|index| (index, operation.id));
            operation.count(&Counted::of(entry));
            operation.answered += 1;
        }
    }
}

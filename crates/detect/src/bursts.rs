//! Bursts in judgement: every entity that has a rate is looked at as one that may leave it.

use types::E164;

use crate::burst::Additional;
use crate::entity::LEVELS;
use crate::event::CallKey;
use crate::feature::{Feature, SheetName};
use crate::frame::Without;
use crate::judge::{GROWTH_NATS, Judge, Live};
use crate::nodes::{NodeRef, Usual};
use crate::report::Hearer;

impl<H: Hearer> Judge<H> {
    /// A call begins: what its INVITE says, at each of its entities that has a rate.
    pub(crate) fn on_burst_invite(
        &mut self,
        nodes: &[Option<NodeRef>; LEVELS],
        caller: Option<E164>,
        features: &[(Feature, Option<bool>)],
        age_days: f32,
    ) {
        let since = self.now;
        for &place in nodes.iter().flatten() {
            let sheet = self.tables.sheet(SheetName::Burst);
            let Some(node) = self.nodes.get_mut(place) else { continue };
            let Some(Usual { rate, burst }) = node.usual.as_deref_mut() else { continue };
            burst.on_call(sheet, &self.terms, rate, since);
            let one_caller = caller.map(|caller| burst.shows_again(caller));
            let call = Additional { since, extra: rate.extra(), age_days, learns: node.operation.is_none() };
            let own = [(Feature::BurstOneCaller, one_caller)];
            for &(feature, shown) in features.iter().chain(&own) {
                if let Some(shown) = shown {
                    burst.observe(sheet, feature, shown, &call);
                }
            }
            self.on_burst(place);
        }
    }

    /// A call is answered.
    pub(crate) fn on_burst_answer(&mut self, call: CallKey, live: &Live) {
        for &place in live.nodes.iter().flatten() {
            if let Some(usual) = self.nodes.get_mut(place).and_then(|node| node.usual.as_deref_mut()) {
                usual.burst.on_answer(call, live.invited_at, self.now);
            }
        }
    }

    /// What became of a call; `short` of one that was answered.
    pub(crate) fn on_burst_end(
        &mut self,
        call: CallKey,
        live: &Live,
        short: Option<bool>,
        features: &[(Feature, Option<bool>)],
    ) {
        let now = self.now;
        for &place in live.nodes.iter().flatten() {
            let sheet = self.tables.sheet(SheetName::Burst);
            let Some(node) = self.nodes.get_mut(place) else { continue };
            let Some(Usual { rate, burst }) = node.usual.as_deref_mut() else { continue };
            let learns = node.operation.is_none();
            let call_now = Additional { since: now, extra: rate.extra(), age_days: 0.0, learns };
            for _ in 0..burst.grow_up(self.settings.short_nanos, now) {
                burst.observe(sheet, Feature::BurstShort, false, &call_now);
            }
            let own = Additional { since: live.invited_at, ..call_now };
            if let Some(short) = short.filter(|_| burst.is_young(call)) {
                burst.observe(sheet, Feature::BurstShort, short, &own);
            }
            for &(feature, shown) in features {
                if let Some(shown) = shown {
                    burst.observe(sheet, feature, shown, &own);
                }
            }
            self.on_burst(place);
        }
    }

    /// Looks what an entity's burst comes to.
    fn on_burst(&mut self, place: NodeRef) {
        let threshold_nats = self.threshold_nats();
        let Some(node) = self.nodes.get(place) else { return };
        let Some(Usual { rate, burst }) = node.usual.as_deref() else { return };
        let question = node.burst_question(self.tables.sheet(SheetName::Burst), &self.terms, Without::Nothing);
        let Some(nats) = burst.at_most(rate, &question) else { return };
        match node.operation {
            None if nats >= threshold_nats => self.ask_about(place),
            Some(operation) if nats > node.nats + GROWTH_NATS => {
                if let Some(node) = self.nodes.get_mut(place) {
                    node.nats = nats;
                    node.keep_burst(self.now);
                }
                self.on_growth(operation, place);
            }
            _ => {}
        }
    }
}

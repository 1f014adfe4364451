//! From evidence to operations: who passes the threshold joins the operation that its calls belong to, or opens one, and each
//! operation is told when more is known of it.

use numbers::{Kind as NumberKind, look_up};
use types::E164;

use crate::entity::Entity;
use crate::feature::{Family, SheetName};
use crate::frame::Without;
use crate::judge::{ELSEWHERE_NATS, GROWTH_NATS, Judge, SUSPECT_NATS};
use crate::kind::Kind;
use crate::kinship::{KIN_CALLS, Suspect};
use crate::nodes::{Node, NodeRef};
use crate::operations::{CARDS_MIN, CARDS_SHARE, Operation, Told};
use crate::report::{Hearer, Report, Status};
use crate::saved::Standing;
use crate::terms::Terms;
use crate::verdict::{Licence, Sums, Verdict};

/// Families that must each bring [`FAMILY_NATS_MIN`] before anything is said, unless a rule is certain.
const FAMILIES_MIN: usize = 2;
/// What a family must bring to count, in nats.
const FAMILY_NATS_MIN: f32 = SUSPECT_NATS;
/// Different callees for each of an entity's calls, where it calls rather than is called.
const CALLEES_SHARE: f32 = 0.5;
/// An operation is told again when its evidence has grown by this: 10 dB.
const TOLD_AGAIN_NATS: f32 = std::f32::consts::LN_10;
/// And at least this often while it goes on.
const TOLD_AGAIN_NANOS: u64 = 3_600_000_000_000;
/// How long whoever found no room for another operation waits: to ask whose its calls are costs as much as there are operations.
const REFUSED_NANOS: u64 = 60_000_000_000;

impl<H: Hearer> Judge<H> {
    /// An entity's evidence has passed the threshold.
    pub(crate) fn on_threshold(&mut self, place: NodeRef, verdict: &Verdict) {
        if verdict.kind == Kind::SimBox && !self.shows_cards(place) {
            return;
        }
        let Some(node) = self.nodes.get(place) else { return };
        let refused_at = node.rare().and_then(|rare| rare.refused_at);
        if refused_at.is_some_and(|at| self.now.nanos_since(at) < REFUSED_NANOS) {
            return;
        }
        // Whom people call under the numbers he always had is no stranger to them; he may lack a licence.
        if verdict.kind == Kind::ScamCallCentre && !verdict.certain && node.is_called_back() {
            return;
        }
        if !self.speaks(node, verdict, &self.terms) || !self.shows_there(node) || self.is_allowed(node) {
            return;
        }
        let shadow = !self.is_alert(node);
        let (entity, last_entry, since) = (node.entity, node.last_entry, node.first_at);
        let burst_at = node.usual.as_ref().and_then(|usual| usual.burst.since());
        let lines_at = node.led_by_landlines_since(&self.tables, &self.terms);
        let burst_at = burst_at.filter(|_| verdict.sheet == SheetName::Burst);
        let began_at = lines_at.or(burst_at).unwrap_or(node.began_at);
        if let Some(learner) = &mut self.learner {
            learner.on_operation(began_at);
        }
        // The telephones of a customer who calls more than ever, or whose exchange was broken into, are many others' too.
        let by_software = matches!(verdict.sheet, SheetName::Caller | SheetName::Route);
        let suspect = Suspect { entity, last_entry, since: began_at, by_software };
        let kin = self.kin(&suspect);
        let index = match kin.operation {
            Some(index) => {
                if !shadow {
                    self.step_out(index);
                }
                if let Some(Some(operation)) = self.operations.get_mut(index as usize) {
                    operation.join(entity, place, |place| self.nodes.get(place).is_some());
                }
                index
            }
            None => {
                let Some(mut operation) = Operation::open(entity, place, since, self.now, &self.settings) else {
                    return;
                };
                let free = self.operations.iter().position(Option::is_none);
                let index = free.unwrap_or(self.operations.len());
                if index >= self.settings.alerts_open_max {
                    self.tally.alerts_refused += 1;
                    if let Some(node) = self.nodes.get_mut(place) {
                        node.rare_mut().refused_at = Some(self.now);
                    }
                    return;
                }
                if let Entity::Asker(source) = entity {
                    // Requests outside calls are not in the journal, so this is all there is to say of who asked.
                    operation.sources.push(source);
                    operation.first_call = self.nodes.get(place).map_or(self.now, Node::tries_since);
                }
                (operation.shadow, operation.by_software) = (shadow, by_software);
                if shadow {
                    self.tally.in_shadow += 1;
                } else {
                    self.tally.opened += 1;
                    self.governor.on_alert();
                }
                match self.operations.get_mut(index) {
                    Some(slot) => *slot = Some(operation),
                    None => self.operations.push(Some(operation)),
                }
                index as u32
            }
        };
        if let Some(node) = self.nodes.get_mut(place) {
            node.joins(index, self.now, &self.tables, &self.terms);
            if lines_at.is_some() {
                node.rare_mut().by_landlines = true;
            }
        }
        let owner = self.owner(&entity);
        if let Some(Some(operation)) = self.operations.get_mut(index as usize) {
            operation.owner = operation.owner.take().or(owner);
        }
        self.adopt(&suspect, index, &kin.unlike);
        kin.unlike.into_iter().for_each(|(unlike, _)| self.follow(unlike, index));
        let told = self.operations.get(index as usize).and_then(|slot| slot.as_ref()?.told);
        self.tell(index, if told.is_none() { Status::Open } else { Status::Update });
    }

    /// Software that is as suspect as one innocent in a thousand ever is, where all that comes by its trunk was found to be an
    /// operation, and its calls are that operation's: what was found there is better known by it than by the trunk, which others use
    /// too. So from now on all its calls count, and none of them teaches its habit.
    pub(crate) fn on_suspect_stack(&mut self, place: NodeRef) {
        let Some(node) = self.nodes.get(place) else { return };
        let found = |origin| self.nodes.find(Entity::Origin(origin))?.operation;
        let Some(index) = node.entity.origin().and_then(found) else { return };
        if node.sums(&self.tables, &self.terms, Without::Nothing).score() < ELSEWHERE_NATS {
            return;
        }
        let suspect = Suspect::of(node, true);
        if self.kin(&suspect).operation != Some(index) {
            return;
        }
        if let Some(Some(operation)) = self.operations.get_mut(index as usize) {
            operation.join(suspect.entity, place, |place| self.nodes.get(place).is_some());
        }
        if let Some(node) = self.nodes.get_mut(place) {
            node.joins(index, self.now, &self.tables, &self.terms);
        }
        self.adopt(&suspect, index, &[]);
    }

    /// Whether an entity whose evidence passes may be told of: on calls enough, unless a rule is certain.
    fn speaks(&self, node: &Node, verdict: &Verdict, terms: &Terms) -> bool {
        let telephones = matches!(verdict.sheet, SheetName::Caller | SheetName::Burst);
        verdict.certain || node.has_calls() && self.has_families(node, terms) && (!telephones || self.calls_many(node))
    }

    /// Whether the calls of what looks like a SIM box come from the numbers of many mobiles: without them all else of it, strangers
    /// called under numbers that nobody calls, is what a platform's new customer shows too.
    fn shows_cards(&self, place: NodeRef) -> bool {
        let Some(node) = self.nodes.get(place) else { return false };
        let calls: Vec<_> = self.journal.back(node.last_entry, place.level()).take(KIN_CALLS).collect();
        let is_card = |caller: &E164| look_up(*caller).kind == NumberKind::Mobile;
        let mut cards: Vec<_> = calls.iter().filter_map(|entry| entry.caller.filter(is_card)).collect();
        let enough = cards.len() as f32 >= CARDS_SHARE * calls.len() as f32;
        cards.sort_unstable();
        cards.dedup();
        enough && cards.len() as u64 >= CARDS_MIN
    }

    /// Whether what shows wherever a software is used shows at the place of its last call too. Customers of one platform are strangers to
    /// each other: where a new one begins, everything is new to all that is known of the platform, and nothing of him.
    fn shows_there(&self, node: &Node) -> bool {
        let Entity::Stack(stack) = node.entity else { return true };
        let Some(last) = self.journal.get(node.last_entry) else { return true };
        self.nodes.find(Entity::StackAt(self.origin(last.source), stack)).is_none_or(|there| there.nats >= SUSPECT_NATS)
    }

    /// Whether an entity that passes does so without the families in shadow too.
    fn is_alert(&self, node: &Node) -> bool {
        self.aloud.as_ref().is_none_or(|aloud| {
            let verdict = node.verdict(&self.tables, aloud);
            verdict.guaranteed >= self.threshold_nats() && self.speaks(node, &verdict, aloud)
        })
    }

    /// Families that are not in shadow speak of an operation too: what was told of it in shadow is closed, and from now on it
    /// is an alert.
    fn step_out(&mut self, index: u32) {
        if !matches!(self.operations.get(index as usize), Some(Some(operation)) if operation.shadow) {
            return;
        }
        self.tell(index, Status::Close);
        if let Some(Some(operation)) = self.operations.get_mut(index as usize) {
            (operation.shadow, operation.told) = (false, None);
            self.tally.opened += 1;
            self.governor.on_alert();
        }
    }

    /// The terms on which an operation is told of.
    pub(crate) const fn terms_of(&self, shadow: bool) -> &Terms {
        match &self.aloud {
            Some(aloud) if !shadow => aloud,
            _ => &self.terms,
        }
    }

    /// Whether enough families speak: one alone may be mistaken. That no licence covers what is like a centre in more than one respect
    /// says as much as a second family.
    fn has_families(&self, node: &Node, terms: &Terms) -> bool {
        let score = |without| node.sums(&self.tables, terms, without).score();
        let whole = score(Without::Nothing);
        let brings = |family: &Family| whole - score(Without::Family(*family)) >= FAMILY_NATS_MIN;
        let speak = Family::ALL.iter().filter(|family| brings(family)).take(FAMILIES_MIN).count();
        speak >= FAMILIES_MIN || speak > 0 && node.is_centre_beyond(&self.tables, terms, FAMILY_NATS_MIN)
    }

    /// Whether most calls of an entity are for somebody else: a vote, a bridge, a centre that is called have one number, and whoever is
    /// called by strangers is not the one who calls them.
    fn calls_many(&self, node: &Node) -> bool {
        let calls: Vec<_> = self.journal.back(node.last_entry, node.entity.level()).take(KIN_CALLS).collect();
        let mut callees: Vec<_> = calls.iter().filter_map(|entry| entry.callee).collect();
        callees.sort_unstable();
        callees.dedup();
        callees.len() as f32 >= CALLEES_SHARE * calls.len() as f32
    }

    /// More of an operation that is open: told again when it says more by ten decibels, or an hour is over.
    pub(crate) fn on_growth(&mut self, index: u32, place: NodeRef) {
        let Some(Some(operation)) = self.operations.get(index as usize) else { return };
        let (Some(told), Some(node)) = (operation.told, self.nodes.get_mut(place)) else { return };
        // What all comes to is asked once, until there is more.
        let (due, entity) = (node.is_due(), node.entity);
        if due && operation.shadow && self.nodes.get(place).is_some_and(|node| self.is_alert(node)) {
            self.step_out(index);
            self.tell(index, Status::Open);
            return;
        }
        let terms = *self.terms_of(operation.shadow);
        let old = self.now.nanos_since(told.at) >= TOLD_AGAIN_NANOS;
        let another = operation.kind(told.kind, terms.families) != told.kind;
        let more = old || another || operation.members.len() > told.members;
        // What cannot lead it says no more of it.
        let nats = if told.apart && is_place(&entity) { f32::INFINITY } else { told.nats + TOLD_AGAIN_NATS };
        let grown = due && self.has_grown(place, &terms, nats);
        if more || grown {
            self.tell(index, Status::Update);
        }
    }

    /// Whether an entity says at least so many nats; if not, it is not due before there is more.
    fn has_grown(&mut self, place: NodeRef, terms: &Terms, nats: f32) -> bool {
        let Some(node) = self.nodes.get_mut(place) else { return false };
        let at_most = node.nats.max(0.0) + node.rules().nats();
        let grown = at_most >= nats && node.sums(&self.tables, terms, Without::Nothing).score() >= nats;
        if !grown {
            node.bear();
        }
        grown
    }

    /// Looks after operations that nothing was heard of.
    pub(crate) fn sweep(&mut self) {
        self.governor.on_time(self.now);
        for index in 0..self.operations.len() {
            let Some(Some(operation)) = self.operations.get(index) else { continue };
            if self.now.nanos_since(operation.last_call) > self.settings.quiet_nanos {
                self.tell(index as u32, Status::Close);
                self.close(index);
            }
        }
    }

    pub(crate) fn close(&mut self, index: usize) {
        let Some(operation) = self.operations.get_mut(index).and_then(Option::take) else { return };
        for place in operation.places() {
            if let Some(node) = self.nodes.get_mut(place) {
                node.restart();
            }
        }
    }

    /// Tells of an operation by the member that says most.
    pub(crate) fn tell(&mut self, index: u32, status: Status) {
        let shadow = matches!(self.operations.get(index as usize), Some(Some(operation)) if operation.shadow);
        let (tables, terms) = (&self.tables, *self.terms_of(shadow));
        let (threshold_nats, raised_nats) = (self.threshold_nats(), self.governor.raised_nats());
        let Some(Some(operation)) = self.operations.get_mut(index as usize) else { return };
        // What is told stands for all of its time, whatever part of it the evidence of a member is from.
        let unseen = self.coverage.unseen(operation.first_call, self.now);
        for &(_, place) in &operation.members {
            if let Some(node) = self.nodes.get_mut(place) {
                node.rare_mut().seen = unseen.seen();
            }
        }
        let members = operation.members.iter().filter_map(|&(_, place)| self.nodes.get(place));
        let judged: Vec<_> = members.map(|node| (node, node.sums(tables, &terms, Without::Nothing))).collect();
        operation.impersonates |= judged.iter().any(|(_, sums)| sums.impersonates());
        // A place is others' too, and what is known of it is of their calls as well: who is known well enough by anything else is named
        // by that, unless it is all that comes by its place.
        let is_known = |(node, sums): &(&Node, Sums)| !is_place(&node.entity) && sums.score() >= threshold_nats;
        let apart = !operation.whole && judged.iter().any(is_known);
        let says = |(node, sums): &(&Node, Sums)| match is_place(&node.entity) {
            true if apart => f32::NEG_INFINITY,
            true => sums.score() - GROWTH_NATS,
            false => sums.score(),
        };
        let lead = judged
            .into_iter()
            .max_by(|a, b| says(a).total_cmp(&says(b)).then(a.0.entity.level().cmp(&b.0.entity.level())));
        let Some((node, _)) = lead else { return };
        let verdict = node.verdict(tables, &terms);
        let evidence = node.items(tables, &terms, &verdict);
        let weighed = node.weighed(&verdict, self.now);
        let members = operation.members.len();
        operation.knocks = node.knocks();
        operation.seats.on_time(self.now);
        // At night the agents are at home, not gone.
        operation.seats_told = operation.seats.estimate().or(operation.seats_told);
        operation.unlicensed = node.licence(terms.registry) == Licence::None;
        operation.large |= operation.is_large();
        let kind = operation.kind(verdict.kind, terms.families);
        operation.is_burst |= kind == Kind::CallBurst;
        operation.told = Some(Told { at: self.now, nats: verdict.score, kind, members, apart });
        operation.countries.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        if let Some(keep) = &mut self.keep {
            let members = operation.members.iter().filter_map(|&(_, place)| self.nodes.get(place)).collect();
            let standing = postcard::to_stdvec(&Standing { status, operation, members });
            // All of it can be written down.
            standing.iter().for_each(|standing| keep(standing));
        }
        let sheet = tables.sheet(verdict.sheet);
        let class = sheet.class(verdict.class);
        self.hearer.report(&Report {
            status,
            at: self.now,
            lead: node.entity,
            kind,
            shadow,
            nats: verdict.score,
            threshold_nats,
            raised_nats,
            evidence: &evidence,
            weighed,
            innocent: (&class.name, &class.about),
            classes: sheet.classes(),
            operation,
            unseen,
            signers: &self.signers,
            tables: (tables.version(), tables.hash()),
        });
    }
}

/// Whether an entity is where calls come in.
const fn is_place(entity: &Entity) -> bool {
    matches!(entity, Entity::Origin(_))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use config::Known;
    use sip::stack::Fingerprint;
    use types::{Ip, Nanos};

    use super::*;
    use crate::entity::{LEVELS, Origin};
    use crate::operations::Bond;
    use crate::settings::Settings;
    use crate::tables::Tables;

    struct Nobody;

    impl Hearer for Nobody {
        fn report(&mut self, _: &Report<'_>) {}
    }

    fn judge() -> Judge<Nobody> {
        let known = Arc::new(Known::default());
        Judge::new(Settings::default(), Tables::ours().unwrap(), known, Nobody).unwrap()
    }

    /// Who shows one owner's number is another operation than who shows another's, whatever they dial with.
    #[test]
    fn each_owner_of_a_protected_number_has_an_operation_of_his_own() {
        let (mut judge, at) = (judge(), Nanos::from_parts(1_793_577_600, 0));
        let origin = Origin::Source(Ip::v4([203, 0, 113, 7]));
        let number = |number| Entity::NumberAt(origin, E164::new(number).unwrap());
        let place = judge.nodes.at(number(441_632_960_100), at).unwrap();
        let mut operation = Operation::open(number(441_632_960_100), place, at, at, &judge.settings).unwrap();
        (operation.by_software, operation.impersonates, operation.owner) = (true, true, Some("Bank".into()));
        for (entity, owner, bond) in [
            (number(441_632_960_101), Some("Bank"), Bond::Software),
            (number(441_632_960_200), Some("Tax office"), Bond::Another),
            (Entity::StackAt(origin, Fingerprint::from_bits(7)), None, Bond::Calls),
        ] {
            assert_eq!(operation.bond(&entity, owner), bond, "{entity:?}");
        }
    }

    /// More belong to it than are named: in place of numbers software is, and when it is over all are free to belong to another.
    #[test]
    fn who_belonged_to_what_is_over_is_nobodys() {
        let (mut judge, at) = (judge(), Nanos::from_parts(1_793_577_600, 0));
        let numbers = (0..200).map(|number| Entity::Number(E164::new(441_632_960_000 + number).unwrap()));
        let software = Entity::Stack(Fingerprint::from_bits(7));
        let entities: Vec<Entity> = numbers.chain([software]).collect();
        let places: Vec<NodeRef> = entities.iter().map(|&entity| judge.nodes.at(entity, at).unwrap()).collect();
        let mut operation = Operation::open(entities[0], places[0], at, at, &judge.settings).unwrap();
        for (&entity, &place) in entities.iter().zip(&places) {
            operation.join(entity, place, |_| true);
            judge.nodes.get_mut(place).unwrap().operation = Some(0);
        }
        assert!(operation.members.len() < 100 && operation.members.iter().any(|(entity, _)| *entity == software));
        // Numbers that made room for others are not remembered for ever.
        let held = operation.others.len();
        for number in (0..10_000).filter_map(|number| E164::new(33_100_000_000 + number)) {
            let gone = judge.nodes.at(Entity::Number(number), at).unwrap();
            operation.join(Entity::Number(number), gone, |place| places.contains(&place));
        }
        assert!((held..2 * held + 8).contains(&operation.others.len()), "{held} {}", operation.others.len());
        judge.operations.push(Some(operation));
        judge.close(0);
        assert!(judge.operations[0].is_none());
        assert!(places.iter().all(|&place| judge.nodes.get(place).unwrap().operation.is_none()));
    }

    /// Of what is known by its number alone the calls count that come in where its calls came in before.
    #[test]
    fn a_number_counts_where_it_was_found() {
        let (mut judge, at) = (judge(), Nanos::from_parts(1_793_577_600, 0));
        let [found_at, elsewhere] = [7, 8].map(|last| Ip::v4([203, 0, 113, last]));
        let number = Entity::Number(E164::new(441_632_960_100).unwrap());
        let place = judge.nodes.at(number, at).unwrap();
        let mut operation = Operation::open(number, place, at, at, &judge.settings).unwrap();
        operation.sources.push(found_at);
        judge.nodes.get_mut(place).unwrap().operation = Some(0);
        judge.operations.push(Some(operation));
        for (source, counts) in [(found_at, true), (elsewhere, false)] {
            let origin = Origin::Source(source);
            let mut nodes = [None; LEVELS];
            nodes[Entity::ORIGIN_LEVEL] = judge.nodes.at(Entity::Origin(origin), at);
            nodes[Entity::STACK_AT_LEVEL] = judge.nodes.at(Entity::StackAt(origin, Fingerprint::from_bits(7)), at);
            nodes[Entity::NUMBER_LEVEL] = Some(place);
            assert_eq!(judge.operation_of(&nodes, false).is_some(), counts, "{source}");
        }
    }
}

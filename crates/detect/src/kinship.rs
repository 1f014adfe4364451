//! Whose calls an entity's are: those of an operation that is known, where they are its own, or under its numbers, or from software like
//! its own and do not look like somebody else's. What an operation has counted stays counted; calls and members that turn out to be
//! another's are this one's from then on.

use std::cmp::Reverse;

use foldhash::quality::RandomState;
use hashbrown::HashSet;
use types::{Ip, Nanos};

use crate::entity::{Entity, Origin};
use crate::journal::Entry;
use crate::judge::{Judge, SUSPECT_NATS};
use crate::likeness::Lot;
use crate::nodes::{Node, NodeRef};
use crate::operations::{Bond, Counted, Operation};
use crate::report::Hearer;

/// Calls of an entity that are looked at for the operation they belong to.
pub(crate) const KIN_CALLS: usize = 100;
/// Calls of an entity that are looked at for those made before it was found.
pub(crate) const EARLIER_CALLS: usize = 2_000;
/// Calls of an operation with which those of an entity are compared.
const OTHERS_MAX: usize = 1_000;
/// Members of an operation whose calls these are: those with the most.
const MEMBERS_LOOKED_AT: usize = 8;
/// Operations with which an entity is compared: those that more of its calls are like come first.
const COMPARED_MAX: usize = 16;
/// Calls of software at one place after which it is looked at again whether it belongs where it does.
const RECONSIDERED_CALLS: u32 = 256;
/// Share of an entity's calls that must be like an operation's for the entity to join it.
const KIN_SHARE: f32 = 0.3;
/// Odds from which on those who write alike are two all the same: 1,000 to 1.
const APART_NATS: f64 = 6.9;

/// Whose calls an entity's are.
#[derive(Debug, Default)]
pub(crate) struct Kin {
    /// The operation's, if any's.
    pub operation: Option<u32>,
    /// Operations that they seemed to be of, and are not: their places and ids.
    pub unlike: Vec<(u32, u64)>,
}

/// Whoever may belong to an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Suspect {
    pub entity: Entity,
    /// Where its last call stands in the journal.
    pub last_entry: u64,
    /// When its evidence began.
    pub since: Nanos,
    /// Whether the software of its calls says whose they are.
    pub by_software: bool,
}

impl Suspect {
    /// An entity, for all that its evidence is from.
    pub const fn of(node: &Node, by_software: bool) -> Self {
        Self { entity: node.entity, last_entry: node.last_entry, since: node.began_at, by_software }
    }

    const fn level(&self) -> usize {
        self.entity.level()
    }
}

impl<H: Hearer> Judge<H> {
    /// The operation to which an entity's calls since its evidence began belong: those counted for it already, those of a
    /// number it shows, and where software says whose calls are those of a stack that writes like one of its own, unless they look like
    /// another's.
    pub(crate) fn kin(&mut self, suspect: &Suspect) -> Kin {
        let owner = self.owner(&suspect.entity);
        let Self { journal, operations, .. } = self;
        let most = if suspect.by_software { Bond::Software } else { Bond::Calls };
        let owner = owner.as_deref();
        let bond = |operation: &Option<Operation>| Some(operation.as_ref()?.bond(&suspect.entity, owner).min(most));
        let bonds: Vec<_> = operations.iter().map(|slot| bond(slot).unwrap_or(Bond::Nothing)).collect();
        let mut counts = vec![(0_usize, 0_usize); operations.len()];
        let mut walked = 0;
        journal.walk(suspect.last_entry, suspect.level(), KIN_CALLS, |entry| {
            if entry.at < suspect.since {
                return;
            }
            walked += 1;
            for ((slot, bond), (own, alike)) in operations.iter().zip(&bonds).zip(&mut counts) {
                let Some(operation) = slot else { continue };
                *own += usize::from(entry.operation.is_some_and(|(_, id)| id == operation.id));
                *alike += usize::from(operation.is_kin(entry, *bond));
            }
        });
        let mut kin = Kin::default();
        for (((slot, bond), (own, _)), index) in operations.iter().zip(bonds).zip(&counts).zip(0_u32..) {
            let another = slot.as_ref().filter(|_| bond == Bond::Another && *own > 0);
            kin.unlike.extend(another.map(|operation| (index, operation.id)));
        }
        let enough = |alike: usize| alike > 0 && alike as f32 >= KIN_SHARE * walked as f32;
        let alike = counts.into_iter().zip(0_u32..).filter(|&((_, alike), _)| enough(alike));
        let mut alike: Vec<_> = alike.collect();
        alike.sort_by_key(|&(counts, index)| (Reverse(counts), index));
        for (_, index) in alike.into_iter().take(COMPARED_MAX) {
            let Some(Some(operation)) = self.operations.get(index as usize) else { continue };
            if !self.is_apart(suspect, operation) {
                kin.operation = Some(index);
                break;
            }
            kin.unlike.push((index, operation.id));
        }
        kin
    }

    /// Whose protected number an entity shows.
    pub(crate) fn owner(&self, entity: &Entity) -> Option<Box<str>> {
        let Entity::NumberAt(_, number) = entity else { return None };
        let owner = self.known.protected(self.known.protected_number(*number)?)?;
        Some(owner.owner.as_str().into())
    }

    /// Whether an entity's calls since its evidence began are another dialler's than those of an operation, though they come from
    /// software like its own. Of routes and recordings only what is answered is looked at, which says nothing of who called.
    fn is_apart(&self, suspect: &Suspect, operation: &Operation) -> bool {
        let level = suspect.level();
        let says = |level: usize| !Entity::ROUTE_LEVELS.contains(&level) && level != Entity::RECORDING_LEVEL;
        if !says(level) {
            return false;
        }
        let own: Vec<_> = self.journal.places(suspect.last_entry, level).take(EARLIER_CALLS).collect();
        let calls = own.iter().take(KIN_CALLS).filter_map(|&place| self.journal.get(place));
        let lot = Lot::of(calls.filter(|entry| entry.at >= suspect.since));
        let members = operation.members.iter().filter(|(entity, _)| says(entity.level()));
        let mut members: Vec<_> = members.filter_map(|&(_, place)| self.nodes.get(place)).collect();
        members.sort_by_key(|node| Reverse((node.calls, node.last_entry)));
        // What the suspect has made is no evidence of what others make: of a member that it floods little may be left.
        let mut seen: HashSet<u64, RandomState> = own.iter().copied().collect();
        let mut others = Vec::new();
        for member in members.into_iter().take(MEMBERS_LOOKED_AT) {
            let calls = self.journal.places(member.last_entry, member.entity.level()).take(EARLIER_CALLS);
            let calls = calls.filter(|&place| seen.insert(place)).filter_map(|place| self.journal.get(place));
            let calls = calls.filter(|entry| entry.operation.is_some_and(|(_, id)| id == operation.id));
            others.extend(calls.take(OTHERS_MAX - others.len()));
            if others.len() >= OTHERS_MAX {
                break;
            }
        }
        // Whoever makes most of its calls is the operation, whatever else fell to it.
        let is_its = |place: &u64| {
            self.journal.get(*place).is_some_and(|entry| entry.operation.is_some_and(|(_, id)| id == operation.id))
        };
        own.iter().filter(|place| is_its(place)).count() < others.len()
            && lot.apart(&Lot::of(others.into_iter()), Entity::is_of_numbers(level)) >= APART_NATS
    }

    /// Counts an entity's calls since its evidence began for its operation, those too that were counted for others that they are
    /// `unlike`: what these have counted, they have.
    pub(crate) fn adopt(&mut self, suspect: &Suspect, index: u32, unlike: &[(u32, u64)]) {
        let &Suspect { last_entry, since, .. } = suspect;
        let level = suspect.level();
        let Some(Some(operation)) = self.operations.get_mut(index as usize) else { return };
        let answers = Entity::ROUTE_LEVELS.contains(&level) && operation.is_of_answers();
        if !answers && !operation.is_all_of(level) {
            return;
        }
        let id = operation.id;
        let (nodes, known) = (&self.nodes, &self.known);
        // What shows at several places, and what comes by one, is only adopted where its software is suspect there too; unless hardly
        // any of it is, and only all of it together. A block has many subscribers: of those who call from elsewhere nothing is known.
        let wide = [Entity::ORIGIN_LEVEL, Entity::UNLICENSED_LEVEL, Entity::STACK_LEVEL].contains(&level);
        let origin = |source: Ip| known.trunk_of(source).map_or(Origin::Source(source), Origin::Trunk);
        let last = self.journal.get(last_entry).filter(|_| level == Entity::BLOCK_LEVEL);
        let here = last.map(|entry| origin(entry.source));
        let is_suspect = |entry: &Entry| {
            let elsewhere = here.is_some_and(|here| here != origin(entry.source));
            let Some(stack) = entry.stack.filter(|_| wide || elsewhere) else { return !elsewhere };
            nodes.find(Entity::StackAt(origin(entry.source), stack)).is_some_and(|node| node.nats >= SUSPECT_NATS)
        };
        let by = nodes.find(suspect.entity);
        let its = |entry: &Entry| by.is_none_or(|node| node.is_its(entry.line_from_abroad));
        let free = |entry: &Entry| entry.operation.is_none_or(|held| unlike.contains(&held));
        let own = |entry: &Entry| free(entry) && entry.at >= since && (entry.false_answer || !answers);
        let (mut all, mut suspects) = (0_usize, 0);
        self.journal.walk(last_entry, level, EARLIER_CALLS, |entry| {
            if own(entry) {
                all += 1;
                suspects += usize::from(is_suspect(entry));
            }
        });
        let whole = (suspects as f32) < KIN_SHARE * all as f32;
        operation.whole |= whole && level != Entity::STACK_LEVEL;
        let mut adopted = Vec::new();
        self.journal.walk(last_entry, level, EARLIER_CALLS, |entry| {
            if own(entry) && (whole || is_suspect(entry)) && its(entry) {
                entry.operation = Some((index, id));
                adopted.push(entry.clone());
            }
        });
        for entry in adopted.iter().rev() {
            self.hearer.counted(id, entry.at, &entry.call_id);
            operation.count(&Counted::of(entry));
            operation.answered += u64::from(entry.fate.is_answered());
        }
    }

    /// Software of an operation at one place, that joined it when little was known: now and then it is looked at again whether it
    /// belongs there.
    pub(crate) fn reconsider(&mut self, place: NodeRef) {
        let Some(node) = self.nodes.get(place) else { return };
        let Some(index) = node.operation.filter(|_| node.calls.is_multiple_of(RECONSIDERED_CALLS)) else { return };
        let suspect = Suspect::of(node, true);
        let Some(Some(operation)) = self.operations.get(index as usize) else { return };
        let verdict = node.verdict(&self.tables, self.terms_of(operation.shadow));
        if verdict.guaranteed < self.threshold_nats() || !operation.by_software || !self.is_apart(&suspect, operation) {
            return;
        }
        let Some(Some(operation)) = self.operations.get_mut(index as usize) else { return };
        let Some(node) = self.nodes.get_mut(place).filter(|_| operation.leave(place)) else { return };
        node.operation = None;
        let entity = node.entity;
        self.on_threshold(place, &verdict);
        // Where it is no operation of its own either it stays: what several operations share is suspect, whosever it is.
        let Some(node) = self.nodes.get_mut(place).filter(|node| node.operation.is_none()) else { return };
        node.operation = Some(index);
        if let Some(Some(operation)) = self.operations.get_mut(index as usize) {
            operation.join(entity, place, |place| self.nodes.get(place).is_some());
        }
    }

    /// Members of an operation whose calls turned out to be another's go there with them.
    pub(crate) fn follow(&mut self, from: u32, to: u32) {
        let operation = |index: u32| self.operations.get(index as usize)?.as_ref();
        let Some((losing, gaining)) = operation(from).zip(operation(to)) else { return };
        let is_of_other = |place: &NodeRef| {
            let Some(node) = self.nodes.get(*place) else { return false };
            let calls = self.journal.back(node.last_entry, node.entity.level()).take(KIN_CALLS);
            let (all, other) = calls.fold((0, 0), |(all, other), entry| {
                (all + 1, other + usize::from(entry.operation.is_some_and(|(_, id)| id == gaining.id)))
            });
            2 * other > all
        };
        for place in losing.places().filter(is_of_other).collect::<Vec<_>>() {
            let Some(Some(losing)) = self.operations.get_mut(from as usize) else { return };
            let Some(node) = self.nodes.get_mut(place).filter(|_| losing.leave(place)) else { continue };
            node.operation = Some(to);
            let entity = node.entity;
            if let Some(Some(gaining)) = self.operations.get_mut(to as usize) {
                gaining.join(entity, place, |place| self.nodes.get(place).is_some());
            }
        }
    }
}

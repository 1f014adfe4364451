//! What the operator has said is innocent (`[[allow]]`): nothing is told of it, nor of what is made of its calls. Who is dismissed as one
//! thing would else come again as another: as the software of an address, the address itself, the numbers that it shows.

use config::{EntityKind, EntityRef};
use types::E164;

use crate::entity::{Entity, Origin};
use crate::journal::Entry;
use crate::judge::Judge;
use crate::kinship::KIN_CALLS;
use crate::nodes::Node;
use crate::report::Hearer;

impl<H: Hearer> Judge<H> {
    /// Whether nothing is to be told of an entity: of itself, or because most of its last calls are of what is allowed.
    pub(crate) fn is_allowed(&self, node: &Node) -> bool {
        if self.known.config().allow.is_empty() {
            return false;
        }
        let calls = || self.journal.back(node.last_entry, node.entity.level()).take(KIN_CALLS);
        self.allows(&node.entity) || 2 * calls().filter(|entry| self.allows_call(entry)).count() > calls().count()
    }

    /// Whether a call is of what is allowed: where it comes from, what wrote it, who calls, whom, or what he plays.
    fn allows_call(&self, entry: &Entry) -> bool {
        let origin = self.origin(entry.source);
        let place = entry.stack.map_or(Entity::Origin(origin), |stack| Entity::StackAt(origin, stack));
        let others = [entry.caller.map(Entity::Number), entry.recording.map(Entity::Recording)];
        let is_called = |callee: E164| self.known.allowed(EntityRef::Callee(callee), self.now);
        // A trunk has addresses, and one of them may be allowed by itself.
        let source = EntityRef::Source(entry.source);
        self.allows(&place)
            || self.known.allowed(source, self.now)
            || others.iter().flatten().any(|it| self.allows(it))
            || entry.callee.is_some_and(is_called)
    }

    /// Whether an entity is allowed by itself.
    fn allows(&self, entity: &Entity) -> bool {
        let allowed = |about: EntityRef<'_>| self.known.allowed(about, self.now);
        let at = |origin: Origin| match origin {
            Origin::Trunk(trunk) => allowed(EntityRef::Trunk(trunk)),
            Origin::Source(ip) => allowed(EntityRef::Source(ip)),
        };
        let named = |kind: EntityKind| {
            let name = entity.name(&self.known, &self.signers);
            name.is_some_and(|name| allowed(EntityRef::Named(kind, &name)))
        };
        let block = |block: u64| {
            let range = E164::new(block * 1_000).zip(E164::new(block * 1_000 + 999));
            range.is_some_and(|(first, last)| allowed(EntityRef::NumberBlock(first, last)))
        };
        match *entity {
            Entity::Origin(origin) | Entity::Route(origin, _) | Entity::FarEnd(origin) => at(origin),
            Entity::Asker(ip) => at(Origin::Source(ip)),
            Entity::Unlicensed(origin) => at(origin) || named(EntityKind::Customer),
            Entity::Signer(_) => named(EntityKind::Customer),
            Entity::StackAt(origin, stack) => {
                at(origin) || self.allows(&Entity::Stack(stack)) || named(EntityKind::Stack)
            }
            Entity::Stack(_) => named(EntityKind::Stack),
            Entity::Number(number) => allowed(EntityRef::Number(number)),
            Entity::NumberAt(origin, number) => at(origin) || allowed(EntityRef::Number(number)),
            Entity::NumberBlock(number) | Entity::Corridor(number, _) => block(number),
            Entity::Recording(_) => named(EntityKind::Recording),
        }
    }
}

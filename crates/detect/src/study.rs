//! What is learned from calls while they are judged, and changes nothing of how: whether the null is right and, where that was
//! asked for, what the operator's own innocents are like.

use crate::entity::{Entity, LEVELS, Origin};
use crate::feature::SheetName;
use crate::frame::Sight;
use crate::judge::{Judge, stretch};
use crate::learner::{Corridor, DOUBTED_NATS, Lesson};
use crate::nodes::{Node, NodeRef};
use crate::report::Hearer;

/// What an event of a call shows, sheet by sheet.
type Sights = [Vec<Sight>; SheetName::COUNT];

impl<H: Hearer> Judge<H> {
    /// An event of a call shows something at its entities, which have not taken it in yet.
    #[inline]
    pub(crate) fn study(&mut self, nodes: &[Option<NodeRef>; LEVELS], sights: &Sights) {
        if self.learner.is_some() {
            self.learn(nodes, sights);
        }
        if self.calibration.is_due() {
            self.measure(nodes, sights);
        }
    }

    /// An attempt begins: `fresh` says whether it is the callee's first of the day.
    pub(crate) fn learn_call(
        &mut self,
        nodes: &[Option<NodeRef>; LEVELS],
        fresh: bool,
        corridor: Option<(Corridor, bool)>,
    ) {
        let suspect = self.is_of_operation(nodes);
        let Some(learner) = self.learner.as_mut() else { return };
        if suspect {
            return learner.leave_out();
        }
        let entity = |level: usize| nodes.get(level).copied().flatten().and_then(|place| self.nodes.get(place));
        let trunk = entity(Entity::ORIGIN_LEVEL).and_then(|node| match node.entity {
            Entity::Origin(Origin::Trunk(trunk)) => Some(trunk),
            _ => None,
        });
        let calls = entity(Entity::BLOCK_LEVEL).map_or(1, |node| node.calls);
        let spread = self.tables.sheet(SheetName::Caller).spread();
        learner.on_call(self.now, trunk, fresh, corridor, (calls, spread));
    }

    /// What an event of a call shows teaches something of each of its entities' classes.
    fn learn(&mut self, nodes: &[Option<NodeRef>; LEVELS], sights: &Sights) {
        if self.is_of_operation(nodes) {
            return;
        }
        let stretch = stretch(self.now);
        for &place in nodes.iter().flatten() {
            let own = sights.get(place.sheet() as usize).filter(|own| !own.is_empty());
            let (Some(own), Some(node)) = (own, self.nodes.get(place)) else { continue };
            let Some(class) = self.class_of(place, node).filter(|_| node.nats < DOUBTED_NATS) else { continue };
            let spread = self.tables.sheet(place.sheet()).spread();
            let Some(learner) = self.learner.as_mut() else { return };
            for sight in own.iter().filter(|sight| node.takes_in(sight, stretch)) {
                let (feature, shown, weight) = (sight.feature(), sight.shown(), sight.settled());
                learner.observe(self.now, &Lesson { feature, shown, weight, class, calls: node.calls, spread });
            }
        }
    }

    /// The class that an entity is read as.
    fn class_of(&self, place: NodeRef, node: &Node) -> Option<usize> {
        let ruled_out = node.ruled_out(self.tables.sheet(place.sheet()), self.terms.registry);
        self.calibration.reading().class(place.sheet(), &node.frame, ruled_out)
    }

    /// Whether one of a call's entities belongs to an operation: then it says nothing of the innocent, at none of them.
    fn is_of_operation(&self, nodes: &[Option<NodeRef>; LEVELS]) -> bool {
        nodes.iter().flatten().any(|place| self.nodes.get(*place).is_some_and(|node| node.operation.is_some()))
    }

    /// Takes the e-values of what an entity shows whose turn it is.
    #[cold]
    fn measure(&mut self, nodes: &[Option<NodeRef>; LEVELS], sights: &Sights) {
        let asked = |place: &&NodeRef| sights.get(place.sheet() as usize).is_some_and(|own| !own.is_empty());
        let turn = self.calibration.turn(nodes.iter().flatten().filter(asked).count());
        let Some(&place) = turn.and_then(|turn| nodes.iter().flatten().filter(asked).nth(turn)) else { return };
        if self.is_of_operation(nodes) {
            self.calibration.leave_out();
            return;
        }
        let (Some(node), Some(sights)) = (self.nodes.get(place), sights.get(place.sheet() as usize)) else { return };
        let Some(class) = self.class_of(place, node) else { return };
        let stretch = stretch(self.now);
        let counted = sights.iter().filter(|sight| node.takes_in(sight, stretch));
        self.calibration.observe(&self.terms, place.sheet(), &node.frame, class, counted);
    }
}

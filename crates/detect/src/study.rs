//! What is learned from calls while they are judged, and changes nothing of how: whether the null is right.

use crate::entity::LEVELS;
use crate::feature::{Feature, SheetName};
use crate::frame::Sight;
use crate::judge::{Judge, STRETCH_NANOS};
use crate::nodes::{Node, NodeRef};
use crate::report::Hearer;
use crate::verdict::Licence;

/// What an event of a call shows, sheet by sheet.
type Sights = [Vec<Sight>; SheetName::COUNT];

impl<H: Hearer> Judge<H> {
    /// An event of a call shows something at its entities, which have not taken it in yet.
    #[inline]
    pub(crate) fn study(&mut self, nodes: &[Option<NodeRef>; LEVELS], sights: &Sights) {
        let asked = |place: &&NodeRef| sights.get(place.sheet() as usize).is_some_and(|own| !own.is_empty());
        let entities = nodes.iter().flatten().filter(asked).count();
        if let Some(turn) = self.calibration.turn(entities)
            && let Some(place) = nodes.iter().flatten().filter(asked).nth(turn)
        {
            self.measure(nodes, *place, sights);
        }
    }

    /// Takes the e-values of what an entity shows.
    #[cold]
    fn measure(&mut self, nodes: &[Option<NodeRef>; LEVELS], place: NodeRef, sights: &Sights) {
        // The calls of an operation say nothing of the innocent, at none of their entities.
        if nodes.iter().flatten().any(|place| self.nodes.get(*place).is_some_and(|node| node.operation.is_some())) {
            self.calibration.leave_out();
            return;
        }
        let (Some(node), Some(sights)) = (self.nodes.get(place), sights.get(place.sheet() as usize)) else { return };
        let sheet = self.tables.sheet(place.sheet());
        let ruled_out = if node.licence(self.terms.registry) == Licence::None { sheet.licensed() } else { 0 };
        let Some(class) = self.calibration.reading().class(place.sheet(), &node.frame, ruled_out) else { return };
        let stretch = (self.now.get() / STRETCH_NANOS) as u32;
        let counted = sights.iter().filter(|sight| counts(node, sight.feature(), stretch));
        self.calibration.observe(&self.terms, place.sheet(), &node.frame, class, counted);
    }
}

/// Whether an entity will take in what is known once for all calls of a stretch of the day.
const fn counts(node: &Node, feature: Feature, stretch: u32) -> bool {
    !matches!(feature, Feature::BusinessHours | Feature::OffHours) || node.stretch != stretch
}

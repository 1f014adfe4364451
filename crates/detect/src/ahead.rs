//! Memory that the next events will need is asked for before they come.
//!
//! Where a million entities are watched, the three of a call that are its own, its number, its block and its corridor, lie far
//! away in memory, some twenty cache lines each, at each of the four or five events of the call: read one after the other as
//! judgement comes to them, each line would be waited for. Events wait for a second before they are judged, so it is known which
//! come next. What points to memory must be there before what it points to can be asked for, so each step is made for another
//! event, and all of them are under way at once.

use crate::entity::{Entity, caller_block, destination_zone};
use crate::event::{Event, Invite, What};
use crate::judge::{Judge, key};
use crate::nodes::NodeRef;
use crate::report::Hearer;

/// Events ahead at which entities are looked up and asked for, and at which what these point to is.
const LOOKED_UP: usize = 4;
const READ: usize = 2;
/// The levels of which there are many entities: blocks of numbers, numbers, corridors.
const MANY: std::ops::RangeInclusive<usize> = Entity::BLOCK_LEVEL..=Entity::CORRIDOR_LEVEL;

impl<H: Hearer> Judge<H> {
    /// Asks for what the next events will need.
    #[inline]
    pub(crate) fn look_ahead(&self) {
        let Some(ask) = self.ask else { return };
        if let Some(event) = self.order.ahead(LOOKED_UP) {
            if let What::Invited(invite) = &event.what {
                self.ask_memories(invite, ask);
            }
            self.each_far(event, |place| self.nodes.memory(place, ask));
        }
        if let Some(event) = self.order.ahead(READ) {
            self.each_far(event, |place| {
                if let Some(node) = self.nodes.get(place) {
                    node.frame.memory(ask);
                }
            });
        }
    }

    /// What the INVITE of a call will ask memories for.
    fn ask_memories(&self, invite: &Invite, ask: fn(*const u8)) {
        let Invite { source, about, stack, caller, callee, .. } = *invite;
        let pair = caller.zip(callee);
        let asked = [
            self.asked.memory(key(&(source, about))),
            callee.and_then(|callee| self.called_today.memory(key(&callee))),
            callee.and_then(|callee| self.called.memory(key(&callee))),
            callee.zip(stack).and_then(|(callee, stack)| self.pairs.memory(key(&(source, stack, callee)))),
            pair.and_then(|(caller, callee)| self.pairs.memory(key(&(caller.min(callee), caller.max(callee))))),
            pair.and_then(|(caller, callee)| self.today.memory(key(&(caller_block(caller), callee)))),
            caller.and_then(|caller| self.callers.memory(key(&(self.origin(source), caller)))),
            caller.and_then(|caller| self.called.memory(key(&caller))),
        ];
        asked.into_iter().flatten().for_each(ask);
    }

    /// Visits the far entities of an event's call.
    fn each_far(&self, event: &Event, visit: impl Fn(NodeRef)) {
        match &event.what {
            What::Invited(invite) => {
                let Invite { caller, callee, .. } = **invite;
                let corridor = caller.zip(callee);
                let corridor = corridor.map(|(from, to)| Entity::Corridor(caller_block(from), destination_zone(to)));
                let block = caller.map(|caller| Entity::NumberBlock(caller_block(caller)));
                let named = [block, caller.map(Entity::Number), corridor].into_iter().flatten();
                named.filter_map(|entity| self.nodes.place(entity)).for_each(visit);
            }
            _ => {
                let nodes = self.live.get(&event.call).and_then(|live| live.nodes.get(MANY)).unwrap_or_default();
                nodes.iter().flatten().copied().for_each(visit);
            }
        }
    }
}

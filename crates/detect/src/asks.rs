//! What a source asks for, outside calls and by them: what a scan is made of.

use types::{Ip, Nanos};

use crate::doors::{Answer, Doors, Knock};
use crate::entity::{Entity, LEVELS};
use crate::event::{Ask, CallKey};
use crate::feature::{Family, Feature};
use crate::judge::{Judge, Live, days, key};
use crate::nodes::{Node, NodeRef};
use crate::report::Hearer;

/// A request this soon after the previous one was not typed.
pub(crate) const QUICK_NANOS: u64 = 1_000_000_000;
/// Tell what was accepted of a source, and whom it was challenged about, from what it asked for, where all are remembered.
const ACCEPTED: u8 = 3;
const CHALLENGED: u8 = 4;

impl<H: Hearer> Judge<H> {
    /// A request outside calls.
    pub(crate) fn on_ask(&mut self, ask: &Ask) {
        let source = ask.source.ip;
        if ask.by_tool {
            self.on_tool(source);
        }
        let Some(answer) = ask.answer else { return };
        let at = self.now;
        let Some(place) = self.nodes.at(Entity::Asker(source), at) else { return };
        let Some(node) = self.nodes.get_mut(place) else { return };
        let doors = node.rare().and_then(|rare| rare.doors.as_deref());
        let (is_watched, same_port) = (doors.is_some(), doors.is_none_or(|doors| doors.is_same_port(ask.source.port)));
        if answer == Answer::Challenged && !is_watched {
            return;
        }
        let refused = answer == Answer::Refused;
        let soon = node.calls > 0 && at.nanos_since(node.last_at) <= QUICK_NANOS;
        let age = days(at.nanos_since(node.first_at));
        if answer != Answer::Challenged {
            node.last_at = at;
            node.calls = node.calls.saturating_add(1);
        }
        let about = (source, ask.about);
        let new = match answer {
            Answer::Challenged => !self.asked.has_met(key(&about)) && !self.asked.meets(key(&(about, CHALLENGED)), at),
            _ => !self.asked.meets(key(&about), at),
        };
        let first = new && (answer == Answer::Challenged || !self.asked.has_met(key(&(about, CHALLENGED))));
        let accepted = key(&(about, ACCEPTED));
        let own = match answer {
            Answer::Accepted => self.asked.meets(accepted, at),
            _ => self.asked.has_met(accepted),
        };
        if refused || is_watched {
            let knock = Knock {
                answer,
                call: false,
                about: ask.about,
                extension: ask.extension,
                dialog: ask.dialog,
                port: ask.source.port,
                destination: ask.destination,
                credentials: ask.credentials,
                first,
                new,
                own,
            };
            self.at_doors(place, |doors, held| doors.on_knock(&knock, at, held));
        }
        // What was accepted once is its own, and the registrar's to mend.
        if answer == Answer::Challenged || refused && own {
            return;
        }
        let features = [
            (Feature::AskRefused, Some(refused), 0.0),
            // All accounts of an exchange are new to who sees its registrar refuse them for the first time.
            (Feature::AskNew, Some(new).filter(|_| !(refused && ask.credentials)), age),
            (Feature::AskQuick, Some(soon && same_port), 0.0),
        ];
        let mut nodes = [None; LEVELS];
        if let Some(asker) = nodes.get_mut(Entity::ASKER_LEVEL) {
            *asker = Some(place);
        }
        self.weigh(&nodes, &features);
        self.goes_on(place, at);
    }

    /// A tool that is made for scanning asks.
    pub(crate) fn on_tool(&mut self, source: Ip) {
        if source.is_unspecified() {
            return;
        }
        if let Some(place) = self.nodes.at(Entity::Asker(source), self.now) {
            self.at_doors(place, |doors, _| doors.on_tool());
            let is_found = |node: &Node| node.operation.is_none() && node.rules().nats() >= self.threshold_nats();
            if self.nodes.get(place).is_some_and(is_found) {
                self.ask_about(place);
            }
        }
    }

    /// A call is over: whether it was refused, or reached somebody; `None` where the network could not do it.
    pub(crate) fn on_call_over(&mut self, call: CallKey, live: &Live, refused: Option<bool>) {
        let (place, at, ask) = (live.nodes.get(Entity::ASKER_LEVEL).copied().flatten(), self.now, live.ask);
        let (Some(place), Some(refused)) = (place.filter(|_| ask.itself), refused) else { return };
        let is_watched = self.nodes.get(place).and_then(|node| node.rare()?.doors.as_deref()).is_some();
        if !refused && !is_watched {
            return;
        }
        let answer = if refused { Answer::Refused } else { Answer::Accepted };
        let knock = Knock {
            answer,
            call: true,
            about: ask.extension.map_or(0, u64::from),
            extension: ask.extension,
            dialog: call.0,
            port: 0,
            destination: Ip::default(),
            credentials: false,
            first: ask.new,
            new: ask.new,
            own: false,
        };
        let terms = self.settings.doors;
        self.at_doors(place, |doors, held| {
            if ask.extension.is_some() {
                doors.on_knock(&knock, at, held);
            } else {
                doors.on_number(refused);
            }
            if let Some(dialled) = ask.dialled {
                doors.on_dialled(dialled, ask.new, refused, at, terms);
            }
        });
        self.goes_on(place, at);
    }

    /// Lets a source's doors take something in, and its rules know what that comes to.
    fn at_doors(&mut self, place: NodeRef, take: impl FnOnce(&mut Doors, bool)) {
        let half_life = self.settings.half_life_nanos.get(Family::Scan as usize).copied().unwrap_or(u64::MAX);
        if !self.terms.families.has(Family::Scan) {
            return;
        }
        let Some(node) = self.nodes.get_mut(place) else { return };
        let held = node.operation.is_some();
        let rare = node.rare_mut();
        let doors = rare.doors.get_or_insert_default();
        doors.on_time(self.now, half_life, held);
        take(doors, held);
        rare.rules.doors_nats = doors.nats();
    }

    /// The operation of a source that asks goes on, though nothing of it is a call.
    fn goes_on(&mut self, place: NodeRef, at: Nanos) {
        let index = self.nodes.get(place).and_then(|node| node.operation);
        if let Some(Some(operation)) = index.and_then(|index| self.operations.get_mut(index as usize)) {
            operation.last_call = operation.last_call.max(at);
        }
    }
}

//! Media whose path ICE found (RFC 8445): the checks that go over it name both ends as the call's session descriptions do, and so
//! say whose it is, wherever it goes. Candidates that come after the description (RFC 8840) are read here too.

use std::hash::BuildHasher;

use foldhash::quality::FixedState;
use hashbrown::HashMap;
use sip::sdp::{self, Sdp};
use types::{Endpoint, Transport};

use crate::calls::Calls;
use crate::join::LegRef;
use crate::lines::Line;
use crate::media::Media;
use crate::phase::Side;
use crate::shared::Share;

/// Calls by what their two sides call themselves in checks: one entry a leg at most.
#[derive(Debug)]
pub(crate) struct Checks(HashMap<u64, LegRef, FixedState>);

impl Checks {
    pub(crate) fn new(hasher: FixedState) -> Self {
        Self(HashMap::with_hasher(hasher))
    }

    fn forget(&mut self, names: u64, leg: LegRef) {
        if self.0.get(&names) == Some(&leg) {
            self.0.remove(&names);
        }
    }
}

/// What the sides of a leg call themselves (`a=ice-ufrag`), hashed: the caller, then the callee.
pub(crate) type Names = [Option<u64>; 2];

/// Where a medium may flow besides what `c=` and `m=` say: between any pair of UDP candidates, and to a relay from where it is asked to relay.
pub(crate) fn candidates(section: &sdp::Media<'_>) -> impl Iterator<Item = Endpoint> {
    let of_rtp = section.candidates().filter(|candidate| candidate.component == 1);
    let over_udp = of_rtp.filter(|candidate| candidate.transport == Transport::Udp);
    over_udp.flat_map(|candidate| [candidate.at, candidate.relayed_for]).flatten()
}

impl Calls {
    /// Remembers what a side calls itself.
    pub(crate) fn on_name(&mut self, index: u32, side: Side, name: &[u8]) {
        let name = self.hasher.hash_one(name);
        let Some(leg) = self.legs.get_mut(index) else { return };
        let me = LegRef { index, serial: leg.serial };
        let names = &mut leg.rare().names;
        let before = *names;
        let [caller, callee] = names;
        *if side == Side::Caller { caller } else { callee } = Some(name);
        let now = *names;
        if now != before {
            self.forget_names(me, before);
            if let [Some(caller), Some(callee)] = now {
                let names = self.key(&(caller, callee));
                self.checks.0.insert(names, me);
            }
        }
    }

    /// Forgets what the sides of a leg called themselves.
    pub(crate) fn forget_names(&mut self, leg: LegRef, names: Names) {
        if let [Some(caller), Some(callee)] = names {
            self.checks.forget(self.key(&(caller, callee)), leg);
        }
    }

    /// Hears a check of ICE, from one end to another and by what each calls itself. An end that is nobody's own, such as the port that
    /// a relay has for all, is left out.
    pub fn on_check(
        &mut self,
        (source, sender): (Option<Endpoint>, &[u8]),
        (destination, receiver): (Option<Endpoint>, &[u8]),
        media: &mut Media,
    ) {
        if self.checks.0.is_empty() {
            return;
        }
        let [sender, receiver] = [sender, receiver].map(|name| self.hasher.hash_one(name));
        let found = |caller: u64, callee: u64| self.checks.0.get(&self.key(&(caller, callee))).copied();
        let by_caller = found(sender, receiver).map(|leg| (leg, Side::Caller));
        let Some((leg, side)) = by_caller.or_else(|| Some((found(receiver, sender)?, Side::Callee))) else { return };
        for (end, side) in [(source, side), (destination, side.other())] {
            if let Some(end) = end {
                self.learn(leg.index, side, end, media);
            }
        }
    }

    /// Takes in candidates that a side sent after its description.
    pub(crate) fn on_trickled(&mut self, index: u32, side: Side, fragment: &[u8], media: &mut Media) {
        let Ok(fragment) = Sdp::parse(fragment) else { return };
        for end in fragment.media().iter().flat_map(candidates) {
            self.learn(index, side, end, media);
        }
    }

    /// Takes an end for one of a side's, at which is spoken what the side has said.
    fn learn(&mut self, index: u32, side: Side, end: Endpoint, media: &mut Media) {
        let Some(leg) = self.legs.get(index) else { return };
        if leg.lines().any(|line| line.endpoint() == end) {
            return;
        }
        let line = leg.lines().find(|line| line.side == side);
        if let Some(line) = line {
            self.add_line(index, Line::new(end, side, line.codecs), media);
        }
    }

    /// Keeps what a side speaks that has not said where.
    pub(crate) fn await_end(&mut self, index: u32, side: Side, codecs: Share) {
        let limit = usize::from(self.config.lines_max);
        let Some(leg) = self.legs.get_mut(index) else { return };
        let count = leg.lines().count();
        if count >= limit || leg.lines().any(|line| line.side == side) {
            return;
        }
        self.common.codecs.hold_again(codecs);
        // It is bound to nothing: no packet goes there.
        leg.set_line(count as u8, Line::new(Endpoint::default(), side, codecs));
    }
}

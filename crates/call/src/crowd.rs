//! Calls that live at once under one Call-ID: cheap telephones count from 1, and whoever wants calls unseen writes one Call-ID into
//! all of them. RFC 3261 §12: a dialog is the Call-ID and both tags; §8.2.2.2: a request is the same one if From tag, Call-ID and
//! CSeq are. Nearly every Call-ID has one call, which is found without any of this.

use std::time::Duration;

use foldhash::quality::FixedState;
use hashbrown::hash_map::Entry;
use hashbrown::{HashMap, HashTable};
use sip::{Method, Uri};
use types::Ip;

use crate::Listener;
use crate::calls::Calls;
use crate::facts::{Facts, Heard, Tag};
use crate::leg::Leg;
use crate::media::Media;
use crate::opening::calling;
use crate::phase::{Ending, Phase};

/// Legs that are known by one From tag, or for one callee, under one Call-ID; past it the longest finished of them gives way, else the
/// first, and is counted as `call_crowded_out`.
const ALIKE_MAX: usize = 256;

/// How soon after a refusal the caller asks the next server for it to be the same call.
const NEXT_MAX: Duration = Duration::from_secs(5);

/// Hops remembered of a call whose boxes keep the Call-ID and change the tags: more than a chain of carriers has.
const HOPS_MAX: usize = 8;

/// How a leg stands to others of its Call-ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crowd {
    /// There are none.
    Alone,
    /// There are, and none was up when it began.
    First,
    /// Another was up when it began.
    Later,
}

/// A hop, or a try, with the Call-ID and another From tag.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hop {
    pub(crate) tag: Tag,
    cseq: u32,
    source: Ip,
    destination: Ip,
}

/// Where an INVITE belongs, seen from a leg of its Call-ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Belonging {
    /// To another call that is up at the same time.
    Beside,
    /// To a call that begins when this one is over.
    After,
    /// To this leg, which one server refused: the caller asks the next.
    Again,
    /// To this leg, with another tag: from behind a box that changed it, or of a caller who did.
    Hop,
    /// To this leg.
    Here,
}

/// The legs of Call-IDs that have several.
#[derive(Debug)]
pub(crate) struct Crowds {
    /// How many each Call-ID has.
    members: HashMap<u64, u32, FixedState>,
    /// By what they are known: Call-ID and a tag, Call-ID and callee.
    by_tie: HashTable<(u64, u32)>,
}

impl Crowds {
    pub(crate) const fn new(hasher: FixedState) -> Self {
        Self { members: HashMap::with_hasher(hasher), by_tie: HashTable::new() }
    }

    /// Whether a Call-ID has several.
    #[inline]
    pub(crate) fn has(&self, call: u64) -> bool {
        !self.members.is_empty() && self.members.contains_key(&call)
    }

    fn tied(&self, tie: u64) -> impl Iterator<Item = u32> {
        self.by_tie.iter_hash(tie).filter(move |(known, _)| *known == tie).map(|&(_, index)| index)
    }
}

impl Calls {
    /// Where an INVITE belongs that starts something; everything else belongs to the leg it was found for.
    pub(crate) fn belonging(&self, index: u32, heard: &Heard<'_>, facts: &Facts<'_>) -> Belonging {
        let Some(leg) = self.legs.get(index) else { return Belonging::Here };
        if facts.method != Method::Invite {
            return Belonging::Here;
        }
        match facts.code {
            None if facts.tag_of_to().is_none() => self.asked(leg, heard, facts),
            // The tap hears one way only.
            Some(101..=299) if leg.invite_at.is_none() => self.answered(leg, heard, facts),
            _ => Belonging::Here,
        }
    }

    fn asked(&self, leg: &Leg, heard: &Heard<'_>, facts: &Facts<'_>) -> Belonging {
        let path = self.common.path(leg.path);
        let same_tag = facts.tag_of_from() == leg.from_tag;
        let elsewhere = path.source != heard.source;
        let alike = || self.is_for_callee(leg, heard, facts);
        let addressed = || leg.addressed == facts.addressed();
        if leg.phase.is_over() {
            // RFC 3263 §4.3: refused by one server, the caller tries the next with the same message.
            let next = || {
                matches!(leg.phase, Phase::Over { ending: Ending::Refused(_), .. })
                    && leg.branch != facts.branch
                    && !elsewhere
                    && path.destination != heard.destination
            };
            if let Phase::Over { at, ending: Ending::Refused(code) } = leg.phase {
                let soon = heard.at.since(at) <= NEXT_MAX && !matches!(code, 487 | 600..);
                let to_next = !elsewhere && path.destination != heard.destination;
                if same_tag && soon && to_next && facts.cseq >= leg.cseq && leg.branch != facts.branch && alike() {
                    return Belonging::Again;
                }
            }
            let anew = !same_tag || facts.cseq > leg.cseq || next() || !addressed() && !alike();
            return if anew { Belonging::After } else { Belonging::Here };
        }
        let here = if !same_tag {
            // Some are another caller by their tag when they are asked for credentials.
            let challenged = matches!(leg.phase, Phase::Waiting { .. }) && !elsewhere && facts.cseq > leg.cseq;
            return if challenged && alike() { Belonging::Hop } else { self.behind(leg, heard, facts) };
        } else if leg.invite_at.is_none() {
            true
        } else if facts.cseq == leg.cseq {
            // Proxies leave To alone wherever they send a call on to, and fork none that was answered.
            let forked = elsewhere || leg.phase != Phase::Talking || leg.branch == facts.branch;
            forked && addressed() || alike()
        } else {
            match leg.phase {
                // Redirected, or dialled digit by digit.
                Phase::Waiting { code: 300..=399 | 484, .. } => true,
                // RFC 3261 §12.2.1.1: within the dialog it would have the tag of the answer.
                Phase::Talking if !elsewhere && facts.cseq > leg.cseq => leg.to_tag.is_none() && alike(),
                _ => alike(),
            }
        };
        if here { Belonging::Here } else { Belonging::Beside }
    }

    /// Whether an INVITE with another From tag comes from behind a box that kept the Call-ID.
    fn behind(&self, leg: &Leg, heard: &Heard<'_>, facts: &Facts<'_>) -> Belonging {
        let path = self.common.path(leg.path);
        let hops = leg.rare.as_ref().map_or(&[][..], |rare| &rare.hops);
        let alike = self.is_for_callee(leg, heard, facts);
        let tag = facts.tag_of_from();
        if hops.iter().any(|hop| hop.tag == tag && (hop.cseq == facts.cseq || alike)) {
            return Belonging::Here;
        }
        let source = heard.source;
        let passed_on = || source.ip == path.destination.ip || hops.iter().any(|hop| hop.destination == source.ip);
        // A box that translates whom the call is for sends it on once.
        let first = || hops.iter().all(|hop| hop.source != source.ip);
        let from_caller = || self.is_from_caller(leg, heard, facts);
        let is_hop = path.source != source
            && if alike { passed_on() || from_caller() } else { passed_on() && first() && from_caller() };
        if is_hop { Belonging::Hop } else { Belonging::Beside }
    }

    /// Where a response belongs whose INVITE went past the tap, as that of the leg did.
    fn answered(&self, leg: &Leg, heard: &Heard<'_>, facts: &Facts<'_>) -> Belonging {
        let (from, to) = (facts.tag_of_from(), facts.tag_of_to());
        let path = self.common.path(leg.path);
        let same_way = path.source == heard.destination && path.destination == heard.source;
        let known = from == leg.from_tag || to == Some(leg.from_tag);
        if known || !same_way && self.is_for_callee(leg, heard, facts) && self.is_from_caller(leg, heard, facts) {
            return Belonging::Here;
        }
        if leg.phase.is_over() { Belonging::After } else { Belonging::Beside }
    }

    fn is_for_callee(&self, leg: &Leg, heard: &Heard<'_>, facts: &Facts<'_>) -> bool {
        let callee = self.callee_of(heard, facts);
        callee.is_some() && callee == self.callee_key(leg)
    }

    fn is_from_caller(&self, leg: &Leg, heard: &Heard<'_>, facts: &Facts<'_>) -> bool {
        let caller = facts.caller.get_or_init(|| {
            let uri = calling(heard.message).uri;
            let number = self.number(uri.as_ref(), None);
            self.party(number, uri.as_ref().and_then(Uri::user).unwrap_or_default())
        });
        *caller == self.caller_key(leg)
    }

    /// Notes a hop behind a box that changed the tags.
    pub(crate) fn add_hop(&mut self, index: u32, heard: &Heard<'_>, facts: &Facts<'_>) {
        let (tag, call) = (facts.tag_of_from(), facts.call);
        let hop = Hop { tag, cseq: facts.cseq, source: heard.source.ip, destination: heard.destination.ip };
        let Some(leg) = self.legs.get_mut(index) else { return };
        if leg.rare().hops.len() < HOPS_MAX {
            leg.rare().hops.push(hop);
            if leg.crowd != Crowd::Alone {
                self.tie(index, self.key(&(call, tag)));
            }
        }
    }

    /// The leg of a crowded Call-ID that a message belongs to; `first` is the one that is found by the Call-ID alone.
    #[cold]
    pub(crate) fn among(&self, first: Option<u32>, heard: &Heard<'_>, facts: &Facts<'_>) -> Option<u32> {
        let (from, to) = (facts.tag_of_from(), facts.tag_of_to());
        let asks = facts.method == Method::Invite && facts.code.is_none() && to.is_none();
        let callee = if asks { self.callee_of(heard, facts) } else { None };
        let tags = [Some(from), to].into_iter().flatten().map(|tag| self.key(&(facts.call, tag)));
        let ties = tags.chain(callee.map(|callee| self.key(&(facts.call, callee))));
        let rank = |&index: &u32| {
            let leg = self.legs.get(index)?;
            let path = self.common.path(leg.path);
            let ways = [(path.source, path.destination), (path.destination, path.source)];
            // An ACK and a CANCEL have the number of their INVITE.
            let of_invite = matches!(facts.method, Method::Invite | Method::Ack | Method::Cancel);
            Some((
                asks.then(|| self.belonging(index, heard, facts)),
                leg.to_tag.is_some() && leg.is_within(facts),
                of_invite && leg.branch == facts.branch,
                of_invite && leg.cseq == facts.cseq,
                ways.contains(&(heard.source, heard.destination)),
                !leg.phase.is_over(),
                leg.serial,
            ))
        };
        ties.flat_map(|tie| self.crowds.tied(tie)).max_by_key(rank).or(first)
    }

    /// Opens a leg beside others of its Call-ID; there must be room.
    #[cold]
    pub(crate) fn open_beside(
        &mut self,
        heard: &Heard<'_>,
        facts: &Facts<'_>,
        media: &mut Media,
        listener: &mut impl Listener,
    ) -> u32 {
        let tags = self.key(&(facts.call, facts.tag_of_from()));
        let callees = self.callee_of(heard, facts).map(|callee| self.key(&(facts.call, callee)));
        for tie in callees.into_iter().chain([tags]) {
            self.crowd_out(tie, media, listener);
        }
        let first = self.find(facts.call, facts.call_id);
        let crowd = match first {
            Some(_) => Crowd::Later,
            None if self.crowds.has(facts.call) => Crowd::First,
            None => Crowd::Alone,
        };
        let index = self.open(heard, facts, crowd);
        if let Some(first) = first.filter(|_| !self.crowds.has(facts.call)) {
            if let Some(leg) = self.legs.get_mut(first) {
                leg.crowd = Crowd::First;
            }
            self.enter(first);
        }
        if crowd != Crowd::Alone {
            self.enter(index);
        }
        index
    }

    /// Makes room for one more that is known by a tie.
    fn crowd_out(&mut self, tie: u64, media: &mut Media, listener: &mut impl Listener) {
        if self.crowds.tied(tie).count() < ALIKE_MAX {
            return;
        }
        let rank = |&index: &u32| self.legs.get(index).map(|leg| (!leg.phase.is_over(), leg.serial));
        if let Some(oldest) = self.crowds.tied(tie).min_by_key(rank) {
            self.tally.crowded_out += 1;
            self.retire(oldest, media, listener);
        }
    }

    /// Lets a leg be found by its tags and its callee.
    fn enter(&mut self, index: u32) {
        let Some(leg) = self.legs.get(index) else { return };
        let call = leg.hash;
        let hops = leg.rare.as_ref().map_or(&[][..], |rare| &rare.hops);
        let mut ties = vec![self.key(&(call, leg.from_tag))];
        ties.extend(self.callee_key(leg).map(|callee| self.key(&(call, callee))));
        ties.extend(hops.iter().map(|hop| self.key(&(call, hop.tag))));
        *self.crowds.members.entry(call).or_insert(0) += 1;
        ties.into_iter().for_each(|tie| self.tie(index, tie));
    }

    fn tie(&mut self, index: u32, tie: u64) {
        let Some(leg) = self.legs.get_mut(index) else { return };
        leg.rare().ties.push(tie);
        self.crowds.by_tie.insert_unique(tie, (tie, index), |&(tie, _)| tie);
    }

    /// Lets a leg be found no more.
    pub(crate) fn leave(&mut self, index: u32) {
        let Some(leg) = self.legs.get_mut(index).filter(|leg| leg.crowd != Crowd::Alone) else { return };
        let call = leg.hash;
        let ties = std::mem::take(&mut leg.rare().ties);
        if ties.is_empty() {
            return;
        }
        for tie in ties {
            if let Ok(entry) = self.crowds.by_tie.find_entry(tie, |&held| held == (tie, index)) {
                entry.remove();
            }
        }
        if let Entry::Occupied(mut members) = self.crowds.members.entry(call) {
            *members.get_mut() -= 1;
            if *members.get() == 0 {
                members.remove();
            }
        }
    }

    /// Whom a message is for, as a key.
    fn callee_of(&self, heard: &Heard<'_>, facts: &Facts<'_>) -> Option<u64> {
        *facts.callee.get_or_init(|| {
            let (uri, number) = self.asked_for(heard.message, facts);
            self.party(number, uri.as_ref().and_then(Uri::user).unwrap_or_default())
        })
    }
}

//! One leg: what is known of one Call-ID.

use std::time::Duration;

use sip::Method;
use sip::passport::Attest;
use types::{E164, Nanos};

use crate::crowd::Crowd;
use crate::facts::{Facts, Tag};
use crate::lines::Line;
use crate::phase::{Phase, Side};
use crate::rare::{Attached, IN_PLACE, Rare};
use crate::recency::{Place, Queue};
use crate::shared::{Common, Share};
use crate::text::{Text, Word};
use crate::{CallRecord, CallerFrom, EndedBy, Outcome, Party};

/// Imprints of the latest messages of a leg: what is in here again was sent again. Eight hold the messages between
/// two sendings of an INVITE, its provisional and final responses on two hops.
const IMPRINTS: usize = 8;

/// Branches remembered of one try besides the first: a proxy rings fewer telephones at once.
const FORKS_MAX: usize = 16;

/// How long after the first answer others may come, of which the caller keeps one (RFC 3261 §13.2.2.4, 64 × T1).
const FORK_ANSWERS_MAX: Duration = Duration::from_secs(32);

/// What is known of one Call-ID.
#[derive(Debug)]
pub(crate) struct Leg {
    pub(crate) hash: u64,
    pub(crate) serial: u32,
    pub(crate) place: Place,
    pub(crate) phase: Phase,
    /// The first leg of its call, which knows [the others](Leg::others); that may be itself.
    pub(crate) first: u32,

    pub(crate) invite_at: Option<Nanos>,
    pub(crate) ring_at: Option<Nanos>,
    pub(crate) answer_at: Option<Nanos>,
    /// When the BYE was seen, until its response is.
    pub(crate) bye_at: Option<Nanos>,
    pub(crate) last_at: Nanos,

    /// Between which boxes, in [`Common::paths`].
    pub(crate) path: Share,
    /// Which software asked, in [`Common::agents`].
    pub(crate) agent: Share,
    pub(crate) caller: Option<E164>,
    pub(crate) callee: Option<E164>,
    pub(crate) text: Text,
    pub(crate) caller_from: CallerFrom,
    pub(crate) attestation: Option<Attest>,
    pub(crate) q850: Option<u8>,
    pub(crate) status: Option<u16>,
    /// Whether the caller and the callee put the other on hold.
    pub(crate) held: [bool; 2],
    /// Whether its first message says who called: a request within a dialog does not.
    pub(crate) asked: bool,
    /// How it stands to others of its Call-ID.
    pub(crate) crowd: Crowd,
    /// Whether another leg was found to continue this one by its parties.
    pub(crate) continued: bool,
    /// Whether nothing more is expected of it: it waits in no queue, only for the other legs of its call.
    pub(crate) settled: bool,
    /// Seconds between refreshes of the session (RFC 4028); 0 without a session timer.
    pub(crate) session_secs: u32,

    /// Of the initial INVITE, by which everything else is told apart.
    pub(crate) from_tag: Tag,
    /// Of the response that answered it, where it was sent.
    pub(crate) to_tag: Option<Tag>,
    pub(crate) branch: u32,
    /// Of the To of the initial INVITE.
    pub(crate) addressed: u32,
    pub(crate) cseq: u32,
    /// Branches of this try, sent from where the first was, that no final response has refused.
    pub(crate) branches: u8,

    pub(crate) messages: u32,
    pub(crate) retransmissions: u32,
    imprints: [u32; IMPRINTS],

    /// The first of [`Leg::lines`] and [`Leg::streams`]; more are in the box of rarities.
    pub(crate) lines: [Option<Line>; IN_PLACE],
    pub(crate) streams: [Option<Attached>; IN_PLACE],
    pub(crate) rare: Option<Box<Rare>>,
}

/// What the first message of a leg tells.
pub(crate) struct Opening {
    /// Its own place: it stands alone.
    pub(crate) first: u32,
    pub(crate) hash: u64,
    pub(crate) serial: u32,
    pub(crate) at: Nanos,
    pub(crate) path: Share,
    pub(crate) agent: Share,
    pub(crate) text: Text,
    pub(crate) caller: Option<E164>,
    pub(crate) callee: Option<E164>,
    pub(crate) caller_from: CallerFrom,
    pub(crate) from_tag: Tag,
    pub(crate) asked: bool,
    pub(crate) crowd: Crowd,
}

impl Leg {
    /// A leg of which nothing but its first message is known.
    pub(crate) fn new(opening: Opening) -> Self {
        Self {
            hash: opening.hash,
            serial: opening.serial,
            place: Place::default(),
            phase: Phase::Calling,
            first: opening.first,
            invite_at: None,
            ring_at: None,
            answer_at: None,
            bye_at: None,
            last_at: opening.at,
            path: opening.path,
            agent: opening.agent,
            caller: opening.caller,
            callee: opening.callee,
            text: opening.text,
            caller_from: opening.caller_from,
            attestation: None,
            q850: None,
            status: None,
            held: [false; 2],
            asked: opening.asked,
            crowd: opening.crowd,
            continued: false,
            settled: false,
            session_secs: 0,
            from_tag: opening.from_tag,
            to_tag: None,
            branch: 0,
            addressed: 0,
            cseq: 0,
            branches: 0,
            messages: 0,
            retransmissions: 0,
            imprints: [0; IMPRINTS],
            lines: [None; IN_PLACE],
            streams: [None; IN_PLACE],
            rare: None,
        }
    }

    /// Counts a message and says whether it was sent again.
    pub(crate) fn heard_again(&mut self, at: Nanos, imprint: u32) -> bool {
        self.last_at = self.last_at.max(at);
        self.messages = self.messages.saturating_add(1);
        let again = self.imprints.contains(&imprint);
        if again {
            self.retransmissions = self.retransmissions.saturating_add(1);
        } else if let Some(slot) = self.imprints.get_mut(self.messages as usize % IMPRINTS) {
            *slot = imprint;
        }
        again
    }

    /// Who sent a message: in a request the side that From names, in a response the one that To names.
    pub(crate) fn sender(&self, facts: &Facts<'_>) -> Side {
        let asker = self.asker(facts);
        if facts.code.is_some() { asker.other() } else { asker }
    }

    /// Whom From names. Behind a box that changes tags and keeps the Call-ID neither tag is known: an INVITE goes
    /// forward there too.
    fn asker(&self, facts: &Facts<'_>) -> Side {
        if facts.tag_of_from() == self.from_tag {
            return Side::Caller;
        }
        let to_caller = facts.tag_of_to() == Some(self.from_tag);
        let from_callee = self.to_tag == Some(facts.tag_of_from());
        let untold = facts.tag_of_to().is_none() && facts.method != Method::Invite;
        if to_caller || from_callee || untold { Side::Callee } else { Side::Caller }
    }

    /// Whether a message is within the dialog of the call, as far as its tags are known.
    pub(crate) fn is_within(&self, facts: &Facts<'_>) -> bool {
        let (from, to) = (facts.tag_of_from(), facts.tag_of_to());
        let remote = if from == self.from_tag { to } else { Some(from).filter(|_| to == Some(self.from_tag)) };
        remote.is_some_and(|remote| self.to_tag.is_none_or(|tag| tag == remote) || self.lost_fork() == Some(remote))
    }

    /// Whether a message has a tag of the caller, here or behind a box that changed it.
    pub(crate) fn knows(&self, facts: &Facts<'_>) -> bool {
        let tags = [Some(facts.tag_of_from()), facts.tag_of_to()];
        let hops = self.rare.as_ref().map_or(&[][..], |rare| &rare.hops);
        tags.contains(&Some(self.from_tag)) || hops.iter().any(|hop| tags.contains(&Some(hop.tag)))
    }

    /// Who hung up by a BYE or the answer to it; `None` when the dialog it ends is not the call, or is one of two.
    pub(crate) fn hung_up(&mut self, facts: &Facts<'_>, at: Nanos) -> Option<Side> {
        let by = self.asker(facts);
        let remote = if by == Side::Caller { facts.tag_of_to() } else { Some(facts.tag_of_from()) };
        if let (Some(remote), Some(answered)) = (remote, self.to_tag) {
            if remote != answered {
                // RFC 3261 §12.2.2, §13.2.2.4: of no dialog, or of a second answer that the caller takes down again.
                if let Some(rare) = &mut self.rare {
                    rare.lost_fork = rare.lost_fork.filter(|&lost| lost != remote);
                }
                return None;
            }
            let taken_down = self.answer_at.is_some_and(|answer_at| at.since(answer_at) < FORK_ANSWERS_MAX);
            let lost = self.rare.as_mut().map(|rare| &mut rare.lost_fork);
            if let Some(kept) = lost.and_then(|lost| lost.take_if(|_| taken_down)) {
                self.to_tag = Some(kept);
                return None;
            }
        }
        Some(by)
    }

    /// Notes the branch of a fork.
    pub(crate) fn forked(&mut self, branch: u32) {
        let forks = &mut self.rare().forks;
        if forks.len() < FORKS_MAX {
            forks.push(branch);
        }
    }

    /// Whether whoever asked sent a branch; of more than are remembered any may be.
    pub(crate) fn sent(&self, branch: u32) -> bool {
        let forks = self.rare.as_ref().map_or(&[][..], |rare| &rare.forks);
        self.branch == branch || forks.contains(&branch) || forks.len() >= FORKS_MAX
    }

    /// Whether a tag is that of an answer which came after the call was refused.
    pub(crate) fn is_late(&self, tag: Option<Tag>) -> bool {
        let late = self.rare.as_ref().and_then(|rare| rare.late);
        late.is_some_and(|(_, late)| tag == Some(late)) && self.phase.is_over()
    }

    /// Lets a call that was refused wait for its answer again, and gives back when that came.
    pub(crate) fn take_late(&mut self) -> Option<Nanos> {
        let rare = self.rare.as_mut()?;
        let (at, _) = rare.late.take()?;
        rare.end_known_at = None;
        self.phase = Phase::Calling;
        Some(at)
    }

    /// In which queue it waits.
    pub(crate) const fn queue(&self) -> Queue {
        match self.phase {
            Phase::Talking => Queue::Talk,
            Phase::Over { .. } => Queue::Linger,
            _ => Queue::Setup,
        }
    }

    /// What became of it so far.
    pub(crate) const fn outcome(&self) -> Outcome {
        if self.invite_at.is_none() {
            return Outcome::Incomplete;
        }
        Outcome::of(self.phase, self.ring_at.is_some(), self.answer_at.is_some())
    }

    /// Whether it is not known who called.
    const fn roles_unknown(&self) -> bool {
        self.invite_at.is_none() && !self.asked
    }

    /// Who ended it; of people nothing is said where it is not known who is who.
    fn ended_by(&self) -> Option<EndedBy> {
        EndedBy::of(self.phase).filter(|by| *by == EndedBy::Network || !self.roles_unknown())
    }

    /// The leg as a record, without its other legs and its media. Inlined, so that whoever reads little of it
    /// pays little.
    #[inline(always)]
    pub(crate) fn record<'a>(&'a self, common: &'a Common) -> CallRecord<'a> {
        let path = common.path(self.path);
        let agent = common.agents.get(self.agent);
        let party = |number, raw, display| Party { number, raw, display };
        let unknown = self.set_back();
        let caller = party(self.caller, self.text.get(Word::Caller), self.text.get(Word::Display));
        CallRecord {
            call_id: self.text.get(Word::CallId),
            call_id_shared: self.crowd == Crowd::Later,
            invite_at: self.invite_at,
            ring_at: self.ring_at.filter(|_| !unknown.ring),
            answer_at: self.answer_at,
            end_at: self.phase.over_at().filter(|_| !unknown.end),
            end_known_at: self.rare.as_ref().and_then(|rare| rare.end_known_at),
            set_up_unknown: unknown.ring || unknown.answer,
            outcome: self.outcome(),
            status: self.status,
            q850: self.q850,
            ended_by: self.ended_by(),
            roles_unknown: self.roles_unknown(),
            caller,
            caller_from: self.caller_from,
            callee: party(self.callee, self.text.get(Word::Callee), &[]),
            source: path.source,
            destination: path.destination,
            user_agent: agent.map_or(&[], |agent| &agent.name),
            stack: agent.and_then(|agent| agent.stack),
            attestation: self.attestation,
            signature: None,
            identities: None,
            passage: self.rare.as_ref().and_then(|rare| rare.passage.as_ref()),
            diversion: self.text.get(Word::Diversion),
            media_hidden: self.has_ice(),
            messages: self.messages,
            retransmissions: self.retransmissions,
            legs: &[],
            media: &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legs_are_small() {
        assert_eq!((size_of::<Leg>(), size_of::<Option<Leg>>()), (272, 272));
        assert_eq!(
            (size_of::<Place>(), size_of::<[Option<Line>; 2]>(), size_of::<[Option<Attached>; 2]>()),
            (17, 46, 10)
        );
    }
}

//! One leg: what is known of one Call-ID.

use rtp::{Figures, StreamId, StreamKey};
use sip::passport::Attest;
use sip::stack::Fingerprint;
use types::{E164, Endpoint, Nanos};

use crate::lines::Line;
use crate::phase::{Phase, Side};
use crate::recency::{Place, Queue};
use crate::text::{Text, Word};
use crate::{CallRecord, CallerFrom, EndedBy, Outcome, Party};

/// Imprints of the latest messages of a leg: what is in here again was sent again. Eight hold the messages between
/// two sendings of an INVITE, its provisional and final responses on two hops.
const IMPRINTS: usize = 8;

/// Where a leg stands among the legs of its call.
#[derive(Debug)]
pub(crate) enum Group {
    /// The first leg, with the others.
    First(Vec<u32>),
    /// One of the others, with the first.
    Other(u32),
}

/// A media stream of a leg.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attached {
    pub(crate) stream: StreamId,
    pub(crate) side: Side,
}

/// A stream that was closed before its leg, with its figures.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) key: StreamKey,
    pub(crate) side: Side,
    pub(crate) figures: Figures,
}

/// What is known of one Call-ID.
#[derive(Debug)]
pub(crate) struct Leg {
    pub(crate) hash: u64,
    pub(crate) serial: u32,
    pub(crate) place: Place,
    pub(crate) phase: Phase,
    pub(crate) group: Group,

    pub(crate) invite_at: Option<Nanos>,
    pub(crate) ring_at: Option<Nanos>,
    pub(crate) answer_at: Option<Nanos>,
    pub(crate) end_at: Option<Nanos>,
    /// When the BYE was seen, until its response is.
    pub(crate) bye_at: Option<Nanos>,
    pub(crate) last_at: Nanos,

    pub(crate) source: Endpoint,
    pub(crate) destination: Endpoint,
    pub(crate) caller: Option<E164>,
    pub(crate) callee: Option<E164>,
    pub(crate) stack: Option<Fingerprint>,
    pub(crate) text: Text,
    pub(crate) caller_from: CallerFrom,
    pub(crate) attestation: Option<Attest>,
    pub(crate) q850: Option<u8>,
    pub(crate) status: Option<u16>,
    pub(crate) held: bool,
    /// Whether another leg was found to continue this one by its parties.
    pub(crate) continued: bool,
    /// Whether nothing more is expected of it: it waits in no queue, only for the other legs of its call.
    pub(crate) settled: bool,
    /// Seconds between refreshes of the session (RFC 4028); 0 without a session timer.
    pub(crate) session_secs: u32,

    /// Of the initial INVITE, by which everything else is told apart.
    pub(crate) from_tag: u32,
    /// Of the response that answered it.
    pub(crate) to_tag: Option<u32>,
    /// Of a second answer on the same hop, which the caller takes down again.
    pub(crate) lost_fork: Option<u32>,
    pub(crate) branch: u32,
    pub(crate) cseq: u32,

    pub(crate) messages: u32,
    pub(crate) retransmissions: u32,
    imprints: [u32; IMPRINTS],

    pub(crate) lines: Vec<Line>,
    pub(crate) streams: Vec<Attached>,
    pub(crate) finished: Vec<Finished>,
}

/// What the first message of a leg tells.
pub(crate) struct Opening {
    pub(crate) hash: u64,
    pub(crate) serial: u32,
    pub(crate) at: Nanos,
    pub(crate) source: Endpoint,
    pub(crate) destination: Endpoint,
    pub(crate) text: Text,
    pub(crate) caller: Option<E164>,
    pub(crate) callee: Option<E164>,
    pub(crate) caller_from: CallerFrom,
    pub(crate) from_tag: u32,
}

impl Leg {
    /// A leg of which nothing but its first message is known.
    pub(crate) fn new(opening: Opening) -> Self {
        Self {
            hash: opening.hash,
            serial: opening.serial,
            place: Place::default(),
            phase: Phase::Calling,
            group: Group::First(Vec::new()),
            invite_at: None,
            ring_at: None,
            answer_at: None,
            end_at: None,
            bye_at: None,
            last_at: opening.at,
            source: opening.source,
            destination: opening.destination,
            caller: opening.caller,
            callee: opening.callee,
            stack: None,
            text: opening.text,
            caller_from: opening.caller_from,
            attestation: None,
            q850: None,
            status: None,
            held: false,
            continued: false,
            settled: false,
            session_secs: 0,
            from_tag: opening.from_tag,
            to_tag: None,
            lost_fork: None,
            branch: 0,
            cseq: 0,
            messages: 0,
            retransmissions: 0,
            imprints: [0; IMPRINTS],
            lines: Vec::new(),
            streams: Vec::new(),
            finished: Vec::new(),
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

    /// Who sent a message with this From tag: in a request the sender, in a response the one it answers.
    pub(crate) const fn sender(&self, from_tag: u32, is_response: bool) -> Side {
        let asker = if from_tag == self.from_tag { Side::Caller } else { Side::Callee };
        if is_response { asker.other() } else { asker }
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

    /// The leg as a record, without its other legs and its media.
    pub(crate) fn record(&self) -> CallRecord<'_> {
        let party = |number, raw, display| Party { number, raw, display };
        let caller = party(self.caller, self.text.get(Word::Caller), self.text.get(Word::Display));
        CallRecord {
            call_id: self.text.get(Word::CallId),
            invite_at: self.invite_at,
            ring_at: self.ring_at,
            answer_at: self.answer_at,
            end_at: self.end_at,
            outcome: self.outcome(),
            status: self.status,
            q850: self.q850,
            ended_by: EndedBy::of(self.phase),
            caller,
            caller_from: self.caller_from,
            callee: party(self.callee, self.text.get(Word::Callee), &[]),
            source: self.source,
            destination: self.destination,
            user_agent: self.text.get(Word::UserAgent),
            stack: self.stack,
            attestation: self.attestation,
            diversion: self.text.get(Word::Diversion),
            messages: self.messages,
            retransmissions: self.retransmissions,
            legs: &[],
            media: &[],
        }
    }
}

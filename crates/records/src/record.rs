//! A call as a record tells it, owned, and as a listener hears it.

use call::{CallRecord, CallerFrom, EndedBy, MediaRecord, Outcome, Party, Passage, Side, Signature, Step};
use rtp::Figures;
use sip::passport::{Attest, Proof};
use sip::stack::Fingerprint;
use types::{E164, Endpoint, Nanos};

/// Bytes of a text that are kept.
const TEXT_BYTES_MAX: usize = 256;

/// A text of a record, cut to what is kept.
pub(crate) fn kept(text: &str) -> Box<[u8]> {
    let bytes = text.as_bytes();
    bytes.get(..TEXT_BYTES_MAX).unwrap_or(bytes).into()
}

/// A call. What is empty or absent is unknown.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub call_id: Box<[u8]>,
    /// Whether another call was up under it when this one began.
    pub call_id_shared: bool,
    pub invite_at: Nanos,
    pub ring_at: Option<Nanos>,
    pub answer_at: Option<Nanos>,
    pub end_at: Option<Nanos>,
    /// When the end was known, where that was later.
    pub end_known_at: Option<Nanos>,
    /// Whether it may have been answered later than that.
    pub set_up_unknown: bool,
    pub outcome: Outcome,
    pub status: Option<u16>,
    pub q850: Option<u8>,
    pub ended_by: Option<EndedBy>,
    pub caller: Option<E164>,
    pub caller_raw: Box<[u8]>,
    pub caller_from: CallerFrom,
    pub display: Box<[u8]>,
    pub callee: Option<E164>,
    pub callee_raw: Box<[u8]>,
    pub source: Endpoint,
    pub destination: Endpoint,
    pub user_agent: Box<[u8]>,
    pub stack: Option<Fingerprint>,
    pub attestation: Option<Attest>,
    pub signed: Option<Box<Signed>>,
    pub passage: Option<Box<Passage>>,
    pub diversion: Box<[u8]>,
    pub messages: u32,
    pub retransmissions: u32,
    pub media: Box<[Stream]>,
}

/// Who signed a call, and what came of checking it.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub signer: Box<[u8]>,
    pub origin_id: Box<[u8]>,
    pub proof: Proof,
}

impl Signed {
    const fn signature(&self) -> Signature<'_> {
        Signature { signer: &self.signer, origin_id: &self.origin_id, proof: self.proof }
    }
}

/// A media stream of a call.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    /// Call-ID of the leg it belongs to, where that is not the first.
    pub leg: Option<Box<[u8]>>,
    pub from: Side,
    pub source: Endpoint,
    pub destination: Endpoint,
    pub ssrc: u32,
    /// What the record tells of these; the others are zero.
    pub figures: Figures,
}

impl Record {
    /// Its media streams, as a listener hears of them.
    pub(crate) fn streams(&self) -> Vec<MediaRecord<'_>> {
        let streams = self.media.iter().map(|stream| MediaRecord {
            leg: stream.leg.as_deref().unwrap_or(&self.call_id),
            from: stream.from,
            source: stream.source,
            destination: stream.destination,
            ssrc: stream.ssrc,
            figures: stream.figures.clone(),
            course: None,
            rtcp: None,
            score: None,
        });
        streams.collect()
    }

    /// The step after one, and when it comes.
    pub(crate) fn after(&self, step: Step) -> Option<(Nanos, Step)> {
        let ring = || self.ring_at.map(|at| (at, Step::Ringing));
        let answer = || self.answer_at.map(|at| (at, Step::Answered));
        let end = || self.end_at.map(|at| (self.end_known_at.unwrap_or(at), Step::Ended));
        match step {
            Step::Invited => ring().or_else(answer).or_else(end),
            Step::Ringing => answer().or_else(end),
            Step::Answered => end(),
            Step::Ended => None,
        }
    }

    /// That times follow each other, and what does not.
    pub(crate) fn in_order(&self) -> Result<(), String> {
        let times = [
            ("invite_at", Some(self.invite_at)),
            ("ring_at", self.ring_at),
            ("answer_at", self.answer_at),
            ("end_at", self.end_at),
            ("end_known_at", self.end_known_at.filter(|_| self.end_at.is_some())),
        ];
        let mut known = times.iter().filter_map(|&(name, at)| Some((name, at?)));
        let mut before = known.next();
        for after in known {
            if let Some((name, _)) = before.filter(|&(_, at)| after.1 < at) {
                return Err(format!("`{}` lies before `{name}`", after.0));
            }
            before = Some(after);
        }
        Ok(())
    }

    /// The call as it is known at a step, or all of it but its media.
    pub(crate) fn at(&self, step: Option<Step>) -> CallRecord<'_> {
        let past = |of: Step| step.is_none_or(|step| step as u8 >= of as u8);
        let over = past(Step::Ended);
        CallRecord {
            invite_at: Some(self.invite_at),
            ring_at: self.ring_at.filter(|_| past(Step::Ringing)),
            answer_at: self.answer_at.filter(|_| past(Step::Answered)),
            end_at: self.end_at.filter(|_| over),
            end_known_at: self.end_known_at.filter(|_| over),
            set_up_unknown: self.set_up_unknown,
            call_id_shared: self.call_id_shared,
            outcome: if over { self.outcome } else { Outcome::Incomplete },
            status: self.status.filter(|&status| over || (past(Step::Answered) && status < 300)),
            q850: self.q850.filter(|_| over),
            ended_by: self.ended_by.filter(|_| over),
            caller: Party { number: self.caller, raw: &self.caller_raw, display: &self.display },
            caller_from: self.caller_from,
            callee: Party { number: self.callee, raw: &self.callee_raw, display: &[] },
            user_agent: &self.user_agent,
            stack: self.stack,
            attestation: self.attestation,
            passage: self.passage.as_deref(),
            signature: self.signed.as_ref().map(|signed| signed.signature()),
            diversion: &self.diversion,
            messages: self.messages,
            retransmissions: self.retransmissions,
            ..CallRecord::new(&self.call_id, self.source, self.destination)
        }
    }
}

/// What became of a call whose record does not say it in our words.
pub(crate) fn outcome(record: &Record) -> Outcome {
    match (record.answer_at, record.end_at, record.status, record.q850) {
        (_, None, ..) => Outcome::Incomplete,
        (Some(_), ..) => Outcome::Answered,
        (None, _, Some(status @ 300..), _) => Outcome::refused(status),
        (None, _, _, Some(cause)) => caused(cause),
        (None, ..) => Outcome::NoAnswer,
    }
}

/// What a cause of ITU-T Q.850 means for a call that was not answered.
const fn caused(cause: u8) -> Outcome {
    match cause {
        16 => Outcome::Cancelled,
        17 => Outcome::Busy,
        18..=20 => Outcome::NoAnswer,
        21 | 55 | 57 | 87 => Outcome::Rejected,
        23 => Outcome::Redirected,
        _ => Outcome::Failed,
    }
}

/// Who ended a call, by the word of a record.
pub(crate) fn ended_by(word: &str) -> Option<EndedBy> {
    match word {
        "caller" => Some(EndedBy::Person(Side::Caller)),
        "callee" => Some(EndedBy::Person(Side::Callee)),
        "network" => Some(EndedBy::Network),
        _ => None,
    }
}

/// What a signer attested, by the letter of a record.
pub(crate) fn attestation(letter: &str) -> Option<Attest> {
    match letter {
        "A" => Some(Attest::Full),
        "B" => Some(Attest::Partial),
        "C" => Some(Attest::Gateway),
        _ => None,
    }
}

//! What the room tells: events at the moment they happen, records at the end. Borrowed, so that who only counts
//! copies nothing.

use audio::Excerpt;
use rtp::emodel::Score;
use rtp::{Figures, RtcpFigures};
use sip::passport::{Attest, Proof};
use sip::stack::Fingerprint;
use types::{Coverage, E164, Endpoint, Moment, Nanos};

use crate::course::Course;
use crate::exchange::Exchange;
use crate::{EndedBy, Outcome, Passage, Side};

/// Who wants to hear of calls.
pub trait Listener {
    /// The moment of the capture to which everything told until the next such call belongs. Who merges the words of
    /// several workers puts them in this order.
    fn moment(&mut self, moment: Moment) {
        let _ = moment;
    }
    /// Whether [`Listener::step`] says anything to it: for who reads records alone, no steps are made.
    fn hears_steps(&self) -> bool {
        true
    }
    /// A step of a call, at the moment it happened. Only the first leg of a call speaks.
    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>);
    /// What was heard of one side of an answered call until `at`, where the tap may look that deep; `whole` says that nothing
    /// more will be. What was told before is part of it.
    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &Excerpt, whole: bool) {
        let _ = (at, call, side, excerpt, whole);
    }
    /// Whether [`Listener::sent`] says anything to it.
    fn keeps_messages(&self) -> bool {
        false
    }
    /// A SIP message as its bytes went by, before anything is made of it; copies of a mirror port are left out.
    fn sent(&mut self, sent: &Sent<'_>) {
        let _ = sent;
    }
    /// The header of an RTP packet of a call, for as many of each stream as the worker was told to tell of; copies of a mirror port are left
    /// out.
    fn header(&mut self, header: &RtpHeader<'_>) {
        let _ = header;
    }
    /// A request outside calls and what became of it, when that is known.
    fn exchange(&mut self, exchange: &Exchange<'_>);
    /// How much of a stretch of time was seen. Only who reads packets knows.
    fn coverage(&mut self, seen: &Coverage) {
        let _ = seen;
    }
    /// A call that is over and all that is known of it.
    fn record(&mut self, record: &CallRecord<'_>);
}

/// A SIP message as its bytes went by, for who keeps them.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// When the frame was captured that brought the end of it.
    pub at: Nanos,
    /// Who sent it.
    pub source: Endpoint,
    /// To whom.
    pub destination: Endpoint,
    /// Its Call-ID; empty without one.
    pub call_id: &'a [u8],
    /// All of it.
    pub bytes: &'a [u8],
    /// Whether it came alone, in a datagram of its own; others are cut out of a stream.
    pub alone: bool,
}

/// Bytes of an RTP header without its extension: the fixed part, and a CSRC list of fifteen (RFC 3550 §5.1).
pub const HEADER_BYTES_MAX: usize = 72;

/// The header of an RTP packet as it went by, for who keeps it.
#[derive(Clone, Copy, Debug)]
pub struct RtpHeader<'a> {
    /// When the packet was captured.
    pub at: Nanos,
    /// Who sent it.
    pub source: Endpoint,
    /// To whom.
    pub destination: Endpoint,
    /// The Call-ID of the leg whose media it is.
    pub call_id: &'a [u8],
    /// Which side of the call sent it.
    pub from: Side,
    /// The fixed header and the CSRC list: nothing of what was said.
    pub bytes: &'a [u8],
    /// How long the packet was, with what is left out here.
    pub length: usize,
}

/// What happened to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Its first INVITE was seen.
    Invited,
    /// It rings, or whatever else a first 18x means.
    Ringing,
    /// It was answered.
    Answered,
    /// It ended.
    Ended,
}

/// Where the caller's number was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallerFrom {
    /// P-Asserted-Identity (RFC 3325).
    Asserted,
    /// Remote-Party-ID.
    RemoteParty,
    /// From (RFC 3261 §8.1.1.3).
    From,
    /// Nowhere: the caller asked for privacy (RFC 3323).
    Withheld,
}

impl CallerFrom {
    /// The word in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asserted => "pai",
            Self::RemoteParty => "rpid",
            Self::From => "from",
            Self::Withheld => "withheld",
        }
    }
}

/// Values of Identity header fields that are handed on of one INVITE.
pub const IDENTITIES_MAX: usize = 4;

/// What an INVITE says of who calls and who signs for it, as long as it is in hand.
#[derive(Clone, Copy, Debug)]
pub struct Identities<'a> {
    /// The values of its Identity header fields (RFC 8224), at most [`IDENTITIES_MAX`].
    pub values: &'a [&'a [u8]],
    /// The number in From, which may be another than the one the network asserts.
    pub from: Option<E164>,
    /// The number in To, which may be another than the one it is routed to.
    pub to: Option<E164>,
}

/// Who signed a call, and what came of checking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature<'a> {
    /// Where the signer's certificate is to be had (`x5u`); empty where that is not said.
    pub signer: &'a [u8],
    /// The signer's own name for where the call came from (`origid`); empty without one.
    pub origin_id: &'a [u8],
    /// What came of checking it.
    pub proof: Proof,
}

/// One of the two people of a call, as signalling names them.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    /// The number, when the user part reads as one by the tap's dial plan.
    pub number: Option<E164>,
    /// The user part as it was sent.
    pub raw: &'a [u8],
    /// The display name as it was sent; empty without one.
    pub display: &'a [u8],
}

/// A call, as far as it is known. Absent is unknown.
#[derive(Clone, Copy, Debug)]
pub struct CallRecord<'a> {
    /// Call-ID of the first leg.
    pub call_id: &'a [u8],
    /// Whether another call was up under it when this one began: it is known by its Call-ID and its beginning.
    pub call_id_shared: bool,
    /// When the first INVITE was seen; `None` when the capture began after it.
    pub invite_at: Option<Nanos>,
    /// When the first provisional response over 100 was seen.
    pub ring_at: Option<Nanos>,
    /// When the first 2xx was seen.
    pub answer_at: Option<Nanos>,
    /// When it ended; `None` before, for an answered call of whose talk and end the tap heard nothing, and where the clock was set back
    /// until then.
    pub end_at: Option<Nanos>,
    /// When that was known, where it was more than a second later: nobody asked again after a response that invites to, or
    /// nothing more was heard of it.
    pub end_known_at: Option<Nanos>,
    /// Whether it may have been answered later than that, as records tell it that say how long people talked and not since when, or where
    /// the clock was set back before the answer.
    pub set_up_unknown: bool,
    /// What became of it; `Incomplete` while it is not over.
    pub outcome: Outcome,
    /// The last final response to the INVITE.
    pub status: Option<u16>,
    /// The cause of ITU-T Q.850 that a Reason header gave (RFC 3326).
    pub q850: Option<u8>,
    /// Who ended it.
    pub ended_by: Option<EndedBy>,
    /// Whether it is not known who called: all that was seen are requests within the dialog, which either side sends. The one that
    /// sent the first of them stands for the caller, in whose media it is too, and `ended_by` names nobody.
    pub roles_unknown: bool,
    /// Who called.
    pub caller: Party<'a>,
    /// Where that was read.
    pub caller_from: CallerFrom,
    /// Who was called.
    pub callee: Party<'a>,
    /// Who sent the first message.
    pub source: Endpoint,
    /// To whom.
    pub destination: Endpoint,
    /// User-Agent of the INVITE; empty without one.
    pub user_agent: &'a [u8],
    /// Fingerprint of the SIP stack that wrote the INVITE.
    pub stack: Option<Fingerprint>,
    /// What the first PASSporT with an attestation says (RFC 8588); not verified.
    pub attestation: Option<Attest>,
    /// Who signed it. The room itself reads no more of a PASSporT than the attestation: whoever checks it fills this in.
    pub signature: Option<Signature<'a>>,
    /// What there is to check, in the [`Step::Invited`] of a call that is signed.
    pub identities: Option<&'a Identities<'a>>,
    /// How its later legs differ from the first, where there were any before an answer.
    pub passage: Option<&'a Passage>,
    /// User part of the first Diversion or diverting History-Info entry; empty without one.
    pub diversion: &'a [u8],
    /// Whether ICE (RFC 8445) agreed where its media flows: between ends that no message needs to name, so that media which was not
    /// found may have flown.
    pub media_hidden: bool,
    /// SIP messages of its legs, retransmissions included.
    pub messages: u32,
    /// Of these, sent again.
    pub retransmissions: u32,
    /// Call-IDs of its other legs.
    pub legs: &'a [&'a [u8]],
    /// Its media streams, in the order they began. Empty in a [`Step`].
    pub media: &'a [MediaRecord<'a>],
}

impl<'a> CallRecord<'a> {
    /// A call of which nothing is known yet but its name and its way: what literals are completed from.
    #[must_use]
    pub const fn new(call_id: &'a [u8], source: Endpoint, destination: Endpoint) -> Self {
        let nobody = Party { number: None, raw: &[], display: &[] };
        Self {
            call_id,
            call_id_shared: false,
            invite_at: None,
            ring_at: None,
            answer_at: None,
            end_at: None,
            end_known_at: None,
            set_up_unknown: false,
            outcome: Outcome::Incomplete,
            status: None,
            q850: None,
            ended_by: None,
            roles_unknown: false,
            caller: nobody,
            caller_from: CallerFrom::From,
            callee: nobody,
            source,
            destination,
            user_agent: &[],
            stack: None,
            attestation: None,
            signature: None,
            identities: None,
            passage: None,
            diversion: &[],
            media_hidden: false,
            messages: 0,
            retransmissions: 0,
            legs: &[],
            media: &[],
        }
    }

    /// Post-dial delay in nanoseconds (ITU-T E.721): INVITE to the first provisional response over 100, or to the
    /// answer when there was none.
    #[must_use]
    pub fn post_dial_delay(&self) -> Option<u64> {
        let answer_at = self.answer_at.filter(|_| !self.set_up_unknown);
        Some(self.ring_at.or(answer_at)?.nanos_since(self.invite_at?))
    }

    /// Nanoseconds it rang: to the answer, or to the end.
    #[must_use]
    pub fn ringing(&self) -> Option<u64> {
        if self.answer_at.is_some() && self.set_up_unknown {
            return None;
        }
        Some(self.answer_at.or(self.end_at)?.nanos_since(self.ring_at?))
    }

    /// Nanoseconds it was up.
    #[must_use]
    pub fn talking(&self) -> Option<u64> {
        Some(self.end_at?.nanos_since(self.answer_at?))
    }
}

/// One media stream of a call.
#[derive(Clone, Debug)]
pub struct MediaRecord<'a> {
    /// Call-ID of the leg it belongs to.
    pub leg: &'a [u8],
    /// Who sent it.
    pub from: Side,
    /// From where.
    pub source: Endpoint,
    /// To where.
    pub destination: Endpoint,
    /// Its synchronisation source.
    pub ssrc: u32,
    /// What was counted.
    pub figures: Figures,
    /// How it fared over time, where that is kept and it was long enough.
    pub course: Option<Course>,
    /// What RTCP said of it.
    pub rtcp: Option<RtcpFigures>,
    /// Its quality by the E-model, where the codec has figures in ITU-T G.113.
    pub score: Option<Score>,
}

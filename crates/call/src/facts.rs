//! The few facts that decide where a message belongs, read once and hashed.

use std::hash::BuildHasher;
use std::num::NonZeroU32;

use foldhash::quality::FixedState;
use sip::sdp::Sdp;
use sip::{Message, Method, StartLine};
use types::{Endpoint, Nanos};

/// The Call-ID of a message, hashed and looked up once for all who ask: it holds until the next message is taken in.
#[derive(Clone, Copy, Debug)]
pub struct CallId<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) hash: u64,
    /// The leg it belongs to so far.
    pub(crate) leg: Option<u32>,
}

impl CallId<'_> {
    /// As [`Calls::hash`](crate::Calls::hash) has it.
    #[must_use]
    pub const fn hash(&self) -> u64 {
        self.hash
    }

    /// Whether a message with it was taken in before and is still remembered.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.leg.is_some()
    }
}

/// A message as the tap heard it.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// When.
    pub at: Nanos,
    /// Who sent it.
    pub source: Endpoint,
    /// To whom.
    pub destination: Endpoint,
    /// What it says.
    pub message: &'a Message<'a>,
    /// Its Call-ID, from [`Calls::call_id`](crate::Calls::call_id).
    pub call_id: Option<CallId<'a>>,
    /// The session description in its body, when there is one.
    pub sdp: Option<&'a Sdp<'a>>,
}

/// Of a tag; one that is missing has the least.
pub(crate) type Tag = NonZeroU32;

/// Words of a message as hashes: equal words are equal hashes, and nothing else is ever asked of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) call_id: &'a [u8],
    /// Of the Call-ID.
    pub(crate) call: u64,
    pub(crate) method: Method,
    pub(crate) cseq: u32,
    /// Of the From tag.
    pub(crate) from_tag: Tag,
    /// Of the To tag.
    pub(crate) to_tag: Option<Tag>,
    /// Of the top Via branch.
    pub(crate) branch: u32,
    /// `None` for a request.
    pub(crate) code: Option<u16>,
}

impl<'a> Facts<'a> {
    /// Reads the facts; `None` when Call-ID or CSeq is missing, which leaves a message nowhere to belong.
    pub(crate) fn read(heard: &Heard<'a>, hasher: &FixedState) -> Option<Self> {
        let message = heard.message;
        let CallId { bytes: call_id, hash: call, .. } = heard.call_id?;
        let short = |bytes: &[u8]| hasher.hash_one(bytes) as u32;
        let tag = |bytes: &[u8]| Tag::new(short(bytes)).unwrap_or(Tag::MIN);
        let branch = message.branch().map_or(0, short);
        let (method, code, cseq) = match *message.start() {
            StartLine::Request { method, .. } => (method, None, message.cseq_number()?),
            StartLine::Response { code, .. } => {
                let cseq = message.cseq()?;
                (cseq.method, Some(code), cseq.number)
            }
        };
        Some(Self {
            call_id,
            call,
            method,
            cseq,
            from_tag: message.from_tag().map_or(Tag::MIN, tag),
            to_tag: message.to_tag().map(tag),
            branch,
            code,
        })
    }

    /// Of Call-ID, CSeq and top Via branch: request and response share it (RFC 3261 §17.1.3). An ACK and a CANCEL belong
    /// to the INVITE whose number they carry.
    pub(crate) fn transaction(&self, hasher: &FixedState) -> u64 {
        hasher.hash_one((self.call, self.cseq, self.branch, self.method as u8))
    }

    /// What a message of a call and its retransmission share: transaction, sender, To tag, code and length.
    pub(crate) fn imprint(&self, heard: &Heard<'_>, hasher: &FixedState) -> u32 {
        // Packed, since every word of its own costs as much as all of it.
        let transaction = u64::from(self.cseq) << 32 | u64::from(self.branch);
        let tag = self.to_tag.map_or(0, Tag::get);
        let who = u64::from(heard.source.port) << 48 | u64::from(heard.destination.port) << 32 | u64::from(tag);
        let code = self.code.map_or(0, |code| u64::from(code) + 1);
        let what = (self.method as u64) << 56 | code << 32 | heard.message.body().len() as u64;
        hasher.hash_one((heard.source.ip, transaction, who, what)) as u32
    }
}

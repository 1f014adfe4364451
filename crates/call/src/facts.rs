//! The few facts that decide where a message belongs, read once and hashed.

use std::cell::OnceCell;
use std::hash::BuildHasher;
use std::num::NonZeroU32;

use foldhash::quality::FixedState;
use sip::sdp::Sdp;
use sip::{HeaderName, Message, Method, StartLine};
use types::{Endpoint, Nanos};

/// The Call-ID of a message, hashed and looked up once for all who ask: it holds until the next message is taken in.
#[derive(Clone, Copy, Debug)]
pub struct CallId<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) hash: u64,
    /// The leg it belongs to so far.
    pub(crate) leg: Option<u32>,
}

impl<'a> CallId<'a> {
    /// As it was sent.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

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
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    message: &'a Message<'a>,
    hasher: FixedState,
    pub(crate) call_id: &'a [u8],
    /// Of the Call-ID.
    pub(crate) call: u64,
    pub(crate) method: Method,
    pub(crate) cseq: u32,
    /// Of the top Via branch.
    pub(crate) branch: u32,
    /// `None` for a request.
    pub(crate) code: Option<u16>,
    // Half of the messages of a call are understood without their tags, and reading one is a tenth of the work on them.
    from_tag: OnceCell<Tag>,
    to_tag: OnceCell<Option<Tag>>,
    /// Whom it is for and who it is from, as keys: asked of every call that has its Call-ID, and read once.
    pub(crate) callee: OnceCell<Option<u64>>,
    pub(crate) caller: OnceCell<Option<u64>>,
}

impl<'a> Facts<'a> {
    /// Reads the facts; `None` when Call-ID or CSeq is missing, which leaves a message nowhere to belong.
    pub(crate) fn read(heard: &Heard<'a>, hasher: &FixedState) -> Option<Self> {
        let message = heard.message;
        let CallId { bytes: call_id, hash: call, .. } = heard.call_id?;
        let branch = message.branch().map_or(0, |branch| short(hasher, branch));
        let (method, code, cseq) = match *message.start() {
            StartLine::Request { method, .. } => (method, None, message.cseq_number()?),
            StartLine::Response { code, .. } => {
                let cseq = message.cseq()?;
                (cseq.method, Some(code), cseq.number)
            }
        };
        Some(Self {
            message,
            hasher: hasher.clone(),
            call_id,
            call,
            method,
            cseq,
            branch,
            code,
            from_tag: OnceCell::new(),
            to_tag: OnceCell::new(),
            callee: OnceCell::new(),
            caller: OnceCell::new(),
        })
    }

    /// Of the From tag.
    pub(crate) fn tag_of_from(&self) -> Tag {
        *self.from_tag.get_or_init(|| self.message.from_tag().map_or(Tag::MIN, |tag| self.tag(tag)))
    }

    /// Of the To tag.
    pub(crate) fn tag_of_to(&self) -> Option<Tag> {
        *self.to_tag.get_or_init(|| self.message.to_tag().map(|tag| self.tag(tag)))
    }

    /// Of To as it is written: whoever sends an INVITE on leaves it alone (RFC 3261 §16.6), and who asks again writes it again.
    pub(crate) fn addressed(&self) -> u32 {
        self.message.headers().first(HeaderName::To).map_or(0, |to| short(&self.hasher, to))
    }

    #[inline(never)] // Both tags share it.
    fn tag(&self, bytes: &[u8]) -> Tag {
        Tag::new(short(&self.hasher, bytes)).unwrap_or(Tag::MIN)
    }

    /// Of Call-ID, CSeq and top Via branch: request and response share it (RFC 3261 §17.1.3). An ACK and a CANCEL belong
    /// to the INVITE whose number they carry.
    pub(crate) fn transaction(&self) -> u64 {
        self.hasher.hash_one((self.call, self.cseq, self.branch, self.method as u8))
    }

    /// What a message of a call and its retransmission share: transaction, sender, To tag, code and length.
    pub(crate) fn imprint(&self, heard: &Heard<'_>) -> u32 {
        // Packed, since every word of its own costs as much as all of it.
        let transaction = u64::from(self.cseq) << 32 | u64::from(self.branch);
        // A 100 is of no dialog, and but for an INVITE one dialog answers: the transaction says which.
        let of_one_dialog =
            self.branch != 0 && self.code.is_some_and(|code| code == 100 || self.method != Method::Invite);
        let tag = if of_one_dialog { 0 } else { self.tag_of_to().map_or(0, Tag::get) };
        let who = u64::from(heard.source.port) << 48 | u64::from(heard.destination.port) << 32 | u64::from(tag);
        let code = self.code.map_or(0, |code| u64::from(code) + 1);
        let what = (self.method as u64) << 56 | code << 32 | heard.message.body().len() as u64;
        self.hasher.hash_one((heard.source.ip, transaction, who, what)) as u32
    }
}

fn short(hasher: &FixedState, bytes: &[u8]) -> u32 {
    hasher.hash_one(bytes) as u32
}

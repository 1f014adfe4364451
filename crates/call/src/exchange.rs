//! Requests outside calls (REGISTER, OPTIONS, MESSAGE, SUBSCRIBE, …) from the request to its final response. A scan,
//! a password guess or a registration storm is made of these.

use std::collections::VecDeque;

use hashbrown::HashTable;
use sip::Method;
use types::{Endpoint, Nanos};

use crate::slab::Slab;

/// What a request outside calls asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExchangeKind {
    /// REGISTER (RFC 3261 §10).
    Registration,
    /// OPTIONS (RFC 3261 §11).
    Options,
    /// MESSAGE (RFC 3428).
    Message,
    /// SUBSCRIBE (RFC 6665).
    Subscription,
    /// NOTIFY (RFC 6665).
    Notification,
    /// PUBLISH (RFC 3903).
    Publication,
    /// Any other method that does not make calls.
    Other,
}

impl ExchangeKind {
    /// All kinds, in the order of the summary.
    pub const ALL: [Self; 7] = [
        Self::Registration,
        Self::Options,
        Self::Message,
        Self::Subscription,
        Self::Notification,
        Self::Publication,
        Self::Other,
    ];

    pub(crate) const fn of(method: Method) -> Self {
        match method {
            Method::Register => Self::Registration,
            Method::Options => Self::Options,
            Method::Message => Self::Message,
            Method::Subscribe => Self::Subscription,
            Method::Notify => Self::Notification,
            Method::Publish => Self::Publication,
            _ => Self::Other,
        }
    }

    /// The word in the summary.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registration => "registrations",
            Self::Options => "options",
            Self::Message => "messages",
            Self::Subscription => "subscriptions",
            Self::Notification => "notifications",
            Self::Publication => "publications",
            Self::Other => "other",
        }
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// 2xx.
    Accepted,
    /// 401 or 407 to a request without credentials: the usual first half of an authentication.
    Challenged,
    /// 401, 403 or 407 to a request with credentials: they were wrong (or stale, which looks the same here).
    AuthenticationFailed,
    /// Any other final response.
    Refused,
    /// None was seen in time, or before the capture ended.
    Unanswered,
}

impl Verdict {
    /// All verdicts, in the order of the summary.
    pub const ALL: [Self; 5] =
        [Self::Accepted, Self::Challenged, Self::AuthenticationFailed, Self::Refused, Self::Unanswered];

    const fn of(status: u16, credentials: bool) -> Self {
        match status {
            200..=299 => Self::Accepted,
            401 | 403 | 407 if credentials => Self::AuthenticationFailed,
            401 | 407 => Self::Challenged,
            _ => Self::Refused,
        }
    }

    /// The word in the summary.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Challenged => "challenged",
            Self::AuthenticationFailed => "authentication_failed",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
        }
    }
}

/// A request outside calls and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// What was asked for.
    pub kind: ExchangeKind,
    /// What became of it.
    pub verdict: Verdict,
    /// When the request was first seen.
    pub at: Nanos,
    /// When the final response was seen.
    pub answered_at: Option<Nanos>,
    /// The final response.
    pub status: Option<u16>,
    /// Who asked.
    pub source: Endpoint,
    /// Whom.
    pub destination: Endpoint,
    /// User part of To: whose registration it is, whom the message is for.
    pub user: &'a [u8],
    /// User-Agent of the request; empty without one.
    pub user_agent: &'a [u8],
    /// The dialog the request belongs to: a hash of its Call-ID. Who registers keeps it (RFC 3261 §10.2.4).
    pub dialog: u64,
    /// Whether the request carried credentials.
    pub credentials: bool,
    /// How often the request was sent again.
    pub retransmissions: u16,
}

/// A request that waits for its final response.
#[derive(Debug)]
struct Pending {
    hash: u64,
    at: Nanos,
    source: Endpoint,
    destination: Endpoint,
    kind: ExchangeKind,
    dialog: u64,
    credentials: bool,
    retransmissions: u16,
    serial: u64,
    /// User part of To, then User-Agent.
    words: Box<[u8]>,
    user_length: u8,
}

impl Pending {
    fn ended(&self, verdict: Verdict, answered: Option<(Nanos, u16)>) -> Exchange<'_> {
        let (user, user_agent) = self.words.split_at_checked(usize::from(self.user_length)).unwrap_or_default();
        Exchange {
            kind: self.kind,
            verdict,
            at: self.at,
            answered_at: answered.map(|(at, _)| at),
            status: answered.map(|(_, status)| status),
            source: self.source,
            destination: self.destination,
            user,
            user_agent,
            dialog: self.dialog,
            credentials: self.credentials,
            retransmissions: self.retransmissions,
        }
    }
}

/// Bytes of a To user part and of a User-Agent kept for one request.
const WORD_BYTES_MAX: usize = 64;

/// A request as the table wants it.
pub(crate) struct Request<'a> {
    pub(crate) kind: ExchangeKind,
    pub(crate) at: Nanos,
    pub(crate) source: Endpoint,
    pub(crate) destination: Endpoint,
    pub(crate) user: &'a [u8],
    pub(crate) user_agent: &'a [u8],
    pub(crate) dialog: u64,
    pub(crate) credentials: bool,
}

/// What a request meant to the table.
pub(crate) enum Asked {
    New,
    Again,
}

/// Requests outside calls that wait for their final response, oldest first.
#[derive(Debug)]
pub(crate) struct Exchanges {
    pending: Slab<Pending>,
    by_key: HashTable<u32>,
    /// Requests in the order they came; answered ones stay until their turn comes.
    order: VecDeque<(u32, u64)>,
    serial: u64,
}

impl Exchanges {
    pub(crate) const fn new() -> Self {
        Self { pending: Slab::new(), by_key: HashTable::new(), order: VecDeque::new(), serial: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        // Answered requests count until their turn comes, so that the order is bounded too.
        self.order.len()
    }

    /// Remembers a request by the hash of its transaction, or counts it as sent again.
    pub(crate) fn on_request(&mut self, hash: u64, request: &Request<'_>) -> Asked {
        let pending = &mut self.pending;
        if let Some(&index) = self.by_key.find(hash, |&index| pending.get(index).is_some_and(|kept| kept.hash == hash))
        {
            if let Some(kept) = pending.get_mut(index) {
                kept.retransmissions = kept.retransmissions.saturating_add(1);
            }
            return Asked::Again;
        }
        let cut = |word: &'_ [u8]| word.len().min(WORD_BYTES_MAX);
        let user = request.user.get(..cut(request.user)).unwrap_or_default();
        let agent = request.user_agent.get(..cut(request.user_agent)).unwrap_or_default();
        self.serial += 1;
        let index = pending.insert(Pending {
            hash,
            at: request.at,
            source: request.source,
            destination: request.destination,
            kind: request.kind,
            dialog: request.dialog,
            credentials: request.credentials,
            retransmissions: 0,
            serial: self.serial,
            words: [user, agent].concat().into_boxed_slice(),
            user_length: u8::try_from(user.len()).unwrap_or(0),
        });
        self.by_key.insert_unique(hash, index, |&index| pending.get(index).map_or(0, |kept| kept.hash));
        self.order.push_back((index, self.serial));
        Asked::New
    }

    /// Ends the request that a final response answers; `false` when there is none.
    pub(crate) fn on_response(&mut self, hash: u64, at: Nanos, status: u16, ended: impl FnOnce(&Exchange<'_>)) -> bool {
        let pending = &mut self.pending;
        let same = |&index: &u32| pending.get(index).is_some_and(|kept| kept.hash == hash);
        let Ok(entry) = self.by_key.find_entry(hash, same) else { return false };
        let (index, _) = entry.remove();
        let Some(kept) = pending.remove(index) else { return false };
        ended(&kept.ended(Verdict::of(status, kept.credentials), Some((at, status))));
        true
    }

    /// Ends the oldest request, unanswered, if `due` says so of the time it was sent. `None` when nothing is due;
    /// `Some(false)` when the oldest had been answered long ago.
    pub(crate) fn expire(&mut self, due: impl Fn(Nanos) -> bool, ended: impl FnOnce(&Exchange<'_>)) -> Option<bool> {
        let &(index, serial) = self.order.front()?;
        let Some(kept) = self.pending.get(index).filter(|kept| kept.serial == serial) else {
            self.order.pop_front();
            return Some(false);
        };
        if !due(kept.at) {
            return None;
        }
        self.order.pop_front();
        let kept = self.pending.remove(index)?;
        if let Ok(entry) = self.by_key.find_entry(kept.hash, |&candidate| candidate == index) {
            entry.remove();
        }
        ended(&kept.ended(Verdict::Unanswered, None));
        Some(true)
    }
}

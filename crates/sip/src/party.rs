//! What a request says about the parties beyond From and To: privacy, diversion, history, the older Remote-Party-ID.

use crate::text::{Parts, number};
use crate::{HeaderName, Message, NameAddr};

/// What the sender wants kept from the callee (RFC 3323 §4.2, RFC 3325 §9.3, RFC 7044 §10.1), one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Privacy(u8);

impl Privacy {
    /// `header`: header fields that name the sender.
    pub const HEADER: u8 = 1;
    /// `session`: addresses in the session description.
    pub const SESSION: u8 = 1 << 1;
    /// `user`: whatever the user's own equipment wrote.
    pub const USER: u8 = 1 << 2;
    /// `id`: the identity that the network asserts.
    pub const ID: u8 = 1 << 3;
    /// `history`: the history of diversions.
    pub const HISTORY: u8 = 1 << 4;
    /// `critical`: refuse the call rather than not keep it.
    pub const CRITICAL: u8 = 1 << 5;
    /// `none`: keep nothing back.
    pub const NONE: u8 = 1 << 6;
    /// A word of none of these.
    pub const OTHER: u8 = 1 << 7;

    /// Reads the words of one value, which semicolons part (RFC 3323 §4.2).
    fn with(mut self, value: &[u8]) -> Self {
        for word in Parts::new(value, b';').filter(|word| !word.is_empty()) {
            let known = [
                (&b"header"[..], Self::HEADER),
                (b"session", Self::SESSION),
                (b"user", Self::USER),
                (b"id", Self::ID),
                (b"history", Self::HISTORY),
                (b"critical", Self::CRITICAL),
                (b"none", Self::NONE),
            ];
            let bit =
                known.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map_or(Self::OTHER, |&(_, bit)| bit);
            self.0 |= bit;
        }
        self
    }

    /// The bits, by the constants of this type; 0 when nothing was asked.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the callee is not to learn who calls: `id`, `user` or `header`, and not `none`.
    #[must_use]
    pub const fn hides_caller(self) -> bool {
        self.0 & (Self::HEADER | Self::USER | Self::ID) != 0 && self.0 & Self::NONE == 0
    }
}

/// One value of Remote-Party-ID (draft-ietf-sip-privacy-04 §5), which came before P-Asserted-Identity and lives on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoteParty<'a> {
    /// Who.
    pub address: NameAddr<'a>,
    /// In what part: `calling`, `called`, `subscriber`.
    pub party: Option<&'a [u8]>,
    /// What is to be kept back: `full`, `name`, `uri`, `off`.
    pub privacy: Option<&'a [u8]>,
    /// Whether the network has checked it; `None` when it does not say.
    pub screened: Option<bool>,
}

/// One diversion (RFC 5806 §4), the latest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diversion<'a> {
    /// Who diverted the call.
    pub address: NameAddr<'a>,
    /// Why: `user-busy`, `no-answer`, `unconditional`, …
    pub reason: Option<&'a [u8]>,
    /// How many diversions the value stands for.
    pub counter: Option<u32>,
}

/// One entry of the history of a request's targets (RFC 7044 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryEntry<'a> {
    /// Where the request was sent.
    pub address: NameAddr<'a>,
    /// Its place in the tree of forks, as `1.2`.
    pub index: Option<&'a [u8]>,
    /// Why it went on, still escaped as the URI carries it (`SIP%3Bcause%3D302`).
    pub reason: Option<&'a [u8]>,
}

impl<'a> Message<'a> {
    /// What the sender wants kept back.
    #[must_use]
    pub fn privacy(&self) -> Privacy {
        self.headers().list(HeaderName::Privacy).fold(Privacy::default(), Privacy::with)
    }

    /// Remote-Party-ID, value by value.
    pub fn remote_parties(&self) -> impl Iterator<Item = RemoteParty<'a>> + '_ {
        self.addresses(HeaderName::RemotePartyId).map(|address| {
            let params = address.params();
            let screen = params.get(b"screen");
            RemoteParty {
                address,
                party: params.get(b"party"),
                privacy: params.get(b"privacy"),
                screened: screen.map(|screen| screen.eq_ignore_ascii_case(b"yes")),
            }
        })
    }

    /// Who diverted the call, the latest first.
    pub fn diversions(&self) -> impl Iterator<Item = Diversion<'a>> + '_ {
        self.addresses(HeaderName::Diversion).map(|address| {
            let params = address.params();
            let counter = params.get(b"counter").and_then(number);
            Diversion {
                address,
                reason: params.get(b"reason"),
                counter: counter.and_then(|counter| u32::try_from(counter).ok()),
            }
        })
    }

    /// Where the request has been, the first target first.
    pub fn history(&self) -> impl Iterator<Item = HistoryEntry<'a>> + '_ {
        self.addresses(HeaderName::HistoryInfo).map(|address| {
            let headers = address.uri().map(|uri| uri.headers).unwrap_or_default();
            let mut each = headers.split(|&byte| byte == b'&');
            let reason = each.find_map(|header| match header.split_at_checked(7)? {
                (name, value) if name.eq_ignore_ascii_case(b"reason=") => Some(value),
                _ => None,
            });
            HistoryEntry { address, index: address.params().get(b"index"), reason }
        })
    }

    /// The signed identities of the caller as written (RFC 8224 §4): [`passport`](crate::passport) reads them.
    pub fn identities(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        self.headers().list(HeaderName::Identity)
    }
}

//! What a message says about the programs at its ends: their names, what they support, what they send, how they
//! prove who they are. Credentials are seen and never kept.

use crate::text::{Params, Parts, split_at_mark, split_from, token, trim, unquoted};
use crate::{HeaderName, Message};

/// Declares the option tags and their bits.
macro_rules! option_tags {
    ($($(#[$doc:meta])* $name:ident = $bit:literal, $tag:literal;)*) => {
        impl OptionTags {
            $($(#[$doc])* pub const $name: u32 = 1 << $bit;)*
            /// A tag of none of these.
            pub const OTHER: u32 = 1 << 31;

            const KNOWN: &'static [(&'static str, u32)] = &[$(($tag, Self::$name)),*];
        }
    };
}

/// A set of SIP extensions (RFC 3261 §19.2), one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OptionTags(u32);

option_tags! {
    /// RFC 3262.
    RELIABLE = 0, "100rel";
    /// RFC 4028.
    TIMER = 1, "timer";
    /// RFC 3891.
    REPLACES = 2, "replaces";
    /// RFC 3327.
    PATH = 3, "path";
    /// RFC 5626.
    OUTBOUND = 4, "outbound";
    /// RFC 5627.
    GRUU = 5, "gruu";
    /// RFC 3312.
    PRECONDITION = 6, "precondition";
    /// RFC 5365.
    RECIPIENT_LIST = 7, "recipient-list-message";
    /// RFC 4488.
    NO_REFER_SUB = 8, "norefersub";
    /// RFC 3911.
    JOIN = 9, "join";
    /// RFC 4662.
    EVENT_LIST = 10, "eventlist";
    /// RFC 7044.
    HISTORY_INFO = 11, "histinfo";
    /// RFC 3329.
    SEC_AGREE = 12, "sec-agree";
    /// RFC 3323.
    PRIVACY = 13, "privacy";
    /// RFC 4916.
    FROM_CHANGE = 14, "from-change";
    /// RFC 5768.
    ICE = 15, "ice";
    /// RFC 3840.
    PREFERENCE = 16, "pref";
    /// RFC 4538.
    TARGET_DIALOG = 17, "tdialog";
    /// RFC 6228.
    PROVISIONAL_199 = 18, "199";
    /// RFC 3959.
    EARLY_SESSION = 19, "early-session";
    /// RFC 5373.
    ANSWER_MODE = 20, "answermode";
    /// RFC 8840.
    TRICKLE_ICE = 21, "trickle-ice";
    /// RFC 6442.
    GEOLOCATION = 22, "geolocation-sip";
}

impl OptionTags {
    fn with(self, tag: &[u8]) -> Self {
        let known = Self::KNOWN.iter().find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(tag));
        Self(self.0 | known.map_or(Self::OTHER, |&(_, bit)| bit))
    }

    /// The bits, by the constants of this type.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether all of `bits` are set.
    #[must_use]
    pub const fn has(self, bits: u32) -> bool {
        self.0 & bits == bits
    }
}

/// The type of a body (RFC 3261 §20.15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaType<'a> {
    /// The type, such as `application`.
    pub kind: &'a [u8],
    /// The subtype, such as `sdp`.
    pub subtype: &'a [u8],
    params: &'a [u8],
}

impl<'a> MediaType<'a> {
    /// Reads `type/subtype;params`; `None` without a slash.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let (name, params) = split_from(value, b';');
        let (kind, subtype) = split_at_mark(name, b'/')?;
        Some(Self { kind, subtype, params })
    }

    /// Whether it is `kind/subtype`, in any case.
    #[must_use]
    pub fn is(&self, kind: &[u8], subtype: &[u8]) -> bool {
        self.kind.eq_ignore_ascii_case(kind) && self.subtype.eq_ignore_ascii_case(subtype)
    }

    /// Its parameters.
    #[must_use]
    pub fn params(&self) -> Params<'a> {
        Params::new(self.params)
    }

    /// What parts the bodies of a multipart one (RFC 2046 §5.1.1).
    #[must_use]
    pub fn boundary(&self) -> Option<&'a [u8]> {
        self.params().get(b"boundary").filter(|boundary| !boundary.is_empty())
    }
}

/// A challenge or an answer to one (RFC 3261 §22): who and where, never the proof itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authentication<'a> {
    /// The scheme, nearly always `Digest`.
    pub scheme: &'a [u8],
    /// Who answers; `None` in a challenge.
    pub username: Option<&'a [u8]>,
    /// Where.
    pub realm: Option<&'a [u8]>,
    /// Whether there is a proof; it is not kept.
    pub has_response: bool,
}

impl<'a> Authentication<'a> {
    fn parse(value: &'a [u8]) -> Self {
        let (scheme, params) = token(value);
        let mut found = Self { scheme, username: None, realm: None, has_response: false };
        for param in Parts::new(params, b',') {
            let Some((name, value)) = split_at_mark(param, b'=') else { continue };
            if name.eq_ignore_ascii_case(b"username") {
                found.username = Some(unquoted(value));
            } else if name.eq_ignore_ascii_case(b"realm") {
                found.realm = Some(unquoted(value));
            } else if name.eq_ignore_ascii_case(b"response") {
                found.has_response = !unquoted(value).is_empty();
            }
        }
        found
    }
}

/// One URI with what it is for: of Call-Info (RFC 3261 §20.9) and Alert-Info (RFC 3261 §20.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    /// The URI as written, without brackets.
    pub uri: &'a [u8],
    params: &'a [u8],
}

impl<'a> Reference<'a> {
    /// Lenient: brackets may be missing.
    fn parse(value: &'a [u8]) -> Self {
        let (uri, params) = match value {
            [b'<', inside @ ..] => split_from(inside, b'>'),
            _ => split_from(value, b';'),
        };
        Self { uri: trim(uri), params: params.strip_prefix(b">").unwrap_or(params) }
    }

    /// Its parameters.
    #[must_use]
    pub fn params(&self) -> Params<'a> {
        Params::new(self.params)
    }

    /// What a Call-Info is for: `icon`, `info`, `card`, `jcard`, …
    #[must_use]
    pub fn purpose(&self) -> Option<&'a [u8]> {
        self.params().get(b"purpose")
    }
}

impl<'a> Message<'a> {
    /// The program that sent a request (RFC 3261 §20.41).
    #[must_use]
    pub fn user_agent(&self) -> Option<&'a [u8]> {
        self.headers().first(HeaderName::UserAgent)
    }

    /// The program that sent a response (RFC 3261 §20.35).
    #[must_use]
    pub fn server(&self) -> Option<&'a [u8]> {
        self.headers().first(HeaderName::Server)
    }

    fn tags(&self, id: HeaderName) -> OptionTags {
        self.headers().list(id).fold(OptionTags::default(), OptionTags::with)
    }

    /// The extensions the sender supports.
    #[must_use]
    pub fn supported(&self) -> OptionTags {
        self.tags(HeaderName::Supported)
    }

    /// The extensions the other side must support.
    #[must_use]
    pub fn required(&self) -> OptionTags {
        self.tags(HeaderName::Require)
    }

    /// The methods the sender takes, one bit each by the place in [`Method::ALL`](crate::Method::ALL); bit 14 for others.
    #[must_use]
    pub fn allowed(&self) -> u16 {
        self.headers().list(HeaderName::Allow).fold(0, |bits, method| bits | 1 << crate::Method::of(method) as u16)
    }

    /// The type of the body.
    #[must_use]
    pub fn content_type(&self) -> Option<MediaType<'a>> {
        MediaType::parse(self.headers().first(HeaderName::ContentType)?)
    }

    /// How the body is packed, outermost last (RFC 3261 §20.12); `identity` is left out.
    pub fn content_encodings(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        let each = self.headers().list(HeaderName::ContentEncoding);
        each.filter(|encoding| !encoding.eq_ignore_ascii_case(b"identity"))
    }

    /// More about the caller, for people (RFC 3261 §20.9).
    pub fn call_info(&self) -> impl Iterator<Item = Reference<'a>> + '_ {
        self.headers().list(HeaderName::CallInfo).map(Reference::parse)
    }

    /// What the callee is to hear ringing (RFC 3261 §20.4).
    pub fn alert_info(&self) -> impl Iterator<Item = Reference<'a>> + '_ {
        self.headers().list(HeaderName::AlertInfo).map(Reference::parse)
    }

    /// The challenges of a response, its server's and its proxies'.
    pub fn challenges(&self) -> impl Iterator<Item = Authentication<'a>> + '_ {
        self.authentications(HeaderName::WwwAuthenticate, HeaderName::ProxyAuthenticate)
    }

    /// The answers of a request to such challenges.
    pub fn authorizations(&self) -> impl Iterator<Item = Authentication<'a>> + '_ {
        self.authentications(HeaderName::Authorization, HeaderName::ProxyAuthorization)
    }

    fn authentications(&self, end: HeaderName, proxy: HeaderName) -> impl Iterator<Item = Authentication<'a>> + '_ {
        self.headers().all(end).chain(self.headers().all(proxy)).map(Authentication::parse)
    }
}

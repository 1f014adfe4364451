//! The names of header fields, recognised in a handful of steps whatever their case and form.
//!
//! A name is keyed by its length, its first eight and its last eight bytes, lower-cased by one OR each. The key finds
//! its slot in a table built at compile time; names of more than sixteen bytes are then compared in full.

use crate::scan::find;

/// Declares the enum, the canonical spellings and the list of all spellings from one table.
macro_rules! header_names {
    ($($name:ident: $($spelling:literal)+;)*) => {
        /// A header field this room knows by name, whatever its case and form; [`HeaderName::Other`] is every other.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the names are those of the RFCs")]
        pub enum HeaderName { $($name,)* Other }

        impl HeaderName {
            /// Every known name, in the order of the enum.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// How many names there are, [`HeaderName::Other`] among them.
            pub const COUNT: usize = Self::ALL.len() + 1;

            /// The name in lower case, the long form first, then the compact one; none for [`HeaderName::Other`].
            #[must_use]
            pub const fn spellings(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($spelling),+],)*
                    Self::Other => &[],
                }
            }
        }
    };
}

header_names! {
    Accept: "accept";
    AcceptContact: "accept-contact" "a";
    AcceptEncoding: "accept-encoding";
    AcceptLanguage: "accept-language";
    AlertInfo: "alert-info";
    Allow: "allow";
    AllowEvents: "allow-events" "u";
    Authorization: "authorization";
    CallId: "call-id" "i";
    CallInfo: "call-info";
    Contact: "contact" "m";
    ContentDisposition: "content-disposition";
    ContentEncoding: "content-encoding" "e";
    ContentLength: "content-length" "l";
    ContentType: "content-type" "c";
    CSeq: "cseq";
    Date: "date";
    Diversion: "diversion";
    Event: "event" "o";
    Expires: "expires";
    From: "from" "f";
    HistoryInfo: "history-info";
    Identity: "identity" "y";
    IdentityInfo: "identity-info" "n";
    MaxForwards: "max-forwards";
    MimeVersion: "mime-version";
    MinExpires: "min-expires";
    MinSe: "min-se";
    Organization: "organization";
    PAccessNetworkInfo: "p-access-network-info";
    PAssertedIdentity: "p-asserted-identity";
    PAssociatedUri: "p-associated-uri";
    PCalledPartyId: "p-called-party-id";
    PChargingVector: "p-charging-vector";
    PEarlyMedia: "p-early-media";
    PPreferredIdentity: "p-preferred-identity";
    Path: "path";
    Priority: "priority";
    Privacy: "privacy";
    ProxyAuthenticate: "proxy-authenticate";
    ProxyAuthorization: "proxy-authorization";
    ProxyRequire: "proxy-require";
    RAck: "rack";
    RSeq: "rseq";
    Reason: "reason";
    RecordRoute: "record-route";
    ReferTo: "refer-to" "r";
    ReferredBy: "referred-by" "b";
    RemotePartyId: "remote-party-id";
    Replaces: "replaces";
    ReplyTo: "reply-to";
    Require: "require";
    RetryAfter: "retry-after";
    Route: "route";
    Server: "server";
    ServiceRoute: "service-route";
    SessionExpires: "session-expires" "x";
    SessionId: "session-id";
    SipEtag: "sip-etag";
    SipIfMatch: "sip-if-match";
    Subject: "subject" "s";
    SubscriptionState: "subscription-state";
    Supported: "supported" "k";
    Timestamp: "timestamp";
    To: "to" "t";
    Unsupported: "unsupported";
    UserAgent: "user-agent";
    Via: "via" "v";
    Warning: "warning";
    WwwAuthenticate: "www-authenticate";
}

/// The longest known name, in bytes; a longer one needs no look-up.
const NAME_LEN_MAX: usize = 24;
/// Slots of the table: over twice the spellings, so that a look-up seldom needs a second step.
const SLOTS: usize = 256;
const SLOT_BITS: u32 = SLOTS.ilog2();
const LOWER: u64 = 0x2020_2020_2020_2020;

/// The first and the last eight bytes of a spelling, lower case; a shorter one stands in the first alone.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    head: u64,
    tail: u64,
}

#[derive(Clone, Copy)]
struct Slot {
    key: Key,
    length: u8,
    name: HeaderName,
    /// The whole spelling, for names that the key does not cover.
    spelling: &'static str,
}

const EMPTY: Slot = Slot { key: Key { head: 0, tail: 0 }, length: 0, name: HeaderName::Other, spelling: "" };

const fn slot_of(key: Key, length: usize) -> usize {
    let mixed = (key.head ^ key.tail.rotate_left(23) ^ length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (64 - SLOT_BITS)) as usize
}

/// Eight bytes from `at` on, as a little-endian word; what lies past the end is 0.
const fn word(bytes: &[u8], at: usize) -> u64 {
    let (mut word, mut i) = (0, 0);
    while i < 8 && at + i < bytes.len() {
        #[expect(clippy::indexing_slicing, reason = "the loop ends at the length")]
        let byte = bytes[at + i];
        word |= (byte as u64) << (8 * i);
        i += 1;
    }
    word
}

/// Open addressing with single steps, filled when the crate is compiled.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds fails the build")]
static TABLE: [Slot; SLOTS] = {
    let mut table = [EMPTY; SLOTS];
    let mut i = 0;
    while i < HeaderName::ALL.len() {
        let name = HeaderName::ALL[i];
        let mut j = 0;
        while j < name.spellings().len() {
            let spelling = name.spellings()[j];
            let bytes = spelling.as_bytes();
            assert!(bytes.len() <= NAME_LEN_MAX, "a name longer than the limit");
            let head = word(bytes, 0);
            let key = Key {
                head: if bytes.len() < 8 { head | LOWER << (8 * bytes.len()) } else { head },
                tail: if bytes.len() > 8 { word(bytes, bytes.len() - 8) } else { 0 },
            };
            let mut slot = slot_of(key, bytes.len());
            while table[slot].length != 0 {
                slot = (slot + 1) % SLOTS;
            }
            table[slot] = Slot { key, length: bytes.len() as u8, name, spelling };
            j += 1;
        }
        i += 1;
    }
    table
};

impl HeaderName {
    /// Which header field `name` is, in any case, long or compact (RFC 3261 §7.3.3).
    #[must_use]
    #[inline]
    pub fn of(name: &[u8]) -> Self {
        let length = name.len();
        let key = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            (Some(head), Some(tail)) => Key {
                head: u64::from_le_bytes(*head) | LOWER,
                tail: if length > 8 { u64::from_le_bytes(*tail) | LOWER } else { 0 },
            },
            _ => Key { head: short_word(name) | LOWER, tail: 0 },
        };
        Self::look_up(key, name)
    }

    /// The name that sixteen bytes start with and how long it is, when a colon follows it there: its key comes from
    /// the one load. `None` for other names and for what no name is.
    #[inline]
    pub(crate) fn before_colon(bytes: &[u8; 16]) -> Option<(Self, usize)> {
        let length = find([b':'], bytes)?;
        let (name, _) = bytes.split_at_checked(length)?;
        let word = u128::from_le_bytes(*bytes);
        let key = if length > 8 {
            Key { head: word as u64 | LOWER, tail: (word >> (8 * (length - 8))) as u64 | LOWER }
        } else {
            let past = u64::MAX.checked_shl(8 * length as u32).unwrap_or(0);
            Key { head: word as u64 & !past | LOWER, tail: 0 }
        };
        let id = Self::look_up(key, name);
        (id != Self::Other).then_some((id, length))
    }

    #[inline]
    fn look_up(key: Key, name: &[u8]) -> Self {
        let length = name.len();
        // The table has empty slots, so the walk ends at one of them.
        for at in slot_of(key, length).. {
            let Some(slot) = TABLE.get(at % SLOTS) else { break };
            if slot.length == 0 {
                break;
            }
            if slot.key == key && usize::from(slot.length) == length {
                let known = length <= 16 || name.eq_ignore_ascii_case(slot.spelling.as_bytes());
                return if known { slot.name } else { Self::Other };
            }
        }
        Self::Other
    }
}

/// Up to seven bytes as a little-endian word, with two overlapping loads instead of a loop.
fn short_word(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    if let (Some(head), Some(tail)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*tail)) << (8 * (length - 4));
    }
    match *bytes {
        [a, b, c] => u64::from(u32::from_le_bytes([a, b, c, 0])),
        [a, b] => u64::from(u16::from_le_bytes([a, b])),
        [a] => u64::from(a),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_in_any_case_is_its_name() {
        for &name in HeaderName::ALL {
            for spelling in name.spellings() {
                assert_eq!(HeaderName::of(spelling.as_bytes()), name, "{spelling}");
                assert_eq!(HeaderName::of(spelling.to_ascii_uppercase().as_bytes()), name, "{spelling}");
                let mut odd = spelling.to_string();
                odd.push('x');
                assert_eq!(HeaderName::of(odd.as_bytes()), HeaderName::Other, "{odd}");
            }
        }
    }

    #[test]
    fn what_is_like_a_name_is_another() {
        for name in
            ["", "z", "X-CID", "viaa", "p-asserted-identitx", "p-asserteX-identity", "subscriptionXstate", "fro\0"]
        {
            assert_eq!(HeaderName::of(name.as_bytes()), HeaderName::Other, "{name}");
        }
        assert_eq!(HeaderName::of(&[b'a'; 4099]), HeaderName::Other);
    }

    #[test]
    fn look_ups_seldom_need_a_second_step() {
        let longest = TABLE.split(|slot| slot.length == 0).map(<[Slot]>::len).max().unwrap();
        assert!(longest <= 6, "{longest} slots in a row");
    }
}

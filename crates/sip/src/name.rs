//! The names of header fields, recognised in a handful of steps whatever their case and form.
//!
//! A name is keyed by its first sixteen bytes in lower case. Key and length find its spelling in a table built at compile
//! time in which no two share a slot; of a name longer than the key the rest is then compared.

use wide::u8x16;

use crate::scan::padded;

/// Declares the enum, the canonical spellings and the list of all spellings from one table.
macro_rules! header_names {
    ($($name:ident: $($spelling:literal)+;)*) => {
        /// A header field this room knows by name, whatever its case and form; [`HeaderName::Other`] is every other.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the names are those of the RFCs")]
        pub enum HeaderName { Other, $($name,)* }

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

/// The first sixteen bytes of a name in lower case, zero where it is shorter.
type Key = [u8; KEY_LEN];

/// Bytes of a name that its key holds.
const KEY_LEN: usize = 16;

/// One way to write a name.
#[derive(Clone, Copy)]
struct Spelling {
    key: Key,
    length: u8,
    name: HeaderName,
}

/// How many spellings there are, and one of no name in front of them.
const SPELLINGS: usize = {
    let (mut count, mut names) = (1, HeaderName::ALL);
    while let [name, rest @ ..] = names {
        count += name.spellings().len();
        names = rest;
    }
    count
};

/// Every spelling; the first is none, and those behind the last: a place that is one byte is always one of them.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds fails the build")]
static KNOWN: [Spelling; PLACES] = {
    let mut known = [Spelling { key: [0; KEY_LEN], length: u8::MAX, name: HeaderName::Other }; PLACES];
    let (mut count, mut names) = (1, HeaderName::ALL);
    while let [name, others @ ..] = names {
        let mut spellings = name.spellings();
        while let [spelling, more @ ..] = spellings {
            let (mut key, mut i) = ([0; KEY_LEN], 0);
            while i < spelling.len() && i < KEY_LEN {
                key[i] = spelling.as_bytes()[i];
                i += 1;
            }
            known[count] = Spelling { key, length: spelling.len() as u8, name: *name };
            count += 1;
            spellings = more;
        }
        names = others;
    }
    known
};

/// How many places one byte can say.
const PLACES: usize = 256;

/// Slots of the table: so many more than spellings that a factor under which no two of them meet is soon found.
const SLOTS: usize = 512;
/// The most factors tried; the build fails when none serves, and a larger table then does.
const FACTORS_MAX: usize = 5_000;

/// What slots are reckoned with, and which of [`KNOWN`] each holds, 0 for none.
struct Table {
    factor: u64,
    places: [u8; SLOTS],
}

const _: () = assert!(SPELLINGS <= PLACES, "a place is one byte");

#[expect(clippy::indexing_slicing, reason = "an index out of bounds fails the build")]
static TABLE: Table = {
    let (mut factor, mut tries) = (0x9e37_79b9_7f4a_7c15_u64, 0);
    loop {
        assert!(tries < FACTORS_MAX, "no factor keeps the spellings apart");
        let (mut places, mut i) = ([0; SLOTS], 1);
        while i < SPELLINGS {
            let slot = slot(&KNOWN[i].key, KNOWN[i].length as usize, factor);
            if places[slot] != 0 {
                break;
            }
            places[slot] = i as u8;
            i += 1;
        }
        if i == SPELLINGS {
            break Table { factor, places };
        }
        factor = factor.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(2);
        tries += 1;
    }
};

/// The first half of a key and the length tell all spellings apart.
#[inline]
const fn slot(key: &Key, length: usize, factor: u64) -> usize {
    let head = u128::from_le_bytes(*key) as u64;
    let mixed = (head ^ length as u64).wrapping_mul(factor);
    (mixed >> (u64::BITS - SLOTS.ilog2())) as usize
}

/// The spelling of this length whose key is this one in lower case.
#[inline]
fn spelling(key: u8x16, length: usize) -> Option<&'static Spelling> {
    // Letters have bit 6, hyphens and line ends have not.
    let letters = key.max(u8x16::splat(0x40)).simd_eq(key);
    let key = key | letters & u8x16::splat(0x20);
    let place = *TABLE.places.get(slot(&key.to_array(), length, TABLE.factor))?;
    let found = KNOWN.get(usize::from(place))?;
    let is_same = u8x16::new(found.key).simd_eq(key).to_bitmask() == 0xffff && usize::from(found.length) == length;
    is_same.then_some(found)
}

impl HeaderName {
    /// Which header field `name` is, in any case, long or compact (RFC 3261 §7.3.3).
    #[must_use]
    pub fn of(name: &[u8]) -> Self {
        let key = name.first_chunk::<KEY_LEN>().map_or_else(|| padded(name), |key| u8x16::new(*key));
        let Some(Spelling { name: found, .. }) = spelling(key, name.len()) else { return Self::Other };
        let is_whole = |spelling: &&str| name.eq_ignore_ascii_case(spelling.as_bytes());
        if name.len() <= KEY_LEN || found.spellings().iter().any(is_whole) { *found } else { Self::Other }
    }

    /// The name that `line` starts with and how long it is, where it is one of at most fifteen bytes with its colon
    /// right behind it: the quick way for nearly every line. `None` asks for the slow one.
    #[inline]
    pub(crate) fn quick(line: &[u8; KEY_LEN]) -> Option<(Self, usize)> {
        let line = u8x16::new(*line);
        let colons = line.simd_eq(u8x16::splat(b':')).to_bitmask();
        // Without a colon the length is one no spelling has.
        let length = (colons | 1 << KEY_LEN).trailing_zeros() as usize;
        let key = line & u8x16::new(*BEFORE.get(length)?);
        spelling(key, length).map(|found| (found.name, length))
    }
}

/// For each place in a key, all bits of the bytes before it; as many as the bits of a place can say, the rest empty.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds fails the build")]
static BEFORE: [Key; 2 * KEY_LEN] = {
    let (mut before, mut place) = ([[0; KEY_LEN]; 2 * KEY_LEN], 0);
    while place < KEY_LEN {
        let mut i = 0;
        while i < place {
            before[place][i] = u8::MAX;
            i += 1;
        }
        place += 1;
    }
    before
};

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
    fn lines_start_with_names() {
        let check = |line: &str, expected| {
            let found = line.as_bytes().first_chunk().and_then(HeaderName::quick);
            assert_eq!(found, expected, "{line}");
        };
        for &name in HeaderName::ALL {
            for spelling in name.spellings() {
                let expected = (spelling.len() < KEY_LEN).then_some((name, spelling.len()));
                check(&format!("{spelling}: a:b:c:d:e:f:g:h"), expected);
                check(&format!("{}:0123456789abcdef", spelling.to_ascii_uppercase()), expected);
                check(&format!("{spelling} : a:b:c:d:e:f:g:h"), None);
                check(&format!("x{spelling}: a:b:c:d:e:f:g:h"), None);
            }
        }
        for line in [
            "Call\rID: 0123456789",
            "v\0: 01234567890123",
            "proxy-authentica:",
            ": 0123456789abcdef",
            "v0123456789abcdef:",
        ] {
            check(line, None);
        }
    }
}

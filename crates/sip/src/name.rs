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
type Key = u8x16;

/// Bytes of a name that its key holds.
const KEY_LEN: usize = 16;

/// One way to write a name: how long it is, and whose it is. One word of 32 bits, so that an index takes both at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spelling(u32);

impl Spelling {
    /// One of `length` bytes, at most 65,535.
    pub(crate) const fn new(name: HeaderName, length: usize) -> Self {
        Self((name as u32) << u16::BITS | length as u16 as u32)
    }

    pub(crate) const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    pub(crate) const fn bits(self) -> u32 {
        self.0
    }

    /// Whose it is, as the number of a [`HeaderName`].
    pub(crate) const fn number(self) -> u8 {
        (self.0 >> u16::BITS) as u8
    }

    /// Whose it is.
    pub(crate) fn name(self) -> HeaderName {
        let known = usize::from(self.number()).checked_sub(1).and_then(|place| HeaderName::ALL.get(place));
        known.copied().unwrap_or(HeaderName::Other)
    }

    /// How long it is.
    pub(crate) const fn len(self) -> usize {
        self.0 as u16 as usize
    }
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

/// Every spelling: key and word apart, since most of what is looked up needs the key alone.
struct Known {
    keys: [Key; PLACES],
    words: [Spelling; PLACES],
}

/// The first is none, and those behind the last: a place that is one byte is always one of them.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds fails the build")]
static KNOWN: Known = {
    // No name has such bytes.
    let mut known = Known { keys: [u8x16::new([u8::MAX; KEY_LEN]); PLACES], words: [Spelling(0); PLACES] };
    let (mut count, mut names) = (1, HeaderName::ALL);
    while let [name, others @ ..] = names {
        let mut spellings = name.spellings();
        while let [spelling, more @ ..] = spellings {
            known.keys[count] = u8x16::new(start(spelling.as_bytes()));
            known.words[count] = Spelling::new(*name, spelling.len());
            count += 1;
            spellings = more;
        }
        names = others;
    }
    known
};

/// The first bytes of `name`, zeros behind a shorter one.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds fails the build")]
const fn start(name: &[u8]) -> [u8; KEY_LEN] {
    let (mut start, mut i) = ([0; KEY_LEN], 0);
    while i < name.len() && i < KEY_LEN {
        start[i] = name[i];
        i += 1;
    }
    start
}

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
        let (mut places, mut place, mut names) = ([0; SLOTS], 1, HeaderName::ALL);
        let mut apart = true;
        while let [name, others @ ..] = names
            && apart
        {
            let mut spellings = name.spellings();
            while let [spelling, more @ ..] = spellings {
                let slot = slot(&start(spelling.as_bytes()), spelling.len(), factor);
                apart &= places[slot] == 0;
                places[slot] = place as u8;
                place += 1;
                spellings = more;
            }
            names = others;
        }
        if apart {
            break Table { factor, places };
        }
        factor = factor.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(2);
        tries += 1;
    }
};

/// The first half of a key and the length tell all spellings apart.
#[inline]
const fn slot(key: &[u8; KEY_LEN], length: usize, factor: u64) -> usize {
    let head = u128::from_le_bytes(*key) as u64;
    let mixed = (head ^ length as u64).wrapping_mul(factor);
    (mixed >> (u64::BITS - SLOTS.ilog2())) as usize
}

/// The spelling that has this key and perhaps this length.
#[inline]
fn spelling(key: Key, length: usize) -> Option<Spelling> {
    let place = usize::from(*TABLE.places.get(slot(&key.to_array(), length, TABLE.factor))?);
    let is_same = KNOWN.keys.get(place)?.simd_eq(key).to_bitmask() == 0xffff;
    KNOWN.words.get(place).copied().filter(|_| is_same)
}

/// Letters in lower case, hyphens as they are. A CR turns into a hyphen: whoever reads a name must know of none in it.
#[inline]
fn lower(bytes: u8x16) -> u8x16 {
    bytes | u8x16::splat(0x20)
}

impl HeaderName {
    /// Which header field `name` is, in any case, long or compact (RFC 3261 §7.3.3).
    #[must_use]
    pub fn of(name: &[u8]) -> Self {
        let key = match name.first_chunk() {
            Some(key) => lower(u8x16::new(*key)),
            None => lower(padded(name)) & BEFORE.get(name.len()).copied().unwrap_or_default(),
        };
        let Some(found) = spelling(key, name.len()).map(Spelling::name) else { return Self::Other };
        let is_whole = |spelling: &&str| name.eq_ignore_ascii_case(spelling.as_bytes());
        if found.spellings().iter().any(is_whole) { found } else { Self::Other }
    }

    /// The name that `line` starts with, where it is one of at most fifteen bytes with its colon right behind it: the
    /// quick way for nearly every line. `None` asks for a slower one. The line must have no CR before the colon.
    #[inline]
    pub(crate) fn quick(line: &[u8; KEY_LEN]) -> Option<Spelling> {
        let line = u8x16::new(*line);
        let colons = line.simd_eq(u8x16::splat(b':')).to_bitmask();
        // Without a colon the length is one no spelling has.
        let length = (colons | 1 << KEY_LEN).trailing_zeros() as usize;
        // With zeros behind it a key has its length in it.
        spelling(lower(line) & *BEFORE.get(length)?, length)
    }

    /// The same at `at` for names of sixteen bytes and more, which are few; a CR is seen.
    #[inline(never)]
    pub(crate) fn long(block: &[u8], at: usize) -> Option<Spelling> {
        let line = block.get(at..)?;
        let (head, tail) = line.first_chunk::<{ 2 * KEY_LEN }>()?.split_first_chunk::<KEY_LEN>()?;
        let colons = u8x16::new(*tail.first_chunk()?).simd_eq(u8x16::splat(b':')).to_bitmask();
        let length = KEY_LEN + colons.trailing_zeros() as usize;
        let found = spelling(lower(u8x16::new(*head)), length).filter(|found| found.len() == length)?;
        let name = line.get(..length)?;
        let is_whole = |spelling: &&str| name.eq_ignore_ascii_case(spelling.as_bytes());
        found.name().spellings().iter().any(is_whole).then_some(found)
    }
}

/// For each place in a key, all bits of the bytes before it; as many as the bits of a place can say, the rest empty.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds fails the build")]
static BEFORE: [Key; 2 * KEY_LEN] = {
    let (mut before, mut place) = ([u8x16::ZERO; 2 * KEY_LEN], 0);
    while place < KEY_LEN {
        before[place] = u8x16::new(((1_u128 << (8 * place)) - 1).to_le_bytes());
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
        for name in [
            "",
            "z",
            "call\rid",
            "X-CID",
            "viaa",
            "p-asserted-identitx",
            "p-asserteX-identity",
            "subscriptionXstate",
            "fro\0",
        ] {
            assert_eq!(HeaderName::of(name.as_bytes()), HeaderName::Other, "{name}");
        }
        assert_eq!(HeaderName::of(&[b'a'; 4099]), HeaderName::Other);
    }

    #[test]
    fn lines_start_with_names() {
        let check = |line: &str, expected| {
            let found = line.as_bytes().first_chunk().and_then(HeaderName::quick);
            let found = found.map(|spelling| (spelling.name(), spelling.len()));
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
        for line in ["v\0: 01234567890123", "proxy-authentica:", ": 0123456789abcdef", "v0123456789abcdef:"] {
            check(line, None);
        }
    }
}

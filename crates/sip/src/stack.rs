//! The fingerprint of the software that wrote an INVITE, whoever called and through whatever it came.
//!
//! Five groups of traits stand side by side in 64 bits, and traits that one act of a border element spoils together
//! share a group. A border that opens a new dialog (topology hiding) spoils *writing* and *tokens*, one that changes the
//! user agent spoils *agent*, one that anchors media spoils *form*, one that transcodes spoils *codecs*: three equal
//! groups of five therefore still name the stack. What a single call decides (numbers, addresses, tags, the header fields
//! of proxies, of privacy and of authentication) is in none of them. Judging what a stack is, is left to `detect`.
//!
//! | group | bits | traits |
//! |---|---|---|
//! | writing | 51 to 63 | order, case and compactness of the header names a user agent itself writes |
//! | tokens | 39 to 50 | shapes of Call-ID, From tag and branch, size of CSeq, Max-Forwards at the origin |
//! | agent | 26 to 38 | family of User-Agent; Allow and Supported as written |
//! | form | 13 to 25 | SDP: order of lines and attributes, session name, shape of the origin |
//! | codecs | 0 to 12 | SDP: payload types and names of the first medium, ptime, telephone-event |
//!
//! Measured over the INVITEs that open a call in the 443 captures of the corpus: of 20,036 pairs from one capture with one
//! User-Agent (or none) all match, six more lie in a fuzzed capture; of 382 pairs of different families none does.
//!
//! A group of which a message shows nothing is 0. The hash is fixed and part of the format: fingerprints may be stored
//! and compared between machines and versions.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::scan::{find, find_from, find_last};
use crate::sdp::Sdp;
use crate::{HeaderName, Headers, Message};

/// Equal groups that make two fingerprints one stack.
const EQUAL_MIN: usize = 3;

/// Bytes of a Call-ID, tag or branch that are looked at; no stack's random part is longer.
const SHAPE_BYTES_MAX: usize = 48;

/// One group of traits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table of the module says what each holds")]
pub enum Group {
    Writing,
    Tokens,
    Agent,
    Form,
    Codecs,
}

impl Group {
    /// All five, highest bits first.
    pub const ALL: [Self; 5] = [Self::Writing, Self::Tokens, Self::Agent, Self::Form, Self::Codecs];

    /// The lowest bit of the group and how many it has.
    const fn place(self) -> (u32, u32) {
        match self {
            Self::Writing => (51, 13),
            Self::Tokens => (39, 12),
            Self::Agent => (26, 13),
            Self::Form => (13, 13),
            Self::Codecs => (0, 13),
        }
    }
}

/// What the software that wrote a request leaves in it. `Display` writes 16 hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of the software that wrote `message`, an INVITE, and the description in its body.
    #[must_use]
    pub fn of(message: &Message<'_>, sdp: Option<&Sdp<'_>>) -> Self {
        let written = Written::of(message.headers());
        let described = sdp.map(Sdp::traits).unwrap_or_default();
        Self::default()
            .with(Group::Writing, written.writing)
            .with(Group::Tokens, written.tokens())
            .with(Group::Agent, Mix(written.agent))
            .with(Group::Form, described.form)
            .with(Group::Codecs, described.codecs)
    }

    /// The fingerprint with these [`bits`](Self::bits).
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// All five groups, placed as the table of the module shows.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// One group; `None` if the message showed nothing of it.
    #[must_use]
    pub fn group(self, group: Group) -> Option<u16> {
        let (low, width) = group.place();
        let bits = self.0 >> low & ((1 << width) - 1);
        u16::try_from(bits).ok().filter(|bits| *bits != 0)
    }

    /// Whether both were written by one stack as far as can be seen: at least three groups are there and equal.
    #[must_use]
    pub fn matches(self, other: Self) -> bool {
        let equal = |group: &Group| self.group(*group).is_some_and(|bits| other.group(*group) == Some(bits));
        Group::ALL.iter().filter(|group| equal(group)).count() >= EQUAL_MIN
    }

    /// Puts `mix` in its group, as 1 to the group's largest value; 0 stays for nothing.
    fn with(self, group: Group, mix: Mix) -> Self {
        let (low, width) = group.place();
        let values = (1_u64 << width) - 1;
        let bits = if mix == Mix::default() { 0 } else { 1 + (((mix.stirred() >> 32) * values) >> 32) };
        Self(self.0 | bits << low)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The family of a User-Agent: its name without version, build or device (`Asterisk PBX 18.2` → `Asterisk PBX`).
#[must_use]
pub fn family(user_agent: &[u8]) -> &[u8] {
    let end = user_agent.iter().position(|byte| matches!(byte, b'0'..=b'9' | b'/' | b'(')).unwrap_or(user_agent.len());
    user_agent.get(..end).unwrap_or_default().trim_ascii()
}

/// The header fields that a user agent itself writes, in every call of a stack. Proxies add others, and some are there in
/// some calls of a stack and not in others.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds fails the build")]
static OWN: [bool; HeaderName::COUNT] = {
    let (mut own, mut names): ([bool; HeaderName::COUNT], &[HeaderName]) = (
        [false; HeaderName::COUNT],
        &[
            HeaderName::CallId,
            HeaderName::From,
            HeaderName::CSeq,
            HeaderName::UserAgent,
            HeaderName::Allow,
            HeaderName::Supported,
            HeaderName::To,
            HeaderName::Contact,
            HeaderName::ContentType,
            HeaderName::ContentLength,
            HeaderName::ContentDisposition,
            HeaderName::MimeVersion,
            HeaderName::Accept,
            HeaderName::AllowEvents,
            HeaderName::Date,
            HeaderName::Expires,
            HeaderName::MinSe,
            HeaderName::SessionExpires,
            HeaderName::Organization,
            HeaderName::Subject,
        ],
    );
    while let [name, rest @ ..] = names {
        own[*name as usize] = true;
        names = rest;
    }
    own
};

/// What the header fields show of who wrote them, gathered in one pass.
#[derive(Default)]
struct Written<'a> {
    writing: Mix,
    /// A sum, so that the order of the fields stays a trait of the first group alone.
    agent: u64,
    /// The last field of each name, and how many hops there are.
    call_id: &'a [u8],
    from: &'a [u8],
    cseq: &'a [u8],
    max_forwards: &'a [u8],
    via: &'a [u8],
    vias: u64,
}

impl<'a> Written<'a> {
    fn of(headers: &Headers<'a>) -> Self {
        const CALL_ID: u8 = HeaderName::CallId as u8;
        const FROM: u8 = HeaderName::From as u8;
        const CSEQ: u8 = HeaderName::CSeq as u8;
        const MAX_FORWARDS: u8 = HeaderName::MaxForwards as u8;
        const VIA: u8 = HeaderName::Via as u8;
        const USER_AGENT: u8 = HeaderName::UserAgent as u8;
        const ALLOW: u8 = HeaderName::Allow as u8;
        const SUPPORTED: u8 = HeaderName::Supported as u8;
        let mut written = Self::default();
        for (number, field) in headers.numbered() {
            if OWN.get(usize::from(number)).is_some_and(|&own| own) {
                written.writing.bytes(headers.name(field));
            }
            match number {
                CALL_ID => written.call_id = headers.value(field),
                FROM => written.from = headers.value(field),
                CSEQ => written.cseq = headers.value(field),
                MAX_FORWARDS => written.max_forwards = headers.value(field),
                VIA => {
                    written.via = headers.value(field);
                    written.vias += 1 + commas(written.via);
                }
                USER_AGENT => written.sum_up(1, family(headers.value(field))),
                ALLOW => written.sum_up(2, headers.value(field)),
                SUPPORTED => written.sum_up(3, headers.value(field)),
                _ => {}
            }
        }
        written
    }

    fn sum_up(&mut self, start: u64, value: &[u8]) {
        self.agent = self.agent.wrapping_add(Mix::of(start, value).0);
    }

    fn tokens(&self) -> Mix {
        let &Self { call_id, from, cseq, max_forwards, via, vias, .. } = self;
        let mut mix = Mix::default();
        if call_id.is_empty() {
            return mix;
        }
        let at = find([b'@'], call_id);
        let (local, host) = call_id.split_at_checked(at.unwrap_or(call_id.len())).unwrap_or_default();
        mix.add(shape(local));
        mix.add(1 + u64::from(!host.is_empty()) + u64::from(host.get(1).is_some_and(u8::is_ascii_digit)));
        mix.add(parameter(from, find_last(b'>', from).unwrap_or(0), b"tag").map_or(0, shape));
        // The last one is nearest the origin: every proxy puts its own above it.
        mix.add(parameter(via, find_last(b',', via).unwrap_or(0), b"branch").map_or(0, branch_shape));
        let digits = cseq.iter().take_while(|byte| byte.is_ascii_digit()).count();
        mix.add(u64::from(digits > 3));
        // Every proxy on the way took one and added a Via.
        let left = max_forwards.iter().fold(0_u64, |sum, digit| sum.wrapping_mul(10) + u64::from(digit & 0xf));
        mix.add(left.wrapping_add(vias));
        mix
    }
}

fn commas(value: &[u8]) -> u64 {
    if find([b','], value).is_none() { 0 } else { memchr::memchr_iter(b',', value).count() as u64 }
}

/// The value of the first parameter `name` of a header field from `from` on.
fn parameter<'a>(value: &'a [u8], from: usize, name: &[u8]) -> Option<&'a [u8]> {
    let mut at = from;
    while let Some(semicolon) = find_from([b';'], value, at) {
        at = semicolon + 1;
        let param = value.get(at..)?.trim_ascii_start();
        if let Some((found, [b'=', text @ ..])) = param.split_at_checked(name.len())
            && found.eq_ignore_ascii_case(name)
        {
            let start = value.len() - text.len();
            return value.get(start..find_from([b';', b',', b' '], value, start).unwrap_or(value.len()));
        }
    }
    None
}

/// A branch without the cookie that RFC 3261 §8.1.1.7 puts before it; its absence is a trait.
fn branch_shape(branch: &[u8]) -> u64 {
    match branch.split_at_checked(7) {
        Some((cookie, rest)) if cookie.eq_ignore_ascii_case(b"z9hG4bK") => shape(rest) | 1 << 16,
        _ => shape(branch),
    }
}

const DIGIT: u8 = 1;
const HEX_LOWER: u8 = 1 << 1;
const LOWER: u8 = 1 << 2;
const HEX_UPPER: u8 = 1 << 3;
const UPPER: u8 = 1 << 4;
const DASH: u8 = 1 << 5;
const DOT: u8 = 1 << 6;
const OTHER: u8 = 1 << 7;

/// Which class each byte belongs to.
const CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let (mut rest, mut byte): (&mut [u8], u8) = (&mut classes, 0);
    while let [class, after @ ..] = rest {
        *class = match byte {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'f' => HEX_LOWER,
            b'g'..=b'z' => LOWER,
            b'A'..=b'F' => HEX_UPPER,
            b'G'..=b'Z' => UPPER,
            b'-' => DASH,
            b'.' => DOT,
            _ => OTHER,
        };
        byte = byte.wrapping_add(1);
        rest = after;
    }
    classes
};

/// What a random token of this generator looks like: its alphabet, its separators, and its length where the alphabet
/// makes that steady. Decimal numbers are written without leading zeros, so theirs is not.
fn shape(token: &[u8]) -> u64 {
    let looked_at = token.get(..SHAPE_BYTES_MAX).unwrap_or(token);
    let class = |byte: &u8| CLASSES.get(usize::from(*byte)).copied().unwrap_or(OTHER);
    let (fours, rest) = looked_at.as_chunks::<4>();
    let seen = fours.iter().fold(0, |seen, [a, b, c, d]| seen | class(a) | class(b) | class(c) | class(d));
    let mut seen = rest.iter().fold(seen, |seen, byte| seen | class(byte));
    // A wider alphabet holds the narrower ones, whether or not chance showed them this time.
    if seen & (LOWER | UPPER) != 0 {
        seen |= DIGIT;
    }
    if seen & LOWER != 0 {
        seen |= HEX_LOWER;
    }
    if seen & UPPER != 0 {
        seen |= HEX_UPPER;
    }
    if seen & (HEX_LOWER | HEX_UPPER) != 0 {
        seen |= DIGIT;
    }
    let length = match token.len() {
        _ if seen & !(DIGIT | DASH | DOT | OTHER) == 0 => 1,
        0..=5 => 2,
        6..=11 => 3,
        12..=19 => 4,
        20..=28 => 5,
        29..=35 => 6,
        _ => 7,
    };
    u64::from(seen) << 8 | length
}

/// The fixed hash of the fingerprint: words are XORed in and spread by a multiplication and a shift. It shall be the
/// same for ever and everywhere; nothing else is asked of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mix(u64);

impl Mix {
    /// An odd number near 2⁶⁴ divided by the golden ratio.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

    fn of(start: u64, bytes: &[u8]) -> Self {
        let mut mix = Self(start);
        mix.bytes(bytes);
        mix
    }

    /// Takes one word.
    #[inline]
    pub(crate) const fn add(&mut self, word: u64) {
        let spread = (self.0 ^ word).wrapping_add(Self::FACTOR).wrapping_mul(Self::FACTOR);
        self.0 = spread ^ spread >> 32;
    }

    /// Takes bytes, eight at a time and little end first, and their length.
    #[inline]
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) else { return self.few(bytes) };
        self.add(u64::from_le_bytes(*first));
        let length = bytes.len();
        if let 8..16 = length {
            // The last eight bytes again, as far as they were taken: no loop.
            let tail = if length == 8 { 0 } else { u64::from_le_bytes(*last) };
            return self.add(tail ^ (length as u64) << 56);
        }
        self.many(bytes.get(8..).unwrap_or_default(), length);
    }

    /// Takes fewer than eight bytes.
    #[inline]
    fn few(&mut self, bytes: &[u8]) {
        let tail = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(head), Some(tail)) => {
                u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*tail)) << 32
            }
            _ => bytes.iter().rev().fold(0, |tail, byte| tail << 8 | u64::from(*byte)),
        };
        self.add(tail ^ (bytes.len() as u64) << 56);
    }

    /// Goes on with what lies behind the first eight of `length` bytes, at least eight.
    fn many(&mut self, bytes: &[u8], length: usize) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let last = bytes.last_chunk().filter(|_| !rest.is_empty());
        self.add(last.map_or(0, |last| u64::from_le_bytes(*last)) ^ (length as u64) << 56);
    }

    /// What has been taken so far.
    pub(crate) const fn word(self) -> u64 {
        self.0
    }

    /// All bits spread over the high ones.
    const fn stirred(self) -> u64 {
        let spread = self.0.wrapping_mul(Self::FACTOR);
        (spread ^ spread >> 29).wrapping_mul(Self::FACTOR)
    }
}

#[cfg(test)]
mod tests;

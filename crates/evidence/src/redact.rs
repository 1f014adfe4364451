//! Telephone numbers replaced by others: each by one of its own length, the same by the same, in records as in packets. Whoever has the key can
//! find the pseudonym of a number that he knows; nobody can get from a pseudonym to its number but by trying all numbers with the key.
//!
//! What is replaced, in a SIP message: names that callers show; digits of user parts in every URI; any run of seven digits or more, with or
//! without separators between them where people write; all of Identity headers, whose tokens hold numbers in base 64, and of every header that
//! is not listed here, since nobody knows what a switch writes there; bodies other than SDP, which may hold them in binary (ISUP). At the end
//! numbers that are known are looked for once more, spelt with whatever separators, or in base 64. Lengths stay, so that what counts bytes
//! still holds. The groups of a UUID, with which signers name their customers, are no parts of one number.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;

use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::Value;

use crate::spelt::{RUN_MAX, RUN_MIN, Spelt};

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Letters of a UUID (RFC 9562 §4).
const UUID: usize = 36;
/// What stands in sentences of ours before the address of a certificate, and before its owner's name for a customer (`origid`).
const SIGNERS: [&[u8]; 2] = [b"signed for by ", b" for origin "];
/// What people and switches put between digits, and how many of these.
const BETWEEN: &[u8] = b"-. ()/";
const GAP_MAX: usize = 2;

/// What replaces numbers.
#[derive(Debug)]
pub struct Redactor {
    key: hmac::Key,
    /// Numbers that are known.
    known: Spelt,
    /// What was replaced so far, and by what.
    replaced: RefCell<BTreeMap<String, String>>,
}

impl Redactor {
    /// One with a key, that knows these numbers: digits in international form. Spellings of them are told for one number.
    ///
    /// # Errors
    /// More numbers than can be looked for.
    pub fn new<'n>(key: &[u8], numbers: impl IntoIterator<Item = &'n str>) -> io::Result<Self> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        let digits = |number: &str| number.chars().filter(char::is_ascii_digit).collect();
        let numbers = numbers.into_iter().map(digits).collect();
        let known = Spelt::new(&numbers, |number, time| drawn(&key, number, time)).map_err(io::Error::other)?;
        Ok(Self { key, known, replaced: RefCell::default() })
    }

    /// One with a key that nobody had before and nobody has later.
    ///
    /// # Errors
    /// That the system gives no random bytes, or more numbers than can be looked for.
    pub fn with_new_key<'n>(numbers: impl IntoIterator<Item = &'n str>) -> io::Result<Self> {
        let mut key = [0; KEY_BYTES];
        let filled = SystemRandom::new().fill(&mut key);
        filled.map_err(|_| io::Error::other("the system gives no random bytes"))?;
        Self::new(&key, numbers)
    }

    /// Which digits stand in the place of which: of all numbers that are known, and of whatever else was replaced so far.
    #[must_use]
    pub fn replaced(&self) -> BTreeMap<String, String> {
        let mut all = self.replaced.borrow().clone();
        all.extend(self.known.all().cloned());
        all
    }

    /// What stands for a run of digits: as many.
    #[must_use]
    pub fn digits(&self, run: &str) -> String {
        let stands = self.standing_for(run);
        // Where no digit stands none was replaced.
        if !run.is_empty() {
            self.replaced.borrow_mut().insert(run.to_owned(), stands.clone());
        }
        stands
    }

    fn standing_for(&self, run: &str) -> String {
        // A prefix stands before the whole number: that of a network, or two zeros.
        if let Some((ahead, stands)) = self.known.at_end(run) {
            return format!("{}{stands}", self.ahead(run.get(..ahead).unwrap_or_default()));
        }
        // Or its country is left out, and a zero stands there.
        let national = run.trim_start_matches('0');
        match self.known.with_tail(national) {
            Some(stands) => format!("{}{stands}", run.get(..run.len() - national.len()).unwrap_or_default()),
            None => self.known.unlike(|time| drawn(&self.key, run, time)),
        }
    }

    /// What stands for a prefix: zeros say nothing, all else may.
    fn ahead(&self, prefix: &str) -> String {
        if prefix.bytes().all(|digit| digit == b'0') { prefix.to_owned() } else { drawn(&self.key, prefix, 0) }
    }

    /// A SIP message without its numbers, as long as it was.
    #[must_use]
    pub fn message(&self, message: &[u8]) -> Vec<u8> {
        let mut out = message.to_vec();
        // Lenient: lines of the head may end in a bare LF, as where it is read.
        let ends = [b"\r\n\r\n".as_slice(), b"\n\n"];
        let ends = ends.into_iter().filter_map(|end| Some(memchr::memmem::find(message, end)? + end.len()));
        let head_end = ends.min().unwrap_or(message.len());
        let (head, body) = out.split_at_mut(head_end);
        let (mut is_sdp, mut is_other) = (false, false);
        let mut field: Field = Field::Start;
        let mut from = 0;
        while from < head.len() {
            let rest = head.get_mut(from..).unwrap_or_default();
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let line = rest.get_mut(..length).unwrap_or_default();
            from += length;
            // A folded line goes on with the field before it (RFC 3261 §7.3.1).
            if from > length && !matches!(line.first(), Some(b' ' | b'\t')) {
                field = Field::of(line);
            }
            match field {
                Field::Start | Field::Plain => self.plain(line),
                Field::People => self.people(line),
                Field::Unknown => blank(line),
                Field::ContentType => {
                    let lower = line.to_ascii_lowercase();
                    let value = memchr::memchr(b':', &lower)
                        .map_or(lower.as_slice(), |at| lower.get(at + 1..).unwrap_or_default());
                    let sdp = value.trim_ascii().strip_prefix(b"application/sdp");
                    let sdp = sdp.is_some_and(|rest| rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric()));
                    (is_sdp, is_other) = (is_sdp | sdp, is_other | !sdp);
                    self.plain(line);
                }
                Field::Via => self.runs(line, b"", &[]),
            }
            self.sweep(line);
        }
        if is_sdp && !is_other {
            self.session(body);
        } else {
            body.fill(b'x');
        }
        out
    }

    /// A session description: what is written for people loses its words too (RFC 8866 §5.3 to §5.6).
    fn session(&self, body: &mut [u8]) {
        for line in body.split_mut(|byte| *byte == b'\n') {
            match line {
                [b's' | b'i' | b'u' | b'e' | b'p', b'=', ..] => {
                    line.iter_mut()
                        .skip(2)
                        .filter(|byte| byte.is_ascii_graphic() || !byte.is_ascii())
                        .for_each(|byte| *byte = b'x');
                }
                _ => self.plain(line),
            }
            self.sweep(line);
        }
    }

    /// Known numbers that stand here all the same: with separators and digits of something else around them, or in base 64.
    fn sweep(&self, text: &mut [u8]) {
        let mut places: Vec<usize> = Vec::new();
        for at in 0..=text.len() {
            let gap = places.last().map_or(0, |last| at - last - 1);
            match text.get(at) {
                Some(byte) if byte.is_ascii_digit() => places.push(at),
                Some(byte) if (BETWEEN.contains(byte) || *byte == b'+') && gap <= GAP_MAX => {}
                _ => {
                    self.ends(text, &places);
                    places.clear();
                }
            }
        }
        while let Some(at) = self.known.in_base64(text) {
            let letters = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
            let from = text.iter().take(at).rposition(|byte| !letters(byte)).map_or(0, |place| place + 1);
            let token = text.iter_mut().skip(from).take_while(|byte| letters(byte));
            token.for_each(|byte| *byte = b'x');
        }
    }

    /// Ends of known numbers among digits that stand at these places.
    fn ends(&self, text: &mut [u8], places: &[usize]) {
        if places.len() < RUN_MIN {
            return;
        }
        let digits: Vec<u8> = places.iter().filter_map(|place| text.get(*place).copied()).collect();
        for (at, stands) in self.known.ends(&digits) {
            for (place, digit) in places.iter().skip(at).zip(stands) {
                text.get_mut(*place).into_iter().for_each(|byte| *byte = *digit);
            }
        }
    }

    /// User parts, and runs without separators.
    fn plain(&self, line: &mut [u8]) {
        escapes(line);
        let done = self.user_parts(line);
        self.runs(line, b"", &done);
    }

    /// Names besides, and runs with what people put between digits.
    fn people(&self, line: &mut [u8]) {
        escapes(line);
        let done = self.user_parts(line);
        names(line);
        self.runs(line, BETWEEN, &done);
    }

    /// Digits of any number that make up the user part of a URI, or stand in `tel:`; where they stand.
    fn user_parts(&self, line: &mut [u8]) -> Vec<Range<usize>> {
        let mut done = Vec::new();
        for scheme in [b"sip:".as_slice(), b"sips:", b"tel:"] {
            let lower = line.to_ascii_lowercase();
            for at in memchr::memmem::find_iter(&lower, scheme) {
                let rest = line.get_mut(at + scheme.len()..).unwrap_or_default();
                let end = rest.iter().position(|byte| matches!(byte, b'@' | b'>' | b';' | b' ' | b'\r' | b'"' | b','));
                let until = end.unwrap_or(rest.len());
                let whole = scheme == b"tel:" || rest.get(until) == Some(&b'@') || rest.get(until) == Some(&b';');
                let user = rest.get_mut(..until).unwrap_or_default();
                // An address without a user is no user.
                let digits = user.iter().filter(|byte| byte.is_ascii_digit()).count();
                let others = user.iter().filter(|byte| !byte.is_ascii_digit() && !b"+*#-.()".contains(byte)).count();
                if whole && digits > 0 && others == 0 && !is_address(user) {
                    self.replace(user);
                    let begun = at + scheme.len();
                    done.push(begun..begun + until);
                }
            }
        }
        done
    }

    /// Runs of so many digits that they may be a number; up to two of `between` may stand between two digits. What is `done` is left alone.
    fn runs(&self, line: &mut [u8], between: &[u8], done: &[Range<usize>]) {
        let mut at = 0;
        while at < line.len() {
            if let Some(past) = done.iter().find(|past| past.contains(&at)) {
                at = past.end;
                continue;
            }
            if !line.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
                continue;
            }
            let (mut end, mut next, mut digits) = (at, at, 0);
            while let Some(byte) = line.get(next) {
                if done.iter().any(|past| past.contains(&next)) {
                    break;
                }
                if byte.is_ascii_digit() && digits < RUN_MAX {
                    (digits, next) = (digits + 1, next + 1);
                    end = next;
                } else if between.contains(byte) && next - end < GAP_MAX {
                    next += 1;
                } else {
                    break;
                }
            }
            let run = line.get_mut(at..end).unwrap_or_default();
            if digits >= RUN_MIN && !is_address(run) {
                self.replace(run);
            }
            at = end;
        }
    }

    /// The digits of a piece by others; what stands between them stays.
    fn replace(&self, piece: &mut [u8]) {
        let digits: String = piece.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| char::from(*byte)).collect();
        let stands = self.digits(&digits);
        let places = piece.iter_mut().filter(|byte| byte.is_ascii_digit());
        places.zip(stands.bytes()).for_each(|(place, digit)| *place = digit);
    }

    /// A record without its numbers.
    pub fn record(&self, record: &mut Value) {
        self.walk(record, "");
    }

    fn walk(&self, value: &mut Value, key: &str) {
        match value {
            Value::String(text) if says_nothing(text) => {}
            Value::String(text) => match key {
                "display" => *text = "x".repeat(text.chars().count()),
                // What senders wrote, with whatever they put between digits.
                "raw" | "diversion" | "number" | "called" | "callers" | "caller_shown" => {
                    self.text(text, |redactor, bytes| redactor.loose(bytes));
                }
                "user_agent" | "signer" | "origin_id" => self.text(text, Self::token),
                _ => self.text(text, Self::sentence),
            },
            Value::Array(list) => list.iter_mut().for_each(|entry| self.walk(entry, key)),
            Value::Object(fields) => {
                let kind = fields.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
                let of_number = matches!(kind.as_str(), "number" | "number_block" | "destination_block" | "callee");
                for (key, value) in fields {
                    // An entity: what its value is, its kind says.
                    let key = match (key.as_str(), kind.as_str()) {
                        ("value", _) if of_number => "number",
                        ("value", "customer") => "signer",
                        (key, _) => key,
                    };
                    self.walk(value, key);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&self, text: &mut String, change: impl Fn(&Self, &mut [u8])) {
        // Digits of other scripts are digits too, for whoever reads them.
        let mut bytes: Vec<u8> = text.chars().map(latin).collect::<String>().into_bytes();
        escapes(&mut bytes);
        change(self, &mut bytes);
        self.sweep(&mut bytes);
        *text = String::from_utf8_lossy(&bytes).into_owned();
    }

    /// What a machine is called by another: with what people put between digits, but for the groups of a UUID. One of these is what it is wherever
    /// it stands, and digits that stand in it without a gap may be a number all the same.
    fn token(&self, bytes: &mut [u8]) {
        let mut from = 0;
        for uuid in uuids(bytes) {
            self.runs(bytes.get_mut(from..uuid.start).unwrap_or_default(), BETWEEN, &[]);
            self.runs(bytes.get_mut(uuid.clone()).unwrap_or_default(), b"", &[]);
            from = uuid.end;
        }
        self.runs(bytes.get_mut(from..).unwrap_or_default(), BETWEEN, &[]);
    }

    /// A sentence of ours: what signers are called in it is what they are called in records.
    fn sentence(&self, bytes: &mut [u8]) {
        let ends =
            SIGNERS.iter().flat_map(|before| memchr::memmem::find_iter(bytes, before).map(|at| at + before.len()));
        let word = |from: usize| from..from + bytes.iter().skip(from).take_while(|byte| **byte != b' ').count();
        let named: Vec<_> = ends.map(word).collect();
        for name in &named {
            self.token(bytes.get_mut(name.clone()).unwrap_or_default());
        }
        self.runs(bytes, b"", &named);
    }

    /// Every digit of a field that holds a number, however few.
    fn loose(&self, bytes: &mut [u8]) {
        if !is_address(bytes) {
            self.replace(bytes);
        }
    }
}

/// The numbers that a record names: their digits, for a redactor to know them.
pub fn numbers(record: &Value, found: &mut BTreeSet<String>) {
    match record {
        Value::Array(list) => list.iter().for_each(|entry| numbers(entry, found)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if matches!(key.as_str(), "number" | "raw" | "diversion" | "caller_shown") => {
                        let digits: String = text.chars().map(latin).filter(char::is_ascii_digit).collect();
                        // Two zeros before it, or one, are not the number's own.
                        found.insert(digits.trim_start_matches('0').to_owned());
                    }
                    _ => numbers(value, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What a line of the head begins.
#[derive(Clone, Copy)]
enum Field {
    Start,
    /// Written by machines.
    Plain,
    /// Written for people, or about them.
    People,
    Via,
    ContentType,
    /// Nobody knows what stands there.
    Unknown,
}

impl Field {
    fn of(line: &[u8]) -> Self {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
        match name.as_slice() {
            b"" => Self::Plain,
            b"via" | b"v" => Self::Via,
            b"content-type" | b"c" => Self::ContentType,
            b"from"
            | b"f"
            | b"to"
            | b"t"
            | b"contact"
            | b"m"
            | b"subject"
            | b"s"
            | b"p-asserted-identity"
            | b"p-preferred-identity"
            | b"remote-party-id"
            | b"diversion"
            | b"history-info"
            | b"referred-by"
            | b"b"
            | b"refer-to"
            | b"r"
            | b"reply-to"
            | b"p-called-party-id"
            | b"warning" => Self::People,
            b"call-id"
            | b"i"
            | b"cseq"
            | b"max-forwards"
            | b"content-length"
            | b"l"
            | b"expires"
            | b"min-expires"
            | b"session-expires"
            | b"x"
            | b"min-se"
            | b"allow"
            | b"supported"
            | b"k"
            | b"require"
            | b"proxy-require"
            | b"unsupported"
            | b"accept"
            | b"accept-encoding"
            | b"accept-language"
            | b"user-agent"
            | b"server"
            | b"route"
            | b"record-route"
            | b"path"
            | b"service-route"
            | b"date"
            | b"timestamp"
            | b"rack"
            | b"rseq"
            | b"event"
            | b"o"
            | b"allow-events"
            | b"u"
            | b"subscription-state"
            | b"reason"
            | b"retry-after"
            | b"privacy"
            | b"mime-version"
            | b"content-disposition"
            | b"content-encoding"
            | b"e"
            | b"content-language"
            | b"in-reply-to"
            | b"replaces"
            | b"priority"
            | b"p-early-media"
            | b"session-id" => Self::Plain,
            _ => Self::Unknown,
        }
    }
}

/// Names that stand in quotes, or before the bracket of an address, become x.
fn names(line: &mut [u8]) {
    let colon = memchr::memchr(b':', line).map_or(0, |at| at + 1);
    let value = line.get_mut(colon..).unwrap_or_default();
    let bracket = memchr::memchr(b'<', value);
    let (mut quoted, mut escaped) = (false, false);
    for byte in value.iter_mut() {
        match *byte {
            _ if escaped => (*byte, escaped) = (b'x', false),
            b'\\' if quoted => (*byte, escaped) = (b'x', true),
            b'"' => quoted = !quoted,
            _ if quoted => *byte = b'x',
            _ => {}
        }
    }
    if let Some(bracket) = bracket {
        let name = value.get_mut(..bracket).unwrap_or_default();
        name.iter_mut().filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii()).for_each(|byte| *byte = b'x');
    }
}

/// `%34` and its like are digits too: they lose their value.
fn escapes(line: &mut [u8]) {
    for at in 0..line.len() {
        if let Some([b'%', b'3', digit]) = line.get_mut(at..at + 3)
            && digit.is_ascii_digit()
        {
            *digit = b'0';
        }
    }
}

/// All of a field behind its name becomes x, and its name stays; all of a line that goes on with it, too.
fn blank(line: &mut [u8]) {
    let goes_on = matches!(line.first(), Some(b' ' | b'\t'));
    let named = memchr::memchr(b':', line).filter(|_| !goes_on);
    let value = line.get_mut(named.map_or(0, |at| at + 1)..).unwrap_or_default();
    value.iter_mut().filter(|byte| byte.is_ascii_graphic() || !byte.is_ascii()).for_each(|byte| *byte = b'x');
}

/// As many digits as a text has that follow from a key and the text, drawn the first `time` or again; never the text's own.
fn drawn(key: &hmac::Key, text: &str, time: u32) -> String {
    let (length, again) = (text.len(), " again".repeat(time as usize));
    let mut drawn = String::with_capacity(length);
    for round in 0_u32.. {
        let tag = hmac::sign(key, format!("{round} {text}{again}").as_bytes());
        // Of a byte under 250 the last digit is as good as any other.
        let digits = tag.as_ref().iter().filter(|byte| **byte < 250).map(|byte| char::from(b'0' + byte % 10));
        drawn.extend(digits.take(length - drawn.len()));
        if drawn.len() == length {
            break;
        }
    }
    if drawn == text && length > 0 { self::drawn(key, text, time + 1) } else { drawn }
}

/// A time, an address or a hash: no number of anybody's.
fn says_nothing(text: &str) -> bool {
    let hash = matches!(text.len(), 16 | 64)
        && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let time = || {
        let form = |byte: u8| byte.is_ascii_digit() || b"-:.TZ".contains(&byte);
        (20..=30).contains(&text.len())
            && text.ends_with('Z')
            && text.get(10..11) == Some("T")
            && text.bytes().all(form)
    };
    let address = || {
        let (ip, prefix) = text.split_once('/').unwrap_or((text, "0"));
        (ip.parse::<std::net::IpAddr>().is_ok() && prefix.parse::<u8>().is_ok())
            || text.parse::<std::net::SocketAddr>().is_ok()
    };
    hash || time() || address()
}

/// Where UUIDs stand, each as a word of its own.
fn uuids(text: &[u8]) -> Vec<Range<usize>> {
    let ends = |at: Option<usize>| at.and_then(|at| text.get(at)).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let begins = |at: &usize| ends(at.checked_sub(1)) && ends(Some(at + UUID)) && text.get(*at..).is_some_and(is_uuid);
    (0..text.len()).filter(begins).map(|at| at..at + UUID).collect()
}

/// Whether a UUID begins here, of a version and a variant that there are: 8, 4, 4, 4 and 12 hexadecimal digits.
fn is_uuid(text: &[u8]) -> bool {
    let fits = |(place, byte): (usize, &u8)| match place {
        8 | 13 | 18 | 23 => *byte == b'-',
        14 => (b'1'..=b'8').contains(byte),
        19 => b"89abAB".contains(byte),
        _ => byte.is_ascii_hexdigit(),
    };
    text.get(..UUID).is_some_and(|text| text.iter().enumerate().all(fits))
}

/// Whether it is an IPv4 address.
fn is_address(run: &[u8]) -> bool {
    std::str::from_utf8(run).is_ok_and(|text| text.parse::<std::net::Ipv4Addr>().is_ok())
}

/// A decimal digit of another script as one of ASCII.
fn latin(letter: char) -> char {
    let zero = match letter {
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        _ => return letter,
    };
    char::from_digit(letter as u32 - zero as u32, 10).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str = "INVITE sip:0015550100001@198.51.100.7:5060;user=phone SIP/2.0\r\n\
        Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK441632960001\r\n\
        From: \"Bank 020 7946 0001\" <sip:+441632960001@192.0.2.1>;tag=7\r\n\
        To: +1 (555) 010-0001 <sip:0015550100001@198.51.100.7>\r\n\
        P-Asserted-Identity: <tel:+44-1632-960001>\r\n\
        Contact: <sip:%34%34%31632960001@192.0.2.1:5060>\r\n\
        X-Dialled: 9,,01632960001\r\n\
        Reason: Q.850;cause=16;text=\"9 44 1632 96-0001 7\"\r\n\
        Call-Token: KzQ0MTYzMjk2MDAwMQ==\r\n\
        Session-ID: ab.NDQxNjMyOTYwMDAx.cd\r\n\
        Identity: eyJhbGciOiJFUzI1NiJ9.eyJvcmlnIjp7InRuIjoiNDQxNjMyOTYwMDAxIn19.c2ln;info=<https://a.example/b>\r\n\
        Call-ID: 441632960001-1@192.0.2.1\r\n\
        CSeq: 1 INVITE\r\n\
        Content-Type: application/sdp\r\n\
        Content-Length: 102\r\n\r\n\
        v=0\r\no=441632960001 1 1 IN IP4 192.0.2.1\r\ns=Call of Bob\r\np=+44 1632 960001\r\nm=audio 49170 RTP/AVP 0 8 18 101\r\n";

    fn redactor() -> Redactor {
        Redactor::new(b"a key of the laboratory, 32 bytes", ["+441632960001", "+15550100001"]).unwrap()
    }

    #[test]
    fn a_message_keeps_its_form_and_none_of_its_numbers() {
        let shown = redactor().message(INVITE.as_bytes());
        assert_eq!(shown.len(), INVITE.len());
        let shown = String::from_utf8(shown).unwrap();
        for secret in [
            "2960001", "960001", "0100001", "010-0001", "7946", "Bank", "eyJ", "NDQx", "%34", "96-0001", "MTYz", "Bob",
            "1632 9",
        ] {
            assert!(!shown.contains(secret), "{secret} in\n{shown}");
        }
        for kept in [
            "SIP/2.0/UDP 192.0.2.1:5060",
            "@198.51.100.7:5060;user=phone SIP/2.0",
            "RTP/AVP 0 8 18 101",
            "IN IP4 192.0.2.1",
            "CSeq: 1 INVITE",
            "Content-Length: 102",
            "\r\ns=xxxx xx xxx\r\n",
            "X-Dialled: xxxxxxxxxxxxxx\r\n",
            "Session-ID: ab.xxxxxxxxxxxxxxxx.cd",
        ] {
            assert!(shown.contains(kept), "{kept} not in\n{shown}");
        }
        // However it is spelt, it is the same number.
        let one = redactor().digits("441632960001");
        let national = redactor().digits("01632960001");
        assert_eq!(one.get(2..), national.get(1..), "{one} {national}");
        assert!(shown.contains(&format!("<sip:+{one}@")) && shown.contains(&format!("Call-ID: {one}-1@")), "{shown}");
        let callee = redactor().digits("0015550100001");
        assert_eq!(callee, format!("00{}", redactor().digits("15550100001")));
        assert_eq!(shown.matches(&callee).count(), 2, "{shown}");
    }

    #[test]
    fn short_numbers_of_user_parts_go_too_and_codes_stay() {
        let text = "SIP/2.0 100 Trying\r\nFrom: <sip:100@192.0.2.1>\r\nTo: sip:112@192.0.2.2\r\nRoute: <sip:192.0.2.9:5060;lr>\r\n\r\n";
        let shown = String::from_utf8(redactor().message(text.as_bytes())).unwrap();
        assert!(shown.starts_with("SIP/2.0 100 Trying") && shown.contains("<sip:192.0.2.9:5060;lr>"), "{shown}");
        assert!(!shown.contains("sip:100@") && !shown.contains("sip:112@"), "{shown}");
    }

    #[test]
    fn bodies_that_are_no_sdp_are_blanked() {
        let text = b"INVITE sip:a@b SIP/2.0\r\nContent-Type: application/ISUP\r\n\r\n\x01\x44\x16\x32\x96";
        assert!(redactor().message(text).ends_with(b"\r\n\r\nxxxxx"));
    }

    /// What a signer calls its customer is no number, and the same wherever it stands; a number that is put into it goes all the same.
    #[test]
    fn the_name_of_a_customer_is_the_same_everywhere() {
        let redactor = redactor();
        let told = |origin: &str| {
            let mut record = serde_json::json!({
                "origin_id": origin, "signer": "https://a.example/2026-03-01/shaken.pem",
                "entity": { "kind": "customer", "value": format!("https://a.example/2026-03-01/shaken.pem for origin {origin}") },
                "summary": format!("Whoever is signed for by https://a.example/2026-03-01/shaken.pem for origin {origin} has called 3 people"),
            });
            redactor.record(&mut record);
            let [signer, shown] = ["signer", "origin_id"].map(|key| record[key].as_str().unwrap().to_owned());
            assert_eq!(record["entity"]["value"], format!("{signer} for origin {shown}"));
            let summary = format!("Whoever is signed for by {signer} for origin {shown} has called 3 people");
            assert_eq!(record["summary"], summary.as_str());
            shown
        };
        for whole in ["c4299dfb-0000-4000-8000-c30dab8bc429", "0a1b2c3d-1234-4567-8901-234567abcdef", "customer 7"] {
            assert_eq!(told(whole), whole);
        }
        for (smuggled, number) in [
            ("c4299dfb-4416-4296-8001-441632960001", "441632960001"),
            ("44163296-0001-4000-8000-c30dab8bc429", "44163296-0001"),
            ("c4299dfb-0000-4000-8000-447700900123", "447700900123"),
            ("0163-296-0002", "0163-296-0002"),
        ] {
            let shown = told(smuggled);
            assert!(shown.len() == smuggled.len() && !shown.contains(number), "{shown}");
        }
        // Its form alone makes no UUID: there is no version 0.
        assert_ne!(told("c4299dfb-0000-0000-8000-c30dab8bc429"), "c4299dfb-0000-0000-8000-c30dab8bc429");
    }

    #[test]
    fn records_lose_their_numbers_and_keep_their_times() {
        let mut record = serde_json::json!({
            "call_id": "441632960001-1@192.0.2.1", "invite_at": "2026-11-28T10:00:00.000000Z",
            "caller": { "number": "+441632960001", "raw": "01632 960001", "display": "Bank" },
            "callee": { "number": "+15550100001", "raw": "100" }, "source": { "ip": "192.0.2.1" }, "stack": "1234567890123456",
            "summary": "The number +441632960001 from 192.0.2.1 has called",
        });
        let redactor = redactor();
        redactor.record(&mut record);
        let one = redactor.digits("441632960001");
        assert_eq!(record["caller"]["number"], format!("+{one}"));
        assert_eq!(record["call_id"], format!("{one}-1@192.0.2.1"));
        assert_eq!(record["summary"], format!("The number +{one} from 192.0.2.1 has called"));
        assert_eq!(
            (&record["invite_at"], &record["stack"]),
            (&"2026-11-28T10:00:00.000000Z".into(), &"1234567890123456".into())
        );
        let text = record.to_string();
        assert!(
            !text.contains("960001")
                && !text.contains("0100001")
                && !text.contains("Bank")
                && record["callee"]["raw"] != "100"
        );
    }
}

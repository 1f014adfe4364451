//! What a raw user part means. A number is read only where its digits, the dial plan and the compiled tables leave one
//! meaning; whatever has two stays [`Reading::Opaque`].
//!
//! Digits without any prefix are where numbers are misread. `2125550101` is Manhattan to an American and begins like
//! Morocco; `15012345678` is Arkansas with its country code or a mobile of China without. The rules:
//!
//! - At home (a plan with a country), national prefixes are cut first. What has none is read as a national number, as
//!   the home code without its `+`, or as a foreign number without its `+`, whichever is valid. When home and abroad
//!   both are, home wins up to ten digits and where no trunk prefix exists or it may be left out (+1); longer than
//!   that, neither does, unless the other party of the call tells ([`read_beside`]): who writes its number with the country
//!   code and no `+`, as many carriers do, writes both so.
//! - Without a home, ten digits or fewer are national numbers of nobody knows where. Eleven are read as E.164 if valid,
//!   twelve to fourteen if their length is possible, and marked [`Basis::Assumed`]. Fifteen are as a rule an IMSI and
//!   must be valid.
//! - After `00` or another international prefix the length must be possible; after `+` anything is believed.
//! - Without a home, the other party of the call may tell ([`read_beside`]): digits that are a valid number of its
//!   country and not a valid E.164 number are read so, and digits that are both are not read.

use arrayvec::ArrayVec;
use types::E164;

use crate::dialling;
use crate::place::{Validity, look_up};
use crate::plan::Plan;
use crate::symbols::{SYMBOLS_MAX, Symbols, global_context, parameter, split_once, symbols, unescaped, without_scheme};

/// Up to so many digits are an extension, a short code or an emergency number.
const SHORT_DIGITS_MAX: usize = 6;
/// The most symbols before a `#` that are taken for a technical prefix that no plan names.
const UNNAMED_PREFIX_SYMBOLS_MAX: usize = 8;
/// The names of parties who do not want to be named, or whom a gateway could not name: `anonymous` is RFC 3323 §4.1,
/// the others are what gateways send.
const WITHHELD: [&[u8]; 9] = [
    b"anonymous",
    b"restricted",
    b"unavailable",
    b"unknown",
    b"private",
    b"withheld",
    b"blocked",
    b"noname",
    b"nocallerid",
];
/// "ANONYMOUS" on a keypad, sent as a number by gateways that can only send digits. Lesotho (+266) has no such numbers.
const ANONYMOUS_ON_KEYPAD: &[u8] = b"266696687";

/// What a raw user part means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A number of the world.
    Number {
        /// The number.
        number: E164,
        /// What it was read by.
        basis: Basis,
    },
    /// The party does not want to be named.
    Withheld,
    /// An extension, a short code or a feature code: means something at one exchange only.
    Short,
    /// A name, or digits with no one meaning.
    Opaque,
}

impl Reading {
    /// The number, where there is one.
    #[must_use]
    pub const fn number(self) -> Option<E164> {
        match self {
            Self::Number { number, .. } => Some(number),
            Self::Withheld | Self::Short | Self::Opaque => None,
        }
    }
}

/// What a number was read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// It said so: `+`, an international prefix, a global `phone-context`.
    International,
    /// The dial plan's country, or that of a `phone-context`.
    National,
    /// Nothing said so, but its digits leave no other likely meaning.
    Assumed,
}

/// Reads what stands left of the `@` (or after `tel:`) as it was sent, escapes, visual separators and parameters
/// included. `phone_context` is that of the URI where the caller has cut it off already.
#[must_use]
pub fn read(user: &[u8], plan: &Plan, phone_context: Option<&[u8]>) -> Reading {
    read_with(user, plan, phone_context, None)
}

/// [`read`], with the other party to tell by what has two meanings.
#[must_use]
pub fn read_beside(user: &[u8], plan: &Plan, phone_context: Option<&[u8]>, other: Other) -> Reading {
    read_with(user, plan, phone_context, Some(other))
}

/// The other party of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Other {
    number: E164,
    /// Whether it was written with its country code, and nothing before that.
    whole: bool,
}

impl Other {
    /// A party of this number, as it was sent.
    #[must_use]
    pub fn new(number: E164, sent: &[u8]) -> Self {
        Self { number, whole: *sent == *digits_of(number) }
    }
}

/// Whether a user part, display name or host stands for a party that is not named: `Anonymous`, `anonymous.invalid`.
#[must_use]
pub fn is_withheld(word: &[u8]) -> bool {
    let word = word.trim_ascii();
    if !word.first().is_some_and(u8::is_ascii_alphabetic) {
        return false; // All of these are words, and nearly all parties have numbers.
    }
    let stem = match word.split_last_chunk::<8>() {
        Some((stem, end)) if end.eq_ignore_ascii_case(b".invalid") => stem,
        _ => word,
    };
    WITHHELD.iter().any(|name| stem.eq_ignore_ascii_case(name))
}

fn read_with(user: &[u8], plan: &Plan, phone_context: Option<&[u8]>, other: Option<Other>) -> Reading {
    if let Some(digits) = plain(user) {
        return Scope { plan, context: None, other }.plus(digits);
    }
    let scope = |context: Option<&[u8]>| Scope { plan, context: context.and_then(global_context), other };
    if !user.is_empty() && user.len() <= SYMBOLS_MAX && user.iter().all(u8::is_ascii_digit) {
        return scope(phone_context).read(without_technical(plan, user)); // Nothing to take off.
    }
    let Some(raw) = unescaped(user) else { return Reading::Opaque };
    let (body, parameters) = split_once(without_scheme(raw.trim_ascii()), b';');
    let context = parameter(parameters, b"phone-context").or(phone_context);
    let Some(symbols) = symbols(body) else {
        return if is_withheld(body) { Reading::Withheld } else { Reading::Opaque };
    };
    scope(context).read(without_technical(plan, &symbols))
}

/// The digits of what most carriers send: `+`, digits, and nothing to take off. The long way comes to the same answer,
/// since no technical prefix begins with `+` and what does needs no context.
fn plain(user: &[u8]) -> Option<&[u8]> {
    let digits = user.strip_prefix(b"+")?;
    (!digits.is_empty() && digits.len() < SYMBOLS_MAX && digits.iter().all(u8::is_ascii_digit)).then_some(digits)
}

fn without_technical<'a>(plan: &Plan, symbols: &'a [u8]) -> &'a [u8] {
    let mut cut = plan.technical.iter().filter_map(|prefix| symbols.strip_prefix(&**prefix));
    cut.find(|rest| !rest.is_empty()).unwrap_or(symbols)
}

/// How good a candidate is. Better ones are greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    None,
    Possible,
    Valid,
}

type Candidate = (Grade, Option<E164>);
const NO_CANDIDATE: Candidate = (Grade::None, None);

fn grade(number: Option<E164>) -> Candidate {
    let Some(known) = number else { return NO_CANDIDATE };
    let grade = match look_up(known).validity {
        Validity::Valid => Grade::Valid,
        Validity::Possible => Grade::Possible,
        Validity::Invalid | Validity::TooShort | Validity::TooLong => Grade::None,
    };
    (grade, number)
}

/// The number of these digits one after the other.
fn joined(first: &[u8], second: &[u8]) -> Option<E164> {
    let mut digits = ArrayVec::<u8, { E164::DIGITS_MAX }>::new();
    digits.try_extend_from_slice(first).ok()?;
    digits.try_extend_from_slice(second).ok()?;
    E164::from_digits(&digits)
}

/// What `national` digits are in a country, its code before them.
fn abroad(code: u16, national: &[u8]) -> Candidate {
    let digits = [code / 100, code / 10 % 10, code % 10].map(|digit| b'0' + u8::try_from(digit).unwrap_or(0));
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    let mut whole = ArrayVec::<u8, { E164::DIGITS_MAX }>::new();
    let fits = digits.iter().skip(zeros).chain(national).all(|&digit| whole.try_push(digit).is_ok());
    if fits { without_inner_trunk(&whole) } else { NO_CANDIDATE }
}

/// The best of the candidates, the first among equals.
fn best(candidates: impl Iterator<Item = Candidate>) -> Candidate {
    candidates.fold(NO_CANDIDATE, |best, candidate| if candidate.0 > best.0 { candidate } else { best })
}

fn is(candidate: Candidate, basis: Basis) -> Reading {
    candidate.1.map_or(Reading::Opaque, |number| Reading::Number { number, basis })
}

/// What decides a reading besides the symbols.
struct Scope<'a> {
    plan: &'a Plan,
    context: Option<Symbols>,
    other: Option<Other>,
}

impl Scope<'_> {
    fn read(&self, symbols: &[u8]) -> Reading {
        if let Some(at) = symbols.iter().rposition(|symbol| matches!(symbol, b'*' | b'#')) {
            return self.coded(symbols, at);
        }
        match symbols.iter().position(|&symbol| symbol != b'+') {
            None => Reading::Opaque,
            Some(0) => self.bare(symbols),
            Some(pluses) => self.plus(symbols.get(pluses..).unwrap_or_default()),
        }
    }

    /// Feature codes (`*97`), and numbers behind a prefix that ends in `#`, which no number contains. Behind one that
    /// the plan does not name only an international number is believed.
    fn coded(&self, symbols: &[u8], at: usize) -> Reading {
        let (prefix, rest) = symbols.split_at_checked(at + 1).unwrap_or_default();
        if prefix.ends_with(b"#") && prefix.len() <= UNNAMED_PREFIX_SYMBOLS_MAX && !prefix.contains(&b'+') {
            let reading = self.read(rest);
            if matches!(reading, Reading::Number { basis: Basis::International | Basis::Assumed, .. }) {
                return reading;
            }
        }
        if symbols.len() <= SHORT_DIGITS_MAX { Reading::Short } else { Reading::Opaque }
    }

    /// Digits after `+`. Lenient: an international or national prefix after it is cut (`+0044…`, `+0163…` at home).
    fn plus(&self, digits: &[u8]) -> Reading {
        if digits == ANONYMOUS_ON_KEYPAD {
            return Reading::Withheld;
        }
        if digits.first() == Some(&b'0') {
            return self.prefixed(digits).unwrap_or_else(|| match &self.plan.home {
                Some(home) => is(after_trunk(home.code, &home.national, digits), Basis::National),
                None => Reading::Opaque,
            });
        }
        let candidate = without_inner_trunk(digits);
        if digits.len() <= SHORT_DIGITS_MAX && candidate.0 < Grade::Valid {
            return Reading::Short;
        }
        is(candidate, Basis::International)
    }

    /// Digits without `+`.
    fn bare(&self, digits: &[u8]) -> Reading {
        if digits == ANONYMOUS_ON_KEYPAD {
            return Reading::Withheld;
        }
        if digits.len() > SHORT_DIGITS_MAX
            && let Some(reading) = self.prefixed(digits)
        {
            return reading;
        }
        if let Some(context) = &self.context {
            return in_context(context, digits);
        }
        if digits.len() <= SHORT_DIGITS_MAX {
            return Reading::Short;
        }
        match (&self.plan.home, self.other) {
            (Some(home), other) => {
                let whole = other.is_some_and(|other| other.whole);
                at_home(home.code, &home.national, digits, whole)
            }
            (None, Some(other)) => beside(other.number, digits),
            (None, None) => is(assumed(digits), Basis::Assumed),
        }
    }

    /// The number after an international prefix of the plan, or after `00`, the best there is. What follows must have
    /// a length that its country has, since IMSIs of test networks begin with 001 too.
    fn prefixed(&self, digits: &[u8]) -> Option<Reading> {
        let own = self.plan.international.iter().map(|prefix| &**prefix);
        let everywhere = Some(b"00".as_slice()).filter(|&common| own.clone().all(|prefix| prefix != common));
        let candidates = own.chain(everywhere).filter_map(|prefix| {
            let rest = digits.strip_prefix(prefix)?;
            // Without a home, 0114 may as well be Sheffield.
            let needed = if prefix == b"011" && self.plan.home.is_none() { Grade::Valid } else { Grade::Possible };
            let candidate = without_inner_trunk(rest);
            (rest.len() > SHORT_DIGITS_MAX && candidate.0 >= needed).then_some(candidate)
        });
        best(candidates).1.map(|number| Reading::Number { number, basis: Basis::International })
    }
}

/// An international number, without a trunk prefix left in after its country code (`+44 0163…`) where that mends it.
fn without_inner_trunk(digits: &[u8]) -> Candidate {
    let written = grade(E164::from_digits(digits));
    if written.0 == Grade::Valid {
        return written;
    }
    let mended = dialling::calling_code(digits).and_then(|(dialling, length)| {
        let (code, national) = digits.split_at_checked(length)?;
        let trunk = dialling.national.first()?;
        Some(grade(joined(code, national.strip_prefix(*trunk)?)))
    });
    mended.filter(|mended| mended.0 > written.0).unwrap_or(written)
}

/// A number with one of the country's national prefixes, which is cut.
fn after_trunk(code: u16, national: &[impl AsRef<[u8]>], digits: &[u8]) -> Candidate {
    let rests = national.iter().filter_map(|prefix| digits.strip_prefix(prefix.as_ref()));
    best(rests.map(|rest| abroad(code, rest)))
}

/// A bare number of a tap that knows its country, beside one that is written `whole` or otherwise. The head of this file has the rules.
fn at_home(code: u16, prefixes: &[impl AsRef<[u8]>], digits: &[u8], beside_whole: bool) -> Reading {
    let cut = after_trunk(code, prefixes, digits);
    if cut.0 > Grade::None {
        return is(cut, Basis::National);
    }
    let trunk_needed = code != 1 && !prefixes.is_empty();
    let national = abroad(code, digits);
    let whole = if digits.len() >= 10 { grade(E164::from_digits(digits)) } else { NO_CANDIDATE };
    if dialling::calling_code(digits).is_some_and(|(dialling, _)| dialling.code == code) && whole.0 > Grade::None {
        let whole_wins = if trunk_needed { whole.0 >= national.0 } else { whole.0 > national.0 };
        return if whole_wins { is(whole, Basis::International) } else { is(national, Basis::National) };
    }
    let home_is_likely = digits.len() <= 10 || !trunk_needed;
    if beside_whole && !home_is_likely && whole.0 > Grade::None {
        return is(whole, Basis::Assumed);
    }
    match (national.0, whole.0) {
        (Grade::Valid, Grade::Valid) if home_is_likely => is(national, Basis::National),
        (Grade::Valid, Grade::Valid) => Reading::Opaque,
        (Grade::Valid, _) => is(national, Basis::National),
        (_, Grade::Valid) => is(whole, Basis::Assumed),
        (Grade::Possible, Grade::Possible) if trunk_needed => Reading::Opaque,
        (Grade::Possible, _) if !trunk_needed || digits.len() >= 10 => is(national, Basis::National),
        (Grade::None, Grade::Possible) if digits.len() >= 12 => is(whole, Basis::Assumed),
        _ => Reading::Opaque,
    }
}

/// A bare number of nobody knows where, as E.164 if that is likely.
fn assumed(digits: &[u8]) -> Candidate {
    let whole = grade(E164::from_digits(digits));
    let needed = if (12..=14).contains(&digits.len()) { Grade::Possible } else { Grade::Valid };
    if digits.len() >= 11 && whole.0 >= needed { whole } else { NO_CANDIDATE }
}

/// A bare number of nobody knows where, beside the number of the other party of the call.
fn beside(other: E164, digits: &[u8]) -> Reading {
    let near = dialling::calling_code(&digits_of(other)).map_or(NO_CANDIDATE, |(dialling, _)| {
        let cut = after_trunk(dialling.code, dialling.national, digits);
        best([cut, abroad(dialling.code, digits)].into_iter())
    });
    if near.0 < Grade::Valid {
        return is(assumed(digits), Basis::Assumed);
    }
    let far = grade(E164::from_digits(digits));
    let one_meaning = far.0 < Grade::Valid || far.1 == near.1;
    if one_meaning { is(near, Basis::Assumed) } else { Reading::Opaque }
}

fn digits_of(number: E164) -> ArrayVec<u8, { E164::DIGITS_MAX }> {
    let digit = |power: u32| b'0' + (number.reveal() / 10_u64.pow(power) % 10) as u8;
    (0..number.digits()).rev().map(digit).collect()
}

/// A local number in the scope of a global `phone-context` (RFC 3966 §5.1.5): a country code alone is its dial plan; a
/// longer one is also tried before the digits, and believed when that makes a valid number.
fn in_context(context: &[u8], digits: &[u8]) -> Reading {
    let whole = grade(joined(context, digits));
    if whole.0 == Grade::Valid {
        return is(whole, Basis::National);
    }
    if digits.len() <= SHORT_DIGITS_MAX {
        return Reading::Short;
    }
    let Some((dialling, _)) = dialling::calling_code(context) else { return Reading::Opaque };
    at_home(dialling.code, dialling.national, digits, false)
}

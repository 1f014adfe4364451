//! The grammar that all header values share (RFC 3261 §25.1): white space, tokens, quoted strings, comma-separated
//! lists, semicolon parameters, numbers.
//!
//! A fold (line end and white space, §7.3.1) may stand wherever white space may, so CR and LF read as white space
//! here and nothing needs unfolding before it is read. Every function takes one step for each byte.

use crate::scan::find;

/// Whether each byte may stand in a token.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds fails the build")]
static TOKEN: [bool; 256] = {
    let mut token = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        token[byte] = matches!(byte as u8,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~');
        byte += 1;
    }
    token
};

/// Whether `byte` may stand in a token.
#[must_use]
pub fn is_token_byte(byte: u8) -> bool {
    TOKEN.get(usize::from(byte)).is_some_and(|&token| token)
}

/// Whether `byte` is white space, those of a fold included.
#[must_use]
#[inline]
pub const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether `bytes` are one token: at least one byte, none but token bytes.
#[must_use]
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&byte| is_token_byte(byte))
}

/// `bytes` without the white space at both ends.
#[must_use]
#[inline]
pub fn trim(bytes: &[u8]) -> &[u8] {
    // There is nearly always nothing to do.
    if has_no_space_around(bytes) { bytes } else { trim_both(bytes) }
}

/// Whether `bytes` plainly begin and end with something else than white space.
#[inline]
const fn has_no_space_around(bytes: &[u8]) -> bool {
    matches!((bytes.first(), bytes.last()), (Some(b'!'..), Some(b'!'..)))
}

#[inline(never)]
fn trim_both(bytes: &[u8]) -> &[u8] {
    trim_end(trim_start(bytes))
}

/// `bytes` without the white space they start with.
#[must_use]
#[inline]
pub fn trim_start(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// `bytes` without the white space they end with.
#[must_use]
#[inline]
pub fn trim_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] = bytes {
        bytes = rest;
    }
    bytes
}

/// What stands before and after the first byte that `ends` picks; that byte itself starts the second part.
pub(crate) fn split_where(bytes: &[u8], ends: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let at = bytes.iter().position(|&byte| ends(byte)).unwrap_or(bytes.len());
    bytes.split_at_checked(at).unwrap_or((bytes, &[]))
}

/// What stands before and from the first `mark` on: [`split_where`] for one byte and long values.
#[inline]
pub(crate) fn split_from(bytes: &[u8], mark: u8) -> (&[u8], &[u8]) {
    let at = find([mark], bytes).unwrap_or(bytes.len());
    bytes.split_at_checked(at).unwrap_or((bytes, &[]))
}

/// What stands before and after the first `mark`, both trimmed; `None` without one.
pub(crate) fn split_at_mark(bytes: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    match split_from(bytes, mark) {
        (before, [_, after @ ..]) => Some((trim(before), trim(after))),
        _ => None,
    }
}

/// The token that `bytes` start with and what follows it.
pub(crate) fn token(bytes: &[u8]) -> (&[u8], &[u8]) {
    split_where(bytes, |byte| !is_token_byte(byte))
}

/// The decimal number that `bytes` are; `None` for anything else, a sign, a space and what `u64` cannot hold among it.
#[must_use]
#[inline]
pub fn number(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() || bytes.len() > DIGITS_MIN {
        return leading_number(bytes).and_then(|(value, rest)| rest.is_empty().then_some(value));
    }
    bytes.iter().try_fold(0, |value, digit| match digit.wrapping_sub(b'0') {
        digit @ 0..=9 => Some(value * 10 + u64::from(digit)),
        _ => None,
    })
}

/// Decimal digits that a `u64` always holds.
const DIGITS_MIN: usize = 19;

/// The decimal number that `bytes` start with, and what follows it.
#[inline]
pub(crate) fn leading_number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    if let Some((value, length)) = bytes.first_chunk().and_then(few_digits) {
        return Some((value, bytes.get(length..)?));
    }
    any_digits(bytes)
}

/// The number of the one to seven digits that eight bytes start with, and how many they are: all at once.
#[inline]
fn few_digits(bytes: &[u8; 8]) -> Option<(u64, usize)> {
    const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);
    const LOW: u64 = u64::from_le_bytes([0x7f; 8]);
    /// Lifts what is more than nine over the low seven bits.
    const LIFT: u64 = u64::from_le_bytes([0x80 - 10; 8]);
    // Digits are 0 to 9 now, and everything else is more.
    let word = u64::from_le_bytes(*bytes) ^ ZEROS;
    let others = (((word & LOW) + LIFT) | word) & !LOW;
    let bits = others.trailing_zeros() & !7;
    if bits == 0 || bits == u64::BITS {
        return None;
    }
    // Zeros in front; then the sum of two digits in each second byte, and of all four of them by two products.
    let digits = word << (u64::BITS - bits);
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let [first, second] = [pairs, pairs >> 16].map(|pairs| pairs & 0x0000_00ff_0000_00ff);
    let value = first.wrapping_mul(100 + (1_000_000 << 32)).wrapping_add(second.wrapping_mul(1 + (10_000 << 32))) >> 32;
    Some((value, bits as usize / 8))
}

/// Any number of digits, one by one.
#[inline(never)]
fn any_digits(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (mut value, mut rest) = (0_u64, bytes);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
        rest = after;
    }
    (rest.len() < bytes.len()).then_some((value, rest))
}

/// The inside of the quoted string that `bytes` start with, quoted pairs still in it, and what follows; the second
/// is `None` when the string has no end.
pub(crate) fn quoted(bytes: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let [b'"', inside @ ..] = bytes else { return None };
    let mut from = 0;
    while let Some(found) = inside.get(from..).and_then(|rest| find([b'"', b'\\'], rest)) {
        let (text, rest) = inside.split_at_checked(from + found)?;
        match rest {
            [b'"', rest @ ..] => return Some((text, Some(rest))),
            // A quoted pair: the byte after the backslash says nothing.
            _ => from += found + 2,
        }
    }
    Some((inside, None))
}

/// `bytes` without the quotes around them, where there are any.
pub(crate) fn unquoted(bytes: &[u8]) -> &[u8] {
    quoted(bytes).map_or(bytes, |(inside, _)| inside)
}

/// The pieces of a value between its folds, each trimmed: joined by one space they are the value unfolded
/// (RFC 3261 §7.3.1).
pub fn pieces(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&byte| matches!(byte, b'\r' | b'\n')).map(trim).filter(|piece| !piece.is_empty())
}

/// The characters of the inside of a quoted string, its quoted pairs resolved (RFC 3261 §25.1).
pub fn unescaped(inside: &[u8]) -> impl Iterator<Item = u8> {
    let mut escaped = false;
    inside.iter().copied().filter(move |&byte| {
        escaped = byte == b'\\' && !escaped;
        !escaped
    })
}

/// What is before the first `mark` that is in neither quotes nor angle brackets, and what is after it. A quote
/// or a bracket that never ends holds all that follows.
fn split_outside(bytes: &[u8], mark: u8) -> (&[u8], Option<&[u8]>) {
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|rest| find([mark, b'"', b'<'], rest)) {
        let Some((before, after)) = bytes.split_at_checked(from + found) else { break };
        let left = match after {
            [b'"', ..] => quoted(after).and_then(|(_, rest)| rest),
            [b'<', ..] => find([b'>'], after).and_then(|end| after.get(end + 1..)),
            _ => return (before, after.get(1..)),
        };
        let Some(left) = left else { break };
        from = bytes.len() - left.len();
    }
    (bytes, None)
}

/// The parts of a value between the `mark`s that are in neither quotes nor angle brackets, each trimmed.
#[derive(Clone, Debug)]
pub(crate) struct Parts<'a> {
    rest: Option<&'a [u8]>,
    mark: u8,
}

impl<'a> Parts<'a> {
    pub(crate) const fn new(bytes: &'a [u8], mark: u8) -> Self {
        Self { rest: Some(bytes), mark }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let bytes = self.rest?;
        // Of one part nothing has to be told apart.
        let (part, rest) =
            if find([self.mark], bytes).is_none() { (bytes, None) } else { split_outside(bytes, self.mark) };
        self.rest = rest;
        Some(trim(part))
    }
}

/// The comma-separated values of a header field (RFC 3261 §7.3.1), each trimmed; empty ones are passed over.
pub fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    Parts::new(value, b',').filter(|part| !part.is_empty())
}

/// A parameter as `;name=value` or `;name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param<'a> {
    /// The name as written.
    pub name: &'a [u8],
    /// The value, without quotes around it; `None` when there is no equals sign.
    pub value: Option<&'a [u8]>,
}

/// The parameters after an address or a value: what follows the first semicolon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params<'a>(&'a [u8]);

impl<'a> Params<'a> {
    /// The parameters in `bytes`, which may or may not start with a semicolon.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let bytes = trim(bytes);
        Self(bytes.strip_prefix(b";").unwrap_or(bytes))
    }

    /// As written, without the first semicolon.
    #[must_use]
    pub const fn raw(self) -> &'a [u8] {
        self.0
    }

    /// Every parameter as written, first to last.
    pub fn iter(self) -> impl Iterator<Item = Param<'a>> {
        Parts::new(self.0, b';').filter(|part| !part.is_empty()).map(|part| match split_at_mark(part, b'=') {
            Some((name, value)) => Param { name, value: Some(unquoted(value)) },
            None => Param { name: part, value: None },
        })
    }

    /// The value of the first parameter called `name` in any case; empty for one that has none.
    #[must_use]
    pub fn get(self, name: &[u8]) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        self.iter().find(|param| param.name.eq_ignore_ascii_case(name)).map(|param| param.value.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_list(value: &str, expected: &[&str]) {
        let found: Vec<_> = list(value.as_bytes()).map(|part| str::from_utf8(part).unwrap()).collect();
        assert_eq!(found, expected, "{value}");
    }

    #[test]
    fn commas_count_only_outside_quotes_and_brackets() {
        check_list("a, b ,c", &["a", "b", "c"]);
        check_list("\"a, \\\" b\" <sip:x,y@host>, <sip:z>", &["\"a, \\\" b\" <sip:x,y@host>", "<sip:z>"]);
        check_list(", ,a,,\r\n b", &["a", "b"]);
        check_list("", &[]);
        check_list("<sip:a\"b>, c", &["<sip:a\"b>", "c"]);
    }

    #[test]
    fn a_list_of_one_is_all_of_it() {
        check_list(" \"a\" <sip:x> ", &["\"a\" <sip:x>"]);
        check_list("\"never ends", &["\"never ends"]);
        check_list("<sip:x", &["<sip:x"]);
    }

    #[test]
    fn params_by_name() {
        let params = Params::new(b" ;\r\n tag = 1;lr;Q=\"a;b\";;x=");
        let get = |name: &[u8]| params.get(name).map(|value| str::from_utf8(value).unwrap());
        assert_eq!(
            (get(b"TAG"), get(b"lr"), get(b"q"), get(b"x"), get(b"y")),
            (Some("1"), Some(""), Some("a;b"), Some(""), None)
        );
        assert_eq!(params.iter().count(), 4);
    }

    #[test]
    fn numbers_are_digits_that_fit() {
        for (text, value) in [
            ("0", Some(0)),
            ("0100", Some(100)),
            ("-1", None),
            ("", None),
            ("1 ", None),
            ("36893488147419103232", None),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
        ] {
            assert_eq!(number(text.as_bytes()), value, "{text}");
        }
    }

    #[test]
    fn a_number_ends_where_its_digits_do() {
        for digits in 1..=12 {
            let number = 987_654_321_098_u64 / 10_u64.pow(12 - digits);
            for behind in ["", " INVITE", ":", "/0123456", "\u{ff}12345678", "\0aaaaaaaa", "x"] {
                let text = format!("{number}{behind}");
                assert_eq!(leading_number(text.as_bytes()), Some((number, behind.as_bytes())), "{text}");
                assert_eq!(leading_number(behind.as_bytes()), None, "{behind}");
            }
        }
    }

    #[test]
    fn folds_and_quoted_pairs_resolve_piece_by_piece() {
        assert_eq!(pieces(b"a\r\n  b\n\tc").collect::<Vec<_>>(), [b"a", b"b", b"c"]);
        assert_eq!(unescaped(b"J \\\\ \\\"Q\\\"").collect::<Vec<_>>(), b"J \\ \"Q\"");
    }
}

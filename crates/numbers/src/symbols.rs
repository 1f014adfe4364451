//! From the bytes of a user part to what would be dialled: scheme, password, escapes, parameters and visual separators
//! come off here. What the digits mean is not known here.

use arrayvec::ArrayVec;

/// The most bytes of a user part that are read. Numbers with all their parameters stay well under it.
const RAW_BYTES_MAX: usize = 192;
/// The most symbols of a number with its prefixes: 15 digits, a technical prefix, an international one.
pub(crate) const SYMBOLS_MAX: usize = 40;

/// Digits, `*`, `#` and leading `+`.
pub(crate) type Symbols = ArrayVec<u8, SYMBOLS_MAX>;

/// The bytes with their `%23` escapes resolved; `None` past the limit or for a broken escape.
pub(crate) fn unescaped(user: &[u8]) -> Option<ArrayVec<u8, RAW_BYTES_MAX>> {
    let mut raw = ArrayVec::new();
    let mut rest = user;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let byte = if byte == b'%' {
            let (&[high, low], after) = rest.split_first_chunk()?;
            rest = after;
            let nibble = |digit: u8| char::from(digit).to_digit(16);
            u8::try_from(nibble(high)? << 4 | nibble(low)?).ok()?
        } else {
            byte
        };
        raw.try_push(byte).ok()?;
    }
    Some(raw)
}

/// The user part alone of `tel:`, `sip:` and `sips:` URIs; anything else as it is, but for a password after it.
pub(crate) fn without_scheme(raw: &[u8]) -> &[u8] {
    let (first, after) = split_once(raw, b':');
    let known = [b"tel".as_slice(), b"sip", b"sips"].iter().any(|scheme| first.eq_ignore_ascii_case(scheme));
    let body = if known { after.unwrap_or_default() } else { raw };
    let user = split_once(body, b'@').0;
    split_once(user, b':').0
}

pub(crate) fn split_once(bytes: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    let mut parts = bytes.splitn(2, |&byte| byte == at);
    (parts.next().unwrap_or_default(), parts.next())
}

/// The value of a parameter of a telephone URI (RFC 3966 §3). `ext`, `isub`, `npdi` and `rn` need no reading: the
/// number stands before them, and the routing number of a ported one (RFC 4694) is not whom one calls.
pub(crate) fn parameter<'a>(parameters: Option<&'a [u8]>, name: &[u8]) -> Option<&'a [u8]> {
    parameters?.split(|&byte| byte == b';').find_map(|parameter| {
        let (found, value) = split_once(parameter, b'=');
        if found.eq_ignore_ascii_case(name) { value } else { None }
    })
}

/// The digits of a global `phone-context`. A domain is no scope of numbers (RFC 3966 §5.1.5).
pub(crate) fn global_context(context: &[u8]) -> Option<Symbols> {
    let digits = symbols(context.strip_prefix(b"+")?)?;
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then_some(digits)
}

/// What would be dialled, without the separators people write for the eye and without the trunk 0 of `+44 (0)20`;
/// `None` for anything that is not dialled, or nothing.
pub(crate) fn symbols(body: &[u8]) -> Option<Symbols> {
    let mut symbols = ArrayVec::new();
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'0'..=b'9' | b'*' | b'#' => symbols.try_push(byte).ok()?,
            b'+' if symbols.last().is_none_or(|symbol| matches!(symbol, b'+' | b'#')) => symbols.try_push(byte).ok()?,
            b'(' if symbols.first() == Some(&b'+') && rest.starts_with(b"0)") && symbols.len() <= 4 => {
                rest = rest.get(2..).unwrap_or_default();
            }
            b'-' | b'.' | b'(' | b')' | b' ' => {}
            _ => return None,
        }
    }
    (!symbols.is_empty()).then_some(symbols)
}

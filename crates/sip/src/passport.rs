//! STIR: the Identity header field (RFC 8224) and the PASSporT in it (RFC 8225), with the extensions shaken (RFC 8588),
//! div (RFC 8946), rph (RFC 8443) and rcd (RFC 9795).
//!
//! A PASSporT is read, not believed: its signature is handed out as it lies, and nothing here asks a certificate. It is
//! rare traffic beside media and its claims are JSON, so this is the one place of the crate that allocates.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::{Layer, Malformed, Why};

/// Bytes of a header or a payload after base64url; rich call data with a call reason takes about 1 KiB.
pub const JSON_BYTES_MAX: usize = 8 * 1024;

/// Called parties read of one PASSporT.
pub const DESTINATIONS_MAX: usize = 16;

/// The value of an Identity header field where it lies in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The signed part.
    pub token: Token<'a>,
    /// Where the certificate is to be had (`info`), without its angle brackets.
    pub certificate: Option<&'a [u8]>,
    /// The signature algorithm (`alg`); ES256 where it is not written.
    pub algorithm: Option<&'a [u8]>,
    /// The extension (`ppt`): `shaken`, `div`, `rph`, `rcd`.
    pub extension: Option<&'a [u8]>,
}

/// A PASSporT as it stands in an Identity header field (RFC 8225 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// All three parts, each in base64url.
    Full {
        /// The JSON of algorithm, type and certificate.
        header: &'a [u8],
        /// The JSON of the claims.
        payload: &'a [u8],
        /// The signature over both.
        signature: &'a [u8],
    },
    /// The signature alone: the receiver makes header and payload anew from the message.
    Compact {
        /// The signature.
        signature: &'a [u8],
    },
}

/// How well the signer knows the caller's right to the number (RFC 8588 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Attest {
    /// A, full: it knows the customer and that the number is theirs.
    Full,
    /// B, partial: it knows the customer.
    Partial,
    /// C, gateway: it only knows where the call came in.
    Gateway,
}

/// What came of checking a PASSporT against its call and its certificate (RFC 8224 §6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Proof {
    /// Its claims fit the call; nobody had the certificate to check the signature with.
    Unchecked,
    /// Claims, signature and certificate hold.
    Verified,
    /// The key of the certificate did not make the signature.
    BadSignature,
    /// The certificate leads to no authority that is trusted, or was not valid then.
    Untrusted,
    /// It was signed too long before the call, or after it (`iat`).
    Stale,
    /// Another caller than the call shows was signed (`orig`).
    OtherCaller,
    /// Another callee than the call has was signed (`dest`).
    OtherCallee,
    /// The certificate may not speak for the caller's number (RFC 8226).
    Unauthorised,
    /// It has no claims, or is signed in a way that RFC 8225 does not know.
    Unreadable,
}

impl Proof {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Unchecked,
        Self::Verified,
        Self::BadSignature,
        Self::Untrusted,
        Self::Stale,
        Self::OtherCaller,
        Self::OtherCallee,
        Self::Unauthorised,
        Self::Unreadable,
    ];

    /// The word in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unchecked => "not_verified",
            Self::Verified => "verified",
            Self::BadSignature => "bad_signature",
            Self::Untrusted => "untrusted",
            Self::Stale => "stale",
            Self::OtherCaller => "other_caller",
            Self::OtherCallee => "other_callee",
            Self::Unauthorised => "unauthorised",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether something about it is wrong; `None` where nothing could be looked at.
    #[must_use]
    pub const fn fails(self) -> Option<bool> {
        match self {
            Self::Unchecked | Self::Verified => Some(false),
            Self::Unreadable => None,
            _ => Some(true),
        }
    }
}

/// A party of a PASSporT.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Party<'p> {
    /// A telephone number as it was signed: digits, `*` and `#` by the RFC.
    Number(&'p str),
    /// Any other identity.
    Uri(&'p str),
}

/// The claims of a PASSporT.
#[derive(Clone, Debug, PartialEq)]
pub struct Passport {
    header: Value,
    payload: Value,
}

impl<'a> Identity<'a> {
    /// Reads one value of an Identity header field: the token, then parameters. Folds are still inside.
    ///
    /// # Errors
    /// [`Why::Grammar`] unless the token has three parts of which the last is not empty.
    pub fn parse(value: &'a [u8]) -> Result<Self, Malformed> {
        let mut rest = value.trim_ascii();
        // RFC 4474 wrote the signature alone, in quotes; it has no dots and is refused below.
        let end = memchr::memchr(b';', rest).unwrap_or(rest.len());
        let (token, parameters) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        let mut identity = Self { token: Token::parse(token)?, certificate: None, algorithm: None, extension: None };
        rest = parameters;
        while let Some(after) = rest.strip_prefix(b";") {
            let (name, value, next) = parameter(after);
            if name.eq_ignore_ascii_case(b"info") {
                identity.certificate = identity.certificate.or(Some(value));
            } else if name.eq_ignore_ascii_case(b"alg") {
                identity.algorithm = identity.algorithm.or(Some(value));
            } else if name.eq_ignore_ascii_case(b"ppt") {
                identity.extension = identity.extension.or(Some(value));
            }
            rest = next;
        }
        Ok(identity)
    }

    /// Decodes the claims by way of `scratch`, which grows to [`JSON_BYTES_MAX`] at most and may be used again. `None`
    /// for the compact form, which has no claims of its own.
    ///
    /// # Errors
    /// [`Why::TooMany`] above [`JSON_BYTES_MAX`], [`Why::Grammar`] for what is not base64url of two JSON objects.
    pub fn passport(&self, scratch: &mut Vec<u8>) -> Result<Option<Passport>, Malformed> {
        let Token::Full { header, payload, .. } = self.token else { return Ok(None) };
        Ok(Some(Passport { header: object(header, scratch)?, payload: object(payload, scratch)? }))
    }
}

impl<'a> Token<'a> {
    fn parse(token: &'a [u8]) -> Result<Self, Malformed> {
        let token = token.trim_ascii();
        let unquoted = token.strip_prefix(b"\"").and_then(|token| token.strip_suffix(b"\"")).unwrap_or(token);
        let mut parts = unquoted.split(|byte| *byte == b'.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (_, _, Some([]), _) => Err(malformed(Why::Grammar)),
            (Some([]), Some([]), Some(signature), None) => Ok(Self::Compact { signature }),
            (Some(header), Some(payload), Some(signature), None) => Ok(Self::Full { header, payload, signature }),
            _ => Err(malformed(Why::Grammar)),
        }
    }

    /// The signature in base64url, as it lies in the message.
    #[must_use]
    pub const fn signature(&self) -> &'a [u8] {
        match self {
            Self::Full { signature, .. } | Self::Compact { signature } => signature,
        }
    }
}

impl Passport {
    /// The signature algorithm, ES256 by the RFC.
    #[must_use]
    pub fn algorithm(&self) -> Option<&str> {
        self.header.get("alg")?.as_str()
    }

    /// The extension: `shaken`, `div`, `rph`, `rcd`; `None` for the plain PASSporT.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.header.get("ppt")?.as_str()
    }

    /// Where the certificate is to be had.
    #[must_use]
    pub fn certificate(&self) -> Option<&str> {
        self.header.get("x5u")?.as_str()
    }

    /// How well the signer knows the caller. Lenient: in either case, and wherever the claim stands.
    #[must_use]
    pub fn attest(&self) -> Option<Attest> {
        match self.payload.get("attest")?.as_str()?.trim() {
            "A" | "a" => Some(Attest::Full),
            "B" | "b" => Some(Attest::Partial),
            "C" | "c" => Some(Attest::Gateway),
            _ => None,
        }
    }

    /// Who calls.
    #[must_use]
    pub fn originator(&self) -> Option<Party<'_>> {
        parties(self.payload.get("orig")).next()
    }

    /// Whom they call, at most [`DESTINATIONS_MAX`].
    pub fn destinations(&self) -> impl Iterator<Item = Party<'_>> {
        parties(self.payload.get("dest"))
    }

    /// Who diverted the call here (RFC 8946).
    #[must_use]
    pub fn diverter(&self) -> Option<Party<'_>> {
        parties(self.payload.get("div")).next()
    }

    /// When it was signed, in seconds since the Unix epoch.
    #[must_use]
    pub fn issued_at_secs(&self) -> Option<u64> {
        let claim = self.payload.get("iat")?;
        claim.as_u64().or_else(|| claim.as_str()?.trim().parse().ok())
    }

    /// The signer's opaque name for where the call came from, a UUID as a rule.
    #[must_use]
    pub fn origin_id(&self) -> Option<&str> {
        self.payload.get("origid")?.as_str()
    }

    /// The caller's name (RFC 9795, `nam`).
    #[must_use]
    pub fn caller_name(&self) -> Option<&str> {
        self.rich("nam")
    }

    /// The number by which the caller wants to be called back or shown (RFC 9795, `apn`).
    #[must_use]
    pub fn presented_number(&self) -> Option<&str> {
        self.rich("apn")
    }

    /// Where the caller's logo is to be had (RFC 9795, `icn`).
    #[must_use]
    pub fn icon(&self) -> Option<&str> {
        self.rich("icn")
    }

    /// Why the caller calls, in their words (RFC 9795, `crn`).
    #[must_use]
    pub fn call_reason(&self) -> Option<&str> {
        self.payload.get("crn")?.as_str()
    }

    /// Whether resource priority is claimed (RFC 8443, RFC 9027).
    #[must_use]
    pub fn has_resource_priority(&self) -> bool {
        self.payload.get("rph").is_some()
    }

    fn rich(&self, key: &str) -> Option<&str> {
        self.payload.get("rcd")?.get(key)?.as_str()
    }
}

/// Numbers are personal: `Debug` shows which kind of party and no more.
impl std::fmt::Debug for Party<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Number(_) => "Number(…)",
            Self::Uri(_) => "Uri(…)",
        })
    }
}

/// The parties of a claim `{"tn": …, "uri": …}`, each one string or an array of them, numbers first.
fn parties(claim: Option<&Value>) -> impl Iterator<Item = Party<'_>> {
    let strings = |key: &str| {
        let value = claim.and_then(|claim| claim.get(key));
        let one = value.and_then(Value::as_str);
        let many = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        one.into_iter().chain(many.iter().filter_map(Value::as_str))
    };
    strings("tn").map(Party::Number).chain(strings("uri").map(Party::Uri)).take(DESTINATIONS_MAX)
}

/// One parameter `name=value` behind its semicolon, the value without quotes or angle brackets, and what follows it.
fn parameter(text: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let end = text.iter().position(|byte| matches!(byte, b'=' | b';')).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or((text, &[]));
    let Some(value) = rest.strip_prefix(b"=") else { return (name.trim_ascii(), &[], rest) };
    let value = value.trim_ascii_start();
    let close = match value.first() {
        Some(b'<') => Some(b'>'),
        Some(b'"') => Some(b'"'),
        _ => None,
    };
    let enclosed = close.and_then(|close| {
        let inner = value.get(1..)?;
        inner.split_at_checked(memchr::memchr(close, inner)?)
    });
    let (value, rest) = match enclosed {
        Some(enclosed) => enclosed,
        None => value.split_at_checked(memchr::memchr(b';', value).unwrap_or(value.len())).unwrap_or((value, &[])),
    };
    let next = memchr::memchr(b';', rest).and_then(|semicolon| rest.get(semicolon..)).unwrap_or_default();
    (name.trim_ascii(), value.trim_ascii(), next)
}

/// Decodes one part of a token as a JSON object. Lenient: claims that are objects written into strings, as one
/// signer's library does with `orig` and `dest`, are read as the objects they hold (fixtures/passport/nested.txt).
fn object(part: &[u8], scratch: &mut Vec<u8>) -> Result<Value, Malformed> {
    base64url(part, scratch)?;
    let mut value: Value = serde_json::from_slice(scratch).map_err(|_| malformed(Why::Grammar))?;
    let claims = value.as_object_mut().ok_or_else(|| malformed(Why::Grammar))?;
    for claim in claims.values_mut() {
        if let Some(text) = claim.as_str().filter(|text| text.starts_with('{'))
            && let Ok(inner @ Value::Object(_)) = serde_json::from_str(text)
        {
            *claim = inner;
        }
    }
    Ok(value)
}

/// Decodes base64url (RFC 4648 §5) into `decoded`. Lenient: the letters of plain base64, its padding, and the white space
/// of a folded header field.
///
/// # Errors
/// [`Why::Grammar`] for a letter that is none of these, [`Why::TooMany`] above [`JSON_BYTES_MAX`].
pub fn base64url(text: &[u8], decoded: &mut Vec<u8>) -> Result<(), Malformed> {
    decoded.clear();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for &letter in text {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            b'=' | b' ' | b'\t' | b'\r' | b'\n' => continue,
            _ => return Err(malformed(Why::Grammar)),
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            if decoded.len() == JSON_BYTES_MAX {
                return Err(malformed(Why::TooMany));
            }
            decoded.push((bits >> held & 0xff) as u8);
        }
    }
    Ok(())
}

fn malformed(why: Why) -> Malformed {
    Malformed { layer: Layer::Passport, at: 0, why }
}

#[cfg(test)]
mod tests;

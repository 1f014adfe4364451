//! URIs as SIP uses them: `sip:`, `sips:`, `tel:` and whatever else stands where an address may
//! (RFC 3261 §19.1, RFC 3966).

use crate::scan::{find_from, find_last, find_within};
use crate::text::{Params, number, split_from, split_where, trim};

/// What kind of URI it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// `sip:` (RFC 3261 §19.1).
    Sip,
    /// `sips:` (RFC 3261 §19.1).
    Sips,
    /// `tel:` (RFC 3966).
    Tel,
    /// Any other, such as `urn:` for emergency services; only [`Uri::raw`] is read.
    Other,
}

/// A URI taken apart. Nothing is unescaped, and a password is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uri<'a> {
    /// The URI as written, password included.
    raw: &'a [u8],
    /// What kind it is.
    pub scheme: Scheme,
    /// The user part of `sip:` without its own parameters, the number of `tel:`.
    user: Option<&'a [u8]>,
    /// Those parameters.
    user_params: &'a [u8],
    /// The host as written, with brackets around an IPv6 address; empty for `tel:` and others.
    pub host: &'a [u8],
    /// The port, where one is given that is a number up to 65535.
    pub port: Option<u16>,
    params: &'a [u8],
    /// What follows the question mark: header fields for the request to be made.
    pub headers: &'a [u8],
}

impl<'a> Uri<'a> {
    /// Takes `bytes` apart; `None` when there is no scheme.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let raw = trim(bytes);
        let (scheme, rest) = scheme(raw)?;
        let bare = Self { raw, scheme, user: None, user_params: &[], host: &[], port: None, params: &[], headers: &[] };
        Some(match scheme {
            Scheme::Sip | Scheme::Sips => bare.with_host(rest),
            Scheme::Tel => {
                let (number, params) = split_from(rest, b';');
                Self { user: Some(number), params, ..bare }
            }
            Scheme::Other => bare,
        })
    }

    /// Fills in what follows `sip:`. An at sign may stand nowhere but after the user part, so the last one ends it
    /// even where the user part holds the marks of what follows (RFC 3261 §25.1).
    fn with_host(mut self, rest: &'a [u8]) -> Self {
        let mut start = 0;
        if let Some(at) = find_last(b'@', rest) {
            let end = find_within([b':', b';'], rest, 0, at).unwrap_or(at);
            self.user = rest.get(..end);
            // In front of the password, where there is one.
            self.user_params = split_from(rest.get(end..at).unwrap_or_default(), b':').0;
            start = at + 1;
        }
        let end = find_within([b';', b'?'], rest, start, rest.len()).unwrap_or(rest.len());
        (self.host, self.port) = host_and_port(rest.get(start..end).unwrap_or_default());
        let question = find_from([b'?'], rest, end).unwrap_or(rest.len());
        self.params = rest.get(end..question).unwrap_or_default();
        self.headers = rest.get(question + 1..).unwrap_or_default();
        self
    }

    /// The URI as written, the password, if any, included: for comparing, not for keeping.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The user part of `sip:`, the number of `tel:`, without the parameters of a telephone number (`;ext=`).
    #[must_use]
    pub const fn user(&self) -> Option<&'a [u8]> {
        self.user
    }

    /// The parameters inside the user part, as `sip:+1-201-555-0123;ext=5@host` has them (RFC 3261 §19.1.6).
    #[must_use]
    pub fn user_params(&self) -> Params<'a> {
        Params::new(self.user_params)
    }

    /// The parameters of the URI.
    #[must_use]
    pub fn params(&self) -> Params<'a> {
        Params::new(self.params)
    }

    /// A parameter of the telephone number, wherever the scheme keeps it.
    fn number_param(&self, name: &[u8]) -> Option<&'a [u8]> {
        self.user_params().get(name).or_else(|| self.params().get(name))
    }

    /// Whether the user part is said to be a telephone number: `tel:`, or `user=phone` (RFC 3261 §19.1.1).
    #[must_use]
    pub fn is_phone(&self) -> bool {
        self.scheme == Scheme::Tel || self.params().get(b"user").is_some_and(|user| user.eq_ignore_ascii_case(b"phone"))
    }

    /// Where a local number is valid: a prefix such as `+44` or a domain (RFC 3966 §5.1.5).
    #[must_use]
    pub fn phone_context(&self) -> Option<&'a [u8]> {
        self.number_param(b"phone-context")
    }

    /// The extension behind the number (RFC 3966 §5.1.2).
    #[must_use]
    pub fn extension(&self) -> Option<&'a [u8]> {
        self.number_param(b"ext")
    }

    /// The transport the URI asks for.
    #[must_use]
    pub fn transport(&self) -> Option<&'a [u8]> {
        self.params().get(b"transport")
    }
}

/// The scheme of a URI and what follows its colon.
fn scheme(uri: &[u8]) -> Option<(Scheme, &[u8])> {
    match uri {
        [s, i, p, b':', rest @ ..] if [s | 0x20, i | 0x20, p | 0x20] == *b"sip" => Some((Scheme::Sip, rest)),
        [t, e, l, b':', rest @ ..] if [t | 0x20, e | 0x20, l | 0x20] == *b"tel" => Some((Scheme::Tel, rest)),
        [s, i, p, t, b':', rest @ ..] if [s | 0x20, i | 0x20, p | 0x20, t | 0x20] == *b"sips" => {
            Some((Scheme::Sips, rest))
        }
        _ => {
            let is_scheme_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
            let (name, rest) = split_where(uri, |byte| !is_scheme_byte(byte));
            let rest = rest.strip_prefix(b":")?;
            name.first()?.is_ascii_alphabetic().then_some((Scheme::Other, rest))
        }
    }
}

/// The host and port of `host:port`, brackets of an IPv6 address kept; white space around the colon may stand in Via
/// (RFC 3261 §25.1).
pub(crate) fn host_and_port(bytes: &[u8]) -> (&[u8], Option<u16>) {
    let bytes = trim(bytes);
    let (host, rest) = match bytes {
        [b'[', ..] => {
            let inside = bytes.iter().position(|&byte| byte == b']').map_or(bytes.len(), |at| at + 1);
            bytes.split_at_checked(inside).unwrap_or((bytes, &[]))
        }
        _ => split_from(bytes, b':'),
    };
    if rest.is_empty() {
        return (trim(host), None);
    }
    let port = trim(rest).strip_prefix(b":").and_then(|port| number(trim(port))).and_then(|port| port.try_into().ok());
    (trim(host), port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> &str {
        str::from_utf8(bytes).unwrap()
    }

    fn check(uri: &str, expected: &str) {
        let found = Uri::parse(uri.as_bytes()).map_or("none".to_string(), |uri| {
            format!(
                "{:?} {} {} {} {} {}",
                uri.scheme,
                uri.user().map_or("-", text),
                if uri.host.is_empty() { "-" } else { text(uri.host) },
                uri.port.map_or("-".to_string(), |port| port.to_string()),
                if uri.params().raw().is_empty() { "-" } else { text(uri.params().raw()) },
                if uri.headers.is_empty() { "-" } else { text(uri.headers) },
            )
        });
        assert_eq!(found, expected, "{uri}");
    }

    #[test]
    fn parts() {
        check("sip:alice@example.com", "Sip alice example.com - - -");
        check("SIPS:alice:secret@192.0.2.1:5061;transport=tcp?a=b", "Sips alice 192.0.2.1 5061 transport=tcp a=b");
        check("sip:[2001:db8::1]:5060;lr", "Sip - [2001:db8::1] 5060 lr -");
        check("sip:[2001:db8::1", "Sip - [2001:db8::1 - - -");
        check("sip:user;par=u%40example.net@example.com", "Sip user example.com - - -");
        check("sip:a?b@c@example.com?x", "Sip a?b@c example.com - - x");
        check("sip:example.com:99999", "Sip - example.com - - -");
        check("tel:+44-1632-960001;ext=33", "Tel +44-1632-960001 - - ext=33 -");
        check("urn:service:sos", "Other - - - - -");
        check("sip:", "Sip - - - - -");
        check("example.com", "none");
        check("", "none");
        check("\"\"", "none");
    }

    #[test]
    fn telephone_numbers_keep_their_context() {
        let sip = Uri::parse(b"sip:960001;phone-context=+441632;ext=7@192.0.2.1;user=phone").unwrap();
        let tel = Uri::parse(b"tel:960001;phone-context=+441632;ext=7").unwrap();
        for uri in [sip, tel] {
            assert_eq!(
                (uri.user(), uri.phone_context(), uri.extension(), uri.is_phone()),
                (Some(&b"960001"[..]), Some(&b"+441632"[..]), Some(&b"7"[..]), true)
            );
        }
    }
}

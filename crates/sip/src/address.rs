//! Addresses in header fields: a display name, a URI, and the parameters of the header field (RFC 3261 §20.10).

use crate::text::{Params, is_space, quoted, split_where, trim};
use crate::{Defect, Defects, HeaderName, Message, Uri};

/// An address of From, To, Contact and the many header fields written like them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameAddr<'a> {
    display: &'a [u8],
    uri: &'a [u8],
    params: &'a [u8],
    defects: Defects,
}

impl<'a> NameAddr<'a> {
    /// Reads one address: `"Name" <uri>;params`, `Name <uri>;params` or `uri;params`. `None` when there is nothing.
    ///
    /// Lenient: a quoted name that never ends does not hide the address in angle brackets after it, and an address
    /// whose bracket never closes ends at white space.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let value = trim(value);
        if value.is_empty() {
            return None;
        }
        let mut defects = Defects::NONE;
        let (display, rest) = match quoted(value) {
            Some((inside, Some(rest))) => (inside, trim(rest)),
            Some((_, None)) => {
                defects.add(Defect::Quote);
                let (name, rest) = split_where(value, |byte| byte == b'<');
                (trim(name.get(1..).unwrap_or_default()), rest)
            }
            None => match split_where(value, |byte| matches!(byte, b'<' | b';')) {
                (name, rest @ [b'<', ..]) => (trim(name), rest),
                _ => (&[][..], value),
            },
        };
        let is_quoted = value.first() == Some(&b'"');
        let bare = |byte: u8| !crate::text::is_token_byte(byte) && !is_space(byte) && byte < 0x80;
        defects.add_if(Defect::DisplayName, !is_quoted && display.iter().any(|&byte| bare(byte)));
        let (uri, params) = match rest {
            [b'<', inside @ ..] => match split_where(inside, |byte| byte == b'>') {
                (uri, [_, params @ ..]) => (uri, params),
                (open, _) => {
                    defects.add(Defect::Address);
                    (split_where(trim(open), is_space).0, &[][..])
                }
            },
            _ => {
                let (uri, params) = split_where(rest, |byte| byte == b';');
                defects.add_if(Defect::AddressBare, uri.iter().any(|byte| matches!(byte, b'?' | b',')));
                (trim(uri), params)
            }
        };
        defects.add_if(Defect::AddressSpace, uri.iter().any(|&byte| is_space(byte)));
        Some(Self { display, uri: trim(uri), params, defects })
    }

    /// The display name without the quotes around it, quoted pairs and folds still in it; empty when there is none.
    /// [`text::unescaped`](crate::text::unescaped) resolves them.
    #[must_use]
    pub const fn display(&self) -> &'a [u8] {
        self.display
    }

    /// The address; `None` when what stands there has no scheme.
    #[must_use]
    pub fn uri(&self) -> Option<Uri<'a>> {
        Uri::parse(self.uri)
    }

    /// The address as written, without brackets.
    #[must_use]
    pub const fn raw_uri(&self) -> &'a [u8] {
        self.uri
    }

    /// The parameters of the header field, those after the address.
    #[must_use]
    pub fn params(&self) -> Params<'a> {
        Params::new(self.params)
    }

    /// The tag that From and To carry (RFC 3261 §19.3).
    #[must_use]
    pub fn tag(&self) -> Option<&'a [u8]> {
        self.params().get(b"tag")
    }

    /// What is wrong with how it is written.
    #[must_use]
    pub fn defects(&self) -> Defects {
        let mut defects = self.defects;
        defects.add_if(Defect::Address, self.uri().is_none());
        defects
    }
}

/// One value of Contact (RFC 3261 §20.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact<'a> {
    /// `*`: every binding of a registration.
    Every,
    /// An address, with `q` and `expires` among its parameters.
    At(NameAddr<'a>),
}

impl<'a> Message<'a> {
    fn address(&self, id: HeaderName) -> Option<NameAddr<'a>> {
        NameAddr::parse(self.headers().first(id)?)
    }

    /// Every address of the header field `id`, in one line or in several: Contact's kin, such as Route.
    pub fn addresses(&self, id: HeaderName) -> impl Iterator<Item = NameAddr<'a>> + '_ {
        self.headers().list(id).filter_map(NameAddr::parse)
    }

    /// Who the request says it is from (RFC 3261 §20.20).
    #[must_use]
    pub fn from(&self) -> Option<NameAddr<'a>> {
        self.address(HeaderName::From)
    }

    /// Whom the request is for (RFC 3261 §20.39).
    #[must_use]
    pub fn to(&self) -> Option<NameAddr<'a>> {
        self.address(HeaderName::To)
    }

    /// Where the sender is to be reached (RFC 3261 §20.10).
    pub fn contacts(&self) -> impl Iterator<Item = Contact<'a>> + '_ {
        self.headers().list(HeaderName::Contact).filter_map(|value| match value {
            b"*" => Some(Contact::Every),
            value => NameAddr::parse(value).map(Contact::At),
        })
    }

    /// Who the network says the sender is: up to one `sip:` and one `tel:` by the book (RFC 3325 §9.1).
    pub fn asserted(&self) -> impl Iterator<Item = NameAddr<'a>> + '_ {
        self.addresses(HeaderName::PAssertedIdentity)
    }

    /// Who the sender asks the network to say it is (RFC 3325 §9.2).
    pub fn preferred(&self) -> impl Iterator<Item = NameAddr<'a>> + '_ {
        self.addresses(HeaderName::PPreferredIdentity)
    }

    /// Whom the callee is asked to call instead (RFC 3515 §2.1).
    #[must_use]
    pub fn refer_to(&self) -> Option<NameAddr<'a>> {
        self.address(HeaderName::ReferTo)
    }

    /// Who asked for the transfer (RFC 3892 §2).
    #[must_use]
    pub fn referred_by(&self) -> Option<NameAddr<'a>> {
        self.address(HeaderName::ReferredBy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, display: &str, uri: &str, tag: Option<&str>, defects: &[Defect]) {
        let address = NameAddr::parse(value.as_bytes()).unwrap();
        assert_eq!(address.display(), display.as_bytes(), "{value}");
        assert_eq!(address.raw_uri(), uri.as_bytes(), "{value}");
        assert_eq!(address.tag(), tag.map(str::as_bytes), "{value}");
        assert_eq!(address.defects().iter().collect::<Vec<_>>(), defects, "{value}");
    }

    #[test]
    fn addresses() {
        check("<sip:a@b>;tag=1", "", "sip:a@b", Some("1"), &[]);
        check("sip:a@b;tag=1", "", "sip:a@b", Some("1"), &[]);
        check("Alice B <sip:a@b;lr>", "Alice B", "sip:a@b;lr", None, &[]);
        check("\"J \\\" R\\\\\" <sip:a@b> ; Tag = x", "J \\\" R\\\\", "sip:a@b", Some("x"), &[]);
        check("\"\"\r\n <sip:a@b>", "", "sip:a@b", None, &[]);
        check("caller<sip:a@b>;tag=\"q;r\"", "caller", "sip:a@b", Some("q;r"), &[]);
        check("\"Mr. J <sip:a@b>", "Mr. J", "sip:a@b", None, &[Defect::Quote]);
        check("Bell, A <sip:a@b>", "Bell, A", "sip:a@b", None, &[Defect::DisplayName]);
        check("\"W\" < sip:a@b >", "W", "sip:a@b", None, &[Defect::AddressSpace]);
        check("sip:a@b?Route=x", "", "sip:a@b?Route=x", None, &[Defect::AddressBare]);
        check("<sip:a@b", "", "sip:a@b", None, &[Defect::Address]);
        check("anonymous", "", "anonymous", None, &[Defect::Address]);
        assert_eq!(NameAddr::parse(b" \r\n "), None);
    }
}

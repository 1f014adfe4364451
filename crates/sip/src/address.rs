//! Addresses in header fields: a display name, a URI, and the parameters of the header field (RFC 3261 §20.10).

use crate::scan::{find, find_within, places};
use crate::text::{Params, is_space, is_token_byte, quoted, split_from, split_where, trim, trim_start};
use crate::{Defect, Defects, HeaderName, Message, Uri};

/// An address of From, To, Contact and the many header fields written like them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameAddr<'a> {
    display: &'a [u8],
    /// Between the brackets as written, or the address without them.
    uri: &'a [u8],
    params: &'a [u8],
    form: Form,
}

/// How an address is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Without angle brackets.
    Bare,
    /// In angle brackets, the name, if any, in tokens.
    Bracketed,
    /// In angle brackets, the name quoted.
    Quoted,
    /// In angle brackets, the name opening a quote that does not end.
    QuoteOpen,
    /// In an angle bracket that does not end.
    BracketOpen,
}

impl<'a> NameAddr<'a> {
    /// Reads one address: `"Name" <uri>;params`, `Name <uri>;params` or `uri;params`. `None` when there is nothing.
    ///
    /// Lenient: a quoted name that never ends does not hide the address in angle brackets after it, and an address
    /// whose bracket never closes ends at white space.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let value = trim(value);
        let (display, rest, form) = match quoted(value) {
            Some((inside, Some(rest))) => (inside, trim_start(rest), Form::Quoted),
            Some((inside, None)) => {
                let (name, rest) = split_from(inside, b'<');
                (trim(name), rest, Form::QuoteOpen)
            }
            None => {
                let end = find([b'<', b';'], value).unwrap_or(value.len());
                match value.split_at_checked(end)? {
                    (name, rest @ [b'<', ..]) => (trim(name), rest, Form::Bracketed),
                    (uri, params) if !uri.is_empty() => {
                        return Some(Self { display: &[], uri: trim(uri), params, form: Form::Bare });
                    }
                    _ => return None,
                }
            }
        };
        match rest {
            [b'<', inside @ ..] => match split_from(inside, b'>') {
                (uri, [_, params @ ..]) => Some(Self { display, uri, params, form }),
                (open, _) => {
                    let (uri, _) = split_where(trim(open), is_space);
                    Some(Self { display, uri, params: &[], form: Form::BracketOpen })
                }
            },
            _ => {
                let (uri, params) = split_from(rest, b';');
                Some(Self { display, uri, params, form })
            }
        }
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
        Uri::parse(self.raw_uri())
    }

    /// The address as written, without brackets.
    #[must_use]
    pub fn raw_uri(&self) -> &'a [u8] {
        trim(self.uri)
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
        let in_name = |byte: u8| is_token_byte(byte) || is_space(byte) || byte >= 0x80;
        let named = self.form != Form::Quoted && self.form != Form::QuoteOpen;
        let mut defects = Defects::NONE;
        defects.add_if(Defect::Quote, self.form == Form::QuoteOpen);
        defects.add_if(Defect::AddressBare, self.form == Form::Bare && find([b'?', b','], self.uri).is_some());
        defects.add_if(Defect::AddressSpace, self.uri.iter().any(|&byte| is_space(byte)));
        defects.add_if(Defect::DisplayName, named && !self.display.iter().all(|&byte| in_name(byte)));
        defects.add_if(Defect::Address, self.form == Form::BracketOpen || self.uri().is_none());
        defects
    }
}

/// The tag of an address that lies in `block`, from here to there, and is written as nearly all are, `<uri>;tag=token` or
/// `<uri>` with a name or none before it: `Some(None)` without one. `None` leaves the others to [`NameAddr`].
#[inline]
fn plain_tag(block: &[u8], from: usize, to: usize) -> Option<Option<&[u8]>> {
    const MARK: &[u8] = b">;tag=";
    const QUOTED: &[u8] = b"\" <";
    // The end of a block is not worth a way of its own.
    let around = block.get(from..)?.first_chunk()?;
    let open = match block.get(from)? {
        b'<' => 0,
        b'"' => {
            let end = find_within([b'"', b'\\'], block, from + 1, to)?;
            block.get(end..end + QUOTED.len()).filter(|found| *found == QUOTED)?;
            end + 2 - from
        }
        _ => return None,
    };
    let closes = places(b'>', around) & u64::MAX.checked_shl(open as u32)?;
    let close = from + closes.trailing_zeros() as usize;
    if closes == 0 || close >= to {
        return None;
    }
    let start = close + MARK.len();
    // What lies behind the address is no part of it: it begins with a line end, which the mark has none of.
    if block.get(close..start) != Some(MARK) {
        return if close + 1 == to { Some(None) } else { None };
    }
    let end = match find_within([b';', b'"', b'<'], block, start, to) {
        None => to,
        Some(end) if block.get(end) == Some(&b';') => end,
        Some(_) => return None,
    };
    block.get(start..end).map(|tag| Some(trim(tag)))
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

    fn tag(&self, id: HeaderName) -> Option<&'a [u8]> {
        let plain = self.headers().plain_first(id).and_then(|(block, from, to)| plain_tag(block, from, to));
        plain.unwrap_or_else(|| NameAddr::parse(self.headers().first(id)?)?.tag())
    }

    /// The tag of From: [`NameAddr::tag`] by a shorter way.
    #[must_use]
    pub fn from_tag(&self) -> Option<&'a [u8]> {
        self.tag(HeaderName::From)
    }

    /// The tag of To, absent from what opens a dialog: [`NameAddr::tag`] by a shorter way.
    #[must_use]
    pub fn to_tag(&self) -> Option<&'a [u8]> {
        self.tag(HeaderName::To)
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
        // Whatever lies behind it.
        for behind in ["", "\r\nVia: \"<>;tag=3"] {
            let block = [value, behind].concat();
            let short = plain_tag(block.as_bytes(), 0, value.len());
            assert!(short.is_none_or(|short| short == address.tag()), "{value}");
        }
        assert_eq!(address.defects().iter().collect::<Vec<_>>(), defects, "{value}");
    }

    #[test]
    fn addresses() {
        check("<sip:a@b>;tag=1", "", "sip:a@b", Some("1"), &[]);
        check("sip:a@b;tag=1", "", "sip:a@b", Some("1"), &[]);
        check("\"A > B\" <sip:a@b>;tag=1 ;x=<>", "A > B", "sip:a@b", Some("1"), &[]);
        check("\"A>;tag=2\" <sip:a@b>;tag=\r\n 1", "A>;tag=2", "sip:a@b", Some("1"), &[]);
        check("<sip:a@b>;tag=1<;>2", "", "sip:a@b", Some("1<;>2"), &[]);
        check("<sip:a@b>;tag=", "", "sip:a@b", Some(""), &[]);
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

//! What is wrong with a message that could be read all the same: each stack errs in its own way, so detectors look here.

/// One way in which a message breaks the grammar or its limits. The number is its bit in [`Defects`] and permanent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Defect {
    /// The bytes end before the empty line that closes the header block (RFC 3261 §7), often cut by a snap length.
    HeadersOpen,
    /// Content-Length promises more body than there is (RFC 3261 §18.3).
    BodyShort,
    /// A line ends with a bare LF (RFC 3261 §7.1: CRLF).
    BareLf,
    /// A line ends with a bare CR (RFC 3261 §7.1: CRLF).
    BareCr,
    /// A version other than SIP/2.0 (RFC 3261 §7.1).
    Version,
    /// More or less than one space between the parts of the start line, or any after it (RFC 3261 §7.1, §7.2).
    StartSpace,
    /// White space inside the Request-URI (RFC 3261 §7.1).
    UriSpace,
    /// A Request-URI in angle brackets (RFC 3261 §7.1).
    UriBrackets,
    /// A Request-URI that carries headers (RFC 3261 §19.1.1).
    UriHeaders,
    /// A method that is no token (RFC 3261 §25.1).
    MethodToken,
    /// A status code other than three digits from 100 to 699 (RFC 3261 §7.2).
    StatusCode,
    /// A line of the header block without a colon (RFC 3261 §7.3.1).
    NoColon,
    /// A header field name that is no token (RFC 3261 §7.3.1).
    FieldName,
    /// More header fields than [`HEADERS_MAX`](crate::HEADERS_MAX); the further ones were left out.
    TooManyFields,
    /// A Content-Length that is no number, or a negative one (RFC 3261 §20.14).
    LengthNumber,
    /// Content-Length values that contradict one another (RFC 3261 §20.14).
    LengthConflict,
    /// No Via (RFC 3261 §8.1.1).
    NoVia,
    /// No From (RFC 3261 §8.1.1).
    NoFrom,
    /// No To (RFC 3261 §8.1.1).
    NoTo,
    /// No Call-ID (RFC 3261 §8.1.1).
    NoCallId,
    /// No CSeq (RFC 3261 §8.1.1).
    NoCSeq,
    /// A header field that may stand once stands twice (RFC 3261 §7.3.1).
    Repeated,
    /// CSeq names another method than the request line (RFC 3261 §8.1.1.5).
    CSeqMethod,
    /// A number outside its range: CSeq (§8.1.1.5), Max-Forwards (§20.22), Expires (§20.19), Retry-After (§20.33),
    /// Warning (§20.43), `expires` of a Contact (§20.10).
    Number,
    /// A quoted string without its end (RFC 3261 §25.1).
    Quote,
    /// A separator with nothing beside it, such as `;;` or `,,` (RFC 3261 §7.3.1).
    Separator,
    /// An address with comma, semicolon or question mark that is not in angle brackets (RFC 3261 §20.10).
    AddressBare,
    /// White space inside an address (RFC 3261 §25.1).
    AddressSpace,
    /// A display name that is neither tokens nor quoted (RFC 3261 §25.1).
    DisplayName,
    /// An address that cannot be read at all (RFC 3261 §20.10).
    Address,
    /// A Date in another zone than GMT (RFC 3261 §20.17).
    Date,
    /// A branch that is the magic cookie alone (RFC 3261 §8.1.1.7).
    Branch,
}

impl Defect {
    /// Every defect, in the order of the bits.
    pub const ALL: [Self; 32] = [
        Self::HeadersOpen,
        Self::BodyShort,
        Self::BareLf,
        Self::BareCr,
        Self::Version,
        Self::StartSpace,
        Self::UriSpace,
        Self::UriBrackets,
        Self::UriHeaders,
        Self::MethodToken,
        Self::StatusCode,
        Self::NoColon,
        Self::FieldName,
        Self::TooManyFields,
        Self::LengthNumber,
        Self::LengthConflict,
        Self::NoVia,
        Self::NoFrom,
        Self::NoTo,
        Self::NoCallId,
        Self::NoCSeq,
        Self::Repeated,
        Self::CSeqMethod,
        Self::Number,
        Self::Quote,
        Self::Separator,
        Self::AddressBare,
        Self::AddressSpace,
        Self::DisplayName,
        Self::Address,
        Self::Date,
        Self::Branch,
    ];
}

/// A set of [`Defect`]s, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Defects(u64);

impl Defects {
    /// No defect.
    pub const NONE: Self = Self(0);

    /// Notes one more.
    pub const fn add(&mut self, defect: Defect) {
        self.0 |= 1 << defect as u8;
    }

    /// Notes one more if `found`.
    pub(crate) const fn add_if(&mut self, defect: Defect, found: bool) {
        self.0 |= (found as u64) << defect as u8;
    }

    /// Whether `defect` was found.
    #[must_use]
    pub const fn has(self, defect: Defect) -> bool {
        self.0 >> defect as u8 & 1 == 1
    }

    /// Whether none was found.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The bits, by [`Defect`]'s numbers.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Those found, lowest bit first.
    pub fn iter(self) -> impl Iterator<Item = Defect> {
        Defect::ALL.into_iter().filter(move |&defect| self.has(defect))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_is_its_place_in_the_list() {
        for (place, defect) in Defect::ALL.into_iter().enumerate() {
            assert_eq!(defect as usize, place);
        }
    }
}

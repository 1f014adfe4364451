//! The first line of a message (RFC 3261 §7.1, §7.2).

/// A method of a request. Those of the RFCs by name; anything else is [`Method::Other`], its token in the start line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are those of the RFCs")]
pub enum Method {
    Ack,
    Bye,
    Cancel,
    Info,
    Invite,
    Message,
    Notify,
    Options,
    Prack,
    Publish,
    Refer,
    Register,
    Subscribe,
    Update,
    Other,
}

/// What a message says first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartLine<'a> {
    /// A request (RFC 3261 §7.1).
    Request {
        /// The method.
        method: Method,
        /// The method as written.
        token: &'a [u8],
        /// The Request-URI as written.
        uri: &'a [u8],
    },
    /// A response (RFC 3261 §7.2).
    Response {
        /// The status code, 0 to 65535: three digits are the rule, more or fewer a defect.
        code: u16,
        /// The reason phrase, possibly empty.
        reason: &'a [u8],
    },
}

//! How makers of telephone equipment write SIP: header order, names and habits, as seen on real links.
//!
//! The makers are invented, their habits are not: a session border controller, a softswitch and a desk phone.

/// A header line, written only where it belongs in the message at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the headers")]
pub enum Header {
    Via,
    RecordRoute,
    MaxForwards,
    From,
    To,
    CallId,
    CSeq,
    Contact,
    Agent,
    Allow,
    Supported,
    SessionExpires,
    Asserted,
    Privacy,
    Diversion,
    Authorization,
    Date,
    Reason,
    Extra,
    ContentType,
    ContentLength,
}

/// The habits of one maker.
#[derive(Debug)]
pub struct Stack {
    /// User-Agent and Server.
    pub agent: &'static str,
    /// The order of its headers.
    pub order: &'static [Header],
    /// Its Allow line.
    pub allow: &'static str,
    /// Its Supported line.
    pub supported: &'static str,
    /// A line of its own in requests, without the line's end.
    pub extra: &'static str,
    /// The user name of its SDP origin line.
    pub origin: &'static str,
    /// Attributes of its SDP after the rtpmap lines.
    pub attributes: &'static str,
    /// Whether Call-IDs end in `@` and its address.
    pub call_id_host: bool,
    /// Whether it offers both G.711 kinds and G.729 or one codec only.
    pub offers_all: bool,
}

use Header::*;

/// A session border controller: terse, no agent, session timers.
pub static BORDER: Stack = Stack {
    agent: "",
    order: &[
        Via,
        RecordRoute,
        From,
        To,
        CallId,
        CSeq,
        MaxForwards,
        Contact,
        Allow,
        Supported,
        SessionExpires,
        Asserted,
        Privacy,
        Diversion,
        Authorization,
        Reason,
        ContentType,
        ContentLength,
    ],
    allow: "INVITE,ACK,CANCEL,BYE,PRACK,UPDATE,OPTIONS,INFO",
    supported: "100rel,timer,replaces",
    extra: "",
    origin: "SBC",
    attributes: "a=sendrecv\r\na=maxptime:40\r\n",
    call_id_host: true,
    offers_all: true,
};

/// A softswitch of a wholesale carrier: capitals, a date, its own header.
pub static SWITCH: Stack = Stack {
    agent: "VSW 9.3.1-build 2207",
    order: &[
        Via,
        MaxForwards,
        RecordRoute,
        Contact,
        To,
        From,
        CallId,
        CSeq,
        Allow,
        ContentType,
        Date,
        Supported,
        Agent,
        Asserted,
        Diversion,
        Privacy,
        Authorization,
        SessionExpires,
        Extra,
        Reason,
        ContentLength,
    ],
    allow: "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO, REFER, NOTIFY",
    supported: "timer, path, replaces, histinfo",
    extra: "X-Trunk-Group: TG-WHOLESALE-0417;carrier=0288",
    origin: "switch-media",
    attributes: "a=silenceSupp:off - - - -\r\na=sendrecv\r\n",
    call_id_host: false,
    offers_all: false,
};

/// A desk phone behind an exchange: a long agent, every extension it knows.
pub static PHONE: Stack = Stack {
    agent: "DeskTel DT48 66.86.0.15 805ec0a1b2c3",
    order: &[
        Via,
        RecordRoute,
        From,
        To,
        CallId,
        CSeq,
        Contact,
        Authorization,
        Supported,
        Allow,
        Agent,
        Asserted,
        Privacy,
        Diversion,
        MaxForwards,
        Extra,
        SessionExpires,
        Reason,
        ContentType,
        ContentLength,
    ],
    allow: "INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, MESSAGE, SUBSCRIBE, INFO, UPDATE, PRACK",
    supported: "replaces, 100rel, norefersub, timer, outbound",
    extra: "Allow-Events: talk,hold,conference,refer,check-sync",
    origin: "-",
    attributes: "a=ptime:20\r\na=sendrecv\r\n",
    call_id_host: false,
    offers_all: true,
};

//! What writes SIP in these scenarios: invented makers with habits as real ones have them. Each differs from the others in
//! the order and the case of its header lines, in the shape of what makes a call unique, in what it says it can do, and in
//! how it describes its media; installations of one maker differ in codecs and versions.

/// Makers, by their place in [`VENDORS`].
pub(crate) mod vendor {
    /// An open-source exchange, the commonest of all.
    pub(crate) const EXCHANGE: u8 = 0;
    /// A softswitch of carriers.
    pub(crate) const SWITCH: u8 = 1;
    /// A border controller.
    pub(crate) const BORDER: u8 = 2;
    /// A desk phone.
    pub(crate) const PHONE: u8 = 3;
    /// A dialler on an open-source media server.
    pub(crate) const DIALLER: u8 = 4;
    /// A cloud telephony platform.
    pub(crate) const CLOUD: u8 = 5;
    /// A gateway to mobile networks.
    pub(crate) const GATEWAY: u8 = 6;
    /// A telephone exchange's media gateway.
    pub(crate) const MEDIA_GATEWAY: u8 = 7;
    /// A scanner.
    pub(crate) const SCANNER: u8 = 8;
}

/// A header line, written only where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Header {
    Via,
    MaxForwards,
    From,
    To,
    CallId,
    CSeq,
    Contact,
    Agent,
    Allow,
    Supported,
    Timer,
    Asserted,
    Privacy,
    Diversion,
    Identity,
    SessionId,
    Date,
    Extra,
    ContentType,
    ContentLength,
}

/// How header names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As RFC 3261 does.
    Usual,
    /// One letter where there is one (RFC 3261 §7.3.3).
    Compact,
    /// In capitals where the maker likes it.
    Loud,
}

/// What the first CSeq of a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstCSeq {
    /// Always this.
    Fixed(u32),
    /// Eight digits by chance.
    Chance,
}

/// The habits of a maker.
#[derive(Debug)]
pub(crate) struct Vendor {
    /// User-Agent and Server, by version; empty without one.
    pub(crate) agents: &'static [&'static str],
    pub(crate) order: &'static [Header],
    pub(crate) spelling: Spelling,
    pub(crate) allow: &'static [&'static str],
    pub(crate) supported: &'static str,
    /// A line of its own in requests.
    pub(crate) extra: &'static str,
    pub(crate) max_forwards: u8,
    pub(crate) cseq: FirstCSeq,
    /// Whether URIs end in `;user=phone`.
    pub(crate) user_phone: bool,
    /// Whether its own name stands in URIs in place of its address.
    pub(crate) named: bool,
    /// User name of the SDP origin and session name.
    pub(crate) origin: &'static str,
    pub(crate) session: &'static str,
    /// Attributes of its medium after the codecs.
    pub(crate) attributes: &'static str,
    /// Whether a session timer is asked for.
    pub(crate) timer: bool,
}

use Header::*;

/// All makers.
pub(crate) static VENDORS: [Vendor; 9] = [
    Vendor {
        agents: &["Opal PBX 18.20.0", "Opal PBX 16.28.0", "Opal PBX 20.5.2"],
        order: &[
            Via,
            MaxForwards,
            From,
            To,
            Contact,
            CallId,
            CSeq,
            Agent,
            Date,
            Allow,
            Supported,
            Timer,
            Asserted,
            Privacy,
            Diversion,
            Identity,
            SessionId,
            ContentType,
            ContentLength,
        ],
        spelling: Spelling::Usual,
        allow: &["INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO, PUBLISH, MESSAGE"],
        supported: "replaces, timer",
        extra: "",
        max_forwards: 70,
        cseq: FirstCSeq::Fixed(102),
        user_phone: false,
        named: false,
        origin: "opal",
        session: "Opal PBX",
        attributes: "a=ptime:20\r\na=maxptime:150\r\na=sendrecv\r\n",
        timer: false,
    },
    Vendor {
        agents: &["VSW 9.3.1-build 2207", "VSW 9.1.0-build 1833"],
        order: &[
            Via,
            MaxForwards,
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
            Identity,
            SessionId,
            Timer,
            Extra,
            ContentLength,
        ],
        spelling: Spelling::Usual,
        allow: &[
            "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO, REFER, NOTIFY",
            "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE",
        ],
        supported: "timer, path, replaces, histinfo",
        extra: "X-Trunk-Group: TG-WHOLESALE-0417",
        max_forwards: 69,
        cseq: FirstCSeq::Fixed(1),
        user_phone: true,
        named: false,
        origin: "switch-media",
        session: "VSW",
        attributes: "a=silenceSupp:off - - - -\r\na=sendrecv\r\n",
        timer: true,
    },
    Vendor {
        agents: &[""],
        order: &[
            Via,
            From,
            To,
            CallId,
            CSeq,
            MaxForwards,
            Contact,
            Agent,
            Allow,
            Supported,
            Timer,
            Asserted,
            Privacy,
            Diversion,
            Identity,
            SessionId,
            ContentType,
            ContentLength,
        ],
        spelling: Spelling::Usual,
        allow: &["INVITE,ACK,CANCEL,BYE,PRACK,UPDATE,OPTIONS,INFO"],
        supported: "100rel,timer,replaces",
        extra: "",
        max_forwards: 68,
        cseq: FirstCSeq::Fixed(1),
        user_phone: true,
        named: false,
        origin: "SBC",
        session: "-",
        attributes: "a=sendrecv\r\na=maxptime:40\r\n",
        timer: true,
    },
    Vendor {
        agents: &["DeskTel DT48 66.86.0.15", "DeskTel DT46 66.84.0.90", "DeskTel DT41 36.83.0.35"],
        order: &[
            Via,
            From,
            To,
            CallId,
            CSeq,
            Contact,
            MaxForwards,
            Supported,
            Allow,
            Agent,
            Asserted,
            Privacy,
            Diversion,
            Identity,
            SessionId,
            Extra,
            Timer,
            ContentType,
            ContentLength,
        ],
        spelling: Spelling::Usual,
        allow: &["INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, MESSAGE, SUBSCRIBE, INFO, UPDATE, PRACK"],
        supported: "replaces, 100rel, norefersub, timer, outbound",
        extra: "Allow-Events: talk,hold,conference,refer,check-sync",
        max_forwards: 70,
        cseq: FirstCSeq::Fixed(1),
        user_phone: false,
        named: true,
        origin: "-",
        session: "SDP data",
        attributes: "a=ptime:20\r\na=sendrecv\r\n",
        timer: false,
    },
    Vendor {
        agents: &["FreeDial/1.10.7-release", "FreeDial/1.8.2-stable", "FreeDial/1.10.11-release"],
        order: &[
            Via,
            MaxForwards,
            From,
            To,
            CallId,
            CSeq,
            Contact,
            Agent,
            Allow,
            Supported,
            Timer,
            Privacy,
            ContentType,
            ContentLength,
            Asserted,
            Diversion,
            Identity,
            SessionId,
            Extra,
        ],
        spelling: Spelling::Usual,
        allow: &["INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, REGISTER, REFER, NOTIFY"],
        supported: "timer, path, replaces",
        extra: "X-FD-Support: update_display,send_info",
        max_forwards: 69,
        cseq: FirstCSeq::Chance,
        user_phone: false,
        named: false,
        origin: "FreeDial",
        session: "FreeDial",
        attributes: "a=ptime:20\r\n",
        timer: true,
    },
    Vendor {
        agents: &["Nimbus-Voice-Edge", "Nimbus-Voice-Edge"],
        order: &[
            Via,
            CallId,
            From,
            To,
            CSeq,
            MaxForwards,
            Contact,
            Allow,
            Supported,
            Agent,
            Identity,
            Asserted,
            Privacy,
            Diversion,
            SessionId,
            Extra,
            ContentType,
            ContentLength,
        ],
        spelling: Spelling::Usual,
        allow: &["INVITE,ACK,CANCEL,BYE,OPTIONS,PRACK,UPDATE,REFER"],
        supported: "replaces",
        extra: "X-Nimbus-Region: eu-1",
        max_forwards: 64,
        cseq: FirstCSeq::Chance,
        user_phone: false,
        named: true,
        origin: "-",
        session: "nimbus",
        attributes: "a=rtcp-mux\r\na=sendrecv\r\n",
        timer: false,
    },
    Vendor {
        agents: &["GSM-Port-32 3.14", "GSM-Port-64 3.20"],
        order: &[
            Via,
            From,
            To,
            CallId,
            CSeq,
            Contact,
            MaxForwards,
            Agent,
            Allow,
            Supported,
            Asserted,
            Privacy,
            Diversion,
            Identity,
            SessionId,
            ContentType,
            ContentLength,
        ],
        spelling: Spelling::Compact,
        allow: &["INVITE,ACK,BYE,CANCEL,OPTIONS,INFO"],
        supported: "",
        extra: "",
        max_forwards: 70,
        cseq: FirstCSeq::Fixed(20),
        user_phone: false,
        named: false,
        origin: "GW",
        session: "GW_SDP",
        attributes: "a=fmtp:101 0-11\r\na=ptime:20\r\n",
        timer: false,
    },
    Vendor {
        agents: &[""],
        order: &[
            Via,
            To,
            From,
            CallId,
            MaxForwards,
            CSeq,
            Supported,
            Allow,
            Timer,
            Contact,
            Asserted,
            Diversion,
            Privacy,
            Identity,
            SessionId,
            Agent,
            ContentLength,
            ContentType,
        ],
        spelling: Spelling::Loud,
        allow: &["INVITE, BYE, ACK, CANCEL, PRACK, UPDATE, REFER, SUBSCRIBE, NOTIFY, INFO, REGISTER"],
        supported: "100rel,precondition,timer,rel1xx",
        extra: "",
        max_forwards: 70,
        cseq: FirstCSeq::Fixed(101),
        user_phone: true,
        named: false,
        origin: "MediaGateway-SIP-UserAgent",
        session: "SIP Call",
        attributes: "a=sqn: 0\r\na=cdsc: 1 image udptl t38\r\na=ptime:20\r\n",
        timer: true,
    },
    Vendor {
        agents: &["friendly-tester"],
        order: &[
            Via,
            To,
            From,
            CallId,
            CSeq,
            Contact,
            Agent,
            MaxForwards,
            Allow,
            Asserted,
            Privacy,
            ContentType,
            ContentLength,
        ],
        spelling: Spelling::Usual,
        allow: &["INVITE"],
        supported: "",
        extra: "",
        max_forwards: 70,
        cseq: FirstCSeq::Fixed(1),
        user_phone: false,
        named: false,
        origin: "tester",
        session: "-",
        attributes: "",
        timer: false,
    },
];

/// Payload types that installations offer, in their order; all can do G.711 A-law.
static OFFERS: [&[u8]; 7] =
    [&[8, 0, 101], &[8, 101], &[0, 8, 101], &[8, 0, 18, 101], &[9, 8, 0, 101], &[8, 3, 101], &[18, 8, 101]];

/// An installation of a maker's software.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stack {
    pub(crate) vendor: u8,
    /// What tells its installations apart: codecs, versions, settings.
    pub(crate) build: u64,
}

impl Stack {
    pub(crate) const fn new(vendor: u8, build: u64) -> Self {
        Self { vendor, build }
    }

    /// Its maker's habits.
    pub(crate) fn habits(&self) -> &'static Vendor {
        habits_of(self.vendor)
    }

    /// Its User-Agent; empty without one.
    #[must_use]
    pub fn agent(&self) -> &'static str {
        one_of(self.habits().agents, self.build).unwrap_or_default()
    }

    /// What it allows.
    pub(crate) fn allow(&self) -> &'static str {
        one_of(self.habits().allow, self.build >> 8).unwrap_or_default()
    }

    /// The payload types it offers.
    pub(crate) fn offer(&self) -> &'static [u8] {
        one_of(&OFFERS, self.build >> 16).unwrap_or_default()
    }
}

/// The habits of a maker.
pub(crate) fn habits_of(vendor: u8) -> &'static Vendor {
    let [first, ..] = &VENDORS;
    VENDORS.get(usize::from(vendor)).unwrap_or(first)
}

fn one_of<T: Copy>(choices: &[T], key: u64) -> Option<T> {
    choices.get((key % choices.len().max(1) as u64) as usize).copied()
}

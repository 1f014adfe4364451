//! What writes SIP in these scenarios: invented makers with habits as real ones have them. Each differs from the others in
//! the order and the case of its header lines, in the shape of what makes a call unique, in what it says it can do, and in
//! how it describes its media; installations of one maker differ in codecs and versions. The makers stand in `makers.rs`.

mod makers;

use makers::VENDORS;

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

//! What writes SIP in these scenarios: invented makers with habits as real ones have them.

use sip::stack::{Fingerprint, Group};

use crate::random::mix;

/// Makers, by their place in the list.
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
    /// How many there are.
    pub(crate) const COUNT: u8 = 9;
}

/// User-Agent of each maker; none for border elements.
static AGENTS: [&str; vendor::COUNT as usize] = [
    "Opal PBX 18.20.0",
    "VSW 9.3.1-build 2207",
    "",
    "DeskTel DT48 66.86.0.15",
    "FreeDial/1.10.7-release",
    "Nimbus-Voice-Edge",
    "GSM-Port-32 3.14",
    "",
    "friendly-tester",
];

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

    /// Its User-Agent; empty without one.
    #[must_use]
    pub fn agent(&self) -> &'static str {
        AGENTS.get(usize::from(self.vendor)).copied().unwrap_or_default()
    }

    /// The fingerprint of what it writes, after a border element of a vendor has rewritten it where there is one.
    #[must_use]
    pub fn fingerprint(&self, hidden_by: Option<u8>) -> Fingerprint {
        let maker = |salt| mix(u64::from(self.vendor), salt);
        let border = |salt, own| hidden_by.map_or(own, |vendor| mix(u64::from(vendor), salt));
        let groups = [
            (Group::Writing, border(1, maker(1))),
            (Group::Tokens, border(2, maker(2))),
            (Group::Agent, mix(maker(3), self.build % 3)),
            (Group::Form, mix(maker(4), self.build % 5)),
            (Group::Codecs, mix(maker(5), self.build % 7)),
        ];
        let place = |group| match group {
            Group::Writing => (51, 13),
            Group::Tokens => (39, 12),
            Group::Agent => (26, 13),
            Group::Form => (13, 13),
            Group::Codecs => (0, 13),
        };
        let bits = groups.into_iter().fold(0, |bits, (group, value)| {
            let (low, width) = place(group);
            bits | (1 + value % ((1 << width) - 1)) << low
        });
        Fingerprint::from_bits(bits)
    }
}

//! Control of one payload: which protocol it is, and the media it announces.

use arrayvec::ArrayVec;
use sip::sdp::{self, Sdp};
use types::{Endpoint, Ip};

use crate::descriptions::Descriptions;
use crate::rtsp::TRANSPORTS_MAX;
use crate::{megaco, mgcp, rtsp, sccp};

/// What a gateway, a telephone or a media server is controlled by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// RFC 3435, and its sibling of cable telephony, NCS.
    Mgcp,
    /// H.248.1 in its text encoding (RFC 3525, RFC 5125).
    Megaco,
    /// RFC 2326 and RFC 7826.
    Rtsp,
    /// The Skinny Client Control Protocol of Cisco.
    Sccp,
}

impl Protocol {
    /// All protocols, in the order of the summary.
    pub const ALL: [Self; 4] = [Self::Mgcp, Self::Megaco, Self::Rtsp, Self::Sccp];

    /// The word in the summary.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mgcp => "mgcp",
            Self::Megaco => "megaco",
            Self::Rtsp => "rtsp",
            Self::Sccp => "sccp",
        }
    }
}

/// What will flow at an announced endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Medium {
    /// RTP or SRTP, with RTCP at the port above it.
    Rtp,
    /// T.38 over UDPTL.
    Fax,
}

/// An endpoint of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Announcement {
    /// Where.
    pub endpoint: Endpoint,
    /// What.
    pub medium: Medium,
}

/// Control where it lies in a payload: the messages of one datagram, or one message of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control<'a> {
    protocol: Protocol,
    messages: u32,
    bytes: &'a [u8],
}

/// The MGCP or Megaco of a datagram of UDP or SCTP. `None` for everything else, after a few bytes as a rule.
#[must_use]
pub fn read(payload: &[u8]) -> Option<Control<'_>> {
    let text = payload.trim_ascii_start();
    if !text.first().is_some_and(|first| first.is_ascii_alphanumeric() || *first == b'!') {
        return None;
    }
    if megaco::is_message(text) {
        return Some(Control::one(Protocol::Megaco, text));
    }
    let messages = mgcp::messages(text);
    (messages > 0).then_some(Control { protocol: Protocol::Mgcp, messages, bytes: text })
}

impl<'a> Control<'a> {
    /// A single message.
    pub(crate) const fn one(protocol: Protocol, bytes: &'a [u8]) -> Self {
        Self { protocol, messages: 1, bytes }
    }

    /// Which protocol it is.
    #[must_use]
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// How many messages there are: MGCP may put several into a datagram.
    #[must_use]
    pub const fn messages(&self) -> u32 {
        self.messages
    }

    /// Whether there is a session description.
    #[must_use]
    pub fn has_sdp(&self) -> bool {
        self.descriptions().any(|description| Sdp::parse(description).is_ok())
    }

    /// The endpoints it announces, those of both ends where it names both. `source` and `destination` are the addresses
    /// that the message came from and went to: RTSP names only ports where an address is its sender's or receiver's.
    pub fn announcements(&self, source: Ip, destination: Ip) -> impl Iterator<Item = Announcement> {
        let unframed: ArrayVec<Endpoint, { TRANSPORTS_MAX }> = match self.protocol {
            Protocol::Mgcp | Protocol::Megaco => ArrayVec::new(),
            Protocol::Rtsp => rtsp::endpoints(self.bytes, source, destination),
            Protocol::Sccp => sccp::endpoint(self.bytes).into_iter().collect(),
        };
        let described = self.descriptions().filter_map(|description| Sdp::parse(description).ok());
        let unframed = unframed.into_iter().map(|endpoint| Announcement { endpoint, medium: Medium::Rtp });
        described.flat_map(|sdp| announced(&sdp)).chain(unframed)
    }

    fn descriptions(&self) -> Descriptions<'a> {
        match self.protocol {
            Protocol::Mgcp => Descriptions::of_lines(self.bytes),
            Protocol::Megaco => Descriptions::of_braces(self.bytes),
            Protocol::Rtsp => Descriptions::of_lines(rtsp::body(self.bytes)),
            Protocol::Sccp => Descriptions::of_lines(&[]),
        }
    }
}

/// The endpoints of one description that are not rejected, held or left to the gateway to choose (`$`).
fn announced(sdp: &Sdp<'_>) -> ArrayVec<Announcement, { sdp::MEDIA_MAX }> {
    let mediums = sdp.media().iter().filter_map(|section| {
        let medium = match section.protocol() {
            sdp::Protocol::Rtp | sdp::Protocol::Srtp => Medium::Rtp,
            sdp::Protocol::Udptl => Medium::Fax,
            _ => return None,
        };
        Some(Announcement { endpoint: section.rtp()?, medium })
    });
    mediums.take(sdp::MEDIA_MAX).collect()
}

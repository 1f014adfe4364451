//! What was seen on the link, counted as the frames carry it: copies of a mirror port included, which calls and
//! figures of streams leave out.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use gateway::Protocol;
use sip::Method;
use types::Nanos;

use crate::distinct::Distinct;

/// Different method names counted by name; the rest share one count.
pub const METHODS_MAX: usize = 64;
/// The longest method name that is kept as it is.
const METHOD_NAME_BYTES_MAX: usize = 40;

/// What carried a SIP message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// UDP.
    Udp,
    /// TCP.
    Tcp,
    /// SCTP (RFC 4168).
    Sctp,
    /// WebSocket (RFC 7118).
    WebSocket,
}

impl Carrier {
    /// All carriers, in the order of the summary.
    pub const ALL: [Self; 4] = [Self::Udp, Self::Tcp, Self::Sctp, Self::WebSocket];

    /// The word in the summary, before the IP version.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Sctp => "sctp",
            Self::WebSocket => "ws",
        }
    }
}

/// What was seen on the link.
#[derive(Debug)]
pub struct Traffic {
    /// Frames.
    pub frames: u64,
    /// Bytes of these, as captured.
    pub bytes: u64,
    /// The earliest stamp.
    pub first: Option<Nanos>,
    /// The latest stamp.
    pub last: Option<Nanos>,
    /// SIP.
    pub sip: SipTraffic,
    /// RTP packets of streams that signalling announced.
    pub rtp_packets: u64,
    /// Streams that signalling announced.
    pub rtp_streams: u64,
    /// RTP packets of those streams and of the ones found without signalling.
    pub rtp_heuristic_packets: u64,
    /// Both kinds of streams.
    pub rtp_heuristic_streams: u64,
    /// RTCP compound packets, known by their content.
    pub rtcp_packets: u64,
    /// Of these, between endpoints that signalling announced.
    pub rtcp_announced_packets: u64,
    /// STUN messages.
    pub stun_packets: u64,
    /// TURN channel data (RFC 8656 §12), and indications that carry a datagram (§11), which are STUN too.
    pub turn_packets: u64,
    /// DTLS records, by datagram.
    pub dtls_packets: u64,
    /// ZRTP messages (RFC 6189).
    pub zrtp_packets: u64,
    /// T.38 packets over UDPTL, where signalling announced them.
    pub t38_packets: u64,
    /// Control of gateways, telephones and media servers.
    pub gateway: GatewayTraffic,
}

/// Control of gateways seen on the link. Its media counts as announced; no calls are made of it.
#[derive(Debug, Default)]
pub struct GatewayTraffic {
    /// Frames with at least one message; a message in several frames counts in the one that completes it.
    pub packets: u64,
    /// RTP streams that it announced and SIP did not.
    pub streams: u64,
    messages: [u64; Protocol::ALL.len()],
}

/// SIP seen on the link.
#[derive(Debug)]
pub struct SipTraffic {
    /// Frames with at least one message; a message in several frames counts in the one that completes it.
    pub packets: u64,
    /// Messages.
    pub messages: u64,
    /// Messages with a status line.
    pub responses: u64,
    /// Frames with SDP, whoever carries it: SIP, or control of gateways.
    pub sdp_bodies: u64,
    /// Keep-alives (RFC 5626 §3.5).
    pub keep_alives: u64,
    /// TCP connections that carry SIP under TLS, as far as that shows.
    pub encrypted: u64,
    /// Messages that were read without their body, which is longer than any that is kept.
    pub bodies_cut: u64,
    /// Messages whose end the capture cut off, so that what they say is not whole.
    pub cut: u64,
    /// WebSocket messages that are compressed (RFC 7692), whatever is in them.
    pub compressed: u64,
    /// WebSocket messages longer than any that is kept.
    pub oversized: u64,
    /// Messages found inside ESP with NULL encryption (RFC 2410), as IMS phones send them. They make calls like all
    /// others; the counts above are of what travels in clear, which any tool sees.
    pub in_esp: u64,
    /// Payloads that looked like SIP and have no readable start line.
    pub malformed: u64,
    /// Different Call-IDs.
    pub call_ids: Distinct,
    methods: [u64; Method::ALL.len()],
    other_methods: BTreeMap<String, u64>,
    /// Requests whose method name came when [`METHODS_MAX`] others had been seen.
    pub methods_unnamed: u64,
    status: Box<[u64; 700]>,
    /// Responses whose code is 700 or above, which RFC 3261 has none of: [`SipTraffic::status`] leaves them out.
    pub status_odd: u64,
    transports: [[u64; 2]; Carrier::ALL.len()],
}

impl Traffic {
    pub(crate) fn new() -> Self {
        Self {
            frames: 0,
            bytes: 0,
            first: None,
            last: None,
            sip: SipTraffic {
                packets: 0,
                messages: 0,
                responses: 0,
                sdp_bodies: 0,
                keep_alives: 0,
                encrypted: 0,
                bodies_cut: 0,
                cut: 0,
                compressed: 0,
                oversized: 0,
                in_esp: 0,
                malformed: 0,
                call_ids: Distinct::default(),
                methods: [0; Method::ALL.len()],
                other_methods: BTreeMap::new(),
                methods_unnamed: 0,
                status: Box::new([0; 700]),
                status_odd: 0,
                transports: [[0; 2]; Carrier::ALL.len()],
            },
            rtp_packets: 0,
            rtp_streams: 0,
            rtp_heuristic_packets: 0,
            rtp_heuristic_streams: 0,
            rtcp_packets: 0,
            rtcp_announced_packets: 0,
            stun_packets: 0,
            turn_packets: 0,
            dtls_packets: 0,
            zrtp_packets: 0,
            t38_packets: 0,
            gateway: GatewayTraffic::default(),
        }
    }

    /// Takes in the bytes and the stamps of some frames.
    pub(crate) fn sum_up(&mut self, bytes: u64, first: Nanos, last: Nanos) {
        self.bytes += bytes;
        self.first = Some(self.first.map_or(first, |before| before.min(first)));
        self.last = self.last.max(Some(last));
    }
}

impl GatewayTraffic {
    /// Messages by protocol.
    pub fn messages(&self) -> impl Iterator<Item = (Protocol, u64)> {
        Protocol::ALL.into_iter().zip(self.messages)
    }

    /// Takes in the messages of a frame, or more of them.
    pub(crate) fn on_control(&mut self, protocol: Protocol, messages: u32, first_of_frame: bool) {
        self.packets += u64::from(first_of_frame);
        if let Some(count) = self.messages.get_mut(protocol as usize) {
            *count += u64::from(messages);
        }
    }
}

impl SipTraffic {
    /// Requests by method. A name too long to show is told by its length, as `token-of-65-chars`.
    pub fn requests(&self) -> impl Iterator<Item = (&str, u64)> {
        let known = Method::ALL.iter().zip(self.methods).map(|(method, count)| (method.name(), count));
        let others = self.other_methods.iter().map(|(name, &count)| (name.as_str(), count));
        known.chain(others).filter(|&(_, count)| count > 0)
    }

    /// Responses by status code, those of [`SipTraffic::status_odd`] left out.
    pub fn status(&self) -> impl Iterator<Item = (u16, u64)> {
        (0..).zip(self.status.iter().copied()).filter(|&(_, count)| count > 0)
    }

    /// Frames by carrier and IP version (4 or 6).
    pub fn transports(&self) -> impl Iterator<Item = (Carrier, u8, u64)> {
        let rows = Carrier::ALL.into_iter().zip(self.transports);
        rows.flat_map(|(carrier, [v4, v6])| [(carrier, 4, v4), (carrier, 6, v6)]).filter(|&(.., count)| count > 0)
    }

    pub(crate) fn on_packet(&mut self, carrier: Carrier, is_v4: bool) {
        self.packets += 1;
        let versions = self.transports.get_mut(carrier as usize);
        if let Some(count) = versions.and_then(|versions| versions.get_mut(usize::from(!is_v4))) {
            *count += 1;
        }
    }

    pub(crate) fn on_request(&mut self, method: Method, token: &[u8]) {
        // Method names are compared as they are written (RFC 3261 §7.1): "invite" is another method than INVITE.
        if method != Method::Other
            && let Some(count) = self.methods.get_mut(method as usize)
        {
            *count += 1;
            return;
        }
        let name = if token.len() > METHOD_NAME_BYTES_MAX {
            format!("token-of-{}-chars", token.len())
        } else {
            String::from_utf8_lossy(token).into_owned()
        };
        let room = self.other_methods.len() < METHODS_MAX;
        match self.other_methods.entry(name) {
            Entry::Occupied(mut count) => *count.get_mut() += 1,
            Entry::Vacant(place) if room => {
                place.insert(1);
            }
            Entry::Vacant(_) => self.methods_unnamed += 1,
        }
    }

    pub(crate) fn on_response(&mut self, code: u16) {
        self.responses += 1;
        match self.status.get_mut(usize::from(code)) {
            Some(count) => *count += 1,
            None => self.status_odd += 1,
        }
    }
}

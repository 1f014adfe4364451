//! One media section: its `m=` line and what the lines under it say, those of the session where it says nothing.

use arrayvec::ArrayVec;
use types::{Endpoint, Ip};

use super::Defects;
use super::candidate::{CANDIDATES_MAX, Candidate};
use super::codec::{Codecs, codecs};
use super::text::{Lines, address, attributes, key, leading, number, token, tokens, trim, typed};
use crate::text::leading_number;

/// Synchronisation sources kept of one medium: the streams of a simulcast and their repairs.
pub const SSRCS_MAX: usize = 8;

/// Suites read of one medium; a sender offers two to eight.
const CRYPTO_MAX: usize = 16;

/// The kind that stands for all four direction attributes in a layout: a call on hold is the same stack.
pub(super) const DIRECTION_KIND: u64 = 2;

/// The medium an `m=` line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of RFC 8866 §5.14")]
pub enum MediaKind {
    Audio,
    Video,
    Text,
    Image,
    Application,
    Message,
    Other,
}

/// How a medium is transported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// RTP in clear, with or without feedback: RTP/AVP, RTP/AVPF.
    Rtp,
    /// SRTP with keys from SDP or from DTLS: RTP/SAVP, RTP/SAVPF, UDP/TLS/RTP/SAVP, UDP/TLS/RTP/SAVPF.
    Srtp,
    /// RTP or SRTP over TCP (RFC 4571).
    RtpTcp,
    /// T.38 over UDPTL, in clear or over DTLS.
    Udptl,
    /// Plain UDP.
    Udp,
    /// TCP and what is on it: MSRP, BFCP, T.38.
    Tcp,
    /// SCTP over DTLS: data channels.
    Sctp,
    /// What this crate has no word for.
    Other,
}

/// Which way a medium flows, as its sender sees it (RFC 8866 §6.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Both ways, which is what silence means.
    #[default]
    SendRecv,
    /// From the sender only: the peer is on hold.
    SendOnly,
    /// To the sender only.
    RecvOnly,
    /// Neither way.
    Inactive,
}

/// Which end opens a connection, for DTLS and TCP (RFC 4145 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of the RFC")]
pub enum Setup {
    Active,
    Passive,
    ActPass,
    HoldConn,
}

/// A bandwidth line (`b=`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bandwidth<'a> {
    /// `AS` and `CT` count kilobits per second, `TIAS`, `RS` and `RR` bits per second.
    pub kind: &'a [u8],
    /// How many.
    pub value: u64,
}

/// The parameters of a T.38 fax (ITU-T T.38 Annex D).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct T38<'a> {
    /// The version of T.38, 0 unless it is written.
    pub version: u8,
    /// Bits per second.
    pub bit_rate_max: Option<u32>,
    /// Bytes of one UDPTL datagram.
    pub datagram_bytes_max: Option<u16>,
    /// Whether training is passed through (`transferredTCF`) rather than made by each gateway (`localTCF`).
    pub training_transferred: bool,
    /// The error correction as written: `t38UDPRedundancy`, `t38UDPFEC`.
    pub error_correction: Option<&'a [u8]>,
}

/// What is either there or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Flags(u8);

const RTCP_MUX: u8 = 1;
const CRYPTO: u8 = 1 << 1;
const FINGERPRINT: u8 = 1 << 2;
const ICE: u8 = 1 << 3;
const BUNDLE_ONLY: u8 = 1 << 4;
const OWN_CONNECTION: u8 = 1 << 5;

impl Flags {
    const fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }
}

/// A media section where it lies in a description.
#[derive(Clone, Debug)]
pub struct Media<'a> {
    formats: &'a [u8],
    lines: &'a [u8],
    /// Those of them from the first rtpmap or fmtp to the last.
    maps: &'a [u8],
    session: &'a [u8],
    mid: Option<&'a [u8]>,
    port: u16,
    ports: u16,
    kind: MediaKind,
    protocol: Protocol,
    said: Said,
}

/// What the lines of a section say, and those of the session where they say nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    ip: Option<Ip>,
    rtcp_ip: Option<Ip>,
    rtcp_port: Option<u16>,
    ptime_ms: Option<u16>,
    ptime_ms_max: Option<u16>,
    direction: Direction,
    setup: Option<Setup>,
    flags: Flags,
}

/// The key of the attribute that names a medium.
pub(super) const MID: u64 = key(b"mid");

impl Said {
    /// Takes what the lines of a section said before.
    pub(super) fn resume(&mut self, said: &Self) {
        let inherited = self.ip;
        *self = *said;
        if !said.flags.has(OWN_CONNECTION) {
            self.ip = inherited;
        }
    }

    /// Takes a `c=` line; the first of a section replaces what was inherited.
    pub(super) fn connect(&mut self, ip: Option<Ip>) {
        if !self.flags.has(OWN_CONNECTION) {
            self.flags.0 |= OWN_CONNECTION;
            self.ip = ip;
        }
    }

    /// Takes an attribute by its key.
    #[inline]
    pub(super) fn attribute(&mut self, name: u64, value: &[u8]) -> Noted {
        const SENDRECV: u64 = key(b"sendrecv");
        const SENDONLY: u64 = key(b"sendonly");
        const RECVONLY: u64 = key(b"recvonly");
        const INACTIVE: u64 = key(b"inactive");
        const PTIME: u64 = key(b"ptime");
        const MAXPTIME: u64 = key(b"maxptime");
        const RTCP: u64 = key(b"rtcp");
        const MUX: u64 = key(b"rtcp-mux");
        const KEYS: u64 = key(b"crypto");
        const CERTIFICATE: u64 = key(b"fingerprint");
        const CANDIDATE: u64 = key(b"candidate");
        const UFRAG: u64 = key(b"ice-ufrag");
        const BUNDLED: u64 = key(b"bundle-only");
        const SETUP: u64 = key(b"setup");
        match name {
            SENDRECV => return self.flow(Direction::SendRecv),
            SENDONLY => return self.flow(Direction::SendOnly),
            RECVONLY => return self.flow(Direction::RecvOnly),
            INACTIVE => return self.flow(Direction::Inactive),
            PTIME => {
                self.ptime_ms = leading(value).or(self.ptime_ms);
                return Noted::Ptime(self.ptime_ms.unwrap_or(0));
            }
            MAXPTIME => self.ptime_ms_max = leading(value).or(self.ptime_ms_max),
            RTCP => {
                let mut fields = tokens(value);
                self.rtcp_port = fields.next().and_then(number);
                self.rtcp_ip = fields.nth(2).and_then(address);
            }
            MUX => self.flags.0 |= RTCP_MUX,
            KEYS => self.flags.0 |= CRYPTO,
            CERTIFICATE => self.flags.0 |= FINGERPRINT,
            CANDIDATE | UFRAG => self.flags.0 |= ICE,
            BUNDLED => self.flags.0 |= BUNDLE_ONLY,
            SETUP => self.setup = Setup::named(value).or(self.setup),
            _ => {}
        }
        Noted::Other
    }

    fn flow(&mut self, direction: Direction) -> Noted {
        self.direction = direction;
        Noted::Direction
    }
}

/// The port and the formats of an `m=` line written as those of nearly all calls are: `audio 49170 RTP/AVP 0 8`.
fn plain_audio(line: &[u8]) -> Option<(u16, &[u8])> {
    let (port, rest) = leading_number(line.strip_prefix(b"audio ")?)?;
    let formats = rest.strip_prefix(b" RTP/AVP ")?;
    Some((u16::try_from(port).ok()?, trim(formats)))
}

/// What an attribute was, for the layout.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Noted {
    Direction,
    Ptime(u16),
    Other,
}

impl<'a> Media<'a> {
    /// The kind of the medium.
    #[must_use]
    pub const fn kind(&self) -> MediaKind {
        self.kind
    }

    /// How it is transported.
    #[must_use]
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The port of the `m=` line; 0 rejects the medium.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// How many port pairs it asks for (`49170/2`), 1 as a rule.
    #[must_use]
    pub const fn ports(&self) -> u16 {
        self.ports
    }

    /// The formats of the `m=` line: payload types of RTP, names otherwise.
    #[must_use]
    pub const fn formats(&self) -> &'a [u8] {
        self.formats
    }

    /// The lines from its first rtpmap or fmtp to its last: together with [`Media::formats`] all that
    /// [`Media::codecs`] reads.
    #[must_use]
    pub const fn maps(&self) -> &'a [u8] {
        self.maps
    }

    /// The address that `c=` gives this medium; `None` without one or with a host name.
    #[must_use]
    pub const fn address(&self) -> Option<Ip> {
        self.said.ip
    }

    /// Whether the medium is refused or taken down: port 0, unless it only travels with another (RFC 9143 §6).
    #[must_use]
    pub const fn is_rejected(&self) -> bool {
        self.port == 0 && !self.said.flags.has(BUNDLE_ONLY)
    }

    /// Where its sender wants to receive RTP, or whatever the medium carries. `None` where it is rejected, where no
    /// address is known, and for the unspecified address, which means hold or ICE.
    #[must_use]
    pub fn rtp(&self) -> Option<Endpoint> {
        let ip = self.said.ip.filter(|ip| !ip.is_unspecified())?;
        (self.port != 0).then(|| Endpoint::new(ip, self.port))
    }

    /// Where its sender wants to receive RTCP: `a=rtcp` (RFC 3605), else the RTP port with rtcp-mux (RFC 5761), else the
    /// port above it. `a=rtcp` counts even beside rtcp-mux, which a peer may decline; what comes to the RTP port is told
    /// apart by its content anyway.
    #[must_use]
    pub fn rtcp(&self) -> Option<Endpoint> {
        let rtp = self.rtp()?;
        let port = match self.said.rtcp_port {
            Some(port) => port,
            None if self.said.flags.has(RTCP_MUX) => rtp.port,
            None => rtp.port.checked_add(1)?,
        };
        let ip = self.said.rtcp_ip.filter(|ip| !ip.is_unspecified()).unwrap_or(rtp.ip);
        (port != 0).then_some(Endpoint { ip, port })
    }

    /// Whether RTP and RTCP may share a port.
    #[must_use]
    pub const fn rtcp_mux(&self) -> bool {
        self.said.flags.has(RTCP_MUX)
    }

    /// Which way it flows.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.said.direction
    }

    /// Whether its sender puts the peer on hold: `sendonly`, `inactive`, or the address 0.0.0.0 of RFC 2543, unless that
    /// only stands until ICE has found one.
    #[must_use]
    pub fn is_hold(&self) -> bool {
        matches!(self.said.direction, Direction::SendOnly | Direction::Inactive)
            || !self.said.flags.has(ICE) && self.said.ip.is_some_and(Ip::is_unspecified)
    }

    /// Milliseconds of sound in a packet (`a=ptime`).
    #[must_use]
    pub const fn ptime_ms(&self) -> Option<u16> {
        self.said.ptime_ms
    }

    /// The most milliseconds of sound in a packet (`a=maxptime`).
    #[must_use]
    pub const fn ptime_ms_max(&self) -> Option<u16> {
        self.said.ptime_ms_max
    }

    /// Its payload types and what they stand for; none for media that are not RTP.
    #[must_use]
    pub fn codecs(&self) -> Codecs<'a> {
        let formats: &[u8] = if self.protocol.is_rtp() { self.formats } else { &[] };
        codecs(formats, self.maps)
    }

    /// What the sender calls itself where ICE checks paths (RFC 8839 §5.4).
    #[must_use]
    pub fn ice_name(&self) -> Option<&'a [u8]> {
        if self.has_ice() { self.either(b"ice-ufrag").map(<[u8]>::trim_ascii) } else { None }
    }

    /// Its ICE candidates, at most [`CANDIDATES_MAX`]. Those this crate cannot read are left out.
    pub fn candidates(&self) -> impl Iterator<Item = Candidate> {
        let lines = if self.has_ice() { self.lines } else { &[] };
        attributes(lines, b"candidate").take(CANDIDATES_MAX).filter_map(Candidate::parse)
    }

    /// Whether its sender says that no more candidates will come (RFC 8840).
    #[must_use]
    pub fn candidates_ended(&self) -> bool {
        self.either(b"end-of-candidates").is_some()
    }

    /// Whether ICE is used.
    #[must_use]
    pub const fn has_ice(&self) -> bool {
        self.said.flags.has(ICE)
    }

    /// Whether SRTP keys stand in the description (RFC 4568). The keys themselves are never handed out.
    #[must_use]
    pub const fn has_crypto(&self) -> bool {
        self.said.flags.has(CRYPTO)
    }

    /// The suites of those keys in the order of preference: `AES_CM_128_HMAC_SHA1_80`.
    pub fn crypto_suites(&self) -> impl Iterator<Item = &'a [u8]> {
        attributes(self.lines, b"crypto").take(CRYPTO_MAX).filter_map(|value| tokens(value).nth(1))
    }

    /// Whether there is a certificate fingerprint: SRTP is keyed by DTLS (RFC 5763).
    #[must_use]
    pub const fn has_fingerprint(&self) -> bool {
        self.said.flags.has(FINGERPRINT)
    }

    /// The hash function and the fingerprint of the sender's certificate.
    #[must_use]
    pub fn fingerprint(&self) -> Option<(&'a [u8], &'a [u8])> {
        let (hash, value) = token(self.either(b"fingerprint")?);
        Some((hash, value.trim_ascii()))
    }

    /// Which end opens the connection.
    #[must_use]
    pub const fn setup(&self) -> Option<Setup> {
        self.said.setup
    }

    /// The name by which groups refer to this medium (RFC 5888).
    #[must_use]
    pub const fn mid(&self) -> Option<&'a [u8]> {
        self.mid
    }

    /// The synchronisation sources its sender announces (RFC 5576), each once.
    #[must_use]
    pub fn ssrcs(&self) -> ArrayVec<u32, SSRCS_MAX> {
        let mut ssrcs = ArrayVec::new();
        for ssrc in attributes(self.lines, b"ssrc").filter_map(leading::<u32>) {
            if !ssrcs.contains(&ssrc) && ssrcs.try_push(ssrc).is_err() {
                break;
            }
        }
        ssrcs
    }

    /// The parameters of a fax; `None` unless the medium is T.38, over UDPTL, TCP or RTP.
    #[must_use]
    pub fn t38(&self) -> Option<T38<'a>> {
        let named = tokens(self.formats).any(|format| format.eq_ignore_ascii_case(b"t38"));
        if !named && self.protocol != Protocol::Udptl && !self.codecs().iter().any(|codec| codec.is(b"t38")) {
            return None;
        }
        let text = |name| attributes(self.lines, name).next();
        Some(T38 {
            version: text(b"T38FaxVersion").and_then(leading).unwrap_or(0),
            bit_rate_max: text(b"T38MaxBitRate").and_then(leading),
            datagram_bytes_max: text(b"T38FaxMaxDatagram").and_then(leading),
            training_transferred: text(b"T38FaxRateManagement")
                .is_some_and(|value| value.eq_ignore_ascii_case(b"transferredTCF")),
            error_correction: text(b"T38FaxUdpEC"),
        })
    }

    /// Its bandwidth lines.
    pub fn bandwidths(&self) -> impl Iterator<Item = Bandwidth<'a>> {
        Lines::new(self.lines).filter_map(|line| {
            let (b'b', value) = typed(line)? else { return None };
            let (kind, value) = value.split_at_checked(value.iter().position(|byte| *byte == b':')?)?;
            Some(Bandwidth { kind, value: leading(value.get(1..)?)? })
        })
    }

    /// The values of its attributes called `name`, which is compared without regard to case.
    pub fn attributes(&self, name: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
        attributes(self.lines, name)
    }

    /// The first attribute called `name`, of the medium or else of the session.
    fn either(&self, name: &'static [u8]) -> Option<&'a [u8]> {
        attributes(self.lines, name).next().or_else(|| attributes(self.session, name).next())
    }

    /// The medium that an `m=` line opens (`audio 49170/2 RTP/AVP 0 8`), with what it inherits from the session.
    #[inline]
    pub(super) fn open(session: Said, line: &'a [u8], defects: &mut Defects) -> Self {
        let said = Said { flags: Flags(session.flags.0 & !OWN_CONNECTION), ..session };
        let bare = |kind, protocol, port, ports, formats| Self {
            formats,
            lines: &[],
            maps: &[],
            session: &[],
            mid: None,
            port,
            ports,
            kind,
            protocol,
            said,
        };
        if let Some((port, formats)) = plain_audio(line) {
            return bare(MediaKind::Audio, Protocol::Rtp, port, 1, formats);
        }
        let (kind, line) = token(line);
        let (port, line) = token(line);
        let (protocol, formats) = token(line);
        let (port, ports) = match port.iter().position(|byte| *byte == b'/') {
            Some(slash) => {
                let (port, ports) = port.split_at_checked(slash).unwrap_or((port, &[]));
                (port, ports.get(1..).and_then(number).unwrap_or(1))
            }
            None => (port, 1),
        };
        let port = number(port).unwrap_or_else(|| {
            defects.add(Defects::BAD_PORT);
            0
        });
        bare(MediaKind::named(kind), Protocol::named(protocol), port, ports, formats.trim_ascii())
    }

    /// What its lines have said.
    #[inline]
    pub(super) const fn said_mut(&mut self) -> &mut Said {
        &mut self.said
    }

    /// Takes the name by which groups refer to it.
    pub(super) const fn call(&mut self, mid: &'a [u8]) {
        self.mid = Some(mid);
    }

    /// Whether no line but that of its connection has said anything of it yet.
    pub(super) fn is_new(&self) -> bool {
        self.said == Said { ip: self.said.ip, ..Said::default() }
    }

    /// What the lines of the section have said; `None` where they have named it, as no two calls do alike.
    pub(super) fn said(&self) -> Option<Said> {
        self.mid.is_none().then_some(self.said)
    }

    /// Takes the lines of the section, now that its end is known.
    pub(super) const fn close(&mut self, lines: &'a [u8], maps: &'a [u8], session: &'a [u8]) {
        self.lines = lines;
        self.maps = maps;
        self.session = session;
    }
}

impl MediaKind {
    fn named(name: &[u8]) -> Self {
        match name {
            b"audio" => Self::Audio,
            audio if audio.eq_ignore_ascii_case(b"audio") => Self::Audio,
            video if video.eq_ignore_ascii_case(b"video") => Self::Video,
            text if text.eq_ignore_ascii_case(b"text") => Self::Text,
            image if image.eq_ignore_ascii_case(b"image") => Self::Image,
            application if application.eq_ignore_ascii_case(b"application") => Self::Application,
            message if message.eq_ignore_ascii_case(b"message") => Self::Message,
            _ => Self::Other,
        }
    }
}

impl Protocol {
    /// Reads the parts between slashes, so that every order and every profile of them is known.
    fn named(name: &[u8]) -> Self {
        if name == b"RTP/AVP" {
            return Self::Rtp;
        }
        let has = |part: &[u8]| name.split(|byte| *byte == b'/').any(|found| found.eq_ignore_ascii_case(part));
        let rtp = has(b"RTP") || has(b"AVP") || has(b"AVPF");
        if rtp && has(b"TCP") {
            Self::RtpTcp
        } else if has(b"SAVP") || has(b"SAVPF") {
            Self::Srtp
        } else if rtp {
            Self::Rtp
        } else {
            let others =
                [(&b"udptl"[..], Self::Udptl), (b"SCTP", Self::Sctp), (b"TCP", Self::Tcp), (b"udp", Self::Udp)];
            others.into_iter().find_map(|(part, protocol)| has(part).then_some(protocol)).unwrap_or(Self::Other)
        }
    }

    /// Whether what it carries is RTP or SRTP.
    #[must_use]
    pub const fn is_rtp(self) -> bool {
        matches!(self, Self::Rtp | Self::Srtp | Self::RtpTcp)
    }
}

impl Setup {
    fn named(name: &[u8]) -> Option<Self> {
        [
            (&b"active"[..], Self::Active),
            (b"passive", Self::Passive),
            (b"actpass", Self::ActPass),
            (b"holdconn", Self::HoldConn),
        ]
        .into_iter()
        .find_map(|(word, setup)| name.eq_ignore_ascii_case(word).then_some(setup))
    }
}

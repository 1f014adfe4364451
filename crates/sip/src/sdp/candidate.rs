//! ICE candidates (RFC 8839 §5.1): where media may come from before `c=` and `m=` say so. Choosing is left to the callers.

use types::{Endpoint, Transport};

use super::text::{address, number, tokens};

/// Candidates read of one medium; a host with several interfaces, relays and both IP versions offers about 20.
pub const CANDIDATES_MAX: usize = 32;

/// An ICE candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// 1 for RTP (and for RTCP where they share a port), 2 for RTCP.
    pub component: u16,
    /// UDP or TCP.
    pub transport: Transport,
    /// The sender's preference, higher first.
    pub priority: u32,
    /// Where it is; `None` for a host name, which browsers write to hide an address (mDNS).
    pub at: Option<Endpoint>,
    /// How the sender learnt of it.
    pub kind: CandidateKind,
    /// Of a relay's: the sender as the relay sees it, where that is told.
    pub relayed_for: Option<Endpoint>,
}

/// How an agent learnt of a candidate (RFC 8445 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateKind {
    /// An address of its own.
    Host,
    /// Its address as a STUN server sees it.
    ServerReflexive,
    /// Its address as the peer sees it.
    PeerReflexive,
    /// An address of a TURN relay.
    Relayed,
    /// A type this crate has no word for.
    Other,
}

impl Candidate {
    /// Reads the value of an `a=candidate` attribute: foundation, component, transport, priority, address, port, type.
    pub(super) fn parse(value: &[u8]) -> Option<Self> {
        let mut fields = tokens(value).skip(1);
        let component = fields.next().and_then(number)?;
        let transport = match fields.next()? {
            udp if udp.eq_ignore_ascii_case(b"udp") => Transport::Udp,
            tcp if tcp.get(..3).is_some_and(|tcp| tcp.eq_ignore_ascii_case(b"tcp")) => Transport::Tcp,
            _ => return None,
        };
        let priority = fields.next().and_then(number)?;
        let ip = address(fields.next()?);
        let port = fields.next().and_then(number::<u16>)?;
        let kind = match fields.nth(1) {
            Some(b"host") => CandidateKind::Host,
            Some(b"srflx") => CandidateKind::ServerReflexive,
            Some(b"prflx") => CandidateKind::PeerReflexive,
            Some(b"relay") => CandidateKind::Relayed,
            _ => CandidateKind::Other,
        };
        let related = (kind == CandidateKind::Relayed).then(|| related(fields)).flatten();
        Some(Self {
            component,
            transport,
            priority,
            at: ip.map(|ip| Endpoint::new(ip, port)),
            kind,
            relayed_for: related,
        })
    }
}

/// The related address of `raddr` and `rport`. RFC 8839 §5.1: who hides it writes the unspecified address and port 9.
fn related<'a>(mut fields: impl Iterator<Item = &'a [u8]>) -> Option<Endpoint> {
    let (mut ip, mut port) = (None, None);
    while let (Some(name), Some(value)) = (fields.next(), fields.next()) {
        match name {
            b"raddr" => ip = address(value),
            b"rport" => port = number::<u16>(value),
            _ => {}
        }
    }
    let (ip, port) = (ip?, port?);
    (!ip.is_unspecified() && port > 9).then(|| Endpoint::new(ip, port))
}

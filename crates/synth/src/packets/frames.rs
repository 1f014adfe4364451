//! Datagrams as Ethernet frames: tags, IPv4 or IPv6, UDP with its checksum.

use std::net::IpAddr;

use etherparse::{IpHeaders, IpNumber, Ipv4Header, Ipv6Header, PacketBuilder, VlanId};
use types::Endpoint;

/// The two routers that face each other on the link.
const NEAR: [u8; 6] = [2, 0, 0, 0, 0, 1];
const FAR: [u8; 6] = [2, 0, 0, 0, 0, 2];
/// Hops left when a packet passes the tap.
const HOPS: u8 = 61;

/// Builds frames; counts what IPv4 wants counted.
#[derive(Debug)]
pub(crate) struct Frames {
    identification: u16,
}

impl Frames {
    pub(crate) const fn new() -> Self {
        Self { identification: 0 }
    }

    /// A datagram on its way; `inwards` is towards the operator. Nothing but the length of the payload can be wrong with
    /// it, and no message here is so long: such a frame stays empty.
    pub(crate) fn datagram(
        &mut self,
        (source, destination): (Endpoint, Endpoint),
        inwards: bool,
        vlan: Option<u16>,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) {
        out.clear();
        let (from, to) = if inwards { (FAR, NEAR) } else { (NEAR, FAR) };
        let ip = match (IpAddr::from(source.ip), IpAddr::from(destination.ip)) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => {
                self.identification = self.identification.wrapping_add(1);
                let header = Ipv4Header::new(0, HOPS, IpNumber::UDP, source.octets(), destination.octets());
                let header = header.map(|header| Ipv4Header { identification: self.identification, ..header });
                header.ok().map(|header| IpHeaders::Ipv4(header, Default::default()))
            }
            (source, destination) => {
                let six = |ip| match ip {
                    IpAddr::V4(v4) => std::net::Ipv4Addr::to_ipv6_mapped(&v4).octets(),
                    IpAddr::V6(v6) => v6.octets(),
                };
                let header = Ipv6Header {
                    hop_limit: HOPS,
                    source: six(source),
                    destination: six(destination),
                    next_header: IpNumber::UDP,
                    ..Ipv6Header::default()
                };
                Some(IpHeaders::Ipv6(header, Default::default()))
            }
        };
        let Some(ip) = ip else { return };
        let link = PacketBuilder::ethernet2(from, to);
        let tag = vlan.and_then(|vlan| VlanId::try_new(vlan).ok());
        let built = match tag {
            Some(tag) => link.single_vlan(tag).ip(ip).udp(source.port, destination.port).write(out, payload),
            None => link.ip(ip).udp(source.port, destination.port).write(out, payload),
        };
        if built.is_err() {
            out.clear();
        }
    }
}

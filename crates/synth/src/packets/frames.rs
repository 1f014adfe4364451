//! Datagrams as Ethernet frames: tags, IPv4 with fragments or IPv6, UDP with its checksum.

use std::net::{IpAddr, Ipv4Addr};

use etherparse::{IpFragOffset, IpHeaders, IpNumber, Ipv4Header, Ipv6Header, PacketBuilder, UdpHeader, VlanId};
use types::Endpoint;

/// The two routers that face each other on the link.
const NEAR: [u8; 6] = [2, 0, 0, 0, 0, 1];
const FAR: [u8; 6] = [2, 0, 0, 0, 0, 2];
/// Bytes of a datagram that fit into a packet of 1,500, in eights as fragments want them. Over IPv6 the link takes larger
/// ones.
const PIECE: usize = 1_480;
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

    /// The frames of a datagram on its way, one after the other in `out`: two where IPv4 has to cut it. `inwards` is
    /// towards the operator. Nothing but the length of the payload can be wrong with it, and no message here is so long:
    /// such a datagram has no frame.
    pub(crate) fn datagram(
        &mut self,
        (source, destination): (Endpoint, Endpoint),
        inwards: bool,
        vlan: Option<u16>,
        payload: &[u8],
        out: &mut Vec<Vec<u8>>,
    ) {
        out.clear();
        let (from, to) = if inwards { (FAR, NEAR) } else { (NEAR, FAR) };
        let tag = vlan.and_then(|vlan| VlanId::try_new(vlan).ok());
        match (IpAddr::from(source.ip), IpAddr::from(destination.ip)) {
            (IpAddr::V4(near), IpAddr::V4(far)) => {
                self.identification = self.identification.wrapping_add(1);
                let (near, far) = (near.octets(), far.octets());
                let Ok(header) = Ipv4Header::new(0, HOPS, IpNumber::UDP, near, far) else { return };
                let header = Ipv4Header { identification: self.identification, ..header };
                let Ok(udp) = UdpHeader::with_ipv4_checksum(source.port, destination.port, &header, payload) else {
                    return;
                };
                let datagram = [&udp.to_bytes()[..], payload].concat();
                let pieces = datagram.len().div_ceil(PIECE);
                for (place, piece) in datagram.chunks(PIECE).enumerate() {
                    let Ok(fragment_offset) = IpFragOffset::try_new((place * PIECE / 8) as u16) else { return };
                    let more_fragments = place + 1 < pieces;
                    // Who may not be cut says so; who is cut may.
                    let dont_fragment = pieces == 1;
                    let header = Ipv4Header { fragment_offset, more_fragments, dont_fragment, ..header.clone() };
                    out.extend(frame(from, to, tag, IpHeaders::Ipv4(header, Default::default()), piece));
                }
            }
            (near, far) => {
                let six = |ip| match ip {
                    IpAddr::V4(v4) => Ipv4Addr::to_ipv6_mapped(&v4).octets(),
                    IpAddr::V6(v6) => v6.octets(),
                };
                let header = Ipv6Header {
                    hop_limit: HOPS,
                    source: six(near),
                    destination: six(far),
                    next_header: IpNumber::UDP,
                    ..Ipv6Header::default()
                };
                let Ok(udp) = UdpHeader::with_ipv6_checksum(source.port, destination.port, &header, payload) else {
                    return;
                };
                let datagram = [&udp.to_bytes()[..], payload].concat();
                out.extend(frame(from, to, tag, IpHeaders::Ipv6(header, Default::default()), &datagram));
            }
        }
    }
}

/// A packet in its frame.
fn frame(from: [u8; 6], to: [u8; 6], tag: Option<VlanId>, ip: IpHeaders, piece: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(piece.len() + 64);
    let link = PacketBuilder::ethernet2(from, to);
    let built = match tag {
        Some(tag) => link.single_vlan(tag).ip(ip).write(&mut out, IpNumber::UDP, piece),
        None => link.ip(ip).write(&mut out, IpNumber::UDP, piece),
    };
    built.ok().map(|()| out)
}

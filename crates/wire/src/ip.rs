//! IPv4 and IPv6 headers, their extension headers and authentication headers, as `etherparse` reads them.
//!
//! Lengths are ours: a total length of zero means to the end of the capture (TCP segmentation offload and jumbograms),
//! and bytes that the snaplen cut off are noted instead of refused. Checksums are not verified: a tap on the sending
//! host sees them before the network card fills them in.

use etherparse::{
    IpAuthHeaderSlice, Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice, Ipv6RawExtHeaderSlice, err,
};
use types::Ip;

use crate::layers::{Encapsulation, Head, Kind, Step, Undecoded, Worn};

/// Protocol numbers of IANA's registry that the walk goes on with.
pub(crate) mod protocol {
    pub(crate) const HOP_BY_HOP: u8 = 0;
    pub(crate) const ICMP: u8 = 1;
    pub(crate) const IGMP: u8 = 2;
    pub(crate) const IPV4: u8 = 4;
    pub(crate) const TCP: u8 = 6;
    pub(crate) const UDP: u8 = 17;
    pub(crate) const IPV6: u8 = 41;
    pub(crate) const ROUTING: u8 = 43;
    pub(crate) const FRAGMENT: u8 = 44;
    pub(crate) const GRE: u8 = 47;
    pub(crate) const ESP: u8 = 50;
    pub(crate) const AH: u8 = 51;
    pub(crate) const ICMPV6: u8 = 58;
    pub(crate) const DESTINATION: u8 = 60;
    pub(crate) const L2TP: u8 = 115;
    pub(crate) const SCTP: u8 = 132;
    pub(crate) const MOBILITY: u8 = 135;
    pub(crate) const MPLS: u8 = 137;
    pub(crate) const HIP: u8 = 139;
    pub(crate) const SHIM6: u8 = 140;
    pub(crate) const ETHERNET: u8 = 143;
}

/// Which piece of a larger packet this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub id: u32,
    /// Bytes.
    pub offset: u32,
    pub more: bool,
}

/// An IP header and what it announces.
pub(crate) struct Packet<'a> {
    pub head: Head,
    pub protocol: u8,
    pub piece: Option<Piece>,
    pub payload: &'a [u8],
}

/// Reads an IP header of the version that its first four bits tell.
pub(crate) fn either(bytes: &[u8]) -> Result<Packet<'_>, Undecoded> {
    match bytes.first().ok_or(Undecoded::CutHeader)? >> 4 {
        4 => v4(bytes),
        6 => v6(bytes),
        _ => Err(Undecoded::NotIp),
    }
}

/// Reads an IPv4 header.
pub(crate) fn v4(bytes: &[u8]) -> Result<Packet<'_>, Undecoded> {
    plain_v4(bytes).map_or_else(|| any_v4(bytes), Ok)
}

/// One without options of a packet in one piece, as nearly all are: in a third of the time.
#[inline(always)]
pub(crate) fn plain_v4(bytes: &[u8]) -> Option<Packet<'_>> {
    let (header, rest) = bytes.split_first_chunk::<20>()?;
    let &[version, _, t0, t1, i0, i1, f0, f1, _, protocol, _, _, a0, a1, a2, a3, b0, b1, b2, b3] = header;
    // Of the fragment field only "don't fragment" and the reserved bit may be set.
    if version != 0x45 || u16::from_be_bytes([f0, f1]) & 0x3fff != 0 {
        return None;
    }
    let (payload, missing) = promise(rest, usize::from(u16::from_be_bytes([t0, t1])).checked_sub(20)?);
    let (source, destination) = (Ip::v4([a0, a1, a2, a3]), Ip::v4([b0, b1, b2, b3]));
    let head = Head { source, destination, v6: false, id: u16::from_be_bytes([i0, i1]), missing, lacking: missing };
    Some(Packet { head, protocol, piece: None, payload })
}

/// One with options, a piece, or one whose length is told elsewhere.
fn any_v4(bytes: &[u8]) -> Result<Packet<'_>, Undecoded> {
    let header = Ipv4HeaderSlice::from_slice(bytes).map_err(|refused| match refused {
        err::ipv4::HeaderSliceError::Len(_) => Undecoded::CutHeader,
        err::ipv4::HeaderSliceError::Content(_) => Undecoded::Malformed,
    })?;
    let (header_length, total) = (header.slice().len(), usize::from(header.total_len()));
    let rest = bytes.get(header_length..).unwrap_or_default();
    let promised = match total {
        0 => rest.len(),
        _ => total.checked_sub(header_length).ok_or(Undecoded::Malformed)?,
    };
    let (payload, missing) = promise(rest, promised);
    let piece = header.is_fragmenting_payload().then(|| Piece {
        id: u32::from(header.identification()),
        offset: u32::from(header.fragments_offset().value()) * 8,
        more: header.more_fragments(),
    });
    let head = Head {
        source: Ip::v4(header.source()),
        destination: Ip::v4(header.destination()),
        v6: false,
        id: header.identification(),
        missing,
        lacking: missing,
    };
    Ok(Packet { head, protocol: header.protocol().0, piece, payload })
}

/// Reads an IPv6 header; its extension headers are steps of the walk.
pub(crate) fn v6(bytes: &[u8]) -> Result<Packet<'_>, Undecoded> {
    plain_v6(bytes).map_or_else(|| any_v6(bytes), Ok)
}

/// One of a packet that says how long it is, which jumbograms do not.
#[inline(always)]
pub(crate) fn plain_v6(bytes: &[u8]) -> Option<Packet<'_>> {
    let (&[version, _, _, _, l0, l1, protocol, _], rest) = bytes.split_first_chunk::<8>()?;
    let (source, rest) = rest.split_first_chunk::<16>()?;
    let (destination, rest) = rest.split_first_chunk::<16>()?;
    let length = usize::from(u16::from_be_bytes([l0, l1]));
    if version >> 4 != 6 || length == 0 {
        return None;
    }
    let (payload, missing) = promise(rest, length);
    let (source, destination) = (Ip::v6(*source), Ip::v6(*destination));
    let head = Head { source, destination, v6: true, id: 0, missing, lacking: missing };
    Some(Packet { head, protocol, piece: None, payload })
}

fn any_v6(bytes: &[u8]) -> Result<Packet<'_>, Undecoded> {
    let header = Ipv6HeaderSlice::from_slice(bytes).map_err(|refused| match refused {
        err::ipv6::HeaderSliceError::Len(_) => Undecoded::CutHeader,
        err::ipv6::HeaderSliceError::Content(_) => Undecoded::Malformed,
    })?;
    let rest = bytes.get(header.slice().len()..).unwrap_or_default();
    // RFC 2675: the length of a jumbogram is in an option; the packet ends where the capture does.
    let promised = match header.payload_length() {
        0 => rest.len(),
        length => usize::from(length),
    };
    let (payload, missing) = promise(rest, promised);
    let (source, destination) = (Ip::v6(header.source()), Ip::v6(header.destination()));
    let head = Head { source, destination, v6: true, id: 0, missing, lacking: missing };
    Ok(Packet { head, protocol: header.next_header().0, piece: None, payload })
}

/// As much of the `promised` bytes as there are, and how many are not. What follows them is padding.
fn promise(rest: &[u8], promised: usize) -> (&[u8], u32) {
    match rest.get(..promised) {
        Some(whole) => (whole, 0),
        None => (rest, u32::try_from(promised - rest.len()).unwrap_or(u32::MAX)),
    }
}

/// Steps over one extension header of IPv6 other than the fragment header.
pub(crate) fn extension(bytes: &[u8]) -> Step<'_> {
    let header = Ipv6RawExtHeaderSlice::from_slice(bytes).map_err(|_| Undecoded::CutHeader)?;
    let rest = bytes.get(header.slice().len()..).unwrap_or_default();
    Ok((Kind::Inside(header.next_header().0), rest))
}

/// Reads a fragment header of IPv6: no [`Piece`] where it is atomic (RFC 6946).
pub(crate) fn fragment(head: Head, bytes: &[u8]) -> Result<Packet<'_>, Undecoded> {
    let header = Ipv6FragmentHeaderSlice::from_slice(bytes).map_err(|_| Undecoded::CutHeader)?;
    let piece = header.is_fragmenting_payload().then(|| Piece {
        id: header.identification(),
        offset: u32::from(header.fragment_offset().value()) * 8,
        more: header.more_fragments(),
    });
    Ok(Packet {
        head,
        protocol: header.next_header().0,
        piece,
        payload: bytes.get(header.slice().len()..).unwrap_or_default(),
    })
}

/// Steps over an authentication header (RFC 4302): it signs, and hides nothing.
pub(crate) fn authentication<'a>(bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let header = IpAuthHeaderSlice::from_slice(bytes).map_err(|refused| match refused {
        err::ip_auth::HeaderSliceError::Len(_) => Undecoded::CutHeader,
        err::ip_auth::HeaderSliceError::Content(_) => Undecoded::Malformed,
    })?;
    worn.wear(Encapsulation::Ah);
    let rest = bytes.get(header.slice().len()..).unwrap_or_default();
    Ok((Kind::Inside(header.next_header().0), rest))
}

/// Whether the bytes begin with an IP header whose lengths agree with `bytes`, padding behind it allowed: the test by
/// which a guess about a tunnel stands or falls.
pub(crate) fn plausible(bytes: &[u8]) -> bool {
    match bytes {
        [first, _, high, low, ..] if first >> 4 == 4 => {
            let (header, total) = (usize::from(first & 0x0f) * 4, usize::from(u16::from_be_bytes([*high, *low])));
            header >= 20 && header <= bytes.len() && (total == 0 || (header..=bytes.len()).contains(&total))
        }
        [first, _, _, _, high, low, ..] if first >> 4 == 6 => {
            bytes.len() >= 40 && usize::from(u16::from_be_bytes([*high, *low])) + 40 <= bytes.len()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_short_way_reads_what_etherparse_does(
            version in prop_oneof![3 => Just(0x45_u8), 1 => any::<u8>()],
            total in prop_oneof![3 => 0..120_u16, 1 => any::<u16>()],
            piece in prop_oneof![2 => Just(0x4000_u16), 1 => any::<u16>()],
            mut bytes in proptest::collection::vec(any::<u8>(), 0..100),
        ) {
            let fields = [(0, version), (2, (total >> 8) as u8), (3, total as u8), (6, (piece >> 8) as u8), (7, piece as u8)];
            for (at, value) in fields {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            let told = |packet: Packet<'_>| (packet.head, packet.protocol, packet.piece, packet.payload.to_vec());
            if let Some(plain) = plain_v4(&bytes) {
                prop_assert_eq!(any_v4(&bytes).map(told), Ok(told(plain)));
            }
            let v6 = [&[0x60 | version & 0xf, 0, 0, 0, (total >> 8) as u8, total as u8], &bytes[..]].concat();
            if let Some(plain) = plain_v6(&v6) {
                prop_assert_eq!(any_v6(&v6).map(told), Ok(told(plain)));
            }
        }
    }
}

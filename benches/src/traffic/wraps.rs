//! Tags and tunnels around frames, written by hand from their specifications.

/// What a wrap does to an Ethernet frame; `None` where it has no place for what the frame carries.
pub type Wrap = fn(&[u8]) -> Option<Vec<u8>>;

/// All of them, by name.
pub const WRAPS: &[(&str, Wrap)] = &[
    ("VLAN", vlan),
    ("QinQ", |frame| tagged(&vlan(frame)?, &[0x88, 0xa8, 0x20, 7])),
    ("QinQ of 0x9100", |frame| tagged(&vlan(frame)?, &[0x91, 0, 0x20, 7])),
    ("PBB", |frame| Some([MACS, &[0x88, 0xe7, 0, 0, 1, 0], frame].concat())),
    ("VN-Tag", |frame| tagged(frame, &[0x89, 0x26, 0x80, 0, 0, 5])),
    ("MPLS", |frame| ip_of(frame).map(|(_, ip)| [MACS, &[0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64], ip].concat())),
    ("pseudowire with control word", |frame| Some([MACS, &[0x88, 0x47, 0, 1, 1, 64, 0, 0, 0, 0], frame].concat())),
    ("PPPoE", |frame| {
        let (version, ip) = ip_of(frame)?;
        let protocol: [u8; 2] = if version == 4 { [0, 0x21] } else { [0, 0x57] };
        let length = (ip.len() as u16 + 2).to_be_bytes();
        Some([MACS, &[0x88, 0x64, 0x11, 0, 0, 9], &length, &protocol, ip].concat())
    }),
    ("GRE", |frame| {
        let (version, ip) = ip_of(frame)?;
        let ether_type: &[u8] = if version == 4 { &[0, 0, 8, 0] } else { &[0, 0, 0x86, 0xdd] };
        ipv4(47, &[ether_type, ip].concat())
    }),
    ("GRE with key and sequence, bridging", |frame| {
        ipv4(47, &[&[0x30, 0, 0x65, 0x58, 0, 0, 0, 1, 0, 0, 0, 2], frame].concat())
    }),
    ("ERSPAN I", |frame| ipv4(47, &[&[0, 0, 0x88, 0xbe], frame].concat())),
    ("ERSPAN II", |frame| ipv4(47, &[&[0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 1, 0, 1, 0, 0, 0, 0], frame].concat())),
    ("ERSPAN III", |frame| {
        ipv4(47, &[&[0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], frame].concat())
    }),
    ("VXLAN", vxlan),
    ("Geneve with an option", |frame| udp(6081, &[&[1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 0], frame].concat())),
    ("GTP-U", |frame| {
        let (_, ip) = ip_of(frame)?;
        udp(2152, &[&[0x30, 0xff], &(ip.len() as u16).to_be_bytes()[..], &[0, 0, 0, 9], ip].concat())
    }),
    ("GTP-U with a PDU session container", |frame| {
        let (_, ip) = ip_of(frame)?;
        let length = (ip.len() as u16 + 8).to_be_bytes();
        udp(2152, &[&[0x34, 0xff], &length[..], &[0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0, 9, 0], ip].concat())
    }),
    ("IP in IPv4", |frame| {
        let (version, ip) = ip_of(frame)?;
        ipv4(if version == 4 { 4 } else { 41 }, ip)
    }),
    ("IP in IPv6", |frame| {
        let (version, ip) = ip_of(frame)?;
        ipv6(if version == 4 { 4 } else { 41 }, ip)
    }),
    ("AH", |frame| {
        let (version, ip) = ip_of(frame)?;
        let next = if version == 4 { 4 } else { 41 };
        ipv4(51, &[&[next, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1], &[0xaa; 12][..], ip].concat())
    }),
    ("L2TP", |frame| {
        let (version, ip) = ip_of(frame)?;
        let protocol = if version == 4 { 0x21 } else { 0x57 };
        let length = (ip.len() as u16 + 12).to_be_bytes();
        udp(1701, &[&[0x40, 2], &length[..], &[0, 1, 0, 2, 0xff, 3, 0, protocol], ip].concat())
    }),
    ("NSH", |frame| Some([MACS, &[0x89, 0x4f, 0x0f, 0xc2, 2, 3, 0, 0, 1, 255], frame].concat())),
    ("GTP-U in VXLAN in QinQ", |frame| {
        let (_, ip) = ip_of(frame)?;
        let inner = udp(2152, &[&[0x30, 0xff], &(ip.len() as u16).to_be_bytes()[..], &[0, 0, 0, 9], ip].concat())?;
        tagged(&vlan(&vxlan(&inner)?)?, &[0x88, 0xa8, 0, 7])
    }),
];

/// A MAC address for each end of a tunnel.
const MACS: &[u8] = &[2, 0, 0, 0, 9, 1, 2, 0, 0, 0, 9, 2];

/// Puts a tag behind the MAC addresses.
fn tagged(frame: &[u8], tag: &[u8]) -> Option<Vec<u8>> {
    let (macs, rest) = frame.split_at_checked(12)?;
    Some([macs, tag, rest].concat())
}

/// In a tag of IEEE 802.1Q.
#[must_use]
pub fn vlan(frame: &[u8]) -> Option<Vec<u8>> {
    tagged(frame, &[0x81, 0, 0x60, 42])
}

/// In VXLAN.
#[must_use]
pub fn vxlan(frame: &[u8]) -> Option<Vec<u8>> {
    udp(4789, &[&[8, 0, 0, 0, 0, 0, 7, 0], frame].concat())
}

/// The IP packet of a frame with one tag or none, and its version; padding behind it stays.
fn ip_of(frame: &[u8]) -> Option<(u8, &[u8])> {
    let rest = frame.get(12..)?;
    match rest.strip_prefix(&[0x81, 0]).and_then(|tag| tag.get(2..)).unwrap_or(rest) {
        [0x08, 0x00, ip @ ..] if ip.first()? >> 4 == 4 => Some((4, ip)),
        [0x86, 0xdd, ip @ ..] if ip.first()? >> 4 == 6 => Some((6, ip)),
        _ => None,
    }
}

fn udp(port: u16, payload: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(payload.len() + 8).ok()?;
    ipv4(17, &[&49_321_u16.to_be_bytes()[..], &port.to_be_bytes(), &length.to_be_bytes(), &[0, 0], payload].concat())
}

/// An Ethernet frame with an IPv4 packet; none where it would be longer than such a packet may be.
fn ipv4(protocol: u8, payload: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(payload.len() + 20).ok()?.to_be_bytes();
    let mut header = [0x45, 0, length[0], length[1], 0, 0, 0x40, 0, 64, protocol, 0, 0, 203, 0, 113, 1, 203, 0, 113, 2];
    let sum: u32 = header.as_chunks().0.iter().map(|pair| u32::from(u16::from_be_bytes(*pair))).sum();
    let checksum = !((sum + (sum >> 16)) as u16);
    header[10..12].copy_from_slice(&checksum.to_be_bytes());
    Some([MACS, &[8, 0], &header, payload].concat())
}

fn ipv6(next: u8, payload: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(payload.len()).ok()?.to_be_bytes();
    let address = |last| [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
    let header = [&[0x60, 0, 0, 0][..], &length, &[next, 64], &address(1), &address(2)].concat();
    Some([MACS, &[0x86, 0xdd], &header, payload].concat())
}

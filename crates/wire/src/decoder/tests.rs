//! One hand-built frame per wrapper, with the same datagram in the middle; and what must not come out of a frame.

use link::LinkType;

use super::*;
use crate::{Stretch, Take};

/// What every wrapped datagram carries.
const MARK: &[u8] = b"OPTIONS sip:bob@example.com SIP/2.0\r\n\r\n";

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn udp(ports: (u16, u16), payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() + 8) as u16;
    joined(&[&ports.0.to_be_bytes(), &ports.1.to_be_bytes(), &length.to_be_bytes(), &[0, 0], payload])
}

fn v4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() + 20) as u16;
    joined(&[
        &[0x45, 0],
        &length.to_be_bytes(),
        &[0x12, 0x34, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2],
        payload,
    ])
}

fn v6(next: u8, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u16).to_be_bytes();
    let mut address = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let source = address;
    address[15] = 2;
    joined(&[&[0x60, 0, 0, 0], &length, &[next, 64], &source, &address, payload])
}

fn ether(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    joined(&[&[0, 0x1b, 0x21, 1, 2, 3, 0, 0x1b, 0x21, 4, 5, 6], &ether_type.to_be_bytes(), payload])
}

/// The datagram all tables wrap, with the IP header it lies in.
fn packet() -> Vec<u8> {
    v4(17, &udp((5060, 5061), MARK))
}

fn frame() -> Vec<u8> {
    ether(0x0800, &packet())
}

/// Outer IPv4 and UDP around `payload`, in Ethernet.
fn over_udp(port: u16, payload: &[u8]) -> Vec<u8> {
    ether(0x0800, &v4(17, &udp((40_000, port), payload)))
}

fn over_ip(protocol: u8, payload: &[u8]) -> Vec<u8> {
    ether(0x0800, &v4(protocol, payload))
}

/// Keeps what it is given.
#[derive(Default)]
struct Kept {
    datagrams: Vec<(Transport, Vec<u8>, u16, bool)>,
    stretches: Vec<Vec<u8>>,
}

impl Taker for Kept {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.datagrams.push((datagram.transport, datagram.payload.to_vec(), datagram.missing, datagram.duplicate));
    }

    fn stretch(&mut self, stretch: &Stretch<'_>) -> Take {
        self.stretches.push(stretch.bytes.to_vec());
        Take::Consumed(stretch.bytes.len())
    }
}

/// What the frame wore, and what came of it.
fn read(link: u16, bytes: &[u8]) -> (String, Kept, Tally) {
    read_with(&WireConfig::default(), link, &[bytes])
}

fn read_with(config: &WireConfig, link: u16, frames: &[&[u8]]) -> (String, Kept, Tally) {
    let (mut decoder, mut kept) = (Decoder::new(config), Kept::default());
    for bytes in frames {
        let frame = Frame { at: Nanos::from_parts(1, 0), link: LinkType(link), bytes, length: bytes.len() as u32 };
        decoder.decode(&frame, &mut kept);
    }
    let worn: Vec<_> =
        decoder.tally().encapsulations().filter(|(_, count)| *count > 0).map(|(each, _)| each.name()).collect();
    (worn.join(" "), kept, decoder.tally().clone())
}

#[track_caller]
fn check(link: u16, bytes: &[u8], worn: &str) {
    let (found, kept, _) = read(link, bytes);
    assert_eq!(found, worn);
    assert_eq!(kept.datagrams, [(Transport::Udp, MARK.to_vec(), 0, false)]);
}

#[track_caller]
fn check_nothing(link: u16, bytes: &[u8], why: Undecoded) {
    let (_, kept, tally) = read(link, bytes);
    assert!(kept.datagrams.is_empty());
    let reasons: Vec<_> = tally.undecoded().filter(|(_, count)| *count > 0).collect();
    assert_eq!(reasons, [(why, 1)]);
}

#[test]
fn tags_and_labels() {
    let packet = packet();
    check(1, &frame(), "");
    check(1, &ether(0x8100, &joined(&[&[0, 5, 8, 0], &packet])), "vlan");
    check(1, &ether(0x9100, &joined(&[&[0, 5, 0x81, 0, 0, 6, 8, 0], &packet])), "qinq");
    check(1, &ether(0x88a8, &joined(&[&[0, 5, 0x81, 0, 0, 6, 8, 0], &packet])), "vlan 802.1ad");
    check(1, &ether(0x8926, &joined(&[&[0, 1, 0, 2, 8, 0], &packet])), "vn-tag");
    check(1, &ether(0x88e7, &joined(&[&[0, 0, 0, 1], &frame()])), "pbb");
    check(1, &ether(0x8909, &joined(&[&[1, 1, 0, 1, 0, 9, 8, 0], &packet])), "cisco-metadata");
    check(1, &ether(0x894f, &joined(&[&[0, 2, 1, 1, 0, 0, 0, 1], &packet])), "nsh");
    // RFC 3032, two labels; pseudowires with and without control word; a vendor's address that looks like IPv4.
    check(1, &ether(0x8847, &joined(&[&[0, 1, 0, 64, 0, 2, 1, 64], &packet])), "mpls");
    check(1, &ether(0x8847, &joined(&[&[0, 2, 1, 64, 0, 0, 0, 0], &frame()])), "mpls");
    check(1, &ether(0x8847, &joined(&[&[0, 2, 1, 64], &frame()])), "mpls");
    let mut vendor = frame();
    vendor[0] = 0x44;
    check(1, &ether(0x8847, &joined(&[&[0, 2, 1, 64], &vendor])), "mpls");
    // IEEE 802.3 with LLC and SNAP, and padding behind its length.
    let snap = joined(&[&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0], &packet]);
    check(1, &joined(&[&ether(snap.len() as u16, &snap), &[0; 9]]), "");
    // IEEE 802.1AE: a frame that is not changed.
    check(1, &ether(0x88e5, &joined(&[&[0x00, 0, 0, 0, 0, 1, 8, 0], &packet])), "macsec");
}

#[test]
fn sessions() {
    let packet = packet();
    let ppp = joined(&[&[0x00, 0x21], &packet]);
    let length = (ppp.len() as u16).to_be_bytes();
    check(1, &ether(0x8864, &joined(&[&[0x11, 0, 0, 7], &length, &ppp, &[0; 4]])), "pppoe ppp");
    check(9, &joined(&[&[0xff, 3, 0x21], &packet]), "ppp");
    check(50, &joined(&[&[0x0f, 0, 8, 0], &packet]), "");
    check(51, &joined(&[&[0x11, 0, 0, 7], &length, &ppp]), "pppoe ppp");
    check(1, &over_udp(1701, &joined(&[&[0, 2, 0, 1, 0, 2], &ppp])), "ppp l2tp");
    check(1, &over_udp(1701, &joined(&[&[0x4a, 2, 0, 0, 0, 1, 0, 2, 0, 1, 0, 1, 0, 2, 9, 9], &ppp])), "ppp l2tp");
    check(1, &over_udp(1701, &joined(&[&[0, 3, 0, 0, 0, 0, 0, 9, 1, 2, 3, 4], &frame()])), "l2tp");
    check(1, &over_ip(115, &joined(&[&[0, 0, 0, 9], &frame()])), "l2tp");
}

#[test]
fn tunnels_over_ip() {
    let (packet, frame) = (packet(), frame());
    let wide = v6(17, &udp((5060, 5061), MARK));
    check(1, &over_ip(4, &packet), "ip-in-ip(4in4)");
    check(1, &over_ip(41, &wide), "ip-in-ip(6in4)");
    check(1, &ether(0x86dd, &v6(4, &packet)), "ip-in-ip(4in6)");
    check(1, &ether(0x86dd, &v6(41, &wide)), "ip-in-ip(6in6)");
    check(1, &over_ip(47, &joined(&[&[0, 0, 8, 0], &packet])), "gre");
    check(1, &over_ip(47, &joined(&[&[0xb0, 0, 8, 0], &[1; 12], &packet])), "gre");
    check(
        1,
        &over_ip(47, &joined(&[&[0x40, 0, 8, 0], &[0; 4], &[0, 2, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0], &packet])),
        "gre",
    );
    check(1, &over_ip(47, &joined(&[&[0x20, 0, 0x65, 0x58, 0, 0, 0, 1], &frame])), "gre");
    let metadata = [8, 0, 1, 1, 0, 1, 0, 9];
    check(1, &over_ip(47, &joined(&[&[0, 0, 0x89, 9], &metadata, &packet])), "cisco-metadata gre");
    let ppp = joined(&[&[0x21], &packet]);
    let length = (ppp.len() as u16).to_be_bytes();
    check(1, &over_ip(47, &joined(&[&[0x30, 0x81, 0x88, 0x0b], &length, &[0; 10], &ppp])), "ppp gre");
    check(1, &over_ip(47, &joined(&[&[0, 0, 0x88, 0xbe], &frame])), "gre erspan");
    check(1, &over_ip(47, &joined(&[&[0x10, 0, 0x88, 0xbe, 0, 0, 0, 1], &[0x10; 8], &frame])), "gre erspan");
    let type_3 = [0x20, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0];
    check(1, &over_ip(47, &joined(&[&[0x10, 0, 0x22, 0xeb, 0, 0, 0, 1], &type_3, &frame])), "gre erspan");
    let mut subheader = type_3;
    subheader[11] = 1;
    check(1, &over_ip(47, &joined(&[&[0x10, 0, 0x22, 0xeb, 0, 0, 0, 1], &subheader, &[7; 8], &frame])), "gre erspan");
    let ah = [17, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    check(1, &over_ip(51, &joined(&[&ah, &udp((5060, 5061), MARK)])), "ah");
    let options = joined(&[&[60, 0, 1, 4, 0, 0, 0, 0], &[17, 0, 1, 4, 0, 0, 0, 0], &udp((5060, 5061), MARK)]);
    check(1, &ether(0x86dd, &v6(0, &options)), "");
}

#[test]
fn tunnels_over_udp() {
    let (packet, frame) = (packet(), frame());
    let wide = v6(17, &udp((5060, 5061), MARK));
    for port in [4789, 8472] {
        check(1, &over_udp(port, &joined(&[&[8, 0, 0, 0, 0, 0, 1, 0], &frame])), "vxlan");
    }
    check(1, &over_udp(4790, &joined(&[&[0x0c, 0, 0, 1, 0, 0, 1, 0], &packet])), "vxlan");
    check(1, &over_udp(6081, &joined(&[&[1, 0, 0x65, 0x58, 0, 0, 1, 0, 1, 2, 3, 0], &frame])), "geneve");
    check(1, &over_udp(6635, &joined(&[&[0, 2, 1, 64], &packet])), "mpls");
    let length = (packet.len() as u16).to_be_bytes();
    check(1, &over_udp(2152, &joined(&[&[0x30, 255], &length, &[0, 0, 0, 1], &packet])), "gtp");
    let length = (packet.len() as u16 + 8).to_be_bytes();
    let extended = [0, 9, 0, 0x85, 1, 0, 9, 0];
    check(1, &over_udp(2152, &joined(&[&[0x34, 255], &length, &[0, 0, 0, 1], &extended, &packet])), "gtp");
    check(1, &over_udp(3544, &wide), "teredo");
    let origin = [0, 0, 1, 2, 3, 4, 5, 6];
    let authentication = [0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0];
    check(1, &over_udp(3544, &joined(&[&authentication, &origin, &wide])), "teredo");
    let llc = joined(&[&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0], &packet]);
    let swapped = joined(&[&[0x11, 0x08], &[0; 22], &llc]);
    check(1, &over_udp(5247, &joined(&[&[0, 0x10, 3, 0, 0, 0, 0, 0], &swapped])), "capwap ieee-802-11");
    check(1, &over_udp(5247, &joined(&[&[0, 0x10, 2, 0, 0, 0, 0, 0], &frame])), "capwap");
    let identity = [0x44, 0x52, 0x11, 41, 0, 0, 0, 0];
    check(1, &over_udp(5072, &joined(&[&identity, &[7; 16], &[8; 20], &wide])), "ayiya");
}

/// ESP with NULL encryption, transport mode and tunnel mode, alone and behind UDP; and ESP that is encrypted.
#[test]
fn esp_in_clear() {
    let esp = |protocol: u8, content: &[u8], check: usize| {
        let padding = (4 - (content.len() + 2) % 4) % 4;
        let pad: Vec<u8> = (1..=padding as u8).collect();
        joined(&[&[0, 0, 1, 1, 0, 0, 0, 7], content, &pad, &[padding as u8, protocol], &vec![0xc5; check]])
    };
    let datagram = udp((5060, 5061), MARK);
    check(1, &over_ip(50, &esp(17, &datagram, 12)), "esp");
    check(1, &over_ip(50, &esp(17, &datagram, 16)), "esp");
    check(1, &over_ip(50, &esp(4, &packet(), 12)), "ip-in-ip(4in4) esp");
    check(1, &over_udp(4500, &esp(17, &datagram, 12)), "esp udp-encap-esp");
    let mut garbled = esp(17, &datagram, 12);
    garbled[13] ^= 0x55;
    check_nothing(1, &over_ip(50, &garbled), Undecoded::Encrypted);
    check_nothing(1, &over_udp(4500, &[0, 0, 0, 0, 1, 2, 3, 4]), Undecoded::TunnelControl);
}

#[test]
fn link_layers() {
    let packet = packet();
    check(101, &packet, "raw-ip");
    check(228, &packet, "");
    check(0, &joined(&[&[2, 0, 0, 0], &packet]), "bsd-null");
    check(108, &joined(&[&[0, 0, 0, 2], &packet]), "bsd-null");
    check(0, &joined(&[&[30, 0, 0, 0], &v6(17, &udp((5060, 5061), MARK))]), "bsd-null");
    let cooked = [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0];
    check(113, &joined(&[&cooked, &packet]), "linux-sll");
    let cooked_2 = [8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0];
    check(276, &joined(&[&cooked_2, &packet]), "linux-sll");
    check(104, &joined(&[&[0x0f, 0, 8, 0], &packet]), "");
    check(100, &joined(&[&[0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 7, 0, 0], &frame()]), "");
    let length = (packet.len() as u16 + 4).to_le_bytes();
    check(239, &joined(&[&[2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 1, 3], &length, &[9, 0], &packet]), "nflog");
    let mut pktap = vec![0; 108];
    pktap[0] = 108;
    pktap[4] = 1;
    pktap[8] = 1;
    check(258, &joined(&[&pktap, &frame()]), "pktap");
    check(149, &joined(&[&pktap, &frame()]), "pktap");
    // Decrypted by the station, the vector of CCMP left in place.
    let protected =
        joined(&[&[0x08, 0x41], &[0; 22], &[1, 2, 3, 4, 5, 6, 7, 8], &[0xaa, 0xaa, 3, 0, 0, 0, 8, 0], &packet]);
    check(1, &ether(0x2452, &protected), "ieee-802-11");
    // A data frame with QoS, its header padded behind radiotap.
    let llc = joined(&[&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0], &packet]);
    let qos = joined(&[&[0x88, 0x01], &[0; 22], &[0, 0]]);
    check(105, &joined(&[&qos, &llc]), "ieee-802-11");
    let radiotap = [0, 0, 18, 0, 3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x20, 0];
    check(127, &joined(&[&radiotap, &qos, &[0, 0], &llc]), "ieee-802-11");
}

#[test]
fn what_carries_nothing_is_named() {
    for (bytes, why) in [
        (ether(0x0806, &[0; 28]), Undecoded::Arp),
        (ether(0x88cc, &[0; 28]), Undecoded::NotIp),
        (over_ip(1, &joined(&[&[3, 1, 0, 0, 0, 0, 0, 0], &packet()])), Undecoded::Icmp),
        (over_ip(2, &[0x16; 8]), Undecoded::Igmp),
        (over_ip(89, &[0; 24]), Undecoded::Transport),
        (frame()[..30].to_vec(), Undecoded::CutHeader),
        (ether(0x0800, &[0x44; 40]), Undecoded::Malformed),
        (over_udp(2123, &[0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0]), Undecoded::TunnelControl),
        (ether(0x8863, &[0x11, 9, 0, 0, 0, 0]), Undecoded::TunnelControl),
    ] {
        check_nothing(1, &bytes, why);
    }
    check_nothing(230, &frame(), Undecoded::LinkType);
    check_nothing(105, &joined(&[&[0x08, 0x41], &[0; 60]]), Undecoded::Encrypted);
    let endless = (0..40).fold(packet(), |inner, _| v4(4, &inner));
    check_nothing(101, &endless, Undecoded::TooDeep);
}

/// A port proves nothing: what does not hold together as its tunnel is a datagram.
#[test]
fn media_may_use_the_ports_of_tunnels() {
    let rtp = joined(&[&[0x80, 0, 0, 1], &[0; 168]]);
    for port in [2152, 2123, 3386, 1701, 3544, 4789, 4790, 5072, 5247, 6081] {
        let (worn, kept, _) = read(1, &over_udp(port, &rtp));
        assert_eq!((worn.as_str(), kept.datagrams.len()), ("", 1), "{port}");
    }
    let config = WireConfig { vxlan_ports: vec![14_789], ..WireConfig::default() };
    let tunnelled = over_udp(14_789, &joined(&[&[8, 0, 0, 0, 0, 0, 1, 0], &frame()]));
    assert_eq!(read_with(&config, 1, &[&tunnelled]).0, "vxlan");
    assert_eq!(read(1, &tunnelled).0, "");
}

#[test]
fn lengths_that_the_capture_does_not_keep() {
    // Segmentation offload leaves a total length of zero.
    let mut offloaded = frame();
    offloaded[16..18].fill(0);
    check(1, &offloaded, "");
    // Cut by the snaplen.
    let whole = frame();
    let (_, kept, _) = read(1, &whole[..whole.len() - 4]);
    assert_eq!(kept.datagrams, [(Transport::Udp, MARK[..MARK.len() - 4].to_vec(), 4, false)]);
    // Padding of short Ethernet frames.
    check(1, &joined(&[&frame(), &[0; 18]]), "");
}

#[test]
fn messages_over_sctp() {
    let chunk = |kind: u8, flags: u8, payload: &[u8]| {
        let length = (payload.len() as u16 + 16).to_be_bytes();
        let padding = vec![0; (4 - payload.len() % 4) % 4];
        joined(&[&[kind, flags], &length, &[0; 12], payload, &padding])
    };
    let header = [0x13, 0xc4, 0x13, 0xc4, 0, 0, 0, 1, 0, 0, 0, 0];
    let both = over_ip(132, &joined(&[&header, &chunk(0, 3, MARK), &chunk(0, 3, b"second")]));
    let (_, kept, tally) = read(1, &both);
    let message = |payload: &[u8]| (Transport::Sctp, payload.to_vec(), 0, false);
    assert_eq!(kept.datagrams, [message(MARK), message(b"second")]);
    assert_eq!((tally.packets_of_messages, tally.messages, tally.message_pieces), (1, 2, 0));
    let piece = over_ip(132, &joined(&[&header, &chunk(0, 2, MARK)]));
    assert_eq!(read(1, &piece).2.message_pieces, 1);
    // A message in pieces, in one packet and in two (RFC 9260 §6.9).
    let numbered = |number: u8, flags: u8, payload: &[u8]| {
        let mut chunk = chunk(0, flags, payload);
        chunk[7] = number;
        chunk
    };
    let (head, middle, tail) = (numbered(1, 2, &MARK[..4]), numbered(2, 0, &MARK[4..5]), numbered(3, 1, &MARK[5..]));
    let one = over_ip(132, &joined(&[&header, &head, &middle, &tail]));
    let two = [over_ip(132, &joined(&[&header, &head, &middle])), over_ip(132, &joined(&[&header, &tail]))];
    for frames in [&[&one[..]][..], &[&two[0], &two[1]]] {
        let (_, kept, tally) = read_with(&WireConfig::default(), 1, frames);
        assert_eq!(kept.datagrams, [message(MARK)]);
        assert_eq!((tally.messages, tally.message_pieces), (1, 0));
    }
    check_nothing(1, &over_ip(132, &joined(&[&header, &[4, 0, 0, 4]])), Undecoded::SctpControl);
}

#[test]
fn fragments_are_put_together_on_the_way() {
    let datagram = udp((5060, 5061), MARK);
    let piece = |from: usize, to: usize, more: bool| {
        let mut packet = v4(17, &datagram[from..to.min(datagram.len())]);
        let field = (from / 8) as u16 | u16::from(more) << 13;
        packet[6..8].copy_from_slice(&field.to_be_bytes());
        packet
    };
    let (first, second) = (ether(0x0800, &piece(0, 24, true)), ether(0x0800, &piece(24, 99, false)));
    let (_, kept, tally) = read_with(&WireConfig::default(), 1, &[&second, &first]);
    assert_eq!(kept.datagrams, [(Transport::Udp, MARK.to_vec(), 0, false)]);
    assert_eq!((tally.fragments, tally.datagrams, tally.fragments_v4), (1, 1, 2));
    // The tunnel's packets are in pieces; and a mirror port repeats one of them.
    let tunnelled: Vec<_> = [piece(0, 24, true), piece(24, 99, false)].iter().map(|piece| over_ip(4, piece)).collect();
    let (worn, kept, tally) = read_with(&WireConfig::default(), 1, &[&tunnelled[0], &first, &tunnelled[1]]);
    assert_eq!((worn.as_str(), kept.datagrams.len()), ("ip-in-ip(4in4)", 1));
    assert_eq!((tally.copies, tally.duplicates), (1, 1));
    // It repeats all of them: copies of all pieces are the copy of the datagram.
    let copy = |duplicate| (Transport::Udp, MARK.to_vec(), 0, duplicate);
    for frames in [[&tunnelled[0], &tunnelled[1], &first, &second], [&tunnelled[0], &first, &tunnelled[1], &second]] {
        let (_, kept, tally) = read_with(&WireConfig::default(), 1, &frames.map(Vec::as_slice));
        assert_eq!(kept.datagrams, [copy(false), copy(true)]);
        assert_eq!((tally.fragments, tally.datagrams, tally.copies, tally.duplicates), (1, 2, 1, 2));
    }
    // It repeats the last of them alone: there is one datagram.
    let frames = [&tunnelled[0], &tunnelled[1], &second];
    let (_, kept, tally) = read_with(&WireConfig::default(), 1, &frames.map(Vec::as_slice));
    assert_eq!(kept.datagrams, [copy(false)]);
    assert_eq!((tally.fragments, tally.datagrams, tally.copies, tally.duplicates), (1, 1, 1, 1));
}

/// Copies differ in what the way changes: tags, TTL, header checksum, tunnel. Packets differ in anything else.
#[test]
fn copies_are_told_from_packets() {
    let plain = frame();
    let tagged = ether(0x8100, &joined(&[&[0, 5, 8, 0], &packet()]));
    let mut routed = frame();
    routed[22] -= 1;
    routed[25] ^= 0x5a;
    let tunnelled = over_ip(4, &packet());
    let mut renumbered = frame();
    renumbered[19] += 1;
    let last = plain.len() - 1;
    let mut other = frame();
    other[last - 4] ^= 1;
    for (second, copy) in
        [(&plain, true), (&tagged, true), (&routed, true), (&tunnelled, true), (&renumbered, false), (&other, false)]
    {
        let (_, kept, tally) = read_with(&WireConfig::default(), 1, &[&plain, second]);
        assert_eq!(kept.datagrams[1].3, copy);
        assert_eq!(tally.duplicates, u64::from(copy));
        let off = WireConfig { duplicates: false, ..WireConfig::default() };
        assert_eq!(read_with(&off, 1, &[&plain, second]).2.duplicates, 0);
    }
}

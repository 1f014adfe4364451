//! The fast path against `etherparse` and against the decoder, over frames that are nearly right.

use etherparse::{LaxNetSlice, LaxSlicedPacket, SlicedPacket, TransportSlice};
use link::Frame;
use proptest::prelude::*;

use super::*;
use crate::{Decoder, Plain, Stretch, Take, Taker};

/// A frame to be built, right or a little wrong.
#[derive(Clone, Debug)]
struct Draft {
    tags: Vec<u16>,
    /// Headers behind the tags and before the packet, the outermost first.
    wraps: Vec<Wrap>,
    v6: bool,
    protocol: u8,
    ports: (u16, u16),
    payload: Vec<u8>,
    /// Added to the lengths of IP and UDP.
    wrong: (i16, i16),
    fragment: u16,
    trailer: usize,
    cut: usize,
    flips: Vec<(usize, u8)>,
}

/// A header that is put before an Ethernet frame.
#[derive(Clone, Copy, Debug)]
enum Wrap {
    /// Two labels, then the frame's packet.
    Labels,
    /// A pseudowire with a control word.
    Pseudowire,
    Pppoe,
    /// With this protocol and these flags.
    Gre(u16, u16),
    Erspan3,
    Vxlan,
    Geneve,
    Gtp,
    /// The frame's packet in IPv4.
    Ip,
}

fn wraps() -> impl Strategy<Value = Vec<Wrap>> {
    use Wrap::{Erspan3, Geneve, Gre, Gtp, Ip, Labels, Pppoe, Pseudowire, Vxlan};
    let wrap = prop_oneof![
        Just(Labels),
        Just(Pseudowire),
        Just(Pppoe),
        prop_oneof![Just(0x0800), Just(0x6558), Just(0x88be), any::<u16>()].prop_flat_map(|protocol| {
            prop_oneof![Just(0), Just(0x1000), Just(0x3000), Just(0xb000)].prop_map(move |flags| Gre(protocol, flags))
        }),
        Just(Erspan3),
        Just(Vxlan),
        Just(Geneve),
        Just(Gtp),
        Just(Ip),
    ];
    prop_oneof![1 => Just(Vec::new()), 2 => proptest::collection::vec(wrap, 1..4)]
}

impl Wrap {
    /// The frame within this.
    fn around(self, frame: &[u8]) -> Vec<u8> {
        const MACS: &[u8] = &[2; 12];
        let (kind, packet) = (frame.get(12..14).unwrap_or_default(), frame.get(14..).unwrap_or_default());
        let ip = |protocol: u8, bytes: &[u8]| {
            let length = (bytes.len() as u16 + 20).to_be_bytes();
            let header = [
                8, 0, 0x45, 0, length[0], length[1], 0, 9, 0x40, 0, 64, protocol, 0, 0, 203, 0, 113, 1, 203, 0, 113, 2,
            ];
            [MACS, &header, bytes].concat()
        };
        let udp = |port: u16, bytes: &[u8]| {
            let length = (bytes.len() as u16 + 8).to_be_bytes();
            ip(17, &[&[0xc0, 7], &port.to_be_bytes()[..], &length, &[0, 0], bytes].concat())
        };
        match self {
            Self::Labels => [MACS, &[0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64], packet].concat(),
            Self::Pseudowire => [MACS, &[0x88, 0x47, 0, 1, 1, 64, 0, 0, 0, 0], frame].concat(),
            Self::Pppoe => {
                let length = (packet.len() as u16 + 2).to_be_bytes();
                let protocol = if kind == [0x86, 0xdd] { 0x57 } else { 0x21 };
                [MACS, &[0x88, 0x64, 0x11, 0, 0, 9], &length, &[0, protocol], packet].concat()
            }
            Self::Gre(protocol, flags) => {
                let optional = [0, 0x8000, 0x2000, 0x1000].map(|flag| if flags & flag == 0 { 0 } else { 4 });
                let inner = if protocol == 0x0800 { packet } else { frame };
                let erspan: &[u8] =
                    if protocol == 0x88be && flags & 0x1000 != 0 { &[0x10, 1, 0, 1, 0, 0, 0, 0] } else { &[] };
                let header = [flags.to_be_bytes(), protocol.to_be_bytes()].concat();
                ip(47, &[&header, &vec![0; optional.iter().sum()][..], erspan, inner].concat())
            }
            Self::Erspan3 => {
                let header = [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
                ip(47, &[&header, frame].concat())
            }
            Self::Vxlan => udp(4789, &[&[8, 0, 0, 0, 0, 0, 7, 0], frame].concat()),
            Self::Geneve => udp(6081, &[&[1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 0], frame].concat()),
            Self::Gtp => {
                let length = (packet.len() as u16 + 8).to_be_bytes();
                udp(2152, &[&[0x34, 0xff], &length[..], &[0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0, 9, 0], packet].concat())
            }
            Self::Ip => ip(if kind == [0x86, 0xdd] { 41 } else { 4 }, packet),
        }
    }
}

fn drafts() -> impl Strategy<Value = Draft> {
    let tag = prop_oneof![Just(0x8100), Just(0x88a8), Just(0x9100)];
    let port = prop_oneof![4 => any::<u16>(), 1 => Just(5060), 1 => Just(2152), 1 => Just(4789)];
    let wrong = || prop_oneof![6 => Just(0_i16), 1 => -12..12_i16];
    (
        (
            (proptest::collection::vec(tag, 0..4), wraps()),
            any::<bool>(),
            prop_oneof![6 => Just(17_u8), 1 => any::<u8>()],
        ),
        (port.clone(), port),
        proptest::collection::vec(any::<u8>(), 0..80),
        (wrong(), wrong()),
        prop_oneof![4 => Just(0x4000_u16), 4 => Just(0_u16), 1 => any::<u16>()],
        (prop_oneof![Just(0_usize), 0..20_usize], prop_oneof![4 => Just(0_usize), 1 => 0..60_usize]),
        prop_oneof![3 => Just(Vec::new()), 1 => proptest::collection::vec((0..80_usize, any::<u8>()), 1..3)],
    )
        .prop_map(|(((tags, wraps), v6, protocol), ports, payload, wrong, fragment, (trailer, cut), flips)| {
            Draft { tags, wraps, v6, protocol, ports, payload, wrong, fragment, trailer, cut, flips }
        })
}

impl Draft {
    fn bytes(&self) -> Vec<u8> {
        let mut frame = vec![2; 12];
        let udp = (self.payload.len() as i16 + 8).wrapping_add(self.wrong.1) as u16;
        let inner = (self.payload.len() as i16 + 8).wrapping_add(self.wrong.0) as u16;
        if self.v6 {
            frame.extend([0x86, 0xdd, 0x60, 0, 0, 0]);
            frame.extend(inner.to_be_bytes());
            frame.extend([self.protocol, 64]);
            frame.extend((0..32).map(|byte| byte | 0x20));
        } else {
            frame.extend([0x08, 0x00, 0x45, 0]);
            frame.extend(inner.wrapping_add(20).to_be_bytes());
            frame.extend([0x12, 0x34]);
            frame.extend(self.fragment.to_be_bytes());
            frame.extend([64, self.protocol, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2]);
        }
        frame.extend(self.ports.0.to_be_bytes());
        frame.extend(self.ports.1.to_be_bytes());
        frame.extend(udp.to_be_bytes());
        frame.extend([0xab, 0xcd]);
        frame.extend(&self.payload);
        let mut frame = self.wraps.iter().rev().fold(frame, |frame, wrap| wrap.around(&frame));
        let tags = self.tags.iter().flat_map(|tag| tag.to_be_bytes().into_iter().chain([0, 7]));
        frame.splice(12..12, tags);
        frame.extend(vec![0; self.trailer]);
        for &(at, value) in &self.flips {
            if let Some(byte) = frame.get_mut(at) {
                *byte = value;
            }
        }
        frame.truncate(frame.len() - self.cut.min(frame.len()));
        frame
    }
}

/// What `etherparse` makes of a frame: endpoints and payload of a datagram.
fn oracle(frame: &[u8]) -> Option<(Endpoint, Endpoint, Vec<u8>)> {
    let packet = LaxSlicedPacket::from_ethernet(frame).ok()?;
    let (from, to) = match packet.net? {
        LaxNetSlice::Ipv4(v4) => (Ip::v4(v4.header().source()), Ip::v4(v4.header().destination())),
        LaxNetSlice::Ipv6(v6) => (Ip::v6(v6.header().source()), Ip::v6(v6.header().destination())),
        LaxNetSlice::Arp(_) => return None,
    };
    let Some(TransportSlice::Udp(udp)) = packet.transport else { return None };
    Some((Endpoint::new(from, udp.source_port()), Endpoint::new(to, udp.destination_port()), udp.payload().to_vec()))
}

/// Whether the fast path has no excuse: whole, no options or extensions, at most two tags, no tunnel's port.
fn is_plain(frame: &[u8], ports: &TunnelPorts) -> bool {
    let Ok(packet) = SlicedPacket::from_ethernet(frame) else { return false };
    let Some(TransportSlice::Udp(udp)) = &packet.transport else { return false };
    let simple = match &packet.net {
        Some(etherparse::NetSlice::Ipv4(v4)) => {
            v4.header().options().is_empty() && v4.extensions().auth.is_none() && !v4.is_payload_fragmented()
        }
        Some(etherparse::NetSlice::Ipv6(v6)) => v6.header().next_header().0 == 17 && v6.header().payload_length() > 0,
        _ => false,
    };
    simple
        && packet.link_exts.len() <= TAGS_MAX
        && !ports.named((udp.source_port(), udp.destination_port()))
        && udp.length() >= 8
}

/// Keeps the last datagram's parts.
#[derive(Default)]
struct Last(Option<(Endpoint, Endpoint, Vec<u8>, u16)>);

impl Taker for Last {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.0 = Some((datagram.source, datagram.destination, datagram.payload.to_vec(), datagram.missing));
    }

    fn stretch(&mut self, _: &Stretch<'_>) -> Take {
        Take::Ignore
    }
}

/// Who sent what is plain, and where it goes.
fn ends(plain: &Plain<'_>) -> (Endpoint, Endpoint) {
    let (source, destination, [s0, s1, d0, d1]) = match plain {
        Plain::V4(plain) => {
            let addresses = plain.addresses();
            let ([source, destination], _) = addresses.as_chunks::<4>().0.split_first_chunk().unwrap();
            (Ip::v4(*source), Ip::v4(*destination), plain.ports())
        }
        Plain::V6(plain) => {
            let addresses = plain.addresses();
            let ([source, destination], _) = addresses.as_flattened().as_chunks::<16>().0.split_first_chunk().unwrap();
            (Ip::v6(*source), Ip::v6(*destination), plain.ports())
        }
    };
    (Endpoint::new(source, u16::from_be_bytes([s0, s1])), Endpoint::new(destination, u16::from_be_bytes([d0, d1])))
}

/// Checks what is plain against the fast path, which only a tunnel's port keeps off it, or leads further inwards.
fn agree(plain: &Plain<'_>, quick: Option<&Quick<'_>>) {
    let quick = quick.unwrap();
    let (first, length) = match plain {
        Plain::V4(plain) => (plain.first(), plain.length()),
        Plain::V6(plain) => (plain.first(), plain.length()),
    };
    assert_eq!(quick.endpoints(), ends(plain));
    assert_eq!(quick.is_v6(), matches!(plain, Plain::V6(_)));
    assert_eq!(quick.payload().len(), usize::from(length - quick.missing()));
    assert!(quick.payload().starts_with(first.as_flattened()));
    assert_eq!(quick.worn(), plain.worn());
    assert_eq!((quick.payload()[0] >> 6, quick.signature(5)), (2, plain.signature(5)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fast_path_reads_what_etherparse_reads(draft in drafts()) {
        let frame = draft.bytes();
        let config = WireConfig::default();
        let fast = FastPath::new(&config);
        let within = || fast.quick_within(LinkType::ETHERNET, &frame);
        let quick = fast.quick(LinkType::ETHERNET, &frame).or_else(within);
        let hides_nothing = |plain: &Plain<'_>| {
            let (source, destination) = ends(plain);
            !fast.ports.named((source.port, destination.port))
        };
        let within = || fast.plain_within(LinkType::ETHERNET, &frame);
        let plain = Plain::of(LinkType::ETHERNET, &frame).or_else(within);
        let plain = plain.filter(hides_nothing);
        if let Some(plain) = &plain {
            agree(plain, quick.as_ref());
        }
        let mut decoder = Decoder::new(&config);
        let mut last = Last::default();
        decoder.decode(&Frame { at: Nanos::ZERO, link: LinkType::ETHERNET, bytes: &frame, length: 0 }, &mut last);
        if let Some(quick) = quick {
            let (source, destination) = quick.endpoints();
            let read = (source, destination, quick.payload().to_vec());
            if draft.wraps.is_empty() {
                prop_assert_eq!(oracle(&frame), Some(read.clone()));
            }
            prop_assert_eq!(last.0, Some((read.0, read.1, read.2, quick.missing())));
            // Both count the same.
            let (mut quickly, mut plainly) = (Decoder::new(&config), Decoder::new(&config));
            quickly.quick_copy(Nanos::ZERO, &quick);
            prop_assert_eq!(quickly.tally(), decoder.tally());
            if let Some(plain) = plain {
                plainly.count_plain(1, u64::from(plain.worn().is_one_tag()));
                if plain.worn().is_wrapped() {
                    plainly.count_wraps(plain.worn(), 1);
                }
                prop_assert_eq!(plainly.tally(), decoder.tally());
            }
        } else {
            prop_assert!(!is_plain(&frame, &fast.ports) || !draft.wraps.is_empty());
        }
    }

    /// What is right within its wraps is found by the fast path.
    #[test]
    fn nothing_right_is_left_to_the_decoder(draft in drafts()) {
        let mut right = Draft { protocol: 17, ports: (40_000, 5_060), wrong: (0, 0), fragment: 0, cut: 0, flips: Vec::new(), ..draft };
        right.tags.truncate(2);
        right.wraps.truncate(2);
        // Behind a protocol that nobody knows may lie anything.
        right.wraps.retain(|wrap| !matches!(wrap, Wrap::Gre(protocol, _) if ![0x0800, 0x6558, 0x88be].contains(protocol)));
        let config = WireConfig::default();
        let frame = right.bytes();
        let mut last = Last::default();
        let mut decoder = Decoder::new(&config);
        decoder.decode(&Frame { at: Nanos::ZERO, link: LinkType::ETHERNET, bytes: &frame, length: 0 }, &mut last);
        let fast = FastPath::new(&config);
        let within = || fast.quick_within(LinkType::ETHERNET, &frame);
        let quick = fast.quick(LinkType::ETHERNET, &frame).or_else(within);
        prop_assert_eq!(last.0.is_some(), quick.is_some());
        // And so is media ahead of it.
        let within = || fast.plain_within(LinkType::ETHERNET, &frame);
        let plain = Plain::of(LinkType::ETHERNET, &frame).or_else(within);
        let is_media = |quick: &Quick<'_>| quick.payload().first_chunk::<16>().is_some_and(|first| first[0] >> 6 == 2);
        let tags_at_most_one = right.tags.len() < 2 || !right.wraps.is_empty();
        if quick.is_some_and(|quick| is_media(&quick) && frame.len() >= 82) && tags_at_most_one {
            prop_assert!(plain.is_some());
        }
    }

    /// Any bytes at all, as any link type this room reads: no panic, and one outcome.
    #[test]
    fn rubbish_is_harmless(bytes in proptest::collection::vec(any::<u8>(), 0..160), link in 0..280_u16) {
        let config = WireConfig::default();
        let _ = FastPath::new(&config).quick(LinkType(link), &bytes);
        let _ = FastPath::new(&config).quick_within(LinkType(link), &bytes);
        let mut decoder = Decoder::new(&config);
        decoder.decode(&Frame { at: Nanos::ZERO, link: LinkType(link), bytes: &bytes, length: 0 }, &mut Last::default());
        prop_assert_eq!(decoder.tally().frames, 1);
    }
}

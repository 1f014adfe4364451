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

fn drafts() -> impl Strategy<Value = Draft> {
    let tag = prop_oneof![Just(0x8100), Just(0x88a8), Just(0x9100)];
    let port = prop_oneof![4 => any::<u16>(), 1 => Just(5060), 1 => Just(2152), 1 => Just(4789)];
    let wrong = || prop_oneof![6 => Just(0_i16), 1 => -12..12_i16];
    (
        (proptest::collection::vec(tag, 0..4), any::<bool>(), prop_oneof![6 => Just(17_u8), 1 => any::<u8>()]),
        (port.clone(), port),
        proptest::collection::vec(any::<u8>(), 0..80),
        (wrong(), wrong()),
        prop_oneof![4 => Just(0x4000_u16), 4 => Just(0_u16), 1 => any::<u16>()],
        (prop_oneof![Just(0_usize), 0..20_usize], prop_oneof![4 => Just(0_usize), 1 => 0..60_usize]),
        prop_oneof![3 => Just(Vec::new()), 1 => proptest::collection::vec((0..80_usize, any::<u8>()), 1..3)],
    )
        .prop_map(|((tags, v6, protocol), ports, payload, wrong, fragment, (trailer, cut), flips)| Draft {
            tags,
            v6,
            protocol,
            ports,
            payload,
            wrong,
            fragment,
            trailer,
            cut,
            flips,
        })
}

impl Draft {
    fn bytes(&self) -> Vec<u8> {
        let mut frame = vec![2; 12];
        for tag in &self.tags {
            frame.extend(tag.to_be_bytes());
            frame.extend([0, 7]);
        }
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
fn plain(frame: &[u8], ports: &TunnelPorts) -> bool {
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

/// Checks what is plain against the fast path, which only a tunnel's port may keep off it.
fn agree(plain: &Plain<'_>, quick: Option<&Quick<'_>>, fast: &FastPath) {
    let [s0, s1, d0, d1] = plain.ports();
    let ports = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]));
    let Some(quick) = quick else { return assert!(fast.ports.named(ports)) };
    let [a0, a1, a2, a3, b0, b1, b2, b3] = plain.addresses();
    let ends = (Endpoint::new(Ip::v4([a0, a1, a2, a3]), ports.0), Endpoint::new(Ip::v4([b0, b1, b2, b3]), ports.1));
    assert_eq!(quick.endpoints(), ends);
    assert_eq!(quick.payload().len(), usize::from(plain.length() - quick.missing()));
    assert!(quick.payload().starts_with(plain.first().as_flattened()));
    assert_eq!(quick.worn().is_one_tag(), plain.tagged());
    assert_eq!(quick.worn().is_plain(), !plain.tagged());
    assert_eq!((quick.payload()[0] >> 6, quick.signature(5)), (2, plain.signature(5)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fast_path_reads_what_etherparse_reads(draft in drafts()) {
        let frame = draft.bytes();
        let config = WireConfig::default();
        let fast = FastPath::new(&config);
        let quick = fast.quick(LinkType::ETHERNET, &frame);
        if let Some(plain) = Plain::of(LinkType::ETHERNET, &frame) {
            agree(&plain, quick.as_ref(), &fast);
        }
        let mut decoder = Decoder::new(&config);
        let mut last = Last::default();
        decoder.decode(&Frame { at: Nanos::ZERO, link: LinkType::ETHERNET, bytes: &frame, length: 0 }, &mut last);
        if let Some(quick) = quick {
            let (source, destination) = quick.endpoints();
            let read = (source, destination, quick.payload().to_vec());
            prop_assert_eq!(oracle(&frame), Some(read.clone()));
            prop_assert_eq!(last.0, Some((read.0, read.1, read.2, quick.missing())));
        } else {
            prop_assert!(!plain(&frame, &fast.ports));
        }
    }

    /// Any bytes at all, as any link type this room reads: no panic, and one outcome.
    #[test]
    fn rubbish_is_harmless(bytes in proptest::collection::vec(any::<u8>(), 0..160), link in 0..280_u16) {
        let config = WireConfig::default();
        let _ = FastPath::new(&config).quick(LinkType(link), &bytes);
        let mut decoder = Decoder::new(&config);
        decoder.decode(&Frame { at: Nanos::ZERO, link: LinkType(link), bytes: &bytes, length: 0 }, &mut Last::default());
        prop_assert_eq!(decoder.tally().frames, 1);
    }
}

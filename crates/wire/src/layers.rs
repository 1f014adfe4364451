//! The words of the walk inwards: what the bytes at hand are, which wrappers a frame wore, and why a walk ended.

use types::{Ip, Malformed, Why};

/// Most headers a frame may stack from its link layer to its transport. Real taps show about a dozen (a VLAN tag, an
/// outer IP, a tunnel and an inner Ethernet frame are five); past this the frame is counted as `nested_too_deep`.
pub(crate) const LAYERS_MAX: u64 = 32;

/// What the bytes at hand are, as the header before them says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A frame of this LINKTYPE.
    Link(u16),
    /// Destination, source, type or length.
    Ethernet,
    /// What an EtherType announces.
    EtherType(u16),
    /// IEEE 802.2.
    Llc,
    /// An IP packet whose version its first four bits tell.
    Ip,
    /// An IPv4 packet.
    Ipv4,
    /// An IPv6 packet.
    Ipv6,
    /// What follows an IP header, by protocol number (IPv6: next header).
    Inside(u8),
    /// From the protocol field of PPP on.
    Ppp,
    /// An MPLS label stack.
    Mpls,
    /// A GRE header.
    Gre,
    /// An NSH header.
    Nsh,
    /// An IEEE 802.11 frame.
    Wlan,
    /// An L2TPv3 cookie, perhaps, and a pseudowire.
    Pseudowire,
}

/// What the innermost IP header says about the bytes after it, besides their protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub source: Ip,
    pub destination: Ip,
    /// Whether extension headers may follow.
    pub v6: bool,
    /// Identification of IPv4; of IPv6 only a fragment has one, and it is not kept.
    pub id: u16,
    /// Bytes that the header promises and the capture does not hold, of those that it says it cut off.
    pub missing: u32,
    /// The same, whatever the capture says.
    pub lacking: u32,
}

/// One header read: what follows it and where, or why nothing does.
pub(crate) type Step<'a> = Result<(Kind, &'a [u8]), Undecoded>;

macro_rules! named {
    ($(#[$about:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant,)* }

        impl $name {
            /// Every one, in the order of the tallies.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word of the summary and of metric labels: permanent.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

named! {
    /// A header that wraps traffic, or a link layer that is not plain Ethernet. A frame counts once under each it wears.
    Encapsulation {
        /// One IEEE 802.1Q tag.
        Vlan = "vlan",
        /// Two or more IEEE 802.1Q tags, wherever they are in the frame.
        Qinq = "qinq",
        /// A service tag of IEEE 802.1ad.
        Dot1ad = "802.1ad",
        /// VN-tag, later IEEE 802.1BR.
        VnTag = "vn-tag",
        /// Provider backbone bridging, IEEE 802.1ah.
        Pbb = "pbb",
        /// Cisco metadata.
        CiscoMetadata = "cisco-metadata",
        /// IEEE 802.1AE, not encrypted.
        Macsec = "macsec",
        /// RFC 3032, over UDP (RFC 7510) too.
        Mpls = "mpls",
        /// RFC 2516, discovery stage.
        PppoeDiscovery = "pppoe-discovery",
        /// RFC 2516, session stage.
        Pppoe = "pppoe",
        /// RFC 1661.
        Ppp = "ppp",
        /// RFC 2784 and RFC 2890, RFC 2637.
        Gre = "gre",
        /// Encapsulated remote SPAN, types I to III.
        Erspan = "erspan",
        /// RFC 7348.
        Vxlan = "vxlan",
        /// RFC 8926.
        Geneve = "geneve",
        /// GTP versions 1 and 2, user plane or control plane.
        Gtp = "gtp",
        /// What runs on its port: charging records (3GPP TS 32.295), and GTP version 0, which had the port before.
        GtpPrime = "gtp-prime",
        /// 3GPP TS 29.274: control plane.
        GtpV2C = "gtpv2-c",
        /// IPv4 in IPv4, RFC 2003.
        V4InV4 = "ip-in-ip(4in4)",
        /// IPv4 in IPv6, RFC 2473.
        V4InV6 = "ip-in-ip(4in6)",
        /// IPv6 in IPv4, RFC 4213.
        V6InV4 = "ip-in-ip(6in4)",
        /// IPv6 in IPv6, RFC 2473.
        V6InV6 = "ip-in-ip(6in6)",
        /// RFC 4380.
        Teredo = "teredo",
        /// RFC 2661 and RFC 3931.
        L2tp = "l2tp",
        /// Anything in anything, of SixXS.
        Ayiya = "ayiya",
        /// RFC 5415, user data of wireless stations.
        Capwap = "capwap",
        /// RFC 8300.
        Nsh = "nsh",
        /// RFC 4302.
        Ah = "ah",
        /// RFC 4303.
        Esp = "esp",
        /// RFC 3948: port 4500, IKE on it too.
        UdpEncapEsp = "udp-encap-esp",
        /// Linux cooked captures, version 1 or 2.
        LinuxSll = "linux-sll",
        /// A raw IP link layer that leaves the version to the packet.
        RawIp = "raw-ip",
        /// BSD loopback.
        BsdNull = "bsd-null",
        /// Linux netfilter log.
        Nflog = "nflog",
        /// Packets with metadata, of Darwin.
        Pktap = "pktap",
        /// IEEE 802.11, wherever it is in the frame.
        Wlan = "ieee-802-11",
    }
}

named! {
    /// Why a frame gave neither a datagram, nor a segment, nor a fragment.
    Undecoded {
        /// ARP and RARP.
        Arp = "arp",
        /// Another network layer than IP: bridge protocols, IS-IS, IPX and their like.
        NotIp = "not_ip",
        /// A link layer this room does not read.
        LinkType = "unsupported_link_type",
        /// The bytes end inside a header.
        CutHeader = "cut_header",
        /// A header contradicts itself, or the one before it.
        Malformed = "malformed_header",
        /// ICMP and ICMPv6; the packets quoted in them are no traffic.
        Icmp = "icmp",
        /// IGMP.
        Igmp = "igmp",
        /// Another transport than UDP, TCP and SCTP.
        Transport = "other_transport",
        /// SCTP without a whole user message.
        SctpControl = "sctp_control",
        /// What sets up or keeps up a tunnel.
        TunnelControl = "tunnel_control",
        /// What a tunnel cut up in its own way and this room does not put together: CAPWAP, multilink PPP.
        TunnelPiece = "tunnel_piece",
        /// ESP, MACsec, PPP, CAPWAP or IEEE 802.11 that is encrypted.
        Encrypted = "encrypted",
        /// IEEE 802.11 management and control frames.
        WlanControl = "wlan_control",
        /// More headers than the decoder follows.
        TooDeep = "nested_too_deep",
    }
}

/// Whatever ran out while a header was read was cut; the rest contradicts itself.
impl From<Malformed> for Undecoded {
    fn from(malformed: Malformed) -> Self {
        match malformed.why {
            Why::Short { .. } => Self::CutHeader,
            _ => Self::Malformed,
        }
    }
}

/// What a frame wore, and how deep the walk into it is: one word, since the fast path carries it along. The low bits are
/// a set of [`Encapsulation`]; above them lie two bits for fragments, two that count tags and the depth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worn(u64);

impl Worn {
    const SET: u64 = Self::PIECE_V4 - 1;
    const PIECE_V4: u64 = 1 << 40;
    const PIECE_V6: u64 = 1 << 41;
    const ONE_TAG: u64 = 1 << 42;
    const TWO_TAGS: u64 = 1 << 43;
    const DEEPER: u64 = 1 << 48;

    /// Notes a wrapper.
    pub(crate) const fn wear(&mut self, encapsulation: Encapsulation) {
        self.0 |= 1 << encapsulation as u32;
    }

    /// Whether it wore this.
    pub(crate) const fn has(self, encapsulation: Encapsulation) -> bool {
        self.0 & 1 << encapsulation as u32 != 0
    }

    /// Notes an IEEE 802.1Q tag.
    pub(crate) const fn tag(&mut self) {
        self.0 |= if self.0 & Self::ONE_TAG == 0 { Self::ONE_TAG } else { Self::TWO_TAGS };
    }

    /// Notes a fragment of an IPv4 packet, or a fragment header of IPv6.
    pub(crate) const fn piece(&mut self, v6: bool) {
        self.0 |= if v6 { Self::PIECE_V6 } else { Self::PIECE_V4 };
    }

    /// Whether a fragment was noted, of IPv4 and of IPv6.
    pub(crate) const fn pieces(self) -> (bool, bool) {
        (self.0 & Self::PIECE_V4 != 0, self.0 & Self::PIECE_V6 != 0)
    }

    /// Goes one header inwards; `false` at [`LAYERS_MAX`].
    pub(crate) const fn deeper(&mut self) -> bool {
        self.0 += Self::DEEPER;
        self.0 / Self::DEEPER <= LAYERS_MAX
    }

    /// One IEEE 802.1Q tag and nothing else, or nothing at all.
    #[inline(always)]
    pub(crate) const fn one_tag(tagged: bool) -> Self {
        Self(if tagged { Self::ONE_TAG } else { 0 })
    }

    /// Whether it wore nothing: a plain Ethernet frame.
    pub(crate) const fn is_plain(self) -> bool {
        self.0.is_multiple_of(Self::DEEPER)
    }

    /// Whether it wore one IEEE 802.1Q tag and nothing else, as the fast path finds it.
    #[inline(always)]
    pub(crate) const fn is_one_tag(self) -> bool {
        self.0 == Self::ONE_TAG
    }

    /// Whether it wore more than one IEEE 802.1Q tag, as the fast path finds it.
    #[inline(always)]
    #[must_use]
    pub const fn is_wrapped(self) -> bool {
        self.0 & !Self::ONE_TAG != 0
    }

    /// What it wore, tags summed up: the places of its encapsulations in [`Encapsulation::ALL`].
    pub(crate) fn places(self) -> impl Iterator<Item = usize> {
        let mut all = self;
        if self.0 & Self::TWO_TAGS != 0 {
            all.wear(Encapsulation::Qinq);
        } else if self.0 & Self::ONE_TAG != 0 {
            all.wear(Encapsulation::Vlan);
        }
        let mut left = all.0 & Self::SET;
        std::iter::from_fn(move || {
            let place = (left != 0).then(|| left.trailing_zeros() as usize);
            left &= left.wrapping_sub(1);
            place
        })
    }
}

/// The tags of many frames that wore one each or none, summed up at one addition a frame; fewer than four million at a time.
#[derive(Debug, Default)]
pub struct Tags(u64);

impl Tags {
    /// Takes in what a frame wore.
    #[inline(always)]
    pub const fn add(&mut self, worn: Worn) {
        self.0 = self.0.wrapping_add(worn.0);
    }

    /// Takes back what one wore that wore more.
    pub const fn take_back(&mut self, worn: Worn) {
        self.0 = self.0.wrapping_sub(worn.0);
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.0 / Worn::ONE_TAG
    }
}

/// The set must stay below the other bits.
const _: () = assert!(Encapsulation::ALL.len() <= Worn::PIECE_V4.ilog2() as usize);

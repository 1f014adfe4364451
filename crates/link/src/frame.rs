//! A frame and a batch of frames, borrowed from wherever the bytes lie. What a link type means is for `wire` to know.

use types::Nanos;

/// Most frames a [`Batch`] holds.
pub const BATCH_FRAMES_MAX: usize = 256;

/// Most bytes a record may have captured: 256 KiB, libpcap's and Wireshark's limit for every link that carries IP.
/// A length above it is no frame but damage.
pub const CAPTURED_MAX: u32 = 256 * 1024;

/// What a frame begins with: a LINKTYPE number of <https://www.tcpdump.org/linktypes.html>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

impl LinkType {
    /// BSD loopback: a protocol family in the byte order of the capturing host.
    pub const NULL: Self = Self(0);
    /// Ethernet, from the destination address on.
    pub const ETHERNET: Self = Self(1);
    /// IEEE 802.5.
    pub const TOKEN_RING: Self = Self(6);
    /// PPP, with or without address and control bytes.
    pub const PPP: Self = Self(9);
    /// ATM with LLC or VC multiplexing (RFC 1483).
    pub const ATM_RFC1483: Self = Self(100);
    /// An IPv4 or IPv6 packet.
    pub const RAW: Self = Self(101);
    /// Cisco HDLC.
    pub const C_HDLC: Self = Self(104);
    /// IEEE 802.11.
    pub const IEEE802_11: Self = Self(105);
    /// Frame Relay.
    pub const FRELAY: Self = Self(107);
    /// OpenBSD loopback: a protocol family in network order.
    pub const LOOP: Self = Self(108);
    /// Linux "cooked" capture, version 1.
    pub const LINUX_SLL: Self = Self(113);
    /// IEEE 802.11 after a radiotap header.
    pub const IEEE802_11_RADIOTAP: Self = Self(127);
    /// The third private type, which old versions of macOS used for PKTAP.
    pub const USER2: Self = Self(149);
    /// FDDI.
    pub const FDDI: Self = Self(10);
    /// PPP in HDLC-like framing (RFC 1662), or Cisco HDLC by its first byte.
    pub const PPP_HDLC: Self = Self(50);
    /// PPPoE session packets (RFC 2516), without Ethernet.
    pub const PPP_ETHER: Self = Self(51);
    /// PPP after a byte of direction.
    pub const PPP_WITH_DIR: Self = Self(204);
    /// MPLS labels.
    pub const MPLS: Self = Self(219);
    /// An IPv4 packet.
    pub const IPV4: Self = Self(228);
    /// An IPv6 packet.
    pub const IPV6: Self = Self(229);
    /// Linux netfilter log messages.
    pub const NFLOG: Self = Self(239);
    /// Payloads that Wireshark exported.
    pub const WIRESHARK_UPPER_PDU: Self = Self(252);
    /// Apple PKTAP.
    pub const PKTAP: Self = Self(258);
    /// Linux "cooked" capture, version 2.
    pub const LINUX_SLL2: Self = Self(276);

    /// The link type that a file's 32-bit field names. The high half holds flags (the length of a frame check
    /// sequence). DLT_RAW, which differs between systems and stands in some files as it was, becomes [`Self::RAW`].
    #[must_use]
    pub const fn in_file(field: u32) -> Self {
        match field as u16 {
            12 | 14 => Self::RAW,
            number => Self(number),
        }
    }
}

/// Where a frame lies in its batch and what the capture says about it: 32 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameHead {
    /// When the frame was captured.
    pub at: Nanos,
    /// Bytes from the start of the batch's bytes.
    pub offset: u64,
    /// Bytes captured, at most [`CAPTURED_MAX`].
    pub captured: u32,
    /// Bytes on the wire; more than `captured` where the capture cut frames short.
    pub length: u32,
    /// What the frame begins with.
    pub link: LinkType,
}

/// A frame as it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// When it was captured.
    pub at: Nanos,
    /// What it begins with.
    pub link: LinkType,
    /// The bytes captured.
    pub bytes: &'a [u8],
    /// Bytes on the wire; more than were captured where the capture cut frames short.
    pub length: u32,
}

/// Frames that the capturing host had no room for, as it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Not before this.
    pub from: Nanos,
    /// Not after this.
    pub until: Nanos,
    /// How many.
    pub frames: u64,
}

impl Dropped {
    /// Adds it to a list of at most `most`, in which past that the last grows.
    pub(crate) fn join(self, list: &mut Vec<Self>, most: usize) {
        let full = list.len() >= most;
        match list.last_mut().filter(|_| full) {
            None => list.push(self),
            Some(last) => {
                let (from, until) = (last.from.min(self.from), last.until.max(self.until));
                *last = Self { from, until, frames: last.frames.saturating_add(self.frames) };
            }
        }
    }
}

/// Up to [`BATCH_FRAMES_MAX`] frames in the order of the capture. All of them live as long as the batch.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    bytes: &'a [u8],
    heads: &'a [FrameHead],
}

impl<'a> Batch<'a> {
    /// Frames that lie in `bytes` where their heads say; a head that points elsewhere has no bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8], heads: &'a [FrameHead]) -> Self {
        Self { bytes, heads }
    }

    /// How many frames there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there are none; [`crate::Capture::next_batch`] gives no such batch.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The heads of all frames.
    #[must_use]
    pub const fn heads(&self) -> &'a [FrameHead] {
        self.heads
    }

    /// The frame that `head`, one of this batch's heads, describes. The head of another batch gives other bytes, or none.
    #[inline]
    #[must_use]
    pub fn frame(&self, head: &FrameHead) -> Frame<'a> {
        let from = usize::try_from(head.offset).unwrap_or(usize::MAX);
        let bytes = self.bytes.get(from..).and_then(|rest| rest.get(..head.captured as usize)).unwrap_or_default();
        Frame { at: head.at, link: head.link, bytes, length: head.length }
    }

    /// All frames in order.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'a>> + use<'a> {
        let batch = *self;
        batch.heads.iter().map(move |head| batch.frame(head))
    }
}

const _: () = assert!(size_of::<FrameHead>() == 32);

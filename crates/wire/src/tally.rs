//! What became of the frames, in numbers.

use types::Losses;

use crate::layers::{Encapsulation, Undecoded, Worn};

/// What became of the frames. Each is one of `datagrams`, `packets_of_messages`, `segments`, `fragments`, `copies` and
/// the undecoded, which therefore add up to `frames`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Frames handed in.
    pub frames: u64,
    /// Frames that gave a UDP datagram, copies among them.
    pub datagrams: u64,
    /// Frames that gave at least one user message of SCTP.
    pub packets_of_messages: u64,
    /// Frames that gave a TCP segment.
    pub segments: u64,
    /// Frames whose fragment was held, or refused, and completed nothing.
    pub fragments: u64,
    /// Frames that a mirror port repeated and that went no further: fragments, segments and packets of SCTP.
    pub copies: u64,
    /// All frames that a mirror port repeated: `copies`, and the datagrams marked as such.
    pub duplicates: u64,
    /// User messages of SCTP.
    pub messages: u64,
    /// Chunks of user messages that SCTP cut into several, not put together.
    pub message_pieces: u64,
    /// Frames with a fragment of an IPv4 packet.
    pub fragments_v4: u64,
    /// Frames with a fragment header of IPv6, atomic ones too.
    pub fragments_v6: u64,
    /// The number of the first link type that this room does not read.
    pub unread_link_type: Option<u16>,
    encapsulations: Counts<{ Encapsulation::ALL.len() }>,
    undecoded: Counts<{ Undecoded::ALL.len() }>,
}

/// One counter for each of a closed list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Counts<const N: usize>([u64; N]);

impl<const N: usize> Default for Counts<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> Counts<N> {
    #[inline(always)]
    fn add(&mut self, place: usize, frames: u64) {
        if let Some(count) = self.0.get_mut(place) {
            *count += frames;
        }
    }
}

impl Tally {
    /// Frames that wore each encapsulation, in a fixed order.
    pub fn encapsulations(&self) -> impl Iterator<Item = (Encapsulation, u64)> {
        Encapsulation::ALL.iter().copied().zip(self.encapsulations.0)
    }

    /// Frames that gave nothing, by reason, in a fixed order.
    pub fn undecoded(&self) -> impl Iterator<Item = (Undecoded, u64)> {
        Undecoded::ALL.iter().copied().zip(self.undecoded.0)
    }

    /// Counts what a frame of the fast path wore: nothing mostly, or one tag.
    #[inline(always)]
    pub(crate) fn worn_quickly(&mut self, worn: Worn) {
        if worn.is_one_tag() {
            self.encapsulations.add(Encapsulation::Vlan as usize, 1);
        } else if !worn.is_plain() {
            self.worn(worn, 1);
        }
    }

    /// Counts frames that wore one tag and nothing else.
    pub(crate) fn tagged(&mut self, frames: u64) {
        self.encapsulations.add(Encapsulation::Vlan as usize, frames);
    }

    /// Counts what frames wore, as many as wore the same.
    #[inline(never)]
    pub(crate) fn worn(&mut self, worn: Worn, frames: u64) {
        for place in worn.places() {
            self.encapsulations.add(place, frames);
        }
    }

    /// Counts a frame that gave nothing.
    pub(crate) fn nothing(&mut self, why: Undecoded) {
        self.undecoded.add(why as usize, 1);
    }

    /// How many frames gave nothing for this reason.
    #[must_use]
    pub fn undecoded_for(&self, why: Undecoded) -> u64 {
        self.undecoded.0.get(why as usize).copied().unwrap_or_default()
    }
}

/// What the limits of this room refused. The other reasons for giving nothing are no losses: there was nothing in those
/// frames.
impl Losses for Tally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("wire_nested_too_deep", self.undecoded_for(Undecoded::TooDeep));
        each("wire_cut_header", self.undecoded_for(Undecoded::CutHeader));
        each("wire_malformed_header", self.undecoded_for(Undecoded::Malformed));
        each("wire_unsupported_link_type", self.undecoded_for(Undecoded::LinkType));
        each("wire_tunnel_pieces", self.undecoded_for(Undecoded::TunnelPiece));
        each("sctp_message_pieces", self.message_pieces);
    }
}

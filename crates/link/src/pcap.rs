//! The classic format: a file header of 24 bytes, then records one after another (draft-ietf-opsawg-pcap).
//! Read in either byte order, with microseconds or nanoseconds, and in Kuznetzov's variant with longer record headers.

use types::Nanos;

use crate::ahead;
use crate::error::DamageWhy;
use crate::format::{Stop, Walked};
use crate::frame::{CAPTURED_MAX, FrameHead, LinkType};
use crate::tally::Tally;

/// Bytes of the file header.
pub const HEADER_BYTES: usize = 24;

const MICROS: u32 = 0xa1b2_c3d4;
const NANOS: u32 = 0xa1b2_3c4d;
/// Linux 2.2 with Alexey Kuznetzov's patch: eight more bytes in every record header, nothing in them for us.
const KUZNETZOV: u32 = 0xa1b2_cd34;

/// In which order a record holds its two lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lengths {
    /// Captured, then on the wire.
    Usual,
    /// The other way round, as before version 2.3 and in version 543.0 (DG/UX).
    Swapped,
    /// Version 2.3 was written both ways, and the smaller one is the captured one.
    BySize,
}

/// The walk over one pcap capture.
#[derive(Debug)]
pub(crate) struct Pcap {
    big_endian: bool,
    /// Nanoseconds in a unit of the fraction field.
    unit: u16,
    link: LinkType,
    /// Whether record headers have Kuznetzov's eight more bytes.
    long_heads: bool,
    lengths: Lengths,
    previous: Nanos,
}

impl Pcap {
    /// Whether a file with these first bytes is pcap.
    pub(crate) const fn is_magic(first: [u8; 4]) -> bool {
        matches!(u32::from_be_bytes(first), MICROS | NANOS | KUZNETZOV)
            || matches!(u32::from_le_bytes(first), MICROS | NANOS | KUZNETZOV)
    }

    /// The walk for a capture with this file header, whose magic [`Self::is_magic`] knows.
    pub(crate) fn parse(header: &[u8; HEADER_BYTES]) -> Result<Self, DamageWhy> {
        let &[m0, m1, m2, m3, a0, a1, i0, i1, _, _, _, _, _, _, _, _, _, _, _, _, l0, l1, l2, l3] = header;
        let big_endian = m0 == 0xa1;
        let u32_of = |bytes| if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        let u16_of = |bytes| if big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) };
        let magic = u32_of([m0, m1, m2, m3]);
        let lengths = match (u16_of([a0, a1]), u16_of([i0, i1])) {
            (2, 0..=2) | (543, 0) => Lengths::Swapped,
            (2, 3) => Lengths::BySize,
            (2, 4..) => Lengths::Usual,
            (major, minor) => return Err(DamageWhy::Version(major, minor)),
        };
        Ok(Self {
            big_endian,
            unit: if magic == NANOS { 1 } else { 1_000 },
            link: LinkType::in_file(u32_of([l0, l1, l2, l3])),
            long_heads: magic == KUZNETZOV,
            lengths,
            previous: Nanos::ZERO,
        })
    }

    pub(crate) fn walk(&mut self, bytes: &[u8], from: u64, heads: &mut [FrameHead], tally: &mut Tally) -> Walked {
        match (self.lengths == Lengths::Usual && !self.long_heads, self.big_endian) {
            (true, false) => self.records::<false, true>(bytes, from, heads, tally),
            (true, true) => self.records::<true, true>(bytes, from, heads, tally),
            (false, false) => self.records::<false, false>(bytes, from, heads, tally),
            (false, true) => self.records::<true, false>(bytes, from, heads, tally),
        }
    }

    /// The hot loop. It touches no memory but the record headers and the heads.
    #[inline(never)] // On its own it keeps everything in registers.
    fn records<const BIG: bool, const USUAL: bool>(
        &mut self,
        bytes: &[u8],
        from: u64,
        heads: &mut [FrameHead],
        tally: &mut Tally,
    ) -> Walked {
        let word = |bytes: &[u8; 4]| if BIG { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) };
        let head_bytes = if USUAL || !self.long_heads { 16 } else { 24 };
        let (unit, link, whole) = (u64::from(self.unit), self.link, bytes.len());
        let mut rest = usize::try_from(from).ok().and_then(|from| bytes.get(from..)).unwrap_or_default();
        let (start, room) = (rest.len(), heads.len());
        let (mut previous, mut backwards, mut back_max) = (self.previous, 0_u64, 0_u64);
        let mut slots = heads.iter_mut();
        let stop = loop {
            let Some([secs, fraction, captured, length]) = rest.as_chunks::<4>().0.first_chunk() else {
                break Stop::Short;
            };
            let (mut captured, mut length) = (word(captured), word(length));
            if !USUAL {
                let swapped = match self.lengths {
                    Lengths::Usual => false,
                    Lengths::Swapped => true,
                    Lengths::BySize => captured > length,
                };
                if swapped {
                    (captured, length) = (length, captured);
                }
            }
            if captured > CAPTURED_MAX {
                break Stop::Broken(DamageWhy::CapturedLength(captured));
            }
            let Some(after) = rest.get(head_bytes + captured as usize..) else { break Stop::Short };
            let Some(slot) = slots.next() else { break Stop::Full };
            ahead::fetch(rest);
            // 2^32 seconds and 2^32 units of 16 bits are less than 2^63 nanoseconds, so this cannot overflow.
            let at = Nanos::new(u64::from(word(secs)) * 1_000_000_000 + u64::from(word(fraction)) * unit);
            *slot = FrameHead { at, offset: (whole - rest.len() + head_bytes) as u64, captured, length, link };
            let back = previous.nanos_since(at);
            (backwards, back_max) = (backwards + u64::from(back > 0), back_max.max(back));
            previous = at;
            rest = after;
        };
        let (frames, walked) = (room - slots.len(), start - rest.len());
        self.previous = previous;
        tally.backwards += backwards;
        tally.backwards_nanos_max = tally.backwards_nanos_max.max(back_max);
        tally.frames += frames as u64;
        tally.bytes += (walked - frames * head_bytes) as u64;
        Walked { frames, to: from + walked as u64, stop }
    }
}

//! The format of Solaris (RFC 1761), which old softswitches still write: a file header of 16 bytes, then records, all
//! in network order and with microseconds.

use types::Nanos;

use crate::ahead;
use crate::error::DamageWhy;
use crate::format::{Stop, Walked};
use crate::frame::{CAPTURED_MAX, FrameHead, LinkType};
use crate::tally::Tally;

/// Bytes of the file header.
pub const HEADER_BYTES: usize = 16;

/// Bytes of a record before its frame.
const HEAD_BYTES: u32 = 24;

/// Most bytes a record may have behind its frame. Writers pad to four bytes; a record with more is none.
const PADDING_BYTES_MAX: u32 = 64;

/// The walk over one snoop capture.
#[derive(Debug)]
pub(crate) struct Snoop {
    link: LinkType,
    previous: Nanos,
}

impl Snoop {
    /// The walk for a capture with this file header, whose magic is known.
    pub(crate) fn parse(header: &[u8; HEADER_BYTES]) -> Result<Self, DamageWhy> {
        let &[_, _, _, _, _, _, _, _, v0, v1, v2, v3, l0, l1, l2, l3] = header;
        let version = u32::from_be_bytes([v0, v1, v2, v3]);
        if version != 2 {
            return Err(DamageWhy::Version(u16::try_from(version).unwrap_or(u16::MAX), 0));
        }
        // RFC 1761 §3 numbers them as DLPI does, not as tcpdump.org.
        let link = match u32::from_be_bytes([l0, l1, l2, l3]) {
            0 | 4 => LinkType::ETHERNET,
            2 => LinkType::TOKEN_RING,
            8 => LinkType::FDDI,
            other => return Err(DamageWhy::Datalink(other)),
        };
        Ok(Self { link, previous: Nanos::ZERO })
    }

    pub(crate) fn walk(&mut self, bytes: &[u8], from: u64, heads: &mut [FrameHead], tally: &mut Tally) -> Walked {
        let mut rest = usize::try_from(from).ok().and_then(|from| bytes.get(from..)).unwrap_or_default();
        let (start, mut frames) = (rest.len(), 0);
        let mut slots = heads.iter_mut();
        let stop = loop {
            let Some(&[length, captured, record, _drops, secs, micros]) = rest.as_chunks::<4>().0.first_chunk() else {
                break Stop::Short;
            };
            let [length, captured, record] = [length, captured, record].map(u32::from_be_bytes);
            if captured > CAPTURED_MAX || record < HEAD_BYTES + captured {
                break Stop::Broken(DamageWhy::CapturedLength(captured));
            }
            if record > HEAD_BYTES + captured + PADDING_BYTES_MAX {
                break Stop::Broken(DamageWhy::BlockLength(record));
            }
            let Some(after) = rest.get(record as usize..) else { break Stop::Short };
            let Some(slot) = slots.next() else { break Stop::Full };
            ahead::fetch(rest);
            let at =
                u64::from(u32::from_be_bytes(secs)) * 1_000_000_000 + u64::from(u32::from_be_bytes(micros)) * 1_000;
            let at = Nanos::new(at);
            let offset = (bytes.len() - rest.len()) as u64 + u64::from(HEAD_BYTES);
            *slot = FrameHead { at, offset, captured, length, link: self.link };
            tally.ran_backwards(self.previous.nanos_since(at));
            tally.bytes += u64::from(captured);
            self.previous = at;
            rest = after;
            frames += 1;
        };
        tally.frames += frames as u64;
        Walked { frames, to: from + (start - rest.len()) as u64, stop }
    }
}

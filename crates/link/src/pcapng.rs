//! The block format (draft-ietf-opsawg-pcapng): sections, each in its own byte order and with its own interfaces, each
//! of those with its own link type and clock. Enhanced, simple and obsolete packet blocks are frames, and interface
//! statistics say what the capturing host dropped; every other block is skipped.

use types::Nanos;

use crate::ahead;
use crate::error::DamageWhy;
use crate::format::{Stop, Walked};
use crate::frame::{CAPTURED_MAX, Dropped, FrameHead, LinkType};
use crate::tally::Tally;

/// Most bytes of a section header, interface or packet block: a frame of [`CAPTURED_MAX`] and as much in options.
/// Blocks of other kinds may be longer, for they are skipped.
pub const BLOCK_BYTES_MAX: u32 = 2 * CAPTURED_MAX;

/// Most interfaces of a section, 40 bytes each.
pub const INTERFACES_MAX: usize = 65_536;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OBSOLETE_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;

const BYTE_ORDER: u32 = 0x1a2b_3c4d;
/// Bytes around a block's body: its type and length before, its length after.
const FRAME_BYTES: u32 = 12;
/// Bytes before the frame in an enhanced or an obsolete packet block, the block's own head among them.
const PACKET_HEAD_BYTES: u32 = 28;
/// Bytes before the frame in a simple packet block.
const SIMPLE_HEAD_BYTES: u32 = 12;

const IF_TSRESOL: u16 = 9;
const IF_TSOFFSET: u16 = 14;
const ISB_STARTTIME: u16 = 2;
const ISB_IFDROP: u16 = 5;
const ISB_OSDROP: u16 = 7;

/// Stretches of drops that wait to be fetched; past it the last of them grows. A batch of frames holds fewer as a rule.
const DROPS_MAX: usize = 64;

/// How an interface counts time. A stamp of `t` ticks is `t × multiply / 2^shift / divide` nanoseconds and the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Clock {
    multiply: u64,
    shift: u32,
    divide: u64,
    /// Seconds added to every stamp.
    offset: i64,
}

impl Clock {
    const MICROS: Self = Self { multiply: 1_000, shift: 0, divide: 1, offset: 0 };

    /// The clock that an `if_tsresol` byte describes: 10^-n seconds, or 2^-n where the high bit is set.
    const fn of(resolution: u8, offset: i64) -> Self {
        let power = (resolution & 0x7f) as u32;
        if resolution & 0x80 != 0 {
            return Self { multiply: 1_000_000_000, shift: power, divide: 1, offset };
        }
        match power {
            0..=9 => Self { multiply: 10_u64.pow(9 - power), shift: 0, divide: 1, offset },
            10..=28 => Self { multiply: 1, shift: 0, divide: 10_u64.pow(power - 9), offset },
            // 2^64 such ticks are less than a nanosecond.
            _ => Self { multiply: 0, shift: 0, divide: 1, offset },
        }
    }

    /// Whether it counts decimal parts of a second, none below a nanosecond, from the epoch.
    #[inline]
    const fn is_plain(&self) -> bool {
        self.shift == 0 && self.divide == 1 && self.offset == 0
    }

    /// The instant of a stamp, rounded down, and held between the epoch and [`Nanos::MAX`].
    #[inline]
    fn at(&self, ticks: u64) -> Nanos {
        if self.is_plain() {
            return Nanos::new(ticks.saturating_mul(self.multiply));
        }
        let nanos = ((u128::from(ticks) * u128::from(self.multiply)) >> self.shift) / u128::from(self.divide);
        // Below 2^64 × 10^9, which is below 2^94; the offset stays below 2^94 too.
        let sum = nanos as i128 + i128::from(self.offset) * 1_000_000_000;
        Nanos::new(u64::try_from(sum.max(0)).unwrap_or(u64::MAX))
    }
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: LinkType,
    /// Most bytes a frame was captured with, for simple packet blocks, which do not say; 0 is no limit.
    snap: u32,
    clock: Clock,
    /// Frames that the host had dropped when it last said so, and when that was.
    dropped: u64,
    told_at: Option<Nanos>,
}

/// The walk over one pcapng capture.
#[derive(Debug)]
pub(crate) struct Pcapng {
    big_endian: bool,
    /// By number; `None` is an interface whose description cannot be read.
    interfaces: Vec<Option<Interface>>,
    previous: Nanos,
    /// Stamp of the first frame, as soon as a statistics block asks or a walk ends.
    first: Option<Nanos>,
    drops: Vec<Dropped>,
}

/// A block that is whole: both its lengths agree.
struct Block<'a> {
    kind: u32,
    length: u32,
    /// All of it, or nothing where it would be skipped and is longer than [`BLOCK_BYTES_MAX`], since a stream cannot show
    /// that at once.
    bytes: &'a [u8],
}

/// What a packet block comes to.
enum Packet {
    Frame(FrameHead),
    UnknownInterface,
    Bad,
}

impl Pcapng {
    /// The walk for a capture that begins with a section header block.
    pub(crate) const fn new() -> Self {
        Self { big_endian: false, interfaces: Vec::new(), previous: Nanos::ZERO, first: None, drops: Vec::new() }
    }

    fn u32_of(&self, bytes: [u8; 4]) -> u32 {
        if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }

    fn u16_of(&self, bytes: [u8; 2]) -> u16 {
        if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    pub(crate) fn walk(&mut self, bytes: &[u8], from: u64, heads: &mut [FrameHead], tally: &mut Tally) -> Walked {
        let (mut at, mut frames) = (from, 0);
        let stop = loop {
            let room = heads.get_mut(frames..).unwrap_or_default();
            let (plain, to) = if self.big_endian {
                self.plain_packets::<true>(bytes, at, room, tally)
            } else {
                self.plain_packets::<false>(bytes, at, room, tally)
            };
            (frames, at) = (frames + plain, to);
            let Some(free) = heads.get_mut(frames) else { break Stop::Full };
            let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
            let Block { kind, length, bytes: block } = match self.block(rest) {
                Ok(Some(block)) => block,
                Ok(None) => break Stop::Short,
                Err(why) => break Stop::Broken(why),
            };
            let packet = match kind {
                ENHANCED_PACKET | OBSOLETE_PACKET => self.packet(kind, block),
                SIMPLE_PACKET => self.simple_packet(block, tally),
                SECTION => {
                    if let Err(why) = self.section(block) {
                        break Stop::Broken(why);
                    }
                    at += u64::from(length);
                    continue;
                }
                INTERFACE => {
                    if self.interfaces.len() >= INTERFACES_MAX {
                        break Stop::Broken(DamageWhy::Interfaces);
                    }
                    let interface = self.interface(block);
                    tally.bad_blocks += u64::from(interface.is_none());
                    self.interfaces.push(interface);
                    at += u64::from(length);
                    continue;
                }
                STATISTICS => {
                    self.first = self.first.or(heads.first().filter(|_| frames > 0).map(|head| head.at));
                    tally.dropped += self.statistics(block).unwrap_or(0);
                    at += u64::from(length);
                    continue;
                }
                _ => {
                    tally.other_blocks += 1;
                    at += u64::from(length);
                    continue;
                }
            };
            match packet {
                Packet::Frame(head) => {
                    *free = FrameHead { offset: at + head.offset, ..head };
                    tally.ran_backwards(self.previous.nanos_since(head.at));
                    tally.frames += 1;
                    tally.bytes += u64::from(head.captured);
                    self.previous = head.at;
                    frames += 1;
                }
                Packet::UnknownInterface => tally.unknown_interface += 1,
                Packet::Bad => tally.bad_blocks += 1,
            }
            at += u64::from(length);
        };
        self.first = self.first.or(heads.first().filter(|_| frames > 0).map(|head| head.at));
        Walked { frames, to: at, stop }
    }

    /// The hot loop: enhanced packet blocks without anything odd, up to the first block of another kind, which the caller
    /// looks into. Gives how many there were and where the next block begins.
    #[inline(never)] // On its own it keeps everything in registers.
    fn plain_packets<const BIG: bool>(
        &mut self,
        bytes: &[u8],
        from: u64,
        heads: &mut [FrameHead],
        tally: &mut Tally,
    ) -> (usize, u64) {
        let word = |bytes: &[u8; 4]| if BIG { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) };
        let whole = bytes.len();
        let mut rest = usize::try_from(from).ok().and_then(|from| bytes.get(from..)).unwrap_or_default();
        let (start, room) = (rest.len(), heads.len());
        let (mut previous, mut captured_bytes) = (self.previous, 0_u64);
        let (mut backwards, mut back_max) = (0_u64, 0_u64);
        let mut slots = heads.iter_mut();
        while let Some([kind, front, number, high, low, captured, wire]) = rest.as_chunks::<4>().0.first_chunk() {
            let (length, captured) = (word(front), word(captured));
            if word(kind) != ENHANCED_PACKET || length % 4 != 0 || length > BLOCK_BYTES_MAX || captured > CAPTURED_MAX {
                break;
            }
            let Some((block, after)) = rest.split_at_checked(length as usize) else { break };
            let Some(Some(interface)) = self.interfaces.get(word(number) as usize) else { break };
            let fits = PACKET_HEAD_BYTES + captured + 4 <= length && block.last_chunk() == Some(front);
            if !fits || !interface.clock.is_plain() {
                break;
            }
            let Some(slot) = slots.next() else { break };
            ahead::fetch(rest);
            let at = Nanos::new(
                (u64::from(word(high)) << 32 | u64::from(word(low))).saturating_mul(interface.clock.multiply),
            );
            let offset = (whole - rest.len()) as u64 + u64::from(PACKET_HEAD_BYTES);
            *slot = FrameHead { at, offset, captured, length: word(wire), link: interface.link };
            let back = previous.nanos_since(at);
            (backwards, back_max) = (backwards + u64::from(back > 0), back_max.max(back));
            captured_bytes += u64::from(captured);
            previous = at;
            rest = after;
        }
        let frames = room - slots.len();
        self.previous = previous;
        tally.backwards += backwards;
        tally.backwards_nanos_max = tally.backwards_nanos_max.max(back_max);
        tally.frames += frames as u64;
        tally.bytes += captured_bytes;
        (frames, from + (start - rest.len()) as u64)
    }

    /// The block that `rest` begins with; `None` when more bytes are needed.
    fn block<'a>(&mut self, rest: &'a [u8]) -> Result<Option<Block<'a>>, DamageWhy> {
        let Some((&[k0, k1, k2, k3, l0, l1, l2, l3, o0, o1, o2, o3], _)) = rest.split_first_chunk::<12>() else {
            return Ok(None);
        };
        // A section header's type reads the same in both orders, and its byte-order magic decides all that follows.
        if [k0, k1, k2, k3] == SECTION.to_be_bytes() {
            let magic = u32::from_be_bytes([o0, o1, o2, o3]);
            self.big_endian = match magic {
                BYTE_ORDER => true,
                _ if magic.swap_bytes() == BYTE_ORDER => false,
                _ => return Err(DamageWhy::ByteOrder(magic)),
            };
        }
        let (kind, length) = (self.u32_of([k0, k1, k2, k3]), self.u32_of([l0, l1, l2, l3]));
        let (least, known) = match kind {
            SECTION => (28, true),
            INTERFACE => (20, true),
            ENHANCED_PACKET | OBSOLETE_PACKET => (PACKET_HEAD_BYTES + 4, true),
            SIMPLE_PACKET => (SIMPLE_HEAD_BYTES + 4, true),
            _ => (FRAME_BYTES, false),
        };
        if length < least || length % 4 != 0 || (known && length > BLOCK_BYTES_MAX) {
            return Err(DamageWhy::BlockLength(length));
        }
        if length > BLOCK_BYTES_MAX {
            return Ok(Some(Block { kind, length, bytes: &[] }));
        }
        let Some(bytes) = rest.get(..length as usize) else { return Ok(None) };
        let back = bytes.last_chunk::<4>().map_or(length, |&back| self.u32_of(back));
        if back != length {
            return Err(DamageWhy::BlockLengths(length, back));
        }
        Ok(Some(Block { kind, length, bytes }))
    }

    /// Whether `bytes` begin with a whole section header; an error where what they begin with can be none.
    pub(crate) fn begins(&mut self, bytes: &[u8]) -> Result<bool, DamageWhy> {
        self.block(bytes)?.map_or(Ok(false), |block| self.section(block.bytes).map(|()| true))
    }

    fn section(&mut self, block: &[u8]) -> Result<(), DamageWhy> {
        let Some((_, &[a0, a1, i0, i1, ..])) = block.split_first_chunk::<12>() else { return Ok(()) };
        let (major, minor) = (self.u16_of([a0, a1]), self.u16_of([i0, i1]));
        // Version 1.2 was written by some tools and is the same as 1.0, the draft says so.
        if major != 1 {
            return Err(DamageWhy::Version(major, minor));
        }
        self.interfaces.clear();
        Ok(())
    }

    /// The interface that a block describes; `None` when its options contradict its length.
    fn interface(&self, block: &[u8]) -> Option<Interface> {
        let (&[l0, l1, _, _, s0, s1, s2, s3], rest) = block.get(8..)?.split_first_chunk()?;
        let (mut options, _) = rest.split_last_chunk::<4>()?;
        let (mut resolution, mut offset) = (None, 0);
        // Bounded by the block: every option takes four bytes at least.
        while let Some((&[c0, c1, n0, n1], after)) = options.split_first_chunk() {
            let (code, bytes) = (self.u16_of([c0, c1]), usize::from(self.u16_of([n0, n1])));
            if code == 0 {
                break;
            }
            match (code, after.get(..bytes)?) {
                (IF_TSRESOL, &[byte]) => resolution = Some(byte),
                (IF_TSOFFSET, value) => {
                    let &[high, low] = value.as_chunks::<4>().0 else { return None };
                    let (high, low) = (self.u32_of(high), self.u32_of(low));
                    let (high, low) = if self.big_endian { (high, low) } else { (low, high) };
                    offset = (u64::from(high) << 32 | u64::from(low)).cast_signed();
                }
                (IF_TSRESOL, _) => return None,
                _ => {}
            }
            options = after.get(bytes.next_multiple_of(4)..).unwrap_or_default();
        }
        let clock = resolution.map_or(Clock { offset, ..Clock::MICROS }, |resolution| Clock::of(resolution, offset));
        let link = LinkType::in_file(u32::from(self.u16_of([l0, l1])));
        Some(Interface { link, snap: self.u32_of([s0, s1, s2, s3]), clock, dropped: 0, told_at: None })
    }

    /// What an interface statistics block adds to the frames that the host has dropped; the block tells them from the
    /// beginning of its capture on.
    fn statistics(&mut self, block: &[u8]) -> Option<u64> {
        let (&[i0, i1, i2, i3, h0, h1, h2, h3, l0, l1, l2, l3], rest) = block.get(8..)?.split_first_chunk()?;
        let (mut options, _) = rest.split_last_chunk::<4>()?;
        let number = self.u32_of([i0, i1, i2, i3]) as usize;
        let clock = self.interfaces.get(number)?.as_ref()?.clock;
        let stamp =
            |high: [u8; 4], low: [u8; 4]| clock.at(u64::from(self.u32_of(high)) << 32 | u64::from(self.u32_of(low)));
        let until = stamp([h0, h1, h2, h3], [l0, l1, l2, l3]);
        let (mut began, mut dropped) = (None, 0_u64);
        // Bounded by the block: every option takes four bytes at least.
        while let Some((&[c0, c1, n0, n1], after)) = options.split_first_chunk() {
            let (code, bytes) = (self.u16_of([c0, c1]), usize::from(self.u16_of([n0, n1])));
            let value = after.get(..bytes)?;
            if let (ISB_STARTTIME | ISB_IFDROP | ISB_OSDROP, &[first, second]) = (code, value.as_chunks::<4>().0) {
                if code == ISB_STARTTIME {
                    began = Some(stamp(first, second));
                } else {
                    // A count is one value of 64 bits, a stamp two of 32.
                    let (high, low) = if self.big_endian { (first, second) } else { (second, first) };
                    let count = u64::from(self.u32_of(high)) << 32 | u64::from(self.u32_of(low));
                    dropped = dropped.saturating_add(count);
                }
            }
            options = after.get(bytes.next_multiple_of(4)..).unwrap_or_default();
        }
        let interface = self.interfaces.get_mut(number)?.as_mut()?;
        let from = interface.told_at.replace(until).or(began).or(self.first).unwrap_or(until).min(until);
        let more = dropped.saturating_sub(std::mem::replace(&mut interface.dropped, dropped));
        if more > 0 {
            Dropped { from, until, frames: more }.join(&mut self.drops, DROPS_MAX);
        }
        Some(more)
    }

    /// What was dropped, as far as it was not fetched before.
    pub(crate) fn drops(&mut self) -> &mut Vec<Dropped> {
        &mut self.drops
    }

    /// An enhanced or an obsolete packet block. They differ in the width of the interface number alone.
    fn packet(&self, kind: u32, block: &[u8]) -> Packet {
        let Some(
            &[_, _, _, _, _, _, _, _, i0, i1, i2, i3, h0, h1, h2, h3, t0, t1, t2, t3, c0, c1, c2, c3, l0, l1, l2, l3],
        ) = block.first_chunk::<28>()
        else {
            return Packet::Bad;
        };
        let number =
            if kind == ENHANCED_PACKET { self.u32_of([i0, i1, i2, i3]) } else { u32::from(self.u16_of([i0, i1])) };
        let Some(Some(interface)) = self.interfaces.get(number as usize) else { return Packet::UnknownInterface };
        let captured = self.u32_of([c0, c1, c2, c3]);
        if block.len() < (PACKET_HEAD_BYTES + 4) as usize + captured as usize || captured > CAPTURED_MAX {
            return Packet::Bad;
        }
        let ticks = u64::from(self.u32_of([h0, h1, h2, h3])) << 32 | u64::from(self.u32_of([t0, t1, t2, t3]));
        Packet::Frame(FrameHead {
            at: interface.clock.at(ticks),
            offset: u64::from(PACKET_HEAD_BYTES),
            captured,
            length: self.u32_of([l0, l1, l2, l3]),
            link: interface.link,
        })
    }

    /// A simple packet block: on the first interface, cut to its snapshot length, without a time of its own.
    fn simple_packet(&self, block: &[u8], tally: &mut Tally) -> Packet {
        let Some(&[_, _, _, _, _, _, _, _, l0, l1, l2, l3]) = block.first_chunk::<12>() else { return Packet::Bad };
        let Some(Some(interface)) = self.interfaces.first() else { return Packet::UnknownInterface };
        let length = self.u32_of([l0, l1, l2, l3]);
        let captured = if interface.snap == 0 { length } else { length.min(interface.snap) };
        if block.len() < (SIMPLE_HEAD_BYTES + 4) as usize + captured as usize || captured > CAPTURED_MAX {
            return Packet::Bad;
        }
        tally.unstamped += 1;
        let offset = u64::from(SIMPLE_HEAD_BYTES);
        Packet::Frame(FrameHead { at: self.previous, offset, captured, length, link: interface.link })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_of_every_resolution() {
        let check = |resolution: u8, offset: i64, ticks: u64, nanos: u64| {
            assert_eq!(Clock::of(resolution, offset).at(ticks), Nanos::new(nanos), "{resolution:#x} {offset} {ticks}");
        };
        check(0, 0, 7, 7_000_000_000);
        check(3, 0, 1_500, 1_500_000_000);
        check(6, 0, 1_700_000_000_123_456, 1_700_000_000_123_456_000);
        check(9, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789);
        check(12, 0, 1_234_567_891_999, 1_234_567_891);
        check(28, 0, u64::MAX, 1);
        check(29, 0, u64::MAX, 0);
        check(127, 0, u64::MAX, 0);
        check(0x80, 0, 3, 3_000_000_000);
        check(0x80 | 10, 0, 1_024 + 512, 1_500_000_000);
        check(0x80 | 32, 0, (5 << 32) + (1 << 31), 5_500_000_000);
        check(0xff, 0, u64::MAX, 0);
        check(6, 1_700_000_000, 5, 1_700_000_000_000_005_000);
        check(6, -1, 1_500_000, 500_000_000);
        check(6, -10, 1_500_000, 0);
        check(6, i64::MAX, 0, u64::MAX);
        check(0, 0, u64::MAX, u64::MAX);
        assert_eq!(Clock::of(6, 0), Clock::MICROS);
    }
}

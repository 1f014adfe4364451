//! Bytes found sixteen at a time, in place. Lines and header values are short, so a search that sets up wider registers
//! behind a call costs more than it finds.

use wide::u8x16;

/// Bytes looked at in one step.
const STEP: usize = 16;
/// Bytes whose bits fit one word.
const BLOCK: usize = 64;

/// Which of sixteen bytes are 0x08 to 0x0f, CR and LF among them, one bit each, the first lowest. Which control bytes of
/// these they are is not worth a second comparison: the others are hardly ever there.
#[inline]
fn controls(bytes: u8x16) -> u32 {
    (bytes & u8x16::splat(0xf8)).simd_eq(u8x16::splat(0x08)).to_bitmask()
}

/// Fewer than sixteen bytes with zeros behind them, by loads that overlap instead of a loop.
#[inline]
pub(crate) fn padded(bytes: &[u8]) -> u8x16 {
    let length = bytes.len();
    let word = |head: u64, tail: u64, half: usize| head | tail << (8 * (length - half));
    let whole = if let (Some(head), Some(tail)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        let tail = u64::from_le_bytes(*tail) as u128;
        u128::from(u64::from_le_bytes(*head)) | tail << (8 * (length - 8))
    } else if let (Some(head), Some(tail)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        word(u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into(), 4).into()
    } else if let (Some(head), Some(tail)) = (bytes.first_chunk::<2>(), bytes.last_chunk::<2>()) {
        word(u16::from_le_bytes(*head).into(), u16::from_le_bytes(*tail).into(), 2).into()
    } else {
        bytes.first().map_or(0, |&byte| byte.into())
    };
    u8x16::new(whole.to_le_bytes())
}

/// Where the first byte from `from` on is that `hits` picks out of sixteen.
#[inline(always)] // As a call it would have to load what it looks for.
fn search(bytes: &[u8], from: usize, hits: impl Fn(u8x16) -> u32) -> Option<usize> {
    let (blocks, tail) = bytes.get(from..)?.as_chunks::<STEP>();
    let mut at = from;
    for block in blocks {
        let found = hits(u8x16::new(*block));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize);
        }
        at += STEP;
    }
    let found = match bytes.last_chunk::<STEP>() {
        _ if tail.is_empty() => return None,
        // The last sixteen bytes, those of them that were looked at shifted out.
        Some(last) => hits(u8x16::new(*last)) >> (STEP - tail.len()),
        None => hits(padded(tail)) & ((1 << tail.len()) - 1),
    };
    (found != 0).then(|| at + found.trailing_zeros() as usize)
}

/// Where the first of `marks` is.
#[inline]
pub(crate) fn find<const N: usize>(marks: [u8; N], bytes: &[u8]) -> Option<usize> {
    find_from(marks, bytes, 0)
}

/// Where the first of `marks` is from `from` on. What lies before makes a short rest cheap.
#[inline(always)]
pub(crate) fn find_from<const N: usize>(marks: [u8; N], bytes: &[u8], from: usize) -> Option<usize> {
    let marks = marks.map(u8x16::splat);
    search(bytes, from, |block| marks.iter().fold(u8x16::ZERO, |hits, &mark| hits | block.simd_eq(mark)).to_bitmask())
}

/// Where the first of `marks` is between `from` and `to`. What lies behind makes it cheaper still.
#[inline(always)]
pub(crate) fn find_within<const N: usize>(marks: [u8; N], bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    let mut at = from;
    while at < to {
        let Some(step) = bytes.get(at..).and_then(<[u8]>::first_chunk::<STEP>) else {
            return find_at_end(marks, bytes.get(..to)?, at);
        };
        let step = u8x16::new(*step);
        let hits = marks.iter().fold(u8x16::ZERO, |hits, &mark| hits | step.simd_eq(u8x16::splat(mark))).to_bitmask();
        if hits != 0 {
            return Some(at + hits.trailing_zeros() as usize).filter(|&found| found < to);
        }
        at += STEP;
    }
    None
}

/// The end of a message, apart from what nearly every search needs.
#[inline(never)]
fn find_at_end<const N: usize>(marks: [u8; N], bytes: &[u8], from: usize) -> Option<usize> {
    find_from(marks, bytes, from)
}

/// Where `mark` is among sixty-four bytes, one bit each.
#[inline]
pub(crate) fn places(mark: u8, block: &[u8; BLOCK]) -> u64 {
    let mark = u8x16::splat(mark);
    let lanes = block.as_chunks::<STEP>().0.iter().rev();
    lanes.fold(0, |hits, lane| hits << STEP | u64::from(u8x16::new(*lane).simd_eq(mark).to_bitmask()))
}

/// Where the first CR or LF is from `from` on.
#[inline]
pub(crate) fn line_break(bytes: &[u8], from: usize) -> Option<usize> {
    let (blocks, _) = bytes.get(from..)?.as_chunks::<STEP>();
    let mut at = from;
    for block in blocks {
        let block = u8x16::new(*block);
        let hits = (block.simd_eq(u8x16::splat(b'\r')) | block.simd_eq(u8x16::splat(b'\n'))).to_bitmask();
        if hits != 0 {
            return Some(at + hits.trailing_zeros() as usize);
        }
        at += STEP;
    }
    last_line_break(bytes, at)
}

/// The end of a message, apart from what nearly every line needs.
#[inline(never)]
fn last_line_break(bytes: &[u8], from: usize) -> Option<usize> {
    find_from([b'\r', b'\n'], bytes, from)
}

/// Where the first byte is that is a space or a control byte.
#[inline]
pub(crate) fn blank(bytes: &[u8]) -> Option<usize> {
    search(bytes, 0, |block| block.min(u8x16::splat(b' ')).simd_eq(block).to_bitmask())
}

/// Where the last `mark` is.
#[inline]
pub(crate) fn find_last(mark: u8, bytes: &[u8]) -> Option<usize> {
    let wanted = u8x16::splat(mark);
    let (head, blocks) = bytes.as_rchunks::<STEP>();
    for (place, block) in blocks.iter().enumerate().rev() {
        let found = u8x16::new(*block).simd_eq(wanted).to_bitmask();
        if found != 0 {
            return Some(head.len() + place * STEP + found.ilog2() as usize);
        }
    }
    let found = padded(head).simd_eq(wanted).to_bitmask() & ((1 << head.len()) - 1);
    found.checked_ilog2().map(|at| at as usize)
}

/// Where a line ends and where the next one starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Break {
    /// Where its CR or LF is.
    pub(crate) at: usize,
    /// What is behind that, and behind the LF of a CR LF.
    pub(crate) after: usize,
}

/// The line breaks of a text, first to last. Lenient: a bare LF and a bare CR are each a break too
/// (fixtures/sip/bare-lf.sip, fixtures/sip/bare-cr.sip).
#[derive(Clone, Debug)]
pub(crate) struct Breaks<'a> {
    bytes: &'a [u8],
    /// Where the bytes of `hits` begin. Of 32 bits, so that what is added to a place is seen to overflow nothing.
    base: u32,
    /// Which of them are [`controls`] and not looked at yet.
    hits: u64,
    /// What is behind the break read last.
    after: usize,
}

impl<'a> Breaks<'a> {
    #[inline]
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        // No message is as long.
        let bytes = bytes.get(..u32::MAX as usize).unwrap_or(bytes);
        Self { bytes, base: 0, hits: controls_from(bytes, 0), after: 0 }
    }

    /// Where the next control byte from `from` on is, whether a line ends there or not.
    #[inline]
    pub(crate) fn control(&mut self, from: usize) -> Option<usize> {
        loop {
            while self.hits == 0 {
                let base = self.base as usize + BLOCK;
                if base >= self.bytes.len() {
                    return None;
                }
                self.base = base as u32;
                self.hits = controls_from(self.bytes, base);
            }
            let at = (self.base + self.hits.trailing_zeros()) as usize;
            self.hits &= self.hits - 1;
            // An LF is apart from its CR where sixty-four bytes ended between them.
            if at >= from {
                return Some(at);
            }
        }
    }

    /// Passes over the LF behind the CR found last, unless it is the first of the next sixty-four bytes.
    #[inline]
    pub(crate) const fn pass_lf(&mut self) {
        self.hits &= self.hits.wrapping_sub(1);
    }
}

impl Iterator for Breaks<'_> {
    type Item = Break;

    #[inline]
    fn next(&mut self) -> Option<Break> {
        loop {
            let at = self.control(self.after)?;
            let length = match self.bytes.get(at..at + 2) {
                Some(b"\r\n") => {
                    self.pass_lf();
                    2
                }
                // The others are control bytes such as a tab.
                _ if !matches!(self.bytes.get(at), Some(b'\r' | b'\n')) => continue,
                _ => 1,
            };
            self.after = at + length;
            return Some(Break { at, after: self.after });
        }
    }
}

/// The control bytes among the sixty-four from `base` on, one bit each.
#[inline]
fn controls_from(bytes: &[u8], base: usize) -> u64 {
    match bytes.get(base..).and_then(|rest| rest.first_chunk::<BLOCK>()) {
        Some(block) => joined(block.as_chunks().0, 0),
        None => controls_of_last(bytes, base),
    }
}

/// The same where fewer than sixty-four bytes are left.
#[inline(never)]
fn controls_of_last(bytes: &[u8], base: usize) -> u64 {
    if let Some(block) = bytes.last_chunk::<BLOCK>().filter(|_| base < bytes.len()) {
        // The last sixty-four, those of them that were looked at before shifted out.
        return joined(block.as_chunks().0, 0) >> (BLOCK - (bytes.len() - base));
    }
    let (lanes, tail) = bytes.as_chunks::<STEP>();
    joined(lanes, u64::from(controls(padded(tail)) & ((1 << tail.len()) - 1)))
}

/// The control bytes of up to four steps, and of those behind them.
#[inline]
fn joined(lanes: &[[u8; STEP]], behind: u64) -> u64 {
    lanes.iter().rev().fold(behind, |hits, lane| hits << STEP | u64::from(controls(u8x16::new(*lane))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_wherever_they_are() {
        for length in 0..70 {
            let text = vec![b'a'; length];
            assert_eq!((find([b':'], &text), find([0, 1, 2], &text), find_last(b':', &text)), (None, None, None));
            assert_eq!(find_last(0, &text), None, "{length}");
            assert_eq!(Breaks::new(&text).next(), None);
            for at in 0..length {
                let mut text = text.clone();
                text[at] = b':';
                text[at / 2] = b';';
                text[length - 1 - (length - 1 - at) / 2] = b';';
                let place = |wanted: &[u8]| text.iter().position(|byte| wanted.contains(byte));
                assert_eq!(find([b':'], &text), place(b":"), "{length} {at}");
                assert_eq!(find([b':', b';'], &text), place(b":;"), "{length} {at}");
                assert_eq!(find([b'!', b';', b'"'], &text), place(b";"), "{length} {at}");
                let behind = text[at..].iter().position(|&byte| byte == b';').map(|found| at + found);
                assert_eq!(find_from([b';'], &text, at), behind, "{length} {at}");
                for to in at..=length {
                    let within = behind.filter(|&found| found < to);
                    assert_eq!(find_within([b';', b'!'], &text, at, to), within, "{length} {at} {to}");
                }
                if let Some(block) = text.first_chunk() {
                    let bits = (0..BLOCK).filter(|&at| block[at] == b';').fold(0, |bits, at| bits | 1 << at);
                    assert_eq!(places(b';', block), bits, "{length} {at}");
                }
                assert_eq!(find_last(b';', &text), text.iter().rposition(|&byte| byte == b';'), "{length} {at}");
            }
        }
    }

    #[test]
    fn breaks_are_all_found_and_nothing_else() {
        let text = b"\r\n\na\r\rb\tc\n\r\n\x0bd\r\n";
        // Wherever they stand among the sixteen or sixty-four bytes that are looked at together.
        for before in 0..130 {
            let padding = vec![b'a'; before];
            let whole = [&padding[..], text, &padding[..before / 2]].concat();
            let found: Vec<_> = Breaks::new(&whole).map(|found| (found.at - before, found.after - before)).collect();
            assert_eq!(found, [(0, 2), (2, 3), (4, 5), (5, 6), (9, 10), (10, 12), (14, 16)], "{before}");
        }
        assert_eq!(Breaks::new(b"").next(), None);
    }
}

//! The first look at frames. It needs nothing but their bytes, so it can be taken ahead of the work, and on another thread.

use link::{Batch, Frame, FrameHead, Frames};
use rtp::Glance;
use types::Nanos;
use wire::{FastPath, Plain, Signature, Worn};

/// Frames looked at ahead of the frame-by-frame work, so that the memory their streams lie in is fetched at once and
/// not one after the other: enough to hide a miss, few enough to stay in the first-level cache.
pub(crate) const AHEAD: usize = u32::BITS as usize;

/// What is asked of a frame that most likely carries media, if its stream foresaw it.
pub(crate) trait Seen: Copy {
    /// It as its stream looks at it.
    fn glance(&self) -> Glance;
    /// What its copies will be known by.
    fn signature(&self, fast: &FastPath) -> Signature;
    /// What it wore.
    fn worn(&self) -> Worn;
}

/// In the frame itself, where it lies.
impl Seen for Plain<'_> {
    #[inline(always)]
    fn glance(&self) -> Glance {
        let [word, timestamp, ssrc, _] = self.first();
        Glance::new(self.addresses(), self.ports(), [word, timestamp, ssrc], self.length())
    }

    #[inline(always)]
    fn signature(&self, fast: &FastPath) -> Signature {
        fast.sign(self)
    }

    #[inline(always)]
    fn worn(&self) -> Worn {
        Plain::worn(self)
    }
}

/// All of that, taken out of the frame: it is not touched again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    glance: Glance,
    signature: Signature,
    worn: Worn,
}

impl Seen for &Sight {
    #[inline(always)]
    fn glance(&self) -> Glance {
        self.glance
    }

    #[inline(always)]
    fn signature(&self, _fast: &FastPath) -> Signature {
        self.signature
    }

    #[inline(always)]
    fn worn(&self) -> Worn {
        self.worn
    }
}

/// What some frames in a row have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sums {
    pub(crate) bytes: u64,
    pub(crate) first: Nanos,
    pub(crate) last: Nanos,
}

impl Sums {
    /// Of no frame yet.
    pub(crate) const NONE: Self = Self { bytes: 0, first: Nanos::MAX, last: Nanos::ZERO };

    #[inline(always)]
    pub(crate) fn add(&mut self, frame: &Frame<'_>) {
        self.bytes += frame.bytes.len() as u64;
        (self.first, self.last) = (self.first.min(frame.at), self.last.max(frame.at));
    }
}

/// Who looks ahead. Several can, each on its thread: they keep nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scout {
    fast: FastPath,
}

impl Scout {
    /// A scout who reads by this fast path.
    pub(crate) const fn new(fast: FastPath) -> Self {
        Self { fast }
    }

    /// Looks at frames of a batch, as many of them as there are sights.
    fn look(&self, batch: &Batch<'_>, heads: &[FrameHead], sights: &mut [Option<Sight>]) -> Sums {
        let mut sums = Sums::NONE;
        for (head, sight) in heads.iter().zip(sights) {
            let frame = batch.frame(head);
            sums.add(&frame);
            let plain = Plain::of(frame.link, frame.bytes);
            let plain = plain.or_else(|| self.fast.plain_within(frame.link, frame.bytes));
            *sight = plain.map(|plain| Sight {
                glance: plain.glance(),
                signature: plain.signature(&self.fast),
                worn: plain.worn(),
            });
        }
        sums
    }

    /// Looks at all frames.
    pub(crate) fn scout(&self, scouted: &mut Scouted) {
        let Scouted { frames, sights, sums } = scouted;
        let batch = frames.batch();
        sights.clear();
        sights.resize(batch.len(), None);
        sums.clear();
        let ahead = batch.heads().chunks(AHEAD).zip(sights.chunks_mut(AHEAD));
        sums.extend(ahead.map(|(heads, sights)| self.look(&batch, heads, sights)));
    }
}

/// Frames, and what a [`Scout`] saw of them.
#[derive(Debug, Default)]
pub(crate) struct Scouted {
    /// The frames. Whoever changes them lets them be scouted again.
    pub(crate) frames: Frames,
    sights: Vec<Option<Sight>>,
    /// Of every [`AHEAD`] frames.
    sums: Vec<Sums>,
}

impl Scouted {
    /// All that was seen, [`AHEAD`] frames at a time.
    pub(crate) fn ahead<'a>(
        &'a self,
        batch: &Batch<'a>,
    ) -> impl Iterator<Item = (&'a [FrameHead], &'a [Option<Sight>], Sums)> {
        let sights = batch.heads().chunks(AHEAD).zip(self.sights.chunks(AHEAD));
        sights.zip(&self.sums).map(|((heads, sights), &sums)| (heads, sights, sums))
    }
}

//! The first look at frames. It needs nothing but their bytes, so it can be taken ahead of the work, and on another thread.

use link::{Batch, FrameHead, Frames};
use rtp::Glance;
use types::Nanos;
use wire::{FastPath, Plain, Signature, WireConfig};

/// Frames looked at ahead of the frame-by-frame work, so that the memory their streams lie in is fetched at once and
/// not one after the other: enough to hide a miss, few enough to stay in the first-level cache.
pub(crate) const AHEAD: usize = 32;

/// A frame that most likely carries media: all that is needed of it if its stream foresaw it. The frame itself then lies
/// where it was, and is not touched again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    pub(crate) glance: Glance,
    pub(crate) signature: Signature,
    pub(crate) tagged: bool,
}

/// What some frames in a row have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sums {
    pub(crate) bytes: u64,
    pub(crate) first: Nanos,
    pub(crate) last: Nanos,
}

/// Who looks ahead. Several can, each on its thread: they keep nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scout {
    fast: FastPath,
}

impl Scout {
    /// A scout for a tap.
    pub(crate) fn new(config: &WireConfig) -> Self {
        Self { fast: FastPath::new(config) }
    }

    /// Looks at frames of a batch, as many of them as there are sights.
    #[inline(always)]
    pub(crate) fn look(&self, batch: &Batch<'_>, heads: &[FrameHead], sights: &mut [Option<Sight>]) -> Sums {
        let mut sums = Sums { bytes: 0, first: Nanos::MAX, last: Nanos::ZERO };
        for (head, sight) in heads.iter().zip(sights) {
            let frame = batch.frame(head);
            sums.bytes += frame.bytes.len() as u64;
            (sums.first, sums.last) = (sums.first.min(frame.at), sums.last.max(frame.at));
            *sight = Plain::of(frame.link, frame.bytes).map(|plain| self.sight(&plain));
        }
        sums
    }

    #[inline(always)]
    fn sight(&self, plain: &Plain<'_>) -> Sight {
        let [word, timestamp, ssrc, _] = plain.first();
        let glance = Glance::new(plain.addresses(), plain.ports(), [word, timestamp, ssrc], plain.captured());
        Sight { glance, signature: self.fast.sign(plain), tagged: plain.tagged() }
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

//! The first look at frames. It needs nothing but their bytes, so it can be taken ahead of the work, and on another thread.

use link::{Batch, Frame, FrameHead, Frames};
use rtp::{Clue, Foreseen, Glance, GlanceV6, StreamId, Streams};
use types::Nanos;
use wire::{FastPath, Plain, PlainV4, PlainV6, Signature, Worn};

/// Frames looked at ahead of the frame-by-frame work, so that the memory their streams lie in is fetched at once and
/// not one after the other: enough to hide a miss, few enough to stay in the first-level cache.
pub(crate) const AHEAD: usize = u32::BITS as usize;

/// What is asked of a frame that most likely carries media, if its stream foresaw it.
pub(crate) trait Seen: Copy {
    /// What its stream is most likely found by.
    fn clue(&self) -> Clue;
    /// It as the stream of that place foresaw it.
    fn foreseen<'a>(&self, streams: &'a mut Streams, stream: StreamId, at: Nanos) -> Option<Foreseen<'a>>;
    /// What its copies will be known by.
    fn signature(&self, fast: &FastPath) -> Signature;
    /// What it wore.
    fn worn(&self) -> Worn;
    /// Whether it is in IPv6.
    fn is_v6(&self) -> bool;
}

#[inline(always)]
fn glance(plain: &PlainV4<'_>) -> Glance {
    let [word, timestamp, ssrc, _] = plain.first();
    Glance::new(plain.addresses(), plain.ports(), [word, timestamp, ssrc], plain.length())
}

#[inline(always)]
fn glance_v6(plain: &PlainV6<'_>) -> GlanceV6 {
    let [word, timestamp, ssrc, _] = plain.first();
    GlanceV6::new(plain.addresses(), plain.ports(), [word, timestamp, ssrc], plain.length())
}

/// In the frame itself, where it lies, on a link where nearly everything is that.
impl Seen for PlainV4<'_> {
    #[inline(always)]
    fn clue(&self) -> Clue {
        glance(self).clue
    }

    #[inline(always)]
    fn foreseen<'a>(&self, streams: &'a mut Streams, stream: StreamId, at: Nanos) -> Option<Foreseen<'a>> {
        streams.foreseen(stream, &glance(self), at)
    }

    #[inline(always)]
    fn signature(&self, fast: &FastPath) -> Signature {
        fast.sign_v4(self)
    }

    #[inline(always)]
    fn worn(&self) -> Worn {
        PlainV4::worn(self)
    }

    #[inline(always)]
    fn is_v6(&self) -> bool {
        false
    }
}

/// The same where IPv6 or tunnels are.
impl Seen for Plain<'_> {
    #[inline(always)]
    fn clue(&self) -> Clue {
        match self {
            Self::V4(plain) => glance(plain).clue,
            Self::V6(plain) => glance_v6(plain).clue(),
        }
    }

    #[inline(always)]
    fn foreseen<'a>(&self, streams: &'a mut Streams, stream: StreamId, at: Nanos) -> Option<Foreseen<'a>> {
        match self {
            Self::V4(plain) => streams.foreseen(stream, &glance(plain), at),
            Self::V6(plain) => streams.foreseen_v6(stream, &glance_v6(plain), at),
        }
    }

    #[inline(always)]
    fn signature(&self, fast: &FastPath) -> Signature {
        fast.sign(self)
    }

    #[inline(always)]
    fn worn(&self) -> Worn {
        Plain::worn(self)
    }

    #[inline(always)]
    fn is_v6(&self) -> bool {
        matches!(self, Self::V6(_))
    }
}

/// All of that, taken out of the frame: it is not touched again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    glance: Sighted,
    signature: Signature,
    worn: Worn,
}

/// A glance at either.
#[derive(Clone, Copy, Debug)]
enum Sighted {
    V4(Glance),
    V6(GlanceV6),
}

impl Sight {
    fn of(plain: &Plain<'_>, fast: &FastPath) -> Self {
        let glance = match plain {
            Plain::V4(plain) => Sighted::V4(glance(plain)),
            Plain::V6(plain) => Sighted::V6(glance_v6(plain)),
        };
        Self { glance, signature: fast.sign(plain), worn: plain.worn() }
    }
}

impl Seen for &Sight {
    #[inline(always)]
    fn clue(&self) -> Clue {
        match &self.glance {
            Sighted::V4(glance) => glance.clue,
            Sighted::V6(glance) => glance.clue(),
        }
    }

    #[inline(always)]
    fn foreseen<'a>(&self, streams: &'a mut Streams, stream: StreamId, at: Nanos) -> Option<Foreseen<'a>> {
        match &self.glance {
            Sighted::V4(glance) => streams.foreseen(stream, glance, at),
            Sighted::V6(glance) => streams.foreseen_v6(stream, glance, at),
        }
    }

    #[inline(always)]
    fn signature(&self, _fast: &FastPath) -> Signature {
        self.signature
    }

    #[inline(always)]
    fn worn(&self) -> Worn {
        self.worn
    }

    #[inline(always)]
    fn is_v6(&self) -> bool {
        matches!(self.glance, Sighted::V6(_))
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
            *sight = plain.map(|plain| Sight::of(&plain, &self.fast));
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

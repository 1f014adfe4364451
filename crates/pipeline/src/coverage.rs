//! Minutes of the capture, and how much of each was seen: told when the minute is over, by the frames alone, so that neither
//! batches nor files matter.

use call::Listener;
use types::{Coverage, Nanos};
use wire::{Tally, Undecoded};

/// A minute.
const MINUTE_NANOS: u64 = 60_000_000_000;

/// Why a frame gave nothing though there was something in it. The other reasons are frames of other things.
const LOST: [Undecoded; 5] =
    [Undecoded::TooDeep, Undecoded::CutHeader, Undecoded::Malformed, Undecoded::LinkType, Undecoded::TunnelPiece];

/// The minute that is being counted.
#[derive(Debug, Default)]
pub(crate) struct Minutes {
    from: Option<Nanos>,
    /// Frames, and those undecoded, before it began.
    frames: u64,
    undecoded: u64,
}

/// Frames that are lost to the wire room, and payloads that are to the rooms behind it.
pub(crate) fn undecoded(wire: &Tally, malformed: u64) -> u64 {
    LOST.iter().map(|&why| wire.undecoded_for(why)).sum::<u64>() + malformed
}

impl Minutes {
    /// A second begins, before any frame of it was counted.
    pub(crate) fn on_time(&mut self, second: Nanos, frames: u64, undecoded: u64, listener: &mut impl Listener) {
        let begins = Nanos::new(second.get() - second.get() % MINUTE_NANOS);
        if self.from != Some(begins) {
            self.end(begins, frames, undecoded, listener);
            self.from = Some(begins);
        }
    }

    /// The minute is over at `until`.
    pub(crate) fn end(&mut self, until: Nanos, frames: u64, undecoded: u64, listener: &mut impl Listener) {
        let before = std::mem::replace(self, Self { from: None, frames, undecoded });
        if let Some(from) = before.from {
            listener.coverage(&Coverage {
                from,
                until: until.max(from),
                frames: frames - before.frames,
                undecoded: undecoded - before.undecoded,
                dropped: 0,
            });
        }
    }
}

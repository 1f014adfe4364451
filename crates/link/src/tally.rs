//! What the link counted.

use types::Losses;

/// What was read and what was lost. Frames entered = frames delivered: nothing that is read is dropped here; what
/// cannot be read is counted below by its blocks, for a frame inside a broken block is not known to be one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Captures read to their end or to a damage.
    pub captures: u64,
    /// Captures among them that hold no frame at all.
    pub frameless: u64,
    /// Files in folders that are no captures.
    pub not_captures: u64,
    /// Frames read: delivered, or about to be.
    pub frames: u64,
    /// Bytes captured in those frames.
    pub bytes: u64,
    /// Frames stamped earlier than the frame before them in their capture; kept.
    pub backwards: u64,
    /// By how much at most, in nanoseconds.
    pub backwards_nanos_max: u64,
    /// Frames delivered after one with a later stamp from another capture, because more than [`crate::OPEN_MAX`]
    /// captures overlap in time.
    pub late: u64,
    /// Frames without a stamp of their own (pcapng simple packet blocks), which carry that of the frame before.
    pub unstamped: u64,
    /// Blocks of pcapng that hold no frame and that nobody needs here; skipped.
    pub other_blocks: u64,
    /// Frames that the capturing host says it dropped (pcapng interface statistics).
    pub dropped: u64,
    /// Damages, those past [`crate::DAMAGES_MAX`] among them.
    pub damages: u64,
    /// pcapng packet blocks of an interface that was not described, whose link type is therefore unknown.
    pub unknown_interface: u64,
    /// pcapng packet and interface blocks, whole in their frame, whose inner lengths contradict the block's.
    pub bad_blocks: u64,
}

impl Tally {
    /// Notes by how much a frame is stamped earlier than the frame before it; 0 where it is not.
    #[inline(always)]
    pub(crate) fn ran_backwards(&mut self, nanos: u64) {
        self.backwards += u64::from(nanos > 0);
        self.backwards_nanos_max = self.backwards_nanos_max.max(nanos);
    }
}

impl Losses for Tally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("link_damages", self.damages);
        each("link_unknown_interface", self.unknown_interface);
        each("link_bad_blocks", self.bad_blocks);
        each("link_late_frames", self.late);
        each("link_dropped_by_host", self.dropped);
        each("link_not_captures", self.not_captures);
    }
}

//! Where something stands in a capture.

use crate::Nanos;

/// A moment of a capture: by time, then by frame. It depends on the capture alone, so what several workers tell can be
/// merged into one order, whoever of them worked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The frame's stamp, or the whole second at which a timer was looked at.
    pub at: Nanos,
    /// The number of the frame, the first is 1; 0 for a timer, which comes before every frame of its time, and the greatest
    /// number for the end of the capture.
    pub frame: u64,
}

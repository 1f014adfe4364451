//! Frames that own their bytes, or share the file that is mapped: of captures that are merged or read by one thread for
//! another, and of links, whose buffers are taken back.

use std::sync::Arc;

use memmap2::Mmap;
use types::Nanos;

use crate::frame::{BATCH_FRAMES_MAX, Batch, Frame, FrameHead, LinkType};

/// Bytes of frames past which no more are gathered: 1 MiB.
pub const GATHERED_BYTES_MAX: usize = 1 << 20;

/// Up to [`BATCH_FRAMES_MAX`] frames in the order they came: copied together, or where they lie in a mapped file.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    /// The file in which all of them lie, if they were not copied.
    map: Option<Arc<Mmap>>,
    bytes: Vec<u8>,
    heads: Vec<FrameHead>,
}

impl Frames {
    /// Adds a frame. Whoever goes on when [`Frames::is_full`] only grows the batch.
    pub fn push(&mut self, frame: &Frame<'_>) {
        self.push_with(frame.at, frame.link, |bytes| bytes.extend_from_slice(frame.bytes));
        if let Some(head) = self.heads.last_mut() {
            head.length = frame.length;
        }
    }

    /// Adds a frame that `write` appends to the bytes before it.
    pub fn push_with(&mut self, at: Nanos, link: LinkType, write: impl FnOnce(&mut Vec<u8>)) {
        let offset = self.bytes.len();
        write(&mut self.bytes);
        let captured = u32::try_from(self.bytes.len().saturating_sub(offset)).unwrap_or(u32::MAX);
        self.heads.push(FrameHead { at, offset: offset as u64, captured, length: captured, link });
    }

    /// Makes them those of these heads, where they lie in a mapped file.
    pub(crate) fn share(&mut self, map: &Arc<Mmap>, heads: &[FrameHead]) {
        self.clear();
        self.map = Some(Arc::clone(map));
        self.heads.extend_from_slice(heads);
    }

    /// Whether it is time to hand them on.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.heads.len() >= BATCH_FRAMES_MAX || self.bytes.len() >= GATHERED_BYTES_MAX
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.heads.len()
    }

    /// Memory that they take, heads and all; a mapped file is the kernel's.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes.len() + self.heads.len() * size_of::<FrameHead>()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Forgets them, and keeps the room they took.
    pub fn clear(&mut self) {
        self.map = None;
        self.bytes.clear();
        self.heads.clear();
    }

    /// All of them.
    #[must_use]
    pub fn batch(&self) -> Batch<'_> {
        Batch::new(self.map.as_ref().map_or(&self.bytes, |map| map.as_ref()), &self.heads)
    }
}

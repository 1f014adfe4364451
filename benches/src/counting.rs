//! An allocator that counts, so that "no allocation per packet" is a figure and not a belief.
//!
//! A program under measurement makes [`Counting`] its global allocator and puts what it measures into [`measure`].

use std::alloc::{GlobalAlloc, Layout, System};
use std::error::Error;
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicU64 = AtomicU64::new(0);
static PEAK: AtomicU64 = AtomicU64::new(0);

/// The system's allocator with three counters before it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counting;

fn grown(bytes: usize) {
    ALLOCATIONS.fetch_add(1, Relaxed);
    let live = LIVE.fetch_add(bytes as u64, Relaxed) + bytes as u64;
    PEAK.fetch_max(live, Relaxed);
}

fn shrunk(bytes: usize) {
    LIVE.fetch_sub(bytes as u64, Relaxed);
}

#[allow(unsafe_code, reason = "a global allocator cannot be written without")]
// SAFETY: every call goes to the system's allocator unchanged; the counters hold no memory of their own.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        shrunk(layout.size());
        // SAFETY: the caller's promises about `pointer` and `layout` are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new may live side by side while the bytes are copied: the peak counts both.
        grown(size);
        shrunk(layout.size());
        // SAFETY: the caller's promises about `pointer`, `layout` and `size` are passed on.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// What a piece of work did to the heap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Calls to the allocator that asked for memory, a reallocation being one.
    pub allocations: u64,
    /// Bytes live afterwards that were not live before; negative where the work freed what was there.
    pub kept: i64,
    /// The most bytes live at once above what was live before.
    pub peak: u64,
}

/// Does `work` and says what it did to the heap. The figures are of the whole process: nothing else should run, and
/// they are zero where [`Counting`] is not the global allocator.
pub fn measure<T>(work: impl FnOnce() -> T) -> (T, Usage) {
    let (allocations, live) = (ALLOCATIONS.load(Relaxed), LIVE.load(Relaxed));
    PEAK.store(live, Relaxed);
    let done = work();
    let usage = Usage {
        allocations: ALLOCATIONS.load(Relaxed) - allocations,
        kept: LIVE.load(Relaxed).cast_signed() - live.cast_signed(),
        peak: PEAK.load(Relaxed) - live,
    };
    (done, usage)
}

/// Nanoseconds this thread has run, as the system says: what else the machine does is not in it.
///
/// # Errors
/// A system that does not say.
pub fn cpu_nanos() -> Result<u64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(text.split_whitespace().next().ok_or("no schedstat")?.parse()?)
}

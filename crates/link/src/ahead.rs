//! Bringing bytes into the cache before they are read.
//!
//! Records are a chain: where the next one begins stands in this one, so each would wait for memory, about 60 ns. But they
//! lie one behind the other, and what is read of each lies at its front: the record's header and those that `wire` reads.

/// How far ahead: about twenty frames of a voice link, far enough for a memory access to end, near enough that what was
/// asked for is still in the cache when its turn comes.
const BYTES_AHEAD: usize = 4_096;

/// Bytes of a cache line.
const LINE_BYTES: usize = 64;

/// Asks for the three cache lines that lie [`BYTES_AHEAD`] behind the start of `here`, a record. Asked for by one record after
/// the other, they are all lines where records are no longer, and three of four where they hold 20 ms of G.711.
#[inline(always)]
pub(crate) fn fetch(here: &[u8]) {
    let ahead = here.as_ptr().wrapping_add(BYTES_AHEAD);
    ask_for(ahead);
    ask_for(ahead.wrapping_add(LINE_BYTES));
    ask_for(ahead.wrapping_add(2 * LINE_BYTES));
}

/// Asks for the cache line that something begins in, without waiting for it.
#[inline(always)]
pub fn ask_for<T>(something: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch is a hint. It reads nothing that the program could see and cannot fault, whatever the address.
        #[expect(unsafe_code, reason = "there is no other way to ask for a cache line")]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(something.cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = something;
}

/// Asks for all the cache lines that something lies in, without waiting for them.
#[inline(always)]
pub fn ask_for_all<T>(something: &T) {
    let start = std::ptr::from_ref(something).cast::<u8>();
    for at in (0..size_of::<T>()).step_by(LINE_BYTES) {
        ask_for(start.wrapping_add(at));
    }
    ask_for(start.wrapping_add(size_of::<T>().saturating_sub(1)));
}

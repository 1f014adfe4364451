//! Bringing bytes into the cache before they are read.
//!
//! Records are a chain: where the next one begins stands in this one, so each would wait for memory, about 60 ns. But
//! most of a telephone link is frames of one size, and a few such frames ahead there is most likely a record header, and
//! behind it the headers that `wire` will read.

/// How many records ahead: far enough for a memory access to end, near enough that the guess is mostly right.
const RECORDS_AHEAD: usize = 8;

/// Asks for the two cache lines that lie [`RECORDS_AHEAD`] records of `record_bytes` behind the start of `here`, if there
/// are such. A wrong guess costs nothing but the asking.
#[inline(always)]
pub(crate) fn fetch(here: &[u8], record_bytes: usize) {
    let ahead = here.as_ptr().wrapping_add(RECORDS_AHEAD * record_bytes);
    ask_for(ahead);
    ask_for(ahead.wrapping_add(64));
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

//! See `fuzz::capture`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::capture::check(bytes));
libfuzzer_sys::fuzz_mutator!(|bytes: &mut [u8], size: usize, max: usize, seed: u32| {
    fuzz::mutate::capture(bytes, size, max, seed)
});

//! See `fuzz::wire`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::wire::check(bytes));
libfuzzer_sys::fuzz_mutator!(|bytes: &mut [u8], size: usize, max: usize, seed: u32| {
    fuzz::mutate::capture(bytes, size, max, seed)
});

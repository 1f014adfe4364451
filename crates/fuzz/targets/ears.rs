//! See `fuzz::ears`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::ears::check(bytes));

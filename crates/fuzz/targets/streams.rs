//! See `fuzz::streams`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::streams::check(bytes));

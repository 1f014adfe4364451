//! See `fuzz::passport`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::passport::check(bytes));

//! See `fuzz::body`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::body::check(bytes));

//! See `fuzz::link`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::link::check(bytes));

//! See `fuzz::hep`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::hep::check(bytes));

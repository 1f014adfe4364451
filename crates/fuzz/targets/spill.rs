//! See `fuzz::spill`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::spill::check(bytes));

//! See `fuzz::sip`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::sip::check(bytes));

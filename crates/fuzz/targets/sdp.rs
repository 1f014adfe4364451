//! See `fuzz::sdp`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::sdp::check(bytes));

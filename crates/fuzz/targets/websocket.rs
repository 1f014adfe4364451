//! See `fuzz::websocket`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::websocket::check(bytes));

//! See `fuzz::stir`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::stir::check(bytes));

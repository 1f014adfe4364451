//! What the fuzzer asserts of ears, over inputs drawn by lot: here on every machine.

#![cfg(test)]

#[path = "../../fuzz/src/ears.rs"]
mod ears;

use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn ears_bear_anything(bytes in vec(any::<u8>(), 0..6_000)) {
        ears::check(&bytes);
    }

    /// Numbers that go on as they should, so that much is heard.
    #[test]
    fn ears_bear_any_sound(codec in 0..3_u8, sound in vec(any::<u8>(), 0..400)) {
        let packets = sound.iter().flat_map(|&byte| [vec![1, 80, 160], vec![byte; 160]].concat());
        ears::check(&[vec![codec, 1], packets.collect()].concat());
    }
}

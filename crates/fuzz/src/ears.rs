//! Packets at an ear: whatever they hold and however they are numbered, no more is kept of them than may be, and a library takes
//! what is kept for itself.

use audio::{Ears, EarsConfig, Excerpt, Library, LibraryConfig, Privacy};
use rtp::{Codec, Header};
use types::Nanos;

/// Seconds that are listened to.
const SECS: u32 = 6;

/// A byte for the codec, one for the level; then packets: how far number and timestamp go on, how much payload, the payload.
pub fn check(bytes: &[u8]) {
    let Some((&[codec, level], mut rest)) = bytes.split_first_chunk() else { return };
    let codec = [Codec::Pcmu, Codec::Pcma, Codec::G722][usize::from(codec % 3)];
    let privacy = Privacy::of(2 + level % 2);
    let mut ears = Ears::new(EarsConfig { privacy, listen_secs: SECS, ears_max: 1 });
    assert!(ears.open(0, (), codec, Nanos::ZERO, Nanos::ZERO));
    let (mut sequence, mut timestamp, mut at, mut packets) = (u16::MAX, 0_u32, 0_u64, 0_u64);
    while let Some((&[step, ticks, length], behind)) = rest.split_first_chunk() {
        sequence = sequence.wrapping_add_signed(i16::from(step.cast_signed()));
        timestamp = timestamp.wrapping_add_signed(i32::from(ticks.cast_signed()) << (step & 15));
        let (payload, behind) = behind.split_at_checked(usize::from(length)).unwrap_or((behind, &[]));
        (rest, at, packets) = (behind, at + 7_000_000, packets + 1);
        let header = Header { ssrc: 1, timestamp, sequence, payload_octets: 1, payload_type: 0, marker: false };
        ears.hear(0, Nanos::new(at), codec, &header, payload);
    }
    ears.on_time(None, |()| None);
    let heard = ears.take_heard();
    assert!(heard.len() <= 2 && heard.last().is_some_and(|heard| heard.whole), "an early word and a last one");
    let mut library = Library::<()>::new(LibraryConfig { recordings_max: 2, ..LibraryConfig::default() });
    for heard in &heard {
        let Excerpt { loudness, print } = &heard.excerpt;
        // The packet that fills it may hold more than fits: 200 ms at most are made of one.
        assert!(loudness.len() <= SECS as usize * 50 && print.frames.len() <= (SECS as usize * 8_000 + 1_600) / 92);
        assert!(privacy == Privacy::Prints || print.frames.is_empty());
        let _ = (heard.excerpt.is_ring_back(), heard.excerpt.is_monologue());
        let known = library.hear(Nanos::ZERO, &heard.excerpt, None).map(|known| known.id);
        if let Some(again) = library.hear(Nanos::ZERO, &heard.excerpt, None) {
            // What says too little by its words may be new every time.
            assert!(!again.again || known.is_some());
        }
        assert!(library.len() <= 2);
    }
}

//! Recordings over telephone lines: those of `fixtures/recordings`, made by a speech synthesiser and sent through GSM full
//! rate by another program, and sounds with the rhythm and the bands of speech, drawn by lot.

#![cfg(test)]

use std::fs;
use std::path::Path;

use audio::{
    BLOCK_FRAMES, Ear, Excerpt, Library, LibraryConfig, Printer, RecordingId, SAID_FRAMES_MIN, correlation, error_share,
};
use rtp::{Codec, Header};
use types::Nanos;

/// Bytes of a packet of 20 ms.
const PACKET: usize = 160;

fn recording(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/recordings");
    fs::read(folder.join(name)).unwrap()
}

/// A number that says nothing of the two it is made of.
fn mix(seed: u64, number: u64) -> u64 {
    let mut word = (seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

fn share(word: u64) -> f64 {
    (word >> 11) as f64 / (1_u64 << 53) as f64
}

/// What is left of eight seconds of G.711, of whose packets a share is lost.
fn hear(sound: &[u8], lost: f64) -> Excerpt {
    let (mut ear, mut printer) = (Ear::new(Codec::Pcmu, Nanos::ZERO, 8, true).unwrap(), Printer::default());
    for (payload, sequence) in sound.chunks_exact(PACKET).zip(0_u16..) {
        let timestamp = PACKET as u32 * u32::from(sequence);
        let header = Header { ssrc: 1, timestamp, sequence, payload_octets: 160, payload_type: 0, marker: false };
        if share(mix(5, u64::from(sequence))) >= lost {
            ear.hear(Nanos::new(20_000_000 * u64::from(sequence)), &header, payload, &mut printer);
        }
    }
    ear.close()
}

/// The least share of bits by which a block half a second into one differs from any of another.
fn least(asked: &Excerpt, held: &Excerpt) -> f32 {
    let words = |excerpt: &Excerpt| Vec::from_iter(excerpt.print.frames.iter().map(|frame| frame.bits));
    let (asked, held) = (words(asked), words(held));
    let block = &asked[45..45 + BLOCK_FRAMES];
    let compared = held.windows(BLOCK_FRAMES).map(|other| error_share(block, other));
    compared.filter(|(_, said)| *said >= SAID_FRAMES_MIN).map(|(share, _)| share).fold(1.0, f32::min)
}

#[test]
fn lines_move_few_bits_and_others_differ_in_many() {
    let held: Vec<_> = (0..3).map(|number| hear(&recording(&format!("{number}.ul")), 0.0)).collect();
    let check = |file: &str, shift: usize, lost: f64, most: f32| {
        for (number, own) in held.iter().enumerate() {
            let asked = hear(&recording(&format!("{number}.{file}"))[shift..], lost);
            let same = least(&asked, own);
            assert!(same <= most, "{number}.{file} from {shift}, {lost} lost: {same}");
            for other in held.iter().filter(|other| *other != own) {
                assert!(least(&asked, other) > 0.34, "{number}.{file} for another");
            }
        }
    };
    // SCIENCE 4.7: the greatest of each line, over other recordings and voices, and what is a match.
    check("ul", 1_337, 0.0, 0.06);
    check("ul", 0, 0.02, 0.12);
    check("gsm.ul", 700, 0.0, 0.25);
    check("gsm.ul", 1_337, 0.03, 0.28);
}

#[test]
fn loudness_follows_the_recording() {
    let alike = |a: &Excerpt, b: &Excerpt| {
        let held = b.block(0).unwrap();
        (0..=25).filter_map(|behind| a.block(behind)).map(|asked| correlation(&asked, &held)).fold(-1.0, f32::max)
    };
    let held: Vec<_> = (0..3).map(|number| hear(&recording(&format!("{number}.ul")), 0.0)).collect();
    for (number, own) in held.iter().enumerate() {
        // Half a packet off, as two lines cut it.
        let asked = hear(&recording(&format!("{number}.gsm.ul"))[80..], 0.03);
        assert!(alike(&asked, own) > 0.9, "{number}: {}", alike(&asked, own));
        for other in held.iter().filter(|other| *other != own) {
            assert!(alike(&asked, other) < 0.85, "{number}: {}", alike(&asked, other));
        }
    }
}

#[test]
fn a_recording_is_known_again_over_another_line_from_another_moment_on() {
    let mut library = Library::<&str>::new(LibraryConfig::default());
    let mut hear_as = |at: u64, sound: &[u8], lost: f64, early: bool| {
        let mut excerpt = hear(sound, lost);
        if early {
            excerpt.print.frames.truncate(320);
        }
        library.hear(Nanos::new(at * 1_000_000_000), &excerpt, None).map(|known| (known.id.0, known.again))
    };
    assert_eq!(hear_as(0, &recording("0.ul"), 0.0, false), Some((0, false)));
    assert_eq!(hear_as(1, &recording("1.gsm.ul"), 0.03, false), Some((1, false)));
    assert_eq!(hear_as(2, &recording("0.gsm.ul")[4_000..], 0.03, true), Some((0, true)));
    assert_eq!(hear_as(3, &recording("1.ul")[90..], 0.02, true), Some((1, true)));
    assert_eq!(hear_as(4, &recording("2.ul"), 0.0, true), Some((2, false)));
    assert_eq!(hear_as(5, &[0xff; 64_000], 0.0, false), None, "silence");
    // A day after they were last heard.
    assert_eq!(hear_as(86_403, &recording("0.ul"), 0.0, false), Some((3, false)));
    assert_eq!(hear_as(86_404, &recording("2.ul"), 0.0, false), Some((2, true)));
}

#[test]
fn a_recording_is_known_again_by_its_loudness_alone() {
    let mut library = Library::<&str>::new(LibraryConfig::default());
    let mut hear_as = |sound: &[u8], lost: f64| {
        let mut excerpt = hear(sound, lost);
        excerpt.print.frames.clear();
        library.hear(Nanos::ZERO, &excerpt, None).map(|known| (known.id.0, known.again))
    };
    assert_eq!(hear_as(&recording("0.ul"), 0.0), Some((0, false)));
    assert_eq!(hear_as(&recording("1.gsm.ul"), 0.03), Some((1, false)));
    assert_eq!(hear_as(&recording("0.gsm.ul")[4_000..], 0.03), Some((0, true)), "cut short at its start");
    assert_eq!(hear_as(&recording("1.ul")[80..], 0.02), Some((1, true)));
    assert_eq!(hear_as(&recording("2.ul"), 0.0), Some((2, false)));
    assert_eq!(hear_as(&[0xff; 60_000], 0.0), None, "silence");
}

#[test]
fn what_was_taken_for_new_may_turn_out_to_be_known() {
    let mut library = Library::<u8>::new(LibraryConfig { recordings_max: 2, ..LibraryConfig::default() });
    let (whole, mut late) = (hear(&recording("0.ul"), 0.0), hear(&recording("0.gsm.ul"), 0.0));
    late.print.frames.drain(..150);
    assert_eq!(library.hear(Nanos::ZERO, &late, None).unwrap().id, RecordingId(0));
    // Too short to hold a block of the other.
    let mut early = whole.clone();
    early.print.frames.truncate(BLOCK_FRAMES + 20);
    let own = library.hear(Nanos::ZERO, &early, None).unwrap();
    assert_eq!((own.id, own.again), (RecordingId(1), false));
    let words = library.words();
    let known = library.hear(Nanos::ZERO, &whole, Some(RecordingId(1))).unwrap();
    assert_eq!((known.id, known.again), (RecordingId(0), true));
    assert!(library.len() == 1 && library.words() < words);
    // And at the limit the one not heard for longest goes.
    for (second, name) in [(1, "1.ul"), (2, "2.ul")] {
        assert!(!library.hear(Nanos::new(second), &hear(&recording(name), 0.0), None).unwrap().again);
    }
    assert_eq!((library.len(), library.tally().forgotten), (2, 1));
    assert!(!library.hear(Nanos::new(3), &whole, None).unwrap().again);
}

/// Eight seconds that have the rhythm and the bands of speech: a vowel for every syllable, of harmonics near two formants.
fn babble(seed: u64) -> Vec<u8> {
    let pitch = 90.0 + 120.0 * share(mix(seed, 1));
    // Nobody speaks to a metronome: syllables last 80 ms to 320 ms.
    let lengths = (0..).flat_map(|number| {
        let length = 640 + mix(seed, 100 + number) % 1_920;
        (0..length).map(move |at| (mix(seed, 1_000 + number), at as f64 / length as f64))
    });
    lengths
        .take(64_000)
        .zip(0_u64..)
        .map(|((syllable, within), at)| {
            if syllable % 8 == 0 {
                return 0xff;
            }
            let formants = [300.0 + 500.0 * share(syllable), 900.0 + 1_100.0 * share(mix(syllable, 2))];
            let hertz = pitch + 25.0 * share(mix(syllable, 3));
            let sum: f64 = (1..12)
                .map(|harmonic| {
                    let hertz = hertz * f64::from(harmonic);
                    let loud: f64 =
                        formants.iter().map(|formant| 1.0 / (1.0 + ((hertz - formant) / 110.0).powi(2))).sum();
                    loud * (std::f64::consts::TAU * hertz * at as f64 / 8_000.0).sin()
                })
                .sum();
            mu_law(5_000.0 * 4.0 * within * (1.0 - within) * sum)
        })
        .collect()
}

fn mu_law(sample: f64) -> u8 {
    let size = sample.abs().min(32_635.0) as u32 + 132;
    let segment = size.ilog2() - 7;
    !((segment << 4 | size >> (segment + 3) & 15) as u8 | if sample < 0.0 { 0x80 } else { 0 })
}

#[test]
fn none_of_many_is_taken_for_another() {
    // The short form of what `benches` measures over ten million pairs.
    let mut library = Library::<()>::new(LibraryConfig::default());
    for seed in 0..60 {
        let excerpt = hear(&babble(seed), 0.0);
        assert!(!library.hear(Nanos::ZERO, &excerpt, None).unwrap().again, "a new one: {seed}");
    }
    for seed in 0..60 {
        let mut excerpt = hear(&babble(seed)[777..], 0.03);
        excerpt.print.frames.truncate(320);
        assert_eq!(library.look_up(&excerpt).map(|(id, ())| id), Some(RecordingId(seed)));
    }
}

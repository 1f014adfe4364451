//! Capture readers: mapped or through a stream, plain or compressed, alone or merged with themselves, a capture gives the
//! same frames.

use std::io::Write;

use link::{BATCH_FRAMES_MAX, CAPTURED_MAX, Capture, Config, Frame, LinkType};
use types::{Losses, Nanos};

use crate::file::path_of;

/// What is compared of a frame.
type Seen = (Nanos, LinkType, u32, Vec<u8>);

/// Bytes of an input that is also read compressed.
const COMPRESSED_BYTES_MAX: usize = 1 << 14;

pub fn check(bytes: &[u8]) {
    let path = path_of(0, bytes);
    let mapped = frames(Capture::open(&[path.clone()], Config { map: true }).ok());
    let streamed = frames(Capture::open(&[path.clone()], Config { map: false }).ok());
    assert_eq!(mapped, streamed, "mapped and streamed");
    let twice = frames(Capture::open(&[path.clone(), path], Config::default()).ok());
    assert_eq!(twice.as_ref().map(Vec::len), mapped.as_ref().map(|frames| frames.len() * 2), "merged with itself");

    // Half of the inputs, chosen by their length, are read compressed too: a compressor is slow.
    let is_packed = matches!(bytes, [0x1f, 0x8b, ..] | [0x28, 0xb5, ..] | [_, 0x2a, 0x4d, 0x18, ..]);
    if bytes.len() <= COMPRESSED_BYTES_MAX && !is_packed && mapped.is_some() {
        let packed = match bytes.len() % 4 {
            0 => gzip(bytes),
            1 => zstd::encode_all(bytes, 1).expect("memory"),
            _ => return,
        };
        let unpacked = frames(Capture::open(&[path_of(0, &packed)], Config::default()).ok());
        assert_eq!(unpacked, mapped, "compressed and plain");
        let cut = &packed[..packed.len() - packed.len() / 8 - 1];
        let shorter = frames(Capture::open(&[path_of(0, cut)], Config::default()).ok()).unwrap_or_default();
        assert!(mapped.is_some_and(|mapped| mapped.starts_with(&shorter)), "cut inside the compression");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// All frames of a capture, its counts held against them.
fn frames(capture: Option<Capture>) -> Option<Vec<Seen>> {
    let mut capture = capture?;
    let mut frames = Vec::new();
    while let Some(batch) = capture.next_batch() {
        assert!((1..=BATCH_FRAMES_MAX).contains(&batch.len()));
        assert_eq!(batch.frames().count(), batch.len());
        for (head, Frame { at, link, bytes, length }) in batch.heads().iter().zip(batch.frames()) {
            assert!(head.captured <= CAPTURED_MAX && bytes.len() == head.captured as usize, "{head:?}");
            frames.push((at, link, length, bytes.to_vec()));
        }
    }
    assert!(capture.next_batch().is_none());
    let tally = capture.tally();
    assert_eq!(tally.frames, frames.len() as u64);
    assert_eq!(tally.bytes, frames.iter().map(|(.., bytes)| bytes.len() as u64).sum::<u64>());
    assert!(capture.damages().len() as u64 <= tally.damages);
    assert_eq!(tally.late, 0, "two captures are never too many");
    let progress = capture.progress();
    assert_eq!(Some(progress.read), progress.total, "a capture at its end is read");
    tally.losses(&mut |_, _| {});
    Some(frames)
}

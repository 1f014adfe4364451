//! Many captures are one run of frames in the order of time, however they were cut.

#[cfg(test)]
mod common;

use std::fs;
use std::path::PathBuf;

use common::{BIG, LITTLE, MICROS, NANOS, Sample, folder, read, samples, write};
use link::{Capture, Config, DamageWhy, LinkType, OPEN_MAX};

#[test]
fn ten_pieces_in_any_format_are_the_whole() {
    let folder = folder("pieces");
    let whole = samples(10_000);
    let name = |index: usize| format!("{index:02}");
    let form = |index: usize, piece: &[Sample]| match index % 5 {
        0 => common::pcap(BIG, MICROS, piece),
        1 => common::pcapng(LITTLE, piece),
        2 => common::gzip(&common::pcap(LITTLE, NANOS, piece)),
        3 => common::zstd(&common::pcapng(BIG, piece)),
        _ => common::pcap(LITTLE, MICROS, piece),
    };
    let files: Vec<PathBuf> = whole
        .chunks(1_000)
        .enumerate()
        .map(|(index, piece)| write(&folder, &name(index), &form(index, piece)))
        .collect();
    assert_eq!(read(&files).frames, whole);
    assert_eq!(read(std::slice::from_ref(&folder)).frames, whole, "a folder is its files");
    let mut shuffled = files;
    shuffled.rotate_left(3);
    shuffled.swap(2, 7);
    let again = read(&shuffled);
    assert_eq!(again.tally.late, 0);
    // Frames of the same time lie on both sides of two of the cuts, so only the order of those may differ.
    let times = |frames: &[Sample]| frames.iter().map(|frame| frame.at).collect::<Vec<_>>();
    assert_eq!(times(&again.frames), times(&whole));
}

#[test]
fn overlapping_captures_interleave_and_ties_go_by_their_first_frames() {
    let folder = folder("overlapping");
    let mut whole = samples(6_000);
    // Every second frame apart, then three captures of uneven shares: long runs and single frames.
    for share in [[0, 1, 2], [0, 0, 1], [0, 1, 1]] {
        let mut parts = vec![vec![]; 3];
        for (index, frame) in whole.iter().enumerate() {
            let part = if index % 1_000 < 300 { 2 } else { share[index % 3] };
            parts[part].push(frame.clone());
        }
        let files: Vec<PathBuf> = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| !part.is_empty())
            .map(|(index, part)| write(&folder, &format!("{index}"), &common::pcapng(BIG, part)))
            .collect();
        parts.sort_by_key(|part| part.first().map(|frame| frame.at));
        let mut expected: Vec<(u64, usize, usize)> = Vec::new();
        for (part, frames) in parts.iter().enumerate() {
            expected.extend(frames.iter().enumerate().map(|(index, frame)| (frame.at, part, index)));
        }
        expected.sort_unstable();
        let expected: Vec<Sample> = expected.into_iter().map(|(_, part, index)| parts[part][index].clone()).collect();
        assert_eq!(read(&files).frames, expected);
    }
    whole.truncate(1);
    let file = write(&folder, "same", &common::pcap(BIG, NANOS, &whole));
    assert_eq!(read(&[file.clone(), file]).frames, [whole[0].clone(), whole[0].clone()]);
}

#[test]
fn large_frames_end_a_merged_batch_early() {
    let folder = folder("large");
    let large = |at: u64| Sample { at, link: LinkType::ETHERNET, bytes: vec![at as u8; 200_000], length: 200_000 };
    let (even, odd): (Vec<_>, Vec<_>) = (0..60).map(large).partition(|frame| frame.at % 2 == 0);
    let files = [even, odd].map(|part| write(&folder, &part[0].at.to_string(), &common::pcap(BIG, NANOS, &part)));
    assert_eq!(read(&files).frames, (0..60).map(large).collect::<Vec<_>>());
}

#[test]
fn a_folder_gives_its_captures_by_content_and_names_the_rest() {
    let folder = folder("folder");
    let whole = samples(400);
    write(&folder, "b/call.cap", &common::pcap(BIG, MICROS, &whole[..100]));
    write(&folder, "b/c/d/x", &common::gzip(&common::pcapng(BIG, &whole[100..200])));
    write(&folder, "a.bin", &common::pcapng(LITTLE, &whole[200..300]));
    write(&folder, "z.pcap", &common::pcap(LITTLE, MICROS, &whole[300..]));
    let others = [
        write(&folder, "README", b"calls of a night"),
        write(&folder, "b/empty.pcap", b""),
        write(&folder, "b/x.gz", &common::gzip(b"x")),
    ];
    let netmon = write(&folder, "old.cap", b"GMBU\0\x02\x01\0");
    let broken = write(&folder, "y.pcapng", &[0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", folder.join("b/loop")).unwrap();
    let read = read(std::slice::from_ref(&folder));
    assert_eq!(read.frames, whole);
    let mut named = read.not_captures;
    named.retain(|path| !path.ends_with("loop"));
    assert_eq!(named, others);
    assert_eq!(read.tally.not_captures, others.len() as u64 + u64::from(cfg!(unix)));
    let damages: Vec<_> = read.damages.iter().map(|damage| (damage.file.clone(), damage.why.clone())).collect();
    assert_eq!(damages, [(netmon, DamageWhy::Unsupported(link::Format::NetMon)), (broken, DamageWhy::Cut)]);

    fs::remove_dir_all(&folder).unwrap();
    write(&folder, "README", b"nothing");
    let error = Capture::open(&[folder], Config::default()).err().unwrap();
    assert!(error.to_string().contains("no file in this folder is a capture"), "{error}");
}

#[test]
fn more_captures_than_may_be_open_follow_one_another() {
    let folder = folder("sequence");
    let whole = samples(3 * OPEN_MAX);
    for (index, piece) in whole.chunks(1).enumerate() {
        // By name they come in another order than by time.
        write(&folder, &format!("{:04}", (index * 7) % (3 * OPEN_MAX)), &common::pcap(BIG, NANOS, piece));
    }
    let read = read(&[folder]);
    let times: Vec<u64> = read.frames.iter().map(|frame| frame.at).collect();
    assert!(times.is_sorted() && times.len() == whole.len());
    assert_eq!((read.tally.late, read.tally.captures), (0, 3 * OPEN_MAX as u64));
}

#[test]
fn past_the_limit_of_overlapping_captures_frames_come_late_and_are_counted() {
    let folder = folder("late");
    let frame = |at: u64| Sample { at, link: LinkType::ETHERNET, bytes: vec![1], length: 1 };
    for index in 0..OPEN_MAX as u64 + 2 {
        let piece = [frame(index), frame(10_000 + index)];
        write(&folder, &format!("{index:04}"), &common::pcap(BIG, NANOS, &piece));
    }
    let read = read(&[folder]);
    assert_eq!(read.frames.len(), 2 * (OPEN_MAX + 2));
    assert_eq!(read.tally.late, 2, "the first frames of the two that waited");
}

//! Damage costs what lies behind it, never what lies before it.

#[cfg(test)]
mod common;

use std::io::Write as _;

use common::{BIG, LITTLE, MICROS, NANOS, Pcapng, Read, Sample, drain, folder, read, samples, write};
use link::{Capture, Config, DamageWhy, LinkType};

/// A file, and where in it each of its frames ends.
struct Written {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// Where the file may end without being cut.
    seams: Vec<usize>,
}

fn pcap(frames: &[Sample]) -> Written {
    let mut file = Written { bytes: common::pcap(LITTLE, NANOS, &[]), ends: vec![], seams: vec![] };
    file.seams.push(file.bytes.len());
    for frame in frames {
        file.bytes.extend(common::pcap_record(LITTLE, NANOS, frame));
        file.ends.push(file.bytes.len());
        file.seams.push(file.bytes.len());
    }
    file
}

fn snoop(frames: &[Sample]) -> Written {
    let mut file = Written { bytes: common::snoop(&[]), ends: vec![], seams: vec![16] };
    for frame in frames {
        file.bytes.extend(common::snoop_record(frame));
        file.ends.push(file.bytes.len());
        file.seams.push(file.bytes.len());
    }
    file
}

fn pcapng(frames: &[Sample]) -> Written {
    let mut file = Pcapng::new(BIG);
    let (mut ends, mut seams) = (vec![], vec![file.bytes.len()]);
    file.interface(LinkType::ETHERNET, 0, Some(9), None);
    seams.push(file.bytes.len());
    for frame in frames {
        file.enhanced(0, frame.at, frame);
        let end = file.bytes.len();
        ends.push(end);
        file.block(5, &[7; 20]);
        seams.extend([end, file.bytes.len()]);
    }
    Written { bytes: file.bytes, ends, seams }
}

#[test]
fn a_file_cut_anywhere_gives_every_whole_frame_before_the_cut() {
    let folder = folder("cut");
    let frames = samples(8);
    for file in [pcap(&frames), pcapng(&frames), snoop(&frames)] {
        for cut in 0..=file.bytes.len() {
            let path = write(&folder, "cut", &file.bytes[..cut]);
            let whole = file.ends.iter().filter(|&&end| end <= cut).count();
            if cut < file.seams[0] {
                assert!(Capture::open(&[path], Config::default()).is_err(), "{cut}");
                continue;
            }
            let read = read(&[path]);
            assert_eq!(read.frames, frames[..whole], "{cut}");
            let seam = file.seams.iter().rev().find(|&&seam| seam <= cut).unwrap();
            let damages: Vec<(u64, DamageWhy)> = read.damages.into_iter().map(|it| (it.offset, it.why)).collect();
            let expected = if *seam == cut { vec![] } else { vec![(*seam as u64, DamageWhy::Cut)] };
            assert_eq!(damages, expected, "{cut}");
        }
    }
}

#[test]
fn a_compressed_file_cut_anywhere_gives_a_beginning_of_its_frames() {
    let folder = folder("cut-compressed");
    let frames = samples(60);
    // Several blocks: of a block that is cut, zstd gives nothing.
    let mut zstd = zstd::Encoder::new(Vec::new(), 1).unwrap();
    zstd.include_checksum(true).unwrap();
    for part in pcapng(&frames).bytes.chunks(1_000) {
        zstd.write_all(part).unwrap();
        zstd.flush().unwrap();
    }
    for bytes in [common::gzip(&pcap(&frames).bytes), zstd.finish().unwrap()] {
        let mut most = 0;
        for cut in 0..bytes.len() {
            let path = write(&folder, "cut", &bytes[..cut]);
            let Ok(capture) = Capture::open(&[path], Config::default()) else { continue };
            let Read { frames: read, damages, .. } = drain(capture);
            assert_eq!(read, frames[..read.len()]);
            assert_eq!(damages.len(), 1, "{cut}");
            most = most.max(read.len());
        }
        assert_eq!(most, frames.len(), "a lost checksum loses no frame");
    }
}

#[test]
fn any_byte_may_change_and_no_frame_before_it_is_lost() {
    let folder = folder("flipped");
    let frames = samples(8);
    for file in [pcap(&frames), pcapng(&frames), snoop(&frames)] {
        let header = file.seams[if file.bytes[0] == 0x0a { 1 } else { 0 }];
        for at in 0..file.bytes.len() {
            for change in [1_u8, 0x80, 0xff] {
                let mut bytes = file.bytes.clone();
                bytes[at] ^= change;
                let path = write(&folder, "flipped", &bytes);
                let Ok(capture) = Capture::open(&[path], Config { map: change != 1 }) else {
                    assert!(at < header);
                    continue;
                };
                let read = drain(capture);
                let whole = if at < header { 0 } else { file.ends.iter().filter(|&&end| end <= at).count() };
                assert_eq!(read.frames[..whole], frames[..whole], "{at} {change}");
            }
        }
    }
}

#[test]
fn lengths_that_cannot_be_are_damage_with_a_place() {
    let folder = folder("lengths");
    let frames = samples(3);
    let check = |bytes: Vec<u8>, offset: usize, why: DamageWhy| {
        let read = read(&[write(&folder, "lengths", &bytes)]);
        assert_eq!(read.frames, frames);
        let damage = &read.damages[0];
        assert_eq!((damage.offset, &damage.why), (offset as u64, &why));
        assert!(damage.to_string().contains(&format!("read up to byte {offset}, then: ")), "{damage}");
        assert_eq!(read.tally.damages, 1);
    };
    let with = |mut bytes: Vec<u8>, more: &[u8]| {
        bytes.extend(more);
        bytes.extend([0; 300]);
        bytes
    };
    let file = pcap(&frames).bytes;
    let end = file.len();
    let record = [1_u32, 2, 262_145, 262_145].map(u32::to_le_bytes).concat();
    check(with(file, &record), end, DamageWhy::CapturedLength(262_145));
    let file = pcapng(&frames).bytes;
    let end = file.len();
    let block = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    check(with(file.clone(), &[]), end, DamageWhy::BlockLength(0));
    check(with(file.clone(), &block(&[6, 28])), end, DamageWhy::BlockLength(28));
    check(with(file.clone(), &block(&[99, 15])), end, DamageWhy::BlockLength(15));
    check(with(file.clone(), &block(&[6, 600_000])), end, DamageWhy::BlockLength(600_000));
    check(with(file.clone(), &block(&[99, 16, 0, 20])), end, DamageWhy::BlockLengths(16, 20));
    check(with(file.clone(), &block(&[99, u32::MAX - 3])), end + 308, DamageWhy::Cut);
    check(with(file.clone(), &block(&[0x0a0d_0d0a, 28, 5])), end, DamageWhy::ByteOrder(5));
    let section = [0x0a0d_0d0a, 28, 0x1a2b_3c4d, 0x0002_0001, u32::MAX, u32::MAX, 28];
    check(with(file, &block(&section)), end, DamageWhy::Version(2, 1));
}

#[test]
fn a_section_describes_so_many_interfaces_and_no_more() {
    let folder = folder("interfaces");
    let mut file = Pcapng::new(LITTLE);
    let one = samples(1);
    file.interface(LinkType::ETHERNET, 0, Some(9), None);
    file.enhanced(0, one[0].at, &one[0]);
    (0..link::INTERFACES_MAX).for_each(|_| file.interface(LinkType::ETHERNET, 0, None, None));
    let read = read(&[write(&folder, "interfaces", &file.bytes)]);
    assert_eq!((read.frames, &read.damages[0].why), (one, &DamageWhy::Interfaces));
}

#[test]
fn damages_are_listed_up_to_their_limit_and_all_counted() {
    let folder = folder("many-damages");
    let file = common::pcap(BIG, MICROS, &samples(4));
    for index in 0..link::DAMAGES_MAX + 6 {
        write(&folder, &format!("{index:03}.pcap"), &file[..file.len() - 1]);
    }
    let read = read(&[folder]);
    assert_eq!(read.frames.len(), 3 * (link::DAMAGES_MAX + 6));
    assert_eq!(read.damages.len(), link::DAMAGES_MAX);
    assert_eq!(read.tally.damages, link::DAMAGES_MAX as u64 + 6);
}

//! Every variant of the formats gives the frames that were written.

#[cfg(test)]
mod common;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use common::{BIG, KUZNETZOV, LITTLE, MICROS, NANOS, Pcapng, Sample, drain, folder, read, samples, write};
use link::{Capture, Config, Dropped, LinkType, RefusalWhy};
use types::Nanos;

#[test]
fn pcap_in_both_orders_and_all_variants() {
    let folder = folder("pcap-variants");
    for order in [BIG, LITTLE] {
        for magic in [MICROS, NANOS, KUZNETZOV] {
            let written = samples(700);
            let read = read(&[write(&folder, "one.pcap", &common::pcap(order, magic, &written))]);
            assert_eq!(read.frames, written, "{order:?} {magic:#x}");
            assert!(read.damages.is_empty());
        }
    }
}

#[test]
fn snoop_records_lie_in_their_padding() {
    let written = samples(700);
    let read = read(&[write(&folder("snoop"), "one.snoop", &common::snoop(&written))]);
    assert_eq!(read.frames, written);
    assert!(read.damages.is_empty());
}

#[test]
fn pcap_versions_before_2_4_swap_their_lengths() {
    let folder = folder("pcap-versions");
    let sample = Sample { length: 99, ..samples(2).remove(1) };
    let swapped = |sample: &Sample| {
        let mut record = common::pcap_record(BIG, MICROS, sample);
        let (captured, length) = record[8..16].split_at_mut(4);
        captured.swap_with_slice(length);
        record
    };
    let check = |version: (u16, u16), record: Vec<u8>| {
        let mut file = common::pcap_header(BIG, MICROS, version, 1);
        file.extend(record);
        assert_eq!(read(&[write(&folder, "old.pcap", &file)]).frames, std::slice::from_ref(&sample), "{version:?}");
    };
    check((2, 4), common::pcap_record(BIG, MICROS, &sample));
    check((2, 2), swapped(&sample));
    check((543, 0), swapped(&sample));
    check((2, 3), swapped(&sample));
    check((2, 3), common::pcap_record(BIG, MICROS, &sample));
}

#[test]
fn link_types_lose_their_flags_and_their_aliases() {
    let folder = folder("link-types");
    for (field, link) in [
        (1, LinkType::ETHERNET),
        (0x5000_0001, LinkType::ETHERNET),
        (12, LinkType::RAW),
        (14, LinkType::RAW),
        (276, LinkType::LINUX_SLL2),
    ] {
        let mut file = common::pcap_header(LITTLE, MICROS, (2, 4), field);
        file.extend(common::pcap_record(LITTLE, MICROS, &samples(1)[0]));
        assert_eq!(read(&[write(&folder, "link.pcap", &file)]).frames[0].link, link, "{field:#x}");
    }
}

#[test]
fn pcapng_with_sections_interfaces_and_clocks() {
    let folder = folder("pcapng");
    let secs = |at: u64, rest: u64| at * 1_000_000_000 + rest;
    let sample = |at: u64, link: LinkType| Sample { at, link, bytes: vec![1, 2, 3, 4, 5], length: 60 };
    for (first, second) in [(BIG, LITTLE), (LITTLE, BIG)] {
        let mut file = Pcapng::new(first);
        let mut written = Vec::new();
        let mut enhanced = |file: &mut Pcapng, interface: u32, ticks: u64, at: u64, link: LinkType| {
            file.enhanced(interface, ticks, &sample(at, link));
            written.push(sample(at, link));
        };
        file.interface(LinkType::ETHERNET, 0, None, None);
        file.interface(LinkType::RAW, 0, Some(9), None);
        file.block(4, &[0; 64]);
        file.interface(LinkType::LINUX_SLL, 0, Some(0x80 | 20), None);
        file.interface(LinkType::PPP, 0, Some(3), Some(-100));
        enhanced(&mut file, 0, 1_000_000, secs(1, 0), LinkType::ETHERNET);
        enhanced(&mut file, 1, secs(2, 7), secs(2, 7), LinkType::RAW);
        file.block(0x0bad, &[]);
        enhanced(&mut file, 2, (3 << 20) + (1 << 19), secs(3, 500_000_000), LinkType::LINUX_SLL);
        enhanced(&mut file, 3, 104_250, secs(4, 250_000_000), LinkType::PPP);
        // A block too long to be held by a stream at once, and of no use.
        file.block(0x4000_0bad, &vec![0x55; 3 << 20]);
        file.section(second);
        file.interface(LinkType::IPV6, 0, Some(6), Some(1_000));
        enhanced(&mut file, 0, 5_000_001, secs(1_005, 1_000), LinkType::IPV6);
        file.obsolete(0, 6_000_001, &sample(0, LinkType::IPV6));
        written.push(sample(secs(1_006, 1_000), LinkType::IPV6));
        let read = read(&[write(&folder, "many.pcapng", &file.bytes)]);
        assert_eq!(read.frames, written);
        assert!(read.damages.is_empty());
        assert_eq!(read.tally.other_blocks, 3);
    }
}

#[test]
fn simple_packet_blocks_carry_the_time_before_and_end_at_the_snapshot_length() {
    let folder = folder("simple");
    for order in [BIG, LITTLE] {
        let mut file = Pcapng::new(order);
        file.interface(LinkType::ETHERNET, 4, Some(9), None);
        let whole = Sample { at: 0, link: LinkType::ETHERNET, bytes: vec![9, 8, 7], length: 3 };
        let cut = Sample { at: 0, link: LinkType::ETHERNET, bytes: vec![9, 8, 7, 6], length: 1_500 };
        file.simple(&whole);
        file.enhanced(0, 77, &whole);
        file.simple(&cut);
        let read = read(&[write(&folder, "simple.pcapng", &file.bytes)]);
        assert_eq!(read.frames, [whole.clone(), Sample { at: 77, ..whole }, Sample { at: 77, ..cut }]);
        assert_eq!(read.tally.unstamped, 2);
    }
}

#[test]
fn packet_blocks_that_contradict_themselves_are_counted_and_the_rest_is_read() {
    let folder = folder("contradictions");
    let good = samples(3);
    let mut file = Pcapng::new(LITTLE);
    file.simple(&good[1]);
    file.interface(LinkType::ETHERNET, 0, Some(9), None);
    // An interface whose option is longer than its block still has a number.
    file.block(1, &[1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 200, 0]);
    file.enhanced(0, good[0].at, &good[0]);
    file.enhanced(1, good[0].at, &good[0]);
    file.enhanced(2, good[0].at, &good[0]);
    let start = file.bytes.len();
    file.enhanced(0, good[1].at, &good[1]);
    file.bytes[start + 20..start + 24].copy_from_slice(&900_u32.to_le_bytes());
    file.enhanced(0, good[2].at, &good[2]);
    let read = read(&[write(&folder, "bad.pcapng", &file.bytes)]);
    assert_eq!(read.frames, [good[0].clone(), good[2].clone()]);
    assert_eq!((read.tally.unknown_interface, read.tally.bad_blocks), (3, 2));
    assert!(read.damages.is_empty());
}

#[test]
fn the_same_frames_under_every_compression() {
    let folder = folder("compressed");
    let written = samples(5_000);
    for plain in [common::pcap(LITTLE, NANOS, &written), common::pcapng(BIG, &written)] {
        let (front, back) = plain.split_at(plain.len() / 3);
        let members = [common::gzip(front), common::gzip(back)].concat();
        let frames = [common::zstd(front), vec![0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 1], common::zstd(back)].concat();
        for bytes in [plain.clone(), common::gzip(&plain), members, common::zstd(&plain), frames] {
            let read = read(&[write(&folder, "some", &bytes)]);
            assert_eq!(read.frames, written);
            assert!(read.damages.is_empty());
        }
    }
}

#[test]
fn frames_whose_time_runs_backwards_are_kept_and_counted() {
    let folder = folder("backwards");
    let mut written = samples(1_000);
    written.swap(10, 700);
    for bytes in [common::pcap(BIG, NANOS, &written), common::pcapng(BIG, &written)] {
        let read = read(&[write(&folder, "some", &bytes)]);
        assert_eq!(read.frames, written);
        assert_eq!(read.tally.backwards, 2);
    }
}

#[test]
fn what_cannot_be_read_is_named_with_what_to_do() {
    let folder = folder("refused");
    let check = |name: &str, bytes: &[u8], text: &str| {
        let path = write(&folder, name, bytes);
        for map in [true, false] {
            let error = Capture::open(std::slice::from_ref(&path), Config { map }).err().unwrap().to_string();
            assert!(error.starts_with(&*path.to_string_lossy()) && error.contains(text), "{error}");
        }
    };
    check("empty", b"", "empty");
    check(
        "netmon",
        b"GMBU\0\x02\x01\0\0\0\0\0",
        "Microsoft Network Monitor capture, which is not read; convert it with `editcap",
    );
    check("netmon1", b"RTSS\0\0\0\0", "Network Monitor");
    check("snoop", b"snoop\0\0\0\0\0\0\x03\0\0\0\x04", "version 3.0");
    check("snoop-link", b"snoop\0\0\0\0\0\0\x02\0\0\0\x63", "datalink type 99");
    check("snoop-cut", b"snoop\0\0\0\0\0\0\x02", "ends in the middle");
    check("text", b"INVITE sip:bob@example.com SIP/2.0\r\n", "not a capture");
    check("short", &[0xd4, 0xc3], "not a capture");
    check("text.gz", &common::gzip(b"INVITE sip:"), "not a capture");
    check("empty.gz", &common::gzip(b""), "empty");
    check("twice.gz", &common::gzip(&common::gzip(b"INVITE sip:")), "gzip inside another compression");
    check("xz", &[0xfd, b'7', b'z', b'X', b'Z', 0, 0, 4], "xz");
    check("cut.pcap", &common::pcap(BIG, MICROS, &[])[..23], "header is damaged: the file ends in the middle");
    check("cut.pcapng", &Pcapng::new(BIG).bytes[..27], "header is damaged: the file ends in the middle");
    check("version.pcap", &common::pcap_header(BIG, MICROS, (3, 0), 1), "version 3.0");
    check("order.pcapng", &[0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 1, 2, 3, 4], "0x01020304");
    let missing = folder.join("missing");
    let both = [missing.clone(), folder.join("empty"), folder.join("cut.pcap")];
    let error = Capture::open(&both, Config::default()).err().unwrap();
    assert_eq!(error.refusals.len(), 3, "all that is wrong is said at once");
    assert!(matches!(error.refusals[0].why, RefusalWhy::Unreadable(_)));
    assert!(matches!(Capture::open(&[], Config::default()).err().unwrap().refusals[0].why, RefusalWhy::NoInput));
    let twice = [PathBuf::from("-"), PathBuf::from("-")];
    assert!(Capture::open(&twice, Config::default()).err().unwrap().to_string().contains("only once"));
}

#[test]
fn a_capture_without_frames_is_one() {
    let folder = folder("frameless");
    let mut described = Pcapng::new(LITTLE);
    described.interface(LinkType::ETHERNET, 0, None, None);
    for bytes in [common::pcap(BIG, MICROS, &[]), Pcapng::new(BIG).bytes, described.bytes] {
        let read = read(&[write(&folder, "none", &bytes)]);
        assert!(read.frames.is_empty() && read.damages.is_empty());
        assert_eq!((read.tally.captures, read.tally.frameless), (1, 1));
    }
}

/// Where the run below puts what it read. It is this program again, with a capture as its standard input.
const CHILD: &str = "GREYLINE_LINK_CHILD";

#[test]
fn standard_input_is_a_capture_too() {
    let Some(out) = std::env::var_os(CHILD) else {
        let folder = folder("stdin");
        for bytes in
            [common::pcap(LITTLE, MICROS, &samples(9_000)), common::gzip(&common::pcapng(BIG, &samples(9_000)))]
        {
            let out = folder.join("out");
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "standard_input_is_a_capture_too"])
                .env(CHILD, &out)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            std::io::Write::write_all(&mut child.stdin.take().unwrap(), &bytes).unwrap();
            assert!(child.wait().unwrap().success());
            assert_eq!(std::fs::read(&out).unwrap(), common::pcap(BIG, NANOS, &samples(9_000)));
        }
        return;
    };
    let capture = Capture::open(&["-".into()], Config::default()).unwrap();
    assert_eq!(capture.progress().total, None);
    std::fs::write(out, common::pcap(BIG, NANOS, &drain(capture).frames)).unwrap();
}

/// Counts are told from the beginning of the capture on, interface by interface: what is new since the last time was dropped
/// since then.
#[test]
fn interface_statistics_say_what_was_dropped() {
    let folder = folder("statistics");
    let written = samples(4);
    let at: Vec<u64> = written.iter().map(|sample| sample.at).collect();
    for order in [BIG, LITTLE] {
        let mut file = Pcapng::new(order);
        file.interface(LinkType::ETHERNET, 0, Some(9), None);
        file.interface(LinkType::ETHERNET, 0, Some(9), None);
        file.enhanced(0, at[0], &written[0]);
        file.enhanced(0, at[1], &written[1]);
        file.statistics(0, at[1], [5, 2]);
        file.enhanced(1, at[2], &written[2]);
        file.statistics(0, at[2], [5, 2]);
        file.statistics(1, at[2], [0, 1]);
        file.enhanced(0, at[3], &written[3]);
        file.statistics(0, at[3], [9, 2]);
        file.statistics(7, at[3], [9, 9]);
        let mut capture = Capture::open(&[write(&folder, "one.pcapng", &file.bytes)], Config::default()).unwrap();
        let (mut frames, mut drops) = (0, Vec::new());
        while let Some(batch) = capture.next_batch() {
            frames += batch.len();
            drops.extend(capture.drops());
        }
        drops.extend(capture.drops());
        let dropped = |from: usize, until: usize, frames| Dropped {
            from: Nanos::new(at[from]),
            until: Nanos::new(at[until]),
            frames,
        };
        assert_eq!(drops, [dropped(0, 1, 7), dropped(0, 2, 1), dropped(2, 3, 4)], "{order:?}");
        assert_eq!((frames, capture.tally().dropped), (4, 12));
    }
}

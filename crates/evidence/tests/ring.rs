//! The ring: what was taken down is there again, the earliest goes, and a run after another goes on.

#![cfg(test)]

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use call::{RtpHeader, Sent, Side};
use evidence::{Claims, Ring, files_between, files_since, held_since};
use link::{Capture, Config, LinkType};
use types::{Endpoint, Ip, Nanos};

fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("greyline-ring-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// A message of the first moment.
fn sent(bytes: &[u8]) -> Sent<'_> {
    let end = |last| Endpoint::new(Ip::v4([192, 0, 2, last]), 5_060);
    Sent { at: Nanos::ZERO, source: end(1), destination: end(2), call_id: b"x", bytes, alone: true }
}

/// Message n, one a millisecond; every third goes over IPv6.
fn take(ring: &mut Ring, n: u64, bytes: &[u8]) {
    let ip = |last| match n % 3 {
        0 => Ip::v6([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]),
        _ => Ip::v4([192, 0, 2, last]),
    };
    ring.take(&Sent {
        at: Nanos::new(1_795_860_000_000_000_000 + n * 1_000_000),
        source: Endpoint::new(ip(1), 5_060),
        destination: Endpoint::new(ip(2), 5_061),
        call_id: b"x",
        bytes,
        alone: true,
    });
}

/// What the files of a ring hold: when, and the end of each frame.
fn held(folder: &Path, tail: usize) -> Vec<(u64, Vec<u8>)> {
    let mut capture = Capture::open(&[folder.to_owned()], Config { map: false }).unwrap();
    let mut all = Vec::new();
    while let Some(batch) = capture.next_batch() {
        for frame in batch.frames() {
            assert_eq!(frame.link, LinkType::RAW);
            all.push((frame.at.get(), frame.bytes[frame.bytes.len() - tail..].to_vec()));
        }
    }
    assert!(capture.damages().is_empty(), "{:?}", capture.damages());
    all
}

#[test]
fn what_was_taken_down_is_there_again() {
    let folder = scratch("again");
    for run in 0..2 {
        let mut ring = Ring::open(&folder, 1 << 30, None).unwrap();
        for n in run * 500..run * 500 + 500 {
            take(&mut ring, n, format!("message {n:06}").as_bytes());
        }
        assert_eq!(ring.tally().messages, 500);
        assert_eq!(ring.tally().lost, 0);
    }
    let expected: Vec<_> = (0..1_000)
        .map(|n| (1_795_860_000_000_000_000 + n * 1_000_000, format!("message {n:06}").into_bytes()))
        .collect();
    assert_eq!(held(&folder, 14), expected);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    assert_eq!(files_since(&folder, Nanos::ZERO).len(), 2);
    assert_eq!(files_since(&folder, Nanos::MAX), Vec::<PathBuf>::new());
}

#[test]
fn the_earliest_goes_where_there_is_too_much() {
    let folder = scratch("much");
    let most = 8 << 20;
    let mut ring = Ring::open(&folder, most, None).unwrap();
    let message = vec![b'm'; 60_000];
    for n in 0..600 {
        take(&mut ring, n, &message);
        // The disk is given time: nothing is lost here.
        while n % 100 == 99 && ring.tally().bytes < most / 2 {
            std::thread::yield_now();
        }
    }
    take(&mut ring, 600, &vec![b'm'; 70_000]);
    let lost = ring.tally().lost;
    assert!(lost >= 1, "what is too long for a datagram is counted");
    drop(ring);
    let bytes: u64 = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes <= most + (1 << 20), "{bytes}");
    let held = held(&folder, 1);
    // The latest are there, in their order.
    assert!(held.len() > 50 && held.is_sorted_by_key(|(at, _)| *at));
    if lost == 1 {
        assert_eq!(held.last().unwrap().0, 1_795_860_000_000_000_000 + 599 * 1_000_000);
    }
}

#[test]
fn a_ring_that_waits_loses_nothing() {
    let folder = scratch("waits");
    let mut ring = Ring::open(&folder, 1 << 30, None).unwrap().waiting();
    // Four times what may wait.
    let message = vec![b'm'; 60_000];
    for n in 0..1_000 {
        take(&mut ring, n, &message);
    }
    let tally = ring.tally();
    drop(ring);
    assert_eq!((tally.messages, tally.lost, held(&folder, 1).len()), (1_000, 0, 1_000));
    fs::remove_dir_all(&folder).unwrap();
}

/// A message of 60 KB of one of ten calls.
fn of_a_call(n: u64) -> Vec<u8> {
    let head = format!("OPTIONS sip:a@192.0.2.2 SIP/2.0\r\ni: call-{}\r\nContent-Length: 60000\r\n\r\n", n % 10);
    [head.as_bytes(), &[b'm'; 60_000]].concat()
}

/// Call 3 is claimed, and call 7 from the hundredth message on: what of them the ring lets go of is there still, once.
#[test]
fn what_is_claimed_outlives_the_ring() {
    let folder = scratch("claimed");
    let at = |n: u64| Nanos::new(1_795_860_000_000_000_000 + n * 1_000_000);
    let claims = |bytes_max, keep| Claims {
        bytes_max,
        keep,
        claim: Box::new(move |call_id, sent| Ok(call_id == b"call-3" || call_id == b"call-7" && sent >= at(100))),
    };
    let year = Duration::from_secs(365 * 86_400);
    // The second run goes on where the first ended.
    for run in [0..100, 100..200] {
        let mut ring = Ring::open(&folder, 2 << 20, Some(claims(1 << 30, year))).unwrap().waiting();
        for n in run {
            take(&mut ring, n, &of_a_call(n));
        }
    }
    let numbers = |files: &[PathBuf]| -> Vec<u64> {
        let mut capture = Capture::open(files, Config { map: false }).unwrap();
        let mut all = Vec::new();
        while let Some(batch) = capture.next_batch() {
            all.extend(batch.frames().map(|frame| (frame.at.get() - at(0).get()) / 1_000_000));
        }
        all
    };
    let (aside, of_ring): (Vec<_>, Vec<_>) = files_since(&folder, Nanos::ZERO)
        .into_iter()
        .partition(|file| file.file_name().unwrap().to_str().unwrap().starts_with("alerts-"));
    let held = numbers(&of_ring);
    let claimed = |n: &u64| n % 10 == 3 || n % 10 == 7 && *n >= 100;
    assert!(!aside.is_empty() && (held[0]..200).eq(held.iter().copied()) && held[0] > 150, "{held:?}");
    assert_eq!(numbers(&aside), (0..held[0]).filter(claimed).collect::<Vec<_>>());
    // What was put aside says nothing of what the ring holds; whoever looks for messages of its time finds it.
    assert_eq!(held_since(&folder), Some(at(held[0])));
    assert_eq!(files_between(&folder, at(0), at(held[0] - 1)), aside);
    // Kept for no time, or where there is no room, it goes as well: the file that is written stays.
    for (bytes_max, keep) in [(1 << 30, Duration::ZERO), (0, year)] {
        let mut ring = Ring::open(&folder, 1 << 20, Some(claims(bytes_max, keep))).unwrap().waiting();
        (200..300).for_each(|n| take(&mut ring, n, &of_a_call(n)));
        drop(ring);
        let left = files_since(&folder, Nanos::ZERO).into_iter().filter(|file| aside.contains(file)).count();
        assert_eq!(left, 0, "{bytes_max}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

/// An RTP packet of 172 bytes between two ends, of which the header alone is kept.
fn header(n: u64, from: Endpoint, to: Endpoint, bytes: &[u8]) -> RtpHeader<'_> {
    let at = Nanos::new(1_795_860_000_000_000_000 + n * 1_000_000);
    RtpHeader { at, source: from, destination: to, call_id: b"x", from: Side::Caller, bytes, length: 172 }
}

/// Headers are kept without what was said, and outlive the ring with the messages that announced them.
#[test]
fn media_is_kept_by_its_headers() {
    let folder = scratch("media");
    let claim = Box::new(|call_id: &[u8], _| Ok(call_id == b"call-3"));
    let claims = Claims { bytes_max: 1 << 30, keep: Duration::MAX, claim };
    let mut ring = Ring::open(&folder, 1 << 20, Some(claims)).unwrap().waiting();
    let ends = |n: u64| {
        let ip = |last| match n % 2 {
            0 => Ip::v6([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]),
            _ => Ip::v4([192, 0, 2, last]),
        };
        (Endpoint::new(ip(1), 20_000 + n as u16), Endpoint::new(ip(2), 30_000))
    };
    for n in 0..10 {
        let (from, to) = ends(n);
        let (family, address) = match IpAddr::from(from.ip) {
            ip @ IpAddr::V4(_) => ("IP4", ip),
            ip @ IpAddr::V6(_) => ("IP6", ip),
        };
        let sdp = format!(
            "v=0\r\no=- 1 1 IN {family} {address}\r\ns=-\r\nc=IN {family} {address}\r\nt=0 0\r\nm=audio {} RTP/AVP 0\r\n",
            from.port
        );
        let invite = format!(
            "INVITE sip:a@192.0.2.2 SIP/2.0\r\ni: call-{n}\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}",
            sdp.len()
        );
        take(&mut ring, n * 10, invite.as_bytes());
        for packet in 0..5 {
            let bytes = [0x80, 0, 0, packet, 0, 0, 0, packet, 0, 0, 0, n as u8];
            // Both ways.
            ring.take_header(&header(n * 10 + u64::from(packet), from, to, &bytes));
            ring.take_header(&header(n * 10 + u64::from(packet), to, from, &bytes));
        }
    }
    assert_eq!((ring.tally().messages, ring.tally().headers, ring.tally().lost), (10, 100, 0));
    // Later calls push these out.
    (100..140).for_each(|n| take(&mut ring, n, &of_a_call(n)));
    drop(ring);
    let all = files_since(&folder, Nanos::ZERO);
    let aside = all.iter().filter(|file| file.file_name().unwrap().to_str().unwrap().starts_with("alerts-"));
    let mut capture = Capture::open(&aside.cloned().collect::<Vec<_>>(), Config { map: false }).unwrap();
    let (mut messages, mut headers) = (0, Vec::new());
    while let Some(batch) = capture.next_batch() {
        for frame in batch.frames() {
            if frame.bytes.len() == frame.length as usize {
                messages += 1;
                continue;
            }
            assert_eq!((frame.bytes.len(), frame.length), (20 + 8 + 12, 20 + 8 + 172));
            headers.push((frame.bytes[31], frame.bytes[39]));
        }
    }
    let expected: Vec<_> = (0..5).flat_map(|packet| [(packet, 3); 2]).collect();
    // Of the later messages of call 3 those that the ring has let go of are there, too.
    assert!(messages >= 1 && headers == expected, "{messages} {headers:?}");
    fs::remove_dir_all(&folder).unwrap();
}

/// Where nobody can say what is claimed, that is counted.
#[test]
fn what_cannot_be_asked_is_counted() {
    let folder = scratch("unasked");
    let claim = Box::new(|_: &[u8], _| Err(std::io::Error::other("no store")));
    let claims = Claims { bytes_max: 1 << 30, keep: Duration::MAX, claim };
    let mut ring = Ring::open(&folder, 1 << 20, Some(claims)).unwrap().waiting();
    (0..400).for_each(|n| take(&mut ring, n, &of_a_call(n)));
    let tally = ring.tally();
    assert!(tally.aside_failed > 0 && tally.aside == 0 && tally.lost == 0, "{tally:?}");
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_is_sought_lies_in_the_files_of_its_time() {
    let folder = scratch("between");
    assert_eq!(held_since(&folder), None);
    let at = |n: u64| Nanos::new(1_795_860_000_000_000_000 + n * 1_000_000);
    for run in 0..3 {
        let mut ring = Ring::open(&folder, 1 << 30, None).unwrap();
        take(&mut ring, run * 1_000, b"message");
        take(&mut ring, run * 1_000 + 999, b"message");
    }
    assert_eq!(held_since(&folder), Some(at(0)));
    let names = |from, until| -> Vec<_> {
        let files = files_between(&folder, from, until);
        let number = |file: &PathBuf| {
            file.file_stem().unwrap().to_str().unwrap().trim_start_matches("ring-").parse::<u64>().unwrap()
        };
        files.iter().map(number).collect()
    };
    assert_eq!(names(Nanos::ZERO, at(0)), [0]);
    assert_eq!(names(Nanos::ZERO, at(1_500)), [0, 1]);
    assert_eq!(names(Nanos::ZERO, Nanos::MAX), [0, 1, 2]);
    // None was written that late.
    assert_eq!(names(Nanos::MAX, Nanos::MAX), [0_u64; 0]);
    // A capture of an earlier time that is read later.
    let mut ring = Ring::open(&folder, 1 << 30, None).unwrap();
    ring.take(&Sent { at: Nanos::new(7), ..sent(b"message") });
    drop(ring);
    assert_eq!((names(Nanos::ZERO, Nanos::new(7)), held_since(&folder)), (vec![3], Some(Nanos::new(7))));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_folder_that_cannot_be_used_is_said() {
    let file = scratch("file");
    fs::write(&file, "x").unwrap();
    assert!(Ring::open(&file, 1 << 20, None).is_err());
}

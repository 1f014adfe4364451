//! A folder whose files grow, are replaced, and end in the middle of a packet.

#![cfg(test)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crossbeam_channel::Receiver;
use tap::{Folder, FolderConfig, News, Parcel, SourceId, Stop};

/// For how long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A capture of packets of one byte each, which says its number.
fn capture(numbers: std::ops::Range<u8>) -> Vec<u8> {
    let mut bytes: Vec<u8> =
        [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101].iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.extend(numbers.flat_map(record));
    bytes
}

fn record(number: u8) -> Vec<u8> {
    let head = [1_790_000_000 + u32::from(number), 0, 1, 1];
    head.iter().flat_map(|word| word.to_le_bytes()).chain([number]).collect()
}

/// Writes a file that was last written so many seconds after some moment of yesterday.
fn write(path: &Path, bytes: &[u8], secs: u64) {
    let written = SystemTime::now() - Duration::from_secs(86_400) + Duration::from_secs(secs);
    // In place, as who captures does: it stays the same file.
    File::options().write(true).create(true).truncate(false).open(path).unwrap();
    fs::write(path, bytes).unwrap();
    File::options().append(true).open(path).unwrap().set_modified(written).unwrap();
}

/// The numbers of the next so many packets, and how many files were damaged meanwhile.
fn next(parcels: &Receiver<Parcel>, count: usize) -> (Vec<u8>, usize) {
    let (mut numbers, mut damaged) = (Vec::new(), 0);
    while numbers.len() < count {
        match parcels.recv_timeout(PATIENCE).expect("nothing came").news {
            News::Frames(frames) => {
                let mut merge = tap::Merge::new(1, Duration::ZERO);
                merge.add(SourceId(0), tap::now(), frames);
                while let Some(batch) = merge.next_batch(types::Nanos::MAX) {
                    numbers.extend(batch.frames().map(|frame| frame.bytes[0]));
                }
            }
            News::Damaged(_) => damaged += 1,
            _ => {}
        }
    }
    (numbers, damaged)
}

#[test]
fn a_file_that_grows_is_read_on() {
    let folder: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("grows");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("a.pcap");
    write(&file, &capture(0..3), 0);
    let config = FolderConfig { path: folder.clone(), settle: Duration::from_secs(1), map: false };
    let stop = Stop::default();
    let (outboxes, parcels, _back) = tap::channel(&stop);
    let outbox = outboxes(SourceId(0));
    let reading = std::thread::spawn(move || Folder::open(config).unwrap().run(&outbox));
    assert_eq!(next(&parcels, 3), (vec![0, 1, 2], 0));
    write(&file, &capture(0..5), 1);
    assert_eq!(next(&parcels, 2), (vec![3, 4], 0));
    // Cut in the middle of a packet, and whole later.
    let cut = capture(0..7);
    write(&file, &cut[..cut.len() - 4], 2);
    assert_eq!(next(&parcels, 1), (vec![5], 0));
    write(&file, &capture(0..8), 3);
    assert_eq!(next(&parcels, 2), (vec![6, 7], 1));
    // Another capture under its name.
    write(&file, &capture(100..120), 4);
    assert_eq!(next(&parcels, 20).0, (100..120).collect::<Vec<_>>());
    stop.ask();
    reading.join().unwrap();
}

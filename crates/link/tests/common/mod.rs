//! A small writer for every format that is read, and a reader that collects all frames of a capture.

#![allow(dead_code, reason = "each test program uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

use link::{Capture, Config, Damage, LinkType, Tally};

/// A frame to be written, or as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub at: u64,
    pub link: LinkType,
    pub bytes: Vec<u8>,
    pub length: u32,
}

/// `count` Ethernet frames of odd sizes, some cut, some with the same time, whole microseconds apart.
pub fn samples(count: usize) -> Vec<Sample> {
    (0..count)
        .map(|index| {
            let size = (index * 37) % 211;
            let bytes: Vec<u8> = (0..size).map(|byte| (byte * 7 + index) as u8).collect();
            let length = if index % 5 == 0 { size as u32 + 1_000 } else { size as u32 };
            let at = 1_700_000_000_000_000_000 + (index as u64 / 3) * 20_000_000 + (index as u64 / 2) * 1_000;
            Sample { at, link: LinkType::ETHERNET, bytes, length }
        })
        .collect()
}

pub const MICROS: u32 = 0xa1b2_c3d4;
pub const NANOS: u32 = 0xa1b2_3c4d;
pub const KUZNETZOV: u32 = 0xa1b2_cd34;

/// A byte order.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    pub big: bool,
}

pub const BIG: Order = Order { big: true };
pub const LITTLE: Order = Order { big: false };

impl Order {
    fn u16(self, value: u16) -> [u8; 2] {
        if self.big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    fn u32(self, value: u32) -> [u8; 4] {
        if self.big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    fn words(self, values: &[u32]) -> Vec<u8> {
        values.iter().flat_map(|&value| self.u32(value)).collect()
    }
}

pub fn pcap_header(order: Order, magic: u32, version: (u16, u16), link: u32) -> Vec<u8> {
    let mut file = order.u32(magic).to_vec();
    file.extend(order.u16(version.0));
    file.extend(order.u16(version.1));
    file.extend(order.words(&[0, 0, 262_144, link]));
    file
}

pub fn pcap_record(order: Order, magic: u32, sample: &Sample) -> Vec<u8> {
    let unit = if magic == NANOS { 1 } else { 1_000 };
    let (secs, fraction) = (sample.at / 1_000_000_000, sample.at % 1_000_000_000 / unit);
    let mut record = order.words(&[secs as u32, fraction as u32, sample.bytes.len() as u32, sample.length]);
    if magic == KUZNETZOV {
        record.extend([0xee; 8]);
    }
    record.extend(&sample.bytes);
    record
}

pub fn pcap(order: Order, magic: u32, samples: &[Sample]) -> Vec<u8> {
    let link = samples.first().map_or(1, |sample| sample.link.0);
    let mut file = pcap_header(order, magic, (2, 4), link.into());
    samples.iter().for_each(|sample| file.extend(pcap_record(order, magic, sample)));
    file
}

pub fn snoop_record(sample: &Sample) -> Vec<u8> {
    let (secs, micros) = (sample.at / 1_000_000_000, sample.at % 1_000_000_000 / 1_000);
    let (captured, padded) = (sample.bytes.len(), sample.bytes.len().next_multiple_of(4));
    let mut record = BIG.words(&[sample.length, captured as u32, padded as u32 + 24, 0, secs as u32, micros as u32]);
    record.extend(&sample.bytes);
    record.resize(padded + 24, 0);
    record
}

pub fn snoop(samples: &[Sample]) -> Vec<u8> {
    let mut file = b"snoop\0\0\0\0\0\0\x02\0\0\0\x04".to_vec();
    samples.iter().for_each(|sample| file.extend(snoop_record(sample)));
    file
}

/// A pcapng file in the making.
pub struct Pcapng {
    pub order: Order,
    pub bytes: Vec<u8>,
}

impl Pcapng {
    pub fn new(order: Order) -> Self {
        let mut file = Self { order, bytes: Vec::new() };
        file.section(order);
        file
    }

    pub fn block(&mut self, kind: u32, body: &[u8]) {
        let padding = body.len().next_multiple_of(4) - body.len();
        let length = self.order.u32((body.len() + padding + 12) as u32);
        self.bytes.extend(self.order.u32(kind));
        self.bytes.extend(length);
        self.bytes.extend(body);
        self.bytes.extend(vec![0; padding]);
        self.bytes.extend(length);
    }

    pub fn section(&mut self, order: Order) {
        self.order = order;
        let mut body = order.u32(0x1a2b_3c4d).to_vec();
        body.extend(order.u16(1));
        body.extend(order.u16(0));
        body.extend([0xff; 8]);
        self.block(0x0a0d_0d0a, &body);
    }

    pub fn interface(&mut self, link: LinkType, snap: u32, resolution: Option<u8>, offset: Option<i64>) {
        let mut body = self.order.u16(link.0).to_vec();
        body.extend([0, 0]);
        body.extend(self.order.u32(snap));
        self.option(&mut body, 2, b"eth0 and an odd name");
        if let Some(resolution) = resolution {
            self.option(&mut body, 9, &[resolution]);
        }
        if let Some(offset) = offset {
            let offset = if self.order.big { offset.to_be_bytes() } else { offset.to_le_bytes() };
            self.option(&mut body, 14, &offset);
        }
        self.option(&mut body, 0, b"");
        self.block(1, &body);
    }

    fn option(&self, body: &mut Vec<u8>, code: u16, value: &[u8]) {
        body.extend(self.order.u16(code));
        body.extend(self.order.u16(value.len() as u16));
        body.extend(value);
        body.resize(body.len().next_multiple_of(4), 0);
    }

    pub fn enhanced(&mut self, interface: u32, ticks: u64, sample: &Sample) {
        let mut body = self.order.words(&[
            interface,
            (ticks >> 32) as u32,
            ticks as u32,
            sample.bytes.len() as u32,
            sample.length,
        ]);
        body.extend(&sample.bytes);
        body.resize(body.len().next_multiple_of(4), 0);
        self.option(&mut body, 1, b"a comment");
        self.option(&mut body, 0, b"");
        self.block(6, &body);
    }

    pub fn obsolete(&mut self, interface: u16, ticks: u64, sample: &Sample) {
        let mut body = self.order.u16(interface).to_vec();
        body.extend(self.order.u16(0xffff));
        body.extend(self.order.words(&[(ticks >> 32) as u32, ticks as u32, sample.bytes.len() as u32, sample.length]));
        body.extend(&sample.bytes);
        self.block(2, &body);
    }

    /// Interface statistics: what was dropped by the interface and by the system since the beginning.
    pub fn statistics(&mut self, interface: u32, ticks: u64, dropped: [u64; 2]) {
        let mut body = self.order.words(&[interface, (ticks >> 32) as u32, ticks as u32]);
        for (code, count) in [(4, 1_000_000), (5, dropped[0]), (7, dropped[1])] {
            let count: u64 = count;
            self.option(&mut body, code, &if self.order.big { count.to_be_bytes() } else { count.to_le_bytes() });
        }
        self.option(&mut body, 0, b"");
        self.block(5, &body);
    }

    pub fn simple(&mut self, sample: &Sample) {
        let mut body = self.order.u32(sample.length).to_vec();
        body.extend(&sample.bytes);
        self.block(3, &body);
    }
}

/// One section, one interface with nanoseconds, one enhanced packet block a frame.
pub fn pcapng(order: Order, samples: &[Sample]) -> Vec<u8> {
    let mut file = Pcapng::new(order);
    file.interface(samples.first().map_or(LinkType::ETHERNET, |sample| sample.link), 0, Some(9), None);
    samples.iter().for_each(|sample| file.enhanced(0, sample.at, sample));
    file.bytes
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).unwrap()
}

/// An empty folder of this test's own.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("link").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    // Some file systems wait for the disk when a file is overwritten, but not for a new one.
    let _ = fs::remove_file(&path);
    fs::write(&path, bytes).unwrap();
    path
}

/// All that reading captures to their end gives.
#[derive(Debug)]
pub struct Read {
    pub frames: Vec<Sample>,
    pub damages: Vec<Damage>,
    pub not_captures: Vec<PathBuf>,
    pub tally: Tally,
}

pub fn drain(mut capture: Capture) -> Read {
    let mut frames = Vec::new();
    while let Some(batch) = capture.next_batch() {
        assert!(!batch.is_empty() && batch.len() <= link::BATCH_FRAMES_MAX);
        for (head, frame) in batch.heads().iter().zip(batch.frames()) {
            assert_eq!(frame.bytes.len(), head.captured as usize);
            frames.push(Sample {
                at: frame.at.get(),
                link: frame.link,
                bytes: frame.bytes.to_vec(),
                length: frame.length,
            });
        }
    }
    assert!(capture.next_batch().is_none(), "the end stays the end");
    let progress = capture.progress();
    assert_eq!(progress.total.unwrap_or(progress.read), progress.read, "what ended was read");
    assert_eq!(capture.tally().frames, frames.len() as u64);
    assert_eq!(capture.tally().bytes, frames.iter().map(|frame| frame.bytes.len() as u64).sum::<u64>());
    Read {
        frames,
        damages: capture.damages().to_vec(),
        not_captures: capture.not_captures().to_vec(),
        tally: *capture.tally(),
    }
}

pub fn read(paths: &[PathBuf]) -> Read {
    let mapped = drain(Capture::open(paths, Config { map: true }).unwrap());
    let streamed = drain(Capture::open(paths, Config { map: false }).unwrap());
    assert_eq!(mapped.frames, streamed.frames, "mapped or not, the same frames");
    assert_eq!(mapped.damages, streamed.damages, "mapped or not, the same damages");
    assert_eq!(mapped.tally, streamed.tally, "mapped or not, the same counts");
    mapped
}

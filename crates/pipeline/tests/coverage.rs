//! Minutes of coverage: every frame is in the minute of its stamp, and neither batches nor files change what is told.

#![cfg(test)]

use call::{CallRecord, Exchange, Listener, Step};
use link::{Batch, Dropped, FrameHead, LinkType};
use pipeline::{Worker, WorkerConfig};
use types::{Coverage, Nanos};

/// Notes what is told of coverage.
#[derive(Default)]
struct Notes(Vec<Coverage>);

impl Listener for Notes {
    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}
    fn exchange(&mut self, _: &Exchange<'_>) {}
    fn record(&mut self, _: &CallRecord<'_>) {}
    fn coverage(&mut self, seen: &Coverage) {
        self.0.push(*seen);
    }
}

/// An IPv4 packet of UDP in Ethernet.
const WHOLE: [u8; 46] = [
    2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, // Ethernet
    0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, // IPv4
    0x13, 0xc4, 0x13, 0xc4, 0, 12, 0, 0, 1, 2, 3, 4, // UDP
];
/// Where the capture of it ends in the middle of the IPv4 header.
const CUT: u32 = 24;
/// A minute before the first frame's.
const BEFORE: u64 = 29_893_470;

/// Frames four a second over three minutes and a bit, every tenth of the second minute cut.
fn heads() -> Vec<FrameHead> {
    let frames = (0..760_u64).map(|frame| {
        let at = Nanos::new((BEFORE + 1) * 60_000_000_000 + frame * 250_000_000);
        let is_cut = (240..480).contains(&frame) && frame % 10 == 0;
        let captured = if is_cut { CUT } else { WHOLE.len() as u32 };
        FrameHead { at, offset: 0, captured, length: WHOLE.len() as u32, link: LinkType::ETHERNET }
    });
    frames.collect()
}

fn told(heads: &[FrameHead], batch: usize) -> Vec<Coverage> {
    let (mut worker, mut notes) = (Worker::new(WorkerConfig::default()), Notes::default());
    for heads in heads.chunks(batch) {
        worker.on_batch(&Batch::new(&WHOLE, heads), &mut notes);
    }
    worker.drain(&mut notes);
    notes.0
}

#[test]
fn every_frame_is_in_the_minute_of_its_stamp() {
    let told = told(&heads(), 256);
    let minute = |seen: &Coverage| (seen.from.get() / 60_000_000_000 - BEFORE, seen.frames, seen.undecoded);
    let minutes: Vec<_> = told.iter().map(minute).collect();
    assert_eq!(minutes, [(1, 240, 0), (2, 240, 24), (3, 240, 0), (4, 40, 0)]);
    assert!(told.windows(2).all(|pair| pair[0].until == pair[1].from), "{told:?}");
}

#[test]
fn batches_change_nothing() {
    let heads = heads();
    for batch in [1, 3, 32, 33, 255] {
        assert_eq!(told(&heads, batch), told(&heads, 256), "{batch}");
    }
}

#[test]
fn what_the_host_dropped_is_handed_on() {
    let (mut worker, mut notes) = (Worker::new(WorkerConfig::default()), Notes::default());
    let [from, until] = [1, 2].map(|minute| Nanos::new(minute * 60_000_000_000));
    worker.on_dropped(Dropped { from, until, frames: 7 }, &mut notes);
    assert_eq!(notes.0, [Coverage { from, until, frames: 0, undecoded: 0, dropped: 7 }]);
}

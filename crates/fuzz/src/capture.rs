//! Whole captures through a worker, under tight limits: frames, calls and exchanges add up, tables keep their limits, and
//! the story told depends neither on the batches nor on the hash seeds.

use call::{CallConfig, CallRecord, Exchange, HEADER_BYTES_MAX, Listener, RtpHeader, Step};
use link::Capture;
use pipeline::{Worker, WorkerConfig};
use rtp::{HeuristicConfig, ReportsConfig, StreamsConfig};
use types::{Losses, Nanos};

use crate::file;
use crate::pcap::Pcap;

pub fn check(bytes: &[u8]) {
    let choice = bytes.get(12).copied().unwrap_or_default();
    let Some(capture) = file::open(0, bytes) else { return };
    let told = Run::new(choice, 1).read(capture).finish();

    let Some(pcap) = Pcap::parse(bytes) else { return };
    let middle = pcap.records.len() / 2;
    let halves = [&pcap.records[..middle], &pcap.records[middle..]].map(|half| pcap.with(half).bytes(usize::MAX));
    let mut again = Run::new(choice, 2);
    for (number, half) in halves.iter().enumerate() {
        let Some(capture) = file::open(number, half) else { return };
        again = again.read(capture);
    }
    let again = again.finish();
    for (one, other) in told.iter().zip(&again) {
        assert_eq!(one, other, "cut in two and under another seed");
    }
    assert_eq!(told.len(), again.len());
}

/// Limits that a few calls reach; the defaults for one choice in four.
fn limits(choice: u8, seed: u64) -> WorkerConfig {
    let tight = !choice.is_multiple_of(4);
    let wire = wire::WireConfig { seed, ..crate::wire::limits(choice) };
    if !tight {
        let calls = CallConfig { seed, ..CallConfig::default() };
        let streams = StreamsConfig { seed, ..StreamsConfig::default() };
        return WorkerConfig { wire, calls, streams, ..WorkerConfig::default() };
    }
    let few = u32::from(choice >> 2 & 3);
    WorkerConfig {
        wire,
        calls: CallConfig {
            legs_max: 1 + few,
            lines_max: 2,
            streams_max: 2,
            joined_max: (choice >> 4 & 3),
            exchanges_max: 1 + few,
            text_bytes_max: if choice & 64 == 0 { 16 } else { 256 },
            join_named_secs_max: 10,
            course_secs: 1 + few,
            courses_max: 1 + few,
            seed,
            ..CallConfig::default()
        },
        streams: StreamsConfig { streams_max: 1 + few, oddities_max: 1, seed },
        heuristic: HeuristicConfig { candidates_max: 1 + few, seed },
        reports: ReportsConfig { sources_max: 1 + few, seed },
        headers: 1 + few,
        ..WorkerConfig::default()
    }
}

/// A worker and what it told.
struct Run {
    worker: Worker,
    story: Story,
    legs_max: usize,
    streams_max: usize,
    frames: u64,
}

#[derive(Default)]
struct Story {
    told: Vec<String>,
    records: u64,
    legs: u64,
    exchanges: u64,
}

impl Listener for Story {
    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        assert!(call.media.is_empty());
        self.told.push(format!("{step:?} {at:?} {call:?}"));
    }

    fn header(&mut self, header: &RtpHeader<'_>) {
        assert!((12..=HEADER_BYTES_MAX).contains(&header.bytes.len()) && header.bytes.len() <= header.length);
        self.told.push(format!("{header:?}"));
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.exchanges += 1;
        self.told.push(format!("{exchange:?}"));
    }

    fn record(&mut self, call: &CallRecord<'_>) {
        self.records += 1;
        self.legs += 1 + call.legs.len() as u64;
        for media in call.media {
            crate::streams::plausible(&media.figures);
            if let Some(course) = &media.course {
                let marks = course.marks();
                assert!((2..60).contains(&marks.len()), "{course:?}");
                assert!(marks.is_sorted_by_key(|mark| mark.packets), "{course:?}");
                assert_eq!(marks.last().map(|mark| u64::from(mark.packets)), Some(media.figures.packets));
            }
            assert!(media.score.is_none_or(|score| (1.0..=4.5).contains(&score.mos)), "{media:?}");
        }
        let _ = (call.post_dial_delay(), call.ringing(), call.talking());
        self.told.push(format!("{call:?}"));
    }
}

impl Run {
    fn new(choice: u8, seed: u64) -> Self {
        let config = limits(choice, seed);
        let (legs_max, streams_max) = (config.calls.legs_max as usize, config.streams.streams_max as usize);
        Self { worker: Worker::new(config), story: Story::default(), legs_max, streams_max, frames: 0 }
    }

    fn read(mut self, mut capture: Capture) -> Self {
        while let Some(batch) = capture.next_batch() {
            self.frames += batch.len() as u64;
            self.worker.on_batch(&batch, &mut self.story);
            let (legs, streams) = self.worker.held();
            assert!(legs <= self.legs_max && streams <= self.streams_max, "{legs} legs, {streams} streams");
        }
        self
    }

    fn finish(mut self) -> Vec<String> {
        self.worker.drain(&mut self.story);
        let Self { worker, mut story, frames, .. } = self;
        assert_eq!(worker.held().0, 0, "legs are left after the end");
        let wire = worker.wire_tally();
        let undecoded: u64 = wire.undecoded().map(|(_, count)| count).sum();
        let parts = [wire.datagrams, wire.packets_of_messages, wire.segments, wire.fragments, wire.copies, undecoded];
        assert_eq!((worker.traffic().frames, parts.iter().sum::<u64>()), (frames, frames));
        let calls = worker.call_tally();
        assert_eq!(calls.calls(), story.records, "calls counted and records written");
        assert_eq!(calls.legs, story.legs, "legs counted and written");
        assert_eq!(calls.exchanges.as_flattened().iter().sum::<u64>(), story.exchanges);
        let traffic = worker.traffic();
        let requests: u64 = traffic.sip.requests().map(|(_, count)| count).sum();
        assert_eq!(traffic.sip.messages, requests + traffic.sip.responses + traffic.sip.methods_unnamed);
        let status: u64 = traffic.sip.status().map(|(_, count)| count).sum();
        assert_eq!(traffic.sip.responses, status + traffic.sip.status_odd);
        assert_eq!(traffic.sip.packets, traffic.sip.transports().map(|(.., count)| count).sum::<u64>());
        assert!(traffic.sip.packets <= traffic.sip.messages);
        assert!(traffic.sip.sdp_bodies <= traffic.sip.messages + traffic.gateway.packets);
        assert!(traffic.rtp_packets <= traffic.rtp_heuristic_packets, "{traffic:?}");
        assert!(traffic.rtp_streams <= traffic.rtp_heuristic_streams, "{traffic:?}");
        let mut losses = Vec::new();
        worker.losses(&mut |name, count| losses.push((name, count)));
        story.told.extend(losses.iter().map(|(name, count)| format!("{name} {count}")));
        losses.sort_unstable();
        assert!(losses.windows(2).all(|pair| pair[0].0 != pair[1].0), "every loss has a name of its own");
        story.told
    }
}

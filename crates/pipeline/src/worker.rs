//! One worker from its first frame to its drain. What it touches, it owns.

use arrayvec::ArrayVec;
use call::{CallConfig, Calls, Listener, Media};
use link::{Batch, Frame};
use numbers::Plan;
use rtp::{Header, Heuristic, HeuristicConfig, Kind, Reports, ReportsConfig, StreamKey, Streams, StreamsConfig};
use types::{Losses, Nanos};
use wire::{Decoder, FastPath, Quick, Taker, WireConfig};

use crate::clock::Clock;
use crate::desk::{Desk, Glimpse, Open};
use crate::traffic::Traffic;

/// Frames looked at ahead of the frame-by-frame work, so that the memory their streams lie in is fetched at once and
/// not one after the other: enough to hide a miss, few enough to stay in the first-level cache.
const AHEAD: usize = 32;

/// How a worker is set up.
#[derive(Clone, Debug, Default)]
pub struct WorkerConfig {
    /// How frames are decoded.
    pub wire: WireConfig,
    /// How calls are kept.
    pub calls: CallConfig,
    /// The tap's dial plan.
    pub plan: Plan,
    /// How streams are kept.
    pub streams: StreamsConfig,
    /// How streams are found without signalling.
    pub heuristic: HeuristicConfig,
    /// How RTCP is kept.
    pub reports: ReportsConfig,
}

/// A worker: every room from the frame to the call, and the state of all of them.
pub struct Worker {
    fast: FastPath,
    decoder: Decoder,
    desk: Desk,
    clock: Clock,
}

/// A frame as the first pass saw it.
struct Ahead<'a> {
    frame: Frame<'a>,
    quick: Option<Quick<'a>>,
    rtp: Option<Glimpse>,
}

impl Worker {
    /// A worker that has seen nothing.
    #[must_use]
    pub fn new(config: WorkerConfig) -> Self {
        let media = Media {
            streams: Streams::new(config.streams),
            heuristic: Heuristic::new(config.heuristic),
            reports: Reports::new(config.reports),
        };
        Self {
            fast: FastPath::new(&config.wire),
            decoder: Decoder::new(&config.wire),
            desk: Desk::new(Calls::new(config.calls, config.plan), media, config.calls.seed),
            clock: Clock::default(),
        }
    }

    /// Carries a batch of frames through all rooms. The result does not depend on how frames are batched.
    pub fn on_batch(&mut self, batch: &Batch<'_>, listener: &mut impl Listener) {
        for heads in batch.heads().chunks(AHEAD) {
            let ahead: ArrayVec<Ahead<'_>, AHEAD> =
                heads.iter().map(|head| self.look_ahead(batch.frame(head))).collect();
            for glimpse in ahead.iter().filter_map(|seen| seen.rtp.as_ref()) {
                self.desk.media.streams.touch(glimpse.hint);
            }
            for seen in &ahead {
                self.on_frame(seen, listener);
            }
        }
    }

    /// The first pass: reads what can be read without state, and touches the memory of the stream.
    #[inline]
    fn look_ahead<'a>(&self, frame: Frame<'a>) -> Ahead<'a> {
        let quick = self.fast.quick(frame.link, frame.bytes);
        let rtp = quick.as_ref().filter(|quick| rtp::demux(quick.payload) == Kind::Rtp).and_then(|quick| {
            let header = Header::read(quick.payload)?;
            let key = StreamKey::new(quick.source, quick.destination, header.ssrc);
            Some(Glimpse { key, header, hint: self.desk.media.streams.probe(&key) })
        });
        Ahead { frame, quick, rtp }
    }

    /// The second pass: everything in the order of the capture.
    #[inline]
    fn on_frame(&mut self, seen: &Ahead<'_>, listener: &mut impl Listener) {
        let at = seen.frame.at;
        self.count(&seen.frame, listener);
        match (&seen.quick, &seen.rtp) {
            (Some(quick), Some(glimpse)) => {
                let datagram = self.decoder.quick_datagram(at, *quick);
                self.desk.on_rtp(at, datagram.duplicate, glimpse, datagram.payload);
            }
            (Some(quick), None) => {
                let datagram = self.decoder.quick_datagram(at, *quick);
                self.desk.begin_frame();
                Open { desk: &mut self.desk, listener }.datagram(&datagram);
            }
            (None, _) => {
                self.desk.begin_frame();
                self.decoder.decode(&seen.frame, &mut Open { desk: &mut self.desk, listener });
            }
        }
    }

    /// Counts a frame, and lets time pass when it is the first at or after a whole second.
    #[inline]
    fn count(&mut self, frame: &Frame<'_>, listener: &mut impl Listener) {
        let traffic = &mut self.desk.traffic;
        traffic.frames += 1;
        traffic.bytes += frame.bytes.len() as u64;
        traffic.first = Some(traffic.first.map_or(frame.at, |first| first.min(frame.at)));
        traffic.last = traffic.last.max(Some(frame.at));
        if let Some(second) = self.clock.tick(frame.at, traffic.frames) {
            self.on_time(second, listener);
        }
    }

    /// Lets time pass in every room.
    #[cold]
    fn on_time(&mut self, second: Nanos, listener: &mut impl Listener) {
        self.decoder.on_time(second, &mut Open { desk: &mut self.desk, listener });
        let Desk { calls, media, endpoints, .. } = &mut self.desk;
        calls.on_time(second, media, listener);
        endpoints.on_time(second);
    }

    /// Ends the capture: what streams hold back is read, and every call gets its record.
    pub fn drain(&mut self, listener: &mut impl Listener) {
        let now = self.clock.end(self.desk.traffic.last.unwrap_or_default());
        self.decoder.drain(now, &mut Open { desk: &mut self.desk, listener });
        let Desk { calls, media, .. } = &mut self.desk;
        calls.drain(now, media, listener);
    }

    /// What was seen.
    #[must_use]
    pub const fn traffic(&self) -> &Traffic {
        &self.desk.traffic
    }

    /// What became of the frames.
    #[must_use]
    pub const fn wire_tally(&self) -> &wire::Tally {
        self.decoder.tally()
    }

    /// What became of the fragments.
    #[must_use]
    pub const fn fragment_tally(&self) -> &wire::FragmentTally {
        self.decoder.fragment_tally()
    }

    /// What became of the calls.
    #[must_use]
    pub const fn call_tally(&self) -> &call::Tally {
        self.desk.calls.tally()
    }

    /// Legs and streams remembered now.
    #[must_use]
    pub fn held(&self) -> (usize, usize) {
        (self.desk.calls.len(), self.desk.media.streams.len())
    }
}

/// The losses of every room of the worker.
impl Losses for Worker {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        self.decoder.losses(each);
        each("sip_malformed", self.desk.traffic.sip.malformed);
        each("websocket_messages_forgotten", self.desk.readers.forgotten);
        each("sip_methods_unnamed", self.desk.traffic.sip.methods_unnamed);
        self.desk.media.streams.tally().losses(each);
        self.desk.media.heuristic.tally().losses(each);
        self.desk.media.reports.tally().losses(each);
        self.desk.calls.tally().losses(each);
        self.desk.endpoints.losses(each);
    }
}

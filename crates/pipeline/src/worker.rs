//! One worker from its first frame to its drain. What it touches, it owns.
//!
//! What an RTP packet costs, in instructions: estimated when the second pass was made one walk in registers, and counted
//! then (callgrind, long calls of G.711 and G.729, a quarter of the frames tagged, nearly no SIP), what was changed since
//! again: 442 in all.
//!
//! | stage | estimate | counted |
//! |---|--:|--:|
//! | `link`: the next record | 37 | 37 |
//! | the first pass: stamps, bytes, and the memory of the stream | 28 | 46 |
//! | the frame, the clock | 20 | 24 |
//! | `wire`: Ethernet, IP, UDP, ports of tunnels | 56 | 68 |
//! | `wire`: whether it is a copy, tallies, tags | 64 | 74 |
//! | `rtp`: the fixed header | 8 | 20 |
//! | `rtp`: key, hint, comparison; one look-up for fifteen packets | 46 | 61 |
//! | `rtp`: the stream's figures | 58 | 49 |
//! | whose stream it is, counters of the summary | 8 | 19 |
//! | what else the frames hold: RTCP, some SIP | – | 46 |

use std::hint::black_box;

use call::{CallConfig, Calls, Listener, Media};
use link::{Batch, Frame, FrameHead};
use numbers::Plan;
use rtp::{Clue, Header, Heuristic, HeuristicConfig, Reports, ReportsConfig, StreamKey, Streams, StreamsConfig};
use types::{Losses, Moment, Nanos};
use wire::{Decoder, FastPath, Taker, WireConfig};

use crate::clock::Clock;
use crate::desk::{Desk, Open};
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
            self.look_ahead(batch, heads);
            for head in heads {
                self.on_frame(&batch.frame(head), listener);
            }
        }
    }

    /// The first pass: sums up, and asks for the memory that the frames most likely need.
    #[inline(never)] // On its own it keeps everything in registers.
    fn look_ahead(&mut self, batch: &Batch<'_>, heads: &[FrameHead]) {
        let (mut bytes, mut first, mut last, mut touched) = (0, Nanos::MAX, Nanos::ZERO, 0);
        for head in heads {
            let frame = batch.frame(head);
            bytes += frame.bytes.len() as u64;
            (first, last) = (first.min(frame.at), last.max(frame.at));
            if let Some(headers) = FastPath::guess(frame.bytes) {
                touched ^= self.desk.media.streams.touch(Clue::of(headers));
            }
        }
        black_box(touched);
        self.desk.traffic.sum_up(bytes, first, last);
    }

    /// The second pass: everything in the order of the capture.
    #[inline(always)]
    fn on_frame(&mut self, frame: &Frame<'_>, listener: &mut impl Listener) {
        self.desk.traffic.frames += 1;
        if let Some(second) = self.clock.tick(frame.at, self.desk.traffic.frames) {
            self.on_time(second, listener);
        }
        let Some(quick) = self.fast.quick(frame.link, frame.bytes) else {
            self.desk.begin_frame(frame.at, listener);
            return self.decoder.decode(frame, &mut Open { desk: &mut self.desk, listener });
        };
        let duplicate = self.decoder.quick_copy(frame.at, &quick);
        if let Some(header) = Header::recognise(quick.payload()) {
            let (source, destination) = quick.endpoints();
            let key = StreamKey::new(source, destination, header.ssrc);
            return self.desk.on_rtp(frame.at, duplicate, &key, &header, quick.payload());
        }
        self.desk.begin_frame(frame.at, listener);
        Open { desk: &mut self.desk, listener }.datagram(&quick.datagram(frame.at, duplicate));
    }

    /// Lets time pass in every room.
    #[cold]
    fn on_time(&mut self, second: Nanos, listener: &mut impl Listener) {
        listener.moment(Moment { at: second, frame: 0 });
        self.decoder.on_time(second, &mut Open { desk: &mut self.desk, listener });
        let Desk { calls, media, endpoints, .. } = &mut self.desk;
        calls.on_time(second, media, listener);
        endpoints.on_time(second);
    }

    /// Ends the capture: what streams hold back is read, and every call gets its record.
    pub fn drain(&mut self, listener: &mut impl Listener) {
        let now = self.clock.end(self.desk.traffic.last.unwrap_or_default());
        listener.moment(Moment { at: now, frame: u64::MAX });
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

//! One worker from its first frame to its drain. What it touches, it owns.
//!
//! What an RTP packet costs, in instructions (callgrind, long calls of G.711 and G.729, a quarter of the frames tagged,
//! nearly no SIP): 279 in all, and 442 when every packet was carried through [`Worker::on_frame`].
//!
//! | stage | counted |
//! |---|--:|
//! | `link`: the next record | 37 |
//! | the first pass: its bytes, stamps and sums | 25 |
//! | `wire`: Ethernet, IP and UDP of the plainest kind | 47 |
//! | `rtp`: where its stream most likely is | 40 |
//! | the second pass, `rtp`: whether its stream foresaw it | 26 |
//! | `rtp`: its time, and the stream's figures | 33 |
//! | `wire`: to be remembered, for its copies | 35 |
//! | counters, and from frame to frame | 17 |
//! | one packet in ninety, 400 each: after losses, at a second's end; RTCP, some SIP | 19 |
//!
//! Within tags, labels or a tunnel it is 220 to 450 more (`benches/results/2026-12-01.md`): the way to the packet inside, found in the first
//! pass as long as frames come so.

use audio::{Ears, EarsConfig};
use call::{CallConfig, Calls, Listener, Media};
use link::{Batch, Dropped, Frame, FrameHead};
use numbers::Plan;
use rtp::{Header, Heuristic, HeuristicConfig, Reports, ReportsConfig, StreamId, StreamKey, Streams, StreamsConfig};
use types::{Coverage, Losses, Moment, Nanos};
use wire::{Decoder, FastPath, Plain, PlainV4, Quick, Tags, Taker, WireConfig, Worn};

use crate::clock::Clock;
use crate::coverage::{Minutes, undecoded};
use crate::desk::{Desk, Headers, Open, is_of_no_call};
use crate::scout::{AHEAD, Scout, Scouted, Seen, Sums};
use crate::traffic::Traffic;

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
    /// What is listened to.
    pub ears: EarsConfig,
    /// RTP headers that are told of each stream of a call, from its beginning.
    pub headers: u32,
}

/// A worker: every room from the frame to the call, and the state of all of them.
pub struct Worker {
    fast: FastPath,
    decoder: Decoder,
    desk: Desk,
    clock: Clock,
    minutes: Minutes,
    foreseen: Foreseen,
    /// For how many more chunks of frames what is plain is looked for in IPv6 and within wraps too: on most links there is none, and
    /// where it is looked for decides over the way of a frame alone.
    v6: u32,
    wraps: u32,
    /// Until when time passed without frames.
    idle_until: Nanos,
}

/// Chunks of frames after one in IPv6 or in a tunnel in which more of these are expected.
const EXPECTED: u32 = 256;

/// What the first pass found out about a frame.
#[derive(Clone, Copy)]
struct Glanced<S> {
    seen: S,
    /// The stream that it most likely belongs to.
    stream: StreamId,
}

/// Packets that were foreseen, since they were counted last.
#[derive(Default)]
struct Foreseen {
    packets: u64,
    /// Of those that wore no more.
    tags: Tags,
    /// The last that wore more than a tag, and how many in a row wore the same.
    wrapped: (Worn, u64),
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
            desk: Desk::new(
                Calls::new(config.calls, config.plan),
                media,
                (Ears::new(config.ears), Headers::new(config.headers)),
                config.calls.seed,
            ),
            clock: Clock::default(),
            minutes: Minutes::default(),
            foreseen: Foreseen::default(),
            v6: 0,
            wraps: 0,
            idle_until: Nanos::ZERO,
        }
    }

    /// Who may look at frames ahead of this worker.
    pub(crate) const fn scout(&self) -> Scout {
        Scout::new(self.fast)
    }

    /// Carries a batch of frames through all rooms. The result does not depend on how frames are batched.
    pub fn on_batch(&mut self, batch: &Batch<'_>, listener: &mut impl Listener) {
        for heads in batch.heads().chunks(AHEAD) {
            if self.v6 | self.wraps == 0 {
                let mut glanced = [None; AHEAD];
                let sums = self.look_ahead(batch, heads, &mut glanced);
                self.on_glanced(batch, heads, &glanced, sums, listener);
            } else {
                self.on_any(batch, heads, listener);
            }
        }
    }

    /// Carries a chunk of frames among which some are expected that are in IPv6 or wear a tunnel.
    #[inline(never)]
    fn on_any(&mut self, batch: &Batch<'_>, heads: &[FrameHead], listener: &mut impl Listener) {
        let mut glanced = [None; AHEAD];
        let sums = self.look_further(batch, heads, &mut glanced);
        (self.v6, self.wraps) = (self.v6.saturating_sub(1), self.wraps.saturating_sub(1));
        self.on_glanced(batch, heads, &glanced, sums, listener);
    }

    /// The first pass: sums up, glances at what is plain, and asks for the memory that it most likely needs.
    #[inline(never)] // On its own it keeps everything in registers.
    fn look_ahead<'a>(
        &self,
        batch: &Batch<'a>,
        heads: &[FrameHead],
        glanced: &mut [Option<Glanced<PlainV4<'a>>>; AHEAD],
    ) -> Sums {
        let mut sums = Sums::NONE;
        for (head, glanced) in heads.iter().zip(glanced) {
            let frame = batch.frame(head);
            sums.add(&frame);
            *glanced = PlainV4::of(frame.link, frame.bytes).and_then(|plain| self.glance_at(plain));
        }
        sums
    }

    /// The same, in IPv6 too, and within what frames wear where that is expected.
    #[inline(never)]
    fn look_further<'a>(
        &self,
        batch: &Batch<'a>,
        heads: &[FrameHead],
        glanced: &mut [Option<Glanced<Plain<'a>>>; AHEAD],
    ) -> Sums {
        let mut sums = Sums::NONE;
        for (head, glanced) in heads.iter().zip(glanced) {
            let frame = batch.frame(head);
            sums.add(&frame);
            let plain = Plain::of(frame.link, frame.bytes);
            let within = || self.fast.plain_within(frame.link, frame.bytes);
            let plain = if self.wraps > 0 { plain.or_else(within) } else { plain };
            *glanced = plain.and_then(|plain| self.glance_at(plain));
        }
        sums
    }

    /// Carries frames that were looked at before through all rooms, to the same end.
    pub(crate) fn on_scouted(&mut self, scouted: &Scouted, listener: &mut impl Listener) {
        let batch = scouted.frames.batch();
        for (heads, sights, sums) in scouted.ahead(&batch) {
            let mut glanced = [None; AHEAD];
            for (sight, glanced) in sights.iter().zip(&mut glanced) {
                *glanced = sight.as_ref().and_then(|sight| self.glance_at(sight));
            }
            self.on_glanced(&batch, heads, &glanced, sums, listener);
        }
    }

    /// Says which stream a frame most likely belongs to, and asks for the memory that this lies in.
    #[inline(always)]
    fn glance_at<S: Seen>(&self, seen: S) -> Option<Glanced<S>> {
        let (stream, memory) = self.desk.media.streams.look_ahead(seen.clue())?;
        link::ask_for(memory);
        Some(Glanced { seen, stream })
    }

    /// The second pass, over at most [`AHEAD`] frames.
    #[inline(always)]
    fn on_glanced<S: Seen>(
        &mut self,
        batch: &Batch<'_>,
        heads: &[FrameHead],
        glanced: &[Option<Glanced<S>>; AHEAD],
        sums: Sums,
        listener: &mut impl Listener,
    ) {
        self.desk.traffic.sum_up(sums.bytes, sums.first, sums.last);
        // Where time passes meanwhile, frame by frame is the only way.
        let quiet = self.clock.is_quiet(sums.first, sums.last);
        for (head, glanced) in heads.iter().zip(glanced) {
            if !glanced.as_ref().is_some_and(|glanced| quiet && self.on_foreseen(head.at, glanced)) {
                self.on_frame(&batch.frame(head), listener);
            }
        }
        self.count_foreseen();
    }

    /// The second pass of what its stream foresaw: a packet of a call that is no copy and brings no news. `false` where
    /// it is none of that, and nothing was done.
    #[inline(always)]
    fn on_foreseen<S: Seen>(&mut self, at: Nanos, glanced: &Glanced<S>) -> bool {
        let Glanced { seen, stream } = glanced;
        let Some(packet) = seen.foreseen(&mut self.desk.media.streams, *stream, at) else { return false };
        if is_of_no_call(packet.owner()) {
            return false;
        }
        packet.arrive();
        self.decoder.remember(at, seen.signature(&self.fast));
        self.foreseen.packets += 1;
        let worn = seen.worn();
        self.foreseen.tags.add(worn);
        if worn.is_wrapped() {
            self.count_wrapped(worn);
        }
        if seen.is_v6() {
            self.v6 = EXPECTED;
        }
        true
    }

    /// A packet was foreseen that wore more than a tag, as all do on a link that comes through a tunnel.
    #[inline(never)]
    fn count_wrapped(&mut self, worn: Worn) {
        self.wraps = EXPECTED;
        self.foreseen.tags.take_back(worn);
        let (last, frames) = &mut self.foreseen.wrapped;
        if *last != worn {
            self.decoder.count_wraps(*last, *frames);
            (*last, *frames) = (worn, 0);
        }
        *frames += 1;
    }

    /// Brings the counters up to date with what was foreseen.
    fn count_foreseen(&mut self) {
        let Foreseen { packets, tags, wrapped: (worn, wrapped) } = std::mem::take(&mut self.foreseen);
        self.decoder.count_plain(packets, tags.count());
        if wrapped > 0 {
            self.decoder.count_wraps(worn, wrapped);
        }
        self.desk.traffic.frames += packets;
        self.desk.traffic.rtp_packets += packets;
        self.desk.traffic.rtp_heuristic_packets += packets;
    }

    /// The second pass of everything else.
    #[inline(never)] // So that what is foreseen has the registers to itself.
    fn on_frame(&mut self, frame: &Frame<'_>, listener: &mut impl Listener) {
        self.count_foreseen();
        self.desk.traffic.frames += 1;
        if let Some(second) = self.clock.tick(frame.at, self.desk.traffic.frames) {
            self.on_time(second, listener);
        }
        self.carry(frame, listener);
        if self.desk.ears.has_heard() {
            self.desk.tell_heard(listener);
        }
        if self.desk.headers.were_seen() {
            self.desk.tell_headers(listener);
        }
    }

    /// Carries a frame through the rooms that read it.
    #[inline(always)]
    fn carry(&mut self, frame: &Frame<'_>, listener: &mut impl Listener) {
        match self.fast.quick(frame.link, frame.bytes) {
            Some(quick) => self.carry_quick(frame.at, &quick, listener),
            None => self.carry_within(frame, listener),
        }
    }

    /// Carries what is not found at once.
    #[inline(never)]
    fn carry_within(&mut self, frame: &Frame<'_>, listener: &mut impl Listener) {
        match self.fast.quick_within(frame.link, frame.bytes) {
            Some(quick) => self.carry_quick(frame.at, &quick, listener),
            None => {
                self.desk.begin_frame(frame.at, listener);
                self.decoder.decode(frame, &mut Open { desk: &mut self.desk, listener });
            }
        }
    }

    /// Carries a datagram that was found at once.
    #[inline(always)]
    fn carry_quick(&mut self, at: Nanos, quick: &Quick<'_>, listener: &mut impl Listener) {
        let duplicate = self.decoder.quick_copy(at, quick);
        if quick.worn().is_wrapped() {
            self.wraps = EXPECTED;
        }
        if quick.is_v6() {
            self.v6 = EXPECTED;
        }
        let missing = quick.missing();
        if let Some(header) = Header::recognise(quick.payload(), missing) {
            self.desk.headers.missing = missing;
            let (source, destination) = quick.endpoints();
            let key = StreamKey::new(source, destination, header.ssrc);
            return self.desk.on_rtp(at, duplicate, &key, &header, quick.payload());
        }
        self.desk.begin_frame(at, listener);
        Open { desk: &mut self.desk, listener }.datagram(&quick.datagram(at, duplicate));
    }

    /// Lets time pass in every room.
    #[cold]
    fn on_time(&mut self, second: Nanos, listener: &mut impl Listener) {
        listener.moment(Moment { at: second, frame: 0 });
        let lost = self.undecoded();
        // The frame that brought the second is counted, and belongs to it.
        self.minutes.on_time(second, self.desk.traffic.frames.saturating_sub(1), lost, listener);
        self.decoder.on_time(second, &mut Open { desk: &mut self.desk, listener });
        let Desk { calls, media, endpoints, .. } = &mut self.desk;
        calls.on_time(second, media, listener);
        endpoints.on_time(second);
        if self.desk.ears.may_listen() {
            self.desk.end_listening(Some(second), listener);
        }
    }

    /// Reads numbers by another plan from now on.
    pub fn renew(&mut self, plan: Plan) {
        self.desk.calls.renew(plan);
    }

    /// Lets time pass on a link that carries nothing: it is `now`, and no frame that is earlier will come.
    pub fn on_idle(&mut self, now: Nanos, listener: &mut impl Listener) {
        if let Some(second) = self.clock.tick(now, self.desk.traffic.frames) {
            self.idle_until = self.idle_until.max(second);
            self.on_time(second, listener);
            if self.desk.ears.has_heard() {
                self.desk.tell_heard(listener);
            }
        }
    }

    /// The host that captured says that it had no room for frames.
    pub fn on_dropped(&mut self, dropped: Dropped, listener: &mut impl Listener) {
        let Dropped { from, until, frames } = dropped;
        listener.coverage(&Coverage { from, until, dropped: frames, ..Coverage::default() });
    }

    /// Frames so far in which there was something that could not be read.
    #[must_use]
    pub fn undecoded(&self) -> u64 {
        undecoded(self.decoder.tally(), self.desk.traffic.sip.malformed)
    }

    /// Ends the capture: what streams hold back is read, and every call gets its record.
    pub fn drain(&mut self, listener: &mut impl Listener) {
        let now = self.clock.end(self.desk.traffic.last.unwrap_or_default().max(self.idle_until));
        listener.moment(Moment { at: now, frame: u64::MAX });
        self.decoder.drain(now, &mut Open { desk: &mut self.desk, listener });
        self.desk.end_listening(None, listener);
        let lost = self.undecoded();
        self.minutes.end(now, self.desk.traffic.frames, lost, listener);
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

    /// Whether anything may be listened to.
    #[must_use]
    pub const fn may_listen(&self) -> bool {
        self.desk.ears.may_listen()
    }

    /// What was listened to.
    #[must_use]
    pub const fn ear_tally(&self) -> audio::Tally {
        self.desk.ears.tally()
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
        each("sip_bodies_cut", self.desk.traffic.sip.bodies_cut);
        each("websocket_messages_compressed", self.desk.traffic.sip.compressed);
        each("websocket_messages_oversized", self.desk.traffic.sip.oversized);
        each("websocket_messages_forgotten", self.desk.readers.forgotten);
        each("sip_methods_unnamed", self.desk.traffic.sip.methods_unnamed);
        self.desk.media.streams.tally().losses(each);
        self.desk.media.heuristic.tally().losses(each);
        self.desk.media.reports.tally().losses(each);
        self.desk.calls.tally().losses(each);
        self.desk.ears.tally().losses(each);
        self.desk.endpoints.losses(each);
    }
}

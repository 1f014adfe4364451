//! One stream in 128 bytes, two cache lines, and what a packet does to it.
//!
//! Nearly every packet is the next one of its stream, of the same type, one step of the clock later: a stream writes down
//! what the first eight bytes of that packet will be, and if they are, all there is to do lies in its first cache line
//! ([`Stream::arrive`]). Everything else goes to [`Stream::unusual`], which is where the RFCs are, and which counts a
//! foreseen packet to the same figures.

use types::Nanos;

use crate::codec::{Codec, Content, static_payload};
use crate::figures::{Figures, PayloadTypes};
use crate::key::{Clue, Name, StreamKey};
use crate::media::{Clock, Media};
use crate::oddity::{Oddities, OddityId};
use crate::packet::{FIRST, Glance, GlanceV6, Header};

/// Packets the sequence may leap ahead and still be the same (RFC 3550 §A.1, MAX_DROPOUT).
const DROPOUT_MAX: u16 = 3_000;
/// Packets a packet may come late (RFC 3550 §A.1, MAX_MISORDER).
const MISORDER_MAX: u16 = 100;
/// Packets without loss that end a burst (RFC 3611 §4.7.2, Gmin).
const BURST_GAP_MIN: u16 = 16;
/// Deviation in ms past which a timestamp has jumped, rather than a packet been delayed.
const JUMP_MS: f32 = 1_000.0;
/// Packets in a row that make a shorter step the stream's step.
const SHORTER_STEP_SEEN: u8 = 3;
/// Packets in a row that make a longer one so: more, since updates of silence come at long even steps too.
const LONGER_STEP_SEEN: u8 = 50;
/// Steps past which a pause in the timestamps is silence, not a change of packet time.
const SILENCE_STEPS: u32 = 2;
/// How long ago in ns the last packet must be for one without news to count as the last.
const HEARD_NANOS: u64 = 1_000_000_000;
/// Packets after which an unknown clock is measured, and at every doubling until it is known.
const CLOCK_PACKETS_MIN: u32 = 32;
/// How far a measured clock may be from a known rate.
const CLOCK_TOLERANCE: f64 = 0.06;
/// Written in the place of an absent payload type: no packet has it.
const NO_TYPE: u8 = 0xff;

/// Nothing has arrived yet.
const FRESH: u8 = 1;
/// The packet before was late: the step from it says nothing.
const UNSTEADY: u8 = 1 << 1;
/// The packet before had another clock or none: the deviation from it says nothing.
const UNCLOCKED: u8 = 1 << 2;
/// The sender is silent: the next even step begins a talk-spurt.
const SILENT: u8 = 1 << 3;
/// The packet before was comfort noise.
const NOISE: u8 = 1 << 4;
/// While one of these is set, no packet is foreseen.
const UNUSUAL: u8 = FRESH | UNSTEADY | UNCLOCKED | SILENT | NOISE;
/// Something was lost.
const LOSSY: u8 = 1 << 5;
/// The last loss was a single packet, so far in no burst.
const ISOLATED: u8 = 1 << 6;
/// The entry is in use.
const LIVE: u8 = 1 << 7;

/// The first byte of a foreseen packet over IPv4.
const FORESEEN: u64 = FIRST;
/// In its place, that of one over IPv6: what a glance is at over the one is never foreseen over the other, which needs no other
/// comparison.
const FORESEEN_V6: u64 = 0;
/// In its place, where nothing is foreseen: there is no version 3.
const UNFORESEEN: u64 = 0xc0 << 56;
/// Foreseen packets that are settled at once, no more than `arrived` has bits.
const SETTLED_AT_ONCE: u16 = 64;
/// What one of them adds to `pending`, which then is zero again after so many.
const PENDING: u8 = (256 / SETTLED_AT_ONCE) as u8;

/// One stream's entry in the table. The order of its fields is fixed: all that a foreseen packet needs lies in the first
/// cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct Stream {
    /// The addresses and the clue of its [`Name`].
    addresses: u64,
    clue: Clue,
    /// The first eight bytes of the next packet, should it be the usual one, but for the first byte: see [`FORESEEN`].
    /// Sequence number and timestamp are right even when nothing is foreseen.
    next: u64,
    pub last_at: Nanos,
    octets: u64,
    jitter_ms: f32,
    /// How long `step` takes.
    spacing_ms: f32,
    /// The longest gap, in units of 1,024 ns: a shift instead of a division, and 73 minutes.
    gap_max: u32,
    pub owner: u32,
    /// Timestamp ticks from one packet to the next.
    step: u16,
    payload_type: u8,
    clock: Clock,
    codec: Codec,
    flags: u8,
    /// Foreseen packets that `packets`, `run` and `arrived` do not know of yet, times [`PENDING`].
    pending: u8,

    /// The rest of its [`Name`].
    rest: [u64; 3],
    first_at: Nanos,
    /// Which of the last 64 sequence numbers arrived; bit 0 is the highest.
    arrived: u64,
    packets: u32,
    /// Expected packets of the sequence since it began (RFC 3550 §A.3).
    run: u32,
    oddity: Option<OddityId>,
    last_lost: u16,
    lost_in_bursts: u16,
    loss_runs: u16,
    dtmf: u8,
    comfort_noise: u8,
    /// Who is to see every packet beside the stream, a bit each: while anybody is, none is foreseen.
    attended: u8,
}

const _: () = assert!(size_of::<Stream>() == 128);

/// The longest gap after one that is longer, unless that one is so much only because it goes backwards.
#[cold]
fn longest(gap_max: u32, gap: u64) -> u32 {
    if gap.cast_signed() < 0 { gap_max } else { u32::try_from(gap >> 10).unwrap_or(u32::MAX) }
}

/// Who may want to see every packet of a stream, beside the stream itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attendant {
    /// Whoever listens to what is said.
    Listener,
    /// Whoever keeps headers.
    Keeper,
}

impl Attendant {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// What a sequence number is to those before it.
enum Place {
    /// The next after so many that were lost.
    Ahead { lost: u16 },
    /// One seen before.
    Again,
    /// One that others overtook.
    Late { by: u16 },
    /// Nowhere near.
    Far,
}

impl Stream {
    pub fn new(name: Name, owner: u32, media: Media, at: Nanos) -> Self {
        let Name { addresses, clue, rest } = name;
        let mut stream = Self {
            addresses,
            clue,
            next: UNFORESEEN,
            last_at: at,
            octets: 0,
            jitter_ms: 0.0,
            spacing_ms: 0.0,
            gap_max: 0,
            owner,
            step: 0,
            payload_type: NO_TYPE,
            clock: Clock::UNKNOWN,
            codec: Codec::Unknown,
            flags: LIVE | FRESH,
            pending: 0,
            rest,
            first_at: at,
            arrived: 0,
            packets: 0,
            run: 0,
            oddity: None,
            last_lost: 0,
            lost_in_bursts: 0,
            loss_runs: 0,
            dtmf: NO_TYPE,
            comfort_noise: NO_TYPE,
            attended: 0,
        };
        stream.set_media(media);
        stream
    }

    pub fn set_media(&mut self, media: Media) {
        self.codec = media.codec;
        self.clock = media.clock;
        self.dtmf = media.dtmf.unwrap_or(NO_TYPE);
        self.comfort_noise = media.comfort_noise.unwrap_or(NO_TYPE);
        self.settle();
        self.foresee();
    }

    /// Whether somebody is to see every packet beside the stream.
    pub fn attend(&mut self, by: Attendant, attends: bool) {
        self.attended = self.attended & !by.bit() | if attends { by.bit() } else { 0 };
        self.settle();
        self.foresee();
    }

    pub const fn is_attended(&self, by: Attendant) -> bool {
        self.attended & by.bit() != 0
    }

    /// What a payload type of it carries: what the type says by itself, or what signalling said of the stream's own.
    pub fn codec_of(&self, payload_type: u8) -> Codec {
        match static_payload(payload_type) {
            Some((codec, _)) => codec,
            None if payload_type == self.payload_type => self.codec,
            None => Codec::Unknown,
        }
    }

    /// The payload type that it is at, and what it is taken to carry.
    pub const fn spoken(&self) -> (u8, Codec) {
        (self.payload_type, self.codec)
    }

    pub const fn is_live(&self) -> bool {
        self.flags & LIVE != 0
    }

    /// Whether this is the live entry of the stream of this name.
    #[inline(always)]
    pub fn is(&self, name: &Name) -> bool {
        self.is_live() & (self.name() == *name)
    }

    /// What it is called, as the table holds it.
    pub const fn name(&self) -> Name {
        Name { addresses: self.addresses, clue: self.clue, rest: self.rest }
    }

    /// What it is called.
    pub const fn key(&self) -> StreamKey {
        self.name().key()
    }

    /// Empties the entry and gives its oddity back.
    pub fn clear(&mut self, oddities: &mut Oddities) {
        (self.flags, self.next) = (0, UNFORESEEN);
        oddities.release(self.oddity.take());
    }

    /// Whether this packet over IPv4 is the one that was foreseen, and how far from the time it was expected at, in ms.
    #[inline(always)]
    pub fn foresaw(&self, glance: &Glance, at: Nanos) -> Option<f32> {
        if self.next != glance.word || self.addresses != glance.addresses || self.clue != glance.clue {
            return None;
        }
        self.deviation(at)
    }

    /// The same of a packet over IPv6, whose addresses need the second cache line.
    #[inline(always)]
    pub fn foresaw_v6(&self, glance: &GlanceV6, at: Nanos) -> Option<f32> {
        if self.rest == glance.rest { self.foresaw(&glance.near, at) } else { None }
    }

    /// How far from the time it was expected at the next packet comes, in ms; `None` where that makes it a jump.
    #[inline(always)]
    fn deviation(&self, at: Nanos) -> Option<f32> {
        let deviation = (self.gap(at).cast_signed() as f32 * 1e-6 - self.spacing_ms).abs();
        (deviation <= JUMP_MS).then_some(deviation)
    }

    /// Time since the last packet in ns, of which the sign bit says that it was stamped later.
    #[inline(always)]
    const fn gap(&self, at: Nanos) -> u64 {
        at.get().wrapping_sub(self.last_at.get())
    }

    /// Notes when a packet came.
    #[inline(always)]
    fn clocked(&mut self, at: Nanos) {
        let gap = self.gap(at);
        if gap >> 10 > u64::from(self.gap_max) {
            self.gap_max = longest(self.gap_max, gap);
        }
        self.last_at = at;
    }

    /// Counts a packet that was foreseen.
    #[inline(always)]
    pub fn arrive(&mut self, at: Nanos, deviation_ms: f32, payload_octets: u16) {
        self.clocked(at);
        self.octets += u64::from(payload_octets);
        self.jitter_ms += (deviation_ms - self.jitter_ms) * (1.0 / 16.0);
        self.next = self.next.wrapping_add(1 << 32 | u64::from(self.step));
        self.pending = self.pending.wrapping_add(PENDING);
        if self.pending == 0 {
            self.settle_packets(SETTLED_AT_ONCE);
            self.foresee();
        }
    }

    /// Counts one packet.
    #[inline]
    pub fn update(&mut self, at: Nanos, header: &Header, oddities: &mut Oddities) {
        if self.next | FORESEEN == header.word()
            && let Some(deviation) = self.deviation(at)
        {
            return self.arrive(at, deviation, header.payload_octets);
        }
        self.unusual(at, *header, oddities);
    }

    /// Writes down what the next packet will be. Nothing is foreseen where one number would run over into the next.
    fn foresee(&mut self) {
        let (highest, timestamp) = (self.highest(), self.timestamp());
        let far = timestamp.checked_add(u32::from(SETTLED_AT_ONCE) * u32::from(self.step));
        let near_wrap = highest >= u16::MAX - SETTLED_AT_ONCE || far.is_none();
        let unknown = self.clock == Clock::UNKNOWN || self.payload_type == NO_TYPE;
        let unusual = self.flags & UNUSUAL != 0 || unknown || near_wrap || self.attended != 0;
        let first = match (unusual, self.name().is_v4()) {
            (true, _) => UNFORESEEN,
            (false, true) => FORESEEN,
            (false, false) => FORESEEN_V6,
        };
        self.next = first | u64::from(self.payload_type) << 48 | self.next & 0xffff_ffff_ffff;
        self.spacing_ms = f32::from(self.step) * self.clock.ms_per_tick();
    }

    /// Brings up to date what foreseen packets left behind.
    fn settle(&mut self) {
        self.settle_packets(u16::from(self.pending / PENDING));
    }

    #[cold]
    fn settle_packets(&mut self, packets: u16) {
        self.packets = self.packets.wrapping_add(u32::from(packets));
        self.run = self.run.wrapping_add(u32::from(packets));
        self.arrived = !(!self.arrived).checked_shl(u32::from(packets)).unwrap_or(0);
        self.pending = 0;
    }

    /// The highest sequence number.
    const fn highest(&self) -> u16 {
        ((self.next >> 32) as u16).wrapping_sub(1)
    }

    const fn set_highest(&mut self, sequence: u16) {
        self.next = self.next & !(0xffff << 32) | (sequence.wrapping_add(1) as u64) << 32;
    }

    /// The timestamp of the last packet that had one of its own.
    const fn timestamp(&self) -> u32 {
        (self.next as u32).wrapping_sub(self.step as u32)
    }

    const fn set_timestamp(&mut self, timestamp: u32) {
        self.next = self.next & !0xffff_ffff | timestamp.wrapping_add(self.step as u32) as u64;
    }

    const fn set_step(&mut self, step: u16) {
        let timestamp = self.timestamp();
        self.step = step;
        self.set_timestamp(timestamp);
    }

    fn advance(&mut self, sequence: u16, by: u16) {
        self.run = self.run.wrapping_add(u32::from(by));
        self.set_highest(sequence);
        self.arrived = self.arrived.checked_shl(u32::from(by)).unwrap_or(0) | 1;
    }

    /// Notes when a packet came, and which timestamp it had.
    fn came(&mut self, at: Nanos, timestamp: u32) {
        self.clocked(at);
        self.set_timestamp(timestamp);
    }

    /// A packet without news: the stream is not silent all the same. Only once in a while, since the next packet's
    /// spacing is then lost.
    fn heard(&mut self, at: Nanos) {
        if at.nanos_since(self.last_at) > HEARD_NANOS {
            self.last_at = at;
            self.flags |= UNCLOCKED | UNSTEADY;
        }
    }

    /// Jitter as RFC 3550 §A.8, in ms: D is the difference in spacing of this packet and the one before. `false` where
    /// the timestamp jumped, which is no jitter.
    #[inline]
    fn measure(&mut self, at: Nanos, step: u32) -> bool {
        if self.clock == Clock::UNKNOWN {
            self.measure_clock(at);
            return true;
        }
        let arrival_ms = at.get().wrapping_sub(self.last_at.get()).cast_signed() as f32 * 1e-6;
        let deviation = (arrival_ms - step.cast_signed() as f32 * self.clock.ms_per_tick()).abs();
        if deviation > JUMP_MS {
            return false;
        }
        self.jitter_ms += (deviation - self.jitter_ms) * (1.0 / 16.0);
        true
    }

    #[cold]
    fn jumped(&mut self, oddities: &mut Oddities) {
        if let Some(oddity) = oddities.of(&mut self.oddity) {
            oddity.timestamp_jumps = oddity.timestamp_jumps.saturating_add(1);
        }
    }

    /// Nobody said how fast the clock runs: what the steps add up to over the time they took says it, if they were even
    /// and no silence lay between.
    #[cold]
    fn measure_clock(&mut self, at: Nanos) {
        if self.packets < CLOCK_PACKETS_MIN || !self.packets.is_power_of_two() {
            return;
        }
        let ticks = f64::from(self.run.saturating_sub(1)) * f64::from(self.step);
        let rate = ticks * 1e9 / at.nanos_since(self.first_at).max(1) as f64;
        self.clock = Clock::nearest(rate, CLOCK_TOLERANCE);
    }

    fn place(&self, sequence: u16) -> Place {
        let ahead = sequence.wrapping_sub(self.highest());
        let behind = self.highest().wrapping_sub(sequence);
        match (ahead, behind) {
            (0, _) => Place::Again,
            (1..DROPOUT_MAX, _) => Place::Ahead { lost: ahead - 1 },
            (_, 1..64) if self.arrived >> behind & 1 == 1 => Place::Again,
            // Past the window nobody knows whether it came before: RFC 3550 §A.1 lets either be.
            (_, ..MISORDER_MAX) => Place::Late { by: behind },
            _ => Place::Far,
        }
    }

    #[cold]
    #[inline(never)]
    fn unusual(&mut self, at: Nanos, header: Header, oddities: &mut Oddities) {
        let header = &header;
        self.settle();
        self.packets = self.packets.wrapping_add(1);
        self.octets += u64::from(header.payload_octets);
        if self.flags & FRESH != 0 {
            self.begin(at, header, oddities);
        } else {
            self.go_on(at, header, oddities);
        }
        self.foresee();
    }

    fn go_on(&mut self, at: Nanos, header: &Header, oddities: &mut Oddities) {
        match self.place(header.sequence) {
            Place::Again => {
                // It says nothing new about the clock or the silence: only that something doubles packets.
                if let Some(oddity) = oddities.of(&mut self.oddity) {
                    oddity.duplicates = oddity.duplicates.saturating_add(1);
                }
                self.heard(at);
            }
            Place::Far => self.stray(at, header, oddities),
            Place::Late { by } => {
                self.late(header.sequence, by, oddities);
                self.of_type(at, header, None, oddities);
                self.flags |= UNSTEADY;
            }
            Place::Ahead { lost } => {
                if lost != 0 {
                    self.lose(lost);
                }
                self.advance(header.sequence, lost + 1);
                self.of_type(at, header, Some(lost + 1), oddities);
            }
        }
    }

    /// The first packet. Nothing before it is lost, since nobody knows what the capture did not see.
    fn begin(&mut self, at: Nanos, header: &Header, oddities: &mut Oddities) {
        self.flags &= !FRESH;
        self.begin_sequence(header.sequence);
        self.payload_type = header.payload_type;
        self.first_at = at;
        self.last_at = at;
        self.set_timestamp(header.timestamp);
        let (event, noise) = (header.payload_type == self.dtmf, self.is_noise(header.payload_type));
        if event || noise {
            // The stream's own type is still to come.
            self.payload_type = NO_TYPE;
            self.count_beside(header.payload_type, oddities);
        }
        if event {
            self.event(header, oddities);
            self.flags |= UNCLOCKED;
        } else if noise {
            self.noise(oddities);
        }
    }

    fn begin_sequence(&mut self, sequence: u16) {
        self.set_highest(sequence);
        (self.run, self.arrived) = (1, 1);
        self.flags &= !(LOSSY | ISOLATED);
    }

    /// RFC 3550 §A.1: a packet far off counts for nothing until its successor proves that the sender began anew.
    fn stray(&mut self, at: Nanos, header: &Header, oddities: &mut Oddities) {
        if let Some(oddity) = oddities.of(&mut self.oddity) {
            if oddity.proof != Some(header.sequence) {
                oddity.proof = Some(header.sequence.wrapping_add(1));
                oddity.strays = oddity.strays.saturating_add(1);
                return self.heard(at);
            }
            oddity.proof = None;
            oddity.strays = oddity.strays.saturating_sub(1);
            oddity.restarts = oddity.restarts.saturating_add(1);
            oddity.prior_expected = oddity.prior_expected.saturating_add(self.run);
        }
        self.begin_sequence(header.sequence.wrapping_sub(1));
        self.advance(header.sequence, 1);
        self.flags |= UNCLOCKED | UNSTEADY;
        self.of_type(at, header, None, oddities);
    }

    fn lose(&mut self, lost: u16) {
        let first = self.highest().wrapping_add(1);
        let near = self.flags & LOSSY != 0 && first.wrapping_sub(self.last_lost) <= BURST_GAP_MIN;
        let joined = u16::from(near && self.flags & ISOLATED != 0);
        if near || lost > 1 {
            self.lost_in_bursts = self.lost_in_bursts.saturating_add(lost).saturating_add(joined);
            self.flags &= !ISOLATED;
        } else {
            self.flags |= ISOLATED;
        }
        self.loss_runs = self.loss_runs.saturating_add(1);
        self.last_lost = self.highest().wrapping_add(lost);
        self.flags |= LOSSY;
    }

    fn late(&mut self, sequence: u16, by: u16, oddities: &mut Oddities) {
        if let Some(oddity) = oddities.of(&mut self.oddity) {
            oddity.reordered = oddity.reordered.saturating_add(1);
        }
        self.arrived |= 1_u64.checked_shl(u32::from(by)).unwrap_or(0);
        if self.run <= u32::from(by) {
            // It was sent before the first that was seen: the sequence begins with it.
            self.run = u32::from(by) + 1;
        } else if self.flags & ISOLATED != 0 && sequence == self.last_lost {
            self.flags &= !ISOLATED;
            self.loss_runs = self.loss_runs.saturating_sub(1);
        } else {
            self.lost_in_bursts = self.lost_in_bursts.saturating_sub(1);
        }
    }

    const fn is_noise(&self, payload_type: u8) -> bool {
        matches!(payload_type, 13 | 19) || payload_type == self.comfort_noise
    }

    /// What the packet says beyond its number. `ahead` is how far it moved the sequence; `None` where the step from the
    /// packet before says nothing.
    fn of_type(&mut self, at: Nanos, header: &Header, ahead: Option<u16>, oddities: &mut Oddities) {
        if header.payload_type == self.dtmf {
            // Events keep the timestamp of their beginning, so they say nothing about the clock.
            self.event(header, oddities);
            self.count_beside(header.payload_type, oddities);
            self.came(at, self.timestamp());
            self.flags |= UNCLOCKED | UNSTEADY;
            return;
        }
        let noise = self.is_noise(header.payload_type);
        if noise {
            self.count_beside(header.payload_type, oddities);
        } else if header.payload_type != self.payload_type {
            self.change_type(header.payload_type, oddities);
        }
        let step = header.timestamp.wrapping_sub(self.timestamp());
        let clocked = self.flags & UNCLOCKED == 0;
        if clocked && !self.measure(at, step) {
            self.jumped(oddities);
        } else if let Some(ahead) = ahead
            && self.flags & UNSTEADY == 0
        {
            self.step(header, step, ahead, noise, oddities);
        }
        self.flags &= !(UNCLOCKED | UNSTEADY | NOISE);
        if noise {
            self.noise(oddities);
        }
        self.came(at, header.timestamp);
    }

    /// What a step of the timestamp says when the sequence went on: silence, speech again, or another packet time.
    fn step(&mut self, header: &Header, step: u32, ahead: u16, noise: bool, oddities: &mut Oddities) {
        let usual = u32::from(self.step);
        let pause = ahead == 1 && usual != 0 && step > SILENCE_STEPS * usual && step <= i32::MAX.cast_unsigned();
        let silent_ticks = match (self.flags & NOISE != 0, pause && self.speaks()) {
            (true, _) if step <= i32::MAX.cast_unsigned() => step,
            (false, true) => step - usual,
            _ => 0,
        };
        let silent = self.flags & SILENT != 0 || silent_ticks != 0;
        let speaks = !noise && silent && (header.marker || step == usual || self.flags & NOISE != 0);
        if silent {
            let silent_ms = silent_ticks as f32 * self.clock.ms_per_tick();
            if let Some(oddity) = oddities.of(&mut self.oddity) {
                oddity.silent_ms += silent_ms;
                oddity.resumed = oddity.resumed.saturating_add(u16::from(speaks));
            }
        }
        self.flags = if speaks || !silent { self.flags & !SILENT } else { self.flags | SILENT };
        if ahead == 1 && step != usual && !header.marker && !noise && self.flags & NOISE == 0 {
            self.learn_step(header.sequence, step, oddities);
        }
    }

    /// Whether pauses of its timestamps are silence: pictures have a clock of their own and step as they please.
    fn speaks(&self) -> bool {
        matches!(self.codec.content(), Content::Audio | Content::Unknown) && self.clock != Clock::VIDEO
    }

    /// Takes another step for the stream's own once it has been seen often enough in a row.
    fn learn_step(&mut self, sequence: u16, step: u32, oddities: &mut Oddities) {
        let Ok(step) = u16::try_from(step) else { return };
        if self.step == 0 && self.run <= 2 {
            self.set_step(step);
            return;
        }
        let Some(oddity) = oddities.of(&mut self.oddity) else { return };
        let in_a_row = oddity.step == step && oddity.step_sequence.wrapping_add(1) == sequence;
        oddity.step_seen = if in_a_row { oddity.step_seen.saturating_add(1) } else { 1 };
        (oddity.step, oddity.step_sequence) = (step, sequence);
        let needed = if step < self.step || self.step == 0 { SHORTER_STEP_SEEN } else { LONGER_STEP_SEEN };
        if oddity.step_seen >= needed {
            self.set_step(step);
        }
    }

    fn noise(&mut self, oddities: &mut Oddities) {
        if let Some(oddity) = oddities.of(&mut self.oddity) {
            oddity.comfort_noise_packets = oddity.comfort_noise_packets.saturating_add(1);
        }
        self.flags |= SILENT | NOISE;
    }

    /// RFC 4733 §2.4.1: all packets of an event carry the timestamp of its beginning, and it is sent three times at
    /// its end, so that the timestamp counts it. Which digit it is nobody looks at.
    fn event(&mut self, header: &Header, oddities: &mut Oddities) {
        let Some(oddity) = oddities.of(&mut self.oddity) else { return };
        let later = header.timestamp.wrapping_sub(oddity.dtmf_timestamp).cast_signed() > 0;
        if oddity.dtmf_packets == 0 || later {
            oddity.dtmf_events = oddity.dtmf_events.saturating_add(1);
            oddity.dtmf_timestamp = header.timestamp;
        }
        oddity.dtmf_packets = oddity.dtmf_packets.saturating_add(1);
    }

    /// Packets of a type beside the stream's own, which goes on after them.
    fn count_beside(&mut self, payload_type: u8, oddities: &mut Oddities) {
        if payload_type != self.payload_type
            && let Some(oddity) = oddities.of(&mut self.oddity)
        {
            oddity.count_type(payload_type, 1);
        }
    }

    fn change_type(&mut self, payload_type: u8, oddities: &mut Oddities) {
        if self.payload_type != NO_TYPE
            && let Some(oddity) = oddities.of(&mut self.oddity)
        {
            let before = self.packets.wrapping_sub(1);
            oddity.count_type(self.payload_type, before.saturating_sub(oddity.attributed()));
            oddity.type_changes = oddity.type_changes.saturating_add(1);
        }
        self.payload_type = payload_type;
        if let Some((_, rate)) = static_payload(payload_type) {
            let clock = Clock::of_rate(rate);
            self.flags |= if clock == self.clock { 0 } else { UNCLOCKED | UNSTEADY };
            self.clock = clock;
        }
    }

    pub fn figures(mut self, oddities: &Oddities) -> Figures {
        self.settle();
        let none = Default::default();
        let oddity = oddities.get(self.oddity).unwrap_or(&none);
        if self.flags & FRESH != 0 {
            return Figures { first_at: self.first_at, last_at: self.last_at, codec: self.codec, ..Figures::default() };
        }
        let expected = u64::from(oddity.prior_expected) + u64::from(self.run);
        let other = u64::from(oddity.duplicates) + u64::from(oddity.strays);
        let lost = expected.saturating_sub(u64::from(self.packets).saturating_sub(other));
        let ms_per_tick = Some(self.clock.ms_per_tick()).filter(|_| self.clock != Clock::UNKNOWN);
        Figures {
            first_at: self.first_at,
            // A clock that was set back leaves the last packet before the first.
            last_at: self.last_at.max(self.first_at),
            codec: self.codec,
            clock_rate: self.clock.rate(),
            packets: u64::from(self.packets),
            octets: self.octets,
            expected,
            lost,
            lost_in_bursts: u64::from(self.lost_in_bursts).min(lost),
            loss_runs: u64::from(self.loss_runs).min(lost),
            duplicates: u64::from(oddity.duplicates),
            reordered: u64::from(oddity.reordered),
            strays: u64::from(oddity.strays),
            restarts: u64::from(oddity.restarts),
            timestamp_jumps: u64::from(oddity.timestamp_jumps),
            jitter_ms: ms_per_tick.map(|_| self.jitter_ms),
            gap_max_ms: self.gap_max as f32 * 1.024e-3,
            payload_types: PayloadTypes::of(self.payload_type, self.packets, oddity),
            ptime_ms: ms_per_tick.filter(|_| self.step != 0).map(|ms| f32::from(self.step) * ms),
            silent_ms: oddity.silent_ms,
            comfort_noise_packets: u64::from(oddity.comfort_noise_packets),
            talk_spurts: 1 + u64::from(oddity.resumed),
            dtmf_events: u64::from(oddity.dtmf_events),
            dtmf_packets: u64::from(oddity.dtmf_packets),
        }
    }
}

#[cfg(test)]
mod tests;

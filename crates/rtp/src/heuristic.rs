//! Finds streams that nobody signalled: by how packets follow one another, since one packet alone proves nothing.
//!
//! RTP has no magic number, but few protocols count in their third and fourth byte, keep a clock of plausible speed in
//! the next four and stay the same in the four after that. What other protocols look like is no concern here: the
//! caller has asked [`crate::demux`] before.

use foldhash::quality::FixedState;
use hashbrown::HashTable;
use types::{Losses, Nanos, Why};

use crate::codec::static_payload;
use crate::index::hash;
use crate::key::StreamKey;
use crate::packet::{Header, Packet};

/// Packets of a candidate that are remembered: by then it is a stream, or none. Twice what the decision needs, for
/// captures that hold every packet twice.
const PACKETS_MAX: usize = 16;
/// Packets that make a stream of a payload type that RFC 3551 assigns.
const STATIC_PACKETS: usize = 5;
/// The same of a dynamic type, of which there are many.
const DYNAMIC_PACKETS: usize = 6;
/// The same of a type that telephony does not use, or of timestamps that stand still: eight sequence numbers in a row.
const ODD_PACKETS: usize = 8;
/// Most that a sequence number leads the one before, or lags behind it: digits alone are sent with speech left out.
const SEQUENCE_STEP_MAX: u16 = 64;
/// Longest pause between two packets, ns: comfort noise comes more often.
const PAUSE_NANOS_MAX: u64 = 5_000_000_000;
/// Slowest and fastest clock in Hz that a run of timestamps may show: 8 kHz to 90 kHz, and what bursts do to them.
const CLOCK_RATES: std::ops::RangeInclusive<f64> = 2_000.0..=250_000.0;
/// How far a static type's clock may seem off: packets come in bursts.
const CLOCK_FACTOR: f64 = 4.0;
/// Shorter runs in ns say nothing about the clock.
const RUN_NANOS_MIN: u64 = 30_000_000;
/// Ticks of a second of the fastest clock: how far a timestamp may run ahead of the arrivals.
const TICKS_AHEAD_MAX: u64 = 96_000;
/// Times the pattern may break before a candidate is taken for something else for good.
const BREAKS_MAX: u8 = 3;
/// Octets of a payload from which on it may be a piece of a picture, whose packets share a timestamp.
const PICTURE_OCTETS_MIN: u16 = 200;
/// Octets of an RFC 4733 event.
const EVENT_OCTETS: u16 = 4;

/// Limits of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeuristicConfig {
    /// Candidates remembered at once, 440 bytes each; past it the first seen is dropped.
    pub candidates_max: u32,
    /// Makes the hash of a key unforeseeable to those who choose keys; results do not depend on it.
    pub seed: u64,
}

impl Default for HeuristicConfig {
    fn default() -> Self {
        Self { candidates_max: 1 << 13, seed: 0 }
    }
}

/// A stream found by its looks, or a candidate that signalling has named since, with the packets it had so far.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    key: StreamKey,
    packets: [(Nanos, Header); PACKETS_MAX],
    length: u8,
}

impl Found {
    fn new(key: StreamKey, at: Nanos, header: Header) -> Self {
        Self { key, packets: [(at, header); PACKETS_MAX], length: 1 }
    }

    /// Its name.
    #[must_use]
    pub const fn key(&self) -> &StreamKey {
        &self.key
    }

    /// When its first packet came.
    #[must_use]
    pub const fn first_at(&self) -> Nanos {
        let [(at, _), ..] = self.packets;
        at
    }

    /// The payload type of its first packet.
    #[must_use]
    pub const fn payload_type(&self) -> u8 {
        let [(_, header), ..] = self.packets;
        header.payload_type
    }

    /// Its packets, in the order they came, at most sixteen.
    pub fn packets(&self) -> impl Iterator<Item = (Nanos, Header)> + Clone + '_ {
        self.packets.iter().take(usize::from(self.length)).copied()
    }

    fn push(&mut self, at: Nanos, header: Header) -> bool {
        let Some(place) = self.packets.get_mut(usize::from(self.length)) else { return false };
        *place = (at, header);
        self.length += 1;
        true
    }
}

/// A flow that may be a stream.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    found: Found,
    /// Times the pattern broke.
    breaks: u8,
}

const _: () = assert!(size_of::<Option<Candidate>>() <= 440);

/// Counts of the search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeuristicTally {
    /// Packets that were looked at.
    pub offered: u64,
    /// Candidates that became streams.
    pub found: u64,
    /// Candidates dropped at the limit before they were decided.
    pub evicted: u64,
}

impl Losses for HeuristicTally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("rtp_candidates_evicted", self.evicted);
    }
}

/// The search for streams without signalling.
#[derive(Debug)]
pub struct Heuristic {
    hasher: FixedState,
    index: HashTable<u32>,
    /// Candidates in the order they were first seen, as a ring once it is full; `None` where one was decided.
    ring: Vec<Option<Candidate>>,
    next: u32,
    candidates_max: u32,
    tally: HeuristicTally,
}

impl Heuristic {
    /// A search that has seen nothing.
    #[must_use]
    pub fn new(config: HeuristicConfig) -> Self {
        Self {
            hasher: FixedState::with_seed(config.seed),
            index: HashTable::new(),
            ring: Vec::new(),
            next: 0,
            candidates_max: config.candidates_max.max(1),
            tally: HeuristicTally::default(),
        }
    }

    /// What was counted so far.
    #[must_use]
    pub const fn tally(&self) -> HeuristicTally {
        self.tally
    }

    /// Looks at a packet of no known stream; the stream, this packet included, when it is the one that proves it.
    pub fn offer(&mut self, key: &StreamKey, at: Nanos, header: &Header, payload: &[u8]) -> Option<Found> {
        if !may_be_rtp(header, payload) {
            return None;
        }
        self.tally.offered += 1;
        let hash = hash(&self.hasher, key);
        let Some(place) = self.look_up(hash, key) else {
            self.remember(hash, Candidate { found: Found::new(*key, at, *header), breaks: 0 });
            return None;
        };
        let candidate = self.ring.get_mut(place as usize)?.as_mut()?;
        if !candidate.proven_by(at, *header) {
            return None;
        }
        self.tally.found += 1;
        self.remove(hash, key)
    }

    /// The packets of a flow that signalling has named since: early media arrives before the answer that announces it.
    pub fn take(&mut self, key: &StreamKey) -> Option<Found> {
        self.remove(hash(&self.hasher, key), key)
    }

    fn look_up(&self, hash: u64, key: &StreamKey) -> Option<u32> {
        let is_it = |&place: &u32| matches!(self.ring.get(place as usize), Some(Some(candidate)) if candidate.found.key == *key);
        self.index.find(hash, is_it).copied()
    }

    fn remove(&mut self, hash: u64, key: &StreamKey) -> Option<Found> {
        let place = self.look_up(hash, key)?;
        if let Ok(entry) = self.index.find_entry(hash, |&other| other == place) {
            entry.remove();
        }
        Some(self.ring.get_mut(place as usize)?.take()?.found)
    }

    fn remember(&mut self, key_hash: u64, candidate: Candidate) {
        let place = self.next;
        self.next = (self.next + 1) % self.candidates_max;
        match self.ring.get(place as usize) {
            Some(Some(old)) => {
                let key = old.found.key;
                self.tally.evicted += u64::from(old.breaks < BREAKS_MAX);
                self.remove(hash(&self.hasher, &key), &key);
            }
            Some(None) => {}
            None => self.ring.push(None),
        }
        if let Some(slot) = self.ring.get_mut(place as usize) {
            *slot = Some(candidate);
        }
        let (hasher, ring) = (&self.hasher, &self.ring);
        self.index.insert_unique(key_hash, place, |&place| match ring.get(place as usize) {
            Some(Some(candidate)) => hash(hasher, &candidate.found.key),
            _ => 0,
        });
    }
}

/// What one packet alone can speak against.
fn may_be_rtp(header: &Header, payload: &[u8]) -> bool {
    // RFC 5761 §4: these are RTCP's SR to APP with the marker's bit cleared.
    if matches!(header.payload_type, 72..=76) || header.payload_octets == 0 {
        return false;
    }
    match payload.first() {
        Some(0x80) => true,
        // Padding is no reason: SRTP encrypts its count.
        _ => match Packet::parse(payload) {
            Ok(_) => true,
            Err(malformed) => malformed.why == Why::Length,
        },
    }
}

/// How a packet follows the latest one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follows {
    /// So many sequence numbers later, so many ticks later.
    Later { by: u16, ticks: u32 },
    /// Seen before, or overtaken: neither for nor against.
    NotLater,
    /// Not as RTP does.
    Broken,
}

fn follows((before_at, before): (Nanos, Header), (at, header): (Nanos, Header)) -> Follows {
    let by = header.sequence.wrapping_sub(before.sequence);
    let ticks = header.timestamp.wrapping_sub(before.timestamp);
    let pause = at.nanos_since(before_at);
    let ticks_max = TICKS_AHEAD_MAX + pause / 10_000;
    let another_type = header.payload_type != before.payload_type;
    match by {
        _ if pause > PAUSE_NANOS_MAX => Follows::Broken,
        0 if ticks == 0 => Follows::NotLater,
        1..=SEQUENCE_STEP_MAX if u64::from(ticks) <= ticks_max => Follows::Later { by, ticks },
        // Digits keep the timestamp of their beginning, so that speech around them is a little ahead.
        1..=SEQUENCE_STEP_MAX if another_type && u64::from(ticks.wrapping_neg()) <= TICKS_AHEAD_MAX => {
            Follows::NotLater
        }
        _ if by > SEQUENCE_STEP_MAX.wrapping_neg() && u64::from(ticks.wrapping_neg()) <= ticks_max => Follows::NotLater,
        _ => Follows::Broken,
    }
}

impl Candidate {
    /// Takes a packet; whether the candidate is a stream with it.
    fn proven_by(&mut self, at: Nanos, header: Header) -> bool {
        if self.breaks >= BREAKS_MAX {
            return false;
        }
        let latest = self.found.packets().reduce(|latest, packet| match follows(latest, packet) {
            Follows::Later { .. } => packet,
            _ => latest,
        });
        let broken = latest.is_none_or(|latest| follows(latest, (at, header)) == Follows::Broken);
        if broken || !self.found.push(at, header) {
            // A sender may begin anew; what came before is then not credited to what comes.
            self.breaks += 1;
            self.found = Found::new(self.found.key, at, header);
            return false;
        }
        usize::from(self.found.length) >= STATIC_PACKETS && Evidence::of(&self.found).is_enough()
    }
}

/// What the packets of a candidate have in common.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    /// Packets that came later in sequence than all before, the first included.
    packets: usize,
    /// Those of them that were the very next.
    next: usize,
    /// Those whose timestamp moved by the stream's usual step for each sequence number.
    even: usize,
    /// Those whose timestamp stood still.
    still: usize,
    /// Payload types.
    types: usize,
    first_type: u8,
    ticks: u64,
    nanos: u64,
    octets_min: u16,
    octets_max: u16,
}

impl Evidence {
    fn of(found: &Found) -> Self {
        let step = usual_step(found);
        let [first, ..] = found.packets;
        let octets = first.1.payload_octets;
        let mut evidence = Self {
            packets: 1,
            types: 1,
            first_type: first.1.payload_type,
            octets_min: octets,
            octets_max: octets,
            ..Self::default()
        };
        let (mut latest, mut other_type) = (first, None);
        for packet in found.packets().skip(1) {
            let Follows::Later { by, ticks } = follows(latest, packet) else { continue };
            evidence.packets += 1;
            evidence.next += usize::from(by == 1);
            evidence.still += usize::from(ticks == 0);
            evidence.even += usize::from(ticks != 0 && step.map(|step| step.wrapping_mul(by.into())) == Some(ticks));
            evidence.ticks += u64::from(ticks);
            evidence.nanos += packet.0.nanos_since(latest.0);
            evidence.octets_min = evidence.octets_min.min(packet.1.payload_octets);
            evidence.octets_max = evidence.octets_max.max(packet.1.payload_octets);
            let payload_type = packet.1.payload_type;
            if payload_type != evidence.first_type && other_type != Some(payload_type) {
                evidence.types += 1;
                other_type = Some(payload_type);
            }
            latest = packet;
        }
        evidence
    }

    fn is_enough(&self) -> bool {
        let steps = self.packets - 1;
        let moving = self.still < steps;
        let needed = match self.first_type {
            _ if !moving => ODD_PACKETS,
            known if static_payload(known).is_some() => STATIC_PACKETS,
            96..=127 => DYNAMIC_PACKETS,
            _ => ODD_PACKETS,
        };
        let clock = if moving { self.clock_is_plausible() } else { self.may_stand_still() };
        // Most numbers follow the one before; or many were lost, but the timestamp knows by how many each time.
        let orderly = self.next + 1 >= steps && 2 * (self.even + self.still) >= steps;
        let lossy = self.even + 1 >= steps && steps >= ODD_PACKETS;
        self.packets >= needed && (orderly || lossy) && self.types <= 2 && clock
    }

    fn clock_is_plausible(&self) -> bool {
        if self.nanos < RUN_NANOS_MIN {
            return true;
        }
        let rate = self.ticks as f64 * 1e9 / self.nanos as f64;
        match static_payload(self.first_type) {
            Some((_, known)) => (1.0 / CLOCK_FACTOR..=CLOCK_FACTOR).contains(&(rate / f64::from(known))),
            None => CLOCK_RATES.contains(&rate),
        }
    }

    /// A digit's packets are all alike, and a picture's are large.
    const fn may_stand_still(&self) -> bool {
        (self.octets_min == EVENT_OCTETS && self.octets_max == EVENT_OCTETS) || self.octets_min >= PICTURE_OCTETS_MIN
    }
}

/// The commonest number of ticks from one sequence number to the next, the smaller of two equally common.
fn usual_step(found: &Found) -> Option<u32> {
    let steps = |wanted: Option<u32>| {
        let pairs = found.packets().zip(found.packets().skip(1));
        pairs
            .filter_map(|(before, packet)| match follows(before, packet) {
                Follows::Later { by, ticks } if ticks != 0 => Some(ticks / u32::from(by)),
                _ => None,
            })
            .filter(move |&step| wanted.is_none_or(|wanted| wanted == step))
    };
    steps(None).max_by_key(|&step| (steps(Some(step)).count(), std::cmp::Reverse(step)))
}

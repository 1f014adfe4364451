//! What RTCP adds up to for each stream: a bounded table beside that of the streams, since most links carry little of it.
//!
//! **Round trip at a tap.** A sender report passes the tap on its way to the far end, and the reception report that
//! names it passes on its way back; less the delay the far end states, the time between is the round trip from the tap
//! to that end. Reports of the other direction give the other half, and the whole is their sum. Where only one end
//! reports the sum is a lower bound; where the tap is at the other end it is the whole all the same.

use std::hash::{BuildHasher, Hasher};

use foldhash::quality::FixedState;
use hashbrown::HashTable;
use types::{Endpoint, Ip, Losses, Nanos};

use crate::key::StreamKey;
use crate::rtcp::{Compound, ReportBlock, Rtcp, VoipMetrics, XrBlock};

/// Longer round trips in ns are clocks that jumped, not networks.
const ROUND_TRIP_NANOS_MAX: u64 = 10_000_000_000;
/// Sides passed over at the limit because something was heard of them since they were last passed over.
const SECOND_CHANCES_MAX: u32 = 8;

/// Limits of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportsConfig {
    /// Sources remembered at once, 216 bytes each.
    pub sources_max: u32,
    /// Makes the hash of a key unforeseeable to those who choose keys; results do not depend on it.
    pub seed: u64,
}

impl Default for ReportsConfig {
    fn default() -> Self {
        Self { sources_max: 1 << 17, seed: 0 }
    }
}

/// What RTCP said of one stream.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RtcpFigures {
    /// Sender reports of the stream's source.
    pub sender_reports: u64,
    /// Packets it says it sent, in the last of them.
    pub sent_packets: Option<u32>,
    /// Reception reports about the stream, from the far end.
    pub reception_reports: u64,
    /// Packets the far end has lost, in the last of them; duplicates can make it negative.
    pub lost: Option<i32>,
    /// The worst share lost between two reports, 0 to 1.
    pub loss_share_max: f32,
    /// Jitter at the far end, in ticks of the stream's clock, in the last report.
    pub jitter_ticks: Option<u32>,
    /// Mean round trip from the tap to the far end, ms.
    pub far_ms: Option<f32>,
    /// Mean round trip from the tap to the stream's source, ms.
    pub near_ms: Option<f32>,
    /// What the far end's own ears said.
    pub voip: Option<VoipMetrics>,
    /// When the source said that it leaves.
    pub bye_at: Option<Nanos>,
    /// A hash of the source's canonical name: the same person, never who.
    pub canonical_name: Option<u64>,
}

impl RtcpFigures {
    /// The round trip between the ends, ms: as an end measured it, else the sum of what the tap saw.
    #[must_use]
    pub fn round_trip_ms(&self) -> Option<f32> {
        let told = self.voip.map(|voip| voip.round_trip_ms).filter(|&ms| ms != 0);
        match (told, self.far_ms, self.near_ms) {
            (Some(ms), ..) => Some(f32::from(ms)),
            (None, Some(far), Some(near)) => Some(far + near),
            (None, far, near) => far.or(near),
        }
    }
}

/// A source as RTCP knows it. Ports differ between RTP and RTCP, so addresses and SSRC must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SourceKey {
    from: Ip,
    to: Ip,
    ssrc: u32,
}

impl SourceKey {
    fn of(key: &StreamKey) -> Self {
        Self { from: key.source().ip, to: key.destination().ip, ssrc: key.ssrc() }
    }

    fn hash(&self, hasher: &FixedState) -> u64 {
        let mut state = hasher.build_hasher();
        let ([a, b], [c, d]) = (self.from.words(), self.to.words());
        for word in [a, b, c, d, u64::from(self.ssrc)] {
            state.write_u64(word);
        }
        state.finish()
    }
}

/// One source.
#[derive(Clone, Debug)]
struct Source {
    key: SourceKey,
    /// Something was heard of it since it was last passed over.
    fresh: bool,
    /// Its last sender report or receiver reference time: the middle of its NTP time, and when it passed the tap.
    marks: [Option<(u32, Nanos)>; 2],
    /// Sum and count of round trips to the far end, ns.
    far: (u64, u32),
    /// Who reports about it.
    reporter: Option<u32>,
    figures: RtcpFigures,
}

const _: () = assert!(size_of::<Option<Source>>() <= 216);

/// Which mark a report answers.
#[derive(Clone, Copy)]
enum Mark {
    SenderReport,
    ReceiverTime,
}

impl Source {
    const fn new(key: SourceKey) -> Self {
        Self { key, fresh: true, marks: [None; 2], far: (0, 0), reporter: None, figures: NO_FIGURES }
    }

    fn mark(&mut self, which: Mark, ntp_middle: u32, at: Nanos) {
        let [sender_report, receiver_time] = &mut self.marks;
        let mark = match which {
            Mark::SenderReport => sender_report,
            Mark::ReceiverTime => receiver_time,
        };
        *mark = Some((ntp_middle, at));
    }

    /// An answer to a mark, `delay` 65,536ths of a second after the far end had it.
    fn answered(&mut self, which: Mark, ntp_middle: u32, delay: u32, at: Nanos) {
        let [sender_report, receiver_time] = self.marks;
        let mark = match which {
            Mark::SenderReport => sender_report,
            Mark::ReceiverTime => receiver_time,
        };
        let Some((_, marked_at)) = mark.filter(|&(middle, _)| middle == ntp_middle && middle != 0) else { return };
        let waited = (u64::from(delay) * 1_000_000_000) >> 16;
        let Some(nanos) = at.nanos_since(marked_at).checked_sub(waited) else { return };
        if nanos <= ROUND_TRIP_NANOS_MAX {
            self.far = (self.far.0 + nanos, self.far.1 + 1);
        }
    }

    fn reported(&mut self, block: &ReportBlock, reporter: u32, at: Nanos) {
        self.answered(Mark::SenderReport, block.last_sender_report, block.delay, at);
        self.reporter = Some(reporter);
        let figures = &mut self.figures;
        figures.reception_reports += 1;
        figures.lost = Some(block.lost);
        figures.jitter_ticks = Some(block.jitter);
        figures.loss_share_max = figures.loss_share_max.max(f32::from(block.fraction_lost) / 256.0);
    }

    fn far_ms(&self) -> Option<f32> {
        let (sum, count) = self.far;
        (count != 0).then(|| (sum / u64::from(count)) as f32 * 1e-6)
    }
}

const NO_FIGURES: RtcpFigures = RtcpFigures {
    sender_reports: 0,
    sent_packets: None,
    reception_reports: 0,
    lost: None,
    loss_share_max: 0.0,
    jitter_ticks: None,
    far_ms: None,
    near_ms: None,
    voip: None,
    bye_at: None,
    canonical_name: None,
};

/// Counts of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportsTally {
    /// Datagrams that were read.
    pub datagrams: u64,
    /// Those whose contents were encrypted or cut off.
    pub protected: u64,
    /// Sources dropped at the limit.
    pub evicted: u64,
}

impl Losses for ReportsTally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("rtcp_sources_evicted", self.evicted);
    }
}

/// What RTCP said of every source.
#[derive(Debug)]
pub struct Reports {
    hasher: FixedState,
    index: HashTable<u32>,
    sources: Vec<Option<Source>>,
    free: Vec<u32>,
    /// Where the search for somebody to drop goes on.
    hand: u32,
    sources_max: u32,
    tally: ReportsTally,
}

impl Reports {
    /// An empty table.
    #[must_use]
    pub fn new(config: ReportsConfig) -> Self {
        Self {
            hasher: FixedState::with_seed(config.seed),
            index: HashTable::new(),
            sources: Vec::new(),
            free: Vec::new(),
            hand: 0,
            sources_max: config.sources_max.max(1),
            tally: ReportsTally::default(),
        }
    }

    /// What was counted so far.
    #[must_use]
    pub const fn tally(&self) -> ReportsTally {
        self.tally
    }

    /// Takes in a datagram of RTCP.
    pub fn observe(&mut self, at: Nanos, source: Endpoint, destination: Endpoint, compound: &Compound<'_>) {
        self.tally.datagrams += 1;
        self.tally.protected += u64::from(compound.is_protected());
        let (from, to) = (source.ip, destination.ip);
        let own = |ssrc| SourceKey { from, to, ssrc };
        let others = |ssrc| SourceKey { from: to, to: from, ssrc };
        for packet in compound.packets() {
            match packet {
                Rtcp::SenderReport { ssrc, sent, blocks } => {
                    self.with(own(ssrc), |source| {
                        source.mark(Mark::SenderReport, sent.ntp_middle(), at);
                        source.figures.sender_reports += 1;
                        source.figures.sent_packets = Some(sent.packets);
                    });
                    for block in blocks.iter() {
                        self.with(others(block.ssrc), |source| source.reported(&block, ssrc, at));
                    }
                }
                Rtcp::ReceiverReport { ssrc, blocks } => {
                    for block in blocks.iter() {
                        self.with(others(block.ssrc), |source| source.reported(&block, ssrc, at));
                    }
                }
                Rtcp::Sdes(sdes) => {
                    for (ssrc, name) in sdes.canonical_names() {
                        self.with(own(ssrc), |source| source.figures.canonical_name = Some(fingerprint(name)));
                    }
                }
                Rtcp::Bye { ssrcs } => {
                    for ssrc in ssrcs.iter() {
                        self.with(own(ssrc), |source| source.figures.bye_at = source.figures.bye_at.or(Some(at)));
                    }
                }
                Rtcp::Extended { ssrc, blocks } => {
                    for block in blocks.iter() {
                        match block {
                            XrBlock::ReceiverTime { ntp_middle } => {
                                self.with(own(ssrc), |source| source.mark(Mark::ReceiverTime, ntp_middle, at));
                            }
                            XrBlock::LastReceiverTimes(times) => {
                                for (ssrc, middle, delay) in times.iter() {
                                    self.with(others(ssrc), |source| {
                                        source.answered(Mark::ReceiverTime, middle, delay, at)
                                    });
                                }
                            }
                            XrBlock::Voip(voip) => {
                                self.with(others(voip.ssrc), |source| source.figures.voip = Some(voip))
                            }
                        }
                    }
                }
                Rtcp::App { .. } | Rtcp::Feedback { .. } | Rtcp::Other(_) => {}
            }
        }
    }

    /// What was said of a stream so far.
    #[must_use]
    pub fn figures(&self, key: &StreamKey) -> Option<RtcpFigures> {
        let key = SourceKey::of(key);
        let source = self.find(&key)?;
        let back = source.reporter.and_then(|ssrc| self.find(&SourceKey { from: key.to, to: key.from, ssrc }));
        Some(RtcpFigures { far_ms: source.far_ms(), near_ms: back.and_then(Source::far_ms), ..source.figures })
    }

    /// Forgets a stream that ended; what was said of it is for [`Reports::figures`] to tell before, of both directions.
    pub fn forget(&mut self, key: &StreamKey) {
        let key = SourceKey::of(key);
        if let Some(place) = self.look_up(&key) {
            self.remove(place);
        }
    }

    fn look_up(&self, key: &SourceKey) -> Option<u32> {
        let is_it = |&place: &u32| matches!(self.sources.get(place as usize), Some(Some(source)) if source.key == *key);
        self.index.find(key.hash(&self.hasher), is_it).copied()
    }

    fn find(&self, key: &SourceKey) -> Option<&Source> {
        self.sources.get(self.look_up(key)? as usize)?.as_ref()
    }

    fn remove(&mut self, place: u32) {
        let Some(source) = self.sources.get_mut(place as usize).and_then(Option::take) else { return };
        if let Ok(entry) = self.index.find_entry(source.key.hash(&self.hasher), |&other| other == place) {
            entry.remove();
        }
        self.free.push(place);
    }

    /// Does something to a source, which is remembered if it was not yet.
    fn with(&mut self, key: SourceKey, change: impl FnOnce(&mut Source)) {
        let place = self.look_up(&key).unwrap_or_else(|| self.remember(key));
        if let Some(Some(source)) = self.sources.get_mut(place as usize) {
            source.fresh = true;
            change(source);
        }
    }

    fn remember(&mut self, key: SourceKey) -> u32 {
        if self.index.len() >= self.sources_max as usize {
            self.drop_one();
        }
        let place = self.free.pop().unwrap_or_else(|| {
            self.sources.push(None);
            u32::try_from(self.sources.len()).unwrap_or(u32::MAX) - 1
        });
        if let Some(slot) = self.sources.get_mut(place as usize) {
            *slot = Some(Source::new(key));
        }
        let (hasher, sources) = (&self.hasher, &self.sources);
        self.index.insert_unique(key.hash(hasher), place, |&place| match sources.get(place as usize) {
            Some(Some(source)) => source.key.hash(hasher),
            _ => 0,
        });
        place
    }

    /// Drops a source of which nothing was heard lately: the next that had its second chance.
    fn drop_one(&mut self) {
        for tries in 0..=SECOND_CHANCES_MAX {
            let place = self.hand;
            self.hand = (self.hand + 1) % self.sources_max;
            if let Some(Some(source)) = self.sources.get_mut(place as usize)
                && (!std::mem::take(&mut source.fresh) || tries == SECOND_CHANCES_MAX)
            {
                self.remove(place);
                self.tally.evicted += 1;
                return;
            }
        }
    }
}

/// FNV-1a: the same name gives the same number in every run, and nobody gains by two names that share one.
fn fingerprint(name: &[u8]) -> u64 {
    name.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

//! What is known of a stream, in the units people read.

use types::Nanos;

use crate::codec::Codec;
use crate::oddity::Oddity;

/// Figures of one stream (RFC 3550 §6.4, §A.1, §A.3, §A.8; RFC 3611 §4.7.2 for bursts).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Its first packet.
    pub first_at: Nanos,
    /// Its last packet.
    pub last_at: Nanos,
    /// The codec its first payload type stands for.
    pub codec: Codec,
    /// Ticks a second of its timestamps, from signalling, the static table, or measured.
    pub clock_rate: Option<u32>,
    /// Packets that arrived, duplicates and strays included.
    pub packets: u64,
    /// Payload octets of those.
    pub octets: u64,
    /// Packets the sequence numbers promise, from the first that was seen.
    pub expected: u64,
    /// Packets that never came.
    pub lost: u64,
    /// Lost packets that lie in bursts: fewer than sixteen packets from another loss (RFC 3611, Gmin = 16).
    pub lost_in_bursts: u64,
    /// Runs of lost packets.
    pub loss_runs: u64,
    /// Packets that came again.
    pub duplicates: u64,
    /// Packets that came behind a later one.
    pub reordered: u64,
    /// Packets far off the sequence that nothing followed (RFC 3550 §A.1).
    pub strays: u64,
    /// Times the sequence began anew elsewhere.
    pub restarts: u64,
    /// Times the timestamp left the pace of the arrivals by more than a second.
    pub timestamp_jumps: u64,
    /// Interarrival jitter at the end of the stream, ms (RFC 3550 §A.8); `None` while no clock is known.
    pub jitter_ms: Option<f32>,
    /// The longest time between two packets, ms.
    pub gap_max_ms: f32,
    /// Payload types and the packets of each, the most frequent first.
    pub payload_types: PayloadTypes,
    /// Media time of a packet, ms.
    pub ptime_ms: Option<f32>,
    /// Media time for which nothing but comfort noise, or nothing at all, was sent though no packet was lost, ms.
    pub silent_ms: f32,
    /// Packets of comfort noise (RFC 3389).
    pub comfort_noise_packets: u64,
    /// Times speech began again after silence, the beginning included.
    pub talk_spurts: u64,
    /// RFC 4733 events, each counted once.
    pub dtmf_events: u64,
    /// Packets of those.
    pub dtmf_packets: u64,
}

impl Figures {
    /// Share of the expected packets that never came, 0 to 1.
    #[must_use]
    pub fn loss_share(&self) -> f32 {
        share(self.lost, self.expected)
    }

    /// Share of the lost packets that lie in bursts, 0 to 1.
    #[must_use]
    pub fn burst_share(&self) -> f32 {
        share(self.lost_in_bursts, self.lost)
    }

    /// How much longer runs of lost packets are than chance would make them at this rate: 1 is chance (ITU-T G.107
    /// §7.2, BurstR), since under random loss a run has 1 / (1 − loss) packets.
    #[must_use]
    pub fn burst_ratio(&self) -> f32 {
        if self.loss_runs == 0 {
            return 1.0;
        }
        (self.lost as f32 / self.loss_runs as f32 * (1.0 - self.loss_share())).max(1.0)
    }

    /// Share of the stream's time in which its sender was silent, 0 to 1.
    #[must_use]
    pub fn silent_share(&self) -> f32 {
        let lasted_ms = self.last_at.since(self.first_at).as_secs_f32() * 1e3;
        if lasted_ms > 0.0 { (self.silent_ms / lasted_ms).min(1.0) } else { 0.0 }
    }
}

fn share(part: u64, whole: u64) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

/// Payload types of a stream with their packets, the most frequent first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayloadTypes {
    counts: [(u8, u64); Self::TYPES_MAX],
    length: u8,
    /// Packets of types past the limit.
    pub others: u64,
    /// Times the sender went over to another type; digits and comfort noise do not count.
    pub changes: u64,
}

impl PayloadTypes {
    /// Payload types told apart in a stream.
    pub const TYPES_MAX: usize = 5;

    /// The types of a stream that is now at `current` and has `packets` in all.
    pub(crate) fn of(current: u8, packets: u32, oddity: &Oddity) -> Self {
        let mut oddity = oddity.clone();
        let rest = packets.saturating_sub(oddity.attributed());
        if rest != 0 {
            oddity.count_type(current, rest);
        }
        let (others, changes) = (u64::from(oddity.other_types), u64::from(oddity.type_changes));
        let mut all = Self { others, changes, ..Self::default() };
        for (place, (payload_type, packets)) in all.counts.iter_mut().zip(oddity.types()) {
            *place = (payload_type, u64::from(packets));
            all.length += 1;
        }
        if let Some(counts) = all.counts.get_mut(..usize::from(all.length)) {
            counts.sort_by_key(|&(payload_type, packets)| (std::cmp::Reverse(packets), payload_type));
        }
        all
    }

    /// Each type and its packets.
    pub fn iter(&self) -> impl Iterator<Item = (u8, u64)> + '_ {
        self.counts.iter().take(usize::from(self.length)).copied()
    }

    /// The most frequent type.
    #[must_use]
    pub fn dominant(&self) -> Option<u8> {
        self.iter().next().map(|(payload_type, _)| payload_type)
    }
}

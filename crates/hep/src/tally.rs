//! What came of the packets.

use types::Losses;

/// Packets that arrived = frames + everything below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Packets that arrived, whatever became of them.
    pub packets: u64,
    /// Frames made of them.
    pub frames: u64,
    /// Packets that are no HEP, or contradict themselves.
    pub malformed: u64,
    /// Packets without the key that is asked for, or with another.
    pub key_refused: u64,
    /// Lines of logs: counted, and not read.
    pub logs: u64,
    /// Payloads of other protocols than telephony's, and empty ones.
    pub others: u64,
    /// Payloads that cannot be decompressed, or grow beyond [`crate::INFLATED_BYTES_MAX`].
    pub inflate_failed: u64,
    /// Reports of RTCP in JSON that are none.
    pub report_malformed: u64,
    /// Frames that carry the time of their arrival, since their sender's clock is too far away.
    pub skewed: u64,
    /// Frames whose payload was too long for the headers it was put under, and was cut.
    pub cut: u64,
}

impl Tally {
    /// Each count of this one, by `with` of it and the other's.
    fn with(&self, other: &Self, with: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            packets: with(self.packets, other.packets),
            frames: with(self.frames, other.frames),
            malformed: with(self.malformed, other.malformed),
            key_refused: with(self.key_refused, other.key_refused),
            logs: with(self.logs, other.logs),
            others: with(self.others, other.others),
            inflate_failed: with(self.inflate_failed, other.inflate_failed),
            report_malformed: with(self.report_malformed, other.report_malformed),
            skewed: with(self.skewed, other.skewed),
            cut: with(self.cut, other.cut),
        }
    }

    /// Packets of HEP that were not refused for their key, whatever was in them.
    #[must_use]
    pub const fn valid(&self) -> u64 {
        self.packets - self.malformed - self.key_refused
    }

    /// What was counted since the counts were `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        self.with(earlier, u64::saturating_sub)
    }

    /// Adds what another intake counted.
    pub fn add(&mut self, other: &Self) {
        *self = self.with(other, u64::saturating_add);
    }
}

impl Losses for Tally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("hep_malformed", self.malformed);
        each("hep_key_refused", self.key_refused);
        each("hep_other_protocols", self.others);
        each("hep_inflate_failed", self.inflate_failed);
        each("hep_report_malformed", self.report_malformed);
        each("hep_skewed", self.skewed);
        each("hep_cut", self.cut);
    }
}

//! What signalling said about a medium, small enough to lie beside every call: which payload type is which codec.

use crate::codec::{Codec, Content, static_payload};

/// Clock rates a stream can have, in Hz; index 0 is "unknown". A rate that is not here counts as unknown, so only
/// its stream's jitter and packet time are missing.
const CLOCK_RATES: [u32; 16] = [
    0, 8_000, 16_000, 32_000, 48_000, 90_000, 11_025, 22_050, 44_100, 24_000, 12_000, 96_000, 1_000, 64_000, 192_000,
    10_000,
];

const MS_PER_TICK: [f32; 16] = {
    let mut all = [0.0; 16];
    let mut code = 1;
    while code < all.len() {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which would refuse a bad index")]
        {
            all[code] = (1_000.0 / CLOCK_RATES[code] as f64) as f32;
        }
        code += 1;
    }
    all
};

/// An RTP clock rate in one byte: streams are many, and rates are few.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock(u8);

impl Clock {
    /// Nobody said, or a rate nobody uses.
    pub const UNKNOWN: Self = Self(0);
    /// 90 kHz, the clock of pictures (RFC 3551 §5).
    pub(crate) const VIDEO: Self = Self(5);

    /// The clock of a rate in Hz.
    #[must_use]
    pub fn of_rate(rate: u32) -> Self {
        let code = CLOCK_RATES.iter().position(|&known| known == rate).unwrap_or(0);
        Self(u8::try_from(code).unwrap_or(0))
    }

    /// The clock nearest to a measured rate, unless it is further off than the share `tolerance`.
    pub(crate) fn nearest(rate: f64, tolerance: f64) -> Self {
        let off = |known: u32| (f64::from(known) / rate - 1.0).abs();
        let known = CLOCK_RATES.into_iter().skip(1).filter(|&known| off(known) <= tolerance);
        known.min_by(|&a, &b| off(a).total_cmp(&off(b))).map_or(Self::UNKNOWN, Self::of_rate)
    }

    /// Milliseconds of a tick; zero when unknown.
    #[inline]
    pub(crate) fn ms_per_tick(self) -> f32 {
        // The mask tells the compiler what `of_rate` ensures.
        MS_PER_TICK.get(usize::from(self.0 & 15)).copied().unwrap_or(0.0)
    }

    /// Its rate in Hz.
    #[must_use]
    pub fn rate(self) -> Option<u32> {
        CLOCK_RATES.get(usize::from(self.0)).copied().filter(|&rate| rate != 0)
    }
}

/// What a stream needs to know of its medium: four bytes beside its figures, and the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// The codec of the stream's first payload type.
    pub codec: Codec,
    /// Its clock.
    pub clock: Clock,
    /// The payload type of RFC 4733 events.
    pub dtmf: Option<u8>,
    /// A payload type of comfort noise beside the static 13 and 19.
    pub comfort_noise: Option<u8>,
}

impl Media {
    /// What a payload type tells without any signalling.
    #[must_use]
    pub fn of_static(payload_type: u8) -> Self {
        PayloadMap::default().media(payload_type)
    }
}

/// The `a=rtpmap` lines of one medium: 32 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayloadMap {
    /// Payload type, codec, clock.
    entries: [(u8, Codec, Clock); Self::ENTRIES_MAX],
    length: u8,
}

impl PayloadMap {
    /// Payload types remembered of a medium. Offers list more, but answers, which decide, hardly ever do.
    pub const ENTRIES_MAX: usize = 10;

    /// Notes that `payload_type` is `codec` at `clock_rate` Hz; a second line about a type replaces the first.
    /// `false` when the map is full and the line was not kept.
    #[must_use = "what is not kept is for the caller to count"]
    pub fn add(&mut self, payload_type: u8, codec: Codec, clock_rate: u32) -> bool {
        let entry = (payload_type, codec, Clock::of_rate(clock_rate));
        let length = usize::from(self.length);
        let old = self.entries.iter().take(length).position(|&(pt, ..)| pt == payload_type);
        let Some(place) = self.entries.get_mut(old.unwrap_or(length)) else { return false };
        *place = entry;
        self.length += u8::from(old.is_none());
        true
    }

    fn entries(&self) -> impl Iterator<Item = (u8, Codec, Clock)> + Clone + '_ {
        self.entries.iter().take(usize::from(self.length)).copied()
    }

    /// The codec and clock of a payload type: what SDP said, else what RFC 3551 says.
    #[must_use]
    pub fn get(&self, payload_type: u8) -> (Codec, Clock) {
        if let Some((_, codec, clock)) = self.entries().find(|&(pt, ..)| pt == payload_type) {
            return (codec, clock);
        }
        static_payload(payload_type).map_or_else(Default::default, |(codec, rate)| (codec, Clock::of_rate(rate)))
    }

    /// What a stream that begins with `payload_type` needs to know.
    ///
    /// A stream that begins with an event or comfort noise belongs to the first codec listed, whose clock they share.
    /// Of several event types the one with the codec's clock is taken: an answer to "48000 and 8000" uses one of them.
    #[must_use]
    pub fn media(&self, payload_type: u8) -> Media {
        let beside = |codec: Codec| matches!(codec.content(), Content::Events | Content::Noise);
        let (codec, clock) = match self.get(payload_type) {
            (first, clock) if beside(first) => self
                .entries()
                .find(|&(_, codec, _)| !beside(codec))
                .map_or((first, clock), |(_, codec, clock)| (codec, clock)),
            known => known,
        };
        let of = |wanted: Codec| {
            let mut all = self.entries().filter(move |&(_, codec, _)| codec == wanted);
            let same_clock = all.clone().find(|&(_, _, other)| other == clock);
            same_clock.or_else(|| all.next()).map(|(pt, ..)| pt)
        };
        Media { codec, clock, dtmf: of(Codec::TelephoneEvent), comfort_noise: of(Codec::ComfortNoise) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_static_clock_has_a_code() {
        for (_, rate) in (0..=127).filter_map(static_payload) {
            assert_eq!(Clock::of_rate(rate).rate(), Some(rate));
        }
        assert_eq!(Clock::of_rate(8_001), Clock::UNKNOWN);
        assert_eq!(Clock::UNKNOWN.rate(), None);
    }

    #[test]
    fn a_stream_learns_its_codec_and_the_types_beside_it() {
        let mut map = PayloadMap::default();
        for (pt, codec, rate) in [
            (111, Codec::Opus, 48_000),
            (0, Codec::Pcmu, 8_000),
            (110, Codec::TelephoneEvent, 48_000),
            (101, Codec::TelephoneEvent, 8_000),
            (118, Codec::ComfortNoise, 16_000),
        ] {
            assert!(map.add(pt, codec, rate));
        }
        let media = |codec, rate, dtmf| Media {
            codec,
            clock: Clock::of_rate(rate),
            dtmf: Some(dtmf),
            comfort_noise: Some(118),
        };
        assert_eq!(map.media(111), media(Codec::Opus, 48_000, 110));
        assert_eq!(map.media(0), media(Codec::Pcmu, 8_000, 101));
        assert_eq!(map.media(101), media(Codec::Opus, 48_000, 110), "begins with a digit");
        assert_eq!(map.media(8), media(Codec::Pcma, 8_000, 101), "not offered, yet sent");
        assert_eq!(size_of::<PayloadMap>(), 31);
    }

    #[test]
    fn a_full_map_says_so() {
        let mut map = PayloadMap::default();
        for pt in 96..106 {
            assert!(map.add(pt, Codec::Other, 8_000));
        }
        assert!(!map.add(106, Codec::Other, 8_000));
        assert!(map.add(96, Codec::Amr, 8_000), "a known type is replaced");
        assert_eq!(map.get(96), (Codec::Amr, Clock::of_rate(8_000)));
    }
}

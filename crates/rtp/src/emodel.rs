//! The E-model (ITU-T G.107 for narrowband, G.107.1 for wideband speech): what a listener would say of a connection,
//! from codec, loss and delay. Everything else keeps the Recommendation's default value, so this judges the network,
//! not the handsets.

use crate::codec::Codec;
use crate::figures::Figures;

/// R of a connection without any impairment of ours: G.107 with all defaults.
const R_NARROWBAND: f32 = 93.2;
/// The same of G.107.1 clause 7.
const R_WIDEBAND: f32 = 129.0;
/// G.107.1 appendix: wideband R over this is R of the narrowband scale, to which the MOS formula belongs.
const WIDEBAND_SCALE: f32 = 1.29;
/// Delay in ms that G.107 clause 7.4 does not hold against a connection.
const DELAY_FREE_MS: f32 = 100.0;
/// Share of the loss past which more makes no difference that the model knows.
const LOSS_PERCENT_MAX: f32 = 100.0;
/// How far the bursts of G.107 clause 7.2 are defined: BurstR up to here, and loss up to two per cent where it is above 1.
const BURST_RATIO_MAX: f32 = 8.0;
/// Packets whose jitter a receiver's buffer holds back: the adaptive buffers of the field hold two to four times the
/// interarrival jitter.
const BUFFER_JITTERS: f32 = 2.0;
/// Delay in ms that coding adds to a packet time: look-ahead and the packet being sent (G.114 annex A, about).
const CODING_MS: f32 = 5.0;

/// What the E-model holds against a codec.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impairment {
    /// Equipment impairment factor without loss, Ie or Ie,WB.
    pub ie: f32,
    /// Robustness against random loss, Bpl.
    pub bpl: f32,
    /// Whether it carries wideband speech and is judged by G.107.1.
    pub wideband: bool,
}

impl Impairment {
    const fn narrowband(ie: f32, bpl: f32) -> Option<Self> {
        Some(Self { ie, bpl, wideband: false })
    }

    const fn wideband(ie: f32, bpl: f32) -> Option<Self> {
        Some(Self { ie, bpl, wideband: true })
    }

    /// The factors of a codec; `None` for what is not speech or has none.
    ///
    /// Narrowband: ITU-T G.113 appendix I. G.711 is taken with loss concealment, which every gateway of this century
    /// has, and G.729 as G.729A with VAD. Where the appendix gives Ie only, Bpl is an estimate, that of the nearest
    /// relative: of GSM-EFR for GSM and waveform codecs, of G.729 for iLBC, Speex and the like.
    ///
    /// Wideband: Ie of G.722 at 64 and of G.722.2 at 12.65 kbit/s; every Bpl, and all of Opus, EVS and their like, are
    /// estimates. So between wideband codecs the score compares networks well, and codecs only roughly.
    #[must_use]
    pub const fn of(codec: Codec) -> Option<Self> {
        match codec {
            Codec::Pcmu | Codec::Pcma | Codec::L16 | Codec::Clearmode => Self::narrowband(0.0, 25.1),
            Codec::G729 | Codec::G7291 => Self::narrowband(11.0, 19.0),
            Codec::G723 => Self::narrowband(15.0, 16.1),
            Codec::G726 | Codec::G728 | Codec::Dvi4 => Self::narrowband(7.0, 10.0),
            Codec::Gsm => Self::narrowband(20.0, 10.0),
            Codec::GsmHr => Self::narrowband(23.0, 10.0),
            Codec::GsmEfr | Codec::Amr => Self::narrowband(5.0, 10.0),
            Codec::Ilbc | Codec::Speex | Codec::Evrc | Codec::Qcelp | Codec::Bv16 => Self::narrowband(11.0, 19.0),
            Codec::G722 => Self::wideband(13.0, 4.1),
            Codec::G7221 | Codec::Siren | Codec::AmrWb | Codec::Bv32 => Self::wideband(13.0, 4.3),
            Codec::Evs | Codec::Opus | Codec::Silk | Codec::Isac | Codec::AmrWbPlus => Self::wideband(1.0, 4.3),
            _ => None,
        }
    }
}

/// What a network does to a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Path {
    /// Share of packets that are lost or come too late, 0 to 1.
    pub loss: f32,
    /// How much longer runs of loss are than chance would make them, 1 or more (BurstR).
    pub burst_ratio: f32,
    /// Delay from mouth to ear, ms.
    pub one_way_ms: f32,
}

/// What a listener would say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The transmission rating, on the scale of the codec's band: 0 to 93.2, or to 129 for wideband.
    pub r: f32,
    /// The mean opinion score, conversational quality estimated (MOS-CQE), 1 to 4.5.
    pub mos: f32,
}

/// Rates a connection; `None` where the model knows no codec like this.
#[must_use]
pub fn rate(codec: Codec, path: &Path) -> Option<Score> {
    let impairment = Impairment::of(codec)?;
    let best = if impairment.wideband { R_WIDEBAND } else { R_NARROWBAND };
    let effective = effective_impairment(impairment, path);
    let r = (best - delay_impairment(path.one_way_ms) - effective).clamp(0.0, best);
    Some(Score { r, mos: mos(if impairment.wideband { r / WIDEBAND_SCALE } else { r }) })
}

/// Ie,eff of G.107 clause 7.2: what loss adds to the codec's own impairment. For wideband 95 is the limit too (G.107.1).
fn effective_impairment(impairment: Impairment, path: &Path) -> f32 {
    let percent = (path.loss * 100.0).clamp(0.0, LOSS_PERCENT_MAX);
    let burst_ratio = path.burst_ratio.clamp(1.0, BURST_RATIO_MAX);
    impairment.ie + (95.0 - impairment.ie) * percent / (percent / burst_ratio + impairment.bpl)
}

/// Idd of G.107 clause 7.4; echo is taken as cancelled, so that Idte and Idle vanish.
fn delay_impairment(one_way_ms: f32) -> f32 {
    if one_way_ms <= DELAY_FREE_MS {
        return 0.0;
    }
    let x = (one_way_ms / DELAY_FREE_MS).log2();
    let root = |base: f32| (1.0 + base.powi(6)).powf(1.0 / 6.0);
    25.0 * (root(x) - 3.0 * root(x / 3.0) + 2.0)
}

/// The mean opinion score of a rating (G.107 annex B).
#[must_use]
pub fn mos(r: f32) -> f32 {
    if r >= 100.0 {
        return 4.5;
    }
    if r <= 0.0 {
        return 1.0;
    }
    // The cubic dips below 1 under R = 6.5, where the Recommendation's text, not its formula, is meant.
    (1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6).clamp(1.0, 4.5)
}

/// Scores a stream by its figures and the round trip, where RTCP told it.
///
/// The delay is half the round trip, a packet time and the look-ahead of coding, and a buffer of twice the jitter; without
/// a round trip only what is known adds up, so that a silent network is not punished for it.
#[must_use]
pub fn score(figures: &Figures, rtt_ms: Option<f32>) -> Option<Score> {
    let packet_ms = figures.ptime_ms.unwrap_or(20.0);
    let buffer_ms = figures.jitter_ms.unwrap_or(0.0) * BUFFER_JITTERS;
    let path = Path {
        loss: figures.loss_share(),
        burst_ratio: figures.burst_ratio(),
        one_way_ms: rtt_ms.unwrap_or(0.0) / 2.0 + packet_ms + CODING_MS + buffer_ms,
    };
    rate(figures.codec, &path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(codec: Codec, loss: f32, burst_ratio: f32, one_way_ms: f32, r: f32, mos: f32) {
        let score = rate(codec, &Path { loss, burst_ratio, one_way_ms }).unwrap();
        assert!((score.r - r).abs() < 0.06, "{codec:?} {loss} {one_way_ms}: {score:?}, not R {r}");
        assert!((score.mos - mos).abs() < 0.006, "{codec:?} {loss} {one_way_ms}: {score:?}, not {mos}");
    }

    #[test]
    fn ratings_by_the_recommendation() {
        check(Codec::Pcma, 0.0, 1.0, 0.0, 93.2, 4.41);
        // G.107: Ie,eff = 0 + 95 · 1 / (1 + 25.1) = 3.64; and with runs twice as long, 95 / (0.5 + 25.1).
        check(Codec::Pcmu, 0.01, 1.0, 0.0, 89.56, 4.33);
        check(Codec::Pcmu, 0.01, 2.0, 0.0, 89.49, 4.33);
        check(Codec::G729, 0.0, 1.0, 0.0, 82.2, 4.104);
        check(Codec::G729, 0.02, 1.0, 0.0, 74.2, 3.787);
        // G.107 clause 7.4 at 200 ms: X = 1.
        check(Codec::Pcma, 0.0, 1.0, 200.0, 90.156, 4.343);
        check(Codec::G722, 0.0, 1.0, 50.0, 116.0, 4.337);
        check(Codec::Pcma, 1.0, 1.0, 0.0, 17.26, 1.177);
    }

    #[test]
    fn the_mapping_of_annex_b() {
        for (r, expected) in [
            (94.0, 4.42),
            (90.0, 4.34),
            (80.0, 4.03),
            (70.0, 3.60),
            (60.0, 3.10),
            (50.0, 2.58),
            (0.0, 1.0),
            (120.0, 4.5),
        ] {
            assert!((mos(r) - expected).abs() < 0.01, "{r}: {}", mos(r));
        }
    }

    #[test]
    fn pictures_have_no_opinion_score() {
        assert_eq!(rate(Codec::H264, &Path { loss: 0.0, burst_ratio: 1.0, one_way_ms: 0.0 }), None);
    }
}

//! What judgement is told by the operator: what is written, in the units of the hot path.

use audio::LibraryConfig;
use config::{Known, Mode};
use serde::{Deserialize, Serialize};

use crate::doors::DoorTerms;
use crate::feature::Family;
use crate::terms::Families;

/// Nanoseconds of a second and of a millisecond.
const SECOND: u64 = 1_000_000_000;
const MILLISECOND: u64 = 1_000_000;
/// Nanoseconds of a day.
const DAY: u64 = 86_400 * SECOND;

/// Limits and thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Evidence from which an entity is suspected, in nats: the logarithm of innocent calls a day over bearable false alerts
    /// a day (SCIENCE 6.2).
    pub threshold_nats: f32,
    /// False alerts a day that are bearable; a day of far more alerts raises the threshold.
    pub bearable: f64,
    /// The families that take part.
    pub running: Families,
    /// Those of them that raise no alert: what is found only with their evidence is reported in shadow.
    pub shadow: Families,
    /// Half-life of the evidence of each family.
    pub half_life_nanos: [u64; Family::COUNT],
    /// An operation of which nothing was heard for so long is closed.
    pub quiet_nanos: u64,
    /// Between two looks for operations that are quiet.
    pub sweep_nanos: u64,
    /// Entities watched at once, of all levels together.
    pub entities_max: usize,
    /// Whether the delay of an answer is evidence of a false one. Off by default: US 9,203,952 claims it.
    pub answer_timing: bool,
    /// An answer this soon after the INVITE came before anybody could have picked up.
    pub early_answer_nanos: u64,
    /// An answered call that is over this soon is short: by whom it calls, and by how a route answers.
    pub short_nanos: u64,
    /// The same of a route.
    pub route_short_nanos: u64,
    /// A call given up this soon after it rang was meant to be.
    pub drop_nanos: u64,
    /// From how many prefixes on they are guessed.
    pub doors: DoorTerms,
    /// What media has to be like to say something.
    pub media: MediaTerms,
    /// Whether callers are listened to at all: from privacy level 2 on.
    pub listens: bool,
    /// What is remembered of what they play, and how like it must be.
    pub library: LibraryConfig,
    /// When people work.
    pub work: WorkHours,
    /// Share of an operation's calls that a part of the world has to have to count (SCIENCE 4.2).
    pub region_share_min: f32,
    /// Share of these that lie in its working hours.
    pub work_share_min: f32,
    /// How agents are counted.
    pub seats: SeatsTerms,
    /// Operations that are open at once.
    pub alerts_open_max: usize,
    /// Calls followed to their end.
    pub calls_live_max: usize,
    /// Calls remembered for alerts to name.
    pub journal_calls_max: usize,
    /// Pairs and numbers remembered.
    pub past_keys_max: u64,
    /// For how many days.
    pub past_days: u32,
}

/// What media has to be like to say something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MediaTerms {
    /// Milliseconds of media below which a side's silence says nothing.
    pub silent_ms_min: f32,
    /// Jitter from which a stream is poor.
    pub jitter_ms_min: f32,
}

/// Working hours, in minutes of the local day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkHours {
    /// When they begin.
    pub opens: u32,
    /// When they end.
    pub closes: u32,
}

/// How agents are counted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeatsTerms {
    /// Samples kept.
    pub samples: usize,
    /// Between two of them.
    pub sample_nanos: u64,
    /// Variance over mean above which calls do not come from agents (1 is Poisson).
    pub dispersion_max: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            threshold_nats: 13.8,
            bearable: 5.0,
            running: Families::ALL,
            shadow: Families::NONE,
            half_life_nanos: [DAY; Family::COUNT],
            quiet_nanos: 3 * DAY,
            sweep_nanos: 60 * SECOND,
            entities_max: 262_144,
            answer_timing: false,
            early_answer_nanos: 2 * SECOND,
            short_nanos: 15 * SECOND,
            route_short_nanos: 15 * SECOND,
            drop_nanos: 6 * SECOND,
            doors: DoorTerms { prefixes_min: 10, window_nanos: DAY },
            media: MediaTerms { silent_ms_min: 4_000.0, jitter_ms_min: 30.0 },
            listens: false,
            library: LibraryConfig::default(),
            work: WorkHours { opens: 9 * 60, closes: 18 * 60 },
            region_share_min: 0.15,
            work_share_min: 0.75,
            seats: SeatsTerms { samples: 60, sample_nanos: 120 * SECOND, dispersion_max: 0.7 },
            alerts_open_max: 10_000,
            calls_live_max: 1_000_000,
            journal_calls_max: 131_072,
            past_keys_max: 4_000_000,
            past_days: 30,
        }
    }
}

/// Recordings remembered where only their loudness is known: a hearing is compared with each of them, at a microsecond each.
const LOUDNESS_RECORDINGS_MAX: u32 = 4_096;

/// Innocent calls a day that are assumed until a day has been counted: 10^6 for each bearable false alert.
const CALLS_PER_ALERT: f64 = 1e6;

impl Settings {
    /// These, in tables of the sizes of `others`: what is allocated stays as it is.
    #[must_use]
    pub const fn in_sizes_of(self, others: &Self) -> Self {
        Self {
            entities_max: others.entities_max,
            calls_live_max: others.calls_live_max,
            journal_calls_max: others.journal_calls_max,
            past_keys_max: others.past_keys_max,
            past_days: others.past_days,
            listens: others.listens,
            library: others.library,
            ..self
        }
    }

    /// The settings of a configuration.
    #[must_use]
    pub fn of(known: &Known) -> Self {
        let config = known.config();
        let bearable = config.tap.false_alerts_per_day;
        let per_alert = config.tap.calls_per_day.map_or(CALLS_PER_ALERT, |calls| calls as f64 / bearable);
        let (limits, detect) = (&config.limits, &config.detect);
        let secs = |secs: u32| u64::from(secs) * SECOND;
        let millis = |millis: u32| u64::from(millis) * MILLISECOND;
        let half_life = |family: Family| {
            secs(match family {
                Family::Burst => detect.burst.half_life_secs,
                Family::Timezone => detect.timezone.half_life_secs,
                Family::Centre => detect.centre.half_life_secs,
                Family::Grey => detect.grey.half_life_secs,
                Family::FalseAnswer => detect.false_answer.half_life_secs,
                Family::Wangiri => detect.wangiri.half_life_secs,
                Family::Irsf => detect.irsf.half_life_secs,
                Family::Robocall => detect.robocall.half_life_secs,
                Family::Identity => detect.identity.half_life_secs,
                Family::Scan => detect.scan.half_life_secs,
            })
        };
        Self {
            threshold_nats: per_alert.max(1.0).ln() as f32,
            bearable,
            running: Families::of(|family| detect.mode(family.name()) != Mode::Off),
            shadow: Families::of(|family| detect.mode(family.name()) == Mode::Shadow),
            half_life_nanos: Family::ALL.map(half_life),
            answer_timing: detect.false_answer.timing,
            early_answer_nanos: millis(detect.false_answer.early_answer_ms_max),
            short_nanos: secs(detect.centre.short_call_secs),
            route_short_nanos: secs(detect.false_answer.short_call_secs),
            drop_nanos: millis(detect.wangiri.ring_ms_max),
            doors: DoorTerms {
                prefixes_min: detect.scan.prefixes_min as usize,
                window_nanos: secs(detect.scan.prefixes_window_secs),
            },
            media: MediaTerms {
                silent_ms_min: detect.robocall.silent_secs_min as f32 * 1e3,
                jitter_ms_min: detect.grey.jitter_ms_min as f32,
            },
            listens: config.tap.privacy_level >= 2 && detect.mode(Family::Robocall.name()) != Mode::Off,
            library: LibraryConfig {
                recordings_max: match config.tap.privacy_level {
                    2 => limits.recordings_max.min(LOUDNESS_RECORDINGS_MAX),
                    _ => limits.recordings_max,
                },
                keep_nanos: secs(detect.robocall.recording_keep_secs),
                error_share_max: detect.robocall.fingerprint_error_share_max as f32,
                correlation_min: detect.robocall.envelope_correlation_min as f32,
            },
            work: WorkHours {
                opens: u32::from(detect.timezone.work_from_hour) * 60,
                closes: u32::from(detect.timezone.work_to_hour) * 60,
            },
            region_share_min: detect.timezone.region_share_min as f32,
            work_share_min: detect.timezone.work_share_min as f32,
            seats: SeatsTerms {
                samples: detect.centre.seats_samples as usize,
                sample_nanos: secs(detect.centre.seats_sample_secs),
                dispersion_max: detect.centre.seats_dispersion_max as f32,
            },
            past_days: detect.centre.pair_days,
            entities_max: limits.entities_max as usize,
            alerts_open_max: limits.alerts_open_max as usize,
            calls_live_max: limits.calls_live_max as usize,
            journal_calls_max: limits.journal_calls_max as usize,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The defaults stand in the configuration; what works without one is the same.
    #[test]
    fn defaults_are_those_of_the_configuration() {
        let (ours, declared) = (Settings::default(), Settings::of(&Known::default()));
        let limits = Settings {
            threshold_nats: declared.threshold_nats,
            entities_max: declared.entities_max,
            alerts_open_max: declared.alerts_open_max,
            calls_live_max: declared.calls_live_max,
            journal_calls_max: declared.journal_calls_max,
            ..ours
        };
        assert_eq!(limits, declared);
    }
}

//! What judgement is told by the operator: what is written, in the units of the hot path.

use config::Known;

/// Limits and thresholds.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Evidence from which an entity is suspected, in nats: the logarithm of innocent calls a day over bearable false alerts
    /// a day (SCIENCE 6.2).
    pub threshold_nats: f32,
    /// Half-life of evidence.
    pub half_life_nanos: u64,
    /// An operation of which nothing was heard for so long is closed.
    pub quiet_nanos: u64,
    /// Between two looks for operations that are quiet.
    pub sweep_nanos: u64,
    /// Entities watched at once, of all levels together.
    pub entities_max: usize,
    /// Whether the delay of an answer is evidence of a false one. Off by default: US 9,203,952 claims it.
    pub answer_timing: bool,
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

impl Default for Settings {
    fn default() -> Self {
        Self {
            threshold_nats: 13.8,
            half_life_nanos: 86_400_000_000_000,
            quiet_nanos: 3 * 86_400_000_000_000,
            sweep_nanos: 60_000_000_000,
            entities_max: 262_144,
            answer_timing: false,
            alerts_open_max: 10_000,
            calls_live_max: 1_000_000,
            journal_calls_max: 131_072,
            past_keys_max: 4_000_000,
            past_days: 30,
        }
    }
}

/// Innocent calls a day that are assumed until a day has been counted: 10^6 for each bearable false alert.
const CALLS_PER_ALERT: f64 = 1e6;

impl Settings {
    /// The settings of a configuration.
    #[must_use]
    pub fn of(known: &Known) -> Self {
        let config = known.config();
        let bearable = config.tap.false_alerts_per_day;
        let per_alert = config.tap.calls_per_day.map_or(CALLS_PER_ALERT, |calls| calls as f64 / bearable);
        let limits = &config.limits;
        Self {
            threshold_nats: per_alert.max(1.0).ln() as f32,
            half_life_nanos: u64::from(config.detect.centre.half_life_secs) * 1_000_000_000,
            answer_timing: config.detect.false_answer.timing,
            past_days: config.detect.centre.pair_days,
            entities_max: limits.entities_max as usize,
            alerts_open_max: limits.alerts_open_max as usize,
            calls_live_max: limits.calls_live_max as usize,
            journal_calls_max: limits.journal_calls_max as usize,
            ..Self::default()
        }
    }
}

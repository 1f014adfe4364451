//! What judgement did, in the summary.

use alert::decibels;
use detect::{Counts, Hearer, Judge, MEAN_MAX, MeanE};
use schemars::JsonSchema;
use serde::Serialize;

use super::time;
use crate::pupil::Pupil;
use crate::rulings::Ruling;

/// What judgement did, and whether what it rests on holds.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Judgement")]
pub struct JudgementJson {
    /// Attempts judged.
    pub attempts: u64,
    /// Alerts raised.
    pub alerts: u64,
    /// Operations found by detectors in shadow alone, which raise no alert.
    pub in_shadow: u64,
    /// Entities watched at the end.
    pub entities: u64,
    /// Evidence that an alert needs at the end, in decibels.
    pub threshold_db: f64,
    /// Whenever a day of far more alerts than is bearable raised the threshold, or quiet days lowered it again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub threshold_changes: Vec<RaiseJson>,
    /// The tables: version of the classes, hash of all files.
    pub tables: String,
    /// Whether innocent calls look as the tables say.
    pub calibration: CalibrationJson,
    /// How much was learned; absent where that was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learned: Option<LearnedJson>,
}

/// How much was learned of the innocent, and how much was left out.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Learned")]
pub struct LearnedJson {
    /// Calls that taught something.
    pub calls: u64,
    /// Calls left out, since one of their entities belongs to an alert.
    pub calls_of_alerts: u64,
    /// Hours dropped, since an operation had begun in them before it was found.
    pub hours_dropped: u64,
    /// Calls of these hours.
    pub calls_dropped: u64,
    /// Calls whose corridor found no room.
    pub corridors_refused: u64,
    /// What people's word on alerts changed; absent where no cases were heeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<CasesHeededJson>,
}

/// What people said of alerts, and what that changed of what was learned.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "CasesHeeded")]
pub struct CasesHeededJson {
    /// Alerts that were confirmed as fraud.
    pub confirmed: u64,
    /// Calls of these, which were left out.
    pub calls_of_confirmed: u64,
    /// Alerts that were dismissed as innocent.
    pub dismissed: u64,
    /// Calls of these, which were learned from.
    pub calls_of_dismissed: u64,
    /// Alerts of which nobody has said anything; their calls are among `calls_of_alerts`.
    pub undecided: u64,
    /// Of these, alerts that the store does not know: the first calls of each taught something before it was found.
    pub unknown: u64,
}

/// A change of the threshold.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "ThresholdChange")]
pub struct RaiseJson {
    /// When.
    #[schemars(extend("format" = "date-time"))]
    pub time: String,
    /// Alerts of the day before.
    pub alerts: u64,
    /// Evidence asked for from then on above what the budget asks for, in decibels.
    pub raised_db: f64,
}

/// Whether innocent calls look as the tables say: the bound on false alerts rests on e-values of at most 1 in the mean, for every
/// feature and every innocent class.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Calibration")]
pub struct CalibrationJson {
    /// The mean that is borne.
    pub mean_e_max: f64,
    /// Entities left out, since the call belongs to an alert.
    pub left_out: u64,
    /// The means, class by class: first all that an event of a call shows together, then each feature, the highest first.
    pub means: Vec<MeanEJson>,
}

/// A mean of e-values.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "MeanE")]
pub struct MeanEJson {
    /// What is asked of the entity's calls: the sheet of the class tables.
    pub sheet: &'static str,
    /// The innocent class.
    pub class: String,
    /// The feature; absent where it is all that an event shows together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<&'static str>,
    /// The mean.
    pub mean_e: f64,
    /// Its standard error.
    pub error: f64,
    /// Of how many values.
    pub values: u64,
    /// Whether it is above what is borne, and not by chance: the tables do not fit there, or something was overlooked.
    pub broken: bool,
}

impl JudgementJson {
    /// What a judge did, and rests on; with what a pupil learned in his place.
    pub fn of<H: Hearer>(judge: &Judge<H>, pupil: Option<&Pupil>) -> Self {
        let (tally, tables) = (judge.tally(), judge.tables());
        let changes = judge.raises().iter().map(|raise| RaiseJson {
            time: time(raise.at),
            alerts: raise.alerts,
            raised_db: decibels(raise.raised_nats),
        });
        Self {
            attempts: tally.attempts,
            alerts: tally.opened,
            in_shadow: tally.in_shadow,
            entities: tally.entities,
            threshold_db: decibels(judge.threshold_nats()),
            threshold_changes: changes.collect(),
            tables: format!("{} {:016x}", tables.version(), tables.hash()),
            calibration: CalibrationJson {
                mean_e_max: MEAN_MAX,
                left_out: judge.of_alerts(),
                means: judge.means().iter().map(MeanEJson::of).collect(),
            },
            learned: match pupil {
                Some(pupil) => pupil.counts().map(|counts| LearnedJson::by_cases(counts, pupil)),
                None => judge.learned().map(LearnedJson::of),
            },
        }
    }

    /// What does not hold, a sentence each: a feature at a time, and where no single one is to blame what they show together.
    pub fn warnings(&self) -> Vec<String> {
        let broken: Vec<_> = self.calibration.means.iter().filter(|mean| mean.broken).collect();
        let blamed = |whole: &MeanEJson| {
            broken.iter().any(|mean| mean.feature.is_some() && (mean.sheet, &mean.class) == (whole.sheet, &whole.class))
        };
        let told = broken.iter().filter(|mean| mean.feature.is_some() || !blamed(mean)).map(|mean| {
            let what = mean.feature.unwrap_or("all features together");
            format!(
                "{what} breaks the calibration of {} ({}): mean e-value {:.2} over {} values, at most {MEAN_MAX} is borne; evidence \
                 from it is overstated here until the class tables are fitted to this traffic",
                mean.class,
                mean.sheet,
                mean.mean_e,
                alert::grouped(mean.values)
            )
        });
        let changes = self.threshold_changes.iter().map(|change| {
            let alerts = change.alerts;
            format!(
                "from {} an alert needed {:.1} dB more than the budget asks for: {alerts} alerts on the day before",
                change.time, change.raised_db
            )
        });
        told.chain(changes).collect()
    }
}

impl LearnedJson {
    const fn of(counts: Counts) -> Self {
        Self {
            cases: None,
            calls: counts.calls,
            calls_of_alerts: counts.of_alerts,
            hours_dropped: counts.hours_dropped,
            calls_dropped: counts.calls_dropped,
            corridors_refused: counts.corridors_refused,
        }
    }

    fn by_cases(counts: Counts, pupil: &Pupil) -> Self {
        let heard = pupil.heard();
        let cases = CasesHeededJson {
            confirmed: pupil.alerts(Ruling::Fraud),
            calls_of_confirmed: heard.of_fraud,
            dismissed: pupil.alerts(Ruling::Innocent),
            calls_of_dismissed: heard.of_innocent,
            undecided: pupil.alerts(Ruling::Open),
            unknown: pupil.unknown(),
        };
        Self { calls_of_alerts: heard.of_open, cases: Some(cases), ..Self::of(counts) }
    }
}

impl MeanEJson {
    fn of(mean: &MeanE) -> Self {
        let rounded = |value: f64| (value * 1e4).round() / 1e4;
        Self {
            sheet: mean.sheet.name(),
            class: mean.class.clone(),
            feature: mean.feature.map(|feature| feature.name()),
            mean_e: rounded(mean.mean),
            error: rounded(mean.error),
            values: mean.values,
            broken: mean.is_broken(),
        }
    }
}

//! The scorecard, as it is written: JSON with `"v": 1`, unknown is absent.

use schemars::JsonSchema;
use serde::Serialize;

pub use crate::share::Delay;

/// Alerts against the truth.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Scorecard {
    /// Version of this record.
    pub v: u8,
    /// Calls by the innocent, those of no group among them.
    pub benign_calls: u64,
    /// Calls by operations; those of their victims are not counted.
    pub fraud_calls: u64,
    /// Days from the first INVITE to the last.
    pub days: f64,
    /// Alerts, each counted once.
    pub alerts: u64,
    /// All operations together.
    pub total: KindScore,
    /// Operations by kind.
    pub kinds: Vec<KindScore>,
    /// Alerts that mean no operation.
    pub false_alerts: FalseAlerts,
    /// What operations and innocents were called.
    pub confusion: Vec<Confusion>,
    /// How often alerts are right, by tenths of their scores, the lowest first.
    pub reliability: Vec<Decile>,
    /// The share of right ones that these rates give at prevalences that occur.
    pub precision: Vec<Precision>,
    /// Every operation.
    pub operations: Vec<OperationScore>,
}

/// Operations of a kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct KindScore {
    /// The kind of alert they should raise, `all` for all kinds.
    pub kind: String,
    /// How many there are.
    pub operations: u64,
    /// How many of them an alert means.
    pub found: u64,
    /// How many of those found are called what they are by their first alert.
    pub kind_right: u64,
    /// Calls until the first alert, of those found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls_to_alert: Option<Delay>,
    /// Answered calls until the first alert, of those found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_to_alert: Option<Delay>,
    /// Minutes from the first call until the first alert, of those found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes_to_alert: Option<Delay>,
    /// Share of all calls, of those not found too, that came after the first alert.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preventable_share: Option<f64>,
    /// Alerts that mean the same operation, of those found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alerts_per_operation: Option<Delay>,
}

/// Alerts that mean no operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct FalseAlerts {
    /// How many there are.
    pub count: u64,
    /// For each million calls of the innocent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_million_benign_calls: Option<f64>,
    /// The rate that these calls leave possible with a chance of 1 in 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_million_at_most: Option<f64>,
    /// A day, as observed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_day: Option<f64>,
    /// A day, at the number of calls that was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_stated_day: Option<f64>,
    /// The innocent classes that were hit, and those that were not.
    pub classes: Vec<FalseClass>,
}

/// An innocent class.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FalseClass {
    /// Its word; `none` for alerts that mean nobody who can be found.
    pub class: String,
    /// How many of it there are.
    pub groups: u64,
    /// How many of them an alert means.
    pub groups_hit: u64,
    /// Alerts that mean them.
    pub alerts: u64,
}

impl FalseClass {
    pub(crate) fn named(class: &str) -> Self {
        Self { class: class.to_owned(), groups: 0, groups_hit: 0, alerts: 0 }
    }
}

/// What something was called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Confusion {
    /// What it is: the kind of an operation, the class of somebody innocent.
    pub truth: String,
    /// What the alert says.
    pub alerted: String,
    /// Alerts.
    pub alerts: u64,
}

/// A tenth of all alerts, by their scores.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Decile {
    /// The lowest score, in decibels.
    pub from_db: f64,
    /// The highest.
    pub to_db: f64,
    /// Alerts.
    pub alerts: u64,
    /// Those that mean an operation.
    pub right: u64,
}

/// The share of right ones at a prevalence.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Precision {
    /// `calls`: calls after an alert that are fraud; `entities`: groups with an alert that are operations.
    pub of: &'static str,
    /// Share of fraud among all of them.
    pub prevalence: f64,
    /// Share of fraud among those with an alert.
    pub precision: f64,
    /// The share that remains if false alerts are as frequent as these calls leave possible with a chance of 1 in 20.
    pub at_least: f64,
}

/// What an operation is.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Operation {
    /// Its name in the truth.
    pub id: String,
    /// The kind of alert it should raise.
    pub kind: String,
    /// Its calls.
    pub calls: u64,
}

/// What became of an operation.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OperationScore {
    /// What it is.
    #[serde(flatten)]
    pub operation: Operation,
    /// Alerts that mean it, in the order in which they opened.
    pub alerts: Vec<String>,
    /// What the first of them calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
    /// Its share of the calls that its first alert names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_of_sample: Option<f64>,
    /// Calls until the first alert.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls_to_alert: Option<u64>,
    /// Of these, answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_to_alert: Option<u64>,
    /// Minutes from its first call until the first alert.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes_to_alert: Option<f64>,
}

//! How much an alert matters: what it is, and how many people it has reached.

use detect::Kind;
use schemars::JsonSchema;
use serde::Serialize;

/// How much an alert matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look this week.
    Low,
    /// Worth a look today.
    Medium,
    /// People are being harmed.
    High,
    /// Many people are being harmed, or money leaves by the minute.
    Critical,
}

/// Answered calls from which a scam is critical.
const MANY_ANSWERED: u64 = 500;

impl Severity {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The severity of an operation of `kind` that has reached `answered` people and is called back by victims so many times.
    #[must_use]
    pub const fn of(kind: Kind, answered: u64, called_back: u64) -> Self {
        match kind {
            Kind::Irsf => Self::Critical,
            Kind::Wangiri if called_back > 0 => Self::Critical,
            Kind::ScamCallCentre | Kind::Impersonation | Kind::Robocall if answered >= MANY_ANSWERED => Self::Critical,
            Kind::ScamCallCentre | Kind::Impersonation | Kind::FalseAnswer | Kind::Wangiri => Self::High,
            Kind::UnlicensedCallCentre | Kind::SimBox | Kind::Robocall | Kind::CliRefile | Kind::NumberRotation => {
                Self::Medium
            }
            Kind::TimezoneTargeting | Kind::GreyRoute | Kind::SipScan | Kind::CallBurst => Self::Low,
        }
    }

    /// The word in records and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

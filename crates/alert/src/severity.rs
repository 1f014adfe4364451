//! How much an alert matters: what it is, and how many people it has reached.

pub use config::AlertSeverity as Severity;
use detect::Kind;

/// Answered calls from which a scam is critical.
const MANY_ANSWERED: u64 = 500;

/// The severity of an operation of `kind` that has reached `answered` people and is called back by victims so many times; and of a scan,
/// whether a door `opened`.
#[must_use]
pub(crate) const fn severity_of(kind: Kind, answered: u64, called_back: u64, opened: bool) -> Severity {
    match kind {
        Kind::Irsf => Severity::Critical,
        // Whoever has an account calls next.
        Kind::SipScan if opened => Severity::High,
        Kind::Wangiri if called_back > 0 => Severity::Critical,
        // What follows the sun was found to be a scam by all else of it.
        Kind::ScamCallCentre | Kind::TimezoneTargeting | Kind::Impersonation | Kind::Robocall
            if answered >= MANY_ANSWERED =>
        {
            Severity::Critical
        }
        Kind::ScamCallCentre | Kind::TimezoneTargeting | Kind::Impersonation | Kind::FalseAnswer | Kind::Wangiri => {
            Severity::High
        }
        Kind::UnlicensedCallCentre | Kind::SimBox | Kind::Robocall | Kind::CliRefile | Kind::NumberRotation => {
            Severity::Medium
        }
        Kind::GreyRoute | Kind::SipScan | Kind::CallBurst => Severity::Low,
    }
}

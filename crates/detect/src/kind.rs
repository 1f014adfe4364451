//! What an operation is, in the words of the field.

use serde::Deserialize;

use crate::feature::Family;

/// What an alert says an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Agents who call strangers with a story.
    ScamCallCentre,
    /// A call centre without a licence, or beyond it.
    UnlicensedCallCentre,
    /// Calls that follow the working day around the globe.
    TimezoneTargeting,
    /// Many calls at once, against the entity's own habit.
    CallBurst,
    /// One recording to many.
    Robocall,
    /// One dialler behind many numbers.
    NumberRotation,
    /// International traffic brought in past the international route.
    GreyRoute,
    /// A gateway full of SIM cards.
    SimBox,
    /// A caller's number changed to make the call cheaper.
    CliRefile,
    /// Billing without an answer.
    FalseAnswer,
    /// Ring once, be called back.
    Wangiri,
    /// International revenue share fraud.
    Irsf,
    /// A number or name that belongs to somebody else.
    Impersonation,
    /// Guessing of numbers, prefixes or passwords.
    SipScan,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::ScamCallCentre,
        Self::UnlicensedCallCentre,
        Self::TimezoneTargeting,
        Self::CallBurst,
        Self::Robocall,
        Self::NumberRotation,
        Self::GreyRoute,
        Self::SimBox,
        Self::CliRefile,
        Self::FalseAnswer,
        Self::Wangiri,
        Self::Irsf,
        Self::Impersonation,
        Self::SipScan,
    ];

    /// The family that leads it: where that is not looked for, nor is this.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::ScamCallCentre | Self::UnlicensedCallCentre => Family::Centre,
            Self::TimezoneTargeting => Family::Timezone,
            Self::CallBurst => Family::Burst,
            Self::Robocall => Family::Robocall,
            Self::NumberRotation | Self::Impersonation => Family::Identity,
            Self::GreyRoute | Self::SimBox | Self::CliRefile => Family::Grey,
            Self::FalseAnswer => Family::FalseAnswer,
            Self::Wangiri => Family::Wangiri,
            Self::Irsf => Family::Irsf,
            Self::SipScan => Family::Scan,
        }
    }

    /// The word in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScamCallCentre => "scam_call_centre",
            Self::UnlicensedCallCentre => "unlicensed_call_centre",
            Self::TimezoneTargeting => "timezone_targeting",
            Self::CallBurst => "call_burst",
            Self::Robocall => "robocall",
            Self::NumberRotation => "number_rotation",
            Self::GreyRoute => "grey_route",
            Self::SimBox => "sim_box",
            Self::CliRefile => "cli_refile",
            Self::FalseAnswer => "false_answer",
            Self::Wangiri => "wangiri",
            Self::Irsf => "irsf",
            Self::Impersonation => "impersonation",
            Self::SipScan => "sip_scan",
        }
    }
}

//! What an operation is, in the words of the operator's file, and which family leads it.

pub use config::AlertKind as Kind;

use crate::feature::Family;

impl Family {
    /// The family that leads a kind: where that is not looked for, nor is this.
    #[must_use]
    pub const fn leading(kind: Kind) -> Self {
        match kind {
            Kind::ScamCallCentre | Kind::UnlicensedCallCentre => Self::Centre,
            Kind::TimezoneTargeting => Self::Timezone,
            Kind::CallBurst => Self::Burst,
            Kind::Robocall => Self::Robocall,
            Kind::NumberRotation | Kind::Impersonation => Self::Identity,
            Kind::GreyRoute | Kind::SimBox | Kind::CliRefile => Self::Grey,
            Kind::FalseAnswer => Self::FalseAnswer,
            Kind::Wangiri => Self::Wangiri,
            Kind::Irsf => Self::Irsf,
            Kind::SipScan => Self::Scan,
        }
    }
}

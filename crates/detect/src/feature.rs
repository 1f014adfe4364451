//! Features: small facts about one call, each known at a definite moment of it, each either there or not. They stand on
//! sheets: one asks what a caller's calls are like, another what a destination gets, a route answers, a source asks for.

use serde::{Deserialize, Serialize};

/// Columns of a sheet, at most. The last of them is known only where the tap may listen.
pub const COLUMNS: usize = 18;

/// What is asked of an entity's calls. Each has its own features, innocent classes and scam alternatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetName {
    /// What the calls of an origin are like.
    Caller,
    /// What one caller's calls to one destination are like.
    Destination,
    /// How one route answers for one destination.
    Route,
    /// What one source asks for.
    Scan,
    /// What the calls are like that come on top of the usual ones.
    Burst,
}

/// A fact about one call that is there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Feature {
    /// Caller and callee have not spoken with each other in the last 30 days. Known at the INVITE.
    FirstContact,
    /// Answered. Known at the answer or the end.
    Answered,
    /// At most 15 s, of the answered. Known at the end.
    Short,
    /// The callee hangs up, of the answered. Known at the end.
    CalleeEnds,
    /// Longer than 90 s, of the answered that are not short. Known at the end.
    Conversed,
    /// The callee's clock shows working hours of a working day. Known at the INVITE.
    BusinessHours,
    /// The caller's number was never seen on this trunk in the last 30 days. Known at the INVITE.
    CallerNew,
    /// No SHAKEN attestation A (RFC 8588). Known at the INVITE.
    Unattested,
    /// Its PASSporT does not hold: the signature, the certificate, or what it claims of the call. Known at the INVITE of a call
    /// that is signed.
    SignatureFails,
    /// A carrier's call that goes on to another without the signature or the diversion it came with. Known at the answer or the
    /// end.
    HeadersLost,
    /// A number of the callee's own country on a call from abroad. Known at the INVITE.
    DomesticAbroad,
    /// A carrier's call that goes on under another caller's number. Known at the answer or the end.
    CallerChanged,
    /// No such number can exist, or its range is not allocated. Known at the INVITE.
    CallerUnreal,
    /// The caller's number was never called in the last 30 days. Known at the INVITE.
    NeverCalled,
    /// Losses in bursts or jitter on the caller's side. Known with the media.
    PoorMedia,
    /// Given up within 6 s of ringing, of the unanswered. Known at the end.
    RingAndDrop,
    /// The caller's side never speaks. Known with the media.
    CallerSilent,
    /// The caller's side plays what three callees have heard within a day, of those whose sound could be compared. Known as soon
    /// as it is recognised, or when no more is listened to; from privacy level 2 on.
    Recorded,
    /// The caller's block has not called this destination block on an earlier day of the last 30. Known at the INVITE.
    DestinationNew,
    /// The caller's block has not called this country on an earlier day of the last 30. Known at the INVITE.
    CountryNew,
    /// The destination is on our list of high cost or on the operator's. Known at the INVITE.
    HighCost,
    /// Night or weekend where the caller's number belongs. Known at the INVITE.
    OffHours,
    /// Answered. Known at the answer or the end.
    Reached,
    /// Another call of the same caller block to the same zone abroad is up. Known at the INVITE.
    Parallel,
    /// The same callee was called before, within the day. Known at the INVITE.
    CalleeAgain,
    /// The callee's side never speaks, of the answered. Known with the media.
    RouteSilent,
    /// Answered within 2 s of the INVITE. Known at the answer; behind a switch.
    RouteInstant,
    /// Answered without ringing, of the answered that do not look false. Known with the media.
    RouteNoRinging,
    /// The caller hangs up, of these. Known with the media.
    RouteCallerEnds,
    /// Answered without ringing, of the answers that look false: the callee is silent, or came too soon. Known with the media.
    FalseNoRinging,
    /// The caller hangs up, of these. Known with the media.
    FalseCallerEnds,
    /// At most 15 s, of the answered. Known at the end.
    RouteShort,
    /// Refused, or credentials that were wrong. Known at the response.
    AskRefused,
    /// About somebody this source never asked for before. Known at the response.
    AskNew,
    /// Within a second of the source's previous request. Known at the response.
    AskQuick,
    /// As [`Feature::FirstContact`], of the calls of a burst, like all that follow.
    BurstFirstContact,
    /// Answered. Known at the answer or the end.
    BurstAnswered,
    /// At most 15 s, of the answered. Known at the end.
    BurstShort,
    /// The callee hangs up, of the answered. Known at the end.
    BurstCalleeEnds,
    /// The caller's number was never seen on this trunk in the last 30 days. Known at the INVITE.
    BurstCallerNew,
    /// The caller's number made one of the entity's last eight calls. Known at the INVITE.
    BurstOneCaller,
    /// No SHAKEN attestation A. Known at the INVITE.
    BurstUnattested,
    /// The caller's block has called this callee within the day. Known at the INVITE.
    BurstCalleeAgain,
    /// The network could not do it (5xx, 408). Known at the end.
    BurstFailed,
}

/// What evidence is counted under; its words are those of the configuration and of alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Family {
    /// A rate that leaves its own profile.
    Burst,
    /// Calls that follow the callee's working hours.
    Timezone,
    /// The shape of agents' calls.
    Centre,
    /// Routes and numbers that do not fit each other.
    Grey,
    /// Answers that are none.
    FalseAnswer,
    /// Ring and drop, to be called back.
    Wangiri,
    /// Traffic pumped to numbers that pay.
    Irsf,
    /// One recording to many.
    Robocall,
    /// Numbers and names that are not the caller's.
    Identity,
    /// Guessing of numbers, prefixes and passwords.
    Scan,
}

impl Family {
    /// How many there are.
    pub const COUNT: usize = 10;

    /// All of them, in the order of the configuration.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Burst,
        Self::Timezone,
        Self::Centre,
        Self::Grey,
        Self::FalseAnswer,
        Self::Wangiri,
        Self::Irsf,
        Self::Robocall,
        Self::Identity,
        Self::Scan,
    ];

    /// The word in configuration, metrics and alerts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Burst => "burst",
            Self::Timezone => "timezone",
            Self::Centre => "centre",
            Self::Grey => "grey",
            Self::FalseAnswer => "false_answer",
            Self::Wangiri => "wangiri",
            Self::Irsf => "irsf",
            Self::Robocall => "robocall",
            Self::Identity => "identity",
            Self::Scan => "scan",
        }
    }

    /// The most evidence it may bring, in nats. Working hours are those of every honest centre too, so they count less. What no
    /// innocent does by nature may say more than what changes with every new customer of a platform; none suffices alone.
    #[must_use]
    pub const fn cap(self) -> f32 {
        match self {
            Self::Timezone => 6.0,
            Self::Burst | Self::Centre | Self::Grey | Self::Identity | Self::Scan => 8.0,
            Self::FalseAnswer | Self::Wangiri | Self::Irsf | Self::Robocall => 11.0,
        }
    }
}

impl SheetName {
    /// How many there are.
    pub const COUNT: usize = 5;

    /// All of them.
    pub const ALL: [Self; Self::COUNT] = [Self::Caller, Self::Destination, Self::Route, Self::Scan, Self::Burst];

    /// The word in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Destination => "destination",
            Self::Route => "route",
            Self::Scan => "scan",
            Self::Burst => "burst",
        }
    }

    /// Its features, in the order of its columns; those of a family stand side by side.
    #[must_use]
    pub const fn features(self) -> &'static [Feature] {
        use Feature as F;
        match self {
            Self::Caller => &[
                F::FirstContact,
                F::Answered,
                F::Short,
                F::CalleeEnds,
                F::Conversed,
                F::BusinessHours,
                F::CallerNew,
                F::Unattested,
                F::SignatureFails,
                F::HeadersLost,
                F::DomesticAbroad,
                F::CallerChanged,
                F::CallerUnreal,
                F::NeverCalled,
                F::PoorMedia,
                F::RingAndDrop,
                F::CallerSilent,
                F::Recorded,
            ],
            Self::Destination => {
                &[F::DestinationNew, F::CountryNew, F::HighCost, F::OffHours, F::Reached, F::Parallel, F::CalleeAgain]
            }
            Self::Route => &[
                F::RouteSilent,
                F::RouteInstant,
                F::RouteNoRinging,
                F::RouteCallerEnds,
                F::FalseNoRinging,
                F::FalseCallerEnds,
                F::RouteShort,
            ],
            Self::Scan => &[F::AskRefused, F::AskNew, F::AskQuick],
            Self::Burst => &[
                F::BurstFirstContact,
                F::BurstAnswered,
                F::BurstShort,
                F::BurstCalleeEnds,
                F::BurstCallerNew,
                F::BurstOneCaller,
                F::BurstUnattested,
                F::BurstCalleeAgain,
                F::BurstFailed,
            ],
        }
    }
}

impl Feature {
    /// Whether all calls of a stretch of the day show the same of it.
    #[must_use]
    pub const fn is_of_stretch(self) -> bool {
        matches!(self, Self::BusinessHours | Self::OffHours)
    }

    /// Whether it tells classes apart and no entity has a habit of its own in it: by a platform that only announced, people talk as
    /// soon as it has a customer who does.
    #[must_use]
    pub const fn is_of_class(self) -> bool {
        matches!(self, Self::Conversed)
    }

    /// The word in tables and alerts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstContact => "first_contact",
            Self::BusinessHours => "business_hours",
            Self::CallerNew => "caller_new",
            Self::DomesticAbroad => "domestic_abroad",
            Self::Unattested => "unattested",
            Self::SignatureFails => "signature_fails",
            Self::HeadersLost => "headers_lost",
            Self::CallerChanged => "caller_changed",
            Self::CallerUnreal => "caller_unreal",
            Self::Answered => "answered",
            Self::Short => "short",
            Self::CalleeEnds => "callee_ends",
            Self::Conversed => "conversed",
            Self::RingAndDrop => "ring_and_drop",
            Self::CallerSilent => "caller_silent",
            Self::Recorded => "recorded",
            Self::NeverCalled => "never_called",
            Self::PoorMedia => "poor_media",
            Self::DestinationNew => "destination_new",
            Self::CountryNew => "country_new",
            Self::HighCost => "high_cost",
            Self::OffHours => "off_hours",
            Self::Parallel => "parallel",
            Self::Reached => "reached",
            Self::CalleeAgain => "callee_again",
            Self::RouteSilent => "route_silent",
            Self::RouteNoRinging => "route_no_ringing",
            Self::RouteShort => "route_short",
            Self::RouteCallerEnds => "route_caller_ends",
            Self::RouteInstant => "route_instant",
            Self::FalseNoRinging => "false_no_ringing",
            Self::FalseCallerEnds => "false_caller_ends",
            Self::AskRefused => "ask_refused",
            Self::AskNew => "ask_new",
            Self::AskQuick => "ask_quick",
            Self::BurstFirstContact => "burst_first_contact",
            Self::BurstAnswered => "burst_answered",
            Self::BurstShort => "burst_short",
            Self::BurstCalleeEnds => "burst_callee_ends",
            Self::BurstCallerNew => "burst_caller_new",
            Self::BurstOneCaller => "burst_one_caller",
            Self::BurstUnattested => "burst_unattested",
            Self::BurstCalleeAgain => "burst_callee_again",
            Self::BurstFailed => "burst_failed",
        }
    }

    /// The sheet it stands on.
    #[must_use]
    pub const fn sheet(self) -> SheetName {
        match self {
            Self::FirstContact
            | Self::BusinessHours
            | Self::CallerNew
            | Self::DomesticAbroad
            | Self::Unattested
            | Self::SignatureFails
            | Self::HeadersLost
            | Self::CallerChanged
            | Self::CallerUnreal
            | Self::Answered
            | Self::Short
            | Self::CalleeEnds
            | Self::Conversed
            | Self::RingAndDrop
            | Self::CallerSilent
            | Self::Recorded
            | Self::NeverCalled
            | Self::PoorMedia => SheetName::Caller,
            Self::DestinationNew
            | Self::CountryNew
            | Self::HighCost
            | Self::OffHours
            | Self::Parallel
            | Self::Reached
            | Self::CalleeAgain => SheetName::Destination,
            Self::RouteSilent
            | Self::RouteNoRinging
            | Self::RouteShort
            | Self::RouteCallerEnds
            | Self::FalseNoRinging
            | Self::FalseCallerEnds
            | Self::RouteInstant => SheetName::Route,
            Self::AskRefused | Self::AskNew | Self::AskQuick => SheetName::Scan,
            Self::BurstFirstContact
            | Self::BurstAnswered
            | Self::BurstShort
            | Self::BurstCalleeEnds
            | Self::BurstCallerNew
            | Self::BurstOneCaller
            | Self::BurstUnattested
            | Self::BurstCalleeAgain
            | Self::BurstFailed => SheetName::Burst,
        }
    }

    /// Its column there.
    #[must_use]
    pub const fn column(self) -> usize {
        let first = match self.sheet() {
            SheetName::Caller => Self::FirstContact,
            SheetName::Destination => Self::DestinationNew,
            SheetName::Route => Self::RouteSilent,
            SheetName::Scan => Self::AskRefused,
            SheetName::Burst => Self::BurstFirstContact,
        };
        self as usize - first as usize
    }

    /// The family it belongs to.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::FirstContact
            | Self::Answered
            | Self::Short
            | Self::CalleeEnds
            | Self::Conversed
            | Self::RouteShort
            | Self::BurstFirstContact
            | Self::BurstAnswered
            | Self::BurstShort
            | Self::BurstCalleeEnds => Family::Centre,
            Self::BusinessHours | Self::OffHours => Family::Timezone,
            Self::CallerNew
            | Self::Unattested
            | Self::SignatureFails
            | Self::HeadersLost
            | Self::AskNew
            | Self::BurstCallerNew
            | Self::BurstOneCaller
            | Self::BurstUnattested => Family::Identity,
            Self::DomesticAbroad
            | Self::CallerChanged
            | Self::CallerUnreal
            | Self::NeverCalled
            | Self::PoorMedia
            | Self::RouteNoRinging
            | Self::RouteCallerEnds
            | Self::FalseNoRinging
            | Self::FalseCallerEnds => Family::Grey,
            Self::RingAndDrop => Family::Wangiri,
            Self::CallerSilent | Self::Recorded => Family::Robocall,
            Self::RouteSilent | Self::RouteInstant => Family::FalseAnswer,
            Self::DestinationNew | Self::CountryNew | Self::HighCost => Family::Irsf,
            // Whom calls pay for is one thing; that they come side by side and are all answered another.
            Self::Reached
            | Self::Parallel
            | Self::CalleeAgain
            | Self::AskQuick
            | Self::BurstCalleeAgain
            | Self::BurstFailed => Family::Burst,
            Self::AskRefused => Family::Scan,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_stand_where_their_number_says() {
        for sheet in SheetName::ALL {
            assert!(sheet.features().len() <= COLUMNS);
            for (column, feature) in sheet.features().iter().enumerate() {
                assert_eq!((feature.sheet(), feature.column()), (sheet, column));
            }
            let mut families: Vec<_> = sheet.features().iter().map(|feature| feature.family()).collect();
            families.dedup();
            assert!((1..families.len()).all(|place| !families[..place].contains(&families[place])), "side by side");
        }
        for (place, family) in Family::ALL.into_iter().enumerate() {
            assert_eq!(family as usize, place);
        }
    }
}

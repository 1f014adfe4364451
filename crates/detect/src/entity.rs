//! Whom evidence is about. A call belongs to several entities at once, since an operation picks the one at which it looks
//! thin: the trunk it comes in by, the software that writes its SIP there, the same software wherever it shows, the block
//! of the caller's number, the number.

use std::hash::BuildHasher;

use audio::RecordingId;
use config::{Known, TrunkId};
use foldhash::quality::FixedState;
use numbers::Country;
use serde::{Deserialize, Serialize};
use sip::stack::Fingerprint;
use types::{E164, Ip, Nanos};

use crate::feature::SheetName;
use crate::signers::{SignerId, Signers};

/// Where calls come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// A trunk the operator has named.
    Trunk(TrunkId),
    /// An address nobody has named.
    Source(Ip),
}

impl Origin {
    /// Whether anything is known of where that is: call records may tell no address.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Source(ip) if ip.is_unspecified())
    }

    /// The trunk's name, or the address.
    #[must_use]
    pub fn name(&self, known: &Known) -> String {
        match self {
            Self::Trunk(trunk) => known.trunk(*trunk).map_or_else(|| trunk.0.to_string(), |trunk| trunk.name.clone()),
            Self::Source(ip) => ip.to_string(),
        }
    }
}

/// Whom evidence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Entity {
    /// A trunk or a source.
    Origin(Origin),
    /// What comes in there under no licence, where a licensed centre comes in too.
    Unlicensed(Origin),
    /// One SIP stack behind one of these.
    StackAt(Origin, Fingerprint),
    /// One SIP stack wherever it shows.
    Stack(Fingerprint),
    /// A thousand numbers that differ in their last three digits.
    NumberBlock(u64),
    /// A caller's number.
    Number(E164),
    /// Somebody else's number, shown by calls of one origin: its owner's calls are not these.
    NumberAt(Origin, E164),
    /// What the numbers of a block call in one zone abroad.
    Corridor(u64, u64),
    /// How a trunk or an address answers for one country.
    Route(Origin, Country),
    /// How it answers wherever the calls go.
    FarEnd(Origin),
    /// Whoever signs calls, and for which of its customers or gateways.
    Signer(SignerId),
    /// A source and what it asks for.
    Asker(Ip),
    /// What callers play, whatever their numbers and trunks.
    Recording(RecordingId),
}

/// Entities of one call, at most: one a level.
pub const LEVELS: usize = 12;

/// Leading digits of a block of destinations: a country code and three to five more.
const DESTINATION_DIGITS: u32 = 6;
/// Leading digits of a zone: a country, or the part of a large one that its next digit names.
const ZONE_DIGITS: u32 = 3;
/// Numbers of the North American plan, whose countries share the country code 1: the next three digits tell them apart.
const NANP: std::ops::Range<u64> = 10_000_000_000..20_000_000_000;

impl Entity {
    /// The level of trunks and sources.
    pub const ORIGIN_LEVEL: usize = 0;
    /// The level of what comes in under no licence.
    pub const UNLICENSED_LEVEL: usize = 1;
    /// The level of stacks wherever they show.
    pub const STACK_LEVEL: usize = 2;
    /// The level of stacks at one place.
    pub const STACK_AT_LEVEL: usize = 3;
    /// The levels of stacks wherever they show and at one place.
    pub const STACK_LEVELS: std::ops::RangeInclusive<usize> = Self::STACK_LEVEL..=Self::STACK_AT_LEVEL;
    /// The levels of what may show at several places: stacks, blocks, numbers, signers.
    pub const ANYWHERE_LEVELS: [usize; 4] =
        [Self::STACK_LEVEL, Self::BLOCK_LEVEL, Self::NUMBER_LEVEL, Self::SIGNER_LEVEL];
    /// The level of blocks of callers' numbers.
    pub const BLOCK_LEVEL: usize = 4;
    /// The level of callers' numbers.
    pub const NUMBER_LEVEL: usize = 5;
    /// The level of what a block calls abroad.
    pub const CORRIDOR_LEVEL: usize = 6;
    /// The level of those who sign.
    pub const SIGNER_LEVEL: usize = 9;
    /// The level of requests.
    pub const ASKER_LEVEL: usize = 10;
    /// The level of recordings, to which a call belongs only once its own is known.
    pub const RECORDING_LEVEL: usize = 11;

    /// The levels of routes: by country, and wherever they lead.
    pub const ROUTE_LEVELS: [usize; 2] = [7, 8];

    /// The levels from the narrowest entities to the widest. Several operations may be customers of one carrier, which signs all their calls:
    /// whose numbers a call shows says more of whose it is than who signed it.
    pub const NARROWEST_FIRST: [usize; LEVELS] = [
        Self::RECORDING_LEVEL,
        Self::ASKER_LEVEL,
        Self::ROUTE_LEVELS[1],
        Self::ROUTE_LEVELS[0],
        Self::CORRIDOR_LEVEL,
        Self::NUMBER_LEVEL,
        Self::BLOCK_LEVEL,
        Self::SIGNER_LEVEL,
        Self::STACK_AT_LEVEL,
        Self::STACK_LEVEL,
        Self::UNLICENSED_LEVEL,
        Self::ORIGIN_LEVEL,
    ];

    /// Its level: the narrower, the higher, but for [`Entity::NARROWEST_FIRST`].
    #[must_use]
    pub const fn level(&self) -> usize {
        match self {
            Self::Origin(_) => 0,
            Self::Unlicensed(_) => 1,
            Self::Stack(_) => 2,
            Self::StackAt(..) => 3,
            Self::NumberBlock(_) => 4,
            Self::Number(_) | Self::NumberAt(..) => 5,
            Self::Corridor(..) => Self::CORRIDOR_LEVEL,
            Self::Route(..) => 7,
            Self::FarEnd(_) => 8,
            Self::Signer(_) => Self::SIGNER_LEVEL,
            Self::Asker(_) => Self::ASKER_LEVEL,
            Self::Recording(_) => Self::RECORDING_LEVEL,
        }
    }

    /// Whether whoever is at this level is known by the numbers that are shown.
    #[must_use]
    pub const fn is_of_numbers(level: usize) -> bool {
        matches!(level, Self::BLOCK_LEVEL..=Self::CORRIDOR_LEVEL)
    }

    /// Where it comes in, for what is bound to one place.
    #[must_use]
    pub const fn origin(&self) -> Option<Origin> {
        match *self {
            Self::Origin(at) | Self::Unlicensed(at) | Self::StackAt(at, _) | Self::NumberAt(at, _) => Some(at),
            _ => None,
        }
    }

    /// By what name it is known; `None` where it is known by its numbers.
    #[must_use]
    pub fn name(&self, known: &Known, signers: &Signers) -> Option<String> {
        Some(match *self {
            Self::Origin(origin) => origin.name(known),
            Self::Unlicensed(origin) => format!("calls of {} under no licence", origin.name(known)),
            Self::Stack(stack) => stack.to_string(),
            Self::StackAt(origin, stack) => format!("{stack} at {}", origin.name(known)),
            Self::Route(origin, country) => format!("{country} by {}", origin.name(known)),
            Self::FarEnd(origin) => format!("calls by {}", origin.name(known)),
            Self::Signer(signer) => signers.name(signer).to_owned(),
            Self::Asker(ip) => known.place(ip),
            Self::Recording(recording) => recording.to_string(),
            Self::NumberBlock(_) | Self::Number(_) | Self::NumberAt(..) | Self::Corridor(..) => return None,
        })
    }

    /// The word in records.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Origin(Origin::Trunk(_)) | Self::FarEnd(Origin::Trunk(_)) => "trunk",
            Self::Origin(Origin::Source(_)) | Self::FarEnd(Origin::Source(_)) => "source",
            Self::Unlicensed(_) | Self::Signer(_) => "customer",
            Self::Stack(_) | Self::StackAt(..) => "stack",
            Self::NumberBlock(_) => "number_block",
            Self::Number(_) | Self::NumberAt(..) => "number",
            Self::Corridor(..) | Self::Route(..) => "destination_block",
            Self::Asker(_) => "source",
            Self::Recording(_) => "recording",
        }
    }

    /// What is asked of its calls.
    #[must_use]
    pub const fn sheet(&self) -> SheetName {
        match self {
            Self::Origin(_)
            | Self::Unlicensed(_)
            | Self::Stack(_)
            | Self::StackAt(..)
            | Self::NumberBlock(_)
            | Self::Number(_)
            | Self::NumberAt(..)
            | Self::Signer(_)
            | Self::Recording(_) => SheetName::Caller,
            Self::Corridor(..) => SheetName::Destination,
            Self::Route(..) | Self::FarEnd(_) => SheetName::Route,
            Self::Asker(_) => SheetName::Scan,
        }
    }

    /// A hash that is the same in every run: the stable part of an alert's id.
    #[must_use]
    pub fn hash(&self, since: Nanos) -> u64 {
        FixedState::with_seed(1).hash_one((self, since))
    }
}

/// The block of a caller's number: all but its last three digits.
#[must_use]
pub const fn caller_block(number: E164) -> u64 {
    number.reveal() / 1_000
}

/// The block of a callee's number: its first six digits.
#[must_use]
pub const fn destination_block(number: E164) -> u64 {
    leading(number, DESTINATION_DIGITS)
}

/// The zone of a callee's number. Who pumps calls spreads them over the ranges of a country, and calls several.
#[must_use]
pub fn destination_zone(number: E164) -> u64 {
    let digits = if NANP.contains(&number.reveal()) { ZONE_DIGITS + 1 } else { ZONE_DIGITS };
    leading(number, digits)
}

const fn leading(number: E164, digits: u32) -> u64 {
    number.reveal() / 10_u64.pow(number.digits().saturating_sub(digits))
}

//! What judgement says of an operation, for whoever puts it into words.

use config::ProtectedId;
use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::coverage::Unseen;
use crate::doors::Tried;
use crate::entity::Entity;
use crate::feature::{Family, Feature};
use crate::kind::Kind;
use crate::operations::Operation;
use crate::rules::Unfit;
use crate::signers::Signers;
use crate::tables::ClassName;

/// Where an operation stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It was found.
    Open,
    /// More is known of it.
    Update,
    /// Nothing was heard of it for its horizon.
    Close,
}

/// What one thing brought to the evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// Its family.
    pub family: Family,
    /// What it is.
    pub because: Because,
    /// What the evidence would lose without it, in nats.
    pub nats: f32,
    /// Its part of the evidence: all parts add up to it.
    pub share_nats: f32,
}

impl Item {
    /// What brings so many nats by itself.
    #[must_use]
    pub const fn new(family: Family, because: Because, nats: f32) -> Self {
        Self { family, because, nats, share_nats: nats }
    }
}

/// Why something is evidence. Data; words are made of it elsewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Because {
    /// A feature was there in `shown` of `known` calls where an innocent class shows it in a share of `expected`.
    Share {
        /// Which.
        feature: Feature,
        /// Calls that showed it.
        shown: u32,
        /// Calls of which it is known.
        known: u32,
        /// Share expected of the innocent.
        expected: f32,
        /// Which innocent class that is: the closest, or another that would be closer without this.
        class: usize,
    },
    /// So many calls since a moment where so many are usual.
    Rate {
        /// Calls.
        calls: f32,
        /// Calls that were to be expected.
        expected: f32,
        /// Since when.
        since: Nanos,
    },
    /// Answers that came before anybody can have picked up, where other routes to the same numbers show few.
    Early {
        /// Answers since the evidence began.
        answers: u32,
        /// Those within two seconds.
        early: u32,
    },
    /// Calls under a number that is protected, and not its owner's.
    Protected {
        /// Whose.
        owner: ProtectedId,
        /// Calls.
        calls: u16,
    },
    /// Calls under a name that is made to look like a protected one.
    LookAlike {
        /// Whose.
        owner: ProtectedId,
        /// Calls.
        calls: u16,
    },
    /// Calls under numbers that nobody can call from.
    Unfit {
        /// What is wrong with the worst of them.
        why: Unfit,
        /// Different numbers.
        numbers: u16,
    },
    /// Calls beyond the licence they were made under: [`Operation::excess`] says in what.
    BeyondLicence {
        /// Calls.
        calls: u16,
    },
    /// Doors that were tried, so many times.
    Tried {
        /// Which.
        what: Tried,
        /// How often.
        count: u64,
    },
    /// Calls from abroad under landlines of one's own country that were never seen there nor called, day after day.
    Landlines {
        /// Calls.
        calls: u32,
        /// Of so many from abroad.
        asked: u32,
    },
    /// Numbers of the callee's country that stand for foreign ones on another leg of the same call.
    Refiled {
        /// Different numbers.
        numbers: u16,
    },
}

/// What is said of an operation at one moment.
#[derive(Debug)]
pub struct Report<'a> {
    /// Where it stands in its life.
    pub status: Status,
    /// The moment.
    pub at: Nanos,
    /// Its leading entity.
    pub lead: Entity,
    /// What it is.
    pub kind: Kind,
    /// Whether only families in shadow speak of it: no alert is to be raised.
    pub shadow: bool,
    /// Evidence against the closest innocent reading, in nats.
    pub nats: f32,
    /// Evidence that an alert needs now, in nats.
    pub threshold_nats: f32,
    /// Of that, what the governor asks for above what the budget does.
    pub raised_nats: f32,
    /// What brought it, most first.
    pub evidence: &'a [Item],
    /// From when to when the calls are that are weighed in it. What rules found is of all its time.
    pub weighed: (Nanos, Nanos),
    /// The class that explains the calls best, and a sentence of what it is.
    pub innocent: (&'a str, &'a str),
    /// All innocent classes it was weighed against: reasons name them by their place.
    pub classes: &'a [ClassName],
    /// Calls and people.
    pub operation: &'a Operation,
    /// What was not seen while the evidence came together.
    pub unseen: Unseen,
    /// The names of those who sign.
    pub signers: &'a Signers,
    /// Version and hash of the class tables.
    pub tables: (&'a str, u64),
}

/// Who wants to hear of operations.
pub trait Hearer {
    /// Something is known of an operation that was not known before.
    fn report(&mut self, report: &Report<'_>);

    /// A call that began at a moment was counted for an operation: whatever it was counted for before, it is this one's. Whoever only tells
    /// people of operations need not hear of each.
    fn counted(&mut self, _operation: u64, _at: Nanos, _call_id: &[u8]) {}
}

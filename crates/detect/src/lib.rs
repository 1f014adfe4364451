//! Call events to evidence: which operation in the traffic is a scam, while it runs, and why.
//!
//! [`Judge`] listens to calls. Each call belongs to several [`Entity`]s at once, its features go to all of them, and each entity's
//! evidence is weighed against every innocent class of the [`Tables`] (`frame.rs` says how, and what is guaranteed). An entity
//! whose evidence passes the threshold, which follows from the false alerts that are bearable, joins the [`Operation`] its
//! calls belong to or opens one, and a [`Hearer`] is told.
//!
//! Bytes, packets, threads and words are not known here; time is that of the calls.

/// The version of what judges: 16 hexadecimal digits of a hash of its source.
pub const RULES: &str = env!("DETECT_RULES");

mod ahead;
mod allowed;
mod asks;
mod burst;
mod bursts;
mod calibration;
mod callers;
mod cause;
mod coverage;
mod delays;
mod doors;
mod endings;
mod entity;
mod event;
mod feature;
mod frame;
mod governor;
mod headcount;
mod high_cost;
mod holders;
mod hours;
mod invites;
mod joining;
mod journal;
mod judge;
mod kind;
mod kinship;
mod landlines;
mod learner;
mod likeness;
mod marks;
mod names;
mod nodes;
mod operations;
mod order;
mod past;
mod patience;
mod profile;
mod rate;
mod recordings;
mod renew;
mod report;
mod rules;
mod saved;
mod seals;
mod seats;
mod settings;
mod signers;
mod standings;
mod study;
mod sweep;
mod tables;
mod terms;
mod told;
mod verdict;
mod victims;

pub use audio::RecordingId;
pub use calibration::{MEAN_MAX, MeanE};
pub use callers::Callers;
pub use coverage::Unseen;
pub use doors::{Knocks, Tried};
pub use entity::{Entity, Origin};
pub use event::{CallKey, Event, What};
pub use feature::{Family, Feature, SheetName};
pub use governor::Step as Raise;
pub use headcount::Headcount;
pub use high_cost::HighCost;
pub use holders::{Beyond, Excess};
pub use hours::Weeks;
pub use judge::{Judge, Tally};
pub use kind::Kind;
pub use learner::Counts;
pub use names::Confusables;
pub use operations::{Operation, Played};
pub use past::NoRoom;
pub use profile::{Imprint, Profile};
pub use renew::Misfit;
pub use report::{Because, Hearer, Item, Report, Status};
pub use rules::Unfit;
pub use saved::{Keep, Snapshot, Unreadable};
pub use seals::Seals;
pub use seats::Estimate;
pub use settings::{MediaTerms, SeatsTerms, Settings, WorkHours};
pub use signers::{SignerId, Signers};
pub use sweep::{HandOver, Hours, Region, Sweep};
pub use tables::{ClassName, DataFile, DataFiles, Tables, TablesError};
pub use terms::Families;
pub use victims::{Victim, Victims};

//! A scenario and a seed to telephone traffic, with the truth about it.
//!
//! [`Scenario::named`] puts groups on trunks: innocent classes with the base rates that operators see, frauds at four
//! levels of hardness, over days of the real calendar. [`Scenario::play`] tells a [`call::Listener`] of every call as
//! greyline would have read it from packets, and a [`Truth`] of what each was; [`Scenario::capture`] writes the packets.
//! A week of everything, 8.6 million calls, takes 9.6 s of one core and 27 MB (`examples/events.rs`): what is remembered
//! are the calls that are up and a quarter of an hour of scripts, never a population.
//!
//! ```
//! use synth::{Options, Scenario};
//!
//! struct Count(u64);
//! impl call::Listener for Count {
//!     fn step(&mut self, _: call::Step, _: types::Nanos, _: &call::CallRecord<'_>) {}
//!     fn exchange(&mut self, _: &call::Exchange<'_>) {}
//!     fn record(&mut self, _: &call::CallRecord<'_>) {
//!         self.0 += 1;
//!     }
//! }
//! let options = Options { days: 0.25, warm_up_days: 0.0, scale: 0.1, ..Options::default() };
//! let mut count = Count(0);
//! Scenario::named("residential", &options)?.play(&mut count, &mut ());
//! assert!(count.0 > 0);
//! # Ok::<(), synth::NoSuchScenario>(())
//! ```
//!
//! Everything follows from the seed. Nothing here knows how any of it is found.

mod calendar;
mod cast;
mod channels;
mod circle;
mod crowd;
mod events;
mod floor;
mod group;
mod groups;
mod habits;
mod hours;
mod media;
mod operator;
mod packets;
mod places;
mod random;
mod scenario;
mod script;
mod sender;
mod shown;
mod signing;
mod stacks;
mod stage;
mod tokens;
mod truth;
mod world;

pub use cast::{Cast, Licence, Protected, Trunk, TrunkRole};
pub use group::{Head, Label};
pub use packets::{Capture, Format, Media};
pub use scenario::{NoSuchScenario, Options, Scenario};
pub use script::{Fate, GroupId, Manner, Request, Role, Script, Sheet, StackId, TrunkId, User};
pub use stacks::Stack;
pub use truth::{CALLERS_MAX, CallTruth, GroupTruth, Truth};

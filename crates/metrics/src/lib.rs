//! Published counts to the text that Prometheus scrapes.
//!
//! [`catalogue`] names every family with its help and its labels; [`Metrics`] holds their values. Whoever counts publishes
//! totals from time to time ([`Metrics::total`], [`Metrics::level`]), and single calls as they end ([`Trunk`]); whoever
//! scrapes reads what was published last, and neither waits for the other. Label values come from closed lists: never a
//! number, a Call-ID or an address of somebody else.

pub mod catalogue;
mod registry;
mod trunk;

pub use catalogue::{Family, Kind};
pub use registry::{Metrics, Unfit};
pub use trunk::{Call, Stream, Trunk};

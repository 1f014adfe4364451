//! Joins the rooms: frames in, call events, call records and tallies out.
//!
//! A [`Worker`] is one thread's share of the house: it owns a decoder, a stream table and a call table, and carries
//! frames through them in capture order. It carries and never judges. What it tells depends on the frames and their
//! order alone, never on how they came in batches. A [`Relay`] brings its words to another thread, where calls are judged.

mod clock;
mod coverage;
mod crew;
mod desk;
mod distinct;
mod readers;
mod relay;
mod scout;
mod traffic;
mod worker;

pub use crew::carry;
pub use distinct::{DISTINCT_EXACT_MAX, Distinct};
pub use relay::{Relay, Told, relay};
pub use traffic::{Carrier, GatewayTraffic, METHODS_MAX, SipTraffic, Traffic};
pub use worker::{Worker, WorkerConfig};

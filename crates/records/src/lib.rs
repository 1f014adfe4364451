//! Call records in place of packets: JSON Lines as `--calls` writes them, or CSV of a switch, told step by step as packets would
//! have told them.
//!
//! A record is written when a call ends, and a switch may write when it pleases; so calls are held back until none that began
//! earlier can come any more ([`config::Records::horizon_secs`]), and several files are read side by side. What no record can
//! say (requests outside calls, round trips) is not told. Lines that are no records are counted, and the first of them named; what a call can do
//! without and cannot be read is absent, and counted too.

mod csv;
mod faults;
mod json;
mod lately;
mod lines;
mod places;
mod player;
mod reader;
mod record;
mod stamp;
mod times;

pub use faults::{Fault, OpenError, Tally};
pub use lines::Format;
pub use reader::{Input, Reader};

//! The words all rooms share: capture time, addresses, telephone numbers, a byte reader and what it refuses.
//!
//! Nothing here knows a protocol, does I/O or reads a clock. Everything is `Copy` and small, because every room
//! keeps it in tables of millions.

mod address;
mod coverage;
mod moment;
mod number;
mod reader;
mod tally;
mod time;

pub use address::{Endpoint, Ip, Transport};
pub use coverage::Coverage;
pub use moment::Moment;
pub use number::E164;
pub use reader::{Layer, Malformed, Reader, Why};
pub use tally::Losses;
pub use time::Nanos;

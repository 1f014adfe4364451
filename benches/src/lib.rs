//! The yardsticks: the least that reading telephone traffic can cost, traffic to read, and a count of what is allocated.
//!
//! Nothing here is part of greyline. `README.md` beside this folder says how the figures are taken.

pub mod arguments;
pub mod calls;
pub mod counting;
pub mod floor;
pub mod random;
pub mod scorecard;
pub mod switch;
pub mod traffic;

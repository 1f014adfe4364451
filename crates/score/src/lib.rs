//! Alerts against the truth: which operations were found and how soon, how much harm could still be prevented, and who was
//! accused wrongly.
//!
//! The truth is read twice, line by line, and never held: a month of calls takes the memory of its groups and of the calls
//! that alerts name. In the first reading alerts find the groups they mean, by the Call-IDs they list, or where those say
//! nothing by numbers, addresses and time; in the second the calls before and after each first alert are counted.

mod alerts;
mod card;
mod judge;
mod lines;
mod matching;
mod share;
mod table;
mod truth;

pub use card::{
    Confusion, Decile, Delay, FalseAlerts, FalseClass, KindScore, Operation, OperationScore, Precision, Scorecard,
};
pub use judge::{Terms, score};
pub use lines::{Failure, Source};

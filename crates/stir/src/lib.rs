//! Identity headers to who signed a call, and whether that holds: signature, certificate and claims (RFC 8224, 8225, 8226,
//! 8588).
//!
//! A tap that only listens fetches nothing: it checks by the certificates it was [given](Trust), and without them reads what
//! is claimed and holds it against the call. [`Verifier`] stands beside the calls, not on the way of the packets: a
//! signature takes some seventy microseconds, is checked once a call, and not again for the same PASSporT.

mod claims;
mod numbers;
mod trust;
mod verifier;

pub use claims::Said;
pub use trust::{Trust, Wrong};
pub use verifier::{Checked, Tally, Verifier};

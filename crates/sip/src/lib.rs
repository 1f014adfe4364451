//! Payload to SIP messages and SDP.
//!
//! A payload is recognised by its content ([`recognise`]), parsed once into a [`Message`] that borrows it, and read
//! lazily: nothing is unfolded, lower-cased or copied until someone asks. Transactions, calls and the place where the
//! bytes came from are other rooms' business.

mod defects;
mod headers;
mod message;
mod name;
mod start;

pub mod body;
pub mod passport;
pub mod sdp;
pub mod stack;

pub use defects::{Defect, Defects};
pub use headers::{Field, HEADERS_MAX, Headers};
pub use message::Message;
pub use name::HeaderName;
pub use start::{Method, StartLine};

//! Payload to SIP messages and SDP.
//!
//! A payload is recognised by its content ([`recognise`]), parsed once into a [`Message`] that borrows it, and read
//! lazily: nothing is unfolded, lower-cased or copied until someone asks. Transactions, calls and the place where the
//! bytes came from are other rooms' business.

mod address;
mod agent;
mod defects;
mod dialog;
mod diverter;
mod headers;
mod inspect;
mod message;
mod name;
mod party;
mod scan;
mod start;
mod uri;

pub mod body;
pub mod framing;
pub mod passport;
pub mod sdp;
pub mod stack;
pub mod text;
pub mod tls;
pub mod websocket;

pub use address::{Contact, NameAddr};
pub use agent::{Authentication, MediaType, OptionTags, Reference};
pub use defects::{Defect, Defects};
pub use dialog::{CSeq, ChargingVector, RAck, Reason, ReasonProtocol, Replaces, SessionId, Via, Warning};
pub use headers::{Field, HEADER_BYTES_MAX, HEADERS_MAX, Headers};
pub use message::Message;
pub use name::HeaderName;
pub use party::{Diversion, HistoryEntry, Privacy, RemoteParty};
pub use start::{Content, LEADING_LEN_MAX, Method, StartLine, recognise};
pub use uri::{Scheme, Uri};

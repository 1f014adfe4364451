//! Messages and media to call events and call records.
//!
//! [`Calls`] is told of every SIP message and asked about every new media stream; it keeps a leg for each Call-ID (several where calls live at once
//! under one),
//! joins the legs of back-to-back user agents into calls, and tells a [`Listener`] of each step when it happens and of
//! each call when it is over. Requests outside calls become [`Exchange`]s. Suspicion, output and threads are other
//! rooms' business; time is that of the capture; every table is bounded ([`CallConfig`]) and what is refused is
//! counted ([`Tally`]).

mod announced;
mod calls;
mod checks;
mod closing;
mod codecs;
mod config;
mod course;
mod crowd;
mod exchange;
mod facts;
mod figures;
mod hearing;
mod join;
mod leg;
mod lines;
mod listener;
mod media;
mod opening;
mod outcome;
mod parting;
mod passage;
mod phase;
mod rare;
mod recency;
mod set_back;
mod shared;
mod slab;
mod tally;
mod tape;
mod text;

pub use calls::Calls;
pub use config::CallConfig;
pub use course::{Course, Mark};
pub use exchange::{Exchange, ExchangeKind, Verdict};
pub use facts::{CallId, Heard};
pub use figures::{Rfc6076, Spans};
pub use hearing::{Listening, Voice};
pub use listener::{
    CallRecord, CallerFrom, HEADER_BYTES_MAX, IDENTITIES_MAX, Identities, Listener, MediaRecord, Party, RtpHeader,
    Sent, Signature, Step,
};
pub use media::{ELSEWHERE, Media, NOBODY};
pub use outcome::{EndedBy, Outcome};
pub use passage::Passage;
pub use phase::{Ending, Phase, Side, Signal};
pub use tally::Tally;
pub use tape::Tape;

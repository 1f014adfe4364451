//! What the operator knows: `greyline.toml` as it is written, what is wrong with it, and the look-ups that run.
//!
//! [`read`] takes the file and gives what is [`Known`], or every mistake at once, each with its line and what would be
//! right. [`Config`] is the file, key by key, with the sentence, the default and the bounds of each beside it; [`Known`]
//! answers at the rate of calls whose an address or a number is. What these facts say about a call is the detectors'.

mod check;
mod data;
mod detect;
mod document;
mod files;
mod known;
mod mistakes;
mod nearest;
mod ranges;
mod shape;
mod sinks;
mod template;
mod words;
mod written;

pub use data::data;
pub use detect::{
    Burst, Centre, Detect, FalseAnswer, Grey, Identity, Irsf, Mode, Robocall, Scan, Timezone, Wangiri, is_heeded,
};
pub use document::{FILE_BYTES_MAX, Sound, read, read_lists};
pub use known::{EntityRef, Known, LicenceId, ProtectedId, TrunkId};
pub use mistakes::{Flaw, Mistake, Severity};
pub use nearest::nearest;
pub use ranges::{Key, RangeMap};
pub use shape::schema;
pub use sinks::{
    AlertKind, AlertSeverity, AlertStatus, AlertmanagerSink, EmailSink, FileSink, KafkaSink, NatsSink, Numbers, Sink,
    SinkRecords, SinkTls, SyslogBody, SyslogSink, WebhookSink,
};
pub use template::Template;
pub use words::{
    Address, Country, Date, DialPrefix, HolderKey, Network, NumberRange, Prefix, TechnicalPrefix, TokenHash, Url, Zone,
};
pub use written::{
    Added, Allow, Capture, Columns, Config, Entity, EntityKind, Evidence, HighCost, Holder, Licence, Limits, Listen,
    Lists, Process, Protected, Records, Role, State, Stir, Store, TableFiles, Tap, Trunk, User, UserRole,
};

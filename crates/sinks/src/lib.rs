//! Alerts and call records to whoever wants them: each `[[sink]]` of the configuration has its own queue, its own place on disk and its
//! own courier, so that one that stalls holds up nobody else and never the judging.
//!
//! ```text
//!  offer ──► filter ──► inbox (memory, bounded) ──► veil ──► courier ──► outlet ──► the other end
//!                                                    │          ▲
//!                                                    ▼          │
//!                                                  spill (disk, bounded)
//! ```
//!
//! - [`Sinks::offer`] may be called from any thread. It holds a lock for as long as a push takes, never waits, and what it refuses
//!   is counted by name ([`Loss`]).
//! - Order is kept for each sink; delivery is at least once, and [`Outgoing::key`] tells two deliveries of one record:
//!   an alert's id, status and time; for a call a hash of its Call-ID, source and time.
//! - A courier that fails to deliver, or waits for longer than a second, or has more than half of its memory taken, has what waits
//!   written to disk and goes on from there; that goes on beside a delivery. Where disk takes it, the number of records bounds nothing:
//!   what is on its way there is bounded by bytes alone. The log is told of failures, of what was refused, and of the end of both. Whatever lies on
//!   disk was synced (`fdatasync`) in the batch that wrote it. While deliveries succeed nothing is written: a process that is killed
//!   then loses what lay in memory and was not yet acknowledged, and nothing else.
//! - Numbers are veiled before a record is written to disk or sent: no sink holds more of a number than it may show.
//!
//! # What is sent
//!
//! | output | form | key |
//! |---|---|---|
//! | file | the record as JSON, one a line | in the record |
//! | syslog | RFC 5424; MSGID is the kind of the alert or `call` | `id` in `greyline@…`, `externalId` in CEF |
//! | webhook | `POST`, the record as JSON or what the template makes of it; `Content-Type: application/json` | `Idempotency-Key` |
//! | Alertmanager | `POST /api/v2/alerts`, label `alert_id` | the labels |
//! | NATS JetStream | subjects `greyline.alerts.KIND` and `greyline.calls`, the record as JSON | `Nats-Msg-Id` |
//! | Kafka (feature `kafka`) | topics `greyline.alerts`, keyed by `alert_id`, and `greyline.calls`, keyed by `call_id`; the record as JSON | header `id` |
//! | e-mail | a letter for what came since the last, in plain text | `Message-ID`, from the first record's |
//!
//! A webhook with a secret gets `Greyline-Timestamp`, seconds since 1970, and `Greyline-Signature: v1=` with the HMAC-SHA256 in
//! hexadecimal over that timestamp, a point and the body. Who checks it refuses what is older than a few minutes.
//!
//! The records are those of `--alerts` and `--calls`; `greyline schema` describes them.

mod backoff;
mod connect;
mod courier;
mod hold;
mod http;
mod inbox;
mod item;
mod ordeal;
mod outgoing;
mod outlet;
mod secrets;
mod segment;
mod sinks;
mod spill;
mod syslog;
mod tally;

pub use outgoing::Outgoing;
pub use secrets::Unusable;
pub use segment::{Entries, Entry};
pub use sinks::Sinks;
pub use tally::{Loss, Tally, What};

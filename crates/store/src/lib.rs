//! What a probe remembers: alerts with their whole life, call records, what each hour brought, who did what.
//!
//! ```text
//!                  ┌─ words on alerts ─► one thread ─► greyline.db            alerts, their words, the audit log
//!  packet thread ──┤    (bounded)          │
//!                  └─ calls ───────────────┴────────► calls-2026-11-28.db     a file for each day, let go of by unlinking:
//!                       (bounded, counted)                                    calls, and which of them an alert counts
//!
//!  commands, pages ── Archive ─► the same files, read beside the thread that writes
//! ```
//!
//! - **A store never slows a link.** [`Store::call`] copies into a bounded channel and goes on; what does not fit is counted ([`Loss`]).
//!   Over a capture, which can wait, nothing is lost that way ([`Pace`]).
//! - **Calls are many and short-lived, alerts few and dear.** An alert is on disk when its word was written (`synchronous = FULL`); calls
//!   are written once a second or eight thousand at a time, and a power cut may take the last of them, never what lay there before.
//! - **Without room for calls, alerts alone are kept**, and [`Tally::alerts_only`] and [`Store::notes`] say so; it is tried again every ten
//!   seconds. A file that is damaged is put aside under another name, told of, and another begun.
//! - **One keeper.** [`Store::open`] takes a lock on the folder; the lock ends with the process, however that ends. Readers take none.
//! - **Reading the same capture twice keeps its calls once**: a call's place follows from its beginning and its Call-ID.
//!
//! The files are SQLite's, in write-ahead mode, and may be read by any program that can; their tables stand in `src/schema`. A file of an older
//! version is brought up when it is opened, one of a newer is refused.
//!
//! # Questions
//!
//! [`Archive`] answers them: [`Archive::calls`] by number, address, Call-ID, stack and time, page by page from the latest call backwards;
//! [`Archive::alerts`], [`Archive::alert`] and [`Archive::life`]; [`Archive::hours`]. What people make of alerts is written by it, too
//! ([`Archive::open_case`], [`Archive::step_case`]): an alert of a case is kept as long as the case. Records come as the JSON they were kept as, which is that of
//! `--calls` and `--alerts`. An `Archive` belongs to one thread; whoever serves many opens several.

mod archive;
pub mod audit;
pub mod cases;
mod counted;
mod day;
mod error;
mod file;
mod kept;
mod shelf;
mod store;
mod tally;
mod writer;

pub use archive::{
    Alert, AlertOrder, AlertPlace, AlertQuery, Archive, Bundle, Found, Hour, NoPlace, Of, PAGE_MAX, Page, Place, Query,
    Said,
};
pub use day::Day;
pub use error::StoreError;
pub use kept::{Call, ClockReading, Counted, Run, Word};
pub use shelf::DAYS_MAX;
pub use store::{Limits, Pace, QUEUE_BYTES_MAX, QUEUE_MAX, Store, make};
pub use tally::{Loss, Tally};

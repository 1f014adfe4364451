//! Sources that live, to frames in the order of time.
//!
//! A mirrored interface, SIP servers that send HEP, a folder into which somebody else captures: each source has a thread or a
//! task of its own, gathers frames and hands them over a bounded channel as [`Parcel`]s. Where the channel is full a source
//! stops reading, so that what is lost is lost at the earliest point, in the kernel, and counted there. [`Merge`] puts the
//! frames of several sources into one order within a stated bound.
//!
//! Nothing here looks inside a frame. This is the only room that asks what time it is: links carry it, and where they carry
//! nothing somebody must say that time goes on.

mod clock;
mod connections;
mod fanout;
mod folder;
mod interface;
mod merge;
mod parcel;
mod receiver;

pub use clock::now;
pub use connections::{Closed, Connections};
pub use folder::{Folder, FolderConfig};
pub use interface::{Interface, InterfaceConfig, Unopened, filter_flaw, tagged_too};
pub use merge::{HELD_BYTES_MAX, HELD_FRAMES_MAX, Merge, PATIENCE};
pub use parcel::{Drops, News, Outbox, PARCELS_MAX, Parcel, Place, SourceId, Stop, channel};
pub use receiver::{CONNECTIONS_MAX, Receiver, ReceiverConfig, Transport};

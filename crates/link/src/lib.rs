//! Capture files to frames: pcap, pcapng and snoop, plain or under gzip and zstd, from files, folders and standard
//! input, merged in the order of their time stamps.
//!
//! Nothing here looks inside a frame. A regular file is mapped and its frames are handed on where they lie; whatever
//! cannot be mapped goes through one bounded chunk. A damaged capture is read up to the damage, which is then told
//! ([`Damage`]): an operator who hands over a broken file gets everything before the break.
//!
//! ```no_run
//! # fn main() -> Result<(), link::OpenError> {
//! let mut capture = link::Capture::open(&["night.pcapng".into()], link::Config::default())?;
//! while let Some(batch) = capture.next_batch() {
//!     for frame in batch.frames() {
//!         let _ = (frame.at, frame.link, frame.bytes);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod ahead;
mod capture;
mod error;
mod format;
mod frame;
mod frames;
mod inputs;
mod pcap;
mod pcapng;
mod reader;
mod snoop;
mod source;
mod tally;

pub use ahead::{ask_for, ask_for_all};
pub use capture::{Capture, Config, OPEN_MAX, Progress};
pub use error::{DAMAGES_MAX, Damage, DamageWhy, OpenError, Refusal, RefusalWhy};
pub use format::Format;
pub use frame::{BATCH_FRAMES_MAX, Batch, CAPTURED_MAX, Dropped, Frame, FrameHead, LinkType};
pub use frames::{Frames, GATHERED_BYTES_MAX};
pub use inputs::{FILES_MAX, FOLDER_DEPTH_MAX, NAMED_MAX};
pub use pcapng::{BLOCK_BYTES_MAX, INTERFACES_MAX};
pub use source::CHUNK_BYTES;
pub use tally::Tally;

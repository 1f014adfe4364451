//! Payload to what can be remembered of a voice, and whether it was heard before.
//!
//! An [`Ears`] table listens to the first seconds of streams: [`Decoder`] makes samples of a packet's payload, [`Loudness`]
//! keeps one byte of every 20 ms of them (privacy level 2), [`Printer`] 32 bits of every 11.5 ms (level 3), and the samples
//! are gone with the next packets. What is left is an [`Excerpt`], from which no word can be made audible again; a
//! [`Library`] says whether another excerpt is of the same recording. Nothing here knows who speaks in which call, or why it
//! matters; below level 2 nothing here runs.

mod decoder;
mod ear;
mod ears;
mod envelope;
mod excerpt;
mod library;
mod loudness;
mod postings;
mod printer;

pub use decoder::{Decoder, SAMPLES_MAX};
pub use ear::{Ear, Heard};
pub use ears::{Ears, EarsConfig, Privacy, Tally};
pub use envelope::{BLOCK_BYTES, correlation};
pub use excerpt::{Excerpt, Print, SAID_FRAMES_MIN};
pub use library::{Known, Library, LibraryConfig, LibraryTally, RecordingId, SavedLibrary};
pub use loudness::{AUDIBLE, Loudness, PACKETS_PER_SEC};
pub use printer::{BLOCK_FRAMES, Frame, HOP, Printer, Window, error_share};

//! Payload to RTP and RTCP packets, and the figures of a stream.

pub mod codec;
mod demux;
mod figures;
mod heuristic;
mod key;
mod media;
mod oddity;
mod packet;
mod stream;
mod streams;
mod tally;

pub use codec::{Codec, Content, static_payload};
pub use demux::{Kind, channel_payload, demux};
pub use figures::{Figures, PayloadTypes};
pub use heuristic::Found;
pub use key::StreamKey;
pub use media::{Clock, Media, PayloadMap};
pub use packet::{Header, Packet};
pub use streams::{Closed, Full, Hint, StreamId, Streams, StreamsConfig};
pub use tally::Tally;

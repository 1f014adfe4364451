//! Payload to RTP and RTCP packets, and the figures of a stream.

pub mod codec;
mod demux;
pub mod emodel;
mod figures;
mod heuristic;
mod key;
mod media;
mod oddity;
mod packet;
mod reports;
pub mod rtcp;
mod stream;
mod streams;
mod tally;
mod udptl;

pub use codec::{Codec, Content, static_payload};
pub use demux::{Kind, channel_payload, demux};
pub use figures::{Figures, PayloadTypes};
pub use heuristic::{Found, Heuristic, HeuristicConfig, HeuristicTally};
pub use key::StreamKey;
pub use media::{Clock, Media, PayloadMap};
pub use packet::{Header, Packet};
pub use reports::{Reports, ReportsConfig, ReportsTally, RtcpFigures};
pub use rtcp::{Compound, Rtcp};
pub use streams::{Closed, Full, Hint, StreamId, Streams, StreamsConfig};
pub use tally::Tally;
pub use udptl::is_udptl;

//! Payload to RTP and RTCP packets, and the figures of a stream.
//!
//! A datagram's payload goes through [`demux`]; RTP through [`Header::read`] to the stream of its [`StreamKey`] in
//! [`Streams`], or, where nobody knows the stream, to [`Heuristic`]; RTCP through [`Compound`] to [`Reports`]. What
//! [`Figures`] and [`RtcpFigures`] then say of a stream [`emodel`] puts on the scale of a listener's opinion. Who is
//! talking, and which call a stream belongs to, is for the caller to know: a stream carries an opaque `owner` for that.
//!
//! ```
//! use rtp::{Header, Media, StreamKey, Streams, StreamsConfig};
//! use types::{Endpoint, Ip, Nanos};
//!
//! let payload = [0x80, 0x08, 0, 1, 0, 0, 0, 0xa0, 0, 0, 0, 7, 0x55, 0x55];
//! let (from, to) = (Endpoint::new(Ip::v4([192, 0, 2, 1]), 40_000), Endpoint::new(Ip::v4([192, 0, 2, 2]), 50_000));
//! let mut streams = Streams::new(StreamsConfig::default());
//! let header = Header::read(&payload, 0).unwrap();
//! let key = StreamKey::new(from, to, header.ssrc);
//! let id = streams.open(&key, 0, Media::of_static(header.payload_type), Nanos::ZERO).unwrap();
//! streams.update(id, Nanos::ZERO, &header);
//! assert_eq!(streams.close(id).unwrap().figures.octets, 2);
//! ```

pub mod codec;
mod demux;
pub mod emodel;
mod figures;
mod heuristic;
mod index;
mod key;
mod media;
mod oddity;
mod packet;
mod reports;
pub mod rtcp;
mod stream;
mod streams;
mod stun;
mod tally;
mod udptl;

pub use codec::{Codec, Content, static_payload};
pub use demux::{Kind, channel_payload, demux};
pub use figures::{Figures, PayloadTypes};
pub use heuristic::{Found, Heuristic, HeuristicConfig, HeuristicTally};
pub use key::{Clue, StreamKey};
pub use media::{Clock, Media, PayloadMap};
pub use packet::{Glance, GlanceV6, Header, Packet, header, payload};
pub use reports::{Reports, ReportsConfig, ReportsTally, RtcpFigures};
pub use rtcp::{Compound, Rtcp};
pub use stream::Attendant;
pub use streams::{Closed, Foreseen, Full, StreamId, Streams, StreamsConfig};
pub use stun::Stun;
pub use tally::Tally;
pub use udptl::is_udptl;

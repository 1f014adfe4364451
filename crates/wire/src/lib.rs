//! Frames to datagrams and stream bytes: tags, tunnels, fragments, TCP.
//!
//! [`quick`] reads what nearly every frame is - UDP in IP in Ethernet - in some fifty instructions, and says nothing
//! about the rest. [`Decoder`] reads everything: it follows tags and tunnels inwards, puts fragments and TCP streams
//! together, marks the copies a mirror port makes, and hands [`Datagram`]s and [`Stretch`]es to a [`Taker`]. What a
//! port means, SIP, RTP and calls are not known here.

mod aged;
mod config;
mod fragments;
mod pool;
mod tcp;
mod traffic;

pub use config::WireConfig;
pub use fragments::{FragmentConfig, FragmentTally};
pub use tcp::{StreamConfig, StreamTally};
pub use traffic::{ConnectionId, Datagram, Ending, Stretch, Take, Taker};

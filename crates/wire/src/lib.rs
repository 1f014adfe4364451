//! Frames to datagrams and stream bytes: tags, tunnels, fragments, TCP.
//!
//! [`FastPath`] reads what nearly every frame is - UDP in IP in Ethernet - in some hundred instructions, and says
//! nothing about the rest. [`Decoder`] reads everything: it follows tags and tunnels inwards, puts fragments and TCP
//! streams together, marks the copies a mirror port makes, and hands [`Datagram`]s and [`Stretch`]es to a [`Taker`].
//! What a port means, SIP, RTP and calls are not known here.

mod aged;
mod config;
mod copies;
mod decoder;
mod esp;
mod ethernet;
mod fragments;
mod framing;
mod gre;
mod ip;
mod layers;
mod plain;
mod pool;
mod quick;
mod sctp;
mod tally;
mod tcp;
mod traffic;
mod tunnel;
mod wholes;
mod wlan;
mod wraps;

pub use config::WireConfig;
pub use copies::{COPIES_MAX, Signature};
pub use decoder::Decoder;
pub use fragments::{FragmentConfig, FragmentTally};
pub use layers::{Encapsulation, Tags, Undecoded, Worn};
pub use plain::{Plain, PlainV4, PlainV6};
pub use quick::{FastPath, Quick};
pub use tally::Tally;
pub use tcp::{StreamConfig, StreamTally};
pub use traffic::{ConnectionId, Datagram, Ending, Stretch, Take, Taker};

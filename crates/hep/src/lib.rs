//! HEP, the Homer Encapsulation Protocol, to frames.
//!
//! Where nobody can mirror a link, SIP servers send copies of what they see: Kamailio, OpenSIPS, FreeSWITCH and Asterisk
//! themselves, `heplify` and `captagent` beside others. [`Packet::parse`] reads all three versions of what they send,
//! [`Stream`] cuts a TCP or TLS connection into packets, and [`Intake`] puts each payload back under the IP and UDP headers
//! that the sender says it had, so that every room behind takes it for a frame like any other. RTCP that arrives as JSON
//! becomes RTCP again. What is inside SIP or RTP this room does not know.

mod intake;
mod packet;
mod report;
mod stream;
mod tally;

pub use intake::{INFLATED_BYTES_MAX, Intake, IntakeConfig};
pub use packet::{CHUNKS_MAX, Kind, Packet};
pub use report::{REPORT_BLOCKS_MAX, rtcp_of};
pub use stream::{Astray, PACKET_BYTES_MAX, Stream};
pub use tally::Tally;

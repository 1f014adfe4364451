//! Payload of gateway control to the media endpoints it announces.
//!
//! Not all media are announced by SIP: a media gateway takes its orders by MGCP (RFC 3435) or Megaco (H.248.1, RFC 3525),
//! a telephone of Cisco's by SCCP, a media server by RTSP (RFC 2326, RFC 7826). Of these protocols this room reads where
//! RTP and T.38 will flow, and no more: whose call it is, it does not know. A payload is recognised by its content,
//! whatever its port. [`read`] takes what datagrams carry, [`Stream`] what connections carry; [`Endpoints`] remembers what they announced. Binary Megaco, media
//! interleaved with RTSP, and control under TLS or IPsec are left alone.

mod control;
mod descriptions;
mod endpoints;
mod megaco;
mod mgcp;
mod rtsp;
mod sccp;
mod stream;
mod text;

pub use control::{Announcement, Control, Medium, Protocol, read};
pub use descriptions::DESCRIPTIONS_MAX;
pub use endpoints::{ENDPOINTS_MAX, Endpoints, QUIET_SECS_MAX};
pub use rtsp::TRANSPORTS_MAX;
pub use stream::{ASTRAY_MAX, BODY_LEN_MAX, Begin, HEAD_LEN_MAX, Step, Stream};

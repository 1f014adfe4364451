//! Payload to SIP messages and SDP.

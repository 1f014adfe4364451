//! Payload to RTP and RTCP packets, and the figures of a stream.

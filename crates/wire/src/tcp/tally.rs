//! What became of the segments.

use types::Losses;

/// What became of the segments. Payload is accounted for: once nothing is held back, `bytes` is
/// the sum of `delivered_bytes`, `repeated_bytes`, `ignored_bytes` and `discarded_bytes`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamTally {
    /// Segments seen, those without payload among them.
    pub segments: u64,
    /// Segments with SYN; a connection is remembered from its payload on, so a flood of them costs nothing.
    pub syns: u64,
    /// Connections that carried payload.
    pub connections: u64,
    /// Directions whose beginning was not captured.
    pub in_midstream: u64,
    /// Bytes of payload captured.
    pub bytes: u64,
    /// Bytes that came in order or were put in order, and were shown to their reader.
    pub delivered_bytes: u64,
    /// Bytes that were there already.
    pub repeated_bytes: u64,
    /// Bytes of directions whose reader wants no more.
    pub ignored_bytes: u64,
    /// Bytes held ahead of a hole and dropped for want of memory.
    pub discarded_bytes: u64,
    /// Segments that brought only bytes that were there already.
    pub retransmitted: u64,
    /// Segments of one old byte, which ask whether the other side still lives (RFC 9293 §3.8.4).
    pub keep_alives: u64,
    /// Segments that came before others they follow.
    pub out_of_order: u64,
    /// Repeated bytes that differ from those still held; the first stand.
    pub conflicting_bytes: u64,
    /// Holes given up.
    pub gaps: u64,
    /// Bytes in them.
    pub gap_bytes: u64,
    /// Bytes delivered but left unfinished by their reader, and dropped at a gap or at the limit.
    pub unread_bytes: u64,
    /// Connections whose ports were used anew before they were seen to end.
    pub reused: u64,
    /// Connections dropped for want of room.
    pub evicted: u64,
    /// Connections dropped after a long silence.
    pub expired: u64,
}

impl StreamTally {
    /// A segment brought only old bytes.
    pub(super) fn repeat(&mut self, bytes: usize) {
        self.retransmitted += 1;
        self.repeated_bytes += bytes as u64;
    }

    /// A byte came that is none of the stream.
    pub(super) fn keep_alive(&mut self) {
        self.keep_alives += 1;
        self.repeated_bytes += 1;
    }

    /// Old bytes came again; those still held say how many of them are others.
    pub(super) fn conflict(&mut self, again: &[u8], held: &[u8]) {
        self.conflicting_bytes += again.iter().zip(held).filter(|(one, other)| one != other).count() as u64;
    }
}

impl Losses for StreamTally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("tcp_gap_bytes", self.gap_bytes);
        each("tcp_conflicting_bytes", self.conflicting_bytes);
        each("tcp_unread_bytes", self.unread_bytes);
        each("tcp_discarded_bytes", self.discarded_bytes);
        each("tcp_evicted", self.evicted);
    }
}

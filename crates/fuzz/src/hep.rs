//! HEP: a byte that chooses how a connection is cut, then bytes that are a packet, what such a packet holds, and a connection.

use std::time::Duration;

use hep::{Intake, IntakeConfig, Stream, Tally};
use link::Frames;
use types::Nanos;

use crate::deck::Deck;

pub fn check(bytes: &[u8]) {
    let mut deck = Deck(bytes);
    let piece = usize::from(deck.u8()) % 97 + 1;
    let whole = packets(deck.0, deck.0.len().max(1));
    assert_eq!(packets(deck.0, piece), whole, "in pieces of {piece}");

    let config = IntakeConfig { key: None, skew_max: Duration::from_secs(60) };
    let (mut intake, mut frames) = (Intake::new(config), Frames::default());
    let received = Nanos::from_parts(1_790_000_000, 0);
    for packet in whole.iter().map(Vec::as_slice).chain([deck.0]) {
        intake.take(packet, received, &mut frames);
    }
    let tally = intake.tally();
    let Tally { malformed, key_refused, logs, others, inflate_failed, report_malformed, .. } = tally;
    assert_eq!(tally.packets, tally.frames + malformed + key_refused + logs + others + inflate_failed + report_malformed);
    assert_eq!(tally.frames, frames.len() as u64);
    for frame in frames.batch().frames() {
        assert!(frame.at.since(received).max(received.since(frame.at)) <= Duration::from_secs(60));
        assert!(frame.bytes.len() > 28 && frame.length as usize == frame.bytes.len());
    }
}

/// The packets of a connection that comes in pieces of so many bytes.
fn packets(bytes: &[u8], piece: usize) -> Vec<Vec<u8>> {
    let (mut stream, mut found) = (Stream::default(), Vec::new());
    for piece in bytes.chunks(piece) {
        stream.on_bytes(piece);
        loop {
            match stream.next_packet() {
                Ok(Some(packet)) => found.push(packet.to_vec()),
                Ok(None) => break,
                Err(_) => return found,
            }
        }
    }
    found
}

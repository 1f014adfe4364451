//! SIP over WebSocket: the first byte chooses how the rest is cut, and the messages do not depend on it.

use sip::framing::MESSAGE_LEN_MAX;
use sip::websocket::{Frames, Step, UPGRADE_LEN_MAX, Upgrade, upgrade};

pub fn check(bytes: &[u8]) {
    let Some((&cut, stream)) = bytes.split_first() else { return };
    let begin = match upgrade(stream) {
        Upgrade::Sip { length } => {
            assert!((1..=stream.len()).contains(&length));
            length
        }
        Upgrade::More => {
            assert!(stream.len() < UPGRADE_LEN_MAX);
            return;
        }
        Upgrade::Other => 0,
    };
    let frames = &stream[begin..];
    let _ = Frames::recognise(frames);
    let whole = messages(frames, frames.len().max(1));
    let pieces = messages(frames, usize::from(cut) % 97 + 1);
    assert_eq!(whole, pieces, "in pieces of {}", usize::from(cut) % 97 + 1);
}

/// The messages, when the stream comes in pieces of so many bytes.
fn messages(stream: &[u8], piece: usize) -> Vec<Vec<u8>> {
    let (mut frames, mut taken, mut had, mut found) = (Frames::default(), 0, 0, Vec::new());
    for _ in 0..=2 * stream.len() + 2 {
        match frames.next(&stream[taken..had]) {
            Step::Message { length } => {
                assert!((1..=had - taken).contains(&length) && frames.message().len() <= MESSAGE_LEN_MAX);
                found.push(frames.message().to_vec());
                taken += length;
            }
            Step::Skip { length } => {
                assert!((1..=had - taken).contains(&length));
                taken += length;
            }
            Step::More if had == stream.len() => return found,
            Step::More => had = (had + piece).min(stream.len()),
            Step::NotWebSocket => return found,
        }
    }
    panic!("the frames do not come to an end");
}

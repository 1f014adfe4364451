//! SIP over a stream: the first byte chooses how the rest is cut, and the messages do not depend on it.

use sip::framing::{Framer, MESSAGE_LEN_MAX, Step};

pub fn check(bytes: &[u8]) {
    let Some((&cut, stream)) = bytes.split_first() else { return };
    let whole = messages(stream, stream.len().max(1));
    let pieces = messages(stream, usize::from(cut) % 97 + 1);
    // A stream is given up, or a part of it skipped, as its bytes come: where that has happened only the rest is equal.
    let fits = stream.len() <= sip::framing::SEARCH_LEN_MAX.min(sip::framing::START_LINE_LEN_MAX);
    if fits {
        assert_eq!(whole, pieces, "in pieces of {}", usize::from(cut) % 97 + 1);
    }
}

/// Where messages begin and how long they are, when the stream comes in pieces of so many bytes.
fn messages(stream: &[u8], piece: usize) -> Vec<(usize, usize)> {
    let (mut framer, mut taken, mut had, mut found) = (Framer::default(), 0, 0, Vec::new());
    // Each turn takes bytes or asks for more, so this many turns are enough.
    for _ in 0..=2 * stream.len() + 2 {
        let closed = had == stream.len();
        match framer.next(&stream[taken..had], closed) {
            Step::Message { length } => {
                assert!((1..=had - taken).contains(&length) && (length <= MESSAGE_LEN_MAX || closed));
                found.push((taken, length));
                taken += length;
            }
            Step::KeepAlive { length } | Step::Skip { length } => {
                assert!((1..=had - taken).contains(&length));
                taken += length;
            }
            Step::More if closed => return found,
            Step::More => had = (had + piece).min(stream.len()),
            Step::NotSip => return found,
        }
    }
    panic!("the framer does not come to an end");
}

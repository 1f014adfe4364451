//! What fuzzing once found stays mended: `fixtures/hostile/`, whose README says what each input did.
#![cfg(test)]

use std::fs;
use std::path::Path;

use sip::framing::{Framer, Step};

/// Where messages begin and how long they are, when a stream comes in pieces of so many bytes.
fn messages(stream: &[u8], piece: usize) -> Vec<(usize, usize)> {
    let (mut framer, mut taken, mut had, mut found) = (Framer::default(), 0, 0, Vec::new());
    loop {
        let closed = had == stream.len();
        match framer.next(&stream[taken..had], closed) {
            Step::Message { length } => {
                found.push((taken, length));
                taken += length;
            }
            Step::KeepAlive { length } | Step::Skip { length } => taken += length,
            Step::More if closed => return found,
            Step::More => had = (had + piece).min(stream.len()),
            Step::NotSip => return found,
        }
    }
}

/// The first byte of each input says how the fuzzer cut it; here it is cut in every way.
#[test]
fn messages_do_not_depend_on_segments() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/hostile/framing");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let input = fs::read(&path).unwrap();
        let stream = &input[1..];
        for piece in 1..=stream.len() {
            assert_eq!(messages(stream, piece), messages(stream, stream.len()), "{} in {piece}", path.display());
        }
    }
}

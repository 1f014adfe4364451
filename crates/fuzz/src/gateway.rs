//! Gateway control: a byte of port, a byte that chooses how a stream is cut, then bytes that are read as a datagram and as
//! a stream. The messages of a stream do not depend on its pieces.

use gateway::{Announcement, Begin, Control, Step, Stream, TRANSPORTS_MAX};
use types::Ip;

use crate::deck::Deck;

const ENDS: [Ip; 2] = [Ip::v4([192, 0, 2, 1]), Ip::v4([192, 0, 2, 2])];

/// More than the announcements of any payload.
const ANNOUNCED_MAX: usize = gateway::DESCRIPTIONS_MAX * sip::sdp::MEDIA_MAX + TRANSPORTS_MAX;

pub fn check(bytes: &[u8]) {
    let mut deck = Deck(bytes);
    let port = 2_000 + u16::from(deck.u8() & 1);
    let piece = usize::from(deck.u8()) % 97 + 1;
    if let Some(control) = gateway::read(deck.0) {
        assert!(control.messages() > 0);
        announced(&control);
    }
    let ports = [port, 50_000];
    assert_eq!(messages(deck.0, ports, piece), messages(deck.0, ports, deck.0.len().max(1)), "in pieces of {piece}");
}

fn announced(control: &Control<'_>) -> Vec<Announcement> {
    let [source, destination] = ENDS;
    let announced: Vec<_> = control.announcements(source, destination).collect();
    assert!(announced.len() <= ANNOUNCED_MAX);
    assert!(announced.iter().all(|found| found.endpoint.port != 0 && !found.endpoint.ip.is_unspecified()));
    announced
}

/// Where messages lie and what they announce, when the stream comes in pieces of so many bytes.
fn messages(bytes: &[u8], ports: [u16; 2], piece: usize) -> Vec<(usize, usize, Vec<Announcement>)> {
    let (mut taken, mut had, mut found) = (0, piece.min(bytes.len()), Vec::new());
    let mut stream = loop {
        match Stream::begin(&bytes[..had], ports) {
            Begin::Control(stream) => break stream,
            Begin::More if had < bytes.len() => had = (had + piece).min(bytes.len()),
            Begin::More | Begin::Other => return found,
        }
    };
    for _ in 0..=2 * bytes.len() + 2 {
        let closed = had == bytes.len();
        if taken == had {
            if closed {
                return found;
            }
            had = (had + piece).min(bytes.len());
            continue;
        }
        match stream.next(&bytes[taken..had], closed) {
            Step::Message { control, length } => {
                assert!((1..=had - taken).contains(&length));
                found.push((taken, length, announced(&control)));
                taken += length;
            }
            Step::Skip { length } => {
                assert!((1..=had - taken).contains(&length));
                taken += length;
            }
            Step::More if closed => return found,
            Step::More => had = (had + piece).min(bytes.len()),
            Step::Lost => return found,
        }
    }
    panic!("the stream does not come to an end");
}

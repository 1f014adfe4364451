//! The start of a TLS connection: two bytes of port, then what the client says.

use sip::tls::{is_likely_sip, is_tls};

use crate::deck::Deck;

pub fn check(bytes: &[u8]) {
    let mut deck = Deck(bytes);
    let port = deck.u16();
    let likely = is_likely_sip(deck.0, port);
    assert!(!likely || is_tls(deck.0), "TLS that is none");
}

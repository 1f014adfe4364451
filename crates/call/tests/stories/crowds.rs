//! Calls under one Call-ID are as many as there are, and what one From tag has of them at once is bounded.

use call::CallConfig;
use numbers::Plan;
use rtp::StreamsConfig;
use types::{Endpoint, Ip};

use crate::notation::{Arrival, Letter, Payload, instant};
use crate::tap::Tap;

/// What is told of 300 calls that are up at once, an INVITE and a 200 each.
fn told(from_tag: impl Fn(u32) -> String) -> String {
    let mut tap = Tap::new(CallConfig::default(), StreamsConfig::default(), Plan::default());
    let end = |host| Endpoint::new(Ip::v4([192, 0, 2, host]), 5_060);
    for call in 0..300 {
        let mut letter = Letter {
            word: "INVITE".to_owned(),
            call: "1".to_owned(),
            from: "+441632960001".to_owned(),
            from_tag: from_tag(call),
            to: format!("+15005550{call:03}"),
            uri: format!("+15005550{call:03}"),
            branch: call.to_string(),
            cseq: 1 + call,
            method: "INVITE".to_owned(),
            ..Letter::default()
        };
        let at = instant(f64::from(call) / 10.0);
        let hear = |letter: &Letter, source, destination| Arrival {
            at,
            source,
            destination,
            payload: Payload::Sip(letter.bytes()),
        };
        tap.hear(&hear(&letter, end(1), end(2)));
        (letter.word, letter.to_tag) = ("200".to_owned(), format!("y{call}"));
        tap.hear(&hear(&letter, end(2), end(1)));
    }
    tap.end(instant(30.0))
}

fn check(told: &str, crowded_out: Option<u32>) {
    let count = |word: &str| told.lines().filter(|line| line.contains(word)).count();
    assert_eq!((count("invited 1"), count("answered 1"), count("record 1 ")), (300, 300, 300), "{told}");
    let losses: Vec<_> = told.lines().filter(|line| line.contains("crowded")).map(str::to_owned).collect();
    let expected = crowded_out.map(|count| format!("loss call_crowded_out {count}"));
    assert_eq!(losses, Vec::from_iter(expected));
}

#[test]
fn one_call_id_hides_none() {
    check(&told(|call| format!("x{call}")), None);
}

#[test]
fn one_call_id_and_one_tag_hide_none_either() {
    check(&told(|_| "x".to_owned()), Some(44));
}

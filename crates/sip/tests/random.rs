//! No bytes bring a parser down, and what is written as a message is read as it was written.
#![cfg(test)]

use proptest::prelude::*;
use sip::framing::{Framer, Step};
use sip::websocket::{self, Frames};
use sip::{Contact, Message, NameAddr, ReasonProtocol, Uri, recognise, tls};

/// Asks a message everything, so that every reader of values runs.
fn ask(message: &Message<'_>) {
    let _ = (message.inspect(), message.cseq(), message.rack(), message.session_id(), message.charging());
    let _ = (message.replaces(), message.event(), message.privacy(), message.supported(), message.required());
    let _ = (message.content_type().and_then(|kind| kind.boundary()), message.max_forwards(), message.allowed());
    let addresses = [message.from(), message.to(), message.refer_to(), message.referred_by()];
    for address in addresses.into_iter().flatten() {
        let _ = (address.tag(), address.uri().map(|uri| (uri.user(), uri.phone_context(), uri.transport())));
    }
    let lists = message.asserted().count() + message.preferred().count() + message.remote_parties().count();
    let more = message.diversions().count() + message.history().count() + message.reasons().count();
    let rest = message.warnings().count() + message.call_info().count() + message.challenges().count();
    let last = message.vias().filter_map(|via| via.branch()).count() + message.authorizations().count();
    let q850 = message.reasons().find(|reason| reason.protocol == ReasonProtocol::Q850);
    let cause = q850.and_then(|reason| u8::try_from(reason.cause?).ok());
    assert_eq!(message.q850_cause(), cause, "the short way and the long one");
    let _ = (lists, more, rest, last, message.contacts().filter(|contact| *contact == Contact::Every).count());
}

/// What a stream in pieces is cut into, with what was read of a message in passing, or without ever reading any so.
fn steps(stream: &[u8], pieces: &[usize], in_passing: bool) -> Vec<String> {
    let (mut framer, mut taken, mut had, mut pieces) = (Framer::default(), 0, 0, pieces.iter().cycle());
    let mut told = Vec::new();
    loop {
        let closed = had == stream.len();
        let bytes = &stream[taken..had];
        let mut message = Message::unread();
        let read = if in_passing { framer.read(bytes, &mut message) } else { None };
        let step = read.map_or_else(|| framer.next(bytes, closed), |length| Step::Message { length });
        match step {
            Step::Message { length } => {
                let alone = Message::parse(&bytes[..length]).ok();
                if read.is_some() {
                    let alone = alone.as_ref().unwrap();
                    let fields = |message: &Message<'_>| {
                        message.headers().iter().map(|it| (it.id, it.value.to_vec())).collect::<Vec<_>>()
                    };
                    assert_eq!((message.start(), message.body()), (alone.start(), alone.body()));
                    assert_eq!(fields(&message), fields(alone));
                    assert!(alone.defects().is_empty());
                }
                told.push(format!("M{length}"));
                taken += length;
            }
            Step::KeepAlive { length } => (taken, _) = (taken + length, told.push(format!("K{length}"))),
            Step::Skip { length } => (taken, _) = (taken + length, told.push(format!("S{length}"))),
            Step::More if closed => return told,
            Step::More => had = (had + pieces.next().unwrap()).min(stream.len()),
            Step::NotSip => return told,
        }
    }
}

/// Streams of messages, most of them whole and right.
fn streams() -> impl Strategy<Value = Vec<u8>> {
    const HEAD: &str = "Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n";
    let start = prop_oneof![
        Just("BYE sip:c@d SIP/2.0\r\n"),
        Just("SIP/2.0 200 OK\r\n"),
        Just("b\u{e9}E x SIP/2.0\r\n"),
        Just("BYE sip:\u{e9} SIP/2.0\r\n")
    ];
    let more = prop_oneof![4 => Just(""), 1 => Just("X: 1\r\n 2\r\n"), 1 => Just("l: 3\r\n"), 1 => Just("X: 1\n"), 1 => Just("Max-Forwards: 70\r\n")];
    let length = prop_oneof![6 => Just("Content-Length: 4"), 1 => Just("Content-Length : 4"), 1 => Just("l:4"), 1 => Just("Content-Length: 4x"), 1 => Just("Content-Length: 9"), 1 => Just("Content-Length:\r\n 4"), 1 => Just("X:1")];
    let message = (start, more, length, prop_oneof![4 => Just("v=0\n"), 1 => Just(""), 1 => Just("\r\n\r\n")])
        .prop_map(|(start, more, length, body)| format!("{start}{HEAD}{more}{length}\r\n\r\n{body}").into_bytes());
    proptest::collection::vec(prop_oneof![6 => message, 1 => nearly_sip()], 0..5).prop_map(|pieces| pieces.concat())
}

/// Bytes that look enough like SIP to reach deep.
fn nearly_sip() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("INVITE sip:a@b SIP/2.0\r\n"),
        Just("SIP/2.0 200 OK\r\n"),
        Just("\r\n"),
        Just("\n"),
        Just("\r"),
        Just(" "),
        Just("From"),
        Just("v"),
        Just("m"),
        Just("Contact:"),
        Just("Content-Length: "),
        Just("CSeq: 1 INVITE"),
        Just("Reason:Q.850;cause=16"),
        Just("\r\nReason: Q.850;cause="),
        Just("Diversion"),
        Just("Session-ID:"),
        Just("Authorization: Digest username=\""),
        Just("\""),
        Just("\\"),
        Just("<"),
        Just(">"),
        Just("sip:"),
        Just("tel:+441632960001"),
        Just("@"),
        Just(";"),
        Just(","),
        Just("="),
        Just(":"),
        Just("?"),
        Just("["),
        Just("]"),
        Just("tag"),
        Just("*"),
        Just("17"),
        Just("/"),
        Just("\0"),
        Just("\u{fc}"),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat().into_bytes())
}

/// Values of From, To and Via made of what decides how they are read.
fn nearly_value() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<sip:a@b>"),
        Just("<"),
        Just(">"),
        Just("\""),
        Just("\"Name\" "),
        Just("\\"),
        Just(";tag="),
        Just(";branch=z9hG4bK"),
        Just(";Tag=1"),
        Just(";lr"),
        Just(";"),
        Just(","),
        Just("="),
        Just(" "),
        Just("\r\n "),
        Just("0123456789abcdef"),
        Just("x"),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn stream_lengths(stream: &[u8], piece: usize) -> Vec<usize> {
    let (mut framer, mut taken, mut had, mut messages) = (Framer::default(), 0, 0, Vec::new());
    // Each turn takes bytes or asks for more, so this many turns are enough.
    for _ in 0..=2 * stream.len() + 2 {
        let closed = had == stream.len();
        match framer.next(&stream[taken..had], closed) {
            Step::Message { length } => {
                assert!(length > 0 && taken + length <= had);
                messages.push(length);
                taken += length;
            }
            Step::KeepAlive { length } | Step::Skip { length } => {
                assert!(length > 0 && taken + length <= had);
                taken += length;
            }
            Step::More if closed => return messages,
            Step::More => had = (had + piece).min(stream.len()),
            Step::NotSip => return messages,
        }
    }
    panic!("the framer does not come to an end");
}

proptest! {
    #[test]
    fn what_is_read_in_passing_is_where_the_framer_finds_it(
        stream in streams(),
        pieces in proptest::collection::vec(1..900_usize, 1..4),
    ) {
        prop_assert_eq!(steps(&stream, &pieces, true), steps(&stream, &pieces, false));
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = (recognise(&bytes), tls::is_likely_sip(&bytes, 443), websocket::upgrade(&bytes), Frames::recognise(&bytes));
        let _ = (Uri::parse(&bytes), NameAddr::parse(&bytes).map(|address| address.defects()), Frames::default().next(&bytes));
        if let Ok(message) = Message::parse(&bytes) {
            ask(&message);
        }
        stream_lengths(&bytes, 7);
    }

    #[test]
    fn nearly_sip_bytes(start in prop_oneof![Just("INVITE sip:a SIP/2.0\r\n"), Just("SIP/2.0 180 \r\n"), Just("")], rest in nearly_sip(), piece in 1_usize..50) {
        let bytes = [start.as_bytes(), &rest].concat();
        match Message::parse(&bytes) {
            Ok(message) => ask(&message),
            Err(_) => prop_assert!(start.is_empty()),
        }
        stream_lengths(&bytes, piece);
    }

    /// The short ways to tags, branch and number read what the general ones do.
    #[test]
    fn short_ways_come_to_the_same(
        before in prop_oneof![Just(""), Just(" "), Just("  ")],
        from in ("|<sip:a@b>;tag=|\"N\" <sip:a@b>;tag=|\"N\" <tel:1>|<sip:a@b>", nearly_value()),
        via in ("|SIP/2.0/UDP 192.0.2.1:5060|SIP/2.0/TCP h;branch=|SIP/2.0/UDP h;rport;branch=1", nearly_value()),
        cseq in "[0-9]{0,12}[ \t]{0,2}(INVITE|BYE|x)?",
        last in any::<bool>(),
    ) {
        let (from, via) = (from.0 + &from.1, via.0 + &via.1);
        let fields = [format!("Via:{before}{via}\r\n"), format!("CSeq:{before}{cseq}\r\n"), format!("To:{before}{from}\r\n")];
        let block = if last { fields.concat() } else { fields.iter().rev().map(String::as_str).collect() };
        let text = format!("BYE sip:a SIP/2.0\r\nFrom:{before}{from}\r\n{block}\r\n");
        let message = Message::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(message.from_tag(), message.from().and_then(|from| from.tag()));
        prop_assert_eq!(message.to_tag(), message.to().and_then(|to| to.tag()));
        prop_assert_eq!(message.branch(), message.vias().next().and_then(|via| via.branch()));
        prop_assert_eq!(message.cseq_number(), message.cseq().map(|cseq| cseq.number));
    }

    #[test]
    fn what_is_written_is_read(
        user in "[a-z0-9+]{1,20}",
        name in "[ a-zA-Z0-9,;<>@]{0,20}",
        tag in "[a-zA-Z0-9.-]{1,30}",
        call_id in "[a-zA-Z0-9@.-]{1,40}",
        number in 0_u32..1 << 31,
        extra in proptest::collection::vec(("X-[A-Za-z]{1,20}", "[!-~]{0,90}"), 0..20),
        body in "[ -~]{0,200}",
        end in prop_oneof![Just("\r\n"), Just("\n"), Just("\r")],
        piece in 1_usize..100,
    ) {
        let fields: String = extra.iter().map(|(name, value)| format!("{name}: {value}{end}")).collect();
        let text = format!(
            "INVITE sip:{user}@192.0.2.1 SIP/2.0{end}v: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK{tag}{end}\
             From: \"{name}\" <sip:{user}@example.com>;tag={tag}{end}{fields}TO:<tel:{user}>{end}i: {call_id}{end}\
             CSeq: {number} INVITE{end}l: {}{end}{end}{body}", body.len());
        let message = Message::parse(text.as_bytes()).unwrap();
        let from = message.from().unwrap();
        prop_assert_eq!(from.display(), name.as_bytes());
        prop_assert_eq!(from.tag(), Some(tag.as_bytes()));
        prop_assert_eq!(from.uri().unwrap().user(), Some(user.as_bytes()));
        prop_assert_eq!(message.to().unwrap().uri().unwrap().user(), Some(user.as_bytes()));
        prop_assert_eq!(message.call_id(), Some(call_id.as_bytes()));
        prop_assert_eq!(message.cseq().unwrap().number, number);
        let branch = format!("z9hG4bK{tag}");
        prop_assert_eq!(message.vias().next().unwrap().branch(), Some(branch.as_bytes()));
        prop_assert_eq!(message.body(), body.as_bytes());
        prop_assert_eq!(message.headers().len(), extra.len() + 6);
        let written: Vec<_> = message.headers().iter().filter(|field| field.name.starts_with(b"X-")).map(|field| field.value).collect();
        prop_assert_eq!(written, extra.iter().map(|(_, value)| value.as_bytes()).collect::<Vec<_>>());
        prop_assert_eq!(stream_lengths(text.repeat(2).as_bytes(), piece), [text.len(), text.len()]);
    }
}

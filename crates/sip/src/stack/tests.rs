use proptest::prelude::*;

use super::*;

const OFFER: &str = include_str!("../../../../fixtures/sdp/offer.sdp");

/// An INVITE as one stack writes it: all that differs between its calls are the arguments.
fn invite(call_id: &str, tag: &str, branch: &str, to: &str) -> String {
    format!(
        "INVITE sip:{to}@198.51.100.7 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK{branch};rport\r\n\
         Max-Forwards: 70\r\nFrom: \"Desk\" <sip:+15555550101@192.0.2.10>;tag={tag}\r\nTo: <sip:{to}@198.51.100.7>\r\n\
         Contact: <sip:+15555550101@192.0.2.10:5060>\r\nCall-ID: {call_id}@192.0.2.10:5060\r\nCSeq: 102 INVITE\r\n\
         User-Agent: Asterisk PBX 18.2.0\r\nAllow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER\r\nSupported: replaces, timer\r\n\
         Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{OFFER}",
        OFFER.len()
    )
}

fn first() -> String {
    invite("3c26700857d1c50a6f3c26700857d1c5", "as6bd3bcb1", "3a1f6c2d", "+15555550142")
}

fn print(text: &str) -> Fingerprint {
    let message = Message::parse(text.as_bytes()).unwrap();
    Fingerprint::of(&message, Sdp::parse(message.body()).ok().as_ref())
}

/// Which groups of `text` differ from those of the first call.
fn spoiled(text: &str) -> Vec<Group> {
    let (one, other) = (print(&first()), print(text));
    assert_eq!(one.matches(other), Group::ALL.iter().filter(|g| one.group(**g) == other.group(**g)).count() >= 3);
    Group::ALL.into_iter().filter(|group| one.group(*group) != other.group(*group)).collect()
}

#[test]
fn the_next_call_of_a_stack_is_equal() {
    assert_eq!(spoiled(&invite("77aa00b1c2d3e4f5061728394a5b6c7d", "as0a91f33c", "70aa51e9", "+15555550177")), []);
}

#[test]
fn what_proxies_and_accounts_add_is_not_the_stacks() {
    let proxied = first()
        .replacen(
            "Via:",
            "Record-Route: <sip:203.0.113.5;lr>\r\nVia: SIP/2.0/UDP 203.0.113.5;branch=z9hG4bKab.1\r\nVia:",
            1,
        )
        .replace("Max-Forwards: 70", "Max-Forwards: 69")
        .replace("Contact:", "P-Asserted-Identity: <tel:+15555550101>\r\nProxy-Authorization: Digest x=y\r\nContact:");
    assert_eq!(spoiled(&proxied), []);
    let held = first().replace("a=sendrecv", "a=sendonly").replace("192.0.2.10:5060>", "192.0.2.11:5060>");
    assert_eq!(spoiled(&held), []);
}

#[test]
fn each_act_of_a_border_spoils_its_groups() {
    let hidden = invite("SDqk8l601-a2f1e4", "SDqk8l601-7f", "qk8l601", "+15555550142").replace("Call-ID:", "Call-Id:");
    assert_eq!(spoiled(&hidden), [Group::Writing, Group::Tokens]);
    assert_eq!(spoiled(&first().replace("Agent: Asterisk PBX", "Agent: Border")), [Group::Agent]);
    assert_eq!(spoiled(&first().replace("Asterisk PBX 18.2.0", "Asterisk PBX 20.1")), []);
    assert_eq!(spoiled(&first().replace("s=Asterisk PBX 18.2.0", "s=-")), [Group::Form]);
    assert_eq!(spoiled(&first().replace("a=ptime:20", "a=ptime:30")), [Group::Codecs]);
    assert_eq!(spoiled(&first().replace("PCMA/8000", "pcma/8000")), [Group::Codecs]);
    let bare = first();
    let bare = bare.split("\r\n\r\n").next().unwrap().to_owned() + "\r\n\r\n";
    assert_eq!(spoiled(&bare), [Group::Form, Group::Codecs]);
    assert_eq!(print(&bare).group(Group::Form), None);
}

#[test]
fn nothing_is_no_evidence() {
    let nothing = print("INVITE sip:a@b SIP/2.0\r\n\r\n");
    assert_eq!(nothing.bits(), 0);
    assert!(!nothing.matches(nothing));
}

/// The hash is part of the format: this must never change.
#[test]
fn the_format_is_kept() {
    assert_eq!(print(&first()).to_string(), "dbdea48090bffe78");
    assert_eq!(Fingerprint::from_bits(print(&first()).bits()), print(&first()));
}

#[test]
fn families_have_no_version() {
    for (agent, name) in [
        ("Asterisk PBX 18.2.0", "Asterisk PBX"),
        ("Cisco-SIPGateway/IOS-12.x", "Cisco-SIPGateway"),
        ("friendly-scanner", "friendly-scanner"),
        ("FPBX-2.11", "FPBX-"),
        ("", ""),
    ] {
        assert_eq!(family(agent.as_bytes()), name.as_bytes());
    }
}

/// The hash as it is defined: words of eight bytes, then what is left and the length.
fn hashed(start: u64, bytes: &[u8]) -> u64 {
    let mut mix = Mix(start);
    let (words, rest) = bytes.as_chunks::<8>();
    words.iter().for_each(|word| mix.add(u64::from_le_bytes(*word)));
    let tail = match (rest.len(), bytes.len()) {
        (0, _) => 0,
        (_, 8..) => u64::from_le_bytes(*bytes.last_chunk().unwrap()),
        (4.., _) => {
            let half = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
            half(rest.first_chunk().unwrap()) | half(rest.last_chunk().unwrap()) << 32
        }
        _ => rest.iter().rev().fold(0, |tail, byte| tail << 8 | u64::from(*byte)),
    };
    mix.add(tail ^ (bytes.len() as u64) << 56);
    mix.0
}

/// What the header fields show, each looked for by its name.
fn sought(headers: &Headers<'_>) -> [Mix; 3] {
    let mut writing = Mix::default();
    let own = headers.iter().filter(|field| OWN[field.id as usize]);
    own.for_each(|field| writing = Mix(hashed(writing.0, field.name)));
    let sum = |id, start, part: fn(&[u8]) -> &[u8]| {
        headers.all(id).fold(0_u64, |sum, value| sum.wrapping_add(hashed(start, part(value))))
    };
    let agents = sum(HeaderName::UserAgent, 1, family).wrapping_add(sum(HeaderName::Allow, 2, |value| value));
    let last = |id| headers.all(id).last().unwrap_or_default();
    let written = Written {
        call_id: last(HeaderName::CallId),
        from: last(HeaderName::From),
        cseq: last(HeaderName::CSeq),
        max_forwards: last(HeaderName::MaxForwards),
        via: last(HeaderName::Via),
        vias: headers.all(HeaderName::Via).map(|value| 1 + commas(value)).sum(),
        ..Written::default()
    };
    [writing, written.tokens(), Mix(agents.wrapping_add(sum(HeaderName::Supported, 3, |value| value)))]
}

proptest! {
    #[test]
    fn bytes_are_hashed_as_the_format_says(start in any::<u64>(), bytes in proptest::collection::vec(any::<u8>(), 0..70)) {
        prop_assert_eq!(Mix::of(start, &bytes).0, hashed(start, &bytes));
    }

    #[test]
    fn one_pass_sees_what_many_look_for(fields in proptest::collection::vec((
        "(Via|v|From|f|To|Call-ID|i|CSeq|MAX-FORWARDS|User-Agent|Allow|Supported|k|Contact|X-Trunk|Record-Route|Date) ?",
        "[ ]{0,2}[-;,=<>@ a-zA-Z0-9/]{0,40}",
    ), 0..20)) {
        let fields: String = fields.iter().map(|(name, value)| format!("{name}:{value}\r\n")).collect();
        let text = format!("INVITE sip:a SIP/2.0\r\n{fields}\r\n");
        let message = Message::parse(text.as_bytes()).unwrap();
        let written = Written::of(message.headers());
        prop_assert_eq!([written.writing, written.tokens(), Mix(written.agent)], sought(message.headers()));
    }
}

//! Every message that is hard to read is read as far as a tap can use it, and what is wrong with it is found:
//! `fixtures/sip/`, and the messages of RFC 4475 themselves where the corpus is there.
#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

use sip::{Content, HeaderName, Message, recognise};

struct Case {
    name: String,
    section: String,
    verdict: String,
    defects: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn cases() -> Vec<Case> {
    let table = fs::read_to_string(root().join("fixtures/sip/cases.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    let cases = rows.map(|row| Case {
        name: row[0].to_string(),
        section: row[1].to_string(),
        verdict: row[2].to_string(),
        defects: row[3].to_string(),
    });
    cases.collect()
}

fn check(case: &Case, bytes: &[u8]) {
    let name = &case.name;
    assert_eq!(recognise(bytes), Content::Sip, "{name}");
    let message = Message::parse(bytes).unwrap();
    let found: Vec<_> = message.inspect().iter().map(|defect| format!("{defect:?}")).collect();
    let found = if found.is_empty() { "-".to_string() } else { found.join(" ") };
    assert_eq!(found, case.defects, "{name}");
    assert!(case.verdict != "valid" || message.inspect().is_empty(), "{name}");
    // What a call needs can be read from all but those that lack it.
    let lacking = ["insuf", "cut-start"].contains(&name.as_str());
    let readable = [message.from().is_some(), message.to().is_some(), message.call_id().is_some()];
    assert_eq!(readable, [!lacking; 3], "{name}");
}

#[test]
fn fixtures_are_read_and_their_defects_found() {
    let cases = cases();
    assert!(cases.len() > 60);
    for case in cases {
        check(&case, &fs::read(root().join(format!("fixtures/sip/{}.sip", case.name))).unwrap());
    }
}

#[test]
fn the_messages_of_rfc_4475_are_treated_as_its_sections_demand() {
    let corpus = std::env::var_os("GREYLINE_CORPUS").map_or_else(|| root().join("../shared/corpus"), PathBuf::from);
    let folder = corpus.join("sip-messages/rfc4475-torture");
    if !folder.is_dir() {
        println!("skipped: no corpus");
        return;
    }
    let cases: Vec<_> = cases().into_iter().filter(|case| case.section != "-").collect();
    assert_eq!(cases.len(), 49);
    for case in cases {
        let mut bytes = fs::read(folder.join(format!("{}.dat", case.name))).unwrap();
        // The file of one message was made without the empty line that its section shows.
        if !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
            bytes.extend(b"\r\n");
        }
        check(&case, &bytes);
    }
}

#[test]
fn white_space_folds_and_case_change_nothing() {
    let bytes = fs::read(root().join("fixtures/sip/wsinv.sip")).unwrap();
    let message = Message::parse(&bytes).unwrap();
    let text = |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()).unwrap_or_default();
    assert_eq!(text(message.to().unwrap().tag()), "t9");
    assert_eq!(text(message.from().unwrap().tag()), "f1");
    assert_eq!(text(message.from().and_then(|from| from.uri()).and_then(|uri| uri.user())), "+441632960001");
    assert_eq!(text(message.cseq().map(|cseq| cseq.token)), "INVITE");
    assert_eq!(message.cseq().unwrap().number, 7);
    assert_eq!(message.max_forwards(), Some(70));
    let vias: Vec<_> =
        message.vias().map(|via| (text(Some(via.transport)), text(Some(via.host)), text(via.branch()))).collect();
    let expected = [
        ("UDP", "192.0.2.7", "old"),
        ("TCP", "hop.example.com", "z9hG4bKtap2"),
        ("UDP", "198.51.100.7", "z9hG4bKtap3"),
    ];
    assert_eq!(vias, expected.map(|(transport, host, branch)| (transport.into(), host.into(), branch.into())));
    let folded = message.headers().named(b"X-NEW").unwrap();
    assert_eq!(sip::text::pieces(folded).collect::<Vec<_>>(), [&b"one value"[..], b"in two lines"]);
    assert_eq!(message.headers().first(HeaderName::Subject), Some(&b""[..]));
    assert!(message.body().starts_with(b"v=0") && message.content_type().unwrap().is(b"application", b"sdp"));
}

#[test]
fn a_second_message_in_a_datagram_is_left_over() {
    let bytes = fs::read(root().join("fixtures/sip/dblreq.sip")).unwrap();
    let message = Message::parse(&bytes).unwrap();
    assert!(message.body().is_empty() && message.rest().starts_with(b"INVITE "));
}

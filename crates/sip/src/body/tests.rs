use proptest::prelude::*;

use super::isup::{Isup, MessageType, Nature, Presentation, Screening};
use super::*;

/// The kinds of all parts with what is in them, shortened to the first line.
fn show(content_type: &str, encoding: Option<&str>, body: &str) -> String {
    parts(content_type.as_bytes(), encoding.map(str::as_bytes), body.as_bytes())
        .map(|part| {
            let encoding = part.encoding.map(|coding| format!("[{}]", String::from_utf8_lossy(coding)));
            let line = part.content.split(|byte| *byte == b'\r').next().unwrap_or_default();
            let line = String::from_utf8_lossy(line).into_owned();
            format!("{}:{:?}{}:{line}", part.depth, part.kind, encoding.unwrap_or_default())
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[track_caller]
fn check(content_type: &str, body: &str, shown: &str) {
    assert_eq!(show(content_type, None, body), shown, "{content_type}\n{body}");
}

#[test]
fn single_bodies() {
    check("application/sdp", "v=0\r\ns=-\r\n", "0:Sdp:v=0");
    check("Application/SDP;charset=utf-8", "v=0", "0:Sdp:v=0");
    check("", "v=0\r\n", "0:Sdp:v=0");
    check("", "hello", "0:Other:hello");
    check("application/sdp", "", "");
    check("text/plain", "hello", "0:Text:hello");
    check("message/sipfrag;version=2.0", "SIP/2.0 200 OK", "0:Sipfrag:SIP/2.0 200 OK");
    check("application/pidf+xml", "<presence/>", "0:Pidf:<presence/>");
    check("application/dtmf-relay", "Signal=?", "0:Dtmf:Signal=?");
    assert_eq!(show("application/sdp", Some("gzip"), "??"), "0:Sdp[gzip]:??");
    assert_eq!(show("application/sdp", Some("identity"), "v=0"), "0:Sdp:v=0");
    assert_eq!(description(b"application/sdp", Some(b"gzip"), b"??"), None);
}

#[test]
fn multiparts() {
    let body = "preamble\r\n--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b1\r\nc:application/ISUP;version=itu-t92+\r\n\
                Content-Transfer-Encoding: binary\r\nContent-Disposition: signal;handling=optional\r\n\r\n\x01\x11\r\n--b1--\r\nepilogue";
    let shown = "1:Sdp:v=0 1:Isup:\x01\x11";
    check("multipart/mixed;boundary=b1", body, shown);
    check("multipart/mixed; charset=x; Boundary = \"b1\"", body, shown);
    check("multipart/mixed", body.trim_start_matches("preamble\r\n"), shown);
    check("multipart/mixed;boundary=wrong", body.trim_start_matches("preamble\r\n"), shown);
    check("multipart/mixed;boundary=b1", &body.replace('\r', ""), "1:Sdp:v=0\n 1:Isup:\x01\x11");
    check("multipart/mixed;boundary=b1", body.strip_suffix("\r\n--b1--\r\nepilogue").unwrap(), shown); // the closing delimiter is lost
    check("multipart/mixed;boundary=b1", "--b1--", "");
    check(
        "multipart/mixed;boundary=b1",
        "--b1\r\n\r\ntext --b1 in a line, and --b10\r\n--b10\r\n--b1--",
        "1:Other:text --b1 in a line, and --b10",
    );
    check(
        "multipart/mixed;boundary=b",
        "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--b--",
        "1:Text[base64]:aGk=",
    );
    check("multipart/mixed;boundary=b", "no delimiter", "0:Multipart:no delimiter");
    check("multipart/mixed", "", "");
    assert_eq!(description(b"multipart/mixed;boundary=b1", None, body.as_bytes()), Some(&b"v=0\r\n"[..]));
}

/// Wraps a body in so many multiparts, `m1` the outermost.
fn nested(depth: usize) -> String {
    (1..=depth).rev().fold("Content-Type: application/sdp\r\n\r\nv=0".to_owned(), |inner, level| {
        let head =
            if level == 1 { String::new() } else { format!("Content-Type: multipart/mixed;boundary=m{level}\r\n\r\n") };
        format!("{head}--m{level}\r\n{inner}\r\n--m{level}--")
    })
}

#[test]
fn nesting_is_bounded() {
    check("multipart/mixed;boundary=m1", &nested(2), "2:Sdp:v=0");
    check("multipart/mixed;boundary=m1", &nested(DEPTH_MAX), "3:Sdp:v=0");
    check("multipart/mixed;boundary=m1", &nested(DEPTH_MAX + 1), "3:Multipart:--m4");
    let many = "--b\r\n\r\nx\r\n".repeat(100);
    assert_eq!(parts(b"multipart/mixed;boundary=b", None, many.as_bytes()).count(), PARTS_MAX as usize);
}

fn isup(content_type: &'static str, content: &[u8]) -> Result<String, types::Malformed> {
    let part = parts(content_type.as_bytes(), None, content).next().unwrap();
    let isup = Isup::parse(&part)?;
    let digits = |number: &isup::Number<'_>| String::from_utf8(number.digits().to_vec()).unwrap();
    let mut words = vec![format!("{:?}", isup.message_type)];
    words.extend(isup.category.map(|category| format!("category {category}")));
    words.extend(isup.called.map(|called| format!("to {:?} {}", called.nature, digits(&called))));
    words.extend(isup.calling.map(|calling| {
        let number = calling.number;
        format!("from {:?} {} {:?} {:?}", number.nature, digits(&number), calling.presentation, calling.screening)
    }));
    words.extend(isup.redirecting.map(|by| format!("by {}", digits(&by.number))));
    words.extend(isup.cause.map(|cause| format!("cause {cause}")));
    Ok(words.join(", "))
}

#[test]
fn isup_says_who_calls_whom() {
    let iam = [
        0x01, 0x00, 0x60, 0x00, 0x0a, 0x00, 0x02, 0x0a, // fixed part, pointers to called number and optional part
        0x08, 0x84, 0x10, 0x44, 0x61, 0x23, 0x69, 0x00, 0x02, // +44 1632 96002 0: odd, international
        0x0a, 0x07, 0x03, 0x17, 0x61, 0x23, 0x69, 0x00, 0x01, // national, restricted, network provided
        0x0b, 0x05, 0x03, 0x10, 0x61, 0x23, 0xf9, 0x00,
    ];
    let shown = "InitialAddress, category 10, to International 44163296002, from National 1632960010 Restricted Network, by 1632 9";
    assert_eq!(isup("application/isup;version=itu-t92+", &iam).unwrap(), shown.replace("1632 9", "16329"));
    let mut ansi = iam.to_vec();
    // The user service stands where the transmission medium was: three pointers, then a value of one octet.
    ansi.splice(5..8, [0x03, 0x04, 0x0c, 0x01, 0x90]);
    assert_eq!(isup("application/isup;base=ansi88", &ansi).unwrap(), shown.replace("1632 9", "16329"));
    assert_eq!(isup("application/isup", &[0x0c, 0x02, 0x00, 0x02, 0x80, 0x90]).unwrap(), "Release, cause 16");
    assert_eq!(isup("application/isup", &[0x09, 0x00]).unwrap(), "Answer");
    assert_eq!(isup("application/isup", &[0xfe]).unwrap(), "Other(254)");
    for cut in 1..17 {
        assert!(isup("application/isup", &iam[..cut]).is_err(), "{cut}");
    }
    assert_eq!(
        MessageType::Connect,
        Isup::parse(&parts(b"application/isup", None, &[7]).next().unwrap()).unwrap().message_type
    );
    let part = parts(b"application/isup", None, &iam).next().unwrap();
    let read = Isup::parse(&part).unwrap();
    assert!(!format!("{read:?}").contains("44"), "{read:?}");
    let calling = read.calling.unwrap();
    assert_eq!((calling.presentation, calling.screening), (Presentation::Restricted, Screening::Network));
    assert_eq!((calling.number.nature, calling.number.is_e164), (Nature::National, true));
}

proptest! {
    #[test]
    fn any_body_has_bounded_parts(body in "(--[ab](--)?|\r\n|\n|[a-z]{1,4}|Content-Type: |multipart/mixed;boundary=[ab]|:){0,60}") {
        prop_assert!(parts(b"multipart/mixed;boundary=a", None, body.as_bytes()).count() <= PARTS_MAX as usize);
    }

    #[test]
    fn any_isup_is_read_or_refused(content in proptest::collection::vec(any::<u8>(), 1..80), ansi in any::<bool>()) {
        let content_type = if ansi { "application/isup;base=ansi88" } else { "application/isup" };
        let _ = isup(content_type, &[&[1], content.as_slice()].concat());
        let _ = isup(content_type, &content);
    }
}

//! What header values say, one line a header field.
#![cfg(test)]

use sip::{Message, Method, OptionTags, Privacy, ReasonProtocol};

fn text(bytes: Option<&[u8]>) -> String {
    bytes.map_or("-".to_string(), |bytes| String::from_utf8_lossy(bytes).into_owned())
}

/// Reads a message with these lines and hands it to `say`.
fn check(lines: &str, say: impl Fn(&Message<'_>) -> String, expected: &str) {
    let bytes = format!("INVITE sip:a@192.0.2.1 SIP/2.0\r\n{lines}\r\n\r\n");
    assert_eq!(say(&Message::parse(bytes.as_bytes()).unwrap()), expected, "{lines}");
}

#[test]
fn parties() {
    let asserted = |message: &Message<'_>| {
        let users = message.asserted().map(|address| text(address.uri().and_then(|uri| uri.user())));
        users.collect::<Vec<_>>().join(" ")
    };
    check(
        "P-Asserted-Identity: \"A, B\" <sip:+441632960001@h;user=phone>, <tel:+441632960002>",
        asserted,
        "+441632960001 +441632960002",
    );
    check("P-Asserted-Identity: <tel:1>\r\np-asserted-identity: <tel:2>", asserted, "1 2");
    let remote = |message: &Message<'_>| {
        let party = message.remote_parties().next().unwrap();
        format!(
            "{} {} {} {:?}",
            text(party.address.uri().unwrap().user()),
            text(party.party),
            text(party.privacy),
            party.screened
        )
    };
    check(
        "Remote-Party-ID: \"A\" <sip:1@h>;party=calling;privacy=full;screen=yes",
        remote,
        "1 calling full Some(true)",
    );
    check("Remote-Party-ID: <sip:1@h>;screen=no", remote, "1 - - Some(false)");
    let privacy =
        |message: &Message<'_>| format!("{:#x} {}", message.privacy().bits(), message.privacy().hides_caller());
    check("Privacy: id;Critical", privacy, "0x28 true");
    check("Privacy: none", privacy, "0x40 false");
    check("Privacy: header, user\r\nPrivacy: odd", privacy, "0x85 true");
    check("Subject: none", privacy, "0x0 false");
    assert_eq!(Privacy::ID | Privacy::CRITICAL, 0x28);
    let diversions = |message: &Message<'_>| {
        let each = message
            .diversions()
            .map(|by| format!("{} {} {:?}", text(by.address.uri().unwrap().user()), text(by.reason), by.counter));
        each.collect::<Vec<_>>().join(", ")
    };
    check(
        "Diversion: <sip:1@h>;reason=user-busy;counter=2, <tel:2>;reason=\"no-answer\"",
        diversions,
        "1 user-busy Some(2), 2 no-answer None",
    );
    let history = |message: &Message<'_>| {
        let each = message.history().map(|entry| format!("{} {}", text(entry.index), text(entry.reason)));
        each.collect::<Vec<_>>().join(", ")
    };
    check(
        "History-Info: <sip:1@h?Privacy=none&Reason=SIP%3Bcause%3D302>;index=1,\r\n <sip:2@h>;index=1.1",
        history,
        "1 SIP%3Bcause%3D302, 1.1 -",
    );
    let identities = |message: &Message<'_>| message.identities().count().to_string();
    check(
        "Identity: a.b.c;info=<https://example.com/a,b.pem>;alg=ES256;ppt=shaken\r\ny: d.e.f;info=<x>",
        identities,
        "2",
    );
}

#[test]
fn diversions_are_told_from_other_retargeting() {
    let by = |header: &str, expected: &str| {
        let by = |message: &Message<'_>| text(message.diverted_by().and_then(|by| by.uri()).and_then(|uri| uri.user()));
        check(header, by, expected);
    };
    let history = |entries: &str, expected: &str| by(&format!("History-Info: {entries}"), expected);
    by("Subject: none", "-");
    by("Diversion: <sip:2@h>;reason=unknown, <sip:1@h>", "2");
    by("Diversion: <sip:2@h>\r\nHistory-Info: <sip:1@h>;index=1, <sip:3@h;cause=302>;index=1.1", "2");
    // RFC 4458: why is a parameter of the URI that the call was sent to; who diverted it stands before.
    history("<sip:1@h>;index=1, <sip:3@h;cause=302>;index=1.1", "1");
    history("<sip:1@h>;index=1, <tel:+441632960003;cause=486>;index=1.1", "1");
    history("<sip:1@h>;index=1, <sip:3@h>;cause=302;index=1.1", "1");
    history("<sip:1@h>;index=1, <sip:2@h;cause=302>;index=1.1;mp=1, <sip:3@h;cause=408>;index=1.1.1;mp=1.1", "2");
    history("<sip:1@h>;index=1\r\nHistory-Info: <sip:3@h;cause=487>;index=1.1", "1");
    // RFC 7044 §5: `mp` names who stood there before, though a proxy came between.
    history("<sip:1@h>;index=1, <sip:p@h>;index=1.1;np=1, <sip:3@h;cause=404>;index=1.2;mp=1", "1");
    history("<sip:1@h>;index=1, <sip:3@h;cause=480>;index=1.1;mp=9", "1");
    // The telephone of whom it was diverted to is no other diversion.
    history("<sip:1@h>;index=1, <sip:2@h;cause=302>;index=1.1;mp=1, <sip:x@h;cause=302>;index=1.1.1;rc=1.1", "1");
    // RFC 4244: what the target before answered.
    history("<sip:1@h?Reason=SIP%3Bcause%3D302>;index=1, <sip:3@h>;index=1.1", "1");
    history("<sip:1@h?Privacy=none&Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22>;index=1, <sip:3@h>;index=1.1", "1");
    history("<sip:1@h?Reason=SIP;cause=408>;index=1, <sip:3@h>;index=1.1", "1");
    // None: one entry, no cause, the same user elsewhere, a telephone of his, a service's number, another protocol's cause.
    history("<sip:1@h;cause=302>;index=1", "-");
    history("<sip:1@h>;index=1, <sip:1@192.0.2.9>;index=1.1;rc=1", "-");
    history("<sip:1@h>;index=1, <sip:3@h>;index=1.1;mp=1", "-");
    history("<sip:1@h?Reason=SIP%3Bcause%3D480>;index=1, <sip:1@192.0.2.9>;index=1.1", "-");
    history("<sip:1@h?Reason=SIP%3Bcause%3D480>;index=1, <sip:x@192.0.2.9>;index=1.1;rc=1", "-");
    history("<sip:0800@h>;index=1, <sip:3@h;cause=380>;index=1.1;mp=1", "-");
    history("<sip:1@h?Reason=Q.850%3Bcause%3D302>;index=1, <sip:3@h>;index=1.1", "-");
    history("<sip:1@h?Reason=SIP%3Bcause%3D200>;index=1, <sip:3@h;cause=x>;index=1.1", "-");
    history("<sip:1@h?Reason=%>;index=1, <sip:3@h>;index=1.1", "-");
}

#[test]
fn dialogs_and_what_outlives_them() {
    let session = |message: &Message<'_>| format!("{:x?}", message.session_id().map(|id| (id.local, id.remote)));
    check(
        "Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000",
        session,
        "Some((ab30317f1a784dc48ff824d0d3715d86, Some(0)))",
    );
    check("Session-ID: F81D4FAE7DEC11D0A76500A0C91E6BF6", session, "Some((f81d4fae7dec11d0a76500a0c91e6bf6, None))");
    check("Session-ID: 1234", session, "None");
    let charging = |message: &Message<'_>| {
        let vector = message.charging().unwrap();
        format!("{} {} {}", text(Some(vector.icid)), text(vector.originating), text(vector.terminating))
    };
    check(
        "P-Charging-Vector: icid-value=\"a;b\";icid-generated-at=192.0.2.1;orig-ioi=home.example",
        charging,
        "a;b home.example -",
    );
    let replaces = |message: &Message<'_>| {
        message.replaces().map_or("-".into(), |dialog| {
            format!("{} {} {}", text(Some(dialog.call_id)), text(dialog.to_tag), text(dialog.from_tag))
        })
    };
    check("Replaces: 98@h;from-tag=r33;to-tag=12", replaces, "98@h 12 r33");
    let reasons = |message: &Message<'_>| {
        let each =
            message.reasons().map(|reason| format!("{:?} {:?} {}", reason.protocol, reason.cause, text(reason.text)));
        each.collect::<Vec<_>>().join(", ")
    };
    check(
        "Reason: Q.850 ;cause=16 ;text=\"Normal, clearing\" , SIP;cause=487\r\nReason: X",
        reasons,
        "Q850 Some(16) Normal, clearing, Sip Some(487) -, Other None -",
    );
    let q850 = |message: &Message<'_>| format!("{:?}", message.q850_cause());
    check("Reason: Q.850 ;cause=16 ;text=\"Normal, clearing\" , SIP;cause=487\r\nReason: X", q850, "Some(16)");
    check("Reason: SIP;cause=200, q.850;cause=17", q850, "Some(17)");
    check("Reason: Q.850;cause=102;text=\"x\"", q850, "Some(102)");
    check("Reason: Q.850;cause=1x, Q.850;cause=3", q850, "None");
    check("Reason: Q.850;cause=300", q850, "None");
    assert_ne!(ReasonProtocol::Sip, ReasonProtocol::Other);
    let via = |message: &Message<'_>| {
        let via = message.vias().next().unwrap();
        assert_eq!(message.branch(), via.branch(), "the short way and the long one");
        format!(
            "{} {} {:?} {} {} {:?}",
            text(Some(via.transport)),
            text(Some(via.host)),
            via.port,
            text(via.branch()),
            text(via.received()),
            via.rport()
        )
    };
    check(
        "v: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56;rport;received=192.0.2.9",
        via,
        "WSS df7jal23ls0d.invalid None z9hG4bK56 192.0.2.9 None",
    );
    check("Via: SIP/2.0/UDP a;rport;branch=x ;y, SIP/2.0/TCP b;branch=z", via, "UDP a None x - None");
    check("Via: SIP/2.0/UDP a, SIP/2.0/TCP b;branch=z", via, "UDP a None - - None");
    check("Via: SIP/2.0/UDP a;branch=\"x;y\"", via, "UDP a None x;y - None");
    check("Via: SIP/2.0/UDP 192.0.2.1:5060;rport;Branch=a;branch=b", via, "UDP 192.0.2.1 Some(5060) a - None");
    check("Via: SIP/2.0/UDP 192.0.2.1; branch=a;branch=b", via, "UDP 192.0.2.1 None a - None");
    check(
        "Via: SIP / 2.0 / UDP [2001:db8::1] : 5061 ; rport=4;branch=x",
        via,
        "UDP [2001:db8::1] Some(5061) x - Some(4)",
    );
    let rack = |message: &Message<'_>| {
        format!("{:?}", message.rack().map(|rack| (rack.rseq, rack.cseq.number, rack.cseq.method)))
    };
    check("RAck: 776656 1 INVITE", rack, "Some((776656, 1, Invite))");
    let numbers = |message: &Message<'_>| {
        format!(
            "{:?}",
            [
                message.max_forwards(),
                message.expires(),
                message.session_expires(),
                message.min_se(),
                message.rseq(),
                message.retry_after()
            ]
        )
    };
    check(
        "Max-Forwards: 70\r\nExpires: 3600\r\nx: 1800;refresher=uas\r\nMin-SE:90\r\nRSeq: 1\r\nRetry-After: 18 (in a while)",
        numbers,
        "[Some(70), Some(3600), Some(1800), Some(90), Some(1), Some(18)]",
    );
    check("Max-Forwards: 7x\r\nExpires: -1\r\nMin-SE:", numbers, "[None, None, None, None, None, None]");
    let event = |message: &Message<'_>| text(message.event());
    check("o: presence.winfo ; id=1", event, "presence.winfo");
    let warnings = |message: &Message<'_>| {
        message
            .warnings()
            .map(|warning| format!("{} {} {}", warning.code, text(Some(warning.agent)), text(Some(warning.text))))
            .collect::<Vec<_>>()
            .join("|")
    };
    check("Warning: 307 h \"a, b\", 399 192.0.2.1:5060 \"c\"", warnings, "307 h a, b|399 192.0.2.1:5060 c");
}

#[test]
fn programs_and_their_proofs() {
    let tags = |message: &Message<'_>| format!("{:#x} {:#x}", message.supported().bits(), message.required().bits());
    check("Supported: 100rel, Timer\r\nk: replaces\r\nRequire: odd", tags, "0x7 0x80000000");
    check("k:", tags, "0x0 0x0");
    assert_eq!(OptionTags::RELIABLE | OptionTags::TIMER | OptionTags::REPLACES, 7);
    let allowed = |message: &Message<'_>| {
        Method::ALL
            .iter()
            .filter(|&&method| message.allowed() >> method as u16 & 1 == 1)
            .map(|method| method.name())
            .collect::<Vec<_>>()
            .join(" ")
    };
    check("Allow: INVITE,ACK\r\nAllow: BYE", allowed, "ACK BYE INVITE");
    let authorization = |message: &Message<'_>| {
        let each = message.authorizations().chain(message.challenges());
        each.map(|found| {
            format!(
                "{} {} {} {}",
                text(Some(found.scheme)),
                text(found.username),
                text(found.realm),
                found.has_response
            )
        })
        .collect::<Vec<_>>()
        .join(", ")
    };
    check(
        "Authorization: Digest username=\"tap\", realm=\"a,b\",uri=\"sip:h\", response=\"6629\"",
        authorization,
        "Digest tap a,b true",
    );
    check("Proxy-Authenticate: Digest realm=h, nonce=\"1\"", authorization, "Digest - h false");
    let kind = |message: &Message<'_>| {
        message.content_type().map_or("-".into(), |kind| {
            format!("{} {} {}", text(Some(kind.kind)), text(Some(kind.subtype)), text(kind.boundary()))
        })
    };
    check("c: multipart/mixed ; Boundary=\"a b\"", kind, "multipart mixed a b");
    check("c: sdp", kind, "-");
    let encodings =
        |message: &Message<'_>| message.content_encodings().map(|name| text(Some(name))).collect::<Vec<_>>().join(" ");
    check("e: gzip, identity", encodings, "gzip");
    let references = |message: &Message<'_>| {
        message
            .call_info()
            .chain(message.alert_info())
            .map(|found| format!("{} {}", text(Some(found.uri)), text(found.purpose())))
            .collect::<Vec<_>>()
            .join("|")
    };
    check(
        "Call-Info: <http://h/a,b.png> ;purpose=icon, http://h/b\r\nAlert-Info: <urn:alert:source:external>",
        references,
        "http://h/a,b.png icon|http://h/b -|urn:alert:source:external -",
    );
    let named = |message: &Message<'_>| text(message.headers().named(b"x-cid"));
    check("X-CID: 77@192.0.2.1", named, "77@192.0.2.1");
}

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

/// One line for the session and one for each medium: what a call asks of a description.
fn show(body: &[u8]) -> String {
    let Ok(sdp) = Sdp::parse(body) else { return "not SDP".to_owned() };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut lines = vec![match sdp.origin() {
        Some(origin) => {
            let address = origin.address.map_or("-".to_owned(), |ip| ip.to_string());
            let fields = [text(origin.user), text(origin.session), text(origin.version), address];
            format!("{} name {}", fields.join(" "), text(sdp.name().unwrap_or_default()))
        }
        None => "no origin".to_owned(),
    }];
    for medium in sdp.media() {
        let mut words = vec![format!("{:?} {:?}", medium.kind(), medium.protocol())];
        words.extend(medium.rtp().map(|at| format!("rtp {at}")));
        words.extend(medium.rtcp().map(|at| format!("rtcp {at}")));
        words.push(format!("{:?}", medium.direction()));
        let flags = [
            (medium.is_rejected(), "rejected"),
            (medium.is_hold(), "hold"),
            (medium.rtcp_mux(), "mux"),
            (medium.has_ice(), "ice"),
            (medium.candidates_ended(), "ice-ended"),
            (medium.has_fingerprint(), "dtls"),
        ];
        words.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned()));
        words.extend((medium.ports() > 1).then(|| format!("ports {}", medium.ports())));
        words.extend(medium.ptime_ms().map(|ms| format!("ptime {ms}")));
        words.extend(medium.ptime_ms_max().map(|ms| format!("maxptime {ms}")));
        words.extend(medium.mid().map(|mid| format!("mid {}", text(mid))));
        words.extend(medium.setup().map(|setup| format!("{setup:?}")));
        words.extend(medium.bandwidths().map(|b| format!("{}:{}", text(b.kind), b.value)));
        words.extend(medium.crypto_suites().map(text));
        for codec in medium.codecs() {
            let encoding = codec.encoding.map_or("?".to_owned(), |encoding| {
                format!("{}/{}/{}", text(encoding.name), encoding.clock, encoding.channels)
            });
            let fmtp = codec.fmtp.map_or(String::new(), |fmtp| format!("({})", text(fmtp)));
            words.push(format!("{}={encoding}{fmtp}", codec.payload_type));
        }
        lines.push(words.join(" "));
    }
    if !sdp.defects().is_empty() {
        lines.push(format!("defects {:#b}", sdp.defects().0));
    }
    lines.join("\n")
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sdp").join(name)).unwrap()
}

fn check(name: &str, shown: &[&str]) {
    assert_eq!(show(&fixture(name)), shown.join("\n"), "{name}");
}

#[test]
fn descriptions_as_they_arrive() {
    check(
        "offer.sdp",
        &[
            "root 1821 1821 192.0.2.10 name Asterisk PBX 18.2.0",
            "Audio Rtp rtp 192.0.2.10:15264 rtcp 192.0.2.10:15265 SendRecv ptime 20 maxptime 150 8=PCMA/8000/1 0=PCMU/8000/1 \
             18=G729/8000/1(annexb=no) 101=telephone-event/8000/1(0-16)",
        ],
    );
    check(
        "bare-lf.sdp",
        &[
            "- 1 1 2001:db8::10 name -",
            "Audio Srtp rtp [2001:db8::10]:4000 rtcp [2001:db8::11]:53020 SendOnly hold ports 2 AS:64 TIAS:64000 \
             AES_CM_128_HMAC_SHA1_80 AES_CM_128_HMAC_SHA1_32 0=PCMU/8000/1 97=iLBC/8000/1",
        ],
    );
    check(
        "odd.sdp",
        &[
            "late 9 9 198.51.100.7 name Late",
            "Audio Rtp rtp 198.51.100.7:4000 rtcp 198.51.100.7:4001 Inactive hold ptime 30 0=PCMU/8000/1 \
             101=Telephone-Event/8000/1",
            "Video Rtp SendRecv rejected 34=H263/90000/1",
            "Audio Rtp SendRecv rejected 8=PCMA/8000/1",
            "defects 0b11110",
        ],
    );
    check("hold-2543.sdp", &["- 7 8 192.0.2.4 name -", "Audio Rtp SendRecv hold 0=PCMU/8000/1"]);
    check(
        "webrtc.sdp",
        &[
            "- 4611731400430051336 2 127.0.0.1 name -",
            "Audio Srtp SendRecv mux ice ice-ended dtls mid 0 ActPass 111=opus/48000/2(minptime=10;useinbandfec=1) \
             63=red/48000/2 9=G722/8000/1 0=PCMU/8000/1 8=PCMA/8000/1 13=CN/8000/1 110=telephone-event/48000/1",
            "Video Srtp SendRecv hold dtls mid 1 ActPass 96=VP8/90000/1",
        ],
    );
}

#[test]
fn faxes() {
    let body = fixture("fax.sdp");
    let sdp = Sdp::parse(&body).unwrap();
    let [audio, fax] = sdp.media() else { panic!("{sdp:?}") };
    assert!(audio.is_rejected() && audio.t38().is_none());
    assert_eq!(fax.rtp().unwrap().to_string(), "192.0.2.77:16756");
    let expected = T38 {
        version: 0,
        bit_rate_max: Some(14_400),
        datagram_bytes_max: Some(90),
        training_transferred: true,
        error_correction: Some(b"t38UDPRedundancy"),
    };
    assert_eq!(fax.t38(), Some(expected));
}

#[test]
fn browsers_hide_behind_ice() {
    let body = fixture("webrtc.sdp");
    let sdp = Sdp::parse(&body).unwrap();
    let audio = &sdp.media()[0];
    let candidates: Vec<_> = audio
        .candidates()
        .map(|c| {
            format!("{} {:?} {} {:?}", c.component, c.transport, c.at.map_or("-".into(), |at| at.to_string()), c.kind)
        })
        .collect();
    assert_eq!(
        candidates,
        [
            "1 Udp 192.0.2.33:56143 Host",
            "1 Udp 203.0.113.9:56143 ServerReflexive",
            "1 Tcp - Host",
            "2 Udp [2001:db8::5]:3478 Relayed"
        ]
    );
    assert_eq!(audio.ssrcs().as_slice(), [3_570_614_608, 3_570_614_609]);
    assert_eq!(audio.fingerprint().map(|(hash, value)| (hash, value.len())), Some((&b"sha-256"[..], 95)));
    let bundles: Vec<Vec<&[u8]>> = sdp.bundles().map(Iterator::collect).collect();
    assert_eq!(bundles, [[b"0", b"1"]]);
}

#[test]
fn where_media_and_control_flow() {
    let check = |lines: &str, rtp: Option<&str>, rtcp: Option<&str>| {
        let body = format!("v=0\r\nc=IN IP4 192.0.2.1\r\n{lines}");
        let sdp = Sdp::parse(body.as_bytes()).unwrap();
        let medium = &sdp.media()[0];
        let shown = |endpoint: Option<types::Endpoint>| endpoint.map(|at| at.to_string());
        assert_eq!((shown(medium.rtp()).as_deref(), shown(medium.rtcp()).as_deref()), (rtp, rtcp), "{lines}");
    };
    check("m=audio 4000 RTP/AVP 0", Some("192.0.2.1:4000"), Some("192.0.2.1:4001"));
    check("m=audio 4000 RTP/AVP 0\na=rtcp-mux", Some("192.0.2.1:4000"), Some("192.0.2.1:4000"));
    check("m=audio 4000 RTP/AVP 0\na=rtcp-mux\na=rtcp:4005", Some("192.0.2.1:4000"), Some("192.0.2.1:4005"));
    check("m=audio 4000 RTP/AVP 0\na=rtcp:99 IN IP4 192.0.2.9", Some("192.0.2.1:4000"), Some("192.0.2.9:99"));
    check("m=audio 65535 RTP/AVP 0", Some("192.0.2.1:65535"), None);
    check("m=audio 0 RTP/AVP 0", None, None);
    check("m=audio 4000 RTP/AVP 0\nc=IN IP4 233.252.0.1/127", Some("233.252.0.1:4000"), Some("233.252.0.1:4001"));
    check("m=audio 4000 RTP/AVP 0\nc=IN IP4 media.example.com", None, None);
    check(
        "m=audio 4000 RTP/AVP 0\nc=IN IP4 192.0.2.5\nc=IN IP4 192.0.2.6",
        Some("192.0.2.5:4000"),
        Some("192.0.2.5:4001"),
    );
}

#[test]
fn protocols() {
    let check = |name: &str, protocol: Protocol| {
        assert_eq!(
            Media::open(Said::default(), &[b"audio 1 ", name.as_bytes(), b" 0"].concat(), &mut Defects::default())
                .protocol(),
            protocol,
            "{name}"
        )
    };
    for (name, protocol) in [
        ("RTP/AVP", Protocol::Rtp),
        ("rtp/avpf", Protocol::Rtp),
        ("RTP/SAVP", Protocol::Srtp),
        ("UDP/TLS/RTP/SAVPF", Protocol::Srtp),
        ("TCP/RTP/AVP", Protocol::RtpTcp),
        ("TCP/TLS/RTP/SAVP", Protocol::RtpTcp),
        ("udptl", Protocol::Udptl),
        ("UDP/TLS/UDPTL", Protocol::Udptl),
        ("UDP/DTLS/SCTP", Protocol::Sctp),
        ("DTLS/SCTP", Protocol::Sctp),
        ("TCP/MSRP", Protocol::Tcp),
        ("TCP", Protocol::Tcp),
        ("udp", Protocol::Udp),
        ("PSTN", Protocol::Other),
    ] {
        check(name, protocol);
    }
}

#[test]
fn limits_are_noted() {
    let body = "v=0\n".to_owned() + &"m=audio 4000 RTP/AVP 0\n".repeat(MEDIA_MAX + 1);
    let sdp = Sdp::parse(body.as_bytes()).unwrap();
    assert_eq!(sdp.media().len(), MEDIA_MAX);
    assert!(sdp.defects().has(Defects::TOO_MANY_MEDIA));
    let body = "v=0\n".to_owned() + &"a=d\n".repeat(5_000);
    assert!(Sdp::parse(body.as_bytes()).unwrap().defects().has(Defects::TOO_MANY_LINES));
    for not_sdp in ["", "\r\n\r\n", "hello", "BYE sip:a", "=", "1=2"] {
        assert!(Sdp::parse(not_sdp.as_bytes()).is_err(), "{not_sdp:?}");
    }
}

/// Descriptions that crashed or hung other parsers, where they are at hand.
#[test]
fn hostile_descriptions_are_read_in_one_go() {
    let folder = std::env::var_os("GREYLINE_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"), Into::into)
        .join("fuzz-seeds/sdp");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: no corpus");
        return;
    };
    let mut described = 0;
    for entry in entries {
        let body = fs::read(entry.unwrap().path()).unwrap();
        described += usize::from(show(&body) != "not SDP");
    }
    assert!(described >= 53, "{described}");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        show(&body);
    }

    #[test]
    fn any_lines_are_read(lines in proptest::collection::vec("[vosctmabz]=(audio|IP4 |rtpmap:|candidate:|rtcp:|fmtp:|[0-9./: a-f-]){0,8}", 0..40)) {
        show(lines.join("\r\n").as_bytes());
        let body = lines.join("\n");
        if let Ok(sdp) = Sdp::parse(body.as_bytes()) {
            for medium in sdp.media() {
                medium.candidates().count();
                let _ = medium.t38();
            }
        }
    }
}

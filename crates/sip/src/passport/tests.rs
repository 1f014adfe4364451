use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

fn party(party: Party<'_>) -> &str {
    match party {
        Party::Number(text) | Party::Uri(text) => text,
    }
}

/// The parameters of the header field and the claims of its token, those that are there.
fn show(value: &[u8]) -> String {
    let Ok(identity) = Identity::parse(value) else { return "no identity".to_owned() };
    let text = |bytes: Option<&[u8]>| bytes.map_or("-".to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned());
    let mut words =
        vec![text(identity.certificate), text(identity.algorithm), text(identity.extension), "|".to_owned()];
    let passport = match identity.passport(&mut Vec::new()) {
        Ok(Some(passport)) => passport,
        Ok(None) => return words.join(" ") + " compact",
        Err(malformed) => return format!("{} {:?}", words.join(" "), malformed.why),
    };
    let header = [passport.algorithm(), passport.extension(), passport.certificate()];
    words.extend(header.into_iter().flatten().map(str::to_owned));
    words.extend(passport.attest().map(|attest| format!("{attest:?}")));
    words.extend(passport.originator().map(|orig| format!("from {}", party(orig))));
    words.extend(passport.destinations().map(|dest| format!("to {}", party(dest))));
    words.extend(passport.diverter().map(|diverter| format!("by {}", party(diverter))));
    words.extend(passport.issued_at_secs().map(|secs| secs.to_string()));
    let rich = [passport.caller_name(), passport.presented_number(), passport.icon(), passport.call_reason()];
    words.extend(passport.origin_id().into_iter().chain(rich.into_iter().flatten()).map(str::to_owned));
    words.extend(passport.has_resource_priority().then(|| "priority".to_owned()));
    words.join(" ")
}

fn check(name: &str, shown: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/passport").join(name);
    assert_eq!(show(&fs::read(path).unwrap()), shown, "{name}");
}

#[test]
fn identities_as_they_arrive() {
    let x5u = "https://cert.example.org/passport.cer";
    check(
        "shaken.txt",
        &format!(
            "{x5u} ES256 shaken | ES256 shaken {x5u} Full from 12025550101 to 14255550105 1443208345 \
             123e4567-e89b-12d3-a456-426655440000"
        ),
    );
    check(
        "plain.txt",
        &format!(
            "{x5u};v=1 ES256 - | ES256 {x5u} from sip:bob@example.com to 12025550102 to sip:alice@example.com \
             to sip:carol@example.com 1443208345"
        ),
    );
    check(
        "div.txt",
        &format!("{x5u} ES256 div | ES256 div {x5u} from 12025550101 to 14255550106 by 14255550105 1443208346"),
    );
    check(
        "rcd.txt",
        &format!(
            "{x5u} - rcd | ES256 rcd {x5u} from 12025550101 to 14255550105 1443208345 Praxis Müller 12025550199 \
             https://example.com/logo.png Your appointment"
        ),
    );
    check(
        "nested.txt",
        &format!("{x5u} ES256 shaken | ES256 shaken {x5u} Partial from 441632960001 to 441632960002 1603458131 ref"),
    );
    check("compact.txt", &format!("{x5u} ES256 shaken | compact"));
}

#[test]
fn what_is_no_identity() {
    for value in ["", ";info=<x>", "a.b", "a.b.", "..", "a.b.c.d", "\"signature of RFC 4474\";alg=rsa-sha1"] {
        assert_eq!(show(value.as_bytes()), "no identity", "{value}");
    }
    assert_eq!(show(b"e30.e30.AA"), "- - - |");
    assert_eq!(show(b"e30.W10.AA"), "- - - | Grammar"); // an array
    assert_eq!(show(b"e30.%%%.AA"), "- - - | Grammar");
    let long = ["e30.".to_owned(), "AAAA".repeat(JSON_BYTES_MAX), ".AA".to_owned()].concat();
    assert_eq!(show(long.as_bytes()), "- - - | TooMany");
}

#[test]
fn parties_are_not_shown_by_accident() {
    assert_eq!(format!("{:?}", Party::Number("12025550101")), "Number(…)");
}

/// The Identity value that libstirshaken writes, where it is at hand: its parties are JSON inside strings.
#[test]
fn a_signers_library() {
    let corpus = std::env::var_os("GREYLINE_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"), Into::into);
    let Ok(text) = fs::read_to_string(corpus.join("stir-shaken/libstirshaken_passport-example.txt")) else {
        println!("skipped: no corpus");
        return;
    };
    let value = text.lines().rfind(|line| line.contains(";info=")).unwrap();
    let identity = Identity::parse(value.as_bytes()).unwrap();
    assert_eq!(identity.certificate, Some(&b"http://shaken.signalwire.cloud/sp.pem"[..]));
    assert_eq!(identity.token.signature().len(), 86);
    let passport = identity.passport(&mut Vec::new()).unwrap().unwrap();
    assert_eq!((passport.attest(), passport.origin_id()), (Some(Attest::Full), Some("ref")));
    assert_eq!(passport.originator(), Some(Party::Number("01256789999")));
    assert_eq!(passport.destinations().collect::<Vec<_>>(), [Party::Number("01256500600")]);
    assert_eq!((passport.issued_at_secs(), passport.extension()), (Some(1_603_458_131), Some("shaken")));
}

proptest! {
    #[test]
    fn any_value_is_read_or_refused(value in "[A-Za-z0-9_.;=<>\" -]{0,200}") {
        show(value.as_bytes());
    }

    #[test]
    fn any_claims_are_read_or_refused(json in "\\{(\"(orig|dest|rcd|iat|div)\":(\\{|\\[|\"tn\"|1|\"\"|\\}|\\]|:|,){0,6},?){0,4}\\}") {
        let encoded: String = json.bytes().flat_map(|byte| [byte >> 2, byte << 4 & 0x3f]).map(|v| {
            char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[usize::from(v)])
        }).collect();
        show(format!("e30.{encoded}.AA").as_bytes());
    }
}

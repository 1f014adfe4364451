//! `fixtures/stir`: every PASSporT of `signed.pcap`, as its INVITE carries it, comes to what `expected.tsv` says; without
//! certificates all that is wrong with its claims is still found.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use call::{CallRecord, Identities, Party};
use stir::{Trust, Verifier, Wrong};
use types::{E164, Endpoint, Nanos};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/stir").join(name)
}

fn trust() -> Trust {
    let mut trust = Trust::default();
    assert_eq!(trust.authorities(&fs::read(fixture("authorities/example.pem")).unwrap()), Ok(1));
    for file in ["shaken.pem", "numbers.pem", "strange.pem", "over.pem"] {
        let place = format!("certs.example.net/{file}");
        trust.signer(&place, &fs::read(fixture(&format!("certificates/{place}"))).unwrap()).unwrap();
    }
    trust
}

/// An INVITE of the capture: when it was sent and what stands in it.
struct Invite {
    secs: u64,
    text: String,
}

impl Invite {
    fn field(&self, name: &str) -> Option<&str> {
        self.text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// The number of a SIP or tel URI; national ones are British.
    fn number(&self, name: &str) -> Option<E164> {
        let after = self.field(name)?.split(':').nth(1)?;
        let user: String =
            after.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '+').collect();
        let digits = match (user.strip_prefix('+'), user.strip_prefix('0')) {
            (Some(digits), _) => digits.to_owned(),
            (None, Some(digits)) => format!("44{digits}"),
            _ => return None,
        };
        E164::from_digits(digits.as_bytes())
    }
}

/// The INVITEs of a pcap of microseconds whose frames are Ethernet, IPv4 and UDP without options.
fn invites() -> Vec<Invite> {
    let pcap = fs::read(fixture("signed.pcap")).unwrap();
    let word = |at: usize| u32::from_le_bytes(pcap[at..at + 4].try_into().unwrap()) as usize;
    let (mut at, mut found) = (24, Vec::new());
    while at < pcap.len() {
        let payload = &pcap[at + 16 + 42..at + 16 + word(at + 8)];
        if payload.starts_with(b"INVITE ") {
            found.push(Invite { secs: word(at) as u64, text: String::from_utf8(payload.to_vec()).unwrap() });
        }
        at += 16 + word(at + 8);
    }
    found
}

/// What checking every call comes to, by Call-ID.
fn checked(mut verifier: Verifier) -> BTreeMap<String, &'static str> {
    let mut came_to = BTreeMap::new();
    for invite in invites() {
        let call_id = invite.field("Call-ID").unwrap();
        let party = |number| Party { number, raw: b"", display: b"" };
        let values: Vec<&[u8]> = invite.field("Identity").iter().map(|value| value.as_bytes()).collect();
        let (from, to) = (invite.number("From"), invite.number("To"));
        let identities = Identities { values: &values, from, to };
        let asked = invite.text.split([':', '@']).nth(1).and_then(|user| user.strip_prefix('+'));
        let asked = asked.and_then(|digits| E164::from_digits(digits.as_bytes()));
        let record = CallRecord {
            invite_at: Some(Nanos::from_parts(invite.secs, 0)),
            caller: party(invite.number("P-Asserted-Identity").or(from)),
            callee: party(asked),
            diversion: invite.field("Diversion").unwrap_or_default().as_bytes(),
            identities: (!values.is_empty()).then_some(&identities),
            ..CallRecord::new(call_id.as_bytes(), Endpoint::default(), Endpoint::default())
        };
        let told = verifier.on_invite(&record).map_or("", |signature| signature.proof.name());
        let kept = verifier.on_record(&record).map_or("", |checked| checked.signature().proof.name());
        assert_eq!(told, kept, "{call_id}");
        assert!(verifier.on_record(&record).is_none(), "{call_id} is kept for ever");
        came_to.insert(call_id.to_owned(), told);
    }
    came_to
}

fn expected() -> BTreeMap<String, String> {
    let table = fs::read_to_string(fixture("expected.tsv")).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t').unwrap());
    rows.map(|(call, comes_to)| (call.to_owned(), comes_to.to_owned())).collect()
}

#[test]
fn every_passport_comes_to_what_it_should() {
    let (found, expected) = (checked(Verifier::new(trust(), 100)), expected());
    assert!(expected.len() > 20);
    for (call, comes_to) in &expected {
        assert_eq!(found.get(call).copied(), Some(&**comes_to), "{call}");
    }
}

/// Nothing is fetched and nothing believed: what the claims say against the call is all that can be said.
#[test]
fn without_certificates_claims_are_held_against_the_call() {
    let found = checked(Verifier::new(Trust::default(), 100));
    for (call, comes_to) in expected() {
        let without = match comes_to.as_str() {
            "verified" | "bad_signature" | "untrusted" | "unauthorised" => "not_verified",
            same => same,
        };
        assert_eq!(found.get(&call).copied(), Some(without), "{call}");
    }
}

/// The same PASSporT again, as a copy of the call brings it, is not computed again.
#[test]
fn a_signature_is_computed_once() {
    let mut verifier = Verifier::new(trust(), 100);
    let invites = invites();
    let invite = invites.iter().find(|invite| invite.field("Call-ID").unwrap().starts_with("holds@")).unwrap();
    let values = [invite.field("Identity").unwrap().as_bytes()];
    let identities = Identities { values: &values, from: invite.number("From"), to: invite.number("To") };
    for call_id in [&b"first"[..], b"second"] {
        let record = CallRecord {
            invite_at: Some(Nanos::from_parts(invite.secs, 0)),
            identities: Some(&identities),
            ..CallRecord::new(call_id, Endpoint::default(), Endpoint::default())
        };
        assert_eq!(verifier.on_invite(&record).unwrap().proof.name(), "verified");
    }
    assert_eq!((verifier.tally().signed, verifier.tally().computed), (2, 1));
}

/// At its limit a verifier refuses and counts.
#[test]
fn calls_that_are_not_over_are_bounded() {
    let mut verifier = Verifier::new(Trust::default(), 10);
    let values = [&b"..c2lnbmF0dXJl;info=<https://certs.example.net/shaken.pem>"[..]];
    let identities = Identities { values: &values, from: None, to: None };
    let mut told = 0;
    for number in 0..100_u32 {
        let call_id = number.to_string();
        let record = CallRecord {
            invite_at: Some(Nanos::ZERO),
            identities: Some(&identities),
            ..CallRecord::new(call_id.as_bytes(), Endpoint::default(), Endpoint::default())
        };
        told += u64::from(verifier.on_invite(&record).is_some());
    }
    assert_eq!((told, verifier.tally().refused), (10, 90));
}

#[test]
fn what_is_no_certificate_is_refused() {
    let key = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let own = fs::read_to_string(fixture("authorities/example.pem")).unwrap();
    let mut trust = Trust::default();
    for (pem, wrong) in [
        ("", Wrong::NoCertificate),
        (key, Wrong::NoCertificate),
        (broken, Wrong::Unreadable),
        (&own.repeat(9), Wrong::TooMany),
    ] {
        assert_eq!(trust.signer("certs.example.net/a.pem", pem.as_bytes()), Err(wrong), "{pem}");
    }
    assert_eq!(trust.authorities(broken.as_bytes()), Err(Wrong::Unreadable));
    assert_eq!(trust.signers(), 0);
}

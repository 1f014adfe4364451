//! How much of telephone numbers somebody sees: masked, under a name in their place, or whole. A record is walked field by field; what is
//! not known to be free of numbers is searched for them, so that a field that is added later is veiled until somebody decides otherwise.

mod digits;

use config::Numbers;
use ring::hmac;
use serde_json::Value;

use digits::{Rule, digits_of, replace};

/// What stands between records and whoever sees them.
#[derive(Clone, Debug)]
pub enum Veil {
    /// Enough of a number to recognise it, too little to call it.
    Masked,
    /// A name in its place: the same for the same number and key.
    Pseudonym(hmac::Key),
    /// Nothing.
    Whole,
}

/// Digits by which a user part is known to be the number that was read from it.
const ALIKE: usize = 7;
/// Bytes of a pseudonym: enough that two numbers of the whole world do not share one.
const PSEUDONYM_BYTES: usize = 10;

impl Veil {
    /// The veil that is asked for; the key is for pseudonyms.
    #[must_use]
    pub fn new(numbers: Numbers, key: &[u8]) -> Self {
        match numbers {
            Numbers::Masked => Self::Masked,
            Numbers::Pseudonym => Self::Pseudonym(hmac::Key::new(hmac::HMAC_SHA256, key)),
            Numbers::Whole => Self::Whole,
        }
    }

    /// The record as it may be seen; nothing where it is no record.
    #[must_use]
    pub fn over(&self, json: &[u8]) -> Option<Vec<u8>> {
        if matches!(self, Self::Whole) {
            return Some(json.to_vec());
        }
        let mut record: Value = serde_json::from_slice(json).ok()?;
        self.over_value(&mut record);
        serde_json::to_vec(&record).ok()
    }

    /// The same over a record that was read already.
    pub fn over_value(&self, record: &mut Value) {
        if !matches!(self, Self::Whole) {
            self.walk(record, "");
        }
    }

    /// What stands at `key`.
    fn walk(&self, value: &mut Value, key: &str) {
        match value {
            Value::String(text) => {
                if let Some(rule) = rule(key) {
                    *text = replace(text, rule, &mut |digits, plus| self.show(digits, plus));
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|entry| self.walk(entry, key)),
            Value::Object(fields) if key != "versions" => {
                let kind = fields.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
                let number = fields.get("number").and_then(Value::as_str).map(digits_of);
                for (key, value) in fields {
                    match (key.as_str(), &mut *value) {
                        // An entity: what its value is, its kind says.
                        ("value", Value::String(_)) => self.walk(value, entity(&kind)),
                        ("raw", Value::String(raw)) if number.as_ref().is_some_and(|number| alike(number, raw)) => {
                            *raw = self.show(number.as_deref().unwrap_or_default(), raw.starts_with('+'));
                        }
                        (key, _) => self.walk(value, key),
                    }
                }
            }
            // Counts and times in figures; versions are names of programs and tables.
            Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A number as it is shown.
    fn show(&self, digits: &str, plus: bool) -> String {
        let sign = if plus { "+" } else { "" };
        match self {
            Self::Whole => format!("{sign}{digits}"),
            Self::Masked => {
                let (first, last) = match digits.len() {
                    ..=5 => (0, 0),
                    6..=7 => (2, 0),
                    _ => (3, 2),
                };
                let first = digits.get(..first).unwrap_or_default();
                let last = digits.get(digits.len() - last..).unwrap_or_default();
                format!("{sign}{first}…{last}")
            }
            Self::Pseudonym(key) => {
                let number = digits.strip_prefix("00").filter(|_| !plus).unwrap_or(digits);
                let tag = hmac::sign(key, number.as_bytes());
                let name: String =
                    tag.as_ref().iter().take(PSEUDONYM_BYTES).map(|byte| format!("{byte:02x}")).collect();
                format!("n-{name}")
            }
        }
    }
}

/// Whether a user part is another spelling of a number: national, with a prefix, with another's.
fn alike(number: &str, raw: &str) -> bool {
    let raw = digits_of(raw);
    let end = |digits: &str| digits.len().checked_sub(ALIKE).and_then(|from| digits.get(from..).map(str::to_owned));
    end(number).is_some_and(|number| end(&raw) == Some(number))
}

/// The field whose rule the value of an entity of this kind has.
fn entity(kind: &str) -> &'static str {
    match kind {
        "number" | "number_block" | "destination_block" | "callee" => "number",
        "recording" | "stack" => "recording",
        _ => "",
    }
}

/// By which rule numbers are sought at a key; nothing where there can be none.
fn rule(key: &str) -> Option<Rule> {
    Some(match key {
        "number" | "called" | "callers" | "caller_shown" => Rule::NUMBER,
        "raw" | "display" | "diversion" => Rule::FOREIGN,
        "call_id" | "legs" | "leg" | "sample" | "origin_id" | "signer" | "user_agent" => Rule::TOKEN,
        // Words of closed lists, times, hashes and addresses.
        "alert_id" | "status" | "time" | "kind" | "severity" | "family" | "feature" | "unit" | "known_by"
        | "recording" | "first_call" | "last_call" | "weighed_from" | "weighed_to" | "local_hours" | "utc_hours"
        | "utc" | "region" | "country" | "invite_at" | "ring_at" | "answer_at" | "end_at" | "end_known_at"
        | "first_at" | "last_at" | "first_ends_at" | "outcome" | "ended_by" | "stack" | "attestation" | "signature"
        | "media_seen" | "codec" | "ip" | "sources" => {
            return None;
        }
        _ => Rule::TEXT,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn veiled(veil: &Veil, record: &Value) -> Value {
        serde_json::from_slice(&veil.over(&serde_json::to_vec(record).unwrap()).unwrap()).unwrap()
    }

    fn pseudonym() -> Veil {
        Veil::new(Numbers::Pseudonym, b"a key of the laboratory, 32 bytes")
    }

    #[test]
    fn a_call_is_masked() {
        let call = json!({
            "v": 1, "call_id": "4af0c2@192.0.2.1", "invite_at": "2026-11-28T10:00:00.000000Z", "outcome": "answered",
            "caller": { "number": "+441632960001", "raw": "01632960001", "country": "GB", "display": "Bank 020 7946 0001", "from": "pai" },
            "callee": { "number": "+15550100001", "raw": "0015550100001" },
            "source": { "ip": "192.0.2.1", "port": 5060 }, "user_agent": "Asterisk PBX 16.2.1", "stack": "1234567890123456",
            "diversion": "1001", "passage": { "destination": "198.51.100.1:5060", "caller_shown": "+999123456789" },
            "media": [{ "first_at": "2026-11-28T10:00:05.000000Z", "over_time": { "first_ends_at": "2026-11-28T10:00:10.000000Z" } }],
        });
        let expected = json!({
            "v": 1, "call_id": "4af0c2@192.0.2.1", "invite_at": "2026-11-28T10:00:00.000000Z", "outcome": "answered",
            "caller": { "number": "+441…01", "raw": "441…01", "country": "GB", "display": "Bank 020…01", "from": "pai" },
            "callee": { "number": "+155…01", "raw": "155…01" },
            "source": { "ip": "192.0.2.1", "port": 5060 }, "user_agent": "Asterisk PBX 16.2.1", "stack": "1234567890123456",
            "diversion": "…", "passage": { "destination": "198.51.100.1:5060", "caller_shown": "+999…89" },
            "media": [{ "first_at": "2026-11-28T10:00:05.000000Z", "over_time": { "first_ends_at": "2026-11-28T10:00:10.000000Z" } }],
        });
        assert_eq!(veiled(&Veil::Masked, &call), expected);
        assert_eq!(veiled(&Veil::Whole, &call), call);
    }

    #[test]
    fn an_alert_is_masked() {
        let alert = json!({
            "alert_id": "0123456789012345", "kind": "wangiri",
            "entity": { "kind": "number", "value": "+441632960001 at 192.0.2.1" },
            "members": [
                { "kind": "recording", "value": "recording 12345678901234" }, { "kind": "number_block", "value": "+44163296xxx" },
                { "kind": "stack", "value": "1234567812345678" }, { "kind": "trunk", "value": "north 1" },
                { "kind": "customer", "value": "https://a.example/c.pem for origin c4299dfb-0000-4000-8000-c30dab8bc429" },
            ],
            "title": "Wangiri from 192.0.2.1", "summary": "The number +441632960001 has called 5 people",
            "refuted_by": "Whoever is signed for by https://a.example/c.pem for origin c4299dfb-0000-4000-8000-c30dab8bc429",
            "callers": ["+441632960001", "+44163296xxx"], "calls": { "count": 9, "sample": ["441632960001@x", "ab12@y"] },
            "call_backs": { "count": 1, "victims": [{ "number": "+15550100001", "called": "+441632960001" }] },
            "versions": { "tables": "2026-11-01 0123456701234567" }, "sources": ["192.0.2.1"],
        });
        let shown = veiled(&Veil::Masked, &alert);
        assert_eq!(shown["entity"]["value"], "+441…01 at 192.0.2.1");
        assert_eq!(shown["members"], alert["members"]);
        assert_eq!(shown["summary"], "The number +441…01 has called 5 people");
        assert_eq!(shown["callers"], json!(["+441…01", "+44163296xxx"]));
        assert_eq!(shown["calls"]["sample"], json!(["441…01@x", "ab12@y"]));
        assert_eq!(shown["call_backs"]["victims"], json!([{ "number": "+155…01", "called": "+441…01" }]));
        for kept in ["alert_id", "title", "refuted_by", "versions", "sources"] {
            assert_eq!(shown[kept], alert[kept]);
        }
    }

    #[test]
    fn a_number_has_one_name_and_another_key_another() {
        let call =
            json!({ "caller": { "number": "+441632960001", "raw": "01632 960001" }, "diversion": "00441632960001" });
        let shown = veiled(&pseudonym(), &call);
        let name = shown["caller"]["number"].as_str().unwrap();
        assert!(name.len() == 22 && name.starts_with("n-"), "{name}");
        assert_eq!((&shown["caller"]["raw"], &shown["diversion"]), (&name.into(), &name.into()));
        let other = veiled(&Veil::new(Numbers::Pseudonym, b"another key of 32 bytes and more"), &call);
        assert_ne!(other["caller"]["number"], shown["caller"]["number"]);
    }

    #[test]
    fn what_is_no_record_is_not_shown() {
        assert_eq!(Veil::Masked.over(b"+441632960001"), None);
    }

    /// Ways to write a number.
    fn spelt(number: u64, spelling: u8) -> String {
        let digits = number.to_string();
        let (country, rest) = digits.split_at(2);
        let (area, subscriber) = rest.split_at(rest.len() / 2);
        match spelling {
            0 => format!("+{digits}"),
            1 => digits,
            2 => format!("00{digits}"),
            3 => format!("+{country} (0) {area} {subscriber}"),
            4 => format!("+{country}-{area}-{subscriber}"),
            5 => format!("tel:+{digits};phone-context=x"),
            6 => digits.chars().filter_map(|digit| char::from_u32(digit as u32 + 0xff10 - 0x30)).collect(),
            _ => format!("x +{country} {area}{subscriber} y"),
        }
    }

    proptest! {
        /// No field lets a whole number through, however it is spelt there.
        #[test]
        fn no_whole_number_survives(number in 1_000_000_u64..1_000_000_000_000_000, spelling in 0_u8..8, named in any::<bool>()) {
            let text = spelt(number, spelling);
            // Names for machines are one word.
            let word = spelt(number, spelling % 3);
            let record = json!({
                "caller": { "number": format!("+{number}"), "raw": text, "display": format!("Bank {text}!") },
                "callee": { "number": "+441632960001", "raw": text }, "diversion": text, "call_id": format!("{word}@192.0.2.1"),
                "legs": [word], "user_agent": format!("phone {word}"), "passage": { "caller_shown": format!("+{number}") },
                "callers": [format!("+{number}")], "title": format!("x {text}"), "summary": format!("The number +{number} has"),
                "evidence": [{ "text": format!("+{number}") }], "calls": { "sample": [format!("{word}-1@x")] },
                "call_backs": { "victims": [{ "number": format!("+{number}"), "called": format!("+{number}") }] },
                "entity": { "kind": "number", "value": format!("+{number} at 192.0.2.1") }, "added_later": { "field": text },
                "members": [{ "kind": "callee", "value": format!("+{number}") }, { "kind": "customer", "value": word }],
            });
            let veil = if named { pseudonym() } else { Veil::Masked };
            let shown = veiled(&veil, &record);
            // All digits of the number behind its country, wherever they stand.
            let kept = number.to_string().split_off(2);
            fn texts<'v>(value: &'v Value, all: &mut Vec<&'v str>) {
                match value {
                    Value::String(text) => all.push(text),
                    Value::Array(list) => list.iter().for_each(|value| texts(value, all)),
                    Value::Object(fields) => fields.values().for_each(|value| texts(value, all)),
                    _ => {}
                }
            }
            let mut all = Vec::new();
            texts(&shown, &mut all);
            for text in all {
                prop_assert!(!digits_of(text).contains(&kept), "{text} of {number}");
            }
        }
    }
}

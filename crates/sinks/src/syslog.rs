//! Records as syslog messages (RFC 5424), with their facts as structured data, in ArcSight's Common Event Format, or as JSON.

use std::fmt::Write as _;

use config::{SyslogBody, SyslogSink};
use serde_json::Value;
use types::Nanos;

use crate::item::Item;
use crate::tally::What;

/// Writes messages.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    body: SyslogBody,
    facility: u8,
    enterprise: u32,
    /// The part between the time and the process that stands in every message.
    hostname: String,
    process: u32,
    /// Messages written: the receiver sees by it that some were lost.
    written: u32,
}

/// RFC 5424 §6.2.4: a name has at most so many printable letters.
const HOSTNAME_MAX: usize = 255;
/// RFC 5424 §7.3.1: the number after the highest is 1.
const SEQUENCE_MAX: u32 = 2_147_483_647;
/// Words of a structured parameter that are written: lists are for JSON.
const VALUE_LETTERS_MAX: usize = 256;

/// Facts of an alert that are written as parameters: the name, and where it stands in the record.
const ALERT_FACTS: [(&str, &str); 13] = [
    ("alert_id", "/alert_id"),
    ("status", "/status"),
    ("kind", "/kind"),
    ("severity", "/severity"),
    ("score_db", "/score_db"),
    ("entity_kind", "/entity/kind"),
    ("entity", "/entity/value"),
    ("title", "/title"),
    ("first_call", "/first_call"),
    ("last_call", "/last_call"),
    ("calls", "/calls/count"),
    ("answered", "/calls/answered"),
    ("source", "/sources/0"),
];

/// Facts of a call.
const CALL_FACTS: [(&str, &str); 11] = [
    ("call_id", "/call_id"),
    ("invite_at", "/invite_at"),
    ("answer_at", "/answer_at"),
    ("end_at", "/end_at"),
    ("outcome", "/outcome"),
    ("status", "/status"),
    ("caller", "/caller/number"),
    ("callee", "/callee/number"),
    ("source", "/source/ip"),
    ("destination", "/destination/ip"),
    ("talk_ms", "/talk_ms"),
];

impl Writer {
    pub fn new(syslog: &SyslogSink, hostname: &str) -> Self {
        let hostname = syslog.hostname.as_deref().unwrap_or(hostname);
        let hostname: String = hostname.chars().filter(char::is_ascii_graphic).take(HOSTNAME_MAX).collect();
        Self {
            body: syslog.body,
            facility: syslog.facility,
            enterprise: syslog.enterprise,
            hostname: if hostname.is_empty() { "-".to_owned() } else { hostname },
            process: std::process::id(),
            written: 0,
        }
    }

    /// The message of a record.
    pub fn message(&mut self, item: &Item) -> Vec<u8> {
        self.written = if self.written >= SEQUENCE_MAX { 1 } else { self.written + 1 };
        let record: Value = serde_json::from_slice(&item.json).unwrap_or_default();
        let text = |path: &str| field(&record, path);
        let (message_id, facts, sentence) = match item.what {
            What::Alert => (text("/kind"), &ALERT_FACTS[..], text("/summary")),
            What::Call => {
                let parties = [text("/caller/number"), text("/callee/number")];
                let [caller, callee] = parties.map(|number| if number.is_empty() { "?".to_owned() } else { number });
                ("call".to_owned(), &CALL_FACTS[..], format!("{caller} to {callee}: {}", text("/outcome")))
            }
        };
        let priority = u32::from(self.facility) * 8 + level(item.what, &text("/severity"), &text("/status"));
        let mut out = format!(
            "<{priority}>1 {} {} greyline {} {} ",
            time(item.at),
            self.hostname,
            self.process,
            if message_id.is_empty() { "-" } else { &message_id }
        );
        let _ = write!(out, "[meta sequenceId=\"{}\"]", self.written);
        match self.body {
            SyslogBody::Structured => {
                let _ = write!(out, "[greyline@{} id=\"{}\"", self.enterprise, parameter(&item.key));
                for (name, path) in facts {
                    let value = text(path);
                    if !value.is_empty() {
                        let _ = write!(out, " {name}=\"{}\"", parameter(&value));
                    }
                }
                // RFC 5424 §6.4: the mark of byte order says that the text is UTF-8.
                let _ = write!(out, "] \u{feff}{}", one_line(&sentence));
            }
            SyslogBody::Cef => {
                let _ = write!(out, " {}", cef(item, &record, facts, &sentence));
            }
            SyslogBody::Json => {
                let _ = write!(out, " \u{feff}{}", String::from_utf8_lossy(&item.json));
            }
        }
        out.into_bytes()
    }
}

/// Severity of RFC 5424 §6.2.1: an alert that closes is worth a notice.
fn level(what: What, severity: &str, status: &str) -> u32 {
    match (what, status, severity) {
        (What::Call, ..) => 6,
        (What::Alert, "close", _) => 5,
        (_, _, "critical") => 2,
        (_, _, "high") => 3,
        (_, _, "medium") => 4,
        _ => 5,
    }
}

/// A field as text, empty where it is absent.
fn field(record: &Value, path: &str) -> String {
    match record.pointer(path) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn time(at: Nanos) -> String {
    at.rfc3339()
}

/// RFC 5424 §6.3.3: `"`, `\` and `]` are escaped; what would break a line is a space.
fn parameter(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in one_line(value).chars().take(VALUE_LETTERS_MAX) {
        if matches!(letter, '"' | '\\' | ']') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// `CEF:0|vendor|product|version|class|name|severity|extension`
fn cef(item: &Item, record: &Value, facts: &[(&str, &str)], sentence: &str) -> String {
    let header = |text: &str| one_line(text).replace('\\', "\\\\").replace('|', "\\|");
    let extension = |text: &str| one_line(text).replace('\\', "\\\\").replace('=', "\\=");
    let text = |path: &str| field(record, path);
    let (class, name, severity) = match item.what {
        What::Call => ("call".to_owned(), "Call".to_owned(), 0),
        What::Alert => {
            let severity = match text("/severity").as_str() {
                "critical" => 10,
                "high" => 8,
                "medium" => 5,
                _ => 3,
            };
            (text("/kind"), text("/title"), severity)
        }
    };
    let mut out = format!(
        "CEF:0|Greyline|greyline|{}|{}|{}|{severity}|rt={} externalId={}",
        env!("CARGO_PKG_VERSION"),
        header(&class),
        header(&name),
        item.at.get() / 1_000_000,
        extension(&item.key)
    );
    // Keys of ArcSight's dictionary where it has one; the rest under names of its own.
    for (name, path) in facts {
        let value = text(path);
        if value.is_empty() {
            continue;
        }
        let key = match *name {
            "kind" => "cat",
            "status" if item.what == What::Alert => "act",
            "calls" => "cnt",
            "source" => "src",
            "destination" => "dst",
            "caller" => "suser",
            "callee" => "duser",
            "outcome" => "outcome",
            other => {
                let _ = write!(out, " greyline_{other}={}", extension(&value));
                continue;
            }
        };
        // RFC 4291: CEF has other keys for addresses of IPv6.
        let key = match key {
            "src" if value.contains(':') => "c6a2",
            "dst" if value.contains(':') => "c6a3",
            key => key,
        };
        let _ = write!(out, " {key}={}", extension(&value));
    }
    let _ = write!(out, " msg={}", extension(sentence));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(what: What, json: &str) -> Item {
        Item { what, at: Nanos::from_parts(1_700_000_000, 1_234_567), key: "k]1".into(), json: json.to_owned().into() }
    }

    #[track_caller]
    fn check(body: &str, item: &Item, expected: &str) {
        let text = format!(
            "[[sink]]\nname = \"s\"\n[sink.syslog]\nurl = \"udp://127.0.0.1\"\nhostname = \"probe 1\"\nbody = \"{body}\""
        );
        let known = config::read(text.as_bytes()).unwrap().known;
        let mut writer = Writer::new(known.config().sink[0].syslog.as_ref().unwrap(), "x");
        writer.process = 7;
        assert_eq!(String::from_utf8(writer.message(item)).unwrap(), expected);
    }

    const ALERT: &str = r#"{"alert_id":"a1","status":"open","kind":"irsf","severity":"critical","score_db":41.5,
        "entity":{"kind":"trunk","value":"a \"b\"=|c"},"title":"Fraud | here","summary":"Somebody\ncalls.","calls":{"count":7},"sources":["192.0.2.1"]}"#;

    #[test]
    fn alerts() {
        let alert = item(What::Alert, ALERT);
        check(
            "structured",
            &alert,
            "<130>1 2023-11-14T22:13:20.001234Z probe1 greyline 7 irsf [meta sequenceId=\"1\"][greyline@32473 id=\"k\\]1\" \
             alert_id=\"a1\" status=\"open\" kind=\"irsf\" severity=\"critical\" score_db=\"41.5\" entity_kind=\"trunk\" \
             entity=\"a \\\"b\\\"=|c\" title=\"Fraud | here\" calls=\"7\" source=\"192.0.2.1\"] \u{feff}Somebody calls.",
        );
        check(
            "cef",
            &alert,
            concat!(
                "<130>1 2023-11-14T22:13:20.001234Z probe1 greyline 7 irsf [meta sequenceId=\"1\"] CEF:0|Greyline|greyline|",
                env!("CARGO_PKG_VERSION"),
                "|irsf|Fraud \\| here|10|rt=1700000000001 externalId=k]1 greyline_alert_id=a1 act=open cat=irsf ",
                "greyline_severity=critical greyline_score_db=41.5 greyline_entity_kind=trunk greyline_entity=a \"b\"\\=|c ",
                "greyline_title=Fraud | here cnt=7 src=192.0.2.1 msg=Somebody calls."
            ),
        );
    }

    #[test]
    fn calls() {
        let json = r#"{"call_id":"c","outcome":"busy","status":486,"caller":{"number":"+441…01"},"callee":{},"source":{"ip":"2001:db8::1"}}"#;
        let call = item(What::Call, json);
        check(
            "structured",
            &call,
            "<134>1 2023-11-14T22:13:20.001234Z probe1 greyline 7 call [meta sequenceId=\"1\"][greyline@32473 id=\"k\\]1\" \
             call_id=\"c\" outcome=\"busy\" status=\"486\" caller=\"+441…01\" source=\"2001:db8::1\"] \u{feff}+441…01 to ?: busy",
        );
        check(
            "json",
            &call,
            &format!(
                "<134>1 2023-11-14T22:13:20.001234Z probe1 greyline 7 call [meta sequenceId=\"1\"] \u{feff}{json}"
            ),
        );
    }

    #[test]
    fn levels() {
        for (severity, status, expected) in [
            ("critical", "open", 2),
            ("high", "update", 3),
            ("medium", "open", 4),
            ("low", "open", 5),
            ("critical", "close", 5),
        ] {
            assert_eq!(level(What::Alert, severity, status), expected);
        }
        assert_eq!(level(What::Call, "", ""), 6);
    }
}

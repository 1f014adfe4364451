//! Letters to people: one for all alerts that came since the last, the gravest in the subject.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use config::{EmailSink, SinkTls};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Identity, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use serde_json::Value;
use tokio::time::Instant;

use super::{Delivery, Fate, record};
use crate::item::Item;
use crate::secrets;

/// SMTP (RFC 5321 §4.2.3, RFC 1870): the letter itself is refused, as too long or for what it says.
const LETTER_REFUSED: [&str; 2] = ["552", "554"];
/// Reasons that are written of each alert.
const EVIDENCE_LINES_MAX: usize = 8;

pub(crate) struct EmailOutlet {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Vec<Mailbox>,
    pause: Duration,
    rests: Option<Instant>,
}

impl EmailOutlet {
    pub fn new(email: &EmailSink, tls: Option<&SinkTls>, patience: Duration) -> Result<Self, String> {
        let url = &email.server;
        let parameters = || parameters(url.host(), tls);
        let (port, tls) = match url.scheme() {
            "smtps" => (465, Tls::Wrapper(parameters()?)),
            "smtp" => (587, Tls::Required(parameters()?)),
            _ => (25, Tls::None),
        };
        let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(url.host());
        let mut server = server.port(url.port().unwrap_or(port)).timeout(Some(patience)).tls(tls);
        if let (Some(user), Some(path)) = (&email.user, &email.password_file) {
            server = server.credentials(Credentials::new(user.clone(), secrets::token(path)?));
        }
        let mailbox = |text: &String| text.parse::<Mailbox>().map_err(|error| format!("{text:?}: {error}"));
        Ok(Self {
            server: server.build(),
            from: mailbox(&email.from)?,
            to: email.to.iter().map(mailbox).collect::<Result<_, _>>()?,
            pause: Duration::from_secs(email.pause_secs.into()),
            rests: None,
        })
    }

    pub const fn rests(&self) -> Option<Instant> {
        self.rests
    }

    pub async fn deliver(&mut self, items: &[Arc<Item>]) -> Delivery {
        let letter = match self.letter(items) {
            Ok(letter) => letter,
            Err(error) => return Delivery::failed(error.to_string()),
        };
        match self.server.send(letter).await {
            Ok(_) => {
                self.rests = Some(Instant::now() + self.pause);
                Delivery::whole(items.len())
            }
            Err(error) => {
                let refused = error.status().is_some_and(|code| LETTER_REFUSED.contains(&code.to_string().as_str()));
                if refused {
                    let fates = vec![Fate::Refused; items.len()];
                    Delivery { fates, refusal: Some(error.to_string()), failure: None }
                } else {
                    Delivery::failed(error.to_string())
                }
            }
        }
    }

    fn letter(&self, items: &[Arc<Item>]) -> Result<Message, lettre::error::Error> {
        let alerts: Vec<_> = items.iter().map(|item| record(item)).collect();
        let id = items.first().map_or("none", |item| &*item.key).replace(':', "");
        let mut letter = Message::builder()
            .from(self.from.clone())
            .subject(subject(&alerts))
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .date_now();
        for to in &self.to {
            letter = letter.to(to.clone());
        }
        letter.body(alerts.iter().map(told).collect::<Vec<_>>().join("\n\n"))
    }
}

/// Whom a server's certificate must be from, and greyline's own.
fn parameters(host: &str, tls: Option<&SinkTls>) -> Result<TlsParameters, String> {
    let told = |error: lettre::transport::smtp::Error| error.to_string();
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = tls.and_then(|tls| tls.authorities_file.as_ref()) {
        let authority = Certificate::from_pem(&secrets::file(path)?).map_err(told)?;
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(authority);
    }
    if let Some((certificate, key)) = tls.and_then(|tls| tls.certificate_file.as_ref().zip(tls.key_file.as_ref())) {
        let identity = Identity::from_pem(&secrets::file(certificate)?, &secrets::file(key)?).map_err(told)?;
        builder = builder.identify_with(identity);
    }
    builder.build_rustls().map_err(told)
}

fn text(alert: &Value, path: &str) -> String {
    let text = match alert.pointer(path) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// `[greyline] critical: Wangiri from 192.0.2.1 (open)`, and how many more.
fn subject(alerts: &[Value]) -> String {
    let grave = |alert: &&Value| match text(alert, "/severity").as_str() {
        "critical" => 3,
        "high" => 2,
        "medium" => 1,
        _ => 0,
    };
    // Of the gravest the first.
    let Some(first) = alerts.iter().rev().max_by_key(grave) else { return "[greyline]".to_owned() };
    let more = match alerts.len() {
        0 | 1 => String::new(),
        several => format!(", and {} more", several - 1),
    };
    format!("[greyline] {}: {} ({}){more}", text(first, "/severity"), text(first, "/title"), text(first, "/status"))
}

/// An alert as a person reads it.
fn told(alert: &Value) -> String {
    let text = |path: &str| text(alert, path);
    let mut out =
        format!("{}\n{}\n\n{}\n", text("/title"), "=".repeat(text("/title").chars().count()), text("/summary"));
    let evidence = alert.get("evidence").and_then(Value::as_array);
    for line in evidence.into_iter().flatten().take(EVIDENCE_LINES_MAX) {
        let _ = write!(out, "\n  {:>5} dB  {}", self::text(line, "/share_db"), self::text(line, "/text"));
    }
    let _ = write!(out, "\n\nWhat would speak against it: {}\n", text("/refuted_by"));
    for (name, path) in [
        ("Severity", "/severity"),
        ("Status", "/status"),
        ("Kind", "/kind"),
        ("Said at", "/time"),
        ("Alert", "/alert_id"),
    ] {
        let _ = write!(out, "\n{name}: {}", text(path));
    }
    let _ = writeln!(out, "\nScore: {} dB, of which {} were needed", text("/score_db"), text("/threshold_db"));
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_gravest_is_in_the_subject() {
        let alert = |severity: &str, title: &str| json!({ "severity": severity, "title": title, "status": "open" });
        assert_eq!(subject(&[alert("low", "A\r\nB")]), "[greyline] low: A  B (open)");
        let several = [alert("low", "A"), alert("critical", "B"), alert("critical", "C")];
        assert_eq!(subject(&several), "[greyline] critical: B (open), and 2 more");
    }

    #[test]
    fn an_alert_is_told() {
        let alert = json!({
            "title": "Wangiri", "summary": "Somebody rings.", "evidence": [{ "share_db": 12.5, "text": "calls were dropped" }],
            "refuted_by": "Nothing.", "severity": "high", "status": "open", "kind": "wangiri", "time": "T", "alert_id": "a",
            "score_db": 60.0, "threshold_db": 53.0,
        });
        let expected = "Wangiri\n=======\n\nSomebody rings.\n\n   12.5 dB  calls were dropped\n\nWhat would speak against it: Nothing.\n\
                        \nSeverity: high\nStatus: open\nKind: wangiri\nSaid at: T\nAlert: a\nScore: 60.0 dB, of which 53.0 were needed\n";
        assert_eq!(told(&alert), expected);
    }
}

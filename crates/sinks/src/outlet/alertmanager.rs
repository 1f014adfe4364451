//! Prometheus Alertmanager, API v2: an alert fires from its opening to its close. Alertmanager takes an alert for over when nobody
//! repeats it, so that open ones are said again from time to time; what is open is known from the records alone.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use config::{AlertmanagerSink, SinkTls};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::{Delivery, Fate, record};
use crate::http::{Answer, Http};
use crate::item::Item;
use crate::secrets;

/// Open alerts that are said again; past it the one whose identifier is least is not any longer, and ends by itself.
const OPEN_MAX: usize = 10_000;
/// Alerts in one request.
const REQUEST_MAX: usize = 256;

pub(crate) struct AlertmanagerOutlet {
    servers: Vec<Http>,
    labels: Vec<(String, String)>,
    repeat: Duration,
    hold: Duration,
    open: BTreeMap<String, Firing>,
    due: Option<Instant>,
}

/// An alert as it is said, without its end.
#[derive(Clone, Debug, PartialEq)]
struct Firing {
    labels: Value,
    annotations: Value,
    starts_at: Value,
}

impl Firing {
    fn until(&self, ends_at: SystemTime) -> Value {
        let ends_at = Timestamp::try_from(ends_at).unwrap_or(Timestamp::MAX);
        let ends_at = ends_at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        json!({ "labels": self.labels, "annotations": self.annotations, "startsAt": self.starts_at, "endsAt": ends_at })
    }
}

impl AlertmanagerOutlet {
    pub fn new(alertmanager: &AlertmanagerSink, tls: Option<&SinkTls>, patience: Duration) -> Result<Self, String> {
        let token = alertmanager.token_file.as_deref().map(secrets::token).transpose()?;
        let servers = alertmanager.urls.iter().map(|url| Http::new(url, tls, token.as_deref(), patience));
        let labels = alertmanager.labels.iter().filter_map(|label| label.split_once('='));
        Ok(Self {
            servers: servers.collect::<Result<_, _>>()?,
            labels: labels.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            repeat: Duration::from_secs(alertmanager.repeat_secs.into()),
            hold: Duration::from_secs(alertmanager.hold_secs.into()),
            open: BTreeMap::new(),
            due: None,
        })
    }

    /// Of several records of one alert only the last is said: it holds all that was said before.
    pub async fn deliver(&mut self, items: &[Arc<Item>]) -> Delivery {
        let now = SystemTime::now();
        let (mut open, mut said) = (self.open.clone(), BTreeMap::new());
        for item in items {
            let alert = record(item);
            let id = alert.get("alert_id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let firing = self.firing(&alert);
            // Other labels are another alert to Alertmanager: the one of before ends.
            if let Some(before) = open.get(&id).filter(|before| before.labels != firing.labels) {
                said.insert((id.clone(), before.labels.to_string()), before.until(now));
            }
            let closes = alert.get("status").and_then(Value::as_str) == Some("close");
            let ends_at = if closes { now } else { now + self.hold };
            said.insert((id.clone(), firing.labels.to_string()), firing.until(ends_at));
            if closes {
                open.remove(&id);
            } else {
                open.insert(id, firing);
            }
        }
        let answer = self.post(said.into_values().collect()).await;
        match answer {
            Answer::Failed(why) => return Delivery::failed(why),
            Answer::Refused(_) | Answer::Taken => {}
        }
        while open.len() > OPEN_MAX {
            open.pop_first();
        }
        self.open = open;
        if self.due.is_none() || self.open.is_empty() {
            self.due = (!self.open.is_empty()).then(|| Instant::now() + self.repeat);
        }
        match answer {
            Answer::Refused(why) => {
                Delivery { fates: vec![Fate::Refused; items.len()], refusal: Some(why), failure: None }
            }
            _ => Delivery::whole(items.len()),
        }
    }

    pub const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Says again what is open.
    pub async fn on_time(&mut self) -> Result<(), String> {
        if self.due.is_none_or(|due| Instant::now() < due) {
            return Ok(());
        }
        self.due = Some(Instant::now() + self.repeat);
        let until = SystemTime::now() + self.hold;
        let said: Vec<_> = self.open.values().map(|firing| firing.until(until)).collect();
        for some in said.chunks(REQUEST_MAX) {
            if let Answer::Failed(why) | Answer::Refused(why) = self.post(some.to_vec()).await {
                return Err(why);
            }
        }
        Ok(())
    }

    /// Says alerts to every server; the best of their answers counts.
    async fn post(&mut self, said: Vec<Value>) -> Answer {
        let body = Bytes::from(Value::Array(said).to_string());
        let mut best = Answer::Failed("there is no server".to_owned());
        for server in &mut self.servers {
            match (server.post("/api/v2/alerts", &[], body.clone()).await, &best) {
                (Answer::Taken, _) => best = Answer::Taken,
                (_, Answer::Taken) => {}
                (other, _) => best = other,
            }
        }
        best
    }

    /// What an alert is called and says. What may change while it is open is no label, but for its kind and its severity, by which
    /// Alertmanager decides whom to tell.
    fn firing(&self, alert: &Value) -> Firing {
        let text = |path: &str| match alert.pointer(path) {
            Some(Value::String(text)) => text.clone(),
            None | Some(Value::Null) => String::new(),
            Some(other) => other.to_string(),
        };
        let mut labels = Map::new();
        labels.insert("alertname".into(), "Greyline".into());
        for label in ["alert_id", "kind", "severity"] {
            labels.insert(label.into(), text(&format!("/{label}")).into());
        }
        labels.extend(self.labels.iter().map(|(name, value)| (name.clone(), value.clone().into())));
        let mut annotations = Map::new();
        for (name, path) in [
            ("title", "/title"),
            ("summary", "/summary"),
            ("refuted_by", "/refuted_by"),
            ("score_db", "/score_db"),
            ("entity_kind", "/entity/kind"),
            ("entity", "/entity/value"),
            ("calls", "/calls/count"),
            ("answered", "/calls/answered"),
        ] {
            annotations.insert(name.into(), text(path).into());
        }
        Firing {
            labels: labels.into(),
            annotations: annotations.into(),
            starts_at: alert.get("first_call").cloned().unwrap_or_default(),
        }
    }
}

//! Where records go: one outlet a sink, each in the words of its other end.

mod alertmanager;
mod email;
mod file;
#[cfg(feature = "kafka")]
mod kafka;
mod nats;
mod syslog;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use config::{KafkaSink, Sink, SinkTls};
use serde_json::Value;
use tokio::time::Instant;

use crate::item::Item;

/// Where the records of a sink go.
pub(crate) enum Outlet {
    File(file::FileOutlet),
    Syslog(syslog::SyslogOutlet),
    Webhook(Box<webhook::WebhookOutlet>),
    Alertmanager(alertmanager::AlertmanagerOutlet),
    Nats(Box<nats::NatsOutlet>),
    #[cfg(feature = "kafka")]
    Kafka(kafka::KafkaOutlet),
    Email(Box<email::EmailOutlet>),
}

/// What became of a record that need not wait any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Delivered,
    /// The other end will never take it.
    Refused,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub(crate) struct Delivery {
    /// What became of the first of it.
    pub fates: Vec<Fate>,
    /// Why the last of those was refused that were.
    pub refusal: Option<String>,
    /// Why the rest was not delivered.
    pub failure: Option<String>,
}

impl Delivery {
    /// All `count` were delivered.
    pub fn whole(count: usize) -> Self {
        Self { fates: vec![Fate::Delivered; count], ..Self::default() }
    }

    /// None was.
    pub fn failed(why: String) -> Self {
        Self { failure: Some(why), ..Self::default() }
    }
}

impl Outlet {
    /// The outlet of a sink, with the files it needs.
    ///
    /// # Errors
    /// What is wrong with these.
    pub fn new(sink: &Sink) -> Result<Self, String> {
        let patience = Duration::from_secs(sink.timeout_secs.into());
        let tls = sink.tls.as_ref();
        if let Some(file) = &sink.file {
            Ok(Self::File(file::FileOutlet::new(file)))
        } else if let Some(syslog) = &sink.syslog {
            syslog::SyslogOutlet::new(syslog, tls, patience).map(Self::Syslog)
        } else if let Some(webhook) = &sink.webhook {
            webhook::WebhookOutlet::new(webhook, tls, patience).map(|it| Self::Webhook(Box::new(it)))
        } else if let Some(alertmanager) = &sink.alertmanager {
            alertmanager::AlertmanagerOutlet::new(alertmanager, tls, patience).map(Self::Alertmanager)
        } else if let Some(nats) = &sink.nats {
            nats::NatsOutlet::new(nats, tls, patience).map(|it| Self::Nats(Box::new(it)))
        } else if let Some(kafka) = &sink.kafka {
            Self::kafka(kafka, tls, patience)
        } else if let Some(email) = &sink.email {
            email::EmailOutlet::new(email, tls, patience).map(|it| Self::Email(Box::new(it)))
        } else {
            Err("it goes nowhere".to_owned())
        }
    }

    #[cfg(feature = "kafka")]
    fn kafka(kafka: &KafkaSink, tls: Option<&SinkTls>, patience: Duration) -> Result<Self, String> {
        kafka::KafkaOutlet::new(kafka, tls, patience).map(Self::Kafka)
    }

    #[cfg(not(feature = "kafka"))]
    fn kafka(_: &KafkaSink, _: Option<&SinkTls>, _: Duration) -> Result<Self, String> {
        Err("this program was built without Kafka: `cargo build --features kafka` builds it with".to_owned())
    }

    /// What it is called in metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Syslog(_) => "syslog",
            Self::Webhook(_) => "webhook",
            Self::Alertmanager(_) => "alertmanager",
            Self::Nats(_) => "nats",
            #[cfg(feature = "kafka")]
            Self::Kafka(_) => "kafka",
            Self::Email(_) => "email",
        }
    }

    /// Whether what is delivered lies on disk.
    pub const fn is_disk(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// Records it is handed at once.
    pub const fn batch_max(&self) -> usize {
        match self {
            Self::File(_) | Self::Syslog(_) | Self::Nats(_) => 256,
            #[cfg(feature = "kafka")]
            Self::Kafka(_) => 256,
            Self::Webhook(_) => 16,
            Self::Alertmanager(_) | Self::Email(_) => 64,
        }
    }

    /// Delivers records in their order.
    pub async fn deliver(&mut self, items: &[Arc<Item>]) -> Delivery {
        match self {
            Self::File(file) => file.deliver(items).await,
            Self::Syslog(syslog) => syslog.deliver(items).await,
            Self::Webhook(webhook) => webhook.deliver(items).await,
            Self::Alertmanager(alertmanager) => alertmanager.deliver(items).await,
            Self::Nats(nats) => nats.deliver(items).await,
            #[cfg(feature = "kafka")]
            Self::Kafka(kafka) => kafka.deliver(items).await,
            Self::Email(email) => email.deliver(items).await,
        }
    }

    /// Until when it wants no record, so that more go together.
    pub const fn rests(&self) -> Option<Instant> {
        match self {
            Self::Email(email) => email.rests(),
            _ => None,
        }
    }

    /// When it has something to do without any record.
    pub fn due(&self) -> Option<Instant> {
        match self {
            Self::Alertmanager(alertmanager) => alertmanager.due(),
            Self::Syslog(syslog) => syslog.due(),
            _ => None,
        }
    }

    /// Does that.
    ///
    /// # Errors
    /// Why it could not.
    pub async fn on_time(&mut self) -> Result<(), String> {
        match self {
            Self::Alertmanager(alertmanager) => alertmanager.on_time().await,
            Self::Syslog(syslog) => syslog.on_time().await,
            _ => Ok(()),
        }
    }

    /// Opens again what is open.
    pub async fn reopen(&mut self) {
        if let Self::File(file) = self {
            file.reopen().await;
        }
    }

    /// Ends.
    pub async fn close(&mut self) {
        if let Self::Syslog(syslog) = self {
            syslog.close().await;
        }
    }
}

/// A record as JSON; what is none has been refused long before.
fn record(item: &Item) -> Value {
    serde_json::from_slice(&item.json).unwrap_or_default()
}

//! Where records go: one outlet a sink, each in the words of its other end.

mod alertmanager;
mod file;
mod syslog;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use config::Sink;
use serde_json::Value;
use tokio::time::Instant;

use crate::item::Item;

/// Where the records of a sink go.
pub(crate) enum Outlet {
    File(file::FileOutlet),
    Syslog(syslog::SyslogOutlet),
    Webhook(Box<webhook::WebhookOutlet>),
    Alertmanager(alertmanager::AlertmanagerOutlet),
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
        } else {
            Err("it goes nowhere".to_owned())
        }
    }

    /// What it is called in metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Syslog(_) => "syslog",
            Self::Webhook(_) => "webhook",
            Self::Alertmanager(_) => "alertmanager",
        }
    }

    /// Records it is handed at once.
    pub const fn batch_max(&self) -> usize {
        match self {
            Self::File(_) | Self::Syslog(_) => 256,
            Self::Webhook(_) => 16,
            Self::Alertmanager(_) => 64,
        }
    }

    /// Delivers records in their order.
    pub async fn deliver(&mut self, items: &[Arc<Item>]) -> Delivery {
        match self {
            Self::File(file) => file.deliver(items).await,
            Self::Syslog(syslog) => syslog.deliver(items).await,
            Self::Webhook(webhook) => webhook.deliver(items).await,
            Self::Alertmanager(alertmanager) => alertmanager.deliver(items).await,
        }
    }

    /// When it has something to do without any record.
    pub fn due(&self) -> Option<Instant> {
        match self {
            Self::Alertmanager(alertmanager) => alertmanager.due(),
            Self::Syslog(syslog) => syslog.due(),
            Self::File(_) | Self::Webhook(_) => None,
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
            Self::File(_) | Self::Webhook(_) => Ok(()),
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

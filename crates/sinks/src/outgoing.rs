//! A finished record on its way out, with the few facts that filters ask for.

use alert::{Alert, Severity};
use bytes::Bytes;
use config::{Known, Sink, SinkRecords};
use ring::digest::{SHA256, digest};
use serde::Serialize;
use types::{Ip, Nanos};

use crate::tally::What;

/// A record as it is offered to the sinks.
#[derive(Clone, Debug)]
pub struct Outgoing {
    facts: Facts,
    key: Box<str>,
    at: Nanos,
    trunks: Vec<Box<str>>,
    json: Bytes,
}

#[derive(Clone, Debug)]
enum Facts {
    Alert { kind: &'static str, severity: Severity, status: &'static str },
    Call,
}

impl Outgoing {
    /// An alert said at `at`; nothing for one in shadow, which is no alert. It belongs to the trunk it is about and to those its calls came
    /// over.
    ///
    /// # Errors
    /// That it is not to be written as JSON.
    pub fn alert(known: &Known, at: Nanos, alert: &Alert) -> Result<Option<Self>, serde_json::Error> {
        if alert.shadow {
            return Ok(None);
        }
        let entities = std::iter::once(&alert.entity).chain(&alert.members);
        let named = entities.filter(|entity| entity.kind == "trunk").map(|entity| entity.value.as_str());
        // A source that is no address is the name of a trunk that has none.
        let sources = alert.sources.iter().filter_map(|source| match source.parse::<std::net::IpAddr>() {
            Ok(ip) => trunk(known, ip.into()),
            Err(_) => Some(source.as_str()),
        });
        let mut trunks: Vec<Box<str>> = named.chain(sources).map(Box::from).collect();
        trunks.sort_unstable();
        trunks.dedup();
        Ok(Some(Self {
            facts: Facts::Alert { kind: alert.kind, severity: alert.severity, status: alert.status },
            key: format!("{}-{}-{}", alert.alert_id, alert.status, alert.time).into(),
            at,
            trunks,
            json: serde_json::to_vec(alert)?.into(),
        }))
    }

    /// A call that came from `source`, went to `destination` and was over at `at`. It belongs to the trunks of both.
    ///
    /// # Errors
    /// That it is not to be written as JSON.
    pub fn call(
        known: &Known,
        at: Nanos,
        call_id: &[u8],
        [source, destination]: [Ip; 2],
        record: &impl Serialize,
    ) -> Result<Self, serde_json::Error> {
        let mut trunks: Vec<Box<str>> =
            [source, destination].into_iter().filter_map(|ip| trunk(known, ip)).map(Box::from).collect();
        trunks.dedup();
        let identity = [call_id, source.to_string().as_bytes(), &at.get().to_be_bytes()].join(&0);
        let hash = digest(&SHA256, &identity);
        let key: String = hash.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { facts: Facts::Call, key: key.into(), at, trunks, json: serde_json::to_vec(record)?.into() })
    }

    /// What two deliveries of this record have in common, and two records have not.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What it is about.
    #[must_use]
    pub const fn what(&self) -> What {
        match self.facts {
            Facts::Alert { .. } => What::Alert,
            Facts::Call => What::Call,
        }
    }

    /// The moment of the capture it belongs to.
    pub(crate) const fn at(&self) -> Nanos {
        self.at
    }

    /// The record as it was made: whole.
    pub(crate) const fn json(&self) -> &Bytes {
        &self.json
    }

    /// Bytes it takes while it waits.
    pub(crate) fn bytes(&self) -> usize {
        self.json.len() + self.key.len() + size_of::<Self>()
    }

    /// Whether `sink` is told of it.
    pub(crate) fn passes(&self, sink: &Sink) -> bool {
        let told = match &self.facts {
            Facts::Call => sink.records.contains(&SinkRecords::Calls),
            Facts::Alert { kind, severity, status } => {
                sink.records.contains(&SinkRecords::Alerts)
                    && (sink.kinds.is_empty() || sink.kinds.iter().any(|wanted| wanted.name() == *kind))
                    && sink.severity_min <= *severity
                    && (sink.statuses.is_empty() || sink.statuses.iter().any(|wanted| wanted.as_str() == *status))
            }
        };
        told && (sink.trunks.is_empty()
            || sink.trunks.iter().any(|wanted| self.trunks.iter().any(|trunk| **trunk == **wanted)))
    }
}

fn trunk(known: &Known, ip: Ip) -> Option<&str> {
    known.trunk_at(ip).map(|trunk| trunk.name.as_str())
}

//! Topics of Kafka, by librdkafka: an idempotent producer whose records count when all replicas in sync have them (`acks=all`).
//!
//! An idempotent producer that has lost count of what a broker took, as one that stood still makes it, ends with a fatal error, and
//! none of its sends succeeds any more. Then another takes its place; what the first had not yet been told of is sent again under
//! the same ids.

use std::sync::Arc;
use std::time::Duration;

use config::{KafkaSink, SinkTls};
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord, Producer};
use serde_json::Value;

use super::{Delivery, Fate, record};
use crate::item::Item;
use crate::tally::What;

/// Deliveries in a row that may fail before another producer is tried, whether or not this one says that it has failed for good.
const FAILURES_MAX: u32 = 3;

pub(crate) struct KafkaOutlet {
    sink: KafkaSink,
    settings: ClientConfig,
    /// Deliveries in a row that failed.
    failures: u32,
    producer: FutureProducer,
    patience: Duration,
}

impl KafkaOutlet {
    pub fn new(sink: &KafkaSink, tls: Option<&SinkTls>, patience: Duration) -> Result<Self, String> {
        let broker = |url: &config::Url| format!("{}:{}", url.host(), url.port().unwrap_or(9_092));
        let brokers: Vec<_> = sink.brokers.iter().map(broker).collect();
        let mut settings = ClientConfig::new();
        settings
            .set("bootstrap.servers", brokers.join(","))
            .set("client.id", "greyline")
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("linger.ms", "5")
            // What is not taken in this time fails here and waits on disk.
            .set("message.timeout.ms", patience.as_millis().to_string());
        if sink.brokers.iter().any(|url| url.scheme() == "tls") {
            settings.set("security.protocol", "ssl");
            let files = tls.map(|tls| {
                [
                    ("ssl.ca.location", &tls.authorities_file),
                    ("ssl.certificate.location", &tls.certificate_file),
                    ("ssl.key.location", &tls.key_file),
                ]
            });
            for (key, path) in files.into_iter().flatten() {
                if let Some(path) = path {
                    settings.set(key, path);
                }
            }
        }
        let producer = settings.create().map_err(|error| error.to_string())?;
        Ok(Self { sink: sink.clone(), settings, failures: 0, producer, patience })
    }

    /// Sends all; a producer that has failed for good is replaced before the next attempt.
    pub async fn deliver(&mut self, items: &[Arc<Item>]) -> Delivery {
        let mut delivery = self.send(items).await;
        self.failures = if delivery.failure.is_some() { self.failures + 1 } else { 0 };
        if self.producer.client().fatal_error().is_some() || self.failures >= FAILURES_MAX {
            match self.settings.create() {
                Ok(producer) => (self.producer, self.failures) = (producer, 0),
                Err(error) => delivery.failure = Some(error.to_string()),
            }
        }
        delivery
    }

    /// Sends all, then waits for what the brokers say to each. The producer keeps the order within a partition, also when it sends again.
    async fn send(&self, items: &[Arc<Item>]) -> Delivery {
        let (mut delivery, mut sent) = (Delivery::default(), Vec::with_capacity(items.len()));
        for item in items {
            let (topic, named) = match item.what {
                What::Alert => (&self.sink.topic_alerts, "alert_id"),
                What::Call => (&self.sink.topic_calls, "call_id"),
            };
            let key = record(item).get(named).and_then(Value::as_str).unwrap_or(&item.key).to_owned();
            let headers = OwnedHeaders::new().insert(Header { key: "id", value: Some(&*item.key) });
            let millis = i64::try_from(item.at.get() / 1_000_000).unwrap_or(i64::MAX);
            let message = FutureRecord::to(topic).key(&key).payload(&item.json[..]).headers(headers).timestamp(millis);
            match self.producer.send_result(message) {
                Ok(told) => sent.push(told),
                Err((error, _)) => {
                    delivery.failure = Some(error.to_string());
                    break;
                }
            }
        }
        for told in sent {
            match told.await {
                Ok(Ok(_)) => delivery.fates.push(Fate::Delivered),
                Ok(Err((KafkaError::MessageProduction(code @ RDKafkaErrorCode::MessageSizeTooLarge), _))) => {
                    delivery.fates.push(Fate::Refused);
                    delivery.refusal = Some(code.to_string());
                }
                Ok(Err((error, _))) => {
                    delivery.failure = Some(error.to_string());
                    break;
                }
                Err(_) => {
                    delivery.failure = Some(format!("no answer in {} s", self.patience.as_secs()));
                    break;
                }
            }
        }
        delivery
    }
}

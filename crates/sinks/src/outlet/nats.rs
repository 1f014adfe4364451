//! A stream of NATS JetStream. Every record is acknowledged by the stream; the key is its message identifier, by which the stream takes it
//! once, however often it is sent within the time it remembers.
//!
//! Calls are sent many at a time; an alert is sent when all before it are acknowledged, so that no alert is stored before what was said of
//! it earlier, even when a server dies in between.

use std::sync::Arc;
use std::time::Duration;

use async_nats::ConnectOptions;
use async_nats::jetstream::context::{Context, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::Config;
use config::{NatsSink, SinkTls, Url};
use serde_json::Value;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use super::{Delivery, Fate, record};
use crate::connect;
use crate::item::Item;
use crate::secrets;
use crate::tally::What;

/// Calls on their way at once.
const CALLS_AT_ONCE: usize = 256;

pub(crate) struct NatsOutlet {
    sink: NatsSink,
    login: Login,
    tls: Option<ClientConfig>,
    patience: Duration,
    stream: Option<Context>,
}

enum Login {
    Nobody,
    User(String, String),
    Credentials(String),
}

impl NatsOutlet {
    pub fn new(sink: &NatsSink, tls: Option<&SinkTls>, patience: Duration) -> Result<Self, String> {
        let login = match (&sink.credentials_file, &sink.user, &sink.password_file) {
            (Some(path), ..) => {
                let text = String::from_utf8(secrets::file(path)?).map_err(|_| format!("{path}: it is no text"))?;
                // What is wrong with it is told now.
                ConnectOptions::with_credentials(&text).map_err(|error| format!("{path}: {error}"))?;
                Login::Credentials(text)
            }
            (None, Some(user), Some(path)) => Login::User(user.clone(), secrets::token(path)?),
            _ => Login::Nobody,
        };
        let encrypted = sink.servers.iter().any(|url| url.scheme() == "tls");
        let tls = encrypted.then(|| connect::client(tls)).transpose()?;
        Ok(Self { sink: sink.clone(), login, tls, patience, stream: None })
    }

    pub async fn deliver(&mut self, items: &[Arc<Item>]) -> Delivery {
        let stream = match &self.stream {
            Some(stream) => stream.clone(),
            None => match timeout(3 * self.patience, self.connect()).await {
                Ok(Ok(stream)) => stream,
                Ok(Err(why)) => return Delivery::failed(why),
                Err(_) => return Delivery::failed("no connection in time".to_owned()),
            },
        };
        let mut delivery = Delivery::default();
        for some in items.chunk_by(|one, next| one.what == What::Call && next.what == What::Call) {
            for some in some.chunks(CALLS_AT_ONCE) {
                self.publish(&stream, some, &mut delivery).await;
                if delivery.failure.is_some() {
                    // What the client has not sent yet is forgotten with it: it is sent again over the next connection.
                    self.stream = None;
                    return delivery;
                }
            }
        }
        self.stream = Some(stream);
        delivery
    }

    /// Sends all, then waits for what the stream says to each.
    async fn publish(&self, stream: &Context, items: &[Arc<Item>], delivery: &mut Delivery) {
        let mut sent = Vec::with_capacity(items.len());
        for item in items {
            let message = PublishMessage::build().payload(item.json.clone()).message_id(&item.key);
            sent.push(match timeout(self.patience, stream.send_publish(self.subject(item), message)).await {
                Ok(Ok(acknowledged)) => Ok(acknowledged),
                Ok(Err(error)) => Err(error),
                Err(_) => {
                    delivery.failure = Some("not sent in time".to_owned());
                    break;
                }
            });
        }
        for one in sent {
            let said = match one {
                Ok(acknowledged) => acknowledged.await.map(drop),
                Err(error) => Err(error),
            };
            match said {
                Ok(()) => delivery.fates.push(Fate::Delivered),
                Err(error) if error.kind() == PublishErrorKind::MaxPayloadExceeded => {
                    delivery.fates.push(Fate::Refused);
                    delivery.refusal = Some(error.to_string());
                }
                Err(error) => {
                    delivery.failure = Some(error.to_string());
                    return;
                }
            }
        }
    }

    fn subject(&self, item: &Item) -> String {
        match item.what {
            What::Call => format!("{}.calls", self.sink.subject),
            What::Alert => {
                let kind = record(item).get("kind").and_then(Value::as_str).unwrap_or("unknown").to_owned();
                format!("{}.alerts.{kind}", self.sink.subject)
            }
        }
    }

    /// Connects, and makes the stream where it is not there.
    async fn connect(&self) -> Result<Context, String> {
        let mut options = ConnectOptions::new().name("greyline").connection_timeout(self.patience);
        options = match &self.login {
            Login::Nobody => options,
            Login::User(user, password) => options.user_and_password(user.clone(), password.clone()),
            Login::Credentials(text) => options.credentials(text).map_err(|error| error.to_string())?,
        };
        if let Some(tls) = &self.tls {
            options = options.tls_client_config(tls.clone()).require_tls(true);
        }
        let servers: Vec<String> = self.sink.servers.iter().map(Url::to_string).collect();
        let client = options.connect(servers).await.map_err(|error| error.to_string())?;
        let mut context = async_nats::jetstream::new(client);
        context.set_timeout(self.patience);
        let config = Config {
            name: self.sink.stream.clone(),
            subjects: vec![format!("{}.>", self.sink.subject)],
            num_replicas: self.sink.replicas.into(),
            duplicate_window: Duration::from_secs(self.sink.duplicate_secs.into()),
            ..Config::default()
        };
        context.get_or_create_stream(config).await.map_err(|error| error.to_string())?;
        Ok(context)
    }
}

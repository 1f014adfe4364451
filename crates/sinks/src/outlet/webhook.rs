//! A web address to which records are posted one after another.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use config::{SinkTls, Template, WebhookSink};
use hyper::header::HeaderName;
use ring::hmac;

use super::{Delivery, Fate, record};
use crate::http::{Answer, Http};
use crate::item::Item;
use crate::secrets;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const TIMESTAMP: HeaderName = HeaderName::from_static("greyline-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("greyline-signature");

pub(crate) struct WebhookOutlet {
    http: Http,
    secret: Option<hmac::Key>,
    template: Option<Template>,
}

impl WebhookOutlet {
    pub fn new(webhook: &WebhookSink, tls: Option<&SinkTls>, patience: Duration) -> Result<Self, String> {
        let token = webhook.token_file.as_deref().map(secrets::token).transpose()?;
        let secret = webhook.secret_file.as_deref().map(secrets::secret).transpose()?;
        Ok(Self {
            http: Http::new(&webhook.url, tls, token.as_deref(), patience)?,
            secret: secret.map(|secret| hmac::Key::new(hmac::HMAC_SHA256, &secret)),
            template: webhook.template.clone(),
        })
    }

    pub async fn deliver(&mut self, items: &[Arc<Item>]) -> Delivery {
        let mut delivery = Delivery::default();
        for item in items {
            let body = match &self.template {
                Some(template) => Bytes::from(template.fill(&record(item))),
                None => item.json.clone(),
            };
            let mut headers = vec![(IDEMPOTENCY_KEY, item.key.to_string())];
            if let Some(secret) = &self.secret {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                headers.extend([(TIMESTAMP, now.to_string()), (SIGNATURE, signature(secret, now, &body))]);
            }
            match self.http.post("", &headers, body).await {
                Answer::Taken => delivery.fates.push(Fate::Delivered),
                Answer::Refused(why) => {
                    delivery.fates.push(Fate::Refused);
                    delivery.refusal = Some(why);
                }
                Answer::Failed(why) => {
                    delivery.failure = Some(why);
                    break;
                }
            }
        }
        delivery
    }
}

/// `v1=` and the HMAC-SHA256 over the seconds since 1970, a point and the body.
fn signature(secret: &hmac::Key, secs: u64, body: &[u8]) -> String {
    let mut signed = format!("{secs}.").into_bytes();
    signed.extend_from_slice(body);
    let tag = hmac::sign(secret, &signed);
    let hexadecimal: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v1={hexadecimal}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reckoned by `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret`.
    #[test]
    fn signatures() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"secret");
        let expected = "v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686";
        assert_eq!(signature(&key, 1_700_000_000, br#"{"a":1}"#), expected);
    }
}

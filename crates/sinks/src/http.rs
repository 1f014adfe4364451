//! Requests to one web server over one connection that is kept.

use std::time::Duration;

use bytes::Bytes;
use config::{SinkTls, Url};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use crate::connect::Connector;

/// Bytes of an answer that are read, to tell what it complains about.
const ANSWER_BYTES_MAX: usize = 64 << 10;
/// Letters of a complaint that are told.
const COMPLAINT_LETTERS_MAX: usize = 160;

/// One server.
pub(crate) struct Http {
    connector: Connector,
    host: HeaderValue,
    path: String,
    token: Option<HeaderValue>,
    patience: Duration,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// What a server made of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Taken,
    /// It will never take this.
    Refused(String),
    /// It may take it later.
    Failed(String),
}

impl Http {
    /// Requests to `url`, which end within `patience`.
    pub fn new(url: &Url, tls: Option<&SinkTls>, token: Option<&str>, patience: Duration) -> Result<Self, String> {
        let encrypted = url.scheme() == "https";
        let connector = Connector::new(url, if encrypted { 443 } else { 80 }, encrypted, tls, patience)?;
        let host = if url.host().contains(':') { format!("[{}]", url.host()) } else { url.host().to_owned() };
        let host = url.port().map_or(host.clone(), |port| format!("{host}:{port}"));
        let value = |text: &str| HeaderValue::from_str(text).map_err(|error| error.to_string());
        let token = token.map(|token| value(&format!("Bearer {token}"))).transpose()?.map(|mut token| {
            token.set_sensitive(true);
            token
        });
        Ok(Self { connector, host: value(&host)?, path: url.path().to_owned(), token, patience, sender: None })
    }

    /// Posts JSON to `path` behind the path of the address.
    pub async fn post(&mut self, path: &str, headers: &[(HeaderName, String)], body: Bytes) -> Answer {
        let path = match format!("{}{path}", self.path) {
            path if path.starts_with('/') => path,
            path => format!("/{path}"),
        };
        let mut request = Request::builder().method(Method::POST).uri(path).header(HOST, self.host.clone());
        request = request.header(CONTENT_TYPE, "application/json");
        request = request.header(USER_AGENT, concat!("greyline/", env!("CARGO_PKG_VERSION")));
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, token.clone());
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = match request.body(Full::new(body)) {
            Ok(request) => request,
            Err(error) => return Answer::Refused(error.to_string()),
        };
        // A server may close a connection that was idle: then it is asked again over a new one.
        let kept = self.sender.is_some();
        match self.send(&request).await {
            Err(_) if kept => self.send(&request).await.unwrap_or_else(Answer::Failed),
            answer => answer.unwrap_or_else(Answer::Failed),
        }
    }

    /// Sends a request; an error is one of the connection.
    async fn send(&mut self, request: &Request<Full<Bytes>>) -> Result<Answer, String> {
        let mut sender = match self.sender.take() {
            Some(sender) => sender,
            None => self.connect().await?,
        };
        let exchange = async {
            sender.ready().await.map_err(|error| error.to_string())?;
            let response = sender.send_request(request.clone()).await.map_err(|error| told(&error))?;
            let status = response.status();
            // The whole answer, so that the connection can be used again.
            let answer = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
            let answer = answer.map_err(|error| error.to_string())?.to_bytes();
            Ok::<_, String>((status, answer))
        };
        let (status, answer) = timeout(self.patience, exchange).await.map_err(|_| "no answer in time".to_owned())??;
        self.sender = Some(sender);
        Ok(judged(status, &answer))
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, String> {
        let stream = self.connector.connect().await.map_err(|error| error.to_string())?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| told(&error))?;
        // It ends with its sender.
        tokio::spawn(connection);
        Ok(sender)
    }
}

/// An error with what caused it.
fn told(error: &hyper::Error) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}

/// What a status means. Only what speaks of the record itself refuses it: a wrong address or token is put right by somebody, and until
/// then records wait.
fn judged(status: StatusCode, answer: &[u8]) -> Answer {
    if status.is_success() {
        return Answer::Taken;
    }
    let said: String = String::from_utf8_lossy(answer).chars().take(COMPLAINT_LETTERS_MAX).collect();
    let said = format!("{status}: {}", said.split_whitespace().collect::<Vec<_>>().join(" "));
    match status {
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
            Answer::Refused(said)
        }
        _ => Answer::Failed(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_status_means() {
        for status in [200, 201, 202, 204] {
            assert_eq!(judged(StatusCode::from_u16(status).unwrap(), b""), Answer::Taken);
        }
        for status in [400, 413, 422] {
            assert!(matches!(judged(StatusCode::from_u16(status).unwrap(), b"x"), Answer::Refused(_)), "{status}");
        }
        for status in [301, 401, 403, 404, 408, 409, 429, 500, 502, 503] {
            assert!(matches!(judged(StatusCode::from_u16(status).unwrap(), b"x"), Answer::Failed(_)), "{status}");
        }
        assert_eq!(
            judged(StatusCode::BAD_REQUEST, b"no\n good"),
            Answer::Refused("400 Bad Request: no good".to_owned())
        );
    }
}

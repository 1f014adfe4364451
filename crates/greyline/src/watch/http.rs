//! What the outside may ask over HTTP: the metrics, whether the probe works (`/healthz`), whether it sees its sources (`/readyz`), and what
//! the room `api` answers. Who asks from this machine may have the configuration read anew (`POST /reload`).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use api::{Api, Way};
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use metrics::Metrics;

use crate::serve;
use crate::watch::renewal::Renewer;

/// For how long the packet thread may say nothing and still be taken to work.
const SILENT_MAX: Duration = Duration::from_secs(10);

/// Whether the packet thread works, as it says itself.
#[derive(Clone, Default)]
pub struct Health(Arc<Pulse>);

#[derive(Default)]
struct Pulse {
    /// When it spoke last, nanoseconds since the epoch; 0 before the first time.
    at: AtomicU64,
    ready: AtomicBool,
}

impl Health {
    /// The packet thread works, and sees all its sources or not.
    pub fn beat(&self, ready: bool) {
        self.0.at.store(tap::now().get(), Ordering::Relaxed);
        self.0.ready.store(ready, Ordering::Relaxed);
    }

    /// Whether it has spoken lately; before it begins, it is taken to work.
    pub fn works(&self) -> bool {
        let at = self.0.at.load(Ordering::Relaxed);
        at == 0 || tap::now().get().saturating_sub(at) < SILENT_MAX.as_nanos() as u64
    }

    fn is_ready(&self) -> bool {
        self.0.at.load(Ordering::Relaxed) != 0 && self.works() && self.0.ready.load(Ordering::Relaxed)
    }
}

/// What there is to ask over one way.
pub fn page(metrics: Arc<Metrics>, health: Health, renewer: Arc<Renewer>, (api, way): (&Api, Way)) -> Router {
    let told = |yes: bool, good: &'static str, bad: &'static str| {
        if yes { (StatusCode::OK, good) } else { (StatusCode::SERVICE_UNAVAILABLE, bad) }
    };
    let (ready, asked) = (health.clone(), api.clone());
    let reload = async move |ConnectInfo(peer): ConnectInfo<SocketAddr>, headers: HeaderMap| {
        let client = asked.client(peer.ip(), &headers);
        reloaded(client.to_canonical().is_loopback() && is_local(&headers), &renewer).await
    };
    Router::new()
        .route("/metrics", get(async move || scraped(&metrics)))
        .route("/healthz", get(async move || told(health.works(), "works\n", "the packet thread does not answer\n")))
        .route("/reload", post(reload))
        .route("/readyz", get(async move || told(ready.is_ready(), "ready\n", "a source is not there\n")))
        .merge(api.router(way))
        .merge(if way == Way::Open { Router::new() } else { serve::pages(way) })
}

/// Only this machine may ask for it: nobody is asked who they are.
async fn reloaded(is_here: bool, renewer: &Renewer) -> (StatusCode, String) {
    if !is_here {
        return (StatusCode::FORBIDDEN, "only this machine may ask for that, under a name of its own\n".to_owned());
    }
    match renewer.renew().await {
        Ok(renewed) => (StatusCode::OK, renewed.to_string()),
        Err(why) => (StatusCode::UNPROCESSABLE_ENTITY, format!("{why}\n")),
    }
}

/// Whether nobody but this machine has a hand in a question: a page of somebody else's, in a browser here, may ask as well, of this
/// address under a name of its own (DNS rebinding) or from a page of its own (`Origin`).
fn is_local(headers: &HeaderMap) -> bool {
    let text = |value: &HeaderValue| value.to_str().map(str::to_owned).unwrap_or_default();
    let host = headers.get(header::HOST).map(text).unwrap_or_default();
    let origin = headers.get(header::ORIGIN).map(text);
    is_of_here(&host) && origin.is_none_or(|origin| origin.split_once("://").is_some_and(|(_, at)| is_of_here(at)))
}

/// Whether a name, with a port or without, is one of this machine alone.
fn is_of_here(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|digit| digit.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name).trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

fn scraped(metrics: &Metrics) -> impl IntoResponse + use<> {
    match metrics.text() {
        Ok(text) => Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)),
        Err(error) => Err((StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_questions_of_this_machine_are_local() {
        for (host, origin, local) in [
            ("localhost:9640", None, true),
            ("127.0.0.1:9640", None, true),
            ("[::1]:9640", Some("http://[::1]:9640"), true),
            ("localhost", Some("http://localhost:9640"), true),
            ("localhost:9640", Some("https://example.net"), false),
            ("localhost:9640", Some("null"), false),
            ("example.net:9640", None, false),
            ("192.0.2.1:9640", None, false),
            ("", None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
            origin
                .into_iter()
                .for_each(|origin| drop(headers.insert(header::ORIGIN, HeaderValue::from_static(origin))));
            assert_eq!(is_local(&headers), local, "{host} {origin:?}");
        }
    }
}

//! What the outside may ask over HTTP: the metrics, whether the probe works (`/healthz`), whether it sees its sources (`/readyz`), and what
//! the room `api` answers. Who asks from this machine may have the configuration read anew (`POST /reload`).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use api::{Api, Way};
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, StatusCode, header};
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
        reloaded(asked.client(peer.ip(), &headers), &renewer).await
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
async fn reloaded(client: IpAddr, renewer: &Renewer) -> (StatusCode, String) {
    if !client.to_canonical().is_loopback() {
        return (StatusCode::FORBIDDEN, "only this machine may ask for that\n".to_owned());
    }
    match renewer.renew().await {
        Ok(version) => (StatusCode::OK, format!("configuration {version} is in force\n")),
        Err(why) => (StatusCode::UNPROCESSABLE_ENTITY, format!("{why}\n")),
    }
}

fn scraped(metrics: &Metrics) -> impl IntoResponse + use<> {
    match metrics.text() {
        Ok(text) => Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)),
        Err(error) => Err((StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n"))),
    }
}

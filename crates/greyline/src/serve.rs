//! Connections of HTTP, in clear and over TLS: as many as can be served, each with so much time to say what it wants. And the pages, which hold
//! nothing: what they show, they ask the API for.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use api::{About, Kind, View, Way, harden};
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use config::Address;
use console::{Asset, assets};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tap::Stop;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::bundler;
use crate::detectors::DetectorsJson;
use crate::dossiers;
use crate::messages;
use crate::traceback;

/// Connections to one socket; one more waits until another ends.
const CONNECTIONS_MAX: usize = 1_024;
/// How long a connection may take for what opens TLS, and for the head of a question.
const HEAD_MAX: Duration = Duration::from_secs(10);
/// Bytes of a head.
const HEAD_BYTES_MAX: usize = 65_536;
/// How often it is looked whether the end has come.
const LOOK: Duration = Duration::from_millis(100);
/// How long answers may still take at the end: news have none of their own.
const GRACE: Duration = Duration::from_secs(1);
/// How long nothing is accepted where the system refuses: it has no room for another connection.
const REFUSED: Duration = Duration::from_millis(100);

/// What is said of the program where somebody asks.
pub fn about(view: View) -> About {
    About {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        rules: detect::RULES.to_owned(),
        since: tap::now(),
        view,
        detectors: serde_json::to_value(DetectorsJson::declared()).unwrap_or_default(),
        printer: dossiers::printer(),
        finder: messages::finder(),
        bundler: bundler::bundler(),
        tracer: traceback::tracer(),
    }
}

/// The pages over one way: everybody gets the same, so that a browser may keep them and ask whether they changed.
pub fn pages(way: Way) -> Router {
    assets().iter().fold(Router::new(), |router, asset| {
        router.route(asset.path, get(async move |headers: HeaderMap| page(asset, &headers, way)))
    })
}

fn page(asset: &'static Asset, asked: &HeaderMap, way: Way) -> Response {
    let held = asked.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == asset.tag.as_bytes());
    let about =
        [(header::CONTENT_TYPE, asset.kind), (header::ETAG, asset.tag.as_str()), (header::CACHE_CONTROL, "no-cache")];
    let mut response =
        if held { (StatusCode::NOT_MODIFIED, about).into_response() } else { (about, asset.bytes).into_response() };
    harden(response.headers_mut(), Kind::Page, way);
    response
}

/// Opens a socket.
///
/// # Errors
/// That it cannot be opened.
pub async fn open(address: Address) -> io::Result<TcpListener> {
    TcpListener::bind(address.get()).await
}

/// Serves until it is asked to stop.
pub async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, page: Router, stop: Stop) {
    let (ends, ended) = watch::channel(());
    let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let stopped = async move {
        while !stop.is_asked() {
            tokio::time::sleep(LOOK).await;
        }
    };
    let accepting = async {
        while let Ok(seat) = Arc::clone(&seats).acquire_owned().await {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    tokio::spawn(connection(stream, peer, tls.clone(), page.clone(), ended.clone(), seat));
                }
                Err(error) => {
                    tracing::warn!(%error, "http");
                    tokio::time::sleep(REFUSED).await;
                }
            }
        }
    };
    tokio::select! {
        () = stopped => {}
        () = accepting => {}
    }
    drop(ends);
    // All seats are free when all have gone; who does not go in time is left.
    let _ = timeout(GRACE, seats.acquire_many(CONNECTIONS_MAX as u32)).await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    page: Router,
    ended: watch::Receiver<()>,
    _seat: OwnedSemaphorePermit,
) {
    // Answers are small: nothing is gained by gathering them.
    let _ = stream.set_nodelay(true);
    match tls {
        None => talk(stream, peer, page, ended).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = timeout(HEAD_MAX, tls.accept(stream)).await {
                talk(stream, peer, page, ended).await;
            }
        }
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    peer: SocketAddr,
    page: Router,
    mut ended: watch::Receiver<()>,
) {
    let answer = service_fn(move |question| answer(question, peer, page.clone()));
    let talk = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), answer);
    let mut talk = pin!(talk);
    tokio::select! {
        // Whoever was talking has gone, or spoke no HTTP.
        _ = talk.as_mut() => {}
        _ = ended.changed() => {
            talk.as_mut().graceful_shutdown();
            let _ = timeout(GRACE, talk).await;
        }
    }
}

async fn answer(question: Request<Incoming>, peer: SocketAddr, page: Router) -> Result<Response, Infallible> {
    let mut question = question.map(Body::new);
    question.extensions_mut().insert(ConnectInfo(peer));
    page.oneshot(question).await
}

//! Who comes in, and what leaves. Every question passes here before any route sees it: how much its sender may ask, who it is, whether a
//! page of ours sent it; every answer, so that no browser takes it for more than it is.

use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use config::UserRole;

use crate::Api;
use crate::logins::{self, NO_TOKEN, Tried, UNKNOWN_TOKEN};
use crate::problem::Problem;
use crate::visitor::{By, Visitor, token_hash};

/// The header in which a page shows that it is ours.
pub const CSRF: &str = "greyline-csrf";
/// The cookie of a session; over TLS its name keeps other hosts of the domain from setting it.
const COOKIE: &str = "greyline";
const COOKIE_TLS: &str = "__Host-greyline";

/// How a question comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From this machine.
    Loopback,
    /// Over TLS.
    Tls,
    /// In clear, from anywhere: nothing here is told.
    Open,
}

impl Way {
    pub(crate) const fn cookie(self) -> &'static str {
        match self {
            Self::Tls => COOKIE_TLS,
            Self::Loopback | Self::Open => COOKIE,
        }
    }
}

/// A way into the API.
#[derive(Clone)]
pub(crate) struct Door {
    pub api: Api,
    pub way: Way,
}

/// Whose address a question comes from, proxies apart, and who asks, as far as somebody is known.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub peer: IpAddr,
    pub way: Way,
    pub visitor: Option<Visitor>,
}

/// Who was not let in.
enum Refused {
    /// Somebody whose token is none, or none that is known: from where, and which of these.
    Token(IpAddr, &'static str),
    /// Anybody else.
    Other(Problem),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

impl Door {
    fn admit(&self, request: &Request, now: Instant) -> Result<Arrival, Refused> {
        let (api, way) = (&self.api, self.way);
        if way == Way::Open {
            let why = "numbers of people are told over TLS (`listen.https`) or on a loopback address, and nowhere else";
            return Err(Problem::NotAllowed(why.to_owned()).into());
        }
        let peer = request.extensions().get().map(|ConnectInfo(peer): &ConnectInfo<SocketAddr>| peer.ip());
        let headers = request.headers();
        let next = peer.ok_or(Problem::Stranger)?;
        let peer = api.client(next, headers);
        api.take_question(peer, now)?;
        let visitor = match (token_of(headers), cookie_of(headers, way)) {
            (Some(token), _) => {
                let hash = token_hash(token).ok_or(Refused::Token(peer, NO_TOKEN))?;
                Some(api.user(By::Token(hash)).ok_or(Refused::Token(peer, UNKNOWN_TOKEN))?)
            }
            (None, Some(cookie)) => api.session(cookie, now),
            (None, None) => None,
        };
        let visitor = match visitor {
            // A page of somebody else's, in a browser on this machine, may ask here under a name of its own (DNS rebinding), and whoever asks a
            // proxy does not sit here.
            None if api.is_open() && way == Way::Loopback && peer == next && is_local(headers) => {
                Some(Visitor { name: "this machine".into(), role: UserRole::Viewer, by: By::Place })
            }
            visitor => visitor,
        };
        if let Some(Visitor { by: By::Session(_, _, csrf), .. }) = &visitor {
            let safe = matches!(*request.method(), Method::GET | Method::HEAD);
            let shown = headers.get(CSRF).map(HeaderValue::as_bytes);
            if !safe && shown != Some(csrf.as_bytes()) {
                let why = format!("{CSRF}: a page shows what it was given when it logged in; log in anew");
                return Err(Problem::NotAllowed(why).into());
            }
        }
        Ok(Arrival { peer, way, visitor })
    }
}

/// What stands before every route.
pub(crate) async fn guard(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let now = Instant::now();
    let mut response = match door.admit(&request, now) {
        Ok(arrival) => {
            request.extensions_mut().insert(arrival);
            next.run(request).await
        }
        Err(Refused::Token(peer, why)) => {
            logins::unknown(door.api.reads(), Tried::Token, door.api.failures(), (peer, why), now).await;
            Problem::Stranger.into_response()
        }
        Err(Refused::Other(problem)) => problem.into_response(),
    };
    harden(response.headers_mut(), Kind::Data, door.way);
    response
}

/// What stands before the routes of a role.
pub(crate) async fn needs(State(role): State<UserRole>, visitor: Visitor, request: Request, next: Next) -> Response {
    if visitor.role < role {
        return Problem::needs(role).into_response();
    }
    next.run(request).await
}

/// What is answered, as a browser may take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Data: never a page, never kept.
    Data,
    /// A page of ours and what belongs to it.
    Page,
    /// A page for paper: its style within, and nothing that runs.
    Paper,
}

/// Says what a browser may do with an answer, unless its route has said so.
pub fn harden(headers: &mut HeaderMap, kind: Kind, way: Way) {
    let policy = match kind {
        Kind::Data => "default-src 'none'; frame-ancestors 'none'",
        Kind::Page => {
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        }
        Kind::Paper => "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'",
    };
    let mut say = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    say(header::CONTENT_SECURITY_POLICY, policy);
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(header::X_FRAME_OPTIONS, "DENY");
    say(header::REFERRER_POLICY, "no-referrer");
    say(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    say(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if kind != Kind::Page {
        say(header::CACHE_CONTROL, "no-store");
    }
    if way == Way::Tls {
        say(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

fn token_of(headers: &HeaderMap) -> Option<&str> {
    let said = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = said.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie_of(headers: &HeaderMap, way: Way) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs = all.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == way.cookie()).map(|(_, value)| value)
}

/// Whether the name under which a browser asks is one of this machine alone.
fn is_local(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|digit| digit.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name).trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whoever asks, where a route wants to know.
impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Arrival::of(parts)?.visitor.ok_or(Problem::Stranger)
    }
}

impl<S: Sync> FromRequestParts<S> for Arrival {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(parts)
    }
}

impl Arrival {
    fn of(parts: &Parts) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or(Problem::Stranger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        [(name, HeaderValue::from_str(value).unwrap())].into_iter().collect()
    }

    #[test]
    fn names_of_this_machine() {
        let local = |host| is_local(&headers(header::HOST, host));
        for host in ["localhost", "localhost:9640", "127.0.0.1:9640", "127.1.2.3", "[::1]:9640", "[::1]"] {
            assert!(local(host), "{host}");
        }
        for host in
            ["", "localhost.example.net", "example.net:9640", "127.0.0.1.example.net", "192.0.2.1:80", "localhost:x"]
        {
            assert!(!local(host), "{host}");
        }
        assert!(!is_local(&HeaderMap::new()));
    }

    #[test]
    fn cookies_and_tokens_are_found() {
        let cookie = |text, way| cookie_of(&headers(header::COOKIE, text), way).map(str::to_owned);
        assert_eq!(cookie("a=1; greyline=x; b=2", Way::Loopback).as_deref(), Some("x"));
        assert_eq!(cookie("xgreyline=x", Way::Loopback), None);
        // In clear somebody else may have set it.
        assert_eq!(cookie("greyline=x", Way::Tls), None);
        assert_eq!(cookie("__Host-greyline=x", Way::Tls).as_deref(), Some("x"));
        let token = |text| token_of(&headers(header::AUTHORIZATION, text)).map(str::to_owned);
        assert_eq!(token("bearer  abc").as_deref(), Some("abc"));
        assert_eq!(token("Basic abc"), None);
    }
}

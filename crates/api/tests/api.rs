//! The API as strangers ask it: every route by every role, what is refused and how, what hostile calls become, what is masked.

#![cfg(test)]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::{
    About, Api, Bundled, CallTraced, Complained, Complaints, Figures, Finder, Kept, LineRefused, Message, Problem,
    Sought, Start, Teller, Traced, TracedBack, View, Way,
};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use config::{Config, Known, User, UserRole};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use store::{Archive, Call, Counted, Limits, Pace, Store, Word};
use tower::ServiceExt;
use types::{E164, Nanos};

/// 28 November 2026, 10:00 UTC.
const TEN: u64 = 1_795_860_000;
/// What a sender can put where a person reads.
const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'&=cmd|' /C calc'!A0\r\nX-Evil: 1\u{202e}";

fn at(secs: u64) -> Nanos {
    Nanos::from_parts(secs, 0)
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// A store with two alerts and the calls of the first.
fn filled(name: &str) -> PathBuf {
    let folder = folder(name);
    let limits = Limits {
        calls_days: 30,
        calls_bytes_max: 1 << 30,
        alerts_days: 30,
        alerts_bytes_max: 1 << 30,
        free_bytes_min: 0,
    };
    let store = Store::open(&folder, limits, Pace::File).unwrap();
    for n in 0..30_u64 {
        let caller = 441_632_960_000 + n % 3;
        let callee = 15_550_100_000 + n;
        let call_id = format!("call-{n}@192.0.2.1");
        let record = json!({
            "v": 1, "call_id": call_id, "invite_at": api_time(TEN + n), "outcome": "answered", "talk_ms": 7_000.0,
            "caller": { "number": format!("+{caller}"), "raw": format!("{caller}"), "display": HOSTILE, "from": "from" },
            "callee": { "number": format!("+{callee}"), "country": "US" },
            "source": { "ip": "192.0.2.1", "port": 5060 }, "user_agent": HOSTILE,
        });
        store.call(Call {
            at: at(TEN + n),
            caller: E164::new(caller),
            callee: E164::new(callee),
            call_ids: vec![call_id.into_bytes().into()],
            source: "192.0.2.1".parse().unwrap(),
            destination: "198.51.100.7".parse().unwrap(),
            trunk: Some("north".into()),
            stack: Some(0xab),
            answered: true,
            talk_ms: 7_000,
            record: record.to_string().into(),
        });
    }
    // Of the second alert it was told which calls it counts, of the first not.
    for n in 22..30 {
        let call_id = format!("call-{n}@192.0.2.1").into_bytes().into();
        store.counted(Counted { alert: 0xfedc_ba98_7654_3210, at: at(TEN + n), call_id });
    }
    for (id, kind, entity, severity) in [
        ("0123456789abcdef", "scam_call_centre", ("source", "192.0.2.1"), 3),
        ("fedcba9876543210", "wangiri", ("number", "+441632960001"), 1),
    ] {
        store.word(Word {
            alert: id.into(),
            status: "open",
            said: at(TEN + 60),
            kind,
            severity,
            score_db: 41.5,
            entity_kind: entity.0,
            entity: entity.1.into(),
            title: "A scam".into(),
            first_call: at(TEN),
            last_call: at(TEN + 29),
            calls: 30,
            record: alert(id, kind, entity, severity.into()).to_string().into(),
        });
    }
    assert_eq!(store.close().0.calls, 30);
    folder
}

fn alert(id: &str, kind: &str, entity: (&str, &str), severity: usize) -> Value {
    let severity = ["low", "medium", "high", "critical"][severity];
    json!({
        "v": 1, "alert_id": id, "status": "open", "time": api_time(TEN + 60), "kind": kind, "severity": severity, "score_db": 41.5,
        "entity": { "kind": entity.0, "value": entity.1 }, "title": "A scam", "summary": "The number +441632960001 has called 30 people.",
        "first_call": api_time(TEN), "last_call": api_time(TEN + 29), "sources": ["192.0.2.1"], "callers": ["+441632960001"],
        "calls": { "count": 30, "answered": 30, "sample": ["call-3@192.0.2.1", "call-4@192.0.2.1", "absent"] },
        "callees": { "count": 30, "countries": [{ "country": "US", "calls": 30 }] },
    })
}

fn api_time(secs: u64) -> String {
    format!(
        "2026-11-28T{:02}:{:02}:{:02}.000000Z",
        10 + (secs - TEN) / 3_600,
        (secs - TEN) / 60 % 60,
        (secs - TEN) % 60
    )
}

/// What a ring has of a call: an INVITE that shows numbers in every way there is, and nothing else.
fn found(sought: &Sought) -> Kept {
    let invite = "INVITE sip:+15550100029@192.0.2.2 SIP/2.0\r\nFrom: \"+44 1632 960-002\" <sip:441632960002@192.0.2.1>;tag=a\r\n\
        User-Agent: <img src=x onerror=alert(1)>\r\nIdentity: NDQxNjMyOTYwMDAy\r\n\r\nv=0\r\ns=441632960002\r\n";
    let message = Message {
        at: sought.from,
        source: "192.0.2.1:5060".parse().unwrap(),
        destination: "192.0.2.2:5060".parse().unwrap(),
        leg: sought.legs.len() - 1,
        start: Start::Request("INVITE".into()),
        cseq: Some("1 INVITE".into()),
        transport: Some("UDP".into()),
        bytes: invite.into(),
    };
    Kept { since: Some(at(TEN)), messages: vec![message], left_out: 0, cut: false }
}

/// What comes of complaints: one call, whose record shows a number.
fn traced(sent: &Complaints) -> TracedBack {
    let Complained::One(one) = &sent.complained else {
        let line = |line, column: &str, why: &str| LineRefused { line, column: Some(column.into()), why: why.into() };
        let refused = vec![
            line(2, "callee", "\"+15550100029\" is none"),
            line(3, "time", "\"30/02/2026 14:02\" is none such as 2026-03-02T14:05:00Z"),
        ];
        return TracedBack { refused, left: 3, ..TracedBack::default() };
    };
    let call = CallTraced {
        id: "1.1".into(),
        time: api_time(TEN),
        seconds_later: 1.5,
        trunk: None,
        alert_id: None,
        call: json!({ "callee": { "number": one.callee }, "user_agent": HOSTILE }),
    };
    let traced = Traced {
        complaint: "17".into(),
        callee: one.callee.clone(),
        said_at: api_time(TEN),
        within_minutes: 10.0,
        claimed_caller: one.caller.clone(),
        said: one.said.clone(),
        candidates: 1,
        calls: vec![call],
        alert_id: None,
        title: Some(format!("for {} in {}", sent.by, sent.zone.as_deref().unwrap_or("UTC"))),
        because: None,
        other_victims: Some(4),
        or_else: Vec::new(),
    };
    TracedBack { complaints: vec![traced], ..TracedBack::default() }
}

/// An API, and a token for each role.
struct Desk {
    api: Api,
    teller: Teller,
    tokens: Vec<(UserRole, String)>,
    folder: Option<PathBuf>,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} {:?}", self.status, self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Desk {
    /// With these users; must be called within a runtime.
    fn new(folder: Option<PathBuf>, named: bool) -> Self {
        Self::finding(folder, named, Arc::new(|_, sought| Ok(found(sought))))
    }

    /// The same, where messages are looked up otherwise.
    fn finding(folder: Option<PathBuf>, named: bool, finder: Arc<Finder>) -> Self {
        Self::of(Config::default(), folder, named, finder)
    }

    /// The same behind a proxy.
    fn behind(proxy: &str, folder: Option<PathBuf>, named: bool) -> Self {
        let mut config = Config::default();
        config.listen.trusted_proxies = vec![proxy.parse().unwrap()];
        Self::of(config, folder, named, Arc::new(|_, sought| Ok(found(sought))))
    }

    fn of(mut config: Config, folder: Option<PathBuf>, named: bool, finder: Arc<Finder>) -> Self {
        let mut tokens = Vec::new();
        for role in UserRole::ALL.into_iter().filter(|_| named) {
            let (token, token_sha256) = api::token().unwrap();
            config.user.push(User { name: format!("the {}", role.as_str()), role, token_sha256 });
            tokens.push((role, token));
        }
        let known = Arc::new(Known::of(config).unwrap());
        let about = About {
            program: "0.1.0".into(),
            rules: "r".into(),
            since: at(TEN),
            view: View::Watch,
            detectors: json!({}),
            printer: Arc::new(|_, order| Ok(format!("<h1>{} for {}</h1>", order.alert, order.by).into_bytes())),
            finder,
            tracer: Arc::new(|_, _, sent| Ok(traced(sent))),
            bundler: Arc::new(|_, _, order| match order.redacted {
                true => Err(Problem::Conflict("no key signs bundles here".into())),
                false => Ok(Bundled {
                    number: 7,
                    calls: 2,
                    counted: 30,
                    messages: 9,
                    manifest: "ab".into(),
                    zip: format!("{} for {}", order.alert, order.by).into(),
                }),
            }),
        };
        let (teller, live) = api::live("1");
        let api = Api::new(about, &known, folder.clone(), (teller.clone(), live));
        Self { api, teller, tokens, folder }
    }

    fn token(&self, role: UserRole) -> &str {
        &self.tokens.iter().find(|(of, _)| *of == role).unwrap().1
    }

    async fn ask(&self, way: Way, request: Request<Body>) -> Answer {
        let (parts, body) = ask(self.api.router(way), request, "192.0.2.99:4000").await.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn get(&self, role: UserRole, path: &str, more: &[(&str, &str)]) -> Answer {
        let mut request = question(Method::GET, path);
        bear(&mut request, self.token(role));
        for (name, value) in more {
            request.headers_mut().insert(
                header::HeaderName::from_bytes(name.as_bytes()).unwrap(),
                header::HeaderValue::from_str(value).unwrap(),
            );
        }
        self.ask(Way::Tls, request).await
    }
}

async fn ask(router: Router, mut request: Request<Body>, peer: &str) -> axum::response::Response {
    request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    router.oneshot(request).await.unwrap()
}

fn question(method: Method, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(format!("/api/v1{path}")).body(Body::empty()).unwrap()
}

fn bear(request: &mut Request<Body>, token: &str) {
    request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
}

fn login(token: &str) -> Request<Body> {
    let mut request = question(Method::POST, "/session");
    *request.body_mut() = Body::from(json!({ "token": token }).to_string());
    request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    request
}

/// Every route of the document, its path filled in, with the least role that may ask it.
fn routes() -> Vec<(Method, String, Option<UserRole>)> {
    let document = serde_json::to_value(Api::document()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let role = operation["x-role"].as_str();
            let role = role.map(|word| UserRole::ALL.into_iter().find(|role| role.as_str() == word).unwrap());
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let path = path.strip_prefix("/api/v1").unwrap().replace("{id}", "0123456789abcdef");
            routes.push((method, path, role));
        }
    }
    routes
}

#[tokio::test]
async fn every_route_knows_its_role() {
    let desk = Desk::new(Some(filled("api-roles")), true);
    let all = routes();
    let listed: Vec<_> = all
        .iter()
        .map(|(method, path, role)| format!("{method} {path} {}", role.map_or("anybody", UserRole::as_str)))
        .collect();
    assert_eq!(
        listed,
        [
            "GET /alerts viewer",
            "GET /alerts/0123456789abcdef viewer",
            "GET /alerts/0123456789abcdef/calls viewer",
            "POST /alerts/0123456789abcdef/evidence officer",
            "GET /alerts/0123456789abcdef/profile viewer",
            "GET /alerts/0123456789abcdef/report officer",
            "GET /audit admin",
            "GET /calls viewer",
            "GET /calls/0123456789abcdef viewer",
            "GET /calls/0123456789abcdef/messages viewer",
            "GET /cases viewer",
            "POST /cases analyst",
            "GET /cases/0123456789abcdef viewer",
            "POST /cases/0123456789abcdef/steps analyst",
            "POST /complaints analyst",
            "GET /detectors viewer",
            "GET /events viewer",
            "GET /hours viewer",
            "GET /lists viewer",
            "POST /lists officer",
            "GET /session anybody",
            "POST /session anybody",
            "DELETE /session anybody",
            "GET /status viewer",
            "GET /trunks viewer",
        ]
    );
    for (method, path, least) in all.iter().filter(|(_, path, _)| path != "/session") {
        let stranger = desk.ask(Way::Tls, question(method.clone(), path)).await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        for role in UserRole::ALL {
            let mut request = question(method.clone(), path);
            bear(&mut request, desk.token(role));
            // News do not end: their head says enough.
            let status = ask(desk.api.router(Way::Tls), request, "192.0.2.98:1").await.status();
            let refused = matches!(status, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED);
            assert_eq!(refused, role < least.unwrap(), "{method} {path} {role:?} {status}");
            assert!(!status.is_server_error(), "{method} {path} {role:?} {status}");
        }
    }
}

#[tokio::test]
async fn in_clear_and_from_elsewhere_nothing_is_told() {
    let desk = Desk::new(None, true);
    for (method, path, _) in routes() {
        let mut request = question(method, &path);
        bear(&mut request, desk.token(UserRole::Admin));
        let answer = desk.ask(Way::Open, request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.json()["detail"].as_str().unwrap().contains("listen.https"));
    }
}

#[tokio::test]
async fn where_nobody_is_named_this_machine_sees_masked_numbers() {
    let desk = Desk::new(Some(filled("api-local")), false);
    let local = |host: &str, reason: bool| {
        let mut request = question(Method::GET, "/calls");
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
        if reason {
            request.headers_mut().insert("greyline-reason", "complaint 17".parse().unwrap());
        }
        request
    };
    let answer = desk.ask(Way::Loopback, local("127.0.0.1:9640", false)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.text.contains("15550100") && answer.text.contains("+155…"), "{}", answer.text);
    assert_eq!(desk.ask(Way::Loopback, local("localhost", true)).await.status, StatusCode::FORBIDDEN);
    // Another name for this machine, as a page of somebody else's would have it; TLS is for users.
    assert_eq!(desk.ask(Way::Loopback, local("rebound.example.net", false)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(desk.ask(Way::Tls, local("localhost", false)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_browser_logs_in_and_out() {
    let desk = Desk::new(None, true);
    let answer = desk.ask(Way::Tls, login(desk.token(UserRole::Analyst))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let set = answer.header("set-cookie").to_owned();
    for word in ["__Host-greyline=", "; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
        assert!(set.contains(word), "{set}");
    }
    let (cookie, csrf) = (set.split(';').next().unwrap(), answer.json()["csrf"].as_str().unwrap().to_owned());
    assert_eq!((&answer.json()["name"], &answer.json()["role"]), (&"the analyst".into(), &"analyst".into()));
    let with = |method: Method, path: &str, shown: Option<&str>| {
        let mut request = question(method, path);
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        shown.map(|shown| request.headers_mut().insert("greyline-csrf", shown.parse().unwrap()));
        request
    };
    assert_eq!(desk.ask(Way::Tls, with(Method::GET, "/session", None)).await.json()["csrf"], csrf.as_str());
    assert_eq!(desk.ask(Way::Tls, with(Method::GET, "/trunks", None)).await.status, StatusCode::OK);
    // In clear the cookie has another name.
    assert_eq!(desk.ask(Way::Loopback, with(Method::GET, "/trunks", None)).await.status, StatusCode::UNAUTHORIZED);
    // What changes something comes from a page of ours.
    for shown in [None, Some(""), Some("x")] {
        let answer = desk.ask(Way::Tls, with(Method::DELETE, "/session", shown)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{shown:?}");
    }
    let answer = desk.ask(Way::Tls, with(Method::DELETE, "/session", Some(&csrf))).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(desk.ask(Way::Tls, with(Method::GET, "/session", None)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_audit_log_knows_who_logged_in_and_who_could_not() {
    let folder = filled("api-logins");
    let desk = Desk::new(Some(folder.clone()), true);
    let unknown = format!("greyline_{}", "0".repeat(64));
    let from = async |peer: &str, token: &str| ask(desk.api.router(Way::Tls), login(token), peer).await.status();
    assert_eq!(from("192.0.2.50:1", desk.token(UserRole::Analyst)).await, StatusCode::OK);
    assert_eq!(from("[::ffff:192.0.2.51]:1", &unknown).await, StatusCode::UNAUTHORIZED);
    assert_eq!(from("[2001:db8::1]:1", HOSTILE).await, StatusCode::UNAUTHORIZED);
    let log = || -> Vec<_> {
        let entries = Archive::open(&folder).unwrap().audit_log(1, 1_000).unwrap();
        entries.into_iter().map(|it| format!("{}|{}|{}|{}", it.who, it.act, it.object, it.detail)).collect()
    };
    assert_eq!(
        log(),
        [
            "the analyst|logged_in|192.0.2.50|as analyst",
            "nobody known|login_failed|192.0.2.51|with a token that is not known here",
            "nobody known|login_failed|2001:db8::1|with what is no token"
        ]
    );
    // A thousand guesses, each from an address of its own, fill nothing; whoever is known has his entry all the same.
    for n in 0..1_000_u32 {
        assert_eq!(from(&format!("198.51.{}.{}:1", n / 250, n % 250), &unknown).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(from("192.0.2.52:1", desk.token(UserRole::Officer)).await, StatusCode::OK);
    let log = log();
    assert!((24..28).contains(&log.len()), "{} entries", log.len());
    assert_eq!(log.last().unwrap(), "the officer|logged_in|192.0.2.52|as officer");
    assert!(!log.iter().any(|entry| entry.contains("greyline_") || entry.contains("<img")), "{log:?}");
}

#[tokio::test]
async fn the_audit_log_knows_of_tokens_that_were_refused() {
    let folder = filled("api-refused");
    let desk = Desk::new(Some(folder.clone()), true);
    let unknown = format!("greyline_{}", "0".repeat(64));
    let from = async |peer: &str, token: &str| {
        let mut request = question(Method::GET, "/trunks");
        bear(&mut request, token);
        ask(desk.api.router(Way::Tls), request, peer).await.status()
    };
    let log = || -> Vec<_> {
        let entries = Archive::open(&folder).unwrap().audit_log(1, 1_000).unwrap();
        entries.into_iter().map(|it| format!("{}|{}|{}|{}", it.who, it.act, it.object, it.detail)).collect()
    };
    assert_eq!(from("192.0.2.50:1", desk.token(UserRole::Viewer)).await, StatusCode::OK);
    assert_eq!(from("192.0.2.51:1", &unknown).await, StatusCode::UNAUTHORIZED);
    assert_eq!(from("192.0.2.51:1", "<img").await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        log(),
        [
            "nobody known|token_refused|192.0.2.51|with a token that is not known here",
            "nobody known|token_refused|192.0.2.51|with what is no token"
        ]
    );
    // A thousand of them fill nothing, and hide nobody who fails to log in.
    for n in 0..1_000_u32 {
        assert_eq!(from(&format!("198.51.{}.{}:1", n / 250, n % 250), &unknown).await, StatusCode::UNAUTHORIZED);
    }
    let written = log().len();
    assert!((24..28).contains(&written), "{written} entries");
    let failed = ask(desk.api.router(Way::Tls), login(&unknown), "192.0.2.53:1").await.status();
    assert_eq!(failed, StatusCode::UNAUTHORIZED);
    assert_eq!(log().last().unwrap(), "nobody known|login_failed|192.0.2.53|with a token that is not known here");
}

#[tokio::test]
async fn behind_a_proxy_each_has_a_rate_and_a_name_of_their_own() {
    let folder = filled("api-proxy");
    let desk = Desk::behind("127.0.0.1", Some(folder.clone()), true);
    let wrong = format!("greyline_{}", "0".repeat(64));
    let attempt = async |peer: &str, list: &str| {
        let mut request = login(&wrong);
        request.headers_mut().insert("x-forwarded-for", list.parse().unwrap());
        ask(desk.api.router(Way::Tls), request, peer).await.status()
    };
    let until_refused = async |peer: &str, list: fn(u8) -> String| {
        for n in 0..20 {
            if attempt(peer, &list(n)).await == StatusCode::TOO_MANY_REQUESTS {
                return Some(n);
            }
        }
        None
    };
    // Each who asks the proxy is told from the others, whatever else they write before it.
    assert_eq!(until_refused("127.0.0.1:9", |n| format!("198.51.100.{n}")).await, None);
    assert_eq!(until_refused("127.0.0.1:9", |n| format!("198.51.100.{n}, 192.0.2.7")).await, Some(10));
    // Who is no proxy of ours has one rate, whomever he names.
    assert_eq!(until_refused("192.0.2.8:9", |n| format!("198.51.101.{n}")).await, Some(10));
    let log = Archive::open(&folder).unwrap().audit_log(1, 1_000).unwrap();
    let objects: Vec<_> = log.iter().map(|entry| entry.object.as_str()).collect();
    assert!(objects.contains(&"198.51.100.3") && !objects.contains(&"127.0.0.1"), "{objects:?}");
    assert!(!objects.iter().any(|object| object.starts_with("198.51.101.")), "{objects:?}");
}

#[tokio::test]
async fn who_asks_a_proxy_does_not_sit_here() {
    let desk = Desk::behind("127.0.0.1", Some(filled("api-proxy-local")), false);
    let asked = async |list: Option<&str>| {
        let mut request = question(Method::GET, "/trunks");
        request.headers_mut().insert(header::HOST, "localhost".parse().unwrap());
        list.map(|list| request.headers_mut().insert("x-forwarded-for", list.parse().unwrap()));
        ask(desk.api.router(Way::Loopback), request, "127.0.0.1:9").await.status()
    };
    assert_eq!(asked(None).await, StatusCode::OK);
    assert_eq!(asked(Some("192.0.2.7")).await, StatusCode::UNAUTHORIZED);
}

/// A desk whose configuration names a file of lists, and has a licence and something allowed.
fn listing(name: &str, file: Option<&Path>) -> Desk {
    let own = "[[licence]]\nholder = \"Own Centre\"\nnumber_ranges = [\"+441632960000-+441632960099\"]\n\
               [[allow]]\nentity = { kind = \"number\", value = \"+441632960111\" }\nuntil = 2099-12-31\nwhy = \"+441632960111 is ours\"\n";
    let mut config = config::read(own.as_bytes()).unwrap().known.config().clone();
    config.lists.file = file.map(|file| file.to_str().unwrap().to_owned());
    Desk::of(config, Some(filled(name)), true, Arc::new(|_, sought| Ok(found(sought))))
}

fn edit(token: &str, text: &str, follows: &Value) -> Request<Body> {
    let mut request = question(Method::POST, "/lists");
    let body = json!({ "text": text, "follows": follows, "reason": "the register has changed" });
    *request.body_mut() = Body::from(body.to_string());
    request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    bear(&mut request, token);
    request
}

#[tokio::test]
async fn lists_are_shown_to_all_and_edited_by_officers() {
    let file = folder("api-lists-file").with_extension("toml");
    let _ = std::fs::remove_file(&file);
    let desk = listing("api-lists", Some(&file));
    let seen = desk.get(UserRole::Viewer, "/lists", &[]).await;
    assert!(!seen.text.contains("441632960") && seen.text.contains("+441…"), "{}", seen.text);
    assert_eq!(seen.json()["editable"], false, "nobody puts anything into force here");

    let kept = Arc::new(std::sync::Mutex::new(Vec::new()));
    let keeps = Arc::clone(&kept);
    desk.api.edits(Arc::new(move |path, text: String| {
        let keeps = Arc::clone(&keeps);
        Box::pin(async move {
            if text.contains("wrong") {
                return Err(Problem::Unclear("lists.toml:1:1: error: it is wrong".into()));
            }
            std::fs::write(path, &text).unwrap();
            keeps.lock().unwrap().push(text);
            Ok("00c0ffee".to_owned())
        })
    }));
    let seen = desk.get(UserRole::Viewer, "/lists", &[]).await.json();
    assert_eq!((&seen["editable"], seen.get("file"), &seen["numbers_whole"]), (&true.into(), None, &false.into()));
    let reason = [("greyline-reason", "the register has changed")];
    assert_eq!(desk.get(UserRole::Analyst, "/lists", &reason).await.status, StatusCode::FORBIDDEN);
    let whole = desk.get(UserRole::Officer, "/lists", &reason).await.json();
    assert_eq!(whole["licences"][0]["number_ranges"][0], "+441632960000-+441632960099");
    assert_eq!((&whole["allowed"][0]["value"], &whole["file"]["text"]), (&"+441632960111".into(), &"".into()));
    let follows = &whole["file"]["sha256"];

    let officer = desk.token(UserRole::Officer);
    let refused = desk.ask(Way::Tls, edit(officer, "wrong", follows)).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("lists.toml:1:1: error: it is wrong"), "{}", refused.text);
    let long = desk.ask(Way::Tls, edit(officer, &"#".repeat((2 << 20) + 1), follows)).await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST, "{}", long.text);
    let taken = desk.ask(Way::Tls, edit(officer, "# nothing", follows)).await;
    assert_eq!((taken.status, &taken.json()["version"]), (StatusCode::OK, &"00c0ffee".into()));
    assert_eq!(desk.ask(Way::Tls, edit(officer, "# other", follows)).await.status, StatusCode::CONFLICT);
    assert_eq!(*kept.lock().unwrap(), ["# nothing"]);
    let log = Archive::open(desk.folder.as_ref().unwrap()).unwrap().audit_log(1, 100).unwrap();
    let acts: Vec<_> = log.iter().map(|entry| (entry.who.as_str(), entry.act.as_str())).collect();
    let by = |act| ("the officer", act);
    assert_eq!(
        acts,
        [by("numbers_seen"), by("lists_edit"), by("lists_refused"), by("lists_edit"), by("lists_in_force")]
    );
}

#[tokio::test]
async fn where_no_file_is_named_nothing_is_edited() {
    let desk = listing("api-lists-none", None);
    desk.api.edits(Arc::new(|_, _| Box::pin(async { Ok("00c0ffee".to_owned()) })));
    let answer = desk.ask(Way::Tls, edit(desk.token(UserRole::Admin), "", &json!(""))).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("lists.file"), "{}", answer.text);
}

#[tokio::test]
async fn who_is_no_longer_named_is_out() {
    let desk = Desk::new(None, true);
    let answer = desk.ask(Way::Tls, login(desk.token(UserRole::Admin))).await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    desk.api.renew(&Arc::new(Known::of(Config::default()).unwrap()));
    let mut request = question(Method::GET, "/trunks");
    request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
    assert_eq!(desk.ask(Way::Tls, request).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(desk.get(UserRole::Admin, "/trunks", &[]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn guessing_is_slow_and_asking_has_a_rate() {
    let desk = Desk::new(None, true);
    let wrong = format!("greyline_{}", "0".repeat(64));
    let mut last = StatusCode::OK;
    for _ in 0..11 {
        last = desk.ask(Way::Tls, login(&wrong)).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // Another address is not asked to wait.
    let other = ask(desk.api.router(Way::Tls), login(desk.token(UserRole::Viewer)), "192.0.2.50:1").await;
    assert_eq!(other.status(), StatusCode::OK);
    // However long each takes, more are asked than have a place.
    let mut answer = desk.ask(Way::Tls, question(Method::GET, "/trunks")).await;
    for _ in 0..5_000 {
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        answer = desk.ask(Way::Tls, question(Method::GET, "/trunks")).await;
    }
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn answers_are_data_and_nothing_else() {
    let desk = Desk::new(Some(filled("api-data")), true);
    let paths = ["/calls", "/alerts/0123456789abcdef", "/alerts/0123456789abcdef/calls", "/nothing", "/calls?number=x"];
    for path in paths {
        let answer = desk.get(UserRole::Viewer, path, &[]).await;
        let kind = answer.header("content-type");
        assert!(kind == "application/json" || kind == "application/problem+json", "{path} {kind}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(!answer.headers.contains_key("x-evil"));
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
    // What a sender wrote is a string, as it was sent.
    let calls = desk.get(UserRole::Viewer, "/calls?limit=1", &[]).await.json();
    assert_eq!(calls["calls"][0]["call"]["user_agent"], HOSTILE);
}

#[tokio::test]
async fn whole_numbers_take_a_role_and_a_reason_and_are_written_down() {
    let folder = filled("api-reveal");
    let desk = Desk::new(Some(folder.clone()), true);
    let reason = &[("greyline-reason", "complaint%2017")][..];
    let entries = || Archive::open(&folder).unwrap().audit_log(1, 100).unwrap();
    let alert = "/alerts/0123456789abcdef";
    for role in [UserRole::Viewer, UserRole::Analyst] {
        let answer = desk.get(role, alert, reason).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(!answer.text.contains("+4416"));
    }
    let masked = desk.get(UserRole::Officer, alert, &[]).await;
    assert!(masked.text.contains("+441…01") && !masked.text.contains("+44163296"), "{}", masked.text);
    assert_eq!(desk.get(UserRole::Officer, alert, &[("greyline-reason", "x")]).await.status, StatusCode::BAD_REQUEST);
    // What is not there is not seen.
    assert_eq!(desk.get(UserRole::Officer, "/alerts/absent", reason).await.status, StatusCode::NOT_FOUND);
    assert_eq!(entries().len(), 0);
    for (n, path) in [alert, "/alerts/0123456789abcdef/calls", "/calls?number=%2B441632960001"].into_iter().enumerate()
    {
        let whole = desk.get(UserRole::Officer, path, reason).await;
        assert!(whole.text.contains("+441632960001"), "{path} {}", whole.text);
        let entries = entries();
        let entry = entries.last().unwrap();
        assert_eq!((entries.len(), entry.act.as_str(), entry.detail.as_str()), (n + 1, "numbers_seen", "complaint 17"));
        assert_eq!(entry.who, "the officer");
        assert!(path.contains(entry.object.trim_start_matches("calls ")), "{}", entry.object);
    }
    // A page for a court is such a look, and nothing in it runs.
    let report = "/alerts/0123456789abcdef/report?reason=complaint%2017";
    assert_eq!(desk.get(UserRole::Analyst, report, &[]).await.status, StatusCode::FORBIDDEN);
    let page = desk.get(UserRole::Officer, report, &[]).await;
    assert_eq!(
        (page.header("content-type"), page.text.as_str()),
        ("text/html; charset=utf-8", "<h1>0123456789abcdef for the officer</h1>")
    );
    assert!(page.header("content-security-policy").contains("sandbox"), "{:?}", page.headers);
    let pdf = desk.get(UserRole::Officer, &format!("{report}&format=pdf"), &[]).await;
    let name = "attachment; filename=\"report-0123456789abcdef.pdf\"";
    assert_eq!((pdf.header("content-type"), pdf.header("content-disposition")), ("application/pdf", name));
    assert_eq!(desk.get(UserRole::Officer, &format!("{report}&format=doc"), &[]).await.status, StatusCode::BAD_REQUEST);
    let unreasoned = desk.get(UserRole::Officer, "/alerts/0123456789abcdef/report", &[]).await;
    assert_eq!((unreasoned.status, entries().len()), (StatusCode::BAD_REQUEST, 5));
    let id =
        desk.get(UserRole::Viewer, "/calls?limit=1", &[]).await.json()["calls"][0]["id"].as_str().unwrap().to_owned();
    let whole = desk.get(UserRole::Admin, &format!("/calls/{id}"), reason).await;
    assert!(whole.text.contains("+15550100029") && whole.json()["numbers_whole"] == true, "{}", whole.text);
    let audit = desk.get(UserRole::Admin, "/audit?limit=2", &[]).await.json();
    assert_eq!((&audit["count"], audit["entries"].as_array().unwrap().len()), (&6.into(), 2));
    assert_eq!(audit["entries"][1]["who"], "the admin");
    assert!(audit.get("broken").is_none());
}

#[tokio::test]
async fn messages_of_a_call_are_masked_unless_there_is_a_reason() {
    let folder = filled("api-messages");
    let desk = Desk::new(Some(folder.clone()), true);
    let page = desk.get(UserRole::Viewer, "/calls?limit=1", &[]).await.json();
    let path = format!("/calls/{}/messages", page["calls"][0]["id"].as_str().unwrap());
    let masked = desk.get(UserRole::Analyst, &path, &[]).await;
    let message = &masked.json()["messages"][0];
    assert_eq!(
        (&masked.json()["kept"], &masked.json()["numbers_whole"], &masked.json()["legs"]),
        (&"there".into(), &false.into(), &json!(["call-29@192.0.2.1"]))
    );
    assert_eq!(
        (&message["method"], &message["from"], &message["cseq"], &message["source"], &message["bytes"]),
        (&"INVITE".into(), &"caller".into(), &"1 INVITE".into(), &"192.0.2.1:5060".into(), &197.into())
    );
    for number in ["5550100029", "44 1632 960", "441632960002", "NDQxNjMy"] {
        assert!(!masked.text.contains(number), "{number} in {}", masked.text);
    }
    assert!(message["text"].as_str().unwrap().contains("User-Agent: <img src=x onerror=alert(1)>"), "{message}");
    let reason = &[("greyline-reason", "complaint%2017")][..];
    assert_eq!(desk.get(UserRole::Analyst, &path, reason).await.status, StatusCode::FORBIDDEN);
    let whole = desk.get(UserRole::Officer, &path, reason).await;
    assert!(whole.json()["messages"][0]["text"].as_str().unwrap().ends_with("s=441632960002\r\n"), "{}", whole.text);
    let log = Archive::open(&folder).unwrap().audit_log(1, 100).unwrap();
    let [entry] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!((entry.who.as_str(), entry.act.as_str()), ("the officer", "numbers_seen"));
    assert!(entry.object.starts_with("messages of call ") && entry.detail == "complaint 17", "{entry:?}");
    for absent in ["/calls/x/messages", "/calls/9.9/messages"] {
        assert_eq!(desk.get(UserRole::Viewer, absent, reason).await.status, StatusCode::NOT_FOUND, "{absent}");
    }
}

#[tokio::test]
async fn a_bundle_takes_a_role_and_a_reason_and_is_written_down() {
    let folder = filled("api-evidence");
    let desk = Desk::new(Some(folder.clone()), true);
    let send = async |role: UserRole, alert: &str, body: Value| {
        let mut request = question(Method::POST, &format!("/alerts/{alert}/evidence"));
        *request.body_mut() = Body::from(body.to_string());
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        bear(&mut request, desk.token(role));
        desk.ask(Way::Tls, request).await
    };
    let (alert, reason) = ("0123456789abcdef", json!({ "reason": "the court asks" }));
    for (role, alert, body, status) in [
        (UserRole::Analyst, alert, reason.clone(), StatusCode::FORBIDDEN),
        (UserRole::Officer, alert, json!({}), StatusCode::BAD_REQUEST),
        (UserRole::Officer, alert, json!({ "reason": "x" }), StatusCode::BAD_REQUEST),
        (UserRole::Officer, alert, json!({ "reason": "the court asks", "out": "/etc" }), StatusCode::BAD_REQUEST),
        (UserRole::Officer, "absent", reason.clone(), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(send(role, alert, body.clone()).await.status, status, "{role:?} {alert} {body}");
    }
    let entries = || Archive::open(&folder).unwrap().audit_log(1, 100).unwrap();
    assert_eq!(entries().len(), 0);
    let made = send(UserRole::Officer, alert, reason).await;
    assert_eq!((made.status, made.text.as_str()), (StatusCode::OK, "0123456789abcdef for the officer"));
    assert_eq!(made.header("content-type"), "application/zip");
    assert_eq!(made.header("content-disposition"), "attachment; filename=\"greyline-evidence-7.zip\"");
    assert_eq!(made.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    let about: Value = serde_json::from_str(made.header("greyline-bundle")).unwrap();
    assert_eq!(about, json!({ "number": 7, "calls": 2, "counted": 30, "messages": 9, "manifest": "ab" }));
    // What cannot be done is said, and who asked for it is written down all the same.
    let refused = send(UserRole::Officer, alert, json!({ "reason": "the court asks", "redacted": true })).await;
    assert_eq!(
        (refused.status, &refused.json()["detail"]),
        (StatusCode::CONFLICT, &"no key signs bundles here".into())
    );
    let log: Vec<_> =
        entries().into_iter().map(|it| format!("{} {} {}: {}", it.who, it.act, it.object, it.detail)).collect();
    assert_eq!(
        log,
        [
            "the officer numbers_seen evidence of 0123456789abcdef: the court asks",
            "the officer evidence_wanted evidence of 0123456789abcdef: the court asks"
        ]
    );
}

#[tokio::test]
async fn what_takes_long_keeps_nobody_from_short_answers() {
    let (enters, entered) = std::sync::mpsc::channel();
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(gate);
    let finder = move |_: &mut Archive, sought: &Sought| {
        enters.send(()).unwrap();
        gate.lock().unwrap().recv().unwrap();
        Ok(found(sought))
    };
    let desk = Desk::finding(Some(filled("api-long")), true, Arc::new(finder));
    let page = desk.get(UserRole::Viewer, "/calls?limit=1", &[]).await.json();
    let path = format!("/calls/{}/messages", page["calls"][0]["id"].as_str().unwrap());
    let long = async || desk.get(UserRole::Viewer, &path, &[]).await.status;
    let short = async {
        for _ in 0..2 {
            while entered.try_recv().is_err() {
                tokio::task::yield_now().await;
            }
        }
        // All have asked by now, and as many as may search do.
        for _ in 0..4 {
            assert_eq!(desk.get(UserRole::Viewer, "/calls?limit=1", &[]).await.status, StatusCode::OK);
        }
        assert!(entered.try_recv().is_err(), "a third one searches");
        (0..6).for_each(|_| go.send(()).unwrap());
    };
    let (a, b, c, d, e, f, ()) = tokio::join!(long(), long(), long(), long(), long(), long(), short);
    assert_eq!([a, b, c, d, e, f], [StatusCode::OK; 6]);
}

#[tokio::test]
async fn complaints_are_traced_and_masked() {
    let folder = filled("api-complaints");
    let desk = Desk::new(Some(folder.clone()), true);
    let send = async |role: UserRole, body: String, reason: Option<&str>| {
        let mut request = question(Method::POST, "/complaints");
        *request.body_mut() = Body::from(body);
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        reason.map(|reason| request.headers_mut().insert("greyline-reason", reason.parse().unwrap()));
        bear(&mut request, desk.token(role));
        desk.ask(Way::Tls, request).await
    };
    let one = json!({ "callee": "+15550100029", "time": "2026-11-28T10:00", "caller": "+441632960002", "said": "call +44 1632 960-003" });
    let one = json!({ "complaint": one, "zone": "Europe/London" }).to_string();
    let masked = send(UserRole::Analyst, one.clone(), None).await;
    assert_eq!(masked.status, StatusCode::OK, "{}", masked.text);
    for number in ["5550100029", "441632960002", "1632 960"] {
        assert!(!masked.text.contains(number), "{number} in {}", masked.text);
    }
    let told = &masked.json()["complaints"][0];
    assert_eq!(
        (&told["complaint"], &told["callee"], &told["title"], &told["other_victims"]),
        (&"17".into(), &"+155…29".into(), &"for the analyst in Europe/London".into(), &4.into())
    );
    assert_eq!(told["calls"][0]["call"]["user_agent"], HOSTILE);
    let whole = send(UserRole::Officer, one.clone(), Some("complaint 17")).await;
    assert_eq!(whole.json()["complaints"][0]["calls"][0]["call"]["callee"]["number"], "+15550100029");
    assert_eq!(whole.json()["numbers_whole"], true);
    let log = Archive::open(&folder).unwrap().audit_log(1, 100).unwrap();
    let log: Vec<_> = log.iter().map(|it| (it.who.as_str(), it.act.as_str(), it.object.as_str())).collect();
    assert_eq!(log, [("the officer", "numbers_seen", "complaints")]);
    // Numbers are masked; a time says nothing of a person and is of no use without its digits.
    let refused = json!([
        { "line": 2, "column": "callee", "why": "\"+155…29\" is none" },
        { "line": 3, "column": "time", "why": "\"30/02/2026 14:02\" is none such as 2026-03-02T14:05:00Z" },
    ]);
    let csv = send(UserRole::Analyst, json!({ "csv": "callee,time\n+15550100029,never\n" }).to_string(), None).await;
    assert_eq!((&csv.json()["refused"], &csv.json()["left"]), (&refused, &3.into()));
    // As long as an office's list is; no longer.
    let list = |lines: usize| json!({ "csv": "+15550100029,never\n".repeat(lines) }).to_string();
    for (role, body, reason, status) in [
        (UserRole::Viewer, one.clone(), None, StatusCode::FORBIDDEN),
        (UserRole::Analyst, one, Some("complaint 17"), StatusCode::FORBIDDEN),
        (UserRole::Analyst, "{}".to_owned(), None, StatusCode::BAD_REQUEST),
        (UserRole::Analyst, json!({ "csv": "", "complaint": {} }).to_string(), None, StatusCode::BAD_REQUEST),
        (UserRole::Analyst, json!({ "complaint": { "callee": "x" } }).to_string(), None, StatusCode::BAD_REQUEST),
        (UserRole::Analyst, list(50_000), None, StatusCode::OK),
        (UserRole::Analyst, list(150_000), None, StatusCode::BAD_REQUEST),
    ] {
        let answer = send(role, body, reason).await;
        assert_eq!(answer.status, status, "{role:?} {}", answer.text);
    }
}

#[tokio::test]
async fn alerts_and_calls_are_found() {
    let desk = Desk::new(Some(filled("api-found")), true);
    let count = async |path: &str| {
        let answer = desk.get(UserRole::Viewer, path, &[]).await.json();
        answer["calls"].as_array().or(answer["alerts"].as_array()).unwrap_or_else(|| panic!("{path} {answer}")).len()
    };
    for (path, expected) in [
        ("/alerts", 2),
        ("/alerts?status=open&order=gravest", 2),
        ("/alerts?status=closed", 0),
        ("/alerts?severity=high", 1),
        ("/alerts?kind=wangiri", 1),
        ("/alerts?from=2026-11-28T10:01:00Z", 2),
        ("/alerts?from=2026-11-28T10:01:01Z", 0),
        ("/alerts?until=2026-11-28T10:00:59Z", 0),
        ("/alerts/0123456789abcdef/calls", 30),
        ("/alerts/fedcba9876543210/calls", 8),
        ("/calls", 30),
        ("/calls?number=%2B441632960001", 10),
        ("/calls?caller=+44%201632%20960001", 10),
        ("/calls?callee=15550100005", 1),
        ("/calls?address=198.51.100.7", 30),
        ("/calls?call_id=call-3@192.0.2.1", 1),
        ("/calls?stack=00000000000000ab", 30),
        ("/calls?from=2026-11-28T10:00:10Z&until=2026-11-28T10:00:12Z", 3),
        ("/calls?stack=cd", 0),
    ] {
        assert_eq!(count(path).await, expected, "{path}");
    }
    for path in [
        "/alerts?status=x",
        "/alerts?severity=5",
        "/alerts?order=x",
        "/alerts?from=now",
        "/alerts?after=x",
        "/alerts?limit=0",
        "/alerts?limit=501",
        "/alerts?colour=1",
        "/calls?address=x",
        "/calls?stack=xyz",
        "/calls?after=1",
        "/calls?limit=-1",
        "/hours?of=x&from=2026-11-28T10:00:00Z&until=2026-11-28T10:00:00Z",
        "/hours?of=trunk",
    ] {
        assert_eq!(desk.get(UserRole::Viewer, path, &[]).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    for path in ["/alerts/x", "/alerts/..%2F..%2Fetc%2Fpasswd", "/calls/x", "/calls/9.9", "/calls/99999.1", "/x"] {
        assert_eq!(desk.get(UserRole::Viewer, path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    // Page by page.
    let (mut seen, mut after) = (0, String::new());
    loop {
        let page = desk.get(UserRole::Viewer, &format!("/calls?limit=7{after}"), &[]).await.json();
        seen += page["calls"].as_array().unwrap().len();
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, 30);
    let first = desk.get(UserRole::Viewer, "/alerts?order=gravest&limit=1", &[]).await.json();
    assert_eq!(first["alerts"][0]["severity"], "critical");
    let path = format!("/alerts?order=gravest&limit=1&after={}", first["next"].as_str().unwrap());
    let second = desk.get(UserRole::Viewer, &path, &[]).await.json();
    assert_eq!((&second["alerts"][0]["severity"], second.get("next")), (&"medium".into(), None));

    let whole = desk.get(UserRole::Viewer, "/alerts/0123456789abcdef", &[]).await.json();
    assert_eq!((&whole["life"][0]["status"], &whole["life"][0]["calls"]), (&"open".into(), &30.into()));
    let id =
        desk.get(UserRole::Viewer, "/calls?limit=1", &[]).await.json()["calls"][0]["id"].as_str().unwrap().to_owned();
    let call = desk.get(UserRole::Viewer, &format!("/calls/{id}"), &[]).await.json();
    assert_eq!((&call["callee_zone"], &call["numbers_whole"]), (&"America/New_York".into(), &false.into()));
    assert_eq!(call["alert_id"], "fedcba9876543210");
    for (alert, basis) in [("0123456789abcdef", "entity"), ("fedcba9876543210", "counted")] {
        for what in ["calls", "profile"] {
            let told = desk.get(UserRole::Viewer, &format!("/alerts/{alert}/{what}"), &[]).await.json();
            assert_eq!(told["basis"], basis, "{alert} {what}");
        }
    }
    let profile = desk.get(UserRole::Viewer, "/alerts/0123456789abcdef/profile", &[]).await.json();
    assert_eq!(profile["zones"], json!([{ "zone": "America/New_York", "calls": 30 }]));
    assert_eq!((&profile["calls"], &profile["countries"][0]["country"]), (&30.into(), &"US".into()));
    let hours = desk.get(UserRole::Viewer, "/hours?of=trunk&from=2026-11-28T00:00:00Z&until=2026-11-28T23:00:00Z", &[]);
    assert_eq!(
        hours.await.json()["hours"],
        json!([{ "entity": "north", "time": api_time(TEN), "calls": 30, "answered": 30, "talk_s": 210 }])
    );
    let status = desk.get(UserRole::Viewer, "/status", &[]).await.json();
    assert_eq!(status["open"][0], json!({ "kind": "scam_call_centre", "severity": "critical", "count": 1 }));
    assert_eq!((&status["store"], status.get("figures"), status.get("works")), (&true.into(), None, None));
}

#[tokio::test]
async fn a_case_is_worked_on() {
    let desk = Desk::new(Some(filled("api-cases")), true);
    let send = async |path: &str, body: Value| {
        let mut request = question(Method::POST, path);
        *request.body_mut() = Body::from(body.to_string());
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        bear(&mut request, desk.token(UserRole::Analyst));
        desk.ask(Way::Tls, request).await
    };
    assert_eq!(send("/cases", json!({ "alert": "absent" })).await.status, StatusCode::NOT_FOUND);
    let opened = send("/cases", json!({ "alert": "fedcba9876543210" })).await;
    assert_eq!((opened.status, &opened.json()["state"]), (StatusCode::CREATED, &"open".into()));
    assert_eq!(send("/cases", json!({ "alert": "fedcba9876543210" })).await.status, StatusCode::CONFLICT);
    let steps = format!("/cases/{}/steps", opened.json()["case"]);
    let until = jiff::Zoned::now().date().saturating_add(jiff::Span::new().days(90)).to_string();
    let why = format!("asked +441632960001 \"back\" {HOSTILE}").replace(['\r', '\n'], " ");
    for (body, status) in [
        (json!({ "act": "burn" }), StatusCode::BAD_REQUEST),
        (json!({ "act": "reopen", "reason": "too early" }), StatusCode::CONFLICT),
        (json!({ "act": "note", "text": HOSTILE }), StatusCode::BAD_REQUEST),
        (json!({ "act": "acknowledge" }), StatusCode::OK),
        (json!({ "act": "assign", "to": "nobody at all" }), StatusCode::BAD_REQUEST),
        (json!({ "act": "assign", "to": "the viewer" }), StatusCode::BAD_REQUEST),
        (json!({ "act": "link", "alert": "0123456789abcdef" }), StatusCode::OK),
        (json!({ "act": "dismiss", "reason": why, "until": until }), StatusCode::OK),
    ] {
        assert_eq!(send(&steps, body.clone()).await.status, status, "{body}");
    }
    let path = format!("/cases/{}", opened.json()["case"]);
    let desk_of = desk.get(UserRole::Viewer, &path, &[]).await.json()["desk"].clone();
    assert_eq!(desk_of, json!(["the admin", "the analyst", "the officer"]));
    let masked = desk.get(UserRole::Viewer, &path, &[]).await;
    assert!(!masked.text.contains("+441632960001") && masked.text.contains("+441…01"), "{}", masked.text);
    let dismissed = masked.json()["steps"][3]["detail"].as_str().unwrap().to_owned();
    assert!(dismissed.starts_with(&format!("until {until}: asked +441…01")), "{dismissed}");
    let whole = desk.get(UserRole::Officer, &path, &[("greyline-reason", "to put it into the file")]).await.json();
    assert_eq!(
        (&whole["state"], &whole["assignee"], &whole["numbers_whole"]),
        (&"dismissed".into(), &"the analyst".into(), &true.into())
    );
    // What is proposed is what the configuration takes, whatever somebody wrote.
    let sound =
        config::read(whole["proposal"].as_str().unwrap().as_bytes()).map_err(|wrong| format!("{wrong:#?}")).unwrap();
    let allowed: Vec<_> = sound.known.config().allow.iter().map(|allow| allow.entity.value.clone()).collect();
    assert_eq!(allowed, ["192.0.2.1", "+441632960001"]);
    let listed = desk.get(UserRole::Viewer, "/cases?state=dismissed", &[]).await.json();
    assert_eq!(
        (listed["cases"].as_array().unwrap().len(), &listed["cases"][0]["alerts"][0]["severity"]),
        (1, &"critical".into())
    );
    let alert = desk.get(UserRole::Viewer, "/alerts/0123456789abcdef", &[]).await.json();
    assert_eq!(alert["case"], opened.json()["case"]);
    let audit = desk.get(UserRole::Admin, "/audit", &[]).await.json();
    assert_eq!(audit["entries"].as_array().unwrap().iter().filter(|entry| entry["who"] == "the analyst").count(), 4);
}

#[tokio::test]
async fn without_a_store_that_is_said() {
    for folder in [None, Some(folder("api-nowhere"))] {
        let desk = Desk::new(folder, true);
        let answer = desk.get(UserRole::Viewer, "/alerts", &[]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.json()["detail"].as_str().unwrap().contains("store.folder"));
        if desk.folder.is_none() {
            assert_eq!(desk.get(UserRole::Viewer, "/status", &[]).await.json()["store"], false);
        }
    }
}

#[tokio::test]
async fn news_come_and_are_masked() {
    let desk = Desk::new(None, true);
    let mut request = question(Method::GET, "/events");
    bear(&mut request, desk.token(UserRole::Admin));
    request.headers_mut().insert("last-event-id", "0-7".parse().unwrap());
    let response = ask(desk.api.router(Way::Tls), request, "192.0.2.1:1").await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut body = response.into_body();
    let mut next =
        async || String::from_utf8(body.frame().await.unwrap().unwrap().into_data().unwrap().to_vec()).unwrap();
    // The reader was away for a whole run.
    assert_eq!(next().await, "event: missed\nid: 1-0\ndata: alerts\n\n");
    desk.teller.alert(&alert("0123456789abcdef", "wangiri", ("number", "+441632960001"), 2).to_string());
    let told = next().await;
    assert!(told.starts_with("event: alert\nid: 1-1\ndata: {"), "{told}");
    assert!(told.contains("+441…01") && !told.contains("+44163"), "{told}");
    desk.teller.figures(Figures { at: at(TEN), legs: 7, ..Figures::default() });
    assert!(next().await.contains("\"legs\":7"));
    // Who is let in no more hears no more.
    desk.api.renew(&Arc::new(Known::of(Config::default()).unwrap()));
    desk.teller.figures(Figures { at: at(TEN + 1), ..Figures::default() });
    assert!(body.frame().await.is_none());
}

/// Values that the schema of a parameter takes, and values that it does not.
fn samples(schema: &Value) -> Vec<(Value, bool)> {
    if let (Some(least), Some(most)) = (schema["minimum"].as_u64(), schema["maximum"].as_u64()) {
        return [(least, true), (most, true), (least - 1, false), (most + 1, false)]
            .map(|(at, fine)| (at.into(), fine))
            .into();
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| (word.clone(), true)).chain([("nonsense".into(), false)]).collect();
    }
    match schema["format"].as_str() {
        Some("date-time") => vec![("2026-11-28T09:30:00Z".into(), true), ("2026-11-28".into(), false)],
        _ => Vec::new(),
    }
}

/// What the document takes is taken, and what it does not is refused.
#[tokio::test]
async fn the_document_has_the_bounds_that_are_checked() {
    let desk = Desk::new(Some(filled("api-bounds")), true);
    let document = serde_json::to_value(Api::document()).unwrap();
    let mut bounded = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let route = path.trim_start_matches("/api/v1");
        for parameter in item["get"]["parameters"].as_array().into_iter().flatten() {
            let (name, tried) = (parameter["name"].as_str().unwrap(), samples(&parameter["schema"]));
            bounded.extend((!tried.is_empty()).then(|| format!("{route} {name}")));
            // What else these routes need to be told.
            let others = match (route, name) {
                ("/hours", "of") => "&from=2026-11-28T00:00:00Z&until=2026-11-29T00:00:00Z",
                ("/hours", "from") => "&of=trunk&until=2026-11-29T00:00:00Z",
                ("/hours", "until") => "&of=trunk&from=2026-11-28T00:00:00Z",
                ("/alerts/{id}/report", _) => "&reason=complaint%2017",
                _ => "",
            };
            for (value, fine) in tried {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let asked = format!("{}?{name}={value}{others}", route.replace("{id}", "0123456789abcdef"));
                let answer = desk.get(UserRole::Admin, &asked, &[]).await;
                assert_eq!(answer.status != StatusCode::BAD_REQUEST, fine, "{asked}: {}", answer.text);
            }
        }
    }
    let expected = "/alerts status, /alerts severity, /alerts from, /alerts until, /alerts order, /alerts limit, \
        /alerts/{id}/calls limit, /alerts/{id}/report format, /audit limit, /calls from, /calls until, /calls limit, \
        /cases state, /cases limit, /hours of, /hours from, /hours until";
    assert_eq!(bounded.join(", "), expected);
    let reason = &document["components"]["schemas"]["EvidenceWanted"]["properties"]["reason"];
    assert_eq!((&reason["minLength"], &reason["maxLength"]), (&5.into(), &300.into()));
}

#[tokio::test]
async fn the_document_describes_every_answer() {
    let document = serde_json::to_value(Api::document()).unwrap();
    assert_eq!(document["openapi"].as_str().unwrap().split('.').next(), Some("3"));
    let schemas = &document["components"]["schemas"];
    let mut refs = Vec::new();
    fn walk<'v>(value: &'v Value, refs: &mut Vec<&'v str>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| match value.as_str() {
                Some(name) if key == "$ref" => refs.push(name),
                _ => walk(value, refs),
            }),
            Value::Array(list) => list.iter().for_each(|value| walk(value, refs)),
            _ => {}
        }
    }
    walk(&document, &mut refs);
    assert!(refs.len() > 20);
    let items = document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut names: Vec<_> = items.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "{names:?}");
    for name in refs {
        let name = name.strip_prefix("#/components/schemas/").unwrap();
        assert!(schemas.get(name).is_some(), "{name} is not described");
    }
    let served = Desk::new(None, false);
    let mut request = question(Method::GET, "/openapi.json");
    request.headers_mut().insert(header::HOST, "localhost".parse().unwrap());
    assert_eq!(served.ask(Way::Loopback, request).await.json(), document);
}

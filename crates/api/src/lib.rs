//! What the outside may ask over HTTP: alerts, calls, cases, how the probe fares. Routes stand under `/api/v1`; the document that describes them
//! (OpenAPI 3.1) is made from this code and served beside them.
//!
//! ```text
//!  packet thread ── Teller ──► figures, words on alerts ──► pages that read along (server-sent events)
//!                  (bounded, never waits)
//!  question ──► Door: its rate, who asks, whether a page of ours sent it ──► role ──► route ──► Archive, on a thread of its own
//! ```
//!
//! - **Nobody asks unknown.** A token of the configuration, or the session that was begun with one; where nobody is named, whoever sits at this
//!   machine, as a viewer. In clear and from elsewhere nothing is told ([`Way`]). Each route stands in the list of its role, and there alone.
//! - **Numbers are masked** as sinks mask them (`veil`). An officer who says why sees them whole, and the audit log knows before the answer
//!   leaves.
//! - **The packet path waits for nobody.** What is told is handed over without waiting ([`Teller`]); what is asked is read from the store's files
//!   beside the thread that writes.
//! - **Everything is bounded**: questions an address may ask, questions under way and those that wait, readers of news, sessions, pages of
//!   answers, bytes that are sent.

#![allow(unused_qualifications, reason = "what utoipa writes for a route names types by their paths")]

mod alerts;
mod asked;
mod audit;
mod bounds;
mod calls;
mod cases;
mod catalog;
mod complaints;
mod door;
mod events;
mod evidence;
mod lists;
mod live;
mod logins;
mod messages;
mod problem;
mod profile;
mod proxies;
mod rates;
mod reads;
mod reports;
mod session;
mod show;
mod status;
mod visitor;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Instant;

use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Json, Router};
use config::{Known, TokenHash, UserRole};
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use types::Nanos;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, PathItem, path::Operation};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::door::{Door, guard, needs};
use crate::logins::Failures;
use crate::proxies::Proxies;
use crate::rates::{Rate, Rates};
use crate::reads::Reads;
use crate::visitor::{By, NoRandomness, Sessions, Users, Visitor};

pub use complaints::{
    CallTraced, Complained, ComplaintWritten, Complaints, LineRefused, MINUTES_MAX, OperationTraced, Traced,
    TracedBack, Tracer,
};
pub use door::{Kind, Way, harden};
pub use evidence::{Bundled, Bundler, Evidence};
pub use lists::Editor;
pub use live::{Figures, Live, Teller, live};
pub use messages::{Finder, Kept, MESSAGES_MAX, Message, Sought, Start};
pub use problem::Problem;
pub use reports::{Order, Paper, Printer};
pub use status::View;
pub use visitor::token;

/// Where routes stand.
pub const ROOT: &str = "/api/v1";
/// Questions of one address: a page asks a dozen when it opens.
const QUESTIONS: Rate = Rate { burst: 200.0, per_second: 20.0 };
/// Attempts of one address to log in.
const LOGINS: Rate = Rate { burst: 10.0, per_second: 0.1 };
/// Questions that read much, such as a ring, and are answered at once: half of those that read the store.
const SEARCHES_MAX: usize = 2;
/// Bytes that may be sent with a question.
const BODY_BYTES_MAX: usize = 65_536;

/// What does not change while the program runs.
#[derive(Clone)]
pub struct About {
    /// The program and its version.
    pub program: String,
    /// Version of the rules that judge.
    pub rules: String,
    /// Since when it runs.
    pub since: Nanos,
    /// What is shown.
    pub view: View,
    /// What `greyline detectors --json` declares.
    pub detectors: Value,
    /// Who makes pages about alerts.
    pub printer: Arc<Printer>,
    /// Who looks up the messages of a call.
    pub finder: Arc<Finder>,
    /// Who makes bundles of evidence.
    pub bundler: Arc<Bundler>,
    /// Who traces complaints back.
    pub tracer: Arc<Tracer>,
}

/// What answers. Copies are the same one.
#[derive(Clone)]
pub struct Api(Arc<House>);

struct House {
    about: About,
    known: RwLock<(Arc<Known>, Arc<Users>)>,
    reads: Reads,
    live: Live,
    teller: Teller,
    sessions: Mutex<Sessions>,
    questions: Mutex<Rates>,
    logins: Mutex<Rates>,
    failures: Failures,
    proxies: Proxies,
    readers: Arc<Semaphore>,
    bundles: Arc<Semaphore>,
    searches: Arc<Semaphore>,
    editor: OnceLock<Arc<Editor>>,
    editing: Arc<tokio::sync::Mutex<()>>,
}

impl Api {
    /// What answers by the store in a folder, if there is one, and by what is told.
    #[must_use]
    pub fn new(about: About, known: &Arc<Known>, store: Option<PathBuf>, (teller, live): (Teller, Live)) -> Self {
        let users = Arc::new(Users::new(&known.config().user));
        Self(Arc::new(House {
            about,
            known: RwLock::new((Arc::clone(known), users)),
            reads: Reads::new(store),
            live,
            teller,
            sessions: Mutex::default(),
            questions: Mutex::new(Rates::new(QUESTIONS)),
            logins: Mutex::new(Rates::new(LOGINS)),
            failures: Failures::default(),
            proxies: Proxies::new(&known.config().listen.trusted_proxies),
            readers: Arc::new(Semaphore::new(events::READERS_MAX)),
            bundles: Arc::new(Semaphore::new(evidence::AT_ONCE)),
            searches: Arc::new(Semaphore::new(SEARCHES_MAX)),
            editor: OnceLock::new(),
            editing: Arc::default(),
        }))
    }

    /// Other knowledge is in force. Sessions of whoever is no longer named end.
    pub fn renew(&self, known: &Arc<Known>) {
        let users = Arc::new(Users::new(&known.config().user));
        *self.0.known.write().unwrap_or_else(PoisonError::into_inner) = (Arc::clone(known), users);
    }

    /// From now on licences and what is allowed can be edited, where the configuration names a file for it.
    pub fn edits(&self, editor: Arc<Editor>) {
        // Whoever was named first stays.
        let _ = self.0.editor.set(editor);
    }

    /// Who asks, where a question with these headers comes from `peer`: behind a proxy that is believed, whoever asked that.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        self.0.proxies.client(peer, headers)
    }

    /// All routes as they are asked over one way.
    pub fn router(&self, way: Way) -> Router {
        let (router, document) = routes().split_for_parts();
        let document = Arc::new(described(document));
        let openapi = get(async move || Json(document.as_ref().clone()));
        let api = Router::new().nest(ROOT, router.with_state(self.clone()).route("/openapi.json", openapi));
        let absent = async || Problem::Absent("route");
        let api = api.route(&format!("{ROOT}/{{*rest}}"), axum::routing::any(absent));
        api.layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .layer(from_fn_with_state(Door { api: self.clone(), way }, guard))
    }

    /// The document that describes the routes.
    #[must_use]
    pub fn document() -> OpenApi {
        described(routes().into_openapi())
    }

    fn about(&self) -> &About {
        &self.0.about
    }

    fn printer(&self) -> Arc<Printer> {
        Arc::clone(&self.0.about.printer)
    }

    fn finder(&self) -> Arc<Finder> {
        Arc::clone(&self.0.about.finder)
    }

    fn bundler(&self) -> Arc<Bundler> {
        Arc::clone(&self.0.about.bundler)
    }

    fn tracer(&self) -> Arc<Tracer> {
        Arc::clone(&self.0.about.tracer)
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.0.known.read().unwrap_or_else(PoisonError::into_inner).0)
    }

    fn users(&self) -> Arc<Users> {
        Arc::clone(&self.0.known.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    fn reads(&self) -> &Reads {
        &self.0.reads
    }

    fn live(&self) -> &Live {
        &self.0.live
    }

    fn failures(&self) -> &Failures {
        &self.0.failures
    }

    fn editor(&self) -> Option<Arc<Editor>> {
        self.0.editor.get().cloned()
    }

    fn editing(&self) -> &Arc<tokio::sync::Mutex<()>> {
        &self.0.editing
    }

    fn readers(&self) -> &Arc<Semaphore> {
        &self.0.readers
    }

    /// A turn at what takes long: others wait for theirs, and short questions are answered meanwhile.
    async fn turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.0.searches).acquire_owned().await.map_err(|_| Problem::Busy)
    }

    fn bundles(&self) -> &Arc<Semaphore> {
        &self.0.bundles
    }

    fn news_lost(&self) -> u64 {
        self.0.teller.lost()
    }

    /// Whether nobody is named.
    fn is_open(&self) -> bool {
        self.users().is_empty()
    }

    fn take_question(&self, peer: IpAddr, now: Instant) -> Result<(), Problem> {
        take(&self.0.questions, peer, now)
    }

    fn take_login(&self, peer: IpAddr, now: Instant) -> Result<(), Problem> {
        take(&self.0.logins, peer, now)
    }

    /// Who is known by a token, or by a session that was begun with it.
    fn user(&self, by: By) -> Option<Visitor> {
        let (By::Token(token) | By::Session(_, token, _)) = &by else { return None };
        let (name, role) = self.users().find(*token)?;
        Some(Visitor { name, role, by })
    }

    /// Who is known by a cookie.
    fn session(&self, cookie: &str, now: Instant) -> Option<Visitor> {
        let by = self.sessions().find(cookie, now)?;
        self.user(by)
    }

    /// Whether somebody who was let in would be let in now.
    fn still_knows(&self, visitor: &Visitor, now: Instant) -> bool {
        match &visitor.by {
            By::Place => self.is_open(),
            By::Token(token) => self.users().find(*token).is_some(),
            By::Session(name, token, _) => self.users().find(*token).is_some() && self.sessions().goes_on(*name, now),
        }
    }

    /// Begins a session: whose it is, and what its cookie says.
    fn log_in(&self, token: TokenHash, now: Instant) -> Result<(Visitor, String), Problem> {
        self.users().find(token).ok_or(Problem::Stranger)?;
        let begun = self.sessions().begin(token, now);
        let (cookie, _) =
            begun.map_err(|NoRandomness| Problem::Store("the system gives no random numbers".to_owned()))?;
        let visitor = self.session(&cookie, now).ok_or(Problem::Stranger)?;
        Ok((visitor, cookie))
    }

    fn log_out(&self, session: TokenHash) {
        self.sessions().end(session);
    }

    fn sessions(&self) -> std::sync::MutexGuard<'_, Sessions> {
        self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take(rates: &Mutex<Rates>, peer: IpAddr, now: Instant) -> Result<(), Problem> {
    let taken = rates.lock().unwrap_or_else(PoisonError::into_inner).take(peer, now);
    taken.map_err(|wait| Problem::TooMuch(wait.as_secs() + 1))
}

/// Every route, in the list of the least role that may ask it.
fn routes() -> OpenApiRouter<Api> {
    let anybody = OpenApiRouter::new().routes(routes!(session::begin, session::who, session::end));
    let viewers = OpenApiRouter::new()
        .routes(routes!(status::status))
        .routes(routes!(events::events))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::one))
        .routes(routes!(alerts::calls))
        .routes(routes!(profile::profile))
        .routes(routes!(calls::list))
        .routes(routes!(calls::one))
        .routes(routes!(messages::list))
        .routes(routes!(cases::list))
        .routes(routes!(cases::one))
        .routes(routes!(catalog::detectors))
        .routes(routes!(catalog::trunks))
        .routes(routes!(catalog::hours))
        .routes(routes!(lists::lists));
    let complaints = OpenApiRouter::new().routes(routes!(complaints::trace));
    let complaints = complaints.layer(DefaultBodyLimit::max(complaints::BODY_BYTES_MAX));
    let analysts = OpenApiRouter::new().routes(routes!(cases::open)).routes(routes!(cases::step)).merge(complaints);
    let lists = OpenApiRouter::new().routes(routes!(lists::edit));
    let lists = lists.layer(DefaultBodyLimit::max(lists::BODY_BYTES_MAX));
    let officers = OpenApiRouter::new().routes(routes!(reports::report)).routes(routes!(evidence::make)).merge(lists);
    let admins = OpenApiRouter::new().routes(routes!(audit::list));
    let named = of(UserRole::Viewer, viewers).merge(of(UserRole::Analyst, analysts));
    let named = named.merge(of(UserRole::Officer, officers)).merge(of(UserRole::Admin, admins));
    anybody.merge(named)
}

/// Routes that take a role: they say so in the document, and are kept so by what stands before them.
fn of(role: UserRole, mut routes: OpenApiRouter<Api>) -> OpenApiRouter<Api> {
    let paths = &mut routes.get_openapi_mut().paths.paths;
    for operation in paths.values_mut().flat_map(operations) {
        let said = ExtensionsBuilder::new().add("x-role", role.as_str()).build();
        operation.extensions.get_or_insert_default().merge(said);
        let none: [&str; 0] = [];
        operation.security =
            Some(vec![SecurityRequirement::new("token", none), SecurityRequirement::new("session", none)]);
    }
    routes.route_layer(from_fn_with_state(role, needs))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, post, delete, .. } = item;
    [get, post, delete].into_iter().flatten()
}

/// The document with what no single route says.
fn described(document: OpenApi) -> OpenApi {
    let info = InfoBuilder::new()
        .title("greyline")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Alerts, calls and cases of a probe. `x-role` of a route is the least role that may ask it."))
        .build();
    let about = OpenApiBuilder::new().info(info).build();
    let mut document = about.nest(ROOT, document);
    problem::describe(&mut document);
    for (path, item) in &mut document.paths.paths {
        let place = path.trim_start_matches(ROOT).replace(['/', '{', '}'], "_");
        let words = |method: &str| format!("{method}{}", place.trim_end_matches('_').replace("__", "_"));
        let PathItem { get, post, delete, .. } = item;
        for (method, operation) in [("get", get), ("post", post), ("delete", delete)] {
            operation.iter_mut().for_each(|operation| operation.operation_id = Some(words(method)));
        }
    }
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    let cookie = ApiKey::Cookie(ApiKeyValue::new("greyline"));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    document
}

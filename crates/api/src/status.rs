//! How the probe fares, and what it is made of.

use axum::Json;
use axum::extract::State;
use config::UserRole;
use serde::Serialize;
use store::Archive;
use utoipa::ToSchema;

use crate::Api;
use crate::live::{FiguresJson, Sample};
use crate::problem::{Problem, Refusals};
use crate::show::{now, time};
use crate::visitor::Visitor;

/// For how long nothing may be told and the probe still be taken to work.
const SILENT_MAX_SECS: u64 = 10;

/// How the probe fares.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Status {
    /// This moment by the probe's clock.
    #[schema(format = DateTime)]
    time: String,
    /// Version of the program.
    program: String,
    /// Version of the rules that judge.
    rules: String,
    /// Version of the configuration in force.
    config: String,
    /// Since when it runs.
    #[schema(format = DateTime)]
    since: String,
    /// What is shown: `watch` what happens, `replay` what a capture held.
    #[schema(value_type = String)]
    view: View,
    /// Whether what counts and judges has said anything lately; absent where nothing happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    works: Option<bool>,
    /// Whether anything is remembered: alerts and calls can be read only then.
    store: bool,
    /// When the calls of the capture began; absent where it held none, and where what happens is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    /// Where the tap stands.
    tap: Tap,
    /// Who asks.
    role: UserRoleJson,
    /// Figures of this moment; absent where nothing happens, and before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<FiguresJson>,
    /// The last hour, a moment every five seconds, the first one first.
    samples: Vec<Sample>,
    /// Open alerts by kind and severity.
    open: Vec<Open>,
    /// News that pages were not told of, since too much came at once.
    news_lost: u64,
}

/// What is shown.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// What happens.
    Watch,
    /// What a capture held.
    Replay,
}

/// From one moment to another.
#[derive(Debug, Serialize, ToSchema)]
struct Period {
    /// The first call.
    #[schema(format = DateTime)]
    first: String,
    /// The last.
    #[schema(format = DateTime)]
    last: String,
}

/// A role, by its word.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = String)]
struct UserRoleJson(&'static str);

impl From<UserRole> for UserRoleJson {
    fn from(role: UserRole) -> Self {
        Self(role.as_str())
    }
}

/// Where the tap stands.
#[derive(Debug, Serialize, ToSchema)]
struct Tap {
    /// Its country, where the configuration says.
    #[serde(skip_serializing_if = "Option::is_none")]
    home: Option<String>,
    /// Its time zone.
    time_zone: String,
    /// What may be looked at.
    privacy_level: u8,
}

/// Open alerts of a kind and a severity.
#[derive(Debug, Serialize, ToSchema)]
struct Open {
    /// What they are.
    kind: String,
    /// How much they matter.
    severity: &'static str,
    /// How many.
    count: u64,
}

/// How the probe fares, what it is made of, what went past in the last hour, and how many alerts are open.
#[utoipa::path(get, path = "/status", tag = "probe", responses((status = 200, body = Status), Refusals))]
pub(crate) async fn status(State(api): State<Api>, visitor: Visitor) -> Result<Json<Status>, Problem> {
    let (known, live, about) = (api.known(), api.live(), api.about());
    let replayed = about.view == View::Replay;
    let read = move |archive: &mut Archive| {
        let period = if replayed { archive.period()? } else { None };
        Ok((archive.open_alerts()?, period))
    };
    let (open, period) = if api.reads().is_there() { api.reads().read(read).await? } else { (Vec::new(), None) };
    let config = known.config();
    let told = live.told_at();
    let now = now();
    Ok(Json(Status {
        time: time(now),
        program: about.program.clone(),
        rules: about.rules.clone(),
        config: known.version().to_owned(),
        since: time(about.since),
        view: about.view,
        works: told.map(|at| now.since(at).as_secs() < SILENT_MAX_SECS),
        store: api.reads().is_there(),
        period: period.map(|(first, last)| Period { first: time(first), last: time(last) }),
        tap: Tap {
            home: config.tap.home.map(|home| home.to_string()),
            time_zone: config.tap.time_zone.to_string(),
            privacy_level: config.tap.privacy_level,
        },
        role: visitor.role.into(),
        figures: live.figures(),
        samples: live.samples(),
        open: open
            .into_iter()
            .map(|(kind, severity, count)| Open { kind, severity: crate::alerts::severity(severity), count })
            .collect(),
        news_lost: api.news_lost(),
    }))
}

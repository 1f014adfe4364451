//! Alerts: those there are, one with its life, its calls.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use config::AlertSeverity;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Alert, AlertOrder, AlertQuery, Archive, Found, Query, StoreError};
use types::{E164, Nanos};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::asked::{Asked, limited};
use crate::bounds;
use crate::calls::{CallJson, place_of};
use crate::problem::{Problem, Refusals};
use crate::show::{Sight, moment, time};
use crate::visitor::Visitor;

/// Alerts of a page, where nobody says how many, and at most.
const USUAL: usize = 100;
const MOST: usize = 500;
/// Countries that are named of an alert among others.
const COUNTRIES_MAX: usize = 12;

/// The word of a severity.
pub(crate) fn severity(severity: u8) -> &'static str {
    AlertSeverity::ALL.get(usize::from(severity)).map_or("low", |severity| severity.name())
}

/// Where an alert stands.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Standing {
    /// Something may yet be said of it.
    Open,
    /// All is said.
    Closed,
}

/// In which order alerts come.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Order {
    /// The latest told first.
    #[default]
    Latest,
    /// The gravest first.
    Gravest,
}

/// Which alerts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// `open` or `closed`; both without it.
    #[param(inline)]
    status: Option<Standing>,
    /// A kind, such as `scam_call_centre`.
    kind: Option<String>,
    /// At least this severe: `low`, `medium`, `high`, `critical`.
    #[param(schema_with = bounds::severity)]
    severity: Option<String>,
    /// Those of which anything was said not before this moment (RFC 3339).
    #[param(schema_with = bounds::moment)]
    from: Option<String>,
    /// Those opened not after this moment.
    #[param(schema_with = bounds::moment)]
    until: Option<String>,
    /// `latest` told first, or the `gravest`; the latest without it.
    #[param(inline)]
    order: Option<Order>,
    /// `next` of the page before.
    #[param(schema_with = bounds::alert_place)]
    after: Option<String>,
    /// How many, at most 500.
    #[param(schema_with = bounds::limit::<MOST>)]
    limit: Option<u32>,
}

impl Which {
    fn query(self) -> Result<AlertQuery, Problem> {
        let all = AlertQuery::default();
        let severity_min = match self.severity.as_deref() {
            None => 0,
            Some(word) => AlertSeverity::ALL
                .into_iter()
                .find(|severity| severity.name() == word)
                .ok_or_else(|| Problem::unclear("severity: one of low, medium, high, critical"))?
                as u8,
        };
        let order = match self.order.unwrap_or_default() {
            Order::Latest => AlertOrder::Latest,
            Order::Gravest => AlertOrder::Gravest,
        };
        let behind = self.after.map(|after| after.parse()).transpose();
        Ok(AlertQuery {
            open: self.status.map(|standing| standing == Standing::Open),
            severity_min,
            kind: self.kind,
            from: self.from.map_or(Ok(all.from), |from| moment("from", &from))?,
            until: self.until.map_or(Ok(all.until), |until| moment("until", &until))?,
            order,
            behind: behind.map_err(|_| Problem::Unclear("after: what `next` of a page says".to_owned()))?,
            most: limited(self.limit, USUAL, MOST)? + 1,
        })
    }
}

/// A page of alerts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertPage {
    /// The alerts.
    alerts: Vec<AlertBrief>,
    /// Where the next page begins; absent where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An alert among others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertBrief {
    /// Its id.
    alert_id: String,
    /// Where it stands in its life: `open`, `update`, `close`.
    status: String,
    /// What it is.
    kind: String,
    /// How much it matters.
    severity: String,
    /// Its evidence in decibels.
    score_db: f64,
    /// The entity that leads: `kind` and `value`.
    #[schema(value_type = Object)]
    entity: Value,
    /// A few words.
    title: String,
    /// A sentence.
    summary: String,
    /// When it was opened; absent where that is not known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    opened: Option<String>,
    /// When the last word on it was said.
    #[schema(format = DateTime)]
    time: String,
    /// Its first call.
    #[schema(format = DateTime)]
    first_call: String,
    /// Its last call so far.
    #[schema(format = DateTime)]
    last_call: String,
    /// Its calls so far.
    calls: u64,
    /// Of these, answered.
    answered: u64,
    /// Whom it has called.
    callees: u64,
    /// Calls by country, the most first: `country`, `calls`.
    #[schema(value_type = Vec<Object>)]
    countries: Vec<Value>,
    /// How many agents: `estimate`, `low`, `high`; absent where calls do not look like agents'.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    seats: Option<Value>,
    /// The case it belongs to; absent where it belongs to none, and in news.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<u64>,
}

/// What is read of a record for that: a page of whole records would be megabytes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    alert_id: String,
    status: String,
    time: String,
    kind: String,
    severity: String,
    score_db: f64,
    entity: Value,
    title: String,
    summary: String,
    first_call: String,
    last_call: String,
    calls: Counts,
    callees: Callees,
    seats: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Counts {
    count: u64,
    answered: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Callees {
    count: u64,
    countries: Vec<Value>,
}

impl AlertBrief {
    /// Of an alert that is kept, as everybody may see it.
    fn of(alert: &Alert) -> Self {
        let told = serde_json::from_str(&alert.record).unwrap_or_default();
        Self { opened: Some(time(alert.opened)), case: alert.case, ..Self::told(told) }
    }

    /// Of a word on one.
    pub(crate) fn of_word(record: &Value) -> Self {
        Self::told(Told::deserialize(record).unwrap_or_default())
    }

    fn told(told: Told) -> Self {
        // What may hold a number; the rest are words of closed lists, times and counts.
        let seen = json!({ "entity": told.entity, "title": told.title, "summary": told.summary });
        let seen = Sight::MASKED.value(seen);
        let text = |key: &str| seen.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            alert_id: told.alert_id,
            opened: (told.status == "open").then(|| told.time.clone()),
            status: told.status,
            kind: told.kind,
            severity: told.severity,
            score_db: told.score_db,
            entity: seen.get("entity").cloned().unwrap_or_default(),
            title: text("title"),
            summary: text("summary"),
            time: told.time,
            first_call: told.first_call,
            last_call: told.last_call,
            calls: told.calls.count,
            answered: told.calls.answered,
            callees: told.callees.count,
            countries: told.callees.countries.into_iter().take(COUNTRIES_MAX).collect(),
            seats: told.seats,
            case: None,
        }
    }
}

/// Alerts, numbers masked, a page at a time.
#[utoipa::path(get, path = "/alerts", tag = "alerts", params(Which), responses((status = 200, body = AlertPage), Refusals))]
pub(crate) async fn list(State(api): State<Api>, Asked(which): Asked<Which>) -> Result<Json<AlertPage>, Problem> {
    let query = which.query()?;
    let page = api.reads().read(move |archive| {
        let mut found = archive.alerts(&query)?;
        let more = found.len() >= query.most;
        found.truncate(query.most.saturating_sub(1));
        let next = found.last().filter(|_| more).map(|last| last.place().to_string());
        Ok(AlertPage { alerts: found.iter().map(AlertBrief::of).collect(), next })
    });
    page.await.map(Json)
}

/// An alert with its life.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertWhole {
    /// The alert by its last word, as `--alerts` writes it; `greyline schema alert` prints its schema.
    #[schema(value_type = Object)]
    alert: Value,
    /// When it was opened.
    #[schema(format = DateTime)]
    opened: String,
    /// The case it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<u64>,
    /// Every word that is kept of it, the first one first.
    life: Vec<Word>,
    /// Whether numbers are whole.
    numbers_whole: bool,
}

/// A word on an alert.
#[derive(Debug, Serialize, ToSchema)]
struct Word {
    /// When it was said.
    #[schema(format = DateTime)]
    time: String,
    /// What became of the alert: `open`, `update`, `close`.
    status: String,
    /// Its evidence then.
    score_db: f64,
    /// How much it mattered then.
    severity: String,
    /// Its calls by then.
    calls: u64,
}

/// What is read of an earlier word.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Earlier {
    score_db: f64,
    severity: String,
    calls: Counts,
}

/// An alert with its life. With the header `greyline-reason` an officer sees numbers whole, and the audit log says so.
#[utoipa::path(get, path = "/alerts/{id}", tag = "alerts",
    params(("id" = String, Path, description = "Its `alert_id`.")),
    responses((status = 200, body = AlertWhole), Refusals))]
pub(crate) async fn one(
    State(api): State<Api>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<AlertWhole>, Problem> {
    let (asked, sight) = known(&api, &visitor, &headers, id).await?;
    let life = api.reads().read(move |archive| Ok((archive.life(&asked.id)?, asked))).await?;
    let (life, alert) = life;
    let word = |said: store::Said| {
        let Earlier { score_db, severity, calls } = serde_json::from_str(&said.record).unwrap_or_default();
        Word { time: time(said.at), status: said.status, score_db, severity, calls: calls.count }
    };
    Ok(Json(AlertWhole {
        alert: sight.record(&alert.record),
        opened: time(alert.opened),
        case: alert.case,
        life: life.into_iter().map(word).collect(),
        numbers_whole: sight.is_whole(),
    }))
}

/// The alert of an id, and how much of it is seen: nobody sees, or is written down to have seen, what is not there.
async fn known(api: &Api, visitor: &Visitor, headers: &HeaderMap, id: String) -> Result<(Alert, Sight), Problem> {
    let alert = api.reads().read(move |archive| archive.alert(&id)).await?.ok_or(Problem::Absent("alert"))?;
    let sight = Sight::of(api.reads(), visitor, headers, alert.id.clone()).await?;
    Ok((alert, sight))
}

/// Which of its calls.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichCalls {
    /// `next` of the page before.
    #[param(schema_with = bounds::call_place)]
    after: Option<String>,
    /// How many, at most 500.
    #[param(schema_with = bounds::limit::<MOST>)]
    limit: Option<u32>,
}

/// Calls of an alert.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertCalls {
    /// By what they are found: `counted`, those that the alert counts; where the store was not told which these are, `entity`, all calls in its
    /// time of the entity that leads, or of one that belongs to it; `sample`, those that the alert names.
    basis: &'static str,
    /// The calls, the latest first.
    calls: Vec<CallJson>,
    /// Where the next page begins; absent where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// What could not be read, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unread: Vec<String>,
}

/// Calls of an alert: those that it counts; where the store was not told which these are, those of the entity that leads, or of one that belongs to it;
/// or those that it names.
#[utoipa::path(get, path = "/alerts/{id}/calls", tag = "alerts",
    params(("id" = String, Path, description = "Its `alert_id`."), WhichCalls),
    responses((status = 200, body = AlertCalls), Refusals))]
pub(crate) async fn calls(
    State(api): State<Api>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    Asked(which): Asked<WhichCalls>,
) -> Result<Json<AlertCalls>, Problem> {
    let (behind, most) = (place_of(which.after.as_deref())?, limited(which.limit, USUAL, MOST)?);
    let (alert, sight) = known(&api, &visitor, &headers, id).await?;
    let found = api.reads().read(move |archive| match all_of(archive, &alert)? {
        Some((basis, query)) => {
            let page = archive.calls(&Query { behind, most, ..query })?;
            Ok((basis, page.calls, page.next, page.unread))
        }
        None => {
            let (mut calls, unread) = named(archive, &alert)?;
            calls.retain(|found| behind.is_none_or(|behind| found.place < behind));
            let next = calls.get(most.saturating_sub(1)).filter(|_| calls.len() > most).map(|last| last.place);
            calls.truncate(most);
            Ok(("sample", calls, next, unread))
        }
    });
    let (basis, calls, next, unread) = found.await?;
    let calls = calls.iter().map(|found| CallJson::of(found, &sight)).collect();
    Ok(Json(AlertCalls { basis, calls, next: next.map(|next| next.to_string()), unread }))
}

/// By what all calls of an alert are found: that it counts them where the store was told; the entity that leads where the store knows calls by it, or
/// else the first of those that belong to it; nothing where it knows them by none.
pub(crate) fn all_of(archive: &mut Archive, alert: &Alert) -> Result<Option<(&'static str, Query)>, StoreError> {
    if let Some(query) = archive.counted(alert)? {
        return Ok(Some(("counted", query)));
    }
    Ok(of_entities(alert).map(|query| ("entity", query)))
}

fn of_entities(alert: &Alert) -> Option<Query> {
    let record: Value = serde_json::from_str(&alert.record).unwrap_or_default();
    let members = record.get("members").and_then(Value::as_array);
    let named = |member: &Value| {
        let word = |key: &str| member.get(key).and_then(Value::as_str).map(str::to_owned);
        Some((word("kind")?, word("value")?))
    };
    let members: Vec<_> = members.into_iter().flatten().filter_map(named).collect();
    let mut all = std::iter::once(&alert.entity).chain(&members);
    all.find_map(|(kind, value)| of_entity(kind, value, alert.calls_at))
}

fn of_entity(kind: &str, value: &str, (from, until): (Nanos, Nanos)) -> Option<Query> {
    let time = Query { from, until, ..Query::default() };
    match kind {
        "stack" => u64::from_str_radix(value, 16).ok().map(|stack| Query { stack: Some(stack), ..time }),
        "source" => value.parse().ok().map(|address| Query { address: Some(address), ..time }),
        "number" => {
            let caller = E164::from_digits(value.strip_prefix('+')?.as_bytes())?;
            Some(Query { caller: Some(caller), ..time })
        }
        _ => None,
    }
}

/// The calls that an alert names, and what could not be read.
pub(crate) fn named(archive: &mut Archive, alert: &Alert) -> Result<(Vec<Found>, Vec<String>), StoreError> {
    let record: Value = serde_json::from_str(&alert.record).unwrap_or_default();
    let sample = record.pointer("/calls/sample").and_then(Value::as_array);
    let (from, until) = alert.calls_at;
    let (mut calls, mut unread) = (Vec::new(), Vec::new());
    for call_id in sample.into_iter().flatten().filter_map(Value::as_str) {
        let query = Query { call_id: Some(call_id.as_bytes().to_vec()), from, until, most: 1, ..Query::default() };
        let page = archive.calls(&query)?;
        calls.extend(page.calls);
        unread.extend(page.unread);
    }
    calls.sort_by_key(|found| std::cmp::Reverse(found.place));
    calls.dedup_by_key(|found| found.place);
    unread.sort_unstable();
    unread.dedup();
    Ok((calls, unread))
}

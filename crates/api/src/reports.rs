//! A page about an alert that a judge can read and print. It shows numbers whole, so it takes a role and a reason; who makes it is another
//! room's business.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use store::Archive;
use utoipa::IntoParams;

use crate::Api;
use crate::asked::Asked;
use crate::door::{Arrival, Kind, harden};
use crate::problem::{Problem, Refusals};
use crate::show::Sight;
use crate::visitor::Visitor;

/// Makes a page about an alert; the audit log knows when it is made.
pub type Printer = dyn Fn(&mut Archive, &Order<'_>) -> Result<String, Problem> + Send + Sync;

/// What page is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Order<'o> {
    /// The alert it is about.
    pub alert: &'o str,
    /// Its language, by its tag.
    pub language: &'o str,
    /// The time zone of its second table of hours.
    pub zone: Option<&'o str>,
    /// Who wants it.
    pub by: &'o str,
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// What it is for: it stands in the audit log.
    reason: String,
    /// `en` or `ur`; English without it.
    language: Option<String>,
    /// The time zone of its second table of hours: where the callers are taken to be.
    zone: Option<String>,
}

/// A page about an alert that a judge can read and print: HTML that needs nothing else and runs nothing. The audit log says who made it, and what for.
#[utoipa::path(get, path = "/alerts/{id}/report", tag = "alerts",
    params(("id" = String, Path, description = "Its `alert_id`."), Which),
    responses((status = 200, description = "The page.", content_type = "text/html", body = String), Refusals))]
pub(crate) async fn report(
    State(api): State<Api>,
    visitor: Visitor,
    arrival: Arrival,
    Path(id): Path<String>,
    Asked(which): Asked<Which>,
) -> Result<Response, Problem> {
    let known = id.clone();
    api.reads().read(move |archive| archive.alert(&known)).await?.ok_or(Problem::Absent("alert"))?;
    Sight::look(api.reads(), &visitor, which.reason.as_bytes(), id.clone()).await?;
    let print = api.printer();
    let page = api.reads().ask(move |archive| {
        let language = which.language.as_deref().unwrap_or("en");
        print(archive, &Order { alert: &id, language, zone: which.zone.as_deref(), by: &visitor.name })
    });
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.await?).into_response();
    harden(response.headers_mut(), Kind::Paper, arrival.way);
    Ok(response)
}

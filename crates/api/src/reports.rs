//! A report on an alert that a judge can read and print. It shows numbers whole, so it takes a role and a reason; who makes it is another
//! room's business.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use store::Archive;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::asked::Asked;
use crate::bounds;
use crate::door::{Arrival, Kind, harden};
use crate::problem::{Problem, Refusals};
use crate::show::Sight;
use crate::visitor::Visitor;

/// Makes a report on an alert; the audit log knows when it is made.
pub type Printer = dyn Fn(&mut Archive, &Order<'_>) -> Result<Vec<u8>, Problem> + Send + Sync;

/// As what a report comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Paper {
    /// A page of HTML that needs nothing else and runs nothing.
    #[default]
    Html,
    /// A PDF.
    Pdf,
}

/// What report is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Order<'o> {
    /// The alert it is about.
    pub alert: &'o str,
    /// Its language, by its tag.
    pub language: &'o str,
    /// The time zone of its second table of hours.
    pub zone: Option<&'o str>,
    /// As what it comes.
    pub paper: Paper,
    /// Who wants it.
    pub by: &'o str,
}

/// Which report.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// What it is for: it stands in the audit log.
    #[param(schema_with = bounds::reason)]
    reason: String,
    /// `en` or `ur`; English without it.
    language: Option<String>,
    /// The time zone of its second table of hours: where the callers are taken to be. Without it there is no such table.
    zone: Option<String>,
    /// As what it comes: `html` or `pdf`; a page of HTML without it.
    #[param(inline)]
    format: Option<Paper>,
}

/// A report on an alert that a judge can read and print: HTML that needs nothing else and runs nothing, or a PDF (PDF/A-2a, PDF/UA-1). The audit log says
/// who made it, and what for.
#[utoipa::path(get, path = "/alerts/{id}/report", tag = "alerts",
    params(("id" = String, Path, description = "Its `alert_id`."), Which),
    responses((status = 200, description = "The report.", content((String = "text/html"), (Vec<u8> = "application/pdf"))), Refusals))]
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
    let (print, paper) = (api.printer(), which.format.unwrap_or_default());
    let name = format!("attachment; filename=\"report-{id}.pdf\"");
    let report = api.reads().ask(move |archive| {
        let language = which.language.as_deref().unwrap_or("en");
        print(archive, &Order { alert: &id, language, zone: which.zone.as_deref(), paper, by: &visitor.name })
    });
    let report = report.await?;
    let (mut response, kind) = match paper {
        Paper::Html => (([(header::CONTENT_TYPE, "text/html; charset=utf-8")], report).into_response(), Kind::Paper),
        Paper::Pdf => {
            let headers = [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)];
            ((headers, report).into_response(), Kind::Data)
        }
    };
    harden(response.headers_mut(), kind, arrival.way);
    Ok(response)
}

//! What an alert rests on, signed, as one file to take away. It is made on an officer's word, for a reason, and one at a time; who makes it is
//! another room's business.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use config::Known;
use serde::Deserialize;
use serde_json::json;
use store::Archive;
use utoipa::ToSchema;

use crate::Api;
use crate::asked::Sent;
use crate::bounds;
use crate::problem::{Problem, Refusals};
use crate::show::{Sight, note};
use crate::visitor::Visitor;

/// Bundles that are made at once.
pub(crate) const AT_ONCE: usize = 1;
/// The header that says what is in a bundle.
const ABOUT: &str = "greyline-bundle";

/// Makes a bundle; the audit log knows when it is made.
pub type Bundler = dyn Fn(&mut Archive, &Known, &Evidence<'_>) -> Result<Bundled, Problem> + Send + Sync;

/// What bundle is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'e> {
    /// The alert it is about.
    pub alert: &'e str,
    /// Whether numbers are replaced.
    pub redacted: bool,
    /// Who wants it.
    pub by: &'e str,
}

/// A bundle that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundled {
    /// Its place among the bundles of the store.
    pub number: u64,
    /// Calls in it.
    pub calls: u64,
    /// Calls that the alert counts.
    pub counted: u64,
    /// SIP messages in it.
    pub messages: u64,
    /// The SHA-256 of its manifest.
    pub manifest: String,
    /// All of it: a ZIP archive of one folder.
    pub zip: Vec<u8>,
}

/// Which bundle.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidenceWanted {
    /// What it is for: it stands in the audit log.
    #[schema(schema_with = bounds::reason)]
    reason: String,
    /// Whether telephone numbers are replaced by others of the same length.
    #[serde(default)]
    redacted: bool,
}

/// What an alert rests on, as others can check it: alert, calls and SIP messages, listed and signed, each bundle behind the one before it. The
/// audit log says who made it, and what for.
#[utoipa::path(post, path = "/alerts/{id}/evidence", tag = "alerts",
    params(("id" = String, Path, description = "Its `alert_id`.")), request_body = EvidenceWanted,
    responses((status = 200, description = "The bundle, a ZIP archive of one folder. `greyline verify` checks it.", content_type = "application/zip",
        body = Vec<u8>, headers(("greyline-bundle" = String, description = "What is in it: JSON with `number`, `calls`, `counted`, `messages`, `manifest`."))),
        Refusals))]
pub(crate) async fn make(
    State(api): State<Api>,
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(wanted): Sent<EvidenceWanted>,
) -> Result<Response, Problem> {
    let alert = id.clone();
    api.reads().read(move |archive| archive.alert(&alert)).await?.ok_or(Problem::Absent("alert"))?;
    let only = Arc::clone(api.bundles()).try_acquire_owned().map_err(|_| Problem::Busy)?;
    let (reason, object) = (wanted.reason.as_bytes(), format!("evidence of {id}"));
    if wanted.redacted {
        note(api.reads(), &visitor, "evidence_wanted", reason, object).await?;
    } else {
        Sight::look(api.reads(), &visitor, reason, object).await?;
    }
    let (make, known) = (api.bundler(), api.known());
    let redacted = wanted.redacted;
    let made = api.reads().ask(move |archive| {
        let made = make(archive, &known, &Evidence { alert: &id, redacted, by: &visitor.name });
        // Whoever asked may have gone: no other is made until here all the same.
        drop(only);
        made
    });
    let Bundled { number, calls, counted, messages, manifest, zip } = made.await?;
    let about =
        json!({ "number": number, "calls": calls, "counted": counted, "messages": messages, "manifest": manifest });
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    let name = format!("attachment; filename=\"greyline-evidence-{number}.zip\"");
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Problem::unclear)?);
    headers.insert(ABOUT, HeaderValue::from_str(&about.to_string()).map_err(Problem::unclear)?);
    Ok((headers, zip).into_response())
}

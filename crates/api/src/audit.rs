//! The audit log, and whether it is as it was written.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::audit::{Hash, broken};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::asked::{Asked, limited};
use crate::bounds;
use crate::problem::{Problem, Refusals};
use crate::show::time;

/// Entries of a page, where nobody says how many, and at most.
const USUAL: usize = 100;
const MOST: usize = 1_000;

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// From this place on; without it the latest.
    from: Option<u64>,
    /// How many, at most 1,000.
    #[param(schema_with = bounds::limit::<MOST>)]
    limit: Option<u32>,
}

/// A stretch of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditPage {
    /// Entries there are in all.
    count: u64,
    /// The hash of the last.
    head: String,
    /// The first entry of this page that does not follow from the one before; absent where all do.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<u64>,
    /// The entries, the first one first.
    entries: Vec<Entry>,
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct Entry {
    /// Its place, from 1.
    seq: u64,
    /// When.
    #[schema(format = DateTime)]
    time: String,
    /// Who.
    who: String,
    /// What.
    act: String,
    /// To what.
    object: String,
    /// More about it.
    detail: String,
    /// The hash over it and the entry before.
    hash: String,
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The audit log: who did what, each entry chained to the one before.
#[utoipa::path(get, path = "/audit", tag = "audit", params(Which), responses((status = 200, body = AuditPage), Refusals))]
pub(crate) async fn list(State(api): State<Api>, Asked(which): Asked<Which>) -> Result<Json<AuditPage>, Problem> {
    let most = limited(which.limit, USUAL, MOST)?;
    let page = api.reads().read(move |archive| {
        let (count, head) = archive.audit_head()?;
        let from = which.from.unwrap_or_else(|| (count + 1).saturating_sub(most as u64)).max(1);
        // The one before says what the first of the page has to follow from.
        let before = if from > 1 { archive.audit_log(from - 1, 1)? } else { Vec::new() };
        let behind = before.first().map_or((from - 1, Hash::default()), |before| (before.seq, before.hash));
        let entries = archive.audit_log(from, most)?;
        Ok(AuditPage { count, head: hex(&head), broken: broken(behind, &entries), entries: shown(entries) })
    });
    page.await.map(Json)
}

fn shown(entries: Vec<store::audit::Entry>) -> Vec<Entry> {
    let shown = |entry: store::audit::Entry| Entry {
        seq: entry.seq,
        time: time(entry.at),
        who: entry.who,
        act: entry.act,
        object: entry.object,
        detail: entry.detail,
        hash: hex(&entry.hash),
    };
    entries.into_iter().map(shown).collect()
}

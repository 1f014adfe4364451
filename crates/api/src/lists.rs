//! Licences and what is allowed: those of the configuration, which pages show, and those of the file beside it, which an officer edits. What is
//! edited is read and checked as the configuration is, and comes into force at once or not at all; who puts it into force is another room's
//! business.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use config::{Allow, Config, Licence};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::audit::Act;
use utoipa::ToSchema;

use crate::Api;
use crate::asked::Sent;
use crate::bounds;
use crate::problem::{Problem, Refusals};
use crate::show::{Sight, note, now};
use crate::visitor::Visitor;

/// Bytes of the file: ten thousand entries have room.
pub(crate) const TEXT_BYTES_MAX: usize = 2 << 20;
/// Bytes of a question that holds it: JSON writes some letters as two.
pub(crate) const BODY_BYTES_MAX: usize = 2 * TEXT_BYTES_MAX;
/// To what all this is done, as the audit log names it.
const OBJECT: &str = "licences and lists";

/// Puts a text into the file and into force, and says under which version of the configuration; or what is wrong, and nothing has changed.
pub type Editor =
    dyn Fn(PathBuf, String) -> Pin<Box<dyn Future<Output = Result<String, Problem>> + Send>> + Send + Sync;

/// What is licensed and what is allowed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lists {
    /// Call centres that may be one.
    licences: Vec<LicenceListed>,
    /// What raises no alert.
    allowed: Vec<AllowListed>,
    /// Whether they can be edited here: the configuration names a file for it.
    editable: bool,
    /// Where they can, for an officer who gave a reason: the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<ListFile>,
    /// Whether numbers are whole.
    numbers_whole: bool,
}

/// A licence.
#[derive(Debug, Serialize, ToSchema)]
struct LicenceListed {
    /// Who holds it.
    holder: String,
    /// Addresses its calls come from.
    addresses: Vec<String>,
    /// Numbers it may show.
    #[schema(value_type = Vec<String>)]
    number_ranges: Value,
    /// Seats it may have; without it, any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    seats: Option<u32>,
    /// First day it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<String>,
    /// Last day it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
    /// Countries it may call; without any, all.
    destinations: Vec<String>,
    /// Where it stands: `configuration`, or `file`, which can be edited.
    stands_in: &'static str,
}

/// Something that raises no alert.
#[derive(Debug, Serialize, ToSchema)]
struct AllowListed {
    /// What kind of thing it is.
    kind: &'static str,
    /// Which one.
    value: String,
    /// Last day.
    until: String,
    /// Why.
    why: String,
    /// Where it stands: `configuration`, or `file`, which can be edited.
    stands_in: &'static str,
}

/// The file that is edited.
#[derive(Debug, Serialize, ToSchema)]
struct ListFile {
    /// What stands in it: TOML, `[[licence]]` and `[[allow]]` alone.
    text: String,
    /// Its SHA-256: whoever puts another in its place says by it what he has seen.
    sha256: String,
}

/// What is to stand in the file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLists {
    /// All of it: TOML, `[[licence]]` and `[[allow]]` alone.
    text: String,
    /// The `sha256` of the file that this was made from.
    follows: String,
    /// Why: it stands in the audit log.
    #[schema(schema_with = bounds::reason)]
    reason: String,
}

/// What has come into force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InForce {
    /// The version of the configuration.
    version: String,
}

fn sha256(text: &str) -> String {
    digest(&SHA256, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What stands in the file; nothing does before somebody edits it.
async fn read(file: PathBuf) -> Result<String, Problem> {
    let said = file.display().to_string();
    let read = tokio::task::spawn_blocking(move || std::fs::read_to_string(file)).await;
    match read.unwrap_or_else(|error| Err(io::Error::other(error))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|error| Problem::Store(format!("{said}: {error}"))),
    }
}

/// Where an entry stands.
fn stands_in(config: &Config, section: &str, at: usize) -> &'static str {
    if config.is_own(section, at) { "configuration" } else { "file" }
}

fn licence(licence: &Licence, sight: &Sight, stands_in: &'static str) -> LicenceListed {
    let texts = |all: Vec<String>| sight.value(json!({ "number": all }));
    LicenceListed {
        holder: licence.holder.clone(),
        addresses: licence.addresses.iter().map(ToString::to_string).collect(),
        number_ranges: texts(licence.number_ranges.iter().map(ToString::to_string).collect())
            .get_mut("number")
            .map(Value::take)
            .unwrap_or_default(),
        seats: licence.seats,
        valid_from: licence.valid_from.map(|day| day.to_string()),
        valid_until: licence.valid_until.map(|day| day.to_string()),
        destinations: licence.destinations.iter().map(ToString::to_string).collect(),
        stands_in,
    }
}

fn allow(allow: &Allow, sight: &Sight, stands_in: &'static str) -> AllowListed {
    let kind = allow.entity.kind.as_str();
    let seen = sight.value(json!({ "kind": kind, "value": allow.entity.value, "why": allow.why }));
    let text = |key: &str| seen.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    AllowListed { kind, value: text("value"), until: allow.until.to_string(), why: text("why"), stands_in }
}

/// Licences and what is allowed, numbers masked. With the header `greyline-reason` an officer sees numbers whole, and the file that can be edited;
/// the audit log says so.
#[utoipa::path(get, path = "/lists", tag = "lists", responses((status = 200, body = Lists), Refusals))]
pub(crate) async fn lists(
    State(api): State<Api>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Json<Lists>, Problem> {
    let sight = Sight::of(api.reads(), &visitor, &headers, OBJECT).await?;
    let known = api.known();
    let config: &Config = known.config();
    let file = file_of(&api, config);
    let text = match &file {
        Some(file) if sight.is_whole() => Some(read(file.to_owned()).await?),
        _ => None,
    };
    let licences = config.licence.iter().enumerate();
    let allowed = config.allow.iter().enumerate();
    Ok(Json(Lists {
        licences: licences.map(|(at, it)| licence(it, &sight, stands_in(config, "licence", at))).collect(),
        allowed: allowed.map(|(at, it)| allow(it, &sight, stands_in(config, "allow", at))).collect(),
        editable: file.is_some(),
        file: text.map(|text| ListFile { sha256: sha256(&text), text }),
        numbers_whole: sight.is_whole(),
    }))
}

/// The file that can be edited, where something can be put into force.
fn file_of(api: &Api, config: &Config) -> Option<PathBuf> {
    api.editor().and(config.lists.file.as_deref()).map(|file| Path::new(file).to_owned())
}

/// Puts a text in the place of the file, and into force. Where something is wrong with it, all of it is said and nothing changes. The audit log
/// says who asked and why, and whether it came into force.
#[utoipa::path(post, path = "/lists", tag = "lists", request_body = NewLists,
    responses((status = 200, body = InForce, description = "In force."),
        (status = 409, body = crate::problem::ProblemJson, content_type = "application/problem+json",
            description = "Nothing can be edited here, or somebody else has edited it meanwhile."),
        Refusals))]
pub(crate) async fn edit(
    State(api): State<Api>,
    visitor: Visitor,
    Sent(new): Sent<NewLists>,
) -> Result<Json<InForce>, Problem> {
    let none = || {
        Problem::Conflict(
            "nothing can be edited here: `lists.file` of the configuration names no file, or this is a capture"
                .to_owned(),
        )
    };
    let file = file_of(&api, api.known().config()).ok_or_else(none)?;
    let editor = api.editor().ok_or_else(none)?;
    if new.text.len() > TEXT_BYTES_MAX {
        return Err(Problem::Unclear(format!("text: at most {TEXT_BYTES_MAX} bytes")));
    }
    // One edits at a time: each sees what the one before left.
    let turn = Arc::clone(api.editing()).lock_owned().await;
    let before = read(file.clone()).await?;
    if sha256(&before) != new.follows {
        return Err(Problem::Conflict("somebody else has edited this meanwhile: read it anew".to_owned()));
    }
    note(api.reads(), &visitor, "lists_edit", new.reason.as_bytes(), OBJECT).await?;
    let (reads, who) = (api.reads().clone(), visitor.name.clone());
    // Whoever asked may go: what was begun comes to its end all the same, and is written down.
    let edited = tokio::spawn(async move {
        let after = sha256(&new.text);
        let edited = editor(file, new.text).await;
        let (act, detail) = match &edited {
            Ok(version) => (
                "lists_in_force",
                format!("configuration {version}; the file has the SHA-256 {after}, before {}", new.follows),
            ),
            Err(_) => ("lists_refused", "something is wrong with it: what was in force stays so".to_owned()),
        };
        let written = reads.read(move |archive| {
            archive.audit(&Act { at: now(), who: &who, act, object: OBJECT, detail: &detail }).map(drop)
        });
        let written = written.await;
        drop(turn);
        edited.and_then(|version| written.map(|()| version))
    });
    let version = edited.await.map_err(|_| Problem::Store("the edit did not come to its end".to_owned()))??;
    Ok(Json(InForce { version }))
}

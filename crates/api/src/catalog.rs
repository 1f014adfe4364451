//! What is looked for and where calls come and go: detectors with their settings, trunks, and what each hour brought.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Of;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::asked::Asked;
use crate::bounds;
use crate::problem::{Problem, Refusals};
use crate::show::{moment, time};

/// Hours that are told at once: a month of a hundred trunks.
const HOURS_MAX: usize = 75_000;

/// What is looked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Detectors {
    /// The families, as `greyline detectors --json` declares them.
    #[schema(value_type = Object)]
    declared: Value,
    /// The settings in force, by family and key.
    #[schema(value_type = Object)]
    in_force: Value,
}

/// What is looked for, who does the same innocently, and every setting: as declared and as in force.
#[utoipa::path(get, path = "/detectors", tag = "probe", responses((status = 200, body = Detectors), Refusals))]
pub(crate) async fn detectors(State(api): State<Api>) -> Json<Detectors> {
    let in_force = serde_json::to_value(&api.known().config().detect).unwrap_or_default();
    Json(Detectors { declared: api.about().detectors.clone(), in_force })
}

/// Connections over which calls come and go.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trunks {
    /// Those of the configuration.
    trunks: Vec<Trunk>,
}

/// A connection over which calls come and go.
#[derive(Debug, Serialize, ToSchema)]
struct Trunk {
    /// What it is called.
    name: String,
    /// Who is at its other end: `international`, `national`, `customer`, `own`.
    role: &'static str,
    /// Its addresses.
    addresses: Vec<String>,
    /// Countries whose numbers may call over it; without any, all.
    countries: Vec<String>,
    /// Calls it carries at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    channels: Option<u32>,
}

/// Trunks of the configuration.
#[utoipa::path(get, path = "/trunks", tag = "probe", responses((status = 200, body = Trunks), Refusals))]
pub(crate) async fn trunks(State(api): State<Api>) -> Json<Trunks> {
    let known = api.known();
    let trunks = known.config().trunk.iter().filter(|trunk| !trunk.gone).map(|trunk| Trunk {
        name: trunk.name.clone(),
        role: trunk.role.as_str(),
        addresses: trunk.addresses.iter().map(ToString::to_string).collect(),
        countries: trunk.countries.iter().map(ToString::to_string).collect(),
        channels: trunk.channels,
    });
    Json(Trunks { trunks: trunks.collect() })
}

/// By what hours are told apart.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum OfWhom {
    /// Trunks of the configuration.
    Trunk,
    /// Addresses that calls come from.
    Source,
    /// SIP stacks.
    Stack,
}

/// Whose hours.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichHours {
    /// Of each `trunk`, `source` or `stack`.
    #[param(inline)]
    of: OfWhom,
    /// Of this one alone.
    entity: Option<String>,
    /// From the hour of this moment on (RFC 3339).
    #[param(schema_with = bounds::moment)]
    from: String,
    /// To the hour of this moment.
    #[param(schema_with = bounds::moment)]
    until: String,
}

/// What each hour brought.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hours {
    /// The hours, the first one first; those without calls are left out.
    hours: Vec<Hour>,
}

/// What an hour brought.
#[derive(Debug, Serialize, ToSchema)]
struct Hour {
    /// Of whom.
    entity: String,
    /// When it began.
    #[schema(format = DateTime)]
    time: String,
    /// Calls that began in it.
    calls: u64,
    /// Of these, answered.
    answered: u64,
    /// Seconds talked in all of them.
    talk_s: u64,
}

/// What each hour brought, by trunk, source address or SIP stack.
#[utoipa::path(get, path = "/hours", tag = "probe", params(WhichHours), responses((status = 200, body = Hours), Refusals))]
pub(crate) async fn hours(State(api): State<Api>, Asked(which): Asked<WhichHours>) -> Result<Json<Hours>, Problem> {
    let of = match which.of {
        OfWhom::Trunk => Of::Trunk,
        OfWhom::Source => Of::Source,
        OfWhom::Stack => Of::Stack,
    };
    let (from, until) = (moment("from", &which.from)?, moment("until", &which.until)?);
    let entity = which.entity;
    let found = api.reads().ask(move |archive| {
        let hours = archive.hours(of, entity.as_deref(), (from, until), HOURS_MAX).map_err(Problem::from)?;
        let too_many =
            || Problem::Unclear(format!("more than {HOURS_MAX} hours: ask for less time, or for one entity"));
        hours.ok_or_else(too_many)
    });
    let hours = found.await?.into_iter().map(|hour| Hour {
        entity: hour.entity,
        time: time(hour.at),
        calls: hour.calls,
        answered: hour.answered,
        talk_s: hour.talk_ms / 1_000,
    });
    Ok(Json(Hours { hours: hours.collect() }))
}

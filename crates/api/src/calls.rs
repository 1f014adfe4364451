//! Calls: sought by number, address, Call-ID, stack and time, and one by its place.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use numbers::Zone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Found, Place, Query};
use types::E164;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::asked::{Asked, limited};
use crate::bounds;
use crate::problem::{Problem, Refusals};
use crate::profile::likeliest_zone;
use crate::show::{Sight, moment, time};
use crate::visitor::Visitor;

/// Calls of a page, where nobody says how many, and at most.
const USUAL: usize = 100;
const MOST: usize = 1_000;
/// Letters of what was sought that stand in the audit log.
const SOUGHT_MAX: usize = 300;

/// Which calls. All that is said has to hold.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// The number that called or was called, in international form.
    #[param(schema_with = bounds::number)]
    number: Option<String>,
    /// The number that called.
    #[param(schema_with = bounds::number)]
    caller: Option<String>,
    /// The number that was called.
    #[param(schema_with = bounds::number)]
    callee: Option<String>,
    /// The address it came from or went to.
    #[param(schema_with = bounds::address)]
    address: Option<String>,
    /// The Call-ID of one of its legs.
    call_id: Option<String>,
    /// The fingerprint of the stack that wrote its INVITE: 16 hexadecimal digits.
    #[param(schema_with = bounds::fingerprint)]
    stack: Option<String>,
    /// It began not before this moment (RFC 3339).
    #[param(schema_with = bounds::moment)]
    from: Option<String>,
    /// It began not after this moment.
    #[param(schema_with = bounds::moment)]
    until: Option<String>,
    /// `next` of the page before.
    #[param(schema_with = bounds::call_place)]
    after: Option<String>,
    /// How many, at most 1,000.
    #[param(schema_with = bounds::limit::<MOST>)]
    limit: Option<u32>,
}

impl Which {
    fn query(self) -> Result<Query, Problem> {
        let all = Query::default();
        let stack = self.stack.map(|stack| u64::from_str_radix(&stack, 16)).transpose();
        let address = self.address.map(|address| address.parse()).transpose();
        Ok(Query {
            number: number("number", self.number)?,
            caller: number("caller", self.caller)?,
            callee: number("callee", self.callee)?,
            address: address.map_err(|_| Problem::unclear("address: an IPv4 or IPv6 address is wanted"))?,
            call_id: self.call_id.map(String::into_bytes),
            stack: stack.map_err(|_| Problem::unclear("stack: 16 hexadecimal digits are wanted"))?,
            from: self.from.map_or(Ok(all.from), |from| moment("from", &from))?,
            until: self.until.map_or(Ok(all.until), |until| moment("until", &until))?,
            behind: place_of(self.after.as_deref())?,
            most: limited(self.limit, USUAL, MOST)?,
            ..all
        })
    }
}

/// A number as it was asked for. What stands between its digits is let go, and a `+` that arrives as a space.
fn number(key: &str, text: Option<String>) -> Result<Option<E164>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let digits: Vec<u8> = text.bytes().filter(|byte| !b" +-().".contains(byte)).collect();
    let wrong = || Problem::Unclear(format!("{key}: a number in international form is wanted, such as +441632960001"));
    E164::from_digits(&digits).map(Some).ok_or_else(wrong)
}

/// Where a page begins.
pub(crate) fn place_of(after: Option<&str>) -> Result<Option<Place>, Problem> {
    let place = after.map(str::parse).transpose();
    place.map_err(|_| Problem::unclear("after: what `next` of a page says"))
}

/// A call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Call)]
pub(crate) struct CallJson {
    /// By what it is asked for.
    id: String,
    /// When it began, or the first that is known of it.
    #[schema(format = DateTime)]
    time: String,
    /// The call, as `--calls` writes it; `greyline schema call` prints its schema.
    #[schema(value_type = Object)]
    call: Value,
}

impl CallJson {
    pub(crate) fn of(found: &Found, sight: &Sight) -> Self {
        Self { id: found.place.to_string(), time: time(found.at), call: sight.record(&found.record) }
    }
}

/// A call by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallWhole {
    #[serde(flatten)]
    call: CallJson,
    /// The IANA name of the time zone in which the phone of the callee most likely rings.
    #[serde(skip_serializing_if = "Option::is_none")]
    callee_zone: Option<&'static str>,
    /// The alert that counts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    alert_id: Option<String>,
    /// Whether numbers are whole.
    numbers_whole: bool,
}

impl CallWhole {
    fn of(found: &Found, alert_id: Option<String>, sight: &Sight) -> Self {
        let told: Value = serde_json::from_str(&found.record).unwrap_or_default();
        let callee = told.pointer("/callee/number").and_then(Value::as_str);
        Self {
            call: CallJson::of(found, sight),
            callee_zone: callee.and_then(likeliest_zone).map(Zone::name),
            alert_id,
            numbers_whole: sight.is_whole(),
        }
    }
}

/// A page of calls.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallPage {
    /// The calls, the latest first.
    calls: Vec<CallJson>,
    /// Where the next page begins; absent where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// Days that could not be read, and why: what lies there is not among the calls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unread: Vec<String>,
    /// Whether numbers are whole.
    numbers_whole: bool,
}

/// Calls, the latest first. With the header `greyline-reason` an officer sees numbers whole, and the audit log says so.
#[utoipa::path(get, path = "/calls", tag = "calls", params(Which), responses((status = 200, body = CallPage), Refusals))]
pub(crate) async fn list(
    State(api): State<Api>,
    visitor: Visitor,
    headers: HeaderMap,
    uri: Uri,
    Asked(which): Asked<Which>,
) -> Result<Json<CallPage>, Problem> {
    let query = which.query()?;
    // Whose numbers somebody looked for is what whoever reads the log wants to know.
    let sought: String = uri.query().unwrap_or("all").chars().take(SOUGHT_MAX).collect();
    let sight = Sight::of(api.reads(), &visitor, &headers, format!("calls {sought}")).await?;
    let page = api.reads().read(move |archive| archive.calls(&query)).await?;
    Ok(Json(CallPage {
        calls: page.calls.iter().map(|found| CallJson::of(found, &sight)).collect(),
        next: page.next.map(|next| next.to_string()),
        unread: page.unread,
        numbers_whole: sight.is_whole(),
    }))
}

/// A call. With the header `greyline-reason` an officer sees numbers whole, and the audit log says so.
#[utoipa::path(get, path = "/calls/{id}", tag = "calls",
    params(("id" = String, Path, description = "Its `id`.")),
    responses((status = 200, body = CallWhole), Refusals))]
pub(crate) async fn one(
    State(api): State<Api>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<CallWhole>, Problem> {
    let place: Place = id.parse().map_err(|_| Problem::Absent("call"))?;
    let found = api.reads().read(move |archive| {
        let found = archive.call(place)?;
        // What detectors in shadow find counts calls too, and is no alert.
        let alert_id = found.as_ref().and_then(store::Found::alert_id);
        let alert = alert_id.map(|id| archive.alert(&id)).transpose()?.flatten();
        Ok((found, alert.map(|alert| alert.id)))
    });
    let (found, alert_id) = found.await?;
    let found = found.ok_or(Problem::Absent("call"))?;
    let sight = Sight::of(api.reads(), &visitor, &headers, format!("call {id}")).await?;
    Ok(Json(CallWhole::of(&found, alert_id, &sight)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        let read = |text: &str| number("number", Some(text.to_owned())).map(|number| number.map(|it| it.reveal()));
        for text in ["+441632960001", " 441632960001", "+44 1632 960-001", "441632960001"] {
            assert_eq!(read(text), Ok(Some(441_632_960_001)), "{text}");
        }
        for text in ["", "+", "01632960001", "+44x", "+4416329600011632", "<script>"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}

//! Browsers log in: a token for a cookie that no script reads, and a word that only a page of ours knows.

use std::time::Instant;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use config::UserRole;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::asked::Sent;
use crate::door::{Arrival, Way};
use crate::logins::{self, NO_TOKEN, Tried, UNKNOWN_TOKEN};
use crate::problem::{Problem, Refusals};
use crate::visitor::{By, SESSION_MAX, Visitor, token_hash};

/// What somebody logs in with.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Login {
    /// A token, as `greyline token` made it.
    token: String,
}

/// Who is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// Who.
    name: String,
    /// What may be seen and done.
    #[schema(value_type = String)]
    role: UserRole,
    /// What a page sends as `greyline-csrf` with everything that changes something; absent where no session is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf: Option<String>,
}

impl Session {
    fn of(visitor: &Visitor) -> Self {
        let csrf = match &visitor.by {
            By::Session(_, _, csrf) => Some(csrf.as_ref().to_owned()),
            By::Place | By::Token(_) => None,
        };
        Self { name: visitor.name.as_ref().to_owned(), role: visitor.role, csrf }
    }
}

fn cookie(way: Way, value: &str, seconds: u64) -> Result<HeaderMap, Problem> {
    let secure = if way == Way::Tls { "; Secure" } else { "" };
    let name = way.cookie();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    let cookie = HeaderValue::from_str(&cookie).map_err(Problem::unclear)?;
    Ok([(header::SET_COOKIE, cookie)].into_iter().collect())
}

/// Log in. The audit log says who did, and that somebody tried to.
#[utoipa::path(post, path = "/session", tag = "session", request_body = Login,
    responses((status = 200, body = Session, description = "Logged in; the session is in a cookie."), Refusals))]
pub(crate) async fn begin(
    State(api): State<Api>,
    arrival: Arrival,
    Sent(login): Sent<Login>,
) -> Result<impl IntoResponse, Problem> {
    let now = Instant::now();
    api.take_login(arrival.peer, now)?;
    let begun = match token_hash(login.token.trim()) {
        Some(token) => api.log_in(token, now).map_err(|problem| (problem, UNKNOWN_TOKEN)),
        None => Err((Problem::Stranger, NO_TOKEN)),
    };
    let (visitor, value) = match begun {
        Ok(begun) => begun,
        Err((problem, why)) => {
            if problem == Problem::Stranger {
                logins::unknown(api.reads(), Tried::Login, api.failures(), (arrival.peer, why), now).await;
            }
            return Err(problem);
        }
    };
    logins::known(api.reads(), &visitor, arrival.peer).await;
    Ok((cookie(arrival.way, &value, SESSION_MAX.as_secs())?, Json(Session::of(&visitor))))
}

/// Who is logged in.
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = Session), Refusals))]
pub(crate) async fn who(visitor: Visitor) -> Json<Session> {
    Json(Session::of(&visitor))
}

/// Log out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204, description = "Logged out."), Refusals))]
pub(crate) async fn end(State(api): State<Api>, arrival: Arrival) -> Result<impl IntoResponse, Problem> {
    let visitor = arrival.visitor.ok_or(Problem::Stranger)?;
    if let By::Session(name, ..) = visitor.by {
        api.log_out(name);
    }
    Ok((StatusCode::NO_CONTENT, cookie(arrival.way, "", 0)?))
}

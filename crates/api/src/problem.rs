//! What is answered where a question is not: RFC 9457, `application/problem+json`.

use std::collections::BTreeMap;
use std::fmt::Display;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use config::UserRole;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder, response};
use utoipa::{IntoResponses, PartialSchema, ToSchema, openapi};

/// Why a question is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// What is asked cannot be meant.
    Unclear(String),
    /// Nobody is known to ask.
    Stranger,
    /// Whoever asks may not.
    NotAllowed(String),
    /// There is no such thing.
    Absent(&'static str),
    /// It cannot be done as things stand.
    Conflict(String),
    /// Too much was asked; in so many seconds more may be.
    TooMuch(u64),
    /// As many ask as can be answered at once.
    Busy,
    /// Nothing is remembered here.
    NoStore,
    /// The store does not answer, and why.
    Store(String),
}

impl Problem {
    /// What was sent is not what is taken.
    pub fn unclear(why: impl Display) -> Self {
        Self::Unclear(why.to_string())
    }

    /// Only a higher role may do that.
    pub fn needs(role: UserRole) -> Self {
        Self::NotAllowed(format!("that takes the role {}", role.as_str()))
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::Unclear(_) => StatusCode::BAD_REQUEST,
            Self::Stranger => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) => StatusCode::FORBIDDEN,
            Self::Absent(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMuch(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::NoStore | Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Unclear(why) | Self::NotAllowed(why) | Self::Conflict(why) | Self::Store(why) => why.clone(),
            Self::Stranger => "log in, or send a token: Authorization: Bearer …".to_owned(),
            Self::Absent(what) => format!("there is no such {what}"),
            Self::TooMuch(seconds) => format!("too many requests; ask again in {seconds} s"),
            Self::Busy => "as many questions are being answered as can be; ask again".to_owned(),
            Self::NoStore => "nothing is remembered here: set `store.folder` in the configuration".to_owned(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing(_) => Self::NoStore,
            error => Self::Store(error.to_string()),
        }
    }
}

/// A problem as it travels.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemJson {
    /// The status of HTTP in words.
    pub title: String,
    /// The status of HTTP.
    pub status: u16,
    /// What is wrong, and what would be right.
    pub detail: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let title = status.canonical_reason().unwrap_or_default().to_owned();
        let body = ProblemJson { title, status: status.as_u16(), detail: self.detail() };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self {
            Self::Stranger => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"greyline\""));
            }
            Self::TooMuch(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            Self::Busy => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(1));
            }
            _ => {}
        }
        response
    }
}

/// What any route may answer in place of what was asked.
pub struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<response::Response>> {
        let refusals = [
            ("400", "What is asked cannot be meant."),
            ("401", "Nobody is known to ask."),
            ("403", "Whoever asks may not."),
            ("404", "There is no such thing."),
            ("429", "Too much was asked; `Retry-After` says when more may be."),
            ("503", "The store does not answer, or there is none."),
        ];
        let content = || ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = |about: &str| {
            ResponseBuilder::new().description(about).content("application/problem+json", content()).build()
        };
        refusals.into_iter().map(|(status, about)| (status.to_owned(), response(about).into())).collect()
    }
}

/// Puts the schema of problems where [`Refusals`] refers to it.
pub fn describe(document: &mut openapi::OpenApi) {
    let components = document.components.get_or_insert_default();
    components.schemas.insert("Problem".to_owned(), ProblemJson::schema());
}

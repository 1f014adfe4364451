//! What is asked: the words of a query, and what is sent with it. What cannot be meant is refused in words.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::problem::Problem;

/// How long somebody may take to send what goes with a question.
const SENT_MAX: Duration = Duration::from_secs(10);

/// The words of a query.
pub(crate) struct Asked<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(asked) = Query::try_from_uri(&parts.uri).map_err(|error| Problem::Unclear(error.body_text()))?;
        Ok(Self(asked))
    }
}

/// What is sent as JSON.
pub(crate) struct Sent<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let sent = timeout(SENT_MAX, Json::from_request(request, state)).await;
        let sent = sent.map_err(|_| Problem::unclear("what was to be sent did not come"))?;
        let Json(sent) = sent.map_err(|error: JsonRejection| Problem::Unclear(error.body_text()))?;
        Ok(Self(sent))
    }
}

/// How many are asked for: what is not said is `usual`, more than `most` is not given.
pub(crate) fn limited(asked: Option<u32>, usual: usize, most: usize) -> Result<usize, Problem> {
    match asked.map(|asked| asked as usize) {
        None => Ok(usual),
        Some(asked) if (1..=most).contains(&asked) => Ok(asked),
        Some(_) => Err(Problem::Unclear(format!("limit: from 1 to {most}"))),
    }
}

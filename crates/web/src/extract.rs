//! Extractors that turn every malformed input into a precise problem.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use base::{Ctx, Error, ErrorCode, Locale, RequestId, codes};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::place::place;
use crate::problem::{self, Problem};

/// Who asks. Always there: a visitor nobody knows is the anonymous actor.
#[derive(Clone, Debug)]
pub struct Caller(pub Ctx);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if let Some(ctx) = parts.extensions.get::<Ctx>() {
            return Ok(Self(ctx.clone()));
        }
        let locale = parts.extensions.get::<Locale>().copied().unwrap_or_default();
        let request_id = parts
            .extensions
            .get::<RequestId>()
            .cloned()
            .unwrap_or_else(|| RequestId("unknown".into()));
        Ok(Self(Ctx::anonymous(locale, request_id)))
    }
}

fn malformed(field: &str, reason: impl Into<String>) -> Problem {
    let facts = [("reason".to_owned(), reason.into().into())]
        .into_iter()
        .collect();
    Problem(Error::new(&codes::INVALID_INPUT).and_field(field, &codes::MALFORMED, facts))
}

/// PostgreSQL cannot keep U+0000 in a text; nobody means to send one.
fn holds_nul(raw: &[u8]) -> bool {
    const ESCAPED: &[u8] = b"\\u0000";
    raw.contains(&0) || raw.windows(ESCAPED.len()).any(|w| w == ESCAPED)
}

/// A JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| {
                v.split(';')
                    .next()
                    .is_some_and(|kind| kind.trim() == "application/json")
            });
        if !is_json {
            return Err(Problem(Error::new(&problem::NOT_JSON)));
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|e| Problem(Error::new(&problem::BODY_UNREADABLE).caused_by(e)))?;
        if holds_nul(&body) {
            return Err(malformed("body", "U+0000"));
        }
        let body = std::str::from_utf8(&body).map_err(|e| malformed("body", e.to_string()))?;
        serde_json::from_str(body)
            .map(Self)
            .map_err(|e| malformed(&place(body, e.line(), e.column()), e.to_string()))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => (
                StatusCode::OK,
                [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
                body,
            )
                .into_response(),
            Err(error) => Problem(Error::internal(error)).into_response(),
        }
    }
}

/// The query string. A repeated name makes a list.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let raw = parts.uri.query().unwrap_or_default();
        if raw.to_ascii_lowercase().contains("%00") {
            return Err(malformed("query", "U+0000"));
        }
        let reader = serde_html_form::Deserializer::from_bytes(raw.as_bytes());
        serde_path_to_error::deserialize(reader)
            .map(Self)
            .map_err(|e| malformed(&e.path().to_string(), e.inner().to_string()))
    }
}

/// The path's variables. What does not parse is simply not there.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| Problem(Error::not_found("resource", parts.uri.path())))
    }
}

/// The version the caller has read, from `If-Match`.
#[derive(Clone, Copy, Debug)]
pub struct IfMatch(pub Option<i64>);

impl IfMatch {
    /// Refuses a change to anything but the version the caller has read.
    ///
    /// # Errors
    /// `precondition.failed`.
    pub fn check(self, current: i64) -> Result<(), Error> {
        match self.0 {
            Some(read) if read != current => {
                Err(Error::new(&codes::VERSION_MISMATCH).with("current", current))
            }
            _ => Ok(()),
        }
    }
}

/// `If-Match` is not an entity tag of ours.
const BAD_IF_MATCH: ErrorCode = ErrorCode::new(
    "input.invalid_if_match",
    base::Category::Invalid,
    "If-Match 应为读取时得到的 ETag，例如 \"3\"",
    "If-Match must be the ETag that was read, such as \"3\"",
);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Ok(Self(None));
        };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        text.trim_start_matches("W/")
            .trim_matches('"')
            .parse()
            .map(|version| Self(Some(version)))
            .map_err(|_| Problem(Error::new(&BAD_IF_MATCH)))
    }
}

pub(crate) const CODES: &[&ErrorCode] = &[&BAD_IF_MATCH];

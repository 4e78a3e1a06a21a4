//! The edge of the process: every request gets a name, a language, one log line and one metric, and every
//! refusal its words.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Category, Error, Locale, RequestId};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use tracing::Instrument;

use crate::problem::{METHOD_NOT_ALLOWED, NO_ROUTE, Problem, render};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST_ID_MAX_CHARS: usize = 64;

fn request_id(request: &Request) -> RequestId {
    let sent = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|v| v.to_str().ok())
        .filter(|v| {
            (1..=REQUEST_ID_MAX_CHARS).contains(&v.len())
                && v.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        });
    match sent {
        Some(id) => RequestId(id.into()),
        None => RequestId(uuid::Uuid::now_v7().simple().to_string().into()),
    }
}

fn locale(request: &Request) -> Locale {
    let asked = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|v| v.to_str().ok());
    asked.map_or_else(Locale::default, Locale::negotiate)
}

/// Middleware, outermost of the API.
pub async fn boundary(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (id, locale) = (request_id(&request), locale(&request));
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let if_none_match = request.headers().get(header::IF_NONE_MATCH).cloned();
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(locale);

    let span = tracing::info_span!(
        "request", otel.name = format!("{method} {route}"), otel.kind = "server",
        http.request.method = %method, http.route = route, request_id = %id.0
    );
    let mut response = next.run(request).instrument(span).await;
    if let Some(error) = response.extensions_mut().remove::<Arc<Error>>() {
        log_failure(&error, &id, &method, &route);
        response = render(&error, locale, &id.0);
    }
    if matches_tag(&response, if_none_match.as_ref()) {
        let tag = response.headers_mut().remove(header::ETAG);
        response = StatusCode::NOT_MODIFIED.into_response();
        if let Some(tag) = tag {
            response.headers_mut().insert(header::ETAG, tag);
        }
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    let labels = [
        ("route", route.clone()),
        ("method", method.as_str().to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", "route" => route.clone()).record(elapsed.as_secs_f64());
    tracing::debug!(
        request_id = %id.0, %method, route, status, elapsed_us = elapsed.as_micros() as u64,
        "request answered"
    );
    response
}

fn matches_tag(response: &Response, asked: Option<&HeaderValue>) -> bool {
    let (Some(tag), Some(asked)) = (response.headers().get(header::ETAG), asked) else {
        return false;
    };
    let (Ok(tag), Ok(asked)) = (tag.to_str(), asked.to_str()) else {
        return false;
    };
    response.status() == StatusCode::OK
        && (asked.trim() == "*"
            || asked
                .split(',')
                .any(|one| one.trim().trim_start_matches("W/") == tag))
}

fn log_failure(error: &Error, id: &RequestId, method: &Method, route: &str) {
    match error.category() {
        Category::Internal => {
            tracing::error!(request_id = %id.0, %method, route, ?error, "request failed");
        }
        Category::Unavailable | Category::Timeout => {
            tracing::warn!(request_id = %id.0, %method, route, ?error, "request could not be served");
        }
        _ => tracing::debug!(request_id = %id.0, %method, route, code = error.code(), "request refused"),
    }
}

/// Fallback for addresses that do not exist.
pub async fn not_found(uri: Uri) -> Problem {
    Problem(Error::new(&NO_ROUTE).with("path", uri.path()))
}

/// Fallback for methods an address does not take.
pub async fn method_not_allowed(method: Method) -> Problem {
    Problem(Error::new(&METHOD_NOT_ALLOWED).with("method", method.as_str()))
}

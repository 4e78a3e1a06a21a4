//! `Idempotency-Key`: ties a key to the one request it was sent with.

use std::fmt::Write;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Error, IdempotencyKey};
use sha2::{Digest, Sha256};

use crate::problem::{BAD_IDEMPOTENCY_KEY, BODY_UNREADABLE, Problem};

/// The largest body of an API request.
pub const BODY_LIMIT_BYTES: usize = 1024 * 1024;
/// The longest idempotency key.
pub const IDEMPOTENCY_KEY_MAX_CHARS: usize = 128;

fn key_of(request: &Request) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let valid =
        (1..=IDEMPOTENCY_KEY_MAX_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if !valid {
        return Err(Problem(
            Error::new(&BAD_IDEMPOTENCY_KEY).with("max", IDEMPOTENCY_KEY_MAX_CHARS),
        ));
    }
    Ok(Some(text.to_owned()))
}

/// Middleware: a request with a key carries [`IdempotencyKey`] in its extensions, for the context.
pub async fn fingerprint(request: Request, next: Next) -> Response {
    let key = match key_of(&request) {
        Ok(None) => return next.run(request).await,
        Ok(Some(key)) => key,
        Err(problem) => return problem.into_response(),
    };
    let (mut parts, body) = request.into_parts();
    let bytes = match axum::body::to_bytes(body, BODY_LIMIT_BYTES).await {
        Ok(bytes) => bytes,
        Err(error) => {
            return Problem(Error::new(&BODY_UNREADABLE).caused_by(error)).into_response();
        }
    };
    let mut hash = Sha256::new();
    hash.update(parts.method.as_str());
    hash.update([0]);
    hash.update(parts.uri.path_and_query().map_or("", |p| p.as_str()));
    hash.update([0]);
    hash.update(&bytes);
    let mut written = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(written, "{byte:02x}");
    }
    parts.extensions.insert(IdempotencyKey {
        key: key.into(),
        fingerprint: written.into(),
    });
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

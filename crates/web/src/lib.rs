//! The HTTP kit: what every domain's `routes.rs` is written with.
//!
//! Owns: extractors and answers, problem+json (RFC 9457), the request boundary (request id, language, one log
//! line and one metric a request, conditional answers), idempotency fingerprints.
//! Never does: authentication or rights (see `access`), business decisions, storage.
//! Invariants: no malformed input reaches a handler; every refusal is problem+json in the caller's language; an
//! unforeseen failure is logged with its cause and answered without it.

mod answer;
mod boundary;
mod extract;
mod field;
mod fingerprint;
mod place;
mod problem;

pub use answer::{Created, HasVersion, NoContent, Reply, Versioned};
pub use boundary::{boundary, method_not_allowed, not_found};
pub use extract::{Caller, IfMatch, Json, Path, Query};
pub use field::Field;
pub use fingerprint::{BODY_LIMIT_BYTES, IDEMPOTENCY_KEY_MAX_CHARS, fingerprint};
pub use problem::{ERRORS, FieldProblem, Problem, ProblemBody, ProblemResponse};

pub use axum::extract::State;
pub use utoipa_axum::router::OpenApiRouter as Router;
pub use utoipa_axum::routes;

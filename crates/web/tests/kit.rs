//! The kit as a handler's caller sees it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use axum::body::Body;
use base::{Error, codes};
use http::{Request, StatusCode, header};
use serde::{Deserialize, Serialize};
use tower::ServiceExt;
use utoipa::ToSchema;
use web::{Caller, Created, HasVersion, IfMatch, Json, Path, Problem, Query, Reply, Router, Versioned};

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Line {
    quantity: i64,
}
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Cart {
    lines: Vec<Line>,
}
#[derive(Deserialize)]
struct Filter {
    #[serde(default)]
    sku: Vec<String>,
}
#[derive(Serialize)]
struct Doc {
    version: i64,
}
impl HasVersion for Doc {
    fn version(&self) -> i64 {
        self.version
    }
}

async fn cart_create(Json(cart): Json<Cart>) -> Result<Created<Cart>, Problem> {
    Ok(Created(cart))
}
async fn filter(Query(filter): Query<Filter>) -> Reply<Vec<String>> {
    Ok(Json(filter.sku))
}
async fn doc(if_match: IfMatch, Path(version): Path<i64>) -> Result<Versioned<Doc>, Problem> {
    if_match.check(version)?;
    Ok(Versioned(Doc { version }))
}
async fn secret(Caller(ctx): Caller) -> Reply<()> {
    ctx.require_member()?;
    Ok(Json(()))
}
async fn broken() -> Reply<()> {
    Err(Error::new(&codes::INTERNAL)
        .caused_by("the disk is on fire")
        .into())
}

fn app() -> axum::Router {
    let (router, _) = Router::<()>::new().split_for_parts();
    router
        .route("/carts", axum::routing::post(cart_create))
        .route("/filter", axum::routing::get(filter))
        .route("/docs/{version}", axum::routing::get(doc))
        .route("/secret", axum::routing::get(secret))
        .route("/broken", axum::routing::get(broken))
        .fallback(web::not_found)
        .method_not_allowed_fallback(web::method_not_allowed)
        .layer(axum::middleware::from_fn(web::fingerprint))
        .layer(axum::middleware::from_fn(web::boundary))
}

async fn send(request: Request<Body>) -> (StatusCode, http::HeaderMap, serde_json::Value) {
    let response = app().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (
        parts.status,
        parts.headers,
        serde_json::from_slice(&bytes).unwrap_or_default(),
    )
}

fn post(body: &'static str) -> Request<Body> {
    Request::post("/carts")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .unwrap()
}
fn get(path: &str) -> Request<Body> {
    Request::get(path)
        .header(header::ACCEPT_LANGUAGE, "en")
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let (status, headers, body) = send(post(r#"{"lines":[{"quantity":"two"}]}"#)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(body["errors"][0]["field"], "lines[0].quantity");
    assert_eq!(body["request_id"], headers["x-request-id"].to_str().unwrap());
}

#[tokio::test]
async fn nul_unknown_fields_and_trailing_rubbish_are_refused() {
    for body in [
        r#"{"lines":[],"x":1}"#,
        r#"{"lines":[]} x"#,
        r#"{"lines":[],"a":"\u0000"}"#,
        "",
        "{",
    ] {
        assert_eq!(send(post(body)).await.0, StatusCode::BAD_REQUEST, "{body}");
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_a_list() {
    let (_, _, body) = send(get("/filter?sku=a&sku=b")).await;
    assert_eq!(body, serde_json::json!(["a", "b"]));
}

#[tokio::test]
async fn a_matching_tag_answers_304_and_another_version_412() {
    let (_, headers, _) = send(get("/docs/3")).await;
    assert_eq!(headers[header::ETAG], "\"3\"");
    let mut again = get("/docs/3");
    again
        .headers_mut()
        .insert(header::IF_NONE_MATCH, "W/\"3\"".parse().unwrap());
    assert_eq!(send(again).await.0, StatusCode::NOT_MODIFIED);
    let mut stale = get("/docs/3");
    stale
        .headers_mut()
        .insert(header::IF_MATCH, "\"2\"".parse().unwrap());
    let (status, _, body) = send(stale).await;
    assert_eq!(
        (status, &body["facts"]["current"]),
        (StatusCode::PRECONDITION_FAILED, &3.into())
    );
}

#[tokio::test]
async fn refusals_speak_the_callers_language_and_hide_our_faults() {
    let (status, _, body) = send(get("/secret")).await;
    assert_eq!(
        (status, &body["detail"]),
        (StatusCode::UNAUTHORIZED, &"Sign in first".into())
    );
    let (status, _, body) = send(get("/broken")).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!body.to_string().contains("fire"));
    assert_eq!(send(get("/nowhere")).await.2["code"], "not_found.route");
    assert_eq!(send(get("/carts")).await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn an_empty_idempotency_key_is_refused() {
    let mut request = post(r#"{"lines":[]}"#);
    request
        .headers_mut()
        .insert("idempotency-key", "".parse().unwrap());
    assert_eq!(send(request).await.2["code"], "idempotency.bad_key");
}

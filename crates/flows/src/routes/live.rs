//! Availability and live streams.

use base::{Channel, SkuId};
use http::HeaderMap;
use places::Point;
use serde::Deserialize;
use utoipa::IntoParams;
use web::{Caller, Json, Problem, Query, Reply, Router, State, routes};

use crate::Flows;
use crate::availability::AvailabilityList;
use crate::live::Topic;

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(availability_get))
        .routes(routes!(stream_follow))
        .routes(routes!(my_stream_follow))
}

/// What is asked for, and from where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AvailabilityQuery {
    /// One or more SKUs.
    #[serde(default)]
    #[param(max_items = 100)]
    sku: Vec<SkuId>,
    /// Latitude and longitude in degrees, separated by a comma.
    #[param(example = "30.2741,120.1551", max_length = 64)]
    near: Option<String>,
    /// Whether to tell what is expected, and how many can be promised by which day.
    #[serde(default)]
    coming: bool,
    /// As this channel sees it: at the places it sells from, less what it leaves there. Absent: everything there is.
    channel: Option<Channel>,
}

/// What a screen follows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StreamQuery {
    /// `home`, `orders`, `fulfilments`, `stock`, separated by commas.
    #[param(max_length = 64)]
    topics: Option<String>,
}

/// What can be had, where, and from when
#[utoipa::path(get, path = "/availability", tag = "availability", security(()), params(AvailabilityQuery),
    responses((status = 200, body = AvailabilityList), (status = "default", response = web::ProblemResponse)))]
async fn availability_get(
    State(flows): State<Flows>,
    Query(query): Query<AvailabilityQuery>,
) -> Reply<AvailabilityList> {
    let near = query.near.as_deref().map(point).transpose()?;
    let found = flows
        .availability(query.sku, near, query.coming, query.channel)
        .await?;
    Ok(Json(found))
}

/// Live events for staff screens
///
/// Server-sent events; each names what happened to what, where and when. `Last-Event-ID` resumes.
#[utoipa::path(get, path = "/stream", tag = "live", params(StreamQuery), security(("staff" = [])),
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = "default", response = web::ProblemResponse)))]
async fn stream_follow(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Result<axum::response::Response, Problem> {
    let names = query.topics.as_deref().unwrap_or("home,orders,fulfilments,stock");
    let topics = names
        .split(',')
        .filter(|name| !name.is_empty())
        .map(Topic::parse)
        .collect::<base::Result<Vec<_>>>()?;
    let stream = flows.stream(&ctx, topics, last_event(&headers)).await?;
    Ok(axum::response::IntoResponse::into_response(stream))
}

/// Live events of the member's own orders
///
/// Server-sent events; each names what happened to what and when. `Last-Event-ID` resumes.
#[utoipa::path(get, path = "/me/stream", tag = "live", security(("member" = [])),
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = "default", response = web::ProblemResponse)))]
async fn my_stream_follow(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    headers: HeaderMap,
) -> Result<axum::response::Response, Problem> {
    let stream = flows.my_stream(&ctx, last_event(&headers)).await?;
    Ok(axum::response::IntoResponse::into_response(stream))
}

/// The position a broken stream goes on after. A browser sends back what it got; anything else starts afresh.
fn last_event(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

pub(super) fn point(near: &str) -> base::Result<Point> {
    let malformed = || {
        let facts = [("reason".to_owned(), "30.2741,120.1551".into())];
        base::Error::new(&base::codes::INVALID_INPUT).and_field(
            "near",
            &base::codes::MALFORMED,
            facts.into_iter().collect(),
        )
    };
    let (latitude, longitude) = near.split_once(',').ok_or_else(malformed)?;
    let degrees = |text: &str| text.trim().parse::<f64>().map_err(|_| malformed());
    Point::new(degrees(latitude)?, degrees(longitude)?)
}

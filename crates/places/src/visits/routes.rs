//! HTTP of visits.

use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, Json, Reply, Router, State, routes};

use super::model::{DoorCount, VisitsRecorded};
use crate::service::Places;

pub(crate) fn routes() -> Router<Places> {
    Router::new().routes(routes!(visits_record))
}

/// Counts to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VisitsIn {
    /// The counts, of any places and counters.
    #[schema(min_items = 1, max_items = 1_000)]
    counts: Vec<DoorCount>,
}

/// Keeps what door counters tell of people who came in.
///
/// Intervals are told absolutely: the same one told again is a correction, and nobody is counted twice.
#[utoipa::path(post, path = "/visits", tag = "places", security(("staff" = ["visit.record"])),
    request_body = VisitsIn,
    responses((status = 200, body = VisitsRecorded), (status = "default", response = web::ProblemResponse)))]
async fn visits_record(
    State(places): State<Places>,
    Caller(ctx): Caller,
    Json(input): Json<VisitsIn>,
) -> Reply<VisitsRecorded> {
    Ok(Json(places.visits_record(&ctx, input.counts).await?))
}

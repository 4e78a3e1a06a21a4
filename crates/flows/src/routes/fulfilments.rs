//! What places do for orders.

use base::{FulfilmentId, OrderLineId};
use orders::FulfilmentOut;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, Json, Path, Reply, Router, State, routes};

use super::text;
use crate::Flows;
use crate::reject::{Reject, RejectOut, RejectReason, RejectedPart};

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(fulfilment_pick))
        .routes(routes!(fulfilment_reject))
        .routes(routes!(fulfilment_hand_over))
        .routes(routes!(fulfilment_ship))
        .routes(routes!(fulfilment_deliver))
}

/// A place's word that it cannot serve.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RejectIn {
    /// Why.
    reason: RejectReason,
    /// Which pieces are missing or broken; all when none are named.
    #[serde(default)]
    #[schema(max_items = 100)]
    lines: Vec<RejectLineIn>,
    /// A word about it, for colleagues.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Pieces that cannot be served.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RejectLineIn {
    /// The order's line.
    order_line_id: OrderLineId,
    /// How many of it.
    #[schema(minimum = 1, maximum = 9999)]
    quantity: i64,
}

/// The customer's code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandOverIn {
    /// Six digits.
    #[schema(min_length = 1, max_length = 16)]
    pickup_code: String,
}

/// Who carries the parcel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShipIn {
    /// The carrier.
    #[schema(min_length = 1, max_length = 100)]
    carrier: String,
    /// The carrier's number for it.
    #[schema(min_length = 1, max_length = 100)]
    tracking_number: String,
}

/// Everything is packed; the customer is told
#[utoipa::path(post, path = "/fulfilments/{id}/pick", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), security(("staff" = ["fulfilment.pick"])),
    responses((status = 200, body = FulfilmentOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_pick(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
) -> Reply<FulfilmentOut> {
    Ok(Json(flows.fulfilment_pick(&ctx, id).await?))
}

/// The place cannot serve it
///
/// The place's stock is corrected by the reason, the order goes to the next place that can keep the promise and
/// the customer is told; where there is none, a person decides.
#[utoipa::path(post, path = "/fulfilments/{id}/reject", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), request_body = RejectIn,
    security(("staff" = ["fulfilment.pick"])),
    responses((status = 200, body = RejectOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_reject(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
    Json(input): Json<RejectIn>,
) -> Reply<RejectOut> {
    let part = |l: &RejectLineIn| RejectedPart {
        order_line_id: l.order_line_id,
        quantity: l.quantity,
    };
    let reject = Reject {
        reason: input.reason,
        parts: input.lines.iter().map(part).collect(),
        note: input.note.map(|note| text("note", note, 0, 500)).transpose()?,
    };
    Ok(Json(flows.fulfilment_reject(&ctx, id, reject).await?))
}

/// Hand the goods over to whoever shows the pickup code
#[utoipa::path(post, path = "/fulfilments/{id}/hand-over", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), request_body = HandOverIn,
    security(("staff" = ["fulfilment.hand_over"])),
    responses((status = 200, body = FulfilmentOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_hand_over(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
    Json(input): Json<HandOverIn>,
) -> Reply<FulfilmentOut> {
    let code = text("pickup_code", input.pickup_code, 1, 16)?;
    Ok(Json(flows.fulfilment_hand_over(&ctx, id, code).await?))
}

/// The carrier has the parcel
#[utoipa::path(post, path = "/fulfilments/{id}/ship", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), request_body = ShipIn,
    security(("staff" = ["fulfilment.ship"])),
    responses((status = 200, body = FulfilmentOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_ship(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
    Json(input): Json<ShipIn>,
) -> Reply<FulfilmentOut> {
    let carrier = text("carrier", input.carrier, 1, 100)?;
    let number = text("tracking_number", input.tracking_number, 1, 100)?;
    Ok(Json(flows.fulfilment_ship(&ctx, id, carrier, number).await?))
}

/// The parcel reached the door
#[utoipa::path(post, path = "/fulfilments/{id}/deliver", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), security(("staff" = ["fulfilment.ship"])),
    responses((status = 200, body = FulfilmentOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_deliver(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
) -> Reply<FulfilmentOut> {
    Ok(Json(flows.fulfilment_deliver(&ctx, id).await?))
}

//! What places do for orders.

use base::{FulfilmentId, OrderLineId, PlaceId};
use orders::{FulfilmentOut, Part};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, Json, Path, Reply, Router, State, routes};

use super::text;
use crate::Flows;
use crate::fulfil::{HandOver, Missing};
use crate::pickup::CounterCodes;
use crate::reject::{Reject, RejectOut, RejectReason};

pub(super) fn routes() -> Router<Flows> {
    Router::new()
        .routes(routes!(fulfilment_pick))
        .routes(routes!(fulfilment_reject))
        .routes(routes!(fulfilment_hand_over))
        .routes(routes!(fulfilment_unlock))
        .routes(routes!(fulfilment_counter_codes))
        .routes(routes!(fulfilment_ship))
        .routes(routes!(fulfilment_deliver))
}

/// A place's word that it cannot serve.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RejectIn {
    /// Why.
    reason: RejectReason,
    /// Which pieces are missing or broken; all when none are named. The others stay with the place.
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
    /// Who fetches them, when it is not the customer. Kept masked.
    #[schema(max_length = 100)]
    proxy: Option<String>,
    /// What turned out to be missing or broken; the rest is handed over.
    missing: Option<MissingIn>,
}

/// What is missing at the counter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MissingIn {
    /// Why.
    reason: RejectReason,
    /// Which pieces.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<RejectLineIn>,
    /// Whether the customer wants their money back now; otherwise it is decided later.
    refund: bool,
    /// A word about it, for colleagues.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Why a locked pickup code is opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnlockIn {
    /// How the customer proved who they are; kept in the audit trail.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

fn parts(lines: &[RejectLineIn]) -> Vec<Part> {
    let part = |l: &RejectLineIn| Part {
        order_line_id: l.order_line_id,
        quantity: l.quantity,
    };
    lines.iter().map(part).collect()
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
/// The place's stock is corrected by the reason: nothing left to sell (`not_in_stock`), a piece set aside
/// (`damaged`) or taken off (`mismatch`). What it lacks goes to the next place that can keep the promise and the
/// customer is told; where there is none, a person decides. A part that was to be collected is not sent to a
/// second store without asking.
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
    let reject = Reject {
        reason: input.reason,
        parts: parts(&input.lines),
        note: input.note.map(|note| text("note", note, 0, 500)).transpose()?,
    };
    Ok(Json(flows.fulfilment_reject(&ctx, id, reject).await?))
}

/// Hand the goods over to whoever shows the pickup code
///
/// Also to somebody else than the customer. What is missing is paid back at once or decided later.
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
    let missing = |missing: MissingIn| -> base::Result<Missing> {
        Ok(Missing {
            reject: Reject {
                reason: missing.reason,
                parts: parts(&missing.lines),
                note: missing
                    .note
                    .map(|note| text("missing.note", note, 0, 500))
                    .transpose()?,
            },
            refund: missing.refund,
        })
    };
    let proxy = input
        .proxy
        .map(|proxy| text("proxy", proxy, 0, 100))
        .transpose()?;
    let hand_over = HandOver {
        code: text("pickup_code", input.pickup_code, 1, 16)?,
        proxy: proxy.filter(|proxy| !proxy.is_empty()),
        missing: input.missing.map(missing).transpose()?,
    };
    Ok(Json(flows.fulfilment_hand_over(&ctx, id, hand_over).await?))
}

/// Let a locked pickup code be tried again
///
/// Kept in the order's history and in the audit trail.
#[utoipa::path(post, path = "/fulfilments/{id}/unlock", tag = "fulfilments",
    params(("id" = FulfilmentId, Path)), request_body = UnlockIn,
    security(("staff" = ["fulfilment.unlock"])),
    responses((status = 200, body = FulfilmentOut), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_unlock(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<FulfilmentId>,
    Json(input): Json<UnlockIn>,
) -> Reply<FulfilmentOut> {
    let reason = text("reason", input.reason, 1, 500)?;
    Ok(Json(flows.fulfilment_unlock(&ctx, id, reason).await?))
}

/// The checks of the pickup codes of what waits at a place, for a till that goes offline
///
/// The codes are not in it: a code is right when SHA-256 of the salt, a colon and the six digits is the check.
#[utoipa::path(get, path = "/places/{id}/pickup-checks", tag = "fulfilments",
    params(("id" = PlaceId, Path)), security(("staff" = ["fulfilment.hand_over"])),
    responses((status = 200, body = CounterCodes), (status = "default", response = web::ProblemResponse)))]
async fn fulfilment_counter_codes(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(id): Path<PlaceId>,
) -> Reply<CounterCodes> {
    Ok(Json(flows.counter_codes(&ctx, id).await?))
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

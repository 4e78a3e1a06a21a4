//! HTTP of transfers.

use base::{Page, PageSize, PlaceId, Time, TransferId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Created, Json, Path, Problem, Query, Reply, Router, State, routes};

use super::model::{
    GoodsOnTheRoad, NewTransfer, Received, Settled, Transfer, TransferQuantity, TransferState,
    TransferSummary,
};
use super::service::{TransferDirection, TransferFilter};
use crate::counts::note;
use crate::service::Stock;

pub(crate) fn routes() -> Router<Stock> {
    Router::new()
        .routes(routes!(transfer_list, transfer_request))
        .routes(routes!(transfer_get))
        .routes(routes!(transfer_approve))
        .routes(routes!(transfer_pick))
        .routes(routes!(transfer_ship))
        .routes(routes!(transfer_due_set))
        .routes(routes!(transfer_receive))
        .routes(routes!(transfer_settle))
        .routes(routes!(transfer_cancel))
}

/// A transfer to ask for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TransferIn {
    /// From where.
    from_place_id: PlaceId,
    /// Where to.
    to_place_id: PlaceId,
    /// What; lines of one SKU are taken together.
    #[schema(min_items = 1, max_items = 200)]
    lines: Vec<TransferQuantity>,
    /// A word about it.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Asks for goods of another place.
#[utoipa::path(post, path = "/stock/transfers", tag = "transfers",
    security(("staff" = ["transfer.request"])), request_body = TransferIn,
    responses((status = 201, body = Transfer), (status = "default", response = web::ProblemResponse)))]
async fn transfer_request(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Json(input): Json<TransferIn>,
) -> Result<Created<Transfer>, Problem> {
    let new = NewTransfer {
        from_place_id: input.from_place_id,
        to_place_id: input.to_place_id,
        lines: input.lines,
        note: note(input.note)?,
    };
    Ok(Created(stock.transfer_request(&ctx, new).await?))
}

/// Which way, seen from the place.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DirectionIn {
    /// They leave it.
    Out,
    /// They head for it.
    In,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TransferListQuery {
    /// Only those that leave this place or head for it.
    place: Option<PlaceId>,
    /// Only one way, seen from the place.
    #[param(inline)]
    direction: Option<DirectionIn>,
    /// Only in this state.
    state: Option<TransferState>,
    /// Only those that something can still happen to.
    open: Option<bool>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists transfers, newest first.
#[utoipa::path(get, path = "/stock/transfers", tag = "transfers", security(("staff" = ["stock.read"])),
    params(TransferListQuery),
    responses((status = 200, body = Page<TransferSummary>), (status = "default", response = web::ProblemResponse)))]
async fn transfer_list(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Query(query): Query<TransferListQuery>,
) -> Reply<Page<TransferSummary>> {
    let size = PageSize::new(query.limit)?;
    let states = match (query.state, query.open) {
        (Some(state), _) => vec![state],
        (None, Some(open)) => {
            let all = TransferState::ALL.into_iter();
            all.filter(|state| state.is_over() != open).collect()
        }
        (None, None) => Vec::new(),
    };
    let filter = TransferFilter {
        place: query.place,
        direction: query.direction.map(|direction| match direction {
            DirectionIn::Out => TransferDirection::Out,
            DirectionIn::In => TransferDirection::In,
        }),
        states,
    };
    let page = stock
        .transfer_list(&ctx, filter, query.cursor.as_deref(), size)
        .await?;
    Ok(Json(page))
}

/// Reads a transfer with all that was done to it.
#[utoipa::path(get, path = "/stock/transfers/{id}", tag = "transfers", security(("staff" = ["stock.read"])),
    params(("id" = TransferId, Path)),
    responses((status = 200, body = Transfer), (status = "default", response = web::ProblemResponse)))]
async fn transfer_get(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<TransferId>,
) -> Reply<Transfer> {
    Ok(Json(stock.transfer_get(&ctx, id).await?))
}

/// Which pieces; all when none are named, and none of a SKU that is not among those named.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TransferLinesIn {
    /// By SKU.
    #[serde(default)]
    #[schema(max_items = 200)]
    lines: Vec<TransferQuantity>,
}

/// Agrees to a transfer, whole or in part, and keeps the goods for it.
#[utoipa::path(post, path = "/stock/transfers/{id}/approve", tag = "transfers",
    security(("staff" = ["transfer.approve"])),
    params(("id" = TransferId, Path)), request_body = TransferLinesIn,
    responses((status = 200, body = Transfer), (status = "default", response = web::ProblemResponse)))]
async fn transfer_approve(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<TransferId>,
    Json(input): Json<TransferLinesIn>,
) -> Reply<Transfer> {
    Ok(Json(stock.transfer_approve(&ctx, id, input.lines).await?))
}

/// Says what was packed; what was agreed to and not packed is free again.
#[utoipa::path(post, path = "/stock/transfers/{id}/pick", tag = "transfers",
    security(("staff" = ["transfer.send"])),
    params(("id" = TransferId, Path)), request_body = TransferLinesIn,
    responses((status = 200, body = Transfer), (status = "default", response = web::ProblemResponse)))]
async fn transfer_pick(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<TransferId>,
    Json(input): Json<TransferLinesIn>,
) -> Reply<Transfer> {
    Ok(Json(stock.transfer_pick(&ctx, id, input.lines).await?))
}

/// A word about a step.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TransferNoteIn {
    /// Such as the parcel's number.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// The goods leave.
#[utoipa::path(post, path = "/stock/transfers/{id}/ship", tag = "transfers",
    security(("staff" = ["transfer.send"])),
    params(("id" = TransferId, Path)), request_body = TransferNoteIn,
    responses((status = 200, body = Transfer), (status = "default", response = web::ProblemResponse)))]
async fn transfer_ship(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<TransferId>,
    Json(input): Json<TransferNoteIn>,
) -> Reply<Transfer> {
    Ok(Json(stock.transfer_ship(&ctx, id, note(input.note)?).await?))
}

/// When goods on the road arrive.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TransferDueIn {
    /// By when.
    due_at: Time,
}

/// Says by when goods on the road arrive.
#[utoipa::path(put, path = "/stock/transfers/{id}/due", tag = "transfers",
    security(("staff" = ["transfer.send"])),
    params(("id" = TransferId, Path)), request_body = TransferDueIn,
    responses((status = 200, body = Transfer), (status = "default", response = web::ProblemResponse)))]
async fn transfer_due_set(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<TransferId>,
    Json(input): Json<TransferDueIn>,
) -> Reply<Transfer> {
    Ok(Json(stock.transfer_due_set(&ctx, id, input.due_at).await?))
}

/// What arrived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TransferReceiveIn {
    /// By SKU. Everything arrived when none are named; nothing of a SKU that is not among those named.
    #[serde(default)]
    #[schema(max_items = 200)]
    lines: Vec<Received>,
    /// A word about it.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// The goods arrive. What is missing stays on the road until somebody says what became of it.
#[utoipa::path(post, path = "/stock/transfers/{id}/receive", tag = "transfers",
    security(("staff" = ["transfer.receive"])),
    params(("id" = TransferId, Path)), request_body = TransferReceiveIn,
    responses((status = 200, body = Transfer), (status = "default", response = web::ProblemResponse)))]
async fn transfer_receive(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<TransferId>,
    Json(input): Json<TransferReceiveIn>,
) -> Reply<Transfer> {
    let transfer = stock
        .transfer_receive(&ctx, id, input.lines, note(input.note)?)
        .await?;
    Ok(Json(transfer))
}

/// What became of missing pieces.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TransferSettleIn {
    /// By SKU; one SKU may be there several times with several outcomes.
    #[schema(min_items = 1, max_items = 800)]
    lines: Vec<Settled>,
    /// A word about it.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Says what became of pieces that did not arrive with the rest.
#[utoipa::path(post, path = "/stock/transfers/{id}/settle", tag = "transfers",
    security(("staff" = ["transfer.receive"])),
    params(("id" = TransferId, Path)), request_body = TransferSettleIn,
    responses((status = 200, body = Transfer), (status = "default", response = web::ProblemResponse)))]
async fn transfer_settle(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<TransferId>,
    Json(input): Json<TransferSettleIn>,
) -> Reply<Transfer> {
    let transfer = stock
        .transfer_settle(&ctx, id, input.lines, note(input.note)?)
        .await?;
    Ok(Json(transfer))
}

/// A transfer to give up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TransferCancelIn {
    /// What becomes of the goods; needed once they are on the road.
    goods: Option<GoodsOnTheRoad>,
    /// Why.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Gives a transfer up. Goods on the road turn around or are written off.
#[utoipa::path(post, path = "/stock/transfers/{id}/cancel", tag = "transfers",
    security(("staff" = ["transfer.request"])),
    params(("id" = TransferId, Path)), request_body = TransferCancelIn,
    responses((status = 200, body = Transfer), (status = "default", response = web::ProblemResponse)))]
async fn transfer_cancel(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<TransferId>,
    Json(input): Json<TransferCancelIn>,
) -> Reply<Transfer> {
    let transfer = stock
        .transfer_cancel(&ctx, id, input.goods, note(input.note)?)
        .await?;
    Ok(Json(transfer))
}

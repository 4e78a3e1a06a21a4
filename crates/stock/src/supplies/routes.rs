//! HTTP of expected supply.

use base::{Page, PageSize, PlaceId, SkuId, SupplyId, Time};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Created, Json, Path, Problem, Query, Reply, Router, State, routes};

use super::model::{
    Due, NewSupply, Supply, SupplyArrival, SupplyChange, SupplyFilter, SupplyKind, SupplyQuantity,
    SupplyState, SupplySummary,
};
use crate::counts::note;
use crate::service::Stock;

pub(crate) fn routes() -> Router<Stock> {
    Router::new()
        .routes(routes!(supply_list, supply_enter))
        .routes(routes!(supply_get, supply_change))
        .routes(routes!(supply_receive))
        .routes(routes!(supply_cancel))
        .routes(routes!(due_list))
}

/// What is due at a place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupplyIn {
    /// What promises it.
    kind: SupplyKind,
    /// The document's own number, such as that of the purchase order.
    #[schema(min_length = 1, max_length = 60)]
    reference: String,
    /// Where it is due.
    place_id: PlaceId,
    /// By when.
    due_at: Time,
    /// What; one entry a SKU.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<SupplyQuantity>,
    /// A word about it.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Enters what is due at a place.
#[utoipa::path(post, path = "/stock/supplies", tag = "supplies", security(("staff" = ["supply.manage"])),
    request_body = SupplyIn,
    responses((status = 201, body = Supply), (status = "default", response = web::ProblemResponse)))]
async fn supply_enter(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Json(input): Json<SupplyIn>,
) -> Result<Created<Supply>, Problem> {
    let new = NewSupply {
        kind: input.kind,
        reference: input.reference,
        place_id: input.place_id,
        due_at: input.due_at,
        lines: input.lines,
        note: note(input.note)?,
    };
    Ok(Created(stock.supply_enter(&ctx, new).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SupplyListQuery {
    /// Only at this place.
    place: Option<PlaceId>,
    /// Only with this SKU in it.
    sku: Option<SkuId>,
    /// Only in this state.
    state: Option<SupplyState>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists expected supply, what is due first first.
#[utoipa::path(get, path = "/stock/supplies", tag = "supplies", security(("staff" = ["stock.read"])),
    params(SupplyListQuery),
    responses((status = 200, body = Page<SupplySummary>), (status = "default", response = web::ProblemResponse)))]
async fn supply_list(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Query(query): Query<SupplyListQuery>,
) -> Reply<Page<SupplySummary>> {
    let size = PageSize::new(query.limit)?;
    let filter = SupplyFilter {
        place: query.place,
        sku: query.sku,
        state: query.state,
    };
    let page = stock
        .supply_list(&ctx, filter, query.cursor.as_deref(), size)
        .await?;
    Ok(Json(page))
}

/// Reads expected supply with all that was done to it.
#[utoipa::path(get, path = "/stock/supplies/{id}", tag = "supplies", security(("staff" = ["stock.read"])),
    params(("id" = SupplyId, Path)),
    responses((status = 200, body = Supply), (status = "default", response = web::ProblemResponse)))]
async fn supply_get(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<SupplyId>,
) -> Reply<Supply> {
    Ok(Json(stock.supply_get(&ctx, id).await?))
}

/// What changes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupplyPatch {
    /// It comes by then instead.
    due_at: Option<Time>,
    /// So many of these SKUs come in all, those that have arrived included; SKUs that are not named stay as they are.
    #[serde(default)]
    #[schema(max_items = 500)]
    lines: Vec<SupplyQuantity>,
    /// Do it though promises are left without goods.
    #[serde(default)]
    overriding: bool,
    /// Why.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Has supply come on another day, or in other numbers.
#[utoipa::path(patch, path = "/stock/supplies/{id}", tag = "supplies", security(("staff" = ["supply.manage"])),
    params(("id" = SupplyId, Path)), request_body = SupplyPatch,
    responses((status = 200, body = Supply), (status = "default", response = web::ProblemResponse)))]
async fn supply_change(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<SupplyId>,
    Json(input): Json<SupplyPatch>,
) -> Reply<Supply> {
    let change = SupplyChange {
        due_at: input.due_at,
        lines: input.lines,
        overriding: input.overriding,
        note: note(input.note)?,
    };
    Ok(Json(stock.supply_change(&ctx, id, change).await?))
}

/// What arrived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupplyReceiveIn {
    /// By SKU; everything that is still to come when none are named. More may arrive than was expected.
    #[serde(default)]
    #[schema(max_items = 500)]
    lines: Vec<SupplyQuantity>,
    /// Whether what is missing does not come any more.
    #[serde(default)]
    last: bool,
    /// Do it though promises are left without goods.
    #[serde(default)]
    overriding: bool,
    /// A word about it.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Goods arrive and are on the book.
#[utoipa::path(post, path = "/stock/supplies/{id}/receive", tag = "supplies",
    security(("staff" = ["stock.move"])),
    params(("id" = SupplyId, Path)), request_body = SupplyReceiveIn,
    responses((status = 200, body = Supply), (status = "default", response = web::ProblemResponse)))]
async fn supply_receive(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<SupplyId>,
    Json(input): Json<SupplyReceiveIn>,
) -> Reply<Supply> {
    let arrival = SupplyArrival {
        lines: input.lines,
        last: input.last,
        overriding: input.overriding,
        note: note(input.note)?,
    };
    Ok(Json(stock.supply_receive(&ctx, id, arrival).await?))
}

/// Why it does not come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupplyCancelIn {
    /// Do it though promises are left without goods.
    #[serde(default)]
    overriding: bool,
    /// Why.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// What is still to come does not come.
#[utoipa::path(post, path = "/stock/supplies/{id}/cancel", tag = "supplies",
    security(("staff" = ["supply.manage"])),
    params(("id" = SupplyId, Path)), request_body = SupplyCancelIn,
    responses((status = 200, body = Supply), (status = "default", response = web::ProblemResponse)))]
async fn supply_cancel(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(id): Path<SupplyId>,
    Json(input): Json<SupplyCancelIn>,
) -> Reply<Supply> {
    let cancelled = stock.supply_cancel(&ctx, id, input.overriding, note(input.note)?);
    Ok(Json(cancelled.await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DueListQuery {
    /// Of which SKU.
    sku: SkuId,
    /// Only at this place.
    place: Option<PlaceId>,
}

/// What is due.
#[derive(Debug, Serialize, ToSchema)]
struct DueList {
    /// By place, what is due first first.
    items: Vec<Due>,
}

/// Lists all of a SKU that is due, goods on the road between places included.
#[utoipa::path(get, path = "/stock/dues", tag = "supplies", security(("staff" = ["stock.read"])),
    params(DueListQuery),
    responses((status = 200, body = DueList), (status = "default", response = web::ProblemResponse)))]
async fn due_list(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Query(query): Query<DueListQuery>,
) -> Reply<DueList> {
    let items = stock.due_list(&ctx, query.sku, query.place).await?;
    Ok(Json(DueList { items }))
}

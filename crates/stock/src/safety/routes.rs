//! HTTP of safety stock.

use base::PlaceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Json, Path, Reply, Router, State, routes};

use super::model::{SafetyDefault, SafetyStock};
use crate::model::Level;
use crate::service::Stock;

pub(crate) fn routes() -> Router<Stock> {
    Router::new()
        .routes(routes!(safety_stock_set))
        .routes(routes!(safety_default_list))
        .routes(routes!(safety_default_set))
}

/// What is kept back from sale.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SafetyStockIn {
    /// One entry a SKU and place: all or none.
    #[schema(min_items = 1, max_items = 200)]
    items: Vec<SafetyStock>,
}

/// Levels as they are now.
#[derive(Debug, Serialize, ToSchema)]
struct SafetyStockOut {
    items: Vec<Level>,
}

/// Says what is kept back of SKUs at places.
#[utoipa::path(put, path = "/stock/safety", tag = "stock", security(("staff" = ["stock.protect"])),
    request_body = SafetyStockIn,
    responses((status = 200, body = SafetyStockOut), (status = "default", response = web::ProblemResponse)))]
async fn safety_stock_set(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Json(input): Json<SafetyStockIn>,
) -> Reply<SafetyStockOut> {
    let items = stock.safety_stock_set(&ctx, input.items).await?;
    Ok(Json(SafetyStockOut { items }))
}

/// What places keep back.
#[derive(Debug, Serialize, ToSchema)]
struct SafetyDefaultsOut {
    items: Vec<SafetyDefault>,
}

/// Lists what places keep back of every SKU of which nothing else is said; places that are not listed keep nothing.
#[utoipa::path(get, path = "/stock/safety_defaults", tag = "stock", security(("staff" = ["stock.read"])),
    responses((status = 200, body = SafetyDefaultsOut), (status = "default", response = web::ProblemResponse)))]
async fn safety_default_list(State(stock): State<Stock>, Caller(ctx): Caller) -> Reply<SafetyDefaultsOut> {
    let items = stock.safety_default_list(&ctx).await?;
    Ok(Json(SafetyDefaultsOut { items }))
}

/// What a place keeps back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SafetyDefaultIn {
    /// How many pieces of each SKU are not sold.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    safety_stock: i64,
}

/// Says what a place keeps back of every SKU of which nothing else is said, those that come later included.
#[utoipa::path(put, path = "/stock/safety_defaults/{place_id}", tag = "stock",
    security(("staff" = ["stock.protect"])), params(("place_id" = PlaceId, Path)), request_body = SafetyDefaultIn,
    responses((status = 200, body = SafetyDefault), (status = "default", response = web::ProblemResponse)))]
async fn safety_default_set(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(place): Path<PlaceId>,
    Json(input): Json<SafetyDefaultIn>,
) -> Reply<SafetyDefault> {
    Ok(Json(
        stock.safety_default_set(&ctx, place, input.safety_stock).await?,
    ))
}

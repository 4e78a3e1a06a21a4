//! HTTP of selling ahead.

use base::SkuId;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, Json, Path, Reply, Router, State, routes};

use super::model::{Presale, PresaleMode};
use crate::service::Stock;

pub(crate) fn routes() -> Router<Stock> {
    Router::new().routes(routes!(presale_get, presale_set))
}

/// Reads whether and how many of a SKU are sold before they are there.
#[utoipa::path(get, path = "/stock/presales/{sku_id}", tag = "stock", security(("staff" = ["stock.read"])),
    params(("sku_id" = SkuId, Path)),
    responses((status = 200, body = Presale), (status = "default", response = web::ProblemResponse)))]
async fn presale_get(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(sku): Path<SkuId>,
) -> Reply<Presale> {
    Ok(Json(stock.presale_get(&ctx, sku).await?))
}

/// Whether a SKU is sold before it is there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PresaleIn {
    /// How.
    mode: PresaleMode,
    /// The most pieces that may wait at any time, everywhere together. Never more is sold than is due.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    cap: i64,
}

/// Says whether and how many of a SKU are sold before they are there.
#[utoipa::path(put, path = "/stock/presales/{sku_id}", tag = "stock", security(("staff" = ["stock.presell"])),
    params(("sku_id" = SkuId, Path)), request_body = PresaleIn,
    responses((status = 200, body = Presale), (status = "default", response = web::ProblemResponse)))]
async fn presale_set(
    State(stock): State<Stock>,
    Caller(ctx): Caller,
    Path(sku): Path<SkuId>,
    Json(input): Json<PresaleIn>,
) -> Reply<Presale> {
    Ok(Json(stock.presale_set(&ctx, sku, input.mode, input.cap).await?))
}

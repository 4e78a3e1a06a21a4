//! What is kept back, and who said so.

use base::{PlaceId, SkuId, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is kept back of a SKU at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SafetyStock {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// How many pieces are not sold; null follows the place's own figure.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub safety_stock: Option<i64>,
}

/// What a place keeps back of every SKU of which nothing else is said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SafetyDefault {
    /// Where.
    pub place_id: PlaceId,
    /// How many pieces of each SKU are not sold.
    pub safety_stock: i64,
    /// Who said so.
    pub actor: String,
    /// When.
    pub set_at: Time,
}

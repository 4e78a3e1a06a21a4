//! What the ledger says of the past.

use base::{PlaceId, Result, SkuId, Time};
use db::{Reader, Value, params};

use crate::balance_store::{CHUNK, placeholders};

/// Pieces of a SKU at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pieces {
    /// The SKU.
    pub sku_id: SkuId,
    /// The place.
    pub place_id: PlaceId,
    /// How many.
    pub pieces: i64,
}

/// What was sold since an instant, place by place.
///
/// # Errors
/// The store's.
pub async fn sold_since_in(reader: &Reader, since: Time) -> Result<Vec<Pieces>> {
    let sql = "SELECT sku_id, place_id, CAST(SUM(-on_hand_delta) AS BIGINT) FROM stock_movement \
        WHERE kind = 'sale' AND occurred_at >= $1 AND on_hand_delta < 0 \
        GROUP BY sku_id, place_id ORDER BY sku_id, place_id";
    pieces(reader, sql, params![since]).await
}

/// What lay where at an instant and was fit to be sold, by the ledger; what was reserved for somebody is within it.
///
/// # Errors
/// The store's.
pub async fn on_hand_at_in(reader: &Reader, skus: &[SkuId], at: Time) -> Result<Vec<Pieces>> {
    let mut found = Vec::new();
    for chunk in skus.chunks(CHUNK) {
        let sql = format!(
            "SELECT sku_id, place_id, CAST(SUM(on_hand_delta - quarantined_delta) AS BIGINT) FROM stock_movement \
             WHERE sku_id IN ({}) AND occurred_at <= $1 GROUP BY sku_id, place_id ORDER BY sku_id, place_id",
            placeholders(2, chunk.len())
        );
        let mut values: Vec<Value> = vec![at.into()];
        values.extend(chunk.iter().map(|sku| Value::from(*sku)));
        found.extend(pieces(reader, &sql, &values).await?);
    }
    Ok(found)
}

async fn pieces(reader: &Reader, sql: &str, values: &[Value]) -> Result<Vec<Pieces>> {
    let rows = reader.query(sql, values).await?;
    rows.iter()
        .map(|row| {
            Ok(Pieces {
                sku_id: row.get(0)?,
                place_id: row.get(1)?,
                pieces: row.get(2)?,
            })
        })
        .collect()
}

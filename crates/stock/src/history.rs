//! What the ledger says of the past.

use base::{PlaceId, Result, SkuId, Time};
use db::{Reader, Value, params};

use crate::balance_store::{self, CHUNK, LevelQuery, placeholders};
use crate::model::{Level, MovementKind};

/// Entries of the ledger read at a time.
const PAGE: i64 = 20_000;

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

/// An entry of the ledger that put pieces on a shelf or took them off it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moved {
    /// The SKU.
    pub sku_id: SkuId,
    /// The place.
    pub place_id: PlaceId,
    /// Why.
    pub kind: MovementKind,
    /// How many; negative when they left.
    pub pieces: i64,
    /// When it happened.
    pub at: Time,
}

/// Tells every entry of SKUs since an instant, a page at a time, so that a busy article takes no more memory than a
/// quiet one.
///
/// # Errors
/// The store's.
pub async fn moved_since_in(
    reader: &Reader,
    skus: &[SkuId],
    since: Time,
    mut tell: impl FnMut(Moved),
) -> Result<()> {
    let sql = "SELECT place_id, id, kind, on_hand_delta, occurred_at FROM stock_movement \
        WHERE sku_id = $1 AND (place_id, id) > ($2, $3) AND occurred_at >= $4 AND on_hand_delta <> 0 \
        ORDER BY place_id, id LIMIT $5";
    for sku in skus {
        let (mut place, mut id) = (String::new(), String::new());
        loop {
            let rows = reader
                .query(sql, params![*sku, place.as_str(), id.as_str(), since, PAGE])
                .await?;
            for row in &rows {
                tell(Moved {
                    sku_id: *sku,
                    place_id: row.get(0)?,
                    kind: MovementKind::parse(row.text(2)?)?,
                    pieces: row.get(3)?,
                    at: row.get(4)?,
                });
            }
            match rows.last() {
                Some(last) if rows.len() as i64 == PAGE => {
                    (place, id) = (last.get(0)?, last.get(1)?);
                }
                _ => break,
            }
        }
    }
    Ok(())
}

/// SKUs that have a balance anywhere, one after the other from one on.
///
/// # Errors
/// The store's.
pub async fn skus_after_in(reader: &Reader, after: Option<SkuId>, limit: i64) -> Result<Vec<SkuId>> {
    let sql = "SELECT DISTINCT sku_id FROM stock_balance WHERE ($1 IS NULL OR sku_id > $1) ORDER BY sku_id LIMIT $2";
    let rows = reader.query(sql, params![after, limit]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// How many SKUs have a balance anywhere.
///
/// # Errors
/// The store's.
pub async fn sku_count_in(reader: &Reader) -> Result<i64> {
    let sql = "SELECT COUNT(DISTINCT sku_id) FROM stock_balance";
    reader.query_one(sql, params![]).await?.get(0)
}

/// The levels of SKUs at every place that has a balance.
///
/// # Errors
/// The store's.
pub async fn levels_in(reader: &Reader, skus: &[SkuId]) -> Result<Vec<Level>> {
    let mut found = Vec::new();
    for chunk in skus.chunks(CHUNK) {
        let query = LevelQuery {
            skus: Some(chunk.to_vec()),
            places: None,
            after: None,
            limit: i64::MAX,
        };
        found.extend(balance_store::levels(reader, &query).await?);
    }
    Ok(found)
}

/// Goods of a transfer that have not left yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leaving {
    /// The SKU.
    pub sku_id: SkuId,
    /// Where they lie.
    pub from_place_id: PlaceId,
    /// Where they will be.
    pub to_place_id: PlaceId,
    /// How many.
    pub pieces: i64,
    /// Whether they are kept for it at the sending place.
    pub kept: bool,
}

/// Goods of SKUs that somebody has asked for or packed, and that have not left yet.
///
/// # Errors
/// The store's.
pub async fn leaving_in(reader: &Reader, skus: &[SkuId]) -> Result<Vec<Leaving>> {
    let mut found = Vec::new();
    for chunk in skus.chunks(CHUNK) {
        let sql = format!(
            "SELECT l.sku_id, t.from_place_id, t.to_place_id, CASE t.state WHEN 'requested' THEN l.requested \
             WHEN 'approved' THEN l.approved ELSE l.picked END, t.state <> 'requested' \
             FROM stock_transfer t JOIN stock_transfer_line l ON l.transfer_id = t.id \
             WHERE t.state IN ('requested', 'approved', 'picked') AND l.sku_id IN ({}) ORDER BY l.sku_id, t.id",
            placeholders(1, chunk.len())
        );
        let values: Vec<Value> = chunk.iter().map(|sku| Value::from(*sku)).collect();
        for row in reader.query(&sql, &values).await? {
            found.push(Leaving {
                sku_id: row.get(0)?,
                from_place_id: row.get(1)?,
                to_place_id: row.get(2)?,
                pieces: row.get(3)?,
                kept: row.get(4)?,
            });
        }
    }
    Ok(found)
}

/// Pieces suppliers have promised and not yet brought.
///
/// # Errors
/// The store's.
pub async fn supply_due_in(reader: &Reader, skus: &[SkuId]) -> Result<Vec<Pieces>> {
    let mut found = Vec::new();
    for chunk in skus.chunks(CHUNK) {
        let sql = format!(
            "SELECT l.sku_id, s.place_id, CAST(SUM(l.expected - l.arrived) AS BIGINT) FROM stock_supply_line l \
             JOIN stock_supply s ON s.id = l.supply_id WHERE s.state = 'expected' AND l.expected > l.arrived \
             AND l.sku_id IN ({}) GROUP BY l.sku_id, s.place_id ORDER BY l.sku_id, s.place_id",
            placeholders(1, chunk.len())
        );
        let values: Vec<Value> = chunk.iter().map(|sku| Value::from(*sku)).collect();
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

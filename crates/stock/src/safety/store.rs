//! SQL of safety stock. No decisions.

use std::collections::HashMap;

use base::{PlaceId, Result, SkuId};
use db::{Reader, Row, Tx, Value, params};

use super::model::SafetyDefault;
use crate::balance_store::{CHUNK, placeholders, within};
use crate::model::Key;

const DEFAULT: &str = "place_id, quantity, actor, set_at";

fn default(row: &Row) -> Result<SafetyDefault> {
    Ok(SafetyDefault {
        place_id: row.get(0)?,
        safety_stock: row.get(1)?,
        actor: row.get(2)?,
        set_at: row.get(3)?,
    })
}

/// Keeps what was said of SKUs at places.
pub(crate) async fn own_put(tx: &Tx, own: &[(Key, i64)], actor: &str) -> Result<()> {
    let rows: Vec<Vec<Value>> = own
        .iter()
        .map(|(key, quantity)| {
            let (sku, place) = (key.sku_id.into(), key.place_id.into());
            vec![sku, place, (*quantity).into(), actor.into(), tx.now().into()]
        })
        .collect();
    let update = "ON CONFLICT (sku_id, place_id) DO UPDATE SET quantity = excluded.quantity, \
                  actor = excluded.actor, set_at = excluded.set_at";
    tx.insert_many(
        "stock_safety (sku_id, place_id, quantity, actor, set_at)",
        &rows,
        update,
    )
    .await?;
    Ok(())
}

/// Forgets what was said of SKUs at places.
pub(crate) async fn own_delete(tx: &Tx, keys: &[Key]) -> Result<()> {
    let rows: Vec<Vec<Value>> = keys
        .iter()
        .map(|key| vec![key.sku_id.into(), key.place_id.into()])
        .collect();
    tx.execute_many(
        "DELETE FROM stock_safety WHERE sku_id = $1 AND place_id = $2",
        &rows,
    )
    .await?;
    Ok(())
}

/// What places keep back of everything; places that keep nothing back are left out.
pub(crate) async fn defaults_of(
    reader: &Reader,
    keys: impl Iterator<Item = Key>,
) -> Result<HashMap<PlaceId, i64>> {
    let mut places: Vec<PlaceId> = keys.map(|key| key.place_id).collect();
    places.sort_unstable();
    places.dedup();
    let mut found = HashMap::new();
    for chunk in places.chunks(CHUNK) {
        let sql = format!(
            "SELECT place_id, quantity FROM stock_safety_default WHERE place_id IN ({}) ORDER BY place_id",
            placeholders(1, chunk.len())
        );
        let params: Vec<Value> = chunk.iter().map(|place| (*place).into()).collect();
        for row in reader.query(&sql, &params).await? {
            found.insert(row.get(0)?, row.get(1)?);
        }
    }
    Ok(found)
}

/// What places keep back of everything, at all of them or at those named.
pub(crate) async fn defaults(reader: &Reader, places: Option<&[PlaceId]>) -> Result<Vec<SafetyDefault>> {
    let mut params: Vec<Value> = Vec::new();
    let named = places.map_or_else(String::new, |places| {
        within("place_id", places.iter().map(|id| (*id).into()), &mut params)
    });
    let sql =
        format!("SELECT {DEFAULT} FROM stock_safety_default WHERE quantity >= 0{named} ORDER BY place_id");
    reader.query(&sql, &params).await?.iter().map(default).collect()
}

pub(crate) async fn default_put(tx: &Tx, new: &SafetyDefault) -> Result<()> {
    let sql = "INSERT INTO stock_safety_default (place_id, quantity, actor, set_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (place_id) DO UPDATE SET quantity = excluded.quantity, actor = excluded.actor, \
               set_at = excluded.set_at";
    let params = params![new.place_id, new.safety_stock, new.actor.as_str(), new.set_at];
    tx.execute(sql, params).await?;
    Ok(())
}

/// Balances of a place that follow it and keep something else back, in order.
pub(crate) async fn followers(
    reader: &Reader,
    place: PlaceId,
    quantity: i64,
    limit: i64,
) -> Result<Vec<Key>> {
    let sql = "SELECT b.sku_id FROM stock_balance b WHERE b.place_id = $1 AND b.safety_stock <> $2 \
               AND NOT EXISTS (SELECT 1 FROM stock_safety s WHERE s.sku_id = b.sku_id \
                   AND s.place_id = b.place_id) ORDER BY b.sku_id LIMIT $3";
    let rows = reader.query(sql, params![place, quantity, limit]).await?;
    rows.iter()
        .map(|row| Ok(Key::new(row.get::<SkuId>(0)?, place)))
        .collect()
}

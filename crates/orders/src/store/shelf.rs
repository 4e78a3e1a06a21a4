//! What open fulfilments want of a place's shelf.

use std::collections::HashMap;

use base::{OrderId, OrderLineId, PlaceId, Result, SkuId};
use db::{Reader, Value, params};

use super::placeholders;
use crate::model::{Part, Snapshot};
use crate::state::FulfilmentState;

/// Orders whose lines one statement reads.
const CHUNK: usize = 400;

/// Pieces of SKUs in fulfilments that a place still works on or keeps packed; of kits, what they are made of.
pub(crate) async fn open_pieces(r: &Reader, place: PlaceId) -> Result<Vec<(SkuId, i64, FulfilmentState)>> {
    let sql = "SELECT order_id, lines_json, state FROM orders_fulfilment \
               WHERE place_id = $1 AND state IN ('requested', 'picking', 'ready') ORDER BY order_id, id";
    let mut open: Vec<(OrderId, Vec<Part>, FulfilmentState)> = Vec::new();
    for row in r.query(sql, params![place]).await? {
        open.push((row.get(0)?, row.json(1)?, FulfilmentState::parse(row.text(2)?)?));
    }
    let mut orders: Vec<OrderId> = open.iter().map(|(order, ..)| *order).collect();
    orders.dedup();
    let mut made_of: HashMap<(OrderId, OrderLineId), Vec<(SkuId, i64)>> = HashMap::new();
    for chunk in orders.chunks(CHUNK) {
        let sql = format!(
            "SELECT order_id, id, sku_id, snapshot_json FROM orders_line WHERE order_id IN ({})",
            placeholders(1, chunk.len())
        );
        let values: Vec<Value> = chunk.iter().map(|id| Value::from(*id)).collect();
        for row in r.query(&sql, &values).await? {
            let snapshot: Snapshot = row.json(3)?;
            let parts = snapshot
                .components
                .iter()
                .map(|part| (part.sku_id, part.quantity));
            let mut takes: Vec<(SkuId, i64)> = parts.collect();
            if takes.is_empty() {
                takes.push((row.get(2)?, 1));
            }
            made_of.insert((row.get(0)?, row.get(1)?), takes);
        }
    }
    let mut out = Vec::new();
    for (order, parts, state) in open {
        for part in parts {
            let takes = made_of.get(&(order, part.order_line_id)).into_iter().flatten();
            out.extend(takes.map(|(sku, each)| (*sku, part.quantity * each, state)));
        }
    }
    Ok(out)
}

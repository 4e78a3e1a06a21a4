//! What open fulfilments want of a place's shelf.

use std::collections::HashMap;

use base::{OrderId, OrderLineId, PlaceId, Result, SkuId};
use db::{Reader, Value, params};

use super::placeholders;
use crate::model::Part;
use crate::state::FulfilmentState;

/// Orders whose lines one statement reads.
const CHUNK: usize = 400;

/// Pieces of SKUs in fulfilments that a place still works on or keeps packed.
pub(crate) async fn open_pieces(r: &Reader, place: PlaceId) -> Result<Vec<(SkuId, i64, FulfilmentState)>> {
    let sql = "SELECT order_id, lines_json, state FROM orders_fulfilment \
               WHERE place_id = $1 AND state IN ('requested', 'picking', 'ready') ORDER BY order_id, id";
    let mut open: Vec<(OrderId, Vec<Part>, FulfilmentState)> = Vec::new();
    for row in r.query(sql, params![place]).await? {
        open.push((row.get(0)?, row.json(1)?, FulfilmentState::parse(row.text(2)?)?));
    }
    let mut orders: Vec<OrderId> = open.iter().map(|(order, ..)| *order).collect();
    orders.dedup();
    let mut skus: HashMap<(OrderId, OrderLineId), SkuId> = HashMap::new();
    for chunk in orders.chunks(CHUNK) {
        let sql = format!(
            "SELECT order_id, id, sku_id FROM orders_line WHERE order_id IN ({})",
            placeholders(1, chunk.len())
        );
        let values: Vec<Value> = chunk.iter().map(|id| Value::from(*id)).collect();
        for row in r.query(&sql, &values).await? {
            skus.insert((row.get(0)?, row.get(1)?), row.get(2)?);
        }
    }
    let mut out = Vec::new();
    for (order, parts, state) in open {
        for part in parts {
            if let Some(sku) = skus.get(&(order, part.order_line_id)) {
                out.push((*sku, part.quantity, state));
            }
        }
    }
    Ok(out)
}

//! `orders_why`: why places were chosen, once a decision, under the name of its first fulfilment.

use std::collections::HashMap;

use base::{FulfilmentId, OrderId, Result, Time};
use db::{Reader, Tx, Value};

use super::placeholders;
use crate::plan::SourcingWhy;

const INSERT: &str = "orders_why (fulfilment_id, order_id, why_json, decided_at)";

/// The row of a decision.
pub(super) fn values(of: FulfilmentId, order: OrderId, why: &SourcingWhy, at: Time) -> Result<Vec<Value>> {
    Ok(vec![of.into(), order.into(), db::json(why)?, at.into()])
}

pub(super) async fn insert(tx: &Tx, rows: &[Vec<Value>]) -> Result<()> {
    tx.insert_many(INSERT, rows, "").await?;
    Ok(())
}

pub(crate) async fn of(r: &Reader, names: &[FulfilmentId]) -> Result<HashMap<FulfilmentId, SourcingWhy>> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT fulfilment_id, why_json FROM orders_why WHERE fulfilment_id IN ({})",
        placeholders(1, names.len())
    );
    let values: Vec<Value> = names.iter().map(|id| Value::from(*id)).collect();
    r.query(&sql, &values)
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.json(1)?)))
        .collect()
}

//! `orders_return`.

use base::{Money, OrderId, Result};
use db::{Reader, Row, Tx, Value};

use super::{json_opt, opt_json, placeholders};
use crate::model::Return;
use crate::number::OrderNumber;

pub(super) const COLUMNS: &str = "id, order_id, order_number, place_id, place_name_json, lines_json, currency, refund_minor, \
    note, actor, created_at, exchange_json";

pub(super) fn document(row: &Row) -> Result<Return> {
    Ok(Return {
        id: row.get(0)?,
        order_id: row.get(1)?,
        order_number: OrderNumber::stored(row.get(2)?),
        place_id: row.get(3)?,
        place_name: row.json(4)?,
        lines: row.json(5)?,
        refund: Money::new(row.get(7)?, row.get(6)?),
        note: row.get(8)?,
        actor: row.get(9)?,
        created_at: row.get(10)?,
        exchange: json_opt(row, 11)?,
    })
}

pub(super) fn values(r: &Return) -> Result<Vec<Value>> {
    Ok(vec![
        r.id.into(),
        r.order_id.into(),
        r.order_number.as_str().into(),
        r.place_id.into(),
        db::json(&r.place_name)?,
        db::json(&r.lines)?,
        r.refund.currency.into(),
        r.refund.amount_minor.into(),
        r.note.clone().into(),
        r.actor.as_str().into(),
        r.created_at.into(),
        opt_json(r.exchange.as_ref())?,
    ])
}

pub(crate) async fn insert(tx: &Tx, document: &Return) -> Result<()> {
    tx.insert_many(&format!("orders_return ({COLUMNS})"), &[values(document)?], "")
        .await?;
    Ok(())
}

pub(crate) async fn of_orders(r: &Reader, orders: &[OrderId]) -> Result<Vec<Return>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM orders_return WHERE order_id IN ({}) ORDER BY created_at, id",
        placeholders(1, orders.len())
    );
    let values: Vec<Value> = orders.iter().map(|id| Value::from(*id)).collect();
    r.query(&sql, &values).await?.iter().map(document).collect()
}

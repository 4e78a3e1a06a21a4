//! Many finished orders of another system at once.

use base::Result;
use db::{Tx, Value};

use super::{fulfilment, order, returns};
use crate::model::{Fulfilment, Line, OrderHead, Return};

/// One order's rows.
pub(crate) struct Rows {
    pub(crate) head: OrderHead,
    pub(crate) lines: Vec<Line>,
    pub(crate) fulfilments: Vec<Fulfilment>,
    pub(crate) returns: Vec<Return>,
}

/// Inserts orders that are not there yet, by id; those that are stay as they are. Answers how many are new.
pub(crate) async fn import(tx: &Tx, orders: &[Rows]) -> Result<u64> {
    let mut heads: Vec<Vec<Value>> = Vec::with_capacity(orders.len());
    let mut lines = Vec::new();
    let mut fulfilments = Vec::new();
    let mut documents = Vec::new();
    for rows in orders {
        heads.push(order::head_values(&rows.head, rows.head.placed_at)?);
        for (position, line) in rows.lines.iter().enumerate() {
            lines.push(order::line_values(rows.head.id, position, line)?);
        }
        for f in &rows.fulfilments {
            fulfilments.push(fulfilment::values(f)?);
        }
        for document in &rows.returns {
            documents.push(returns::values(document)?);
        }
    }
    let added = tx
        .insert_many(
            &format!("orders_order ({})", order::INSERT_COLUMNS),
            &heads,
            "ON CONFLICT (id) DO NOTHING",
        )
        .await?;
    tx.insert_many(
        &format!("orders_line ({})", order::LINE_COLUMNS),
        &lines,
        "ON CONFLICT (order_id, id) DO NOTHING",
    )
    .await?;
    tx.insert_many(
        &format!("orders_fulfilment ({})", fulfilment::INSERT_COLUMNS),
        &fulfilments,
        "ON CONFLICT (id) DO NOTHING",
    )
    .await?;
    tx.insert_many(
        &format!("orders_return ({})", returns::COLUMNS),
        &documents,
        "ON CONFLICT (id) DO NOTHING",
    )
    .await?;
    Ok(added)
}

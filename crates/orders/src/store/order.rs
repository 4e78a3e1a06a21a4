//! `orders_order` and `orders_line`.

use std::sync::LazyLock;

use base::{OrderId, OrderLineId, Result};
use db::{Reader, Row, Tx, Value, params};

use super::{json_opt, opt_json, placeholders, why};
use crate::contact::Contact;
use crate::model::{Amounts, Channel, Line, Method, OrderHead};
use crate::number::OrderNumber;
use crate::state::OrderState;
use crate::timeline;

pub(super) const HEAD_COLUMNS: &str = "id, number, state, channel, currency, member_id, contact_name, contact_phone, method, \
    address_json, place_id, place_name_json, goods_minor, discount_minor, shipping_minor, tax_minor, \
    total_minor, refunded_minor, item_count, image_json, plan_json, hold_expires_at, \
    timeline, placed_at, version, waits_until_at, ahead_json, change_json";

pub(super) const INSERT_COLUMNS: &str = "id, number, state, channel, currency, member_id, contact_name, \
    contact_phone, method, address_json, place_id, place_name_json, goods_minor, discount_minor, \
    shipping_minor, tax_minor, total_minor, refunded_minor, item_count, image_json, plan_json, \
    hold_expires_at, timeline, placed_at, version, updated_at, ahead_json";

pub(super) const LINE_COLUMNS: &str = "order_id, id, position, sku_id, product_id, quantity, quantity_returned, \
    quantity_cancelled, unit_price_minor, discount_minor, total_minor, snapshot_json";

pub(super) fn head(row: &Row) -> Result<OrderHead> {
    Ok(OrderHead {
        id: row.get(0)?,
        number: OrderNumber::stored(row.get(1)?),
        state: OrderState::parse(row.text(2)?)?,
        channel: Channel::parse(row.text(3)?)?,
        currency: row.get(4)?,
        member_id: row.get(5)?,
        contact: Contact {
            name: row.get(6)?,
            phone: row.get(7)?,
        },
        method: Method::parse(row.text(8)?)?,
        address: json_opt(row, 9)?,
        place_id: row.get(10)?,
        place_name: json_opt(row, 11)?,
        amounts: Amounts {
            goods: row.get(12)?,
            discount: row.get(13)?,
            shipping: row.get(14)?,
            tax_included: row.get(15)?,
            total: row.get(16)?,
        },
        refunded: row.get(17)?,
        item_count: row.get(18)?,
        image: json_opt(row, 19)?,
        plan: json_opt(row, 20)?.unwrap_or_default(),
        hold_expires_at: row.get(21)?,
        moments: timeline::read(row.text(22)?)?,
        placed_at: row.get(23)?,
        version: row.get(24)?,
        waits_until: row.get(25)?,
        ahead: json_opt(row, 26)?.unwrap_or_default(),
        change: json_opt(row, 27)?,
    })
}

/// The order's row, in the order of [`INSERT_COLUMNS`].
pub(super) fn head_values(order: &OrderHead, updated_at: base::Time) -> Result<Vec<Value>> {
    let plan = (!order.plan.fulfilments.is_empty()).then_some(&order.plan);
    let a = &order.amounts;
    Ok(vec![
        order.id.into(),
        order.number.as_str().into(),
        order.state.as_str().into(),
        order.channel.as_str().into(),
        order.currency.into(),
        order.member_id.into(),
        order.contact.name.as_str().into(),
        order.contact.phone.as_str().into(),
        order.method.as_str().into(),
        opt_json(order.address.as_ref())?,
        order.place_id.into(),
        opt_json(order.place_name.as_ref())?,
        a.goods.into(),
        a.discount.into(),
        a.shipping.into(),
        a.tax_included.into(),
        a.total.into(),
        order.refunded.into(),
        order.item_count.into(),
        opt_json(order.image.as_ref())?,
        opt_json(plan)?,
        order.hold_expires_at.into(),
        timeline::written(&order.moments)?.into(),
        order.placed_at.into(),
        order.version.into(),
        updated_at.into(),
        opt_json((!order.ahead.is_empty()).then_some(&order.ahead))?,
    ])
}

pub(super) fn line_values(order: OrderId, position: usize, line: &Line) -> Result<Vec<Value>> {
    Ok(vec![
        order.into(),
        line.id.into(),
        i64::try_from(position).unwrap_or(i64::MAX).into(),
        line.sku_id.into(),
        line.product_id.into(),
        line.quantity.into(),
        line.quantity_returned.into(),
        line.quantity_cancelled.into(),
        line.unit_price.into(),
        line.discount.into(),
        line.total.into(),
        db::json(&line.snapshot)?,
    ])
}

fn line(row: &Row) -> Result<(OrderId, Line)> {
    Ok((
        row.get(0)?,
        Line {
            id: row.get(1)?,
            sku_id: row.get(3)?,
            product_id: row.get(4)?,
            quantity: row.get(5)?,
            quantity_returned: row.get(6)?,
            quantity_cancelled: row.get(7)?,
            unit_price: row.get(8)?,
            discount: row.get(9)?,
            total: row.get(10)?,
            snapshot: row.json(11)?,
        },
    ))
}

/// Where the order's number stands in [`INSERT_COLUMNS`].
const NUMBER_AT: usize = 1;

static INSERT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "INSERT INTO orders_order ({INSERT_COLUMNS}) VALUES ({}) ON CONFLICT (number) DO NOTHING",
        placeholders(1, 27)
    )
});
static INSERT_LINES: LazyLock<String> = LazyLock::new(|| format!("orders_line ({LINE_COLUMNS})"));
static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {HEAD_COLUMNS} FROM orders_order WHERE id = $1"));

/// A new order's rows, written out before the transaction: a unit of work shares its thread with all others.
#[derive(Clone, Debug)]
pub struct OrderRows {
    head: Vec<Value>,
    lines: Vec<Vec<Value>>,
    why: Vec<Vec<Value>>,
}

impl OrderRows {
    /// The rows of an order.
    ///
    /// # Errors
    /// `internal` when a part cannot be written as JSON.
    pub fn new(order: &OrderHead, lines: &[Line]) -> Result<Self> {
        let lines = lines
            .iter()
            .enumerate()
            .map(|(position, line)| line_values(order.id, position, line));
        Ok(Self {
            head: head_values(order, order.placed_at)?,
            lines: lines.collect::<Result<_>>()?,
            why: why_values(order)?,
        })
    }
}

/// Inserts an order; false when its number is taken.
pub(crate) async fn insert(tx: &Tx, rows: &OrderRows, number: &OrderNumber) -> Result<bool> {
    let mut values = rows.head.clone();
    values[NUMBER_AT] = number.as_str().into();
    Ok(tx.execute(&INSERT, &values).await? == 1)
}

/// Inserts what belongs to an order that was inserted: its lines, and why its places were chosen.
pub(crate) async fn insert_rest(tx: &Tx, rows: &OrderRows) -> Result<()> {
    tx.insert_many(&INSERT_LINES, &rows.lines, "").await?;
    why::insert(tx, &rows.why).await
}

fn why_values(order: &OrderHead) -> Result<Vec<Vec<Value>>> {
    let decided = order.plan.why_of.zip(order.plan.why.as_ref());
    decided
        .map(|(of, why)| why::values(of, order.id, why, order.placed_at))
        .into_iter()
        .collect()
}

pub(crate) async fn find(r: &Reader, id: OrderId) -> Result<Option<OrderHead>> {
    r.query_opt(&FIND, params![id])
        .await?
        .as_ref()
        .map(head)
        .transpose()
}

pub(crate) async fn find_by_number(r: &Reader, number: &OrderNumber) -> Result<Option<OrderId>> {
    r.query_opt(
        "SELECT id FROM orders_order WHERE number = $1",
        params![number.as_str()],
    )
    .await?
    .map(|row| row.get(0))
    .transpose()
}

/// The lines of orders, in the order they were put in.
pub(crate) async fn lines(r: &Reader, orders: &[OrderId]) -> Result<Vec<(OrderId, Line)>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {LINE_COLUMNS} FROM orders_line WHERE order_id IN ({}) ORDER BY order_id, position",
        placeholders(1, orders.len())
    );
    let values: Vec<Value> = orders.iter().map(|id| Value::from(*id)).collect();
    r.query(&sql, &values).await?.iter().map(line).collect()
}

/// Writes what may change of an order over the version it was read at, and adds to its history; false when
/// somebody was faster.
pub(crate) async fn update(tx: &Tx, order: &OrderHead, added: &[timeline::Moment]) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE orders_order SET state = $3, member_id = $4, place_id = $5, place_name_json = $6, \
             refunded_minor = $7, hold_expires_at = $8, waits_until_at = $11, ahead_json = $12, \
             change_json = $13, change_until_at = $14, \
             timeline = timeline || $9, updated_at = $10, version = version + 1 \
             WHERE id = $1 AND version = $2",
            params![
                order.id,
                order.version,
                order.state.as_str(),
                order.member_id,
                order.place_id,
                opt_json(order.place_name.as_ref())?,
                order.refunded,
                order.hold_expires_at,
                timeline::written(added)?,
                tx.now(),
                order.waits_until,
                opt_json((!order.ahead.is_empty()).then_some(&order.ahead))?,
                opt_json(order.change.as_ref())?,
                order.change.as_ref().map(|change| change.expires_at)
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Writes what a change made of an order over the version it was read at: its amounts, its way and its lines, of
/// which the first `known` were there before; false when somebody was faster.
pub(crate) async fn rewrite(
    tx: &Tx,
    head: &OrderHead,
    known: usize,
    lines: &[Line],
    added: &[timeline::Moment],
) -> Result<bool> {
    let a = &head.amounts;
    let changed = tx
        .execute(
            "UPDATE orders_order SET method = $3, address_json = $4, place_id = $5, place_name_json = $6, \
             goods_minor = $7, discount_minor = $8, shipping_minor = $9, tax_minor = $10, total_minor = $11, \
             refunded_minor = $12, item_count = $13, image_json = $14, plan_json = $15, \
             timeline = timeline || $16, updated_at = $17, change_json = NULL, change_until_at = NULL, \
             version = version + 1 WHERE id = $1 AND version = $2",
            params![
                head.id,
                head.version,
                head.method.as_str(),
                opt_json(head.address.as_ref())?,
                head.place_id,
                opt_json(head.place_name.as_ref())?,
                a.goods,
                a.discount,
                a.shipping,
                a.tax_included,
                a.total,
                head.refunded,
                head.item_count,
                opt_json(head.image.as_ref())?,
                opt_json((!head.plan.fulfilments.is_empty()).then_some(&head.plan))?,
                timeline::written(added)?,
                tx.now()
            ],
        )
        .await?;
    if changed != 1 {
        return Ok(false);
    }
    let (before, new) = lines.split_at(known.min(lines.len()));
    let rows = before.iter().map(|line| {
        Ok(vec![
            head.id.into(),
            line.id.into(),
            line.quantity.into(),
            line.quantity_cancelled.into(),
            line.unit_price.into(),
            line.discount.into(),
            line.total.into(),
            db::json(&line.snapshot)?,
        ])
    });
    let rows: Vec<Vec<Value>> = rows.collect::<Result<_>>()?;
    let sql = "UPDATE orders_line SET quantity = $3, quantity_cancelled = $4, unit_price_minor = $5, \
               discount_minor = $6, total_minor = $7, snapshot_json = $8 WHERE order_id = $1 AND id = $2";
    tx.execute_many(sql, &rows).await?;
    let rows = new
        .iter()
        .enumerate()
        .map(|(nth, line)| line_values(head.id, known + nth, line));
    let rows: Vec<Vec<Value>> = rows.collect::<Result<_>>()?;
    tx.insert_many(&INSERT_LINES, &rows, "").await?;
    Ok(true)
}

/// Orders with a change that was not paid in time, the longest due first.
pub(crate) async fn changes_due(r: &Reader, limit: i64) -> Result<Vec<OrderId>> {
    r.query(
        "SELECT id FROM orders_order WHERE change_until_at IS NOT NULL AND change_until_at <= $1 \
         ORDER BY change_until_at, id LIMIT $2",
        params![r.now(), limit],
    )
    .await?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

/// Writes a changed head with its amounts over the version it was read at, and lines that were added after
/// `known` others; false when somebody was faster.
pub(crate) async fn extend(
    tx: &Tx,
    head: &OrderHead,
    known: usize,
    lines: &[Line],
    added: &[timeline::Moment],
) -> Result<bool> {
    let a = &head.amounts;
    let changed = tx
        .execute(
            "UPDATE orders_order SET state = $3, refunded_minor = $4, goods_minor = $5, discount_minor = $6, \
             shipping_minor = $7, tax_minor = $8, total_minor = $9, item_count = $10, \
             timeline = timeline || $11, updated_at = $12, version = version + 1 WHERE id = $1 AND version = $2",
            params![
                head.id,
                head.version,
                head.state.as_str(),
                head.refunded,
                a.goods,
                a.discount,
                a.shipping,
                a.tax_included,
                a.total,
                head.item_count,
                timeline::written(added)?,
                tx.now()
            ],
        )
        .await?;
    if changed != 1 {
        return Ok(false);
    }
    let rows = lines
        .iter()
        .enumerate()
        .map(|(nth, line)| line_values(head.id, known + nth, line));
    let rows: Vec<Vec<Value>> = rows.collect::<Result<_>>()?;
    tx.insert_many(&INSERT_LINES, &rows, "").await?;
    Ok(true)
}

/// Counts pieces of a line as given up; false when fewer are left.
pub(crate) async fn add_cancelled(tx: &Tx, order: OrderId, line: OrderLineId, quantity: i64) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE orders_line SET quantity_cancelled = quantity_cancelled + $3 WHERE order_id = $1 AND id = $2 \
             AND quantity - quantity_returned - quantity_cancelled >= $3",
            params![order, line, quantity],
        )
        .await?;
    Ok(changed == 1)
}

/// Writes what an order that waits for its money costs now, over the version it was read at; false when somebody
/// was faster.
pub(crate) async fn reprice(
    tx: &Tx,
    head: &OrderHead,
    lines: &[Line],
    added: &[timeline::Moment],
) -> Result<bool> {
    let a = &head.amounts;
    let changed = tx
        .execute(
            "UPDATE orders_order SET goods_minor = $3, discount_minor = $4, shipping_minor = $5, tax_minor = $6, \
             total_minor = $7, plan_json = $8, timeline = timeline || $9, updated_at = $10, version = version + 1 \
             WHERE id = $1 AND version = $2 AND state = 'pending_payment'",
            params![
                head.id,
                head.version,
                a.goods,
                a.discount,
                a.shipping,
                a.tax_included,
                a.total,
                opt_json((!head.plan.fulfilments.is_empty()).then_some(&head.plan))?,
                timeline::written(added)?,
                tx.now()
            ],
        )
        .await?;
    if changed != 1 {
        return Ok(false);
    }
    let rows = lines.iter().map(|line| {
        Ok(vec![
            head.id.into(),
            line.id.into(),
            line.unit_price.into(),
            line.discount.into(),
            line.total.into(),
            db::json(&line.snapshot)?,
        ])
    });
    let rows: Vec<Vec<Value>> = rows.collect::<Result<_>>()?;
    let sql = "UPDATE orders_line SET unit_price_minor = $3, discount_minor = $4, total_minor = $5, \
               snapshot_json = $6 WHERE order_id = $1 AND id = $2";
    tx.execute_many(sql, &rows).await?;
    Ok(true)
}

/// Counts pieces of a line as returned; false when fewer are left.
pub(crate) async fn add_returned(tx: &Tx, order: OrderId, line: OrderLineId, quantity: i64) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE orders_line SET quantity_returned = quantity_returned + $3 WHERE order_id = $1 AND id = $2 \
             AND quantity - quantity_returned - quantity_cancelled >= $3",
            params![order, line, quantity],
        )
        .await?;
    Ok(changed == 1)
}

/// Counts every piece that is neither back nor given up as given up.
pub(crate) async fn cancel_rest(tx: &Tx, order: OrderId) -> Result<()> {
    tx.execute(
        "UPDATE orders_line SET quantity_cancelled = quantity - quantity_returned WHERE order_id = $1",
        params![order],
    )
    .await?;
    Ok(())
}

/// Orders waiting for money after their hold ran out, the oldest first.
pub(crate) async fn unpaid(r: &Reader, limit: i64) -> Result<Vec<OrderId>> {
    r.query(
        "SELECT id FROM orders_order WHERE state = 'pending_payment' AND hold_expires_at IS NOT NULL \
         AND hold_expires_at <= $1 ORDER BY placed_at, id LIMIT $2",
        params![r.now(), limit],
    )
    .await?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

/// Orders that wait for supply, the first placed first.
pub(crate) async fn waiting(r: &Reader, limit: i64) -> Result<Vec<OrderId>> {
    r.query(
        "SELECT id FROM orders_order WHERE state = 'needs_decision' AND waits_until_at IS NOT NULL \
         ORDER BY placed_at, id LIMIT $1",
        params![limit],
    )
    .await?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

/// Closes orders whose goods have been out since before an instant, a limited number at a time.
pub(crate) async fn close(tx: &Tx, before: base::Time, limit: i64, moment: &timeline::Moment) -> Result<u64> {
    tx.execute(
        "UPDATE orders_order SET state = 'closed', timeline = timeline || $3, updated_at = $4, \
         version = version + 1 WHERE id IN (SELECT id FROM orders_order \
             WHERE state IN ('collected', 'delivered') AND placed_at <= $1 AND updated_at <= $1 LIMIT $2)",
        params![
            before,
            limit,
            timeline::written(std::slice::from_ref(moment))?,
            tx.now()
        ],
    )
    .await
}

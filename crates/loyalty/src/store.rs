//! SQL of the points' tables, and nothing else.

use std::collections::HashMap;

use base::{MemberId, OrderId, PageSize, PointsEntryId, Result, Time};
use db::{Reader, Row, Tx, Value, params};

use crate::model::{Entry, EntryKind, OrderGoods, PointsDrift};
use crate::rules::OrderPoints;

fn marks(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// One movement of a member's points.
#[derive(Clone, Debug)]
pub(crate) struct Movement {
    pub(crate) member_id: MemberId,
    pub(crate) kind: EntryKind,
    pub(crate) source: String,
    pub(crate) points: i64,
    pub(crate) occurred_at: Time,
    pub(crate) counts_at: Time,
}

/// Claims (kind, source) for a transaction; `None` when it is taken already.
pub(crate) async fn transaction_open(
    tx: &Tx,
    movement: &Movement,
    actor: &str,
) -> Result<Option<PointsEntryId>> {
    let id = PointsEntryId::new();
    let added = tx
        .execute(
            "INSERT INTO loyalty_transaction (id, kind, source, actor, occurred_at, recorded_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, source) DO NOTHING",
            params![
                id,
                movement.kind.as_str(),
                movement.source,
                actor,
                movement.occurred_at,
                tx.now()
            ],
        )
        .await?;
    Ok((added == 1).then_some(id))
}

/// The points a document has moved already.
pub(crate) async fn moved_by(
    reader: &Reader,
    kind: EntryKind,
    source: &str,
) -> Result<Option<(MemberId, i64)>> {
    let row = reader
        .query_opt(
            "SELECT e.member_id, e.points FROM loyalty_transaction t JOIN loyalty_entry e ON e.transaction_id = t.id \
             WHERE t.kind = $1 AND t.source = $2 AND e.side = 'member'",
            params![kind.as_str(), source],
        )
        .await?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Adds to an account and tells the new balance.
pub(crate) async fn account_add(tx: &Tx, member: MemberId, points: i64) -> Result<i64> {
    let rows = tx
        .query_write(
            "INSERT INTO loyalty_account (member_id, balance, updated_at) VALUES ($1, $2, $3) \
             ON CONFLICT (member_id) DO UPDATE SET balance = loyalty_account.balance + excluded.balance, \
             updated_at = excluded.updated_at RETURNING balance",
            params![member, points, tx.now()],
        )
        .await?;
    rows.first().map_or_else(
        || Err(base::Error::internal("an upsert returned no row")),
        |row| row.get(0),
    )
}

/// Takes from an account what it holds; `None` when it holds less.
pub(crate) async fn account_take(tx: &Tx, member: MemberId, points: i64) -> Result<Option<i64>> {
    let rows = tx
        .query_write(
            "UPDATE loyalty_account SET balance = balance - $2, updated_at = $3 \
             WHERE member_id = $1 AND balance >= $2 RETURNING balance",
            params![member, points, tx.now()],
        )
        .await?;
    rows.first().map(|row| row.get(0)).transpose()
}

/// Both sides of a transaction.
pub(crate) fn entry_rows(
    transaction: PointsEntryId,
    movement: &Movement,
    balance_after: i64,
) -> [Vec<Value>; 2] {
    let side = |side: &'static str, points: i64, balance: Option<i64>| {
        params![
            PointsEntryId::new(),
            transaction,
            side,
            movement.member_id,
            movement.kind.as_str(),
            movement.source,
            points,
            balance,
            movement.counts_at,
            movement.occurred_at
        ]
        .to_vec()
    };
    [
        side("member", movement.points, Some(balance_after)),
        side("issued", -movement.points, None),
    ]
}

pub(crate) async fn entries_add(tx: &Tx, rows: &[Vec<Value>]) -> Result<()> {
    tx.insert_many(
        "loyalty_entry (id, transaction_id, side, member_id, kind, source, points, balance_after, counts_at, occurred_at)",
        rows,
        "",
    )
    .await?;
    Ok(())
}

pub(crate) async fn transactions_add(tx: &Tx, rows: &[Vec<Value>]) -> Result<()> {
    tx.insert_many(
        "loyalty_transaction (id, kind, source, actor, occurred_at, recorded_at)",
        rows,
        "",
    )
    .await?;
    Ok(())
}

pub(crate) async fn balance(reader: &Reader, member: MemberId) -> Result<i64> {
    let row = reader
        .query_opt(
            "SELECT balance FROM loyalty_account WHERE member_id = $1",
            params![member],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get(0))
}

pub(crate) async fn balances(reader: &Reader, members: &[MemberId]) -> Result<HashMap<MemberId, i64>> {
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT member_id, balance FROM loyalty_account WHERE member_id IN ({})",
        marks(1, members.len())
    );
    let keys: Vec<Value> = members.iter().map(|id| (*id).into()).collect();
    reader
        .query(&sql, &keys)
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

/// Points earned less reversed since an instant, by member.
pub(crate) async fn qualifying(
    reader: &Reader,
    members: &[MemberId],
    since: Time,
) -> Result<HashMap<MemberId, i64>> {
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT member_id, CAST(SUM(points) AS BIGINT) FROM loyalty_entry WHERE side = 'member' \
         AND kind IN ('earn', 'reverse') AND counts_at > $1 AND member_id IN ({}) GROUP BY member_id",
        marks(2, members.len())
    );
    let mut values: Vec<Value> = vec![since.into()];
    values.extend(members.iter().map(|id| Value::from(*id)));
    reader
        .query(&sql, &values)
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

/// Newest first.
pub(crate) async fn entries(
    reader: &Reader,
    member: MemberId,
    after: Option<(Time, PointsEntryId)>,
    size: PageSize,
) -> Result<Vec<Entry>> {
    // Nothing is newer than the first page's end of time.
    let (at, id) = after.map_or((Value::from(i64::MAX), Value::from("")), |(at, id)| {
        (at.into(), id.into())
    });
    let rows = reader
        .query(
            "SELECT id, occurred_at, kind, points, balance_after, source FROM loyalty_entry \
             WHERE member_id = $1 AND side = 'member' AND (occurred_at, id) < ($2, $3) \
             ORDER BY occurred_at DESC, id DESC LIMIT $4",
            params![member, at, id, size.with_surplus()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Entry {
                id: row.get(0)?,
                at: row.get(1)?,
                kind: row.get(2)?,
                points: row.get(3)?,
                balance_after: row.get(4)?,
                source: row.get(5)?,
            })
        })
        .collect()
}

/// An order's member and points.
pub(crate) struct OrderRow {
    pub(crate) member_id: MemberId,
    pub(crate) points: OrderPoints,
}

const ORDER_COLUMNS: &str =
    "member_id, currency, goods_minor, returned_minor, granted, earned_at, state = 'cancelled'";

fn order_row(row: &Row) -> Result<OrderRow> {
    Ok(OrderRow {
        member_id: row.get(0)?,
        points: OrderPoints {
            currency: row.get(1)?,
            goods_minor: row.get(2)?,
            returned_minor: row.get(3)?,
            granted: row.get(4)?,
            earned_at: row.get(5)?,
            cancelled: row.get(6)?,
        },
    })
}

/// The order's row, made if need be, and held until the unit ends.
pub(crate) async fn order_hold(tx: &Tx, order: &OrderGoods) -> Result<OrderRow> {
    let sql = format!(
        "INSERT INTO loyalty_order (order_id, member_id, currency, goods_minor, returned_minor, granted, state) \
         VALUES ($1, $2, $3, $4, 0, 0, 'expected') \
         ON CONFLICT (order_id) DO UPDATE SET goods_minor = loyalty_order.goods_minor RETURNING {ORDER_COLUMNS}"
    );
    let values = params![
        order.order_id,
        order.member_id,
        order.goods.currency,
        order.goods.amount_minor.max(0)
    ];
    let rows = tx.query_write(&sql, values).await?;
    rows.first().map_or_else(
        || Err(base::Error::internal("an upsert returned no row")),
        order_row,
    )
}

/// The order's row, if there is one, held until the unit ends.
pub(crate) async fn order_hold_known(tx: &Tx, order: OrderId) -> Result<Option<OrderRow>> {
    let sql = format!(
        "UPDATE loyalty_order SET goods_minor = goods_minor WHERE order_id = $1 RETURNING {ORDER_COLUMNS}"
    );
    tx.query_write(&sql, params![order])
        .await?
        .first()
        .map(order_row)
        .transpose()
}

pub(crate) async fn order_write(tx: &Tx, order: OrderId, points: &OrderPoints) -> Result<()> {
    let state = match (points.cancelled, points.earned_at) {
        (true, _) => "cancelled",
        (false, Some(_)) => "earned",
        (false, None) => "expected",
    };
    tx.execute(
        "UPDATE loyalty_order SET goods_minor = $2, returned_minor = $3, granted = $4, state = $5, earned_at = $6 \
         WHERE order_id = $1",
        params![
            order,
            points.goods_minor,
            points.returned_minor,
            points.granted,
            state,
            points.earned_at.filter(|_| !points.cancelled)
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn order_granted(reader: &Reader, orders: &[OrderId]) -> Result<HashMap<OrderId, i64>> {
    if orders.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT order_id, granted FROM loyalty_order WHERE order_id IN ({})",
        marks(1, orders.len())
    );
    let keys: Vec<Value> = orders.iter().map(|id| (*id).into()).collect();
    reader
        .query(&sql, &keys)
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

/// What orders on their way will bring a member.
pub(crate) async fn pending(reader: &Reader, member: MemberId) -> Result<Vec<OrderPoints>> {
    let sql =
        format!("SELECT {ORDER_COLUMNS} FROM loyalty_order WHERE member_id = $1 AND state = 'expected'");
    let rows = reader.query(&sql, params![member]).await?;
    rows.iter()
        .map(|row| order_row(row).map(|order| order.points))
        .collect()
}

/// Notes what came back; false when this document was noted before.
pub(crate) async fn return_add(tx: &Tx, source: &str, order: OrderId, minor: i64) -> Result<bool> {
    let added = tx
        .execute(
            "INSERT INTO loyalty_return (source, order_id, amount_minor, points) VALUES ($1, $2, $3, 0) \
             ON CONFLICT (source) DO NOTHING",
            params![source, order, minor],
        )
        .await?;
    Ok(added == 1)
}

pub(crate) async fn return_points(tx: &Tx, source: &str, points: i64) -> Result<()> {
    tx.execute(
        "UPDATE loyalty_return SET points = $2 WHERE source = $1",
        params![source, points],
    )
    .await?;
    Ok(())
}

pub(crate) async fn returns_reversed(reader: &Reader, sources: &[String]) -> Result<HashMap<String, i64>> {
    if sources.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT source, points FROM loyalty_return WHERE source IN ({})",
        marks(1, sources.len())
    );
    let keys: Vec<Value> = sources.iter().map(|s| s.as_str().into()).collect();
    reader
        .query(&sql, &keys)
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

pub(crate) async fn orders_add(tx: &Tx, orders: &[Vec<Value>], returns: &[Vec<Value>]) -> Result<()> {
    tx.insert_many(
        "loyalty_order (order_id, member_id, currency, goods_minor, returned_minor, granted, state, earned_at)",
        orders,
        "",
    )
    .await?;
    tx.insert_many(
        "loyalty_return (source, order_id, amount_minor, points)",
        returns,
        "",
    )
    .await?;
    Ok(())
}

/// Accounts that are not the sum of their entries, and transactions that do not sum to zero.
pub(crate) async fn drift(reader: &Reader) -> Result<Vec<PointsDrift>> {
    let mut found = Vec::new();
    for sql in [
        "SELECT COALESCE(a.member_id, s.member_id), COALESCE(s.points, 0), COALESCE(a.balance, 0) \
         FROM loyalty_account a FULL JOIN (SELECT member_id, CAST(SUM(points) AS BIGINT) AS points \
         FROM loyalty_entry WHERE side = 'member' GROUP BY member_id) s ON s.member_id = a.member_id \
         WHERE COALESCE(s.points, 0) <> COALESCE(a.balance, 0)",
        "SELECT transaction_id, CAST(SUM(points) AS BIGINT), CAST(0 AS BIGINT) FROM loyalty_entry \
         GROUP BY transaction_id HAVING SUM(points) <> 0 OR COUNT(*) <> 2",
    ] {
        for row in reader.query(sql, params![]).await? {
            found.push(PointsDrift {
                what: row.get(0)?,
                ledger: row.get(1)?,
                kept: row.get(2)?,
            });
        }
    }
    Ok(found)
}
